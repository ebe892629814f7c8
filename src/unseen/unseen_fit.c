#include "unseen/unseen_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "unseen/unseen_chol.h"

enum { NEWTON_STEPS = 100, ROUNDS = 60, HALVINGS = 40 };

/* b: a catch of 2 to 98 in a hundred; φ: an odds ratio of 1/20 to 20; both 19 times of 20. */
static const double CATCH_SD = 2.0, DEPEND_SD = 1.5;
/* What is thought of τ before any area is seen, and how many areas' worth of evidence that is. */
static const double SPREAD_SD = 0.5, SPREAD_WEIGHT = 2.0, SPREAD_LEAST = 1e-4, SPREAD_MOST = 9.0;
static const double ETA_MOST = 40.0;

struct work {
    struct unseen_fit *f;
    double *solved; /* of each area locals × (globals + 1): H_ll⁻¹ (H_lg | gradient) */
    double *trial;  /* locals of each area */
    double g[UNSEEN_FIT_GLOBALS], step[UNSEEN_FIT_GLOBALS];
    double precision[UNSEEN_FIT_GLOBALS * UNSEEN_FIT_GLOBALS]; /* its factor, after a step */
    double logdet, spread_sum[UNSEEN_FIT_LISTS], spread_free[UNSEEN_FIT_LISTS];
    struct unseen_fit_block block;
};

int unseen_fit_pair(int i, int j)
{
    return j * (j - 1) / 2 + i;
}

double unseen_fit_prior(const struct unseen_fit *fit, int global)
{
    return global < fit->data->strata * fit->data->lists ? 1 / (CATCH_SD * CATCH_SD) : 1 / (DEPEND_SD * DEPEND_SD);
}

static const double *cells_of(const struct unseen_fit_data *d, uint32_t area, int stratum)
{
    return d->counts + (((size_t)area * (size_t)d->strata + (size_t)stratum) << d->lists);
}

bool unseen_fit_blank(const struct unseen_fit_data *data, uint32_t area, int stratum)
{
    const double *y = cells_of(data, area, stratum);
    for (uint32_t h = 1; h < 1u << data->lists; h++)
        if (y[h] > 0) return false;
    return true;
}

/* Linear predictors of all histories, α included. */
static void predict(double *eta, const struct unseen_fit *f, const double *g, const double *local, int stratum)
{
    const int lists = f->data->lists, strata = f->data->strata;
    eta[0] = local[stratum];
    for (int j = 0; j < lists; j++) {
        double own = g[stratum * lists + j] + (f->alone ? 0 : local[strata + j]);
        for (uint32_t h = 0; h < 1u << j; h++) {
            double sum = eta[h] + own;
            for (int i = 0; i < j; i++)
                if (h >> i & 1 && f->pair_of[unseen_fit_pair(i, j)] >= 0) sum += g[f->pair_of[unseen_fit_pair(i, j)]];
            eta[h | 1u << j] = sum;
        }
    }
}

double unseen_fit_expect(const struct unseen_fit *fit, uint32_t area, int stratum, uint32_t history)
{
    double eta[UNSEEN_FIT_CELLS];
    if (unseen_fit_blank(fit->data, area, stratum)) return 0;
    predict(eta, fit, fit->g, fit->local + (size_t)area * (size_t)fit->locals, stratum);
    return exp(eta[history] < ETA_MOST ? eta[history] : ETA_MOST);
}

static void fill_columns(struct unseen_fit_columns *out, const struct unseen_fit *f, int stratum, uint32_t h)
{
    const int lists = f->data->lists;
    out->own[out->owns++] = (uint8_t)stratum;
    for (int j = 0; j < lists; j++) {
        if (!(h >> j & 1)) continue;
        if (!f->alone) out->own[out->owns++] = (uint8_t)(f->data->strata + j);
        out->all[out->alls++] = (uint8_t)(stratum * lists + j);
    }
    for (int j = 1; j < lists; j++)
        for (int i = 0; i < j; i++)
            if (h >> j & 1 && h >> i & 1 && f->pair_of[unseen_fit_pair(i, j)] >= 0)
                out->all[out->alls++] = (uint8_t)f->pair_of[unseen_fit_pair(i, j)];
}

