/* Which pairs are links. Where both tables hold everybody once, the assignment that is best as a whole, group by group of records
 * that hang together; a link without which the group would do as well is a tie, and no link. */
#include "match/link_inside.h"

#include <stdlib.h>
#include <string.h>

#include "match/link_assign.h"
#include "match/link_sort.h"

#define LINK_ONE_EVEN 0.01 /* bits that decide nothing */

struct link_one {
    const struct link *link;
    struct link_choice *out;
    uint32_t *parent;
    uint8_t *taken; /* records that a link or a tie holds */
    struct link_sort_item
        *pair; /* pairs of the tables at hand: key: their group and their place; value: their place in the answer */
    size_t count;
    uint32_t *place; /* by record: its row or column while a group is looked at */
};

static uint32_t link_one_root(struct link_one *o, uint32_t r)
{
    while (o->parent[r] != r) r = o->parent[r] = o->parent[o->parent[r]];
    return r;
}

static double link_one_worth(const struct link_one *o, uint32_t pair)
{
    return o->link->answer[pair].bits - o->link->set.threshold + 1e-9;
}

static void link_one_say(struct link_one *o, uint32_t pair, enum link_verdict verdict)
{
    o->out->verdict[pair] = verdict;
}

/* Groups too large to be solved: likeliest first. What is even holds its records, so that nobody is given the next best instead.
 */
static void link_one_greedy(struct link_one *o, size_t from, size_t to)
{
    const struct link_pair *answer = o->link->answer;
    for (size_t i = from; i < to; i++) {
        const struct link_pair *p = &answer[o->pair[i].value];
        if (o->taken[p->a] || o->taken[p->b]) continue;
        bool tie = false;
        for (size_t j = i + 1; j < to && answer[o->pair[j].value].bits > p->bits - LINK_ONE_EVEN; j++) {
            const struct link_pair *q = &answer[o->pair[j].value];
            bool same = (q->a == p->a && !o->taken[q->b]) || (q->b == p->b && !o->taken[q->a]);
            if (!same) continue;
            link_one_say(o, o->pair[j].value, LINK_TIE);
            o->taken[q->a] = o->taken[q->b] = 1;
            tie = true;
        }
        link_one_say(o, o->pair[i].value, tie ? LINK_TIE : LINK_YES);
        o->taken[p->a] = o->taken[p->b] = 1;
    }
}

/* Records are numbered table by table, so that the smaller one of a pair is always of the same table: rows. */
static bool link_one_matrix(struct link_assign *m, struct link_one *o, size_t from, size_t to)
{
    memset(m, 0, sizeof *m);
    for (size_t i = from; i < to; i++) {
        const struct link_pair *p = &o->link->answer[o->pair[i].value];
        if (o->place[p->a] == LINK_NONE) {
            if (m->rows == LINK_ASSIGN_MOST) return false;
            o->place[p->a] = (uint32_t)m->rows++;
        }
        if (o->place[p->b] == LINK_NONE) {
            if (m->columns == LINK_ASSIGN_MOST) return false;
            o->place[p->b] = (uint32_t)m->columns++;
        }
        m->worth[o->place[p->a]][o->place[p->b]] = link_one_worth(o, o->pair[i].value);
    }
    return true;
}

static void link_one_solve(struct link_one *o, struct link_assign *m, size_t from, size_t to)
{
    int column[LINK_ASSIGN_MOST], other[LINK_ASSIGN_MOST];
    double best = link_assign_best(column, m);
    bool tie = false;
    for (size_t i = from; i < to; i++) {
        const struct link_pair *p = &o->link->answer[o->pair[i].value];
        double *worth = &m->worth[o->place[p->a]][o->place[p->b]], kept = *worth;
        if (column[o->place[p->a]] != (int)o->place[p->b]) continue;
        *worth = 0;
        bool even = link_assign_best(other, m) > best - LINK_ONE_EVEN;
        *worth = kept;
        link_one_say(o, o->pair[i].value, even ? LINK_TIE : LINK_YES);
        tie = tie || even;
    }
    /* And what might stand in its place: pairs that some other best assignment has. */
    for (size_t i = from; i < to && tie; i++) {
        const struct link_pair *p = &o->link->answer[o->pair[i].value];
        double *worth = &m->worth[o->place[p->a]][o->place[p->b]], kept = *worth;
        if (o->out->verdict[o->pair[i].value] != LINK_NO) continue;
        *worth = kept + best;
        bool even = link_assign_best(other, m) > 2 * best - LINK_ONE_EVEN;
        *worth = kept;
        if (even) link_one_say(o, o->pair[i].value, LINK_TIE);
    }
}

static void link_one_groups(struct link_one *o, struct link_assign *m)
{
    for (size_t i = 0, j; i < o->count; i = j) {
        for (j = i; j < o->count && o->pair[j].key >> 32 == o->pair[i].key >> 32;) j++;
        if (j - i == 1) {
            link_one_say(o, o->pair[i].value, LINK_YES);
        } else if (link_one_matrix(m, o, i, j)) {
            link_one_solve(o, m, i, j);
        } else {
            link_one_greedy(o, i, j);
        }
        for (size_t k = i; k < j; k++)
            o->place[o->link->answer[o->pair[k].value].a] = o->place[o->link->answer[o->pair[k].value].b] = LINK_NONE;
    }
}

