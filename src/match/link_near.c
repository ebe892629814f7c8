/* Which tokens of a field are alike, by keys that they share; and what it is worth when two records have like tokens. */
#include "match/link_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "match/link_like.h"
#include "match/link_sort.h"

enum {
    LINK_NEAR_GROUP = 2000, /* tokens of one key up to which each is tried with each */
    LINK_NEAR_CHUNK = 512   /* tokens that a thread takes at a time */
};

struct link_near_found {
    struct link_sort_item *items; /* key: smaller token, greater token; value: level */
    size_t count, cap;
    uint64_t skipped;
};

struct link_near {
    struct link *link;
    struct link_field *field;
    struct link_like *like;      /* by token */
    struct link_sort_item *keys; /* value: token */
    size_t key_count;
    uint32_t *group_first; /* of group g: keys[group_first[g]] on */
    uint32_t groups;
    uint32_t *of_first, *of;       /* by token: the groups it is in */
    struct link_near_found *found; /* by chunk */
    size_t chunks;
};

static dw_err link_near_keys(struct link_near *n)
{
    struct link_field *f = n->field;
    size_t cap = 0;
    uint64_t keys[LINK_LIKE_KEYS];
    for (uint32_t t = 0; t < f->count; t++) {
        link_like_read(&n->like[t], f->text + f->at[t]);
        size_t count = link_like_keys(keys, &n->like[t], f->type);
        if (!arena_grow((void **)&n->keys, &cap, n->key_count + count, sizeof *n->keys)) return DW_E_MEMORY;
        for (size_t i = 0; i < count; i++) n->keys[n->key_count++] = (struct link_sort_item){keys[i], t};
    }
    if (n->key_count >= UINT32_MAX) return DW_E_TOO_LARGE;
    return link_sort(n->keys, n->key_count) ? DW_OK : DW_E_MEMORY;
}

/* Keys that several tokens share become groups; a group that is too large is left out and counted. */
static dw_err link_near_groups(struct link_near *n)
{
    uint32_t count = n->field->count, kept = 0, groups = 0;
    n->of_first = calloc((size_t)count + 2, sizeof *n->of_first);
    n->group_first = malloc((n->key_count + 2) * sizeof *n->group_first);
    if (n->of_first == NULL || n->group_first == NULL) return DW_E_MEMORY;
    for (size_t i = 0, j; i < n->key_count; i = j) {
        for (j = i; j < n->key_count && n->keys[j].key == n->keys[i].key;) j++;
        if (j - i > LINK_NEAR_GROUP) n->link->counts.skipped_likeness += (uint64_t)(j - i) * (j - i - 1) / 2;
        if (j - i < 2 || j - i > LINK_NEAR_GROUP) continue;
        n->group_first[groups++] = kept;
        for (size_t k = i; k < j; k++) {
            n->keys[kept++] = n->keys[k];
            n->of_first[n->keys[k].value + 2]++;
        }
    }
    n->group_first[groups] = kept;
    n->groups = groups;
    n->of = malloc(((size_t)kept + 1) * sizeof *n->of);
    if (n->of == NULL) return DW_E_MEMORY;
    for (uint32_t t = 0; t <= count; t++) n->of_first[t + 1] += n->of_first[t];
    for (uint32_t g = 0; g < groups; g++)
        for (uint32_t k = n->group_first[g]; k < n->group_first[g + 1]; k++) n->of[n->of_first[n->keys[k].value + 1]++] = g;
    return DW_OK;
}

static bool link_near_add(struct link_near_found *found, uint32_t a, uint32_t b, int level)
{
    if (!arena_grow((void **)&found->items, &found->cap, found->count + 1, sizeof *found->items)) return false;
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    found->items[found->count++] = (struct link_sort_item){low << 32 | high, (uint32_t)level};
    return true;
}

