#include "base/hash.h"

#include <assert.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

enum { HASH_TOGETHER = 512 }; /* shorter pairs are put together first */

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct hash_stream), "the hash state must fit");

void hash_one(uint8_t out[HASH_SIZE], const void *data, size_t len)
{
    SHA256(data, len, out);
}

void hash_two(uint8_t out[HASH_SIZE], const void *a, size_t a_len, const void *b, size_t b_len)
{
    uint8_t both[HASH_TOGETHER];
    if (a_len <= sizeof both && b_len <= sizeof both - a_len) {
        memcpy(both, a, a_len);
        memcpy(both + a_len, b, b_len);
        SHA256(both, a_len + b_len, out);
        return;
    }
    struct hash_stream stream;
    hash_start(&stream);
    hash_add(&stream, a, a_len);
    hash_add(&stream, b, b_len);
    hash_end(&stream, out);
}

void hash_start(struct hash_stream *stream)
{
    crypto_hash_sha256_init((crypto_hash_sha256_state *)stream->state);
}

void hash_add(struct hash_stream *stream, const void *data, size_t len)
{
    crypto_hash_sha256_update((crypto_hash_sha256_state *)stream->state, data, len);
}

void hash_end(struct hash_stream *stream, uint8_t out[HASH_SIZE])
{
    crypto_hash_sha256_final((crypto_hash_sha256_state *)stream->state, out);
}

void hash_keyed(uint8_t out[16], const uint8_t key[32], const void *data, size_t len)
{
    crypto_generichash(out, 16, data, len, key, 32);
}

void hash_b64(char *out, const void *data, size_t len)
{
    sodium_bin2base64(out, sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING), data, len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool hash_unb64(void *out, size_t want, const char *text, size_t text_len)
{
    size_t got = 0;
    const char *end = NULL;
    int failed = sodium_base642bin(out, want, text, text_len, NULL, &got, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return failed == 0 && got == want && end == text + text_len;
}

void hash_hex(char *out, const void *data, size_t len)
{
    sodium_bin2hex(out, 2 * len + 1, data, len);
}

uint64_t hash_quick(const void *data, size_t len)
{
    const unsigned char *at = data;
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < len; i++) h = (h ^ at[i]) * UINT64_C(0x100000001B3);
    h ^= h >> 32;
    return h * UINT64_C(0x9E3779B97F4A7C15);
}
