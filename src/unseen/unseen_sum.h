/* From the models' posteriors of each area to its numbers, and to the numbers of all areas together. */
#ifndef UNSEEN_UNSEEN_SUM_H
#define UNSEEN_UNSEEN_SUM_H

#include "unseen/unseen_choose.h"

struct unseen_sum_area {
    double mean, median, low,
        high; /* of people on no list; mean and median of their expectation, the median of one area that stands alone only */
};

/* What the areas' rates are together, model by model. Zero-initialise. */
struct unseen_sum {
    int count;
    double mean[UNSEEN_CHOOSE_KEPT], apart[UNSEEN_CHOOSE_KEPT]; /* apart: variance that is each area's own */
    double shared[UNSEEN_CHOOSE_KEPT][UNSEEN_FIT_GLOBALS];      /* how the sum moves with what all areas share */
};

/* told: of this area; it is added to the sum. noise as for unseen_post_area. */
void unseen_sum_add(struct unseen_sum *sum, struct unseen_sum_area *told, const struct unseen_choose *choice, uint32_t area,
                    const double *noise, double tail);
/* Of all areas that were added: areas err together where what they share is wrong. */
void unseen_sum_end(const struct unseen_sum *sum, double *mean, double *low, double *high, const struct unseen_choose *choice,
                    double tail);

#endif
