#include "store/keyring_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/disk.h"

enum {
    KEYRING_FILE_NAME = 16,
    KEYRING_FILE_SITE = KEYRING_FILE_NAME + KEYS_SECRET + HASH_SIZE,
    KEYRING_FILE_PLAIN = KEYRING_FILE_BLOCK - KEYS_OVERHEAD,
    KEYRING_FILE_CHUNK = 512, /* blocks read at a time */
    KEYRING_FILE_TRIES = 1000,
    KEYRING_FILE_PAUSE_NS = 10 * 1000 * 1000
};

static const char keyring_file_site_name[KEYRING_FILE_NAME + 1] = "doorward site 1\n";
static const char keyring_file_gone_name[KEYRING_FILE_NAME + 1] = "doorward gone 1\n";
static const char keyring_file_keys_name[KEYRING_FILE_NAME + 1] = "doorward keys 1\n";

/* What is sealed in a block: 0 number, 8 first of the batch, 16 kind, 17 state, 24 subject, 40 key, 72 zeros. */
enum { FIELD_PLACE = 0, FIELD_FIRST = 8, FIELD_KIND = 16, FIELD_STATE = 17, FIELD_SUBJECT = 24, FIELD_KEY = 40 };
_Static_assert(FIELD_KEY + KEYS_SECRET <= KEYRING_FILE_PLAIN, "the record must fit");

static void keyring_file_put(uint8_t *out, uint64_t n)
{
    for (int i = 0; i < 8; i++) out[i] = (uint8_t)(n >> (8 * i));
}

static uint64_t keyring_file_get(const uint8_t *in)
{
    uint64_t n = 0;
    for (int i = 7; i >= 0; i--) n = n << 8 | in[i];
    return n;
}

static void keyring_file_seal(uint8_t block[KEYRING_FILE_BLOCK], const struct keyring_file *file,
                              const struct keyring_file_record *record, uint64_t place, uint64_t first)
{
    uint8_t plain[KEYRING_FILE_PLAIN] = {0};
    keyring_file_put(plain + FIELD_PLACE, place);
    keyring_file_put(plain + FIELD_FIRST, first);
    plain[FIELD_KIND] = record->kind;
    plain[FIELD_STATE] = record->state;
    memcpy(plain + FIELD_SUBJECT, record->subject.b, sizeof record->subject.b);
    memcpy(plain + FIELD_KEY, record->key, KEYS_SECRET);
    keys_seal(block, file->wrap, "record", 6, plain, sizeof plain);
    keys_wipe(plain, sizeof plain);
}

/* False if the block is not the one that was written in this place. */
static bool keyring_file_unseal(struct keyring_file_record *record, uint64_t *first, const uint8_t block[KEYRING_FILE_BLOCK],
                                const struct keyring_file *file, uint64_t place)
{
    uint8_t plain[KEYRING_FILE_PLAIN];
    if (!keys_open(plain, file->wrap, block, KEYRING_FILE_BLOCK)) return false;
    bool here = keyring_file_get(plain + FIELD_PLACE) == place;
    *first = keyring_file_get(plain + FIELD_FIRST);
    record->kind = plain[FIELD_KIND];
    record->state = plain[FIELD_STATE];
    memcpy(record->subject.b, plain + FIELD_SUBJECT, sizeof record->subject.b);
    memcpy(record->key, plain + FIELD_KEY, KEYS_SECRET);
    keys_wipe(plain, sizeof plain);
    return here;
}

static bool keyring_file_empty(const uint8_t block[KEYRING_FILE_BLOCK])
{
    static const uint8_t zero[KEYRING_FILE_BLOCK];
    return memcmp(block, zero, sizeof zero) == 0;
}

static uint64_t keyring_file_at(uint64_t place)
{
    return (place + 1) * KEYRING_FILE_BLOCK;
}

static dw_err keyring_file_bad(const struct keyring_file *file, struct err_detail *detail, const char *what)
{
    return err_at(detail, DW_E_KEYS, file->path, NULL, 0, NULL, "%s", what);
}

/* The new file at path with these bytes, durable; on error nothing is left. */
static dw_err keyring_file_write_new(int *fd, const char *path, const void *data, size_t len, struct err_detail *detail)
{
    *fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (*fd < 0) return disk_error(detail, path, errno);
    dw_err code = disk_write(*fd, path, data, len, 0, detail);
    if (code == DW_OK && fsync(*fd) != 0) code = disk_error(detail, path, errno);
    if (code == DW_OK) return DW_OK;
    close(*fd);
    *fd = -1;
    unlink(path);
    return code;
}

