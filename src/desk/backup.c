#include "desk/backup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pack.h"
#include "base/thread.h"
#include "desk/copies.h"
#include "desk/erased.h"
#include "desk/scratch.h"
#include "files/beside.h"
#include "store/disk.h"

/* A backup on its way: written beside its place, kept when it is proved. */
struct backup {
    struct desk *desk;
    const char *store, *file;
    struct vault_secret *secret;
    const struct clock_progress *progress;
    struct beside beside;
    struct scratch scratch;
    struct backup_moment moment; /* what was copied */
};

static double backup_ms(uint64_t *since)
{
    uint64_t now = clock_ns();
    double ms = (double)(now - *since) / 1e6;
    *since = now;
    return ms;
}

static dw_err backup_begin(struct backup *b, struct err_detail *detail)
{
    ERR_TRY(beside_make(&b->beside, b->file, detail));
    if (b->beside.folder != NULL) return DW_OK;
    return err_at(detail, DW_E_INVALID, b->file, NULL, 0, NULL, "a backup needs a file that can be read again");
}

static void backup_end(struct backup *b)
{
    beside_free(&b->beside);
    scratch_free(&b->scratch);
}

/* In a thread of its own; what it could not do is done again, and told, when the key is needed. */
static void *backup_key(void *ctx)
{
    vault_prepare(ctx);
    return NULL;
}

static dw_err backup_copy_moment(struct backup *b, struct err_detail *detail)
{
    ERR_TRY(scratch_make(&b->scratch, b->store, detail));
    desk_read(b->desk);
    dw_err err = desk_moment(b->desk, detail);
    if (err == DW_OK) err = backup_moment(&b->moment, b->desk->store, detail);
    if (err == DW_OK) err = store_copy(b->desk->store, b->scratch.path, b->progress, detail);
    store_rollback(b->desk->store);
    desk_read_end(b->desk);
    return err;
}

/* A key takes its time to come out of a passphrase, on purpose. */
static dw_err backup_copy(struct backup *b, struct err_detail *detail)
{
    pthread_t thread;
    bool started = thread_start(&thread, backup_key, b->secret);
    dw_err err = backup_copy_moment(b, detail);
    if (started) pthread_join(thread, NULL);
    return err;
}

/* The copied store, packed and sealed. */
static dw_err backup_pour(struct backup *b, struct pack *pack, FILE *from, int64_t all, struct err_detail *detail)
{
    static const char step[] = "backup.seal";
    char piece[VAULT_CHUNK];
    size_t got;
    int64_t done = 0;
    while ((got = fread(piece, 1, sizeof piece, from)) > 0) {
        if (!clock_tick(b->progress, step, (uint64_t)done, (uint64_t)all)) return DW_E_CANCELLED;
        ERR_TRY(pack_write(pack, piece, got, false, detail));
        done += (int64_t)got;
    }
    if (ferror(from)) return disk_error(detail, b->scratch.path, errno);
    if (done != all) return err_at(detail, DW_E_IO, b->scratch.path, NULL, 0, NULL, "the copy ends too soon");
    return pack_write(pack, NULL, 0, true, detail);
}

static dw_err backup_give(void *ctx, const void *data, size_t len, struct err_detail *detail)
{
    return vault_write(ctx, data, len, detail);
}

static dw_err backup_seal_store(struct backup *b, struct backup_made *out, struct vault *vault, FILE *from,
                                struct err_detail *detail)
{
    struct stat found;
    struct pack *pack;
    if (fstat(fileno(from), &found) != 0) return disk_error(detail, b->scratch.path, errno);
    out->store_bytes = found.st_size;
    dw_err err = pack_create(&pack, backup_give, vault);
    if (err == DW_OK) err = backup_pour(b, pack, from, found.st_size, detail);
    pack_free(pack);
    return err;
}

/* What is read back afterwards shall come from the disk, not from memory. */
static dw_err backup_to_disk(struct backup *b, FILE *to, struct err_detail *detail)
{
    if (fflush(to) != 0 || fdatasync(fileno(to)) != 0) return beside_fail(&b->beside, errno, detail);
    posix_fadvise(fileno(to), 0, 0, POSIX_FADV_DONTNEED);
    return DW_OK;
}