/* Every token with the greater ones of its groups, once: stamp of a token is the last one, plus one, that it was tried with. */
static dw_err link_near_part(void *ctx, size_t part, struct link_scratch *scratch)
{
    struct link_near *n = ctx;
    struct link_near_found *found = &n->found[part];
    uint32_t from = (uint32_t)(part * LINK_NEAR_CHUNK), to = from + LINK_NEAR_CHUNK;
    if (to > n->field->count) to = n->field->count;
    for (uint32_t t = from; t < to; t++)
        for (uint32_t i = n->of_first[t]; i < n->of_first[t + 1]; i++) {
            uint32_t g = n->of[i], end = n->group_first[g + 1], k = end;
            /* Within a key tokens stand ascending. */
            while (k > n->group_first[g] && n->keys[k - 1].value > t) {
                uint32_t other = n->keys[--k].value;
                if (scratch->stamp[other] == t + 1) continue;
                scratch->stamp[other] = t + 1;
                int level = link_like_level(&n->like[t], &n->like[other], n->field->type);
                if (level > 0 && !link_near_add(found, t, other, level)) return DW_E_MEMORY;
            }
        }
    return DW_OK;
}

struct link_near_nick {
    int32_t point;
    uint32_t token;
};

static int link_near_compare_nicks(const void *a, const void *b)
{
    const struct link_near_nick *x = a, *y = b;
    return x->point < y->point ? -1 : x->point > y->point;
}

/* Nicknames are few, and what they may be of is many: only these two are brought together. */
static dw_err link_near_nicks(struct link_near *n, struct link_near_found *found)
{
    struct link_near_nick *nicks = NULL;
    size_t count = 0, cap = 0;
    bool good = true;
    for (uint32_t t = 0; t < n->field->count && good; t++) {
        int32_t point = link_like_nick(&n->like[t]);
        if (point == 0) continue;
        good = arena_grow((void **)&nicks, &cap, count + 1, sizeof *nicks);
        if (good) nicks[count++] = (struct link_near_nick){point, t};
    }
    if (count > 0) qsort(nicks, count, sizeof *nicks, link_near_compare_nicks);
    for (uint32_t t = 0; t < n->field->count && count > 0 && good; t++) {
        int32_t given[2];
        size_t points = link_like_given(given, &n->like[t]);
        for (size_t g = 0; g < points; g++) {
            size_t low = 0, high = count;
            while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (nicks[middle].point < given[g])
                    low = middle + 1;
                else
                    high = middle;
            }
            for (; low < count && nicks[low].point == given[g] && good; low++)
                if (link_like_level(&n->like[t], &n->like[nicks[low].token], n->field->type) == 3)
                    good = link_near_add(found, t, nicks[low].token, 3);
        }
    }
    free(nicks);
    return good ? DW_OK : DW_E_MEMORY;
}

/* All that was found, in order, into the field's lists; pairs that were found twice stand side by side. */
static dw_err link_near_lists(struct link_near *n)
{
    struct link_field *f = n->field;
    size_t total = 0, kept = 0;
    for (size_t c = 0; c <= n->chunks; c++) total += n->found[c].count;
    struct link_sort_item *all = malloc((total + 1) * sizeof *all);
    f->near_first = calloc((size_t)f->count + 2, sizeof *f->near_first);
    f->near = malloc((2 * total + 1) * sizeof *f->near);
    f->near_level = malloc(2 * total + 1);
    if (all == NULL || f->near_first == NULL || f->near == NULL || f->near_level == NULL || 2 * total >= UINT32_MAX) {
        free(all);
        return 2 * total >= UINT32_MAX ? DW_E_TOO_LARGE : DW_E_MEMORY;
    }
    for (size_t c = 0, at = 0; c <= n->chunks; at += n->found[c++].count)
        if (n->found[c].count > 0) memcpy(all + at, n->found[c].items, n->found[c].count * sizeof *all);
    bool good = link_sort(all, total);
    for (size_t i = 0; i < total && good; i++) {
        if (kept > 0 && all[kept - 1].key == all[i].key) continue;
        all[kept++] = all[i];
        if ((all[i].key >> 32) + 2 <= f->count) f->near_first[(all[i].key >> 32) + 2]++;
        if ((uint32_t)all[i].key + 2 <= f->count) f->near_first[(uint32_t)all[i].key + 2]++;
    }
    for (uint32_t t = 0; t < f->count; t++) f->near_first[t + 1] += f->near_first[t];
    /* In the order of pairs, what is smaller than a token is written before what is greater. */
    for (size_t i = 0; i < kept && good; i++) {
        uint32_t a = (uint32_t)(all[i].key >> 32), b = (uint32_t)all[i].key;
        f->near[f->near_first[a + 1]] = b;
        f->near_level[f->near_first[a + 1]++] = (uint8_t)all[i].value;
        f->near[f->near_first[b + 1]] = a;
        f->near_level[f->near_first[b + 1]++] = (uint8_t)all[i].value;
    }
    free(all);
    return good ? DW_OK : DW_E_MEMORY;
}

