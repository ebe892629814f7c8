/* The round desk: opening over a frozen roster, who is missing and why, decisions, closing. */
#ifndef DESK_ROUND_H
#define DESK_ROUND_H

#include "desk/desk.h"

/* number 0: the latest. DW_E_NOT_FOUND. Caller holds the read lock. */
dw_err round_find(uint32_t *out, const struct site *site, int64_t number, struct err_detail *detail);

/* By when its policy wants it done; SITE_NEVER: no such hour, or a round of the past. */
int64_t round_deadline(const struct site_round *round);

struct round_opened {
    int64_t number;
    struct cover_counts counts;
};

/* Opens the next round: everyone registered and living here at freeze is owed. DW_E_STATE when the site has nobody, DW_E_INVALID
 * when freeze lies after at. One transaction; O(people). */
dw_err round_open(struct round_opened *out, struct desk *desk, enum kinds_round_kind kind, struct when freeze, struct when at,
                  struct err_detail *detail);

/* One area of a round, parents before children. */
struct round_area {
    uint32_t area; /* SITE_NONE: people whose building nobody knows */
    int depth;
    struct cover_counts counts;
    uint32_t recovered;
};

struct round_status {
    uint32_t round; /* index in the site */
    struct cover_counts all;
    uint32_t recovered;                   /* covered now, in no earlier round */
    uint32_t by_state[KINDS_STATE_COUNT]; /* of those missing */
    uint32_t carried;                     /* missing with the decision to carry them over */
    uint32_t outside;                     /* see round_outside */
    uint32_t doors, visited;              /* doors with anyone owed behind them, and how many of them were visited */
    struct round_area *areas;             /* down to cells, or to buildings when asked */
    size_t count, cap;
};

/* number 0: the latest round. DW_E_NOT_FOUND. Free with round_status_free. Caller holds the read lock. O(people + areas). */
dw_err round_status(struct round_status *out, const struct site *site, int64_t number, bool buildings, struct err_detail *detail);
void round_status_free(struct round_status *status);

/* Those covered now and in no earlier round, of an area by its order (COVER_NONE: of all). Writes at most cap of them to out
 * (NULL: none); returns how many. O(people / 64 · rounds). */
size_t round_recovered(const struct site *site, uint32_t round, uint32_t order, uint32_t *out, size_t cap);

/* What is known of a person in a round as it is counted: with all who were merged into him, found or arrived by being done. */
struct site_mark round_counted(const struct site *site, const struct site_round *round, uint32_t person);

/* Whose names stand behind a number. */
enum round_what {
    ROUND_OWED,
    ROUND_COVERED,
    ROUND_MISSING,
    ROUND_FOUND,
    ROUND_ARRIVED,
    ROUND_RECOVERED,
    ROUND_EXCUSED,
    ROUND_WHATS
};

struct round_missing {
    uint32_t round;
    uint32_t *people; /* by area in tree order, then door, then name; caller frees with round_missing_free */
    size_t count;
};

/* Everyone missing under an area (code "" or NULL: everywhere). state −1: for any reason; else only this enum kinds_state.
 * DW_E_NOT_FOUND. Caller holds the read lock. O(missing log missing). */
dw_err round_missing(struct round_missing *out, const struct site *site, int64_t number, const char *code, int state,
                     struct err_detail *detail);
void round_missing_free(struct round_missing *missing);
/* The same of any number; code "-": those who stand under no area. O(people + log). */
dw_err round_people(struct round_missing *out, const struct site *site, int64_t number, enum round_what what, const char *code,
                    struct err_detail *detail);

/* A page of them: those behind one of them in their order, whether he is missing still or not, so that nobody is passed over when
 * others are found between two pages. */
struct round_page {
    int64_t number;
    const char *code;
    enum round_what what;
    int state;      /* of those missing */
    uint32_t after; /* SITE_NONE: from the first on */
    size_t want;
    bool (*sees)(void *ctx, uint32_t area); /* whether who is counted there (SITE_NONE: nowhere) is wanted */
    void *ctx;
};
/* *more: others stand behind them. As round_missing; DW_E_INVALID (cursor). O(missing + areas), and sorting those of a page. */
dw_err round_missing_page(struct round_missing *out, bool *more, const struct site *site, const struct round_page *ask,
                          struct err_detail *detail);

/* Everyone who lives here by the last word, or is to, and whom the round does not owe: who was registered after its freeze, who
 * has announced that he will come later. By when they came; so that nobody vanishes between two rounds. O(people log people). */
dw_err round_outside(struct round_missing *out, const struct site *site, int64_t number, struct err_detail *detail);

/* A decision on one missing person: excused (with its kind) or carried over. DW_E_NOT_FOUND, DW_E_STATE (not missing). */
dw_err round_decide(struct desk *desk, int64_t number, struct id person, enum kinds_decision decision, enum kinds_excuse excuse,
                    const char *evidence, struct when at, struct err_detail *detail);
/* DW_E_OWED with the number of people who are missing without a decision; carry: they are all carried over with evidence. */
dw_err round_close(struct desk *desk, int64_t number, const char *carry, struct when at, struct err_detail *detail);

#endif
