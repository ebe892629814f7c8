/* One table of an export as a file of its own: CSV, XLSX or JSON, for whoever may see all of it or some areas. */
#ifndef DESK_EXPORT_ONE_H
#define DESK_EXPORT_ONE_H

#include "desk/export_tables.h"
#include "desk/roles.h"
#include "files/table_out.h"

struct export_one {
    const struct export_table *table;
    const char *path;
    enum table_out_format format;
    enum err_lang lang; /* of headings; a JSON table has its names in English always */
    bool aside;  /* the rows are laid aside first: the lock is held while they are gathered, and not while they are written */
    bool reveal; /* the caller has recorded the look */
    struct id member; /* whose areas it is of, by his grants of export.write; null: the whole site */
    struct when at;
};

/* The file appears whole or not at all. Progress step "export". Holds the read lock while it writes, unless aside.
 * DW_E_CANCELLED, and what table_out says. O(rows). */
dw_err export_one(int64_t *rows, struct desk *desk, const struct export_one *spec, const struct clock_progress *progress,
                  struct err_detail *detail);
/* NULL when there is none of this name. */
const struct export_table *export_one_table(const char *name);

#endif
