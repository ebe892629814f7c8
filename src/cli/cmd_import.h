/* What the import commands share with others that take files in. */
#ifndef CLI_CMD_IMPORT_H
#define CLI_CMD_IMPORT_H

#include "cli/cli.h"
#include "desk/import.h"

void cmd_import_json(const struct import_result *r, bool dry);
/* The rows that were not taken as they stood. */
void cmd_import_troubles(const struct cli *cli, const struct import_result *r);

#endif
