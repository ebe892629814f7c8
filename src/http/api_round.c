/* Rounds: numbers of the caller's areas, who is missing, decisions. */
#include <stdlib.h>
#include <string.h>

#include "desk/register.h"
#include "desk/round.h"
#include "desk/walk.h"
#include "domain/phone.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"

static void api_counts_add(struct cover_counts *to, struct cover_counts c)
{
    to->roster += c.roster;
    to->excused += c.excused;
    to->found += c.found;
    to->arrived += c.arrived;
    to->owed += c.owed;
    to->covered += c.covered;
    to->missing += c.missing;
}

/* What the caller may see of it: everything, or the sum of his areas that do not lie in one another. */
static struct cover_counts api_round_counts(const struct request *r, const struct site *site, const struct site_round *round)
{
    struct cover_counts sum = {0};
    if (guard_sees(r, site, SITE_NONE)) return cover_count(round->cover, COVER_NONE);
    for (uint32_t order = 0; order < site->area_orders; order++) {
        uint32_t area = site->area_at[order], up = site_area(site, area)->parent;
        if (guard_sees(r, site, area) && (up == SITE_NONE || !guard_sees(r, site, up)))
            api_counts_add(&sum, cover_count(round->cover, order));
    }
    return sum;
}

static void api_round(struct request *r, const struct site *site, uint32_t index)
{
    const struct site_round *round = site_round(site, index);
    struct cover_counts c = api_round_counts(r, site, round);
    answer_open(r, NULL, '{');
    answer_id(r, "id", round->id);
    answer_int(r, "number", round->number);
    answer_text(r, "kind", kinds_round_kind_texts[round->kind]);
    answer_time(r, "freeze", round->freeze_ms);
    answer_time(r, "deadline", round_deadline(round));
    answer_bool(r, "past", round->past);
    answer_bool(r, "closed", round->closed_seq != 0);
    answer_int(r, "roster", c.roster);
    answer_int(r, "excused", c.excused);
    answer_int(r, "found", c.found);
    answer_int(r, "arrived", c.arrived);
    answer_int(r, "owed", c.owed);
    answer_int(r, "covered", c.covered);
    answer_int(r, "missing", c.missing);
    answer_close(r, '}');
}

dw_err api_rounds_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_ROUND);
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++, items++)
        api_round(r, site, (uint32_t)(all - 1 - at));
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

static dw_err api_round_shown(struct request *r, int64_t number)
{
    const struct site *site = desk_read(request_desk(r));
    uint32_t index = SITE_NONE;
    dw_err err = number != 0 ? round_find(&index, site, number, &r->detail) : api_round_of(&index, r, site);
    if (err == DW_OK) {
        answer_begin(r);
        api_round(r, site, index);
    }
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_rounds_show(struct request *r)
{
    return api_round_shown(r, 0);
}

dw_err api_rounds_open(struct request *r)
{
    static const char *const fields[] = {"kind", "freeze", NULL};
    struct round_opened opened;
    struct when freeze = r->now;
    bool dated;
    int kind;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&kind, r, "kind", kinds_round_kind_texts, KINDS_ROUND_KIND_COUNT, -1));
    ERR_TRY(request_may_time(&freeze, &dated, r, "freeze"));
    ERR_TRY(round_open(&opened, request_desk(r), (enum kinds_round_kind)kind, freeze, r->now, &r->detail));
    return api_round_shown(r, opened.number);
}

dw_err api_rounds_close(struct request *r)
{
    static const char *const fields[] = {"carry", NULL};
    const char *carry;
    uint32_t index;
    int64_t number = 0;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may(&carry, r, "carry", 500));
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK) number = site_round(site, index)->number;
    desk_read_end(request_desk(r));
    if (err == DW_OK) err = round_close(request_desk(r), number, carry, r->now, &r->detail);
    return err == DW_OK ? api_round_shown(r, number) : err;
}

dw_err api_rounds_areas(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct round_status status = {0};
    int64_t from = 0, items = 0, at = 0;
    uint32_t index;
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK)
        err = round_status(&status, site, site_round(site, index)->number, request_bool(r, "buildings"), &r->detail);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)status.count && answer_page_room(r, items); at++) {
        const struct round_area *a = &status.areas[at];
        if (!guard_sees(r, site, a->area)) continue;
        answer_open(r, NULL, '{');
        answer_id(r, "area", a->area == SITE_NONE ? (struct id){{0}} : site_area(site, a->area)->id);
        answer_text(r, "code", a->area == SITE_NONE ? "" : site_area(site, a->area)->code);
        answer_int(r, "depth", a->depth);
        answer_int(r, "roster", a->counts.roster);
        answer_int(r, "excused", a->counts.excused);
        answer_int(r, "found", a->counts.found);
        answer_int(r, "arrived", a->counts.arrived);
        answer_int(r, "owed", a->counts.owed);
        answer_int(r, "covered", a->counts.covered);
        answer_int(r, "missing", a->counts.missing);
        answer_int(r, "recovered", a->recovered);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)status.count ? at : -1);
    round_status_free(&status);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_rounds_decide(struct request *r)
{
    static const char *const fields[] = {"decision", "excuse", "evidence", NULL};
    const char *evidence;
    int decision, excuse;
    int64_t number = 0;
    struct id id = {{0}};
    uint32_t index, person;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&decision, r, "decision", kinds_decision_texts, KINDS_DECISION_COUNT, -1));
    ERR_TRY(request_may_enum(&excuse, r, "excuse", kinds_excuse_texts, KINDS_EXCUSE_COUNT, KINDS_EXCUSE_NONE));
    ERR_TRY(request_want(&evidence, r, "evidence", 500));
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK) err = api_person_of(&person, r, site);
    if (err == DW_OK) {
        number = site_round(site, index)->number;
        id = site_person(site, person)->id;
    }
    desk_read_end(request_desk(r));
    if (err == DW_OK)
        err = round_decide(request_desk(r), number, id, (enum kinds_decision)decision, (enum kinds_excuse)excuse, evidence,
                           r->now, &r->detail);
    if (err == DW_OK) api_nothing(r);
    return err;
}
