/* The map as GeoJSON, and drawing on it. */
#include <string.h>

#include "desk/atlas.h"
#include "desk/walk.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/api_version.h"
#include "http/guard.h"
#include "http/server.h"

static void api_map_area(struct request *r, const struct site *site, uint32_t index)
{
    const struct site_area *a = site_area(site, index);
    answer_text(r, "kind", kinds_area_kind_texts[a->kind]);
    answer_text(r, "code", a->code);
    answer_text(r, "name", a->name);
    answer_id(r, "parent", a->parent == SITE_NONE ? (struct id){{0}} : site_area(site, a->parent)->id);
    answer_text(r, "address", a->address);
    answer_text(r, "use", a->use);
    answer_int(r, "floors", a->floors);
    answer_id(r, "keeper", a->keeper == SITE_NONE ? (struct id){{0}} : site_member(site, a->keeper)->id);
    answer_text(r, "keeper_name", a->keeper == SITE_NONE ? NULL : site_member(site, a->keeper)->name);
    answer_time(r, "from", a->from_ms);
    answer_time(r, "to", a->to_ms);
}

static void api_map_feature(struct request *r, const struct site_feature *f)
{
    static const char *const of_areas[] = {"parent", "address", "use", "floors", "keeper", "keeper_name"};
    answer_text(r, "kind", kinds_feature_kind_texts[f->kind]);
    answer_text(r, "code", f->code);
    answer_text(r, "name", f->name);
    for (size_t i = 0; i < sizeof of_areas / sizeof *of_areas; i++) answer_text(r, of_areas[i], NULL);
    answer_time(r, "from", f->from_ms);
    answer_time(r, "to", f->to_ms);
}

/* An area without an outline is a point, where that is known. */
static void api_map_geometry(struct request *r, const struct site_area *a, const char *geometry, size_t len)
{
    json_key(&r->answer, "geometry");
    if (geometry != NULL) {
        json_put_raw(&r->answer, geometry, len);
    } else if (a == NULL || (a->lon == 0 && a->lat == 0)) {
        json_put(&r->answer, NULL);
    } else {
        answer_open(r, NULL, '{');
        answer_text(r, "type", "Point");
        answer_open(r, "coordinates", '[');
        json_put_double(&r->answer, (double)a->lon / 1e7, 7);
        json_put_double(&r->answer, (double)a->lat / 1e7, 7);
        answer_close(r, ']');
        answer_close(r, '}');
    }
}

static dw_err api_map_one(void *ctx, enum site_type type, uint32_t index, const char *geometry, size_t len,
                          struct err_detail *detail)
{
    struct request *r = ctx;
    const struct site *site = request_desk(r)->site; /* the read lock is held */
    bool area = type == SITE_AREA;
    struct id id = area ? site_area(site, index)->id : site_feature(site, index)->id;
    (void)detail;
    if (area && !guard_sees(r, site, index)) return DW_OK;
    answer_open(r, NULL, '{');
    answer_text(r, "type", "Feature");
    answer_id(r, "id", id);
    api_map_geometry(r, area ? site_area(site, index) : NULL, geometry, len);
    answer_open(r, "properties", '{');
    answer_id(r, "id", id);
    if (area)
        api_map_area(r, site, index);
    else
        api_map_feature(r, site_feature(site, index));
    api_version_put(r, site, type, index);
    answer_close(r, '}');
    answer_close(r, '}');
    return r->out.failed ? DW_E_MEMORY : DW_OK;
}

dw_err api_map_show(struct request *r)
{
    unsigned kinds;
    ERR_TRY(atlas_kinds(&kinds, request_text(r, "kinds"), &r->detail));
    desk_read(request_desk(r));
    answer_begin(r);
    r->type = "application/geo+json";
    answer_open(r, NULL, '{');
    answer_text(r, "type", "FeatureCollection");
    answer_open(r, "features", '[');
    dw_err err = atlas_walk(server_window(r->server), kinds, api_map_one, r, &r->detail);
    answer_close(r, ']');
    answer_close(r, '}');
    desk_read_end(request_desk(r));
    return err;
}

