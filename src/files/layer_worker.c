#include "files/layer_worker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/hash.h"
#include "base/text.h"
#include "files/apart.h"
#include "files/layer_in.h"
#include "files/layer_kind.h"

enum { LAYER_WORKER_FLUSH = 1 << 20, LAYER_WORKER_TAG = 256 };

/* A feature while its parent is looked for. */
struct layer_worker_shape {
    OGRGeometryH geometry;
    OGREnvelope box;
    double area;
    size_t order; /* as the file has it */
};

struct layer_worker_reader {
    struct layer_map *map;
    struct layer_worker_shape *shapes;
    size_t cap, shape_cap;
    OGRSpatialReferenceH wgs84;
    struct err_detail *detail;
};

static const char *layer_worker_copy(struct layer_worker_reader *r, const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    if (len == 0 || !text_valid(text, len, NULL)) return "";
    text = text_trim(text, &len);
    const char *copy = arena_text(&r->map->arena, text, len);
    return copy == NULL ? "" : copy;
}

/* OpenStreetMap's tags that have no column of their own: "key"=>"value","key"=>"value". */
static bool layer_worker_tag(char out[LAYER_WORKER_TAG], OGRFeatureH feature, const char *key)
{
    int at = OGR_F_GetFieldIndex(feature, "other_tags");
    const char *tags = at >= 0 && OGR_F_IsFieldSetAndNotNull(feature, at) ? OGR_F_GetFieldAsString(feature, at) : "";
    char want[64];
    snprintf(want, sizeof want, "\"%s\"=>\"", key);
    const char *value = strstr(tags, want);
    size_t len = 0;
    if (value == NULL) return false;
    for (value += strlen(want); *value != 0 && *value != '"' && len < LAYER_WORKER_TAG - 1; value++) {
        if (*value == '\\' && value[1] != 0) value++;
        out[len++] = *value;
    }
    out[text_cut(out, len, len)] = 0;
    return len > 0;
}

/* The first of the names that the feature has, copied; "" when none. */
static const char *layer_worker_attribute(struct layer_worker_reader *r, OGRFeatureH feature, const char *const *names)
{
    char tag[LAYER_WORKER_TAG];
    for (; *names != NULL; names++) {
        int at = OGR_F_GetFieldIndex(feature, *names);
        if (at >= 0 && OGR_F_IsFieldSetAndNotNull(feature, at)) return layer_worker_copy(r, OGR_F_GetFieldAsString(feature, at));
        if (layer_worker_tag(tag, feature, *names)) return layer_worker_copy(r, tag);
    }
    return "";
}

static void layer_worker_address(struct layer_worker_reader *r, struct layer_feature *f, OGRFeatureH feature)
{
    static const char *const whole[] = {"address", "地址", "门牌", "门牌号", "addr_full", "addr:full", NULL};
    char street[LAYER_WORKER_TAG], number[LAYER_WORKER_TAG], both[2 * LAYER_WORKER_TAG];
    f->address = layer_worker_attribute(r, feature, whole);
    if (*f->address != 0 || !layer_worker_tag(number, feature, "addr:housenumber")) return;
    snprintf(both, sizeof both, "%s%s", layer_worker_tag(street, feature, "addr:street") ? street : "", number);
    f->address = layer_worker_copy(r, both);
}

