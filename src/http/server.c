#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "desk/position.h"
#include "desk/writer.h"
#include "http/call.h"
#include "http/plain.h"
#include "http/server_inside.h"

enum {
    SERVER_CONNECTIONS = 12000,
    SERVER_IDLE = 60,
    SERVER_DRAIN = 10 /* seconds */,
    SERVER_MEMORY = 16 * 1024,
    SERVER_WAITING = 20000,
    SERVER_FILES = 100 /* for the store and the like */,
    SERVER_SLOW = 2,
    SERVER_SLOW_WAITING = 256
};

struct desk *server_desk(const struct server *server)
{
    return server->desk;
}

struct account_desk *server_accounts(const struct server *server)
{
    return server->accounts;
}

struct job_desk *server_jobs(const struct server *server)
{
    return server->jobs;
}

struct window *server_window(const struct server *server)
{
    return server->window;
}

struct pull_desk *server_pull(const struct server *server)
{
    return server->pull;
}

bool server_secure(const struct server *server)
{
    return server->secure;
}

/* "host:port", "[v6]:port", ":port". */
static dw_err server_address(struct sockaddr_storage *out, socklen_t *len, const char *listen, struct err_detail *detail)
{
    char host[256];
    const char *colon = strrchr(listen, ':');
    size_t n = colon == NULL ? 0 : (size_t)(colon - listen);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *found = NULL;
    if (colon == NULL || n >= sizeof host)
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "listen", "%s: ADDRESS:PORT", listen);
    if (n > 1 && listen[0] == '[' && listen[n - 1] == ']') {
        listen++;
        n -= 2;
    }
    memcpy(host, listen, n);
    host[n] = 0;
    int failed = getaddrinfo(n == 0 ? NULL : host, colon + 1, &hints, &found);
    if (failed != 0) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "listen", "%s: %s", listen, gai_strerror(failed));
    memcpy(out, found->ai_addr, found->ai_addrlen);
    *len = found->ai_addrlen;
    freeaddrinfo(found);
    return DW_OK;
}

dw_err server_bind(int *out, const char *where, struct err_detail *detail)
{
    struct sockaddr_storage address;
    socklen_t len = 0;
    int yes = 1;
    *out = -1;
    ERR_TRY(server_address(&address, &len, where, detail));
    *out = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*out < 0) return err_set(detail, DW_E_IO, "%s: %s", where, strerror(errno));
    setsockopt(*out, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(*out, (struct sockaddr *)&address, len) == 0 && listen(*out, SOMAXCONN) == 0) return DW_OK;
    dw_err err = err_set(detail, errno == EADDRINUSE ? DW_E_PORT : DW_E_IO, "%s: %s", where, strerror(errno));
    close(*out);
    *out = -1; /* so that whoever tries another address does not take it for open */
    return err;
}

dw_err server_listen(int *out, const char *where, int ready, struct err_detail *detail)
{
    *out = ready;
    return ready >= 0 ? DW_OK : server_bind(out, where, detail);
}

static void server_connection(void *cls, struct MHD_Connection *connection, void **state,
                              enum MHD_ConnectionNotificationCode code)
{
    struct server *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        patience_end(server->patience, *state);
        *state = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *state = info == NULL ? NULL : patience_begin(server->patience, info->connect_fd, clock_ns());
}

/* Open files that cannot be had are taken off the connections. */
static unsigned server_room(unsigned most)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur > most + SERVER_FILES) return most;
    return files.rlim_cur > 2 * SERVER_FILES ? (unsigned)files.rlim_cur - SERVER_FILES : SERVER_FILES;
}

/* The library's own words are about connections that broke; they are no news. */
void server_quiet(void *cls, const char *format, va_list args)
{
    (void)cls;
    (void)format;
    (void)args;
}

