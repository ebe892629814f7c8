/* The map desk: what lies where, with its geometries, which stand in the tables and not in memory; and drawing it. */
#ifndef DESK_ATLAS_H
#define DESK_ATLAS_H

#include "desk/book.h"
#include "desk/window.h"
#include "domain/shape.h"

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

/* What an area or a map feature is, as its entry says it. Texts NULL or "": none; geometry as shape_read writes it. */
struct atlas_area {
    enum kinds_area_kind kind;
    struct id parent; /* null: none */
    const char *code, *name, *address, *use, *geometry;
    int64_t floors, from_ms, to_ms; /* SITE_NEVER each: no bound */
    int64_t lon, lat;               /* 1e-7 degrees; both 0: unknown */
};
struct atlas_feature {
    enum kinds_feature_kind kind;
    const char *code, *name, *geometry;
    int64_t from_ms, to_ms;
};
/* Their entries, of maps that are imported and of what is drawn by hand alike: begins and ends one each. */
dw_err atlas_put_area(struct book *book, struct id id, const struct atlas_area *area, struct when at);
dw_err atlas_put_feature(struct book *book, struct id id, const struct atlas_feature *feature, struct when at);
/* The gate of a factory, a door that is knocked at like any other; *made: there was none. The caller holds the read lock. */
dw_err atlas_put_gate(bool *made, struct book *book, const struct site *site, struct id factory, struct when at);
/* By which a feature with a code is known again. */
struct id atlas_feature_id(const struct site *site, enum kinds_feature_kind kind, const char *code);

/* A geometry for one of the ATLAS_KINDS; field: its name in errors. A lane is a line, a gate a point or a line, a barrier
 * anything; an area is an outline, a building or factory also a point. As shape_read. */
dw_err atlas_shape(struct shape *out, int kind, const char *text, size_t len, const char *field, struct err_detail *detail);

/* What stands there now, with its geometry; texts lie in the arena. DW_E_NOT_FOUND. */
dw_err atlas_area_now(struct atlas_area *out, struct arena *arena, struct window *window, struct id id,
                      struct err_detail *detail);
dw_err atlas_feature_now(struct atlas_feature *out, struct arena *arena, struct window *window, struct id id,
                         struct err_detail *detail);

/* New ones and changed ones. DW_E_EXISTS (code), DW_E_NOT_FOUND (parent), DW_E_INVALID with the field: an area that does not lie
 * in a larger kind, an end before its beginning, floors. DW_E_STALE when somebody else was quicker. */
dw_err atlas_area_new(struct id *out, struct desk *desk, const struct atlas_area *area, struct when at,
                      struct err_detail *detail);
dw_err atlas_area_set(struct desk *desk, struct id id, const struct atlas_area *area, struct when at, struct err_detail *detail);
dw_err atlas_feature_new(struct id *out, struct desk *desk, const struct atlas_feature *feature, struct when at,
                         struct err_detail *detail);
dw_err atlas_feature_set(struct desk *desk, struct id id, const struct atlas_feature *feature, struct when at,
                         struct err_detail *detail);
/* It is there no more from this moment on. DW_E_STATE when it is not any more already. */
dw_err atlas_feature_end(struct desk *desk, struct window *window, struct id id, struct when at, struct err_detail *detail);

#endif
