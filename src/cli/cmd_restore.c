#include "cli/cmd.h"
#include "cli/phrase.h"
#include "desk/backup.h"

static void cmd_restore_done(const struct cli *cli, const struct backup_restored *restored, bool keys, bool drill)
{
    const char *file = cli_operand(cli, 0), *store = cli_text(cli, "store");
    if (drill)
        printf(cli_say(cli, "演练恢复 %s：%lld 条台账，重放后全部相符；没有留下任何文件\n",
                       "Drill with %s: %lld entries, replayed, everything verifies; nothing was left behind\n"),
               file, (long long)restored->report.entries);
    else if (keys)
        printf(cli_say(cli, "已恢复密钥文件 %s.sitekey 和 %s.keys\n", "Restored the key files %s.sitekey and %s.keys\n"), store,
               store);
    else
        printf(cli_say(cli, "已恢复 %s：%lld 条台账，核验全部相符\n", "Restored %s: %lld entries, everything verifies\n"), store,
               (long long)restored->report.entries);
    if (restored->again > 0)
        printf(cli_say(cli, "备份之后被遗忘的 %zu 人仍然被遗忘\n", "%zu people forgotten since the backup stay forgotten\n"),
               restored->again);
    if (!drill && cli_text(cli, "forgotten") == NULL) /* a drill has no such option */
        printf("%s\n", cli_say(cli, "如有更新的遗忘名单（backup --forgotten），请用 --forgotten 一并给出。",
                               "If there is a newer list of the forgotten (backup --forgotten), give it with --forgotten."));
}

static dw_err cmd_restore_tell(const struct cli *cli, const struct backup_restored *restored, bool keys, bool drill)
{
    if (cli->json) {
        struct out_json out;
        out_json_begin(&out);
        json_open(&out.json, '{');
        out_json_text(&out, "store", cli_text(cli, "store"));
        json_key(&out.json, "keys");
        json_put_bool(&out.json, keys);
        json_key(&out.json, "drill");
        json_put_bool(&out.json, drill);
        out_json_int(&out, "entries", restored->report.entries);
        out_json_int(&out, "faults", restored->report.faults);
        out_json_int(&out, "listed", (int64_t)restored->erased);
        out_json_int(&out, "forgotten_again", (int64_t)restored->again);
        json_close(&out.json, '}');
        return out_json_end(&out);
    }
    cmd_restore_done(cli, restored, keys, drill);
    return DW_OK;
}

static dw_err cmd_restore_run(struct cli *cli, bool keys, bool drill, const char *erased)
{
    static struct backup_restored restored;
    static struct phrase phrase;
    const char *file = cli_operand(cli, 0), *store = cli_text(cli, "store");
    dw_err err = phrase_read(&phrase, cli, false);
    if (err == DW_OK && drill)
        err = backup_drill(&restored, file, store, &phrase.secret, cli->at, &cli->progress, &cli->detail);
    else if (err == DW_OK)
        err = (keys ? backup_restore_keys : backup_restore)(&restored, file, store, erased, &phrase.secret, cli->at,
                                                            &cli->progress, &cli->detail);
    phrase_wipe(&phrase);
    return err == DW_OK ? cmd_restore_tell(cli, &restored, keys, drill) : err;
}

dw_err cmd_restore(struct cli *cli)
{
    bool keys = cli_flag(cli, "keys"), drill = cli_flag(cli, "drill");
    const char *erased = cli_text(cli, "forgotten");
    if (drill && (keys || erased != NULL))
        return err_set(&cli->detail, DW_E_USAGE, "%s",
                       cli_say(cli, "--drill 不能与 --keys、--forgotten 一起用", "--drill goes without --keys and --forgotten"));
    return cmd_restore_run(cli, keys, drill, erased);
}

dw_err cmd_backup_verify(struct cli *cli)
{
    return cmd_restore_run(cli, false, true, NULL);
}
