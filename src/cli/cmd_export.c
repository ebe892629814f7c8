#include "cli/cmd.h"
#include "desk/export.h"

dw_err cmd_export(struct cli *cli)
{
    static struct export_done done;
    struct desk *desk = NULL;
    bool reveal;
    ERR_TRY(cmd_reveal(&reveal, cli, "reason"));
    struct export_spec spec = {
        .folder = cli_operand(cli, 0), .lang = cli->lang, .reveal = reveal ? cli_text(cli, "reason") : NULL, .at = cli->at};
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = export_all(&done, desk, &spec, &cli->progress, &cli->detail);
    desk_close(desk);
    if (err != DW_OK) return err;
    if (!cli->json) {
        printf(cli_say(cli, "已导出到 %s：%lld 张表，%lld 个图层，%lld 行%s\n",
                       "Exported to %s: %lld tables, %lld layers, %lld rows%s\n"),
               spec.folder, (long long)done.tables, (long long)done.layers, (long long)done.rows,
               reveal ? cli_say(cli, "，个人信息未遮盖", ", personal values in full") : "");
        return DW_OK;
    }
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "folder", spec.folder);
    out_json_int(&out, "tables", done.tables);
    out_json_int(&out, "layers", done.layers);
    out_json_int(&out, "rows", done.rows);
    out_json_int(&out, "bytes", done.bytes);
    out_json_text(&out, "sha256", done.hash);
    json_key(&out.json, "revealed");
    json_put_bool(&out.json, reveal);
    json_close(&out.json, '}');
    return out_json_end(&out);
}
