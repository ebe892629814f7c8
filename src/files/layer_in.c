#include "files/layer_in.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/hash.h"
#include "base/text.h"
#include "files/apart.h"
#include "files/layer_kind.h"

enum { LAYER_MOST = 2000000, LAYER_MEMORY = 1 << 30, LAYER_SECONDS = 120, LAYER_FLUSH = 1 << 20, LAYER_TAG = 256 };

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

/* OpenStreetMap's tags that have no column of their own: "key"=>"value","key"=>"value". */
static bool layer_tag(char out[LAYER_TAG], OGRFeatureH feature, const char *key)
{
    int at = OGR_F_GetFieldIndex(feature, "other_tags");
    const char *tags = at >= 0 && OGR_F_IsFieldSetAndNotNull(feature, at) ? OGR_F_GetFieldAsString(feature, at) : "";
    char want[64];
    snprintf(want, sizeof want, "\"%s\"=>\"", key);
    const char *value = strstr(tags, want);
    size_t len = 0;
    if (value == NULL) return false;
    for (value += strlen(want); *value != 0 && *value != '"' && len < LAYER_TAG - 1; value++) {
        if (*value == '\\' && value[1] != 0) value++;
        out[len++] = *value;
    }
    out[text_cut(out, len, len)] = 0;
    return len > 0;
}

/* The first of the names that the feature has, copied; "" when none. */
static const char *layer_attribute(struct layer_reader *r, OGRFeatureH feature, const char *const *names)
{
    char tag[LAYER_TAG];
    for (; *names != NULL; names++) {
        int at = OGR_F_GetFieldIndex(feature, *names);
        if (at >= 0 && OGR_F_IsFieldSetAndNotNull(feature, at)) return layer_copy(r, OGR_F_GetFieldAsString(feature, at));
        if (layer_tag(tag, feature, *names)) return layer_copy(r, tag);
    }
    return "";
}

static void layer_address(struct layer_reader *r, struct layer_feature *f, OGRFeatureH feature)
{
    static const char *const whole[] = {"address", "地址", "门牌", "门牌号", "addr_full", "addr:full", NULL};
    char street[LAYER_TAG], number[LAYER_TAG], both[2 * LAYER_TAG];
    f->address = layer_attribute(r, feature, whole);
    if (*f->address != 0 || !layer_tag(number, feature, "addr:housenumber")) return;
    snprintf(both, sizeof both, "%s%s", layer_tag(street, feature, "addr:street") ? street : "", number);
    f->address = layer_copy(r, both);
}

