/* The laboratory desk: results in, how far samples are, who is held, what does not fit. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_import.h"
#include "desk/lab.h"
#include "desk/register.h"

dw_err cmd_import_results(struct cli *cli)
{
    static struct import_result result;
    struct lab_results spec = {.path = cli_operand(cli, 0),
                               .by = {.device = DESK_CLI_DEVICE, .round = cli_int(cli, "round"), .at = cli->at},
                               .dry_run = cli_flag(cli, "dry-run"),
                               .lang = cli->lang};
    dw_err err = cmd_desk(&spec.by.desk, cli);
    if (err == DW_OK) err = lab_results(&result, &spec, &cli->progress, &cli->detail);
    desk_close(spec.by.desk);
    if (err != DW_OK) return err;
    if (cli->json) {
        cmd_import_json(&result, spec.dry_run);
        return DW_OK;
    }
    printf(cli_say(cli, "%lld 行：新结果 %lld，已有 %lld，本轮没有的管 %lld，待处理 %lld\n",
                   "%lld rows: %lld new results, %lld known, %lld of tubes that the round does not have, %lld held\n"),
           (long long)result.rows, (long long)result.fresh, (long long)result.seen, (long long)result.placeless,
           (long long)result.held);
    cmd_import_troubles(cli, &result);
    return DW_OK;
}

enum { CMD_LAB_HOUR = 3600000 };

static void cmd_lab_counts(struct out_json *out, const char *key, const uint32_t counts[LAB_STAGES])
{
    json_key(&out->json, key);
    json_open(&out->json, '{');
    for (int s = 0; s < LAB_STAGES; s++) out_json_int(out, lab_stage_text((enum lab_stage)s, ERR_EN), counts[s]);
    json_close(&out->json, '}');
}

static void cmd_lab_area(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                         const struct lab_area *area)
{
    char code[128];
    const char *cells[1 + LAB_STAGES];
    const char *name = area->area == SITE_NONE ? cli_say(cli, "全部", "all") : site_area(site, area->area)->code;
    snprintf(code, sizeof code, "%*s%.90s", area->depth * 2, "", name);
    cells[0] = code;
    for (int s = 0; s < LAB_STAGES; s++) cells[1 + s] = out_number(table, area->people[s]);
    out_table_row(table, cells);
    json_open(&out->json, '{');
    out_json_text(out, "area", area->area == SITE_NONE ? "" : name);
    cmd_lab_counts(out, "people", area->people);
    json_close(&out->json, '}');
}

static void cmd_lab_status_asked(const struct cli *cli, const struct lab_status *s)
{
    printf(cli_say(cli, "有疑问的样本 %u；已检而不在管中 %u；在管中而未记已检 %u；只有一方记录交接的箱 %u\n",
                   "%u samples that do not stand; %u done without a tube; %u in a tube and not done; %u boxes of whose hand-over "
                   "only one side speaks\n"),
           s->doubtful, s->no_tube, s->no_tick, s->one_sided);
    if (s->again > 0)
        printf(cli_say(cli, "结果无效须重采 %u 人\n", "%u people of invalid tubes are to be sampled again\n"), s->again);
    if (s->late[0] > 0)
        printf(cli_say(cli, "超时未送检 %u 管，最长自开管 %lld 小时\n",
                       "%u tubes late to the laboratory, the longest opened %lld hours ago\n"),
               s->late[0], (long long)(s->longest_ms[0] / CMD_LAB_HOUR));
    if (s->late[1] > 0)
        printf(cli_say(cli, "结果超时 %u 管，最长自交接 %lld 小时\n",
                       "%u tubes whose result is overdue, the longest handed over %lld hours ago\n"),
               s->late[1], (long long)(s->longest_ms[1] / CMD_LAB_HOUR));
}

dw_err cmd_lab_status(struct cli *cli)
{
    const char *headers[1 + LAB_STAGES] = {cli_say(cli, "区域", "area")};
    char titles[LAB_STAGES][32];
    struct desk *desk = NULL;
    struct lab_status status;
    struct out_table table;
    struct out_json out;
    for (int s = 0; s < LAB_STAGES; s++) {
        snprintf(titles[s], sizeof titles[s], ">%s", lab_stage_text((enum lab_stage)s, cli->lang));
        headers[1 + s] = titles[s];
    }
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = lab_status(&status, site, cli_int(cli, "round"), cli->at.ms, &cli->detail);
    if (err == DW_OK) {
        out_table_begin(&table, headers, 1 + LAB_STAGES);
        out_json_begin(&out);
        json_open(&out.json, '{');
        out_json_int(&out, "round", site_round(site, status.round)->number);
        cmd_lab_counts(&out, "tubes", status.tubes);
        out_json_int(&out, "doubtful", status.doubtful);
        out_json_int(&out, "done_without_tube", status.no_tube);
        out_json_int(&out, "in_tube_not_done", status.no_tick);
        out_json_int(&out, "to_sample_again", status.again);
        out_json_int(&out, "boxes_one_sided", status.one_sided);
        out_json_int(&out, "late_to_laboratory", status.late[0]);
        out_json_int(&out, "late_hours", status.longest_ms[0] / CMD_LAB_HOUR);
        out_json_int(&out, "result_overdue", status.late[1]);
        out_json_int(&out, "overdue_hours", status.longest_ms[1] / CMD_LAB_HOUR);
        json_key(&out.json, "areas");
        json_open(&out.json, '[');
        for (size_t i = 0; i < status.count; i++) cmd_lab_area(cli, &table, &out, site, &status.areas[i]);
        json_close(&out.json, ']');
        json_close(&out.json, '}');
    }
    desk_read_end(desk);
    desk_close(desk);
    if (err != DW_OK) return err;
    err = out_either(cli, &table, &out);
    if (!cli->json) cmd_lab_status_asked(cli, &status);
    lab_status_free(&status);
    return err;
}

static const char *cmd_lab_doubt(const struct lab_question *q, enum err_lang lang)
{
    static const char *const texts[][2] = {[LAB_DOUBT_NO_TUBE] = {"已检而不在管中", "done_without_tube"},
                                           [LAB_DOUBT_NO_TICK] = {"在管中而未记已检", "in_tube_not_done"},
                                           [LAB_DOUBT_INVALID] = {"结果无效，须重采", "result_invalid"},
                                           [LAB_DOUBT_ONE_SIDED] = {"交接只有一方记录", "box_one_sided"},
                                           [LAB_DOUBT_LATE] = {"超时未送检", "late_to_laboratory"},
                                           [LAB_DOUBT_OVERDUE] = {"结果超时", "result_overdue"}};
    return q->doubt == LAB_DOUBT_SAMPLE ? lab_sample_text((enum site_sample_state)q->state, lang) : texts[q->doubt][lang];
}

/* A person as the first cells of a row: name and place; and his id. */
static void cmd_lab_person(struct out_json *out, const struct site *site, uint32_t person, char place[512], char id[ID_TEXT])
{
    id_text(id, site_person(site, person)->id);
    register_place_text(place, 512, site, NULL, person);
    out_json_text(out, "id", id);
    out_json_text(out, "name", register_field(site, person, KINDS_PERSON_SET_NAME));
    out_json_text(out, "place", place);
}

