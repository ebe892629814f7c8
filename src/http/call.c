#include "http/call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/text.h"
#include "desk/book.h"
#include "desk/glance.h"
#include "desk/grant.h"
#include "http/answer.h"
#include "http/call_once.h"
#include "http/guard.h"
#include "http/server_inside.h"
#include "http/uri.h"

enum { CALL_STRANGER = 64 * 1024 /* bytes that are read of somebody unknown */, CALL_SPILL = 256 * 1024 };
static const char CALL_PREFIX[] = "/api/v1";

static enum err_lang call_lang(struct MHD_Connection *connection)
{
    const char *accepts = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Language");
    return accepts != NULL && strncmp(accepts, "en", 2) == 0 ? ERR_EN : ERR_ZH;
}

static struct request *call_begin(struct server *server, struct MHD_Connection *connection, const char *url, const char *method)
{
    struct request *r = calloc(1, sizeof *r);
    uint8_t id[(REQUEST_ID - 1) / 2];
    if (r == NULL) return NULL;
    atomic_fetch_add(&server->under_way, 1);
    r->server = server;
    r->connection = connection;
    r->begun_ns = clock_ns();
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    r->patience = info == NULL ? NULL : info->socket_context;
    r->now = when_now();
    r->lang = call_lang(connection);
    guard_address(r);
    rng_bytes(NULL, id, sizeof id);
    hash_hex(r->id, id, sizeof id);
    snprintf(r->method, sizeof r->method, "%s", method);
    r->url = arena_text(&r->arena, url, strlen(url));
    if (strncmp(url, CALL_PREFIX, sizeof CALL_PREFIX - 1) == 0)
        router_find(&r->match, method, url + sizeof CALL_PREFIX - 1);
    else if (r->url != NULL)
        router_find_root(&r->match, method, url);
    return r;
}

static enum MHD_Result call_length(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    (void)value;
    if (strcasecmp(name, "Content-Length") == 0) ++*(int *)ctx;
    return MHD_YES;
}

/* What can be refused before the body comes. */
static dw_err call_first(struct request *r)
{
    const struct routes_row *route = r->match.route;
    const char *length = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Length"),
               *type = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Type");
    int64_t bytes = 0;
    int lengths = 0;
    bool chunked = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL;
    if (route == NULL && r->match.path_known) return err_set(&r->detail, DW_E_METHOD, "%s", r->method);
    if (route == NULL) return err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有这个地址", "no such address"));
    ERR_TRY(guard_stranger(r));
    MHD_get_connection_values(r->connection, MHD_HEADER_KIND, call_length, &lengths);
    /* Two lengths would be for a proxy and us to differ about. */
    if (lengths > 1) return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "Content-Length", "%d", lengths);
    if ((route->flags & ROUTES_REST) == 0) ERR_TRY(request_queries(r));
    if (length != NULL && (!text_int(&bytes, length, strlen(length)) || bytes > (int64_t)route->body_max))
        return err_set(&r->detail, DW_E_TOO_LARGE, request_say(r, "最多 %zu 字节", "%zu bytes at most"), route->body_max);
    if (route->takes != NULL && bytes > 0 && type != NULL && strncasecmp(type, route->takes, strlen(route->takes)) != 0)
        return err_at(&r->detail, DW_E_FORMAT, NULL, NULL, 0, "Content-Type", request_say(r, "应是 %s", "%s is wanted"),
                      route->takes);
    /* A push unpacks itself; nothing else may come packed, and would not be understood. */
    const char *coding = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Encoding");
    if (coding != NULL && strcmp(coding, "identity") != 0 && strcmp(route->name, "entries.push") != 0)
        return err_at(&r->detail, DW_E_FORMAT, NULL, NULL, 0, "Content-Encoding", "%s",
                      request_say(r, "这里不收压缩的内容", "nothing packed is taken here"));
    if (chunked) bytes = (int64_t)route->body_max;
    r->admitted = bytes > CALL_STRANGER;
    patience_body(r->server->patience, r->patience, (uint64_t)bytes, r->begun_ns);
    return DW_OK;
}

