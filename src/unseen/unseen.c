#include "unseen/unseen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "unseen/unseen_choose.h"
#include "unseen/unseen_link.h"
#include "unseen/unseen_sum.h"
#include "unseen/unseen_two.h"
#include "unseen/unseen_warn.h"

_Static_assert((int)UNSEEN_LISTS == (int)UNSEEN_FIT_LISTS && (int)UNSEEN_STRATA == (int)UNSEEN_FIT_STRATA, "one size");
_Static_assert((int)UNSEEN_MODELS == (int)UNSEEN_CHOOSE_KEPT && (int)UNSEEN_PAIRS == (int)UNSEEN_FIT_PAIRS, "one size");

static const double MEETS = 0.6, PACE = 20, LEVEL = 0.95, RATE_MOST = 0.9, TOGETHER_MOST = 1000;
static const size_t CELLS_MOST = (size_t)1 << 28;

/* The question with lists that have nobody left out, of the areas that have somebody. */
struct job {
    const struct unseen_ask *ask;
    struct unseen_answer *out;
    const struct clock_progress *progress;
    int list[UNSEEN_LISTS], lists; /* which of the ask's lists each is */
    uint32_t *area, areas;         /* which of the ask's areas each is */
    double *counts;                /* of those, corrected */
    double *right, *seen, *noise;  /* of the correction; noise NULL: there is none */
    double tail, together;
};

static dw_err check(const struct unseen_ask *ask, struct err_detail *detail)
{
    double level = ask->level == 0 ? LEVEL : ask->level;
    if (ask->lists < 2 || ask->lists > UNSEEN_LISTS)
        return err_set(detail, DW_E_INVALID, "%d lists; 2 to %d can be compared", ask->lists, UNSEEN_LISTS);
    if (ask->strata < 1 || ask->strata > UNSEEN_STRATA)
        return err_set(detail, DW_E_INVALID, "%d strata; 1 to %d can be told apart", ask->strata, UNSEEN_STRATA);
    if (!(level > 0.5 && level < 1)) return err_set(detail, DW_E_INVALID, "level %g", level);
    if (!(ask->missed >= 0 && ask->missed <= RATE_MOST && ask->wrong >= 0 && ask->wrong <= RATE_MOST))
        return err_set(detail, DW_E_INVALID, "rates of matching's errors lie between 0 and %g", RATE_MOST);
    if (!(ask->together == 0 || (ask->together >= 1 && ask->together <= TOGETHER_MOST)))
        return err_set(detail, DW_E_INVALID, "%g people together; 1 to %g", ask->together, TOGETHER_MOST);
    if (!(ask->meets >= 0 && ask->meets <= 1)) return err_set(detail, DW_E_INVALID, "meets %g", ask->meets);
    if (!(ask->pace >= 0 && isfinite(ask->pace))) return err_set(detail, DW_E_INVALID, "pace %g", ask->pace);
    for (uint32_t a = 0; ask->doors != NULL && a < ask->areas; a++)
        if (!(ask->doors[a] >= 0 && isfinite(ask->doors[a]))) return err_set(detail, DW_E_INVALID, "%g doors", ask->doors[a]);
    if (ask->areas > (CELLS_MOST >> ask->lists) / (size_t)ask->strata)
        return err_set(detail, DW_E_TOO_LARGE, "%u areas", ask->areas);
    return DW_OK;
}

static const uint32_t *asked(const struct unseen_ask *ask, uint32_t area, int stratum)
{
    return ask->counts + (((size_t)area * (size_t)ask->strata + (size_t)stratum) << ask->lists);
}

/* What is plain to see: who is listed, on two lists; which lists and areas have anybody. */
static dw_err look(struct job *job)
{
    const struct unseen_ask *ask = job->ask;
    uint32_t any = 0;
    job->area = calloc(ask->areas + 1, sizeof *job->area);
    if (job->area == NULL) return DW_E_MEMORY;
    for (uint32_t a = 0; a < ask->areas; a++) {
        struct unseen_area *area = &job->out->areas[a];
        *area = (struct unseen_area){
            .unseen = NAN, .low = 0, .high = NAN, .least = NAN, .finds = NAN, .per_door = NAN, .per_hour = NAN};
        for (int s = 0; s < ask->strata; s++)
            for (uint32_t h = 1; h < 1u << ask->lists; h++) {
                uint32_t n = asked(ask, a, s)[h];
                area->listed += n;
                area->twice += h & (h - 1) ? n : 0;
                if (n > 0) any |= h;
            }
        area->distinct = area->listed;
        if (area->listed > 0) job->area[job->areas++] = a;
    }
    for (int j = 0; j < ask->lists; j++)
        if (any >> j & 1) job->list[job->lists++] = j;
    return DW_OK;
}

