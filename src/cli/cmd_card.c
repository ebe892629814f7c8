/* Door cards: print, reissue, revoke, check. */
#include <string.h>

#include "cli/cmd.h"
#include "desk/card.h"

dw_err cmd_card_print(struct cli *cli)
{
    struct desk *desk = NULL;
    struct card_printed printed;
    struct card_print spec = {.area = cli_text(cli, "area"),
                              .path = cli_text(cli, "out"),
                              .url = cli_text(cli, "url"),
                              .hotline = cli_text(cli, "hotline"),
                              .size = cli_choice(cli, "size") == 1 ? CARD_SMALL : CARD_A6,
                              .lang = cli->lang,
                              .reissue = cli_flag(cli, "reissue"),
                              .changed = cli_flag(cli, "changed"),
                              .at = cli->at};
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = card_print(&printed, desk, &spec, &cli->progress, &cli->detail);
    desk_close(desk);
    if (err != DW_OK) return err;
    if (cli->json)
        printf("{\"doors\":%lld,\"issued\":%lld}\n", (long long)printed.doors, (long long)printed.issued);
    else
        printf(cli_say(cli, "%s：%lld 张门牌卡，其中新发 %lld 张\n", "%s: %lld door cards, %lld of them new\n"), spec.path,
               (long long)printed.doors, (long long)printed.issued);
    return DW_OK;
}

dw_err cmd_card_revoke(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id door;
    ERR_TRY(cmd_id(&door, cli, 0));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = card_revoke(desk, door, cli_text(cli, "reason"), cli->at, &cli->detail);
    desk_close(desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "门牌卡已作废", "The card is void"));
    return err;
}

static dw_err cmd_card_tell(struct cli *cli, const struct card_checked *seen, const char *code)
{
    struct out_json out;
    char door[ID_TEXT] = "";
    if (seen->verdict != CARD_FORGED) id_text(door, seen->token.door);
    if (cli->json) {
        out_json_begin(&out);
        json_open(&out.json, '{');
        out_json_text(&out, "verdict", card_verdict_text(seen->verdict, ERR_EN));
        out_json_text(&out, "door", door);
        out_json_text(&out, "code", code);
        out_json_int(&out, "version", seen->token.version);
        out_json_int(&out, "heads_on_card", seen->shown);
        out_json_int(&out, "heads_now", seen->heads);
        json_close(&out.json, '}');
        return out_json_end(&out);
    }
    printf("%s %s %s\n", card_verdict_text(seen->verdict, cli->lang), code, door);
    if (seen->shown >= 0)
        printf(cli_say(cli, "卡上 %lld 人，现登记 %lld 人\n", "%lld people on the card, %lld registered now\n"),
               (long long)seen->shown, (long long)seen->heads);
    return DW_OK;
}

/* With a key nothing else is needed: no store, no network. */
dw_err cmd_card_check(struct cli *cli)
{
    struct desk *desk = NULL;
    struct card_checked seen;
    char code[256] = "";
    const char *key = cli_text(cli, "key");
    if (key != NULL) {
        if (!keys_start() || !card_check_apart(&seen, key, cli_operand(cli, 0)))
            return err_set(&cli->detail, DW_E_USAGE, "--key %s", key);
    } else {
        ERR_TRY(cmd_desk(&desk, cli));
        const struct site *site = desk_read(desk);
        card_check(&seen, site, cli_operand(cli, 0));
        if (seen.door != SITE_NONE) card_code(code, sizeof code, site, seen.door);
        desk_read_end(desk);
        desk_close(desk);
    }
    ERR_TRY(cmd_card_tell(cli, &seen, code));
    if (seen.verdict == CARD_VALID) return DW_OK;
    return err_set(&cli->detail, DW_E_SIGNATURE, "%s", card_verdict_text(seen.verdict, cli->lang));
}

dw_err cmd_card_key(struct cli *cli)
{
    struct desk *desk = NULL;
    char key[CARD_KEY];
    ERR_TRY(cmd_desk(&desk, cli));
    card_key(key, desk_read(desk));
    desk_read_end(desk);
    desk_close(desk);
    printf(cli->json ? "{\"key\":\"%s\"}\n" : "%s\n", key);
    return DW_OK;
}
