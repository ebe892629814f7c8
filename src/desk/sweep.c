#include "desk/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/card.h"
#include "desk/form.h"
#include "desk/round.h"
#include "desk/walk.h"

/* What the register and a round say of each door. */
struct sweep_doors {
    const struct site *site;
    const struct site_round *round;
    uint32_t top, *people, *missing, *fresh; /* by door */
    const struct site_visit **visit;
};

static void sweep_doors_free(struct sweep_doors *d)
{
    free(d->people);
    free(d->missing);
    free(d->fresh);
    free(d->visit);
}

static void sweep_doors_people(struct sweep_doors *d)
{
    const struct site *site = d->site;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        bool gone;
        uint32_t stay = site_place(site, p, &gone), door = stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->door;
        if (door == SITE_NONE || site_person(site, p)->merged_into != SITE_NONE) continue;
        const struct cover *cover = d->round->cover;
        d->missing[door] += p < cover_people(cover) && cover_is_missing(cover, p);
        uint32_t first = site_person(site, p)->first_stay;
        d->fresh[door] += !gone && site_stay(site, first)->stamp.ms > d->round->freeze_ms;
    }
}

static dw_err sweep_doors_make(struct sweep_doors *d, uint32_t *round, const struct site *site, int64_t number, const char *code,
                               struct err_detail *detail)
{
    size_t doors = (size_t)site_count(site, SITE_DOOR) + 1;
    memset(d, 0, sizeof *d);
    ERR_TRY(round_find(round, site, number, detail));
    d->site = site;
    d->round = site_round(site, *round);
    ERR_TRY(walk_top(&d->top, site, code, detail));
    d->people = card_heads(site);
    d->missing = calloc(doors, sizeof *d->missing);
    d->fresh = calloc(doors, sizeof *d->fresh);
    d->visit = calloc(doors, sizeof(const struct site_visit *));
    if (d->people == NULL || d->missing == NULL || d->fresh == NULL || d->visit == NULL) return DW_E_MEMORY;
    sweep_doors_people(d);
    for (size_t i = 0; i < d->round->visit_count; i++) d->visit[d->round->visits[i].door] = &d->round->visits[i];
    return DW_OK;
}

/* Nobody stands behind it, nobody was there, and it names no room: there is no such door. */
static bool sweep_is_door(const struct sweep_doors *d, uint32_t door)
{
    return d->visit[door] != NULL || card_hangs(site_door(d->site, door), d->people[door]);
}

/* Where nobody counted: 0. */
static int64_t sweep_heads(const struct site_visit *visit)
{
    return visit == NULL || visit->heads < 0 ? 0 : visit->heads;
}

static uint32_t sweep_more(const struct sweep_doors *d, uint32_t door)
{
    int64_t heads = sweep_heads(d->visit[door]);
    return heads > (int64_t)d->people[door] ? (uint32_t)(heads - d->people[door]) : 0;
}

static void sweep_count(struct sweep_area *a, const struct sweep_doors *d, uint32_t door)
{
    const struct site_visit *visit = d->visit[door];
    a->doors++;
    a->kinds[site_door(d->site, door)->kind]++;
    a->people += d->people[door];
    a->fresh += d->fresh[door];
    a->more += sweep_more(d, door);
    if (visit == NULL) {
        a->unvisited++;
        return;
    }
    a->outcome[visit->outcome]++;
    a->counted += (uint32_t)sweep_heads(visit);
}

static void sweep_sum(struct sweep_area *to, const struct sweep_area *from)
{
    to->buildings += from->buildings;
    to->unopened += from->unopened;
    to->doors += from->doors;
    to->unvisited += from->unvisited;
    for (int i = 0; i < KINDS_OUTCOME_COUNT; i++) to->outcome[i] += from->outcome[i];
    for (int i = 0; i < KINDS_DOOR_KIND_COUNT; i++) to->kinds[i] += from->kinds[i];
    to->people += from->people;
    to->counted += from->counted;
    to->more += from->more;
    to->fresh += from->fresh;
}

static bool sweep_building(const struct site_area *area)
{
    return area->kind == KINDS_AREA_KIND_BUILDING || area->kind == KINDS_AREA_KIND_FACTORY;
}

