/* How a round grew: what was owed and covered by when, for a trend and for looking back. From the corrected times of its marks.
 */
#ifndef DESK_COURSE_H
#define DESK_COURSE_H

#include "desk/site.h"

enum { COURSE_STEPS = 2000 /* at most */, COURSE_WANTED = 200 /* when no step was asked for */ };

struct course_ask {
    uint32_t round, top;                    /* index in the site; area, SITE_NONE: everywhere */
    int64_t step;                           /* minutes; 0: as many that there are at most COURSE_WANTED steps */
    bool (*sees)(void *ctx, uint32_t area); /* NULL: everything */
    void *ctx;
};

/* What stood at a moment. The first is the freeze, the last no earlier than the last thing that was recorded, and equal to what
 * the round says now. A decision has no time: who was excused by one, or merged, is owed at none. */
struct course_step {
    int64_t at_ms;
    uint32_t owed, covered, found, arrived, recovered;
};

/* One building: who is owed there, and the minutes since the freeze at which each who is covered was, ascending. */
struct course_building {
    uint32_t area; /* SITE_NONE: nobody knows where */
    uint32_t owed, covered;
    const uint32_t *minutes;
};

struct course {
    int64_t step; /* minutes */
    struct course_step *steps;
    struct course_building *buildings;
    uint32_t *minutes;
    size_t count; /* of steps or buildings */
};

/* Free with course_free in every case. The caller holds the read lock. DW_E_INVALID (step: too many of them). O(people · rounds +
 * people log people). */
dw_err course_steps(struct course *out, const struct site *site, const struct course_ask *ask, struct err_detail *detail);
dw_err course_buildings(struct course *out, const struct site *site, const struct course_ask *ask, struct err_detail *detail);
void course_free(struct course *course);

#endif
