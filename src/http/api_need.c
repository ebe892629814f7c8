/* Needs: raised, listed, closed. */
#include <string.h>

#include "desk/need.h"
#include "desk/register.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"

static void api_need(struct request *r, const struct site *site, uint32_t index)
{
    const struct site_need *need = site_need(site, index);
    uint32_t area = need_area(site, need), person = need_person(site, need), member = need_member(site, need);
    bool named = person != SITE_NONE && guard_may(r, site, ROLES_REGISTER_READ, area);
    answer_open(r, NULL, '{');
    answer_id(r, "id", need->id);
    answer_text(r, "of", kinds_form_of_texts[need->of]);
    api_area_ref(r, site, area);
    api_door_ref(r, site, need_door(site, need));
    answer_id(r, "person", person == SITE_NONE ? (struct id){{0}} : site_person(site, person)->id);
    answer_text(r, "name", named ? register_field(site, person, KINDS_PERSON_SET_NAME) : NULL);
    answer_text(r, "what", kinds_need_kind_texts[need->what]);
    answer_bool(r, "urgent", need->urgent);
    answer_text(r, "note", need->note == NULL ? "" : need->note);
    answer_time(r, "at", need->stamp.ms);
    answer_id(r, "by", member == SITE_NONE ? (struct id){{0}} : site_member(site, member)->id);
    answer_time(r, "closed", need->closed.n == 0 ? SITE_NEVER : need->closed.ms);
    answer_text(r, "reason", need->reason);
    answer_close(r, '}');
}

dw_err api_needs_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct need_list list = {.count = 0};
    int64_t from = 0, items = 0, at = 0;
    int open = request_text(r, "open") == NULL ? -1 : request_bool(r, "open");
    dw_err err = need_list(&list, site, request_text(r, "area"), request_enum(r, "what"), open, &r->detail);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)list.count && answer_page_room(r, items); at++) {
        if (!guard_sees(r, site, need_area(site, site_need(site, list.items[at])))) continue;
        api_need(r, site, list.items[at]);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)list.count ? at : -1);
    need_list_free(&list);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_needs_raise(struct request *r)
{
    static const char *const fields[] = {"subject", "what", "urgent", "note", NULL};
    const struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    struct need_new spec;
    struct id id;
    int what;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&spec.subject, r, "subject", 256));
    ERR_TRY(request_may_enum(&what, r, "what", kinds_need_kind_texts, KINDS_NEED_KIND_COUNT, -1));
    ERR_TRY(request_may_bool(&spec.urgent, NULL, r, "urgent"));
    ERR_TRY(request_may(&spec.note, r, "note", 500));
    spec.what = (enum kinds_need_kind)what;
    ERR_TRY(api_subject_may(r, spec.subject));
    ERR_TRY(need_raise(&id, &by, &spec, &r->detail));
    api_made(r, id, -1);
    return DW_OK;
}

dw_err api_needs_close(struct request *r)
{
    static const char *const fields[] = {"reason", NULL};
    const struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    const char *reason, *text = request_param(r, 0);
    struct id id = {{0}};
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may(&reason, r, "reason", 500));
    const struct site *site = desk_read(by.desk);
    uint32_t index = id_parse(&id, text, strlen(text)) ? site_find(site, SITE_NEED, id) : SITE_NONE;
    dw_err err = guard_area(r, site, index == SITE_NONE ? SITE_NONE : need_area(site, site_need(site, index)));
    desk_read_end(by.desk);
    ERR_TRY(err);
    ERR_TRY(need_close(&by, id, reason, &r->detail));
    api_nothing(r);
    return DW_OK;
}
