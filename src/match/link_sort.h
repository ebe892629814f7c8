/* Sorting by a 64-bit key, stable, in passes over its bytes: several times quicker than comparing. */
#ifndef MATCH_LINK_SORT_H
#define MATCH_LINK_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link_sort_item {
    uint64_t key;
    uint32_t value;
};

/* False when memory for a copy is out; items are then as they were. O(count × bytes in which keys differ). */
bool link_sort(struct link_sort_item *items, size_t count);

#endif
