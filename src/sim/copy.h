/* A phone's copy of the register, as all phones of a clean network share it: people by door and by likeness, kept up to date
 * with what the phones themselves record. */
#ifndef SIM_COPY_H
#define SIM_COPY_H

#include "desk/desk.h"
#include "desk/likeness.h"
#include "desk/places.h"
#include "sim/world.h"

struct copy_person {
    struct id id;
    const char *name, *doc, *phone; /* name folded; "" unknown */
    uint32_t door, area;            /* numbers in places and of the site */
    uint32_t next;                  /* of the same door */
    uint8_t state;                  /* enum kinds_state in this round */
    bool doc_valid, owed, made;     /* made: by a phone in this round */
    bool settled;                   /* done or excused */
};

struct copy {
    struct arena arena;
    const struct world *world;
    struct places places;
    struct match_index *index; /* references are person numbers here */
    struct copy_person *people;
    size_t count, cap;
    uint32_t *first; /* of each door */
    size_t first_cap;
    uint32_t *area_building; /* world building of each area; WORLD_NONE */
    uint32_t *building_area;
    struct id *area_id;
    int32_t today;
    bool synthetic;
};

/* What stands in the register when the round is open. Zero-initialise; free in every case. Caller holds the read lock and keeps
 * the site while the copy is used. O(people). */
dw_err copy_make(struct copy *copy, const struct site *site, const struct world *world, const struct site_round *round,
                 int32_t today);
void copy_free(struct copy *copy);
/* The door's number; *fresh when the phone has to register it. */
dw_err copy_door(struct copy *copy, uint32_t *out, bool *fresh, uint32_t area, const struct world_door *door, int64_t now_ms,
                 struct rng *rng);
/* Adds a person, or moves one to another door. */
dw_err copy_add(struct copy *copy, uint32_t *out, struct id id, const struct likeness *like, uint32_t door);
dw_err copy_move(struct copy *copy, uint32_t person, uint32_t door);
uint32_t copy_first(const struct copy *copy, uint32_t door); /* SITE_NONE: nobody */

#endif
