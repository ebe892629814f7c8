#include "sim/people.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "domain/idno.h"
#include "sim/names.h"

enum { PEOPLE_SPECS = 4096, PEOPLE_ROLES = 12 };

/* What the handbook says of shares, per 10,000. */
enum { PEOPLE_LOCAL = 1500, PEOPLE_DEPARTED = 580, PEOPLE_DEPARTED_ALONE = 2000, PEOPLE_ARRIVED = 20, PEOPLE_VACANT = 1200 };

struct people_spec { /* one household to be made, or a vacant door with size 0 */
    uint32_t size, door;
    bool local, collective, departed;
};

struct people_role {
    enum world_relation relation;
    char sex;
    int age;
};

struct people {
    struct world *world;
    struct rng rng;
    struct map docs; /* hashes of all documents given out */
    uint32_t residential_left, locals_owed;
    uint64_t departed_owed, alone_owed, arrived_owed; /* ten-thousandths of a person */
    struct people_spec specs[PEOPLE_SPECS];
    size_t spec_count;
    bool failed;
};

static bool people_chance(struct people *p, unsigned per_10000)
{
    return rng_below(&p->rng, 10000) < per_10000;
}

static int people_between(struct people *p, int low, int high)
{
    return high <= low ? low : low + (int)rng_below(&p->rng, (uint64_t)(high - low + 1));
}

static const char *people_keep(struct people *p, const char *text)
{
    const char *copy = arena_text(&p->world->arena, text, strlen(text));
    if (copy == NULL) p->failed = true;
    return copy != NULL ? copy : "";
}

static const char *people_phone(struct people *p)
{
    char text[12];
    snprintf(text, sizeof text, "1%c%09u", (char)('3' + rng_below(&p->rng, 7)), (unsigned)rng_below(&p->rng, 1000000000));
    return people_keep(p, text);
}

static int32_t people_birth(struct people *p, int age)
{
    int y, m, d;
    when_civil(when_days(WORLD_TODAY / 10000, WORLD_TODAY / 100 % 100, WORLD_TODAY % 100) - 1, &y, &m, &d);
    int64_t last = when_days(y - age, m, m == 2 && d == 29 ? 28 : d);
    when_civil(last - (int64_t)rng_below(&p->rng, 364), &y, &m, &d);
    return y * 10000 + m * 100 + d;
}

static bool people_unused(struct people *p, const char *doc)
{
    uint64_t hash = hash_quick(doc, strlen(doc));
    size_t cursor = 0;
    uint32_t value;
    if (map_next(&p->docs, hash, &cursor, &value)) return false;
    if (!map_put(&p->docs, hash, 0)) p->failed = true;
    return true;
}

static void people_document(struct people *p, struct world_person *person, int age)
{
    char text[32];
    unsigned u = (unsigned)rng_below(&p->rng, 100000);
    person->doc_kind = u < 150 ? WORLD_DOC_HKMO : u < 200 ? WORLD_DOC_TAIWAN : u < 300 ? WORLD_DOC_PASSPORT : WORLD_DOC_ID;
    if (age < 16) person->doc_kind = WORLD_DOC_ID;
    if ((age < 1 && people_chance(p, 5000)) || u > 99900) person->doc_kind = WORLD_DOC_NONE;
    person->doc = "";
    if (person->doc_kind == WORLD_DOC_NONE) return;
    do {
        unsigned digits = (unsigned)rng_below(&p->rng, 10000000);
        int serial = (int)rng_below(&p->rng, 499) * 2 + (person->sex == 'M' ? 1 : 2);
        switch ((enum world_doc)person->doc_kind) {
        case WORLD_DOC_HKMO:
            snprintf(text, sizeof text, "%c%08u", digits % 5 == 0 ? 'M' : 'H', digits);
            break;
        case WORLD_DOC_TAIWAN:
            snprintf(text, sizeof text, "%08u", digits);
            break;
        case WORLD_DOC_PASSPORT:
            snprintf(text, sizeof text, "E%c%07u", (char)('A' + digits % 8), digits);
            break;
        default:
            idno_make18(text, u > 99850 ? "810000" : "350599", person->birth, serial);
        }
    } while (!people_unused(p, text) && !p->failed);
    person->doc = people_keep(p, text);
}

