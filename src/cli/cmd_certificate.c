#include <unistd.h>

#include "cli/cmd.h"
#include "desk/dispose.h"

static dw_err cmd_certificate_tell(const struct cli *cli, const struct dispose_checked *checked)
{
    if (!cli->json) {
        printf(cli_say(cli, "证书有效：%s，%s 销毁，%lld 人，%lld 把密钥，台账 %lld 条\n签名公钥 %s\n",
                       "The certificate is good: %s, disposed of %s, %lld people, %lld keys, %lld entries\nPublic key %s\n"),
               checked->name, checked->at, (long long)checked->people, (long long)checked->keys, (long long)checked->entries,
               checked->key);
        printf("%s\n", checked->compared ? cli_say(cli, "与数据库的各条链一致。", "It fits every chain of the store.")
                                         : cli_say(cli, "没有数据库可比对：请另行核实公钥。",
                                                   "No store to compare with: make sure of the public key otherwise."));
        return DW_OK;
    }
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "site", checked->site);
    out_json_text(&out, "name", checked->name);
    out_json_text(&out, "disposed", checked->at);
    out_json_text(&out, "public_key", checked->key);
    out_json_int(&out, "people", checked->people);
    out_json_int(&out, "keys_destroyed", checked->keys);
    out_json_int(&out, "entries", checked->entries);
    out_json_int(&out, "devices", checked->devices);
    out_json_int(&out, "copies", checked->copies);
    json_key(&out.json, "compared");
    json_put_bool(&out.json, checked->compared);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

dw_err cmd_certificate_check(struct cli *cli)
{
    static struct dispose_checked checked;
    struct desk *desk = NULL;
    /* a store that is named must be there; the one in the folder may be */
    bool named = cli->given[cli_index(cli, "store", 5)] != NULL || access(cli_text(cli, "store"), F_OK) == 0;
    dw_err err = named ? cmd_desk_bare(&desk, cli) : DW_OK;
    if (err == DW_OK) err = dispose_check(&checked, cli_operand(cli, 0), desk, &cli->detail);
    desk_close(desk);
    return err == DW_OK ? cmd_certificate_tell(cli, &checked) : err;
}
