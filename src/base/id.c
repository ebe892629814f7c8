#include "base/id.h"

#include <string.h>

#include "base/hash.h"

struct id id_make(int64_t ms, struct rng *rng)
{
    struct id id;
    rng_bytes(rng, id.b, sizeof id.b);
    for (int i = 0; i < 6; i++) id.b[i] = (uint8_t)((uint64_t)ms >> (40 - 8 * i));
    id.b[6] = (uint8_t)((id.b[6] & 0x0F) | 0x70);
    id.b[8] = (uint8_t)((id.b[8] & 0x3F) | 0x80);
    return id;
}

struct id id_named(struct id parent, const char *name)
{
    uint8_t digest[HASH_SIZE];
    hash_two(digest, parent.b, sizeof parent.b, name, strlen(name));
    struct id id;
    memcpy(id.b, digest, sizeof id.b);
    id.b[6] = (uint8_t)((id.b[6] & 0x0F) | 0x80);
    id.b[8] = (uint8_t)((id.b[8] & 0x3F) | 0x80);
    return id;
}

void id_text(char out[ID_TEXT], struct id id)
{
    static const char digits[] = "0123456789abcdef";
    int at = 0;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out[at++] = '-';
        out[at++] = digits[id.b[i] >> 4];
        out[at++] = digits[id.b[i] & 15];
    }
    out[at] = 0;
}

/* The values of the digits, each plus one; 0 for what is none. */
static const uint8_t id_values[256] = {['0'] = 1, 2,  3,  4,  5,  6,          7,  8,  9,  10, ['A'] = 11,
                                       12,        13, 14, 15, 16, ['a'] = 11, 12, 13, 14, 15, 16};

bool id_parse(struct id *out, const char *text, unsigned long len)
{
    if (len != ID_TEXT - 1) return false;
    struct id id;
    const unsigned char *at = (const unsigned char *)text;
    unsigned wrong = 0;
    for (int i = 0; i < 16; i++, at += 2) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *at++ != '-') return false;
        unsigned high = id_values[at[0]] - 1u, low = id_values[at[1]] - 1u;
        wrong |= high | low;
        id.b[i] = (uint8_t)(high << 4 | low);
    }
    if (wrong > 15) return false;
    *out = id;
    return true;
}

bool id_equal(struct id a, struct id b)
{
    return memcmp(a.b, b.b, sizeof a.b) == 0;
}

int id_compare(struct id a, struct id b)
{
    return memcmp(a.b, b.b, sizeof a.b);
}

bool id_null(struct id id)
{
    static const struct id zero;
    return id_equal(id, zero);
}

uint64_t id_hash(struct id id)
{
    uint64_t high, low;
    memcpy(&high, id.b, 8);
    memcpy(&low, id.b + 8, 8);
    uint64_t mixed = (high ^ (low * UINT64_C(0x9E3779B97F4A7C15)));
    mixed ^= mixed >> 29;
    return mixed * UINT64_C(0xBF58476D1CE4E5B9);
}