static void layer_worker_attributes(struct layer_worker_reader *r, struct layer_feature *f, OGRFeatureH feature)
{
    static const char *const code[] = {"code", "编号", "编码", "楼栋编号", "ref", NULL}, *const name[] = {"name", "名称", "Name",
                                                                                                          NULL};
    static const char *const use[] = {"use", "用途", "类型", "building", NULL}, *const parent[] = {"parent", "上级", "所属网格",
                                                                                                   NULL};
    static const char *const floors[] = {"floors", "层数", "building:levels", "building_levels", NULL};
    static const char *const from[] = {"valid_from", "from", "启用时间", NULL}, *const to[] = {"valid_to", "to", "停用时间",
                                                                                               NULL};
    int64_t n;
    const char *levels = layer_worker_attribute(r, feature, floors);
    f->code = layer_worker_attribute(r, feature, code);
    f->name = layer_worker_attribute(r, feature, name);
    f->use = layer_worker_attribute(r, feature, use);
    f->parent_code = layer_worker_attribute(r, feature, parent);
    f->valid_from = layer_worker_attribute(r, feature, from);
    f->valid_to = layer_worker_attribute(r, feature, to);
    layer_worker_address(r, f, feature);
    if (text_int(&n, levels, strlen(levels)) && n > 0 && n < 1000) f->floors = (int)n;
}

static dw_err layer_worker_bad(struct layer_worker_reader *r, const struct layer_feature *f, const char *what)
{
    return err_at(r->detail, DW_E_FORMAT, r->map->file, f->source, 0, NULL, "%s", what);
}

/* Longitude and latitude in WGS 84, mended if it crosses itself. Takes the geometry over. */
static dw_err layer_worker_geometry(struct layer_worker_reader *r, struct layer_feature *f, struct layer_worker_shape *shape,
                                    OGRGeometryH geometry, OGRSpatialReferenceH from)
{
    char *options[] = {"COORDINATE_PRECISION=7", NULL};
    shape->geometry = geometry;
    if (from != NULL && !OSRIsSame(from, r->wgs84) && OGR_G_TransformTo(geometry, r->wgs84) != OGRERR_NONE)
        return layer_worker_bad(r, f, "its coordinates cannot be brought to WGS 84");
    OGR_G_FlattenTo2D(geometry);
    if (!OGR_G_IsValid(geometry)) {
        OGRGeometryH mended = OGR_G_MakeValid(geometry);
        if (mended == NULL || OGR_G_IsEmpty(mended)) {
            OGR_G_DestroyGeometry(mended);
            return layer_worker_bad(r, f, "an outline that crosses itself and cannot be mended");
        }
        OGR_G_DestroyGeometry(geometry);
        shape->geometry = geometry = mended;
    }
    OGR_G_GetEnvelope(geometry, &shape->box);
    bool sane = isfinite(shape->box.MinX) && shape->box.MinX >= -180 && shape->box.MaxX <= 180 && shape->box.MinY >= -90 &&
                shape->box.MaxY <= 90;
    if (!sane) return layer_worker_bad(r, f, "coordinates that are no longitude and latitude");
    shape->area = OGR_G_Area(geometry);
    OGRGeometryH point = OGR_G_GetDimension(geometry) == 2 ? OGR_G_PointOnSurface(geometry) : NULL;
    if (point != NULL && OGR_G_IsEmpty(point)) {
        OGR_G_DestroyGeometry(point);
        point = NULL;
    }
    f->lon = point != NULL ? OGR_G_GetX(point, 0) : (shape->box.MinX + shape->box.MaxX) / 2;
    f->lat = point != NULL ? OGR_G_GetY(point, 0) : (shape->box.MinY + shape->box.MaxY) / 2;
    OGR_G_DestroyGeometry(point);
    char *json = OGR_G_ExportToJsonEx(geometry, options);
    f->geometry = json == NULL ? NULL : arena_text(&r->map->arena, json, strlen(json));
    CPLFree(json);
    return f->geometry == NULL ? DW_E_MEMORY : DW_OK;
}

