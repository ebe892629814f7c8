#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "desk/writer.h"
#include "http/call.h"
#include "http/server_inside.h"

enum { SERVER_CONNECTIONS = 12000, SERVER_IDLE = 60 /* seconds */, SERVER_MEMORY = 64 * 1024, SERVER_WAITING = 20000 };
#define SERVER_DRAIN_NS UINT64_C(10000000000)

struct desk *server_desk(const struct server *server)
{
    return server->desk;
}

struct account_desk *server_accounts(const struct server *server)
{
    return server->accounts;
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

dw_err server_listen(int *out, const char *listen_at, int given, struct err_detail *detail)
{
    struct sockaddr_storage address;
    socklen_t len = 0;
    int yes = 1;
    *out = given;
    if (given >= 0) return DW_OK;
    ERR_TRY(server_address(&address, &len, listen_at, detail));
    *out = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*out < 0) return err_set(detail, DW_E_IO, "%s: %s", listen_at, strerror(errno));
    setsockopt(*out, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(*out, (struct sockaddr *)&address, len) == 0 && listen(*out, SOMAXCONN) == 0) return DW_OK;
    dw_err err = err_set(detail, errno == EADDRINUSE ? DW_E_BUSY : DW_E_IO, "%s: %s", listen_at, strerror(errno));
    close(*out);
    return err;
}

/* The library's own words are about connections that broke; they are no news. */
void server_quiet(void *cls, const char *format, va_list args)
{
    (void)cls;
    (void)format;
    (void)args;
}

dw_err server_daemon(struct MHD_Daemon **out, struct server *server, int socket, struct err_detail *detail)
{
    const struct server_config *config = &server->config;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned pool = processors < 2 ? 1 : processors > 8 ? 8 : (unsigned)processors;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->cert}, {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key}, {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    server->secure = server->cert != NULL;
    if (server->secure) flags |= MHD_USE_TLS;
    unsigned most = config->connections > 0 ? (unsigned)config->connections : SERVER_CONNECTIONS;
    *out = MHD_start_daemon(flags, 0, NULL, NULL, call_answer, server, MHD_OPTION_LISTEN_SOCKET, socket,
                            MHD_OPTION_EXTERNAL_LOGGER, server_quiet, NULL, MHD_OPTION_NOTIFY_COMPLETED, call_ended, server,
                            MHD_OPTION_THREAD_POOL_SIZE, pool, MHD_OPTION_CONNECTION_LIMIT, most, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)SERVER_IDLE, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_MEMORY, MHD_OPTION_ARRAY,
                            server->secure ? tls : plain, MHD_OPTION_END);
    return *out != NULL ? DW_OK : err_set(detail, DW_E_IO, "the server does not start on %s", config->listen);
}

static void *server_write(void *ctx)
{
    writer_serve(((struct server *)ctx)->desk);
    return NULL;
}

dw_err server_start(struct server **out, const struct server_config *config, struct err_detail *detail)
{
    struct server *server = calloc(1, sizeof *server);
    int socket = -1;
    *out = NULL;
    if (server == NULL) return DW_E_MEMORY;
    server->config = *config;
    server->config.cert = server->config.key = NULL;
    server->log = config->log;
    server->begun_ns = clock_ns();
    server->begun_ms = when_now().ms;
    server->calls = calloc((routes_count + 1) * 4, sizeof *server->calls);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = config->threads > 0 ? (size_t)config->threads : (size_t)(processors < 1 ? 2 : 2 * processors);
    dw_err err = server->calls == NULL ? DW_E_MEMORY : desk_open(&server->desk, config->store, detail);
    if (err == DW_OK) err = account_open(&server->accounts, server->desk, config->store, detail);
    if (err == DW_OK) err = work_start(&server->work, threads, SERVER_WAITING);
    if (err == DW_OK) {
        server->writes = pthread_create(&server->writer, NULL, server_write, server) == 0;
        if (!server->writes) err = DW_E_MEMORY;
    }
    if (err == DW_OK && config->cert != NULL) err = server_renew_pair(server, config->cert, config->key, detail);
    if (err == DW_OK) err = server_listen(&socket, config->listen, config->socket, detail);
    if (err == DW_OK) err = server_daemon(&server->daemon, server, socket, detail);
    if (err == DW_OK && (config->metrics_listen != NULL || config->metrics_socket >= 0)) err = server_monitor(server, detail);
    if (err == DW_OK) err = server_backup_start(server);
    if (err == DW_OK) {
        *out = server;
        return DW_OK;
    }
    if (socket >= 0 && server->daemon == NULL) close(socket);
    server_stop(server);
    return err;
}

/* What has begun is answered; connections that only stay open are not waited for. */
static void server_drain(struct server *server)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    for (uint64_t since = clock_ns(); atomic_load(&server->active) > 0 && clock_ns() - since < SERVER_DRAIN_NS;)
        nanosleep(&pause, NULL);
}

void server_stop(struct server *server)
{
    if (server == NULL) return;
    atomic_store(&server->stopping, true);
    MHD_socket socket = server->daemon == NULL ? MHD_INVALID_SOCKET : MHD_quiesce_daemon(server->daemon);
    server_drain(server);
    server_backup_stop(server);
    if (server->monitor != NULL) MHD_stop_daemon(server->monitor);
    /* What waits is done and resumed before the daemon may end: it must not end while a connection is suspended. */
    work_stop(server->work);
    if (server->writes) {
        writer_stop(server->desk);
        pthread_join(server->writer, NULL);
    }
    server_retire(server, true);
    if (server->daemon != NULL) MHD_stop_daemon(server->daemon);
    if (socket != MHD_INVALID_SOCKET) close(socket);
    account_close(server->accounts);
    desk_close(server->desk);
    keys_wipe(server->key, server->key == NULL ? 0 : strlen(server->key));
    free(server->cert);
    free(server->key);
    free(server->calls);
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
    server_retire(server, false);
}
