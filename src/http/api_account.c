/* Accounts: who has one, what of it changes, and one's own password. */
#include <string.h>

#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"
#include "http/server_inside.h"

enum { API_LINK_MINUTES = 24 * 60 };

static void api_account(struct request *r, const struct site *site, const struct account_told *a)
{
    uint32_t member = site_find(site, SITE_MEMBER, a->member);
    answer_item(r, '{');
    answer_text(r, "login", a->login);
    answer_id(r, "member", a->member);
    answer_text(r, "name", member == SITE_NONE ? NULL : site_member(site, member)->name);
    answer_bool(r, "disabled", a->disabled);
    answer_bool(r, "password", a->password);
    answer_bool(r, "second", a->second);
    answer_int(r, "identities", a->identities);
    answer_int(r, "sessions", a->sessions);
    answer_time(r, "seen", a->seen_ms == 0 ? SITE_NEVER : a->seen_ms);
    answer_time(r, "locked", a->locked_ms <= r->now.ms ? SITE_NEVER : a->locked_ms);
    answer_close(r, '}');
}

dw_err api_accounts_list(struct request *r)
{
    struct account_told *all;
    size_t count;
    int64_t from, items = 0, at;
    ERR_TRY(account_list(&all, &count, &r->arena, server_accounts(r->server), r->now, &r->detail));
    ERR_TRY(answer_page_begin(r, &from));
    const struct site *site = desk_read(request_desk(r));
    for (at = from; at < (int64_t)count && answer_page_room(r, items); at++) {
        if (!api_member_seen(r, site, site_find(site, SITE_MEMBER, all[at].member))) continue;
        api_account(r, site, &all[at]);
        items++;
    }
    desk_read_end(request_desk(r));
    answer_page_end(r, at < (int64_t)count ? at : -1);
    return DW_OK;
}

dw_err api_accounts_add(struct request *r)
{
    static const char *const fields[] = {"member", "login", "password", NULL};
    const char *login, *password;
    struct id member;
    bool named;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_id(&member, &named, r, "member"));
    if (!named) return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "member", "missing");
    ERR_TRY(request_want(&login, r, "login", ACCOUNT_LOGIN_MAX));
    ERR_TRY(request_may(&password, r, "password", ACCOUNT_PASSWORD_MAX));
    ERR_TRY(api_member_covered(r, member));
    ERR_TRY(account_make(server_accounts(r->server), login, password, member, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}

/* The path's {login}, of somebody who may no more than the caller. */
static dw_err api_account_of(const char **login, struct request *r)
{
    struct id member;
    *login = request_param(r, 0);
    ERR_TRY(account_member(&member, server_accounts(r->server), *login, &r->detail));
    return api_member_covered(r, member);
}

dw_err api_accounts_set(struct request *r)
{
    static const char *const fields[] = {"disabled", "password", "untie", NULL};
    struct account_desk *accounts = server_accounts(r->server);
    const char *login, *password;
    bool disabled, untie, given;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_bool(&disabled, &given, r, "disabled"));
    ERR_TRY(request_may_bool(&untie, NULL, r, "untie"));
    ERR_TRY(request_may(&password, r, "password", ACCOUNT_PASSWORD_MAX));
    ERR_TRY(api_account_of(&login, r));
    if (password != NULL) ERR_TRY(account_password(accounts, login, password, &r->detail));
    if (untie) ERR_TRY(account_untie(accounts, login, &r->detail));
    if (given) ERR_TRY(account_disable(accounts, login, disabled, &r->detail));
    api_nothing(r);
    return DW_OK;
}

static dw_err api_link(struct request *r, const char *login)
{
    char token[ACCOUNT_TOKEN];
    struct arena_buf url = {0};
    const char *site = r->server->config.oidc.site;
    ERR_TRY(account_link(token, server_accounts(r->server), login, &r->who, API_LINK_MINUTES, r->now, &r->detail));
    if (r->server->oidc != NULL) arena_buf_format(&url, "%s/api/v1/auth/oidc?link=%s", site, token);
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_text(r, "link", token);
    answer_text(r, "url", url.data);
    answer_time(r, "until", r->now.ms + API_LINK_MINUTES * 60000ll);
    answer_close(r, '}');
    arena_buf_free(&url);
    return DW_OK;
}

dw_err api_accounts_link(struct request *r)
{
    const char *login;
    ERR_TRY(api_account_of(&login, r));
    return api_link(r, login);
}

/* A phone has no account of its own that could be tied or have a password. */
static dw_err api_account_own(struct request *r)
{
    return r->who.kind == ACCOUNT_OFFICER
               ? DW_OK
               : err_set(&r->detail, DW_E_FORBIDDEN, "%s", request_say(r, "手机没有账户", "a phone has no account"));
}

dw_err api_auth_link(struct request *r)
{
    ERR_TRY(api_account_own(r));
    return api_link(r, NULL);
}

dw_err api_auth_password(struct request *r)
{
    static const char *const fields[] = {"old", "new", NULL};
    const char *old, *fresh;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&old, r, "old", ACCOUNT_PASSWORD_MAX));
    ERR_TRY(request_want(&fresh, r, "new", ACCOUNT_PASSWORD_MAX));
    ERR_TRY(api_account_own(r));
    ERR_TRY(account_change(server_accounts(r->server), &r->who, old, fresh, r->now, &r->detail));
    api_nothing(r);
    guard_cookie(r, NULL);
    return DW_OK;
}