/* TLS 1.2 and 1.3, with forward secrecy and ciphers that authenticate what they hide. */
static const char server_ciphers[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:"
    "+CHACHA20-POLY1305:+AES-128-GCM:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE";

dw_err server_daemon(struct MHD_Daemon **out, struct server *server, int socket, struct err_detail *detail)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned pool = processors < 2 ? 1 : processors > 8 ? 8 : (unsigned)processors;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, server->cert},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
                                   {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)server_ciphers},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    if (server->secure) flags |= MHD_USE_TLS;
    *out = MHD_start_daemon(flags, 0, NULL, NULL, call_answer, server, MHD_OPTION_LISTEN_SOCKET, socket,
                            MHD_OPTION_EXTERNAL_LOGGER, server_quiet, NULL, MHD_OPTION_NOTIFY_COMPLETED, call_ended, server,
                            MHD_OPTION_NOTIFY_CONNECTION, server_connection, server, MHD_OPTION_URI_LOG_CALLBACK, call_line,
                            server, MHD_OPTION_THREAD_POOL_SIZE, pool, MHD_OPTION_CONNECTION_LIMIT, server->most,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_IDLE, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)SERVER_MEMORY, MHD_OPTION_ARRAY, server->secure ? tls : plain, MHD_OPTION_END);
    return *out != NULL ? DW_OK : err_set(detail, DW_E_IO, "the server does not start on %s", server->config.listen);
}

static void *server_write(void *ctx)
{
    pthread_setname_np(pthread_self(), "dw-writer");
    writer_serve(((struct server *)ctx)->desk);
    return NULL;
}

/* The addresses: for callers, for those who do not know HTTPS yet, for monitoring. */
static dw_err server_open(struct server *server, const struct server_config *config, struct err_detail *detail)
{
    int socket;
    if (server->secure) ERR_TRY(server_renew_pair(server, config->cert, config->key, detail));
    ERR_TRY(server_listen(&socket, config->listen, config->socket, detail));
    dw_err err = server_daemon(&server->daemon, server, socket, detail);
    if (err != DW_OK) {
        close(socket);
        return err;
    }
    if (server->secure && config->plain != NULL) {
        ERR_TRY(server_listen(&socket, config->plain, config->plain_socket, detail));
        ERR_TRY(plain_start(&server->plain, socket, server_port(server), config->authority, detail));
    }
    return config->metrics_listen != NULL || config->metrics_socket >= 0 ? server_monitor(server, detail) : DW_OK;
}

dw_err server_start(struct server **out, const struct server_config *config, struct err_detail *detail)
{
    struct server *server = calloc(1, sizeof *server);
    *out = NULL;
    if (server == NULL) return DW_E_MEMORY;
    server->config = *config;
    server->config.cert = server->config.key = server->config.authority = NULL; /* the caller's */
    server->log = config->log;
    server->secure = config->cert != NULL;
    server->most = server_room(config->connections > 0 ? (unsigned)config->connections : SERVER_CONNECTIONS);
    server->calls = config->calls;
    server->sign_ins = config->sign_ins / 60.0;
    server->proxy = config->proxy;
    server->authority = config->authority == NULL ? NULL : strdup(config->authority);
    server->begun_ns = clock_ns();
    server->begun_ms = when_now().ms;
    server->counts = calloc((routes_count + 1) * 4, sizeof *server->counts);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = config->threads > 0 ? (size_t)config->threads : (size_t)(processors < 1 ? 2 : 2 * processors);
    dw_err err = server->counts == NULL ? DW_E_MEMORY : desk_open(&server->desk, config->store, detail);
    if (err == DW_OK) {
        store_lean(server->desk->store);
        malloc_trim(0); /* what loading took and gave back */
    }
    if (err == DW_OK) err = account_open(&server->accounts, server->desk, config->store, detail);
    if (err == DW_OK) err = window_open(&server->window, server->desk, config->store, detail);
    if (err == DW_OK) err = job_open(&server->jobs, server->desk, config->store, detail);
    if (err == DW_OK) err = pull_open(&server->pull, server->desk, config->store, detail);
    if (err == DW_OK) err = work_start(&server->work, threads, SERVER_WAITING);
    if (err == DW_OK) err = work_start(&server->slow, SERVER_SLOW, SERVER_SLOW_WAITING);
    if (err == DW_OK && config->oidc.issuer != NULL) err = work_start(&server->outside, SERVER_SLOW, SERVER_SLOW_WAITING);
    if (err == DW_OK && config->oidc.issuer != NULL)
        err = oidc_open(&server->oidc, &config->oidc, keyring_blind(server->desk->keys));
    if (err == DW_OK) err = limit_open(&server->limit);
    if (err == DW_OK) {
        server->writes = pthread_create(&server->writer, NULL, server_write, server) == 0;
        if (!server->writes) err = DW_E_MEMORY;
    }
    if (err == DW_OK) err = live_start(&server->live, server);
    if (err == DW_OK) err = patience_open(&server->patience, server->most);
    if (err == DW_OK) err = server_open(server, config, detail);
    if (err == DW_OK) err = server_backup_start(server);
    if (err == DW_OK)
        *out = server;
    else
        server_stop(server);
    return err;
}

