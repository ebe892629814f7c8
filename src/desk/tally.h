/* Tables told by one sum each: a store that keeps nothing of what is written to it but, for every table, how many rows and the
 * sum of their keyed hashes (SipHash-2-4 with 128 bits, Aumasson and Bernstein 2012, under a key made anew each time). Two sets
 * of rows with the same sum are the same set, whatever their order: nobody can aim at a key that he cannot know. */
#ifndef DESK_TALLY_H
#define DESK_TALLY_H

#include "base/arena.h"
#include "base/hash.h"
#include "desk/tables.h"

struct tally_sum {
    uint64_t low, high; /* of the two halves of the hashes, each by itself */
    int64_t rows;
};

struct tally {
    struct store base; /* for tables_flush */
    uint8_t key[HASH_FAST_KEY];
    struct tally_sum sums[TABLES_COUNT];
    struct arena_buf row;
};

/* like: takes its key from there, so that the two can be compared; NULL: a new one. */
void tally_make(struct tally *tally, const struct tally *like);
/* A row of a table as it is read (all columns but site_id). False when memory is out. O(bytes). */
bool tally_add(struct tally *tally, enum tables_name table, const struct store_value *values, size_t count);
bool tally_same(const struct tally *a, const struct tally *b, enum tables_name table);
void tally_free(struct tally *tally);

#endif
