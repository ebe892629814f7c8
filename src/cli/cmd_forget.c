#include <stdlib.h>

#include "cli/cmd.h"
#include "desk/forget.h"

static dw_err cmd_forget_tell(struct cli *cli, const struct forget_people *people)
{
    if (!cli->json) {
        printf(cli_say(cli, "已遗忘（%zu 条登记）：密钥已销毁，统计不变\n",
                       "Forgotten (%zu entries): the key is destroyed, the numbers stay\n"),
               people->count);
        return DW_OK;
    }
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_int(&out, "forgotten", (int64_t)people->count);
    json_key(&out.json, "people");
    json_open(&out.json, '[');
    for (size_t i = 0; i < people->count; i++) {
        char id[ID_TEXT];
        id_text(id, people->ids[i]);
        json_put(&out.json, id);
    }
    json_close(&out.json, ']');
    json_close(&out.json, '}');
    return out_json_end(&out);
}

dw_err cmd_forget(struct cli *cli)
{
    struct desk *desk = NULL;
    struct forget_people people = {0};
    struct id person;
    const char *reason = cli_text(cli, "reason");
    ERR_TRY(cmd_id(&person, cli, 0));
    if (*reason == 0) return err_set(&cli->detail, DW_E_USAGE, "%s", cli_say(cli, "--reason 不能为空", "--reason must say why"));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = forget_collect(&people, desk, person, &cli->detail);
    if (err == DW_OK && people.count > 1 && !cli_flag(cli, "yes"))
        err = err_set(&cli->detail, DW_E_STATE,
                      cli_say(cli, "%zu 条登记合并为此人，将一并遗忘：加 --yes 确认",
                              "%zu entries stand for this person and are all to be forgotten: confirm with --yes"),
                      people.count);
    if (err == DW_OK) err = forget_do(desk, &people, reason, cli->at, &cli->detail);
    if (err == DW_OK) err = cmd_forget_tell(cli, &people);
    desk_close(desk);
    free(people.ids);
    return err;
}
