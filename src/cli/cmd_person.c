#include <string.h>

#include "cli/cmd.h"
#include "desk/register.h"

enum { CMD_PERSON_MOST = 1000 };

static void cmd_person_row(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                           uint32_t person, bool reveal)
{
    char id[ID_TEXT], place[512];
    const char *name = register_field(site, person, KINDS_PERSON_SET_NAME),
               *birth = register_field(site, person, KINDS_PERSON_SET_BIRTH);
    const char *doc = cmd_doc(cli, register_field(site, person, KINDS_PERSON_SET_DOC), reveal);
    const char *phone = cmd_phone(cli, register_field(site, person, KINDS_PERSON_SET_PHONE), reveal);
    id_text(id, site_person(site, person)->id);
    register_place_text(place, sizeof place, site, NULL, person);
    out_table_row(table, (const char *[]){name, birth, doc, phone, place, id});
    json_open(&out->json, '{');
    out_json_text(out, "id", id);
    out_json_text(out, "name", name);
    out_json_text(out, "birth", birth);
    out_json_text(out, "document", doc);
    out_json_text(out, "phone", phone);
    out_json_text(out, "place", place);
    /* What else is known is health and family: only for who says why. */
    for (int f = KINDS_PERSON_SET_HUKOU; reveal && f < SITE_FIELDS; f++)
        out_json_text(out, kinds_get(KINDS_PERSON_SET)->fields[f].name, register_field(site, person, f));
    json_close(&out->json, '}');
}

dw_err cmd_person_find(struct cli *cli)
{
    const char *zh[] = {"姓名", "出生", "证件", "手机", "住处", "编号"},
               *en[] = {"name", "birth", "document", "phone", "place", "id"};
    struct desk *desk = NULL;
    struct out_table table;
    struct out_json out;
    static uint32_t people[CMD_PERSON_MOST];
    int64_t limit = cli_int(cli, "limit");
    bool reveal;
    ERR_TRY(cmd_reveal(&reveal, cli, "reason"));
    if (limit < 1 || limit > CMD_PERSON_MOST) return err_set(&cli->detail, DW_E_USAGE, "--limit 1..%d", CMD_PERSON_MOST);
    ERR_TRY(cmd_desk(&desk, cli));
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 6);
    out_json_begin(&out);
    const struct site *site = desk_read(desk);
    size_t found = register_find(people, (size_t)limit, site, cli_operand(cli, 0));
    json_open(&out.json, '{');
    out_json_int(&out, "found", (int64_t)found);
    json_key(&out.json, "people");
    json_open(&out.json, '[');
    for (size_t i = 0; i < found && i < (size_t)limit; i++) cmd_person_row(cli, &table, &out, site, people[i], reveal);
    json_close(&out.json, ']');
    json_close(&out.json, '}');
    desk_read_end(desk);
    dw_err err = reveal ? register_look(desk, "person find", cli_text(cli, "reason"), found, cli->at, &cli->detail) : DW_OK;
    desk_close(desk);
    if (err != DW_OK) { /* what was not recorded is not shown */
        out_drop(&table, &out);
        return err;
    }
    err = out_either(cli, &table, &out);
    if (!cli->json) printf(cli_say(cli, "共 %zu 人\n", "%zu in all\n"), found);
    return err;
}

static dw_err cmd_person_two(struct cli *cli, bool merge)
{
    struct desk *desk = NULL;
    struct id keep, gone;
    const char *reason = cli_text(cli, "reason");
    ERR_TRY(cmd_id(&keep, cli, 0));
    ERR_TRY(cmd_id(&gone, cli, 1));
    if (reason == NULL) reason = "";
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK)
        err = merge ? register_merge(desk, keep, gone, reason, cli->at, &cli->detail)
                    : register_unmerge(desk, keep, gone, reason, cli->at, &cli->detail);
    desk_close(desk);
    if (err == DW_OK)
        printf("%s\n", cli->json ? "{}" : merge ? cli_say(cli, "已合并", "Merged") : cli_say(cli, "已撤销合并", "Merge undone"));
    return err;
}

dw_err cmd_person_merge(struct cli *cli)
{
    return cmd_person_two(cli, true);
}

dw_err cmd_person_unmerge(struct cli *cli)
{
    return cmd_person_two(cli, false);
}
