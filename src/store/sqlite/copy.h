/* One moment of an SQLite store as a file of its own, while others write. */
#ifndef STORE_SQLITE_COPY_H
#define STORE_SQLITE_COPY_H

#include <sqlite3.h>

#include "base/clock.h"
#include "base/err.h"

/* Copies what the open reading transaction of from sees, a few megabytes at a time, to a new file at path (mode 0600), which is
 * not synced and is removed on an error. DW_E_EXISTS, DW_E_FULL, DW_E_IO, DW_E_CANCELLED. O(pages). */
dw_err copy_file(sqlite3 *from, const char *path, const struct clock_progress *progress, struct err_detail *detail);

#endif