/* The same question at the same state of the ledger, by the same caller, has the same answer. */
static bool call_unchanged(struct request *r)
{
    const struct routes_row *route = r->match.route;
    struct hash_stream stream;
    uint8_t hash[HASH_SIZE];
    char text[HASH_TEXT], tag[64];
    if (route->method != ROUTES_GET || (route->flags & ROUTES_LIVE) != 0) return false;
    hash_start(&stream);
    const struct site *site = desk_read(request_desk(r));
    int64_t seq = site->seq;
    /* What the caller may changes with the hour too, without an entry. */
    for (uint32_t i = 0, member = guard_member(r, site); i < site_count(site, SITE_GRANT); i++)
        if (site_grant(site, i)->member == member && grant_holds(site_grant(site, i), r->now.ms)) hash_add(&stream, &i, sizeof i);
    desk_read_end(request_desk(r));
    hash_add(&stream, route->name, strlen(route->name));
    for (int i = 0; i < ROUTER_PARAMS; i++) hash_add(&stream, r->match.params[i], strlen(r->match.params[i]) + 1);
    for (size_t i = 0; i < r->query_count; i++) {
        hash_add(&stream, r->queries[i].name, strlen(r->queries[i].name) + 1);
        hash_add(&stream, r->queries[i].value, strlen(r->queries[i].value) + 1);
    }
    hash_add(&stream, &r->who.member, sizeof r->who.member);
    hash_add(&stream, &r->lang, sizeof r->lang);
    hash_end(&stream, hash);
    hash_b64(text, hash, 12);
    snprintf(tag, sizeof tag, "W/\"%lld-%s\"", (long long)seq, text);
    const char *have = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "If-None-Match");
    bool same = have != NULL && strstr(have, tag + 2) != NULL;
    answer_header(r, "ETag", arena_text(&r->arena, tag, strlen(tag)));
    return same;
}

static dw_err call_handle(struct request *r)
{
    const struct routes_row *route = r->match.route;
    if ((route->flags & ROUTES_BARE) == 0 && glance_disposed(request_desk(r)))
        return err_set(&r->detail, DW_E_DISPOSED, "%s", request_say(r, "战区已销毁", "the site is gone"));
    if (!r->guarded) ERR_TRY(guard_caller(r));
    if (call_unchanged(r)) {
        r->status = MHD_HTTP_NOT_MODIFIED;
        return DW_OK;
    }
    if (route->takes != NULL && strcmp(route->takes, "application/json") == 0) ERR_TRY(request_json(r));
    bool known;
    ERR_TRY(call_once_begin(&known, r));
    if (known) return DW_OK;
    book_actor(r->who.member);
    dw_err err = route->handle(r);
    guard_tried(r, err);
    book_actor((struct id){{0}});
    book_unless(NULL, NULL);
    call_once_end(r, err);
    return err;
}

static void call_close(struct request *r, dw_err err)
{
    if (err == DW_OK && r->out.failed) err = DW_E_MEMORY;
    if (err != DW_OK) answer_problem(r, err);
    if (r->status != MHD_HTTP_NOT_MODIFIED) answer_pack(r);
    r->done = true;
}

void call_finish(struct request *r, dw_err err)
{
    call_close(r, err);
    MHD_resume_connection(r->connection);
}

static void call_work(struct work_item *item)
{
    struct request *r = (struct request *)item;
    dw_err err = call_handle(r);
    if (err == DW_OK && r->hand_on != NULL)
        r->hand_on(r); /* from here on it may be answered, and gone, at any time */
    else
        call_finish(r, err);
}

/* A handler's own word goes before the usual one. */
static bool call_says(const struct request *r, const char *header)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (strcmp(r->headers[i].name, header) == 0) return true;
    return false;
}

