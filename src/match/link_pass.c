/* What pairs are like that are no matches: how often they are unlike, and which fields agree by chance together. */
#include "match/link_inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINK_PASS_RANDOM = 20000, /* pairs drawn of all */
    LINK_PASS_SAMPLE = 20000, /* pairs drawn of those that agree on a field */
    LINK_PASS_ROUNDS = 60,
    LINK_PASS_CHUNK = 512,
    LINK_PASS_LEAST = 30, /* pairs below which nothing is said */
    LINK_PASS_DOUBT = 200 /* pairs without dependence that are believed in beforehand */
};
#define LINK_PASS_BITS 0.5 /* a dependence that is less is none */

struct link_pass {
    struct link *link;
    uint32_t (*pair)[2];
    int8_t *level; /* of pair i and field f at i * field_count + f */
    size_t count;
};

static dw_err link_pass_part(void *ctx, size_t part, struct link_scratch *scratch)
{
    struct link_pass *pass = ctx;
    size_t from = part * LINK_PASS_CHUNK, to = from + LINK_PASS_CHUNK, fields = pass->link->field_count;
    float info;
    if (to > pass->count) to = pass->count;
    for (size_t i = from; i < to; i++)
        for (size_t f = 0; f < fields; f++)
            pass->level[i * fields + f] = (int8_t)link_level(pass->link, f, scratch, pass->pair[i][0], pass->pair[i][1], &info);
    return DW_OK;
}

static dw_err link_pass_compare(struct link_pass *pass)
{
    struct link_job job = {link_pass_part, pass, "match.pairs"};
    return link_work(pass->link, &job, (pass->count + LINK_PASS_CHUNK - 1) / LINK_PASS_CHUNK);
}

/* Only pairs that agree on the field as a whole, or nearly so, and not on one common word of it. */
static void link_pass_keep(struct link_pass *pass, size_t d)
{
    size_t fields = pass->link->field_count, kept = 0;
    for (size_t i = 0; i < pass->count; i++) {
        int level = pass->level[i * fields + d];
        if (level < 0 || level > 1) continue;
        if (kept != i) memcpy(pass->level + kept * fields, pass->level + i * fields, fields);
        kept++;
    }
    pass->count = kept;
}

static bool link_pass_make(struct link_pass *pass, struct link *link, size_t most)
{
    *pass = (struct link_pass){.link = link};
    pass->pair = malloc((most + 1) * sizeof *pass->pair);
    pass->level = malloc((most + 1) * link->field_count);
    return pass->pair != NULL && pass->level != NULL;
}

static void link_pass_end(struct link_pass *pass)
{
    free(pass->pair);
    free(pass->level);
}

/* Pairs within a table that holds nobody twice are not looked at anywhere. */
static bool link_pass_may(const struct link *link, uint32_t a, uint32_t b)
{
    size_t s = link_table_of(link, a);
    return a != b && (s != link_table_of(link, b) || link->repeats[s]);
}

dw_err link_pass_unlike(struct link *link)
{
    struct link_pass pass;
    struct rng rng = rng_seed(link->set.seed * 2 + 1);
    dw_err err = link_pass_make(&pass, link, LINK_PASS_RANDOM) ? DW_OK : DW_E_MEMORY;
    for (int i = 0; i < 4 * LINK_PASS_RANDOM && pass.count < LINK_PASS_RANDOM && err == DW_OK; i++) {
        uint32_t a = (uint32_t)rng_below(&rng, link->records), b = (uint32_t)rng_below(&rng, link->records);
        if (!link_pass_may(link, a, b)) continue;
        pass.pair[pass.count][0] = a;
        pass.pair[pass.count++][1] = b;
    }
    if (err == DW_OK) err = link_pass_compare(&pass);
    for (size_t f = 0; f < link->field_count && err == DW_OK; f++) {
        struct link_field *field = &link->field[f];
        double count[LINK_LEVELS] = {0}, all = 2;
        for (size_t i = 0; i < pass.count; i++) {
            int level = pass.level[i * link->field_count + f];
            if (level < 0) continue;
            count[level]++;
            all++;
        }
        for (int l = 0; l < LINK_LEVELS; l++) field->u[l] = l < field->like ? 0 : (count[l] + 0.5) / all;
    }
    link_pass_end(&pass);
    return err;
}

