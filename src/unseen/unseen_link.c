#include "unseen/unseen_link.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* loose[h · cells + o]: people of history h that a person of history o falls into. */
static void come_loose(double *loose, int lists, double rate)
{
    const uint32_t cells = 1u << lists;
    const double chance = 1 - sqrt(1 - rate);
    memset(loose, 0, sizeof *loose * cells * cells);
    for (uint32_t o = 1; o < cells; o++) {
        const int on = __builtin_popcount(o);
        for (uint32_t kept = o; kept != 0; kept = (kept - 1) & o) {
            int stay = __builtin_popcount(kept);
            loose[kept * cells + o] += pow(chance, on - stay) * pow(1 - chance, stay);
        }
        for (int j = 0; j < lists; j++)
            if (o >> j & 1) loose[(1u << j) * cells + o] += chance;
    }
}

void unseen_link_matrix(double *right, int lists, double missed, double wrong)
{
    const uint32_t cells = 1u << lists;
    double false_negative[UNSEEN_LINK_CELLS * UNSEEN_LINK_CELLS];
    come_loose(false_negative, lists, missed);
    come_loose(right, lists, wrong);
    /* Histories on more lists first: a count is what is left when all that fell off larger ones is taken away. */
    for (uint32_t o = 1; o < cells; o++)
        for (int on = lists; on > 0; on--)
            for (uint32_t h = 1; h < cells; h++) {
                if (__builtin_popcount(h) != on) continue;
                double rest = right[h * cells + o];
                for (uint32_t larger = h + 1; larger < cells; larger++)
                    if ((larger & h) == h) rest -= false_negative[h * cells + larger] * right[larger * cells + o];
                right[h * cells + o] = rest / false_negative[h * cells + h];
            }
}

void unseen_link_counts(double *truth, const double *right, const double *seen, int lists)
{
    const uint32_t cells = 1u << lists;
    truth[0] = 0;
    for (uint32_t h = 1; h < cells; h++) {
        double sum = 0;
        for (uint32_t o = 1; o < cells; o++) sum += right[h * cells + o] * seen[o];
        truth[h] = sum > 0 ? sum : 0;
    }
}

void unseen_link_noise(double *noise, const double *right, const double *seen, int lists)
{
    const uint32_t cells = 1u << lists;
    memset(noise, 0, sizeof *noise * cells * cells);
    for (uint32_t o = 1; o < cells; o++)
        for (uint32_t h = 1; h < cells; h++) {
            const double part = right[h * cells + o] * seen[o];
            for (uint32_t i = 1; i < cells; i++) noise[h * cells + i] += part * right[i * cells + o];
            noise[h * cells + h] -= part;
        }
}
