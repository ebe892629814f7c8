#include "sim/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lists_maker {
    struct lists *lists;
    const struct world *world;
    struct rng rng;
    bool failed;
};

static bool lists_chance(struct lists_maker *m, unsigned per_10000)
{
    return rng_below(&m->rng, 10000) < per_10000;
}

static const char *lists_keep(struct lists_maker *m, const char *text)
{
    const char *copy = arena_text(&m->lists->arena, text, strlen(text));
    if (copy == NULL) m->failed = true;
    return copy != NULL ? copy : "";
}

/* Three rows in a hundred have a slip in the document (the old round's more), one in a hundred in the name. Where the old
 * round is all that knows somebody, its row keeps enough (name or phone) for a person to see who was meant. */
static void lists_damage(struct lists_maker *m, struct lists_row *row, enum lists_file file)
{
    const struct world_person *p = &m->world->persons[row->person];
    char doc[SLIPS_DOC], name[NAMES_SIZE];
    bool old = file == LISTS_SAMPLES;
    uint64_t u = rng_below(&m->rng, 10000);
    if (m->lists->damaged[row->person]) return;
    if (u < (old ? 350 : 310) && p->doc[0] != 0) {
        row->slip = (uint8_t)slips_doc(doc, &m->rng, p->doc);
        row->doc = lists_keep(m, doc);
    } else if (old && u < 600 && p->doc[0] != 0 && row->phone[0] != 0) {
        row->doc = "";
        row->slip = SLIPS_MISSING;
    } else if (u >= 9900 && p->doc[0] != 0 && (!old || row->phone[0] != 0)) {
        row->slip = (uint8_t)slips_name(name, &m->rng, p->name, old ? '\0' : p->sex);
        if (row->slip != SLIPS_NONE) row->name = lists_keep(m, name);
    }
    m->lists->damaged[row->person] = row->slip != SLIPS_NONE;
}

/* Eight rows in a hundred show another door of the same building, three none at all. */
static void lists_room(struct lists_maker *m, struct lists_row *row, const struct world_door *door)
{
    const struct world *w = m->world;
    const struct world_building *b = &w->buildings[row->building];
    uint64_t u = rng_below(&m->rng, 1000);
    bool elsewhere = door == NULL;
    if (elsewhere) door = &w->doors[b->first_door + rng_below(&m->rng, b->doors)];
    if (!elsewhere && u < 82 && b->doors > 1) {
        const struct world_door *other = &w->doors[b->first_door + rng_below(&m->rng, b->doors)];
        if (other == door) other = other == &w->doors[b->first_door] ? other + 1 : other - 1;
        row->wrong_room = other->room[0] != 0;
        if (row->wrong_room) door = other;
    }
    row->floor = door->floor;
    row->room = u >= 970 ? "" : door->room;
}

/* building WORLD_NONE: where the person lives. */
static void lists_add(struct lists_maker *m, enum lists_file file, uint32_t person, uint32_t building)
{
    const struct world *w = m->world;
    const struct world_person *p = &w->persons[person];
    struct lists_table *table = &m->lists->tables[file];
    if (!arena_grow((void **)&table->rows, &table->cap, table->count + 1, sizeof *table->rows)) {
        m->failed = true;
        return;
    }
    const struct world_household *h = &w->households[p->household];
    const struct world_door *door = &w->doors[h->door];
    struct lists_row row = {.person = person, .building = building, .name = p->name, .doc = p->doc, .phone = p->phone};
    row.duplicate = building != WORLD_NONE || m->lists->on[person] != 0;
    if (file == LISTS_SAMPLES) row.duplicate = false;
    if (building == WORLD_NONE)
        row.building = door->building;
    else
        door = NULL;
    row.code = file != LISTS_SAMPLES && (file == LISTS_LANDLORDS ? lists_chance(m, 6500) : lists_chance(m, 8800));
    lists_room(m, &row, door);
    if (file == LISTS_HOUSEHOLDS && p->household % 5 < 3) row.phone = w->persons[h->first_person].phone;
    if (file == LISTS_SAMPLES && lists_chance(m, 1500)) row.phone = "";
    lists_damage(m, &row, file);
    table->rows[table->count++] = row;
    m->lists->on[person] |= (uint8_t)(1 << file);
}

static uint32_t lists_other_grid(struct lists_maker *m, uint32_t building)
{
    const struct world *w = m->world;
    for (int i = 0; i < 50; i++) {
        uint32_t b = (uint32_t)rng_below(&m->rng, w->building_count);
        bool far = w->grid_count == 1 || w->cells[w->buildings[b].cell].grid != w->cells[w->buildings[building].cell].grid;
        if (b != building && far && w->buildings[b].use < WORLD_DORMITORY) return b;
    }
    return WORLD_NONE;
}

