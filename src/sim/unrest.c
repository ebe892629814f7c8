#include "sim/unrest.h"

#include <stdlib.h>
#include <string.h>

static bool unrest_add(struct unrest *unrest, const struct unrest_visit *visit)
{
    if (!arena_grow((void **)&unrest->visits, &unrest->cap, unrest->count + 1, sizeof *unrest->visits)) return false;
    unrest->visits[unrest->count++] = *visit;
    return true;
}

/* The afternoon and evening passes: 14:00 to 17:30 and 19:00 to 20:30 of the visit's own day. */
static struct when unrest_time(struct rng *rng, const struct play *play, struct when visited, unsigned pass)
{
    static const struct rates_range hours[] = {{9 * 3600000, 12 * 3600000 + 1800000}, {14 * 3600000, 15 * 3600000 + 1800000}};
    int64_t day = (visited.ms - play->world->freeze.ms) / 86400000;
    return (struct when){play->world->freeze.ms + day * 86400000 + rates_pick(rng, hours[pass - 2]), visited.offset};
}

static bool unrest_move(struct unrest *unrest, struct play *play, struct rng *rng, const struct play_visit *visit,
                        uint32_t person)
{
    const struct world *w = play->world;
    uint32_t door = (uint32_t)rng_below(rng, w->door_count);
    if (w->doors[door].kind == WORLD_GATE_DOOR || door == visit->door) return true;
    if (!arena_grow((void **)&play->people, &play->person_cap, play->person_count + 1, sizeof *play->people)) return false;
    unsigned pass = 2 + (unsigned)rng_below(rng, PLAY_PASSES - 1);
    struct unrest_visit moved = {.kind = UNREST_MOVED,
                                 .visit = {.cell = w->buildings[w->doors[door].building].cell,
                                           .building = w->doors[door].building,
                                           .door = door,
                                           .pass = pass,
                                           .at = unrest_time(rng, play, visit->at, pass),
                                           .outcome = PLAY_DONE,
                                           .first_person = (uint32_t)play->person_count,
                                           .people = 1}};
    play->people[play->person_count++] = play->people[person];
    return unrest_add(unrest, &moved);
}

static bool unrest_second(struct unrest *unrest, const struct rates *rates, struct rng *rng, const struct play_visit *visit)
{
    static const enum play_outcome outcomes[] = {PLAY_NOBODY, PLAY_REFUSED, PLAY_DONE};
    /* Who opens for the first may not for the second, but nobody opens who is out. */
    uint64_t most = visit->outcome == PLAY_DONE ? 3 : 2;
    struct unrest_visit second = {.kind = UNREST_SECOND, .visit = *visit, .beat = 1};
    second.visit.outcome = outcomes[rng_below(rng, most)];
    second.visit.at.ms += rates_pick(rng, rates->later);
    if (second.visit.outcome != PLAY_DONE) second.visit.people = 0;
    return unrest_add(unrest, &second);
}

static int unrest_compare(const void *a, const void *b)
{
    const struct play_visit *x = &((const struct unrest_visit *)a)->visit, *y = &((const struct unrest_visit *)b)->visit;
    if (x->cell != y->cell) return x->cell < y->cell ? -1 : 1;
    if (x->pass != y->pass) return x->pass < y->pass ? -1 : 1;
    if (x->at.ms != y->at.ms) return x->at.ms < y->at.ms ? -1 : 1;
    return x->first_person < y->first_person ? -1 : x->first_person > y->first_person;
}

dw_err unrest_make(struct unrest *unrest, struct play *play, const struct rates *rates, uint64_t seed)
{
    struct rng rng = rng_seed(seed);
    size_t cells = play->world->cell_count;
    unrest->first = calloc(cells + 1, sizeof *unrest->first);
    if (unrest->first == NULL) return DW_E_MEMORY;
    for (size_t i = 0; rates->bad && i < play->visit_count; i++) {
        struct play_visit visit = play->visits[i];
        for (uint32_t k = visit.first_person; k < visit.first_person + visit.people; k++)
            if (play->people[k].present && play->people[k].shows_doc && rates_hit(&rng, rates->moving) &&
                !unrest_move(unrest, play, &rng, &visit, k))
                return DW_E_MEMORY;
        if (visit.pass == 1 && visit.outcome != PLAY_EMPTY && rates_hit(&rng, rates->second) &&
            !unrest_second(unrest, rates, &rng, &visit))
            return DW_E_MEMORY;
    }
    if (unrest->count > 0) qsort(unrest->visits, unrest->count, sizeof *unrest->visits, unrest_compare);
    size_t at = 0;
    for (uint32_t cell = 0; cell <= cells; cell++) {
        while (at < unrest->count && unrest->visits[at].visit.cell < cell) at++;
        unrest->first[cell] = (uint32_t)at;
    }
    return DW_OK;
}

void unrest_free(struct unrest *unrest)
{
    free(unrest->visits);
    free(unrest->first);
    memset(unrest, 0, sizeof *unrest);
}
