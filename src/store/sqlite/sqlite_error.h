/* What SQLite says, as our codes. */
#ifndef STORE_SQLITE_SQLITE_ERROR_H
#define STORE_SQLITE_SQLITE_ERROR_H

#include <sqlite3.h>

#include "base/err.h"

/* The code for a result of SQLite, its message in detail. db may be NULL (when it could not even be opened). Neither SQLite's
 * messages nor this one repeat values, so no personal data can come out here. */
dw_err sqlite_error_set(struct err_detail *detail, sqlite3 *db, int result);

/* Runs text (one or more statements without an answer that matters). */
dw_err sqlite_error_exec(sqlite3 *db, const char *text, struct err_detail *detail);

#endif
