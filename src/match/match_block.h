/* Blocks: what two likely records share, as 32-bit keys, and a table from keys to references. For match.c.
 *
 * Two documents one slip apart (optimal string alignment) share a key: where the slip is not in the last five characters, those
 * are equal (TAIL); where it is, deleting one of the last six of each, or none, gives the same text (symmetric deletion as in
 * FastSS, Bocek, Hunt and Stiller 2007, but of the tail alone: seven keys a document instead of nineteen). Names that are alike
 * share a character, so every other block is a character of the name with a birth, a phone or a place. */
#ifndef MATCH_MATCH_BLOCK_H
#define MATCH_MATCH_BLOCK_H

#include "match/match.h"

enum { MATCH_BLOCK_KEYS = 48 };

struct match_block_keys {
    uint32_t keys[MATCH_BLOCK_KEYS]; /* ascending, each once */
    size_t count;
};

/* The keys of a record (texts never NULL). looking: also those where a document stands that was rounded up or down, but not the
 * one of the whole name. */
void match_block_keys(struct match_block_keys *out, const struct match_record *record, bool looking);
/* The keys of a whole document and a whole name. */
uint32_t match_block_doc(const char *doc);
uint32_t match_block_name(const char *name);
/* The birth inside a valid document of 18 characters; 0 for any other. */
int32_t match_block_birth(const struct match_record *record);

struct match_block_slot {
    uint32_t key, value; /* one reference below 2³¹; or, with the top bit, the list of several; UINT32_MAX: empty */
};

struct match_block_node {
    uint32_t ref, next; /* the first node of a list holds the number of references instead of one */
};

/* Zero-initialise. Open addressing with linear probing; a key of one reference, as nearly all are, is eight bytes in it. */
struct match_block {
    struct match_block_slot *slots;
    size_t cap, used;
    struct match_block_node *nodes;
    size_t node_cap, node_count;
    uint32_t free; /* list of unused nodes, number + 1; 0 none */
};

/* ref < 2³¹, not yet under key. False when memory is out; nothing has changed then. Amortised O(1). */
bool match_block_put(struct match_block *block, uint32_t key, uint32_t ref);
/* O(references of the key). Does nothing if ref is not under key. */
void match_block_drop(struct match_block *block, uint32_t key, uint32_t ref);
void match_block_free(struct match_block *block);
void match_block_prefetch(const struct match_block *block, uint32_t key);

struct match_block_walk {
    uint32_t count; /* of references */
    uint32_t value; /* where next goes on */
};

/* The references of a key, in no order. */
struct match_block_walk match_block_walk(const struct match_block *block, uint32_t key);
bool match_block_next(const struct match_block *block, struct match_block_walk *walk, uint32_t *ref);
size_t match_block_memory(const struct match_block *block);

#endif
