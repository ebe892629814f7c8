#include "desk/estimate.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "desk/likeness.h"
#include "desk/register.h"
#include "desk/walk.h"

enum { ROUNDS = 32 };

static const char ROUND[] = "round:";

struct gather {
    struct estimate_people *out;
    const struct site *site;
    const struct estimate_ask *ask;
    uint8_t kind_bits[KINDS_LIST_KIND_COUNT]; /* the lists of each kind */
    uint32_t round[ROUNDS];                   /* of the site, and the lists that they are or belong to */
    int round_list[ROUNDS], rounds;
    uint8_t *on;        /* of each person, a bit a list */
    uint32_t *index_of; /* area of the site → of the answer */
    uint32_t top, nowhere;
};

/* One source of a list: a kind of import, or a round. */
static dw_err estimate_source(struct gather *g, int list, const char *text, size_t len, struct err_detail *detail)
{
    const size_t head = sizeof ROUND - 1;
    int64_t number;
    for (int k = 0; k <= KINDS_LIST_KIND_SAMPLES; k++)
        if (strlen(kinds_list_kind_texts[k]) == len && memcmp(kinds_list_kind_texts[k], text, len) == 0) {
            g->kind_bits[k] |= (uint8_t)(1u << list);
            return DW_OK;
        }
    if (len <= head || memcmp(text, ROUND, head) != 0 || !text_int(&number, text + head, len - head) || g->rounds == ROUNDS)
        return err_set(detail, DW_E_INVALID, "%.*s", (int)len, text);
    g->round[g->rounds] = site_round_by_number(g->site, number);
    g->round_list[g->rounds] = list;
    if (g->round[g->rounds++] != SITE_NONE) return DW_OK;
    return err_set(detail, DW_E_NOT_FOUND, "%.*s", (int)len, text);
}

/* A list is one source, or several joined by +. */
static dw_err estimate_list(struct gather *g, const char *text, size_t len, struct err_detail *detail)
{
    struct estimate_people *out = g->out;
    if (out->lists == UNSEEN_LISTS) return err_set(detail, DW_E_INVALID, "%d lists at most", UNSEEN_LISTS);
    const char *copy = arena_text(&out->arena, text, len);
    if (copy == NULL) return DW_E_MEMORY;
    for (int i = 0; i < out->lists; i++)
        if (strcmp(out->list[i], copy) == 0) return err_set(detail, DW_E_INVALID, "%s", copy);
    out->list[out->lists] = copy;
    for (const char *at = copy;; at++) {
        size_t one = strcspn(at, "+");
        ERR_TRY(estimate_source(g, out->lists, at, one, detail));
        at += one;
        if (*at == 0) break;
    }
    out->lists++;
    return DW_OK;
}

static dw_err estimate_lists(struct gather *g, struct err_detail *detail)
{
    const struct site *site = g->site;
    bool any[KINDS_LIST_KIND_COUNT] = {false};
    if (g->ask->lists == NULL) {
        for (uint32_t b = 0; b < site_count(site, SITE_BATCH); b++) any[site_batch(site, b)->kind] = true;
        for (int k = 0; k <= KINDS_LIST_KIND_SAMPLES; k++)
            if (any[k]) ERR_TRY(estimate_list(g, kinds_list_kind_texts[k], strlen(kinds_list_kind_texts[k]), detail));
    }
    for (const char *at = g->ask->lists; at != NULL && *at != 0;) {
        size_t len = strcspn(at, ",");
        ERR_TRY(estimate_list(g, at, len, detail));
        at += len + (at[len] == ',');
    }
    if (g->out->lists >= 2) return DW_OK;
    return err_set(detail, g->ask->lists == NULL ? DW_E_STATE : DW_E_INVALID, "%d < 2", g->out->lists);
}

/* The area that stands for this one in the answer. */
static uint32_t estimate_up(const struct gather *g, uint32_t area)
{
    enum kinds_area_kind by = g->ask->by == KINDS_AREA_KIND_BUILDING ? KINDS_AREA_KIND_FACTORY : g->ask->by;
    while (area != SITE_NONE && site_area(g->site, area)->kind > by && site_area(g->site, area)->parent != SITE_NONE)
        area = site_area(g->site, area)->parent;
    return area;
}

