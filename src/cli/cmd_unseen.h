/* People on no list, from a table instead of a register. */
#ifndef CLI_CMD_UNSEEN_H
#define CLI_CMD_UNSEEN_H

#include "cli/cli.h"
#include "desk/estimate.h"

/* The table of the operand: one row a person, or with --count one row a history; columns of lists have 1 or 0 (or 是, 否, yes,
 * no, x, √ and nothing). Lists that are not named are all columns that hold nothing else. DW_E_CELL names the row and column;
 * DW_E_COLUMN, DW_E_INVALID, and what sheet_read says. */
dw_err cmd_unseen_table(struct estimate_people *out, struct cli *cli);

#endif
