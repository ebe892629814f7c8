#include "http/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/grant.h"
#include "http/answer.h"
#include "http/server.h"

/* Reckoned once a call and state of the site: a list asks for every item. */
struct guard_scope {
    const struct site *site;
    int64_t seq;
    uint8_t *seen; /* by area */
    bool everywhere;
};

static const char *guard_header(const struct request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

/* A page of another site can make a browser send our cookie, but neither our header nor its own origin as ours. */
static bool guard_forged(const struct request *r)
{
    const char *site = guard_header(r, "Sec-Fetch-Site");
    if (r->match.route->method == ROUTES_GET) return false;
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) return true;
    return guard_header(r, "X-Doorward") == NULL;
}

static dw_err guard_session(struct request *r)
{
    const char *bearer = guard_header(r, "Authorization"),
               *cookie = MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, "doorward");
    if (bearer != NULL && strncasecmp(bearer, "Bearer ", 7) == 0)
        return account_session(&r->who, server_accounts(r->server), bearer + 7, r->now, &r->detail);
    if (cookie == NULL) return err_set(&r->detail, DW_E_UNKNOWN_CALLER, "%s", request_say(r, "没有登录", "not signed in"));
    if (guard_forged(r))
        return err_at(&r->detail, DW_E_FORBIDDEN, NULL, NULL, 0, "X-Doorward", "%s",
                      request_say(r, "请求不是本站页面发出的", "the call does not come from a page of this site"));
    return account_session(&r->who, server_accounts(r->server), cookie, r->now, &r->detail);
}

uint32_t guard_member(const struct request *r, const struct site *site)
{
    return id_null(r->who.member) ? SITE_NONE : site_find(site, SITE_MEMBER, r->who.member);
}

bool guard_may(const struct request *r, const struct site *site, enum roles_may may, uint32_t area)
{
    uint32_t member = guard_member(r, site);
    return member != SITE_NONE && grant_may(site, member, may, area, r->now.ms);
}

static bool guard_reckon(const struct request *r, const struct site *site)
{
    struct guard_scope *scope = r->scope;
    if (scope->seen != NULL && scope->site == site && scope->seq == site->seq) return true;
    uint32_t member = guard_member(r, site);
    uint8_t *seen = member == SITE_NONE ? NULL : realloc(scope->seen, (size_t)site_count(site, SITE_AREA) + 1);
    if (seen == NULL) return false;
    grant_areas(seen, &scope->everywhere, site, member, (enum roles_may)r->match.route->may, r->now.ms);
    *scope = (struct guard_scope){site, site->seq, seen, scope->everywhere};
    return true;
}

bool guard_sees(const struct request *r, const struct site *site, uint32_t area)
{
    int may = r->match.route->may;
    if (may < 0) return true;
    if (r->scope == NULL || !guard_reckon(r, site)) return guard_may(r, site, (enum roles_may)may, area);
    return area == SITE_NONE ? r->scope->everywhere : r->scope->seen[area] != 0;
}

void guard_free(struct request *r)
{
    if (r->scope != NULL) free(r->scope->seen);
    free(r->scope);
    r->scope = NULL;
}

dw_err guard_area(struct request *r, const struct site *site, uint32_t area)
{
    return guard_sees(r, site, area)
               ? DW_OK
               : err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有，或不在您的区域", "none, or not in your areas"));
}

dw_err guard_caller(struct request *r)
{
    int may = r->match.route->may;
    if (may == ROUTES_PUBLIC) return DW_OK;
    ERR_TRY(guard_session(r));
    if (may == ROUTES_SELF) return DW_OK;
    const struct site *site = desk_read(request_desk(r));
    uint32_t member = guard_member(r, site);
    if (r->scope == NULL) r->scope = calloc(1, sizeof *r->scope);
    bool good = member != SITE_NONE && grant_anywhere(site, member, (enum roles_may)may, r->now.ms);
    desk_read_end(request_desk(r));
    return good ? DW_OK : err_set(&r->detail, DW_E_FORBIDDEN, "%s", roles_may_name((enum roles_may)may));
}

void guard_cookie(struct request *r, const char *token)
{
    struct arena_buf text = {0};
    arena_buf_format(&text, "doorward=%s; Path=/; HttpOnly; SameSite=Strict%s%s", token == NULL ? "" : token,
                     server_secure(r->server) ? "; Secure" : "", token == NULL ? "; Max-Age=0" : "");
    answer_header(r, "Set-Cookie", text.failed ? NULL : arena_text(&r->arena, text.data, text.len));
    arena_buf_free(&text);
}
