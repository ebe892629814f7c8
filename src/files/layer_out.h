/* Map layers out through GDAL: GeoJSON (RFC 7946), GeoPackage, Shapefile, KML. Coordinates are WGS 84 longitude, latitude. */
#ifndef FILES_LAYER_OUT_H
#define FILES_LAYER_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum layer_out_format { LAYER_OUT_GEOJSON, LAYER_OUT_GPKG, LAYER_OUT_SHP, LAYER_OUT_KML };

struct layer_out;

/* fields: names of text fields. Geometries of one layer may be of mixed types (not in a Shapefile). path "-": GeoJSON to stdout.
 */
dw_err layer_out_open(struct layer_out **out, const char *path, enum layer_out_format format, const char *layer,
                      const char *const *fields, size_t field_count, struct err_detail *detail);
/* geometry: a GeoJSON geometry object as text, or NULL for none. values: one a field, NULL allowed. */
dw_err layer_out_feature(struct layer_out *layer, const char *geometry, const char *const *values, struct err_detail *detail);
dw_err layer_out_close(struct layer_out *layer, struct err_detail *detail);
void layer_out_abort(struct layer_out *layer);

#endif