static dw_err keyring_file_make_site(const uint8_t secret[KEYS_SECRET], const char *path, struct err_detail *detail)
{
    uint8_t site[KEYRING_FILE_SITE];
    memcpy(site, keyring_file_site_name, KEYRING_FILE_NAME);
    memcpy(site + KEYRING_FILE_NAME, secret, KEYS_SECRET);
    hash_one(site + KEYRING_FILE_NAME + KEYS_SECRET, site, KEYRING_FILE_NAME + KEYS_SECRET);
    int fd;
    dw_err code = keyring_file_write_new(&fd, path, site, sizeof site, detail);
    keys_wipe(site, sizeof site);
    if (code == DW_OK) close(fd);
    return code;
}

static dw_err keyring_file_make_keys(struct keyring_file *file, struct err_detail *detail)
{
    uint8_t header[KEYRING_FILE_BLOCK] = {0}, mark[KEYRING_FILE_NAME];
    memcpy(header, keyring_file_keys_name, KEYRING_FILE_NAME);
    rng_bytes(NULL, mark, sizeof mark); /* what it says does not matter: only the right site's secret opens it */
    keys_seal(header + KEYRING_FILE_NAME, file->wrap, "header", 6, mark, sizeof mark);
    return keyring_file_write_new(&file->fd, file->path, header, sizeof header, detail);
}

static dw_err keyring_file_names(struct keyring_file *file, char **site, const char *store)
{
    *file = (struct keyring_file){.fd = -1};
    file->path = disk_beside(store, ".keys");
    *site = disk_beside(store, ".sitekey");
    return file->path != NULL && *site != NULL ? DW_OK : DW_E_MEMORY;
}

static dw_err keyring_file_make_both(struct keyring_file *file, const uint8_t secret[KEYS_SECRET], const char *site,
                                     struct err_detail *detail)
{
    ERR_TRY(keyring_file_make_site(secret, site, detail));
    dw_err code = keyring_file_make_keys(file, detail);
    if (code == DW_OK) {
        code = disk_sync_folder(file->path, detail);
        if (code != DW_OK) unlink(file->path);
    }
    if (code != DW_OK) unlink(site);
    return code;
}

dw_err keyring_file_make(struct keyring_file *file, uint8_t secret[KEYS_SECRET], const char *store, struct err_detail *detail)
{
    char *site;
    dw_err code = keyring_file_names(file, &site, store);
    struct stat found;
    if (code == DW_OK && lstat(file->path, &found) == 0) code = disk_error(detail, file->path, EEXIST);
    rng_bytes(NULL, secret, KEYS_SECRET);
    keys_derive(file->wrap, secret, "doorward keyring wrap 1");
    if (code == DW_OK) code = keyring_file_make_both(file, secret, site, detail);
    free(site);
    if (code != DW_OK) keyring_file_close(file);
    return code;
}

/* Errors of the disk stay what they are; a file that is missing or too short is the wrong key file. */
static dw_err keyring_file_or_keys(dw_err code)
{
    return code == DW_E_NOT_FOUND || code == DW_E_DAMAGED ? DW_E_KEYS : code;
}

static dw_err keyring_file_read_site(uint8_t secret[KEYS_SECRET], const char *path, struct err_detail *detail)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return disk_error(detail, path, errno);
    uint8_t site[KEYRING_FILE_SITE + 1], hash[HASH_SIZE];
    dw_err code = disk_read(fd, path, site, KEYRING_FILE_SITE, 0, detail);
    struct stat found;
    if (code == DW_OK && (fstat(fd, &found) != 0 || found.st_size != KEYRING_FILE_SITE)) code = DW_E_KEYS;
    close(fd);
    if (code == DW_OK) {
        hash_one(hash, site, KEYRING_FILE_NAME + KEYS_SECRET);
        bool named = memcmp(site, keyring_file_site_name, KEYRING_FILE_NAME) == 0;
        if (memcmp(site, keyring_file_gone_name, KEYRING_FILE_NAME) == 0)
            code = err_at(detail, DW_E_DISPOSED, path, NULL, 0, NULL, "the site's keys were destroyed");
        else if (!named || memcmp(hash, site + KEYRING_FILE_NAME + KEYS_SECRET, HASH_SIZE) != 0)
            code = err_at(detail, DW_E_KEYS, path, NULL, 0, NULL, "the file is damaged");
        memcpy(secret, site + KEYRING_FILE_NAME, KEYS_SECRET);
    }
    keys_wipe(site, sizeof site);
    return code;
}

