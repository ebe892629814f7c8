/* Needs by command. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_tube.h"
#include "desk/card.h"
#include "desk/need.h"
#include "desk/register.h"

/* clang-format off */
static const struct out_column cmd_need_columns[] = {
    {"what", {"诉求", "what"}, false}, {"urgent", {"紧急", "urgent"}, false}, {"area", {NULL, NULL}, false}, {"door", {"户门", "door"}, false}, {"name", {"姓名", "name"}, false},
    {"note", {"说明", "note"}, false}, {"at", {"时间", "at"}, false}, {"closed", {"办结", "closed"}, false}, {"reason", {"办结说明", "how"}, false}, {"person", {NULL, NULL}, false}, {"id", {"编号", "id"}, false}};
/* clang-format on */

static void cmd_need_row(struct out_rows *rows, const struct site *site, const struct site_need *need)
{
    static const char *const zh[KINDS_NEED_KIND_COUNT] = {"食品", "药品", "生病", "育儿", "养老",
                                                          "维修", "噪音", "垃圾", "宠物", "其他"};
    char id[ID_TEXT], of[ID_TEXT] = "", code[256] = "";
    struct cli *cli = rows->cli;
    uint32_t door = need_door(site, need), person = need_person(site, need), area = need_area(site, need);
    id_text(id, need->id);
    if (person != SITE_NONE) id_text(of, site_person(site, person)->id);
    if (door != SITE_NONE) card_code(code, sizeof code, site, door);
    const char *what = kinds_need_kind_texts[need->what];
    out_rows_word(rows, what, cli->lang == ERR_ZH ? zh[need->what] : what);
    out_rows_word(rows, need->urgent ? "yes" : "", need->urgent ? cli_say(cli, "紧急", "urgent") : "");
    out_rows_text(rows, area == SITE_NONE ? "" : site_area(site, area)->code);
    out_rows_text(rows, code);
    out_rows_text(rows, person == SITE_NONE ? "" : register_field(site, person, KINDS_PERSON_SET_NAME));
    out_rows_text(rows, need->note == NULL ? "" : need->note);
    out_rows_time(rows, need->stamp.ms);
    out_rows_time(rows, need->closed.n == 0 ? SITE_NEVER : need->closed.ms);
    out_rows_text(rows, need->reason);
    out_rows_text(rows, of);
    out_rows_text(rows, id);
}

dw_err cmd_need_list(struct cli *cli)
{
    struct desk *desk = NULL;
    struct need_list list;
    struct out_rows rows;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err =
        need_list(&list, site, cli_text(cli, "area"), cli_choice(cli, "what"), cli_flag(cli, "all") ? -1 : 1, &cli->detail);
    out_rows_begin(&rows, cli, cmd_need_columns, sizeof cmd_need_columns / sizeof *cmd_need_columns);
    for (size_t i = 0; i < list.count; i++) cmd_need_row(&rows, site, site_need(site, list.items[i]));
    need_list_free(&list);
    desk_read_end(desk);
    desk_close(desk);
    if (err == DW_OK) return out_rows_end(&rows);
    out_drop(&rows.table, &rows.json);
    return err;
}

dw_err cmd_need_raise(struct cli *cli)
{
    struct lab_by by;
    struct id id = {{0}};
    const struct need_new spec = {.subject = cli_operand(cli, 0),
                                  .what = (enum kinds_need_kind)cli_choice(cli, "what"),
                                  .urgent = cli_flag(cli, "urgent"),
                                  .note = cli_text(cli, "note")};
    ERR_TRY(cmd_tube_by(&by, cli, false, true));
    return cmd_told(cli, by.desk, need_raise(&id, &by, &spec, &cli->detail), &id);
}

dw_err cmd_need_close(struct cli *cli)
{
    struct lab_by by;
    struct id id;
    ERR_TRY(cmd_id(&id, cli, 0));
    ERR_TRY(cmd_tube_by(&by, cli, false, true));
    return cmd_told(cli, by.desk, need_close(&by, id, cli_text(cli, "reason"), &cli->detail), NULL);
}
