#include "match/link_sort.h"

#include <stdlib.h>
#include <string.h>

enum { LINK_SORT_BITS = 11, LINK_SORT_SIZE = 1 << LINK_SORT_BITS };

bool link_sort(struct link_sort_item *items, size_t count)
{
    uint64_t all = 0, none = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        all |= items[i].key;
        none &= items[i].key;
    }
    if (count < 2 || all == none) return true;
    struct link_sort_item *copy = malloc(count * sizeof *copy), *from = items, *to = copy;
    size_t *place = malloc(LINK_SORT_SIZE * sizeof *place);
    bool good = copy != NULL && place != NULL;
    for (int shift = 0; good && shift < 64; shift += LINK_SORT_BITS) {
        if (((all ^ none) >> shift & (LINK_SORT_SIZE - 1)) == 0) continue;
        memset(place, 0, LINK_SORT_SIZE * sizeof *place);
        for (size_t i = 0; i < count; i++) place[from[i].key >> shift & (LINK_SORT_SIZE - 1)]++;
        for (size_t i = 0, sum = 0; i < LINK_SORT_SIZE; i++) {
            size_t n = place[i];
            place[i] = sum;
            sum += n;
        }
        for (size_t i = 0; i < count; i++) to[place[from[i].key >> shift & (LINK_SORT_SIZE - 1)]++] = from[i];
        struct link_sort_item *other = from;
        from = to;
        to = other;
    }
    if (good && from != items) memcpy(items, from, count * sizeof *items);
    free(copy);
    free(place);
    return good;
}
