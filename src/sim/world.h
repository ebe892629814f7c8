/* The synthetic village as it really is: lots, lanes, barriers, grids, cells, buildings, doors, households, persons.
 * Everything follows from (seed, people) alone, so phones and lists can be made again from the same two numbers.
 * People of a household, households of a door, doors of a building, buildings of a cell and cells of a grid stand together. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/rng.h"
#include "base/when.h"

#define WORLD_NONE UINT32_MAX
#define WORLD_VILLAGE_CODE "350599101201"

enum { WORLD_PEOPLE_MIN = 20, WORLD_PEOPLE_MAX = 2000000, WORLD_TODAY = 20220409 };

enum world_use { WORLD_OWN, WORLD_RENTAL, WORLD_APARTMENT, WORLD_DORMITORY, WORLD_FACTORY };
enum world_door_kind { WORLD_FLAT, WORLD_ROOM, WORLD_SHOP, WORLD_DORM_ROOM, WORLD_GATE_DOOR };
/* PRESENT and AWAY (for the whole round) belong to the village at the freeze; DEPARTED no longer; ARRIVED came after it. */
enum world_state { WORLD_PRESENT, WORLD_AWAY, WORLD_DEPARTED, WORLD_ARRIVED };
enum world_doc { WORLD_DOC_ID, WORLD_DOC_HKMO, WORLD_DOC_TAIWAN, WORLD_DOC_PASSPORT, WORLD_DOC_NONE };
enum world_relation { WORLD_HEAD, WORLD_SPOUSE, WORLD_SON, WORLD_DAUGHTER, WORLD_FATHER, WORLD_MOTHER, WORLD_MATE, WORLD_OTHER };

enum world_flag {
    WORLD_ALONE = 1,
    WORLD_DISABLED = 2,
    WORLD_MENTAL = 4,
    WORLD_DIALYSIS = 8,
    WORLD_CHEMO = 16,
    WORLD_PREGNANT = 32,
    WORLD_INFANT = 64,
    WORLD_HYPERTENSION = 128,
    WORLD_DIABETES = 256,
    WORLD_VERY_OLD = 512
};

/* A line along lot lines: east-west when row0 == row1, else north-south. */
struct world_lane {
    const char *name;
    uint32_t col0, row0, col1, row1;
};
/* Across the lane edge that leaves lot corner (col, row) to the east, or to the south. */
struct world_barrier {
    uint32_t col, row;
    bool south;
};
struct world_gate {
    uint32_t col, row;
    bool open;
};
struct world_grid {
    char code[12];
    uint32_t first_cell, cells;
};
struct world_cell {
    char code[24];
    uint32_t grid, first_building, buildings, lots;
};
struct world_building {
    enum world_use use;
    uint32_t cell, col, row, lane;
    char code[40];
    const char *name;    /* apartments and factories; "" else */
    const char *address; /* unique in the village, without the village's own name */
    uint32_t floors, first_door, doors;
    uint32_t capacity;                     /* people to live here at the freeze */
    uint32_t factory;                      /* dormitory: building index of its factory; factory: its own index; else WORLD_NONE */
    const char *landlord, *landlord_phone; /* "" for factories */
};
struct world_door {
    uint32_t building;
    enum world_door_kind kind;
    uint8_t floor;
    char room[12]; /* "301", "店面1"; "" at a factory's gate */
    uint32_t first_household, households;
};
struct world_household {
    uint32_t door, first_person, persons;
    bool local, collective;
    bool departed; /* every person of it has left */
};
struct world_person {
    const char *name, *doc, *phone; /* "" when there is none */
    int32_t birth;                  /* yyyymmdd */
    uint32_t household;
    uint32_t left; /* of a departed person: yyyymm of leaving, else 0 */
    uint16_t flags;
    char sex; /* 'M' or 'F' */
    uint8_t state, doc_kind, relation;
    bool local;
};

struct world {
    struct arena arena;
    uint64_t seed;
    uint32_t people; /* PRESENT and AWAY */
    struct when freeze;
    uint32_t columns, rows;
    uint32_t *lot_cell, *lot_building; /* rows × columns; WORLD_NONE: vacant */
    struct world_lane *lanes;
    struct world_barrier *barriers;
    struct world_gate *gates;
    struct world_grid *grids;
    struct world_cell *cells;
    struct world_building *buildings;
    struct world_door *doors;
    struct world_household *households;
    struct world_person *persons; /* a person's truth number is its index + 1 */
    size_t lane_count, barrier_count, gate_count, grid_count, cell_count, building_count, factory_count;
    size_t door_count, household_count, person_count;
    size_t door_cap, household_cap, person_cap;
    struct map by_code, by_address, by_doc, by_name;
};

/* DW_E_INVALID when people is outside WORLD_PEOPLE_MIN..MAX. The caller frees *out; it is NULL on error. O(people). */
dw_err world_make(struct world **out, uint64_t seed, uint32_t people, struct err_detail *detail);
void world_free(struct world *world);

/* A stream of random numbers of its own for each purpose, so that one part can change without changing the others. */
struct rng world_rng(const struct world *world, uint64_t purpose);
uint32_t world_by_code(const struct world *world, const char *code);       /* building index or WORLD_NONE */
uint32_t world_by_address(const struct world *world, const char *address); /* exact address; building index or WORLD_NONE */
uint32_t world_person_building(const struct world *world, uint32_t person);
const struct world_door *world_person_door(const struct world *world, uint32_t person);
const char *world_use_text(enum world_use use);

#endif
