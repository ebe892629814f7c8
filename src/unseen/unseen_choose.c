#include "unseen/unseen_choose.h"

#include <math.h>
#include <stdlib.h>

/* Models that the data speak against by more than this (weight under e⁻³ of the best one's) are left out. */
static const double APART = 6;

struct tried {
    uint32_t graph;
    double worth; /* the criterion: less is better */
};

struct search {
    const struct unseen_fit_data *data;
    enum unseen_choose_by by;
    const struct clock_progress *progress;
    struct tried tried[UNSEEN_CHOOSE_TRIED];
    int count;
};

static double worth_of(const struct unseen_fit *fit, enum unseen_choose_by by)
{
    double n = fit->people, q = fit->pairs, all = fit->pairs + fit->data->lists + 1;
    if (by == UNSEEN_CHOOSE_BIC) return -2 * fit->value + q * log(n > 2 ? n : 2);
    /* The correction counts what every model has, too; where it has no meaning, there is nothing to tell models apart by. */
    double spare = n - all - 1;
    return -2 * fit->value + 2 * all + (spare > 1 ? 2 * all * (all + 1) / spare : 2 * all * (all + 1));
}

static const struct tried *known(const struct search *s, uint32_t graph)
{
    for (int i = 0; i < s->count; i++)
        if (s->tried[i].graph == graph) return &s->tried[i];
    return NULL;
}

static dw_err try_one(struct search *s, uint32_t graph, const struct unseen_fit *near)
{
    struct unseen_fit *fit = malloc(sizeof *fit);
    if (fit == NULL) return DW_E_MEMORY;
    dw_err err = unseen_fit_make(fit, s->data, graph, near, s->progress);
    if (err == DW_OK) s->tried[s->count++] = (struct tried){graph, worth_of(fit, s->by)};
    unseen_fit_free(fit);
    free(fit);
    return err;
}

/* What is common to the pairs without a φ of their own is more than another φ of one pair only where there are two of them. */
static bool sound(const struct search *s, uint32_t graph)
{
    const int pairs = s->data->lists * (s->data->lists - 1) / 2;
    return !(graph & UNSEEN_FIT_COMMON) || pairs - __builtin_popcount(graph & ~UNSEEN_FIT_COMMON) >= 2;
}

/* From a graph to its best neighbour, as long as there is a better one. */
static dw_err walk(struct search *s, uint32_t from)
{
    const int pairs = s->data->lists * (s->data->lists - 1) / 2;
    struct unseen_fit *here = malloc(sizeof *here);
    if (here == NULL) return DW_E_MEMORY;
    dw_err err = unseen_fit_make(here, s->data, from, NULL, s->progress);
    if (err == DW_OK && known(s, from) == NULL && s->count < UNSEEN_CHOOSE_TRIED)
        s->tried[s->count++] = (struct tried){from, worth_of(here, s->by)};
    for (bool better = true; err == DW_OK && better;) {
        uint32_t best = here->graph;
        double least = worth_of(here, s->by);
        for (int p = 0; err == DW_OK && p <= pairs; p++) {
            uint32_t graph = here->graph ^ (p < pairs ? 1u << p : UNSEEN_FIT_COMMON);
            const struct tried *seen = known(s, graph);
            if (!sound(s, graph)) continue;
            if (seen == NULL && s->count == UNSEEN_CHOOSE_TRIED) continue;
            if (seen == NULL) err = try_one(s, graph, here);
            if (err == DW_OK && seen == NULL) seen = &s->tried[s->count - 1];
            if (err == DW_OK && seen->worth < least - 1e-9) {
                least = seen->worth;
                best = graph;
            }
        }
        better = err == DW_OK && best != here->graph;
        if (!better) break;
        struct unseen_fit *next = malloc(sizeof *next);
        err = next == NULL ? DW_E_MEMORY : unseen_fit_make(next, s->data, best, here, s->progress);
        if (next == NULL) break;
        unseen_fit_free(here);
        free(here);
        here = next;
    }
    unseen_fit_free(here);
    free(here);
    return err;
}

static dw_err search(struct search *s)
{
    const int pairs = s->data->lists * (s->data->lists - 1) / 2;
    if (s->data->lists > 3) {
        ERR_TRY(walk(s, 0));
        return walk(s, (1u << pairs) - 1);
    }
    for (uint32_t graph = 0; graph < 1u << (s->data->lists < 3 ? 0 : pairs); graph++) {
        ERR_TRY(try_one(s, graph, NULL));
        if (pairs > 1 && sound(s, graph | UNSEEN_FIT_COMMON)) ERR_TRY(try_one(s, graph | UNSEEN_FIT_COMMON, NULL));
    }
    return DW_OK;
}

static int by_worth(const void *a, const void *b)
{
    const struct tried *x = a, *y = b;
    if (x->worth != y->worth) return x->worth < y->worth ? -1 : 1;
    return x->graph < y->graph ? -1 : x->graph > y->graph;
}

dw_err unseen_choose_make(struct unseen_choose *out, const struct unseen_fit_data *data, enum unseen_choose_by by,
                          const struct clock_progress *progress)
{
    struct search *s = calloc(1, sizeof *s);
    if (s == NULL) return DW_E_MEMORY;
    *s = (struct search){.data = data, .by = by, .progress = progress};
    dw_err err = search(s);
    qsort(s->tried, (size_t)s->count, sizeof *s->tried, by_worth);
    double sum = 0;
    for (int i = 0; err == DW_OK && i < s->count && i < UNSEEN_CHOOSE_KEPT; i++) {
        double behind = s->tried[i].worth - s->tried[0].worth;
        if (behind > APART) break;
        out->fits[i] = malloc(sizeof *out->fits[i]);
        if (out->fits[i] == NULL) {
            err = DW_E_MEMORY;
            break;
        }
        out->count = i + 1;
        err = unseen_fit_make(out->fits[i], data, s->tried[i].graph, NULL, progress);
        sum += out->weight[i] = exp(-behind / 2);
    }
    for (int i = 0; i < out->count; i++) out->weight[i] /= sum;
    out->tried = s->count;
    free(s);
    return err;
}

void unseen_choose_free(struct unseen_choose *choice)
{
    for (int i = 0; i < choice->count; i++) {
        unseen_fit_free(choice->fits[i]);
        free(choice->fits[i]);
    }
    choice->count = 0;
}
