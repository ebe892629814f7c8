/* The map desk: what lies where, with its geometries, which stand in the tables and not in memory; and drawing it. */
#ifndef DESK_ATLAS_H
#define DESK_ATLAS_H

#include "desk/window.h"

/* The kinds of what lies on a map, areas first, by which a map is asked for: bit k is area kind k, and behind them feature kinds.
 */
enum { ATLAS_KINDS = KINDS_AREA_KIND_COUNT + KINDS_FEATURE_KIND_COUNT };
/* "building,lane" as bits; NULL and "": all. DW_E_INVALID names the kind that is none. */
dw_err atlas_kinds(unsigned *out, const char *list, struct err_detail *detail);
const char *atlas_kind_text(int kind);

/* One thing on the map. geometry: GeoJSON that can be read, or NULL; valid during the call. type: SITE_AREA or SITE_FEATURE. */
typedef dw_err atlas_each(void *ctx, enum site_type type, uint32_t index, const char *geometry, size_t len,
                          struct err_detail *detail);
/* Areas in tree order, then features, of these kinds. The caller holds the read lock. O(areas + features, and their
 * geometries). */
dw_err atlas_walk(struct window *window, unsigned kinds, atlas_each *each, void *ctx, struct err_detail *detail);

#endif
