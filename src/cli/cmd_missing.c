#include "cli/cmd_missing.h"

#include <string.h>

#include "desk/paper_spec.h"
#include "desk/register.h"
#include "files/beside.h"
#include "files/layer_out.h"
#include "files/table_out.h"

struct cmd_missing_row {
    char place[512], id[ID_TEXT];
    const char *cells[PAPER_MISSING_COLUMNS];
};

static const char *cmd_missing_above(const struct site *site, uint32_t area, enum kinds_area_kind kind)
{
    for (; area != SITE_NONE; area = site_area(site, area)->parent)
        if (site_area(site, area)->kind == kind) return site_area(site, area)->code;
    return "";
}

static void cmd_missing_row(struct cmd_missing_row *out, struct cli *cli, const struct site *site, const struct site_round *round,
                            uint32_t person, bool reveal)
{
    const struct site_mark *mark = site_mark(round, person);
    uint32_t area = mark == NULL ? site_person_area(site, round, person) : mark->area;
    const char *sex = register_field(site, person, KINDS_PERSON_SET_SEX);
    bool carried = mark != NULL && mark->decision == 1 + KINDS_DECISION_CARRIED;
    register_place_text(out->place, sizeof out->place, site, round, person);
    id_text(out->id, site_person(site, person)->id);
    const char *cells[PAPER_MISSING_COLUMNS] = {cmd_missing_above(site, area, KINDS_AREA_KIND_GRID),
                                                cmd_missing_above(site, area, KINDS_AREA_KIND_CELL),
                                                area == SITE_NONE ? "" : site_area(site, area)->code,
                                                out->place,
                                                register_field(site, person, KINDS_PERSON_SET_NAME),
                                                *sex == 'm'   ? cli_say(cli, "男", "m")
                                                : *sex == 'f' ? cli_say(cli, "女", "f")
                                                              : "",
                                                register_field(site, person, KINDS_PERSON_SET_BIRTH),
                                                cmd_doc(cli, register_field(site, person, KINDS_PERSON_SET_DOC), reveal),
                                                cmd_phone(cli, register_field(site, person, KINDS_PERSON_SET_PHONE), reveal),
                                                cmd_state(cli, mark == NULL ? KINDS_STATE_NONE : mark->state),
                                                carried ? cli_say(cli, "转入下一轮", "carried over") : "",
                                                out->id};
    memcpy(out->cells, cells, sizeof cells);
}

static dw_err cmd_missing_table(struct cli *cli, const struct site *site, const struct round_missing *missing, bool reveal)
{
    const struct site_round *round = site_round(site, missing->round);
    int64_t limit = cli_int(cli, "limit");
    struct out_table table;
    /* On the terminal the area stands in the place's own code already. */
    const char *const *headers = paper_spec_headers(PAPER_MISSING, cli->lang) + PAPER_MISSING_PLACE;
    out_table_begin(&table, headers, PAPER_MISSING_COLUMNS - PAPER_MISSING_PLACE);
    for (size_t i = 0; i < missing->count && (limit == 0 || (int64_t)i < limit); i++) {
        struct cmd_missing_row row;
        cmd_missing_row(&row, cli, site, round, missing->people[i], reveal);
        out_table_row(&table, row.cells + PAPER_MISSING_PLACE);
    }
    out_table_end(&table);
    printf(cli_say(cli, "第 %lld 轮未检 %zu 人\n", "Round %lld: %zu people are missing\n"), (long long)round->number,
           missing->count);
    return DW_OK;
}

