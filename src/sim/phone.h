/* The phones of a round and what each recorded: chains with the true time of every entry beside the time by the phone's own
 * clock. A beat is a keeper's part of a cell; in a bad world its phone may be stolen (another takes its place) or set back to a
 * backup (it goes on from an older number: a branch of its chain; when that is noticed it becomes a new device, and what the
 * branch had recorded is recorded again). */
#ifndef SIM_PHONE_H
#define SIM_PHONE_H

#include "desk/book.h"
#include "sim/rates.h"
#include "sim/world.h"

#define PHONE_NONE UINT32_MAX
#define PHONE_NEVER INT64_MAX

struct phone {
    struct book book;          /* in a bad world never cleared: entry i has number book.first + i */
    uint32_t beat, before;     /* before: whose work it took over; PHONE_NONE */
    bool branch;               /* of the chain of the phone before it: the same device */
    bool stolen, restored;     /* what became of it */
    int64_t clock_ms;          /* what its clock is ahead of the time */
    int64_t from_ms, until_ms; /* in its keeper's hand; PHONE_NEVER */
    int64_t revoked_ms, thief_ms;
    int64_t *made_ms; /* true time of each entry, never going back */
    size_t again;     /* the first of its entries: those of the branch before it, recorded again */
    size_t made, made_cap;
};

/* What is to happen to a beat's phone; PHONE_NEVER: nothing. */
struct phone_fate {
    int64_t stolen_ms, restored_ms, noticed_ms;
};

struct phone_fleet {
    const struct rates *rates;
    struct rng *rng; /* of ids, keys and salts; NULL: the system's */
    struct rng luck;
    struct id site, round;
    struct phone *phones; /* the first of each beat stand at its number */
    size_t count, beats;
    uint32_t *at_work; /* of each beat: its phone now */
    int32_t offset;    /* of times, minutes east of UTC */
    struct phone_fate *fates;
};

/* One phone a beat from freeze on. Fill in rates, rng, site, round; zero the rest; free in every case. */
dw_err phone_make(struct phone_fleet *fleet, size_t beats, uint64_t seed, struct when freeze);
void phone_free(struct phone_fleet *fleet);
/* The phone of a beat at a moment, after all that happened to it until then. The pointer stays. O(entries recorded again). */
dw_err phone_at(struct phone **out, struct phone_fleet *fleet, uint32_t beat, int64_t now_ms);
/* Whatever was recorded since the last call was recorded now. */
dw_err phone_note(struct phone *phone, int64_t now_ms);
/* Lets everything happen that is still to happen by then; after that nothing is recorded any more. */
dw_err phone_end(struct phone_fleet *fleet, int64_t now_ms);
/* How many entries it has recorded by then. O(log entries). */
size_t phone_recorded(const struct phone *phone, int64_t now_ms);
struct when phone_clock(const struct phone *phone, struct when now);
const char *phone_name(char out[64], const struct phone_fleet *fleet, const struct phone *phone, const struct world *world);
/* The beats behind those of the cells are the couriers', one a grid. */
uint32_t phone_courier(const struct phone_fleet *fleet, const struct world *world, uint32_t cell);

#endif
