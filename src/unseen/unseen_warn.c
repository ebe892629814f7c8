#include "unseen/unseen_warn.h"

#include <math.h>

#include "unseen/unseen_count.h"

/* Robson and Regier (1964): from seven on, Chapman's bias is nothing to speak of. */
static const double ENOUGH = 7, LIST_SIZE = 20, INSIDE = 0.98, SHARED_LEAST = 5, APART = 0.1, ODDS = 1.35, FIT_LEAST = 0.001;

/* A pair of the lists that are left, in the numbers of the ask. */
static int pair_in(const int *list, int i, int j)
{
    return list[i] < list[j] ? unseen_fit_pair(list[i], list[j]) : unseen_fit_pair(list[j], list[i]);
}

/* Chance of a chi-square of so many degrees above x (Wilson and Hilferty 1931): good enough to warn by. */
static double chance_above(double x, int degrees)
{
    double n = degrees, z = (cbrt(x / n) - (1 - 2 / (9 * n))) / sqrt(2 / (9 * n));
    return erfc(z / sqrt(2)) / 2;
}

/* The best model's expected counts by history against those seen, all areas and strata together. */
static double fit_chance(const struct unseen_fit *fit)
{
    const struct unseen_fit_data *d = fit->data;
    const uint32_t cells = 1u << d->lists;
    double seen[UNSEEN_FIT_CELLS] = {0}, expected[UNSEEN_FIT_CELLS] = {0}, square = 0;
    int degrees = (int)cells - 1 - (1 + d->lists + fit->pairs);
    if (degrees < 1) return NAN;
    for (uint32_t a = 0; a < d->areas; a++)
        for (int s = 0; s < d->strata; s++)
            for (uint32_t h = 1; h < cells; h++) {
                seen[h] += d->counts[((((size_t)a * (size_t)d->strata) + (size_t)s) << d->lists) + h];
                expected[h] += unseen_fit_expect(fit, a, s, h);
            }
    for (uint32_t h = 1; h < cells; h++) square += (seen[h] - expected[h]) * (seen[h] - expected[h]) / fmax(expected[h], 0.5);
    return chance_above(square, degrees);
}

void unseen_warn_models(struct unseen_answer *out, const struct unseen_choose *choice, const int *list)
{
    const int lists = choice->fits[0]->data->lists;
    double common = 0, common_odds = 0;
    out->models_count = (uint32_t)choice->count;
    for (int m = 0; m < choice->count; m++) {
        const struct unseen_fit *fit = choice->fits[m];
        out->models[m] = (struct unseen_model){.weight = choice->weight[m]};
        if (fit->graph & UNSEEN_FIT_COMMON) {
            out->models[m].graph |= 1u << UNSEEN_PAIRS;
            common += choice->weight[m];
        }
        for (int j = 1; j < lists; j++)
            for (int i = 0; i < j; i++) {
                int pair = unseen_fit_pair(i, j), at = fit->pair_of[pair], to = pair_in(list, i, j);
                if (fit->graph >> pair & 1) {
                    out->models[m].graph |= 1u << to;
                    out->certain[to] += choice->weight[m];
                } else if (at >= 0) {
                    common_odds += choice->weight[m] * fit->g[at];
                }
                if (isnan(out->depend[to])) out->depend[to] = 0;
                if (at >= 0) out->depend[to] += choice->weight[m] * fit->g[at];
            }
    }
    for (int p = 0; p < UNSEEN_PAIRS; p++) {
        out->depend[p] = lists > 2 ? exp(out->depend[p]) : NAN;
        bool far = out->depend[p] > ODDS || out->depend[p] < 1 / ODDS;
        if (out->certain[p] > 0.5 && far) out->all.warnings |= UNSEEN_DEPENDENT;
    }
    if (common > 0.5 && common_odds > 0) out->all.warnings |= UNSEEN_UNLIKE;
    if (lists == 2) out->all.warnings |= UNSEEN_TWO;
    out->fit_chance = lists > 2 ? fit_chance(choice->fits[0]) : NAN;
    if (out->fit_chance < FIT_LEAST) out->all.warnings |= UNSEEN_MISFIT;
}

void unseen_warn_counts(struct unseen_answer *out, const double *counts, const int *list, int lists)
{
    double all = 0;
    for (uint32_t h = 1; h < 1u << lists; h++) all += counts[h];
    for (int j = 1; j < lists; j++)
        for (int i = 0; i < j; i++) {
            double one = 0, other = 0, both = 0;
            for (uint32_t h = 1; h < 1u << lists; h++) {
                one += h >> i & 1 ? counts[h] : 0;
                other += h >> j & 1 ? counts[h] : 0;
                both += (h >> i & 1 && h >> j & 1) ? counts[h] : 0;
            }
            uint32_t bit = 1u << pair_in(list, i, j);
            if ((one >= LIST_SIZE && both >= INSIDE * one) || (other >= LIST_SIZE && both >= INSIDE * other))
                out->contained |= bit;
            if (one >= LIST_SIZE && other >= LIST_SIZE && one * other / all >= SHARED_LEAST && both <= APART * one * other / all)
                out->disjoint |= bit;
        }
    if (out->contained != 0) out->all.warnings |= UNSEEN_CONTAINED;
    if (out->disjoint != 0) out->all.warnings |= UNSEEN_DISJOINT;
}

void unseen_warn_areas(struct unseen_answer *out, uint32_t areas)
{
    for (uint32_t i = 0; i <= areas; i++) {
        struct unseen_area *a = i < areas ? &out->areas[i] : &out->all;
        if (i < areas && a->how == UNSEEN_NOTHING) out->all.warnings |= UNSEEN_LEFT;
        if (a->listed > 0 && a->twice < ENOUGH) a->warnings |= UNSEEN_FEW;
        if (a->high - a->low > (a->distinct + a->unseen) / 2) a->warnings |= UNSEEN_WIDE;
    }
}
