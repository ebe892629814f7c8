/* The schema of a store and its number: schema/NNNN_*.sql, applied in order. */
#ifndef STORE_SQLITE_MIGRATE_H
#define STORE_SQLITE_MIGRATE_H

#include <sqlite3.h>

#include "base/err.h"

/* DW_OK if db was made by this program at this or an older schema; DW_E_NOT_STORE, DW_E_SCHEMA if it is newer, DW_E_DAMAGED.
 * Changes nothing. */
dw_err migrate_check(sqlite3 *db, struct err_detail *detail);

/* Applies what is missing, each migration in a transaction of its own that also writes its number: an empty db becomes a store.
 * Two programs may do it at the same time. DW_E_SCHEMA if the store is newer. */
dw_err migrate_apply(sqlite3 *db, struct err_detail *detail);

#endif