/* Sums by order in the tree, [area_orders] for doors under no area and [area_orders + 1] for the whole. */
static dw_err sweep_sums(struct sweep_area **out, const struct sweep_doors *d)
{
    const struct site *site = d->site;
    uint32_t orders = site->area_orders;
    struct sweep_area *sums = calloc((size_t)orders + 2, sizeof *sums);
    *out = sums;
    if (sums == NULL) return DW_E_MEMORY;
    for (uint32_t door = 0; door < site_count(site, SITE_DOOR); door++) {
        uint32_t area = site_door(site, door)->area;
        if (!sweep_is_door(d, door) || !walk_under(site, area, d->top)) continue;
        sweep_count(&sums[area == SITE_NONE ? orders : site_area(site, area)->order], d, door);
    }
    for (uint32_t order = orders; order-- > 0;) {
        const struct site_area *area = site_area(site, site->area_at[order]);
        if (!walk_under(site, site->area_at[order], d->top)) continue;
        if (sweep_building(area)) {
            sums[order].buildings = 1;
            sums[order].unopened = sums[order].doors == 0;
        }
        uint32_t up = site->area_parent[order];
        sweep_sum(up == COVER_NONE || site->area_at[order] == d->top ? &sums[orders + 1] : &sums[up], &sums[order]);
    }
    sweep_sum(&sums[orders + 1], &sums[orders]);
    return DW_OK;
}

static dw_err sweep_put(struct sweep_status *out, struct sweep_area area)
{
    if (!arena_grow((void **)&out->areas, &out->cap, out->count + 1, sizeof *out->areas)) return DW_E_MEMORY;
    out->areas[out->count++] = area;
    return DW_OK;
}

static dw_err sweep_rows(struct sweep_status *out, const struct sweep_doors *d, struct sweep_area *sums, bool buildings)
{
    const struct site *site = d->site;
    uint32_t orders = site->area_orders;
    sums[orders].area = sums[orders + 1].area = SITE_NONE;
    ERR_TRY(sweep_put(out, sums[orders + 1]));
    for (uint32_t order = 0; order < orders; order++) {
        uint32_t area = site->area_at[order];
        if (!walk_under(site, area, d->top) || (sweep_building(site_area(site, area)) && !buildings && area != d->top)) continue;
        sums[order].area = area;
        for (uint32_t up = order; up != COVER_NONE; up = site->area_parent[up]) sums[order].depth++;
        ERR_TRY(sweep_put(out, sums[order]));
    }
    if (sums[orders].doors == 0) return DW_OK;
    sums[orders].depth = 1;
    return sweep_put(out, sums[orders]);
}

dw_err sweep_status(struct sweep_status *out, const struct site *site, int64_t number, const char *code, bool buildings,
                    struct err_detail *detail)
{
    struct sweep_doors doors;
    struct sweep_area *sums = NULL;
    memset(out, 0, sizeof *out);
    dw_err err = sweep_doors_make(&doors, &out->round, site, number, code, detail);
    if (err == DW_OK) err = sweep_sums(&sums, &doors);
    if (err == DW_OK) err = sweep_rows(out, &doors, sums, buildings);
    free(sums);
    sweep_doors_free(&doors);
    return err;
}

void sweep_status_free(struct sweep_status *status)
{
    free(status->areas);
    memset(status, 0, sizeof *status);
}

static unsigned sweep_reasons(const struct sweep_doors *d, uint32_t door)
{
    const struct site_visit *visit = d->visit[door];
    unsigned why = sweep_more(d, door) > 0 ? SWEEP_MORE : 0;
    if (visit == NULL) return why | SWEEP_UNVISITED;
    if (visit->outcome == KINDS_OUTCOME_NOBODY_HOME) why |= SWEEP_NOBODY;
    if (visit->outcome == KINDS_OUTCOME_REFUSED) why |= SWEEP_REFUSED;
    return d->missing[door] > 0 && (why & (SWEEP_NOBODY | SWEEP_REFUSED)) == 0 ? why | SWEEP_MISSING : why;
}

static dw_err sweep_add(struct sweep_list *out, struct sweep_left left)
{
    if (left.why == 0) return DW_OK;
    if (!arena_grow((void **)&out->doors, &out->cap, out->count + 1, sizeof *out->doors)) return DW_E_MEMORY;
    out->doors[out->count++] = left;
    return DW_OK;
}

/* Buildings of which no door is known: what a list of doors alone would never name. */
static dw_err sweep_unopened(struct sweep_list *out, const struct sweep_doors *d)
{
    const struct site *site = d->site;
    bool *has = calloc((size_t)site_count(site, SITE_AREA) + 1, sizeof *has);
    if (has == NULL) return DW_E_MEMORY;
    for (uint32_t door = 0; door < site_count(site, SITE_DOOR); door++)
        if (site_door(site, door)->area != SITE_NONE && sweep_is_door(d, door)) has[site_door(site, door)->area] = true;
    dw_err err = DW_OK;
    for (uint32_t a = 0; err == DW_OK && a < site_count(site, SITE_AREA); a++)
        if (!has[a] && sweep_building(site_area(site, a)) && walk_under(site, a, d->top))
            err = sweep_add(out, (struct sweep_left){.area = a, .door = SITE_NONE, .why = SWEEP_UNOPENED, .last_ms = SITE_NEVER});
    free(has);
    return err;
}

