/* Which lists of records are walked: those of tokens that are not too common, and those of two common tokens together. */
#ifndef MATCH_LINK_BLOCK_H
#define MATCH_LINK_BLOCK_H

#include "match/link_inside.h"
#include "match/link_sort.h"

enum { LINK_BLOCK_TOKENS = 6 /* common tokens of a record that are put together, the rarest first */ };

struct link_block {
    bool all;           /* everything that agrees is walked, but for what one in twenty has */
    uint32_t most;      /* records up to which a list is walked */
    uint32_t most_near; /* and all lists of what a token is like together */
    struct link_block_look {
        uint64_t common; /* a filter (Bloom 1970) of a record's common tokens */
        uint32_t mask;   /* its fields, as in link->mask */
    } * look;            /* by record: what is looked at of whoever is found */
    uint32_t *record;
    struct link_block_slot {
        uint64_t key;
        uint32_t first, count; /* count 0: free */
    } * slot;
    size_t slots;
};

/* Decides how long a list may be so that all walks together stay within what pairs of so many records are worth, and puts records
 * together by two common tokens. Pairs that share more than one common token and are in lists that are too long all the same are
 * counted. DW_E_MEMORY. O(records log records). */
dw_err link_block_make(struct link_block *block, struct link *link);
void link_block_free(struct link_block *block);

static inline bool link_block_common(const struct link_block *block, const struct link_field *f, uint32_t token)
{
    return f->df[token] > block->most;
}

/* Whether a record may have a common token: never false when it has. */
static inline uint64_t link_block_bits(size_t field, uint32_t token)
{
    uint64_t x = ((uint64_t)field << 32 | token) * UINT64_C(0x9e3779b97f4a7c15);
    return UINT64_C(1) << (x >> 58) | UINT64_C(1) << (x >> 40 & 63);
}

/* A common token that is not so common that it says next to nothing. */
bool link_block_says(const struct link_block *block, const struct link_field *f, uint32_t token);
/* Records that have both tokens, ascending; NULL when these are one or none, or too many. */
const uint32_t *link_block_find(uint32_t *count, const struct link_block *block, size_t field, uint32_t token, size_t other_field,
                                uint32_t other);

#endif
