/* A file sealed as a stream, by a passphrase or a key file: in pieces of 64 KiB with bounded memory (libsodium's secretstream,
 * XChaCha20-Poly1305), so that no piece can be changed, left out, moved or cut off unseen.
 *
 * Bytes 0 to 31 say what it is ("doorward backup 1"), 32 whether a passphrase (0) or key file (1) opens it, 33 what lies in it,
 * 40 to 55 the salt, 56 to 71 a check of the key, 72 to 95 the stream's own header, the rest up to 128 is zero; all of it is
 * bound to every piece. A passphrase becomes a key by argon2id with 3 passes over 64 MiB (RFC 9106 section 4), a key file by
 * BLAKE2b. */
#ifndef BASE_VAULT_H
#define BASE_VAULT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/keys.h"

enum { VAULT_CHUNK = 65536, VAULT_SALT = 16, VAULT_KEY_FILE_MIN = 32, VAULT_KEY_FILE_MAX = 65536, VAULT_PHRASE_MIN = 8 };

/* What opens it. Set phrase or file, zero the rest; the key made of it is kept for the next vault of the same salt. Wipe at the
 * end. */
struct vault_secret {
    const char *phrase; /* NULL: file */
    const void *file;
    size_t file_len;
    bool ready;
    uint8_t salt[VAULT_SALT], key[KEYS_SECRET];
};

/* Makes the key, under a new salt, of a secret that has none yet, which vault_create does otherwise: for a passphrase a tenth of
 * a second that can pass beside other work. DW_E_MEMORY. */
dw_err vault_prepare(struct vault_secret *secret);

struct vault;

/* Begins writing to a file the caller opened and closes; kind: what lies in it. path: for errors. DW_E_MEMORY, DW_E_FULL,
 * DW_E_IO. */
dw_err vault_create(struct vault **out, FILE *file, const char *path, struct vault_secret *secret, uint8_t kind,
                    struct err_detail *detail);
dw_err vault_write(struct vault *vault, const void *data, size_t len, struct err_detail *detail);
/* Writes the end; hash and bytes of the whole file. Frees in every case. */
dw_err vault_finish(struct vault *vault, uint8_t hash[HASH_SIZE], int64_t *bytes, struct err_detail *detail);

/* Begins reading. DW_E_FORMAT: no such file, or not of this kind; DW_E_PASSPHRASE; DW_E_DAMAGED; DW_E_IO. */
dw_err vault_open(struct vault **out, FILE *file, const char *path, struct vault_secret *secret, uint8_t kind,
                  struct err_detail *detail);
/* The next bytes, at most cap of them; *len 0 at the end, which is only told of a file that is whole. DW_E_DAMAGED. */
dw_err vault_read(struct vault *vault, void *out, size_t cap, size_t *len, struct err_detail *detail);
/* Exactly len bytes; DW_E_DAMAGED when fewer are left. */
dw_err vault_read_all(struct vault *vault, void *out, size_t len, struct err_detail *detail);
void vault_free(struct vault *vault); /* NULL is safe */

#endif
