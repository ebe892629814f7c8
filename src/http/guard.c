#include "http/guard.h"

#include <arpa/inet.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "desk/grant.h"
#include "http/answer.h"
#include "http/server_inside.h"

enum { GUARD_BURST_S = 5, GUARD_STRANGER_S = 30 }; /* seconds' worth of calls at once */

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

/* An IPv6 network counts as one address: whoever has one has all of them. */
static size_t guard_bytes(uint8_t out[16], const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        memcpy(out, &((const struct sockaddr_in *)address)->sin_addr, 4);
        return 4;
    }
    if (address->sa_family != AF_INET6) return 0;
    memcpy(out, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
    return 8;
}

/* The last one named was named by our own proxy; what stands before it anybody could have written. */
static size_t guard_forwarded(uint8_t out[16], const char *list)
{
    char text[64];
    const char *comma = strrchr(list, ','), *last = comma == NULL ? list : comma + 1;
    while (*last == ' ') last++;
    snprintf(text, sizeof text, "%s", last);
    text[strcspn(text, " ")] = 0;
    return inet_pton(AF_INET, text, out) == 1 ? 4 : inet_pton(AF_INET6, text, out) == 1 ? 8 : 0;
}

void guard_address(struct request *r)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const char *forwarded = r->server->proxy ? guard_header(r, "X-Forwarded-For") : NULL;
    uint8_t bytes[16] = {0};
    size_t len = forwarded == NULL ? 0 : guard_forwarded(bytes, forwarded);
    if (len == 0 && info != NULL && info->client_addr != NULL) len = guard_bytes(bytes, info->client_addr);
    r->address = limit_key(r->server->limit, 'a', bytes, len);
}

static dw_err guard_wait(struct request *r, unsigned seconds)
{
    r->wait = seconds;
    if (seconds == 0) return DW_OK;
    atomic_fetch_add(&r->server->limited, 1);
    return err_set(&r->detail, DW_E_TOO_MANY, request_say(r, "%u 秒后再试", "again after %u s"), r->wait);
}

static dw_err guard_limit(struct request *r, uint64_t key, double rate, double burst)
{
    return guard_wait(r, limit_take(r->server->limit, key, rate, burst, clock_ns()));
}

/* Asking tries no password: the app's files and what monitoring asks are for whole offices behind one address. But whom a
 * provider sends back asks us to ask it. */
static bool guard_tries(const struct request *r)
{
    const struct routes_row *route = r->match.route;
    return route->may == ROUTES_PUBLIC && (route->method != ROUTES_GET || (route->flags & ROUTES_OUTSIDE) != 0);
}

/* Apart from the address's other bucket, which fills faster; and who guesses passwords does not keep phones of the same address
 * out, whose keys and invitations nobody guesses. */
static uint64_t guard_tries_key(const struct request *r)
{
    bool password = (r->match.route->flags & ROUTES_SLOW) != 0;
    return limit_key(r->server->limit, password ? 'p' : 't', &r->address, sizeof r->address);
}

/* One at least, or a small limit would let nobody in. */
static double guard_burst(double rate)
{
    return fmax(1, rate * GUARD_STRANGER_S);
}

dw_err guard_stranger(struct request *r)
{
    double rate = r->server->sign_ins;
    if (!guard_tries(r)) return DW_OK;
    return guard_wait(r, limit_look(r->server->limit, guard_tries_key(r), rate, guard_burst(rate), clock_ns()));
}

void guard_tried(struct request *r, dw_err err)
{
    double rate = r->server->sign_ins;
    /* Who is only asked for the code of his second factor knew the password. */
    bool wrong =
        err == DW_E_LOCKED || err == DW_E_SIGNATURE || (err == DW_E_UNKNOWN_CALLER && strcmp(r->detail.column, "code") != 0);
    if (wrong && guard_tries(r)) limit_take(r->server->limit, guard_tries_key(r), rate, guard_burst(rate), clock_ns());
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

bool guard_anywhere(const struct request *r, const struct site *site, enum roles_may may)
{
    uint32_t member = guard_member(r, site);
    return member != SITE_NONE && grant_anywhere(site, member, may, r->now.ms);
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
    /* Again, now that its turn has come: many that were sent at once are no more than one after the other. */
    if (may == ROUTES_PUBLIC) return guard_stranger(r);
    double calls = r->server->calls;
    dw_err err = guard_session(r);
    /* Whoever tries out tokens is held back by his address; all others by the session that they have. */
    uint64_t key = err == DW_OK ? limit_key(r->server->limit, 's', r->who.token, sizeof r->who.token) : r->address;
    if (err == DW_OK || err == DW_E_UNKNOWN_CALLER) ERR_TRY(guard_limit(r, key, calls, calls * GUARD_BURST_S));
    ERR_TRY(err);
    if (r->who.barred && (r->match.route->flags & ROUTES_BARRED) == 0)
        return err_set(
            &r->detail, DW_E_FORBIDDEN, "%s",
            request_say(r, "手机已停用，只能上交已有的记录", "this phone is revoked: it may only hand in what it holds"));
    if (may == ROUTES_SELF) return DW_OK;
    const struct site *site = desk_read(request_desk(r));
    bool whole = (r->match.route->flags & ROUTES_WHOLE) != 0;
    uint32_t member = guard_member(r, site);
    if (r->scope == NULL) r->scope = calloc(1, sizeof *r->scope);
    bool good = whole ? member != SITE_NONE && grant_everywhere(site, member, (enum roles_may)may, r->now.ms)
                      : guard_anywhere(r, site, (enum roles_may)may);
    desk_read_end(request_desk(r));
    return good ? DW_OK
                : err_set(&r->detail, DW_E_FORBIDDEN, whole ? request_say(r, "%s，全战区", "%s, everywhere") : "%s",
                          roles_may_name((enum roles_may)may));
}

void guard_cookie(struct request *r, const char *token)
{
    struct arena_buf text = {0};
    arena_buf_format(&text, "doorward=%s; Path=/; HttpOnly; SameSite=Strict%s%s", token == NULL ? "" : token,
                     server_secure(r->server) ? "; Secure" : "", token == NULL ? "; Max-Age=0" : "");
    answer_header(r, "Set-Cookie", text.failed ? NULL : arena_text(&r->arena, text.data, text.len));
    arena_buf_free(&text);
}