static uint16_t people_flags(struct people *p, char sex, int age, bool local)
{
    uint16_t flags = 0;
    unsigned half = local ? 1 : 2;
    if (people_chance(p, local ? 500 : 180)) flags |= WORLD_DISABLED;
    if (age >= 18 && people_chance(p, 40)) flags |= WORLD_MENTAL;
    if (age >= 18 && people_chance(p, 6)) flags |= WORLD_DIALYSIS;
    if (age >= 18 && people_chance(p, 12)) flags |= WORLD_CHEMO;
    if (sex == 'F' && age >= 19 && age <= 40 && people_chance(p, 230)) flags |= WORLD_PREGNANT;
    if (age < 3) flags |= WORLD_INFANT;
    if (age >= 18 && people_chance(p, 2700 / half)) flags |= WORLD_HYPERTENSION;
    if (age >= 18 && people_chance(p, 1100 / half)) flags |= WORLD_DIABETES;
    if (age >= 80) flags |= WORLD_VERY_OLD;
    return flags;
}

static uint32_t people_elders(struct people *p, uint32_t size, bool local)
{
    if (size < 3) return 0;
    if (size == 3) return local && people_chance(p, 2500);
    if (size == 4) return people_chance(p, local ? 4500 : 2000);
    return size == 5 ? 1 : 2;
}

/* Who lives in a household of this size: head first. Shares as in HANDBOOK section 12 (ages of locals 20/64/16, of migrants
 * 15/82/3 between 0–14, 15–59 and 60+). */
static void people_roles(struct people *p, struct people_role roles[PEOPLE_ROLES], uint32_t size, bool local, bool collective)
{
    char other[] = {'M', 'F'};
    int adult = local ? people_between(p, 24, 57) : 18 + (people_between(p, 0, 22) + people_between(p, 0, 18));
    char sex = people_chance(p, 6000) ? 'M' : 'F';
    roles[0] = (struct people_role){WORLD_HEAD, sex, adult};
    bool mates = collective || (!local && size == 2 && people_chance(p, 1500));
    if (size == 1 && people_chance(p, local ? 4500 : 500)) roles[0].age = people_between(p, 62, 88);
    bool old = local && size == 2 && people_chance(p, 2000);
    if (old) roles[0].age = people_between(p, 60, 84);
    bool one_parent = size == 2 && !old && !mates && people_chance(p, local ? 1500 : 1200);
    uint32_t elders = people_elders(p, size, local);
    bool kids = !mates && !old && (one_parent || size >= 3);
    if (kids) roles[0].age = people_between(p, 24, local ? 50 : 44);
    if (size >= 2 && !mates && !one_parent && people_chance(p, 7000)) roles[0].sex = 'M';
    for (uint32_t i = 1; i < size; i++) {
        struct people_role *r = &roles[i];
        if (mates) {
            *r = (struct people_role){WORLD_MATE, collective ? sex : other[rng_below(&p->rng, 2)],
                                      17 + people_between(p, 0, 20) + people_between(p, 0, 18)};
        } else if (i == 1 && !one_parent) {
            int age = roles[0].age + people_between(p, -5, 3);
            *r = (struct people_role){WORLD_SPOUSE, roles[0].sex == 'M' ? 'F' : 'M', age < 20 ? 20 : age};
        } else if (i >= size - elders) {
            bool father = i + 1 == size && elders == 2;
            int age = roles[0].age + people_between(p, 22, 30);
            *r = (struct people_role){father ? WORLD_FATHER : WORLD_MOTHER, father ? 'M' : 'F',
                                      age < 60   ? 60
                                      : age > 95 ? 95
                                                 : age};
        } else {
            int most = roles[0].age - 21, limit = local ? 21 : 15;
            char child = people_chance(p, 5400) ? 'M' : 'F';
            if (limit > most) limit = most;
            int age = people_between(p, 0, limit), again = people_between(p, 0, limit);
            *r =
                (struct people_role){child == 'M' ? WORLD_SON : WORLD_DAUGHTER, child, again > age && age % 2 == 0 ? again : age};
        }
    }
}

static struct world_person *people_add(struct people *p)
{
    struct world *w = p->world;
    if (!arena_grow((void **)&w->persons, &w->person_cap, w->person_count + 1, sizeof *w->persons)) {
        p->failed = true;
        return NULL;
    }
    struct world_person *person = &w->persons[w->person_count++];
    memset(person, 0, sizeof *person);
    return person;
}

static void people_name(struct people *p, struct world_person *person, const char *surname, bool minority)
{
    char name[NAMES_SIZE], given[NAMES_SIZE];
    if (minority) {
        names_minority(name, &p->rng, person->sex);
    } else {
        names_given(given, &p->rng, person->sex, person->birth / 10000);
        snprintf(name, sizeof name, "%.15s%.40s", surname, given);
    }
    person->name = people_keep(p, name);
}

