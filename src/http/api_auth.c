/* Signing in and out, the second factor, enrolling phones; and what needs no session. */
#include <string.h>

#include "desk/grant.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"
#include "http/server.h"

dw_err api_health_show(struct request *r)
{
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_text(r, "status", "ok");
    answer_time(r, "now", r->now.ms);
    answer_close(r, '}');
    return DW_OK;
}

dw_err api_openapi_show(struct request *r)
{
    answer_raw(r, "application/json", routes_openapi, routes_openapi_len);
    return DW_OK;
}

dw_err api_auth_time(struct request *r)
{
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_time(r, "now", r->now.ms);
    answer_close(r, '}');
    return DW_OK;
}

static void api_session(struct request *r, const char *token)
{
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_text(r, "token", token);
    answer_time(r, "until", r->who.until_ms);
    answer_id(r, "member", r->who.member);
    answer_id(r, "device", r->who.device);
    answer_close(r, '}');
}

dw_err api_auth_sign_in(struct request *r)
{
    static const char *const fields[] = {"login", "password", "code", NULL};
    struct account_login spec = {.at = r->now,
                                 .agent = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "User-Agent")};
    char token[ACCOUNT_TOKEN];
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&spec.login, r, "login", ACCOUNT_LOGIN_MAX));
    ERR_TRY(request_want(&spec.password, r, "password", ACCOUNT_PASSWORD_MAX));
    ERR_TRY(request_may(&spec.code, r, "code", 16));
    dw_err err = account_sign_in(token, &r->who, server_accounts(r->server), &spec, &r->detail);
    if (err == DW_E_LOCKED) r->wait = (unsigned)((r->who.until_ms - r->now.ms + 999) / 1000);
    ERR_TRY(err);
    api_session(r, token);
    guard_cookie(r, token);
    keys_wipe(token, sizeof token);
    return DW_OK;
}

dw_err api_auth_sign_out(struct request *r)
{
    ERR_TRY(account_sign_out(server_accounts(r->server), &r->who, request_bool(r, "everywhere"), &r->detail));
    api_nothing(r);
    guard_cookie(r, NULL);
    return DW_OK;
}

dw_err api_auth_me(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    uint32_t member = guard_member(r, site);
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_text(r, "kind", r->who.kind == ACCOUNT_PHONE ? "phone" : "officer");
    answer_id(r, "member", r->who.member);
    answer_text(r, "name", member == SITE_NONE ? NULL : site_member(site, member)->name);
    answer_id(r, "device", r->who.device);
    answer_time(r, "until", r->who.until_ms);
    answer_open(r, "grants", '[');
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++)
        if (site_grant(site, i)->member == member && grant_holds(site_grant(site, i), r->now.ms)) api_grant(r, site, i);
    answer_close(r, ']');
    answer_close(r, '}');
    desk_read_end(request_desk(r));
    return DW_OK;
}

dw_err api_auth_totp_begin(struct request *r)
{
    char url[256];
    ERR_TRY(account_totp_begin(url, sizeof url, server_accounts(r->server), &r->who, &r->detail));
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_text(r, "url", url);
    answer_close(r, '}');
    keys_wipe(url, sizeof url);
    return DW_OK;
}

dw_err api_auth_totp_confirm(struct request *r)
{
    static const char *const fields[] = {"code", NULL};
    char codes[ACCOUNT_RECOVERY][16];
    const char *code;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&code, r, "code", 6));
    ERR_TRY(account_totp_confirm(codes, server_accounts(r->server), &r->who, code, r->now, &r->detail));
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_open(r, "codes", '[');
    for (int i = 0; i < ACCOUNT_RECOVERY; i++) json_put(&r->answer, codes[i]);
    answer_close(r, ']');
    answer_close(r, '}');
    keys_wipe(codes, sizeof codes);
    return DW_OK;
}

dw_err api_auth_enrol(struct request *r)
{
    static const char *const fields[] = {"invite", "public_key", NULL};
    const char *invite, *key;
    char token[ACCOUNT_TOKEN], site_key[HASH_TEXT];
    struct id device;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&invite, r, "invite", 64));
    ERR_TRY(request_want(&key, r, "public_key", 87));
    ERR_TRY(account_enrol(&device, token, server_accounts(r->server), invite, key, r->now, &r->detail));
    hash_b64(site_key, request_desk(r)->signer.public_key, KEYS_PUBLIC);
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_id(r, "device", device);
    answer_id(r, "site", desk_read(request_desk(r))->id);
    desk_read_end(request_desk(r));
    answer_text(r, "site_key", site_key);
    answer_text(r, "token", token);
    answer_close(r, '}');
    return DW_OK;
}

dw_err api_auth_resume(struct request *r)
{
    static const char *const fields[] = {"device", "at", "sign", NULL};
    char token[ACCOUNT_TOKEN];
    struct when at;
    struct id device;
    const char *sign;
    bool dated, named;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_id(&device, &named, r, "device"));
    ERR_TRY(request_may_time(&at, &dated, r, "at"));
    ERR_TRY(request_want(&sign, r, "sign", 100));
    if (!named || !dated) return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, named ? "at" : "device", "missing");
    ERR_TRY(account_resume(token, server_accounts(r->server), device, at, sign, r->now, &r->detail));
    ERR_TRY(account_session(&r->who, server_accounts(r->server), token, r->now, &r->detail));
    api_session(r, token);
    return DW_OK;
}
