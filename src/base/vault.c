#include "base/vault.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    VAULT_HEAD = 128,
    VAULT_BY = 32,
    VAULT_KIND = 33,
    VAULT_AT_SALT = 40,
    VAULT_AT_CHECK = 56,
    VAULT_CHECK = 16,
    VAULT_AT_STREAM = 72,
    VAULT_USED = VAULT_AT_STREAM + crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    VAULT_SEALED = VAULT_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES,
    VAULT_PASSES = 3,
    VAULT_MEMORY = 64 * 1024 * 1024
};
_Static_assert(VAULT_SALT == crypto_pwhash_SALTBYTES, "salt");
_Static_assert((int)VAULT_USED <= (int)VAULT_HEAD, "the head must fit");

static const char vault_name[32] = "doorward backup 1\n";

struct vault {
    FILE *file;
    const char *path;
    crypto_secretstream_xchacha20poly1305_state stream;
    struct hash_stream hash;
    int64_t bytes;
    size_t len, at; /* of plain: filled, and of it read */
    bool last;
    uint8_t head[VAULT_HEAD], plain[VAULT_CHUNK], sealed[VAULT_SEALED];
};

static dw_err vault_bad(const struct vault *vault, dw_err code, struct err_detail *detail, const char *what)
{
    return err_at(detail, code, vault->path, NULL, 0, NULL, "%s", what);
}

static dw_err vault_derive(struct vault_secret *secret, const uint8_t salt[VAULT_SALT])
{
    if (secret->ready && memcmp(secret->salt, salt, VAULT_SALT) == 0) return DW_OK;
    memcpy(secret->salt, salt, VAULT_SALT);
    if (secret->phrase == NULL) {
        crypto_generichash_state state;
        crypto_generichash_init(&state, salt, VAULT_SALT, KEYS_SECRET);
        crypto_generichash_update(&state, secret->file, secret->file_len);
        crypto_generichash_final(&state, secret->key, KEYS_SECRET);
        keys_wipe(&state, sizeof state);
    } else if (crypto_pwhash(secret->key, KEYS_SECRET, secret->phrase, strlen(secret->phrase), salt, VAULT_PASSES, VAULT_MEMORY,
                             crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return DW_E_MEMORY;
    }
    secret->ready = true;
    return DW_OK;
}

dw_err vault_prepare(struct vault_secret *secret)
{
    uint8_t salt[VAULT_SALT];
    if (secret->ready) return DW_OK;
    rng_bytes(NULL, salt, sizeof salt);
    return vault_derive(secret, salt);
}

/* Tells a wrong passphrase from a damaged file; says nothing of the key. */
static void vault_check(uint8_t out[VAULT_CHECK], const uint8_t key[KEYS_SECRET])
{
    uint8_t derived[KEYS_SECRET];
    keys_derive(derived, key, "doorward backup check 1");
    memcpy(out, derived, VAULT_CHECK);
    keys_wipe(derived, sizeof derived);
}

static dw_err vault_put(struct vault *vault, const void *data, size_t len, struct err_detail *detail)
{
    hash_add(&vault->hash, data, len);
    vault->bytes += (int64_t)len;
    if (fwrite(data, 1, len, vault->file) == len) return DW_OK;
    return vault_bad(vault, errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? DW_E_FULL : DW_E_IO, detail, strerror(errno));
}

static dw_err vault_alloc(struct vault **out, FILE *file, const char *path)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    (*out)->file = file;
    (*out)->path = path;
    return DW_OK;
}

static dw_err vault_begin(struct vault *vault, struct vault_secret *secret, uint8_t kind, struct err_detail *detail)
{
    uint8_t *head = vault->head, key[KEYS_SECRET];
    memcpy(head, vault_name, sizeof vault_name);
    head[VAULT_BY] = secret->phrase == NULL;
    head[VAULT_KIND] = kind;
    ERR_TRY(vault_prepare(secret));
    memcpy(head + VAULT_AT_SALT, secret->salt, VAULT_SALT);
    vault_check(head + VAULT_AT_CHECK, secret->key);
    keys_derive(key, secret->key, "doorward backup stream 1");
    crypto_secretstream_xchacha20poly1305_init_push(&vault->stream, head + VAULT_AT_STREAM, key);
    keys_wipe(key, sizeof key);
    hash_start(&vault->hash);
    return vault_put(vault, head, VAULT_HEAD, detail);
}

dw_err vault_create(struct vault **out, FILE *file, const char *path, struct vault_secret *secret, uint8_t kind,
                    struct err_detail *detail)
{
    ERR_TRY(vault_alloc(out, file, path));
    dw_err err = vault_begin(*out, secret, kind, detail);
    if (err == DW_OK) return DW_OK;
    vault_free(*out);
    *out = NULL;
    return err;
}

static dw_err vault_push(struct vault *vault, bool last, struct err_detail *detail)
{
    uint8_t tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    unsigned long long len;
    crypto_secretstream_xchacha20poly1305_push(&vault->stream, vault->sealed, &len, vault->plain, vault->len, vault->head,
                                               VAULT_HEAD, tag);
    vault->len = 0;
    return vault_put(vault, vault->sealed, (size_t)len, detail);
}