static void people_person(struct people *p, const struct people_role *role, uint32_t household, const char *surname, bool local,
                          bool minority, uint8_t state)
{
    struct world_person *person = people_add(p);
    if (person == NULL) return;
    person->household = household;
    person->relation = (uint8_t)role->relation;
    person->sex = role->sex;
    person->birth = people_birth(p, role->age);
    person->state = state;
    person->local = local;
    bool family = role->relation == WORLD_HEAD || role->relation == WORLD_SON || role->relation == WORLD_DAUGHTER ||
                  role->relation == WORLD_FATHER;
    people_name(p, person, family ? surname : names_surname(&p->rng, local), minority);
    people_document(p, person, role->age);
    person->flags = people_flags(p, role->sex, role->age, local);
    if (state == WORLD_DEPARTED) {
        static const uint32_t months[] = {202203, 202203, 202203, 202202, 202202, 202201, 202204};
        person->left = months[rng_below(&p->rng, sizeof months / sizeof months[0])];
    }
    const struct world_person *head = &p->world->persons[p->world->households[household].first_person];
    bool own = role->relation == WORLD_HEAD || (role->age >= 16 && people_chance(p, role->age >= 60 ? 5500 : 9600));
    person->phone = own ? people_phone(p) : head->phone != NULL ? head->phone : "";
}

/* One household with the single people that left it or came to it; each of those is owed in ten-thousandths. */
static void people_household(struct people *p, const struct people_spec *spec, uint32_t door)
{
    struct world *w = p->world;
    if (!arena_grow((void **)&w->households, &w->household_cap, w->household_count + 1, sizeof *w->households)) {
        p->failed = true;
        return;
    }
    uint32_t index = (uint32_t)w->household_count++;
    struct world_household *h = &w->households[index];
    *h = (struct world_household){door, (uint32_t)w->person_count, 0, spec->local, spec->collective, spec->departed};
    struct people_role roles[PEOPLE_ROLES];
    assert(spec->size > 0 && spec->size <= PEOPLE_ROLES - 2);
    people_roles(p, roles, spec->size, spec->local, spec->collective);
    const char *surname = names_surname(&p->rng, spec->local);
    bool minority = !spec->local && people_chance(p, 35);
    uint8_t state = spec->departed ? WORLD_DEPARTED : people_chance(p, 150) ? WORLD_AWAY : WORLD_PRESENT;
    for (uint32_t i = 0; i < spec->size && !p->failed; i++) {
        uint8_t own = state == WORLD_PRESENT && people_chance(p, 130) ? WORLD_AWAY : state;
        people_person(p, &roles[i], index, surname, spec->local, minority, own);
        if (spec->size == 1 && roles[0].age >= 60 && !p->failed) w->persons[w->person_count - 1].flags |= WORLD_ALONE;
    }
    struct people_role other = {spec->collective ? WORLD_MATE : WORLD_OTHER, roles[0].sex, people_between(p, 18, 50)};
    if (!spec->departed && p->alone_owed >= 10000 && !p->failed) {
        people_person(p, &other, index, surname, spec->local, false, WORLD_DEPARTED);
        p->alone_owed -= 10000;
    }
    if (!spec->departed && p->arrived_owed >= 10000 && !p->failed) {
        people_person(p, &other, index, surname, spec->local, false, WORLD_ARRIVED);
        p->arrived_owed -= 10000;
    }
    w->households[index].persons = (uint32_t)w->person_count - w->households[index].first_person;
}

static void people_spec(struct people *p, uint32_t size, bool local, bool collective)
{
    if (p->spec_count < PEOPLE_SPECS)
        p->specs[p->spec_count++] = (struct people_spec){size, 0, local, collective, false};
    else
        p->failed = true;
}

static uint32_t people_size(struct people *p, bool local)
{
    static const uint16_t sizes[2][6] = {{4200, 7200, 9000, 9800, 10000, 10000}, {1800, 4800, 7400, 9000, 9700, 10000}};
    uint64_t u = rng_below(&p->rng, 10000);
    uint32_t n = 0;
    while (u >= sizes[local][n]) n++;
    return n + 1;
}

