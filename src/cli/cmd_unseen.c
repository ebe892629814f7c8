/* How many people are on no list: asked for, and told. */
#include "cli/cmd_unseen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"

struct told {
    struct cli *cli;
    struct estimate_people people;
    struct unseen_ask ask;
    struct unseen_answer answer;
    uint64_t none;
    bool table;
};

/* "0.05" or "5%"; 0 when it is not given. */
static dw_err rate_of(struct cli *cli, const char *option, double *out)
{
    const char *text = cli_text(cli, option);
    char *end;
    *out = 0;
    if (text == NULL) return DW_OK;
    *out = strtod(text, &end);
    if (end != text && *end == '%') {
        *out /= 100;
        end++;
    }
    if (end != text && *end == 0 && isfinite(*out)) return DW_OK;
    return err_set(&cli->detail, DW_E_USAGE, "--%s %s", option, text);
}

static dw_err ask_of(struct cli *cli, struct unseen_ask *ask)
{
    ERR_TRY(rate_of(cli, "missed", &ask->missed));
    ERR_TRY(rate_of(cli, "wrong", &ask->wrong));
    ERR_TRY(rate_of(cli, "meets", &ask->meets));
    ERR_TRY(rate_of(cli, "pace", &ask->pace));
    ERR_TRY(rate_of(cli, "level", &ask->level));
    ERR_TRY(rate_of(cli, "together", &ask->together));
    ask->apart = cli_flag(cli, "apart");
    ask->bic = cli_flag(cli, "bic");
    return DW_OK;
}

static dw_err from_register(struct told *t)
{
    static const enum kinds_area_kind kinds[] = {KINDS_AREA_KIND_GRID, KINDS_AREA_KIND_CELL, KINDS_AREA_KIND_BUILDING};
    static const char *const only_tables[] = {"count", "household", "doors"};
    struct cli *cli = t->cli;
    const char *stratum = cli_text(cli, "stratum");
    struct estimate_ask ask = {.lists = cli_text(cli, "lists"),
                               .by = kinds[cli_choice(cli, "by")],
                               .top = cli_text(cli, "area"),
                               .day = when_day(cli->at)};
    for (size_t i = 0; i < sizeof only_tables / sizeof *only_tables; i++)
        if (cli_text(cli, only_tables[i]) != NULL)
            return err_set(&cli->detail, DW_E_USAGE, cli_say(cli, "--%s 只用于表格", "--%s is for tables"), only_tables[i]);
    if (stratum != NULL && strcmp(stratum, "sex") == 0)
        ask.stratum = ESTIMATE_SEX;
    else if (stratum != NULL && strcmp(stratum, "age") == 0)
        ask.stratum = ESTIMATE_AGE;
    else if (stratum != NULL)
        return err_set(&cli->detail, DW_E_USAGE, "--stratum sex|age");
    struct desk *desk = NULL;
    ERR_TRY(cmd_desk(&desk, cli));
    dw_err err = estimate_gather(&t->people, desk_read(desk), &ask, &cli->detail);
    desk_read_end(desk);
    desk_close(desk);
    return err;
}

static void put_number(struct json_out *json, const char *key, double value, int decimals)
{
    json_key(json, key);
    json_put_double(json, value, decimals);
}

static void put_warnings(struct json_out *json, uint32_t warnings)
{
    json_key(json, "warnings");
    json_open(json, '[');
    for (int bit = 0; bit < UNSEEN_WARNINGS; bit++)
        if (warnings >> bit & 1) json_put(json, unseen_warning_name(bit));
    json_close(json, ']');
}

static void put_pair(struct json_out *json, const struct told *t, int pair)
{
    int j = 1;
    while (pair >= j * (j + 1) / 2) j++;
    json_open(json, '[');
    json_put(json, t->people.list[pair - j * (j - 1) / 2]);
    json_put(json, t->people.list[j]);
    json_close(json, ']');
}

static void put_pairs(struct json_out *json, const struct told *t, const char *key, uint32_t pairs)
{
    json_key(json, key);
    json_open(json, '[');
    for (int p = 0; p < t->people.lists * (t->people.lists - 1) / 2; p++)
        if (pairs >> p & 1) put_pair(json, t, p);
    json_close(json, ']');
}

static void put_area(struct out_json *out, const struct told *t, const struct unseen_area *a, uint32_t index)
{
    struct json_out *json = &out->json;
    bool all = a == &t->answer.all;
    json_open(json, '{');
    if (!all) {
        out_json_text(out, "area", t->people.area[index]);
        out_json_text(out, "name", t->people.name[index]);
        out_json_int(out, "rank", a->rank);
    }
    out_json_text(out, "how", unseen_how_name(a->how));
    put_number(json, "listed", a->listed, 0);
    put_number(json, "distinct", a->distinct, 1);
    put_number(json, "on_two", a->twice, 0);
    put_number(json, "unseen", a->unseen, 2);
    put_number(json, "low", a->low, 0);
    put_number(json, "high", a->high, 0);
    put_number(json, "people", a->distinct + a->unseen, 1);
    put_number(json, "least", a->least, 2);
    put_number(json, "finds", a->finds, 2);
    if (!all && t->people.doors != NULL) {
        put_number(json, "doors", t->people.doors[index], 0);
        put_number(json, "per_door", a->per_door, 4);
        put_number(json, "per_hour", a->per_hour, 3);
    }
    put_warnings(json, a->warnings);
    json_close(json, '}');
}