/* A question of a person, of a tube or of a box. Who was merged is shown as who stands for him, with the number he was sampled
 * under. */
static void cmd_lab_question(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                             const struct lab_question *q)
{
    char place[512] = "", id[ID_TEXT] = "", since[32] = "";
    uint32_t who = q->person == SITE_NONE ? SITE_NONE : site_root(site, q->person);
    const char *tube = q->tube == SITE_NONE ? "" : site_tube(site, q->tube)->code,
               *box = q->box == SITE_NONE ? "" : site_box(site, q->box)->code,
               *name = who == SITE_NONE ? "" : register_field(site, who, KINDS_PERSON_SET_NAME);
    json_open(&out->json, '{');
    if (who != SITE_NONE) cmd_lab_person(out, site, who, place, id);
    if (who != SITE_NONE && q->person != who) {
        id_text(id, site_person(site, q->person)->id);
        out_json_text(out, "sampled_as", id);
    }
    out_json_text(out, "question", cmd_lab_doubt(q, ERR_EN));
    out_json_text(out, "tube", tube);
    if (*box != 0) out_json_text(out, "box", box);
    if (q->ms > 0) out_json_int(out, "hours", q->ms / CMD_LAB_HOUR);
    json_close(&out->json, '}');
    if (q->ms > 0) snprintf(since, sizeof since, cli_say(cli, "%lld 小时", "%lld h"), (long long)(q->ms / CMD_LAB_HOUR));
    out_table_row(table, (const char *[]){name, place, cmd_lab_doubt(q, cli->lang), tube, box, since, id});
}