static enum MHD_Result call_send(struct request *r)
{
    static const char *const fixed[][2] = {{"Cache-Control", "private, no-cache"},
                                           {"X-Content-Type-Options", "nosniff"},
                                           {"Referrer-Policy", "no-referrer"},
                                           {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
    struct MHD_Response *response = r->response;
    if (response == NULL) {
        response = MHD_create_response_from_buffer(r->out.len, r->out.data, MHD_RESPMEM_MUST_COPY);
        r->sent = r->out.len;
    }
    r->response = NULL;
    if (response == NULL) return MHD_NO;
    if (r->type != NULL && r->status != MHD_HTTP_NOT_MODIFIED) MHD_add_response_header(response, "Content-Type", r->type);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (!call_says(r, fixed[i][0])) MHD_add_response_header(response, fixed[i][0], fixed[i][1]);
    if (atomic_load(&r->server->ending)) MHD_add_response_header(response, "Connection", "close");
    if (server_secure(r->server)) MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    for (size_t i = 0; i < r->header_count; i++) MHD_add_response_header(response, r->headers[i].name, r->headers[i].value);
    enum MHD_Result result = MHD_queue_response(r->connection, r->status, response);
    MHD_destroy_response(response);
    return result;
}

static void call_refuse(struct request *r, dw_err err)
{
    answer_problem(r, err);
    r->done = true;
}

static struct work *call_threads(const struct request *r)
{
    int flags = r->match.route->flags;
    if ((flags & ROUTES_OUTSIDE) != 0 && r->server->outside != NULL) return r->server->outside;
    return (flags & ROUTES_SLOW) != 0 ? r->server->slow : r->server->work;
}

/* All of the body is here. */
static enum MHD_Result call_ready(struct request *r)
{
    patience_answering(r->server->patience, r->patience);
    if (r->too_large)
        call_refuse(r, err_set(&r->detail, DW_E_TOO_LARGE, "%s", request_say(r, "请求太大", "the body is too large")));
    if (!r->done && (r->match.route->flags & ROUTES_INLINE) != 0) call_close(r, call_handle(r));
    if (r->done) return call_send(r);
    r->work.run = call_work;
    MHD_suspend_connection(r->connection);
    if (work_add(call_threads(r), &r->work)) return MHD_YES;
    call_refuse(r, err_set(&r->detail, DW_E_BUSY, "%s", request_say(r, "服务器忙", "too many calls wait")));
    MHD_resume_connection(r->connection);
    return MHD_YES;
}

/* Much is read only of somebody who may send it. */
static void call_admit(struct work_item *item)
{
    struct request *r = (struct request *)item;
    dw_err err = guard_caller(r);
    r->guarded = true;
    if (err != DW_OK) call_refuse(r, err);
    MHD_resume_connection(r->connection);
}

static enum MHD_Result call_begun(struct request *r)
{
    dw_err err = call_first(r);
    if (err != DW_OK) call_refuse(r, err);
    /* An answer before the body ends the connection: nobody need send what nobody reads. */
    if (r->done) return call_send(r);
    if (!r->admitted) return MHD_YES;
    r->work.run = call_admit;
    MHD_suspend_connection(r->connection);
    if (work_add(r->server->work, &r->work)) return MHD_YES;
    call_refuse(r, err_set(&r->detail, DW_E_BUSY, "%s", request_say(r, "服务器忙", "too many calls wait")));
    MHD_resume_connection(r->connection);
    return MHD_YES;
}

static enum MHD_Result call_body(struct request *r, const char *data, size_t len)
{
    if (r->body.len + len > r->match.route->body_max)
        r->too_large = true;
    else if (!r->too_large)
        arena_buf_put(&r->body, data, len);
    if (r->body.failed) r->too_large = true;
    if (r->too_large) r->spilled += len;
    return r->spilled > CALL_SPILL ? MHD_NO : MHD_YES;
}

/* The state of a connection whose request line was refused. */
static char call_refused;

void *call_line(void *cls, const char *uri, struct MHD_Connection *connection)
{
    const struct server *server = cls;
    return uri_refused(connection, uri, server_secure(server)) ? &call_refused : NULL;
}

enum MHD_Result call_answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                            const char *version, const char *upload_data, size_t *upload_data_size, void **state)
{
    struct server *server = cls;
    struct request *r = *state;
    (void)version;
    if (*state == &call_refused) return MHD_NO;
    if (r == NULL) {
        *state = r = call_begin(server, connection, url, method);
        return r == NULL ? MHD_NO : call_begun(r);
    }
    if (r->done) return call_send(r);
    if (r->admitted) { /* the library asks once more before it reads the body */
        r->admitted = false;
        return MHD_YES;
    }
    if (*upload_data_size == 0) return call_ready(r);
    enum MHD_Result result = call_body(r, upload_data, *upload_data_size);
    *upload_data_size = 0;
    return result;
}

void call_ended(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    struct server *server = cls;
    struct request *r = *state;
    (void)connection;
    if (r == NULL || *state == &call_refused) return;
    patience_answered(server->patience, r->patience, clock_ns());
    server_note(server, r, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    if (r->response != NULL) MHD_destroy_response(r->response);
    guard_free(r);
    request_free(r);
    *state = NULL;
    atomic_fetch_sub(&server->under_way, 1);
}