/* The list that should have this person, and two times in a hundred a second one. */
static void lists_register(struct lists_maker *m, uint32_t person)
{
    const struct world *w = m->world;
    const struct world_person *p = &w->persons[person];
    const struct world_household *h = &w->households[p->household];
    uint32_t building = w->doors[h->door].building;
    const struct world_building *b = &w->buildings[building];
    enum lists_file file = LISTS_HOUSEHOLDS;
    bool let = (b->use == WORLD_RENTAL || b->use == WORLD_APARTMENT) && building * UINT64_C(2654435761) % 100 < 30;
    if (h->collective)
        file = b->factory % 2 == 0 ? LISTS_FACTORY_A : LISTS_FACTORY_B;
    else if (!h->local && let)
        file = LISTS_LANDLORDS;
    lists_add(m, file, person, WORLD_NONE);
    if (p->state == WORLD_DEPARTED || p->doc[0] == 0 || !lists_chance(m, 205)) return;
    uint32_t other = lists_other_grid(m, building);
    if (file == LISTS_LANDLORDS || (!h->collective && !h->local && lists_chance(m, 3000)))
        lists_add(m, file == LISTS_LANDLORDS ? LISTS_HOUSEHOLDS : LISTS_LANDLORDS, person, WORLD_NONE);
    else if (other != WORLD_NONE)
        lists_add(m, LISTS_HOUSEHOLDS, person, other);
}

static bool lists_unlisted_household(struct lists_maker *m, const struct world_household *h)
{
    return !h->local && !h->collective && !h->departed && lists_chance(m, 620);
}

static void lists_people(struct lists_maker *m)
{
    const struct world *w = m->world;
    for (uint32_t i = 0; i < w->household_count && !m->failed; i++) {
        const struct world_household *h = &w->households[i];
        bool unlisted = lists_unlisted_household(m, h);
        for (uint32_t k = h->first_person; k < h->first_person + h->persons; k++) {
            const struct world_person *p = &w->persons[k];
            bool here = p->state == WORLD_PRESENT || p->state == WORLD_AWAY;
            bool alone = here && p->relation != WORLD_HEAD && lists_chance(m, p->doc[0] == 0 ? 4000 : h->collective ? 300 : 100);
            if (p->state == WORLD_ARRIVED || (here && (unlisted || alone))) continue;
            lists_register(m, k);
        }
    }
    for (uint32_t k = 0; k < w->person_count && !m->failed; k++) {
        const struct world_person *p = &w->persons[k];
        bool here = p->state == WORLD_PRESENT || p->state == WORLD_AWAY;
        unsigned left_out = !here ? 1500 : m->lists->damaged[k] ? 0 : m->lists->on[k] != 0 ? 58 : 1560;
        if (p->state != WORLD_ARRIVED && !lists_chance(m, left_out)) lists_add(m, LISTS_SAMPLES, k, WORLD_NONE);
    }
}

static int lists_compare(const void *a, const void *b)
{
    const struct lists_row *x = a, *y = b;
    if (x->building != y->building) return x->building < y->building ? -1 : 1;
    if (x->duplicate != y->duplicate) return x->duplicate ? 1 : -1;
    return x->person < y->person ? -1 : x->person > y->person;
}

dw_err lists_make(struct lists *lists, const struct world *world)
{
    struct lists_maker m = {.lists = lists, .world = world, .rng = world_rng(world, 3)};
    lists->world = world;
    lists->on = arena_array(&lists->arena, world->person_count + 1, 1);
    lists->damaged = arena_array(&lists->arena, world->person_count + 1, 1);
    if (lists->on == NULL || lists->damaged == NULL) return DW_E_MEMORY;
    lists_people(&m);
    if (m.failed) return DW_E_MEMORY;
    for (int i = 0; i < LISTS_FILES; i++)
        if (lists->tables[i].count > 0)
            qsort(lists->tables[i].rows, lists->tables[i].count, sizeof(struct lists_row), lists_compare);
    return DW_OK;
}

void lists_free(struct lists *lists)
{
    if (lists == NULL) return;
    for (int i = 0; i < LISTS_FILES; i++) free(lists->tables[i].rows);
    arena_free(&lists->arena);
    memset(lists, 0, sizeof *lists);
}

const char *lists_file_name(enum lists_file file)
{
    static const char *const names[] = {"households.xlsx", "factory_a.xlsx", "factory_b.xlsx", "landlords.csv",
                                        "samples_round0.xlsx"};
    return names[file];
}

/* A merged row above the headers. */
static bool lists_has_title(enum lists_file file)
{
    return file != LISTS_LANDLORDS && file != LISTS_FACTORY_B;
}

uint32_t lists_first_row(enum lists_file file)
{
    return lists_has_title(file) ? 3 : 2;
}
