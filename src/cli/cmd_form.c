/* Forms of rounds and visits noted by hand. */
#include <math.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_tube.h"
#include "desk/form.h"

enum { CMD_FORM_MOST = 200 };

static dw_err cmd_form_noted(struct cli *cli, struct lab_by *by, dw_err err)
{
    desk_close(by->desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "已登记", "Noted"));
    return err;
}

dw_err cmd_form_fill(struct cli *cli)
{
    struct form_answer answers[CMD_FORM_MOST];
    struct lab_by by = {.desk = NULL};
    size_t count = 0;
    for (int i = 1; i < cli->operand_count && count < CMD_FORM_MOST; i++) {
        const char *text = cli->operands[i], *equals = strchr(text, '=');
        const char *name = equals == NULL ? NULL : arena_text(&cli->arena, text, (size_t)(equals - text));
        if (name == NULL)
            return err_set(&cli->detail, DW_E_USAGE, cli_say(cli, "%s 应写成 栏目=内容", "%s is not field=value"), text);
        answers[count++] = (struct form_answer){name, equals + 1};
    }
    dw_err err = cmd_tube_by(&by, cli, true, true);
    if (err == DW_OK) err = form_fill(&by, cli_operand(cli, 0), answers, count, &cli->detail);
    return cmd_form_noted(cli, &by, err);
}

static dw_err cmd_form_tick(struct form_tick *out, struct cli *cli, const char *text)
{
    const char *equals = strchr(text, '='), *state = equals == NULL ? "done" : equals + 1;
    size_t len = equals == NULL ? strlen(text) : (size_t)(equals - text);
    if (!id_parse(&out->person, text, len))
        return err_set(&cli->detail, DW_E_USAGE, cli_say(cli, "%s 不是编号", "%s is not an id"), text);
    for (int s = KINDS_STATE_AWAY; s < KINDS_STATE_COUNT; s++)
        if (strcmp(kinds_state_texts[s], state) == 0) {
            out->state = (enum kinds_state)s;
            return DW_OK;
        }
    return err_set(&cli->detail, DW_E_USAGE, cli_say(cli, "没有这种情况：%s", "no such state: %s"), state);
}

dw_err cmd_visit(struct cli *cli)
{
    static const enum kinds_outcome outcomes[] = {KINDS_OUTCOME_DONE, KINDS_OUTCOME_NOBODY_HOME, KINDS_OUTCOME_REFUSED,
                                                  KINDS_OUTCOME_EMPTY, KINDS_OUTCOME_MOVED};
    struct form_tick ticks[CMD_FORM_MOST];
    struct lab_by by = {.desk = NULL};
    size_t count = 0;
    for (int i = 1; i < cli->operand_count && count < CMD_FORM_MOST; i++)
        ERR_TRY(cmd_form_tick(&ticks[count++], cli, cli->operands[i]));
    dw_err err = cmd_tube_by(&by, cli, true, true);
    if (err == DW_OK)
        err = form_visit(&by, cli_operand(cli, 0), outcomes[cli_choice(cli, "as")],
                         cli_text(cli, "heads") == NULL ? -1 : cli_int(cli, "heads"), ticks, count, &cli->detail);
    return cmd_form_noted(cli, &by, err);
}

static const char *cmd_form_type(const struct policy_field *field, struct cli *cli)
{
    struct arena_buf text = {0};
    if (field->type != POLICY_CHOICE)
        return field->type == POLICY_INT ? cli_say(cli, "数字", "number") : cli_say(cli, "文字", "text");
    for (const char *const *c = field->choices; *c != NULL; c++)
        arena_buf_format(&text, "%s%s", c == field->choices ? "" : " | ", *c);
    const char *copy = text.failed ? "" : arena_text(&cli->arena, text.data, text.len);
    arena_buf_free(&text);
    return copy == NULL ? "" : copy;
}

dw_err cmd_form_show(struct cli *cli)
{
    const char *zh[] = {"栏目", "名称", "对象", "内容", "必填"}, *en[] = {"field", "title", "of", "takes", "required"};
    struct desk *desk = NULL;
    struct out_table table;
    struct out_json out;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    uint32_t round = site_round_by_number(site, cli_int(cli, "round"));
    const struct policy_round *policy = round == SITE_NONE ? NULL : policy_round(site_round(site, round)->kind);
    desk_read_end(desk);
    desk_close(desk);
    if (policy == NULL)
        return err_set(&cli->detail, DW_E_NOT_FOUND, cli_say(cli, "第 %lld 轮", "round %lld"), (long long)cli_int(cli, "round"));
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 5);
    out_json_begin(&out);
    json_open(&out.json, '[');
    for (const struct policy_field *f = policy->fields; f->name != NULL; f++) {
        const char *of = f->of == POLICY_DOOR ? cli_say(cli, "户", "door") : cli_say(cli, "人", "person");
        out_table_row(&table, (const char *[]){f->name, f->title[cli->lang], of, cmd_form_type(f, cli), f->required ? "*" : ""});
        json_open(&out.json, '{');
        out_json_text(&out, "name", f->name);
        out_json_text(&out, "of", f->of == POLICY_DOOR ? "door" : "person");
        json_key(&out.json, "required");
        json_put_bool(&out.json, f->required);
        json_close(&out.json, '}');
    }
    json_close(&out.json, ']');
    return out_either(cli, &table, &out);
}

dw_err cmd_round_measures(struct cli *cli)
{
    const char *zh[] = {"指标", ">数值"}, *en[] = {"measure", ">value"};
    struct form_measure measures[FORM_MEASURES];
    struct desk *desk = NULL;
    struct out_table table;
    struct out_json out;
    size_t count;
    ERR_TRY(cmd_desk(&desk, cli));
    dw_err err = form_measures(measures, &count, desk_read(desk), cli_int(cli, "round"), &cli->detail);
    desk_read_end(desk);
    desk_close(desk);
    if (err != DW_OK) return err;
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 2);
    out_json_begin(&out);
    json_open(&out.json, '{');
    for (size_t i = 0; i < count; i++) {
        char value[32] = "–";
        if (!isnan(measures[i].value))
            snprintf(value, sizeof value, "%.*f", measures[i].measure->times == 1 ? 0 : 1, measures[i].value);
        out_table_row(&table, (const char *[]){measures[i].measure->title[cli->lang], value});
        json_key(&out.json, measures[i].measure->name);
        json_put_double(&out.json, measures[i].value, 3);
    }
    json_close(&out.json, '}');
    return out_either(cli, &table, &out);
}
