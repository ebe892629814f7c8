#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MAP_REMOVED UINT32_MAX

static void map_place(struct map *map, uint64_t hash, uint32_t stored)
{
    size_t slot = hash & (map->cap - 1);
    while (map->values[slot] != 0) slot = (slot + 1) & (map->cap - 1);
    map->hashes[slot] = hash;
    map->values[slot] = stored;
    map->used++;
}

static bool map_resize(struct map *map)
{
    struct map old = *map;
    size_t live = 0;
    for (size_t i = 0; i < old.cap; i++) live += old.values[i] != 0 && old.values[i] != MAP_REMOVED;
    size_t cap = 16;
    while (cap < (live + 1) * 4) cap *= 2;
    uint64_t *hashes = malloc(cap * sizeof *hashes);
    uint32_t *values = calloc(cap, sizeof *values);
    if (hashes == NULL || values == NULL) {
        free(hashes);
        free(values);
        return false;
    }
    *map = (struct map){.hashes = hashes, .values = values, .cap = cap};
    for (size_t i = 0; i < old.cap; i++)
        if (old.values[i] != 0 && old.values[i] != MAP_REMOVED) map_place(map, old.hashes[i], old.values[i]);
    free(old.hashes);
    free(old.values);
    return true;
}

bool map_put(struct map *map, uint64_t hash, uint32_t value)
{
    assert(value < MAP_REMOVED - 1);
    if ((map->used + 1) * 2 > map->cap && !map_resize(map)) return false;
    map_place(map, hash, value + 1);
    return true;
}

/* *cursor counts the slots already seen from the home slot, so 0 starts the walk. */
bool map_next(const struct map *map, uint64_t hash, size_t *cursor, uint32_t *value)
{
    while (*cursor < map->cap) {
        size_t slot = (hash + *cursor) & (map->cap - 1);
        if (map->values[slot] == 0) return false;
        (*cursor)++;
        if (map->hashes[slot] == hash && map->values[slot] != MAP_REMOVED) {
            *value = map->values[slot] - 1;
            return true;
        }
    }
    return false;
}

bool map_drop(struct map *map, uint64_t hash, uint32_t value)
{
    size_t cursor = 0;
    uint32_t found;
    while (map_next(map, hash, &cursor, &found)) {
        if (found != value) continue;
        map->values[(hash + cursor - 1) & (map->cap - 1)] = MAP_REMOVED;
        return true;
    }
    return false;
}

void map_clear(struct map *map)
{
    if (map->cap > 0) memset(map->values, 0, map->cap * sizeof *map->values);
    map->used = 0;
}

void map_free(struct map *map)
{
    free(map->hashes);
    free(map->values);
    memset(map, 0, sizeof *map);
}
