/* The map as GeoJSON. */
#include <string.h>

#include "desk/atlas.h"
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