static void put_lists(struct out_json *out, const struct told *t)
{
    const struct unseen_answer *a = &t->answer;
    struct json_out *json = &out->json;
    json_key(json, "lists");
    json_open(json, '[');
    for (int l = 0; l < t->people.lists; l++) {
        json_open(json, '{');
        out_json_text(out, "name", t->people.list[l]);
        put_number(json, "caught", a->caught[l], 4);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "models");
    json_open(json, '[');
    for (uint32_t m = 0; m < a->models_count; m++) {
        json_open(json, '{');
        put_pairs(json, t, "dependent", a->models[m].graph);
        json_key(json, "others_alike");
        json_put_bool(json, a->models[m].graph >> UNSEEN_PAIRS & 1);
        put_number(json, "weight", a->models[m].weight, 4);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "dependence");
    json_open(json, '[');
    for (int p = 0; p < t->people.lists * (t->people.lists - 1) / 2; p++) {
        if (isnan(a->depend[p])) continue;
        json_open(json, '{');
        json_key(json, "lists");
        put_pair(json, t, p);
        put_number(json, "odds", a->depend[p], 3);
        put_number(json, "weight", a->certain[p], 4);
        json_close(json, '}');
    }
    json_close(json, ']');
    put_pairs(json, t, "contained", a->contained);
    put_pairs(json, t, "disjoint", a->disjoint);
}

static dw_err tell_json(const struct told *t)
{
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    put_number(&out.json, "level", t->ask.level == 0 ? 0.95 : t->ask.level, 3);
    put_lists(&out, t);
    put_number(&out.json, "fit_chance", t->answer.fit_chance, 4);
    put_number(&out.json, "together", t->ask.together, 3);
    out_json_int(&out, "on_no_list", (int64_t)t->none);
    if (!t->table) out_json_int(&out, "open_pairs", t->people.open_pairs);
    json_key(&out.json, "all");
    put_area(&out, t, &t->answer.all, 0);
    json_key(&out.json, "areas");
    json_open(&out.json, '[');
    for (uint32_t a = 0; a < t->people.areas; a++) put_area(&out, t, &t->answer.areas[a], a);
    json_close(&out.json, ']');
    json_close(&out.json, '}');
    return out_json_end(&out);
}

/* What a bit means, for people. */
static const char *const warning_texts[UNSEEN_WARNINGS][2] = {
    {"两份名单上都有的人太少，估计主要靠其他区域", "few people on two lists: leans on the other areas"},
    {"区间很宽", "wide interval"},
    {"只有两份名单：看不出名单是否互相影响；若互相抄用，漏登的人会比估计的多",
     "Two lists only: whether they depend on each other cannot be seen; if one helped to make the other, more people are unseen "
     "than estimated."},
    {"名单互相影响（在一份上的人更容易或更不容易在另一份上），估计已考虑",
     "Lists depend on each other (being on one makes the other likelier or less likely); this is reckoned with."},
    {"有的人在哪份名单上都难登到，估计已考虑，但可能仍偏低",
     "Some people are hard to list at all; this is reckoned with, but the estimate may still be low."},
    {"一份名单几乎全在另一份之内，可能是抄来的：只留一份再算",
     "Nearly all of one list is on another, which it may have been made from: leave one out and ask again."},
    {"两份名单上几乎没有相同的人，登的是不同的人：把它们合成一份再算（--lists A+B,C）",
     "Two lists share next to nobody, so they are of different people: join them and ask again (--lists A+B,C)."},
    {"没有一个模型符合这些数字，结果仅供参考", "No model fits these numbers: take the estimate as a hint."},
    {"没有给出匹配差错率：没有连上的同一个人会算成漏登（--missed, --wrong）",
     "No rates of the matching's errors were given: links that it missed count as unseen people (--missed, --wrong)."},
    {"有一份名单没有人，没有用到", "A list has nobody on it and was left out."},
    {"有的区域无法估计，不在合计内", "Some areas have no estimate and are not in the sum."},
};

static const char *range_text(char out[64], const struct cli *cli, const struct unseen_area *a)
{
    if (a->how == UNSEEN_NOTHING)
        snprintf(out, 64, "%s", cli_say(cli, "无法估计", "cannot be told"));
    else if (isnan(a->high))
        snprintf(out, 64, cli_say(cli, "至少 %.0f", "at least %.0f"), a->low);
    else
        snprintf(out, 64, "%.0f–%.0f", a->low, a->high);
    return out;
}