static dw_err layer_worker_take(struct layer_worker_reader *r, OGRLayerH layer, OGRFeatureH feature, OGRSpatialReferenceH from)
{
    struct layer_map *map = r->map;
    struct layer_feature f = {.parent = LAYER_NONE};
    struct layer_worker_shape shape = {.order = map->count};
    char source[160];
    int kind = layer_kind_of(layer, feature);
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (kind < 0 || geometry == NULL || OGR_G_IsEmpty(geometry)) {
        map->ignored++;
        return DW_OK;
    }
    f.kind = (enum layer_kind)kind;
    snprintf(source, sizeof source, "%.100s %lld", OGR_L_GetName(layer), (long long)OGR_F_GetFID(feature));
    f.source = layer_worker_copy(r, source);
    layer_worker_attributes(r, &f, feature);
    dw_err err = layer_worker_geometry(r, &f, &shape, OGR_G_Clone(geometry), from);
    if (err == DW_OK && (!arena_grow((void **)&map->features, &r->cap, map->count + 1, sizeof *map->features) ||
                         !arena_grow((void **)&r->shapes, &r->shape_cap, map->count + 1, sizeof *r->shapes)))
        err = DW_E_MEMORY;
    if (err == DW_OK && map->count >= LAYER_WORKER_MOST)
        err = err_at(r->detail, DW_E_TOO_LARGE, map->file, NULL, 0, NULL, "more than %d features", LAYER_WORKER_MOST);
    if (err != DW_OK) {
        OGR_G_DestroyGeometry(shape.geometry);
        return err;
    }
    map->features[map->count] = f;
    r->shapes[map->count++] = shape;
    return DW_OK;
}

static dw_err layer_worker_take_all(struct layer_worker_reader *r, OGRLayerH layer)
{
    OGRSpatialReferenceH from = OGR_L_GetSpatialRef(layer);
    OGRFeatureH feature;
    dw_err err = DW_OK;
    if (from != NULL) OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
    OGR_L_ResetReading(layer);
    while (err == DW_OK && (feature = OGR_L_GetNextFeature(layer)) != NULL) {
        err = layer_worker_take(r, layer, feature, from);
        OGR_F_Destroy(feature);
    }
    return err;
}

static bool layer_worker_is_area(enum layer_kind kind)
{
    return kind <= LAYER_FACTORY;
}

static int layer_worker_rank(enum layer_kind kind)
{
    return kind == LAYER_FACTORY ? LAYER_BUILDING : (int)kind;
}

struct layer_worker_pair {
    struct layer_feature feature;
    struct layer_worker_shape shape;
};

static int layer_worker_compare(const void *left, const void *right)
{
    const struct layer_worker_pair *a = left, *b = right;
    int x = layer_worker_rank(a->feature.kind), y = layer_worker_rank(b->feature.kind);
    if (x != y) return x < y ? -1 : 1;
    return a->shape.order < b->shape.order ? -1 : 1;
}

/* Areas before what lies in them. */
static dw_err layer_worker_sort(struct layer_worker_reader *r)
{
    size_t count = r->map->count;
    struct layer_worker_pair *pairs = malloc((count + 1) * sizeof *pairs);
    if (pairs == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < count; i++) pairs[i] = (struct layer_worker_pair){r->map->features[i], r->shapes[i]};
    qsort(pairs, count, sizeof *pairs, layer_worker_compare);
    for (size_t i = 0; i < count; i++) {
        r->map->features[i] = pairs[i].feature;
        r->shapes[i] = pairs[i].shape;
    }
    free(pairs);
    return DW_OK;
}

static bool layer_worker_holds(const struct layer_worker_shape *shape, double lon, double lat)
{
    if (lon < shape->box.MinX || lon > shape->box.MaxX || lat < shape->box.MinY || lat > shape->box.MaxY || shape->area <= 0)
        return false;
    OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
    OGR_G_SetPoint_2D(point, 0, lon, lat);
    bool holds = OGR_G_Contains(shape->geometry, point);
    OGR_G_DestroyGeometry(point);
    return holds;
}

static void layer_worker_parents(struct layer_worker_reader *r)
{
    for (size_t i = 0; i < r->map->count; i++) {
        struct layer_feature *f = &r->map->features[i];
        double least = INFINITY;
        if (!layer_worker_is_area(f->kind)) continue;
        for (size_t k = 0; k < i && layer_worker_rank(r->map->features[k].kind) < layer_worker_rank(f->kind); k++) {
            /* Of two that cover the same ground the lower one, which stands later, is the parent. */
            if (r->shapes[k].area > least * (1 + 1e-9) || !layer_worker_holds(&r->shapes[k], f->lon, f->lat)) continue;
            least = r->shapes[k].area;
            f->parent = (uint32_t)k;
        }
    }
}

