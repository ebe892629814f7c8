/* Who looked at what; and the policy of each kind of round. */
#include <string.h>

#include "desk/audit.h"
#include "desk/policy.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"
#include "http/server.h"

struct api_looks {
    struct request *r;
    const struct site *site;
    int64_t items;
};

static dw_err api_look(void *ctx, const struct audit_look *look, bool *go_on)
{
    struct api_looks *list = ctx;
    struct request *r = list->r;
    *go_on = answer_page_room(r, list->items);
    if (!*go_on) return DW_OK;
    uint32_t member = site_find(list->site, SITE_MEMBER, look->actor);
    answer_open(r, NULL, '{');
    answer_int(r, "seq", look->seq);
    answer_time(r, "at", look->at_ms);
    answer_id(r, "member", member == SITE_NONE ? (struct id){{0}} : look->actor);
    answer_text(r, "name", member == SITE_NONE ? NULL : site_member(list->site, member)->name);
    answer_id(r, "device", look->device);
    answer_text(r, "what", look->what);
    answer_text(r, "reason", look->reason);
    answer_int(r, "people", look->people);
    answer_close(r, '}');
    list->items++;
    return DW_OK;
}

dw_err api_audit_list(struct request *r)
{
    struct api_looks list = {.r = r};
    int64_t from, next = -1;
    const struct site *site = list.site = desk_read(request_desk(r));
    dw_err err = guard_sees(r, site, SITE_NONE)
                     ? answer_page_begin(r, &from)
                     : err_set(&r->detail, DW_E_FORBIDDEN, "%s",
                               request_say(r, "要有全战区的权限", "a grant of the whole site is needed"));
    if (err == DW_OK)
        err = audit_looks(&next, server_window(r->server), from == 0 ? INT64_MAX : from, api_look, &list, &r->detail);
    if (err == DW_OK) answer_page_end(r, next);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_packs_list(struct request *r)
{
    int64_t from, items = 0;
    int kind;
    ERR_TRY(answer_page_begin(r, &from));
    for (kind = (int)from; kind < KINDS_ROUND_KIND_COUNT && answer_page_room(r, items); kind++) {
        const struct policy_round *policy = policy_round((enum kinds_round_kind)kind);
        if (policy == NULL) continue;
        answer_open(r, NULL, '{');
        answer_text(r, "kind", kinds_round_kind_texts[kind]);
        answer_text(r, "pack", policy->pack);
        answer_text(r, "title", policy->title[r->lang]);
        if (answer_wants(r, "capacities")) {
            answer_open(r, "capacities", '[');
            for (size_t i = 0; i < sizeof policy->capacities / sizeof *policy->capacities && policy->capacities[i] > 0; i++)
                json_put_int(&r->answer, policy->capacities[i]);
            answer_close(r, ']');
        }
        answer_int(r, "capacity", policy->capacity);
        answer_int(r, "transport_hours", policy->transport_hours);
        answer_int(r, "result_hours", policy->result_hours);
        answer_int(r, "retests", policy->retests);
        if (policy->hours > 0)
            answer_int(r, "hours", policy->hours);
        else
            answer_text(r, "hours", NULL);
        if (answer_wants(r, "fields")) {
            answer_open(r, "fields", '[');
            for (const struct policy_field *f = policy->fields; f != NULL && f->name != NULL; f++) api_form_field(r, f);
            answer_close(r, ']');
        }
        answer_close(r, '}');
        items++;
    }
    answer_page_end(r, kind < KINDS_ROUND_KIND_COUNT ? kind : -1);
    return DW_OK;
}
