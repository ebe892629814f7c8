#include <string.h>

#include "cli/cmd_missing.h"
#include "desk/register.h"

static void cmd_round_counts(struct out_json *out, struct cover_counts n)
{
    out_json_int(out, "roster", n.roster);
    out_json_int(out, "excused", n.excused);
    out_json_int(out, "found", n.found);
    out_json_int(out, "arrived", n.arrived);
    out_json_int(out, "owed", n.owed);
    out_json_int(out, "covered", n.covered);
    out_json_int(out, "missing", n.missing);
}

dw_err cmd_round_open(struct cli *cli)
{
    struct desk *desk = NULL;
    struct round_opened opened;
    struct when freeze = cli->at;
    struct out_json out;
    cli_time(cli, "freeze", &freeze);
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK)
        err = round_open(&opened, desk, (enum kinds_round_kind)cli_choice(cli, "kind"), freeze, cli->at, &cli->detail);
    desk_close(desk);
    if (err != DW_OK) return err;
    if (!cli->json) {
        printf(cli_say(cli, "第 %lld 轮已开始，应检底册 %u 人\n", "Round %lld is open over a roster of %u people\n"),
               (long long)opened.number, opened.counts.roster);
        return DW_OK;
    }
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_int(&out, "round", opened.number);
    cmd_round_counts(&out, opened.counts);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

static const char *cmd_round_area(const struct cli *cli, const struct site *site, const struct round_area *row, char code[128])
{
    if (row->area == SITE_NONE) return cli_say(cli, "（楼栋不明）", "(no known building)");
    snprintf(code, 128, "%*s%.90s", row->depth * 2, "", site_area(site, row->area)->code);
    return code;
}

static void cmd_round_tell(struct cli *cli, const struct site *site, const struct round_status *s)
{
    const char *zh[] = {"区域", ">应检", ">已检", ">未检", ">补录", ">新到", ">免检", ">补缺", ">%"},
               *en[] = {"area", ">owed", ">covered", ">missing", ">found", ">arrived", ">excused", ">recovered", ">%"};
    struct out_table table;
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 9);
    for (size_t i = 0; i < s->count; i++) {
        const struct cover_counts *n = &s->areas[i].counts;
        char code[128], share[16];
        if (n->roster + n->owed == 0) continue;
        snprintf(share, sizeof share, "%.1f", n->owed == 0 ? 100.0 : 100.0 * n->covered / n->owed);
        out_table_row(&table, (const char *[]){cmd_round_area(cli, site, &s->areas[i], code), out_number(&table, n->owed),
                                               out_number(&table, n->covered), out_number(&table, n->missing),
                                               out_number(&table, n->found), out_number(&table, n->arrived),
                                               out_number(&table, n->excused), out_number(&table, s->areas[i].recovered), share});
    }
    out_table_end(&table);
    printf(cli_say(cli, "\n应检 %u = 底册 %u − 免检 %u + 补录 %u + 新到 %u = 已检 %u + 未检 %u；补缺 %u\n",
                   "\nowed %u = roster %u − excused %u + found %u + arrived %u = covered %u + missing %u; recovered %u\n"),
           s->all.owed, s->all.roster, s->all.excused, s->all.found, s->all.arrived, s->all.covered, s->all.missing,
           s->recovered);
    if (round_deadline(site_round(site, s->round)) != SITE_NEVER) {
        char deadline[WHEN_TEXT];
        when_text(deadline, (struct when){round_deadline(site_round(site, s->round)), when_now().offset});
        printf(cli_say(cli, "应在 %.16s 前完成\n", "to be done by %.16s\n"), deadline);
    }
    if (s->outside > 0)
        printf(cli_say(cli, "另有 %u 人登记在此而不在本轮应检之内（冻结后登记，或以后才来）：见 round outside\n",
                       "%u more are registered here and not owed in this round (registered after its freeze, or to come later): "
                       "see round "
                       "outside\n"),
               s->outside);
    for (int i = 0; i < KINDS_STATE_COUNT; i++)
        if (s->by_state[i] > 0) printf("  %s %u\n", cmd_state(cli, i), s->by_state[i]);
}

