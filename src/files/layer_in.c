#include "files/layer_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/hash.h"
#include "base/text.h"
#include "files/layer_kind.h"

enum { LAYER_MOST = 2000000 };

/* A feature while its parent is looked for. */
struct layer_shape {
    OGRGeometryH geometry;
    OGREnvelope box;
    double area;
    size_t order; /* as the file has it */
};

struct layer_reader {
    struct layer_map *map;
    struct layer_shape *shapes;
    size_t cap, shape_cap;
    OGRSpatialReferenceH wgs84;
    const struct clock_progress *progress;
    struct err_detail *detail;
};

static const char *layer_copy(struct layer_reader *r, const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    if (len == 0 || !text_valid(text, len, NULL)) return "";
    text = text_trim(text, &len);
    const char *copy = arena_text(&r->map->arena, text, len);
    return copy == NULL ? "" : copy;
}

static const char *layer_attribute(OGRFeatureH feature, const char *const *names)
{
    for (; *names != NULL; names++) {
        int at = OGR_F_GetFieldIndex(feature, *names);
        if (at >= 0 && OGR_F_IsFieldSetAndNotNull(feature, at)) return OGR_F_GetFieldAsString(feature, at);
    }
    return "";
}

static void layer_attributes(struct layer_reader *r, struct layer_feature *f, OGRFeatureH feature)
{
    static const char *const code[] = {"code", "编号", "编码", "楼栋编号", "ref", NULL}, *const name[] = {"name", "名称", "Name",
                                                                                                          NULL};
    static const char *const address[] = {"address", "地址", "门牌", "门牌号", "addr_full", "addr:full", NULL};
    static const char *const use[] = {"use", "用途", "类型", "building", NULL}, *const parent[] = {"parent", "上级", "所属网格",
                                                                                                   NULL};
    static const char *const floors[] = {"floors", "层数", "building:levels", "building_levels", NULL};
    static const char *const from[] = {"valid_from", "from", "启用时间", NULL}, *const to[] = {"valid_to", "to", "停用时间",
                                                                                               NULL};
    int64_t n;
    const char *levels = layer_attribute(feature, floors);
    f->code = layer_copy(r, layer_attribute(feature, code));
    f->name = layer_copy(r, layer_attribute(feature, name));
    f->address = layer_copy(r, layer_attribute(feature, address));
    f->use = layer_copy(r, layer_attribute(feature, use));
    f->parent_code = layer_copy(r, layer_attribute(feature, parent));
    f->valid_from = layer_copy(r, layer_attribute(feature, from));
    f->valid_to = layer_copy(r, layer_attribute(feature, to));
    if (text_int(&n, levels, strlen(levels)) && n > 0 && n < 1000) f->floors = (int)n;
}

static dw_err layer_bad(struct layer_reader *r, const struct layer_feature *f, const char *what)
{
    return err_at(r->detail, DW_E_FORMAT, r->map->file, f->source, 0, NULL, "%s", what);
}

/* Longitude and latitude in WGS 84, mended if it crosses itself. Takes the geometry over. */
static dw_err layer_geometry(struct layer_reader *r, struct layer_feature *f, struct layer_shape *shape, OGRGeometryH geometry,
                             OGRSpatialReferenceH from)
{
    char *options[] = {"COORDINATE_PRECISION=7", NULL};
    shape->geometry = geometry;
    if (from != NULL && !OSRIsSame(from, r->wgs84) && OGR_G_TransformTo(geometry, r->wgs84) != OGRERR_NONE)
        return layer_bad(r, f, "its coordinates cannot be brought to WGS 84");
    OGR_G_FlattenTo2D(geometry);
    if (!OGR_G_IsValid(geometry)) {
        OGRGeometryH mended = OGR_G_MakeValid(geometry);
        if (mended == NULL || OGR_G_IsEmpty(mended)) {
            OGR_G_DestroyGeometry(mended);
            return layer_bad(r, f, "an outline that crosses itself and cannot be mended");
        }
        OGR_G_DestroyGeometry(geometry);
        shape->geometry = geometry = mended;
    }
    OGR_G_GetEnvelope(geometry, &shape->box);
    bool sane = isfinite(shape->box.MinX) && shape->box.MinX >= -180 && shape->box.MaxX <= 180 && shape->box.MinY >= -90 &&
                shape->box.MaxY <= 90;
    if (!sane) return layer_bad(r, f, "coordinates that are no longitude and latitude");
    shape->area = OGR_G_Area(geometry);
    OGRGeometryH point = OGR_G_GetDimension(geometry) == 2 ? OGR_G_PointOnSurface(geometry) : NULL;
    f->lon = point != NULL ? OGR_G_GetX(point, 0) : (shape->box.MinX + shape->box.MaxX) / 2;
    f->lat = point != NULL ? OGR_G_GetY(point, 0) : (shape->box.MinY + shape->box.MaxY) / 2;
    OGR_G_DestroyGeometry(point);
    char *json = OGR_G_ExportToJsonEx(geometry, options);
    f->geometry = json == NULL ? NULL : arena_text(&r->map->arena, json, strlen(json));
    CPLFree(json);
    return f->geometry == NULL ? DW_E_MEMORY : DW_OK;
}

