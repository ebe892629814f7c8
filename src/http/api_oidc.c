/* Signing in through the identity provider: a browser is sent there and comes back. */
#include <string.h>

#include "http/answer.h"
#include "http/guard.h"
#include "http/server_inside.h"

static const char API_OIDC_COOKIE[] = "doorward_oidc";

dw_err api_auth_ways(struct request *r)
{
    const struct server *server = r->server;
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_bool(r, "password", true);
    answer_text(r, "provider", server->oidc == NULL ? NULL : server->config.oidc.name);
    answer_close(r, '}');
    return DW_OK;
}

static dw_err api_oidc_there(struct request *r)
{
    return r->server->oidc != NULL
               ? DW_OK
               : err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有设置统一身份认证", "no identity provider is set"));
}

/* It must come along when the provider sends the browser back, which is another site's doing: Lax. value NULL ends it. */
static void api_oidc_cookie(struct request *r, const char *value)
{
    struct arena_buf text = {0};
    arena_buf_format(&text, "%s=%s; Path=/api/v1/auth; HttpOnly; SameSite=Lax; Max-Age=%d%s", API_OIDC_COOKIE,
                     value == NULL ? "" : value, value == NULL ? 0 : 600, server_secure(r->server) ? "; Secure" : "");
    answer_header(r, "Set-Cookie", text.failed ? NULL : arena_text(&r->arena, text.data, text.len));
    arena_buf_free(&text);
}

static void api_oidc_on(struct request *r, const char *location)
{
    r->status = MHD_HTTP_FOUND;
    answer_header(r, "Location", location);
    answer_header(r, "Cache-Control", "no-store");
}

dw_err api_auth_oidc(struct request *r)
{
    const char *location, *cookie, *link = request_text(r, "link");
    ERR_TRY(api_oidc_there(r));
    if (link != NULL && strlen(link) != ACCOUNT_TOKEN - 1)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "link", "%s", request_say(r, "不完整", "not whole"));
    ERR_TRY(oidc_begin(&location, &cookie, &r->arena, r->server->oidc, link, r->now, &r->detail));
    api_oidc_cookie(r, cookie);
    api_oidc_on(r, location);
    return DW_OK;
}

static dw_err api_oidc_session(char token[ACCOUNT_TOKEN], struct request *r)
{
    struct oidc_word word;
    const struct oidc_answer answer = {.code = request_text(r, "code"),
                                       .state = request_text(r, "state"),
                                       .issuer = request_text(r, "iss"),
                                       .error = request_text(r, "error"),
                                       .cookie = MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, API_OIDC_COOKIE),
                                       .at = r->now};
    ERR_TRY(oidc_finish(&word, &r->arena, r->server->oidc, &answer, &r->detail));
    struct account_vouched vouched = {.issuer = r->server->config.oidc.issuer,
                                      .subject = word.subject,
                                      .link = word.link,
                                      .agent = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "User-Agent"),
                                      .at = r->now};
    return account_vouch(token, &r->who, server_accounts(r->server), &vouched, &r->detail);
}

/* Whatever comes of it, a person stands before this browser: he goes on to the app, which says what went wrong. */
dw_err api_auth_oidc_back(struct request *r)
{
    char token[ACCOUNT_TOKEN];
    struct arena_buf location = {0};
    ERR_TRY(api_oidc_there(r));
    dw_err err = api_oidc_session(token, r);
    if (err == DW_E_MEMORY) return err;
    guard_tried(r, err);
    api_oidc_cookie(r, NULL);
    if (err == DW_OK) {
        guard_cookie(r, token);
        keys_wipe(token, sizeof token);
        api_oidc_on(r, "/");
        return DW_OK;
    }
    log_event(r->server->log, LOG_WARN, "oidc", err, "field", r->detail.column, "why", r->detail.text, NULL);
    arena_buf_format(&location, "/?sign_in=%s", err_name(err));
    api_oidc_on(r, location.failed ? "/" : arena_text(&r->arena, location.data, location.len));
    arena_buf_free(&location);
    return DW_OK;
}
