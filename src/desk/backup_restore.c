/* The way back: nothing gets its name before it is proved. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pack.h"
#include "desk/backup.h"
#include "desk/erased.h"
#include "desk/forget.h"
#include "desk/scratch.h"
#include "store/disk.h"

/* named: the path as the user knows it. */
static dw_err backup_vault(struct vault **out, FILE **file, const char *part, const char *named, struct vault_secret *secret,
                           uint8_t kind, struct err_detail *detail)
{
    struct stat found;
    *file = fopen(part, "rb");
    if (*file == NULL) return disk_error(detail, named, errno);
    if (fstat(fileno(*file), &found) != 0 || !S_ISREG(found.st_mode)) {
        fclose(*file);
        return err_at(detail, DW_E_FORMAT, named, NULL, 0, NULL, "not a file");
    }
    dw_err err = vault_open(out, *file, named, secret, kind, detail);
    if (err != DW_OK) fclose(*file);
    return err;
}

static dw_err backup_next(void *ctx, void *out, size_t cap, size_t *len, struct err_detail *detail)
{
    return vault_read(ctx, out, cap, len, detail);
}

static dw_err backup_pieces(struct unpack *unpack, backup_piece *each, void *ctx, const struct clock_progress *progress,
                            struct err_detail *detail)
{
    char piece[VAULT_CHUNK];
    unsigned long long at = 0;
    size_t got;
    do {
        if (!clock_tick(progress, "restore.open", (uint64_t)at, 0)) return DW_E_CANCELLED;
        ERR_TRY(pack_read(unpack, piece, sizeof piece, &got, detail));
        if (got > 0) ERR_TRY(each(ctx, piece, got, at, detail));
        at += got;
    } while (got > 0);
    return DW_OK;
}

dw_err backup_unseal(const char *part, const char *named, backup_piece *piece, void *ctx, struct vault_secret *secret,
                     const struct clock_progress *progress, struct err_detail *detail)
{
    struct vault *vault;
    struct unpack *unpack = NULL;
    FILE *file;
    ERR_TRY(backup_vault(&vault, &file, part, named, secret, BACKUP_DATA, detail));
    dw_err err = pack_open(&unpack, backup_next, vault);
    if (err == DW_OK) err = backup_pieces(unpack, piece, ctx, progress, detail);
    if (err != DW_OK && detail != NULL && detail->file[0] == 0) snprintf(detail->file, sizeof detail->file, "%s", named);
    pack_close(unpack);
    vault_free(vault);
    fclose(file);
    return err;
}

struct backup_file {
    int fd;
    const char *path;
};

static dw_err backup_write_out(void *ctx, const void *data, size_t len, unsigned long long at, struct err_detail *detail)
{
    const struct backup_file *file = ctx;
    return disk_write(file->fd, file->path, data, len, at, detail);
}

/* The store that lies in a backup, opened at path to, where none may be. */
static dw_err backup_unfold(struct store **out, const char *named, const char *to, struct vault_secret *secret,
                            const struct clock_progress *progress, struct err_detail *detail)
{
    struct backup_file file = {open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600), to};
    if (file.fd < 0) return disk_error(detail, to, errno);
    dw_err err = backup_unseal(named, named, backup_write_out, &file, secret, progress, detail);
    close(file.fd);
    return err == DW_OK ? store_open(out, to, STORE_USE, detail) : err;
}

static dw_err backup_take(void *ctx, void *data, size_t *len, struct err_detail *detail)
{
    size_t at = 0, got = 1;
    while (at < *len && got > 0) {
        ERR_TRY(vault_read(ctx, (uint8_t *)data + at, *len - at, &got, detail));
        at += got;
    }
    *len = at;
    return DW_OK;
}

dw_err backup_open_keys(const char *part, const char *named, const char *store, struct vault_secret *secret,
                        struct err_detail *detail)
{
    struct vault *vault;
    FILE *file;
    ERR_TRY(backup_vault(&vault, &file, part, named, secret, BACKUP_KEYS, detail));
    dw_err err = keyring_import(store, backup_take, vault, detail);
    vault_free(vault);
    fclose(file);
    return err;
}

static bool backup_there(const char *store, const char *ending)
{
    struct stat found;
    char *path = disk_beside(store, ending);
    bool there = path != NULL && lstat(path, &found) == 0;
    free(path);
    return there;
}

static dw_err backup_free_place(const char *store, const char *const *endings, struct err_detail *detail)
{
    for (; *endings != NULL; endings++)
        if (backup_there(store, *endings))
            return err_at(detail, DW_E_EXISTS, store, NULL, 0, NULL, "%s%s stands in the way", store, *endings);
    return DW_OK;
}