static bool estimate_within(const struct gather *g, uint32_t area)
{
    if (g->top != SITE_NONE && (area == SITE_NONE || !walk_under(g->site, area, g->top))) return false;
    return g->ask->sees == NULL || g->ask->sees(g->ask->ctx, area);
}

/* The site moves on when its lock is given back. */
static const char *estimate_text(struct estimate_people *out, const char *text)
{
    return text == NULL ? "" : arena_text(&out->arena, text, strlen(text));
}

/* Areas that have doors, in the order of the tree, and one for people whose area nobody knows. */
static dw_err estimate_areas(struct gather *g)
{
    const struct site *site = g->site;
    struct estimate_people *out = g->out;
    uint32_t all = site_count(site, SITE_AREA);
    double *doors = arena_array(&out->arena, all + 1, sizeof *doors);
    g->index_of = calloc(all + 1, sizeof *g->index_of);
    out->area = arena_array(&out->arena, all + 1, sizeof *out->area);
    out->name = arena_array(&out->arena, all + 1, sizeof *out->name);
    out->doors = arena_array(&out->arena, all + 1, sizeof *out->doors);
    out->id = arena_array(&out->arena, all + 1, sizeof *out->id);
    if (doors == NULL || g->index_of == NULL || out->area == NULL || out->name == NULL || out->doors == NULL || out->id == NULL)
        return DW_E_MEMORY;
    for (uint32_t d = 0; d < site_count(site, SITE_DOOR); d++) {
        uint32_t own = site_door(site, d)->area, area = estimate_up(g, own);
        if (area != SITE_NONE && estimate_within(g, own)) doors[area]++;
    }
    for (uint32_t order = 0; order < site->area_orders; order++) {
        uint32_t area = site->area_at[order];
        if (doors[area] == 0) continue;
        g->index_of[area] = out->areas;
        out->id[out->areas] = site_area(site, area)->id;
        out->area[out->areas] = estimate_text(out, site_area(site, area)->code);
        out->name[out->areas] = estimate_text(out, site_area(site, area)->name);
        if (out->area[out->areas] == NULL || out->name[out->areas] == NULL) return DW_E_MEMORY;
        out->doors[out->areas++] = doors[area];
    }
    g->nowhere = out->areas;
    return DW_OK;
}

static uint32_t estimate_stratum(const struct gather *g, uint32_t person)
{
    char sex = likeness_sex(register_field(g->site, person, KINDS_PERSON_SET_SEX));
    if (g->ask->stratum == ESTIMATE_SEX) return sex == 'm' ? 0 : sex == 'f' ? 1 : 2;
    if (g->ask->stratum != ESTIMATE_AGE) return 0;
    int32_t birth = likeness_birth(register_field(g->site, person, KINDS_PERSON_SET_BIRTH));
    if (birth == 0) return 3;
    int age = when_age(birth, g->ask->day);
    return age < 15 ? 0 : age < 60 ? 1 : 2;
}

static void estimate_strata(struct estimate_people *out, enum estimate_stratum by)
{
    static const char *const sexes[] = {"m", "f", ""}, *const ages[] = {"0-14", "15-59", "60+", ""};
    out->strata = by == ESTIMATE_SEX ? 3 : by == ESTIMATE_AGE ? 4 : 1;
    for (int s = 0; s < out->strata; s++) out->stratum[s] = by == ESTIMATE_SEX ? sexes[s] : by == ESTIMATE_AGE ? ages[s] : "";
}

