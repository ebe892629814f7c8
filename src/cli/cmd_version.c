#include "cli/cmd.h"

dw_err cmd_version(struct cli *cli)
{
    if (cli->json)
        printf("{\"doorward\":\"%s\",\"sqlite\":\"%s\"}\n", DOORWARD_VERSION, store_version());
    else
        printf("doorward %s\nsqlite %s\n", DOORWARD_VERSION, store_version());
    return DW_OK;
}
