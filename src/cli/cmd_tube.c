/* Tubes and boxes: what a sampler or courier records. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_tube.h"

/* Whoever signs: the device of an option, else the office. */
static dw_err cmd_tube_device(uint32_t *out, struct cli *cli, struct desk *desk, const char *option)
{
    const char *name = cli_text(cli, option);
    *out = DESK_CLI_DEVICE;
    return name == NULL ? DW_OK : lab_device_find(out, desk, name, &cli->detail);
}

dw_err cmd_tube_by(struct lab_by *by, struct cli *cli, bool round, bool device)
{
    *by = (struct lab_by){.device = DESK_CLI_DEVICE, .round = round ? cli_int(cli, "round") : 0, .at = cli->at};
    ERR_TRY(cmd_desk(&by->desk, cli));
    return device ? cmd_tube_device(&by->device, cli, by->desk, "by") : DW_OK;
}

static dw_err cmd_tube_done(struct cli *cli, struct lab_by *by, dw_err err, const char *zh, const char *en, const char *what)
{
    desk_close(by->desk);
    if (err != DW_OK) return err;
    if (cli->json)
        printf("{}\n");
    else
        printf("%s %s\n", what, cli_say(cli, zh, en));
    return DW_OK;
}

static dw_err cmd_tube_people(struct id people[LAB_PEOPLE], size_t *count, struct cli *cli, int from)
{
    *count = (size_t)(cli->operand_count > from ? cli->operand_count - from : 0);
    if (*count > LAB_PEOPLE) return err_set(&cli->detail, DW_E_USAGE, "%zu > %d", *count, LAB_PEOPLE);
    for (size_t i = 0; i < *count; i++) ERR_TRY(cmd_id(&people[i], cli, from + (int)i));
    return DW_OK;
}

dw_err cmd_device_add(struct cli *cli)
{
    struct lab_by by;
    dw_err err = cmd_tube_by(&by, cli, false, false);
    if (err == DW_OK) err = lab_device_add(by.desk, cli_operand(cli, 0), cli->at, &cli->detail);
    return cmd_tube_done(cli, &by, err, "已登记", "is enrolled", cli_operand(cli, 0));
}

dw_err cmd_tube_open(struct cli *cli)
{
    struct lab_by by;
    dw_err err = cmd_tube_by(&by, cli, true, true);
    if (err == DW_OK)
        err = lab_tube_open(&by, cli_operand(cli, 0), cli_int(cli, "capacity"), (enum kinds_tube_use)cli_choice(cli, "use"),
                            &cli->detail);
    return cmd_tube_done(cli, &by, err, "已启用", "is open", cli_operand(cli, 0));
}

dw_err cmd_tube_fill(struct cli *cli)
{
    struct lab_by by;
    struct id people[LAB_PEOPLE];
    size_t count;
    ERR_TRY(cmd_tube_people(people, &count, cli, 1));
    dw_err err = cmd_tube_by(&by, cli, true, true);
    if (err == DW_OK) err = lab_tube_fill(&by, cli_operand(cli, 0), people, count, &cli->detail);
    return cmd_tube_done(cli, &by, err, "已入管", "is filled", cli_operand(cli, 0));
}

dw_err cmd_tube_seal(struct cli *cli)
{
    struct lab_by by;
    struct id people[LAB_PEOPLE];
    size_t count;
    ERR_TRY(cmd_tube_people(people, &count, cli, 1));
    dw_err err = cmd_tube_by(&by, cli, true, true);
    if (err == DW_OK) err = lab_tube_seal(&by, cli_operand(cli, 0), people, count, &cli->detail);
    return cmd_tube_done(cli, &by, err, "已封管", "is sealed", cli_operand(cli, 0));
}

dw_err cmd_tube_result(struct cli *cli)
{
    struct lab_by by;
    dw_err err = cmd_tube_by(&by, cli, true, false);
    if (err == DW_OK)
        err = lab_result(&by, cli_operand(cli, 0), (enum kinds_tube_result)cli_choice(cli, "as"), cli_text(cli, "method"),
                         &cli->detail);
    return cmd_tube_done(cli, &by, err, "结果已登记", "has its result", cli_operand(cli, 0));
}

dw_err cmd_tube_decide(struct cli *cli)
{
    struct lab_by by;
    struct id person;
    ERR_TRY(cmd_id(&person, cli, 1));
    dw_err err = cmd_tube_by(&by, cli, true, false);
    if (err == DW_OK)
        err = lab_sample_decide(&by, cli_operand(cli, 0), person, (enum kinds_sample_decision)cli_choice(cli, "as"),
                                cli_text(cli, "reason"), &cli->detail);
    return cmd_tube_done(cli, &by, err, "已处理", "is decided", cli_operand(cli, 0));
}

