/* The map layers of an export; for export.c. */
#ifndef DESK_EXPORT_LAYERS_H
#define DESK_EXPORT_LAYERS_H

#include "desk/export_tables.h"

enum { EXPORT_LAYERS = 3 };
extern const char *const export_layers_names[EXPORT_LAYERS]; /* areas, features, doors */

/* Writes one of them to path, as GeoJSON or GeoPackage. Caller holds the desk's read lock and a moment of the store. */
dw_err export_layers_write(int64_t *count, struct desk *desk, int layer, const char *path, bool package, enum err_lang lang,
                           struct export_rows *rows, const struct clock_progress *progress, struct err_detail *detail);

#endif
