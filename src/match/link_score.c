/* Candidates: every record against all before it. Where what two records share adds up near enough to a match, all fields are
 * compared. */
#include <stdlib.h>
#include <string.h>

#include "match/link_gather.h"

/* Bits below the weight at which a match is as likely as not, from which on a pair is compared. */
#define LINK_SCORE_MARGIN 7.0

enum {
    LINK_SCORE_PART = 150,  /* chunks from which is learned what matches are like, where not all agreements are walked */
    LINK_SCORE_LOOK = 2000, /* records of a table that are looked at for whether it holds people twice */
    LINK_SCORE_BAND = 8     /* bits of the band below, with which they are compared */
};

struct link_score {
    struct link *link;
    struct link_gather gather;
    double cut;
    bool all; /* pairs are so few that every one is compared */
    struct link_cands *chunk;
};

double link_score_pairs(const struct link *link, size_t s, size_t t)
{
    double n = link->table_first[s + 1] - link->table_first[s], m = link->table_first[t + 1] - link->table_first[t];
    if (s == t) return link->repeats[s] ? n * (n - 1) / 2 : 0;
    return n * m;
}

/* Records before i that it is compared with: all of the tables before, and those of its own that may be the same. */
static uint32_t link_score_limit(const struct link *link, uint32_t i)
{
    size_t table = link_table_of(link, i);
    return link->repeats[table] ? i : link->table_first[table];
}

static void link_score_free(struct link_cands *cands)
{
    free(cands->pair);
    free(cands->level);
    free(cands->info);
    free(cands->because);
    memset(cands, 0, sizeof *cands);
}

static bool link_score_room(struct link_cands *out, size_t need, size_t fields)
{
    if (need <= out->cap) return true;
    size_t cap = out->cap < 64 ? 64 : out->cap * 2;
    if (cap < need) cap = need;
    struct link_pair *pair = realloc(out->pair, cap * sizeof *pair);
    if (pair != NULL) out->pair = pair;
    int8_t *level = realloc(out->level, cap * fields);
    if (level != NULL) out->level = level;
    uint16_t *info = realloc(out->info, cap * fields * sizeof *info);
    if (info != NULL) out->info = info;
    float *because = realloc(out->because, cap * sizeof *because);
    if (because != NULL) out->because = because;
    if (pair == NULL || level == NULL || info == NULL || because == NULL) return false;
    out->cap = cap;
    return true;
}

/* Record i with others, which are smaller, field by field; field after field, so that memory is waited for once. */
static dw_err link_score_keep(struct link_score *score, struct link_scratch *s, struct link_cands *out, uint32_t i,
                              const uint32_t *others, size_t count)
{
    size_t fields = score->link->field_count;
    int field;
    if (!link_score_room(out, out->count + count, fields)) return DW_E_MEMORY;
    for (size_t f = 0; f < fields; f++)
        for (size_t k = 0; k < count; k++) {
            float info;
            size_t at = (out->count + k) * fields + f;
            out->level[at] = (int8_t)link_level(score->link, f, s, others[k], i, &info);
            out->info[at] = (uint16_t)(info * LINK_INFO_UNIT + 0.5f);
        }
    for (size_t k = 0; k < count; k++, out->count++) {
        out->pair[out->count] = (struct link_pair){.a = others[k], .b = i};
        out->because[out->count] =
            (float)link_because_bits(&field, score->link, out->level + out->count * fields, out->info + out->count * fields);
    }
    return DW_OK;
}

static dw_err link_score_record(struct link_score *score, struct link_scratch *s, struct link_cands *out, uint32_t i)
{
    uint32_t limit = link_score_limit(score->link, i);
    size_t kept = limit;
    for (uint32_t j = 0; score->all && j < limit; j++) s->touched[j] = j;
    if (!score->all) kept = limit == 0 ? 0 : link_gather_record(&score->gather, s, i, 0, limit, score->cut);
    return link_score_keep(score, s, out, i, s->touched, kept);
}

static dw_err link_score_part(void *ctx, size_t part, struct link_scratch *scratch)
{
    struct link_score *score = ctx;
    uint32_t from = (uint32_t)(part * score->link->part * LINK_CHUNK), to = from + LINK_CHUNK;
    dw_err err = DW_OK;
    if (to > score->link->records) to = (uint32_t)score->link->records;
    for (uint32_t i = from; i < to && err == DW_OK; i++) err = link_score_record(score, scratch, &score->chunk[part], i);
    return err;
}

/* The chunks' candidates one after the other. */
static dw_err link_score_join(struct link_score *score, size_t chunks)
{
    struct link *link = score->link;
    struct link_cands *all = &link->cands;
    size_t fields = link->field_count, count = 0;
    for (size_t c = 0; c < chunks; c++) count += score->chunk[c].count;
    all->pair = malloc((count + 1) * sizeof *all->pair);
    all->level = malloc((count + 1) * fields);
    all->info = malloc((count + 1) * fields * sizeof *all->info);
    all->because = malloc((count + 1) * sizeof *all->because);
    if (all->pair == NULL || all->level == NULL || all->info == NULL || all->because == NULL) return DW_E_MEMORY;
    for (size_t c = 0; c < chunks; c++) {
        struct link_cands *one = &score->chunk[c];
        if (one->count > 0) {
            memcpy(all->pair + all->count, one->pair, one->count * sizeof *one->pair);
            memcpy(all->level + all->count * fields, one->level, one->count * fields);
            memcpy(all->info + all->count * fields, one->info, one->count * fields * sizeof *one->info);
            memcpy(all->because + all->count, one->because, one->count * sizeof *one->because);
            all->count += one->count;
        }
        link_score_free(one);
    }
    return DW_OK;
}