static dw_err cmd_missing_json(struct cli *cli, const struct site *site, const struct round_missing *missing, bool reveal)
{
    const struct site_round *round = site_round(site, missing->round);
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_int(&out, "round", round->number);
    out_json_int(&out, "missing", (int64_t)missing->count);
    json_key(&out.json, "people");
    json_open(&out.json, '[');
    for (size_t i = 0; i < missing->count; i++) {
        struct cmd_missing_row row;
        const struct site_mark *mark = site_mark(round, missing->people[i]);
        cmd_missing_row(&row, cli, site, round, missing->people[i], reveal);
        json_open(&out.json, '{');
        for (int c = 0; c < PAPER_MISSING_COLUMNS; c++)
            if (c != PAPER_MISSING_REASON && c != PAPER_MISSING_DECISION)
                out_json_text(&out, paper_spec_get(PAPER_MISSING)->columns[c].name, row.cells[c]);
        out_json_text(&out, "reason", kinds_state_texts[mark == NULL ? KINDS_STATE_NONE : mark->state]);
        json_key(&out.json, "carried");
        json_put_bool(&out.json, mark != NULL && mark->decision == 1 + KINDS_DECISION_CARRIED);
        json_close(&out.json, '}');
    }
    json_close(&out.json, ']');
    json_close(&out.json, '}');
    const char *path = cli_text(cli, "out");
    if (path == NULL) return out_json_end(&out);
    dw_err err = out.buf.failed ? DW_E_MEMORY : beside_put(path, out.buf.data, out.buf.len, &cli->detail);
    arena_buf_free(&out.buf);
    return err;
}

static dw_err cmd_missing_sheet(struct cli *cli, const struct site *site, const struct round_missing *missing, bool reveal,
                                bool xlsx)
{
    const struct site_round *round = site_round(site, missing->round);
    const char *path = cli_text(cli, "out");
    struct table_out *out = NULL;
    char title[96];
    snprintf(title, sizeof title, cli_say(cli, "第 %lld 轮未检名单", "Missing in round %lld"), (long long)round->number);
    ERR_TRY(table_out_open(&out, path == NULL ? "-" : path,
                           xlsx           ? TABLE_OUT_XLSX
                           : path == NULL ? TABLE_OUT_CSV
                                          : TABLE_OUT_CSV_BOM,
                           title, xlsx ? title : NULL, paper_spec_headers(PAPER_MISSING, cli->lang), PAPER_MISSING_COLUMNS,
                           &cli->detail));
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < missing->count; i++) {
        struct cmd_missing_row row;
        cmd_missing_row(&row, cli, site, round, missing->people[i], reveal);
        err = table_out_row(out, row.cells, &cli->detail);
    }
    if (err == DW_OK) return table_out_close(out, &cli->detail);
    table_out_abort(out);
    return err;
}

static dw_err cmd_missing_map(struct cli *cli, const struct site *site, const struct round_missing *missing, bool reveal)
{
    const struct site_round *round = site_round(site, missing->round);
    const char *path = cli_text(cli, "out");
    struct layer_out *out = NULL;
    ERR_TRY(layer_out_open(&out, path == NULL ? "-" : path, LAYER_OUT_GEOJSON, "missing",
                           paper_spec_headers(PAPER_MISSING, ERR_EN), PAPER_MISSING_COLUMNS, &cli->detail));
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < missing->count; i++) {
        struct cmd_missing_row row;
        char point[96] = "";
        uint32_t person = missing->people[i];
        uint32_t area = round->marks[person].area;
        const struct site_area *a = area == SITE_NONE ? NULL : site_area(site, area);
        cmd_missing_row(&row, cli, site, round, person, reveal);
        if (a != NULL && (a->lon != 0 || a->lat != 0))
            snprintf(point, sizeof point, "{\"type\":\"Point\",\"coordinates\":[%.7f,%.7f]}", (double)a->lon / 1e7,
                     (double)a->lat / 1e7);
        err = layer_out_feature(out, *point == 0 ? NULL : point, row.cells, &cli->detail);
    }
    if (err == DW_OK) return layer_out_close(out, &cli->detail);
    layer_out_abort(out);
    return err;
}

dw_err cmd_missing_write(struct cli *cli, const struct site *site, const struct round_missing *missing, bool reveal)
{
    int format = cli_choice(cli, "format");
    if (cli->json && format == 0) format = 1;
    switch (format) {
    case 1:
        return cmd_missing_json(cli, site, missing, reveal);
    case 2:
        return cmd_missing_sheet(cli, site, missing, reveal, false);
    case 3:
        return cmd_missing_sheet(cli, site, missing, reveal, true);
    case 4:
        return cmd_missing_map(cli, site, missing, reveal);
    default:
        return cmd_missing_table(cli, site, missing, reveal);
    }
}
