/* Drawing on the map: new areas and features, and changed ones. */
#include <string.h>

#include "desk/atlas.h"
#include "files/layer_in.h"

static void atlas_put_time(struct entry_writer *w, int field, int64_t ms, int32_t offset)
{
    if (ms != SITE_NEVER) entry_put_time(w, field, (struct when){ms, offset});
}

dw_err atlas_put_area(struct book *book, struct id id, const struct atlas_area *area, struct when at)
{
    struct entry_writer *w = &book->writer;
    entry_begin(w, KINDS_AREA_SET, id, at, NULL);
    entry_put_int(w, KINDS_AREA_SET_KIND, area->kind);
    entry_put_id(w, KINDS_AREA_SET_PARENT, area->parent);
    entry_put_text(w, KINDS_AREA_SET_CODE, area->code);
    entry_put_text(w, KINDS_AREA_SET_NAME, area->name);
    entry_put_text(w, KINDS_AREA_SET_ADDRESS, area->address);
    entry_put_text(w, KINDS_AREA_SET_USE, area->use);
    if (area->floors > 0) entry_put_int(w, KINDS_AREA_SET_FLOORS, area->floors);
    atlas_put_time(w, KINDS_AREA_SET_FROM, area->from_ms, at.offset);
    atlas_put_time(w, KINDS_AREA_SET_TO, area->to_ms, at.offset);
    entry_put_int(w, KINDS_AREA_SET_LON, area->lon);
    entry_put_int(w, KINDS_AREA_SET_LAT, area->lat);
    entry_put_text(w, KINDS_AREA_SET_GEOMETRY, area->geometry);
    return book_end(book);
}

dw_err atlas_put_feature(struct book *book, struct id id, const struct atlas_feature *feature, struct when at)
{
    struct entry_writer *w = &book->writer;
    entry_begin(w, KINDS_FEATURE_SET, id, at, NULL);
    entry_put_int(w, KINDS_FEATURE_SET_KIND, feature->kind);
    entry_put_text(w, KINDS_FEATURE_SET_CODE, feature->code);
    entry_put_text(w, KINDS_FEATURE_SET_NAME, feature->name);
    atlas_put_time(w, KINDS_FEATURE_SET_FROM, feature->from_ms, at.offset);
    atlas_put_time(w, KINDS_FEATURE_SET_TO, feature->to_ms, at.offset);
    entry_put_text(w, KINDS_FEATURE_SET_GEOMETRY, feature->geometry);
    return book_end(book);
}

dw_err atlas_put_gate(bool *made, struct book *book, const struct site *site, struct id factory, struct when at)
{
    struct entry_writer *w = &book->writer;
    struct id door = id_named(factory, "gate");
    *made = site_find(site, SITE_DOOR, door) == SITE_NONE;
    if (!*made) return DW_OK;
    entry_begin(w, KINDS_DOOR_SET, door, at, NULL);
    entry_put_id(w, KINDS_DOOR_SET_BUILDING, factory);
    entry_put_int(w, KINDS_DOOR_SET_KIND, KINDS_DOOR_KIND_FACTORY_GATE);
    return book_end(book);
}

struct id atlas_feature_id(const struct site *site, enum kinds_feature_kind kind, const char *code)
{
    static const int layers[KINDS_FEATURE_KIND_COUNT] = {[KINDS_FEATURE_KIND_LANE] = LAYER_LANE,
                                                         [KINDS_FEATURE_KIND_GATE] = LAYER_GATE,
                                                         [KINDS_FEATURE_KIND_BARRIER] = LAYER_BARRIER};
    char said[128];
    snprintf(said, sizeof said, "feature %d %s", layers[kind], code);
    return id_named(site->id, said);
}

static bool atlas_is_kept(int kind)
{
    return kind == KINDS_AREA_KIND_BUILDING || kind == KINDS_AREA_KIND_FACTORY;
}

static dw_err atlas_invalid(struct err_detail *detail, const char *field, const char *what)
{
    return err_at(detail, DW_E_INVALID, NULL, NULL, 0, field, "%s", what);
}