/* Weight of record i with the likest other record of its own table, without a prior; −INFINITY when there is none like it. */
static double link_score_likest(struct link_score *score, struct link_scratch *s, struct link_cands *out, uint32_t i)
{
    struct link *link = score->link;
    size_t table = link_table_of(link, i), best = 0;
    size_t count = link_gather_record(&score->gather, s, i, link->table_first[table], link->table_first[table + 1], 0);
    for (size_t k = 1; k < count; k++)
        if (s->sum[k] > s->sum[best]) best = k;
    out->count = 0;
    if (count == 0) return -INFINITY;
    uint32_t who = s->touched[best];
    uint32_t low = i < who ? i : who;
    if (link_score_keep(score, s, out, i < who ? who : i, &low, 1) != DW_OK) return -INFINITY;
    return link_em_weight(link, out->level, out->info) - (double)out->because[0];
}

static int link_score_smaller(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

/* What all but a few of the matches between tables weigh at least, and something less: those within a table differ in more. */
static dw_err link_score_usual(double *out, const struct link *link)
{
    size_t count = 0, fields = link->field_count;
    float *bits = malloc((link->cands.count + 1) * sizeof *bits);
    if (bits == NULL) return DW_E_MEMORY;
    for (size_t c = 0; c < link->cands.count; c++)
        if (link->cands.pair[c].p > 0.5f)
            bits[count++] = (float)link_em_weight(link, link->cands.level + c * fields, link->cands.info + c * fields) -
                            link->cands.because[c];
    qsort(bits, count, sizeof *bits, link_score_smaller);
    *out = count < 10 ? INFINITY : (double)bits[count / 50] - LINK_SCORE_BAND / 2.0;
    free(bits);
    return DW_OK;
}

/* Share of records that have another in their table from which on the table is taken to hold people twice. */
#define LINK_SCORE_REPEATS 0.005

/* Records of one table that only share a subject or a family grow rarer with weight. Where those that are as like as matches are
 * more than those that are somewhat less like, they are matches. */
static bool link_score_repeats_in(struct link_score *score, size_t t, double usual)
{
    struct link *link = score->link;
    struct link_cands one = {0};
    uint32_t first = link->table_first[t], rows = link->table_first[t + 1] - first, looked = 0, twice = 0, nearly = 0;
    /* Records stand in an order that has nothing to do with who they are: every so-manieth is a fair sample. */
    uint32_t step = rows / LINK_SCORE_LOOK + 1;
    for (uint32_t r = first; r < first + rows; r += step, looked++) {
        double bits = link_score_likest(score, &link->scratch[0], &one, r);
        twice += bits >= usual;
        nearly += bits < usual && bits >= usual - LINK_SCORE_BAND;
    }
    link_score_free(&one);
    return twice >= 3 && twice >= LINK_SCORE_REPEATS * looked && twice > nearly;
}

dw_err link_score_repeats(bool *changed, struct link *link)
{
    double usual = INFINITY;
    *changed = false;
    if (link->table_count < 2) return DW_OK;
    struct link_score *score = calloc(1, sizeof *score);
    if (score == NULL) return DW_E_MEMORY;
    score->link = link;
    dw_err err = link_score_usual(&usual, link);
    if (err == DW_OK) err = link_gather_make(&score->gather, link);
    for (size_t t = 0; t < link->table_count && err == DW_OK; t++) {
        if (!link->guess[t] || !link_score_repeats_in(score, t, usual)) continue;
        link->repeats[t] = true;
        *changed = true;
    }
    link_gather_free(&score->gather);
    free(score);
    return err;
}

dw_err link_score(bool *rough, struct link *link)
{
    struct link_score *score = calloc(1, sizeof *score);
    size_t chunks = (link->records + LINK_CHUNK - 1) / LINK_CHUNK;
    *rough = false;
    if (score == NULL) return DW_E_MEMORY;
    score->link = link;
    double pairs = 0;
    for (size_t s = 0; s < link->table_count; s++)
        for (size_t t = s; t < link->table_count; t++) pairs += link_score_pairs(link, s, t);
    link->counts.pairs = (uint64_t)pairs;
    score->all = pairs <= LINK_FEW;
    score->cut = log2(pairs / (double)link->records + 1) - LINK_SCORE_MARGIN;
    if (score->cut < 1) score->cut = 1;
    link->counts.cut = score->all ? 0 : score->cut;
    link_score_free(&link->cands);
    dw_err err = score->all ? DW_OK : link_gather_make(&score->gather, link);
    /* Of so many, what matches are like is learned of a part; weights that are learned leave fewer candidates. */
    *rough = err == DW_OK && !score->all && !score->gather.block.all;
    link->part = *rough && !link->learned ? chunks / LINK_SCORE_PART + 1 : 1;
    chunks = (chunks + link->part - 1) / link->part;
    score->chunk = calloc(chunks + 1, sizeof *score->chunk);
    struct link_job job = {link_score_part, score, "match.pairs"};
    if (score->chunk == NULL) err = DW_E_MEMORY;
    if (err == DW_OK) err = link_work(link, &job, chunks);
    if (err == DW_OK) err = link_score_join(score, chunks);
    for (size_t c = 0; score->chunk != NULL && c < chunks; c++) link_score_free(&score->chunk[c]);
    free(score->chunk);
    link_gather_free(&score->gather);
    free(score);
    link->counts.compared = link->cands.count;
    return err;
}
