/* The list of who is missing, in every format; for cmd_round.c. */
#ifndef CLI_CMD_MISSING_H
#define CLI_CMD_MISSING_H

#include "cli/cmd.h"
#include "desk/round.h"

/* Writes the list as --format and --out say. Caller holds the read lock. */
dw_err cmd_missing_write(struct cli *cli, const struct site *site, const struct round_missing *missing, bool reveal);

#endif
