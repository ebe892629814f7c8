/* One log-linear model of all areas at once (Fienberg 1972, Cormack 1989): of area a, stratum s and history h the expected count
 * is exp(α_as + Σ_{j in h} (b_sj + u_aj) + Σ_{i<j in h} φ_ij), so exp(α_as) people are on no list. b_sj is list j's catch in the
 * stratum, φ_ij the dependence of a pair of lists, the same everywhere, and u_aj what is special to the area: drawn from a normal
 * distribution of variance τ_j², which is estimated, so that small areas lean on the others and large ones speak for themselves
 * (empirical Bayes). α is free. Poisson likelihood by Newton with halved steps; it is concave, and weak priors on b and φ keep
 * it finite when cells are empty. τ² by Schall's fixed point (1991), with a little prior of its own where areas are few. */
#ifndef UNSEEN_UNSEEN_FIT_H
#define UNSEEN_UNSEEN_FIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

enum {
    UNSEEN_FIT_LISTS = 6,
    UNSEEN_FIT_STRATA = 8,
    UNSEEN_FIT_PAIRS = UNSEEN_FIT_LISTS * (UNSEEN_FIT_LISTS - 1) / 2,
    UNSEEN_FIT_CELLS = 1 << UNSEEN_FIT_LISTS,
    UNSEEN_FIT_GLOBALS = UNSEEN_FIT_STRATA * UNSEEN_FIT_LISTS + UNSEEN_FIT_PAIRS,
    UNSEEN_FIT_LOCALS = UNSEEN_FIT_STRATA + UNSEEN_FIT_LISTS,
    /* All pairs without a φ of their own share one: what people who differ in how easily they are listed do to every pair
     * (Darroch, Fienberg, Glonek and Junker 1993). */
    UNSEEN_FIT_COMMON = 1 << UNSEEN_FIT_PAIRS,
};

/* Counts by area, stratum and history (bit j: on list j); those of history 0 are not read. They need not be whole. */
struct unseen_fit_data {
    int lists, strata;
    uint32_t areas;
    const double *counts;
};

/* The parameters that add up to a history's predictor, one as often as it counts: own of the area, all of all areas. */
struct unseen_fit_columns {
    uint8_t owns, alls, own[UNSEEN_FIT_LOCALS], all[UNSEEN_FIT_LISTS + UNSEEN_FIT_PAIRS];
};

struct unseen_fit {
    const struct unseen_fit_data *data; /* borrowed */
    uint32_t graph;                     /* the pairs that have a φ of their own: bit unseen_fit_pair(); UNSEEN_FIT_COMMON */
    int pairs, globals, locals;    /* numbers: b of stratum s and list j is at s · lists + j, the φ follow in their order */
    int pair_of[UNSEEN_FIT_PAIRS]; /* where in g the φ of a pair stands; −1: it has none */
    bool alone;                    /* one area only: no u */
    struct unseen_fit_columns *columns; /* of stratum and history: at s << lists | h */
    double g[UNSEEN_FIT_GLOBALS];
    double spread[UNSEEN_FIT_LISTS];                           /* τ² */
    double *local;                                             /* of each area its α, then its u */
    double precision[UNSEEN_FIT_GLOBALS * UNSEEN_FIT_GLOBALS]; /* of g, the rest integrated out; priors included */
    double value;                                              /* log likelihood with α and u integrated out (Laplace) */
    double people;                                             /* all counts together */
};

/* What one area's counts say at the fit: gradients and the negated Hessian, split between what is its own and what all share. */
struct unseen_fit_block {
    double value;
    double gl[UNSEEN_FIT_LOCALS], gg[UNSEEN_FIT_GLOBALS];
    double hll[UNSEEN_FIT_LOCALS * UNSEEN_FIT_LOCALS]; /* with the prior of u */
    double hlg[UNSEEN_FIT_LOCALS * UNSEEN_FIT_GLOBALS];
    double hgg[UNSEEN_FIT_GLOBALS * UNSEEN_FIT_GLOBALS];
};

/* Number of a pair of lists, i < j: (0,1) 0, (0,2) 1, (1,2) 2, (0,3) 3, … */
int unseen_fit_pair(int i, int j);
/* Precision of the prior of a global parameter. */
double unseen_fit_prior(const struct unseen_fit *fit, int global);
/* Fits; start: another fit of the same data to begin at, or NULL. Free in every case. DW_E_MEMORY, DW_E_CANCELLED.
 * O(steps · areas · strata · 2^lists · (parameters of a cell)²). */
dw_err unseen_fit_make(struct unseen_fit *out, const struct unseen_fit_data *data, uint32_t graph, const struct unseen_fit *start,
                       const struct clock_progress *progress);
void unseen_fit_free(struct unseen_fit *fit);
/* The block of an area at the fit. */
void unseen_fit_block(struct unseen_fit_block *out, const struct unseen_fit *fit, uint32_t area);
/* Expected count of a history. */
double unseen_fit_expect(const struct unseen_fit *fit, uint32_t area, int stratum, uint32_t history);
/* Nobody of this stratum of the area is on any list: its α is −∞ and it says nothing. */
bool unseen_fit_blank(const struct unseen_fit_data *data, uint32_t area, int stratum);

#endif
