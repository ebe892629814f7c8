#include <signal.h>
#include <string.h>

#include "cli/cmd.h"
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

dw_err cmd_serve(struct cli *cli)
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
    sigset_t set;
    /* Blocked before any thread starts, so that only the wait below takes them. */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, NULL);
    ERR_TRY(server_start(&server, &config, &cli->detail));
    const char *colon = strrchr(config.listen, ':');
    int host = (int)(colon - config.listen);
    printf(cli_say(cli, "服务器已启动：http://%.*s:%d/api/v1/openapi.json（Ctrl-C 结束）\n",
                   "Serving at http://%.*s:%d/api/v1/openapi.json (Ctrl-C ends it)\n"),
           host == 0 ? 9 : host, host == 0 ? "127.0.0.1" : config.listen, server_port(server));
    fflush(stdout);
    cmd_serve_wait(server, &set);
    server_stop(server);
    return DW_OK;
}
