/* Who is one, over any number of tables: groups that are joined while they are, on average over their pairs, more likely one than
 * not. A pair that was out of the question counts as little; one that is certain counts no more than a bound, so that one strong
 * pair cannot bind what many others speak against. Average linkage (Sokal and Michener 1958) over the pairs that were kept. */
#include "match/link_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

#define LINK_CLUSTER_LEAST (-6.0)
#define LINK_CLUSTER_MOST 10.0

/* Two groups and what stands between them: the sum over pairs of how much more than least they weigh, bounded and (which decides
 * between equals) not; 0: joined to another. */
struct link_cluster_edge {
    uint32_t a, b;
    double sum, full;
};

struct link_cluster_side {
    uint32_t *edge; /* edges of a group, some of them gone */
    size_t count, cap;
};

struct link_cluster_wait {
    double bits, full;
    uint32_t edge, a, b, size_a, size_b; /* as they were */
};

struct link_cluster {
    const struct link *link;
    const struct link_choice *choice;
    struct link_cluster_edge *edge;
    size_t edge_count, edge_cap;
    struct link_cluster_side *side;
    uint32_t *parent, *size;
    uint32_t *tables; /* of a group: tables that hold nobody twice and have a record in it */
    struct link_cluster_wait *heap;
    size_t heap_count, heap_cap;
    uint32_t *mark; /* by group: edge + 1 to the group that is being joined */
};

static uint32_t link_cluster_of(struct link_cluster *c, uint32_t r)
{
    while (c->parent[r] != r) r = c->parent[r] = c->parent[c->parent[r]];
    return r;
}

