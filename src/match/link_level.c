/* How alike two records are in one field, and what that is worth. */
#include "match/link_inside.h"

#include <string.h>

#include "match/link_token.h"

enum {
    LINK_LEVEL_CACHE = 1 << 16, /* remembered answers a thread */
    LINK_LEVEL_SAME = 20,       /* records that share two tokens because they are one: left out of how the two depend */
    LINK_LEVEL_LOOK = 96        /* records of a token that are looked at to see how it depends on another */
};

static bool link_level_initial(const struct link_field *f, uint32_t token)
{
    const char *text = f->text + f->at[token];
    return text[0] == LINK_KIND_WORD && text[1] != 0 && text[2] == 0;
}

int link_level_token(const struct link_field *f, uint32_t a, uint32_t b)
{
    if (a == b) return 0;
    uint32_t low = f->near_first[a], end = f->near_first[a + 1], high = end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (f->near[middle] < b)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < end && f->near[low] == b) return f->near_level[low];
    if (f->group[a] == 0 || f->group[a] != f->group[b]) return -1;
    /* Of words only an initial says so little that its letter is enough. */
    return f->type != LINK_NAME || link_level_initial(f, a) || link_level_initial(f, b) ? LINK_NEAR - 1 : -1;
}

/* How many of the first records of a token (every step-th) have another, too. */
static uint32_t link_level_both(const struct link_field *f, uint32_t token, uint32_t other, uint32_t step)
{
    const uint32_t *p = f->post + f->post_first[token], *end = f->post + f->post_first[token + 1];
    const uint32_t *q = f->post + f->post_first[other], *q_end = f->post + f->post_first[other + 1];
    uint32_t n = 0;
    for (; p < end && q < q_end; p += step < (size_t)(end - p) ? step : (size_t)(end - p)) {
        size_t jump = 1;
        while (jump < (size_t)(q_end - q) && q[jump] < *p) jump *= 2;
        const uint32_t *high = jump < (size_t)(q_end - q) ? q + jump + 1 : q_end;
        while (q < high) {
            const uint32_t *middle = q + (high - q) / 2;
            if (*middle < *p)
                q = middle + 1;
            else
                high = middle;
        }
        n += q < q_end && *q == *p;
    }
    return n;
}

/* Bits that token adds for who has other already. */
static double link_level_given(const struct link *link, const struct link_field *f, struct link_scratch *s, uint32_t token,
                               uint32_t other)
{
    uint64_t key = ((uint64_t)(f - link->field) + 1) << 58 ^ (uint64_t)token << 29 ^ other;
    size_t slot = (key * UINT64_C(0x9e3779b97f4a7c15)) >> 48 & (LINK_LEVEL_CACHE - 1);
    if (s->given_key[slot] == key) return s->given[slot];
    uint32_t rare = f->df[token] < f->df[other] ? token : other, common = rare == token ? other : token;
    uint32_t step = f->df[rare] / LINK_LEVEL_LOOK + 1;
    double both = (double)link_level_both(f, rare, common, step) * step, of = f->df[other];
    /* Of a sample one or two are chance. */
    double chance = LINK_LEVEL_SAME + (step > 1 ? 2.0 * step : 0);
    both = both > chance ? both - chance : 0;
    of = of > LINK_LEVEL_SAME ? of - LINK_LEVEL_SAME : 0;
    double alone = f->df[token] / (double)link->records;
    double bits = -log2((both + 20 * alone + 1e-9) / (of + 20)), most = f->info[0][token];
    bits = bits > most ? most : bits < 0 ? 0 : bits;
    s->given_key[slot] = key;
    return s->given[slot] = (float)bits; /* the same number whether it was remembered or not */
}

/* Tokens that were found alike. */
struct link_level_match {
    uint32_t token;
    float bits;
};

/* What matched tokens are worth together: the rarest in full, each other what it adds to those before it. */
static double link_level_sum(const struct link *link, const struct link_field *f, struct link_scratch *s,
                             struct link_level_match *match, size_t count)
{
    double sum = 0;
    for (size_t i = 1; i < count; i++) {
        struct link_level_match one = match[i];
        size_t j = i;
        for (; j > 0 && match[j - 1].bits < one.bits; j--) match[j] = match[j - 1];
        match[j] = one;
    }
    for (size_t i = 0; i < count; i++) {
        double bits = match[i].bits;
        for (size_t j = 0; j < i && bits > 0; j++) {
            double less =
                match[i].bits - (f->info[0][match[i].token] - link_level_given(link, f, s, match[i].token, match[j].token));
            if (less < bits) bits = less;
        }
        if (bits > 0) sum += bits;
    }
    return sum;
}