static void add_cell(struct unseen_fit_block *b, const struct unseen_fit *f, int stratum, uint32_t h, double y, double mu)
{
    const struct unseen_fit_columns c = f->columns[(uint32_t)stratum << f->data->lists | h];
    const int locals = f->locals, globals = f->globals;
    for (int i = 0; i < c.owns; i++) {
        b->gl[c.own[i]] += y - mu;
        for (int j = 0; j < c.owns; j++) b->hll[c.own[i] * locals + c.own[j]] += mu;
        for (int j = 0; j < c.alls; j++) b->hlg[c.own[i] * globals + c.all[j]] += mu;
    }
    for (int i = 0; i < c.alls; i++) {
        b->gg[c.all[i]] += y - mu;
        for (int j = 0; j < c.alls; j++) b->hgg[c.all[i] * globals + c.all[j]] += mu;
    }
}

/* block NULL: the value alone. */
static double look_at(struct unseen_fit_block *b, const struct unseen_fit *f, uint32_t area, const double *g, const double *local)
{
    const struct unseen_fit_data *d = f->data;
    double value = 0, eta[UNSEEN_FIT_CELLS];
    if (b != NULL) {
        memset(b->gl, 0, sizeof b->gl);
        memset(b->gg, 0, sizeof b->gg);
        memset(b->hll, 0, sizeof *b->hll * (size_t)(f->locals * f->locals));
        memset(b->hlg, 0, sizeof *b->hlg * (size_t)(f->locals * f->globals));
        memset(b->hgg, 0, sizeof *b->hgg * (size_t)(f->globals * f->globals));
    }
    for (int s = 0; s < d->strata; s++) {
        const double *y = cells_of(d, area, s);
        if (unseen_fit_blank(d, area, s)) {
            if (b != NULL) b->hll[s * f->locals + s] = 1;
            continue;
        }
        predict(eta, f, g, local, s);
        for (uint32_t h = 1; h < 1u << d->lists; h++) {
            double at = eta[h] < ETA_MOST ? eta[h] : ETA_MOST, mu = exp(at);
            value += y[h] * at - mu;
            if (b != NULL) add_cell(b, f, s, h, y[h], mu);
        }
    }
    for (int j = 0; !f->alone && j < d->lists; j++) {
        double u = local[d->strata + j];
        value -= u * u / (2 * f->spread[j]);
        if (b == NULL) continue;
        b->gl[d->strata + j] -= u / f->spread[j];
        b->hll[(d->strata + j) * f->locals + d->strata + j] += 1 / f->spread[j];
    }
    if (b != NULL) b->value = value;
    return value;
}

void unseen_fit_block(struct unseen_fit_block *out, const struct unseen_fit *fit, uint32_t area)
{
    look_at(out, fit, area, fit->g, fit->local + (size_t)area * (size_t)fit->locals);
}

static double objective(const struct unseen_fit *f, const double *g, const double *local)
{
    double sum = 0;
    for (uint32_t a = 0; a < f->data->areas; a++) sum += look_at(NULL, f, a, g, local + (size_t)a * (size_t)f->locals);
    for (int i = 0; i < f->globals; i++) sum -= unseen_fit_prior(f, i) * g[i] * g[i] / 2;
    return sum;
}

/* Solves an area's own part, and adds what it says of what all share to the precision and its right side. */
static double eliminate(struct work *w, uint32_t area, double *right)
{
    struct unseen_fit *f = w->f;
    struct unseen_fit_block *b = &w->block;
    const int locals = f->locals, globals = f->globals;
    double *solved = w->solved + (size_t)area * (size_t)(locals * (globals + 1)), column[UNSEEN_FIT_LOCALS], gain = 0;
    unseen_fit_block(b, f, area);
    unseen_chol(b->hll, locals);
    w->logdet += unseen_chol_logdet(b->hll, locals);
    for (int c = 0; c <= globals; c++) {
        for (int i = 0; i < locals; i++) column[i] = c < globals ? b->hlg[i * globals + c] : b->gl[i];
        unseen_chol_solve(b->hll, locals, column);
        for (int i = 0; i < locals; i++) solved[i * (globals + 1) + c] = column[i];
    }
    for (int i = 0; i < locals; i++) {
        const double *row = solved + i * (globals + 1), *across = b->hlg + i * globals;
        gain += b->gl[i] * row[globals];
        for (int c = 0; c < globals; c++) {
            if (across[c] == 0) continue;
            right[c] -= across[c] * row[globals];
            for (int d = 0; d < globals; d++) w->precision[c * globals + d] -= across[c] * row[d];
        }
    }
    for (int c = 0; c < globals; c++) {
        right[c] += b->gg[c];
        for (int d = 0; d < globals; d++) w->precision[c * globals + d] += b->hgg[c * globals + d];
    }
    return gain;
}

