#include "cli/cmd.h"

dw_err cmd_init(struct cli *cli)
{
    struct desk *desk = NULL;
    const char *code = cli_text(cli, "code"), *path = cli_text(cli, "store");
    struct desk_new spec = {
        .name = cli_text(cli, "name"), .code = code == NULL ? "" : code, .synthetic = cli_flag(cli, "synthetic"), .at = cli->at};
    char id[ID_TEXT];
    ERR_TRY(desk_create(&desk, path, &spec, &cli->detail));
    id_text(id, desk->site->id);
    desk_close(desk);
    if (!cli->json) {
        printf(cli_say(cli, "已建立战区“%s”：%s（密钥：%s.sitekey、%s.keys，请与数据库分开备份）\n",
                       "Made the site “%s”: %s (keys: %s.sitekey, %s.keys; back them up apart from the store)\n"),
               spec.name, path, path, path);
        return DW_OK;
    }
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "site", id);
    out_json_text(&out, "name", spec.name);
    out_json_text(&out, "store", path);
    json_close(&out.json, '}');
    return out_json_end(&out);
}
