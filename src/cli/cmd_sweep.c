/* The sweep: progress, what is left, refusals, people met in the street. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_tube.h"
#include "desk/card.h"
#include "desk/paper_spec.h"
#include "desk/register.h"
#include "desk/sweep.h"
#include "desk/walk.h"

#define CMD_COLUMNS(list) (list), sizeof(list) / sizeof *(list)

static const char *cmd_sweep_code(const struct site *site, uint32_t area)
{
    return area == SITE_NONE ? "" : site_area(site, area)->code;
}

/* Ends a list: its rows and, for people, how many there are; or the error that kept it from being one. */
static dw_err cmd_sweep_end(struct out_rows *rows, dw_err err, const char *zh, const char *en, size_t count)
{
    struct cli *cli = rows->cli;
    if (err != DW_OK) {
        out_drop(&rows->table, &rows->json);
        return err;
    }
    err = out_rows_end(rows);
    if (err == DW_OK && !cli->json && zh != NULL) printf("%s %zu\n", cli_say(cli, zh, en), count);
    return err;
}

/* Id and code of a door; both empty for SITE_NONE. */
static void cmd_sweep_door(struct out_rows *rows, const struct site *site, uint32_t door)
{
    char id[ID_TEXT] = "", code[256] = "";
    if (door != SITE_NONE) id_text(id, site_door(site, door)->id);
    if (door != SITE_NONE) card_code(code, sizeof code, site, door);
    out_rows_text(rows, id);
    out_rows_text(rows, code);
}

/* clang-format off */
static const struct out_column cmd_sweep_status_columns[] = {
    {"area", {"区域", "area"}, false}, {"doors", {"户门", "doors"}, true}, {"unvisited", {"未敲门", "not visited"}, true},
    {"done", {"已入户", "opened"}, true}, {"nobody_home", {"无人", "nobody"}, true}, {"refused", {"拒绝", "refused"}, true},
    {"empty", {"空户", "empty"}, true}, {"moved", {"搬走", "moved"}, true}, {"buildings", {NULL, NULL}, true},
    {"unopened", {"未开楼栋", "unopened"}, true}, {"flat", {NULL, NULL}, true}, {"room", {NULL, NULL}, true},
    {"shop", {"店铺", "shops"}, true}, {"dormitory", {"宿舍", "dormitories"}, true}, {"factory_gate", {NULL, NULL}, true},
    {"people", {"在册", "registered"}, true}, {"counted", {"清点", "counted"}, true}, {"more", {"多出", "more"}, true},
    {"new", {"新登记", "new"}, true}};
/* clang-format on */

static void cmd_sweep_area(struct out_rows *rows, const struct site *site, const struct sweep_area *a, bool first)
{
    char said[160];
    const char *code = cmd_sweep_code(site, a->area), *name = code;
    if (first) name = *code == 0 ? cli_say(rows->cli, "全部", "all") : code;
    if (!first && *code == 0) name = cli_say(rows->cli, "（楼栋不详）", "(building unknown)");
    snprintf(said, sizeof said, "%*s%.120s", a->depth * 2, "", name);
    out_rows_word(rows, code, said);
    const uint32_t *outcome = a->outcome, *kinds = a->kinds;
    const uint32_t numbers[] = {a->doors,
                                a->unvisited,
                                outcome[KINDS_OUTCOME_DONE] + outcome[KINDS_OUTCOME_EXCUSED],
                                outcome[KINDS_OUTCOME_NOBODY_HOME],
                                outcome[KINDS_OUTCOME_REFUSED],
                                outcome[KINDS_OUTCOME_EMPTY],
                                outcome[KINDS_OUTCOME_MOVED],
                                a->buildings,
                                a->unopened,
                                kinds[KINDS_DOOR_KIND_FLAT],
                                kinds[KINDS_DOOR_KIND_ROOM],
                                kinds[KINDS_DOOR_KIND_SHOP],
                                kinds[KINDS_DOOR_KIND_DORMITORY],
                                kinds[KINDS_DOOR_KIND_FACTORY_GATE],
                                a->people,
                                a->counted,
                                a->more,
                                a->fresh};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) out_rows_int(rows, numbers[i]);
}

