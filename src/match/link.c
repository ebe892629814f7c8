#include "match/link_inside.h"

#include <stdlib.h>
#include <string.h>

enum { LINK_CACHE = 1 << 16 };

static const char *const link_type_names[] = {
#define LINK_WORD_OF(id, name) name,
    LINK_TYPE_LIST(LINK_WORD_OF)
#undef LINK_WORD_OF
};

const char *link_type_name(enum link_type type)
{
    return link_type_names[type];
}

bool link_type_read(enum link_type *out, const char *name)
{
    for (int i = 0; i < LINK_TYPES; i++)
        if (strcmp(name, link_type_names[i]) == 0) {
            *out = (enum link_type)i;
            return true;
        }
    return false;
}

size_t link_table_of(const struct link *link, uint32_t record)
{
    size_t t = 0;
    while (record >= link->table_first[t + 1]) t++;
    return t;
}

static dw_err link_start(struct link *link)
{
    link->threads = link->set.threads == 0 ? 1 : link->set.threads;
    if (link->set.memory == 0) link->set.memory = (size_t)1 << 30;
    link->scratch = calloc(link->threads, sizeof *link->scratch);
    if (link->scratch == NULL) return DW_E_MEMORY;
    for (unsigned i = 0; i < link->threads; i++) {
        struct link_scratch *s = &link->scratch[i];
        s->given_key = calloc(LINK_CACHE, sizeof *s->given_key);
        s->given = calloc(LINK_CACHE, sizeof *s->given);
        if (s->given_key == NULL || s->given == NULL) return DW_E_MEMORY;
    }
    return DW_OK;
}

static dw_err link_room(struct link *link)
{
    for (unsigned i = 0; i < link->threads; i++) {
        struct link_scratch *s = &link->scratch[i];
        s->acc = calloc(link->records + 1, sizeof *s->acc);
        s->touched = malloc((link->records + 1) * sizeof *s->touched);
        s->sum = malloc((link->records + 1) * sizeof *s->sum);
        if (s->acc == NULL || s->touched == NULL || s->sum == NULL) return DW_E_MEMORY;
    }
    return DW_OK;
}

/* What is believed of matches before any was seen: mostly the same, sometimes a slip, seldom unlike. */
static void link_believe(struct link *link)
{
    static const double many[LINK_LEVELS] = {.6, .15, .1, .06, .04, .05}, one[LINK_LEVELS] = {.85, .06, .03, .01, .04, .01};
    static const double category[LINK_LEVELS] = {.9, .0001, .0001, .0001, .0996, .0001};
    for (size_t f = 0; f < link->field_count; f++) {
        struct link_field *field = &link->field[f];
        field->believed = field->many ? many : field->type == LINK_CATEGORY ? category : one;
        memcpy(field->m, field->believed, sizeof field->m);
    }
    for (size_t s = 0; s < link->table_count; s++)
        for (size_t t = s; t < link->table_count; t++) {
            double n = link->table_first[s + 1] - link->table_first[s], m = link->table_first[t + 1] - link->table_first[t];
            double all = s == t ? n * (n - 1) / 2 : n * m, few = n < m ? n : m, share = all > 0 ? few / 2 / all : 0;
            link->share[s * link->table_count + t] = share > 0.5 ? 0.5 : share;
        }
}