static dw_err backup_proved(struct verify_report *report, struct desk *desk, const struct clock_progress *progress,
                            struct err_detail *detail)
{
    ERR_TRY(verify_run(report, desk, progress, detail));
    return report->faults == 0 ? DW_OK : err_set(detail, DW_E_DIFFERS, "%s", report->told[0]);
}

/* path: of the key files. The list first, for opening already reads by the keys. */
static dw_err backup_settle(struct backup_restored *out, struct store *store, const char *path, const char *erased,
                            struct when at, const struct clock_progress *progress, struct err_detail *detail)
{
    struct desk *desk = NULL;
    struct keyring *ring = NULL;
    dw_err err = erased == NULL ? DW_OK : keyring_open(&ring, path, detail);
    if (err == DW_OK && erased != NULL) err = erased_apply(&out->erased, ring, erased, detail);
    keyring_close(ring);
    if (store == NULL) return err;
    if (err != DW_OK) {
        store_close(store);
        return err;
    }
    ERR_TRY(desk_open_over(&desk, store, path, detail));
    err = forget_follow(&out->again, desk, at, detail);
    if (err == DW_OK) err = backup_proved(&out->report, desk, progress, detail);
    desk_close(desk);
    return err;
}

static dw_err backup_with_keys(const char *store, struct err_detail *detail)
{
    if (backup_there(store, ".sitekey") && backup_there(store, ".keys")) return DW_OK;
    return err_at(detail, DW_E_KEYS, store, NULL, 0, NULL, "restore the key files first: doorward restore --keys");
}

dw_err backup_restore(struct backup_restored *out, const char *file, const char *store, const char *erased,
                      struct vault_secret *secret, struct when at, const struct clock_progress *progress,
                      struct err_detail *detail)
{
    static const char *const endings[] = {"", "-wal", "-journal", NULL};
    struct scratch scratch = {0};
    struct store *opened = NULL;
    memset(out, 0, sizeof *out);
    ERR_TRY(backup_free_place(store, endings, detail));
    ERR_TRY(backup_with_keys(store, detail));
    dw_err err = scratch_make(&scratch, store, detail);
    if (err == DW_OK) err = backup_unfold(&opened, file, scratch.path, secret, progress, detail);
    if (err == DW_OK) err = backup_settle(out, opened, store, erased, at, progress, detail);
    if (err == DW_OK) err = scratch_move(&scratch, "", store, detail);
    scratch_free(&scratch);
    return err;
}

dw_err backup_drill(struct backup_restored *out, const char *file, const char *store, struct vault_secret *secret, struct when at,
                    const struct clock_progress *progress, struct err_detail *detail)
{
    struct scratch scratch = {0};
    struct store *opened = NULL;
    memset(out, 0, sizeof *out);
    ERR_TRY(backup_with_keys(store, detail));
    dw_err err = scratch_make(&scratch, store, detail);
    if (err == DW_OK) err = backup_unfold(&opened, file, scratch.path, secret, progress, detail);
    if (err == DW_OK) err = backup_settle(out, opened, store, NULL, at, progress, detail);
    scratch_free(&scratch);
    return err;
}

dw_err backup_restore_keys(struct backup_restored *out, const char *file, const char *store, const char *erased,
                           struct vault_secret *secret, struct when at, const struct clock_progress *progress,
                           struct err_detail *detail)
{
    static const char *const endings[] = {".sitekey", ".keys", NULL};
    struct scratch scratch = {0};
    struct store *opened = NULL;
    struct keyring *ring = NULL;
    memset(out, 0, sizeof *out);
    ERR_TRY(backup_free_place(store, endings, detail));
    dw_err err = scratch_make(&scratch, store, detail);
    if (err == DW_OK) err = backup_open_keys(file, file, scratch.path, secret, detail);
    if (err == DW_OK) err = keyring_open(&ring, scratch.path, detail); /* they are whole and of one pair */
    keyring_close(ring);
    if (err == DW_OK && backup_there(store, "")) err = store_open(&opened, store, STORE_USE, detail);
    if (err == DW_OK) err = backup_settle(out, opened, scratch.path, erased, at, progress, detail);
    if (err == DW_OK) err = scratch_move(&scratch, ".keys", store, detail);
    if (err == DW_OK) err = scratch_move(&scratch, ".sitekey", store, detail);
    scratch_free(&scratch);
    return err;
}
