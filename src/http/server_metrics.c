/* What monitoring asks for: the metrics, and an address of their own where nobody signs in. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "desk/grant.h"
#include "http/server_inside.h"
#include "http/uri.h"
#include "store/port.h"

static void server_metric(struct arena_buf *out, const char *name, const char *type, const char *help)
{
    arena_buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void server_gauge(struct arena_buf *out, const char *name, const char *help, double value)
{
    server_metric(out, name, "gauge", help);
    arena_buf_format(out, "%s %.15g\n", name, value);
}

static void server_counter(struct arena_buf *out, const char *name, const char *help, unsigned long long value)
{
    server_metric(out, name, "counter", help);
    arena_buf_format(out, "%s %llu\n", name, value);
}

static void server_metrics_calls(struct server *server, struct arena_buf *out)
{
    static const char *const classes[] = {"2xx", "3xx", "4xx", "5xx"};
    unsigned long long sum = 0;
    server_metric(out, "doorward_calls_total", "counter", "Calls by route and class of status.");
    for (size_t i = 0; i <= routes_count; i++)
        for (int c = 0; c < 4; c++) {
            unsigned long long n = atomic_load(&server->counts[i * 4 + (size_t)c]);
            if (n > 0)
                arena_buf_format(out, "doorward_calls_total{route=\"%s\",status=\"%s\"} %llu\n",
                                 i == routes_count ? "none" : routes_all[i].name, classes[c], n);
        }
    server_metric(out, "doorward_call_seconds", "histogram", "How long calls took.");
    for (int b = 0; b < SERVER_BUCKETS; b++) {
        sum += atomic_load(&server->buckets[b]);
        if (b < SERVER_BUCKETS - 1)
            arena_buf_format(out, "doorward_call_seconds_bucket{le=\"%g\"} %llu\n", server_bounds[b], sum);
    }
    arena_buf_format(out, "doorward_call_seconds_bucket{le=\"+Inf\"} %llu\n", sum);
    arena_buf_format(out, "doorward_call_seconds_sum %.6f\n", (double)atomic_load(&server->seconds_us) / 1e6);
    arena_buf_format(out, "doorward_call_seconds_count %llu\n", sum);
    server_metric(out, "doorward_bytes_out_total", "counter", "Bytes answered.");
    arena_buf_format(out, "doorward_bytes_out_total %llu\n", (unsigned long long)atomic_load(&server->bytes_out));
    server_gauge(out, "doorward_calls_active", "Calls that have begun and not ended.", (double)atomic_load(&server->under_way));
    server_gauge(out, "doorward_calls_waiting", "Calls that wait for a thread.", (double)work_waiting(server->work));
    server_counter(out, "doorward_calls_limited_total", "Calls refused for their number.", atomic_load(&server->limited));
    server_counter(out, "doorward_connections_ended_total", "Connections ended for their slowness.", atomic_load(&server->ended));
    server_counter(out, "doorward_password_checks_total", "Passwords checked.", secret_checks());
    server_gauge(out, "doorward_connections", "Open connections.", (double)patience_count(server->patience));
    server_metric(out, "doorward_log_lines_total", "counter", "Lines of the log by level.");
    for (int i = 0; i < LOG_LEVELS; i++)
        arena_buf_format(out, "doorward_log_lines_total{level=\"%s\"} %llu\n", log_level_name((enum log_level)i),
                         log_lines(server->log, (enum log_level)i));
}

static void server_metrics_site(struct server *server, struct arena_buf *out)
{
    const struct site *site = desk_read(server->desk);
    uint32_t waiting = 0;
    int64_t last = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++) waiting += site_held(site, i)->state == SITE_HELD_WAITING;
    for (uint32_t i = 0; i < site_count(site, SITE_DEVICE); i++)
        if (site_device(site, i)->last_ms > last) last = site_device(site, i)->last_ms;
    unsigned long long open = 0, opened = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) {
        opened += site_grant(site, i)->emergency;
        open += site_grant(site, i)->emergency && grant_holds(site_grant(site, i), when_now().ms);
    }
    server_gauge(out, "doorward_emergencies", "Emergency access that is open now.", (double)open);
    server_counter(out, "doorward_emergencies_total", "Emergency access ever opened.", opened);
    server_gauge(out, "doorward_entries", "Entries of the ledger.", (double)site->seq);
    server_gauge(out, "doorward_last_entry_timestamp_seconds", "When the newest entry was made.", (double)last / 1000);
    server_gauge(out, "doorward_held", "Entries that wait for a person.", waiting);
    server_gauge(out, "doorward_persons", "People of the register.", site_count(site, SITE_PERSON));
    server_gauge(out, "doorward_doors", "Doors of the register.", site_count(site, SITE_DOOR));
    server_gauge(out, "doorward_rounds", "Rounds.", site_count(site, SITE_ROUND));
    server_gauge(out, "doorward_devices", "Devices.", site_count(site, SITE_DEVICE));
    desk_read_end(server->desk);
}

static void server_metrics_process(struct server *server, struct arena_buf *out)
{
    unsigned long long pages = 0, resident = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    DIR *fds = opendir("/proc/self/fd");
    long open = -1; /* the folder's own does not count */
    if (statm != NULL && fscanf(statm, "%llu %llu", &pages, &resident) == 2)
        server_gauge(out, "process_resident_memory_bytes", "Resident memory.", (double)resident * (double)sysconf(_SC_PAGESIZE));
    if (statm != NULL) fclose(statm);
    for (struct dirent *one; fds != NULL && (one = readdir(fds)) != NULL;) open += one->d_name[0] != '.';
    if (fds != NULL) server_gauge(out, "process_open_fds", "Open files and connections.", (double)open);
    if (fds != NULL) closedir(fds);
    server_gauge(out, "process_start_time_seconds", "When it was started.", (double)server->begun_ms / 1000);
    server_gauge(out, "doorward_uptime_seconds", "Since the start.", (double)(clock_ns() - server->begun_ns) / 1e9);
    if (server->secure)
        server_gauge(out, "doorward_certificate_days_left", "How long the certificate is good.",
                     (double)(atomic_load(&server->cert_until_ms) - when_now().ms) / 86400000);
    server_metric(out, "doorward_build_info", "gauge", "What runs.");
    arena_buf_format(out, "doorward_build_info{version=\"%s\",store=\"%s\"} 1\n",
                     server->config.version == NULL ? "" : server->config.version, store_version());
}