/* Whether a member is there, also as null. */
static bool api_map_given(const struct request *r, const char *field)
{
    return json_member(&r->json, 0, field) != 0;
}

/* A text is taken over when it is given; "" and null take it away. */
static dw_err api_map_text(const char **to, struct request *r, const char *field, size_t max)
{
    const char *text;
    ERR_TRY(request_may(&text, r, field, max));
    if (api_map_given(r, field)) *to = text == NULL ? "" : text;
    return DW_OK;
}

static dw_err api_map_time(int64_t *to, struct request *r, const char *field)
{
    struct when when;
    bool given;
    ERR_TRY(request_may_time(&when, &given, r, field));
    if (api_map_given(r, field)) *to = given ? when.ms : SITE_NEVER;
    return DW_OK;
}

/* The drawn geometry, if there is one, in the request's arena. */
static dw_err api_map_shape(const char **text, int64_t *lon, int64_t *lat, struct request *r, int kind)
{
    struct shape shape = {.points = 0};
    uint32_t at = json_member(&r->json, 0, "geometry");
    if (at == 0) return DW_OK;
    const struct json_token *t = &r->json.tokens[at];
    if (t->type != JSON_OBJECT)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "geometry", "%s",
                      request_say(r, "应是 GeoJSON 几何", "a GeoJSON geometry is wanted"));
    dw_err err = atlas_shape(&shape, kind, r->json.text + t->at, t->len, "geometry", &r->detail);
    if (err == DW_OK) {
        *text = arena_text(&r->arena, shape.text.data, shape.text.len);
        *lon = shape.lon;
        *lat = shape.lat;
        if (*text == NULL) err = DW_E_MEMORY;
    }
    shape_free(&shape);
    return err;
}

static dw_err api_map_id(struct id *out, struct request *r)
{
    const char *text = request_param(r, 0);
    return id_parse(out, text, strlen(text))
               ? DW_OK
               : err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有这个编号", "no such id"));
}

static dw_err api_map_feature_shown(struct request *r, struct id id)
{
    struct atlas_feature now;
    ERR_TRY(atlas_feature_now(&now, &r->arena, server_window(r->server), id, &r->detail));
    const struct site *site = desk_read(request_desk(r));
    answer_begin(r);
    dw_err err = api_map_one(r, SITE_FEATURE, site_find(site, SITE_FEATURE, id), now.geometry, strlen(now.geometry), &r->detail);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_features_add(struct request *r)
{
    static const char *const fields[] = {"kind", "code", "name", "from", "to", "geometry", NULL};
    struct atlas_feature feature = {.from_ms = SITE_NEVER, .to_ms = SITE_NEVER};
    struct id id;
    int kind;
    int64_t lon, lat;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&kind, r, "kind", kinds_feature_kind_texts, KINDS_FEATURE_KIND_COUNT, -1));
    feature.kind = (enum kinds_feature_kind)kind;
    ERR_TRY(request_may(&feature.code, r, "code", 63));
    ERR_TRY(request_may(&feature.name, r, "name", 200));
    ERR_TRY(api_map_time(&feature.from_ms, r, "from"));
    ERR_TRY(api_map_time(&feature.to_ms, r, "to"));
    ERR_TRY(api_map_shape(&feature.geometry, &lon, &lat, r, KINDS_AREA_KIND_COUNT + kind));
    if (feature.geometry == NULL)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "geometry", "%s", request_say(r, "必须填写", "it must be given"));
    ERR_TRY(atlas_feature_new(&id, request_desk(r), &feature, r->now, &r->detail));
    return api_map_feature_shown(r, id);
}