/* The households that live in a building at the freeze, and its vacant doors, in no order yet. */
static void people_tenants(struct people *p, const struct world_building *b)
{
    uint32_t left = b->capacity;
    if (b->use >= WORLD_DORMITORY) {
        while (left > 0) {
            uint32_t size = (uint32_t)people_between(p, 4, 8);
            if (size > left) size = left;
            people_spec(p, size, false, true);
            left -= size;
            if (people_chance(p, 600)) people_spec(p, 0, false, true);
        }
        return;
    }
    double mean = p->locals_owed / 2.73 / p->residential_left * (b->use == WORLD_OWN ? 1.7 : b->use == WORLD_RENTAL ? 0.85 : 0);
    uint32_t locals = (uint32_t)(mean + rng_unit(&p->rng));
    while (left > 0) {
        bool local = locals > 0;
        uint32_t size = people_size(p, local);
        if (size > left) size = left;
        people_spec(p, size, local, false);
        left -= size;
        if (local) {
            locals--;
            p->locals_owed -= p->locals_owed < size ? p->locals_owed : size;
        }
        if (people_chance(p, PEOPLE_VACANT)) people_spec(p, 0, false, false);
    }
}

static struct world_door *people_door(struct people *p, uint32_t building, enum world_door_kind kind, uint32_t floor)
{
    struct world *w = p->world;
    if (!arena_grow((void **)&w->doors, &w->door_cap, w->door_count + 1, sizeof *w->doors)) {
        p->failed = true;
        return NULL;
    }
    struct world_door *door = &w->doors[w->door_count++];
    memset(door, 0, sizeof *door);
    door->building = building;
    door->kind = kind;
    door->floor = (uint8_t)floor;
    return door;
}

/* Doors from the ground up, a household each; shops on the ground floor are taken by the first tenants that fit. */
static void people_doors(struct people *p, uint32_t building)
{
    struct world *w = p->world;
    struct world_building *b = &w->buildings[building];
    b->first_door = (uint32_t)w->door_count;
    if (b->use == WORLD_FACTORY) people_door(p, building, WORLD_GATE_DOOR, 1);
    bool home = b->use < WORLD_DORMITORY;
    uint32_t shops = home && people_chance(p, 4500) ? 1 + (uint32_t)rng_below(&p->rng, 2) : 0;
    uint32_t empty_shops = shops > 0 ? (uint32_t)rng_below(&p->rng, shops + 1) : 0;
    for (uint32_t i = 0; i < empty_shops; i++) people_spec(p, 0, false, false);
    uint32_t count = (uint32_t)p->spec_count, rooms = count > shops ? count - shops : 0, at_floor = 0, floor = shops > 0 ? 2 : 1;
    if (floor > b->floors) floor = b->floors;
    uint32_t per_floor = (rooms + b->floors - floor) / (b->floors - floor + 1);
    uint32_t shop = 0;
    for (uint32_t i = 0; i < count && !p->failed; i++) {
        struct people_spec *s = &p->specs[i];
        bool last_shops = count - i <= shops - shop;
        bool is_shop = shop < shops && !s->local && (last_shops || s->size == 0 || people_chance(p, 1500));
        if (!is_shop && at_floor == per_floor) {
            at_floor = 0;
            floor++;
        }
        enum world_door_kind kind = is_shop ? WORLD_SHOP : !home ? WORLD_DORM_ROOM : s->local ? WORLD_FLAT : WORLD_ROOM;
        struct world_door *door = people_door(p, building, kind, is_shop ? 1 : floor);
        if (door == NULL) return;
        s->door = (uint32_t)w->door_count - 1;
        if (is_shop)
            snprintf(door->room, sizeof door->room, "店面%u", ++shop % 100);
        else
            snprintf(door->room, sizeof door->room, "%u%02u", floor % 100, ++at_floor % 1000);
    }
    b->doors = (uint32_t)w->door_count - b->first_door;
}

/* Households that have left: behind a door that is vacant now, or let again. */
static void people_departed(struct people *p, const struct world_building *b)
{
    uint64_t share = (uint64_t)b->capacity * PEOPLE_DEPARTED;
    p->alone_owed += share * PEOPLE_DEPARTED_ALONE / 10000;
    p->departed_owed += share * (10000 - PEOPLE_DEPARTED_ALONE) / 10000;
    p->arrived_owed += (uint64_t)b->capacity * PEOPLE_ARRIVED;
    size_t count = p->spec_count;
    while (p->departed_owed >= 20000 && count > 0) {
        size_t at = rng_below(&p->rng, count);
        for (size_t i = 0; i < count; i++)
            if (p->specs[(at + i) % count].size == 0 && people_chance(p, 7000)) {
                at = (at + i) % count;
                break;
            }
        bool collective = b->use >= WORLD_DORMITORY;
        uint32_t size = collective ? (uint32_t)people_between(p, 1, 2) : people_size(p, false);
        people_spec(p, size, false, collective);
        if (p->failed) return;
        p->specs[p->spec_count - 1].door = p->specs[at].door;
        p->specs[p->spec_count - 1].departed = true;
        p->departed_owed -= p->departed_owed < size * UINT64_C(10000) ? p->departed_owed : size * UINT64_C(10000);
    }
}

