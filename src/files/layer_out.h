/* Map layers out: GeoJSON (RFC 7946) and KML as text, feature by feature; GeoPackage and Shapefile through GDAL. Coordinates are
 * WGS 84 longitude, latitude. */
#ifndef FILES_LAYER_OUT_H
#define FILES_LAYER_OUT_H

#include <stddef.h>

#include "base/err.h"

enum layer_out_format { LAYER_OUT_GEOJSON, LAYER_OUT_GPKG, LAYER_OUT_SHP, LAYER_OUT_KML };

struct layer_out;

/* fields: names of text fields (a Shapefile cuts them at 10 bytes). path "-" writes to stdout, and a pipe or device is written
 * directly: GeoJSON and KML only. Any other file, and what belongs to it, appears only when layer_out_close succeeds
 * (files/beside.h). DW_E_INVALID, DW_E_UTF8, DW_E_FULL, DW_E_IO. */
dw_err layer_out_open(struct layer_out **out, const char *path, enum layer_out_format format, const char *layer,
                      const char *const *fields, size_t field_count, struct err_detail *detail);
/* geometry: a GeoJSON geometry object as text, or NULL for none. values: one a field; NULL is left out, and in text "" too.
 * Geometries of one layer may be of several types, but not in a Shapefile (DW_E_IO with the library's words). DW_E_FORMAT for
 * text that is no geometry, DW_E_UTF8, DW_E_TOO_LARGE for a value over 254 bytes in a Shapefile. After an error call
 * layer_out_abort. O(length). */
dw_err layer_out_feature(struct layer_out *layer, const char *geometry, const char *const *values, struct err_detail *detail);
/* Finishes, reads a library's file through once (it does not always say that a disk was full) and frees. layer_out_abort frees
 * and leaves no file. Both are safe with NULL. */
dw_err layer_out_close(struct layer_out *layer, struct err_detail *detail);
void layer_out_abort(struct layer_out *layer);

#endif