dw_err cmd_sweep_status(struct cli *cli)
{
    struct desk *desk = NULL;
    struct sweep_status status;
    struct out_rows rows;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err =
        sweep_status(&status, site, cli_int(cli, "round"), cli_text(cli, "area"), cli_flag(cli, "buildings"), &cli->detail);
    out_rows_begin(&rows, cli, CMD_COLUMNS(cmd_sweep_status_columns));
    for (size_t i = 0; i < status.count; i++) cmd_sweep_area(&rows, site, &status.areas[i], i == 0);
    sweep_status_free(&status);
    desk_read_end(desk);
    desk_close(desk);
    return cmd_sweep_end(&rows, err, NULL, NULL, 0);
}

/* clang-format off */
static const struct out_column cmd_sweep_left_columns[] = {
    {"id", {NULL, NULL}, false}, {"door", {"户门", "door"}, false}, {"area", {NULL, NULL}, false}, {"place", {"地址", "address"}, false}, {"why", {"原因", "why"}, false},
    {"people", {"在册", "registered"}, true}, {"counted", {"清点", "counted"}, true}, {"missing", {"未检", "missing"}, true},
    {"visits", {"已去次数", "visits"}, true}, {"last", {"上次", "last"}, false}};
/* clang-format on */
static const char *const cmd_sweep_whys[SWEEP_WHYS] = {"unopened", "unvisited", "nobody_home", "refused", "more", "missing"};

static void cmd_sweep_left_row(struct out_rows *rows, const struct site *site, const struct sweep_left *left)
{
    char codes[128] = "", said[256] = "";
    const struct site_area *area = left->area == SITE_NONE ? NULL : site_area(site, left->area);
    for (int i = 0; i < SWEEP_WHYS; i++) {
        if ((left->why & 1u << i) == 0) continue;
        size_t n = strlen(codes), m = strlen(said);
        snprintf(codes + n, sizeof codes - n, "%s%s", n == 0 ? "" : " ", cmd_sweep_whys[i]);
        snprintf(said + m, sizeof said - m, "%s%s", m == 0 ? "" : cli_say(rows->cli, "、", ", "),
                 sweep_why_text((enum sweep_why)(1u << i), rows->cli->lang));
    }
    cmd_sweep_door(rows, site, left->door);
    out_rows_text(rows, cmd_sweep_code(site, left->area));
    out_rows_text(rows, area == NULL ? "" : *area->address != 0 ? area->address : area->name);
    out_rows_word(rows, codes, said);
    out_rows_int(rows, left->people);
    out_rows_int(rows, left->counted);
    out_rows_int(rows, left->missing);
    out_rows_int(rows, left->visits);
    out_rows_time(rows, left->last_ms);
}

dw_err cmd_sweep_left(struct cli *cli)
{
    struct desk *desk = NULL;
    struct sweep_list list;
    struct out_rows rows;
    int64_t limit = cli_int(cli, "limit");
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = sweep_left(&list, site, cli_int(cli, "round"), cli_text(cli, "area"), &cli->detail);
    size_t count = list.count;
    out_rows_begin(&rows, cli, CMD_COLUMNS(cmd_sweep_left_columns));
    for (size_t i = 0; i < count && (limit == 0 || (int64_t)i < limit); i++) cmd_sweep_left_row(&rows, site, &list.doors[i]);
    sweep_list_free(&list);
    desk_read_end(desk);
    desk_close(desk);
    return cmd_sweep_end(&rows, err, "还要再去的地方：", "Places left:", count);
}