static void people_building(struct people *p, uint32_t building)
{
    struct world *w = p->world;
    p->spec_count = 0;
    people_tenants(p, &w->buildings[building]);
    for (size_t i = p->spec_count; i > 1; i--) { /* locals keep to the lower floors more often than not */
        size_t j = rng_below(&p->rng, i);
        if (p->specs[i - 1].local || p->specs[j].local) continue;
        struct people_spec t = p->specs[i - 1];
        p->specs[i - 1] = p->specs[j];
        p->specs[j] = t;
    }
    people_doors(p, building);
    people_departed(p, &w->buildings[building]);
    const struct world_building *b = &w->buildings[building];
    for (uint32_t door = b->first_door; door < b->first_door + b->doors && !p->failed; door++) {
        w->doors[door].first_household = (uint32_t)w->household_count;
        for (size_t i = 0; i < p->spec_count && !p->failed; i++)
            if (p->specs[i].door == door && p->specs[i].size > 0) people_household(p, &p->specs[i], door);
        w->doors[door].households = (uint32_t)w->household_count - w->doors[door].first_household;
    }
    if (b->use < WORLD_DORMITORY) p->residential_left--;
}

/* Makes about one person in a hundred share the name of another of the same grid, sex and no household in common. */
static void people_homonyms(struct people *p)
{
    struct world *w = p->world;
    uint32_t first = 0;
    for (uint32_t g = 0; g < w->grid_count; g++) {
        uint32_t end = first;
        while (end < w->person_count && w->cells[w->buildings[world_person_building(w, end)].cell].grid == g) end++;
        for (uint32_t i = first; i < end; i++) {
            if (!people_chance(p, 40)) continue;
            uint32_t j = first + (uint32_t)rng_below(&p->rng, end - first);
            struct world_person *a = &w->persons[i], *b = &w->persons[j];
            if (a->sex == b->sex && a->household != b->household) a->name = b->name;
        }
        first = end;
    }
}

static dw_err people_landlords(struct people *p)
{
    struct world *w = p->world;
    size_t heads = 0;
    uint32_t *local = arena_array(&w->arena, w->household_count + 1, sizeof *local);
    if (local == NULL) return DW_E_MEMORY;
    for (uint32_t h = 0; h < w->household_count; h++)
        if (w->households[h].local && !w->households[h].departed) local[heads++] = w->households[h].first_person;
    for (uint32_t i = 0, at = 0; i < w->building_count; i++) {
        struct world_building *b = &w->buildings[i];
        if (b->use == WORLD_FACTORY) continue;
        while (at < heads && world_person_building(w, local[at]) < i) at++;
        const struct world_person *owner = NULL;
        if (at < heads && world_person_building(w, local[at]) == i)
            owner = &w->persons[local[at]];
        else if (heads > 0 && people_chance(p, 8500))
            owner = &w->persons[local[rng_below(&p->rng, heads)]];
        if (owner != NULL) {
            b->landlord = owner->name;
            b->landlord_phone = owner->phone;
            continue;
        }
        struct world_person outside = {.sex = 'M', .birth = 19750101};
        people_name(p, &outside, names_surname(&p->rng, false), false);
        b->landlord = outside.name;
        b->landlord_phone = people_phone(p);
    }
    return DW_OK;
}

dw_err people_make(struct world *world, struct err_detail *detail)
{
    (void)detail;
    struct people *p = calloc(1, sizeof *p);
    if (p == NULL) return DW_E_MEMORY;
    p->world = world;
    p->rng = world_rng(world, 2);
    p->locals_owed = (uint32_t)((uint64_t)world->people * PEOPLE_LOCAL / 10000);
    for (uint32_t i = 0; i < world->building_count; i++) p->residential_left += world->buildings[i].use < WORLD_DORMITORY;
    for (uint32_t i = 0; i < world->building_count && !p->failed; i++) people_building(p, i);
    dw_err err = p->failed ? DW_E_MEMORY : DW_OK;
    if (err == DW_OK) {
        people_homonyms(p);
        err = people_landlords(p);
        if (p->failed) err = DW_E_MEMORY;
    }
    map_free(&p->docs);
    free(p);
    return err;
}
