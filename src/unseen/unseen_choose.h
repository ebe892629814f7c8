/* Which pairs of lists depend on each other. Every model is hierarchical with all lists' own effects; pairs come and go,
 * and what they have in common. Of up to three lists all twelve models are fitted; with more it goes from independence, and from
 * all pairs, to the best neighbour with one pair more or less until none is better, every model met on the way being kept. Models
 * are weighed by AICc or BIC (Burnham and Anderson 2002) on the likelihood with the areas' own effects integrated out, for an
 * interval after choosing one model alone is too short (Regal and Hook 1991). */
#ifndef UNSEEN_UNSEEN_CHOOSE_H
#define UNSEEN_UNSEEN_CHOOSE_H

#include "unseen/unseen_fit.h"

enum { UNSEEN_CHOOSE_KEPT = 8, UNSEEN_CHOOSE_TRIED = 512 };

enum unseen_choose_by { UNSEEN_CHOOSE_AICC, UNSEEN_CHOOSE_BIC };

struct unseen_choose {
    int count; /* of kept fits, the best first */
    struct unseen_fit *fits[UNSEEN_CHOOSE_KEPT];
    double weight[UNSEEN_CHOOSE_KEPT]; /* sums to 1 */
    int tried;
};

/* Zero-initialise; free in every case. DW_E_MEMORY, DW_E_CANCELLED. */
dw_err unseen_choose_make(struct unseen_choose *out, const struct unseen_fit_data *data, enum unseen_choose_by by,
                          const struct clock_progress *progress);
void unseen_choose_free(struct unseen_choose *choice);

#endif
