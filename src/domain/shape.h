/* Geometries that people draw: GeoJSON (RFC 7946) in degrees of WGS 84, read, checked and written again in one fixed form. Pure.
 */
#ifndef DOMAIN_SHAPE_H
#define DOMAIN_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum shape_type { SHAPE_POINT, SHAPE_LINE, SHAPE_LINES, SHAPE_OUTLINE, SHAPE_OUTLINES, SHAPE_TYPES };
enum { SHAPE_POINTS = 5000 /* at most, in all */, SHAPE_TEXT = 262144 };

struct shape {
    enum shape_type type;
    struct arena_buf text; /* the geometry again: seven decimals, rings closed */
    int64_t lon, lat;      /* a point of it, of an outline one inside: 1e-7 degrees */
    size_t points;
};

/* Reads a geometry. field: its name in errors. DW_E_INVALID says what is wrong and at which point: not one of Point, LineString,
 * MultiLineString, Polygon, MultiPolygon, a ring that is not closed or holds no ground, more than SHAPE_POINTS points, numbers
 * that lie on no earth. DW_E_JSON, DW_E_UTF8, DW_E_MEMORY. Zero-initialise; free in every case. O(points). */
dw_err shape_read(struct shape *out, const char *text, size_t len, const char *field, struct err_detail *detail);
void shape_free(struct shape *shape);

#endif
