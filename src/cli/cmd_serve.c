#include "cli/cmd.h"
#include "cli/serve.h"

dw_err cmd_serve(struct cli *cli)
{
    return serve_run(cli, cli_text(cli, "store"), false, NULL, NULL);
}