/* Counts of an area and stratum over the lists that are left; out has 2^job->lists. */
static void gather(const struct job *job, double *out, uint32_t area, int stratum)
{
    const uint32_t *from = asked(job->ask, area, stratum);
    for (uint32_t h = 0; h < 1u << job->lists; h++) {
        uint32_t full = 0;
        for (int j = 0; j < job->lists; j++) full |= (h >> j & 1) << job->list[j];
        out[h] = h == 0 ? 0 : from[full];
    }
}

static dw_err prepare(struct job *job)
{
    const struct unseen_ask *ask = job->ask;
    const size_t cells = (size_t)1 << job->lists;
    bool correct = ask->missed > 0 || ask->wrong > 0;
    job->counts = calloc((size_t)job->areas * (size_t)ask->strata * cells + 1, sizeof *job->counts);
    job->seen = calloc(cells, sizeof *job->seen);
    job->right = calloc(cells * cells, sizeof *job->right);
    job->noise = correct ? calloc((size_t)ask->strata * cells * cells, sizeof *job->noise) : NULL;
    if (job->counts == NULL || job->seen == NULL || job->right == NULL || (correct && job->noise == NULL)) return DW_E_MEMORY;
    if (correct) unseen_link_matrix(job->right, job->lists, ask->missed, ask->wrong);
    double *to = job->counts;
    for (uint32_t i = 0; i < job->areas; i++) {
        struct unseen_area *area = &job->out->areas[job->area[i]];
        area->distinct = 0;
        for (int s = 0; s < ask->strata; s++, to += cells) {
            gather(job, job->seen, job->area[i], s);
            if (correct)
                unseen_link_counts(to, job->right, job->seen, job->lists);
            else
                memcpy(to, job->seen, cells * sizeof *to);
            for (size_t h = 1; h < cells; h++) {
                area->distinct += to[h];
                to[h] /= job->together;
            }
        }
    }
    return DW_OK;
}

/* All strata of an area together, in people. */
static void flatten(const struct job *job, double *out, uint32_t index)
{
    const size_t cells = (size_t)1 << job->lists;
    memset(out, 0, cells * sizeof *out);
    for (int s = 0; s < job->ask->strata; s++)
        for (size_t h = 1; h < cells; h++)
            out[h] += job->together * job->counts[((size_t)index * (size_t)job->ask->strata + (size_t)s) * cells + h];
}

static const double *noise_of(struct job *job, uint32_t index)
{
    const size_t cells = (size_t)1 << job->lists;
    for (int s = 0; job->noise != NULL && s < job->ask->strata; s++) {
        gather(job, job->seen, job->area[index], s);
        unseen_link_noise(job->noise + (size_t)s * cells * cells, job->right, job->seen, job->lists);
    }
    for (size_t i = 0; job->noise != NULL && i < (size_t)job->ask->strata * cells * cells; i++) job->noise[i] /= job->together;
    return job->noise;
}

/* Nobody on two lists among these areas: a lower bound each. */
static void bound(struct job *job, uint32_t first, uint32_t count)
{
    double flat[UNSEEN_FIT_CELLS];
    for (uint32_t i = first; i < first + count; i++) {
        struct unseen_area *area = &job->out->areas[job->area[i]];
        flatten(job, flat, i);
        area->how = UNSEEN_BOUND;
        area->low = fmax(0, ceil(unseen_two_apart(flat, job->lists, job->tail) - area->distinct));
        area->warnings |= UNSEEN_FEW;
    }
}

