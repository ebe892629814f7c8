/* SHA-256 (OpenSSL's, for it uses the processor's own instructions) and its text forms. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_SIZE = 32, HASH_TEXT = 44 }; /* HASH_TEXT: base64url without padding, 43 characters and a terminator */

void hash_one(uint8_t out[HASH_SIZE], const void *data, size_t len);
/* SHA-256(a ‖ b). */
void hash_two(uint8_t out[HASH_SIZE], const void *a, size_t a_len, const void *b, size_t b_len);
/* A running hash over many pieces. */
struct hash_stream {
    _Alignas(16) unsigned char state[128];
};
void hash_start(struct hash_stream *stream);
void hash_add(struct hash_stream *stream, const void *data, size_t len);
void hash_end(struct hash_stream *stream, uint8_t out[HASH_SIZE]);
/* A keyed digest (BLAKE2b) for blind comparison: without the key nobody can try values against it. */
void hash_keyed(uint8_t out[16], const uint8_t key[32], const void *data, size_t len);

/* A short keyed hash (SipHash-2-4 with 128 bits): nobody without the key finds two inputs with the same. */
enum { HASH_FAST = 16, HASH_FAST_KEY = 16 };
void hash_fast(void *out, const uint8_t key[HASH_FAST_KEY], const void *data, size_t len);

/* base64url without padding (RFC 4648 section 5), of hashes, salts and public keys: libsodium's takes constant time, which these
 * do not need and an import would feel. Secrets never come here. out holds 4 * ((len + 2) / 3) + 1 bytes. */
void hash_b64(char *out, const void *data, size_t len);
/* Decodes exactly want bytes; false when text is anything else, and then out may be written to. */
bool hash_unb64(void *out, size_t want, const char *text, size_t text_len);
void hash_hex(char *out, const void *data, size_t len); /* 2 * len + 1 bytes */

/* Fast non-cryptographic 64-bit hash for tables in memory (FNV-1a with a final mix). */
uint64_t hash_quick(const void *data, size_t len);

#endif