dw_err atlas_shape(struct shape *out, int kind, const char *text, size_t len, const char *field, struct err_detail *detail)
{
    ERR_TRY(shape_read(out, text, len, field, detail));
    bool line = out->type == SHAPE_LINE || out->type == SHAPE_LINES, point = out->type == SHAPE_POINT;
    if (kind == KINDS_AREA_KIND_COUNT + KINDS_FEATURE_KIND_LANE)
        return line ? DW_OK : atlas_invalid(detail, field, "a lane is a line");
    if (kind == KINDS_AREA_KIND_COUNT + KINDS_FEATURE_KIND_GATE)
        return line || point ? DW_OK : atlas_invalid(detail, field, "a gate is a point or a line");
    if (kind >= KINDS_AREA_KIND_COUNT || (!line && !point) || (point && atlas_is_kept(kind))) return DW_OK;
    return atlas_invalid(detail, field, atlas_is_kept(kind) ? "an outline or a point is wanted" : "an outline is wanted");
}

struct atlas_geometry {
    struct arena *arena;
    const char *text;
};

static dw_err atlas_geometry_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct atlas_geometry *geometry = ctx;
    (void)count;
    (void)detail;
    if (v[0].type != STORE_TEXT) return DW_OK;
    geometry->text = arena_text(geometry->arena, v[0].data, v[0].len);
    return geometry->text == NULL ? DW_E_MEMORY : DW_OK;
}

static dw_err atlas_geometry(const char **out, struct arena *arena, struct window *window, bool area, uint32_t index,
                             struct err_detail *detail)
{
    static const struct store_sql areas = {"SELECT geometry FROM area WHERE site_id = $1 AND area_no = $2", NULL},
                                  features = {"SELECT geometry FROM feature WHERE site_id = $1 AND feature_no = $2", NULL};
    struct atlas_geometry geometry = {arena, ""};
    struct store_value v[] = {store_id(&window_desk(window)->site->id), store_int(index)};
    dw_err err = window_ask(window, area ? &areas : &features, v, 2, atlas_geometry_row, &geometry, detail);
    *out = geometry.text;
    return err;
}

static const char *atlas_text(struct arena *arena, const char *text)
{
    const char *copy = arena_text(arena, text, strlen(text));
    return copy == NULL ? "" : copy;
}

dw_err atlas_area_now(struct atlas_area *out, struct arena *arena, struct window *window, struct id id, struct err_detail *detail)
{
    struct desk *desk = window_desk(window);
    const struct site *site = desk_read(desk);
    uint32_t index = site_find(site, SITE_AREA, id);
    dw_err err = index == SITE_NONE ? err_set(detail, DW_E_NOT_FOUND, "this area") : DW_OK;
    if (err == DW_OK) {
        const struct site_area *a = site_area(site, index);
        *out = (struct atlas_area){.kind = a->kind,
                                   .parent = a->parent == SITE_NONE ? (struct id){{0}} : site_area(site, a->parent)->id,
                                   .code = atlas_text(arena, a->code),
                                   .name = atlas_text(arena, a->name),
                                   .address = atlas_text(arena, a->address),
                                   .use = atlas_text(arena, a->use),
                                   .floors = a->floors,
                                   .from_ms = a->from_ms,
                                   .to_ms = a->to_ms,
                                   .lon = a->lon,
                                   .lat = a->lat};
        err = atlas_geometry(&out->geometry, arena, window, true, index, detail);
    }
    desk_read_end(desk);
    return err;
}

dw_err atlas_feature_now(struct atlas_feature *out, struct arena *arena, struct window *window, struct id id,
                         struct err_detail *detail)
{
    struct desk *desk = window_desk(window);
    const struct site *site = desk_read(desk);
    uint32_t index = site_find(site, SITE_FEATURE, id);
    dw_err err = index == SITE_NONE ? err_set(detail, DW_E_NOT_FOUND, "this feature") : DW_OK;
    if (err == DW_OK) {
        const struct site_feature *f = site_feature(site, index);
        *out = (struct atlas_feature){.kind = f->kind,
                                      .code = atlas_text(arena, f->code),
                                      .name = atlas_text(arena, f->name),
                                      .from_ms = f->from_ms,
                                      .to_ms = f->to_ms};
        err = atlas_geometry(&out->geometry, arena, window, false, index, detail);
    }
    desk_read_end(desk);
    return err;
}

static dw_err atlas_dates(int64_t from_ms, int64_t to_ms, struct err_detail *detail)
{
    return from_ms == SITE_NEVER || to_ms == SITE_NEVER || from_ms < to_ms
               ? DW_OK
               : atlas_invalid(detail, "to", "it would end before it begins");
}

enum { ATLAS_FLOORS = 200 };

