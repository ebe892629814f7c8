#include "unseen/unseen_post.h"

#include <math.h>
#include <string.h>

#include "unseen/unseen_chol.h"

enum { Z = UNSEEN_FIT_LISTS + UNSEEN_FIT_PAIRS, INNER_STEPS = 40 };

/* Points of a log density less than the peak's by FAR are not gone beyond; no rate is above exp(MOST). */
static const double FAR = 13, MOST = 40;

/* An area's own problem with one stratum: its counts, and what the others say of catches and dependences (z). */
struct own {
    const struct unseen_fit *fit;
    const double *y;
    int n; /* of z: lists, then the φ */
    double middle[Z], prior[Z * Z], z[Z];
};

/* Posterior covariance of the area's own parameters, a row after the other, of a few rows at a time. */
struct around {
    struct unseen_fit_block block; /* hll factored */
    double solved[UNSEEN_FIT_LOCALS * UNSEEN_FIT_GLOBALS],
        shared[UNSEEN_FIT_GLOBALS * UNSEEN_FIT_GLOBALS]; /* factor of precision */
};

static void look_around(struct around *a, const struct unseen_fit *f, uint32_t area)
{
    double column[UNSEEN_FIT_LOCALS];
    unseen_fit_block(&a->block, f, area);
    unseen_chol(a->block.hll, f->locals);
    for (int c = 0; c < f->globals; c++) {
        for (int i = 0; i < f->locals; i++) column[i] = a->block.hlg[i * f->globals + c];
        unseen_chol_solve(a->block.hll, f->locals, column);
        for (int i = 0; i < f->locals; i++) a->solved[i * f->globals + c] = column[i];
    }
    memcpy(a->shared, f->precision, sizeof *a->shared * (size_t)(f->globals * f->globals));
    unseen_chol(a->shared, f->globals);
}

/* (own, all) := covariance · (weights on own parameters, 0). */
static void spread_out(double *own, double *all, const struct around *a, const struct unseen_fit *f, const double *weights)
{
    memcpy(own, weights, sizeof *own * (size_t)f->locals);
    unseen_chol_solve(a->block.hll, f->locals, own);
    for (int c = 0; c < f->globals; c++) {
        all[c] = 0;
        for (int i = 0; i < f->locals; i++) all[c] -= weights[i] * a->solved[i * f->globals + c];
    }
    unseen_chol_solve(a->shared, f->globals, all);
    for (int i = 0; i < f->locals; i++)
        for (int c = 0; c < f->globals; c++) own[i] -= a->solved[i * f->globals + c] * all[c];
}

/* By how much more the rate varies because the counts were corrected: each count moves it as the fit says. (own, all): covariance
 * times the rate's gradient. */
static double extra_of(const struct unseen_fit *f, uint32_t area, const double *own, const double *all, const double *noise)
{
    const uint32_t cells = 1u << f->data->lists;
    double extra = 0, pull[UNSEEN_FIT_CELLS];
    for (int s = 0; noise != NULL && s < f->data->strata; s++, noise += cells * cells) {
        if (unseen_fit_blank(f->data, area, s)) continue;
        for (uint32_t h = 1; h < cells; h++) {
            const struct unseen_fit_columns *c = &f->columns[(uint32_t)s << f->data->lists | h];
            pull[h] = 0;
            for (int i = 0; i < c->owns; i++) pull[h] += own[c->own[i]];
            for (int i = 0; i < c->alls; i++) pull[h] += all[c->all[i]];
        }
        for (uint32_t h = 1; h < cells; h++)
            for (uint32_t o = 1; o < cells; o++) extra += pull[h] * noise[h * cells + o] * pull[o];
    }
    return extra;
}