/* clang-format off */
static const struct out_column cmd_refusal_columns[] = {
    {"door_id", {NULL, NULL}, false}, {"door", {"户门", "door"}, false}, {"area", {NULL, NULL}, false}, {"name", {"姓名", "name"}, false}, {"where", {"何处", "where"}, false},
    {"times", {"拒绝次数", "refused"}, true}, {"since", {"起", "since"}, false}, {"last", {"最近", "last"}, false},
    {"tries", {"跟进次数", "followed up"}, true}, {"step", {"进展", "step"}, false}, {"next", {"下次", "next"}, false},
    {"keeper", {"责任人", "keeper"}, false}, {"note", {"说明", "note"}, false}, {"person", {"编号", "id"}, false}};
/* clang-format on */

static void cmd_refusal_row(struct out_rows *rows, const struct site *site, const struct sweep_refusal *r)
{
    char id[ID_TEXT] = "";
    struct cli *cli = rows->cli;
    const char *wheres[] = {cli_say(cli, "户门", "at_door"), cli_say(cli, "街面", "in_street")};
    const char *steps[] = {cli_say(cli, "去过", "tried"), cli_say(cli, "答应了", "promised"), ""};
    uint32_t keeper = card_keeper(site, r->area);
    const char *name = keeper == SITE_NONE ? NULL : site_member(site, keeper)->name;
    if (r->person != SITE_NONE) id_text(id, site_person(site, r->person)->id);
    cmd_sweep_door(rows, site, r->door);
    out_rows_text(rows, cmd_sweep_code(site, r->area));
    out_rows_word(rows, r->person == SITE_NONE ? "" : register_field(site, r->person, KINDS_PERSON_SET_NAME),
                  r->person == SITE_NONE ? cli_say(cli, "（整户）", "(the door)")
                                         : register_field(site, r->person, KINDS_PERSON_SET_NAME));
    out_rows_word(rows, r->where == SWEEP_AT_DOOR ? "at_door" : "in_street", wheres[r->where]);
    out_rows_int(rows, r->times);
    out_rows_time(rows, r->since_ms);
    out_rows_time(rows, r->last_ms);
    out_rows_int(rows, r->tries);
    out_rows_word(rows, r->step < 0 ? "" : kinds_follow_step_texts[r->step], r->step < 0 ? "" : steps[r->step]);
    out_rows_time(rows, r->next_ms);
    out_rows_text(rows, name == NULL ? "" : name);
    out_rows_text(rows, r->note);
    out_rows_text(rows, id);
}

dw_err cmd_refusal_list(struct cli *cli)
{
    struct desk *desk = NULL;
    struct sweep_refusals list;
    struct out_rows rows;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = sweep_refusals(&list, site, cli_text(cli, "area"), &cli->detail);
    size_t count = list.count;
    out_rows_begin(&rows, cli, CMD_COLUMNS(cmd_refusal_columns));
    for (size_t i = 0; i < count; i++) cmd_refusal_row(&rows, site, &list.items[i]);
    sweep_refusals_free(&list);
    desk_read_end(desk);
    desk_close(desk);
    return cmd_sweep_end(&rows, err, "未了结的拒绝：", "Open refusals:", count);
}

dw_err cmd_refusal_follow(struct cli *cli)
{
    struct lab_by by;
    struct when next;
    bool again = cli_time(cli, "next", &next);
    dw_err err = cmd_tube_by(&by, cli, false, true);
    if (err == DW_OK)
        err = sweep_follow(&by, cli_operand(cli, 0), (enum kinds_follow_step)cli_choice(cli, "as"), again ? &next : NULL,
                           cli_text(cli, "note"), &cli->detail);
    desk_close(by.desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "已登记", "Noted"));
    return err;
}