static bool link_one_between(const struct link *link, const struct link_pair *p, size_t s, size_t t)
{
    size_t x = link_table_of(link, link->inside[p->a]), y = link_table_of(link, link->inside[p->b]);
    return (x == s && y == t) || (x == t && y == s);
}

/* Two tables that hold everybody once. */
static dw_err link_one_to_one(struct link_one *o, struct link_assign *m, size_t s, size_t t)
{
    const struct link *link = o->link;
    o->count = 0;
    for (uint32_t r = 0; r < link->records; r++) {
        o->parent[r] = r;
        o->place[r] = LINK_NONE;
        o->taken[r] = 0;
    }
    for (uint32_t i = 0; i < link->answer_count && link->answer[i].bits > link->set.threshold; i++) {
        const struct link_pair *p = &link->answer[i];
        if (!link_one_between(link, p, s, t)) continue;
        uint32_t a = link_one_root(o, p->a), b = link_one_root(o, p->b);
        if (a != b) o->parent[a > b ? a : b] = a > b ? b : a;
        o->pair[o->count++].value = i;
    }
    for (size_t k = 0; k < o->count; k++)
        o->pair[k].key = (uint64_t)link_one_root(o, link->answer[o->pair[k].value].a) << 32 | o->pair[k].value;
    if (!link_sort(o->pair, o->count)) return DW_E_MEMORY;
    link_one_groups(o, m);
    return DW_OK;
}

/* Tables of which one holds everybody once: each record of the other to the likeliest there. taken: 1 it has one. */
static void link_one_to_likeliest(struct link_one *o, size_t many, size_t once)
{
    const struct link *link = o->link;
    memset(o->taken, 0, link->records);
    for (uint32_t r = 0; r < link->records; r++) o->place[r] = LINK_NONE;
    for (uint32_t i = 0; i < link->answer_count && link->answer[i].bits > link->set.threshold; i++) {
        const struct link_pair *p = &link->answer[i];
        if (!link_one_between(link, p, many, once)) continue;
        uint32_t r = link_table_of(link, link->inside[p->a]) == many ? p->a : p->b;
        if (o->place[r] == LINK_NONE) {
            o->place[r] = i;
            link_one_say(o, i, LINK_YES);
        } else if (p->bits > link->answer[o->place[r]].bits - LINK_ONE_EVEN) {
            link_one_say(o, i, LINK_TIE);
            link_one_say(o, o->place[r], LINK_TIE);
        }
    }
}

static dw_err link_one_tables(struct link_one *o)
{
    const struct link *link = o->link;
    struct link_assign *matrix = malloc(sizeof *matrix);
    dw_err err = matrix == NULL ? DW_E_MEMORY : DW_OK;
    for (size_t s = 0; s < link->table_count && err == DW_OK; s++)
        for (size_t t = s; t < link->table_count && err == DW_OK; t++) {
            if (s != t && !link->repeats[s] && !link->repeats[t]) {
                err = link_one_to_one(o, matrix, s, t);
            } else if (s != t && link->repeats[s] != link->repeats[t]) {
                link_one_to_likeliest(o, link->repeats[s] ? s : t, link->repeats[s] ? t : s);
            } else {
                for (uint32_t i = 0; i < link->answer_count && link->answer[i].bits > link->set.threshold; i++)
                    if (link_one_between(link, &link->answer[i], s, t)) link_one_say(o, i, LINK_YES);
            }
        }
    free(matrix);
    return err;
}

dw_err link_choose(struct link_choice *out, const struct link *link)
{
    struct link_one o = {.link = link, .out = out};
    *out = (struct link_choice){.verdict = calloc(link->answer_count + 1, sizeof *out->verdict)};
    o.parent = malloc((link->records + 1) * sizeof *o.parent);
    o.place = malloc((link->records + 1) * sizeof *o.place);
    o.taken = malloc(link->records + 1);
    o.pair = malloc((link->answer_count + 1) * sizeof *o.pair);
    bool good = out->verdict != NULL && o.parent != NULL && o.place != NULL && o.taken != NULL && o.pair != NULL;
    dw_err err = good ? link_one_tables(&o) : DW_E_MEMORY;
    for (size_t i = 0; i < link->answer_count && err == DW_OK; i++) {
        out->links += out->verdict[i] == LINK_YES;
        out->ties += out->verdict[i] == LINK_TIE;
    }
    free(o.parent);
    free(o.place);
    free(o.taken);
    free(o.pair);
    if (err != DW_OK) link_choice_free(out);
    return err;
}

void link_choice_free(struct link_choice *choice)
{
    free(choice->verdict);
    *choice = (struct link_choice){0};
}
