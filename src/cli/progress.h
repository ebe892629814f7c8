/* Progress on the terminal's error stream: a bar where there is a terminal, a line a step elsewhere; Ctrl-C cancels. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cli.h"

/* Makes cli->progress. quiet: nothing is shown (--json), cancelling works all the same. */
void progress_start(struct cli *cli, bool quiet);
void progress_end(struct cli *cli);

#endif
