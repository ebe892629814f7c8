#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/keys.h"
#include "files/layer_in.h"
#include "files/layer_out.h"
#include "folder.h"

enum { FIELDS = 3, FEATURES = 60, TEXT = 300, FORMATS = 4 };

static const char *const names[] = {"图 1.geojson", "图 1.gpkg", "图 1.shp", "图 1.kml"};
static const enum layer_out_format formats[] = {LAYER_OUT_GEOJSON, LAYER_OUT_GPKG, LAYER_OUT_SHP, LAYER_OUT_KML};
static const size_t files[] = {1, 1, 5, 1}; /* a Shapefile is .shp, .shx, .dbf, .prj and .cpg */
static const char *const fields[] = {"kind", "code", "address"};

struct map {
    char values[FEATURES][FIELDS][TEXT];
    double lon[FEATURES], lat[FEATURES];
    size_t count;
};

static void point(char out[TEXT], const struct map *m, size_t i)
{
    snprintf(out, TEXT, "{\"type\":\"Point\",\"coordinates\":[%.7f,%.7f]}", m->lon[i], m->lat[i]);
}

static void make(struct map *m, struct rng *rng, bool controls)
{
    m->count = rng_below(rng, FEATURES);
    for (size_t i = 0; i < m->count; i++) {
        char text[80];
        folder_text(text, sizeof text, rng, controls);
        snprintf(m->values[i][0], TEXT, "gate");
        snprintf(m->values[i][1], TEXT, "K%zu", i + 1);
        snprintf(m->values[i][2], TEXT, "东%s门", text);          /* no spaces at its ends, which readers trim */
        if (i == 0) snprintf(m->values[i][2], TEXT, "%0254d", 7); /* as long as a Shapefile's may be */
        m->lon[i] = 118.5 + (double)rng_below(rng, 1000000) / 1e7;
        m->lat[i] = 24.7 + (double)rng_below(rng, 1000000) / 1e7;
    }
}

static dw_err put(const struct map *m, const char *path, enum layer_out_format format)
{
    struct layer_out *out;
    ERR_TRY(layer_out_open(&out, path, format, "卡口", fields, FIELDS, NULL));
    for (size_t i = 0; i < m->count; i++) {
        const char *values[FIELDS];
        char geometry[TEXT];
        for (size_t f = 0; f < FIELDS; f++) values[f] = m->values[i][f];
        point(geometry, m, i);
        dw_err err = layer_out_feature(out, geometry, values, NULL);
        if (err != DW_OK) {
            layer_out_abort(out);
            return err;
        }
    }
    return layer_out_close(out, NULL);
}

/* RFC 7946 by hand: every feature in its order, with its values and coordinates. */
static void geojson(void **state)
{
    (void)state;
    struct rng rng = folder_seed();
    struct map *m = calloc(1, sizeof *m);
    struct folder f;
    struct json json = {0};
    struct arena arena = {0};
    char path[FOLDER_PATH];
    assert_non_null(m);
    folder_make(&f);
    folder_file(path, &f, "a.geojson");
    for (int round = 0; round < 50; round++) {
        size_t len, i = 0;
        make(m, &rng, true);
        assert_int_equal(put(m, path, LAYER_OUT_GEOJSON), DW_OK);
        char *data = folder_read(path, &len);
        assert_int_equal(json_read(&json, data, len, NULL), DW_OK);
        assert_true(json_equals(&json, json_member(&json, 0, "type"), "FeatureCollection"));
        uint32_t list = json_member(&json, 0, "features");
        for (uint32_t k = json_first(list); k != json_end(&json, list); k = json.tokens[k].next, i++) {
            uint32_t values = json_member(&json, k, "properties"), shape = json_member(&json, k, "geometry");
            assert_true(i < m->count && json_equals(&json, json_member(&json, k, "type"), "Feature"));
            for (size_t c = 0; c < FIELDS; c++)
                assert_string_equal(json_text(&json, json_member(&json, values, fields[c]), &arena), m->values[i][c]);
            uint32_t at = json_first(json_member(&json, shape, "coordinates"));
            double lon, lat;
            assert_true(json_double(&json, at, &lon) && json_double(&json, json.tokens[at].next, &lat));
            assert_true(fabs(lon - m->lon[i]) < 1e-8 && fabs(lat - m->lat[i]) < 1e-8);
        }
        assert_int_equal(i, m->count);
        free(data);
        arena_reset(&arena);
    }
    json_free(&json);
    arena_free(&arena);
    folder_drop(&f);
    free(m);
}

