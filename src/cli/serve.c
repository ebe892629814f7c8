#include "cli/serve.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/conf.h"
#include "cli/serve_cert.h"
#include "cli/serve_confine.h"
#include "cli/serve_oidc.h"
#include "cli/systemd.h"
#include "desk/tls.h"

enum { SERVE_TICK = 1 /* second */ };

struct serve {
    struct server_config server;
    struct serve_cert cert;
    bool secure, demo;
    char *secret; /* of the identity provider's client */
};

/* Whoever sets a folder for the app wants it served: a wrong one is told before anything begins, and not by the little page. */
static dw_err serve_app_there(struct cli *cli, const char *app)
{
    struct stat st;
    if (app == NULL || (stat(app, &st) == 0 && S_ISDIR(st.st_mode))) return DW_OK;
    return err_at(&cli->detail, DW_E_NOT_FOUND, app, NULL, 0, "app", "%s",
                  cli_say(cli, "没有这个文件夹", "there is no such folder"));
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

/* /usr/bin/doorward has it in /usr/share/doorward/app. */
const char *serve_app(struct cli *cli)
{
    static const char beside[] = "/../share/doorward/app";
    char program[4096], path[sizeof program + sizeof beside + 16];
    const char *told = conf_text(cli, SETTINGS_NAME_APP);
    if (told != NULL) return told;
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0) return NULL;
    program[len] = 0;
    char *slash = strrchr(program, '/');
    if (slash == NULL) return NULL;
    *slash = 0;
    int n = snprintf(path, sizeof path, "%s%s/index.html", program, beside);
    if (access(path, R_OK) != 0) return NULL;
    return arena_text(&cli->arena, path, (size_t)n - (sizeof "/index.html" - 1));
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
                                  .app = serve_app(cli),
                                  .public_url = conf_url(cli, SETTINGS_NAME_PUBLIC_URL),
                                  .threads = (int)serve_int(cli, SETTINGS_NAME_THREADS),
                                  .connections = (int)serve_int(cli, SETTINGS_NAME_CONNECTIONS),
                                  .calls = (int)serve_int(cli, SETTINGS_NAME_CALLS),
                                  .sign_ins = (int)serve_int(cli, SETTINGS_NAME_SIGN_INS),
                                  .proxy = settings_bool(conf_text(cli, SETTINGS_NAME_PROXY)),
                                  .plain = conf_text(cli, SETTINGS_NAME_PLAIN),
                                  .metrics_listen = conf_text(cli, SETTINGS_NAME_METRICS_LISTEN),
                                  .version = DOORWARD_VERSION,
                                  .backups = serve_backups(cli)};
    if (demo) out->backups.dir = out->metrics_listen = out->plain = NULL;
    out->plain_socket = -1;
    systemd_sockets(&out->socket, &out->metrics_socket);
    ERR_TRY(serve_app_there(cli, out->app));
    if (log) ERR_TRY(log_open(&out->log, conf_text(cli, SETTINGS_NAME_LOG_FILE), serve_level(cli), &cli->detail));
    return DW_OK;
}

/* Settings, log and certificate anew; what is wrong is logged, and all stays as it was. */
static void serve_reload(struct cli *cli, struct server *server, struct serve *config)
{
    struct server_backups plan;
    char now[64];
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    snprintf(now, sizeof now, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock.tv_sec * 1000000 + clock.tv_nsec / 1000);
    systemd_tell(now);
    err_clear(&cli->detail);
    dw_err err = conf_load(cli);
    if (err == DW_OK && config->secure) err = serve_cert_take(&config->cert, cli, server);
    dw_err logs = log_reopen(config->server.log, conf_text(cli, SETTINGS_NAME_LOG_FILE), serve_level(cli), &cli->detail);
    if (err == DW_OK) err = logs;
    if (err == DW_OK) {
        plan = serve_backups(cli);
        server_plan_backups(server, &plan);
    }
    log_event(config->server.log, err == DW_OK ? LOG_INFO : LOG_ERROR, "reload", err, "file", cli->detail.file, "setting",
              cli->detail.column, "why", cli->detail.text, NULL);
    if (err != DW_OK) {
        char line[2048];
        err_format(line, sizeof line, err, &cli->detail, cli->lang);
        fprintf(stderr, "doorward: %s\n", line);
    }
    systemd_tell("READY=1");
}