/* The squares of u and how many of the areas' u are free of their prior: what Schall's step needs. */
static void weigh_spread(struct work *w, uint32_t area, const double *covariance)
{
    struct unseen_fit *f = w->f;
    const int locals = f->locals, globals = f->globals, strata = f->data->strata;
    const double *solved = w->solved + (size_t)area * (size_t)(locals * (globals + 1));
    double unit[UNSEEN_FIT_LOCALS];
    unseen_fit_block(&w->block, f, area);
    unseen_chol(w->block.hll, locals);
    for (int j = 0; j < f->data->lists; j++) {
        memset(unit, 0, sizeof unit);
        unit[strata + j] = 1;
        unseen_chol_solve(w->block.hll, locals, unit);
        const double *row = solved + (strata + j) * (globals + 1);
        double variance = unit[strata + j], u = f->local[(size_t)area * (size_t)locals + (size_t)(strata + j)];
        for (int c = 0; c < globals; c++)
            for (int d = 0; d < globals; d++) variance += row[c] * covariance[c * globals + d] * row[d];
        double bound = 1 - variance / f->spread[j];
        w->spread_sum[j] += u * u;
        w->spread_free[j] += bound > 0 ? bound : 0;
    }
}

/* One step of Newton's, halved until it gains; returns what it hoped to gain, twice. */
static double newton(struct work *w)
{
    struct unseen_fit *f = w->f;
    const int locals = f->locals, globals = f->globals;
    double right[UNSEEN_FIT_GLOBALS] = {0}, gain = 0;
    memset(w->precision, 0, sizeof w->precision);
    w->logdet = 0;
    for (int i = 0; i < globals; i++) {
        right[i] = -unseen_fit_prior(f, i) * f->g[i];
        w->precision[i * globals + i] = unseen_fit_prior(f, i);
    }
    for (uint32_t a = 0; a < f->data->areas; a++) gain += eliminate(w, a, right);
    memcpy(f->precision, w->precision, sizeof f->precision);
    memcpy(w->step, right, sizeof w->step);
    unseen_chol(w->precision, globals);
    unseen_chol_solve(w->precision, globals, w->step);
    for (int i = 0; i < globals; i++) gain += right[i] * w->step[i];
    double before = objective(f, f->g, f->local), part = 1;
    for (int halving = 0; halving < HALVINGS; halving++, part /= 2) {
        for (int i = 0; i < globals; i++) w->g[i] = f->g[i] + part * w->step[i];
        for (uint32_t a = 0; a < f->data->areas; a++)
            for (int i = 0; i < locals; i++) {
                const double *row = w->solved + ((size_t)a * (size_t)locals + (size_t)i) * (size_t)(globals + 1);
                double step = row[globals];
                for (int c = 0; c < globals; c++) step -= row[c] * w->step[c];
                size_t at = (size_t)a * (size_t)locals + (size_t)i;
                w->trial[at] = f->local[at] + part * step;
            }
        if (objective(f, w->g, w->trial) < before - 1e-9 * (1 + fabs(before))) continue;
        memcpy(f->g, w->g, sizeof f->g);
        double *old = f->local;
        f->local = w->trial;
        w->trial = old;
        break;
    }
    return gain;
}

/* True when no τ² moved by more than a thousandth of itself. */
static bool respread(struct work *w)
{
    struct unseen_fit *f = w->f;
    static const double close = 1e-3;
    double covariance[UNSEEN_FIT_GLOBALS * UNSEEN_FIT_GLOBALS];
    bool still = true;
    unseen_chol_inverse(covariance, w->precision, f->globals);
    memset(w->spread_sum, 0, sizeof w->spread_sum);
    memset(w->spread_free, 0, sizeof w->spread_free);
    for (uint32_t a = 0; a < f->data->areas; a++) weigh_spread(w, a, covariance);
    for (int j = 0; j < f->data->lists; j++) {
        double next = (w->spread_sum[j] + SPREAD_WEIGHT * SPREAD_SD * SPREAD_SD) / (w->spread_free[j] + SPREAD_WEIGHT);
        next = next < SPREAD_LEAST ? SPREAD_LEAST : next > SPREAD_MOST ? SPREAD_MOST : next;
        still = still && fabs(next - f->spread[j]) < close * f->spread[j];
        f->spread[j] = next;
    }
    return still;
}

