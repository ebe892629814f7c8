/* Members, what they may do, and phones that they may no longer use. */
#include <string.h>

#include "cli/cmd.h"
#include "desk/grant.h"

dw_err cmd_member_add(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id id;
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = grant_member(&id, desk, cli_operand(cli, 0), cli_text(cli, "phone"), cli->at, &cli->detail);
    return cmd_told(cli, desk, err, &id);
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
    return cmd_told(cli, desk, err, &id);
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
    return cmd_told(cli, desk, err, cli_flag(cli, "end") ? NULL : &id);
}

dw_err cmd_grant_end(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id id;
    ERR_TRY(cmd_id(&id, cli, 0));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = grant_end(desk, SITE_NONE, id, cli_text(cli, "reason"), cli->at, &cli->detail);
    return cmd_told(cli, desk, err, NULL);
}

dw_err cmd_device_revoke(struct cli *cli)
{
    struct desk *desk = NULL;
    struct id id;
    ERR_TRY(cmd_id(&id, cli, 0));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = grant_revoke(desk, id, cli_text(cli, "reason"), cli->at, &cli->detail);
    return cmd_told(cli, desk, err, NULL);
}
