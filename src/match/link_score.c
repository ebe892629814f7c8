/* Candidates: every record against all before it. What two records share is added up along the lists of who has a token, so that
 * the work grows with agreements and not with pairs; where the sum comes near enough to a match, all fields are compared. */
#include "match/link_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Bits below the weight at which a match is as likely as not, from which on a pair is compared. */
#define LINK_SCORE_MARGIN 7.0
/* What the sum takes a token of several to be worth on top, since the field is then not unlike. */
#define LINK_SCORE_BACK 1.5
#define LINK_SCORE_LEAST 0.5
#define LINK_SCORE_UNLIKE (-4.0)

enum {
    LINK_SCORE_HALF = LINK_FIELDS / 2,
    LINK_SCORE_COMMON = 20, /* a token that more than one record in so many has is common */
    LINK_SCORE_LOOK = 2000, /* records of a table that are looked at for whether it holds people twice */
    LINK_SCORE_BAND = 8     /* bits of the band below, with which they are compared */
};

struct link_score {
    struct link *link;
    double cut;
    float unlike[LINK_FIELDS];           /* what being unlike costs, bounded */
    float base[2][1 << LINK_SCORE_HALF]; /* by lower and upper half of the fields that both have */
    float level[LINK_FIELDS][LINK_NEAR]; /* what a token adds besides its own bits */
    bool all;                            /* pairs are so few that every one is compared */
    struct link_cands *chunk;
};

double link_score_pairs(const struct link *link, size_t s, size_t t)
{
    double n = link->table_first[s + 1] - link->table_first[s], m = link->table_first[t + 1] - link->table_first[t];
    if (s == t) return link->repeats[s] ? n * (n - 1) / 2 : 0;
    return n * m;
}

static void link_score_weights(struct link_score *score)
{
    struct link *link = score->link;
    for (size_t f = 0; f < link->field_count; f++) {
        const struct link_field *field = &link->field[f];
        int unlike = field->many ? LINK_LEVELS - 1 : LINK_NEAR;
        double bits = log2(field->m[unlike] / field->u[unlike]);
        score->unlike[f] = (float)(bits < LINK_SCORE_UNLIKE ? LINK_SCORE_UNLIKE : bits > 0 ? 0 : bits);
        for (int l = 0; l < LINK_NEAR; l++)
            score->level[f][l] = (float)(field->many ? LINK_SCORE_BACK - (l > 0) : log2(field->m[l]) - score->unlike[f]);
    }
    for (int half = 0; half < 2; half++)
        for (uint32_t mask = 0; mask < 1U << LINK_SCORE_HALF; mask++) {
            float sum = 0;
            for (size_t f = 0; f < LINK_SCORE_HALF; f++)
                if (mask >> f & 1 && f + (size_t)half * LINK_SCORE_HALF < link->field_count)
                    sum += score->unlike[f + (size_t)half * LINK_SCORE_HALF];
            score->base[half][mask] = sum;
        }
}

/* Records before i that it is compared with: all of the tables before, and those of its own that may be the same. */
static uint32_t link_score_limit(const struct link *link, uint32_t i)
{
    size_t table = link_table_of(link, i);
    return link->repeats[table] ? i : link->table_first[table];
}

static bool link_score_common(const struct link *link, const struct link_field *f, uint32_t token)
{
    return f->df[token] > link->records / LINK_SCORE_COMMON;
}

static const uint32_t *link_score_from(const uint32_t *p, const uint32_t *end, uint32_t first)
{
    while (p < end) {
        const uint32_t *middle = p + (end - p) / 2;
        if (*middle < first)
            p = middle + 1;
        else
            end = middle;
    }
    return p;
}

