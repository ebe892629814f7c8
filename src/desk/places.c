#include "desk/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/addr.h"

static uint64_t places_hash(const char *text)
{
    return hash_quick(text, strlen(text));
}

/* Codes are compared in half width and capitals, without spaces. */
static const char *places_code(char out[ADDR_PART], const char *text)
{
    struct arena_buf folded = {0};
    size_t n = 0;
    if (text != NULL && text_fold(&folded, text, strlen(text)))
        for (size_t i = 0; i < folded.len && n < ADDR_PART - 1; i++)
            if (folded.data[i] != ' ')
                out[n++] = folded.data[i] >= 'a' && folded.data[i] <= 'z' ? (char)(folded.data[i] - 32) : folded.data[i];
    out[n] = 0;
    arena_buf_free(&folded);
    return out;
}

static const char *places_address_key(char out[ADDR_KEY], const char *text)
{
    struct addr addr;
    out[0] = 0;
    if (text != NULL && *text != 0 && addr_read(&addr, text)) addr_building_key(out, &addr);
    return out;
}

static bool places_area(struct places *p, uint32_t area)
{
    const struct site_area *a = site_area(p->site, area);
    char key[ADDR_KEY], code[ADDR_PART];
    if (!map_put(&p->by_code, places_hash(places_code(code, a->code)), area)) return false;
    p->address[area] = arena_text(&p->arena, key, strlen(places_address_key(key, a->address)));
    if (p->address[area] == NULL) return false;
    return *key == 0 || map_put(&p->by_address, places_hash(key), area);
}

static bool places_known_door(struct places *p, uint32_t door)
{
    const struct site_door *d = site_door(p->site, door);
    char key[ADDR_KEY];
    addr_room(key, d->unit, d->floor, d->room);
    size_t cut = strlen(key);
    if (d->area == SITE_NONE) snprintf(key + cut, sizeof key - cut, "|%s", d->name);
    p->doors[door] = (struct places_door){d->id, d->area, arena_text(&p->arena, key, strlen(key))};
    return p->doors[door].key != NULL && map_put(&p->by_door, site_key(d->area, places_hash(key)), door);
}

dw_err places_make(struct places *p, const struct site *site)
{
    uint32_t areas = site_count(site, SITE_AREA), doors = site_count(site, SITE_DOOR),
             households = site_count(site, SITE_HOUSEHOLD);
    p->site = site;
    p->address = arena_array(&p->arena, (size_t)areas + 1, sizeof *p->address);
    if (p->address == NULL || !arena_grow((void **)&p->doors, &p->door_cap, (size_t)doors + 1, sizeof *p->doors) ||
        !arena_grow((void **)&p->households, &p->household_cap, (size_t)households + 1, sizeof *p->households))
        return DW_E_MEMORY;
    for (uint32_t i = 0; i < areas; i++)
        if (!places_area(p, i)) return DW_E_MEMORY;
    for (p->door_count = 0; p->door_count < doors; p->door_count++)
        if (!places_known_door(p, (uint32_t)p->door_count)) return DW_E_MEMORY;
    for (uint32_t i = 0; i < households; i++) {
        const struct site_household *h = site_household(site, i);
        p->households[i] = (struct places_household){h->id, h->door, ""};
        if (!map_put(&p->by_household, site_key(h->door, places_hash("")), i)) return DW_E_MEMORY;
    }
    p->household_count = households;
    return DW_OK;
}

void places_free(struct places *p)
{
    struct map *maps[] = {&p->by_code, &p->by_address, &p->by_door, &p->by_household};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) map_free(maps[i]);
    arena_free(&p->arena);
    free(p->doors);
    free(p->households);
    memset(p, 0, sizeof *p);
}

static bool places_is_building(const struct places *p, uint32_t area)
{
    enum kinds_area_kind kind = site_area(p->site, area)->kind;
    return kind == KINDS_AREA_KIND_BUILDING || kind == KINDS_AREA_KIND_FACTORY;
}

uint32_t places_building(const struct places *p, const char *code, const char *address)
{
    char folded[ADDR_PART], other[ADDR_PART], key[ADDR_KEY];
    size_t cursor = 0;
    uint32_t area;
    places_code(folded, code);
    while (*folded != 0 && map_next(&p->by_code, places_hash(folded), &cursor, &area))
        if (places_is_building(p, area) && strcmp(places_code(other, site_area(p->site, area)->code), folded) == 0) return area;
    places_address_key(key, address);
    cursor = 0;
    while (*key != 0 && map_next(&p->by_address, places_hash(key), &cursor, &area))
        if (places_is_building(p, area) && strcmp(p->address[area], key) == 0) return area;
    return SITE_NONE;
}

dw_err places_door(struct places *p, uint32_t *out, bool *fresh, uint32_t area, const char *key, int64_t now_ms, struct rng *rng)
{
    uint64_t hash = site_key(area, places_hash(key));
    size_t cursor = 0;
    *fresh = false;
    while (map_next(&p->by_door, hash, &cursor, out))
        if (p->doors[*out].area == area && strcmp(p->doors[*out].key, key) == 0) return DW_OK;
    if (!arena_grow((void **)&p->doors, &p->door_cap, p->door_count + 1, sizeof *p->doors)) return DW_E_MEMORY;
    *out = (uint32_t)p->door_count++;
    *fresh = true;
    p->doors[*out] = (struct places_door){id_make(now_ms, rng), area, arena_text(&p->arena, key, strlen(key))};
    return p->doors[*out].key != NULL && map_put(&p->by_door, hash, *out) ? DW_OK : DW_E_MEMORY;
}

dw_err places_household(struct places *p, uint32_t *out, bool *fresh, uint32_t door, const char *head, int64_t now_ms,
                        struct rng *rng)
{
    uint64_t hash = site_key(door, places_hash(head));
    size_t cursor = 0;
    *fresh = false;
    while (map_next(&p->by_household, hash, &cursor, out))
        if (p->households[*out].door == door && strcmp(p->households[*out].head, head) == 0) return DW_OK;
    if (!arena_grow((void **)&p->households, &p->household_cap, p->household_count + 1, sizeof *p->households))
        return DW_E_MEMORY;
    *out = (uint32_t)p->household_count++;
    *fresh = true;
    p->households[*out] = (struct places_household){id_make(now_ms, rng), door, arena_text(&p->arena, head, strlen(head))};
    return p->households[*out].head != NULL && map_put(&p->by_household, hash, *out) ? DW_OK : DW_E_MEMORY;
}