/* Likelier first; what is equal by its groups, so that the order follows from the records alone. */
static bool link_cluster_before(const struct link_cluster_wait *x, const struct link_cluster_wait *y)
{
    if (x->bits != y->bits) return x->bits > y->bits;
    if (x->full != y->full) return x->full > y->full;
    return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static dw_err link_cluster_push(struct link_cluster *c, uint32_t edge)
{
    const struct link_cluster_edge *e = &c->edge[edge];
    struct link_cluster_wait wait = {.edge = edge, .a = e->a, .b = e->b, .size_a = c->size[e->a], .size_b = c->size[e->b]};
    wait.bits = e->sum / ((double)wait.size_a * wait.size_b) + LINK_CLUSTER_LEAST;
    wait.full = e->full / ((double)wait.size_a * wait.size_b);
    if (wait.bits <= c->link->set.threshold || (c->tables[e->a] & c->tables[e->b]) != 0) return DW_OK;
    if (!arena_grow((void **)&c->heap, &c->heap_cap, c->heap_count + 1, sizeof *c->heap)) return DW_E_MEMORY;
    size_t i = c->heap_count++;
    for (; i > 0 && link_cluster_before(&wait, &c->heap[(i - 1) / 2]); i = (i - 1) / 2) c->heap[i] = c->heap[(i - 1) / 2];
    c->heap[i] = wait;
    return DW_OK;
}

static struct link_cluster_wait link_cluster_pop(struct link_cluster *c)
{
    struct link_cluster_wait first = c->heap[0], last = c->heap[--c->heap_count];
    size_t i = 0;
    for (size_t next; (next = 2 * i + 1) < c->heap_count; i = next) {
        if (next + 1 < c->heap_count && link_cluster_before(&c->heap[next + 1], &c->heap[next])) next++;
        if (!link_cluster_before(&c->heap[next], &last)) break;
        c->heap[i] = c->heap[next];
    }
    c->heap[i] = last;
    return first;
}

static dw_err link_cluster_edge(struct link_cluster *c, uint32_t a, uint32_t b, double bits)
{
    if (!arena_grow((void **)&c->edge, &c->edge_cap, c->edge_count + 1, sizeof *c->edge) || c->edge_count >= UINT32_MAX - 1)
        return DW_E_MEMORY;
    double most = bits > LINK_CLUSTER_MOST ? LINK_CLUSTER_MOST : bits;
    c->edge[c->edge_count] =
        (struct link_cluster_edge){a < b ? a : b, a < b ? b : a, most - LINK_CLUSTER_LEAST, bits - LINK_CLUSTER_LEAST};
    uint32_t both[] = {a, b};
    for (int i = 0; i < 2; i++) {
        struct link_cluster_side *s = &c->side[both[i]];
        if (!arena_grow((void **)&s->edge, &s->cap, s->count + 1, sizeof *s->edge)) return DW_E_MEMORY;
        s->edge[s->count++] = (uint32_t)c->edge_count;
    }
    c->edge_count++;
    return DW_OK;
}

static dw_err link_cluster_begin(struct link_cluster *c)
{
    const struct link *link = c->link;
    size_t n = link->records + 1;
    c->side = calloc(n, sizeof *c->side);
    c->parent = malloc(n * sizeof *c->parent);
    c->size = malloc(n * sizeof *c->size);
    c->tables = calloc(n, sizeof *c->tables);
    c->mark = calloc(n, sizeof *c->mark);
    if (c->side == NULL || c->parent == NULL || c->size == NULL || c->tables == NULL || c->mark == NULL) return DW_E_MEMORY;
    for (uint32_t r = 0; r < link->records; r++) {
        size_t table = link_table_of(link, r);
        c->parent[r] = r;
        c->size[r] = 1;
        if (!link->repeats[table]) c->tables[r] = UINT32_C(1) << table;
    }
    for (size_t i = 0; i < link->answer_count; i++) {
        const struct link_pair *p = &link->answer[i];
        bool lost = p->bits > link->set.threshold && c->choice->verdict[i] != LINK_YES;
        if (p->bits > LINK_CLUSTER_LEAST && !lost) ERR_TRY(link_cluster_edge(c, link->inside[p->a], link->inside[p->b], p->bits));
    }
    for (uint32_t e = 0; e < c->edge_count; e++) ERR_TRY(link_cluster_push(c, e));
    return DW_OK;
}

/* b goes into a: its edges become a's, added to those that a has to the same groups. */
static dw_err link_cluster_join(struct link_cluster *c, uint32_t a, uint32_t b)
{
    struct link_cluster_side *to = &c->side[a], *from = &c->side[b];
    size_t kept = 0;
    for (size_t i = 0; i < to->count; i++) {
        struct link_cluster_edge *e = &c->edge[to->edge[i]];
        uint32_t other = e->a == a ? e->b : e->a;
        if (e->sum <= 0 || other == b) continue;
        c->mark[other] = to->edge[i] + 1;
        to->edge[kept++] = to->edge[i];
    }
    to->count = kept;
    for (size_t i = 0; i < from->count; i++) {
        struct link_cluster_edge *e = &c->edge[from->edge[i]];
        uint32_t other = e->a == b ? e->b : e->a;
        if (e->sum <= 0 || other == a) continue;
        if (c->mark[other] != 0) {
            c->edge[c->mark[other] - 1].sum += e->sum;
            c->edge[c->mark[other] - 1].full += e->full;
            e->sum = 0;
            continue;
        }
        e->a = a < other ? a : other;
        e->b = a < other ? other : a;
        if (!arena_grow((void **)&to->edge, &to->cap, to->count + 1, sizeof *to->edge)) return DW_E_MEMORY;
        to->edge[to->count++] = from->edge[i];
        c->mark[other] = from->edge[i] + 1;
    }
    free(from->edge);
    *from = (struct link_cluster_side){0};
    c->parent[b] = a;
    c->size[a] += c->size[b];
    c->tables[a] |= c->tables[b];
    for (size_t i = 0; i < to->count; i++) {
        const struct link_cluster_edge *e = &c->edge[to->edge[i]];
        c->mark[e->a == a ? e->b : e->a] = 0;
        ERR_TRY(link_cluster_push(c, to->edge[i]));
    }
    return DW_OK;
}

static dw_err link_cluster_run(struct link_cluster *c)
{
    ERR_TRY(link_cluster_begin(c));
    while (c->heap_count > 0) {
        struct link_cluster_wait wait = link_cluster_pop(c);
        const struct link_cluster_edge *e = &c->edge[wait.edge];
        uint32_t a = e->a, b = e->b;
        /* What has changed since has been pushed again. */
        bool stale =
            e->sum <= 0 || c->size[a] != wait.size_a || c->size[b] != wait.size_b || c->parent[a] != a || c->parent[b] != b;
        if (stale || (c->tables[a] & c->tables[b]) != 0) continue;
        bool larger = c->side[a].count >= c->side[b].count;
        c->edge[wait.edge].sum = 0;
        ERR_TRY(link_cluster_join(c, larger ? a : b, larger ? b : a));
    }
    return DW_OK;
}

dw_err link_cluster(uint32_t *cluster, const struct link *link, const struct link_choice *choice)
{
    struct link_cluster c = {.link = link, .choice = choice};
    dw_err err = link_cluster_run(&c);
    /* Named by the smallest number that was given to one of them. */
    uint32_t *least = err == DW_OK ? malloc((link->records + 1) * sizeof *least) : NULL;
    if (err == DW_OK && least == NULL) err = DW_E_MEMORY;
    for (uint32_t r = 0; r < link->records && err == DW_OK; r++) least[r] = LINK_NONE;
    for (uint32_t r = 0; r < link->records && err == DW_OK; r++) {
        uint32_t root = link_cluster_of(&c, r);
        if (link->given[r] < least[root]) least[root] = link->given[r];
    }
    for (uint32_t r = 0; r < link->records && err == DW_OK; r++) cluster[link->given[r]] = least[link_cluster_of(&c, r)];
    free(least);
    for (size_t r = 0; c.side != NULL && r < link->records; r++) free(c.side[r].edge);
    free(c.side);
    free(c.edge);
    free(c.parent);
    free(c.size);
    free(c.tables);
    free(c.heap);
    free(c.mark);
    return err;
}