static dw_err cmd_round_json(const struct site *site, const struct round_status *s)
{
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_int(&out, "round", site_round(site, s->round)->number);
    out_json_text(&out, "kind", kinds_round_kind_texts[site_round(site, s->round)->kind]);
    if (round_deadline(site_round(site, s->round)) != SITE_NEVER) {
        char deadline[WHEN_TEXT];
        when_text(deadline, (struct when){round_deadline(site_round(site, s->round)), when_now().offset});
        out_json_text(&out, "deadline", deadline);
    }
    json_key(&out.json, "closed");
    json_put_bool(&out.json, site_round(site, s->round)->closed_seq != 0);
    cmd_round_counts(&out, s->all);
    out_json_int(&out, "recovered", s->recovered);
    out_json_int(&out, "carried", s->carried);
    out_json_int(&out, "outside", s->outside);
    out_json_int(&out, "doors", s->doors);
    out_json_int(&out, "visited", s->visited);
    json_key(&out.json, "missing_by_reason");
    json_open(&out.json, '{');
    for (int i = 0; i < KINDS_STATE_COUNT; i++)
        if (s->by_state[i] > 0) out_json_int(&out, kinds_state_texts[i], s->by_state[i]);
    json_close(&out.json, '}');
    json_key(&out.json, "areas");
    json_open(&out.json, '[');
    for (size_t i = 0; i < s->count; i++) {
        json_open(&out.json, '{');
        out_json_text(&out, "code", s->areas[i].area == SITE_NONE ? "" : site_area(site, s->areas[i].area)->code);
        cmd_round_counts(&out, s->areas[i].counts);
        out_json_int(&out, "recovered", s->areas[i].recovered);
        json_close(&out.json, '}');
    }
    json_close(&out.json, ']');
    json_close(&out.json, '}');
    return out_json_end(&out);
}

