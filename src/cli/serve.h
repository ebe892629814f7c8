/* The server run from the command line: settings in, signals, the service manager's wishes. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include "cli/cli.h"
#include "http/server.h"

typedef void serve_ready(struct cli *cli, void *ctx, const char *url);
/* Starts a server of the command's settings, tells where (ready, unless NULL, is called then), and serves until SIGINT or
 * SIGTERM. demo: plain HTTP; when the port is taken and nobody named one, any free port will do; and a configuration for another
 * site makes no backups of this one. */
dw_err serve_run(struct cli *cli, const char *store, bool demo, serve_ready *ready, void *ctx);
/* The folder of the web app: that of the settings, else the one that was installed beside the program, in the cli's arena; NULL
 * when there is neither. */
const char *serve_app(struct cli *cli);

#endif
