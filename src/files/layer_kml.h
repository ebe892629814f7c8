/* KML 2.2 as text, feature by feature (files/layer_out.c). The library's own writer puts values under the wrong names when no
 * field is called Name and Description. */
#ifndef FILES_LAYER_KML_H
#define FILES_LAYER_KML_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

void layer_kml_start(struct arena_buf *out, const char *layer, const char *const *fields, size_t count);
/* The first field called name, else the first of all, is what a map shows beside the feature. geometry: GeoJSON or NULL.
 * DW_E_FORMAT when it is none; out is then as it was. */
dw_err layer_kml_feature(struct arena_buf *out, const char *layer, const char *const *fields, const char *const *values,
                         size_t count, const char *geometry);
void layer_kml_end(struct arena_buf *out);

#endif
