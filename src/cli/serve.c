#include "cli/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/conf.h"
#include "cli/systemd.h"

enum { SERVE_TICK = 1 /* second */, SERVE_PEM_MAX = 256 * 1024 };

dw_err serve_file(const char **out, struct cli *cli, const char *path)
{
    *out = NULL;
    if (path == NULL) return DW_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_at(&cli->detail, errno == ENOENT ? DW_E_NOT_FOUND : DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
    char *text = arena_alloc(&cli->arena, SERVE_PEM_MAX + 1);
    size_t len = 0;
    ssize_t got = text == NULL ? -1 : 1;
    while (got > 0 && len <= SERVE_PEM_MAX) {
        got = read(fd, text + len, SERVE_PEM_MAX + 1 - len);
        if (got > 0) len += (size_t)got;
    }
    close(fd);
    if (got < 0) return err_at(&cli->detail, text == NULL ? DW_E_MEMORY : DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
    if (len > SERVE_PEM_MAX) return err_at(&cli->detail, DW_E_TOO_LARGE, path, NULL, 0, NULL, "%d", SERVE_PEM_MAX);
    text[len] = 0;
    *out = text;
    return DW_OK;
}

static enum log_level serve_level(const struct cli *cli)
{
    const char *level = conf_text(cli, SETTINGS_NAME_LOG_LEVEL);
    int i = 0;
    while (i < LOG_INFO && strcmp(level, log_level_name((enum log_level)i)) != 0) i++;
    return (enum log_level)i;
}

static int64_t serve_int(const struct cli *cli, enum settings_name name)
{
    int64_t n = 0;
    const char *text = conf_text(cli, name);
    while (text != NULL && *text >= '0' && *text <= '9') n = n * 10 + (*text++ - '0'); /* of its type, and so small */
    return n;
}

static struct server_backups serve_backups(const struct cli *cli)
{
    return (struct server_backups){.dir = conf_text(cli, SETTINGS_NAME_BACKUP_DIR),
                                   .phrase_file = conf_text(cli, SETTINGS_NAME_PASSPHRASE_FILE),
                                   .every_s = settings_seconds(conf_text(cli, SETTINGS_NAME_BACKUP_EVERY)),
                                   .drill_s = settings_seconds(conf_text(cli, SETTINGS_NAME_BACKUP_DRILL)),
                                   .keep = serve_int(cli, SETTINGS_NAME_BACKUP_KEEP)};
}

static dw_err serve_config(struct server_config *out, struct cli *cli, const char *store, bool demo)
{
    bool log = settings_bool(conf_text(cli, SETTINGS_NAME_LOG)) || conf_text(cli, SETTINGS_NAME_LOG_FILE) != NULL;
    *out = (struct server_config){.store = store,
                                  .listen = conf_text(cli, SETTINGS_NAME_LISTEN),
                                  .app = conf_text(cli, SETTINGS_NAME_APP),
                                  .threads = (int)serve_int(cli, SETTINGS_NAME_THREADS),
                                  .connections = (int)serve_int(cli, SETTINGS_NAME_CONNECTIONS),
                                  .metrics_listen = conf_text(cli, SETTINGS_NAME_METRICS_LISTEN),
                                  .version = DOORWARD_VERSION,
                                  .backups = serve_backups(cli)};
    if (demo) out->backups.dir = out->metrics_listen = NULL;
    ERR_TRY(serve_file(&out->cert, cli, conf_text(cli, SETTINGS_NAME_TLS_CERT)));
    ERR_TRY(serve_file(&out->key, cli, conf_text(cli, SETTINGS_NAME_TLS_KEY)));
    if ((out->cert == NULL) != (out->key == NULL))
        return err_at(&cli->detail, DW_E_INVALID, NULL, NULL, 0, "tls_cert, tls_key", "%s",
                      cli_say(cli, "两个要一起给", "both or neither"));
    systemd_sockets(&out->socket, &out->metrics_socket);
    if (log) ERR_TRY(log_open(&out->log, conf_text(cli, SETTINGS_NAME_LOG_FILE), serve_level(cli), &cli->detail));
    return DW_OK;
}

/* Settings, log and certificate anew; what is wrong is logged, and all stays as it was. */
static void serve_reload(struct cli *cli, struct server *server, const struct server_config *config)
{
    const char *cert, *key;
    struct server_backups plan;
    char now[64];
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    snprintf(now, sizeof now, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock.tv_sec * 1000000 + clock.tv_nsec / 1000);
    systemd_tell(now);
    err_clear(&cli->detail);
    dw_err err = conf_load(cli);
    if (err == DW_OK) err = serve_file(&cert, cli, conf_text(cli, SETTINGS_NAME_TLS_CERT));
    if (err == DW_OK) err = serve_file(&key, cli, conf_text(cli, SETTINGS_NAME_TLS_KEY));
    if (err == DW_OK) err = server_renew(server, cert, key, &cli->detail);
    dw_err logs = log_reopen(config->log, conf_text(cli, SETTINGS_NAME_LOG_FILE), serve_level(cli), &cli->detail);
    if (err == DW_OK) err = logs;
    if (err == DW_OK) {
        plan = serve_backups(cli);
        server_plan_backups(server, &plan);
    }
    log_event(config->log, err == DW_OK ? LOG_INFO : LOG_ERROR, "reload", err, "file", cli->detail.file, "setting",
              cli->detail.column, "why", cli->detail.text, NULL);
    if (err != DW_OK) {
        char line[2048];
        err_format(line, sizeof line, err, &cli->detail, cli->lang);
        fprintf(stderr, "doorward: %s\n", line);
    }
    systemd_tell("READY=1");
}

/* Waits for a signal that ends the server, doing its small regular work meanwhile. */
static void serve_wait(struct cli *cli, struct server *server, const struct server_config *config, const sigset_t *set)
{
    const struct timespec tick = {.tv_sec = SERVE_TICK};
    uint64_t watchdog = systemd_watchdog(), fed = 0;
    for (;;) {
        int got = sigtimedwait(set, NULL, &tick);
        if (got == SIGINT || got == SIGTERM) return;
        if (got == SIGHUP) serve_reload(cli, server, config);
        server_tick(server);
        bool alive = server_alive(server);
        if (!alive) log_event(config->log, LOG_ERROR, "stuck", DW_E_BUSY, NULL);
        if (watchdog == 0 || !alive || clock_ns() - fed < watchdog / 3) continue;
        systemd_tell("WATCHDOG=1");
        fed = clock_ns();
    }
}

/* Where people reach it; an address that means all of them is shown as this machine's own. */
static void serve_url(char *out, size_t size, const char *listen, int port, bool secure)
{
    const char *colon = strrchr(listen, ':');
    int host = colon == NULL ? 0 : (int)(colon - listen);
    bool any = host == 0 || strncmp(listen, "0.0.0.0:", 8) == 0 || strncmp(listen, "[::]:", 5) == 0;
    snprintf(out, size, "%s://%.*s:%d", secure ? "https" : "http", any ? 9 : host, any ? "127.0.0.1" : listen, port);
}

static dw_err serve_start(struct server **out, struct cli *cli, struct server_config *config, bool demo)
{
    dw_err err = server_start(out, config, &cli->detail);
    if (err != DW_E_BUSY || !demo || config->listen != settings_all[SETTINGS_NAME_LISTEN].fallback) return err;
    err_clear(&cli->detail);
    config->listen = "127.0.0.1:0";
    return server_start(out, config, &cli->detail);
}

static dw_err serve_until_end(struct cli *cli, struct server_config *config, const sigset_t *set, bool demo,
                              void (*ready)(struct cli *cli, void *ctx, const char *url), void *ctx)
{
    struct server *server;
    char url[512];
    ERR_TRY(serve_start(&server, cli, config, demo));
    serve_url(url, sizeof url, config->listen, server_port(server), config->cert != NULL);
    printf(cli_say(cli, "服务器已启动：%s/（接口说明 %s/api/v1/docs，Ctrl-C 结束）\n",
                   "Serving at %s/ (the API is explained at %s/api/v1/docs; Ctrl-C ends it)\n"),
           url, url);
    if (server_monitor_port(server) > 0)
        printf(cli_say(cli, "监控地址：端口 %d\n", "Monitoring: port %d\n"), server_monitor_port(server));
    if (ready != NULL) ready(cli, ctx, url);
    fflush(stdout);
    log_event(config->log, LOG_INFO, "start", DW_OK, "version", config->version, "url", url, NULL);
    systemd_tell("READY=1");
    serve_wait(cli, server, config, set);
    systemd_tell("STOPPING=1");
    log_event(config->log, LOG_INFO, "stopping", DW_OK, NULL);
    server_stop(server);
    log_event(config->log, LOG_INFO, "stop", DW_OK, NULL);
    return DW_OK;
}

dw_err serve_run(struct cli *cli, const char *store, bool demo, void (*ready)(struct cli *cli, void *ctx, const char *url),
                 void *ctx)
{
    struct server_config config;
    sigset_t set;
    /* Blocked before any thread starts, so that only the wait takes them. */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) { /* a connection is a file */
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    ERR_TRY(serve_config(&config, cli, store, demo));
    dw_err err = serve_until_end(cli, &config, &set, demo, ready, ctx);
    if (err != DW_OK) log_event(config.log, LOG_ERROR, "failed", err, "file", cli->detail.file, "why", cli->detail.text, NULL);
    log_close(config.log);
    return err;
}
