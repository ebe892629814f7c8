/* Members, what they may do, their logins and phones. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/phrase.h"
#include "desk/account.h"
#include "desk/grant.h"

static dw_err cmd_member_told(struct cli *cli, struct desk *desk, dw_err err, const struct id *id)
{
    char text[ID_TEXT];
    desk_close(desk);
    if (err != DW_OK) return err;
    if (id != NULL) id_text(text, *id);
    if (cli->json)
        printf(id == NULL ? "{}\n" : "{\"id\":\"%s\"}\n", id == NULL ? "" : text);
    else
        printf("%s\n", id == NULL ? cli_say(cli, "完成", "Done") : text);
    return DW_OK;
}

dw_err cmd_member_add(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id id;
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = grant_member(&id, desk, cli_operand(cli, 0), cli_text(cli, "phone"), cli->at, &cli->detail);
    return cmd_member_told(cli, desk, err, &id);
}

/* clang-format off */
static const struct out_column cmd_member_columns[] = {
    {"id", {"编号", "id"}, false}, {"name", {"姓名", "name"}, false}, {"phone", {"手机", "phone"}, false}, {"grants", {"授权", "grants"}, true}};
static const struct out_column cmd_grant_columns[] = {
    {"id", {"编号", "id"}, false}, {"member", {NULL, NULL}, false}, {"name", {"姓名", "name"}, false}, {"role", {"角色", "role"}, false}, {"area", {"区域", "area"}, false},
    {"emergency", {"紧急", "emergency"}, false}, {"from", {"起", "from"}, false}, {"to", {"止", "to"}, false}, {"ended", {"已收回", "ended"}, false}, {"reason", {"原因", "reason"}, false}};
/* clang-format on */

dw_err cmd_member_list(struct cli *cli)
{
    struct desk *desk = NULL;
    struct out_rows rows;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    out_rows_begin(&rows, cli, cmd_member_columns, sizeof cmd_member_columns / sizeof *cmd_member_columns);
    for (uint32_t m = 0; m < site_count(site, SITE_MEMBER); m++) {
        const struct site_member *member = site_member(site, m);
        char id[ID_TEXT];
        int64_t grants = 0;
        for (uint32_t g = 0; g < site_count(site, SITE_GRANT); g++)
            grants += site_grant(site, g)->member == m && grant_holds(site_grant(site, g), cli->at.ms);
        id_text(id, member->id);
        out_rows_text(&rows, id);
        out_rows_text(&rows, member->name == NULL ? "" : member->name);
        out_rows_text(&rows, member->phone == NULL ? "" : member->phone);
        out_rows_int(&rows, grants);
    }
    desk_read_end(desk);
    desk_close(desk);
    return out_rows_end(&rows);
}

dw_err cmd_grant_list(struct cli *cli)
{
    struct desk *desk = NULL;
    struct out_rows rows;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    out_rows_begin(&rows, cli, cmd_grant_columns, sizeof cmd_grant_columns / sizeof *cmd_grant_columns);
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) {
        const struct site_grant *g = site_grant(site, i);
        const struct site_member *member = site_member(site, g->member);
        char id[ID_TEXT], of[ID_TEXT];
        id_text(id, g->id);
        id_text(of, member->id);
        out_rows_text(&rows, id);
        out_rows_text(&rows, of);
        out_rows_text(&rows, member->name == NULL ? "" : member->name);
        out_rows_word(&rows, kinds_role_texts[g->role], roles_text(g->role, cli->lang));
        out_rows_word(&rows, g->area == SITE_NONE ? "" : site_area(site, g->area)->code,
                      g->area == SITE_NONE ? cli_say(cli, "全战区", "everywhere") : site_area(site, g->area)->code);
        out_rows_word(&rows, g->emergency ? "true" : "", g->emergency ? "!" : "");
        out_rows_time(&rows, g->from_ms);
        out_rows_time(&rows, g->to_ms);
        out_rows_word(&rows, g->ended ? "true" : "", g->ended ? "*" : "");
        out_rows_text(&rows, g->reason);
    }
    desk_read_end(desk);
    desk_close(desk);
    return out_rows_end(&rows);
}

