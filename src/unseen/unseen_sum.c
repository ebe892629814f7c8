#include "unseen/unseen_sum.h"

#include <math.h>
#include <string.h>

#include "unseen/unseen_chol.h"
#include "unseen/unseen_count.h"
#include "unseen/unseen_post.h"

/* P · x · x of a covariance that is given as its inverse's factor. */
static double quadratic(const double *factor, int n, const double *x)
{
    double solved[UNSEEN_FIT_GLOBALS], sum = 0;
    memcpy(solved, x, sizeof *solved * (size_t)n);
    unseen_chol_solve(factor, n, solved);
    for (int i = 0; i < n; i++) sum += solved[i] * x[i];
    return sum;
}

/* The rate that half of the weight lies under. The points are of several models and not in order: each is taken for a smooth step
 * a twentieth wide, finer than they lie apart. */
static double median_of(const double *rates, const double *weights, size_t count)
{
    const double least = 1e-12, steep = 20;
    double low = log(least), high = low;
    for (size_t i = 0; i < count; i++) high = fmax(high, log(rates[i] + least));
    while (high - low > 1e-9) {
        double middle = (low + high) / 2, below = 0;
        for (size_t i = 0; i < count; i++) below += weights[i] / (1 + exp(steep * (log(rates[i] + least) - middle)));
        if (below > 0.5)
            high = middle;
        else
            low = middle;
    }
    return exp(low);
}

void unseen_sum_add(struct unseen_sum *sum, struct unseen_sum_area *told, const struct unseen_choose *choice, uint32_t area,
                    const double *noise, double tail)
{
    double rates[UNSEEN_CHOOSE_KEPT * UNSEEN_POST_POINTS], weights[UNSEEN_CHOOSE_KEPT * UNSEEN_POST_POINTS];
    double factor[UNSEEN_FIT_GLOBALS * UNSEEN_FIT_GLOBALS];
    size_t count = 0;
    sum->count = choice->count;
    *told = (struct unseen_sum_area){.mean = 0};
    for (int m = 0; m < choice->count; m++) {
        const struct unseen_fit *fit = choice->fits[m];
        struct unseen_post post;
        unseen_post_area(&post, fit, area, noise);
        for (int i = 0; i < post.count; i++) {
            rates[count] = post.rate[i];
            weights[count++] = post.weight[i] * choice->weight[m];
        }
        told->mean += choice->weight[m] * post.mean;
        sum->mean[m] += post.mean;
        memcpy(factor, fit->precision, sizeof *factor * (size_t)(fit->globals * fit->globals));
        unseen_chol(factor, fit->globals);
        double own = post.variance - quadratic(factor, fit->globals, post.shared);
        sum->apart[m] += own > 0 ? own : 0;
        for (int c = 0; c < fit->globals; c++) sum->shared[m][c] += post.shared[c];
    }
    told->median = choice->fits[0]->data->areas == 1 ? median_of(rates, weights, count) : NAN;
    told->low = unseen_count_low(rates, weights, count, tail);
    told->high = unseen_count_high(rates, weights, count, tail);
}

void unseen_sum_end(const struct unseen_sum *sum, double *mean, double *low, double *high, const struct unseen_choose *choice,
                    double tail)
{
    enum { POINTS = 65 };
    double factor[UNSEEN_FIT_GLOBALS * UNSEEN_FIT_GLOBALS], rates[POINTS], weights[POINTS], variance = 0, all = 0;
    *mean = 0;
    for (int m = 0; m < sum->count; m++) *mean += choice->weight[m] * sum->mean[m];
    for (int m = 0; m < sum->count; m++) {
        const struct unseen_fit *fit = choice->fits[m];
        memcpy(factor, fit->precision, sizeof *factor * (size_t)(fit->globals * fit->globals));
        unseen_chol(factor, fit->globals);
        double within = sum->apart[m] + quadratic(factor, fit->globals, sum->shared[m]);
        variance += choice->weight[m] * (within + (sum->mean[m] - *mean) * (sum->mean[m] - *mean));
    }
    double deviation = sqrt(log1p(variance / (*mean * *mean))), middle = log(*mean) - deviation * deviation / 2;
    for (int i = 0; i < POINTS; i++) {
        double x = 5.0 * (i - POINTS / 2) / (POINTS / 2);
        rates[i] = exp(middle + x * deviation);
        all += weights[i] = exp(-x * x / 2);
    }
    for (int i = 0; i < POINTS; i++) weights[i] /= all;
    *low = unseen_count_low(rates, weights, POINTS, tail);
    *high = unseen_count_high(rates, weights, POINTS, tail);
}
