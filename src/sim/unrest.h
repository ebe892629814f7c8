/* What a bad world adds to the visits of a round: people who are met behind another door on the same day, and second phones at
 * a door that was just visited, whose keeper does not know of it yet. */
#ifndef SIM_UNREST_H
#define SIM_UNREST_H

#include "sim/play.h"
#include "sim/rates.h"

enum unrest_kind {
    UNREST_MOVED, /* one person; kept only when the phone's copy is certain who it is */
    UNREST_SECOND
};

struct unrest_visit {
    struct play_visit visit; /* its cell is that of the phone */
    enum unrest_kind kind;
    uint32_t beat; /* UNREST_SECOND: how many phones on from the one of the building */
};

/* By cell and time: first[cell] to first[cell + 1]. */
struct unrest {
    struct unrest_visit *visits;
    size_t count, cap;
    uint32_t *first;
};

/* Adds the people of its visits to the play. Zero-initialise; free in every case. O(visits log visits). */
dw_err unrest_make(struct unrest *unrest, struct play *play, const struct rates *rates, uint64_t seed);
void unrest_free(struct unrest *unrest);

#endif
