/* The server run from the command line: settings in, signals, the service manager's wishes. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include "cli/cli.h"
#include "http/server.h"

/* Starts a server of the command's settings, tells where (ready, unless NULL, is called then), and serves until SIGINT or
 * SIGTERM. demo: when the port is taken and nobody named one, any free port will do; and a configuration for another site makes
 * no backups of this one. */
dw_err serve_run(struct cli *cli, const char *store, bool demo, void (*ready)(struct cli *cli, void *ctx, const char *url),
                 void *ctx);
/* A PEM file as text in the arena; NULL for path NULL. DW_E_NOT_FOUND, DW_E_IO, DW_E_TOO_LARGE. */
dw_err serve_file(const char **out, struct cli *cli, const char *path);

#endif
