/* Accounts: logins of members, and the ways they sign in; and invitations for their phones. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/conf.h"
#include "cli/phrase.h"
#include "desk/account.h"

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
    bool none = fresh && cli_flag(cli, "no-password");
    dw_err err = none ? DW_OK : phrase_read(&phrase, cli, true);
    if (err == DW_OK && !none && phrase.secret.phrase == NULL) err = err_set(&cli->detail, DW_E_USAGE, "--passphrase-file");
    if (err == DW_OK) err = cmd_accounts(&accounts, &desk, cli);
    if (err == DW_OK)
        err = fresh ? account_make(accounts, cli_operand(cli, 0), phrase.secret.phrase, member, cli->at, &cli->detail)
                    : account_password(accounts, cli_operand(cli, 0), phrase.secret.phrase, &cli->detail);
    phrase_wipe(&phrase);
    account_close(accounts);
    return cmd_told(cli, desk, err, NULL);
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
    return cmd_told(cli, desk, err, NULL);
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
    if (err != DW_OK) return err;
    const char *url = account_invite_url(&cli->arena, conf_url(cli, SETTINGS_NAME_PUBLIC_URL), token);
    if (!cli->json) {
        printf("%s\n", token);
        if (url != NULL) printf("%s\n", url);
        return DW_OK;
    }
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "invite", token);
    out_json_text(&out, "url", url);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

dw_err cmd_account_link(struct cli *cli)
{
    struct account_desk *accounts = NULL;
    struct desk *desk = NULL;
    char token[ACCOUNT_TOKEN] = "";
    const char *site = conf_url(cli, SETTINGS_NAME_PUBLIC_URL);
    bool untie = cli_flag(cli, "untie");
    dw_err err = cmd_accounts(&accounts, &desk, cli);
    if (err == DW_OK)
        err = untie ? account_untie(accounts, cli_operand(cli, 0), &cli->detail)
                    : account_link(token, accounts, cli_operand(cli, 0), NULL, cli_int(cli, "minutes"), cli->at, &cli->detail);
    account_close(accounts);
    if (untie || err != DW_OK) return cmd_told(cli, desk, err, NULL);
    desk_close(desk);
    if (cli->json)
        printf("{\"link\":\"%s\"}\n", token);
    else /* without a public_url what follows the server's address */
        printf("%s/api/v1/auth/oidc?link=%s\n", site == NULL ? "" : site, token);
    return DW_OK;
}

/* clang-format off */
static const struct out_column cmd_account_columns[] = {
    {"login", {"登录名", "login"}, false}, {"member", {NULL, NULL}, false}, {"name", {"姓名", "name"}, false}, {"password", {"口令", "password"}, false}, {"second", {"二次验证", "second factor"}, false},
    {"identities", {"统一身份", "identities"}, true}, {"sessions", {"会话", "sessions"}, true}, {"seen", {"最近使用", "last seen"}, false}, {"disabled", {"停用", "disabled"}, false}};
/* clang-format on */

static void cmd_account_row(struct out_rows *rows, const struct site *site, const struct account_told *a)
{
    uint32_t member = site_find(site, SITE_MEMBER, a->member);
    const char *name = member == SITE_NONE ? NULL : site_member(site, member)->name;
    char id[ID_TEXT];
    id_text(id, a->member);
    out_rows_text(rows, a->login);
    out_rows_text(rows, id);
    out_rows_text(rows, name == NULL ? "" : name);
    out_rows_word(rows, a->password ? "true" : "", a->password ? "*" : "");
    out_rows_word(rows, a->second ? "true" : "", a->second ? "*" : "");
    out_rows_int(rows, a->identities);
    out_rows_int(rows, a->sessions);
    out_rows_time(rows, a->seen_ms == 0 ? SITE_NEVER : a->seen_ms);
    out_rows_word(rows, a->disabled ? "true" : "", a->disabled ? "*" : "");
}

dw_err cmd_account_list(struct cli *cli)
{
    struct account_desk *accounts = NULL;
    struct desk *desk = NULL;
    struct account_told *all;
    struct out_rows rows;
    size_t count = 0;
    dw_err err = cmd_accounts(&accounts, &desk, cli);
    if (err == DW_OK) err = account_list(&all, &count, &cli->arena, accounts, cli->at, &cli->detail);
    account_close(accounts);
    if (err == DW_OK) out_rows_begin(&rows, cli, cmd_account_columns, sizeof cmd_account_columns / sizeof *cmd_account_columns);
    for (size_t i = 0; err == DW_OK && i < count; i++) cmd_account_row(&rows, desk->site, &all[i]);
    desk_close(desk);
    return err == DW_OK ? out_rows_end(&rows) : err;
}
