#include "unseen/unseen_tally.h"

#include <stdlib.h>

uint64_t unseen_tally_counts(uint32_t *counts, const struct unseen_tally_row *rows, size_t count, int lists, int strata)
{
    uint64_t none = 0;
    for (size_t i = 0; i < count; i++) {
        const struct unseen_tally_row *r = &rows[i];
        uint32_t *to = &counts[(((size_t)r->area * (size_t)strata + r->stratum) << lists) + r->history];
        if (r->history == 0)
            none += r->people;
        else
            *to = r->people < UINT32_MAX - *to ? *to + r->people : UINT32_MAX;
    }
    return none;
}

static int by_place(const void *a, const void *b)
{
    const struct unseen_tally_row *x = a, *y = b;
    const uint32_t left[] = {x->area, x->household, x->history, x->stratum, x->people};
    const uint32_t right[] = {y->area, y->household, y->history, y->stratum, y->people};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
    return 0;
}

/* Ordered pairs of people of one household, and those of them with the same history. */
struct pairs {
    double people, all, same, chance;
};

static void add_household(struct pairs *p, const struct unseen_tally_row *rows, size_t count, double chance)
{
    double size = 0, same = 0, alike = 0;
    for (size_t i = 0; i < count; i++) {
        size += rows[i].people;
        alike += rows[i].people;
        if (i + 1 < count && rows[i + 1].history == rows[i].history) continue;
        same += alike * (alike - 1);
        alike = 0;
    }
    p->people += size;
    p->all += size * (size - 1);
    p->same += same;
    p->chance += size * (size - 1) * chance;
}

static void add_area(struct pairs *p, const struct unseen_tally_row *rows, size_t count, int lists)
{
    double on[1 << UNSEEN_LISTS] = {0}, all = 0, chance = 0;
    for (size_t i = 0; i < count; i++) {
        on[rows[i].history] += rows[i].people;
        all += rows[i].people;
    }
    for (uint32_t h = 1; h < 1u << lists; h++) chance += all > 1 ? on[h] * (on[h] - 1) / (all * (all - 1)) : 0;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && rows[end].household == rows[i].household;) end++;
        if (rows[i].household != UNSEEN_TALLY_NONE)
            add_household(p, rows + i, end - i, chance);
        else
            for (size_t r = i; r < end; r++) p->people += rows[r].people;
    }
}

double unseen_tally_together(struct unseen_tally_row *rows, size_t count, int lists)
{
    struct pairs p = {.people = 0};
    size_t kept = 0;
    qsort(rows, count, sizeof *rows, by_place);
    /* Those on no list say nothing here: whether a household is on none is what is asked. */
    for (size_t i = 0; i < count; i++)
        if (rows[i].history != 0 && rows[i].people > 0) rows[kept++] = rows[i];
    for (size_t i = 0, end; i < kept; i = end) {
        for (end = i + 1; end < kept && rows[end].area == rows[i].area;) end++;
        add_area(&p, rows + i, end - i, lists);
    }
    double often = p.all > p.chance ? (p.same - p.chance) / (p.all - p.chance) : 0;
    return 1 + (often > 0 && p.people > 0 ? often * p.all / p.people : 0);
}