/* What the other areas say of z: the fit without this area, by one step of Newton's back from it, and with the area's own u. */
static void prior_of(struct own *o, const struct around *a)
{
    const struct unseen_fit *f = o->fit;
    const int n = f->globals;
    double without[Z * Z], covariance[Z * Z], step[Z];
    for (int i = 0; i < n * n; i++) without[i] = f->precision[i] - a->block.hgg[i];
    for (int l = 0; l < f->locals; l++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) without[i * n + j] += a->block.hlg[l * n + i] * a->solved[l * n + j];
    unseen_chol(without, n);
    memcpy(step, a->block.gg, sizeof *step * (size_t)n);
    unseen_chol_solve(without, n, step);
    unseen_chol_inverse(covariance, without, n);
    for (int i = 0; i < n; i++) o->middle[i] = f->g[i] - step[i];
    for (int j = 0; !f->alone && j < f->data->lists; j++) covariance[j * n + j] += f->spread[j];
    unseen_chol(covariance, n);
    unseen_chol_inverse(o->prior, covariance, n);
}

/* Gradient and negated Hessian in z at α; returns the value. */
static double own_look(const struct own *o, double alpha, const double *z, double *gradient, double *curve)
{
    const struct unseen_fit *f = o->fit;
    const int n = o->n;
    double value = 0, away[Z];
    for (int i = 0; i < n; i++) away[i] = z[i] - o->middle[i];
    for (int i = 0; i < n; i++) {
        double pull = 0;
        for (int j = 0; j < n; j++) pull += o->prior[i * n + j] * away[j];
        value -= pull * away[i] / 2;
        if (gradient != NULL) gradient[i] = -pull;
    }
    if (curve != NULL) memcpy(curve, o->prior, sizeof *curve * (size_t)(n * n));
    for (uint32_t h = 1; h < 1u << f->data->lists; h++) {
        double eta = alpha;
        const struct unseen_fit_columns *c = &f->columns[h];
        for (int i = 0; i < c->alls; i++) eta += z[c->all[i]];
        double mu = exp(fmin(eta, MOST));
        value += o->y[h] * eta - mu;
        for (int i = 0; gradient != NULL && i < c->alls; i++) {
            gradient[c->all[i]] += o->y[h] - mu;
            for (int j = 0; j < c->alls; j++) curve[c->all[i] * n + c->all[j]] += mu;
        }
    }
    return value;
}

/* Log density of α but for a constant; o->z is where the last one stood and moves on. */
static double own_density(struct own *o, double alpha)
{
    double gradient[Z], curve[Z * Z], trial[Z], value = 0;
    for (int step = 0; step < INNER_STEPS; step++) {
        double gain = 0, part = 1;
        value = own_look(o, alpha, o->z, gradient, curve);
        unseen_chol(curve, o->n);
        double along[Z];
        memcpy(along, gradient, sizeof *along * (size_t)o->n);
        unseen_chol_solve(curve, o->n, along);
        for (int i = 0; i < o->n; i++) gain += gradient[i] * along[i];
        if (gain < 1e-8) break;
        for (int halving = 0; halving < 30; halving++, part /= 2) {
            for (int i = 0; i < o->n; i++) trial[i] = o->z[i] + part * along[i];
            if (own_look(o, alpha, trial, NULL, NULL) >= value) break;
        }
        memcpy(o->z, trial, sizeof *trial * (size_t)o->n);
    }
    return value - unseen_chol_logdet(curve, o->n) / 2;
}

/* Fills out from log densities: weights by the trapezoid rule; each point with extra variance around it, none below 0; moments.
 */
static void settle(struct unseen_post *out, const double *alpha, const double *density, int count, double extra)
{
    static const double away[UNSEEN_POST_NOISE] = {0, -1.04, 1.04, -2.08, 2.08};
    static const double part[UNSEEN_POST_NOISE] = {0.4026, 0.2442, 0.2442, 0.0545, 0.0545};
    const int spread = extra > 0 ? UNSEEN_POST_NOISE : 1;
    double most = density[0], sum = 0, deviation = extra > 0 ? sqrt(extra) : 0;
    for (int i = 1; i < count; i++)
        if (density[i] > most) most = density[i];
    out->count = 0;
    for (int i = 0; i < count; i++) {
        double width = (i > 0 ? alpha[i] - alpha[i - 1] : 0) + (i + 1 < count ? alpha[i + 1] - alpha[i] : 0);
        for (int n = 0; n < spread; n++) {
            out->rate[out->count] = fmax(0, exp(fmin(alpha[i], MOST)) + away[n] * deviation);
            out->weight[out->count] = exp(density[i] - most) * width * part[n];
            sum += out->weight[out->count++];
        }
    }
    out->mean = out->variance = 0;
    for (int i = 0; i < out->count; i++) {
        out->weight[i] = sum > 0 ? out->weight[i] / sum : 1.0 / out->count; /* of counts so large that all points are one */
        out->mean += out->weight[i] * out->rate[i];
    }
    for (int i = 0; i < out->count; i++)
        out->variance += out->weight[i] * (out->rate[i] - out->mean) * (out->rate[i] - out->mean);
}