void server_metrics(struct server *server, struct arena_buf *out)
{
    server_metrics_calls(server, out);
    server_metrics_site(server, out);
    server_backup_metrics(server, out);
    server_metrics_process(server, out);
}

static enum MHD_Result server_monitor_say(struct MHD_Connection *connection, unsigned status, const char *type, const char *text,
                                          size_t len)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(len, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result server_monitor_answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                             const char *version, const char *data, size_t *len, void **state)
{
    struct server *server = cls;
    static char begun;
    (void)version, (void)data;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return server_monitor_say(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", "GET\n", 4);
    if (*state == NULL) {
        *state = &begun;
        return MHD_YES;
    }
    if (*len > 0) {
        *len = 0;
        return MHD_YES;
    }
    if (strcmp(url, "/metrics") == 0) {
        struct arena_buf text = {0};
        server_metrics(server, &text);
        enum MHD_Result result =
            server_monitor_say(connection, text.failed ? 503 : 200, "text/plain; version=0.0.4; charset=utf-8",
                               text.failed ? "" : text.data, text.failed ? 0 : text.len);
        arena_buf_free(&text);
        return result;
    }
    if (strcmp(url, "/healthz") == 0) return server_monitor_say(connection, 200, "text/plain", "ok\n", 3);
    if (strcmp(url, "/readyz") != 0) return server_monitor_say(connection, 404, "text/plain", "/metrics /healthz /readyz\n", 26);
    dw_err err = server_ready(server);
    return err == DW_OK ? server_monitor_say(connection, 200, "text/plain", "ok\n", 3)
                        : server_monitor_say(connection, 503, "text/plain", err_name(err), strlen(err_name(err)));
}

static void *server_monitor_line(void *cls, const char *uri, struct MHD_Connection *connection)
{
    (void)cls;
    uri_refused(connection, uri, false);
    return NULL;
}

dw_err server_monitor(struct server *server, struct err_detail *detail)
{
    int socket;
    ERR_TRY(server_listen(&socket, server->config.metrics_listen, server->config.metrics_socket, detail));
    server->monitor = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, server_monitor_answer,
                                       server, MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_EXTERNAL_LOGGER, server_quiet, NULL,
                                       MHD_OPTION_URI_LOG_CALLBACK, server_monitor_line, NULL, MHD_OPTION_CONNECTION_LIMIT, 64U,
                                       MHD_OPTION_CONNECTION_TIMEOUT, 10U, MHD_OPTION_END);
    if (server->monitor != NULL) return DW_OK;
    close(socket);
    return err_set(detail, DW_E_IO, "the server does not start on %s", server->config.metrics_listen);
}
