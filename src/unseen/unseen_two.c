#include "unseen/unseen_two.h"

#include <math.h>
#include <stdint.h>

double unseen_two_chapman(const double counts[4])
{
    return counts[1] * counts[2] / (counts[3] + 1);
}

void unseen_two_sadinle(double *low, double *high, const double counts[4], double z)
{
    double a = counts[1] + 0.5, b = counts[2] + 0.5, both = counts[3] + 0.5, middle = a * b / both;
    double sigma = sqrt(1 / a + 1 / b + 1 / both + both / (a * b));
    *low = fmax(0, middle * exp(-z * sigma) - 0.5);
    *high = fmax(0, middle * exp(z * sigma) - 0.5);
}

double unseen_two_chao(const double *counts, int lists)
{
    double once = 0, twice = 0, t = lists;
    for (uint32_t h = 1; h < 1u << lists; h++) {
        int on = __builtin_popcount(h);
        once += on == 1 ? counts[h] : 0;
        twice += on == 2 ? counts[h] : 0;
    }
    return once < 1 ? 0 : (t - 1) / t * once * (once - 1) / (2 * (twice + 1));
}

double unseen_two_apart(const double *counts, int lists, double tail)
{
    double on[32] = {0}, pairs = 0;
    for (uint32_t h = 1; h < 1u << lists; h++)
        for (int j = 0; j < lists; j++) on[j] += h >> j & 1 ? counts[h] : 0;
    for (int j = 0; j < lists; j++)
        for (int i = 0; i < j; i++) pairs += on[i] * on[j];
    return pairs / -log(tail);
}
