/* More of rounds: who is outside, the sweep, forms and measures, visits noted by hand. */
#include <math.h>
#include <string.h>

#include "desk/card.h"
#include "desk/form.h"
#include "desk/register.h"
#include "desk/round.h"
#include "desk/sweep.h"
#include "desk/walk.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"
#include "http/request_list.h"

enum { API_PEOPLE = 400, API_ANSWERS = 200 };

dw_err api_rounds_outside(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct round_missing people = {0};
    int64_t from = 0, items = 0, at = 0;
    uint32_t index;
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK) err = round_outside(&people, site, site_round(site, index)->number, &r->detail);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)people.count && answer_page_room(r, items); at++) {
        uint32_t person = people.people[at];
        char place[512];
        bool gone;
        if (!guard_sees(r, site, site_person_area(site, NULL, person))) continue;
        register_place_text(place, sizeof place, site, NULL, person);
        answer_open(r, NULL, '{');
        answer_id(r, "id", site_person(site, person)->id);
        answer_text(r, "name", register_field(site, person, KINDS_PERSON_SET_NAME));
        answer_text(r, "place", place);
        answer_time(r, "from", site_stay(site, site_place(site, person, &gone))->at_ms);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)people.count ? at : -1);
    round_missing_free(&people);
    desk_read_end(request_desk(r));
    return err;
}

static void api_sweep_area(struct request *r, const struct site *site, const struct sweep_area *a)
{
    const struct {
        const char *name;
        uint32_t n;
    } numbers[] = {{"doors", a->doors},
                   {"unvisited", a->unvisited},
                   {"opened", a->outcome[KINDS_OUTCOME_DONE] + a->outcome[KINDS_OUTCOME_EXCUSED]},
                   {"nobody_home", a->outcome[KINDS_OUTCOME_NOBODY_HOME]},
                   {"refused", a->outcome[KINDS_OUTCOME_REFUSED]},
                   {"empty", a->outcome[KINDS_OUTCOME_EMPTY]},
                   {"moved", a->outcome[KINDS_OUTCOME_MOVED]},
                   {"buildings", a->buildings},
                   {"unopened", a->unopened},
                   {"people", a->people},
                   {"counted", a->counted},
                   {"more", a->more},
                   {"fresh", a->fresh}};
    answer_open(r, NULL, '{');
    api_area_ref(r, site, a->area);
    answer_int(r, "depth", a->depth);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) answer_int(r, numbers[i].name, numbers[i].n);
    answer_close(r, '}');
}

dw_err api_rounds_sweep(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct sweep_status status = {0};
    int64_t from = 0, items = 0, at = 0;
    uint32_t index;
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK)
        err = sweep_status(&status, site, site_round(site, index)->number, request_text(r, "area"), request_bool(r, "buildings"),
                           &r->detail);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)status.count && answer_page_room(r, items); at++) {
        if (!guard_sees(r, site, status.areas[at].area)) continue;
        api_sweep_area(r, site, &status.areas[at]);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)status.count ? at : -1);
    sweep_status_free(&status);
    desk_read_end(request_desk(r));
    return err;
}

static void api_left(struct request *r, const struct site *site, const struct sweep_left *left)
{
    static const char *const whys[SWEEP_WHYS] = {"unopened", "unvisited", "nobody_home", "refused", "more", "missing"};
    answer_open(r, NULL, '{');
    api_area_ref(r, site, left->area);
    api_door_ref(r, site, left->door);
    if (answer_wants(r, "why")) {
        answer_open(r, "why", '[');
        for (int i = 0; i < SWEEP_WHYS; i++)
            if ((left->why & 1u << i) != 0) json_put(&r->answer, whys[i]);
        answer_close(r, ']');
    }
    answer_int(r, "people", left->people);
    answer_int(r, "missing", left->missing);
    answer_int(r, "counted", left->counted);
    answer_int(r, "visits", left->visits);
    answer_time(r, "last", left->last_ms);
    answer_close(r, '}');
}

/* A cursor names the last of its page: twice its door, or twice its building and one; and one more. */
static dw_err api_left_from(struct sweep_page *ask, struct request *r, const struct site *site, int64_t from)
{
    if (from == 0) return DW_OK;
    bool building = (from - 1) % 2 != 0;
    int64_t index = (from - 1) / 2, all = site_count(site, building ? SITE_AREA : SITE_DOOR);
    if (index >= all)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "cursor", "%s",
                      request_say(r, "不是上一页给出的 next", "not what the page before gave as next"));
    ask->after_door = building ? SITE_NONE : (uint32_t)index;
    ask->after_area = building ? (uint32_t)index : site_door(site, (uint32_t)index)->area;
    return DW_OK;
}

dw_err api_rounds_left(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct sweep_page ask = {.code = request_text(r, "area"),
                             .after_area = SITE_NONE,
                             .after_door = SITE_NONE,
                             .want = (size_t)request_int(r, "limit"),
                             .sees = api_sees,
                             .ctx = r};
    struct sweep_list list = {0};
    int64_t from = 0, next = -1;
    uint32_t index;
    bool more = false;
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    if (err == DW_OK) err = api_left_from(&ask, r, site, from);
    if (err == DW_OK) {
        ask.number = site_round(site, index)->number;
        err = sweep_left_page(&list, &more, site, &ask, &r->detail);
    }
    for (size_t i = 0; err == DW_OK && i < list.count; i++) {
        const struct sweep_left *left = &list.doors[i];
        api_left(r, site, left);
        next = left->door == SITE_NONE ? 2 * (int64_t)left->area + 2 : 2 * (int64_t)left->door + 1;
    }
    if (err == DW_OK) answer_page_end(r, more ? next : -1);
    sweep_list_free(&list);
    desk_read_end(request_desk(r));
    return err;
}

