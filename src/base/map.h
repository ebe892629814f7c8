/* Hash table from 64-bit hashes to 32-bit indexes into the caller's array; the caller compares the keys. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise. Open addressing with linear probing; several entries may carry the same hash. */
struct map {
    uint64_t *hashes;
    uint32_t *values; /* value + 1; 0 is an empty slot, UINT32_MAX a removed one */
    size_t cap;
    size_t used; /* filled and removed slots */
};

/* Adds (hash, value); value < UINT32_MAX - 1. False when memory is out. Amortised O(1). */
bool map_put(struct map *map, uint64_t hash, uint32_t value);
/* Walks the values of one hash: start with *cursor = 0; false when there are no more. */
bool map_next(const struct map *map, uint64_t hash, size_t *cursor, uint32_t *value);
/* Removes one (hash, value); false if it is not there. */
bool map_drop(struct map *map, uint64_t hash, uint32_t value);
void map_clear(struct map *map);
void map_free(struct map *map);

#endif
