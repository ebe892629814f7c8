#include "match/link_block.h"

#include <stdlib.h>
#include <string.h>

/* Steps along lists that are worth making in any case: some seconds' work. Beyond, so many a record. */
#define LINK_BLOCK_STEPS 3e9
#define LINK_BLOCK_STEPS_RECORD 100.0
#define LINK_BLOCK_SAYS 3.0f /* bits */

enum {
    LINK_BLOCK_LEAST = 64, /* a list of so many is never too long */
    LINK_BLOCK_NEAR = 32,  /* records of all that a token is like, where not all agreements are walked */
    LINK_BLOCK_SHARE = 20, /* and one of more than this part of all records always is */
    LINK_BLOCK_SIZES = 32
};

/* Steps that all walks along lists make together, by the length of lists in powers of two. */
struct link_block_steps {
    double own[LINK_BLOCK_SIZES], near[LINK_BLOCK_SIZES];
};

static int link_block_size(uint32_t records)
{
    int size = 0;
    while (size < LINK_BLOCK_SIZES - 1 && UINT32_C(1) << size < records) size++;
    return size;
}

static void link_block_count(struct link_block_steps *steps, const struct link *link)
{
    memset(steps, 0, sizeof *steps);
    for (size_t k = 0; k < link->field_count; k++) {
        const struct link_field *f = &link->field[k];
        for (uint32_t t = 0; t < f->count; t++) {
            int size = link_block_size(f->df[t]);
            double walkers = 0;
            for (uint32_t q = f->near_first[t]; q < f->near_first[t + 1]; q++) walkers += f->df[f->near[q]];
            steps->own[size] += (double)f->df[t] * f->df[t];
            steps->near[size] += walkers * f->df[t];
        }
    }
}

/* All agreements, if these are few enough; else the longest lists go, until what is left is so many steps a record. */
static void link_block_decide(struct link_block *block, const struct link *link)
{
    struct link_block_steps steps;
    double sum = 0;
    int size = 0;
    uint32_t most = (uint32_t)(link->records / LINK_BLOCK_SHARE);
    link_block_count(&steps, link);
    block->most = most < LINK_BLOCK_LEAST ? LINK_BLOCK_LEAST : most;
    block->most_near = UINT32_MAX;
    for (int i = 0; i < link_block_size(block->most); i++) sum += steps.own[i] + steps.near[i];
    block->all = sum <= LINK_BLOCK_STEPS;
    if (block->all) return;
    sum = 0;
    while (size < LINK_BLOCK_SIZES - 1 && sum + steps.own[size] <= LINK_BLOCK_STEPS_RECORD * (double)link->records)
        sum += steps.own[size++];
    uint32_t allowed = size == 0 ? 1 : UINT32_C(1) << (size - 1);
    if (allowed < block->most) block->most = allowed < LINK_BLOCK_LEAST ? LINK_BLOCK_LEAST : allowed;
    block->most_near = LINK_BLOCK_NEAR;
}

