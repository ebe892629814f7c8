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

static int id_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool id_parse(struct id *out, const char *text, unsigned long len)
{
    if (len != ID_TEXT - 1) return false;
    struct id id;
    int at = 0;
    for (int i = 0; i < 16; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-') return false;
        int high = id_digit(text[at++]);
        int low = id_digit(text[at++]);
        if (high < 0 || low < 0) return false;
        id.b[i] = (uint8_t)(high << 4 | low);
    }
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
