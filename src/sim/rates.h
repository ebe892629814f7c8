/* How bad the world is: every number of it, in one place. A share is of 10,000; a time is in milliseconds, of two the least and
 * the most, and between them each is as likely. What happens to whom follows from these numbers and a seed. */
#ifndef SIM_RATES_H
#define SIM_RATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"

struct rates_range {
    int64_t least, most;
};

struct rates {
    bool bad; /* phones gather what they record and send it when they can; else they send at once and everything arrives */

    /* Samplers, in every world. */
    uint32_t single;                          /* of doors: they will not or cannot be pooled */
    uint32_t over;                            /* of tubes: one too many */
    uint32_t two_tubes;                       /* of tubes: the last of it stands on the next one's list too */
    uint32_t wrong_code, same_code, left_out; /* of tubes */
    uint32_t unwritten;                       /* of samples: in the tube, on no list */

    /* Phones and people. */
    uint32_t phones_a_cell; /* of the cell's buildings each has every so-manieth */
    uint32_t clock_wrong;   /* of phones: the clock is off, before or behind … */
    uint32_t clock_days;    /* … of those by days, else by minutes */
    struct rates_range minutes, days;
    uint32_t stolen;            /* of phones, some time in the round */
    struct rates_range revoked; /* from the theft until the office revokes it */
    struct rates_range thief;   /* from the theft until the thief goes online */
    uint32_t junk;              /* visits of unknown doors that a thief records */
    uint32_t restored;          /* of phones: set back to a backup, when the site has all it recorded */
    struct rates_range noticed; /* from then until the phone is enrolled anew */
    struct rates_range mishap;  /* theft and restoring: after the freeze */
    uint32_t second;            /* of doors on the first pass: another phone knocks there too and records something else */
    struct rates_range later;   /* … so much after */
    uint32_t moving;            /* of people met with their papers: met behind another door too, on the same day */

    /* Sending. */
    uint32_t batch, window;     /* entries of an upload; uploads on their way without an answer */
    struct rates_range contact; /* from one try to the next */
    uint32_t offline;           /* of tries: none for a long while now … */
    struct rates_range spell;   /* … of so much */
    int64_t patience;           /* a phone waits so long for an answer, then tries another time */

    /* The network. */
    uint32_t lost;              /* of uploads: the connection is cut before it is whole */
    uint32_t unanswered;        /* of those that arrive: the answer is lost */
    uint32_t twice;             /* of those: arrives a second time … */
    struct rates_range again;   /* … so much later */
    uint32_t slow;              /* of those: takes long … */
    struct rates_range lag;     /* … so long, most longer than patience */
    struct rates_range transit; /* all others */
    int64_t home;               /* so long after the freeze phones lie in the office, where the network is good */
};

struct rates rates_clean(void);
struct rates rates_bad(void);

/* A throw: true in share of 10,000. */
bool rates_hit(struct rng *rng, uint32_t share);
int64_t rates_pick(struct rng *rng, struct rates_range range);

#endif