dw_err cmd_grant_give(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id id;
    struct when from, to;
    struct grant_new spec = {
        .role = (enum kinds_role)cli_choice(cli, "role"), .area = cli_text(cli, "area"), .reason = cli_text(cli, "reason")};
    if (cli_time(cli, "from", &from)) spec.from = &from;
    if (cli_time(cli, "to", &to)) spec.to = &to;
    ERR_TRY(cmd_id(&spec.member, cli, 0));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = grant_give(&id, desk, SITE_NONE, &spec, cli->at, &cli->detail);
    return cmd_member_told(cli, desk, err, &id);
}

dw_err cmd_grant_emergency(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id id;
    ERR_TRY(cmd_id(&id, cli, 0));
    struct id member = id;
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK && cli_flag(cli, "end"))
        err = grant_emergency_end(desk, member, cli->at, &cli->detail);
    else if (err == DW_OK)
        err = grant_emergency(&id, desk, member, cli_text(cli, "area"), cli_text(cli, "reason"), cli_int(cli, "minutes"), cli->at,
                              &cli->detail);
    return cmd_member_told(cli, desk, err, cli_flag(cli, "end") ? NULL : &id);
}

dw_err cmd_grant_end(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id id;
    ERR_TRY(cmd_id(&id, cli, 0));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = grant_end(desk, SITE_NONE, id, cli_text(cli, "reason"), cli->at, &cli->detail);
    return cmd_member_told(cli, desk, err, NULL);
}

dw_err cmd_device_revoke(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id id;
    ERR_TRY(cmd_id(&id, cli, 0));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = grant_revoke(desk, id, cli_text(cli, "reason"), cli->at, &cli->detail);
    return cmd_member_told(cli, desk, err, NULL);
}

static dw_err cmd_accounts(struct account_desk **accounts, struct desk **desk, struct cli *cli)
{
    ERR_TRY(cmd_desk(desk, cli));
    return account_open(accounts, *desk, cli_text(cli, "store"), &cli->detail);
}

static dw_err cmd_account_phrase(struct cli *cli, bool fresh)
{
    struct account_desk *accounts = NULL;
    struct desk *desk = NULL;
    struct phrase phrase = {.text = ""};
    struct id member;
    if (fresh) ERR_TRY(cmd_id(&member, cli, 1));
    dw_err err = phrase_read(&phrase, cli, true);
    if (err == DW_OK && phrase.secret.phrase == NULL) err = err_set(&cli->detail, DW_E_USAGE, "--passphrase-file");
    if (err == DW_OK) err = cmd_accounts(&accounts, &desk, cli);
    if (err == DW_OK)
        err = fresh ? account_make(accounts, cli_operand(cli, 0), phrase.secret.phrase, member, cli->at, &cli->detail)
                    : account_password(accounts, cli_operand(cli, 0), phrase.secret.phrase, &cli->detail);
    phrase_wipe(&phrase);
    account_close(accounts);
    return cmd_member_told(cli, desk, err, NULL);
}

dw_err cmd_account_add(struct cli *cli)
{
    return cmd_account_phrase(cli, true);
}

dw_err cmd_account_password(struct cli *cli)
{
    return cmd_account_phrase(cli, false);
}

dw_err cmd_account_disable(struct cli *cli)
{
    struct account_desk *accounts = NULL;
    struct desk *desk = NULL;
    dw_err err = cmd_accounts(&accounts, &desk, cli);
    if (err == DW_OK) err = account_disable(accounts, cli_operand(cli, 0), !cli_flag(cli, "enable"), &cli->detail);
    account_close(accounts);
    return cmd_member_told(cli, desk, err, NULL);
}

dw_err cmd_device_invite(struct cli *cli)
{
    struct account_desk *accounts = NULL;
    struct desk *desk = NULL;
    struct account_invite spec = {
        .name = cli_text(cli, "name"), .minutes = cli_int(cli, "minutes"), .phone_until_ms = SITE_NEVER, .at = cli->at};
    char token[ACCOUNT_TOKEN];
    struct when until;
    if (cli_time(cli, "until", &until)) spec.phone_until_ms = until.ms;
    ERR_TRY(cmd_id(&spec.member, cli, 0));
    dw_err err = cmd_accounts(&accounts, &desk, cli);
    if (err == DW_OK) err = account_invite(token, accounts, NULL, &spec, &cli->detail);
    account_close(accounts);
    desk_close(desk);
    if (err == DW_OK) printf(cli->json ? "{\"invite\":\"%s\"}\n" : "%s\n", token);
    return err;
}
