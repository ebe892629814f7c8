#include "files/layer_out.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_error.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "files/beside.h"
#include "files/layer_kml.h"

enum { LAYER_OUT_FLUSH = 256 * 1024, LAYER_OUT_SHP_WIDTH = 254 };

struct layer_out {
    enum layer_out_format format;
    struct beside beside;
    char **fields;
    size_t field_count, features;
    char *name;
    FILE *file; /* GeoJSON and KML are written as text */
    struct arena_buf text;
    struct json json; /* to look at geometries */
    GDALDatasetH set; /* the other formats */
    uint64_t sum;     /* over what was written to set, to be compared with what can be read again */
    OGRLayerH layer;
};

static const char *layer_out_path(const struct layer_out *l)
{
    return l->beside.path == NULL ? "-" : l->beside.path;
}

/* The library's words where it has any; it says little about full disks, beside_fail knows. */
static dw_err layer_out_library(const struct layer_out *l, struct err_detail *detail)
{
    const char *words = CPLGetLastErrorMsg();
    dw_err err = beside_fail(&l->beside, 0, detail);
    return *words == 0 ? err : err_at(detail, err, NULL, NULL, (int64_t)l->features, "", "%s", words);
}

static bool layer_out_is_text(const struct layer_out *l)
{
    return l->format == LAYER_OUT_GEOJSON || l->format == LAYER_OUT_KML;
}

static bool layer_out_failed(void)
{
    return CPLGetLastErrorType() >= CE_Failure;
}

static void layer_out_release(struct layer_out *l)
{
    CPLPushErrorHandler(CPLQuietErrorHandler);
    if (l->set != NULL) GDALClose(l->set);
    CPLPopErrorHandler();
    if (l->file != NULL && l->beside.part != NULL) fclose(l->file);
    beside_free(&l->beside);
    for (size_t i = 0; l->fields != NULL && i < l->field_count; i++) free(l->fields[i]);
    free(l->fields);
    free(l->name);
    json_free(&l->json);
    arena_buf_free(&l->text);
    free(l);
}

static dw_err layer_out_fields(struct layer_out *l, const char *const *fields, size_t count, struct err_detail *detail)
{
    l->fields = calloc(count + 1, sizeof *l->fields);
    if (l->fields == NULL) return DW_E_MEMORY;
    l->field_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!text_valid(fields[i], strlen(fields[i]), NULL)) return err_set(detail, DW_E_UTF8, "field %zu", i + 1);
        l->fields[i] = strdup(fields[i]);
        if (l->fields[i] == NULL) return DW_E_MEMORY;
    }
    return DW_OK;
}

static dw_err layer_out_flush(struct layer_out *l, struct err_detail *detail)
{
    if (l->text.failed) return DW_E_MEMORY;
    bool good = l->text.len == 0 || fwrite(l->text.data, 1, l->text.len, l->file) == l->text.len;
    arena_buf_clear(&l->text);
    return good ? DW_OK : beside_fail(&l->beside, errno, detail);
}

static dw_err layer_out_start_text(struct layer_out *l, struct err_detail *detail)
{
    struct json_out json = {.buf = &l->text};
    l->file = beside_open(&l->beside);
    if (l->file == NULL) return beside_fail(&l->beside, errno, detail);
    if (l->format == LAYER_OUT_KML) {
        layer_kml_start(&l->text, l->name, (const char *const *)l->fields, l->field_count);
        return DW_OK;
    }
    arena_buf_text(&l->text, "{\"type\":\"FeatureCollection\",\"name\":");
    json_put(&json, l->name);
    arena_buf_text(&l->text, ",\"features\":[\n");
    return DW_OK;
}

static bool layer_out_columns(struct layer_out *l)
{
    for (size_t i = 0; i < l->field_count; i++) {
        OGRFieldDefnH field = OGR_Fld_Create(l->fields[i], OFTString);
        OGRErr bad = OGR_L_CreateField(l->layer, field, 1);
        OGR_Fld_Destroy(field);
        if (bad != OGRERR_NONE) return false;
    }
    return true;
}

