#include <string.h>

#include "base/clock.h"
#include "http/server_inside.h"

const double server_bounds[SERVER_BUCKETS - 1] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

/* Calls of no route come last. */
static size_t server_route(const struct request *r)
{
    return r->match.route == NULL ? routes_count : (size_t)(r->match.route - routes_all);
}

static void server_log(struct server *server, const struct request *r, double seconds, bool whole)
{
    struct arena_buf line = {0};
    struct json_out out;
    char account[ID_TEXT];
    enum log_level level = r->status >= 500 ? LOG_ERROR : LOG_INFO;
    if (!log_wants(server->log, level)) return;
    log_begin(&out, &line, level);
    json_key(&out, "call");
    json_put(&out, r->id);
    json_key(&out, "method");
    json_put(&out, r->method);
    json_key(&out, "route");
    json_put(&out, r->match.route == NULL ? "none" : r->match.route->name);
    json_key(&out, "status");
    json_put_int(&out, r->status);
    json_key(&out, "ms");
    json_put_double(&out, seconds * 1000, 1);
    json_key(&out, "bytes");
    json_put_int(&out, (int64_t)r->sent);
    if (r->error != DW_OK) {
        json_key(&out, "error");
        json_put(&out, err_name(r->error));
    }
    if (r->who.kind != ACCOUNT_NOBODY) {
        id_text(account, r->who.kind == ACCOUNT_PHONE ? r->who.device : r->who.account);
        json_key(&out, r->who.kind == ACCOUNT_PHONE ? "device" : "account");
        json_put(&out, account);
    }
    if (!whole) {
        json_key(&out, "broken");
        json_put_bool(&out, true);
    }
    log_end(server->log, &out, level);
    arena_buf_free(&line);
}

void server_note(struct server *server, const struct request *r, bool whole)
{
    double seconds = (double)(clock_ns() - r->begun_ns) / 1e9;
    size_t class = r->status < 200 ? 3 : r->status / 100 - 2, bucket = 0;
    if (class > 3) class = 3;
    atomic_fetch_add(&server->counts[server_route(r) * 4 + class], 1);
    while (bucket < SERVER_BUCKETS - 1 && seconds > server_bounds[bucket]) bucket++;
    atomic_fetch_add(&server->buckets[bucket], 1);
    atomic_fetch_add(&server->seconds_us, (unsigned long long)(seconds * 1e6));
    atomic_fetch_add(&server->bytes_out, r->sent);
    server_log(server, r, seconds, whole);
}
