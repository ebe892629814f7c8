/* Emergency access: opened by an officer for himself, told to everybody who looks after what is done. */
#include <string.h>

#include "desk/grant.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"
#include "http/server.h"

static dw_err api_emergency_officer(struct request *r)
{
    if (r->who.kind == ACCOUNT_OFFICER) return DW_OK;
    return err_set(&r->detail, DW_E_FORBIDDEN, "%s", request_say(r, "只有登录的人员能开启", "only who has signed in opens it"));
}

dw_err api_emergencies_open(struct request *r)
{
    static const char *const fields[] = {"reason", "area", "minutes", NULL};
    const char *reason, *area;
    int64_t minutes;
    struct id id;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&reason, r, "reason", 500));
    ERR_TRY(request_may(&area, r, "area", 64));
    ERR_TRY(request_may_int(&minutes, r, "minutes", 1, GRANT_EMERGENCY_MINUTES, 60));
    ERR_TRY(api_emergency_officer(r));
    ERR_TRY(grant_emergency(&id, request_desk(r), r->who.member, area, reason, minutes, r->now, &r->detail));
    const struct site *site = desk_read(request_desk(r));
    answer_begin(r);
    api_grant(r, site, site_find(site, SITE_GRANT, id));
    desk_read_end(request_desk(r));
    return DW_OK;
}

dw_err api_emergencies_end(struct request *r)
{
    ERR_TRY(api_emergency_officer(r));
    ERR_TRY(grant_emergency_end(request_desk(r), r->who.member, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}

/* All of them, wherever: whoever audits learns of each at once. The latest first. */
dw_err api_emergencies_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_GRANT);
    bool open = request_bool(r, "open");
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        uint32_t index = (uint32_t)(all - 1 - at);
        const struct site_grant *g = site_grant(site, index);
        if (!g->emergency || (open && !grant_holds(g, r->now.ms))) continue;
        api_grant(r, site, index);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}
