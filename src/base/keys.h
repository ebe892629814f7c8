/* Ed25519 signatures and sealed boxes, by libsodium; P-256 signatures of phones, by libcrypto. Secrets live in these structs
 * only; keys_wipe clears them. */
#ifndef BASE_KEYS_H
#define BASE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

enum { KEYS_SEED = 32, KEYS_PUBLIC = 32, KEYS_SIGN = 64, KEYS_SECRET = 32, KEYS_NONCE = 24, KEYS_OVERHEAD = 24 + 16 };

struct keys_signer {
    uint8_t public_key[KEYS_PUBLIC];
    uint8_t secret[64];
};

/* Starts the library; call once before anything in base/keys, base/hash or base/rng. False if it cannot start. */
bool keys_start(void);

/* From a seed of 32 bytes; the same seed gives the same pair. */
void keys_signer_make(struct keys_signer *out, const uint8_t seed[KEYS_SEED]);
void keys_sign(uint8_t out[KEYS_SIGN], const struct keys_signer *signer, const void *data, size_t len);
bool keys_signed(const uint8_t sign[KEYS_SIGN], const uint8_t public_key[KEYS_PUBLIC], const void *data, size_t len);

/* The public key by which a device signs. Ed25519 (32 bytes), or of browsers that have none yet, P-256: the compressed point, and
 * ECDSA over SHA-256 whose 64 bytes are r and s one after the other, as WebCrypto gives them. */
enum keys_kind { KEYS_ED25519, KEYS_P256 };
enum { KEYS_POINT = 33, KEYS_POINT_TEXT = 45 /* base64url of it, terminated */ };
struct keys_public {
    enum keys_kind kind;
    uint8_t bytes[KEYS_POINT]; /* of Ed25519 the first KEYS_PUBLIC, the last is 0 */
};
bool keys_public_same(const struct keys_public *a, const struct keys_public *b);
size_t keys_public_size(const struct keys_public *key);
/* From bytes: 32 are Ed25519, 33 a compressed point, 65 a whole one. False when it is none of them or no point of the curve. */
bool keys_public_from(struct keys_public *out, const uint8_t *bytes, size_t len);
/* The same from base64url. */
bool keys_public_read(struct keys_public *out, const char *text);
void keys_public_text(char out[KEYS_POINT_TEXT], const struct keys_public *key);
/* Whether a device signed this: the one place where a device's signature is checked. */
bool keys_public_signed(const uint8_t sign[KEYS_SIGN], const struct keys_public *key, const void *data, size_t len);

/* Seals len bytes into len + KEYS_OVERHEAD: nonce, then XSalsa20-Poly1305. The nonce is a keyed hash of the text and of
 * where (what it belongs to), so the same text in the same place seals to the same bytes (replay can compare sealed rows)
 * and equal texts in other places do not look alike. */
void keys_seal(uint8_t *out, const uint8_t key[KEYS_SECRET], const void *where, size_t where_len, const void *data, size_t len);
/* Opens len bytes into len - KEYS_OVERHEAD; false if key or bytes are not those that were sealed. */
bool keys_open(void *out, const uint8_t key[KEYS_SECRET], const uint8_t *sealed, size_t len);

/* A key for one use, made from another and a label (keyed BLAKE2b): the same input gives the same key, and none of them tells
 * anything about the others. */
void keys_derive(uint8_t out[KEYS_SECRET], const uint8_t key[KEYS_SECRET], const char *label);

void keys_wipe(void *secret, size_t len);

#endif
