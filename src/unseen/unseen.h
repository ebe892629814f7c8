/* How many people are on no list yet, area by area, told from who is on which list (capture and recapture of a closed
 * population); and where a second pass over the doors would find most of them.
 *
 * Two lists: Chapman's estimator for one area (Chapman 1951, Sekar and Deming 1949). Several areas, or three lists and more:
 * log-linear models of all areas at once in which small areas lean on the others (unseen_fit.h: Fienberg 1972, Cormack 1989,
 * Baillargeon and Rivest 2007), dependences of pairs of lists chosen and averaged (unseen_choose.h: Regal and Hook 1991),
 * matching's errors taken out if their rates are known (unseen_link.h: Ding and Fienberg 1994). Where nobody is on two lists,
 * only a lower bound. The interval is of the people themselves, not of their expectation. What holds when, and what was measured:
 * docs/unseen.md.
 *
 * Pure, and nothing in it is drawn by chance, so there is no seed: the same counts have the same answer, whatever the order of
 * the areas, strata and lists, but for rounding. */
#ifndef UNSEEN_UNSEEN_H
#define UNSEEN_UNSEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

enum { UNSEEN_LISTS = 6, UNSEEN_STRATA = 8, UNSEEN_PAIRS = UNSEEN_LISTS * (UNSEEN_LISTS - 1) / 2, UNSEEN_MODELS = 8 };

/* Zero where not told otherwise. */
struct unseen_ask {
    int lists, strata; /* 2 to UNSEEN_LISTS; 1 to UNSEEN_STRATA */
    uint32_t areas;
    const uint32_t
        *counts;         /* people by area, stratum and history, 2^lists numbers each (bit j: on list j); the first is not read */
    const double *doors; /* of each area, 0: unknown; NULL */
    double level;        /* of the intervals, above 0.5; 0: 0.95 */
    double missed, wrong; /* share of true links that the matching missed, and of its links that are wrong; up to 0.9 */
    double together;      /* people who are listed together or not at all, Σ m² / Σ m of groups of m (households); 0: 1 */
    double meets;         /* share of the unseen whom a second pass meets; 0: 0.6 */
    double pace;          /* doors an hour of whoever walks it; 0: 20 */
    bool apart;           /* every area for itself */
    bool bic;             /* models weighed by BIC and not by AICc: narrower, and covers too little when lists depend a little */
};

enum unseen_how {
    UNSEEN_NOTHING, /* cannot be told: nobody of it is on any list, or there is only one list */
    UNSEEN_BOUND,   /* nobody is on two lists: at least so many, and no upper bound */
    UNSEEN_CHAPMAN, /* one area, two lists: Chapman's estimate with a model's interval */
    UNSEEN_MODEL,   /* log-linear models, one area */
    UNSEEN_SHARED,  /* the same of several areas that lean on each other */
    UNSEEN_HOWS
};

/* Bits. What is said of all areas stands in the answer's all, what is said of one in its own. */
enum unseen_warning {
    UNSEEN_FEW = 1,         /* fewer than seven people are on two lists: little to go by (of one area: it leans on the others) */
    UNSEEN_WIDE = 2,        /* the interval is wider than half of the estimate of all people */
    UNSEEN_TWO = 4,         /* two lists: whether they depend on each other cannot be seen */
    UNSEEN_DEPENDENT = 8,   /* lists depend on each other (see depend) */
    UNSEEN_UNLIKE = 16,     /* people differ in how easily they are listed: every pair of lists depends alike */
    UNSEEN_CONTAINED = 32,  /* nearly everybody of one list is on another: it may have been made from it */
    UNSEEN_DISJOINT = 64,   /* two lists share next to nobody and should: they are of different people, and one list in truth */
    UNSEEN_MISFIT = 128,    /* the best model does not fit */
    UNSEEN_UNMATCHED = 256, /* no rates of the matching's errors were given: links that it missed count as unseen people */
    UNSEEN_UNUSED = 512,    /* a list has nobody, and was left out */
    UNSEEN_LEFT = 1024,     /* some areas have no estimate and are not in the sum */
    UNSEEN_WARNINGS = 11
};

/* A number that cannot be told is NAN. low, high: of the people on no list. */
struct unseen_area {
    enum unseen_how how;
    uint32_t warnings;
    double listed;    /* people on any list, as matched */
    double distinct;  /* the same when matching's errors are taken out; listed if none are given */
    double twice;     /* of the listed on two lists and more */
    double unseen;    /* on none */
    double low, high; /* whole numbers */
    double least;     /* Chao's lower bound of unseen, whatever people's differences; of two lists only a figure beside */
    double finds;     /* whom a second pass of every door is expected to meet */
    double per_door, per_hour;
    uint32_t rank; /* 1: go there first; by finds per hour where the doors are known, then by finds */
};

struct unseen_model {
    uint32_t graph; /* pairs that depend: bit j (j − 1) / 2 + i of lists i < j; bit UNSEEN_PAIRS: all others do alike */
    double weight;
};

struct unseen_answer {
    struct arena arena;
    struct unseen_area *areas; /* in the order of the question */
    struct unseen_area all;    /* rank 0 */
    uint32_t models_count;     /* 0 with apart, or when no model was fitted */
    struct unseen_model models[UNSEEN_MODELS];
    double caught[UNSEEN_LISTS]; /* share of all people that each list has; NAN if it cannot be told */
    double depend[UNSEEN_PAIRS]; /* odds by which being on one list goes with being on the other, 1: independent; NAN: not told */
    double certain[UNSEEN_PAIRS]; /* weight of the models in which the pair depends */
    uint32_t contained, disjoint; /* pairs of that warning */
    double fit_chance;            /* chance of so bad a fit if the best model holds; NAN: nothing is left to test it by */
};

/* Zero-initialise the answer; free it in every case. DW_E_INVALID for what the ask may not say, DW_E_TOO_LARGE, DW_E_MEMORY,
 * DW_E_CANCELLED. O(models · areas · strata · 2^lists · lists⁴) with a few hundred models at most. */
dw_err unseen_make(struct unseen_answer *out, const struct unseen_ask *ask, const struct clock_progress *progress,
                   struct err_detail *detail);
void unseen_free(struct unseen_answer *answer);
/* "shared", "few", … for programs. */
const char *unseen_how_name(enum unseen_how how);
const char *unseen_warning_name(int bit);

#endif