static const struct layer_feature *by_code(const struct layer_map *map, const char *code)
{
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->features[i].code, code) == 0) return &map->features[i];
    return NULL;
}

/* What the importer reads is what was written, whatever the format. */
static void round_trip(void **state)
{
    (void)state;
    struct rng rng = folder_seed();
    struct map *m = calloc(1, sizeof *m);
    struct folder f;
    char path[FOLDER_PATH];
    assert_non_null(m);
    folder_make(&f);
    for (int round = 0; round < 20; round++) {
        int format = round % FORMATS;
        struct layer_map map = {0};
        struct err_detail detail = {0};
        make(m, &rng, false);
        if (m->count == 0) continue;
        folder_file(path, &f, names[format]);
        assert_int_equal(put(m, path, formats[format]), DW_OK);
        assert_int_equal(folder_count(&f), files[format]);
        dw_err err = layer_read(&map, path, NULL, &detail);
        if (err != DW_OK) print_error("%s %s\n", err_name(err), detail.text);
        assert_int_equal(err, DW_OK);
        assert_int_equal(map.count, m->count);
        for (size_t i = 0; i < m->count; i++) {
            const struct layer_feature *read = by_code(&map, m->values[i][1]);
            assert_non_null(read);
            assert_int_equal(read->kind, LAYER_GATE);
            assert_string_equal(read->address, m->values[i][2]);
            assert_true(fabs(read->lon - m->lon[i]) < 1e-7 && fabs(read->lat - m->lat[i]) < 1e-7);
        }
        layer_free(&map);
        folder_clear(&f);
    }
    folder_drop(&f);
    free(m);
}

static dw_err one(const char *path, enum layer_out_format format, const char *geometry, const char *value, size_t count,
                  struct err_detail *detail)
{
    struct layer_out *out;
    const char *values[] = {"gate", NULL, value};
    dw_err err = layer_out_open(&out, path, format, "gate", fields, FIELDS, detail);
    for (size_t i = 0; err == DW_OK && i < count; i++) err = layer_out_feature(out, geometry, values, detail);
    if (err == DW_OK) return layer_out_close(out, detail);
    layer_out_abort(out); /* NULL when it did not open */
    return err;
}

static const char a_point[] = "{\"type\":\"Point\",\"coordinates\":[118.55,24.75]}";
static const char a_line[] = "{\"type\":\"LineString\",\"coordinates\":[[118.55,24.75],[118.56,24.76]]}";

static void refuses(void **state)
{
    (void)state;
    struct err_detail detail = {0};
    struct folder f;
    char path[FOLDER_PATH], below[FOLDER_PATH], text[512];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = 0;
    folder_make(&f);
    for (int i = 0; i < FORMATS; i++) {
        folder_file(path, &f, names[i]);
        folder_file(below, &f, "none/a.gpkg");
        assert_int_equal(one(path, formats[i], "{\"type\":", "a", 1, &detail), DW_E_FORMAT);
        assert_int_equal(detail.row, 1);
        assert_int_equal(one(path, formats[i], "[1,2]", "a", 1, &detail), DW_E_FORMAT);
        assert_int_equal(one(path, formats[i], a_point, "\xe9\x99", 1, &detail), DW_E_UTF8);
        assert_string_equal(detail.column, "address");
        assert_int_equal(one(path, formats[i], a_point, text, 1, &detail), i == 2 ? DW_E_TOO_LARGE : DW_OK);
        folder_clear(&f);
        assert_int_equal(one(below, formats[i], a_point, "a", 1, &detail), DW_E_IO);
        assert_int_equal(one(f.path, formats[i], a_point, "a", 1, &detail), DW_E_IO);
        assert_int_equal(one(path, formats[i], NULL, "", 3, &detail), DW_OK);
        folder_clear(&f);
        if (i == 1 || i == 2) assert_int_equal(one("-", formats[i], a_point, "a", 1, &detail), DW_E_INVALID);
        assert_int_equal(folder_count(&f), 0);
    }
    layer_out_abort(NULL);
    assert_int_equal(layer_out_close(NULL, NULL), DW_OK);
    folder_drop(&f);
}