static struct walk_step sweep_left_where(const void *item)
{
    const struct sweep_left *left = item;
    return (struct walk_step){.area = left->area, .door = left->door, .person = SITE_NONE};
}

/* Unsorted. */
static dw_err sweep_gather(struct sweep_list *out, const struct site *site, int64_t number, const char *code,
                           struct err_detail *detail)
{
    struct sweep_doors d;
    memset(out, 0, sizeof *out);
    dw_err err = sweep_doors_make(&d, &out->round, site, number, code, detail);
    for (uint32_t door = 0; err == DW_OK && door < site_count(site, SITE_DOOR); door++) {
        const struct site_visit *visit = d.visit[door];
        uint32_t area = site_door(site, door)->area;
        if (!sweep_is_door(&d, door) || !walk_under(site, area, d.top)) continue;
        err = sweep_add(out, (struct sweep_left){.area = area,
                                                 .door = door,
                                                 .why = sweep_reasons(&d, door),
                                                 .people = d.people[door],
                                                 .missing = d.missing[door],
                                                 .counted = sweep_heads(visit),
                                                 .visits = visit == NULL ? 0 : visit->visits,
                                                 .last_ms = visit == NULL ? SITE_NEVER : visit->stamp.ms});
    }
    if (err == DW_OK) err = sweep_unopened(out, &d);
    sweep_doors_free(&d);
    return err;
}

dw_err sweep_left(struct sweep_list *out, const struct site *site, int64_t number, const char *code, struct err_detail *detail)
{
    ERR_TRY(sweep_gather(out, site, number, code, detail));
    return walk_sort(out->doors, out->count, sizeof *out->doors, site, sweep_left_where);
}

static uint32_t sweep_order(const struct site *site, uint32_t area)
{
    return area == SITE_NONE ? site->area_orders : site_area(site, area)->order;
}

/* Keeps what the caller sees and what stands behind the last page's last. False when memory is out. */
static bool sweep_behind(struct sweep_list *list, const struct site *site, const struct sweep_page *ask)
{
    bool first = ask->after_area == SITE_NONE && ask->after_door == SITE_NONE, good = true;
    uint32_t from = first ? 0 : sweep_order(site, ask->after_area);
    struct walk_step last = {.person = SITE_NONE}, step = {.person = SITE_NONE};
    struct arena arena = {0};
    size_t kept = 0;
    if (!first) good = walk_step(&last, site, ask->after_area, ask->after_door, &arena);
    for (size_t i = 0; good && i < list->count; i++) {
        const struct sweep_left *left = &list->doors[i];
        uint32_t order = sweep_order(site, left->area);
        if (order < from || !ask->sees(ask->ctx, left->area)) continue;
        if (!first && order == from) {
            good = walk_step(&step, site, left->area, left->door, &arena);
            if (good && walk_compare(&step, &last) <= 0) continue;
        }
        list->doors[kept++] = *left;
    }
    list->count = kept;
    arena_free(&arena);
    return good;
}

dw_err sweep_left_page(struct sweep_list *out, bool *more, const struct site *site, const struct sweep_page *ask,
                       struct err_detail *detail)
{
    *more = false;
    ERR_TRY(sweep_gather(out, site, ask->number, ask->code, detail));
    uint32_t *counts = calloc((size_t)site->area_orders + 1, sizeof *counts), last = 0;
    if (counts == NULL || !sweep_behind(out, site, ask)) {
        free(counts);
        return DW_E_MEMORY;
    }
    size_t all = out->count, near = 0, sum = 0;
    for (size_t i = 0; i < all; i++) counts[sweep_order(site, out->doors[i].area)]++;
    while (last < site->area_orders && (sum += counts[last]) < ask->want) last++;
    free(counts);
    for (size_t i = 0; i < all; i++)
        if (sweep_order(site, out->doors[i].area) <= last) out->doors[near++] = out->doors[i];
    ERR_TRY(walk_sort(out->doors, near, sizeof *out->doors, site, sweep_left_where));
    out->count = near < ask->want ? near : ask->want;
    *more = all > out->count;
    return DW_OK;
}

void sweep_list_free(struct sweep_list *list)
{
    free(list->doors);
    memset(list, 0, sizeof *list);
}

const char *sweep_why_text(enum sweep_why why, enum err_lang lang)
{
    /* clang-format off */
    static const char *const texts[SWEEP_WHYS][2] = {
        {"楼内户门未登记", "no door known"}, {"未敲门", "not visited"}, {"无人应门", "nobody home"}, {"拒绝", "refused"},
        {"人数多于登记", "more than registered"}, {"仍有未检", "people missing"}};
    /* clang-format on */
    for (int i = 0; i < SWEEP_WHYS; i++)
        if (why == 1u << i) return texts[i][lang];
    return "";
}
