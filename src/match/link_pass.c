/* Pairs drawn to learn from: of all, or of those that agree on a field; and how often pairs of all are alike. */
#include "match/link_pass.h"

#include "match/link_sort.h"
#include <stdlib.h>

enum {
    LINK_PASS_RANDOM = 20000, /* pairs drawn of all */
    LINK_PASS_SAMPLE = 20000, /* pairs drawn of those that agree on a field */
    LINK_PASS_CHUNK = 512
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

static bool link_pass_make(struct link_pass *pass, struct link *link, size_t most)
{
    *pass = (struct link_pass){.link = link};
    pass->pair = malloc((most + 1) * sizeof *pass->pair);
    pass->level = malloc((most + 1) * link->field_count);
    return pass->pair != NULL && pass->level != NULL;
}

void link_pass_end(struct link_pass *pass)
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

static void link_pass_add(struct link_pass *pass, uint32_t a, uint32_t b)
{
    if (!link_pass_may(pass->link, a, b)) return;
    pass->pair[pass->count][0] = a;
    pass->pair[pass->count++][1] = b;
}

/* Pairs of all records, each as likely as any other; all of them where they are few. */
static void link_pass_any(struct link_pass *pass, struct rng *rng)
{
    size_t records = pass->link->records;
    if (records * records <= LINK_PASS_RANDOM) {
        for (uint32_t a = 0; a < records; a++)
            for (uint32_t b = a + 1; b < records; b++) link_pass_add(pass, a, b);
        return;
    }
    for (int i = 0; i < 4 * LINK_PASS_RANDOM && pass->count < LINK_PASS_RANDOM; i++) {
        uint32_t a = (uint32_t)rng_below(rng, records);
        link_pass_add(pass, a, (uint32_t)rng_below(rng, records));
    }
}

dw_err link_pass_unlike(struct link *link)
{
    struct link_pass pass;
    struct rng rng = rng_seed(link->set.seed * 2 + 1);
    dw_err err = link_pass_make(&pass, link, LINK_PASS_RANDOM) ? DW_OK : DW_E_MEMORY;
    if (err == DW_OK) {
        link_pass_any(&pass, &rng);
        err = link_pass_compare(&pass);
    }
    for (size_t f = 0; f < link->field_count && err == DW_OK; f++) {
        struct link_field *field = &link->field[f];
        double count[LINK_LEVELS] = {0}, all = 2;
        for (size_t i = 0; i < pass.count; i++) {
            int level = pass.level[i * link->field_count + f];
            if (level < 0) continue;
            count[level]++;
            all++;
        }
        for (int l = 0; l < LINK_LEVELS; l++) field->u[l] = (count[l] + (l < field->like ? 0 : 0.5)) / all;
    }
    link_pass_end(&pass);
    return err;
}

/* Records by what they have in common: those of group g are record[first[g]] to before first[g + 1]. */
struct link_pass_groups {
    const uint32_t *first, *record;
    uint32_t count;
    uint32_t *own_first, *own_record;
};

/* Of a field of several tokens, records that have all of them in common, and not one common word. */
static dw_err link_pass_whole(struct link_pass_groups *out, const struct link *link, const struct link_field *f)
{
    size_t count = 0;
    struct link_sort_item *items = malloc((link->records + 1) * sizeof *items);
    out->own_first = malloc((link->records + 2) * sizeof *out->own_first);
    out->own_record = malloc((link->records + 1) * sizeof *out->own_record);
    bool good = items != NULL && out->own_first != NULL && out->own_record != NULL;
    for (uint32_t r = 0; r < link->records && good; r++) {
        uint64_t sum = 0;
        for (uint32_t i = f->first[r]; i < f->first[r + 1]; i++) {
            uint64_t x = (f->token[i] + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);
            sum += (x ^ x >> 32) * UINT64_C(0xbf58476d1ce4e5b9);
        }
        if (f->first[r] < f->first[r + 1]) items[count++] = (struct link_sort_item){sum, r};
    }
    good = good && link_sort(items, count);
    for (size_t i = 0; i < count && good; i++) {
        if (i == 0 || items[i].key != items[i - 1].key) out->own_first[out->count++] = (uint32_t)i;
        out->own_record[i] = items[i].value;
    }
    if (good) out->own_first[out->count] = (uint32_t)count;
    out->first = out->own_first;
    out->record = out->own_record;
    free(items);
    return good ? DW_OK : DW_E_MEMORY;
}

/* Draws pairs of one group, each pair as likely as any other; all of them where they are few. */
static dw_err link_pass_draw(struct link_pass *pass, const struct link_pass_groups *g, struct rng *rng)
{
    double *sum = malloc(((size_t)g->count + 1) * sizeof *sum), all = 0;
    if (sum == NULL) return DW_E_MEMORY;
    for (uint32_t t = 0; t < g->count; t++) {
        double n = g->first[t + 1] - g->first[t];
        sum[t] = all += n * (n - 1) / 2;
    }
    for (uint32_t t = 0; t < g->count && all <= LINK_PASS_SAMPLE; t++)
        for (uint32_t i = g->first[t]; i < g->first[t + 1]; i++)
            for (uint32_t j = i + 1; j < g->first[t + 1]; j++) link_pass_add(pass, g->record[i], g->record[j]);
    for (int i = 0; all > LINK_PASS_SAMPLE && i < 4 * LINK_PASS_SAMPLE && pass->count < LINK_PASS_SAMPLE; i++) {
        double at = rng_unit(rng) * all;
        uint32_t low = 0, high = g->count - 1;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (sum[middle] <= at)
                low = middle + 1;
            else
                high = middle;
        }
        uint32_t n = g->first[low + 1] - g->first[low], a = g->record[g->first[low] + rng_below(rng, n)];
        link_pass_add(pass, a, g->record[g->first[low] + rng_below(rng, n)]);
    }
    free(sum);
    return DW_OK;
}

dw_err link_pass_agree(struct link_pass *pass, struct link *link, size_t d)
{
    const struct link_field *f = &link->field[d];
    struct rng rng = rng_seed(link->set.seed * 64 + d + 7);
    struct link_pass_groups groups = {.first = f->post_first, .record = f->post, .count = f->count};
    if (!link_pass_make(pass, link, LINK_PASS_SAMPLE)) return DW_E_MEMORY;
    if (f->many) groups.count = 0;
    dw_err err = f->many ? link_pass_whole(&groups, link, f) : DW_OK;
    if (err == DW_OK) err = link_pass_draw(pass, &groups, &rng);
    free(groups.own_first);
    free(groups.own_record);
    return err == DW_OK ? link_pass_compare(pass) : err;
}