static dw_err layer_take(struct layer_reader *r, OGRLayerH layer, OGRFeatureH feature, OGRSpatialReferenceH from)
{
    struct layer_map *map = r->map;
    struct layer_feature f = {.parent = LAYER_NONE};
    struct layer_shape shape = {.order = map->count};
    char source[160];
    int kind = layer_kind_of(layer, feature);
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (kind < 0 || geometry == NULL || OGR_G_IsEmpty(geometry)) {
        map->ignored++;
        return DW_OK;
    }
    f.kind = (enum layer_kind)kind;
    snprintf(source, sizeof source, "%.100s %lld", OGR_L_GetName(layer), (long long)OGR_F_GetFID(feature));
    f.source = layer_copy(r, source);
    layer_attributes(r, &f, feature);
    dw_err err = layer_geometry(r, &f, &shape, OGR_G_Clone(geometry), from);
    if (err == DW_OK && (!arena_grow((void **)&map->features, &r->cap, map->count + 1, sizeof *map->features) ||
                         !arena_grow((void **)&r->shapes, &r->shape_cap, map->count + 1, sizeof *r->shapes)))
        err = DW_E_MEMORY;
    if (err == DW_OK && map->count >= LAYER_MOST)
        err = err_at(r->detail, DW_E_TOO_LARGE, map->file, NULL, 0, NULL, "more than %d features", LAYER_MOST);
    if (err != DW_OK) {
        OGR_G_DestroyGeometry(shape.geometry);
        return err;
    }
    map->features[map->count] = f;
    r->shapes[map->count++] = shape;
    return DW_OK;
}

static dw_err layer_take_all(struct layer_reader *r, OGRLayerH layer)
{
    OGRSpatialReferenceH from = OGR_L_GetSpatialRef(layer);
    OGRFeatureH feature;
    dw_err err = DW_OK;
    if (from != NULL) OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
    OGR_L_ResetReading(layer);
    while (err == DW_OK && (feature = OGR_L_GetNextFeature(layer)) != NULL) {
        err = layer_take(r, layer, feature, from);
        OGR_F_Destroy(feature);
        if (r->map->count % 256 == 0 && !clock_tick(r->progress, "import.read", r->map->count, 0)) err = DW_E_CANCELLED;
    }
    return err;
}

static bool layer_is_area(enum layer_kind kind)
{
    return kind <= LAYER_FACTORY;
}

static int layer_rank(enum layer_kind kind)
{
    return kind == LAYER_FACTORY ? LAYER_BUILDING : (int)kind;
}

struct layer_pair {
    struct layer_feature feature;
    struct layer_shape shape;
};

static int layer_compare(const void *left, const void *right)
{
    const struct layer_pair *a = left, *b = right;
    int x = layer_rank(a->feature.kind), y = layer_rank(b->feature.kind);
    if (x != y) return x < y ? -1 : 1;
    return a->shape.order < b->shape.order ? -1 : 1;
}

/* Areas before what lies in them. */
static dw_err layer_sort(struct layer_reader *r)
{
    size_t count = r->map->count;
    struct layer_pair *pairs = malloc((count + 1) * sizeof *pairs);
    if (pairs == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < count; i++) pairs[i] = (struct layer_pair){r->map->features[i], r->shapes[i]};
    qsort(pairs, count, sizeof *pairs, layer_compare);
    for (size_t i = 0; i < count; i++) {
        r->map->features[i] = pairs[i].feature;
        r->shapes[i] = pairs[i].shape;
    }
    free(pairs);
    return DW_OK;
}