static dw_err keyring_file_open_keys(struct keyring_file *file, struct err_detail *detail)
{
    file->fd = open(file->path, O_RDWR | O_CLOEXEC);
    if (file->fd < 0) return disk_error(detail, file->path, errno);
    static const uint8_t zero[KEYRING_FILE_BLOCK];
    uint8_t header[KEYRING_FILE_BLOCK], mark[KEYRING_FILE_NAME];
    size_t used = KEYRING_FILE_NAME + KEYRING_FILE_NAME + KEYS_OVERHEAD;
    ERR_TRY(disk_read(file->fd, file->path, header, sizeof header, 0, detail));
    if (memcmp(header, keyring_file_keys_name, KEYRING_FILE_NAME) != 0 || memcmp(header + used, zero, sizeof header - used) != 0)
        return keyring_file_bad(file, detail, "the file is damaged");
    if (!keys_open(mark, file->wrap, header + KEYRING_FILE_NAME, sizeof mark + KEYS_OVERHEAD))
        return keyring_file_bad(file, detail, "the file is damaged, or belongs to another .sitekey file");
    return DW_OK;
}

dw_err keyring_file_open(struct keyring_file *file, uint8_t secret[KEYS_SECRET], const char *store, struct err_detail *detail)
{
    char *site;
    dw_err code = keyring_file_names(file, &site, store);
    if (code == DW_OK) code = keyring_file_or_keys(keyring_file_read_site(secret, site, detail));
    free(site);
    if (code == DW_OK) {
        keys_derive(file->wrap, secret, "doorward keyring wrap 1");
        code = keyring_file_or_keys(keyring_file_open_keys(file, detail));
    }
    if (code != DW_OK) keyring_file_close(file);
    return code;
}

void keyring_file_close(struct keyring_file *file)
{
    if (file->path != NULL && file->fd >= 0) close(file->fd);
    free(file->path);
    keys_wipe(file, sizeof *file);
    file->fd = -1;
}

dw_err keyring_file_lock(struct keyring_file *file, struct err_detail *detail)
{
    for (int i = 0; i < KEYRING_FILE_TRIES; i++) {
        if (flock(file->fd, LOCK_EX | LOCK_NB) == 0) return DW_OK;
        if (errno != EWOULDBLOCK && errno != EINTR) return disk_error(detail, file->path, errno);
        nanosleep(&(struct timespec){.tv_nsec = KEYRING_FILE_PAUSE_NS}, NULL);
    }
    return err_at(detail, DW_E_BUSY, file->path, NULL, 0, NULL, "another program holds the file");
}

void keyring_file_unlock(struct keyring_file *file)
{
    flock(file->fd, LOCK_UN);
}

bool keyring_file_grown(const struct keyring_file *file)
{
    struct stat found;
    return fstat(file->fd, &found) != 0 || (uint64_t)found.st_size != keyring_file_at(file->known);
}

/* Behind an empty block only blocks of the same batch (or empty ones) may stand; else it was durable once, and is damage. */
static dw_err keyring_file_check_tail(const struct keyring_file *file, uint64_t gap, uint64_t end, struct err_detail *detail)
{
    for (uint64_t place = gap; place < end; place++) {
        uint8_t block[KEYRING_FILE_BLOCK];
        struct keyring_file_record record;
        uint64_t first = 0;
        ERR_TRY(disk_read(file->fd, file->path, block, sizeof block, keyring_file_at(place), detail));
        if (keyring_file_empty(block)) continue;
        bool good = keyring_file_unseal(&record, &first, block, file, place);
        keys_wipe(&record, sizeof record);
        if (!good || first > gap) return keyring_file_bad(file, detail, "a record is damaged");
    }
    return DW_OK;
}

static dw_err keyring_file_cut(struct keyring_file *file, struct err_detail *detail)
{
    if (ftruncate(file->fd, (off_t)keyring_file_at(file->known)) != 0) return disk_error(detail, file->path, errno);
    return keyring_file_sync(file, detail);
}

