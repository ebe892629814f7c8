#include "sim/grade.h"

#include <stdlib.h>
#include <string.h>

#include "desk/lab.h"
#include "desk/register.h"

struct grade {
    const struct site *site;
    struct arena arena;
    uint32_t *number; /* of each root among the scored persons */
    struct score_person *persons;
    size_t count;
    struct score_pair *pairs;
    size_t pair_count;
    const struct settle *settle; /* NULL: nothing waits */
    const char **file;           /* of each device: the list it imported */
};

static bool grade_files(struct grade *g)
{
    g->file = arena_array(&g->arena, site_count(g->site, SITE_DEVICE) + 1, sizeof *g->file);
    for (uint32_t i = 0; g->file != NULL && i < site_count(g->site, SITE_BATCH); i++)
        g->file[site_batch(g->site, i)->device] = site_batch(g->site, i)->file;
    return g->file != NULL;
}

static bool grade_ids(struct grade *g, uint32_t people)
{
    const struct site *site = g->site;
    uint32_t *merged = arena_array(&g->arena, people + 1, sizeof *merged);
    if (merged == NULL) return false;
    for (uint32_t p = 0; p < people; p++) merged[site_root(site, p)]++;
    for (uint32_t p = 0; p < people; p++) {
        uint32_t root = site_root(site, p);
        struct score_person *s = &g->persons[g->number[root]];
        char *text = arena_alloc(&g->arena, ID_TEXT);
        if (text == NULL) return false;
        id_text(text, site_person(site, p)->id);
        s->held |= g->settle != NULL && g->settle->spoken[p] != 0;
        if (p == root) {
            s->id = text;
            continue;
        }
        if (s->more_ids == NULL) s->more_ids = arena_array(&g->arena, merged[root], sizeof *s->more_ids);
        if (s->more_ids == NULL) return false;
        ((const char **)s->more_ids)[s->more_id_count++] = text;
    }
    return true;
}

static bool grade_rows(struct grade *g, uint32_t people)
{
    const struct site *site = g->site;
    size_t *counts = arena_array(&g->arena, people + 1, sizeof *counts);
    if (counts == NULL) return false;
    for (uint32_t i = 0; i < site_count(site, SITE_SOURCE); i++) counts[site_root(site, site_source(site, i)->person)]++;
    for (uint32_t i = 0; i < site_count(site, SITE_SOURCE); i++) {
        const struct site_source *source = site_source(site, i);
        uint32_t root = site_root(site, source->person);
        struct score_person *s = &g->persons[g->number[root]];
        if (g->file[source->device] == NULL) continue; /* not from a list */
        if (s->rows == NULL) s->rows = arena_array(&g->arena, counts[root], sizeof *s->rows);
        if (s->rows == NULL) return false;
        ((struct score_ref *)s->rows)[s->row_count++] = (struct score_ref){g->file[source->device], (uint32_t)source->row};
    }
    return true;
}

/* Where each one's samples stand, and of whom the laboratory's desk asks. */
static dw_err grade_tubes(struct grade *g, int64_t round, uint32_t index, struct err_detail *detail)
{
    const struct site *site = g->site;
    struct lab_list asked;
    uint32_t samples = site_count(site, SITE_SAMPLE);
    for (uint32_t i = 0; i < samples; i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        if (tube->round != index || sample->state != SITE_SAMPLE_STANDS) continue;
        struct score_person *s = &g->persons[g->number[site_root(site, sample->person)]];
        struct id *tubes = arena_array(&g->arena, s->tube_count + 1, sizeof *tubes);
        if (tubes == NULL) return DW_E_MEMORY;
        if (s->tube_count > 0) memcpy(tubes, s->tubes, s->tube_count * sizeof *tubes);
        tubes[s->tube_count++] = tube->id;
        s->tubes = tubes;
    }
    ERR_TRY(lab_questions(&asked, site, round, 0, detail));
    for (size_t i = 0; i < asked.count; i++) {
        uint32_t person = asked.questions[i].person;
        if (person != SITE_NONE) g->persons[g->number[site_root(site, person)]].asked = true;
    }
    lab_list_free(&asked);
    return DW_OK;
}

static bool grade_pairs(struct grade *g)
{
    g->pairs = arena_array(&g->arena, site_count(g->site, SITE_PAIR) + 1, sizeof *g->pairs);
    for (uint32_t i = 0; g->pairs != NULL && i < site_count(g->site, SITE_PAIR); i++) {
        const struct site_pair *pair = site_pair(g->site, i);
        if (register_pair_open(g->site, i))
            g->pairs[g->pair_count++] =
                (struct score_pair){g->number[site_root(g->site, pair->a)], g->number[site_root(g->site, pair->b)]};
    }
    return g->pairs != NULL;
}

static dw_err grade_all(struct score *out, struct grade *g, const char *dir, uint32_t index, struct err_detail *detail)
{
    const struct site_round *round = site_round(g->site, index);
    uint32_t people = site_count(g->site, SITE_PERSON);
    g->number = arena_array(&g->arena, people + 1, sizeof *g->number);
    g->persons = arena_array(&g->arena, people + 1, sizeof *g->persons);
    if (g->number == NULL || g->persons == NULL) return DW_E_MEMORY;
    for (uint32_t p = 0; p < people; p++) {
        if (site_root(g->site, p) != p) continue;
        g->number[p] = (uint32_t)g->count;
        g->persons[g->count++].named = p < cover_people(round->cover) && cover_is_missing(round->cover, p);
    }
    if (!grade_files(g) || !grade_ids(g, people) || !grade_rows(g, people) || !grade_pairs(g)) return DW_E_MEMORY;
    ERR_TRY(grade_tubes(g, round->number, index, detail));
    struct score_input input = {.dir = dir,
                                .round = (unsigned)round->number,
                                .persons = g->persons,
                                .person_count = g->count,
                                .pairs = g->pairs,
                                .pair_count = g->pair_count};
    if (g->settle != NULL) {
        input.held = g->settle->spoken_more;
        input.held_count = g->settle->spoken_count;
    }
    return score_run(out, &input, detail);
}

dw_err grade_round(struct score *out, const struct site *site, const char *dir, int64_t round, const struct settle *settle,
                   struct err_detail *detail)
{
    struct grade g = {.site = site, .settle = settle};
    uint32_t index = site_round_by_number(site, round);
    if (index == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "round %lld", (long long)round);
    dw_err err = grade_all(out, &g, dir, index, detail);
    arena_free(&g.arena);
    return err;
}