/* Areas first … of the job as one question to the models. */
static dw_err model(struct job *job, uint32_t first, uint32_t count)
{
    const struct unseen_ask *ask = job->ask;
    const size_t cells = (size_t)1 << job->lists;
    double flat[UNSEEN_FIT_CELLS], twice = 0;
    for (uint32_t i = first; i < first + count; i++) {
        flatten(job, flat, i);
        for (uint32_t h = 1; h < cells; h++) twice += h & (h - 1) ? flat[h] : 0;
    }
    if (!(twice > 0)) {
        bound(job, first, count);
        return DW_OK;
    }
    struct unseen_fit_data data = {.lists = job->lists,
                                   .strata = ask->strata,
                                   .areas = count,
                                   .counts = job->counts + (size_t)first * (size_t)ask->strata * cells};
    struct unseen_choose choice = {.count = 0};
    struct unseen_sum sum = {.count = 0};
    dw_err err = unseen_choose_make(&choice, &data, ask->bic ? UNSEEN_CHOOSE_BIC : UNSEEN_CHOOSE_AICC, job->progress);
    for (uint32_t i = 0; err == DW_OK && i < count; i++) {
        struct unseen_area *area = &job->out->areas[job->area[first + i]];
        if (!clock_tick(job->progress, "unseen.areas", first + i, job->areas)) err = DW_E_CANCELLED;
        if (err != DW_OK || !(area->distinct > 0)) continue;
        struct unseen_sum_area told;
        unseen_sum_add(&sum, &told, &choice, i, noise_of(job, first + i), job->tail);
        flatten(job, flat, first + i);
        area->how = count > 1 ? UNSEEN_SHARED : job->lists == 2 && ask->strata == 1 ? UNSEEN_CHAPMAN : UNSEEN_MODEL;
        area->unseen = area->how == UNSEEN_SHARED    ? told.mean * job->together
                       : area->how == UNSEEN_CHAPMAN ? unseen_two_chapman(flat)
                                                     : told.median * job->together;
        area->low = fmin(floor(told.low * job->together), floor(area->unseen));
        area->high = fmax(ceil(told.high * job->together), ceil(area->unseen));
    }
    if (err == DW_OK && (count == job->areas || !ask->apart)) {
        struct unseen_area *all = &job->out->all;
        if (count > 1) unseen_sum_end(&sum, &all->unseen, &all->low, &all->high, &choice, job->tail);
        all->unseen *= job->together;
        all->low = floor(all->low * job->together);
        all->high = ceil(all->high * job->together);
        all->how = count > 1 ? UNSEEN_SHARED : job->out->areas[job->area[0]].how;
        unseen_warn_models(job->out, &choice, job->list);
    }
    unseen_choose_free(&choice);
    return err;
}

/* Where every area stands for itself, their sum is taken as if they were independent, with what each interval says. */
static void add_up(struct job *job)
{
    struct unseen_area *all = &job->out->all;
    double unseen = 0, below = 0, above = 0;
    bool open = false;
    uint32_t told = 0;
    for (uint32_t i = 0; i < job->areas; i++) {
        const struct unseen_area *a = &job->out->areas[job->area[i]];
        if (a->how == UNSEEN_BOUND) {
            open = true;
            all->how = all->how == UNSEEN_NOTHING ? UNSEEN_BOUND : all->how;
            unseen += a->low;
            continue;
        }
        if (a->how == UNSEEN_NOTHING) continue;
        told++;
        all->how = a->how;
        unseen += a->unseen;
        below += (a->unseen - a->low) * (a->unseen - a->low);
        above += (a->high - a->unseen) * (a->high - a->unseen);
    }
    all->unseen = open || told == 0 ? NAN : unseen;
    all->low = fmax(0, floor(unseen - sqrt(below)));
    all->high = open || told == 0 ? NAN : ceil(unseen + sqrt(above));
}

static int by_worth(const void *a, const void *b)
{
    const struct unseen_area *x = *(const struct unseen_area *const *)a, *y = *(const struct unseen_area *const *)b;
    const double xs[] = {x->per_hour, x->finds}, ys[] = {y->per_hour, y->finds};
    for (int i = 0; i < 2; i++) {
        double p = isnan(xs[i]) ? -1 : xs[i], q = isnan(ys[i]) ? -1 : ys[i];
        if (p != q) return p > q ? -1 : 1;
    }
    return x < y ? -1 : x > y;
}

