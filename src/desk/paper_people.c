#include <stdlib.h>
#include <string.h>

#include "desk/paper.h"
#include "domain/addr.h"

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

static bool paper_people_under(const struct site *site, uint32_t area, uint32_t above)
{
    if (above == SITE_NONE) return true;
    while (area != SITE_NONE && area != above) area = site_area(site, area)->parent;
    return area == above;
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

/* Where somebody is met on the way through a building. */
struct paper_step {
    uint32_t area, door, household, person; /* area: its order in the tree */
    int floor;
    const char *unit, *room;
};

/* The floor that a room's key tells: 301 is on 3, 1203 on 12, B1F05 below the ground; shops and the like first. */
static int paper_people_floor(const char *key)
{
    bool below = *key == 'B';
    const char *text = key + below;
    size_t digits = strspn(text, "0123456789");
    long n = digits > 0 && digits < 6 ? strtol(text, NULL, 10) : 0;
    if (text[digits] == 'F' || below) return (int)(below ? -n : n);
    return digits == 3 || digits == 4 ? (int)(n / 100) : 0;
}

static bool paper_people_step(struct paper_step *step, const struct site *site, const struct paper_people *out, uint32_t person,
                              struct arena *arena)
{
    char key[ADDR_KEY];
    bool gone;
    uint32_t area = paper_area(site, out, person), stay = site_place_in(site, paper_people_round(site, out), person, &gone);
    *step = (struct paper_step){.area = area == SITE_NONE ? COVER_NONE : site_area(site, area)->order, .person = person};
    step->door = stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->door;
    step->household = stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->household;
    step->unit = step->room = "";
    if (step->door == SITE_NONE) return true;
    const struct site_door *door = site_door(site, step->door);
    addr_room(key, door->unit, door->floor, door->room);
    char *dash = strchr(key, '-'), *room = dash == NULL ? key : dash + 1; /* 2-301 is in unit 2, wherever the list said so */
    if (dash != NULL) *dash = 0;
    step->unit = dash == NULL ? "" : arena_text(arena, key, strlen(key));
    step->room = arena_text(arena, room, strlen(room));
    step->floor = paper_people_floor(room);
    return step->unit != NULL && step->room != NULL;
}

static int paper_people_number(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int paper_people_compare(const void *left, const void *right)
{
    const struct paper_step *a = left, *b = right;
    int order = paper_people_number(a->area, b->area); /* under no area: last */
    if (order == 0) order = (a->door == SITE_NONE) - (b->door == SITE_NONE);
    if (order == 0) order = (*a->unit != 0) - (*b->unit != 0); /* what is said without a unit, first */
    if (order == 0) order = site_code_compare(a->unit, b->unit);
    if (order == 0) order = (a->floor > b->floor) - (a->floor < b->floor);
    if (order == 0) order = site_code_compare(a->room, b->room);
    if (order == 0) order = paper_people_number(a->door, b->door);
    if (order == 0) order = paper_people_number(a->household, b->household);
    return order != 0 ? order : paper_people_number(a->person, b->person);
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
    if (ask->area == NULL || *ask->area == 0) return DW_OK;
    out->area = site_area_by_code(site, ask->area);
    return out->area == SITE_NONE ? err_set(detail, DW_E_NOT_FOUND, "area %s", ask->area) : DW_OK;
}

dw_err paper_people(struct paper_people *out, const struct site *site, enum paper_kind kind, const struct paper_ask *ask,
                    struct err_detail *detail)
{
    uint32_t all = site_count(site, SITE_PERSON);
    struct arena rooms = {0};
    dw_err err = DW_OK;
    memset(out, 0, sizeof *out);
    ERR_TRY(paper_people_find(out, site, kind, ask, detail));
    struct paper_step *steps = malloc(((size_t)all + 1) * sizeof *steps);
    out->people = malloc(((size_t)all + 1) * sizeof *out->people);
    if (steps == NULL || out->people == NULL) {
        free(steps);
        return DW_E_MEMORY;
    }
    for (uint32_t p = 0; err == DW_OK && p < all; p++) {
        if (!paper_people_stands(out, site, p) || !paper_people_under(site, paper_area(site, out, p), out->area)) continue;
        if (!paper_people_step(&steps[out->count++], site, out, p, &rooms)) err = DW_E_MEMORY;
    }
    if (err == DW_OK) qsort(steps, out->count, sizeof *steps, paper_people_compare);
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