dw_err cmd_street_meet(struct cli *cli)
{
    struct lab_by by;
    struct sweep_meet meet = {.outcome = (enum kinds_met_outcome)cli_choice(cli, "as"),
                              .area = cli_text(cli, "area"),
                              .door = cli_text(cli, "door"),
                              .place = cli_text(cli, "place"),
                              .note = cli_text(cli, "note")};
    ERR_TRY(cmd_id(&meet.person, cli, 0));
    dw_err err = cmd_tube_by(&by, cli, false, true);
    if (err == DW_OK) err = sweep_meet(&by, &meet, &cli->detail);
    desk_close(by.desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "已登记", "Noted"));
    return err;
}

/* clang-format off */
static const struct out_column cmd_street_columns[] = {
    {"at", {"时间", "when"}, false}, {"area", {"区域", "area"}, false}, {"place", {"地点", "where"}, false}, {"name", {"姓名", "name"}, false},
    {"door_id", {NULL, NULL}, false}, {"door", {"所属户门", "belongs"}, false}, {"outcome", {"处理", "outcome"}, false}, {"times", {"遇见次数", "met"}, true},
    {"note", {"备注", "note"}, false}, {"person", {"编号", "id"}, false}};
/* clang-format on */

static void cmd_street_row(struct out_rows *rows, const struct site *site, const struct site_meeting *m, uint32_t times)
{
    char id[ID_TEXT];
    bool gone;
    uint32_t door = m->door, stay = site_place(site, m->person, &gone);
    if (door == SITE_NONE && stay != SITE_NONE && !gone) door = site_stay(site, stay)->door;
    id_text(id, site_person(site, m->person)->id);
    out_rows_time(rows, m->stamp.ms);
    out_rows_text(rows, cmd_sweep_code(site, m->area));
    out_rows_text(rows, m->place == NULL ? "" : m->place);
    out_rows_text(rows, register_field(site, m->person, KINDS_PERSON_SET_NAME));
    cmd_sweep_door(rows, site, door);
    out_rows_word(rows, kinds_met_outcome_texts[m->outcome],
                  paper_spec_word(PAPER_WORDS_MET_OUTCOME, (int)m->outcome, rows->cli->lang));
    out_rows_int(rows, times);
    out_rows_text(rows, m->note == NULL ? "" : m->note);
    out_rows_text(rows, id);
}

static int cmd_street_latest(const void *left, const void *right, void *ctx)
{
    const struct site *site = ctx;
    return site_stamp_compare(site_meeting(site, *(const uint32_t *)right)->stamp,
                              site_meeting(site, *(const uint32_t *)left)->stamp);
}

dw_err cmd_street_list(struct cli *cli)
{
    struct desk *desk = NULL;
    struct out_rows rows;
    uint32_t top, count = 0;
    int64_t limit = cli_int(cli, "limit");
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = walk_top(&top, site, cli_text(cli, "area"), &cli->detail);
    uint32_t *order = calloc((size_t)site_count(site, SITE_MEETING) + 1, sizeof *order),
             *times = calloc((size_t)site_count(site, SITE_PERSON) + 1, sizeof *times);
    if (err == DW_OK && (order == NULL || times == NULL)) err = DW_E_MEMORY;
    for (uint32_t i = 0; err == DW_OK && i < site_count(site, SITE_MEETING); i++) {
        times[site_root(site, site_meeting(site, i)->person)]++;
        if (walk_under(site, site_meeting(site, i)->area, top)) order[count++] = i;
    }
    if (err == DW_OK) qsort_r(order, count, sizeof *order, cmd_street_latest, (void *)(uintptr_t)site);
    out_rows_begin(&rows, cli, CMD_COLUMNS(cmd_street_columns));
    for (uint32_t i = 0; err == DW_OK && i < count && (limit == 0 || i < limit); i++)
        cmd_street_row(&rows, site, site_meeting(site, order[i]), times[site_root(site, site_meeting(site, order[i])->person)]);
    free(order);
    free(times);
    desk_read_end(desk);
    desk_close(desk);
    return cmd_sweep_end(&rows, err, "街面遇见人次：", "Meetings in the street:", count);
}
