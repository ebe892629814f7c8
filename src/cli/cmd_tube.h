/* What commands share that record something in a device's name. */
#ifndef CLI_CMD_TUBE_H
#define CLI_CMD_TUBE_H

#include "cli/cli.h"
#include "desk/lab.h"

/* Opens the site of --store, with the round of --round and the device of --by where the command has them. */
dw_err cmd_tube_by(struct lab_by *by, struct cli *cli, bool round, bool device);

#endif
