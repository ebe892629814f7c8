#include "sim/copy.h"

#include <stdlib.h>
#include <string.h>

#include "domain/addr.h"

static bool copy_first_grow(struct copy *copy, uint32_t door)
{
    size_t old = copy->first_cap;
    if (!arena_grow((void **)&copy->first, &copy->first_cap, (size_t)door + 1, sizeof *copy->first)) return false;
    for (size_t i = old; i < copy->first_cap; i++) copy->first[i] = SITE_NONE;
    return true;
}

uint32_t copy_first(const struct copy *copy, uint32_t door)
{
    return door < copy->first_cap ? copy->first[door] : SITE_NONE;
}

static void copy_link(struct copy *copy, uint32_t person, uint32_t door)
{
    struct copy_person *p = &copy->people[person];
    p->door = door;
    p->area = copy->places.doors[door].area;
    p->next = copy->first[door];
    copy->first[door] = person;
}

dw_err copy_move(struct copy *copy, uint32_t person, uint32_t door)
{
    struct copy_person *p = &copy->people[person];
    if (!copy_first_grow(copy, door)) return DW_E_MEMORY;
    if (p->door != SITE_NONE) {
        uint32_t *link = &copy->first[p->door];
        while (*link != person) link = &copy->people[*link].next;
        *link = p->next;
    }
    copy_link(copy, person, door);
    return DW_OK;
}

dw_err copy_add(struct copy *copy, uint32_t *out, struct id id, const struct likeness *like, uint32_t door)
{
    if (!arena_grow((void **)&copy->people, &copy->cap, copy->count + 1, sizeof *copy->people)) return DW_E_MEMORY;
    *out = (uint32_t)copy->count++;
    struct copy_person *p = &copy->people[*out];
    *p = (struct copy_person){
        .id = id, .door = SITE_NONE, .area = SITE_NONE, .next = SITE_NONE, .doc_valid = like->record.doc_valid};
    p->name = arena_text(&copy->arena, like->name, strlen(like->name));
    p->doc = arena_text(&copy->arena, like->doc.text, strlen(like->doc.text));
    p->phone = arena_text(&copy->arena, like->phone, strlen(like->phone));
    if (p->name == NULL || p->doc == NULL || p->phone == NULL) return DW_E_MEMORY;
    if (door != SITE_NONE) {
        if (!copy_first_grow(copy, door)) return DW_E_MEMORY;
        copy_link(copy, *out, door);
    }
    return match_put(copy->index, *out, &like->record);
}

static bool copy_buildings(struct copy *copy, const struct site *site)
{
    const struct world *w = copy->world;
    uint32_t areas = site_count(site, SITE_AREA);
    copy->area_building = arena_array(&copy->arena, (size_t)areas + 1, sizeof(uint32_t));
    copy->building_area = arena_array(&copy->arena, w->building_count + 1, sizeof(uint32_t));
    copy->area_id = arena_array(&copy->arena, (size_t)areas + 1, sizeof(struct id));
    if (copy->area_building == NULL || copy->building_area == NULL || copy->area_id == NULL) return false;
    for (size_t b = 0; b < w->building_count; b++) copy->building_area[b] = SITE_NONE;
    for (uint32_t a = 0; a < areas; a++) {
        uint32_t building = world_by_code(w, site_area(site, a)->code);
        copy->area_building[a] = building;
        copy->area_id[a] = site_area(site, a)->id;
        if (building != WORLD_NONE) copy->building_area[building] = a;
    }
    return true;
}

dw_err copy_make(struct copy *copy, const struct site *site, const struct world *world, const struct site_round *round,
                 int32_t today)
{
    copy->world = world;
    copy->today = today;
    copy->synthetic = site->synthetic;
    ERR_TRY(places_make(&copy->places, site));
    ERR_TRY(match_make(&copy->index));
    if (!copy_buildings(copy, site)) return DW_E_MEMORY;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        struct likeness like;
        uint32_t person, door = SITE_NONE;
        bool gone;
        if (site_person(site, p)->merged_into != SITE_NONE) continue;
        uint32_t place = site_place(site, p, &gone);
        if (place != SITE_NONE) door = site_stay(site, place)->door;
        likeness_person(&like, site, p, today);
        ERR_TRY(copy_add(copy, &person, site_person(site, p)->id, &like, door));
        copy->people[person].owed = p < cover_people(round->cover) && cover_is_owed(round->cover, p);
        const struct site_mark *mark = site_mark(round, p);
        if (mark != NULL) copy->people[person].state = mark->state;
        copy->people[person].settled = !copy->people[person].owed || !cover_is_missing(round->cover, p);
    }
    return DW_OK;
}

void copy_free(struct copy *copy)
{
    places_free(&copy->places);
    match_free(copy->index);
    arena_free(&copy->arena);
    free(copy->people);
    free(copy->first);
    memset(copy, 0, sizeof *copy);
}

dw_err copy_door(struct copy *copy, uint32_t *out, bool *fresh, uint32_t area, const struct world_door *door, int64_t now_ms,
                 struct rng *rng)
{
    char key[ADDR_KEY], floor[12];
    snprintf(floor, sizeof floor, "%.0u", door->floor); /* a gate stands on no floor */
    addr_room(key, "", floor, door->room);
    return places_door(&copy->places, out, fresh, area, key, now_ms, rng);
}