static void begin(struct unseen_fit *f, const struct unseen_fit *start)
{
    const struct unseen_fit_data *d = f->data;
    for (int j = 0; j < d->lists; j++) f->spread[j] = start != NULL ? start->spread[j] : SPREAD_SD * SPREAD_SD;
    if (start != NULL) {
        memcpy(f->g, start->g, sizeof *f->g * (size_t)(d->strata * d->lists));
        for (int p = 0; p < UNSEEN_FIT_PAIRS; p++)
            if (f->pair_of[p] >= 0 && start->pair_of[p] >= 0) f->g[f->pair_of[p]] = start->g[start->pair_of[p]];
        memcpy(f->local, start->local, sizeof *f->local * (size_t)f->locals * d->areas);
        return;
    }
    for (uint32_t a = 0; a < d->areas; a++)
        for (int s = 0; s < d->strata; s++) {
            const double *y = cells_of(d, a, s);
            double sum = 0;
            for (uint32_t h = 1; h < 1u << d->lists; h++) sum += y[h];
            f->local[(size_t)a * (size_t)f->locals + (size_t)s] = log((sum + 0.5) / (double)(1u << d->lists));
        }
}

static dw_err run(struct work *w, const struct clock_progress *progress)
{
    struct unseen_fit *f = w->f;
    const double least = 1e-9;
    bool settled = f->alone;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < (settled ? NEWTON_STEPS : 3); i++) {
            if (!clock_tick(progress, "unseen.fit", 0, 0)) return DW_E_CANCELLED;
            if (newton(w) < (settled ? least : 1e-3)) break;
        }
        if (settled) break;
        settled = respread(w) || round == ROUNDS - 2;
    }
    f->value = objective(f, f->g, f->local) - w->logdet / 2;
    for (int i = 0; i < f->globals; i++) f->value += unseen_fit_prior(f, i) * f->g[i] * f->g[i] / 2;
    for (int j = 0; !f->alone && j < f->data->lists; j++) f->value -= (double)f->data->areas * log(f->spread[j]) / 2;
    return DW_OK;
}

dw_err unseen_fit_make(struct unseen_fit *out, const struct unseen_fit_data *data, uint32_t graph, const struct unseen_fit *start,
                       const struct clock_progress *progress)
{
    *out = (struct unseen_fit){.data = data, .graph = graph, .alone = data->areas < 2};
    const size_t cells = (size_t)data->areas * (size_t)data->strata << data->lists;
    for (size_t i = 0; i < cells; i++)
        if (i & ((1u << data->lists) - 1)) out->people += data->counts[i];
    out->globals = data->strata * data->lists;
    for (int p = 0; p < UNSEEN_FIT_PAIRS; p++) {
        bool has = p < data->lists * (data->lists - 1) / 2 && graph >> p & 1;
        out->pair_of[p] = has ? out->globals + out->pairs++ : -1;
    }
    for (int p = 0; graph & UNSEEN_FIT_COMMON && p < data->lists * (data->lists - 1) / 2; p++)
        if (out->pair_of[p] < 0) out->pair_of[p] = out->globals + out->pairs;
    out->pairs += graph & UNSEEN_FIT_COMMON ? 1 : 0;
    out->globals += out->pairs;
    out->locals = data->strata + (out->alone ? 0 : data->lists);
    struct work *w = calloc(1, sizeof *w);
    dw_err err = DW_E_MEMORY;
    out->columns = calloc((size_t)data->strata << data->lists, sizeof *out->columns);
    for (int s = 0; out->columns != NULL && s < data->strata; s++)
        for (uint32_t h = 1; h < 1u << data->lists; h++) fill_columns(&out->columns[(uint32_t)s << data->lists | h], out, s, h);
    out->local = calloc((size_t)data->areas * (size_t)out->locals, sizeof *out->local);
    if (w != NULL) {
        w->f = out;
        w->trial = calloc((size_t)data->areas * (size_t)out->locals, sizeof *w->trial);
        w->solved = calloc((size_t)data->areas * (size_t)out->locals, sizeof *w->solved * (size_t)(out->globals + 1));
    }
    if (w != NULL && out->columns != NULL && out->local != NULL && w->trial != NULL && w->solved != NULL) {
        begin(out, start);
        err = run(w, progress);
    }
    if (w != NULL) {
        free(w->trial);
        free(w->solved);
    }
    free(w);
    return err;
}

void unseen_fit_free(struct unseen_fit *fit)
{
    free(fit->local);
    free(fit->columns);
    fit->local = NULL;
    fit->columns = NULL;
}
