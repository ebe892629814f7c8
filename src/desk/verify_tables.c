/* The tables that the replayed ledger makes against those of the store. */
#include "desk/verify_tables.h"

#include <stdlib.h>

#include "base/thread.h"
#include "desk/replay.h"
#include "desk/tally.h"

struct verify_stored {
    struct verify_tables *v;
    struct tally tally;
    enum tables_name table;
    dw_err err;
    struct err_detail detail;
};

static bool verify_derived(int table)
{
    return table != TABLES_ENTRY && table != TABLES_RECEIPT && table != TABLES_FORK;
}

static dw_err verify_stored_row(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    struct verify_stored *stored = ctx;
    (void)detail;
    return tally_add(&stored->tally, stored->table, c, count) ? DW_OK : DW_E_MEMORY;
}

/* In a thread of its own: the store is read while the other side seals what the ledger makes. */
static void *verify_stored_sum(void *ctx)
{
    struct verify_stored *stored = ctx;
    struct store_value id = store_id(&stored->v->desk->site->id);
    for (int table = 0; stored->err == DW_OK && table < TABLES_COUNT; table++) {
        if (!verify_derived(table)) continue;
        stored->table = (enum tables_name)table;
        stored->err = store_ask(stored->v->desk->store, &tables_get(stored->table)->all, &id, 1, verify_stored_row, stored,
                                &stored->detail);
    }
    return NULL;
}

static dw_err verify_sums(struct verify_stored *stored, struct tally *made, struct site *site, struct err_detail *detail)
{
    pthread_t thread;
    if (!thread_start(&thread, verify_stored_sum, stored)) return err_set(detail, DW_E_MEMORY, "no thread could be started");
    dw_err err = tables_flush(site, &made->base, stored->v->desk->keys, true, detail);
    pthread_join(thread, NULL);
    if (err == DW_OK && stored->err != DW_OK && detail != NULL) *detail = stored->detail;
    return err == DW_OK ? stored->err : err;
}

struct verify_rows {
    struct verify_tables *v;
    struct tally hashes; /* its sums unused: rows are told apart one by one */
    struct tally_sum *rows;
    size_t count, cap, compared;
    enum tables_name table;
};

static dw_err verify_rows_sum(struct tally_sum *out, struct verify_rows *rows, const struct store_value *c, size_t count)
{
    rows->hashes.sums[rows->table] = (struct tally_sum){0};
    if (!tally_add(&rows->hashes, rows->table, c, count)) return DW_E_MEMORY;
    *out = rows->hashes.sums[rows->table];
    return DW_OK;
}

static dw_err verify_left(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    struct verify_rows *rows = ctx;
    (void)detail;
    if (!arena_grow((void **)&rows->rows, &rows->cap, rows->count + 1, sizeof *rows->rows)) return DW_E_MEMORY;
    return verify_rows_sum(&rows->rows[rows->count++], rows, c, count);
}

static dw_err verify_right(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    struct verify_rows *rows = ctx;
    struct tally_sum sum;
    size_t row = rows->compared++;
    (void)detail;
    ERR_TRY(verify_rows_sum(&sum, rows, c, count));
    if (row < rows->count && (sum.low != rows->rows[row].low || sum.high != rows->rows[row].high))
        verify_fault(rows->v->report, "table %s, row %zu: not what the ledger says", tables_get(rows->table)->name, row + 1);
    return DW_OK;
}

static dw_err verify_rows_named(struct verify_rows *rows, struct store *scratch, struct err_detail *detail)
{
    struct store_value id = store_id(&rows->v->desk->site->id);
    rows->count = rows->compared = 0;
    ERR_TRY(store_ask(scratch, &tables_get(rows->table)->all, &id, 1, verify_left, rows, detail));
    ERR_TRY(store_ask(rows->v->desk->store, &tables_get(rows->table)->all, &id, 1, verify_right, rows, detail));
    if (rows->count != rows->compared)
        verify_fault(rows->v->report, "table %s has %zu rows, the ledger makes %zu", tables_get(rows->table)->name,
                     rows->compared, rows->count);
    return DW_OK;
}

/* Sums say which table differs; which rows of it, only the tables themselves. They are made once more for that. */
static dw_err verify_named(struct verify_tables *v, const struct tally *made, const struct tally *stored,
                           struct err_detail *detail)
{
    struct site *site = NULL;
    struct store *scratch = NULL;
    struct verify_rows rows = {.v = v};
    tally_make(&rows.hashes, NULL);
    dw_err err = replay_site(&site, v->desk->store, v->desk->keys, v->desk->site->id, NULL, v->progress, detail);
    if (err == DW_OK) err = store_open(&scratch, "", STORE_SCRATCH, detail);
    if (err == DW_OK) err = store_begin(scratch, detail);
    if (err == DW_OK) err = tables_flush(site, scratch, v->desk->keys, true, detail);
    if (err == DW_OK) err = store_commit(scratch, detail);
    for (int table = 0; err == DW_OK && table < TABLES_COUNT; table++) {
        rows.table = (enum tables_name)table;
        if (!tally_same(made, stored, rows.table)) err = verify_rows_named(&rows, scratch, detail);
    }
    store_close(scratch);
    site_free(site);
    free(rows.rows);
    tally_free(&rows.hashes);
    return err;
}

dw_err verify_tables_compare(struct verify_tables *v, struct site *site, struct err_detail *detail)
{
    struct verify_stored stored = {.v = v};
    struct tally made;
    bool same = true;
    if (!clock_tick(v->progress, "verify.tables", 0, 0)) return DW_E_CANCELLED;
    tally_make(&stored.tally, NULL);
    tally_make(&made, &stored.tally);
    dw_err err = verify_sums(&stored, &made, site, detail);
    for (int table = 0; err == DW_OK && table < TABLES_COUNT; table++) {
        if (!verify_derived(table)) continue;
        v->report->tables++;
        v->report->rows += stored.tally.sums[table].rows;
        same = same && tally_same(&made, &stored.tally, (enum tables_name)table);
    }
    if (err == DW_OK && !same) err = verify_named(v, &made, &stored.tally, detail);
    tally_free(&stored.tally);
    tally_free(&made);
    return err;
}