void api_form_field(struct request *r, const struct policy_field *f)
{
    static const char *const types[] = {[POLICY_TEXT] = "text", [POLICY_INT] = "int", [POLICY_CHOICE] = "choice"};
    answer_open(r, NULL, '{');
    answer_text(r, "name", f->name);
    answer_text(r, "title", f->title[r->lang]);
    answer_text(r, "of", f->of == POLICY_DOOR ? "door" : "person");
    answer_text(r, "type", types[f->type]);
    answer_bool(r, "required", f->required);
    answer_bool(r, "after_close", f->after_close);
    if (r->answer.depth != 3 || answer_wants(r, "choices")) {
        answer_open(r, "choices", '[');
        for (const char *const *c = f->choices; f->type == POLICY_CHOICE && c != NULL && *c != NULL; c++)
            json_put(&r->answer, *c);
        answer_close(r, ']');
    }
    answer_close(r, '}');
}

dw_err api_rounds_form(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from = 0, items = 0;
    uint32_t index;
    dw_err err = api_round_of(&index, r, site);
    const struct policy_round *policy = err == DW_OK ? policy_round(site_round(site, index)->kind) : NULL;
    desk_read_end(request_desk(r));
    if (err == DW_OK) err = answer_page_begin(r, &from);
    if (err != DW_OK) return err;
    const struct policy_field *f = policy == NULL ? NULL : policy->fields;
    int64_t at = 0;
    for (; f != NULL && f->name != NULL && answer_page_room(r, items); f++, at++) {
        if (at < from) continue;
        api_form_field(r, f);
        items++;
    }
    answer_page_end(r, f != NULL && f->name != NULL ? at : -1);
    return DW_OK;
}

dw_err api_rounds_fill(struct request *r)
{
    static const char *const fields[] = {"subject", "answers", NULL};
    struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    struct request_pair *pairs;
    const char *subject;
    size_t count;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&subject, r, "subject", 256));
    ERR_TRY(request_list_map(&pairs, &count, r, "answers", API_ANSWERS, 1000));
    struct form_answer *answers = arena_array(&r->arena, count + 1, sizeof *answers);
    if (answers == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < count; i++) answers[i] = (struct form_answer){pairs[i].name, pairs[i].value};
    ERR_TRY(api_round_number(&by.round, r));
    ERR_TRY(api_subject_may(r, subject));
    ERR_TRY(form_fill(&by, subject, answers, count, &r->detail));
    api_nothing(r);
    return DW_OK;
}

dw_err api_rounds_measures(struct request *r)
{
    struct form_measure measures[FORM_MEASURES];
    int64_t from = 0;
    size_t count = 0, at = 0;
    uint32_t index;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK && !guard_sees(r, site, SITE_NONE))
        err =
            err_set(&r->detail, DW_E_FORBIDDEN, "%s", request_say(r, "要有全战区的权限", "a grant of the whole site is needed"));
    if (err == DW_OK) err = form_measures(measures, &count, site, site_round(site, index)->number, &r->detail);
    desk_read_end(request_desk(r));
    if (err == DW_OK) err = answer_page_begin(r, &from);
    if (err != DW_OK) return err;
    int64_t items = 0;
    for (at = (size_t)from; at < count && answer_page_room(r, items); at++, items++) {
        const struct form_measure *m = &measures[at];
        answer_open(r, NULL, '{');
        answer_text(r, "name", m->measure->name);
        answer_text(r, "title", m->measure->title[r->lang]);
        if (answer_wants(r, "value")) {
            json_key(&r->answer, "value");
            json_put_double(&r->answer, m->value, 3); /* NaN: null */
        }
        answer_close(r, '}');
    }
    answer_page_end(r, at < count ? (int64_t)at : -1);
    return DW_OK;
}

/* One element of a visit's people: who, and what was found of him. */
static dw_err api_tick(struct form_tick *out, struct request *r, uint32_t object)
{
    static const char *const fields[] = {"person", "state", NULL};
    const char *person, *state;
    ERR_TRY(request_list_only(r, object, fields));
    ERR_TRY(request_list_member(&person, r, object, "person", 64));
    ERR_TRY(request_list_member(&state, r, object, "state", 32));
    if (person == NULL || !id_parse(&out->person, person, strlen(person)))
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "person", "%s", request_say(r, "不是编号", "not an id"));
    for (int s = KINDS_STATE_AWAY; state != NULL && s < KINDS_STATE_COUNT; s++)
        if (strcmp(kinds_state_texts[s], state) == 0) {
            out->state = (enum kinds_state)s;
            return DW_OK;
        }
    return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "state", "%s",
                  request_say(r, "不是允许的值", "a value that it does not take"));
}

dw_err api_rounds_visit(struct request *r)
{
    static const char *const fields[] = {"door", "outcome", "heads", "people", NULL};
    struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    const char *door;
    uint32_t *objects;
    size_t count;
    int outcome;
    int64_t heads;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&door, r, "door", 256));
    ERR_TRY(request_may_enum(&outcome, r, "outcome", kinds_outcome_texts, KINDS_OUTCOME_COUNT, -1));
    ERR_TRY(request_may_int(&heads, r, "heads", 0, 10000, -1));
    ERR_TRY(request_list(&objects, &count, r, "people", API_PEOPLE));
    struct form_tick *ticks = arena_array(&r->arena, count + 1, sizeof *ticks);
    if (ticks == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < count; i++) ERR_TRY(api_tick(&ticks[i], r, objects[i]));
    ERR_TRY(api_round_number(&by.round, r));
    ERR_TRY(api_subject_may(r, door));
    ERR_TRY(form_visit(&by, door, (enum kinds_outcome)outcome, heads, ticks, count, &r->detail));
    api_nothing(r);
    return DW_OK;
}