dw_err cmd_lab_questions(struct cli *cli)
{
    const char *zh[] = {"姓名", "住处", "疑问", "管号", "箱号", ">已历时", "编号"},
               *en[] = {"name", "place", "question", "tube", "box", ">since", "id"};
    struct desk *desk = NULL;
    struct lab_list list;
    struct out_table table;
    struct out_json out;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = lab_questions(&list, site, cli_int(cli, "round"), cli->at.ms, &cli->detail);
    if (err == DW_OK) {
        out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 7);
        out_json_begin(&out);
        json_open(&out.json, '[');
        for (size_t i = 0; i < list.count; i++) cmd_lab_question(cli, &table, &out, site, &list.questions[i]);
        json_close(&out.json, ']');
        lab_list_free(&list);
    }
    desk_read_end(desk);
    if (err == DW_OK) err = out_either(cli, &table, &out);
    desk_close(desk);
    return err;
}

static void cmd_lab_hold(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                         const struct lab_hold *hold)
{
    char place[512], id[ID_TEXT], since[WHEN_TEXT], tests[48];
    const char *tube = site_tube(site, hold->tube)->code, *ended = hold->ended < 0 ? "" : kinds_release_texts[hold->ended];
    when_text(since, (struct when){hold->since_ms, cli->at.offset});
    snprintf(tests, sizeof tests, "%u/2 -%u +%u", hold->retests, hold->negative, hold->positive);
    json_open(&out->json, '{');
    cmd_lab_person(out, site, hold->person, place, id);
    out_json_text(out, "tube", tube);
    out_json_text(out, "since", since);
    json_key(&out->json, "member");
    json_put_bool(&out->json, hold->member);
    out_json_int(out, "retests", hold->retests);
    out_json_int(out, "negative", hold->negative);
    out_json_int(out, "positive", hold->positive);
    out_json_text(out, "ended", *ended == 0 ? NULL : ended);
    json_close(&out->json, '}');
    since[16] = 0;
    since[10] = ' ';
    out_table_row(table, (const char *[]){register_field(site, hold->person, KINDS_PERSON_SET_NAME), place, tube,
                                          hold->member ? cli_say(cli, "本人", "own sample") : cli_say(cli, "同住", "household"),
                                          since, tests,
                                          hold->ended < 0                         ? cli_say(cli, "留观", "held")
                                          : hold->ended == KINDS_RELEASE_RELEASED ? cli_say(cli, "已解除", "released")
                                                                                  : cli_say(cli, "已转运", "transferred"),
                                          id});
}

dw_err cmd_lab_holds(struct cli *cli)
{
    const char *zh[] = {"姓名", "住处", "阳性管", "关系", "自", "复核", "状态", "编号"},
               *en[] = {"name", "place", "tube", "as", "since", "retests", "state", "id"};
    struct desk *desk = NULL;
    struct lab_list list;
    struct out_table table;
    struct out_json out;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = lab_holds(&list, site);
    if (err == DW_OK) {
        out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 8);
        out_json_begin(&out);
        json_open(&out.json, '[');
        for (size_t i = 0; i < list.count; i++) cmd_lab_hold(cli, &table, &out, site, &list.holds[i]);
        json_close(&out.json, ']');
        lab_list_free(&list);
    }
    desk_read_end(desk);
    if (err == DW_OK) err = out_either(cli, &table, &out);
    desk_close(desk);
    return err;
}

dw_err cmd_lab_release(struct cli *cli)
{
    struct lab_by by = {.device = DESK_CLI_DEVICE, .at = cli->at};
    struct id person;
    ERR_TRY(cmd_id(&person, cli, 0));
    dw_err err = cmd_desk(&by.desk, cli);
    if (err == DW_OK)
        err = lab_hold_end(&by, person, (enum kinds_release)cli_choice(cli, "as"), cli_text(cli, "reason"), &cli->detail);
    desk_close(by.desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "已登记", "Noted"));
    return err;
}