dw_err api_features_set(struct request *r)
{
    static const char *const fields[] = {"name", "from", "to", "geometry", NULL};
    struct atlas_feature feature;
    struct id id;
    int64_t lon, lat;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(api_map_id(&id, r));
    ERR_TRY(atlas_feature_now(&feature, &r->arena, server_window(r->server), id, &r->detail));
    ERR_TRY(api_map_text(&feature.name, r, "name", 200));
    ERR_TRY(api_map_time(&feature.from_ms, r, "from"));
    ERR_TRY(api_map_time(&feature.to_ms, r, "to"));
    ERR_TRY(api_map_shape(&feature.geometry, &lon, &lat, r, KINDS_AREA_KIND_COUNT + (int)feature.kind));
    ERR_TRY(api_version_match(r, SITE_FEATURE, id));
    ERR_TRY(atlas_feature_set(request_desk(r), id, &feature, r->now, &r->detail));
    return api_map_feature_shown(r, id);
}

dw_err api_features_end(struct request *r)
{
    struct id id;
    ERR_TRY(api_map_id(&id, r));
    ERR_TRY(api_version_match(r, SITE_FEATURE, id));
    ERR_TRY(atlas_feature_end(request_desk(r), server_window(r->server), id, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}

/* What may be said of an area that is there. */
static dw_err api_map_area_said(struct atlas_area *area, struct request *r)
{
    int64_t floors;
    ERR_TRY(api_map_text(&area->name, r, "name", 200));
    ERR_TRY(api_map_text(&area->address, r, "address", 400));
    ERR_TRY(api_map_text(&area->use, r, "use", 64));
    ERR_TRY(request_may_int(&floors, r, "floors", 0, 200, 0));
    if (api_map_given(r, "floors")) area->floors = floors;
    ERR_TRY(api_map_time(&area->from_ms, r, "from"));
    ERR_TRY(api_map_time(&area->to_ms, r, "to"));
    return api_map_shape(&area->geometry, &area->lon, &area->lat, r, (int)area->kind);
}

/* The area under which a new one is to lie; without one it is asked for everywhere. */
static dw_err api_map_parent(struct id *out, struct request *r)
{
    const char *code;
    uint32_t top;
    ERR_TRY(request_may(&code, r, "parent", 64));
    const struct site *site = desk_read(request_desk(r));
    dw_err err = walk_top(&top, site, code, &r->detail);
    if (err == DW_OK) err = guard_area(r, site, top);
    if (err == DW_OK && top != SITE_NONE) *out = site_area(site, top)->id;
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_areas_add(struct request *r)
{
    static const char *const fields[] = {"kind", "parent", "code",     "name",   "address", "use",
                                         "from", "to",     "geometry", "floors", NULL};
    struct atlas_area area = {.from_ms = SITE_NEVER, .to_ms = SITE_NEVER};
    struct id id;
    int kind;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&kind, r, "kind", kinds_area_kind_texts, KINDS_AREA_KIND_COUNT, -1));
    area.kind = (enum kinds_area_kind)kind;
    ERR_TRY(request_want(&area.code, r, "code", 63));
    ERR_TRY(api_map_area_said(&area, r));
    ERR_TRY(api_map_parent(&area.parent, r));
    ERR_TRY(atlas_area_new(&id, request_desk(r), &area, r->now, &r->detail));
    return api_area_shown(r, id);
}

dw_err api_areas_set(struct request *r)
{
    static const char *const fields[] = {"name", "address", "use", "floors", "from", "to", "geometry", NULL};
    struct atlas_area area;
    uint32_t index;
    struct id id = {{0}};
    ERR_TRY(request_only(r, fields));
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_area_of(&index, r, site);
    if (err == DW_OK) id = site_area(site, index)->id;
    desk_read_end(request_desk(r));
    ERR_TRY(err);
    ERR_TRY(atlas_area_now(&area, &r->arena, server_window(r->server), id, &r->detail));
    ERR_TRY(api_map_area_said(&area, r));
    ERR_TRY(api_version_match(r, SITE_AREA, id));
    ERR_TRY(atlas_area_set(request_desk(r), id, &area, r->now, &r->detail));
    return api_area_shown(r, id);
}