/* Types mixed: every format but the Shapefile, which says so and leaves nothing. */
static void mixed(void **state)
{
    (void)state;
    for (int i = 0; i < FORMATS; i++) {
        struct folder f;
        struct layer_out *out;
        struct err_detail detail = {0};
        char path[FOLDER_PATH];
        const char *values[] = {"gate", "K1", NULL};
        folder_make(&f);
        folder_file(path, &f, names[i]);
        assert_int_equal(layer_out_open(&out, path, formats[i], "gate", fields, FIELDS, NULL), DW_OK);
        assert_int_equal(layer_out_feature(out, a_point, values, &detail), DW_OK);
        assert_int_equal(layer_out_feature(out, NULL, values, &detail), DW_OK);
        dw_err err = layer_out_feature(out, a_line, values, &detail);
        assert_int_equal(err, i == 2 ? DW_E_IO : DW_OK);
        if (err == DW_OK)
            assert_int_equal(layer_out_close(out, &detail), DW_OK);
        else
            layer_out_abort(out);
        assert_int_equal(folder_count(&f), i == 2 ? 0 : 1);
        folder_drop(&f);
    }
}

struct job {
    struct folder folder;
    char path[FOLDER_PATH];
    int format;
};

static int write_job(void *arg)
{
    struct job *job = arg;
    return (int)one(job->path, formats[job->format], a_point, "福建省晋江市仿真村东明巷二号", 500, NULL);
}

static void look(void *arg, int answer)
{
    struct job *job = arg;
    struct layer_map map = {0};
    if (answer == DW_OK) {
        assert_int_equal(folder_count(&job->folder), files[job->format]);
        assert_int_equal(layer_read(&map, job->path, NULL, NULL), DW_OK);
        assert_int_equal(map.count, 500);
        for (size_t i = 0; i < map.count; i++) assert_string_equal(map.features[i].address, "福建省晋江市仿真村东明巷二号");
        layer_free(&map);
        folder_clear(&job->folder);
    } else {
        assert_true(answer == DW_E_IO || answer == DW_E_FULL);
    }
    assert_int_equal(folder_count(&job->folder), 0);
}

/* However far the disk lets it come: everything can be read again, or an error and nothing. */
static void full_disk(void **state)
{
    (void)state;
    struct rng rng = folder_seed();
    for (int i = 0; i < FORMATS; i++) {
        struct job job = {.format = i};
        folder_make(&job.folder);
        folder_file(job.path, &job.folder, names[i]);
        folder_limits(&rng, 2000000, write_job, look, &job);
        folder_drop(&job.folder);
    }
}

/* A device is written as it is and not replaced. */
static void devices(void **state)
{
    (void)state;
    struct folder f;
    struct stat st;
    char path[FOLDER_PATH];
    folder_make(&f);
    folder_file(path, &f, "full");
    assert_int_equal(symlink("/dev/full", path), 0);
    for (int i = 0; i < FORMATS; i++) {
        bool text = formats[i] == LAYER_OUT_GEOJSON || formats[i] == LAYER_OUT_KML;
        assert_int_equal(one(path, formats[i], a_point, "a", 10000, NULL), text ? DW_E_FULL : DW_E_INVALID);
        assert_int_equal(one(path, formats[i], a_point, "a", 1, NULL), text ? DW_E_FULL : DW_E_INVALID); /* seen when closed */
    }
    assert_int_equal(stat(path, &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    folder_drop(&f);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(geojson), cmocka_unit_test(round_trip), cmocka_unit_test(refuses),
                                       cmocka_unit_test(mixed),   cmocka_unit_test(full_disk),  cmocka_unit_test(devices)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