static const char *decimal(char out[32], double value, int decimals)
{
    if (isnan(value))
        snprintf(out, 32, "%s", "");
    else
        snprintf(out, 32, "%.*f", decimals, value);
    return out;
}

static void tell_row(struct out_table *table, const struct told *t, uint32_t index)
{
    const struct unseen_area *a = &t->answer.areas[index];
    char cells[8][64], notes[512] = "";
    for (int bit = 0; bit < 2; bit++)
        if (a->warnings >> bit & 1) {
            size_t len = strlen(notes);
            snprintf(notes + len, sizeof notes - len, "%s%s", len > 0 ? cli_say(t->cli, "；", "; ") : "",
                     warning_texts[bit][t->cli->lang]);
        }
    const char *code = t->people.area[index], *nameless = t->table && cli_text(t->cli, "area") == NULL
                                                              ? cli_say(t->cli, "全部", "all")
                                                              : cli_say(t->cli, "（不明）", "(not known)");
    snprintf(cells[0], sizeof cells[0], "%u", a->rank);
    snprintf(cells[1], sizeof cells[1], "%.0f", a->listed);
    out_table_row(table, (const char *[]){cells[0], *code == 0 ? nameless : code, cells[1], decimal(cells[2], a->unseen, 1),
                                          range_text(cells[3], t->cli, a), decimal(cells[4], a->finds, 1),
                                          decimal(cells[5], a->per_door * 100, 1), decimal(cells[6], a->per_hour, 2), notes});
}

static dw_err tell_table(const struct told *t)
{
    static const char *const zh[] = {">次序",       "区域",    ">名单上", ">估计漏登", ">区间",
                                     ">补网可找到", ">每百户", ">每小时", "提示"};
    static const char *const en[] = {">rank",  "area",           ">listed",   ">unseen", ">interval",
                                     ">finds", ">per 100 doors", ">per hour", "note"};
    struct cli *cli = t->cli;
    const struct unseen_area *all = &t->answer.all;
    struct out_table table;
    char range[64];
    uint32_t *order = calloc(t->people.areas + 1, sizeof *order);
    if (order == NULL) return DW_E_MEMORY;
    for (uint32_t a = 0; a < t->people.areas; a++) order[t->answer.areas[a].rank - 1] = a;
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 9);
    for (uint32_t i = 0; i < t->people.areas; i++) tell_row(&table, t, order[i]);
    free(order);
    out_table_end(&table);
    printf(cli_say(cli, "名单上共 %.0f 人；", "%.0f people are listed; "), all->listed);
    if (isnan(all->unseen))
        printf(cli_say(cli, "不在任何名单上的：%s\n", "on no list: %s\n"), range_text(range, cli, all));
    else
        printf(cli_say(cli, "估计还有 %.0f 人不在任何名单上（%s，把握 %.0f%%），补网预计找到 %.0f 人\n",
                       "about %.0f more are on no list (%s, %.0f%% sure), of whom a second pass finds about %.0f\n"),
               all->unseen, range_text(range, cli, all), 100 * (t->ask.level == 0 ? 0.95 : t->ask.level), all->finds);
    if (t->none > 0)
        printf(cli_say(cli, "另有 %llu 人已知而不在这些名单上，没有计入\n",
                       "%llu people are known and on none of these lists; they are not counted\n"),
               (unsigned long long)t->none);
    if (t->people.open_pairs > 0)
        printf(cli_say(cli, "* 有 %u 对可能是同一个人，还没有核对：核对以前估计偏高\n",
                       "* %u pairs may be one person each and wait for review: until then the estimate is too high.\n"),
               t->people.open_pairs);
    for (int bit = 0; bit < UNSEEN_WARNINGS; bit++)
        if (all->warnings >> bit & 1) printf("* %s\n", warning_texts[bit][cli->lang]);
    printf(
        "* %s\n",
        cli_say(cli, "假定各份名单说的是同一时间的同一批人：搬走的人先从名单上去掉",
                "It is taken that all lists are of the same people at the same time: take those who left off the lists first."));
    return DW_OK;
}

dw_err cmd_unseen(struct cli *cli)
{
    struct told t = {.cli = cli, .table = cli->operand_count > 0};
    dw_err err = ask_of(cli, &t.ask);
    if (err == DW_OK) err = t.table ? cmd_unseen_table(&t.people, cli) : from_register(&t);
    if (err == DW_OK) err = estimate_make(&t.answer, &t.ask, &t.none, &t.people, &cli->progress, &cli->detail);
    if (err == DW_OK) err = cli->json ? tell_json(&t) : tell_table(&t);
    unseen_free(&t.answer);
    estimate_free(&t.people);
    return err;
}
