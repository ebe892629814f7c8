/* Members, what they may do, their logins and phones. */
#include <string.h>

#include "desk/grant.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/api_version.h"
#include "http/guard.h"
#include "http/server_inside.h"

void api_grant(struct request *r, const struct site *site, uint32_t index)
{
    const struct site_grant *g = site_grant(site, index);
    answer_open(r, NULL, '{');
    answer_id(r, "id", g->id);
    answer_id(r, "member", site_member(site, g->member)->id);
    answer_text(r, "role", kinds_role_texts[g->role]);
    answer_id(r, "area", g->area == SITE_NONE ? (struct id){{0}} : site_area(site, g->area)->id);
    answer_text(r, "code", g->area == SITE_NONE ? NULL : site_area(site, g->area)->code);
    answer_time(r, "from", g->from_ms);
    answer_time(r, "to", g->to_ms);
    answer_bool(r, "ended", g->ended);
    answer_bool(r, "emergency", g->emergency);
    answer_text(r, "reason", g->reason);
    api_version_put(r, site, SITE_GRANT, index);
    answer_close(r, '}');
}

bool api_member_seen(const struct request *r, const struct site *site, uint32_t member)
{
    bool any = false;
    if (guard_sees(r, site, SITE_NONE)) return true;
    for (uint32_t i = 0; member != SITE_NONE && i < site_count(site, SITE_GRANT); i++) {
        const struct site_grant *g = site_grant(site, i);
        if (g->member != member) continue;
        any = true;
        if (g->area != SITE_NONE && guard_sees(r, site, g->area)) return true;
    }
    return member != SITE_NONE && !any;
}

dw_err api_members_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_MEMBER);
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        const struct site_member *m = site_member(site, (uint32_t)at);
        int64_t grants = 0;
        if (!api_member_seen(r, site, (uint32_t)at)) continue;
        for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++)
            grants += site_grant(site, i)->member == (uint32_t)at && grant_holds(site_grant(site, i), r->now.ms);
        answer_open(r, NULL, '{');
        answer_id(r, "id", m->id);
        answer_text(r, "name", m->name);
        answer_text(r, "phone", m->phone);
        answer_int(r, "grants", grants);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_members_add(struct request *r)
{
    static const char *const fields[] = {"name", "phone", NULL};
    const char *name, *phone;
    struct id id;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&name, r, "name", 200));
    ERR_TRY(request_may(&phone, r, "phone", 32));
    ERR_TRY(grant_member(&id, request_desk(r), name, phone, r->now, &r->detail));
    api_made(r, id, -1);
    return DW_OK;
}

dw_err api_grants_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_GRANT);
    const char *text = request_text(r, "member");
    struct id member;
    if (text != NULL) id_parse(&member, text, strlen(text));
    uint32_t of = text == NULL ? SITE_NONE : site_find(site, SITE_MEMBER, member);
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        const struct site_grant *g = site_grant(site, (uint32_t)at);
        if ((text != NULL && g->member != of) || !guard_sees(r, site, g->area)) continue;
        api_grant(r, site, (uint32_t)at);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

static uint32_t api_caller(struct request *r)
{
    uint32_t member = guard_member(r, desk_read(request_desk(r)));
    desk_read_end(request_desk(r));
    return member;
}

dw_err api_grants_add(struct request *r)
{
    static const char *const fields[] = {"member", "role", "area", "from", "to", "reason", NULL};
    struct grant_new spec = {.emergency = false};
    struct when from, to;
    struct id id;
    bool named, begins, ends;
    int role;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_id(&spec.member, &named, r, "member"));
    if (!named) return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "member", "missing");
    ERR_TRY(request_may_enum(&role, r, "role", kinds_role_texts, KINDS_ROLE_COUNT, -1));
    ERR_TRY(request_may(&spec.area, r, "area", 64));
    ERR_TRY(request_may_time(&from, &begins, r, "from"));
    ERR_TRY(request_may_time(&to, &ends, r, "to"));
    ERR_TRY(request_may(&spec.reason, r, "reason", 500));
    spec.role = (enum kinds_role)role;
    spec.from = begins ? &from : NULL;
    spec.to = ends ? &to : NULL;
    ERR_TRY(grant_give(&id, request_desk(r), api_caller(r), &spec, r->now, &r->detail));
    api_made(r, id, -1);
    return DW_OK;
}

