#include "sim/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "sim/layout.h"
#include "sim/people.h"

struct rng world_rng(const struct world *world, uint64_t purpose)
{
    uint64_t key[3] = {world->seed, world->people, purpose};
    return rng_seed(hash_quick(key, sizeof key));
}

static dw_err world_index(struct world *world)
{
    bool fine = true;
    for (uint32_t i = 0; i < world->building_count; i++) {
        const struct world_building *b = &world->buildings[i];
        fine = fine && map_put(&world->by_code, hash_quick(b->code, strlen(b->code)), i);
        fine = fine && map_put(&world->by_address, hash_quick(b->address, strlen(b->address)), i);
    }
    for (uint32_t i = 0; i < world->person_count; i++) {
        const struct world_person *p = &world->persons[i];
        if (p->doc[0] != 0) fine = fine && map_put(&world->by_doc, hash_quick(p->doc, strlen(p->doc)), i);
        fine = fine && map_put(&world->by_name, hash_quick(p->name, strlen(p->name)), i);
    }
    return fine ? DW_OK : DW_E_MEMORY;
}

dw_err world_make(struct world **out, uint64_t seed, uint32_t people, struct err_detail *detail)
{
    *out = NULL;
    if (people < WORLD_PEOPLE_MIN || people > WORLD_PEOPLE_MAX)
        return err_set(detail, DW_E_INVALID, "people=%u (%d–%d)", people, WORLD_PEOPLE_MIN, WORLD_PEOPLE_MAX);
    struct world *world = calloc(1, sizeof *world);
    if (world == NULL) return DW_E_MEMORY;
    world->seed = seed;
    world->people = people;
    when_parse(&world->freeze, "2022-04-09T05:00:00+08:00", 25);
    dw_err err = layout_make(world, detail);
    if (err == DW_OK) err = people_make(world, detail);
    if (err == DW_OK) err = world_index(world);
    if (err != DW_OK) {
        world_free(world);
        return err;
    }
    *out = world;
    return DW_OK;
}

void world_free(struct world *world)
{
    if (world == NULL) return;
    free(world->doors);
    free(world->households);
    free(world->persons);
    map_free(&world->by_code);
    map_free(&world->by_address);
    map_free(&world->by_doc);
    map_free(&world->by_name);
    arena_free(&world->arena);
    free(world);
}

uint32_t world_by_code(const struct world *world, const char *code)
{
    size_t cursor = 0;
    uint32_t i;
    while (map_next(&world->by_code, hash_quick(code, strlen(code)), &cursor, &i))
        if (strcmp(world->buildings[i].code, code) == 0) return i;
    return WORLD_NONE;
}

uint32_t world_by_address(const struct world *world, const char *address)
{
    size_t cursor = 0;
    uint32_t i;
    while (map_next(&world->by_address, hash_quick(address, strlen(address)), &cursor, &i))
        if (strcmp(world->buildings[i].address, address) == 0) return i;
    return WORLD_NONE;
}

const struct world_door *world_person_door(const struct world *world, uint32_t person)
{
    return &world->doors[world->households[world->persons[person].household].door];
}

uint32_t world_person_building(const struct world *world, uint32_t person)
{
    return world_person_door(world, person)->building;
}

const char *world_use_text(enum world_use use)
{
    static const char *const texts[] = {"own", "rental", "apartment", "dormitory", "factory"};
    return texts[use];
}
