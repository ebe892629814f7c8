#include <stdlib.h>
#include <string.h>

#include "desk/paper.h"
#include "desk/walk.h"

const struct site_round *paper_people_round(const struct site *site, const struct paper_people *people)
{
    return people->round == SITE_NONE ? NULL : site_round(site, people->round);
}

uint32_t paper_area(const struct site *site, const struct paper_people *people, uint32_t person)
{
    if (people->round == SITE_NONE) return site_person_area(site, NULL, person);
    uint32_t order = cover_area(site_round(site, people->round)->cover, person);
    return order == COVER_NONE ? SITE_NONE : site->area_at[order];
}

uint32_t paper_above(const struct site *site, uint32_t area, enum kinds_area_kind kind)
{
    while (area != SITE_NONE && site_area(site, area)->kind != kind) area = site_area(site, area)->parent;
    return area;
}

static bool paper_people_stands(const struct paper_people *out, const struct site *site, uint32_t person)
{
    bool gone;
    if (out->kind == PAPER_LEDGER) {
        site_place(site, person, &gone);
        return site_person(site, person)->merged_into == SITE_NONE && !gone;
    }
    const struct cover *cover = site_round(site, out->round)->cover;
    if (person >= cover_people(cover)) return false;
    if (out->kind == PAPER_STAIRS) return cover_is_missing(cover, person);
    if (out->kind == PAPER_ROUND) return cover_is_owed(cover, person);
    return cover_has(cover, COVER_ROSTER, person) || cover_has(cover, COVER_FOUND, person) ||
           cover_has(cover, COVER_ARRIVED, person);
}

static bool paper_people_step(struct walk_step *step, const struct site *site, const struct paper_people *out, uint32_t person,
                              struct arena *arena)
{
    bool gone;
    uint32_t stay = site_place_in(site, paper_people_round(site, out), person, &gone);
    if (!walk_step(step, site, paper_area(site, out, person), stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->door, arena))
        return false;
    if (stay != SITE_NONE) step->household = site_stay(site, stay)->household;
    step->person = person;
    return true;
}

static dw_err paper_people_find(struct paper_people *out, const struct site *site, enum paper_kind kind,
                                const struct paper_ask *ask, struct err_detail *detail)
{
    out->kind = kind;
    out->round = out->area = SITE_NONE;
    if (kind != PAPER_LEDGER) {
        out->round = site_round_by_number(site, ask->round);
        if (out->round == SITE_NONE && ask->round == 0) return err_set(detail, DW_E_NOT_FOUND, "no round was opened yet");
        if (out->round == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "round %lld", (long long)ask->round);
    }
    return walk_top(&out->area, site, ask->area, detail);
}

dw_err paper_people(struct paper_people *out, const struct site *site, enum paper_kind kind, const struct paper_ask *ask,
                    struct err_detail *detail)
{
    uint32_t all = site_count(site, SITE_PERSON);
    struct arena rooms = {0};
    dw_err err = DW_OK;
    memset(out, 0, sizeof *out);
    ERR_TRY(paper_people_find(out, site, kind, ask, detail));
    struct walk_step *steps = malloc(((size_t)all + 1) * sizeof *steps);
    out->people = malloc(((size_t)all + 1) * sizeof *out->people);
    if (steps == NULL || out->people == NULL) {
        free(steps);
        return DW_E_MEMORY;
    }
    for (uint32_t p = 0; err == DW_OK && p < all; p++) {
        if (!paper_people_stands(out, site, p) || !walk_under(site, paper_area(site, out, p), out->area)) continue;
        if (!paper_people_step(&steps[out->count++], site, out, p, &rooms)) err = DW_E_MEMORY;
    }
    if (err == DW_OK) qsort(steps, out->count, sizeof *steps, walk_compare);
    for (size_t i = 0; i < out->count; i++) out->people[i] = steps[i].person;
    free(steps);
    arena_free(&rooms);
    return err;
}

void paper_people_free(struct paper_people *people)
{
    free(people->people);
    memset(people, 0, sizeof *people);
}