/* from: the copied store, or NULL for the key files. */
static dw_err backup_seal_into(struct backup *b, struct backup_made *out, FILE *to, FILE *from, struct err_detail *detail)
{
    struct vault *vault;
    uint8_t hash[HASH_SIZE];
    fchmod(fileno(to), S_IRUSR | S_IWUSR);
    ERR_TRY(vault_create(&vault, to, b->file, b->secret, from == NULL ? BACKUP_KEYS : BACKUP_DATA, detail));
    dw_err err = from == NULL ? keyring_export(b->desk->keys, b->store, backup_give, vault, detail)
                              : backup_seal_store(b, out, vault, from, detail);
    if (err != DW_OK) {
        vault_free(vault);
        return err;
    }
    ERR_TRY(vault_finish(vault, hash, &out->bytes, detail));
    hash_b64(out->hash, hash, HASH_SIZE);
    return backup_to_disk(b, to, detail);
}

static dw_err backup_seal(struct backup *b, struct backup_made *out, bool keys, struct err_detail *detail)
{
    FILE *from = keys ? NULL : fopen(b->scratch.path, "rb");
    if (!keys && from == NULL) return disk_error(detail, b->scratch.path, errno);
    FILE *to = beside_open(&b->beside);
    dw_err err = to == NULL ? beside_fail(&b->beside, errno, detail) : backup_seal_into(b, out, to, from, detail);
    if (from != NULL) fclose(from);
    if (to != NULL && fclose(to) != 0 && err == DW_OK) err = beside_fail(&b->beside, errno, detail);
    return err;
}

struct backup_compare {
    const struct backup *backup;
    int fd; /* the copy */
    unsigned long long len;
};

static dw_err backup_same(void *ctx, const void *data, size_t len, unsigned long long at, struct err_detail *detail)
{
    struct backup_compare *compare = ctx;
    char piece[VAULT_CHUNK];
    assert(len <= sizeof piece);
    compare->len = at + len;
    ERR_TRY(disk_read(compare->fd, compare->backup->scratch.path, piece, len, at, detail));
    return memcmp(piece, data, len) == 0
               ? DW_OK
               : err_at(detail, DW_E_DAMAGED, compare->backup->file, NULL, 0, NULL, "it does not give back what was copied");
}

/* Read again from its disk, the sealed file must give back the copy byte for byte; and the copy, opened as a store, must hold
 * what the store held in the moment that was copied. */
static dw_err backup_prove(struct backup *b, const struct backup_made *out, struct err_detail *detail)
{
    struct store *store;
    struct backup_moment copied;
    struct backup_compare compare = {.backup = b, .fd = open(b->scratch.path, O_RDONLY | O_CLOEXEC)};
    if (compare.fd < 0) return disk_error(detail, b->scratch.path, errno);
    dw_err err = backup_unseal(b->beside.part, b->file, backup_same, &compare, b->secret, b->progress, detail);
    close(compare.fd);
    ERR_TRY(err);
    if (compare.len != (unsigned long long)out->store_bytes)
        return err_at(detail, DW_E_DAMAGED, b->file, NULL, 0, NULL, "it gives back less than was copied");
    ERR_TRY(store_open(&store, b->scratch.path, STORE_USE, detail));
    err = backup_moment(&copied, store, detail);
    store_close(store);
    if (err == DW_OK && memcmp(&copied, &b->moment, sizeof copied) != 0)
        err = err_at(detail, DW_E_DIFFERS, b->store, NULL, 0, NULL, "the copy does not hold what the store holds");
    return err;
}

/* Recorded before it stands there: no copy is to be anywhere that the ledger does not know of, should the disk be full now. */
static dw_err backup_keep(struct backup *b, const struct backup_made *out, enum kinds_copy_kind what, struct when at,
                          struct err_detail *detail)
{
    struct copies_one copy = {.what = what, .path = b->file, .hash = out->hash, .bytes = out->bytes};
    ERR_TRY(copies_record(b->desk, &copy, at, detail));
    return beside_keep(&b->beside, detail);
}

