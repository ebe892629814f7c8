/* How a round grew. */
#include "cli/cmd.h"
#include "desk/course.h"
#include "desk/round.h"
#include "desk/walk.h"

/* clang-format off */
static const struct out_column cmd_course_columns[] = {
    {"at", {"时间", "at"}, false}, {"owed", {"应检", "owed"}, true}, {"covered", {"已检", "covered"}, true}, {"found", {"补录", "found"}, true},
    {"arrived", {"新到", "arrived"}, true}, {"recovered", {"补缺", "recovered"}, true}};
/* clang-format on */

dw_err cmd_round_course(struct cli *cli)
{
    struct desk *desk = NULL;
    struct course course = {.step = 0};
    struct course_ask ask = {.step = cli_int(cli, "step")};
    struct out_rows rows;
    ERR_TRY(cmd_desk_bare(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = round_find(&ask.round, site, cli_int(cli, "round"), &cli->detail);
    if (err == DW_OK) err = walk_top(&ask.top, site, cli_text(cli, "area"), &cli->detail);
    if (err == DW_OK) err = course_steps(&course, site, &ask, &cli->detail);
    out_rows_begin(&rows, cli, cmd_course_columns, sizeof cmd_course_columns / sizeof *cmd_course_columns);
    for (size_t i = 0; err == DW_OK && i < course.count; i++) {
        const struct course_step *s = &course.steps[i];
        const uint32_t numbers[] = {s->owed, s->covered, s->found, s->arrived, s->recovered};
        out_rows_time(&rows, s->at_ms);
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) out_rows_int(&rows, numbers[n]);
    }
    course_free(&course);
    desk_read_end(desk);
    desk_close(desk);
    if (err == DW_OK) return out_rows_end(&rows);
    out_drop(&rows.table, &rows.json);
    return err;
}