/* Offsets from the middle: close together there, farther apart in the tails; the last stands at eight deviations. */
static double offset(int i)
{
    double far = fabs((double)i);
    return (i < 0 ? -1 : 1) * (0.2 * far + 0.01 * far * far);
}

static void by_grid(struct unseen_post *out, struct own *o, double middle, double deviation, double extra)
{
    double alpha[UNSEEN_POST_GRID], density[UNSEEN_POST_GRID], start[Z], most = -INFINITY;
    int ends[2] = {UNSEEN_POST_SIDE, UNSEEN_POST_SIDE};
    memcpy(start, o->z, sizeof start);
    for (int side = 0; side < 2; side++) {
        memcpy(o->z, start, sizeof start);
        for (int i = side; i <= UNSEEN_POST_SIDE; i++) {
            int away = side == 0 ? -i : i, at = ends[side] = UNSEEN_POST_SIDE + away;
            alpha[at] = middle + offset(away) * deviation;
            density[at] = own_density(o, alpha[at]);
            most = density[at] > most ? density[at] : most;
            if (density[at] < most - FAR) break;
        }
    }
    settle(out, alpha + ends[0], density + ends[0], ends[1] - ends[0] + 1, extra);
}

static void by_moments(struct unseen_post *out, double mean, double variance, double extra)
{
    double deviation = sqrt(log1p(variance / (mean * mean))), middle = log(mean) - deviation * deviation / 2;
    double alpha[UNSEEN_POST_GRID], density[UNSEEN_POST_GRID];
    for (int i = 0; i < UNSEEN_POST_GRID; i++) {
        double x = offset(i - UNSEEN_POST_SIDE);
        alpha[i] = middle + x * deviation;
        density[i] = -x * x / 2;
    }
    settle(out, alpha, density, UNSEEN_POST_GRID, extra);
}

void unseen_post_area(struct unseen_post *out, const struct unseen_fit *fit, uint32_t area, const double *noise)
{
    const struct unseen_fit_data *d = fit->data;
    const double *local = fit->local + (size_t)area * (size_t)fit->locals;
    double weights[UNSEEN_FIT_LOCALS] = {0}, own[UNSEEN_FIT_LOCALS], all[UNSEEN_FIT_GLOBALS], variance = 0, mean = 0;
    struct around a;
    *out = (struct unseen_post){.count = 0};
    look_around(&a, fit, area);
    for (int s = 0; s < d->strata; s++)
        if (!unseen_fit_blank(d, area, s)) mean += weights[s] = exp(fmin(local[s], MOST));
    if (!(mean > 0)) return;
    for (int c = 0; c < fit->globals; c++)
        for (int s = 0; s < d->strata; s++) out->shared[c] -= weights[s] * a.solved[s * fit->globals + c];
    spread_out(own, all, &a, fit, weights);
    for (int s = 0; s < d->strata; s++) variance += weights[s] * own[s];
    double extra = extra_of(fit, area, own, all, noise);
    if (d->strata > 1) {
        by_moments(out, mean * exp(variance / (mean * mean) / 2), variance, extra);
        return;
    }
    struct own o = {.fit = fit, .y = d->counts + ((size_t)area << d->lists), .n = fit->globals};
    memcpy(o.z, fit->g, sizeof *o.z * (size_t)o.n);
    for (int j = 0; !fit->alone && j < d->lists; j++) o.z[j] += local[1 + j];
    prior_of(&o, &a);
    by_grid(out, &o, local[0], sqrt(variance) / mean, extra);
}