static int link_by_bits(const void *a, const void *b)
{
    const struct link_pair *x = a, *y = b;
    if (x->bits != y->bits) return x->bits > y->bits ? -1 : 1;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

#define LINK_OUT_OF_QUESTION (-8.0f)

/* Candidates that are not out of the question, as given, likeliest first. */
static dw_err link_tell(struct link *link)
{
    size_t count = 0;
    for (size_t c = 0; c < link->cands.count; c++) count += link->cands.pair[c].bits > LINK_OUT_OF_QUESTION;
    link->answer = malloc((count + 1) * sizeof *link->answer);
    if (link->answer == NULL) return DW_E_MEMORY;
    for (size_t c = 0; c < link->cands.count; c++) {
        struct link_pair p = link->cands.pair[c];
        if (!(p.bits > LINK_OUT_OF_QUESTION)) continue;
        uint32_t a = link->given[p.a], b = link->given[p.b];
        p.a = a < b ? a : b;
        p.b = a < b ? b : a;
        link->answer[link->answer_count++] = p;
    }
    qsort(link->answer, link->answer_count, sizeof *link->answer, link_by_bits);
    link->counts.kept = link->answer_count;
    return DW_OK;
}

static dw_err link_run(struct link *link, const struct link_table *tables, size_t count, struct err_detail *detail)
{
    ERR_TRY(link_start(link));
    ERR_TRY(link_read(link, tables, count, detail));
    link->counts.records = link->records;
    link->cap = log2((double)link->records + 1) + 2;
    link->share = calloc(count * count, sizeof *link->share);
    if (link->share == NULL) return DW_E_MEMORY;
    ERR_TRY(link_room(link));
    for (size_t f = 0; f < link->field_count; f++) ERR_TRY(link_near_make(link, &link->field[f]));
    link_believe(link);
    ERR_TRY(link_pass_unlike(link));
    ERR_TRY(link_because_make(link));
    bool rough, repeats;
    ERR_TRY(link_score(&rough, link));
    ERR_TRY(link_em(link));
    ERR_TRY(link_score_repeats(&repeats, link));
    link->learned = rough;
    if (rough || repeats) {
        ERR_TRY(link_score(&rough, link));
        ERR_TRY(link_em(link));
    }
    return link_tell(link);
}

dw_err link_make(struct link **out, const struct link_table *tables, size_t count, const struct link_settings *settings,
                 struct err_detail *detail)
{
    *out = NULL;
    if (count == 0 || count > LINK_TABLES) return err_set(detail, DW_E_INVALID, "1..%d tables", LINK_TABLES);
    struct link *link = calloc(1, sizeof *link);
    if (link == NULL) return DW_E_MEMORY;
    link->set = *settings;
    dw_err err = link_run(link, tables, count, detail);
    if (err != DW_OK) {
        link_free(link);
        return err;
    }
    *out = link;
    return DW_OK;
}

void link_free(struct link *link)
{
    if (link == NULL) return;
    for (size_t f = 0; f < LINK_FIELDS; f++) link_read_free(&link->field[f]);
    for (unsigned i = 0; link->scratch != NULL && i < link->threads; i++) {
        free(link->scratch[i].acc);
        free(link->scratch[i].touched);
        free(link->scratch[i].sum);
        free(link->scratch[i].given_key);
        free(link->scratch[i].given);
    }
    free(link->scratch);
    free(link->given);
    free(link->inside);
    free(link->mask);
    free(link->share);
    free(link->because);
    free(link->cands.pair);
    free(link->cands.level);
    free(link->cands.info);
    free(link->cands.because);
    free(link->answer);
    free(link);
}

void link_counted(struct link_counts *out, const struct link *link)
{
    *out = link->counts;
}

size_t link_field_count(const struct link *link)
{
    return link->field_count;
}

void link_field_say(struct link_field_said *out, const struct link *link, size_t field)
{
    const struct link_field *f = &link->field[field];
    *out = (struct link_field_said){.name = f->name, .type = f->type, .filled = f->filled, .values = f->count, .like = f->like};
    memcpy(out->match, f->m, sizeof out->match);
    memcpy(out->chance, f->u, sizeof out->chance);
}

bool link_depend(double *share, const struct link *link, size_t field, size_t other)
{
    *share = 0;
    for (int l = 0; l < link->field[other].like; l++) *share += link->because[field][other].share[l];
    return link->because_known[field] && field != other;
}

bool link_once(const struct link *link, size_t table)
{
    for (size_t t = 0; t < link->table_count; t++)
        if (link->table_at[t] == table) return !link->repeats[t];
    return false;
}

const struct link_pair *link_pairs(size_t *count, const struct link *link)
{
    *count = link->answer_count;
    return link->answer;
}
