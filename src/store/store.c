#include "store/port.h"

#include <string.h>

#include "store/sqlite/sqlite.h"

static bool port_begins(const char *url, const char *scheme)
{
    return strncmp(url, scheme, strlen(scheme)) == 0;
}

dw_err store_open(struct store **out, const char *url, enum store_mode mode, struct err_detail *detail)
{
    *out = NULL;
    if (mode == STORE_SCRATCH) return sqlite_open(out, NULL, mode, detail);
    if (url == NULL || *url == 0) return err_set(detail, DW_E_INVALID, "no path of a store is given");
    if (port_begins(url, "postgresql://") || port_begins(url, "postgres://"))
        return err_set(detail, DW_E_INVALID, "this build has no driver for PostgreSQL");
    return sqlite_open(out, url, mode, detail);
}

void store_close(struct store *store)
{
    if (store != NULL) store->ops->close(store);
}

dw_err store_begin(struct store *store, struct err_detail *detail)
{
    return store->ops->begin(store, false, detail);
}

dw_err store_begin_read(struct store *store, struct err_detail *detail)
{
    return store->ops->begin(store, true, detail);
}

dw_err store_commit(struct store *store, struct err_detail *detail)
{
    return store->ops->commit(store, detail);
}

void store_rollback(struct store *store)
{
    store->ops->rollback(store);
}

dw_err store_copy(struct store *store, const char *path, const struct clock_progress *progress, struct err_detail *detail)
{
    return store->ops->copy(store, path, progress, detail);
}

dw_err store_check(struct store *store, store_row *row, void *ctx, struct err_detail *detail)
{
    return store->ops->check(store, row, ctx, detail);
}

void store_lean(struct store *store)
{
    if (store->ops->lean != NULL) store->ops->lean(store);
}

void store_patience(struct store *store, int ms)
{
    store->ops->patience(store, ms);
}

dw_err store_run(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t columns, size_t rows,
                 struct err_detail *detail)
{
    return store->ops->run(store, sql, values, columns, rows, detail);
}

dw_err store_ask(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t count, store_row *row,
                 void *ctx, struct err_detail *detail)
{
    return store->ops->ask(store, sql, values, count, row, ctx, detail);
}

struct store_value store_int(int64_t n)
{
    return (struct store_value){.type = STORE_INT, .n = n};
}

struct store_value store_real(double n)
{
    return (struct store_value){.type = STORE_REAL, .real = n};
}

struct store_value store_text(const char *text)
{
    if (text == NULL) return store_null();
    return (struct store_value){.type = STORE_TEXT, .data = text, .len = strlen(text)};
}

struct store_value store_bytes(const void *data, size_t len)
{
    return (struct store_value){.type = STORE_BYTES, .data = data == NULL ? "" : data, .len = len};
}

struct store_value store_id(const struct id *id)
{
    if (id_null(*id)) return store_null();
    return store_bytes(id->b, sizeof id->b);
}

struct store_value store_null(void)
{
    return (struct store_value){.type = STORE_NULL};
}

int64_t store_get_int(const struct store_value *value)
{
    return value->type == STORE_INT ? value->n : 0;
}

double store_get_real(const struct store_value *value)
{
    return value->type == STORE_REAL ? value->real : value->type == STORE_INT ? (double)value->n : 0;
}

struct id store_get_id(const struct store_value *value)
{
    struct id id = {{0}};
    if (value->type == STORE_BYTES && value->len == sizeof id.b) memcpy(id.b, value->data, sizeof id.b);
    return id;
}

const char *store_version(void)
{
    return sqlite_version();
}
