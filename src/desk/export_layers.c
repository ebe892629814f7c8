#include "desk/export_layers.h"

#include <stdio.h>

#include "files/layer_out.h"

enum { EXPORT_LAYER_TICK = 1024 };

const char *const export_layers_names[EXPORT_LAYERS] = {"areas", "features", "doors"};

/* clang-format off */
static const char *const export_features[][2] = {{"编号", "id"}, {"种类", "kind"}, {"代码", "code"}, {"名称", "name"}, {"起", "from"}, {"止", "to"}};
/* clang-format on */
enum { EXPORT_FEATURES = sizeof export_features / sizeof *export_features };

struct export_layer {
    struct layer_out *out;
    struct export_rows *rows;
    const struct clock_progress *progress;
    int64_t count;
};

static dw_err export_layer_put(struct export_layer *layer, const char *geometry, const char *const *cells,
                               struct err_detail *detail)
{
    if (++layer->count % EXPORT_LAYER_TICK == 0 && !clock_tick(layer->progress, "export", (uint64_t)layer->count, 0))
        return DW_E_CANCELLED;
    dw_err err = layer_out_feature(layer->out, geometry, cells, detail);
    arena_reset(&layer->rows->arena);
    return err;
}

/* Terminated text of a value: the store's is not. */
static const char *export_layer_text(struct export_layer *layer, const struct store_value *value)
{
    return value->type == STORE_TEXT && value->len > 0 ? arena_text(&layer->rows->arena, value->data, value->len) : NULL;
}

static const char *export_layer_point(char out[96], const struct site_area *area)
{
    if (area->lon == 0 && area->lat == 0) return NULL;
    snprintf(out, 96, "{\"type\":\"Point\",\"coordinates\":[%.7f,%.7f]}", (double)area->lon / 1e7, (double)area->lat / 1e7);
    return out;
}

static dw_err export_layer_area(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct export_layer *layer = ctx;
    const char *cells[EXPORT_COLUMNS];
    char point[96];
    int64_t area = store_get_int(&v[0]);
    (void)count;
    if (area < 0 || area >= site_count(layer->rows->site, SITE_AREA)) return DW_OK; /* newer than what is in memory */
    const char *geometry = export_layer_text(layer, &v[1]);
    if (geometry == NULL) geometry = export_layer_point(point, site_area(layer->rows->site, (uint32_t)area));
    export_tables_area(layer->rows, (uint32_t)area, cells);
    return export_layer_put(layer, geometry, cells, detail);
}

static dw_err export_layer_feature(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct export_layer *layer = ctx;
    int64_t feature = store_get_int(&v[0]);
    char id[ID_TEXT], from[WHEN_TEXT] = "", to[WHEN_TEXT] = "";
    (void)count;
    if (feature < 0 || feature >= site_count(layer->rows->site, SITE_FEATURE)) return DW_OK;
    const struct site_feature *f = site_feature(layer->rows->site, (uint32_t)feature);
    id_text(id, f->id);
    if (f->from_ms != SITE_NEVER) when_text(from, (struct when){f->from_ms, when_now().offset});
    if (f->to_ms != SITE_NEVER) when_text(to, (struct when){f->to_ms, when_now().offset});
    const char *cells[EXPORT_FEATURES] = {id, kinds_feature_kind_texts[f->kind], f->code, f->name, from, to};
    return export_layer_put(layer, export_layer_text(layer, &v[1]), cells, detail);
}

static dw_err export_layer_doors(struct export_layer *layer, struct err_detail *detail)
{
    const struct site *site = layer->rows->site;
    for (uint32_t i = 0; i < site_count(site, SITE_DOOR); i++) {
        const char *cells[EXPORT_COLUMNS];
        char point[96];
        uint32_t area = site_door(site, i)->area;
        export_tables_door(layer->rows, i, cells);
        ERR_TRY(
            export_layer_put(layer, area == SITE_NONE ? NULL : export_layer_point(point, site_area(site, area)), cells, detail));
    }
    return DW_OK;
}

dw_err export_layers_write(int64_t *count, struct desk *desk, int layer, const char *path, bool package, enum err_lang lang,
                           struct export_rows *rows, const struct clock_progress *progress, struct err_detail *detail)
{
    static const struct store_sql asks[] = {{"SELECT area_no, geometry FROM area WHERE site_id = $1 ORDER BY area_no"},
                                            {"SELECT feature_no, geometry FROM feature WHERE site_id = $1 ORDER BY feature_no"}};
    const char *fields[EXPORT_COLUMNS], *name = export_layers_names[layer];
    struct export_layer out = {.rows = rows, .progress = progress};
    struct store_value id = store_id(&desk->site->id);
    const struct export_table *table = layer == 1 ? NULL : export_tables_find(name);
    size_t columns = layer == 1 ? EXPORT_FEATURES : table->count;
    if (table != NULL) export_tables_columns(fields, table, lang);
    for (size_t i = 0; table == NULL && i < columns; i++) fields[i] = export_features[i][lang];
    ERR_TRY(layer_out_open(&out.out, path, package ? LAYER_OUT_GPKG : LAYER_OUT_GEOJSON, name, fields, columns, detail));
    dw_err err = layer == 2 ? export_layer_doors(&out, detail)
                            : store_ask(desk->store, &asks[layer], &id, 1, layer == 0 ? export_layer_area : export_layer_feature,
                                        &out, detail);
    *count = out.count;
    if (err == DW_OK) return layer_out_close(out.out, detail);
    layer_out_abort(out.out);
    return err;
}
