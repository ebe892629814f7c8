/* Refusals to follow up, people met in the street. */
#include <stdlib.h>
#include <string.h>

#include "desk/card.h"
#include "desk/register.h"
#include "desk/sweep.h"
#include "desk/walk.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"

static void api_refusal(struct request *r, const struct site *site, const struct sweep_refusal *f)
{
    uint32_t keeper = card_keeper(site, f->area);
    answer_open(r, NULL, '{');
    api_area_ref(r, site, f->area);
    api_door_ref(r, site, f->door);
    answer_id(r, "person", f->person == SITE_NONE ? (struct id){{0}} : site_person(site, f->person)->id);
    answer_text(r, "name", f->person == SITE_NONE ? NULL : register_field(site, f->person, KINDS_PERSON_SET_NAME));
    answer_text(r, "where", f->where == SWEEP_AT_DOOR ? "at_door" : "in_street");
    answer_int(r, "times", f->times);
    answer_time(r, "since", f->since_ms);
    answer_time(r, "last", f->last_ms);
    answer_int(r, "tries", f->tries);
    answer_text(r, "step", f->step < 0 ? NULL : kinds_follow_step_texts[f->step]);
    answer_time(r, "next", f->next_ms);
    answer_text(r, "keeper", keeper == SITE_NONE ? NULL : site_member(site, keeper)->name);
    answer_text(r, "note", f->note == NULL ? "" : f->note);
    answer_close(r, '}');
}

dw_err api_refusals_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct sweep_refusals list = {0};
    int64_t from = 0, items = 0, at = 0;
    dw_err err = sweep_refusals(&list, site, request_text(r, "area"), &r->detail);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)list.count && answer_page_room(r, items); at++) {
        if (!guard_sees(r, site, list.items[at].area)) continue;
        api_refusal(r, site, &list.items[at]);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)list.count ? at : -1);
    sweep_refusals_free(&list);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_refusals_follow(struct request *r)
{
    static const char *const fields[] = {"step", "next", "note", NULL};
    const struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    struct when next;
    const char *note;
    bool again;
    int step;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&step, r, "step", kinds_follow_step_texts, KINDS_FOLLOW_STEP_COUNT, -1));
    ERR_TRY(request_may_time(&next, &again, r, "next"));
    ERR_TRY(request_may(&note, r, "note", 500));
    ERR_TRY(api_subject_may(r, request_param(r, 0)));
    ERR_TRY(sweep_follow(&by, request_param(r, 0), (enum kinds_follow_step)step, again ? &next : NULL, note, &r->detail));
    api_nothing(r);
    return DW_OK;
}

static int api_meeting_latest(const void *left, const void *right, void *ctx)
{
    const struct site *site = ctx;
    return site_stamp_compare(site_meeting(site, *(const uint32_t *)right)->stamp,
                              site_meeting(site, *(const uint32_t *)left)->stamp);
}

static void api_meeting(struct request *r, const struct site *site, const struct site_meeting *m, uint32_t times)
{
    bool gone;
    uint32_t door = m->door, stay = site_place(site, m->person, &gone);
    if (door == SITE_NONE && stay != SITE_NONE && !gone) door = site_stay(site, stay)->door;
    answer_open(r, NULL, '{');
    answer_time(r, "at", m->stamp.ms);
    api_area_ref(r, site, m->area);
    answer_id(r, "person", site_person(site, m->person)->id);
    answer_text(r, "name", register_field(site, m->person, KINDS_PERSON_SET_NAME));
    api_door_ref(r, site, door);
    answer_text(r, "outcome", kinds_met_outcome_texts[m->outcome]);
    answer_int(r, "times", times);
    answer_text(r, "place", m->place == NULL ? "" : m->place);
    answer_text(r, "note", m->note == NULL ? "" : m->note);
    answer_close(r, '}');
}

dw_err api_street_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from = 0, items = 0, at = 0;
    uint32_t top, count = 0, all = site_count(site, SITE_MEETING);
    uint32_t *order = calloc((size_t)all + 1, sizeof *order),
             *times = calloc((size_t)site_count(site, SITE_PERSON) + 1, sizeof *times);
    dw_err err = order == NULL || times == NULL ? DW_E_MEMORY : api_under(&top, r, site, "area");
    for (uint32_t i = 0; err == DW_OK && i < all; i++) {
        const struct site_meeting *m = site_meeting(site, i);
        times[site_root(site, m->person)]++;
        if (walk_under(site, m->area, top) && guard_sees(r, site, m->area)) order[count++] = i;
    }
    if (err == DW_OK) qsort_r(order, count, sizeof *order, api_meeting_latest, (void *)(uintptr_t)site);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)count && answer_page_room(r, items); at++, items++) {
        const struct site_meeting *m = site_meeting(site, order[at]);
        api_meeting(r, site, m, times[site_root(site, m->person)]);
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)count ? at : -1);
    free(order);
    free(times);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_street_meet(struct request *r)
{
    static const char *const fields[] = {"person", "outcome", "area", "door", "place", "note", NULL};
    const struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    struct sweep_meet meet = {.area = NULL};
    uint32_t top;
    bool given;
    int outcome;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_id(&meet.person, &given, r, "person"));
    if (!given) return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "person", "missing");
    ERR_TRY(request_may_enum(&outcome, r, "outcome", kinds_met_outcome_texts, KINDS_MET_OUTCOME_COUNT, -1));
    ERR_TRY(request_may(&meet.area, r, "area", 64));
    ERR_TRY(request_may(&meet.door, r, "door", 256));
    ERR_TRY(request_may(&meet.place, r, "place", 200));
    ERR_TRY(request_may(&meet.note, r, "note", 500));
    meet.outcome = (enum kinds_met_outcome)outcome;
    /* Where he was met must be the caller's; who is met lives anywhere. */
    const struct site *site = desk_read(by.desk);
    dw_err err = walk_top(&top, site, meet.area, &r->detail);
    if (err == DW_OK) err = guard_area(r, site, top);
    desk_read_end(by.desk);
    if (err == DW_OK) err = sweep_meet(&by, &meet, &r->detail);
    if (err == DW_OK) api_nothing(r);
    return err;
}
