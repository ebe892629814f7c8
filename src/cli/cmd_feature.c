/* Drawing on the map from files of GeoJSON: areas, lanes, gates, barriers. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "desk/atlas.h"
#include "desk/walk.h"

/* The geometry of a file, in the command's arena. */
static dw_err cmd_feature_shape(const char **text, int64_t *lon, int64_t *lat, struct cli *cli, const char *path, int kind)
{
    struct shape shape = {.points = 0};
    char *said = NULL;
    size_t len;
    dw_err err = cmd_slurp(&said, &len, cli, path);
    if (err == DW_OK) err = atlas_shape(&shape, kind, said == NULL ? "" : said, len, "geometry", &cli->detail);
    if (err == DW_OK) {
        *text = arena_text(&cli->arena, shape.text.data, shape.text.len);
        *lon = shape.lon;
        *lat = shape.lat;
        if (*text == NULL) err = DW_E_MEMORY;
    }
    shape_free(&shape);
    free(said);
    return err;
}

static void cmd_feature_texts(struct atlas_area *area, struct cli *cli)
{
    const char *const names[] = {"name", "address", "use"};
    const char **const to[] = {&area->name, &area->address, &area->use};
    for (size_t i = 0; i < 3; i++)
        if (cli_text(cli, names[i]) != NULL) *to[i] = cli_text(cli, names[i]);
}

dw_err cmd_area_add(struct cli *cli)
{
    struct desk *desk = NULL;
    struct atlas_area area = {.kind = (enum kinds_area_kind)cli_choice(cli, "kind"),
                              .code = cli_operand(cli, 0),
                              .floors = cli_int(cli, "floors"),
                              .from_ms = SITE_NEVER,
                              .to_ms = SITE_NEVER};
    struct id id = {{0}};
    uint32_t top;
    cmd_feature_texts(&area, cli);
    const char *path = cli_text(cli, "geometry");
    if (path != NULL) ERR_TRY(cmd_feature_shape(&area.geometry, &area.lon, &area.lat, cli, path, (int)area.kind));
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = walk_top(&top, site, cli_text(cli, "parent"), &cli->detail);
    if (err == DW_OK && top != SITE_NONE) area.parent = site_area(site, top)->id;
    desk_read_end(desk);
    if (err == DW_OK) err = atlas_area_new(&id, desk, &area, cli->at, &cli->detail);
    return cmd_told(cli, desk, err, &id);
}

dw_err cmd_area_set(struct cli *cli)
{
    struct desk *desk = NULL;
    struct window *window = NULL;
    struct atlas_area area;
    struct id id = {{0}};
    uint32_t top;
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = walk_top(&top, site, cli_operand(cli, 0), &cli->detail);
    if (err == DW_OK && top == SITE_NONE) err = err_set(&cli->detail, DW_E_NOT_FOUND, "%s", cli_operand(cli, 0));
    if (err == DW_OK) id = site_area(site, top)->id;
    desk_read_end(desk);
    if (err == DW_OK) err = window_open(&window, desk, cli_text(cli, "store"), &cli->detail);
    if (err == DW_OK) err = atlas_area_now(&area, &cli->arena, window, id, &cli->detail);
    if (err == DW_OK) {
        const char *path = cli_text(cli, "geometry");
        cmd_feature_texts(&area, cli);
        if (cli_int(cli, "floors") >= 0) area.floors = cli_int(cli, "floors");
        if (path != NULL) err = cmd_feature_shape(&area.geometry, &area.lon, &area.lat, cli, path, (int)area.kind);
    }
    if (err == DW_OK) err = atlas_area_set(desk, id, &area, cli->at, &cli->detail);
    window_close(window);
    return cmd_told(cli, desk, err, &id);
}

/* clang-format off */
static const struct out_column cmd_feature_columns[] = {
    {"id", {"编号", "id"}, false}, {"kind", {"种类", "kind"}, false}, {"code", {"代码", "code"}, false}, {"name", {"名称", "name"}, false},
    {"from", {"起", "from"}, false}, {"to", {"止", "to"}, false}};
/* clang-format on */

dw_err cmd_feature_list(struct cli *cli)
{
    static const char *const zh[KINDS_FEATURE_KIND_COUNT] = {"街巷", "卡口", "围挡"};
    struct desk *desk = NULL;
    struct out_rows rows;
    ERR_TRY(cmd_desk_bare(&desk, cli));
    const struct site *site = desk_read(desk);
    out_rows_begin(&rows, cli, cmd_feature_columns, sizeof cmd_feature_columns / sizeof *cmd_feature_columns);
    for (uint32_t i = 0; i < site_count(site, SITE_FEATURE); i++) {
        const struct site_feature *f = site_feature(site, i);
        const char *kind = kinds_feature_kind_texts[f->kind];
        char id[ID_TEXT];
        id_text(id, f->id);
        out_rows_text(&rows, id);
        out_rows_word(&rows, kind, cli->lang == ERR_ZH ? zh[f->kind] : kind);
        out_rows_text(&rows, f->code);
        out_rows_text(&rows, f->name);
        out_rows_time(&rows, f->from_ms);
        out_rows_time(&rows, f->to_ms);
    }
    desk_read_end(desk);
    desk_close(desk);
    return out_rows_end(&rows);
}

dw_err cmd_feature_add(struct cli *cli)
{
    struct desk *desk = NULL;
    struct atlas_feature feature = {
        .kind = (enum kinds_feature_kind)cli_choice(cli, "kind"), .code = cli_text(cli, "code"), .name = cli_text(cli, "name")};
    struct when from, to;
    struct id id = {{0}};
    int64_t lon, lat;
    feature.from_ms = cli_time(cli, "from", &from) ? from.ms : SITE_NEVER;
    feature.to_ms = cli_time(cli, "to", &to) ? to.ms : SITE_NEVER;
    ERR_TRY(
        cmd_feature_shape(&feature.geometry, &lon, &lat, cli, cli_operand(cli, 0), KINDS_AREA_KIND_COUNT + (int)feature.kind));
    ERR_TRY(cmd_desk(&desk, cli));
    return cmd_told(cli, desk, atlas_feature_new(&id, desk, &feature, cli->at, &cli->detail), &id);
}

dw_err cmd_feature_end(struct cli *cli)
{
    struct desk *desk = NULL;
    struct window *window = NULL;
    struct id id;
    ERR_TRY(cmd_id(&id, cli, 0));
    ERR_TRY(cmd_desk(&desk, cli));
    dw_err err = window_open(&window, desk, cli_text(cli, "store"), &cli->detail);
    if (err == DW_OK) err = atlas_feature_end(desk, window, id, cli->at, &cli->detail);
    window_close(window);
    return cmd_told(cli, desk, err, NULL);
}