/* Takes over count blocks that were read; stops before an empty one. */
static dw_err keyring_file_take(struct keyring_file *file, const uint8_t *blocks, uint64_t count, keyring_file_each *each,
                                void *ctx, struct err_detail *detail)
{
    struct keyring_file_record record;
    uint64_t first;
    dw_err code = DW_OK;
    for (uint64_t i = 0; i < count && code == DW_OK; i++) {
        const uint8_t *block = blocks + i * KEYRING_FILE_BLOCK;
        if (keyring_file_empty(block)) break;
        if (!keyring_file_unseal(&record, &first, block, file, file->known))
            return keyring_file_bad(file, detail, "a record is damaged");
        code = each(ctx, &record, file->known);
        if (code == DW_OK) file->known++;
    }
    keys_wipe(&record, sizeof record);
    if (code == DW_E_KEYS) return keyring_file_bad(file, detail, "a record has no meaning");
    return code;
}

dw_err keyring_file_read(struct keyring_file *file, keyring_file_each *each, void *ctx, struct err_detail *detail)
{
    struct stat found;
    if (fstat(file->fd, &found) != 0) return disk_error(detail, file->path, errno);
    uint64_t blocks = (uint64_t)found.st_size / KEYRING_FILE_BLOCK;
    if (blocks < file->known + 1) return keyring_file_bad(file, detail, "the file has become shorter");
    uint64_t end = blocks - 1;
    uint8_t *chunk = malloc((size_t)KEYRING_FILE_CHUNK * KEYRING_FILE_BLOCK);
    if (chunk == NULL) return DW_E_MEMORY;
    dw_err code = DW_OK;
    bool whole = true;
    while (file->known < end && whole && code == DW_OK) {
        uint64_t from = file->known, count = end - from < KEYRING_FILE_CHUNK ? end - from : KEYRING_FILE_CHUNK;
        code = disk_read(file->fd, file->path, chunk, count * KEYRING_FILE_BLOCK, keyring_file_at(from), detail);
        if (code == DW_OK) code = keyring_file_take(file, chunk, count, each, ctx, detail);
        whole = file->known == from + count;
    }
    free(chunk);
    ERR_TRY(code);
    ERR_TRY(keyring_file_check_tail(file, file->known, end, detail));
    /* synced also when nothing is cut: what a process wrote that died before its own sync is relied on from now */
    return keyring_file_grown(file) ? keyring_file_cut(file, detail) : keyring_file_sync(file, detail);
}

dw_err keyring_file_append(struct keyring_file *file, const struct keyring_file_record *records, size_t count,
                           struct err_detail *detail)
{
    if (keyring_file_grown(file)) return keyring_file_bad(file, detail, "the file has changed under its lock");
    uint8_t *blocks = calloc(count, KEYRING_FILE_BLOCK);
    if (blocks == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        keyring_file_seal(blocks + i * KEYRING_FILE_BLOCK, file, &records[i], file->known + i, file->known);
    dw_err code = disk_write(file->fd, file->path, blocks, count * KEYRING_FILE_BLOCK, keyring_file_at(file->known), detail);
    if (code == DW_OK) code = keyring_file_sync(file, detail);
    free(blocks);
    if (code == DW_OK)
        file->known += count;
    else
        keyring_file_cut(file, NULL);
    return code;
}

dw_err keyring_file_replace(struct keyring_file *file, const struct keyring_file_record *record, uint64_t place,
                            struct err_detail *detail)
{
    uint8_t block[KEYRING_FILE_BLOCK];
    keyring_file_seal(block, file, record, place, place);
    return disk_write(file->fd, file->path, block, sizeof block, keyring_file_at(place), detail);
}

dw_err keyring_file_sync(struct keyring_file *file, struct err_detail *detail)
{
    return fdatasync(file->fd) == 0 ? DW_OK : disk_error(detail, file->path, errno);
}

/* One file's bytes; the site's secret passes through a buffer that is wiped. */
static dw_err keyring_file_give(const char *path, keyring_file_out *out, void *ctx, struct err_detail *detail)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return disk_error(detail, path, errno);
    uint8_t piece[KEYRING_FILE_CHUNK * KEYRING_FILE_BLOCK];
    struct stat found;
    dw_err code = fstat(fd, &found) == 0 ? DW_OK : disk_error(detail, path, errno);
    for (off_t at = 0; code == DW_OK && at < found.st_size;) {
        size_t left = (size_t)(found.st_size - at), now = left < sizeof piece ? left : sizeof piece;
        code = disk_read(fd, path, piece, now, (unsigned long long)at, detail);
        if (code == DW_OK) code = out(ctx, piece, now, detail);
        at += (off_t)now;
    }
    keys_wipe(piece, sizeof piece);
    close(fd);
    return code;
}

