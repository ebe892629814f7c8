#include "files/layer_out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/json.h"

enum { LAYER_OUT_FLUSH = 256 * 1024, LAYER_OUT_FIELDS = 64 };

struct layer_out {
    enum layer_out_format format;
    char *path, *beside; /* NULL for stdout */
    char **fields;
    size_t field_count, features;
    FILE *file; /* GeoJSON is written as text, feature by feature */
    struct arena_buf text;
    GDALDatasetH set; /* the other formats, by the library */
    OGRLayerH layer;
};

static dw_err layer_out_io(const struct layer_out *l, struct err_detail *detail, int code)
{
    dw_err err = code == ENOSPC || code == EDQUOT ? DW_E_FULL : DW_E_IO;
    return err_at(detail, err, l->path == NULL ? "-" : l->path, "", 0, "", "%s", code == 0 ? "cannot write" : strerror(code));
}

static void layer_out_release(struct layer_out *l)
{
    if (l->set != NULL) GDALClose(l->set);
    if (l->file != NULL && l->path != NULL) fclose(l->file);
    if (l->beside != NULL) unlink(l->beside);
    for (size_t i = 0; l->fields != NULL && i < l->field_count; i++) free(l->fields[i]);
    free(l->fields);
    free(l->path);
    free(l->beside);
    arena_buf_free(&l->text);
    free(l);
}

static bool layer_out_names(struct layer_out *l, const char *path, const char *const *fields, size_t count)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    if (dot == NULL || (slash != NULL && dot < slash)) dot = path + strlen(path);
    size_t size = strlen(path) + 48;
    l->fields = calloc(count + 1, sizeof *l->fields);
    if (l->fields == NULL) return false;
    l->field_count = count;
    for (size_t i = 0; i < count; i++)
        if ((l->fields[i] = strdup(fields[i])) == NULL) return false;
    if (strcmp(path, "-") == 0) return true;
    l->path = strdup(path);
    l->beside = malloc(size);
    if (l->path == NULL || l->beside == NULL) return false;
    /* The library tells formats by the ending, so the ending stays last. */
    snprintf(l->beside, size, "%.*s.part%ld%s", (int)(dot - path), path, (long)getpid(), dot);
    return true;
}

static bool layer_out_flush(struct layer_out *l)
{
    bool good = !l->text.failed && (l->text.len == 0 || fwrite(l->text.data, 1, l->text.len, l->file) == l->text.len);
    arena_buf_clear(&l->text);
    return good;
}

static dw_err layer_out_start_text(struct layer_out *l, const char *layer, struct err_detail *detail)
{
    struct json_out json = {.buf = &l->text};
    l->file = l->path == NULL ? stdout : fopen(l->beside, "wb");
    if (l->file == NULL) return layer_out_io(l, detail, errno);
    arena_buf_text(&l->text, "{\"type\":\"FeatureCollection\",\"name\":");
    json_put(&json, layer);
    arena_buf_text(&l->text, ",\"features\":[\n");
    return DW_OK;
}

static dw_err layer_out_start_set(struct layer_out *l, const char *layer, struct err_detail *detail)
{
    static const char *const drivers[] = {"GeoJSON", "GPKG", "ESRI Shapefile", "KML"};
    char *utf8[] = {"ENCODING=UTF-8", NULL};
    GDALAllRegister();
    GDALDriverH driver = GDALGetDriverByName(drivers[l->format]);
    if (l->path == NULL) return err_set(detail, DW_E_INVALID, "this format needs a file to be written to");
    if (driver == NULL) return err_set(detail, DW_E_FORMAT, "%s", drivers[l->format]);
    l->set = GDALCreate(driver, l->beside, 0, 0, 0, GDT_Unknown, NULL);
    if (l->set == NULL) return layer_out_io(l, detail, errno);
    OGRSpatialReferenceH wgs84 = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(wgs84, 4326);
    OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
    l->layer = GDALDatasetCreateLayer(l->set, layer, wgs84, wkbUnknown, l->format == LAYER_OUT_SHP ? utf8 : NULL);
    OSRRelease(wgs84);
    if (l->layer == NULL) return layer_out_io(l, detail, errno);
    for (size_t i = 0; i < l->field_count; i++) {
        OGRFieldDefnH field = OGR_Fld_Create(l->fields[i], OFTString);
        OGRErr bad = OGR_L_CreateField(l->layer, field, 1);
        OGR_Fld_Destroy(field);
        if (bad != OGRERR_NONE) return layer_out_io(l, detail, errno);
    }
    return DW_OK;
}

