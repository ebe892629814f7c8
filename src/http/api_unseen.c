/* How many people are on no list yet, in the areas that the caller sees: numbers alone, nobody by name. */
#include "desk/estimate.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"

static void api_unseen_number(struct request *r, const char *key, double value, int decimals)
{
    json_key(&r->answer, key);
    json_put_double(&r->answer, value, decimals); /* NaN: null */
}

static void api_unseen_area(struct request *r, const struct unseen_area *a)
{
    answer_text(r, "how", unseen_how_name(a->how));
    api_unseen_number(r, "listed", a->listed, 0);
    api_unseen_number(r, "unseen", a->unseen, 2);
    api_unseen_number(r, "low", a->low, 0);
    api_unseen_number(r, "high", a->high, 0);
    api_unseen_number(r, "finds", a->finds, 2);
    answer_open(r, "warnings", '[');
    for (int bit = 0; bit < UNSEEN_WARNINGS; bit++)
        if (a->warnings >> bit & 1) json_put(&r->answer, unseen_warning_name(bit));
    answer_close(r, ']');
}

static void api_unseen_answer(struct request *r, const struct estimate_people *people, const struct unseen_answer *answer,
                              uint64_t none)
{
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_open(r, "lists", '[');
    for (int l = 0; l < people->lists; l++) json_put(&r->answer, people->list[l]);
    answer_close(r, ']');
    answer_int(r, "open_pairs", people->open_pairs);
    answer_int(r, "on_no_list", (int64_t)none);
    answer_open(r, "all", '{');
    api_unseen_area(r, &answer->all);
    answer_close(r, '}');
    answer_open(r, "items", '[');
    for (uint32_t a = 0; a < people->areas; a++) {
        answer_open(r, NULL, '{');
        answer_id(r, "area", people->id[a]);
        answer_text(r, "code", people->area[a]);
        answer_int(r, "rank", answer->areas[a].rank);
        answer_int(r, "doors", (int64_t)people->doors[a]);
        api_unseen_number(r, "per_hour", answer->areas[a].per_hour, 3);
        api_unseen_area(r, &answer->areas[a]);
        answer_close(r, '}');
    }
    answer_close(r, ']');
    answer_close(r, '}');
}

/* Reckoned without the lock, for it may take seconds and the writer would wait. */
dw_err api_unseen(struct request *r)
{
    static const enum kinds_area_kind kinds[] = {KINDS_AREA_KIND_GRID, KINDS_AREA_KIND_CELL, KINDS_AREA_KIND_BUILDING};
    struct estimate_people people = {.count = 0};
    struct unseen_answer answer = {.models_count = 0};
    struct unseen_ask reckon = {.missed = (double)request_int(r, "missed") / 1000,
                                .wrong = (double)request_int(r, "wrong") / 1000};
    struct estimate_ask ask = {.lists = request_text(r, "lists"),
                               .top = request_text(r, "area"),
                               .by = request_enum(r, "by") < 0 ? KINDS_AREA_KIND_CELL : kinds[request_enum(r, "by")],
                               .sees = api_sees,
                               .ctx = r};
    uint64_t none = 0;
    uint32_t top;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_under(&top, r, site, "area");
    if (err == DW_OK && top != SITE_NONE) err = guard_area(r, site, top);
    if (err == DW_OK) err = estimate_gather(&people, site, &ask, &r->detail);
    desk_read_end(request_desk(r));
    if (err == DW_OK) err = estimate_make(&answer, &reckon, &none, &people, NULL, &r->detail);
    if (err == DW_OK) api_unseen_answer(r, &people, &answer, none);
    unseen_free(&answer);
    estimate_free(&people);
    return err;
}
