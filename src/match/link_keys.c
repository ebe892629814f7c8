/* Keys by which tokens that are alike are found: the ways of link_like_level turned round. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_han.h"
#include "match/link_like.h"
#include "match/link_token.h"

enum link_keys_salt {
    LINK_KEYS_CUT = 1,
    LINK_KEYS_HEAD,
    LINK_KEYS_ENDS,
    LINK_KEYS_SOUND,
    LINK_KEYS_MOVED,
    LINK_KEYS_TAIL,
    LINK_KEYS_SWAP,
    LINK_KEYS_VALUE,
    LINK_KEYS_FINE,
    LINK_KEYS_GROUP
};

static uint64_t link_keys_add(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint64_t link_keys_run(enum link_keys_salt salt, const int32_t *p, int n)
{
    uint64_t hash = link_keys_add(UINT64_C(0x5bd1e995), (uint64_t)salt);
    for (int i = 0; i < n; i++) hash = link_keys_add(hash, (uint64_t)(uint32_t)p[i]);
    return hash;
}

/* The token itself and all that one character less of it leaves: two tokens one slip apart share one. */
static size_t link_keys_cut(uint64_t *out, const struct link_like *t)
{
    size_t count = 0;
    uint64_t head = link_keys_run(LINK_KEYS_CUT, NULL, 0);
    out[count++] = link_keys_run(LINK_KEYS_CUT, t->p, t->n);
    for (int i = 0; i < t->n; i++) {
        uint64_t hash = head;
        for (int j = i + 1; j < t->n; j++) hash = link_keys_add(hash, (uint64_t)(uint32_t)t->p[j]);
        /* Of a run of one character each leaves the same. */
        if (i == 0 || t->p[i] != t->p[i - 1]) out[count++] = hash;
        head = link_keys_add(head, (uint64_t)(uint32_t)t->p[i]);
    }
    return count;
}

static uint64_t link_keys_sound(const struct link_like *t)
{
    uint64_t hash = link_keys_run(LINK_KEYS_SOUND, NULL, 0);
    for (int i = 0; i < t->n; i++) {
        const char *sound = text_han_pinyin(t->p[i]);
        if (*sound == 0) hash = link_keys_add(hash, (uint64_t)(uint32_t)t->p[i]);
        for (; *sound != 0; sound++) hash = link_keys_add(hash, (uint64_t)(unsigned char)*sound);
        hash = link_keys_add(hash, ' ');
    }
    return hash;
}

static uint64_t link_keys_moved(const struct link_like *t)
{
    int32_t sorted[LINK_LIKE_POINTS];
    memcpy(sorted, t->p, t->n * sizeof *sorted);
    for (int i = 1; i < t->n; i++)
        for (int j = i; j > 0 && sorted[j - 1] > sorted[j]; j--) {
            int32_t other = sorted[j];
            sorted[j] = sorted[j - 1];
            sorted[j - 1] = other;
        }
    return link_keys_run(LINK_KEYS_MOVED, sorted, t->n);
}

static size_t link_keys_word(uint64_t *out, const struct link_like *t)
{
    if (t->n < 3) return 0;
    size_t count = link_keys_cut(out, t);
    for (int i = 0; i < t->n; i++)
        if (t->p[i] >= '0' && t->p[i] <= '9') return count;
    int32_t ends[3] = {t->p[0], t->p[t->n - 2], t->p[t->n - 1]};
    out[count++] = link_keys_run(LINK_KEYS_HEAD, t->p, 3);
    out[count++] = link_keys_run(LINK_KEYS_ENDS, ends, 3);
    return count;
}

static size_t link_keys_date(uint64_t *out, const struct link_like *t)
{
    size_t count = 0;
    if (t->n < 6) return 0;
    out[count++] = link_keys_run(LINK_KEYS_HEAD, t->p, 6);
    if (t->n != 8) return count;
    count += link_keys_cut(out + count, t);
    int32_t swapped[8];
    memcpy(swapped, t->p, sizeof swapped);
    if (memcmp(t->p + 4, t->p + 6, 2 * sizeof *swapped) > 0) {
        memcpy(swapped + 4, t->p + 6, 2 * sizeof *swapped);
        memcpy(swapped + 6, t->p + 4, 2 * sizeof *swapped);
    }
    out[count++] = link_keys_run(LINK_KEYS_SWAP, swapped, 8);
    return count;
}

static size_t link_keys_number(uint64_t *out, const struct link_like *t)
{
    char text[LINK_LIKE_POINTS + 1];
    for (int i = 0; i < t->n; i++) text[i] = (char)t->p[i];
    text[t->n] = 0;
    double value = strtod(text, NULL), log = value == 0 ? 0 : copysign(floor(log2(fabs(value)) / log2(1.06)), value);
    for (int i = 0; i < 2; i++) {
        out[2 * i] = link_keys_add(link_keys_run(LINK_KEYS_VALUE, NULL, 0), (uint64_t)(int64_t)(log + i));
        out[2 * i + 1] = link_keys_add(link_keys_run(LINK_KEYS_FINE, NULL, 0), (uint64_t)(int64_t)(floor(value) + i));
    }
    return 4;
}

static size_t link_keys_han(uint64_t *out, const struct link_like *t, bool lane)
{
    size_t count = 0;
    if (t->n < 2) return 0;
    out[count++] = link_keys_sound(t);
    if (!lane) out[count++] = link_keys_moved(t);
    if (t->n >= (lane ? 5 : 2)) count += link_keys_cut(out + count, t);
    return count;
}

size_t link_like_keys(uint64_t out[LINK_LIKE_KEYS], const struct link_like *t, enum link_type type)
{
    size_t count;
    if (t->n == 0) return 0;
    switch (t->kind) {
    case LINK_KIND_WORD:
        return link_keys_word(out, t);
    case LINK_KIND_HAN:
    case LINK_KIND_LANE:
        return link_keys_han(out, t, t->kind == LINK_KIND_LANE);
    case LINK_KIND_DATE:
        return link_keys_date(out, t);
    case LINK_KIND_NUMBER:
        return link_keys_number(out, t);
    case LINK_KIND_SURE:
    case LINK_KIND_DOC:
        count = link_keys_cut(out, t);
        if (t->n == 18) out[count++] = link_keys_run(LINK_KEYS_HEAD, t->p, 15);
        return count;
    case LINK_KIND_PHONE:
        count = link_keys_cut(out, t);
        if (t->n >= 8) out[count++] = link_keys_run(LINK_KEYS_TAIL, t->p + t->n - 8, 8);
        return count;
    case LINK_KIND_CODE:
        return type == LINK_CODE ? link_keys_cut(out, t) : 0;
    default:
        return 0;
    }
}

uint64_t link_like_group(const struct link_like *t, enum link_type type)
{
    int n = 0;
    if (t->kind == LINK_KIND_WORD && type == LINK_NAME)
        n = 1;
    else if (t->kind == LINK_KIND_DATE)
        n = 4;
    else if (t->kind == LINK_KIND_CODE && type == LINK_CODE)
        while (n < t->n && t->p[n] != ' ') n++;
    if (n == 0 || n > t->n || (t->kind == LINK_KIND_CODE && n == t->n)) return 0;
    uint64_t hash = link_keys_run(LINK_KEYS_GROUP, t->p, n);
    return hash == 0 ? 1 : hash;
}
