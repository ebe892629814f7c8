/* What true pairs are like and how many there are: EM over the candidates, with what unlike pairs are like held fixed. */
#include "match/link_inside.h"

#include <stdlib.h>
#include <string.h>

enum { LINK_EM_ROUNDS = 30, LINK_EM_CHUNK = 8192, LINK_EM_BELIEF = 20 };

struct link_em_sums {
    double count[LINK_FIELDS][LINK_LEVELS];
};

struct link_em {
    struct link *link;
    struct link_em_sums *sums; /* by chunk */
    size_t chunks;
    double *prior;   /* by tables: log2 odds */
    double *reached; /* by record and table: sum of the odds of its candidates there */
    double *matches; /* by tables: expected */
};

double link_em_field(const struct link_field *f, int level, double info)
{
    if (level < 0) return 0;
    return level >= f->like ? log2(f->m[level] / f->u[level]) : log2(f->m[level]) + info;
}

double link_em_weight(const struct link *link, const int8_t *level, const uint16_t *info)
{
    double bits = 0;
    for (size_t f = 0; f < link->field_count; f++)
        bits += link_em_field(&link->field[f], level[f], (double)info[f] / LINK_INFO_UNIT);
    return bits;
}

static dw_err link_em_weigh(void *ctx, size_t part, struct link_scratch *scratch)
{
    struct link_em *em = ctx;
    struct link *link = em->link;
    size_t from = part * LINK_EM_CHUNK, to = from + LINK_EM_CHUNK, fields = link->field_count;
    (void)scratch;
    if (to > link->cands.count) to = link->cands.count;
    for (size_t c = from; c < to; c++) {
        struct link_pair *p = &link->cands.pair[c];
        size_t s = link_table_of(link, p->a), t = link_table_of(link, p->b);
        double bits = link_em_weight(link, link->cands.level + c * fields, link->cands.info + c * fields);
        p->bits = (float)(em->prior[s * link->table_count + t] + bits - (double)link->cands.because[c]);
    }
    return DW_OK;
}

static double link_em_odds(float bits)
{
    return exp2(bits > 60 ? 60 : bits < -60 ? -60 : bits);
}

/* A record has one match at most in a table that holds nobody twice: its candidates there share one probability. */
static void link_em_reach(struct link_em *em)
{
    struct link *link = em->link;
    if (em->reached == NULL) return;
    memset(em->reached, 0, link->records * link->table_count * sizeof *em->reached);
    for (size_t c = 0; c < link->cands.count; c++) {
        const struct link_pair *p = &link->cands.pair[c];
        double odds = link_em_odds(p->bits);
        em->reached[(size_t)p->a * link->table_count + link_table_of(link, p->b)] += odds;
        em->reached[(size_t)p->b * link->table_count + link_table_of(link, p->a)] += odds;
    }
}

static double link_em_chance(const struct link_em *em, const struct link_pair *p)
{
    const struct link *link = em->link;
    double odds = link_em_odds(p->bits), all = 1 + odds;
    if (em->reached == NULL) return odds / all;
    size_t s = link_table_of(link, p->a), t = link_table_of(link, p->b);
    if (s != t && !link->repeats[t]) all += em->reached[(size_t)p->a * link->table_count + t] - odds;
    if (s != t && !link->repeats[s]) all += em->reached[(size_t)p->b * link->table_count + s] - odds;
    double p_match = odds / (all < odds ? odds : all);
    return p_match;
}

static dw_err link_em_expect(void *ctx, size_t part, struct link_scratch *scratch)
{
    struct link_em *em = ctx;
    struct link *link = em->link;
    struct link_em_sums *sums = &em->sums[part];
    size_t from = part * LINK_EM_CHUNK, to = from + LINK_EM_CHUNK, fields = link->field_count;
    (void)scratch;
    memset(sums, 0, sizeof *sums);
    if (to > link->cands.count) to = link->cands.count;
    for (size_t c = from; c < to; c++) {
        struct link_pair *pair = &link->cands.pair[c];
        double p = link_em_chance(em, pair);
        pair->p = (float)p;
        if (p < 1e-6) continue;
        for (size_t f = 0; f < fields; f++) {
            int level = link->cands.level[c * fields + f];
            if (level >= 0) sums->count[f][level] += p;
        }
    }
    return DW_OK;
}