dw_err vault_write(struct vault *vault, const void *data, size_t len, struct err_detail *detail)
{
    const uint8_t *at = data;
    while (len > 0) {
        if (vault->len == VAULT_CHUNK) ERR_TRY(vault_push(vault, false, detail));
        size_t room = VAULT_CHUNK - vault->len, now = len < room ? len : room;
        memcpy(vault->plain + vault->len, at, now);
        vault->len += now;
        at += now;
        len -= now;
    }
    return DW_OK;
}

dw_err vault_finish(struct vault *vault, uint8_t hash[HASH_SIZE], int64_t *bytes, struct err_detail *detail)
{
    dw_err err = vault_push(vault, true, detail);
    hash_end(&vault->hash, hash);
    *bytes = vault->bytes;
    vault_free(vault);
    return err;
}

static dw_err vault_head(struct vault *vault, struct vault_secret *secret, uint8_t kind, struct err_detail *detail)
{
    static const uint8_t zero[VAULT_HEAD];
    uint8_t *head = vault->head, check[VAULT_CHECK], key[KEYS_SECRET];
    size_t got = fread(head, 1, VAULT_HEAD, vault->file);
    if (got < VAULT_HEAD && ferror(vault->file)) return vault_bad(vault, DW_E_IO, detail, strerror(errno));
    size_t seen = got < sizeof vault_name ? got : sizeof vault_name;
    if (seen == 0 || memcmp(head, vault_name, seen) != 0)
        return vault_bad(vault, DW_E_FORMAT, detail, "not a backup of doorward");
    if (got < VAULT_HEAD) return vault_bad(vault, DW_E_DAMAGED, detail, "the file ends too soon");
    if (head[VAULT_BY] > 1 || memcmp(head + VAULT_USED, zero, VAULT_HEAD - VAULT_USED) != 0)
        return vault_bad(vault, DW_E_DAMAGED, detail, "the head of the file was altered");
    if (head[VAULT_KIND] != kind)
        return vault_bad(vault, DW_E_FORMAT, detail, "a backup of another kind (data and keys have their own)");
    if (head[VAULT_BY] != (secret->phrase == NULL))
        return vault_bad(vault, DW_E_PASSPHRASE, detail, head[VAULT_BY] ? "made with a key file" : "made with a passphrase");
    ERR_TRY(vault_derive(secret, head + VAULT_AT_SALT));
    vault_check(check, secret->key);
    if (sodium_memcmp(check, head + VAULT_AT_CHECK, VAULT_CHECK) != 0) {
        secret->ready = false;
        return vault_bad(vault, DW_E_PASSPHRASE, detail, "it does not open (or the head of the file was altered)");
    }
    keys_derive(key, secret->key, "doorward backup stream 1");
    int good = crypto_secretstream_xchacha20poly1305_init_pull(&vault->stream, head + VAULT_AT_STREAM, key);
    keys_wipe(key, sizeof key);
    return good == 0 ? DW_OK : vault_bad(vault, DW_E_DAMAGED, detail, "the head of the file was altered");
}

dw_err vault_open(struct vault **out, FILE *file, const char *path, struct vault_secret *secret, uint8_t kind,
                  struct err_detail *detail)
{
    ERR_TRY(vault_alloc(out, file, path));
    dw_err err = vault_head(*out, secret, kind, detail);
    if (err == DW_OK) return DW_OK;
    vault_free(*out);
    *out = NULL;
    return err;
}

static dw_err vault_pull(struct vault *vault, struct err_detail *detail)
{
    unsigned long long len;
    uint8_t tag;
    size_t got = fread(vault->sealed, 1, VAULT_SEALED, vault->file);
    if (got < VAULT_SEALED && ferror(vault->file)) return vault_bad(vault, DW_E_IO, detail, strerror(errno));
    if (got == 0) return vault_bad(vault, DW_E_DAMAGED, detail, "the file ends too soon");
    if (crypto_secretstream_xchacha20poly1305_pull(&vault->stream, vault->plain, &len, &tag, vault->sealed, got, vault->head,
                                                   VAULT_HEAD) != 0)
        return vault_bad(vault, DW_E_DAMAGED, detail, "the file was altered or ends too soon");
    vault->last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    vault->len = (size_t)len;
    vault->at = 0;
    if (vault->last && fgetc(vault->file) != EOF)
        return vault_bad(vault, DW_E_DAMAGED, detail, "something stands behind its end");
    return DW_OK;
}

dw_err vault_read(struct vault *vault, void *out, size_t cap, size_t *len, struct err_detail *detail)
{
    *len = 0;
    while (vault->at == vault->len) {
        if (vault->last) return DW_OK;
        ERR_TRY(vault_pull(vault, detail));
    }
    size_t left = vault->len - vault->at;
    *len = left < cap ? left : cap;
    memcpy(out, vault->plain + vault->at, *len);
    vault->at += *len;
    return DW_OK;
}

dw_err vault_read_all(struct vault *vault, void *out, size_t len, struct err_detail *detail)
{
    uint8_t *at = out;
    while (len > 0) {
        size_t got;
        ERR_TRY(vault_read(vault, at, len, &got, detail));
        if (got == 0) return vault_bad(vault, DW_E_DAMAGED, detail, "the file ends too soon");
        at += got;
        len -= got;
    }
    return DW_OK;
}

void vault_free(struct vault *vault)
{
    if (vault == NULL) return;
    keys_wipe(vault, sizeof *vault);
    free(vault);
}
