#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/serve_confine.h"
#include "desk/tls.h"
#include "http/server.h"

enum { CMD_SERVE_TICK = 1 /* second */ };

/* Waits for a signal that ends the server, doing its small regular work meanwhile. */
static void cmd_serve_wait(struct server *server, const sigset_t *set)
{
    const struct timespec tick = {.tv_sec = CMD_SERVE_TICK};
    for (;;) {
        int got = sigtimedwait(set, NULL, &tick);
        if (got == SIGINT || got == SIGTERM) return;
        server_tick(server);
    }
}

/* The certificate: of --cert and --key, or the one that `tls init` made beside the store. */
static dw_err cmd_serve_tls(struct cert_pair *out, struct cli *cli)
{
    const char *cert = cli_text(cli, "cert"), *key = cli_text(cli, "key");
    *out = (struct cert_pair){NULL, NULL};
    if (cli_flag(cli, "no-tls")) return DW_OK;
    if (cert == NULL && key == NULL) return tls_load(out, cli_text(cli, "store"), cli->at, &cli->detail);
    if (cert == NULL || key == NULL) return err_set(&cli->detail, DW_E_USAGE, "--cert, --key");
    ERR_TRY(tls_file(&out->cert, cert, &cli->detail));
    ERR_TRY(tls_file(&out->key, key, &cli->detail));
    if (out->cert != NULL && out->key != NULL) return DW_OK;
    return err_set(&cli->detail, DW_E_NOT_FOUND, "%s", out->cert == NULL ? cert : key);
}

static dw_err cmd_serve_run(struct cli *cli, const struct cert_pair *pair)
{
    struct server_config config = {.store = cli_text(cli, "store"),
                                   .listen = cli_text(cli, "listen"),
                                   .socket = -1,
                                   .threads = (int)cli_int(cli, "threads"),
                                   .calls = (int)cli_int(cli, "calls"),
                                   .sign_ins = (int)cli_int(cli, "sign-ins"),
                                   .proxy = cli_flag(cli, "proxy"),
                                   .log = cli_flag(cli, "log") ? stderr : NULL};
    struct server *server;
    char *authority = pair->cert == NULL ? NULL : tls_authority(config.store);
    sigset_t set;
    config.cert = pair->cert;
    config.key = pair->key;
    config.authority = authority;
    config.plain = cli_text(cli, "plain");
    /* Blocked before any thread starts, so that only the wait below takes them. */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, NULL);
    const struct confine_rule rules[] = {{config.app, false}};
    dw_err err = server_bind(&config.socket, config.listen, &cli->detail);
    if (err == DW_OK && config.cert != NULL && config.plain != NULL)
        err = server_bind(&config.plain_socket, config.plain, &cli->detail);
    if (err == DW_OK) err = serve_confine(cli, config.store, rules, 1);
    if (err == DW_OK) err = server_start(&server, &config, &cli->detail);
    free(authority);
    if (err != DW_OK) return err;
    const char *colon = strrchr(config.listen, ':');
    int host = (int)(colon - config.listen);
    printf(cli_say(cli, "服务器已启动：%s://%.*s:%d/api/v1/openapi.json（Ctrl-C 结束）\n",
                   "Serving at %s://%.*s:%d/api/v1/openapi.json (Ctrl-C ends it)\n"),
           config.cert == NULL ? "http" : "https", host == 0 ? 9 : host, host == 0 ? "127.0.0.1" : config.listen,
           server_port(server));
    fflush(stdout);
    cmd_serve_wait(server, &set);
    server_stop(server);
    return DW_OK;
}

dw_err cmd_serve(struct cli *cli)
{
    struct cert_pair pair = {NULL, NULL};
    dw_err err = cmd_serve_tls(&pair, cli);
    if (err == DW_OK) err = cmd_serve_run(cli, &pair);
    cert_free(&pair);
    return err;
}
