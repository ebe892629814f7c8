/* Where a command's settings come from: options, then the environment, then the configuration file. */
#ifndef CLI_CONF_H
#define CLI_CONF_H

#include "cli/cli.h"

/* Reads the configuration file into cli->conf (the usual one may be missing, or not be ours to read; one that was named must be
 * there) and looks at the variables of what the command takes. Can be called again: the old values stay readable, and on an error
 * in use. DW_E_INVALID with file, line and setting. */
dw_err conf_load(struct cli *cli);
/* A setting's value; NULL: not set, and there is no default. */
const char *conf_text(const struct cli *cli, enum settings_name name);
/* The same of an address, without the slash at its end. */
const char *conf_url(struct cli *cli, enum settings_name name);
/* Reads the file only; *found false when the usual one is not there. */
dw_err conf_file(struct settings *out, bool *found, struct cli *cli);

#endif
