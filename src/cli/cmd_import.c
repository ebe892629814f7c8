#include "cli/cmd_import.h"

#include "cli/cmd.h"

void cmd_import_json(const struct import_result *r, bool dry)
{
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    import_put(&out.json, r, dry);
    json_key(&out.json, "read_ms");
    json_put_double(&out.json, r->read_ms, 1);
    json_key(&out.json, "work_ms");
    json_put_double(&out.json, r->work_ms, 1);
    json_key(&out.json, "write_ms");
    json_put_double(&out.json, r->write_ms, 1);
    json_close(&out.json, '}');
    out_json_end(&out);
}

void cmd_import_troubles(const struct cli *cli, const struct import_result *r)
{
    for (int64_t i = 0; i < r->trouble_count && i < IMPORT_TROUBLES; i++)
        printf(cli_say(cli, "  第 %lld 行 %s：%s\n", "  row %lld, %s: %s\n"), (long long)r->troubles[i].row, r->troubles[i].field,
               r->troubles[i].text);
    if (r->trouble_count > IMPORT_TROUBLES)
        printf(cli_say(cli, "  另有 %lld 处\n", "  and %lld more\n"), (long long)(r->trouble_count - IMPORT_TROUBLES));
}

static void cmd_import_tell(const struct cli *cli, const struct import_result *r, bool map, bool dry)
{
    if (r->already) {
        printf("%s\n", cli_say(cli, "内容相同的文件已经导入过，没有改动。",
                               "A file of the same content was imported before: nothing was changed."));
        return;
    }
    const char *trial = dry ? cli_say(cli, "试运行：", "Dry run: ") : "";
    if (map)
        printf(cli_say(cli, "%s要素 %lld：新区域和地物 %lld，更新 %lld，厂门 %lld\n",
                       "%s%lld features: %lld new, %lld updated, %lld factory gates\n"),
               trial, (long long)r->rows, (long long)r->fresh, (long long)r->matched, (long long)r->doors);
    else
        printf(cli_say(cli, "%s%lld 行：新登记 %lld 人，已有 %lld 行",
                       "%s%lld rows: %lld new people, %lld rows of people who were known"),
               trial, (long long)r->rows, (long long)r->fresh, (long long)r->matched);
    if (map) {
        if (!dry) printf(cli_say(cli, "导入编号 %s\n", "Import %s\n"), r->batch);
        return;
    }
    printf(cli_say(cli,
                   "，与先前名单相同 %lld 行；新户门 %lld，新住户 %lld\n待核对 %lld 对；证件不能作依据 %lld；楼栋不明 %lld\n",
                   ", %lld rows as in earlier lists; %lld new doors, %lld new households\n%lld pairs to review; %lld documents "
                   "that are no key; %lld without a known building\n"),
           (long long)r->seen, (long long)r->doors, (long long)r->households, (long long)r->pairs, (long long)r->bad_docs,
           (long long)r->placeless);
    for (size_t i = 0; dry && i < r->column_count; i++)
        printf(cli_say(cli, "  第 %lld 列 %s：%s\n", "  column %lld, %s: %s\n"), (long long)r->columns[i].column,
               r->columns[i].header, r->columns[i].field);
    cmd_import_troubles(cli, r);
    if (!dry) printf(cli_say(cli, "导入编号 %s\n", "Import %s\n"), r->batch);
}

dw_err cmd_import_map(struct cli *cli)
{
    static struct import_result result;
    struct desk *desk = NULL;
    bool dry = cli_flag(cli, "dry-run");
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = import_map(&result, desk, cli_operand(cli, 0), dry, cli->at, &cli->progress, &cli->detail);
    desk_close(desk);
    if (err != DW_OK) return err;
    if (cli->json)
        cmd_import_json(&result, dry);
    else
        cmd_import_tell(cli, &result, true, dry);
    return DW_OK;
}

dw_err cmd_import_list(struct cli *cli)
{
    static struct import_result result;
    struct desk *desk = NULL;
    struct import_list spec = {.path = cli_operand(cli, 0),
                               .kind = (enum kinds_list_kind)cli_choice(cli, "as"),
                               .columns = cli_text(cli, "columns"),
                               .load_columns = cli_text(cli, "load-columns"),
                               .save_columns = cli_text(cli, "save-columns"),
                               .building = cli_text(cli, "building"),
                               .dry_run = cli_flag(cli, "dry-run"),
                               .lang = cli->lang,
                               .at = cli->at};
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = import_list(&result, desk, &spec, &cli->progress, &cli->detail);
    desk_close(desk);
    if (err != DW_OK) return err;
    if (cli->json)
        cmd_import_json(&result, spec.dry_run);
    else
        cmd_import_tell(cli, &result, false, spec.dry_run);
    return DW_OK;
}

dw_err cmd_import_undo(struct cli *cli)
{
    struct desk *desk = NULL;
    const char *reason = cli_text(cli, "reason");
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = import_undo(desk, cli_operand(cli, 0), reason == NULL ? "" : reason, cli->at, &cli->detail);
    desk_close(desk);
    if (err == DW_OK)
        printf(cli->json ? "{\"undone\":\"%s\"}\n" : cli_say(cli, "已撤销导入 %s\n", "Took import %s back\n"),
               cli_operand(cli, 0));
    return err;
}

dw_err cmd_import_batches(struct cli *cli)
{
    const char *headers_zh[] = {"导入编号", "文件", "种类", ">行", ">新", ">已有", ">待核对"},
               *headers_en[] = {"import", "file", "kind", ">rows", ">new", ">known", ">pairs"};
    struct desk *desk = NULL;
    struct out_table table;
    struct out_json out;
    ERR_TRY(cmd_desk_bare(&desk, cli));
    out_table_begin(&table, cli->lang == ERR_ZH ? headers_zh : headers_en, 7);
    out_json_begin(&out);
    json_open(&out.json, '[');
    const struct site *site = desk_read(desk);
    for (uint32_t i = 0; i < site_count(site, SITE_BATCH); i++) {
        const struct site_batch *b = site_batch(site, i);
        char id[ID_TEXT];
        id_text(id, site_device(site, b->device)->id);
        const char *kind = kinds_list_kind_texts[b->kind];
        out_table_row(&table, (const char *[]){id, b->file, kind, out_number(&table, b->rows), out_number(&table, b->fresh),
                                               out_number(&table, b->matched), out_number(&table, b->pairs)});
        json_open(&out.json, '{');
        out_json_text(&out, "batch", id);
        out_json_text(&out, "file", b->file);
        out_json_text(&out, "kind", kind);
        out_json_int(&out, "rows", b->rows);
        out_json_int(&out, "fresh", b->fresh);
        out_json_int(&out, "matched", b->matched);
        out_json_int(&out, "pairs", b->pairs);
        json_close(&out.json, '}');
    }
    desk_read_end(desk);
    json_close(&out.json, ']');
    desk_close(desk);
    return out_either(cli, &table, &out);
}
