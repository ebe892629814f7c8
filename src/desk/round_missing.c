/* Who is missing, or stands behind another number, in walking order: all of them, or a page. */
#include <stdlib.h>
#include <string.h>

#include "desk/round.h"
#include "desk/walk.h"

struct round_sort {
    const struct site *site;
    const struct site_round *round;
};

static int round_compare(const void *left, const void *right, void *ctx)
{
    const struct round_sort *s = ctx;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    uint32_t x = cover_area(s->round->cover, a), y = cover_area(s->round->cover, b);
    bool gone;
    if (x != y) return x < y ? -1 : 1; /* under no area: last */
    uint32_t p = site_place_in(s->site, s->round, a, &gone), q = site_place_in(s->site, s->round, b, &gone);
    uint32_t d = p == SITE_NONE ? SITE_NONE : site_stay(s->site, p)->door,
             e = q == SITE_NONE ? SITE_NONE : site_stay(s->site, q)->door;
    if (d != e && d != SITE_NONE && e != SITE_NONE) {
        int order = site_code_compare(site_door(s->site, d)->room, site_door(s->site, e)->room);
        if (order != 0) return order;
    }
    return d != e ? (d < e ? -1 : 1) : a < b ? -1 : a > b;
}

static uint32_t round_number_of(struct cover_counts counts, enum round_what what)
{
    const uint32_t numbers[ROUND_WHATS] = {counts.owed, counts.covered, counts.missing, counts.found, counts.arrived,
                                           0,           counts.excused};
    return numbers[what];
}

/* Everybody whom a number counts under an area. */
static dw_err round_all(struct round_missing *out, const struct site *site, enum round_what what, uint32_t order)
{
    const struct cover *cover = site_round(site, out->round)->cover;
    uint32_t cursor = 0, last = order, people = cover_people(cover);
    size_t most = what == ROUND_RECOVERED ? round_recovered(site, out->round, order, NULL, 0)
                                          : round_number_of(cover_count(cover, order), what);
    out->people = malloc((most + 1) * sizeof *out->people);
    if (out->people == NULL) return DW_E_MEMORY;
    if (what == ROUND_RECOVERED) out->count = round_recovered(site, out->round, order, out->people, most);
    if (what == ROUND_MISSING) out->count = cover_missing(cover, order, out->people, most, &cursor);
    if (what == ROUND_RECOVERED || what == ROUND_MISSING) return DW_OK;
    while (order != COVER_NONE && last + 1 < site->area_orders && walk_under(site, site->area_at[last + 1], site->area_at[order]))
        last++;
    for (uint32_t p = 0; p < people && out->count < most; p++) {
        uint32_t at = cover_area(cover, p);
        bool here = order == COVER_NONE || (at >= order && at <= last);
        if (here && round_number_of(cover_one(cover, p), what) > 0) out->people[out->count++] = p;
    }
    return DW_OK;
}

/* Unsorted. */
static dw_err round_gather(struct round_missing *out, const struct site *site, int64_t number, enum round_what what,
                           const char *code, int state, struct err_detail *detail)
{
    uint32_t order = COVER_NONE;
    bool nowhere = code != NULL && strcmp(code, "-") == 0;
    size_t kept = 0;
    memset(out, 0, sizeof *out);
    ERR_TRY(round_find(&out->round, site, number, detail));
    const struct site_round *round = site_round(site, out->round);
    if (code != NULL && *code != 0 && !nowhere) {
        uint32_t area = site_area_by_code(site, code);
        if (area == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "area %s", code);
        order = site_area(site, area)->order;
    }
    ERR_TRY(round_all(out, site, what, order));
    for (size_t i = 0; i < out->count; i++) {
        uint32_t person = out->people[i];
        if (nowhere && cover_area(round->cover, person) != COVER_NONE) continue;
        if (state < 0 || round->marks[person].state == state) out->people[kept++] = person;
    }
    out->count = kept;
    return DW_OK;
}

dw_err round_missing(struct round_missing *out, const struct site *site, int64_t number, const char *code, int state,
                     struct err_detail *detail)
{
    ERR_TRY(round_gather(out, site, number, ROUND_MISSING, code, state, detail));
    struct round_sort sort = {site, site_round(site, out->round)};
    qsort_r(out->people, out->count, sizeof *out->people, round_compare, &sort);
    return DW_OK;
}

dw_err round_people(struct round_missing *out, const struct site *site, int64_t number, enum round_what what, const char *code,
                    struct err_detail *detail)
{
    ERR_TRY(round_gather(out, site, number, what, code, -1, detail));
    struct round_sort sort = {site, site_round(site, out->round)};
    qsort_r(out->people, out->count, sizeof *out->people, round_compare, &sort);
    return DW_OK;
}

void round_missing_free(struct round_missing *missing)
{
    free(missing->people);
    memset(missing, 0, sizeof *missing);
}

/* Keeps those whom the caller sees and who stand behind the last page's last. */
static void round_behind(struct round_missing *people, const struct site *site, const struct round_page *ask)
{
    struct round_sort sort = {site, site_round(site, people->round)};
    const struct cover *cover = sort.round->cover;
    size_t kept = 0;
    for (size_t i = 0; i < people->count; i++) {
        uint32_t person = people->people[i], order = cover_area(cover, person);
        if (ask->after != SITE_NONE && round_compare(&person, &ask->after, &sort) <= 0) continue;
        if (!ask->sees(ask->ctx, order == COVER_NONE ? SITE_NONE : site->area_at[order])) continue;
        people->people[kept++] = person;
    }
    people->count = kept;
}

/* The area behind which nobody stands who is among the first want; by how many stand in each. COVER_NONE: all of them. */
static dw_err round_last_area(uint32_t *out, const struct round_missing *people, const struct site *site, size_t want)
{
    const struct cover *cover = site_round(site, people->round)->cover;
    uint32_t *counts = calloc((size_t)site->area_orders + 1, sizeof *counts), order = 0;
    size_t sum = 0;
    if (counts == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < people->count; i++) {
        uint32_t area = cover_area(cover, people->people[i]);
        counts[area == COVER_NONE ? site->area_orders : area]++;
    }
    while (order < site->area_orders && (sum += counts[order]) < want) order++;
    *out = order == site->area_orders ? COVER_NONE : order;
    free(counts);
    return DW_OK;
}

dw_err round_missing_page(struct round_missing *out, bool *more, const struct site *site, const struct round_page *ask,
                          struct err_detail *detail)
{
    uint32_t last = COVER_NONE;
    *more = false;
    ERR_TRY(round_gather(out, site, ask->number, ask->what, ask->code, ask->state, detail));
    struct round_sort sort = {site, site_round(site, out->round)};
    if (ask->after != SITE_NONE && ask->after >= cover_people(sort.round->cover))
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "cursor", "nobody stands there");
    round_behind(out, site, ask);
    size_t all = out->count, near = 0;
    ERR_TRY(round_last_area(&last, out, site, ask->want));
    /* Only who stands in the areas of this page is put in order. */
    for (size_t i = 0; i < all; i++)
        if (last == COVER_NONE || cover_area(sort.round->cover, out->people[i]) <= last) out->people[near++] = out->people[i];
    qsort_r(out->people, near, sizeof *out->people, round_compare, &sort);
    out->count = near < ask->want ? near : ask->want;
    *more = all > out->count;
    return DW_OK;
}
