/* Prepared statements, kept by the address of the constant that holds their text. */
#ifndef STORE_SQLITE_STATEMENTS_H
#define STORE_SQLITE_STATEMENTS_H

#include <sqlite3.h>

#include "base/map.h"
#include "store/port.h"

struct statements_one {
    sqlite3_stmt *stmt;
    const struct store_sql *sql;
    const char *text;
    bool taken;
    bool kept;
};

/* Set db, the rest zero. */
struct statements {
    sqlite3 *db;
    struct map map;
    struct statements_one **all;
    size_t count, cap;
};

/* A statement ready to be bound: prepared at the first time, then found again, O(1). One that is already at work (the walk of an
 * answer runs it again) is prepared once more and not kept. DW_E_STORE if the text is wrong, holds more than one statement, does
 * not number its parameters $1, $2, … in order, or takes another number of values than given. Then statements_give. */
dw_err statements_take(struct statements_one **out, struct statements *statements, const struct store_sql *sql, size_t given,
                       struct err_detail *detail);
void statements_give(struct statements_one *one);

/* Binds count values; they must live until the statement is given back. DW_E_INVALID for NaN, DW_E_TOO_LARGE. */
dw_err statements_bind(struct statements_one *one, sqlite3 *db, const struct store_value *values, size_t count,
                       struct err_detail *detail);
/* Value i of the present row; valid until the next step. DW_E_MEMORY. */
dw_err statements_value(struct store_value *out, struct statements_one *one, int i);

void statements_free(struct statements *statements); /* before db is closed; db stays the caller's */

#endif
