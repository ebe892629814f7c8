/* Reads the words of a call into a struct cli. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "cli/cli.h"

enum args_wish { ARGS_RUN, ARGS_HELP, ARGS_VERSION };

/* DW_E_USAGE with what is wrong and what to write instead. *wish: what to do; cli->command NULL with ARGS_HELP: the overview. */
dw_err args_read(struct cli *cli, enum args_wish *wish, int argc, char **argv);
/* Help of a command, or the overview of all when command is NULL. */
void args_help(const struct cli *cli, const struct cli_command *command);
/* Language by --lang, DOORWARD_LANG, LC_ALL, LC_MESSAGES, LANG; before anything else is read. */
enum err_lang args_lang(int argc, char **argv);

#endif