/* Waits for a signal that ends the server, doing its small regular work meanwhile. */
static void serve_wait(struct cli *cli, struct server *server, struct serve *config, const sigset_t *set)
{
    const struct timespec tick = {.tv_sec = SERVE_TICK};
    uint64_t watchdog = systemd_watchdog(), fed = 0;
    for (;;) {
        int got = sigtimedwait(set, NULL, &tick);
        if (got == SIGINT || got == SIGTERM) return;
        if (got == SIGHUP) serve_reload(cli, server, config);
        if (config->secure) serve_cert_tick(&config->cert, cli, server);
        server_tick(server);
        bool alive = server_alive(server);
        if (!alive) log_event(config->server.log, LOG_ERROR, "stuck", DW_E_BUSY, NULL);
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

/* Ports are bound by whoever may, before anything is given up. */
static dw_err serve_bind(struct cli *cli, struct server_config *config)
{
    if (config->socket < 0) ERR_TRY(server_bind(&config->socket, config->listen, &cli->detail));
    if (config->plain_socket < 0 && config->plain != NULL && config->cert != NULL)
        ERR_TRY(server_bind(&config->plain_socket, config->plain, &cli->detail));
    if (config->metrics_socket < 0 && config->metrics_listen != NULL)
        ERR_TRY(server_bind(&config->metrics_socket, config->metrics_listen, &cli->detail));
    return DW_OK;
}

/* The folder a file stands in: a file that is put in another's place has none of the first one's rights. */
static const char *serve_folder(struct cli *cli, const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    if (path == NULL) return NULL;
    return slash == NULL ? "." : arena_text(&cli->arena, path, slash == path ? 1 : (size_t)(slash - path));
}

/* What the settings name goes on being found, also what a reload may read again. */
static dw_err serve_give_up(struct cli *cli, const struct server_config *config)
{
    const struct confine_rule rules[] = {{config->app, false},
                                         {config->backups.dir, true},
                                         {serve_folder(cli, config->backups.phrase_file), false},
                                         {serve_folder(cli, conf_text(cli, SETTINGS_NAME_CONFIG)), false},
                                         {serve_folder(cli, conf_text(cli, SETTINGS_NAME_CERT)), false},
                                         {serve_folder(cli, conf_text(cli, SETTINGS_NAME_KEY)), false},
                                         {serve_folder(cli, conf_text(cli, SETTINGS_NAME_OIDC_CA)), false},
                                         /* where the system's resolver may have its file */
                                         {config->oidc.issuer == NULL ? NULL : "/run/systemd/resolve", false},
                                         {serve_folder(cli, conf_text(cli, SETTINGS_NAME_LOG_FILE)), true}};
    return serve_confine(cli, config->store, rules, sizeof rules / sizeof *rules);
}

/* A pair is needed at the start only; the server keeps its own. */
static dw_err serve_start(struct server **out, struct cli *cli, struct serve *serve)
{
    struct server_config *config = &serve->server;
    struct cert_pair pair = {NULL, NULL};
    if (!serve->demo) ERR_TRY(serve_cert_begin(&serve->cert, &pair, cli, config->store, config->log));
    serve->secure = pair.cert != NULL;
    char *authority = serve->secure ? tls_authority(config->store) : NULL;
    config->cert = pair.cert;
    config->key = pair.key;
    config->authority = authority;
    dw_err err = serve_bind(cli, config);
    if (err == DW_E_PORT && serve->demo && config->listen == settings_all[SETTINGS_NAME_LISTEN].fallback) {
        err_clear(&cli->detail);
        config->listen = "127.0.0.1:0";
        err = serve_bind(cli, config);
    }
    if (err == DW_OK) err = serve_give_up(cli, config);
    if (err == DW_OK) err = server_start(out, config, &cli->detail);
    config->cert = config->key = config->authority = NULL;
    cert_free(&pair);
    free(authority);
    return err;
}

static dw_err serve_until_end(struct cli *cli, struct serve *serve, const sigset_t *set, serve_ready *ready, void *ctx)
{
    struct server *server;
    struct log *log = serve->server.log;
    char url[512];
    ERR_TRY(serve_start(&server, cli, serve));
    serve_url(url, sizeof url, serve->server.listen, server_port(server), serve->secure);
    printf(cli_say(cli, "服务器已启动：%s/（接口说明 %s/api/v1/docs，Ctrl-C 结束）\n",
                   "Serving at %s/ (the API is explained at %s/api/v1/docs; Ctrl-C ends it)\n"),
           url, url);
    if (server_monitor_port(server) > 0)
        printf(cli_say(cli, "监控地址：端口 %d\n", "Monitoring: port %d\n"), server_monitor_port(server));
    if (ready != NULL) ready(cli, ctx, url);
    fflush(stdout);
    log_event(log, LOG_INFO, "start", DW_OK, "version", serve->server.version, "url", url, NULL);
    systemd_tell("READY=1");
    serve_wait(cli, server, serve, set);
    systemd_tell("STOPPING=1");
    log_event(log, LOG_INFO, "stopping", DW_OK, NULL);
    server_stop(server);
    log_event(log, LOG_INFO, "stop", DW_OK, NULL);
    return DW_OK;
}

dw_err serve_run(struct cli *cli, const char *store, bool demo, serve_ready *ready, void *ctx)
{
    struct serve serve = {.demo = demo};
    sigset_t set;
    /* Blocked before any thread starts, so that only the wait takes them. */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, NULL);
    ERR_TRY(serve_config(&serve.server, cli, store, demo));
    dw_err err = demo ? DW_OK : serve_oidc(&serve.server.oidc, &serve.secret, cli);
    if (err == DW_OK) err = serve_until_end(cli, &serve, &set, ready, ctx);
    if (err != DW_OK)
        log_event(serve.server.log, LOG_ERROR, "failed", err, "file", cli->detail.file, "why", cli->detail.text, NULL);
    log_close(serve.server.log);
    if (serve.secret != NULL) keys_wipe(serve.secret, strlen(serve.secret));
    free(serve.secret);
    return err;
}