dw_err layer_out_open(struct layer_out **out, const char *path, enum layer_out_format format, const char *layer,
                      const char *const *fields, size_t field_count, struct err_detail *detail)
{
    struct layer_out *l = calloc(1, sizeof *l);
    *out = NULL;
    if (l == NULL) return DW_E_MEMORY;
    l->format = format;
    dw_err err = layer_out_names(l, path, fields, field_count) ? DW_OK : DW_E_MEMORY;
    if (err == DW_OK)
        err = format == LAYER_OUT_GEOJSON ? layer_out_start_text(l, layer, detail) : layer_out_start_set(l, layer, detail);
    if (err != DW_OK) {
        layer_out_release(l);
        return err;
    }
    *out = l;
    return DW_OK;
}

static dw_err layer_out_text(struct layer_out *l, const char *geometry, const char *const *values, struct err_detail *detail)
{
    struct json_out json = {.buf = &l->text};
    if (l->features++ > 0) arena_buf_text(&l->text, ",\n");
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
    return l->text.len < LAYER_OUT_FLUSH || layer_out_flush(l) ? DW_OK : layer_out_io(l, detail, errno);
}

dw_err layer_out_feature(struct layer_out *l, const char *geometry, const char *const *values, struct err_detail *detail)
{
    if (l->format == LAYER_OUT_GEOJSON) return layer_out_text(l, geometry, values, detail);
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(l->layer));
    for (size_t i = 0; i < l->field_count; i++)
        if (values[i] != NULL) OGR_F_SetFieldString(feature, (int)i, values[i]);
    OGRGeometryH shape = geometry == NULL ? NULL : OGR_G_CreateGeometryFromJson(geometry);
    if (shape != NULL) OGR_F_SetGeometryDirectly(feature, shape);
    OGRErr bad = OGR_L_CreateFeature(l->layer, feature);
    OGR_F_Destroy(feature);
    l->features++;
    if (geometry != NULL && shape == NULL)
        return err_at(detail, DW_E_FORMAT, l->path, "", (int64_t)l->features, "geometry", "%.80s", geometry);
    return bad == OGRERR_NONE ? DW_OK : layer_out_io(l, detail, errno);
}

dw_err layer_out_close(struct layer_out *l, struct err_detail *detail)
{
    dw_err err = DW_OK;
    if (l == NULL) return DW_OK;
    if (l->format == LAYER_OUT_GEOJSON) {
        arena_buf_text(&l->text, "\n]}\n");
        if (!layer_out_flush(l) || fflush(l->file) != 0) err = layer_out_io(l, detail, errno);
        FILE *file = l->path == NULL ? NULL : l->file;
        l->file = NULL;
        if (file != NULL && fclose(file) != 0 && err == DW_OK) err = layer_out_io(l, detail, errno);
    } else {
        GDALClose(l->set);
        l->set = NULL;
    }
    if (err == DW_OK && l->path != NULL) {
        if (rename(l->beside, l->path) != 0) err = layer_out_io(l, detail, errno);
        if (err == DW_OK) {
            free(l->beside);
            l->beside = NULL;
        }
    }
    layer_out_release(l);
    return err;
}

void layer_out_abort(struct layer_out *l)
{
    if (l != NULL) layer_out_release(l);
}
