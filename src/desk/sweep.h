/* The sweep desk: how far every building is, which doors are left for a second pass and why, which refusals are still to be
 * settled, who was met in the street. The caller of what reads holds the read lock. */
#ifndef DESK_SWEEP_H
#define DESK_SWEEP_H

#include "desk/lab.h"

/* An area of a round, with all under it. */
struct sweep_area {
    uint32_t area; /* SITE_NONE: doors whose building nobody knows */
    int depth;
    uint32_t buildings, unopened; /* unopened: buildings and factories of which no door is known and where nobody has been */
    uint32_t doors, unvisited, outcome[KINDS_OUTCOME_COUNT];
    uint32_t kinds[KINDS_DOOR_KIND_COUNT];
    uint32_t people, counted, more; /* living here by the register; counted at the doors; counted beyond the register's number */
    uint32_t fresh;                 /* of people: registered since the roster was frozen */
};

struct sweep_status {
    uint32_t round;
    struct sweep_area *areas; /* the whole first, then parents before children */
    size_t count, cap;
};
/* number 0: the latest round. code NULL or "": everywhere. DW_E_NOT_FOUND. Free with sweep_status_free in every case.
 * O(people + doors + areas). */
dw_err sweep_status(struct sweep_status *out, const struct site *site, int64_t number, const char *code, bool buildings,
                    struct err_detail *detail);
void sweep_status_free(struct sweep_status *status);

/* Why a door is left for a second pass; several may hold. */
enum sweep_why {
    SWEEP_UNOPENED = 1,  /* a building of which no door is known */
    SWEEP_UNVISITED = 2, /* nobody has knocked */
    SWEEP_NOBODY = 4,
    SWEEP_REFUSED = 8,
    SWEEP_MORE = 16,   /* more people were counted than are registered */
    SWEEP_MISSING = 32 /* it opened or stands empty, but people registered there are still missing */
};
enum { SWEEP_WHYS = 6 };

struct sweep_left {
    uint32_t area, door; /* door SITE_NONE: the whole building */
    unsigned why;        /* bits of enum sweep_why */
    uint32_t people, missing;
    int64_t counted, visits, last_ms; /* SITE_NEVER: not visited */
};

struct sweep_list {
    uint32_t round;
    struct sweep_left *doors;
    size_t count, cap;
};
/* What is left of a round under an area, in walking order. A door found empty, with nobody owed behind it, is not. O(people +
 * doors log doors). DW_E_NOT_FOUND. Free with sweep_list_free in every case. */
dw_err sweep_left(struct sweep_list *out, const struct site *site, int64_t number, const char *code, struct err_detail *detail);
void sweep_list_free(struct sweep_list *list);
/* A page of them: those behind one, whether it is left still or not, so that none is passed over between two pages. */
struct sweep_page {
    int64_t number;
    const char *code;
    uint32_t after_area, after_door; /* of the page before its last; both SITE_NONE: from the first on */
    size_t want;
    bool (*sees)(void *ctx, uint32_t area);
    void *ctx;
};
/* *more: others stand behind them. As sweep_left, but only what stands in the areas of this page is put in order. */
dw_err sweep_left_page(struct sweep_list *out, bool *more, const struct site *site, const struct sweep_page *ask,
                       struct err_detail *detail);
/* One reason (a single bit) in words. */
const char *sweep_why_text(enum sweep_why why, enum err_lang lang);

/* What a person has refused, of any round, and is not settled: he was not covered nor excused since, has not left, and nobody
 * has written that it is settled. A door stands for itself when nobody behind it is named. */
enum sweep_refused_where { SWEEP_AT_DOOR, SWEEP_IN_STREET };
struct sweep_refusal {
    uint32_t area, door, person; /* where he lives; person SITE_NONE: the door itself. SITE_NONE each when unknown */
    enum sweep_refused_where where;
    uint32_t times, tries; /* refusals, and attempts to settle since the last settlement */
    int64_t since_ms, last_ms, next_ms;
    int step; /* the last enum kinds_follow_step; −1: nobody has followed it up yet */
    const char *note;
};
struct sweep_refusals {
    struct sweep_refusal *items;
    size_t count, cap;
};
/* In walking order. DW_E_NOT_FOUND. Free with sweep_refusals_free in every case. O(rounds · people + visits + meetings). */
dw_err sweep_refusals(struct sweep_refusals *out, const struct site *site, const char *code, struct err_detail *detail);
void sweep_refusals_free(struct sweep_refusals *list);

/* subject: id of a door or person, or a door card's code. next: NULL or when to come again. DW_E_NOT_FOUND; DW_E_STATE when
 * nothing of the subject is open. */
dw_err sweep_follow(const struct lab_by *by, const char *subject, enum kinds_follow_step step, const struct when *next,
                    const char *note, struct err_detail *detail);

struct sweep_meet {
    struct id person;
    enum kinds_met_outcome outcome;
    const char *area, *door; /* codes (door: or id) of where he was met and where he says he belongs; NULL: not said */
    const char *place, *note;
};
dw_err sweep_meet(const struct lab_by *by, const struct sweep_meet *meet, struct err_detail *detail);

#endif
