#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "desk/grant.h"
#include "http/server_inside.h"

static const double server_bounds[SERVER_BUCKETS - 1] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

static size_t server_route(const struct request *r)
{
    return r->match.route == NULL ? routes_count : (size_t)(r->match.route - routes_all);
}

static void server_log(struct server *server, const struct request *r, double seconds, bool whole)
{
    struct arena_buf line = {0};
    struct json_out out = {.buf = &line};
    char at[WHEN_TEXT], account[ID_TEXT];
    when_text(at, when_now());
    json_open(&out, '{');
    json_key(&out, "at");
    json_put(&out, at);
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
    json_put_int(&out, (int64_t)r->out.len);
    if (r->who.kind != ACCOUNT_NOBODY) {
        id_text(account, r->who.kind == ACCOUNT_PHONE ? r->who.device : r->who.account);
        json_key(&out, r->who.kind == ACCOUNT_PHONE ? "device" : "account");
        json_put(&out, account);
    }
    if (!whole) {
        json_key(&out, "broken");
        json_put_bool(&out, true);
    }
    json_close(&out, '}');
    arena_buf_put(&line, "\n", 1);
    pthread_mutex_lock(&server->log_lock);
    if (!line.failed) fwrite(line.data, 1, line.len, server->log);
    fflush(server->log);
    pthread_mutex_unlock(&server->log_lock);
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
    atomic_fetch_add(&server->bytes_out, r->out.len);
    if (server->log != NULL) server_log(server, r, seconds, whole);
}

static void server_metric(struct arena_buf *out, const char *name, const char *help, const char *type, unsigned long long n)
{
    arena_buf_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, help, name, type, name, n);
}

void server_metrics(struct server *server, struct arena_buf *out)
{
    static const char *const classes[] = {"2xx", "3xx", "4xx", "5xx"};
    unsigned long long sum = 0;
    arena_buf_text(out, "# HELP doorward_calls_total Calls by route and class of status.\n# TYPE doorward_calls_total counter\n");
    for (size_t i = 0; i <= routes_count; i++)
        for (int c = 0; c < 4; c++) {
            unsigned long long n = atomic_load(&server->counts[i * 4 + (size_t)c]);
            if (n > 0)
                arena_buf_format(out, "doorward_calls_total{route=\"%s\",status=\"%s\"} %llu\n",
                                 i == routes_count ? "none" : routes_all[i].name, classes[c], n);
        }
    arena_buf_text(out, "# HELP doorward_call_seconds How long calls took.\n# TYPE doorward_call_seconds histogram\n");
    for (int b = 0; b < SERVER_BUCKETS; b++) {
        sum += atomic_load(&server->buckets[b]);
        if (b < SERVER_BUCKETS - 1)
            arena_buf_format(out, "doorward_call_seconds_bucket{le=\"%g\"} %llu\n", server_bounds[b], sum);
    }
    arena_buf_format(out, "doorward_call_seconds_bucket{le=\"+Inf\"} %llu\n", sum);
    arena_buf_format(out, "doorward_call_seconds_sum %.6f\n", (double)atomic_load(&server->seconds_us) / 1e6);
    arena_buf_format(out, "doorward_call_seconds_count %llu\n", sum);
    arena_buf_format(out, "# HELP doorward_bytes_out_total Bytes answered.\n# TYPE doorward_bytes_out_total counter\n");
    arena_buf_format(out, "doorward_bytes_out_total %llu\n", (unsigned long long)atomic_load(&server->bytes_out));
    const struct site *site = desk_read(server->desk);
    arena_buf_format(out,
                     "# HELP doorward_entries Entries of the ledger.\n# TYPE doorward_entries gauge\ndoorward_entries %lld\n",
                     (long long)site->seq);
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++) waiting += site_held(site, i)->state == SITE_HELD_WAITING;
    arena_buf_format(out, "# HELP doorward_held Entries that wait for a person.\n# TYPE doorward_held gauge\ndoorward_held %u\n",
                     waiting);
    unsigned long long open = 0, opened = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) {
        opened += site_grant(site, i)->emergency;
        open += site_grant(site, i)->emergency && grant_holds(site_grant(site, i), when_now().ms);
    }
    server_metric(out, "doorward_emergencies", "Emergency access that is open now.", "gauge", open);
    server_metric(out, "doorward_emergencies_total", "Emergency access ever opened.", "counter", opened);
    desk_read_end(server->desk);
    arena_buf_format(
        out,
        "# HELP doorward_uptime_seconds Since the start.\n# TYPE doorward_uptime_seconds gauge\ndoorward_uptime_seconds %.0f\n",
        (double)(clock_ns() - server->begun_ns) / 1e9);
    server_metric(out, "doorward_calls_limited_total", "Calls refused for their number.", "counter",
                  atomic_load(&server->limited));
    server_metric(out, "doorward_connections_ended_total", "Connections ended for their slowness.", "counter",
                  atomic_load(&server->ended));
    server_metric(out, "doorward_connections", "Open connections.", "gauge", patience_count(server->patience));
    server_metric(out, "doorward_password_checks_total", "Passwords checked.", "counter", secret_checks());
    arena_buf_format(out,
                     "# HELP doorward_calls_waiting Calls that wait for a thread.\n# TYPE doorward_calls_waiting "
                     "gauge\ndoorward_calls_waiting %zu\n",
                     work_waiting(server->work));
}