/* Draws pairs that agree exactly on a token of a field, each pair as likely as any other; all of them where they are few. */
static dw_err link_pass_draw(struct link_pass *pass, const struct link_field *d, struct rng *rng)
{
    double *sum = malloc(((size_t)d->count + 1) * sizeof *sum), all = 0;
    if (sum == NULL) return DW_E_MEMORY;
    for (uint32_t t = 0; t < d->count; t++) sum[t] = all += (double)d->df[t] * (d->df[t] - 1.0) / 2;
    if (all <= LINK_PASS_SAMPLE) {
        for (uint32_t t = 0; t < d->count; t++)
            for (uint32_t i = d->post_first[t]; i < d->post_first[t + 1]; i++)
                for (uint32_t j = i + 1; j < d->post_first[t + 1]; j++) {
                    if (!link_pass_may(pass->link, d->post[i], d->post[j])) continue;
                    pass->pair[pass->count][0] = d->post[i];
                    pass->pair[pass->count++][1] = d->post[j];
                }
    }
    for (int i = 0; all > LINK_PASS_SAMPLE && i < 4 * LINK_PASS_SAMPLE && pass->count < LINK_PASS_SAMPLE; i++) {
        double at = rng_unit(rng) * all;
        uint32_t low = 0, high = d->count - 1;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (sum[middle] <= at)
                low = middle + 1;
            else
                high = middle;
        }
        uint32_t a = d->post[d->post_first[low] + rng_below(rng, d->df[low])],
                 b = d->post[d->post_first[low] + rng_below(rng, d->df[low])];
        if (!link_pass_may(pass->link, a, b)) continue;
        pass->pair[pass->count][0] = a;
        pass->pair[pass->count++][1] = b;
    }
    free(sum);
    return DW_OK;
}

/* A mixture of matches and others, both learned. */
struct link_pass_model {
    double m[LINK_FIELDS][LINK_LEVELS], u[LINK_FIELDS][LINK_LEVELS], share;
};

static void link_pass_begin(struct link_pass_model *model, const struct link *link)
{
    model->share = 0.3;
    for (size_t f = 0; f < link->field_count; f++) {
        const struct link_field *field = &link->field[f];
        double unlike = 0;
        for (int l = field->like; l < LINK_LEVELS; l++) unlike += field->u[l];
        for (int l = 0; l < LINK_LEVELS; l++) {
            model->m[f][l] = field->m[l];
            model->u[f][l] = l < field->like ? (1 - unlike) / field->like + 1e-6 : field->u[l];
        }
    }
}

static void link_pass_round(struct link_pass_model *model, const struct link_pass *pass, size_t d)
{
    static const double doubt = 0.1;
    size_t fields = pass->link->field_count;
    double m[LINK_FIELDS][LINK_LEVELS] = {{0}}, u[LINK_FIELDS][LINK_LEVELS] = {{0}}, sum = 0;
    for (size_t i = 0; i < pass->count; i++) {
        const int8_t *level = pass->level + i * fields;
        double yes = model->share, no = 1 - model->share;
        for (size_t f = 0; f < fields; f++) {
            if (f == d || level[f] < 0) continue;
            yes *= model->m[f][level[f]];
            no *= model->u[f][level[f]];
        }
        double p = yes / (yes + no);
        sum += p;
        for (size_t f = 0; f < fields; f++) {
            if (f == d || level[f] < 0) continue;
            m[f][level[f]] += p;
            u[f][level[f]] += 1 - p;
        }
    }
    model->share = sum / (double)pass->count;
    for (size_t f = 0; f < fields; f++) {
        double yes = 0, no = 0;
        for (int l = 0; l < LINK_LEVELS; l++) {
            yes += m[f][l] + doubt;
            no += u[f][l] + doubt;
        }
        for (int l = 0; l < LINK_LEVELS; l++) {
            model->m[f][l] = (m[f][l] + doubt) / yes;
            model->u[f][l] = (u[f][l] + doubt) / no;
        }
    }
}