/* What was answered last is still on its way to its callers. Whoever does not take it, or stops half way through his question, is
 * not waited for. */
static void server_drain(struct server *server)
{
    const struct timespec nap = {.tv_nsec = 5000000};
    uint64_t until = clock_ns() + SERVER_DRAIN * 1000000000ull;
    while (atomic_load(&server->under_way) > 0 && clock_ns() < until) nanosleep(&nap, NULL);
}

void server_stop(struct server *server)
{
    if (server == NULL) return;
    plain_stop(server->plain);
    MHD_socket socket = server->daemon == NULL ? MHD_INVALID_SOCKET : MHD_quiesce_daemon(server->daemon);
    atomic_store(&server->ending, true);
    server_backup_stop(server);
    if (server->monitor != NULL) MHD_stop_daemon(server->monitor);
    /* What waits is done and resumed before the daemon may end: it must not end while a connection is suspended. */
    live_stop(server->live);
    work_stop(server->outside);
    work_stop(server->slow);
    work_stop(server->work);
    job_close(server->jobs);
    if (server->writes) {
        writer_stop(server->desk);
        pthread_join(server->writer, NULL);
    }
    if (server->daemon != NULL) {
        server_drain(server);
        server_retire(server, true);
        MHD_stop_daemon(server->daemon);
    }
    if (socket != MHD_INVALID_SOCKET) close(socket);
    window_close(server->window);
    live_free(server->live);
    pull_close(server->pull);
    patience_close(server->patience);
    limit_close(server->limit);
    oidc_close(server->oidc);
    account_close(server->accounts);
    desk_close(server->desk);
    if (server->key != NULL) keys_wipe(server->key, strlen(server->key));
    free(server->cert);
    free(server->key);
    free(server->counts);
    free(server->authority);
    free(server);
}

static int server_port_of(struct MHD_Daemon *daemon)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    const union MHD_DaemonInfo *info = daemon == NULL ? NULL : MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_LISTEN_FD);
    if (info == NULL || getsockname(info->listen_fd, (struct sockaddr *)&address, &len) != 0) return 0;
    return address.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&address)->sin6_port)
                                         : ntohs(((struct sockaddr_in *)&address)->sin_port);
}

int server_port(const struct server *server)
{
    return server_port_of(server->daemon);
}

int server_monitor_port(const struct server *server)
{
    return server_port_of(server->monitor);
}

void server_tick(struct server *server)
{
    struct err_detail ignored = {0};
    writer_refresh(server->desk, &ignored);
    job_tick(server->jobs, when_now().ms);
    pull_keep(server->pull, &ignored);
    if (when_now().ms - server->forgot_ms >= SERVER_FORGET_MS) {
        server->forgot_ms = when_now().ms;
        position_forget(server->window, server->forgot_ms, &ignored);
    }
    server_retire(server, false);
    atomic_fetch_add(&server->ended, patience_tick(server->patience, clock_ns()));
}
