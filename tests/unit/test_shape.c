#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/shape.h"
#include "seed.h"

static dw_err read_text(struct shape *out, const char *text, struct err_detail *detail)
{
    *out = (struct shape){.points = 0};
    *detail = (struct err_detail){0};
    return shape_read(out, text, strlen(text), "geometry", detail);
}

/* What is written reads as itself, byte for byte. */
static void settles(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"type\":\"Point\",\"coordinates\":[118.5,24]}",
        " { \"coordinates\" : [ [118,24] , [118.00000004,24.1] ] , \"type\" : \"LineString\", \"bbox\": [1] }",
        "{\"type\":\"MultiLineString\",\"coordinates\":[[[118,24],[118.1,24.1]],[[117,23],[117.5,23]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}",
        "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]],[[[8,8],[9,8],[9,9],[8,8]]]]}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct shape one, two;
        struct err_detail detail;
        assert_int_equal(read_text(&one, texts[i], &detail), DW_OK);
        assert_int_equal(read_text(&two, one.text.data, &detail), DW_OK);
        assert_string_equal(one.text.data, two.text.data);
        assert_int_equal(one.lon, two.lon);
        assert_int_equal(one.points, two.points);
        shape_free(&one);
        shape_free(&two);
    }
}

static bool holds(const double *x, const double *y, int count, double lon, double lat)
{
    bool in = false;
    for (int i = 0; i + 1 < count; i++)
        if ((y[i] > lat) != (y[i + 1] > lat) && lon < (x[i + 1] - x[i]) * (lat - y[i]) / (y[i + 1] - y[i]) + x[i]) in = !in;
    return in;
}

/* Of any star, however ragged, the point that stands for it lies inside. */
static void inside(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    for (int trial = 0; trial < 3000; trial++) {
        double x[65], y[65];
        int count = 3 + (int)rng_below(&rng, 60);
        struct arena_buf text = {0};
        arena_buf_text(&text, "{\"type\":\"Polygon\",\"coordinates\":[[");
        for (int i = 0; i <= count; i++) {
            double angle = 2 * 3.14159265358979 * (i % count) / count, far = 0.01 + 0.09 * (double)rng_below(&rng, 1000) / 1000;
            x[i] = i == count ? x[0] : round(1e7 * (118 + far * cos(angle))) / 1e7;
            y[i] = i == count ? y[0] : round(1e7 * (24 + far * sin(angle))) / 1e7;
            arena_buf_format(&text, "%s[%.7f,%.7f]", i == 0 ? "" : ",", x[i], y[i]);
        }
        arena_buf_text(&text, "]]}");
        struct shape shape;
        struct err_detail detail;
        assert_int_equal(read_text(&shape, text.data, &detail), DW_OK);
        if (!holds(x, y, count + 1, (double)shape.lon / 1e7, (double)shape.lat / 1e7)) print_error("%s\n", text.data);
        assert_true(holds(x, y, count + 1, (double)shape.lon / 1e7, (double)shape.lat / 1e7));
        shape_free(&shape);
        arena_buf_free(&text);
    }
}

static void refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"{}",
                                        "[]",
                                        "{\"type\":\"Point\"}",
                                        "{\"type\":\"Point\",\"coordinates\":[118]}",
                                        "{\"type\":\"Point\",\"coordinates\":[118,1e999]}",
                                        "{\"type\":\"Point\",\"coordinates\":[-180.1,0]}",
                                        "{\"type\":\"LineString\",\"coordinates\":[118,24]}",
                                        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1]]]}",
                                        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0.1]]]}",
                                        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1],[2,2],[0,0]]]}",
                                        "{\"type\":\"GeometryCollection\",\"geometries\":[]}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct shape shape;
        struct err_detail detail;
        assert_int_equal(read_text(&shape, texts[i], &detail), DW_E_INVALID);
        assert_string_equal(detail.column, "geometry");
        shape_free(&shape);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(settles), cmocka_unit_test(inside), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