static double link_pass_like(const double chance[LINK_LEVELS], const struct link_field *field)
{
    double sum = 0;
    for (int l = field->like; l < LINK_LEVELS; l++) sum += chance[l];
    return sum >= 1 ? 1e-9 : 1 - sum;
}

/* How much likelier than by chance two fields agree together, seen from each side: bits[d][f] among others that agree on d, and
 * how many of those there were for each match. */
struct link_pass_seen {
    double bits[LINK_FIELDS][LINK_FIELDS], others[LINK_FIELDS];
};

static dw_err link_pass_one(struct link_pass_seen *seen, struct link *link, size_t d)
{
    struct link_pass pass;
    struct link_pass_model model;
    struct rng rng = rng_seed(link->set.seed * 64 + d + 7);
    dw_err err = link_pass_make(&pass, link, LINK_PASS_SAMPLE) ? link_pass_draw(&pass, &link->field[d], &rng) : DW_E_MEMORY;
    if (err == DW_OK) err = link_pass_compare(&pass);
    if (err == DW_OK) link_pass_keep(&pass, d);
    if (err == DW_OK && pass.count >= LINK_PASS_LEAST) {
        link_pass_begin(&model, link);
        for (int i = 0; i < LINK_PASS_ROUNDS; i++) link_pass_round(&model, &pass, d);
        double others = (double)pass.count * (1 - model.share);
        seen->others[d] = model.share < 0.5 ? 1 / (model.share + 1e-9) : 0;
        for (size_t f = 0; f < link->field_count; f++) {
            double chance = link_pass_like(link->field[f].u, &link->field[f]),
                   given = link_pass_like(model.u[f], &link->field[f]);
            if (f != d)
                seen->bits[d][f] = log2((given * others + chance * LINK_PASS_DOUBT) / (others + LINK_PASS_DOUBT) / chance);
        }
    }
    link_pass_end(&pass);
    return err;
}

/* The strongest dependences that make no circle: a tree, in which each agreement is counted once. */
static void link_pass_tree(struct link *link, const struct link_pass_seen *seen)
{
    int part[LINK_FIELDS];
    for (size_t f = 0; f < link->field_count; f++) part[f] = (int)f;
    for (;;) {
        struct link_edge best = {.bits = LINK_PASS_BITS, .a = -1};
        for (size_t a = 0; a < link->field_count; a++)
            for (size_t b = a + 1; b < link->field_count; b++) {
                if (part[a] == part[b] || (seen->others[a] <= 0 && seen->others[b] <= 0)) continue;
                double bits = seen->others[a] > seen->others[b] ? seen->bits[a][b] : seen->bits[b][a];
                if (bits > best.bits) best = (struct link_edge){(int)a, (int)b, bits};
            }
        if (best.a < 0) return;
        link->edge[link->edge_count++] = best;
        int from = part[best.b], to = part[best.a];
        for (size_t f = 0; f < link->field_count; f++)
            if (part[f] == from) part[f] = to;
    }
}

dw_err link_pass_depend(struct link *link)
{
    struct link_pass_seen *seen = calloc(1, sizeof *seen);
    if (seen == NULL) return DW_E_MEMORY;
    dw_err err = DW_OK;
    for (size_t d = 0; d < link->field_count && err == DW_OK; d++) err = link_pass_one(seen, link, d);
    if (err == DW_OK) link_pass_tree(link, seen);
    free(seen);
    return err;
}
