#include <string.h>

#include "cli/cmd.h"
#include "desk/area.h"

static const char *cmd_area_kind(const struct cli *cli, enum kinds_area_kind kind)
{
    static const char *const texts[KINDS_AREA_KIND_COUNT] = {"村", "网格", "小组", "楼栋", "企业"};
    return cli->lang == ERR_ZH ? texts[kind] : kinds_area_kind_texts[kind];
}

static const char *cmd_area_keeper(const struct site *site, const struct site_area *area)
{
    if (area->keeper == SITE_NONE) return "";
    const char *name = site_member(site, area->keeper)->name;
    return name == NULL ? "*" : name;
}

static void cmd_area_rows(struct cli *cli, const struct site *site, const struct area_list *list)
{
    const char *zh[] = {"编号", "类别", "名称", ">楼栋", ">户门", ">人", "责任人", ">无责任人"},
               *en[] = {"code", "kind", "name", ">buildings", ">doors", ">people", "keeper", ">unkept"};
    struct out_table table;
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 8);
    for (size_t i = 0; i < list->count; i++) {
        const struct area_summary *s = &list->items[i];
        const struct site_area *a = site_area(site, s->area);
        char code[128];
        snprintf(code, sizeof code, "%*s%.90s", s->depth * 2, "", a->code);
        out_table_row(&table,
                      (const char *[]){code, cmd_area_kind(cli, a->kind), *a->name != 0 ? a->name : a->address,
                                       out_number(&table, s->buildings), out_number(&table, s->doors),
                                       out_number(&table, s->people), cmd_area_keeper(site, a), out_number(&table, s->unkept)});
    }
    out_table_end(&table);
}

static dw_err cmd_area_json(const struct site *site, const struct area_list *list)
{
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '[');
    for (size_t i = 0; i < list->count; i++) {
        const struct area_summary *s = &list->items[i];
        const struct site_area *a = site_area(site, s->area);
        json_open(&out.json, '{');
        out_json_text(&out, "code", a->code);
        out_json_text(&out, "kind", kinds_area_kind_texts[a->kind]);
        out_json_text(&out, "name", a->name);
        out_json_text(&out, "address", a->address);
        out_json_int(&out, "depth", s->depth);
        out_json_int(&out, "buildings", s->buildings);
        out_json_int(&out, "doors", s->doors);
        out_json_int(&out, "people", s->people);
        out_json_text(&out, "keeper", cmd_area_keeper(site, a));
        out_json_int(&out, "unkept", s->unkept);
        if (a->lon != 0 || a->lat != 0) {
            json_key(&out.json, "lon");
            json_put_double(&out.json, (double)a->lon / 1e7, 7);
            json_key(&out.json, "lat");
            json_put_double(&out.json, (double)a->lat / 1e7, 7);
        }
        json_close(&out.json, '}');
    }
    json_close(&out.json, ']');
    return out_json_end(&out);
}

dw_err cmd_area(struct cli *cli)
{
    struct desk *desk = NULL;
    struct area_list list;
    ERR_TRY(cmd_desk_bare(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = area_tree(&list, site, cli_operand(cli, 0), (int)cli_int(cli, "depth"), &cli->detail);
    if (err == DW_OK && cli->json)
        err = cmd_area_json(site, &list);
    else if (err == DW_OK)
        cmd_area_rows(cli, site, &list);
    if (err == DW_OK) area_list_free(&list);
    desk_read_end(desk);
    desk_close(desk);
    return err;
}

static dw_err cmd_area_keeper_row(struct cli *cli, struct out_table *table, struct out_json *out, const struct site *site,
                                  uint32_t member)
{
    const struct site_member *m = site_member(site, member);
    struct arena_buf areas = {0};
    char id[ID_TEXT];
    id_text(id, m->id);
    for (uint32_t order = 0; order < site->area_orders; order++) {
        const struct site_area *a = site_area(site, site->area_at[order]);
        if (a->keeper == member) arena_buf_format(&areas, "%s%s", areas.len > 0 ? " " : "", a->code);
    }
    const char *codes = areas.len == 0 ? "" : areas.data, *name = m->name == NULL ? "" : m->name;
    const char *phone = m->phone == NULL ? "" : cmd_phone(cli, m->phone, false);
    out_table_row(table, (const char *[]){name, phone, codes, id});
    json_open(&out->json, '{');
    out_json_text(out, "id", id);
    out_json_text(out, "name", name);
    out_json_text(out, "phone", phone);
    out_json_text(out, "areas", codes);
    json_key(&out->json, "forgotten");
    json_put_bool(&out->json, m->forgotten);
    json_close(&out->json, '}');
    dw_err err = areas.failed ? DW_E_MEMORY : DW_OK;
    arena_buf_free(&areas);
    return err;
}

dw_err cmd_area_keepers(struct cli *cli)
{
    const char *zh[] = {"姓名", "手机", "责任区域", "编号"}, *en[] = {"name", "phone", "keeps", "id"};
    struct desk *desk = NULL;
    struct out_table table;
    struct out_json out;
    dw_err err = DW_OK;
    ERR_TRY(cmd_desk(&desk, cli));
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 4);
    out_json_begin(&out);
    json_open(&out.json, '[');
    const struct site *site = desk_read(desk);
    for (uint32_t m = 0; err == DW_OK && m < site_count(site, SITE_MEMBER); m++)
        err = cmd_area_keeper_row(cli, &table, &out, site, m);
    desk_read_end(desk);
    json_close(&out.json, ']');
    desk_close(desk);
    if (err == DW_OK) return out_either(cli, &table, &out);
    out_drop(&table, &out);
    return err;
}

dw_err cmd_area_keep(struct cli *cli)
{
    struct desk *desk = NULL;
    const char *phone = cli_text(cli, "phone");
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK)
        err = area_keep(desk, cli_operand(cli, 0), cli_text(cli, "name"), phone == NULL ? "" : phone, cli->at, &cli->detail);
    desk_close(desk);
    if (err == DW_OK)
        printf(cli->json ? "{\"area\":\"%s\"}\n" : cli_say(cli, "%s 已有责任人\n", "%s has its keeper\n"), cli_operand(cli, 0));
    return err;
}
