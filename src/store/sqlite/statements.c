#include "store/sqlite/statements.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/sqlite/sqlite_error.h"

static uint64_t statements_hash(const struct store_sql *sql)
{
    uint64_t h = (uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 32;
}

static struct statements_one *statements_find(const struct statements *statements, const struct store_sql *sql)
{
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&statements->map, statements_hash(sql), &cursor, &at)) {
        struct statements_one *one = statements->all[at];
        if (one->sql == sql && one->text == sql->text) return one;
    }
    return NULL;
}

static dw_err statements_check(sqlite3_stmt *stmt, const char *rest, struct err_detail *detail)
{
    if (stmt == NULL) return err_set(detail, DW_E_STORE, "an empty statement");
    if (rest[strspn(rest, " \t\r\n;")] != 0) return err_set(detail, DW_E_STORE, "more than one statement: %s", rest);
    int count = sqlite3_bind_parameter_count(stmt);
    for (int i = 1; i <= count; i++) {
        char want[16];
        snprintf(want, sizeof want, "$%d", i);
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        if (name == NULL || strcmp(name, want) != 0)
            return err_set(detail, DW_E_STORE, "parameter %d is written %s", i, name == NULL ? "?" : name);
    }
    return DW_OK;
}

static dw_err statements_prepare(struct statements_one **out, struct statements *statements, const struct store_sql *sql,
                                 struct err_detail *detail)
{
    struct statements_one *one = calloc(1, sizeof *one);
    if (one == NULL) return DW_E_MEMORY;
    const char *rest = "";
    const char *text = sql->replace != NULL ? sql->replace : sql->text;
    int result = sqlite3_prepare_v3(statements->db, text, -1, SQLITE_PREPARE_PERSISTENT, &one->stmt, &rest);
    dw_err code = sqlite_error_set(detail, statements->db, result);
    if (code == DW_OK) code = statements_check(one->stmt, rest, detail);
    if (code != DW_OK) {
        sqlite3_finalize(one->stmt);
        free(one);
        return code;
    }
    one->sql = sql;
    one->text = sql->text;
    *out = one;
    return DW_OK;
}

static dw_err statements_keep(struct statements *statements, struct statements_one *one)
{
    if (!arena_grow((void **)&statements->all, &statements->cap, statements->count + 1, sizeof(struct statements_one *)))
        return DW_E_MEMORY;
    if (!map_put(&statements->map, statements_hash(one->sql), (uint32_t)statements->count)) return DW_E_MEMORY;
    statements->all[statements->count++] = one;
    one->kept = true;
    return DW_OK;
}

dw_err statements_take(struct statements_one **out, struct statements *statements, const struct store_sql *sql, size_t given,
                       struct err_detail *detail)
{
    struct statements_one *one = statements_find(statements, sql);
    if (one == NULL || one->taken) {
        bool keep = one == NULL;
        ERR_TRY(statements_prepare(&one, statements, sql, detail));
        dw_err code = keep ? statements_keep(statements, one) : DW_OK;
        if (code != DW_OK) {
            statements_give(one);
            return code;
        }
    }
    int takes = sqlite3_bind_parameter_count(one->stmt);
    if ((size_t)takes != given) {
        statements_give(one);
        return err_set(detail, DW_E_STORE, "the statement takes %d values, %zu are given: %s", takes, given, sql->text);
    }
    one->taken = true;
    *out = one;
    return DW_OK;
}

void statements_give(struct statements_one *one)
{
    if (!one->kept) {
        sqlite3_finalize(one->stmt);
        free(one);
        return;
    }
    sqlite3_reset(one->stmt);
    sqlite3_clear_bindings(one->stmt);
    one->taken = false;
}

static int statements_bind_one(sqlite3_stmt *stmt, int at, const struct store_value *value)
{
    const void *data = value->data == NULL ? "" : value->data; /* a NULL pointer would bind a null value */
    switch (value->type) {
    case STORE_NULL:
        return sqlite3_bind_null(stmt, at);
    case STORE_INT:
        return sqlite3_bind_int64(stmt, at, value->n);
    case STORE_REAL:
        return sqlite3_bind_double(stmt, at, value->real);
    case STORE_TEXT:
        return sqlite3_bind_text64(stmt, at, data, value->len, SQLITE_STATIC, SQLITE_UTF8);
    case STORE_BYTES:
        return sqlite3_bind_blob64(stmt, at, data, value->len, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

dw_err statements_bind(struct statements_one *one, sqlite3 *db, const struct store_value *values, size_t count,
                       struct err_detail *detail)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i].type == STORE_REAL && isnan(values[i].real))
            return err_set(detail, DW_E_INVALID, "value %zu is not a number", i + 1);
        int result = statements_bind_one(one->stmt, (int)i + 1, &values[i]);
        if (result != SQLITE_OK) return sqlite_error_set(detail, db, result);
    }
    return DW_OK;
}

dw_err statements_value(struct store_value *out, struct statements_one *one, int i)
{
    *out = (struct store_value){.type = STORE_NULL, .data = ""};
    switch (sqlite3_column_type(one->stmt, i)) {
    case SQLITE_NULL:
        return DW_OK;
    case SQLITE_INTEGER:
        out->type = STORE_INT;
        out->n = sqlite3_column_int64(one->stmt, i);
        return DW_OK;
    case SQLITE_FLOAT:
        out->type = STORE_REAL;
        out->real = sqlite3_column_double(one->stmt, i);
        return DW_OK;
    case SQLITE_TEXT:
        out->type = STORE_TEXT;
        out->data = sqlite3_column_text(one->stmt, i);
        break;
    default:
        out->type = STORE_BYTES;
        out->data = sqlite3_column_blob(one->stmt, i);
        break;
    }
    out->len = (size_t)sqlite3_column_bytes(one->stmt, i);
    if (out->data != NULL) return DW_OK;
    out->data = "";
    return out->len == 0 && out->type == STORE_BYTES ? DW_OK : DW_E_MEMORY; /* an empty blob reads as NULL */
}

void statements_free(struct statements *statements)
{
    for (size_t i = 0; i < statements->count; i++) {
        sqlite3_finalize(statements->all[i]->stmt);
        free(statements->all[i]);
    }
    free(statements->all);
    map_free(&statements->map);
    memset(statements, 0, sizeof *statements);
}