dw_err cmd_round_status(struct cli *cli)
{
    struct desk *desk = NULL;
    struct round_status status;
    ERR_TRY(cmd_desk_bare(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = round_status(&status, site, cli_int(cli, "round"), cli_flag(cli, "buildings"), &cli->detail);
    if (err == DW_OK && cli->json)
        err = cmd_round_json(site, &status);
    else if (err == DW_OK)
        cmd_round_tell(cli, site, &status);
    if (err == DW_OK) round_status_free(&status);
    desk_read_end(desk);
    desk_close(desk);
    return err;
}

dw_err cmd_round_missing(struct cli *cli)
{
    struct desk *desk = NULL;
    struct round_missing missing = {0};
    const char *reason = cli_text(cli, "reason");
    bool reveal;
    int state = -1;
    for (int i = 0; reason != NULL && i < KINDS_STATE_COUNT; i++)
        if (strcmp(kinds_state_texts[i], reason) == 0) state = i;
    ERR_TRY(cmd_reveal(&reveal, cli, "why"));
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = round_missing(&missing, site, cli_int(cli, "round"), cli_text(cli, "area"), state, &cli->detail);
    desk_read_end(desk);
    /* Nothing is shown in full that was not recorded first. */
    if (err == DW_OK && reveal)
        err = register_look(desk, "round missing", cli_text(cli, "why"), missing.count, cli->at, &cli->detail);
    site = desk_read(desk);
    if (err == DW_OK) err = cmd_missing_write(cli, site, &missing, reveal);
    round_missing_free(&missing);
    desk_read_end(desk);
    desk_close(desk);
    return err;
}

typedef dw_err cmd_round_find(struct round_missing *out, const struct site *site, struct cli *cli);
typedef void cmd_round_row(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                           const struct site_round *round, uint32_t person);

/* A list of people of a round, as a table or as JSON. */
static dw_err cmd_round_list(struct cli *cli, const char *const *headers, int columns, cmd_round_find *find, cmd_round_row *row)
{
    struct desk *desk = NULL;
    struct round_missing people = {0};
    struct out_table table;
    struct out_json out;
    ERR_TRY(cmd_desk(&desk, cli));
    out_table_begin(&table, headers, columns);
    out_json_begin(&out);
    json_open(&out.json, '[');
    const struct site *site = desk_read(desk);
    dw_err err = find(&people, site, cli);
    for (size_t i = 0; err == DW_OK && i < people.count; i++)
        row(cli, &table, &out, site, site_round(site, people.round), people.people[i]);
    desk_read_end(desk);
    json_close(&out.json, ']');
    round_missing_free(&people);
    desk_close(desk);
    if (err == DW_OK) return out_either(cli, &table, &out);
    out_drop(&table, &out);
    return err;
}

static void cmd_round_people_row(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                                 const struct site_round *round, uint32_t person)
{
    struct site_mark mark = round_counted(site, round, person);
    char id[ID_TEXT], place[512], at[WHEN_TEXT] = "";
    const char *name = register_field(site, person, KINDS_PERSON_SET_NAME),
               *phone = cmd_phone(cli, register_field(site, person, KINDS_PERSON_SET_PHONE), false);
    id_text(id, site_person(site, person)->id);
    if (mark.stamp.n != 0) when_text(at, (struct when){mark.stamp.ms, when_now().offset});
    register_place_text(place, sizeof place, site, round, person);
    const char *excuse = mark.excuse == KINDS_EXCUSE_NONE ? "" : kinds_excuse_texts[mark.excuse],
               *how = mark.how == KINDS_HOW_NONE ? "" : kinds_how_texts[mark.how];
    out_table_row(table, (const char *[]){place, name, cmd_state(cli, mark.state), how, excuse, at, phone, id});
    json_open(&out->json, '{');
    out_json_text(out, "id", id);
    out_json_text(out, "name", name);
    out_json_text(out, "place", place);
    out_json_text(out, "area", mark.area == SITE_NONE ? "" : site_area(site, mark.area)->code);
    out_json_text(out, "phone", phone);
    out_json_text(out, "state", kinds_state_texts[mark.state]);
    out_json_text(out, "how", how);
    out_json_text(out, "excuse", excuse);
    out_json_text(out, "at", at);
    json_close(&out->json, '}');
}

static dw_err cmd_round_people_find(struct round_missing *out, const struct site *site, struct cli *cli)
{
    return round_people(out, site, cli_int(cli, "round"), (enum round_what)cli_choice(cli, "what"), cli_text(cli, "area"),
                        &cli->detail);
}

dw_err cmd_round_people(struct cli *cli)
{
    const char *zh[] = {"住处", "姓名", "情况", "补录新到", "免检", "时间", "手机", "编号"},
               *en[] = {"place", "name", "state", "how", "excuse", "at", "phone", "id"};
    return cmd_round_list(cli, cli->lang == ERR_ZH ? zh : en, 8, cmd_round_people_find, cmd_round_people_row);
}

static void cmd_round_outside_row(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                                  const struct site_round *round, uint32_t person)
{
    char id[ID_TEXT], place[512], since[WHEN_TEXT];
    bool gone;
    int64_t ms = site_stay(site, site_place(site, person, &gone))->at_ms;
    const char *name = register_field(site, person, KINDS_PERSON_SET_NAME);
    (void)cli;
    (void)round;
    id_text(id, site_person(site, person)->id);
    when_text(since, (struct when){ms, when_now().offset});
    register_place_text(place, sizeof place, site, NULL, person);
    out_table_row(table, (const char *[]){since, place, name, id});
    json_open(&out->json, '{');
    out_json_text(out, "id", id);
    out_json_text(out, "name", name);
    out_json_text(out, "place", place);
    out_json_text(out, "from", since);
    json_close(&out->json, '}');
}

static dw_err cmd_round_outside_find(struct round_missing *out, const struct site *site, struct cli *cli)
{
    return round_outside(out, site, cli_int(cli, "round"), &cli->detail);
}

dw_err cmd_round_outside(struct cli *cli)
{
    const char *zh[] = {"自", "住处", "姓名", "编号"}, *en[] = {"from", "place", "name", "id"};
    return cmd_round_list(cli, cli->lang == ERR_ZH ? zh : en, 4, cmd_round_outside_find, cmd_round_outside_row);
}

dw_err cmd_round_decide(struct cli *cli)
{
    static const enum kinds_excuse excuses[] = {KINDS_EXCUSE_LEFT, KINDS_EXCUSE_DIED, KINDS_EXCUSE_EXEMPT, KINDS_EXCUSE_NONE};
    struct desk *desk = NULL;
    struct id person;
    int as = cli_choice(cli, "as");
    ERR_TRY(cmd_id(&person, cli, 0));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK)
        err = round_decide(desk, cli_int(cli, "round"), person, as == 3 ? KINDS_DECISION_CARRIED : KINDS_DECISION_EXCUSED,
                           excuses[as], cli_text(cli, "evidence"), cli->at, &cli->detail);
    desk_close(desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "已决定", "Decided"));
    return err;
}

dw_err cmd_round_close(struct cli *cli)
{
    struct desk *desk = NULL;
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = round_close(desk, cli_int(cli, "round"), cli_text(cli, "carry"), cli->at, &cli->detail);
    desk_close(desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "本轮已结束", "The round is closed"));
    return err;
}