/* What was believed before weighs as much as a few pairs, so that what was never seen is not impossible, and a field that hardly
 * any two records have is judged by what such fields are like. */
static double link_em_learn(struct link_em *em)
{
    struct link *link = em->link;
    double moved = 0;
    for (size_t f = 0; f < link->field_count; f++) {
        double sum[LINK_LEVELS], all = 0;
        for (int l = 0; l < LINK_LEVELS; l++) {
            sum[l] = LINK_EM_BELIEF * link->field[f].believed[l] + 0.05;
            for (size_t c = 0; c < em->chunks; c++) sum[l] += em->sums[c].count[f][l];
            all += sum[l];
        }
        for (int l = 0; l < LINK_LEVELS; l++) {
            double m = sum[l] / all, change = fabs(m - link->field[f].m[l]);
            if (change > moved) moved = change;
            link->field[f].m[l] = m;
        }
    }
    return moved;
}

static void link_em_share(struct link_em *em)
{
    struct link *link = em->link;
    size_t tables = link->table_count;
    memset(em->matches, 0, tables * tables * sizeof *em->matches);
    for (size_t c = 0; c < link->cands.count; c++) {
        const struct link_pair *p = &link->cands.pair[c];
        em->matches[link_table_of(link, p->a) * tables + link_table_of(link, p->b)] += p->p;
    }
    link->counts.expected = 0;
    for (size_t s = 0; s < tables; s++)
        for (size_t t = s; t < tables; t++) {
            double pairs = link_score_pairs(link, s, t);
            if (pairs <= 0) continue;
            double matches = em->matches[s * tables + t] * (double)link->part, share = (matches + 0.5) / (pairs + 1);
            link->counts.expected += matches;
            link->share[s * tables + t] = share > 0.5 ? 0.5 : share;
        }
}

static void link_em_priors(struct link_em *em)
{
    size_t all = em->link->table_count * em->link->table_count;
    for (size_t i = 0; i < all; i++) {
        double share = em->link->share[i];
        em->prior[i] = share > 0 ? log2(share / (1 - share)) : -60;
    }
}

static dw_err link_em_rounds(struct link_em *em)
{
    struct link *link = em->link;
    struct link_job weigh = {link_em_weigh, em, "match.learn"}, expect = {link_em_expect, em, "match.learn"};
    double moved = 1;
    for (int round = 0; round <= LINK_EM_ROUNDS; round++) {
        link_em_priors(em);
        ERR_TRY(link_work(link, &weigh, em->chunks));
        link_em_reach(em);
        ERR_TRY(link_work(link, &expect, em->chunks));
        /* What was learned last stays as it is, and the weights are of it. */
        if (round == LINK_EM_ROUNDS || moved < 1e-4) break;
        moved = link_em_learn(em);
        link_em_share(em);
    }
    return DW_OK;
}

dw_err link_em(struct link *link)
{
    struct link_em em = {.link = link, .chunks = (link->cands.count + LINK_EM_CHUNK - 1) / LINK_EM_CHUNK};
    size_t tables = link->table_count;
    em.sums = malloc((em.chunks + 1) * sizeof *em.sums);
    em.prior = calloc(tables * tables, sizeof *em.prior);
    em.matches = calloc(tables * tables, sizeof *em.matches);
    bool once = false;
    for (size_t t = 0; t < tables; t++) once = once || !link->repeats[t];
    if (once) em.reached = malloc((link->records * tables + 1) * sizeof *em.reached);
    bool good = em.sums != NULL && em.prior != NULL && em.matches != NULL && (!once || em.reached != NULL);
    dw_err err = good ? link_em_rounds(&em) : DW_E_MEMORY;
    free(em.sums);
    free(em.prior);
    free(em.matches);
    free(em.reached);
    return err;
}