dw_err api_grants_end(struct request *r)
{
    struct id id;
    const char *text = request_param(r, 0);
    if (!id_parse(&id, text, strlen(text))) return err_set(&r->detail, DW_E_NOT_FOUND, "%s", text);
    ERR_TRY(api_version_match(r, SITE_GRANT, id));
    ERR_TRY(grant_end(request_desk(r), api_caller(r), id, request_text(r, "reason"), r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}

dw_err api_member_covered(struct request *r, struct id id)
{
    const struct site *site = desk_read(request_desk(r));
    uint32_t member = site_find(site, SITE_MEMBER, id);
    bool seen = member != SITE_NONE && api_member_seen(r, site, member);
    bool covered = seen && grant_covers(site, guard_member(r, site), member, r->now.ms);
    desk_read_end(request_desk(r));
    if (!seen)
        return err_set(&r->detail, DW_E_NOT_FOUND, "%s",
                       request_say(r, "没有这个队员，或不在您的区域", "no such member in your areas"));
    return covered ? DW_OK
                   : err_set(&r->detail, DW_E_FORBIDDEN, "%s",
                             request_say(r, "他的权限比您大，请上级办理", "he may more than you: ask somebody above"));
}

static void api_known(struct request *r, const char *key, bool known, int64_t n)
{
    if (known)
        answer_int(r, key, n);
    else
        answer_text(r, key, NULL);
}

/* Numbers 1 to received are here, none missing; what it said it has recorded beyond is outstanding. */
static void api_device_heard(struct request *r, const struct site_device *d)
{
    struct pull_heard h = {.recorded = -1};
    bool heard = pull_heard(&h, server_pull(r->server), d->id), told = heard && h.recorded >= 0;
    answer_time(r, "heard", heard ? h.at_ms : SITE_NEVER);
    api_known(r, "recorded", told, h.recorded);
    api_known(r, "outstanding", told, h.recorded > d->head_n ? h.recorded - d->head_n : 0);
    api_known(r, "pulled", heard && h.pulled_seq >= 0, h.pulled_seq);
    api_known(r, "clock_ms", heard && h.clock_ms != PULL_NO_CLOCK, h.clock_ms);
}

/* Only phones that were not heard of for so long, when that is asked. */
static bool api_device_silent(const struct request *r, const struct site_device *d)
{
    struct pull_heard h;
    int64_t silent = request_int(r, "silent");
    if (silent == 0) return true;
    if (d->kind != KINDS_DEVICE_KIND_PHONE || d->member == SITE_NONE || d->revoked) return false;
    return !pull_heard(&h, server_pull(r->server), d->id) || h.at_ms <= r->now.ms - silent * 60000;
}

dw_err api_devices_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_DEVICE);
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        const struct site_device *d = site_device(site, (uint32_t)at);
        int64_t held = 0;
        if (!api_member_seen(r, site, d->member) || !api_device_silent(r, d)) continue;
        for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++)
            held += site_held(site, i)->device == (uint32_t)at && site_held(site, i)->state == SITE_HELD_WAITING;
        answer_open(r, NULL, '{');
        answer_id(r, "id", d->id);
        answer_text(r, "kind", kinds_device_kind_texts[d->kind]);
        answer_text(r, "name", d->name);
        answer_id(r, "member", d->member == SITE_NONE ? (struct id){{0}} : site_member(site, d->member)->id);
        answer_int(r, "received", d->head_n);
        answer_time(r, "last", d->head_n == 0 ? SITE_NEVER : d->last_ms);
        answer_time(r, "until", d->until_ms);
        answer_bool(r, "revoked", d->revoked);
        answer_int(r, "held", held);
        api_device_heard(r, d);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_devices_invite(struct request *r)
{
    static const char *const fields[] = {"member", "name", "minutes", "until", NULL};
    struct account_invite spec = {.at = r->now, .phone_until_ms = SITE_NEVER};
    char token[ACCOUNT_TOKEN];
    struct when until;
    bool named, ends;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_id(&spec.member, &named, r, "member"));
    if (!named) return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "member", "missing");
    ERR_TRY(request_want(&spec.name, r, "name", 200));
    ERR_TRY(request_may_int(&spec.minutes, r, "minutes", 1, 1440, 10));
    ERR_TRY(request_may_time(&until, &ends, r, "until"));
    if (ends) spec.phone_until_ms = until.ms;
    ERR_TRY(api_member_covered(r, spec.member));
    ERR_TRY(account_invite(token, server_accounts(r->server), &r->who, &spec, &r->detail));
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_text(r, "invite", token);
    answer_text(r, "url", account_invite_url(&r->arena, r->server->config.public_url, token));
    answer_time(r, "until", r->now.ms + spec.minutes * 60000);
    answer_close(r, '}');
    return DW_OK;
}

dw_err api_devices_revoke(struct request *r)
{
    static const char *const fields[] = {"reason", NULL};
    const char *reason, *text = request_param(r, 0);
    struct id id = {{0}};
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&reason, r, "reason", 500));
    const struct site *site = desk_read(request_desk(r));
    uint32_t index = id_parse(&id, text, strlen(text)) ? site_find(site, SITE_DEVICE, id) : SITE_NONE;
    bool seen = index != SITE_NONE && site_device(site, index)->kind == KINDS_DEVICE_KIND_PHONE &&
                api_member_seen(r, site, site_device(site, index)->member);
    desk_read_end(request_desk(r));
    if (!seen)
        return err_set(&r->detail, DW_E_NOT_FOUND, "%s",
                       request_say(r, "没有这部手机，或不在您的区域", "no such phone in your areas"));
    ERR_TRY(grant_revoke(request_desk(r), id, reason, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}