/* Who is on which list: a source counts for whoever its person is now. */
static dw_err estimate_sources(struct gather *g)
{
    const struct site *site = g->site;
    uint32_t people = site_count(site, SITE_PERSON), devices = site_count(site, SITE_DEVICE);
    uint8_t *bits = calloc(devices + 1, 1);
    g->on = calloc(people + 1, 1);
    if (bits != NULL)
        for (uint32_t b = 0; b < site_count(site, SITE_BATCH); b++)
            bits[site_batch(site, b)->device] = g->kind_bits[site_batch(site, b)->kind];
    for (uint32_t s = 0; bits != NULL && g->on != NULL && s < site_count(site, SITE_SOURCE); s++) {
        const struct site_source *source = site_source(site, s);
        g->on[site_root(site, source->person)] |= bits[source->device];
    }
    for (int r = 0; g->on != NULL && r < g->rounds; r++) {
        const struct cover *cover = site_round(site, g->round[r])->cover;
        for (uint32_t p = 0; p < people && p < cover_people(cover); p++)
            if (cover_has(cover, COVER_DONE, p)) g->on[site_root(site, p)] |= (uint8_t)(1u << g->round_list[r]);
    }
    bool whole = bits != NULL && g->on != NULL;
    free(bits);
    return whole ? DW_OK : DW_E_MEMORY;
}

static dw_err estimate_rows(struct gather *g)
{
    const struct site *site = g->site;
    struct estimate_people *out = g->out;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        bool gone = false;
        if (site_person(site, p)->merged_into != SITE_NONE) continue;
        uint32_t stay = site_place(site, p, &gone);
        if (gone) continue;
        uint32_t own = site_person_area(site, NULL, p), area = estimate_up(g, own);
        if (!estimate_within(g, own)) continue;
        if (!arena_grow((void **)&out->rows, &out->cap, out->count + 1, sizeof *out->rows)) return DW_E_MEMORY;
        uint32_t home = stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->household;
        out->rows[out->count++] = (struct unseen_tally_row){.area = area == SITE_NONE ? g->nowhere : g->index_of[area],
                                                            .stratum = estimate_stratum(g, p),
                                                            .history = g->on[p],
                                                            .people = 1,
                                                            .household = home == SITE_NONE ? UNSEEN_TALLY_NONE : home};
        if (area != SITE_NONE || out->areas > g->nowhere) continue;
        out->id[out->areas] = (struct id){{0}};
        out->area[out->areas] = out->name[out->areas] = "";
        out->doors[out->areas++] = 0;
    }
    return DW_OK;
}

dw_err estimate_gather(struct estimate_people *out, const struct site *site, const struct estimate_ask *ask,
                       struct err_detail *detail)
{
    struct gather g = {.out = out, .site = site, .ask = ask};
    dw_err err = walk_top(&g.top, site, ask->top, detail);
    estimate_strata(out, ask->stratum);
    if (err == DW_OK) err = estimate_lists(&g, detail);
    if (err == DW_OK) err = estimate_areas(&g);
    if (err == DW_OK) err = estimate_sources(&g);
    if (err == DW_OK) err = estimate_rows(&g);
    for (uint32_t i = 0; err == DW_OK && i < site_count(site, SITE_PAIR); i++) out->open_pairs += register_pair_open(site, i);
    free(g.index_of);
    free(g.on);
    return err;
}

dw_err estimate_make(struct unseen_answer *out, struct unseen_ask *ask, uint64_t *none, struct estimate_people *people,
                     const struct clock_progress *progress, struct err_detail *detail)
{
    const size_t cells = ((size_t)people->areas * (size_t)people->strata) << people->lists;
    uint32_t *counts = calloc(cells + 1, sizeof *counts);
    if (counts == NULL) return DW_E_MEMORY;
    *none = unseen_tally_counts(counts, people->rows, people->count, people->lists, people->strata);
    if (ask->together == 0) ask->together = unseen_tally_together(people->rows, people->count, people->lists);
    ask->lists = people->lists;
    ask->strata = people->strata;
    ask->areas = people->areas;
    ask->counts = counts;
    ask->doors = people->doors;
    dw_err err = unseen_make(out, ask, progress, detail);
    ask->counts = NULL;
    free(counts);
    return err;
}

void estimate_free(struct estimate_people *people)
{
    free(people->rows);
    arena_free(&people->arena);
    *people = (struct estimate_people){.count = 0};
}
