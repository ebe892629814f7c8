#include "desk/tally.h"

#include <string.h>

#include "base/rng.h"

static dw_err tally_open(struct store *store, bool reading, struct err_detail *detail)
{
    (void)store;
    (void)reading;
    (void)detail;
    return DW_OK;
}

static dw_err tally_done(struct store *store, struct err_detail *detail)
{
    (void)store;
    (void)detail;
    return DW_OK;
}

static void tally_nothing(struct store *store)
{
    (void)store;
}

/* Rows written are added; what clears tables has nothing to clear. */
static dw_err tally_run(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t columns,
                        size_t rows, struct err_detail *detail)
{
    struct tally *tally = (struct tally *)store;
    (void)detail;
    for (int table = 0; table < TABLES_COUNT; table++) {
        if (sql != &tables_get((enum tables_name)table)->put) continue;
        for (size_t row = 0; row < rows; row++)
            if (!tally_add(tally, (enum tables_name)table, values + row * columns + 1, columns - 1)) return DW_E_MEMORY;
        return DW_OK;
    }
    return DW_OK;
}

static dw_err tally_ask(struct store *store, const struct store_sql *sql, const struct store_value *values, size_t count,
                        store_row *row, void *ctx, struct err_detail *detail)
{
    (void)store;
    (void)values;
    (void)count;
    (void)row;
    (void)ctx;
    return err_set(detail, DW_E_STATE, "nothing was kept: %s", sql->text);
}

static void tally_patience(struct store *store, int ms)
{
    (void)store;
    (void)ms;
}

static dw_err tally_copy(struct store *store, const char *path, const struct clock_progress *progress, struct err_detail *detail)
{
    (void)store;
    (void)progress;
    return err_set(detail, DW_E_STATE, "nothing was kept for %s", path);
}

static const struct store_ops tally_ops = {.close = tally_nothing,
                                           .begin = tally_open,
                                           .commit = tally_done,
                                           .rollback = tally_nothing,
                                           .run = tally_run,
                                           .ask = tally_ask,
                                           .patience = tally_patience,
                                           .copy = tally_copy};

void tally_make(struct tally *tally, const struct tally *like)
{
    memset(tally, 0, sizeof *tally);
    tally->base.ops = &tally_ops;
    if (like == NULL)
        rng_bytes(NULL, tally->key, sizeof tally->key);
    else
        memcpy(tally->key, like->key, sizeof tally->key);
}

/* Every value with its type and length: no two rows read the same. */
bool tally_add(struct tally *tally, enum tables_name table, const struct store_value *values, size_t count)
{
    struct tally_sum *sum = &tally->sums[table];
    uint64_t hash[2];
    _Static_assert(sizeof hash == HASH_FAST, "two halves");
    arena_buf_clear(&tally->row);
    for (size_t i = 0; i < count; i++) {
        const struct store_value *v = &values[i];
        bool bytes = v->type == STORE_TEXT || v->type == STORE_BYTES;
        char head[1 + 8] = {(char)v->type};
        uint64_t n = bytes ? v->len : 0;
        if (v->type == STORE_INT) n = (uint64_t)v->n;
        if (v->type == STORE_REAL) memcpy(&n, &v->real, sizeof n);
        memcpy(head + 1, &n, sizeof n);
        arena_buf_put(&tally->row, head, sizeof head);
        if (bytes) arena_buf_put(&tally->row, v->data, v->len);
    }
    if (tally->row.failed) return false;
    hash_fast(hash, tally->key, tally->row.data, tally->row.len);
    sum->low += hash[0];
    sum->high += hash[1];
    sum->rows++;
    return true;
}

bool tally_same(const struct tally *a, const struct tally *b, enum tables_name table)
{
    return memcmp(&a->sums[table], &b->sums[table], sizeof a->sums[table]) == 0;
}

void tally_free(struct tally *tally)
{
    arena_buf_free(&tally->row);
}