dw_err keyring_file_export(struct keyring_file *file, const char *store, keyring_file_out *out, void *ctx,
                           struct err_detail *detail)
{
    char *site = disk_beside(store, ".sitekey");
    if (site == NULL) return DW_E_MEMORY;
    dw_err code = keyring_file_or_keys(keyring_file_give(site, out, ctx, detail));
    if (code == DW_OK) code = keyring_file_give(file->path, out, ctx, detail);
    free(site);
    return code;
}

/* limit bytes, or all that come when it is 0, into a new file. */
static dw_err keyring_file_fill(const char *path, size_t limit, keyring_file_in *in, void *ctx, struct err_detail *detail)
{
    uint8_t piece[KEYRING_FILE_CHUNK * KEYRING_FILE_BLOCK];
    size_t at = 0, len;
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) return disk_error(detail, path, errno);
    dw_err code = DW_OK;
    do {
        len = limit == 0 ? sizeof piece : limit;
        code = in(ctx, piece, &len, detail);
        if (code == DW_OK && limit != 0 && len != limit) code = err_at(detail, DW_E_KEYS, path, NULL, 0, NULL, "cut short");
        if (code == DW_OK) code = disk_write(fd, path, piece, len, at, detail);
        at += len;
    } while (code == DW_OK && limit == 0 && len == sizeof piece);
    if (code == DW_OK && fsync(fd) != 0) code = disk_error(detail, path, errno);
    keys_wipe(piece, sizeof piece);
    close(fd);
    if (code != DW_OK) unlink(path);
    return code;
}

dw_err keyring_file_import(const char *store, keyring_file_in *in, void *ctx, struct err_detail *detail)
{
    char *site = disk_beside(store, ".sitekey"), *keys = disk_beside(store, ".keys");
    dw_err code = site == NULL || keys == NULL ? DW_E_MEMORY : DW_OK;
    if (code == DW_OK) code = keyring_file_fill(site, KEYRING_FILE_SITE, in, ctx, detail);
    if (code == DW_OK) {
        code = keyring_file_fill(keys, 0, in, ctx, detail);
        if (code == DW_OK) code = disk_sync_folder(keys, detail);
        if (code != DW_OK) unlink(site);
    }
    free(site);
    free(keys);
    return code;
}

/* len bytes of the file at path become data, the rest zeros. */
static dw_err keyring_file_wipe(const char *path, const void *data, size_t len, struct err_detail *detail)
{
    static const uint8_t zero[KEYRING_FILE_CHUNK * KEYRING_FILE_BLOCK];
    struct stat found;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT && len == 0 ? DW_OK : disk_error(detail, path, errno);
    dw_err code = fstat(fd, &found) == 0 ? DW_OK : disk_error(detail, path, errno);
    if (code == DW_OK && len > 0) code = disk_write(fd, path, data, len, 0, detail);
    for (off_t at = (off_t)len; code == DW_OK && at < found.st_size; at += (off_t)sizeof zero) {
        off_t left = found.st_size - at;
        size_t now = left < (off_t)sizeof zero ? (size_t)left : sizeof zero;
        code = disk_write(fd, path, zero, now, (unsigned long long)at, detail);
    }
    if (code == DW_OK && fsync(fd) != 0) code = disk_error(detail, path, errno);
    close(fd);
    return code;
}

dw_err keyring_file_destroy(const char *store, struct err_detail *detail)
{
    char *site = disk_beside(store, ".sitekey"), *keys = disk_beside(store, ".keys");
    uint8_t gone[KEYRING_FILE_SITE] = {0};
    memcpy(gone, keyring_file_gone_name, KEYRING_FILE_NAME);
    dw_err code = site == NULL || keys == NULL ? DW_E_MEMORY : keyring_file_wipe(keys, NULL, 0, detail);
    if (code == DW_OK) code = keyring_file_wipe(site, gone, sizeof gone, detail);
    free(site);
    free(keys);
    return code;
}
