/* Everything out, as tables (XLSX, CSV) and map layers (GeoJSON, GeoPackage), into a new folder that appears whole or not at all.
 */
#ifndef DESK_EXPORT_H
#define DESK_EXPORT_H

#include "base/clock.h"
#include "desk/desk.h"

struct export_spec {
    const char *folder; /* must not be there yet */
    enum err_lang lang; /* of headings and field names */
    const char *reveal; /* NULL: names, documents and phones are masked, days of birth cut to the year,
                           health, family and free texts left out; else the reason for which nothing is so, recorded as a look */
    struct when at;
};

struct export_done {
    int64_t tables, layers, rows, bytes;
    char hash[HASH_TEXT]; /* of SHA256SUMS, which lists every file; the export is on record by it (desk/copies.h) */
};

/* Tables: areas, keepers, doors, households, people, stays, rounds, marks, visits, held, devices. Layers: areas, features, doors
 * (each at its building's place). A table of over a million rows has several workbooks. Progress step "export". DW_E_EXISTS,
 * DW_E_CANCELLED, DW_E_FULL, DW_E_IO: nothing is left then. O(rows). */
dw_err export_all(struct export_done *out, struct desk *desk, const struct export_spec *spec,
                  const struct clock_progress *progress, struct err_detail *detail);

#endif