/* Adds what records from first to before the limit share with record i; returns how many were touched. */
static size_t link_score_add(const struct link_score *score, struct link_scratch *s, uint32_t i, uint32_t first, uint32_t limit)
{
    const struct link *link = score->link;
    size_t touched = 0;
    for (size_t k = 0; k < link->field_count; k++) {
        const struct link_field *f = &link->field[k];
        for (uint32_t z = f->first[i]; z < f->first[i + 1]; z++) {
            uint32_t token = f->token[z], near = f->near_first[token], end = f->near_first[token + 1];
            for (uint32_t q = near; q <= end; q++) {
                uint32_t other = q == end ? token : f->near[q];
                int level = q == end ? 0 : f->near_level[q];
                float bits = f->info[level][token] + score->level[k][level];
                if (bits < LINK_SCORE_LEAST || (link_score_common(link, f, other) && (!f->many || bits < 5))) continue;
                const uint32_t *p = f->post + f->post_first[other], *p_end = f->post + f->post_first[other + 1];
                if (first > 0) p = link_score_from(p, p_end, first);
                for (; p < p_end && *p < limit; p++) {
                    if (s->acc[*p] == 0) s->touched[touched++] = *p;
                    s->acc[*p] += bits;
                }
            }
        }
    }
    return touched;
}

/* Common values of a record (its sex), which are looked at only where the rest comes near: what they add if shared. */
struct link_score_late {
    size_t field[LINK_FIELDS];
    float bits[LINK_FIELDS], all;
    size_t count;
};

static void link_score_late(struct link_score_late *late, const struct link_score *score, uint32_t i)
{
    const struct link *link = score->link;
    late->count = 0;
    late->all = 0;
    for (size_t k = 0; k < link->field_count; k++) {
        const struct link_field *f = &link->field[k];
        if (f->many || f->first[i] == f->first[i + 1] || !link_score_common(link, f, f->token[f->first[i]])) continue;
        float bits = f->info[0][f->token[f->first[i]]] + score->level[k][0];
        if (bits <= 0) continue;
        late->field[late->count] = k;
        late->bits[late->count++] = bits;
        late->all += bits;
    }
}

static float link_score_late_bits(const struct link_score_late *late, const struct link *link, uint32_t i, uint32_t j)
{
    float bits = 0;
    for (size_t k = 0; k < late->count; k++) {
        const struct link_field *f = &link->field[late->field[k]];
        if (f->first[j] < f->first[j + 1] && f->token[f->first[j]] == f->token[f->first[i]]) bits += late->bits[k];
    }
    return bits;
}

static void link_score_free(struct link_cands *cands)
{
    free(cands->pair);
    free(cands->level);
    free(cands->info);
    free(cands->because);
    memset(cands, 0, sizeof *cands);
}

static dw_err link_score_keep(struct link_score *score, struct link_scratch *s, struct link_cands *out, uint32_t a, uint32_t b)
{
    size_t fields = score->link->field_count, need = out->count + 1;
    if (need > out->cap) {
        size_t cap = out->cap < 64 ? 64 : out->cap * 2;
        struct link_pair *pair = realloc(out->pair, cap * sizeof *pair);
        if (pair != NULL) out->pair = pair;
        int8_t *level = realloc(out->level, cap * fields);
        if (level != NULL) out->level = level;
        uint16_t *info = realloc(out->info, cap * fields * sizeof *info);
        if (info != NULL) out->info = info;
        float *because = realloc(out->because, cap * sizeof *because);
        if (because != NULL) out->because = because;
        if (pair == NULL || level == NULL || info == NULL || because == NULL) return DW_E_MEMORY;
        out->cap = cap;
    }
    out->pair[out->count] = (struct link_pair){.a = a, .b = b};
    for (size_t f = 0; f < fields; f++) {
        float info;
        out->level[out->count * fields + f] = (int8_t)link_level(score->link, f, s, a, b, &info);
        out->info[out->count * fields + f] = (uint16_t)(info * LINK_INFO_UNIT + 0.5f);
    }
    int field;
    out->because[out->count] =
        (float)link_because_bits(&field, score->link, out->level + out->count * fields, out->info + out->count * fields);
    out->count++;
    return DW_OK;
}

