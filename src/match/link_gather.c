#include "match/link_gather.h"

#include <stdlib.h>

#define LINK_GATHER_LEAST 0.5f
#define LINK_GATHER_TOUCH 1e-3f   /* less than any token is worth */
#define LINK_GATHER_UNLIKE (-4.0) /* as long as this is believed and not learned */
#define LINK_GATHER_LEARNED (-7.0)

enum { LINK_GATHER_LATE = 48, LINK_GATHER_PAIRS = 24, LINK_GATHER_AHEAD = 8 /* places that memory is asked for beforehand */ };

/* Common tokens of a record, and common tokens that its own are like: looked at only where a record has been found otherwise. */
struct link_gather_late {
    struct {
        uint16_t field, of; /* of: the number of the record's own token in its field */
        uint32_t token;
        float bits;
        bool says;
        uint64_t filter;
    } one[LINK_GATHER_LATE];
    size_t count;
    float all;
};

/* Of a value of several tokens each gives back its share of what being unlike costs, by the share of information that it is. */
static void link_gather_weights(struct link_gather *g)
{
    static const double value[LINK_NEAR] = {1, 0.85, 0.6, 0.5};
    const struct link *link = g->link;
    double least = link->learned ? LINK_GATHER_LEARNED : LINK_GATHER_UNLIKE;
    for (size_t f = 0; f < link->field_count; f++) {
        const struct link_field *field = &link->field[f];
        int unlike = field->many ? LINK_LEVELS - 1 : LINK_NEAR;
        double bits = log2(field->m[unlike] / field->u[unlike]), m = log2(field->m[0]);
        g->unlike[f] = (float)(bits < least ? least : bits > 0 ? 0 : bits);
        for (int l = 0; l < LINK_NEAR; l++)
            g->level[f][l] =
                (float)(field->many ? value[l] * (m - (double)g->unlike[f]) : log2(field->m[l]) - (double)g->unlike[f]);
    }
    for (size_t half = 0; half < 2; half++)
        for (uint32_t mask = 0; mask < 1U << LINK_GATHER_HALF; mask++) {
            float sum = 0;
            for (size_t f = half * LINK_GATHER_HALF; f < (half + 1) * LINK_GATHER_HALF && f < link->field_count; f++)
                if (mask >> (f - half * LINK_GATHER_HALF) & 1) sum += g->unlike[f];
            g->base[half][mask] = sum;
        }
}

dw_err link_gather_make(struct link_gather *gather, struct link *link)
{
    gather->link = link;
    link_gather_weights(gather);
    return link_block_make(&gather->block, link);
}

void link_gather_free(struct link_gather *gather)
{
    link_block_free(&gather->block);
}

static const uint32_t *link_gather_from(const uint32_t *p, const uint32_t *end, uint32_t first)
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

static size_t link_gather_walk(struct link_scratch *s, size_t touched, const uint32_t *p, const uint32_t *end, uint32_t first,
                               uint32_t limit, float bits)
{
    if (first > 0) p = link_gather_from(p, end, first);
    for (; p < end && *p < limit; p++) {
        if (end - p > LINK_GATHER_AHEAD) __builtin_prefetch(&s->acc[p[LINK_GATHER_AHEAD]], 1);
        if (s->acc[*p] == 0) s->touched[touched++] = *p;
        s->acc[*p] += bits;
    }
    return touched;
}

static void link_gather_put_late(struct link_gather_late *late, const struct link_gather *g, size_t field, uint32_t of,
                                 uint32_t token, float bits)
{
    if (late->count == LINK_GATHER_LATE) return;
    late->one[late->count].field = (uint16_t)field;
    late->one[late->count].of = (uint16_t)of;
    late->one[late->count].token = token;
    late->one[late->count].bits = bits;
    late->one[late->count].filter = link_block_bits(field, token);
    late->one[late->count++].says = link_block_says(&g->block, &g->link->field[field], token);
}

/* A token's own list and those of the tokens that it is like; what is too common is kept for later. share: of its value's
 * information. */
