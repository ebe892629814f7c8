/* The register put right: households, moves, who is one person with whom. */
#include <string.h>

#include "desk/area.h"
#include "desk/register.h"
#include "desk/register_add.h"
#include "domain/idno.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/api_version.h"
#include "http/guard.h"

static dw_err api_unknown(struct request *r)
{
    return err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有，或不在您的区域", "none, or not in your areas"));
}

/* A person whom a body or path names, in one of the caller's areas. */
static dw_err api_person_known(struct request *r, const struct site *site, struct id id)
{
    uint32_t person = site_find(site, SITE_PERSON, id);
    return person == SITE_NONE ? api_unknown(r) : guard_area(r, site, site_person_area(site, NULL, person));
}

dw_err api_areas_summary(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct area_list list = {0};
    int64_t from = 0, items = 0, at = 0;
    dw_err err = area_tree(&list, site, request_text(r, "area"), (int)request_int(r, "depth"), &r->detail);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)list.count && answer_page_room(r, items); at++) {
        const struct area_summary *s = &list.items[at];
        if (s->area == SITE_NONE || !guard_sees(r, site, s->area)) continue;
        const struct site_area *a = site_area(site, s->area);
        answer_open(r, NULL, '{');
        answer_id(r, "area", a->id);
        answer_text(r, "code", a->code);
        answer_text(r, "kind", kinds_area_kind_texts[a->kind]);
        answer_int(r, "depth", s->depth);
        answer_int(r, "areas", s->areas);
        answer_int(r, "buildings", s->buildings);
        answer_int(r, "doors", s->doors);
        answer_int(r, "people", s->people);
        answer_int(r, "unkept", s->unkept);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)list.count ? at : -1);
    area_list_free(&list);
    desk_read_end(request_desk(r));
    return err;
}

/* The door that a body names by its id, in one of the caller's areas. */
static dw_err api_door_named(const char **out, struct request *r)
{
    struct id id;
    bool given;
    ERR_TRY(request_may_id(&id, &given, r, "door"));
    ERR_TRY(request_want(out, r, "door", 64));
    const struct site *site = desk_read(request_desk(r));
    uint32_t door = site_find(site, SITE_DOOR, id);
    dw_err err = door == SITE_NONE ? api_unknown(r) : guard_area(r, site, site_door(site, door)->area);
    desk_read_end(request_desk(r));
    return err;
}

static struct lab_by api_office(const struct request *r)
{
    return (struct lab_by){.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
}

dw_err api_households_add(struct request *r)
{
    static const char *const fields[] = {"door", "kind", NULL};
    const struct lab_by by = api_office(r);
    const char *door;
    struct id id;
    int kind;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(
        request_may_enum(&kind, r, "kind", kinds_household_kind_texts, KINDS_HOUSEHOLD_KIND_COUNT, KINDS_HOUSEHOLD_KIND_FAMILY));
    ERR_TRY(api_door_named(&door, r));
    ERR_TRY(register_add_household(&id, &by, door, (enum kinds_household_kind)kind, &r->detail));
    api_made(r, id, -1);
    return DW_OK;
}

static dw_err api_person_id(struct id *out, struct request *r)
{
    uint32_t person;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_person_of(&person, r, site);
    if (err == DW_OK) *out = site_person(site, person)->id;
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_persons_move(struct request *r)
{
    static const char *const fields[] = {"door", NULL};
    const struct lab_by by = api_office(r);
    const char *door;
    struct id person;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(api_person_id(&person, r));
    ERR_TRY(api_door_named(&door, r));
    ERR_TRY(api_version_match(r, SITE_PERSON, person));
    ERR_TRY(register_move(&by, person, door, &r->detail));
    api_nothing(r);
    return DW_OK;
}

dw_err api_persons_leave(struct request *r)
{
    static const char *const fields[] = {"why", NULL};
    const struct lab_by by = api_office(r);
    struct id person;
    int why;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&why, r, "why", kinds_leave_texts, KINDS_LEAVE_COUNT, -1));
    ERR_TRY(api_person_id(&person, r));
    ERR_TRY(api_version_match(r, SITE_PERSON, person));
    ERR_TRY(register_leave(&by, person, (enum kinds_leave)why, &r->detail));
    api_nothing(r);
    return DW_OK;
}

/* Both of them must be the caller's. */
static dw_err api_two(struct request *r, struct id a, struct id b)
{
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_person_known(r, site, a);
    if (err == DW_OK) err = api_person_known(r, site, b);
    desk_read_end(request_desk(r));
    return err;
}

static dw_err api_merging(struct id *keep, struct id *gone, const char **reason, struct request *r)
{
    static const char *const fields[] = {"gone", "reason", NULL};
    bool named;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_id(gone, &named, r, "gone"));
    if (!named) return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "gone", "missing");
    ERR_TRY(request_may(reason, r, "reason", 500));
    ERR_TRY(api_person_id(keep, r));
    return api_two(r, *keep, *gone);
}

dw_err api_persons_merge(struct request *r)
{
    struct id keep, gone;
    const char *reason;
    ERR_TRY(api_merging(&keep, &gone, &reason, r));
    ERR_TRY(api_version_match(r, SITE_PERSON, keep));
    ERR_TRY(register_merge(request_desk(r), keep, gone, reason, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}

dw_err api_persons_unmerge(struct request *r)
{
    struct id keep, gone;
    const char *reason;
    ERR_TRY(api_merging(&keep, &gone, &reason, r));
    ERR_TRY(api_version_match(r, SITE_PERSON, keep));
    ERR_TRY(register_unmerge(request_desk(r), keep, gone, reason, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}

static void api_review_person(struct request *r, const char *key, const struct site *site, uint32_t person)
{
    char doc[IDNO_SIZE], place[512];
    if (!answer_wants(r, key)) return;
    idno_mask(doc, register_field(site, person, KINDS_PERSON_SET_DOC));
    register_place_text(place, sizeof place, site, NULL, person);
    answer_open(r, key, '{');
    answer_id(r, "id", site_person(site, person)->id);
    answer_text(r, "name", register_field(site, person, KINDS_PERSON_SET_NAME));
    answer_text(r, "document", doc);
    answer_text(r, "place", place);
    answer_close(r, '}');
}

dw_err api_reviews_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_PAIR);
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        const struct site_pair *pair = site_pair(site, (uint32_t)at);
        if (!register_pair_open(site, (uint32_t)at)) continue;
        uint32_t a = site_root(site, pair->a), b = site_root(site, pair->b);
        if (!guard_sees(r, site, site_person_area(site, NULL, a)) || !guard_sees(r, site, site_person_area(site, NULL, b)))
            continue;
        answer_open(r, NULL, '{');
        answer_text(r, "why", pair->why);
        api_review_person(r, "a", site, a);
        api_review_person(r, "b", site, b);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_reviews_decide(struct request *r)
{
    static const char *const fields[] = {"decision", NULL};
    const char *one = request_param(r, 0), *other = request_param(r, 1);
    struct id a, b;
    int decision;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&decision, r, "decision", kinds_pair_decision_texts, KINDS_PAIR_DECISION_COUNT, -1));
    if (!id_parse(&a, one, strlen(one)) || !id_parse(&b, other, strlen(other))) return api_unknown(r);
    ERR_TRY(api_two(r, a, b));
    ERR_TRY(register_decide(request_desk(r), a, b, decision == KINDS_PAIR_DECISION_SAME, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}