static void layer_worker_content(struct layer_map *map)
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

static dw_err layer_worker_read_set(struct layer_worker_reader *r, GDALDatasetH set)
{
    dw_err err = DW_OK;
    r->wgs84 = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(r->wgs84, 4326);
    OSRSetAxisMappingStrategy(r->wgs84, OAMS_TRADITIONAL_GIS_ORDER);
    for (int i = 0; err == DW_OK && i < GDALDatasetGetLayerCount(set); i++)
        err = layer_worker_take_all(r, GDALDatasetGetLayer(set, i));
    if (err == DW_OK && r->map->count == 0)
        err = err_at(r->detail, DW_E_FORMAT, r->map->file, NULL, 0, NULL,
                     "none of its %zu features is an area, a lane, a gate or a barrier", r->map->ignored);
    if (err == DW_OK) err = layer_worker_sort(r);
    if (err == DW_OK) layer_worker_parents(r);
    if (err == DW_OK) layer_worker_content(r->map);
    OSRRelease(r->wgs84);
    return err;
}

static dw_err layer_worker_read_here(struct layer_map *map, const char *path, struct err_detail *detail)
{
    static const char *const drivers[] = {"GeoJSON", "GPKG", "ESRI Shapefile", "KML", "LIBKML", "OSM", NULL};
    struct layer_worker_reader r = {.map = map, .detail = detail};
    CPLSetConfigOption("OSM_USE_CUSTOM_INDEXING", "NO");
    GDALAllRegister();
    CPLErrorReset();
    GDALDatasetH set = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
    if (set == NULL)
        return err_at(detail, DW_E_FORMAT, map->file, NULL, 0, NULL, "%s",
                      *CPLGetLastErrorMsg() != 0 ? CPLGetLastErrorMsg() : "no map that can be read");
    dw_err err = layer_worker_read_set(&r, set);
    for (size_t i = 0; i < map->count; i++) OGR_G_DestroyGeometry(r.shapes[i].geometry);
    free(r.shapes);
    GDALClose(set);
    return err;
}

void layer_worker_texts(const char **out[LAYER_WORKER_TEXTS], struct layer_feature *f)
{
    const char **const texts[LAYER_WORKER_TEXTS] = {&f->code,       &f->name,     &f->address,  &f->use,   &f->parent_code,
                                                    &f->valid_from, &f->valid_to, &f->geometry, &f->source};
    memcpy(out, texts, sizeof texts);
}

void layer_worker_run(const char *path, const char *file, int out)
{
    struct layer_map map = {0};
    struct layer_worker_head head = {0};
    const char **texts[LAYER_WORKER_TEXTS];
    struct arena_buf buf = {0};
    snprintf(map.file, sizeof map.file, "%s", file);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    head.err = layer_worker_read_here(&map, path, &head.detail);
    CPLPopErrorHandler();
    head.count = head.err == DW_OK ? map.count : 0;
    head.ignored = map.ignored;
    memcpy(head.content, map.content, sizeof head.content);
    apart_write(out, &head, sizeof head);
    for (size_t i = 0; i < head.count && !buf.failed; i++) {
        arena_buf_put(&buf, &map.features[i], sizeof map.features[i]);
        layer_worker_texts(texts, &map.features[i]);
        for (int t = 0; t < LAYER_WORKER_TEXTS; t++) arena_buf_put(&buf, *texts[t], strlen(*texts[t]) + 1);
        if (buf.failed || (buf.len < LAYER_WORKER_FLUSH && i + 1 < head.count)) continue;
        apart_write(out, buf.data, buf.len);
        arena_buf_clear(&buf);
    }
    arena_buf_free(&buf);
    layer_free(&map);
}