static uint64_t link_block_key(size_t field, uint32_t token, size_t other_field, uint32_t other)
{
    uint64_t a = (uint64_t)field << 32 | token, b = (uint64_t)other_field << 32 | other, low = a < b ? a : b,
             high = a < b ? b : a;
    uint64_t x = (low + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ high * UINT64_C(0xc2b2ae3d27d4eb4f);
    x = (x ^ x >> 31) * UINT64_C(0xbf58476d1ce4e5b9);
    return x ^ x >> 29;
}

bool link_block_says(const struct link_block *block, const struct link_field *f, uint32_t token)
{
    return link_block_common(block, f, token) && f->info[0][token] >= LINK_BLOCK_SAYS;
}

struct link_block_token {
    uint32_t field, token;
    float bits;
};

/* The common tokens of a record, rarest first. */
static size_t link_block_tokens(struct link_block_token out[LINK_BLOCK_TOKENS], const struct link_block *block,
                                const struct link *link, uint32_t record)
{
    size_t count = 0;
    for (size_t k = 0; k < link->field_count; k++) {
        const struct link_field *f = &link->field[k];
        for (uint32_t i = f->first[record]; i < f->first[record + 1]; i++) {
            if (!link_block_says(block, f, f->token[i])) continue;
            struct link_block_token one = {(uint32_t)k, f->token[i], f->info[0][f->token[i]]};
            size_t at = count < LINK_BLOCK_TOKENS ? count++ : LINK_BLOCK_TOKENS;
            for (; at > 0 && out[at - 1].bits < one.bits; at--)
                if (at < LINK_BLOCK_TOKENS) out[at] = out[at - 1];
            if (at < LINK_BLOCK_TOKENS) out[at] = one;
        }
    }
    return count;
}

/* Every two common tokens of every record. */
static dw_err link_block_pairs(struct link_sort_item **out, size_t *count, const struct link_block *block,
                               const struct link *link)
{
    struct link_block_token token[LINK_BLOCK_TOKENS];
    *count = 0;
    for (uint32_t r = 0; r < link->records; r++) {
        size_t n = link_block_tokens(token, block, link, r);
        *count += n * (n - (n > 0)) / 2;
    }
    *out = malloc((*count + 1) * sizeof **out);
    if (*out == NULL || *count >= UINT32_MAX) return DW_E_MEMORY;
    size_t at = 0;
    for (uint32_t r = 0; r < link->records; r++) {
        size_t n = link_block_tokens(token, block, link, r);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                (*out)[at++] =
                    (struct link_sort_item){link_block_key(token[i].field, token[i].token, token[j].field, token[j].token), r};
    }
    return link_sort(*out, *count) ? DW_OK : DW_E_MEMORY;
}

static void link_block_put(struct link_block *block, uint64_t key, uint32_t first, uint32_t count)
{
    size_t at = key & (block->slots - 1);
    while (block->slot[at].count != 0) at = (at + 1) & (block->slots - 1);
    block->slot[at] = (struct link_block_slot){key, first, count};
}

/* Those that more than one record has, and not too many. */
static dw_err link_block_lists(struct link_block *block, struct link *link, const struct link_sort_item *items, size_t count)
{
    size_t groups = 0;
    uint32_t kept = 0;
    for (size_t i = 0, j; i < count; i = j) {
        for (j = i; j < count && items[j].key == items[i].key;) j++;
        groups += j - i > 1;
    }
    block->slots = 16;
    while (block->slots < groups * 2) block->slots *= 2;
    block->slot = calloc(block->slots, sizeof *block->slot);
    block->record = malloc((count + 1) * sizeof *block->record);
    if (block->slot == NULL || block->record == NULL) return DW_E_MEMORY;
    for (size_t i = 0, j; i < count; i = j) {
        for (j = i; j < count && items[j].key == items[i].key;) j++;
        if (j - i > block->most) {
            link->counts.skipped_blocks++;
            link->counts.skipped_pairs += (uint64_t)(j - i) * (j - i - 1) / 2;
        }
        if (j - i < 2 || j - i > block->most) continue;
        link_block_put(block, items[i].key, kept, (uint32_t)(j - i));
        for (size_t k = i; k < j; k++) block->record[kept++] = items[k].value;
    }
    return DW_OK;
}

static dw_err link_block_filter(struct link_block *block, const struct link *link)
{
    block->look = calloc(link->records + 1, sizeof *block->look);
    if (block->look == NULL) return DW_E_MEMORY;
    for (size_t r = 0; r < link->records; r++) block->look[r].mask = link->mask[r];
    for (size_t k = 0; k < link->field_count; k++) {
        const struct link_field *f = &link->field[k];
        for (uint32_t r = 0; r < link->records; r++)
            for (uint32_t i = f->first[r]; i < f->first[r + 1]; i++)
                if (link_block_common(block, f, f->token[i])) block->look[r].common |= link_block_bits(k, f->token[i]);
    }
    return DW_OK;
}

dw_err link_block_make(struct link_block *block, struct link *link)
{
    struct link_sort_item *items = NULL;
    size_t count;
    link->counts.skipped_blocks = link->counts.skipped_pairs = 0;
    link_block_decide(block, link);
    dw_err err = link_block_filter(block, link);
    if (err == DW_OK) err = link_block_pairs(&items, &count, block, link);
    if (err == DW_OK) err = link_block_lists(block, link, items, count);
    free(items);
    return err;
}

void link_block_free(struct link_block *block)
{
    free(block->look);
    free(block->record);
    free(block->slot);
    memset(block, 0, sizeof *block);
}

const uint32_t *link_block_find(uint32_t *count, const struct link_block *block, size_t field, uint32_t token, size_t other_field,
                                uint32_t other)
{
    uint64_t key = link_block_key(field, token, other_field, other);
    size_t at = key & (block->slots - 1);
    while (block->slot[at].count != 0 && block->slot[at].key != key) at = (at + 1) & (block->slots - 1);
    *count = block->slot[at].count;
    return *count == 0 ? NULL : block->record + block->slot[at].first;
}
