#include "unseen/unseen_count.h"

#include <math.h>

/* P(X < x) + half * P(X = x), x whole. */
static double up_to(double x, double rate, double half)
{
    if (x < 0) return 0;
    if (!(rate > 0)) return x > 0 ? 1 : half;
    if (x < 100) {
        double term = exp(-rate), sum = 0;
        for (int i = 1; i <= (int)x; i++) {
            sum += term;
            term *= rate / i;
        }
        return fmin(1, sum + half * term);
    }
    double n = x + half, z = 3 * sqrt(n) * (1 - 1 / (9 * n) - cbrt(rate / n));
    return erfc(-z / sqrt(2)) / 2;
}

double unseen_count_below(double x, double rate)
{
    return up_to(floor(x), rate, 1);
}

static double middle(const double *rates, const double *weights, size_t points, double x)
{
    double sum = 0;
    for (size_t i = 0; i < points; i++) sum += weights[i] * up_to(x, rates[i], 0.5);
    return sum;
}

/* The least x with middle(x) > aim. */
static double first_above(const double *rates, const double *weights, size_t points, double aim)
{
    double low = -1, high = 1;
    while (high < 1e15 && middle(rates, weights, points, high) <= aim) {
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        double mid = floor((low + high) / 2);
        if (middle(rates, weights, points, mid) > aim)
            high = mid;
        else
            low = mid;
    }
    return high;
}

double unseen_count_low(const double *rates, const double *weights, size_t points, double tail)
{
    return first_above(rates, weights, points, tail);
}

double unseen_count_high(const double *rates, const double *weights, size_t points, double tail)
{
    double beyond = first_above(rates, weights, points, 1 - tail);
    return beyond > 0 ? beyond - 1 : 0;
}
