#include "cli/cmd.h"
#include "desk/dispose.h"

static dw_err cmd_dispose_ask(struct cli *cli, struct desk *desk)
{
    const struct site *site = desk_read(desk);
    long long people = site_count(site, SITE_PERSON);
    desk_read_end(desk);
    if (cli_flag(cli, "yes")) return DW_OK;
    return err_set(&cli->detail, DW_E_STATE,
                   cli_say(cli, "将永久销毁 %lld 人的姓名和证件，手机尚未上传的条目也不再接收：加 --yes 确认",
                           "names and documents of %lld people are to be destroyed for good, and nothing that phones still hold "
                           "will be taken: confirm with --yes"),
                   people);
}

static dw_err cmd_dispose_tell(const struct cli *cli, const struct dispose_done *done)
{
    const char *file = cli_text(cli, "certificate");
    if (!cli->json) {
        printf(
            cli_say(cli, "战区已销毁：%lld 把密钥，证书 %s 和 %s.txt\n台账所知的备份与导出 %lld 份，列在证书里，请逐一销毁。\n",
                    "The site is disposed of: %lld keys, certificate %s and %s.txt\nIt lists the %lld backups and exports that "
                    "the ledger knows of: destroy each.\n"),
            (long long)done->keys, file, file, (long long)done->copies);
        return DW_OK;
    }
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "certificate", file);
    out_json_text(&out, "sha256", done->hash);
    out_json_int(&out, "people", done->people);
    out_json_int(&out, "members", done->members);
    out_json_int(&out, "keys_destroyed", done->keys);
    out_json_int(&out, "entries", done->entries);
    out_json_int(&out, "devices", done->devices);
    out_json_int(&out, "copies", done->copies);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

dw_err cmd_dispose(struct cli *cli)
{
    static struct dispose_done done;
    struct desk *desk = NULL;
    struct err_detail ignored = {0};
    const char *store = cli_text(cli, "store"), *reason = cli_text(cli, "reason");
    dw_err err = cmd_desk_bare(&desk, cli);
    if (err == DW_E_KEYS && cli_flag(cli, "yes") && dispose_finish(store, &ignored) == DW_OK) {
        printf("%s\n", cli->json ? "{\"finished\":true}"
                                 : cli_say(cli, "上次中断的销毁已完成。", "The disposal that broke off is finished."));
        return DW_OK;
    }
    if (err == DW_OK) err = cmd_dispose_ask(cli, desk);
    if (err == DW_OK)
        err = dispose_site(&done, desk, store, cli_text(cli, "certificate"), reason == NULL ? "" : reason, cli->at, &cli->detail);
    desk_close(desk);
    return err == DW_OK ? cmd_dispose_tell(cli, &done) : err;
}