static dw_err layer_out_start_set(struct layer_out *l, struct err_detail *detail)
{
    static const char *const drivers[] = {[LAYER_OUT_GPKG] = "GPKG", [LAYER_OUT_SHP] = "ESRI Shapefile"};
    char *utf8[] = {"ENCODING=UTF-8", NULL};
    GDALAllRegister();
    GDALDriverH driver = GDALGetDriverByName(drivers[l->format]);
    if (l->beside.folder == NULL) return err_set(detail, DW_E_INVALID, "this format needs a file to be written to");
    if (driver == NULL) return err_set(detail, DW_E_FORMAT, "%s", drivers[l->format]);
    l->set = GDALCreate(driver, l->beside.part, 0, 0, 0, GDT_Unknown, NULL);
    if (l->set == NULL) return layer_out_library(l, detail);
    OGRSpatialReferenceH wgs84 = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(wgs84, 4326);
    OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
    l->layer = GDALDatasetCreateLayer(l->set, l->name, wgs84, wkbUnknown, l->format == LAYER_OUT_SHP ? utf8 : NULL);
    OSRRelease(wgs84);
    if (l->layer == NULL || !layer_out_columns(l)) return layer_out_library(l, detail);
    /* One transaction: a commit a feature takes a hundred times as long. */
    if (GDALDatasetTestCapability(l->set, ODsCTransactions) && GDALDatasetStartTransaction(l->set, 0) != OGRERR_NONE)
        return layer_out_library(l, detail);
    return DW_OK;
}

dw_err layer_out_open(struct layer_out **out, const char *path, enum layer_out_format format, const char *layer,
                      const char *const *fields, size_t field_count, struct err_detail *detail)
{
    struct layer_out *l = calloc(1, sizeof *l);
    *out = NULL;
    if (l == NULL) return DW_E_MEMORY;
    l->format = format;
    dw_err err = layer_out_fields(l, fields, field_count, detail);
    if (err == DW_OK && !text_valid(layer, strlen(layer), NULL)) err = err_set(detail, DW_E_UTF8, "layer");
    if (err == DW_OK && (l->name = strdup(layer)) == NULL) err = DW_E_MEMORY;
    if (err == DW_OK) err = beside_make(&l->beside, path, detail);
    if (err == DW_OK && layer_out_is_text(l)) {
        err = layer_out_start_text(l, detail);
    } else if (err == DW_OK) {
        CPLPushErrorHandler(CPLQuietErrorHandler);
        CPLErrorReset();
        err = layer_out_start_set(l, detail);
        CPLPopErrorHandler();
    }
    if (err != DW_OK) {
        layer_out_release(l);
        return err;
    }
    *out = l;
    return DW_OK;
}

static dw_err layer_out_no_geometry(const struct layer_out *l, const char *geometry, struct err_detail *detail)
{
    return err_at(detail, DW_E_FORMAT, layer_out_path(l), "", (int64_t)l->features + 1, "geometry", "%.80s", geometry);
}

static dw_err layer_out_json(struct layer_out *l, const char *geometry, const char *const *values)
{
    struct json_out json = {.buf = &l->text};
    bool good = geometry == NULL ||
                (json_read(&l->json, geometry, strlen(geometry), NULL) == DW_OK && json_member(&l->json, 0, "type") != 0);
    if (!good) return DW_E_FORMAT;
    if (l->features > 0) arena_buf_text(&l->text, ",\n");
    json_open(&json, '{');
    json_key(&json, "type");
    json_put(&json, "Feature");
    json_key(&json, "properties");
    json_open(&json, '{');
    for (size_t i = 0; i < l->field_count; i++) {
        if (values[i] == NULL || values[i][0] == 0) continue;
        json_key(&json, l->fields[i]);
        json_put(&json, values[i]);
    }
    json_close(&json, '}');
    json_key(&json, "geometry");
    if (geometry == NULL)
        json_put(&json, NULL);
    else
        json_put_raw(&json, geometry, strlen(geometry));
    json_close(&json, '}');
    return DW_OK;
}

static dw_err layer_out_text(struct layer_out *l, const char *geometry, const char *const *values, struct err_detail *detail)
{
    const char *const *fields = (const char *const *)l->fields;
    dw_err err = l->format == LAYER_OUT_KML ? layer_kml_feature(&l->text, l->name, fields, values, l->field_count, geometry)
                                            : layer_out_json(l, geometry, values);
    if (err == DW_E_FORMAT) return layer_out_no_geometry(l, geometry, detail);
    l->features++;
    return err != DW_OK || l->text.len < LAYER_OUT_FLUSH ? err : layer_out_flush(l, detail);
}

/* The same for a feature written and read; a Shapefile knows no spaces at the ends of a text and no empty one. */
static uint64_t layer_out_sum(const struct layer_out *l, OGRFeatureH feature)
{
    uint64_t sum = OGR_F_GetGeometryRef(feature) != NULL;
    for (size_t i = 0; i < l->field_count; i++) {
        const char *text = OGR_F_GetFieldAsString(feature, (int)i);
        text += strspn(text, " ");
        size_t len = strlen(text);
        while (len > 0 && text[len - 1] == ' ') len--;
        if (len > 0) sum += (i + 1) * hash_quick(text, len);
    }
    return sum;
}

