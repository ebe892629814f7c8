/* What one fit says of the people of one area who are on no list: how likely each expected number of them is.
 * With one stratum the density of α is found point by point on a grid: what else the area's counts hang on is maximised over and
 * its curvature counted (Laplace; Tierney and Kadane 1986), under what all other areas say of it. So it keeps its skewness, which
 * matters in areas of thirty people. Of several strata the sum of the exp(α) is taken as log-normal with its first two moments.
 */
#ifndef UNSEEN_UNSEEN_POST_H
#define UNSEEN_UNSEEN_POST_H

#include "unseen/unseen_fit.h"

/* Points of the grid, and of the noise that is added to each. */
enum {
    UNSEEN_POST_SIDE = 20,
    UNSEEN_POST_GRID = 2 * UNSEEN_POST_SIDE + 1,
    UNSEEN_POST_NOISE = 5,
    UNSEEN_POST_POINTS = UNSEEN_POST_GRID * UNSEEN_POST_NOISE
};

struct unseen_post {
    int count;
    double rate[UNSEEN_POST_POINTS], weight[UNSEEN_POST_POINTS]; /* expected people on no list; weights sum to 1 */
    double mean, variance;                                       /* of the rate */
    double shared[UNSEEN_FIT_GLOBALS];                           /* how the rate moves with what all areas share */
};

/* noise: by how much each stratum's counts vary and vary together beyond Poisson's, a matrix of 2^lists each way for each
 * stratum, as unseen_link_noise makes it; NULL: nothing. All strata blank: count 0. O(points · 2^lists · parameters²). */
void unseen_post_area(struct unseen_post *out, const struct unseen_fit *fit, uint32_t area, const double *noise);

#endif