static dw_err rank(struct job *job)
{
    const struct unseen_ask *ask = job->ask;
    struct unseen_answer *out = job->out;
    double meets = ask->meets == 0 ? MEETS : ask->meets, pace = ask->pace == 0 ? PACE : ask->pace;
    struct unseen_area **order = calloc(ask->areas + 1, sizeof(struct unseen_area *));
    if (order == NULL) return DW_E_MEMORY;
    for (uint32_t a = 0; a < ask->areas; a++) {
        struct unseen_area *area = &out->areas[a];
        order[a] = area;
        area->finds = meets * area->unseen;
        if (ask->doors == NULL || !(ask->doors[a] > 0)) continue;
        area->per_door = area->finds / ask->doors[a];
        area->per_hour = area->per_door * pace;
    }
    out->all.finds = meets * out->all.unseen;
    qsort(order, ask->areas, sizeof(struct unseen_area *), by_worth);
    for (uint32_t i = 0; i < ask->areas; i++) order[i]->rank = i + 1;
    free(order);
    return DW_OK;
}

static void finish(struct job *job)
{
    struct unseen_area *all = &job->out->all;
    double flat[UNSEEN_FIT_CELLS], whole[UNSEEN_FIT_CELLS] = {0};
    for (uint32_t i = 0; i < job->areas; i++) {
        struct unseen_area *a = &job->out->areas[job->area[i]];
        flatten(job, flat, i);
        for (uint32_t h = 0; h < 1u << job->lists; h++) whole[h] += flat[h];
        a->least = unseen_two_chao(flat, job->lists);
        all->listed += a->listed;
        all->distinct += a->distinct;
        all->twice += a->twice;
    }
    all->least = unseen_two_chao(whole, job->lists);
    if (job->lists < job->ask->lists) all->warnings |= UNSEEN_UNUSED;
    if (job->ask->missed == 0 && job->ask->wrong == 0) all->warnings |= UNSEEN_UNMATCHED;
    for (int j = 0; j < job->lists; j++) {
        double on = 0;
        for (uint32_t h = 1; h < 1u << job->lists; h++) on += h >> j & 1 ? whole[h] : 0;
        job->out->caught[job->list[j]] = on / (all->distinct + all->unseen);
    }
    unseen_warn_counts(job->out, whole, job->list, job->lists);
    unseen_warn_areas(job->out, job->ask->areas);
}

static dw_err run(struct job *job)
{
    ERR_TRY(look(job));
    ERR_TRY(prepare(job));
    if (job->lists >= 2 && !job->ask->apart && job->areas > 0) ERR_TRY(model(job, 0, job->areas));
    for (uint32_t i = 0; job->lists >= 2 && job->ask->apart && i < job->areas; i++) ERR_TRY(model(job, i, 1));
    if (job->ask->apart || job->areas < 2 || job->out->all.how != UNSEEN_SHARED) add_up(job);
    finish(job);
    return rank(job);
}

dw_err unseen_make(struct unseen_answer *out, const struct unseen_ask *ask, const struct clock_progress *progress,
                   struct err_detail *detail)
{
    ERR_TRY(check(ask, detail));
    struct job job = {.ask = ask, .out = out, .progress = progress};
    job.together = ask->together == 0 ? 1 : ask->together;
    job.tail = (1 - (ask->level == 0 ? LEVEL : ask->level)) / 2;
    out->areas = arena_array(&out->arena, ask->areas + 1, sizeof *out->areas);
    out->all = (struct unseen_area){.unseen = NAN, .high = NAN, .finds = NAN, .per_door = NAN, .per_hour = NAN};
    out->fit_chance = NAN;
    for (int j = 0; j < UNSEEN_LISTS; j++) out->caught[j] = NAN;
    for (int p = 0; p < UNSEEN_PAIRS; p++) out->depend[p] = NAN;
    dw_err err = out->areas == NULL ? DW_E_MEMORY : run(&job);
    free(job.area);
    free(job.counts);
    free(job.seen);
    free(job.right);
    free(job.noise);
    return err;
}

const char *unseen_how_name(enum unseen_how how)
{
    static const char *const names[UNSEEN_HOWS] = {"nothing", "bound", "chapman", "model", "shared"};
    return names[how];
}

const char *unseen_warning_name(int bit)
{
    static const char *const names[UNSEEN_WARNINGS] = {"few",      "wide",   "two_lists", "dependent", "unlike",  "contained",
                                                       "disjoint", "misfit", "unmatched", "unused",    "left_out"};
    return names[bit];
}

void unseen_free(struct unseen_answer *answer)
{
    arena_free(&answer->arena);
}