static dw_err layer_out_row(struct layer_out *l, const char *geometry, const char *const *values, struct err_detail *detail)
{
    OGRGeometryH shape = geometry == NULL ? NULL : OGR_G_CreateGeometryFromJson(geometry);
    if (geometry != NULL && shape == NULL) return layer_out_no_geometry(l, geometry, detail);
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(l->layer));
    for (size_t i = 0; i < l->field_count; i++)
        if (values[i] != NULL) OGR_F_SetFieldString(feature, (int)i, values[i]);
    if (shape != NULL) OGR_F_SetGeometryDirectly(feature, shape);
    l->sum += layer_out_sum(l, feature);
    OGRErr bad = OGR_L_CreateFeature(l->layer, feature);
    OGR_F_Destroy(feature);
    l->features++;
    return bad == OGRERR_NONE && !layer_out_failed() ? DW_OK : layer_out_library(l, detail);
}

dw_err layer_out_feature(struct layer_out *l, const char *geometry, const char *const *values, struct err_detail *detail)
{
    for (size_t i = 0; i < l->field_count; i++) {
        size_t len = values[i] == NULL ? 0 : strlen(values[i]);
        bool valid = len == 0 || text_valid(values[i], len, NULL);
        if (valid && (l->format != LAYER_OUT_SHP || len <= LAYER_OUT_SHP_WIDTH)) continue;
        return err_at(detail, valid ? DW_E_TOO_LARGE : DW_E_UTF8, layer_out_path(l), "", (int64_t)l->features + 1, l->fields[i],
                      valid ? "a Shapefile's field holds no more text" : "a value that is no UTF-8");
    }
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
    dw_err err = layer_out_is_text(l) ? layer_out_text(l, geometry, values, detail) : layer_out_row(l, geometry, values, detail);
    CPLPopErrorHandler();
    return err;
}

static dw_err layer_out_finish_text(struct layer_out *l, struct err_detail *detail)
{
    FILE *file = l->file;
    if (l->format == LAYER_OUT_KML)
        layer_kml_end(&l->text);
    else
        arena_buf_text(&l->text, "\n]}\n");
    ERR_TRY(layer_out_flush(l, detail));
    bool good = fflush(file) == 0;
    if (good && l->beside.part != NULL) {
        l->file = NULL;
        good = fclose(file) == 0;
    }
    return good ? DW_OK : beside_fail(&l->beside, errno, detail);
}

/* Whether everything that was written can be read again. */
static bool layer_out_whole(const struct layer_out *l)
{
    size_t count = 0;
    uint64_t sum = 0;
    GDALDatasetH set = GDALOpenEx(l->beside.part, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    if (set == NULL) return false;
    for (int i = 0; i < GDALDatasetGetLayerCount(set); i++) {
        OGRLayerH layer = GDALDatasetGetLayer(set, i);
        for (OGRFeatureH f; (f = OGR_L_GetNextFeature(layer)) != NULL; count++) {
            sum += layer_out_sum(l, f);
            OGR_F_Destroy(f);
        }
    }
    GDALClose(set);
    return count == l->features && sum == l->sum && !layer_out_failed();
}

static dw_err layer_out_finish_set(struct layer_out *l, struct err_detail *detail)
{
    bool good = true;
    if (GDALDatasetTestCapability(l->set, ODsCTransactions)) good = GDALDatasetCommitTransaction(l->set) == OGRERR_NONE;
    GDALClose(l->set);
    l->set = NULL;
    good = good && !layer_out_failed() && layer_out_whole(l);
    return good ? DW_OK : layer_out_library(l, detail);
}

dw_err layer_out_close(struct layer_out *l, struct err_detail *detail)
{
    dw_err err;
    if (l == NULL) return DW_OK;
    if (layer_out_is_text(l)) {
        err = layer_out_finish_text(l, detail);
    } else {
        CPLPushErrorHandler(CPLQuietErrorHandler);
        CPLErrorReset();
        err = layer_out_finish_set(l, detail);
        CPLPopErrorHandler();
    }
    if (err == DW_OK) err = beside_keep(&l->beside, detail);
    layer_out_release(l);
    return err;
}

void layer_out_abort(struct layer_out *l)
{
    if (l != NULL) layer_out_release(l);
}