/* Kinds of tokens that only one of the two has say nothing: an address without a room is not unlike one with it. */
static bool link_level_asked(const struct link_field *f, uint32_t token, const uint32_t *others, size_t count)
{
    char kind = f->text[f->at[token]];
    if (f->type != LINK_ADDRESS) return true;
    for (size_t i = 0; i < count; i++)
        if (f->text[f->at[others[i]]] == kind) return true;
    return false;
}

static double link_level_total(const struct link_field *f, const uint32_t *tokens, size_t count, const uint32_t *others,
                               size_t other_count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        if (link_level_asked(f, tokens[i], others, other_count)) sum += f->info[0][tokens[i]];
    return sum;
}

/* Levels of the tokens of two values, LINK_NEAR for unlike. Lists are looked up of the first, which is one record for many
 * others. */
static bool link_level_matrix(uint8_t level[LINK_TOKENS][LINK_TOKENS], const struct link_field *f, const uint32_t *a, size_t n,
                              const uint32_t *b, size_t m)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) {
            int found = link_level_token(f, a[i], b[j]);
            level[i][j] = (uint8_t)(found < 0 ? LINK_NEAR : found);
            any = any || found >= 0;
        }
    return any;
}

/* Parts of one value: brought together greedily, the same before the like; the level is the share of information that matches. */
static int link_level_many(const struct link *link, const struct link_field *f, struct link_scratch *s, const uint32_t *a,
                           size_t n, const uint32_t *b, size_t m, float *info)
{
    static const double value[LINK_NEAR] = {1, 0.85, 0.6, 0.5}, bound[LINK_LEVELS - 2] = {0.999, 0.8, 0.55, 0.3};
    uint8_t level[LINK_TOKENS][LINK_TOKENS];
    struct link_level_match match[LINK_TOKENS];
    uint64_t used_a = 0, used_b = 0;
    size_t count = 0;
    double total = link_level_total(f, a, n, b, m) + link_level_total(f, b, m, a, n), got = 0;
    if (total <= 0) return -1;
    if (!link_level_matrix(level, f, a, n, b, m)) return LINK_LEVELS - 1;
    for (int l = 0; l < LINK_NEAR; l++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < m && !(used_a >> i & 1); j++) {
                if (used_b >> j & 1 || level[i][j] != l) continue;
                used_a |= UINT64_C(1) << i;
                used_b |= UINT64_C(1) << j;
                match[count++] = (struct link_level_match){a[i], (f->info[l][a[i]] + f->info[l][b[j]]) / 2};
                got += value[l] * (f->info[0][a[i]] + f->info[0][b[j]]);
            }
    double bits = link_level_sum(link, f, s, match, count);
    *info = (float)(bits > link->cap ? link->cap : bits);
    int share = 0;
    while (share < LINK_LEVELS - 2 && got / total <= bound[share]) share++;
    return share;
}

/* One value, or several that stand for each other: the likest two. */
static int link_level_one(const struct link_field *f, const uint32_t *a, size_t n, const uint32_t *b, size_t m, float *info)
{
    int best = LINK_NEAR;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) {
            int level = link_level_token(f, a[i], b[j]);
            if (level < 0 || level > best) continue;
            float bits = (f->info[level][a[i]] + f->info[level][b[j]]) / 2;
            if (level < best || bits > *info) *info = bits;
            best = level;
        }
    if (best < LINK_NEAR) return best;
    /* Two documents that are both right are of two people, sooner than one of them misread. */
    bool sure = f->text[f->at[a[0]]] == LINK_KIND_SURE && f->text[f->at[b[0]]] == LINK_KIND_SURE;
    return sure ? LINK_LEVELS - 1 : LINK_LEVELS - 2;
}

int link_level(const struct link *link, size_t field, struct link_scratch *scratch, uint32_t a, uint32_t b, float *info)
{
    const struct link_field *f = &link->field[field];
    *info = 0;
    if (a < b) {
        uint32_t other = a;
        a = b;
        b = other;
    }
    size_t n = f->first[a + 1] - f->first[a], m = f->first[b + 1] - f->first[b];
    const uint32_t *x = f->token + f->first[a], *y = f->token + f->first[b];
    if (n == 0 || m == 0) return -1;
    if (f->many) return link_level_many(link, f, scratch, x, n, y, m, info);
    return link_level_one(f, x, n, y, m, info);
}