static int link_score_ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static dw_err link_score_record(struct link_score *score, struct link_scratch *s, struct link_cands *out, uint32_t i)
{
    struct link *link = score->link;
    uint32_t limit = link_score_limit(link, i), mask = link->mask[i];
    const uint32_t half = (1U << LINK_SCORE_HALF) - 1;
    dw_err err = DW_OK;
    for (uint32_t j = 0; score->all && j < limit && err == DW_OK; j++) err = link_score_keep(score, s, out, j, i);
    if (score->all || limit == 0) return err;
    struct link_score_late late;
    link_score_late(&late, score, i);
    size_t touched = link_score_add(score, s, i, 0, limit), kept = 0;
    for (size_t k = 0; k < touched; k++) {
        uint32_t j = s->touched[k], both = mask & link->mask[j];
        double bits = s->acc[j] + score->base[0][both & half] + score->base[1][both >> LINK_SCORE_HALF];
        s->acc[j] = 0;
        if (bits + late.all > score->cut && bits + link_score_late_bits(&late, link, i, j) > score->cut) s->touched[kept++] = j;
    }
    qsort(s->touched, kept, sizeof *s->touched, link_score_ascending);
    for (size_t k = 0; k < kept && err == DW_OK; k++) err = link_score_keep(score, s, out, s->touched[k], i);
    return err;
}

static dw_err link_score_part(void *ctx, size_t part, struct link_scratch *scratch)
{
    struct link_score *score = ctx;
    uint32_t from = (uint32_t)(part * LINK_CHUNK), to = from + LINK_CHUNK;
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
    size_t table = link_table_of(link, i),
           touched = link_score_add(score, s, i, link->table_first[table], link->table_first[table + 1]);
    double best = 0;
    uint32_t who = i;
    for (size_t k = 0; k < touched; k++) {
        uint32_t j = s->touched[k];
        if (j != i && s->acc[j] > best) {
            best = s->acc[j];
            who = j;
        }
        s->acc[j] = 0;
    }
    out->count = 0;
    if (who == i || link_score_keep(score, s, out, i < who ? i : who, i < who ? who : i) != DW_OK) return -INFINITY;
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
    link_score_weights(score);
    dw_err err = link_score_usual(&usual, link);
    for (size_t t = 0; t < link->table_count && err == DW_OK; t++) {
        if (!link->guess[t] || !link_score_repeats_in(score, t, usual)) continue;
        link->repeats[t] = true;
        *changed = true;
    }
    free(score);
    return err;
}

dw_err link_score(struct link *link)
{
    struct link_score *score = calloc(1, sizeof *score);
    size_t chunks = (link->records + LINK_CHUNK - 1) / LINK_CHUNK;
    if (score == NULL) return DW_E_MEMORY;
    score->link = link;
    score->chunk = calloc(chunks + 1, sizeof *score->chunk);
    double pairs = 0;
    for (size_t s = 0; s < link->table_count; s++)
        for (size_t t = s; t < link->table_count; t++) pairs += link_score_pairs(link, s, t);
    link->counts.pairs = (uint64_t)pairs;
    score->all = pairs <= LINK_FEW;
    score->cut = log2(pairs / (double)link->records + 1) - LINK_SCORE_MARGIN;
    if (score->cut < 1) score->cut = 1;
    link->counts.cut = score->all ? 0 : score->cut;
    link_score_weights(score);
    link_score_free(&link->cands);
    struct link_job job = {link_score_part, score, "match.pairs"};
    dw_err err = score->chunk == NULL ? DW_E_MEMORY : link_work(link, &job, chunks);
    if (err == DW_OK) err = link_score_join(score, chunks);
    for (size_t c = 0; score->chunk != NULL && c < chunks; c++) link_score_free(&score->chunk[c]);
    free(score->chunk);
    free(score);
    link->counts.compared = link->cands.count;
    return err;
}