static size_t link_gather_token(const struct link_gather *g, struct link_scratch *s, struct link_gather_late *late,
                                size_t touched, size_t k, uint32_t of, uint32_t token, float share, uint32_t first,
                                uint32_t limit)
{
    const struct link_field *f = &g->link->field[k];
    uint32_t near = f->near_first[token], end = f->near_first[token + 1], steps = 0;
    bool common = link_block_common(&g->block, f, token);
    float most = 0;
    for (uint32_t q = near; q <= end; q++) {
        /* Its own first: it is worth the most. */
        uint32_t other = q == near ? token : f->near[q - 1];
        int level = q == near ? 0 : f->near_level[q - 1];
        float bits = f->info[level][token] + share * g->level[k][level];
        if (bits < LINK_GATHER_LEAST) continue;
        if (link_block_common(&g->block, f, other)) {
            if (q > near && common && !g->block.all) continue;
            link_gather_put_late(late, g, k, of, other, bits);
            if (bits > most) most = bits;
            continue;
        }
        if (q > near && (steps += f->df[other]) > g->block.most_near) break;
        touched =
            link_gather_walk(s, touched, f->post + f->post_first[other], f->post + f->post_first[other + 1], first, limit, bits);
    }
    late->all += most;
    return touched;
}

/* Records that share two common tokens, of which one at most is only like the record's own. */
static size_t link_gather_pairs(const struct link_gather *g, struct link_scratch *s, const struct link_gather_late *late,
                                size_t touched, uint32_t i, uint32_t first, uint32_t limit)
{
    const struct link *link = g->link;
    size_t use[LINK_GATHER_PAIRS], n = 0;
    for (size_t k = 0; k < late->count && n < LINK_GATHER_PAIRS; k++)
        if (late->one[k].says) use[n++] = k;
    for (size_t x = 0; x < n; x++)
        for (size_t y = x + 1; y < n; y++) {
            size_t a = use[x], b = use[y], field_a = late->one[a].field, field_b = late->one[b].field;
            const struct link_field *f = &link->field[field_a], *h = &link->field[field_b];
            if (field_a == field_b && late->one[a].of == late->one[b].of) continue;
            bool own = late->one[a].token == f->token[f->first[i] + late->one[a].of] ||
                       late->one[b].token == h->token[h->first[i] + late->one[b].of];
            uint32_t count;
            const uint32_t *list =
                own ? link_block_find(&count, &g->block, field_a, late->one[a].token, field_b, late->one[b].token) : NULL;
            /* Both are looked for again in who is found: here they count next to nothing. */
            if (list != NULL) touched = link_gather_walk(s, touched, list, list + count, first, limit, LINK_GATHER_TOUCH);
        }
    return touched;
}

/* What a record may share of the common tokens: of each of the record's own the best. */
static float link_gather_late_bits(const struct link_gather_late *late, uint64_t common)
{
    float sum = 0;
    for (size_t k = 0, next; k < late->count; k = next) {
        float best = 0;
        for (next = k; next < late->count && late->one[next].field == late->one[k].field && late->one[next].of == late->one[k].of;
             next++)
            if (late->one[next].bits > best && (late->one[next].filter & ~common) == 0) best = late->one[next].bits;
        sum += best;
    }
    return sum;
}

static int link_gather_ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

size_t link_gather_record(const struct link_gather *g, struct link_scratch *s, uint32_t i, uint32_t first, uint32_t limit,
                          double cut)
{
    const struct link *link = g->link;
    const uint32_t half = (1U << LINK_GATHER_HALF) - 1;
    struct link_gather_late late = {.count = 0};
    size_t touched = 0, kept = 0;
    for (size_t k = 0; k < link->field_count; k++) {
        const struct link_field *f = &link->field[k];
        float all = 1e-6f;
        for (uint32_t z = f->first[i]; z < f->first[i + 1]; z++) all += f->info[0][f->token[z]];
        for (uint32_t z = f->first[i]; z < f->first[i + 1]; z++) {
            float share = f->many ? f->info[0][f->token[z]] / all : 1;
            touched = link_gather_token(g, s, &late, touched, k, z - f->first[i], f->token[z], share, first, limit);
        }
    }
    touched = link_gather_pairs(g, s, &late, touched, i, first, limit);
    for (size_t k = 0; k < touched; k++) {
        uint32_t j = s->touched[k], both = link->mask[i] & g->block.look[j].mask;
        if (k + LINK_GATHER_AHEAD < touched) __builtin_prefetch(&g->block.look[s->touched[k + LINK_GATHER_AHEAD]]);
        float bits = s->acc[j] + g->base[0][both & half] + g->base[1][both >> LINK_GATHER_HALF];
        bool near = (double)(bits + late.all) > cut && j != i;
        if (near) bits += link_gather_late_bits(&late, g->block.look[j].common);
        if (near && (double)bits > cut) {
            s->acc[j] = bits;
            s->touched[kept++] = j;
        } else {
            s->acc[j] = 0;
        }
    }
    qsort(s->touched, kept, sizeof *s->touched, link_gather_ascending);
    for (size_t k = 0; k < kept; k++) {
        s->sum[k] = s->acc[s->touched[k]];
        s->acc[s->touched[k]] = 0;
    }
    return kept;
}