dw_err cmd_box_pack(struct cli *cli)
{
    struct lab_by by;
    dw_err err = cmd_tube_by(&by, cli, true, true);
    if (err == DW_OK)
        err = lab_box_pack(&by, cli_operand(cli, 0), cli->operands + 1, (size_t)cli->operand_count - 1, &cli->detail);
    return cmd_tube_done(cli, &by, err, "已装箱", "is packed", cli_operand(cli, 0));
}

static dw_err cmd_box_hand(struct cli *cli, enum kinds_box_side side)
{
    struct lab_by by;
    uint32_t other = SITE_NONE;
    dw_err err = cmd_tube_by(&by, cli, false, true);
    if (err == DW_OK) err = cmd_tube_device(&other, cli, by.desk, side == KINDS_BOX_SIDE_GIVE ? "to" : "from");
    if (err == DW_OK) err = lab_box_hand(&by, cli_operand(cli, 0), side, other, &cli->detail);
    return cmd_tube_done(cli, &by, err, side == KINDS_BOX_SIDE_GIVE ? "已交出" : "已接收",
                         side == KINDS_BOX_SIDE_GIVE ? "is given" : "is taken", cli_operand(cli, 0));
}

dw_err cmd_box_give(struct cli *cli)
{
    return cmd_box_hand(cli, KINDS_BOX_SIDE_GIVE);
}

dw_err cmd_box_take(struct cli *cli)
{
    return cmd_box_hand(cli, KINDS_BOX_SIDE_TAKE);
}

/* One tube as a row of both kinds of answer. */
static void cmd_tube_row(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                         const struct lab_boxes *boxes, uint32_t index)
{
    const struct site_tube *tube = site_tube(site, index);
    const char *box = tube->box == SITE_NONE ? "" : site_box(site, tube->box)->code,
               *stage = lab_stage_text(lab_stage(site, boxes, index), cli->lang);
    int64_t standing = 0, doubtful = 0;
    for (uint32_t at = tube->first_sample; at != SITE_NONE; at = site_sample(site, at)->next_in_tube) {
        standing += site_sample(site, at)->state == SITE_SAMPLE_STANDS;
        doubtful += site_sample(site, at)->state != SITE_SAMPLE_STANDS && site_sample(site, at)->state != SITE_SAMPLE_DROPPED;
    }
    out_table_row(table, (const char *[]){tube->code, stage, out_number(table, standing), out_number(table, tube->capacity),
                                          out_number(table, doubtful), box});
    json_open(&out->json, '{');
    out_json_text(out, "tube", tube->code);
    out_json_text(out, "use", kinds_tube_use_texts[tube->use]);
    out_json_text(out, "stage", lab_stage_text(lab_stage(site, boxes, index), ERR_EN));
    out_json_int(out, "people", standing);
    out_json_int(out, "capacity", tube->capacity);
    out_json_int(out, "doubtful", doubtful);
    out_json_text(out, "box", box);
    json_close(&out->json, '}');
}

dw_err cmd_tube_list(struct cli *cli)
{
    const char *zh[] = {"管号", "进度", ">人数", ">容量", ">有疑问", "箱号"},
               *en[] = {"tube", "stage", ">people", ">capacity", ">doubtful", "box"};
    struct lab_by by;
    struct lab_boxes boxes = {0};
    struct out_table table;
    struct out_json out;
    ERR_TRY(cmd_tube_by(&by, cli, true, false));
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 6);
    out_json_begin(&out);
    json_open(&out.json, '[');
    const struct site *site = desk_read(by.desk);
    uint32_t round = site_round_by_number(site, by.round);
    dw_err err = lab_boxes(&boxes, site);
    for (uint32_t i = 0; err == DW_OK && i < site_count(site, SITE_TUBE); i++)
        if (site_tube(site, i)->round == round) cmd_tube_row(cli, &table, &out, site, &boxes, i);
    lab_boxes_free(&boxes);
    desk_read_end(by.desk);
    desk_close(by.desk);
    json_close(&out.json, ']');
    if (round != SITE_NONE) return out_either(cli, &table, &out);
    out_drop(&table, &out);
    return err_set(&cli->detail, DW_E_NOT_FOUND, cli_say(cli, "第 %lld 轮", "round %lld"), (long long)by.round);
}
