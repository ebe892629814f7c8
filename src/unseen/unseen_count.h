/* Numbers of people whose expectation is known up to a distribution: Poisson counts mixed over rates. */
#ifndef UNSEEN_UNSEEN_COUNT_H
#define UNSEEN_UNSEEN_COUNT_H

#include <stddef.h>

/* P(X ≤ x) of a Poisson count: summed for x under 100, else by Wilson and Hilferty (1931), good to 0.0002. x < 0: 0. */
double unseen_count_below(double x, double rate);
/* The largest whole number that may stand as the lower, or the least that may stand as the upper end of an interval that leaves
 * out tail on that side: half of an end's own chance counts as left out (mid-P; Lancaster 1961), since whole ends of small counts
 * would else cover more than they say. Weights sum to 1. O(points · log answer). */
double unseen_count_low(const double *rates, const double *weights, size_t points, double tail);
double unseen_count_high(const double *rates, const double *weights, size_t points, double tail);

#endif
