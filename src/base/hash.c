#include "base/hash.h"

/* The calls by name look the algorithm up anew for each hash, which costs more than hashing an entry. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct hash_stream), "the hash state must fit");

void hash_one(uint8_t out[HASH_SIZE], const void *data, size_t len)
{
    struct hash_stream stream;
    hash_start(&stream);
    hash_add(&stream, data, len);
    hash_end(&stream, out);
}

void hash_two(uint8_t out[HASH_SIZE], const void *a, size_t a_len, const void *b, size_t b_len)
{
    struct hash_stream stream;
    hash_start(&stream);
    hash_add(&stream, a, a_len);
    hash_add(&stream, b, b_len);
    hash_end(&stream, out);
}

void hash_start(struct hash_stream *stream)
{
    SHA256_Init((SHA256_CTX *)stream->state);
}

void hash_add(struct hash_stream *stream, const void *data, size_t len)
{
    SHA256_Update((SHA256_CTX *)stream->state, data, len);
}

void hash_end(struct hash_stream *stream, uint8_t out[HASH_SIZE])
{
    SHA256_Final(out, (SHA256_CTX *)stream->state);
}

void hash_keyed(uint8_t out[16], const uint8_t key[32], const void *data, size_t len)
{
    crypto_generichash(out, 16, data, len, key, 32);
}

void hash_fast(void *out, const uint8_t key[HASH_FAST_KEY], const void *data, size_t len)
{
    _Static_assert(HASH_FAST == crypto_shorthash_siphashx24_BYTES && HASH_FAST_KEY == crypto_shorthash_siphashx24_KEYBYTES,
                   "sizes");
    crypto_shorthash_siphashx24(out, data, len, key);
}

static const char hash_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void hash_b64(char *out, const void *data, size_t len)
{
    const uint8_t *at = data;
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | at[i];
        for (have += 8; have >= 6; have -= 6) *out++ = hash_digits[bits >> (have - 6) & 63];
    }
    if (have > 0) *out++ = hash_digits[bits << (6 - have) & 63];
    *out = 0;
}

/* The values of the digits, each plus one; 0 for what is none. */
static const uint8_t hash_values[256] = {
    ['-'] = 63, ['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, ['A'] = 1, 2,  3,  4,  5,          6,          7,  8,  9,  10, 11,
    12,         13,         14, 15, 16, 17, 18, 19, 20, 21, 22, 23,        24, 25, 26, ['_'] = 64, ['a'] = 27, 28, 29, 30, 31, 32,
    33,         34,         35, 36, 37, 38, 39, 40, 41, 42, 43, 44,        45, 46, 47, 48,         49,         50, 51, 52};

bool hash_unb64(void *out, size_t want, const char *text, size_t text_len)
{
    uint8_t *to = out;
    uint32_t bits = 0, wrong = 0; /* bits keeps more than it needs to: what is cut off was used */
    int have = 0;
    if (text_len != (want * 4 + 2) / 3) return false;
    for (size_t i = 0; i < text_len; i++) {
        uint32_t digit = hash_values[(unsigned char)text[i]] - 1u;
        wrong |= digit; /* no digit: all bits set */
        bits = bits << 6 | digit;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        *to++ = (uint8_t)(bits >> have);
    }
    return wrong < 64 && (bits & ((1u << have) - 1)) == 0;
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