/* Groups numbered from 1, and how many records have a token of each. */
static dw_err link_near_group(struct link_near *n, double *mass)
{
    struct link_field *f = n->field;
    struct link_sort_item *items = malloc(((size_t)f->count + 1) * sizeof *items);
    double *sum = calloc((size_t)f->count + 1, sizeof *sum);
    f->group = calloc((size_t)f->count + 1, sizeof *f->group);
    bool good = items != NULL && sum != NULL && f->group != NULL;
    uint32_t group = 0;
    for (uint32_t t = 0; t < f->count && good; t++) items[t] = (struct link_sort_item){link_like_group(&n->like[t], f->type), t};
    good = good && link_sort(items, f->count);
    for (uint32_t i = 0; i < f->count && good; i++) {
        if (items[i].key == 0) continue;
        if (i == 0 || items[i].key != items[i - 1].key) group++;
        f->group[items[i].value] = group;
        sum[group] += f->df[items[i].value];
    }
    for (uint32_t t = 0; t < f->count && good; t++) mass[t] = f->group[t] == 0 ? 0 : sum[f->group[t]];
    free(items);
    free(sum);
    return good ? DW_OK : DW_E_MEMORY;
}

/* Bits of agreement with a token: how small the share is of the records that have one as like as that. */
static dw_err link_near_info(struct link_near *n)
{
    struct link_field *f = n->field;
    double all = (double)f->filled + 1, *group = malloc(((size_t)f->count + 1) * sizeof *group);
    dw_err err = group == NULL ? DW_E_MEMORY : link_near_group(n, group);
    for (int l = 0; l < LINK_NEAR && err == DW_OK; l++) {
        f->info[l] = malloc(((size_t)f->count + 1) * sizeof *f->info[l]);
        if (f->info[l] == NULL) err = DW_E_MEMORY;
    }
    for (uint32_t t = 0; t < f->count && err == DW_OK; t++) {
        double mass[LINK_NEAR] = {f->df[t]}, sum = 0.5;
        for (uint32_t i = f->near_first[t]; i < f->near_first[t + 1]; i++) mass[f->near_level[i]] += f->df[f->near[i]];
        for (int l = 0; l < LINK_NEAR; l++) {
            sum += mass[l];
            if (l == LINK_NEAR - 1 && group[t] + 0.5 > sum) sum = group[t] + 0.5;
            double bits = sum >= all ? 0 : -log2(sum / all);
            f->info[l][t] = (float)(bits > n->link->cap ? n->link->cap : bits);
        }
    }
    free(group);
    return err;
}

static void link_near_end(struct link_near *n)
{
    for (size_t c = 0; n->found != NULL && c <= n->chunks; c++) free(n->found[c].items);
    free(n->found);
    free(n->like);
    free(n->keys);
    free(n->group_first);
    free(n->of_first);
    free(n->of);
}

dw_err link_near_make(struct link *link, struct link_field *field)
{
    struct link_near n = {.link = link, .field = field};
    struct link_job job = {link_near_part, &n, "match.near"};
    n.chunks = ((size_t)field->count + LINK_NEAR_CHUNK - 1) / LINK_NEAR_CHUNK;
    n.like = malloc(((size_t)field->count + 1) * sizeof *n.like);
    n.found = calloc(n.chunks + 1, sizeof *n.found);
    dw_err err = n.like == NULL || n.found == NULL ? DW_E_MEMORY : link_near_keys(&n);
    if (err == DW_OK) err = link_near_groups(&n);
    for (unsigned i = 0; i < link->threads && err == DW_OK; i++) {
        link->scratch[i].stamp = calloc((size_t)field->count + 1, sizeof *link->scratch[i].stamp);
        if (link->scratch[i].stamp == NULL) err = DW_E_MEMORY;
    }
    if (err == DW_OK) err = link_work(link, &job, n.chunks);
    if (err == DW_OK) err = link_near_nicks(&n, &n.found[n.chunks]);
    if (err == DW_OK) err = link_near_lists(&n);
    if (err == DW_OK) err = link_near_info(&n);
    for (unsigned i = 0; i < link->threads; i++) {
        free(link->scratch[i].stamp);
        link->scratch[i].stamp = NULL;
    }
    link_near_end(&n);
    return err;
}