static void layer_attributes(struct layer_reader *r, struct layer_feature *f, OGRFeatureH feature)
{
    static const char *const code[] = {"code", "编号", "编码", "楼栋编号", "ref", NULL}, *const name[] = {"name", "名称", "Name",
                                                                                                          NULL};
    static const char *const use[] = {"use", "用途", "类型", "building", NULL}, *const parent[] = {"parent", "上级", "所属网格",
                                                                                                   NULL};
    static const char *const floors[] = {"floors", "层数", "building:levels", "building_levels", NULL};
    static const char *const from[] = {"valid_from", "from", "启用时间", NULL}, *const to[] = {"valid_to", "to", "停用时间",
                                                                                               NULL};
    int64_t n;
    const char *levels = layer_attribute(r, feature, floors);
    f->code = layer_attribute(r, feature, code);
    f->name = layer_attribute(r, feature, name);
    f->use = layer_attribute(r, feature, use);
    f->parent_code = layer_attribute(r, feature, parent);
    f->valid_from = layer_attribute(r, feature, from);
    f->valid_to = layer_attribute(r, feature, to);
    layer_address(r, f, feature);
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

/* In the process apart. */
static dw_err layer_read_here(struct layer_map *map, const char *path, struct err_detail *detail)
{
    static const char *const drivers[] = {"GeoJSON", "GPKG", "ESRI Shapefile", "KML", "LIBKML", "OSM", NULL};
    struct layer_reader r = {.map = map, .detail = detail};
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLSetConfigOption("OSM_USE_CUSTOM_INDEXING", "NO");
    GDALAllRegister();
    CPLErrorReset();
    GDALDatasetH set = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
    if (set == NULL)
        return err_at(detail, DW_E_FORMAT, map->file, NULL, 0, NULL, "%s",
                      *CPLGetLastErrorMsg() != 0 ? CPLGetLastErrorMsg() : "no map that can be read");
    return layer_read_set(&r, set);
}

/* The stream: the error and its detail, the counts and digest, then each feature and its texts, terminated. */
struct layer_head {
    dw_err err;
    struct err_detail detail;
    size_t count, ignored;
    uint8_t content[32];
};

enum { LAYER_TEXTS = 9 };

static void layer_texts(const char **out[LAYER_TEXTS], struct layer_feature *f)
{
    const char **const texts[LAYER_TEXTS] = {&f->code,       &f->name,     &f->address,  &f->use,   &f->parent_code,
                                             &f->valid_from, &f->valid_to, &f->geometry, &f->source};
    memcpy(out, texts, sizeof texts);
}

struct layer_work {
    const char *path, *file;
};

static void layer_work(void *ctx, int out)
{
    const struct layer_work *work = ctx;
    struct layer_map map = {0};
    struct layer_head head = {0};
    const char **texts[LAYER_TEXTS];
    struct arena_buf buf = {0};
    snprintf(map.file, sizeof map.file, "%s", work->file);
    head.err = layer_read_here(&map, work->path, &head.detail);
    head.count = head.err == DW_OK ? map.count : 0;
    head.ignored = map.ignored;
    memcpy(head.content, map.content, sizeof head.content);
    apart_write(out, &head, sizeof head);
    for (size_t i = 0; i < head.count; i++) {
        arena_buf_put(&buf, &map.features[i], sizeof map.features[i]);
        layer_texts(texts, &map.features[i]);
        for (int t = 0; t < LAYER_TEXTS; t++) arena_buf_put(&buf, *texts[t], strlen(*texts[t]) + 1);
        if (buf.failed) return;
        if (buf.len < LAYER_FLUSH && i + 1 < head.count) continue;
        apart_write(out, buf.data, buf.len);
        arena_buf_clear(&buf);
    }
}

static bool layer_take_back(struct layer_map *map, size_t index, const struct arena_buf *said, size_t *at)
{
    struct layer_feature *f = &map->features[index];
    const char **texts[LAYER_TEXTS];
    if (said->len - *at < sizeof *f) return false;
    memcpy(f, said->data + *at, sizeof *f);
    *at += sizeof *f;
    layer_texts(texts, f);
    for (int t = 0; t < LAYER_TEXTS; t++) {
        size_t len = strnlen(said->data + *at, said->len - *at);
        if (len == said->len - *at) return false;
        if (!text_valid(said->data + *at, len, NULL)) return false;
        *texts[t] = arena_text(&map->arena, said->data + *at, len);
        if (*texts[t] == NULL) return false;
        *at += len + 1;
    }
    return f->kind < LAYER_KINDS && (f->parent == LAYER_NONE || f->parent < index);
}

static dw_err layer_parse(struct layer_map *map, const struct arena_buf *said, struct err_detail *detail)
{
    struct layer_head head;
    size_t at = sizeof head;
    bool whole = said->len >= sizeof head;
    if (whole) memcpy(&head, said->data, sizeof head);
    if (whole && head.err != DW_OK) {
        if (detail != NULL) *detail = head.detail;
        return head.err;
    }
    map->features = whole && head.count <= LAYER_MOST ? calloc(head.count + 1, sizeof *map->features) : NULL;
    for (; whole && map->features != NULL && map->count < head.count; map->count++)
        if (!layer_take_back(map, map->count, said, &at)) break;
    if (!whole || map->features == NULL || map->count < head.count || at != said->len) {
        map->count = 0;
        return err_at(detail, DW_E_FORMAT, map->file, NULL, 0, NULL, "the file is damaged or too large for its reader");
    }
    map->ignored = head.ignored;
    memcpy(map->content, head.content, sizeof map->content);
    return DW_OK;
}

dw_err layer_read(struct layer_map *map, const char *path, const struct clock_progress *progress, struct err_detail *detail)
{
    const char *slash = strrchr(path, '/');
    struct arena_buf said = {0};
    snprintf(map->file, sizeof map->file, "%.*s", (int)sizeof map->file - 1, slash == NULL ? path : slash + 1);
    if (access(path, R_OK) != 0) /* nor is a path ever an address on the network */
        return err_at(detail, errno == ENOENT ? DW_E_NOT_FOUND : DW_E_IO, map->file, NULL, 0, NULL, "%s", strerror(errno));
    struct layer_work work = {path, map->file};
    const struct apart apart = {LAYER_MEMORY, LAYER_SECONDS, map->file};
    dw_err err = apart_run(&said, &apart, layer_work, &work, progress, detail);
    if (err == DW_OK) err = layer_parse(map, &said, detail);
    arena_buf_free(&said);
    return err;
}

void layer_free(struct layer_map *map)
{
    arena_free(&map->arena);
    free(map->features);
    memset(map, 0, sizeof *map);
}