dw_err backup_data(struct backup_made *out, struct desk *desk, const char *store, const char *file, struct vault_secret *secret,
                   struct when at, const struct clock_progress *progress, struct err_detail *detail)
{
    struct backup b = {.desk = desk, .store = store, .file = file, .secret = secret, .progress = progress};
    uint64_t since = clock_ns();
    memset(out, 0, sizeof *out);
    dw_err err = backup_begin(&b, detail);
    if (err == DW_OK) err = backup_copy(&b, detail);
    out->copy_ms = backup_ms(&since);
    if (err == DW_OK) err = backup_seal(&b, out, false, detail);
    out->seal_ms = backup_ms(&since);
    if (err == DW_OK) err = backup_prove(&b, out, detail);
    out->check_ms = backup_ms(&since);
    out->entries = b.moment.rows[TABLES_ENTRY];
    if (err == DW_OK) err = backup_keep(&b, out, KINDS_COPY_KIND_BACKUP, at, detail);
    backup_end(&b);
    return err;
}

static bool backup_has_key(const struct backup *b, const struct keyring *ring, struct id who)
{
    const uint8_t *ours, *theirs;
    if (keyring_person(b->desk->keys, who, &ours) != KEYRING_PRESENT) return true;
    return keyring_person(ring, who, &theirs) == KEYRING_PRESENT && memcmp(ours, theirs, KEYS_SECRET) == 0;
}

/* Everyone's key, and the site's, must come out of the backup as it is in the ring. */
static dw_err backup_prove_keys(struct backup *b, struct err_detail *detail)
{
    struct keyring *ring = NULL;
    bool all = true;
    dw_err err = scratch_make(&b->scratch, b->store, detail);
    if (err == DW_OK) err = backup_open_keys(b->beside.part, b->file, b->scratch.path, b->secret, detail);
    if (err == DW_OK) err = keyring_open(&ring, b->scratch.path, detail);
    const struct site *site = desk_read(b->desk);
    for (uint32_t p = 0; err == DW_OK && p < site_count(site, SITE_PERSON); p++)
        all = all && backup_has_key(b, ring, site_person(site, p)->id);
    for (uint32_t m = 0; err == DW_OK && m < site_count(site, SITE_MEMBER); m++)
        all = all && backup_has_key(b, ring, site_member(site, m)->id);
    if (err == DW_OK && !all) err = err_at(detail, DW_E_KEYS, b->file, NULL, 0, NULL, "a key of the ring is not in it");
    if (err == DW_OK && memcmp(keyring_blind(ring), keyring_blind(b->desk->keys), KEYS_SECRET) != 0)
        err = err_at(detail, DW_E_KEYS, b->file, NULL, 0, NULL, "the site's key is not in it");
    desk_read_end(b->desk);
    keyring_close(ring);
    return err;
}

dw_err backup_keys(struct backup_made *out, struct desk *desk, const char *store, const char *file, struct vault_secret *secret,
                   struct when at, struct err_detail *detail)
{
    struct backup b = {.desk = desk, .store = store, .file = file, .secret = secret};
    uint64_t since = clock_ns();
    memset(out, 0, sizeof *out);
    dw_err err = backup_begin(&b, detail);
    if (err == DW_OK) err = backup_seal(&b, out, true, detail);
    out->seal_ms = backup_ms(&since);
    if (err == DW_OK) err = backup_prove_keys(&b, detail);
    out->check_ms = backup_ms(&since);
    if (err == DW_OK) err = backup_keep(&b, out, KINDS_COPY_KIND_KEYS, at, detail);
    backup_end(&b);
    return err;
}

dw_err backup_erased(struct backup_made *out, struct desk *desk, const char *file, struct when at, struct err_detail *detail)
{
    struct arena_buf text = {0};
    uint8_t hash[HASH_SIZE];
    memset(out, 0, sizeof *out);
    dw_err err = erased_write(&text, &out->people, desk, at, detail);
    if (err == DW_OK) {
        hash_one(hash, text.data, text.len);
        hash_b64(out->hash, hash, HASH_SIZE);
        out->bytes = (int64_t)text.len;
        struct copies_one copy = {.what = KINDS_COPY_KIND_ERASED, .path = file, .hash = out->hash, .bytes = out->bytes};
        err = copies_record(desk, &copy, at, detail);
    }
    if (err == DW_OK) err = beside_put(file, text.data, text.len, detail);
    arena_buf_free(&text);
    return err;
}
