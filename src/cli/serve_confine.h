/* What the server gives up once its sockets are bound and its certificate read, and before anything else. */
#ifndef CLI_SERVE_CONFINE_H
#define CLI_SERVE_CONFINE_H

#include "base/confine.h"
#include "cli/cli.h"

enum { SERVE_CONFINE_RULES = 32 };
/* Goes on as the user of the settings, and with the folder of the store, more's paths and what programs need, unless they say no.
 */
dw_err serve_confine(struct cli *cli, const char *store, const struct confine_rule *more, size_t count);

#endif