/* A building and a factory stand at the bottom of the tree, alike. */
static int atlas_rank(enum kinds_area_kind kind)
{
    return kind == KINDS_AREA_KIND_FACTORY ? KINDS_AREA_KIND_BUILDING : (int)kind;
}

static dw_err atlas_area_check(const struct site *site, const struct atlas_area *area, struct err_detail *detail)
{
    uint32_t parent = id_null(area->parent) ? SITE_NONE : site_find(site, SITE_AREA, area->parent);
    if (area->code == NULL || *area->code == 0) return atlas_invalid(detail, "code", "it must be given");
    if (area->floors < 0 || area->floors > ATLAS_FLOORS) return atlas_invalid(detail, "floors", "0 to 200");
    if (!id_null(area->parent) && parent == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "this parent");
    if (parent != SITE_NONE && atlas_rank(site_area(site, parent)->kind) >= atlas_rank(area->kind))
        return atlas_invalid(detail, "kind", "it does not lie in an area of this kind");
    return atlas_dates(area->from_ms, area->to_ms, detail);
}

dw_err atlas_area_new(struct id *out, struct desk *desk, const struct atlas_area *area, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    bool made;
    *out = id_make(at.ms, NULL);
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    const struct site *site = desk_read(desk);
    book_while(&book, site, SITE_AREA);
    err = atlas_area_check(site, area, detail);
    if (err == DW_OK && site_area_by_code(site, area->code) != SITE_NONE)
        err = err_at(detail, DW_E_EXISTS, NULL, NULL, 0, "code", "%s", area->code);
    if (err == DW_OK) err = atlas_put_area(&book, *out, area, at);
    if (err == DW_OK && area->kind == KINDS_AREA_KIND_FACTORY) err = atlas_put_gate(&made, &book, site, *out, at);
    desk_read_end(desk);
    return book_send(&book, err, desk, at, detail);
}

dw_err atlas_area_set(struct desk *desk, struct id id, const struct atlas_area *area, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    dw_err err = atlas_area_check(desk_read(desk), area, detail);
    desk_read_end(desk);
    if (err == DW_OK) err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    return book_send(&book, atlas_put_area(&book, id, area, at), desk, at, detail);
}

dw_err atlas_feature_new(struct id *out, struct desk *desk, const struct atlas_feature *feature, struct when at,
                         struct err_detail *detail)
{
    struct book book = {0};
    bool coded = feature->code != NULL && *feature->code != 0;
    ERR_TRY(atlas_dates(feature->from_ms, feature->to_ms, detail));
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    const struct site *site = desk_read(desk);
    book_while(&book, site, SITE_FEATURE);
    *out = coded ? atlas_feature_id(site, feature->kind, feature->code) : id_make(at.ms, NULL);
    if (site_find(site, SITE_FEATURE, *out) != SITE_NONE)
        err = err_at(detail, DW_E_EXISTS, NULL, NULL, 0, "code", "%s", feature->code);
    desk_read_end(desk);
    if (err == DW_OK) err = atlas_put_feature(&book, *out, feature, at);
    return book_send(&book, err, desk, at, detail);
}

dw_err atlas_feature_set(struct desk *desk, struct id id, const struct atlas_feature *feature, struct when at,
                         struct err_detail *detail)
{
    struct book book = {0};
    ERR_TRY(atlas_dates(feature->from_ms, feature->to_ms, detail));
    ERR_TRY(book_open(&book, desk, DESK_CLI_DEVICE, detail));
    return book_send(&book, atlas_put_feature(&book, id, feature, at), desk, at, detail);
}

dw_err atlas_feature_end(struct desk *desk, struct window *window, struct id id, struct when at, struct err_detail *detail)
{
    struct arena arena = {0};
    struct atlas_feature feature;
    dw_err err = atlas_feature_now(&feature, &arena, window, id, detail);
    if (err == DW_OK && feature.to_ms != SITE_NEVER && feature.to_ms <= at.ms)
        err = err_set(detail, DW_E_STATE, "it is there no more already");
    if (err == DW_OK) {
        /* One that was announced for later never comes to be. */
        if (feature.from_ms != SITE_NEVER && feature.from_ms >= at.ms) feature.from_ms = SITE_NEVER;
        feature.to_ms = at.ms;
        err = atlas_feature_set(desk, id, &feature, at, detail);
    }
    arena_free(&arena);
    return err;
}