static bool layer_holds(const struct layer_shape *shape, double lon, double lat)
{
    if (lon < shape->box.MinX || lon > shape->box.MaxX || lat < shape->box.MinY || lat > shape->box.MaxY || shape->area <= 0)
        return false;
    OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
    OGR_G_SetPoint_2D(point, 0, lon, lat);
    bool holds = OGR_G_Contains(shape->geometry, point);
    OGR_G_DestroyGeometry(point);
    return holds;
}

static void layer_parents(struct layer_reader *r)
{
    for (size_t i = 0; i < r->map->count; i++) {
        struct layer_feature *f = &r->map->features[i];
        double least = INFINITY;
        if (!layer_is_area(f->kind)) continue;
        for (size_t k = 0; k < i && layer_rank(r->map->features[k].kind) < layer_rank(f->kind); k++) {
            /* Of two that cover the same ground the lower one, which stands later, is the parent. */
            if (r->shapes[k].area > least * (1 + 1e-9) || !layer_holds(&r->shapes[k], f->lon, f->lat)) continue;
            least = r->shapes[k].area;
            f->parent = (uint32_t)k;
        }
    }
}

static void layer_content(struct layer_map *map)
{
    struct hash_stream stream;
    hash_start(&stream);
    for (size_t i = 0; i < map->count; i++) {
        const struct layer_feature *f = &map->features[i];
        const char *texts[] = {f->code, f->name, f->address, f->use, f->parent_code, f->valid_from, f->valid_to, f->geometry};
        hash_add(&stream, &f->kind, sizeof f->kind);
        hash_add(&stream, &f->floors, sizeof f->floors);
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) hash_add(&stream, texts[t], strlen(texts[t]) + 1);
    }
    hash_end(&stream, map->content);
}

static dw_err layer_read_set(struct layer_reader *r, GDALDatasetH set)
{
    dw_err err = DW_OK;
    r->wgs84 = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(r->wgs84, 4326);
    OSRSetAxisMappingStrategy(r->wgs84, OAMS_TRADITIONAL_GIS_ORDER);
    for (int i = 0; err == DW_OK && i < GDALDatasetGetLayerCount(set); i++) err = layer_take_all(r, GDALDatasetGetLayer(set, i));
    if (err == DW_OK && r->map->count == 0)
        err = err_at(r->detail, DW_E_FORMAT, r->map->file, NULL, 0, NULL,
                     "none of its %zu features is an area, a lane, a gate or a barrier", r->map->ignored);
    if (err == DW_OK) err = layer_sort(r);
    if (err == DW_OK) layer_parents(r);
    if (err == DW_OK) layer_content(r->map);
    OSRRelease(r->wgs84);
    return err;
}

dw_err layer_read(struct layer_map *map, const char *path, const struct clock_progress *progress, struct err_detail *detail)
{
    static const char *const drivers[] = {"GeoJSON", "GPKG", "ESRI Shapefile", "KML", "LIBKML", "OSM", NULL};
    struct layer_reader r = {.map = map, .progress = progress, .detail = detail};
    const char *slash = strrchr(path, '/');
    snprintf(map->file, sizeof map->file, "%.*s", (int)sizeof map->file - 1, slash == NULL ? path : slash + 1);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLSetConfigOption("OSM_USE_CUSTOM_INDEXING", "NO");
    GDALAllRegister();
    CPLErrorReset();
    GDALDatasetH set = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
    dw_err err = set != NULL ? layer_read_set(&r, set)
                             : err_at(detail, DW_E_FORMAT, map->file, NULL, 0, NULL, "%s",
                                      *CPLGetLastErrorMsg() != 0 ? CPLGetLastErrorMsg() : "no map that can be read");
    if (set != NULL) GDALClose(set);
    CPLPopErrorHandler();
    for (size_t i = 0; i < map->count; i++) OGR_G_DestroyGeometry(r.shapes[i].geometry);
    free(r.shapes);
    return err;
}

void layer_free(struct layer_map *map)
{
    arena_free(&map->arena);
    free(map->features);
    memset(map, 0, sizeof *map);
}
