/* What most commands begin with. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/cli.h"
#include "cli/out.h"
#include "commands_gen.h"
#include "desk/desk.h"

/* Opens the site of --store. DW_E_DISPOSED when it has come to its end, unless the command needs no names (_bare). */
dw_err cmd_desk(struct desk **out, struct cli *cli);
dw_err cmd_desk_bare(struct desk **out, struct cli *cli);
/* Ends a command that has nothing to tell but an id (NULL: that it is done), or err; closes the desk. */
dw_err cmd_told(struct cli *cli, struct desk *desk, dw_err err, const struct id *id);
/* A whole file, "-" standard input, at most 256 MiB; free() the text, which is NULL when it is empty. DW_E_NOT_FOUND, DW_E_IO,
 * DW_E_TOO_LARGE. */
dw_err cmd_slurp(char **text, size_t *len, struct cli *cli, const char *path);
/* Reads an operand as an id; DW_E_USAGE names it. */
dw_err cmd_id(struct id *out, struct cli *cli, int operand);
/* Personal values may be shown in full only with a reason: true when --reveal is given, DW_E_USAGE when its reason is not. */
dw_err cmd_reveal(bool *out, struct cli *cli, const char *reason_option);
/* Document and phone as the reader may see them; texts lie in the arena. */
const char *cmd_doc(struct cli *cli, const char *doc, bool reveal);
const char *cmd_phone(struct cli *cli, const char *phone, bool reveal);
/* Chinese or English name of a state of a missing person. */
const char *cmd_state(const struct cli *cli, int state);

#endif
