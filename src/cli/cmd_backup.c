#include "cli/cmd.h"
#include "cli/phrase.h"
#include "desk/backup.h"

static dw_err cmd_backup_json(const char *file, const struct backup_made *made, bool data)
{
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "file", file);
    out_json_text(&out, "sha256", made->hash);
    out_json_int(&out, "bytes", made->bytes);
    out_json_int(&out, "people", (int64_t)made->people);
    if (data) out_json_int(&out, "entries", made->entries);
    if (data) out_json_int(&out, "store_bytes", made->store_bytes);
    json_key(&out.json, "copy_ms");
    json_put_double(&out.json, made->copy_ms, 1);
    json_key(&out.json, "seal_ms");
    json_put_double(&out.json, made->seal_ms, 1);
    json_key(&out.json, "check_ms");
    json_put_double(&out.json, made->check_ms, 1);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

static void cmd_backup_tell(const struct cli *cli, const char *file, const struct backup_made *made, int what)
{
    const char *const done[] = {
        cli_say(
            cli,
            "已备份数据到 %s（%.1f MB，读回后与数据库逐字节相符）\n个人密钥不在其中，请另用 --keys 备份，分开保管。\n"
            "隔些日子演练一次恢复：doorward restore --drill\n",
            "Backed the data up to %s (%.1f MB, read back and the same as the store, byte for byte)\nPerson keys are not in "
            "it: back them up with --keys and keep the two apart.\nNow and then try to restore it: doorward restore --drill\n"),
        cli_say(cli, "已备份密钥到 %s（%.1f MB，已试恢复）\n有人被遗忘后，请重做这份备份并销毁旧的。\n",
                "Backed the keys up to %s (%.1f MB, restored on trial)\nWhen somebody is forgotten, make it anew and destroy the "
                "old one.\n")};
    if (what < 2)
        printf(done[what], file, (double)made->bytes / 1e6);
    else
        printf(cli_say(cli, "已写出遗忘名单 %s（%zu 人，只有编号）\n",
                       "Wrote the list of the forgotten to %s (%zu people, ids only)\n"),
               file, made->people);
}

dw_err cmd_backup(struct cli *cli)
{
    static struct backup_made made;
    static struct phrase phrase;
    struct desk *desk = NULL;
    const char *file = cli_operand(cli, 0), *store = cli_text(cli, "store");
    int what = cli_flag(cli, "forgotten") ? 2 : cli_flag(cli, "keys");
    if (what == 2 && cli_flag(cli, "keys"))
        return err_set(&cli->detail, DW_E_USAGE, "%s",
                       cli_say(cli, "--keys 和 --forgotten 只能选一个", "either --keys or --forgotten"));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK && what < 2) err = phrase_read(&phrase, cli, true);
    if (err == DW_OK && what == 0)
        err = backup_data(&made, desk, store, file, &phrase.secret, cli->at, &cli->progress, &cli->detail);
    if (err == DW_OK && what == 1) err = backup_keys(&made, desk, store, file, &phrase.secret, cli->at, &cli->detail);
    if (err == DW_OK && what == 2) err = backup_erased(&made, desk, file, cli->at, &cli->detail);
    phrase_wipe(&phrase);
    desk_close(desk);
    if (err != DW_OK) return err;
    if (cli->json) return cmd_backup_json(file, &made, what == 0);
    cmd_backup_tell(cli, file, &made, what);
    return DW_OK;
}
