/* What a store can do, the same for SQLite, PostgreSQL and wrappers around them. Statements are constants of the program
 * (never built from data), with parameters $1, $2, … numbered in the order of their first appearance. */
#ifndef STORE_PORT_H
#define STORE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"

enum store_type { STORE_NULL, STORE_INT, STORE_REAL, STORE_TEXT, STORE_BYTES };

struct store_value {
    enum store_type type;
    union {
        int64_t n;
        double real;
    };
    const void *data; /* of text and bytes; not owned */
    size_t len;
};

/* One statement: define it static const; its address is its name in the driver's cache of prepared statements. */
struct store_sql {
    const char *text;
    const char *replace; /* the same for a store that can replace a row whole, where that costs less; NULL: there is none */
};

struct store;

/* A row of an answer; values are valid during the call only. Anything but DW_OK stops the walk and is returned. */
typedef dw_err store_row(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail);

/* What a driver does; its begin, commit and so on keep the promises of store_begin and so on below. */
struct store_ops {
    void (*close)(struct store *store);
    dw_err (*begin)(struct store *store, bool reading, struct err_detail *detail);
    dw_err (*commit)(struct store *store, struct err_detail *detail);
    void (*rollback)(struct store *store);
    /* Runs a statement once for each of rows rows of columns values each (values[row * columns + column]). */
    dw_err (*run)(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t columns, size_t rows,
                  struct err_detail *detail);
    dw_err (*ask)(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t count,
                  store_row *row, void *ctx, struct err_detail *detail);
    dw_err (*check)(struct store *store, store_row *row, void *ctx, struct err_detail *detail);
    void (*patience)(struct store *store, int ms);
    void (*lean)(struct store *store); /* NULL: nothing to spare */
    dw_err (*copy)(struct store *store, const char *path, const struct clock_progress *progress, struct err_detail *detail);
};

enum { STORE_CHECK_TOLD = 20 };

/* Drivers and wrappers begin their own struct with this one. */
struct store {
    const struct store_ops *ops;
};

/* What to do if the store is not there, or is of an older schema. */
enum store_mode {
    STORE_CREATE, /* a new store; DW_E_EXISTS if there is one */
    STORE_USE,    /* an existing one, migrated to the present schema; DW_E_NOT_FOUND, DW_E_SCHEMA if it is newer,
                     DW_E_NOT_STORE if it was not made by this program, DW_E_DAMAGED */
    STORE_SCRATCH /* in memory, gone when closed; url is ignored (replay, dry trials, tests) */
};

/* url: a path of an SQLite file (or, later, postgresql://…). Free with store_close. One thread at a time uses a store; other
 * threads and processes open their own. A store that could not be made leaves nothing behind. */
dw_err store_open(struct store **out, const char *url, enum store_mode mode, struct err_detail *detail);
void store_close(struct store *store); /* NULL is safe */

/* A transaction; commit returns when the data is durable. On any error of commit nothing of it stays. No nesting (DW_E_STATE).
 * begin waits for another writer of the same store, DW_E_BUSY when its patience (store_patience) is out. When a statement
 * fails inside a transaction, all that follow and the commit fail with the same code: only rollback is left. */
dw_err store_begin(struct store *store, struct err_detail *detail);
dw_err store_commit(struct store *store, struct err_detail *detail);
void store_rollback(struct store *store); /* safe when no transaction is open */
/* A transaction that only reads: all its asks see one moment of the store, that of the first, and it waits for nobody. Ends by
 * store_rollback. A run in it is DW_E_STATE. */
dw_err store_begin_read(struct store *store, struct err_detail *detail);

/* Writes what the open reading transaction sees (store_begin_read and an ask) to a new store at path, while others go on writing.
 * Not durable yet. DW_E_STATE without such a transaction, DW_E_EXISTS, DW_E_FULL, DW_E_IO, DW_E_CANCELLED; nothing is left then.
 * Progress step: "backup.copy". */
dw_err store_copy(struct store *store, const char *path, const struct clock_progress *progress, struct err_detail *detail);

/* Whether what holds the rows is sound, also where no row stands yet: for SQLite every page of the file, and every index against
 * its table. Each fault is a row of one text in the store's own words (not ended by a zero), about STORE_CHECK_TOLD of them at
 * most; none: all is well. Only reads, in an open transaction its moment. O(rows log rows). */
dw_err store_check(struct store *store, store_row *row, void *ctx, struct err_detail *detail);

/* How long begin waits for other writers; 10,000 ms at first. */
void store_patience(struct store *store, int ms);

/* Keeps few of the store's pages in memory from now on (8 MiB) and gives back the others: for a program that stays and has the
 * state in memory anyway. */
void store_lean(struct store *store);

/* Statements. run outside a transaction is a transaction of its own: all rows or none. ask outside one only reads, and sees
 * one moment of the store; row may run other statements, also the same one again. DW_E_FULL, DW_E_IO, DW_E_DAMAGED, DW_E_BUSY,
 * DW_E_MEMORY as they say, DW_E_TOO_LARGE for a value no store takes, DW_E_INVALID for a number that is none (NaN), DW_E_STORE
 * for a broken constraint or a statement that is wrong. Values are read during the call only. */
dw_err store_run(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t columns, size_t rows,
                 struct err_detail *detail);
dw_err store_ask(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t count, store_row *row,
                 void *ctx, struct err_detail *detail);

/* Values for statements. */
struct store_value store_int(int64_t n);
struct store_value store_real(double n);
struct store_value store_text(const char *text);              /* NULL becomes a null value */
struct store_value store_bytes(const void *data, size_t len); /* never null, also when len is 0 and data NULL */
struct store_value store_id(const struct id *id);             /* 16 bytes; a null id becomes a null value; not owned */
struct store_value store_null(void);

/* Reading a row's values: what is absent or of another type reads as 0, "", a null id. */
int64_t store_get_int(const struct store_value *value);
double store_get_real(const struct store_value *value);
struct id store_get_id(const struct store_value *value);

/* The name and version of the library behind the embedded store, "SQLite 3.40.1". Static. */
const char *store_version(void);

#endif
