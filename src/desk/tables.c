#include "desk/tables_put.h"

#include <stdlib.h>
#include <string.h>

#include "tables_gen.inc"

const struct tables_sql *tables_get(enum tables_name table)
{
    return &tables_sql[table];
}

static bool tables_rows_begin(struct tables_rows *rows, enum tables_name table, size_t count)
{
    rows->table = table;
    rows->columns = (size_t)tables_sql[table].columns;
    rows->count = 0;
    arena_reset(&rows->arena);
    free(rows->values);
    rows->values = calloc(count * rows->columns + 1, sizeof *rows->values);
    return rows->values != NULL;
}

static struct store_value *tables_rows_next(struct tables_rows *rows)
{
    struct store_value *v = rows->values + rows->count++ * rows->columns;
    v[0] = store_id(&rows->site->id);
    return v + 1;
}

static dw_err tables_rows_end(struct tables_rows *rows, struct store *store, struct err_detail *detail)
{
    return store_run(store, &tables_sql[rows->table].put, rows->values, rows->columns, rows->count, detail);
}

enum { TABLES_BATCH_ROWS = 256 }; /* the values of one call stay in the processor's cache */

static dw_err tables_flush_list(struct tables_rows *rows, enum site_type type, struct store *store, struct err_detail *detail)
{
    struct site_list *list = &rows->site->lists[type];
    for (size_t from = 0; from < list->dirty_count; from += TABLES_BATCH_ROWS) {
        size_t count = list->dirty_count - from < TABLES_BATCH_ROWS ? list->dirty_count - from : TABLES_BATCH_ROWS;
        if (!tables_rows_begin(rows, tables_put_table((enum site_type)type), count)) return DW_E_MEMORY;
        for (size_t i = 0; i < count; i++) {
            struct store_value *v = tables_rows_next(rows);
            v[0] = store_int(list->dirty[from + i]);
            ERR_TRY(tables_put_item(rows, type, v + 1, list->dirty[from + i]));
        }
        ERR_TRY(tables_rows_end(rows, store, detail));
    }
    for (size_t i = 0; i < list->dirty_count; i++) {
        list->flags[list->dirty[i]] = 0;
        if (type == SITE_AREA) site_area(rows->site, list->dirty[i])->geometry = NULL;
        if (type == SITE_FEATURE) site_feature(rows->site, list->dirty[i])->geometry = NULL;
    }
    list->dirty_count = 0;
    return DW_OK;
}

static dw_err tables_flush_marks(struct tables_rows *rows, uint32_t number, struct store *store, struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    for (size_t from = 0; from < round->dirty_mark_count; from += TABLES_BATCH_ROWS) {
        size_t left = round->dirty_mark_count - from, count = left < TABLES_BATCH_ROWS ? left : TABLES_BATCH_ROWS;
        if (!tables_rows_begin(rows, TABLES_MARK, count)) return DW_E_MEMORY;
        for (size_t i = 0; i < count; i++) {
            uint32_t person = round->dirty_marks[from + i];
            struct site_mark *m = &round->marks[person];
            struct store_value *v = tables_rows_next(rows);
            *v++ = store_int(number);
            *v++ = store_int(person);
            *v++ = store_int(m->in_roster);
            *v++ = store_int(m->how);
            *v++ = store_int(m->state);
            *v++ = store_int(m->excuse);
            *v++ = store_int(m->decision);
            *v++ = tables_put_ref(m->door);
            *v++ = tables_put_ref(m->area);
            ERR_TRY(tables_put_evidence(rows, v++, person, m->evidence, m->stamp));
            *v++ = tables_put_stamp(rows, m->stamp);
            *v++ = tables_put_stamp(rows, m->how_stamp);
            m->dirty = false;
        }
        ERR_TRY(tables_rows_end(rows, store, detail));
    }
    round->dirty_mark_count = 0;
    return DW_OK;
}

static dw_err tables_flush_visits(struct tables_rows *rows, uint32_t number, struct store *store, struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    if (round->dirty_visit_count == 0) return DW_OK;
    if (!tables_rows_begin(rows, TABLES_VISIT, round->dirty_visit_count)) return DW_E_MEMORY;
    for (size_t i = 0; i < round->dirty_visit_count; i++) {
        struct site_visit *visit = &round->visits[round->dirty_visits[i]];
        struct store_value *v = tables_rows_next(rows);
        *v++ = store_int(number);
        *v++ = store_int(visit->door);
        *v++ = store_int(visit->outcome);
        *v++ = store_int(visit->heads);
        *v++ = store_int(visit->visits);
        *v++ = tables_put_stamp(rows, visit->stamp);
        visit->dirty = false;
    }
    round->dirty_visit_count = 0;
    return tables_rows_end(rows, store, detail);
}

static const struct store_sql tables_cover_drop = {
    "DELETE FROM cover WHERE site_id = $1 AND round_no = $2 AND cell_no = $3 AND kind = $4 AND chunk = $5"};
static const struct store_sql tables_cover_clear = {"DELETE FROM cover WHERE site_id = $1 AND round_no = $2"};

/* One row of bits: the people of one cell in one set, 32768 numbers a chunk, zero bytes at the end left out. */
static dw_err tables_flush_chunk(struct tables_rows *rows, uint32_t number, struct site_chunk chunk, struct store *store,
                                 struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    uint64_t here[SITE_CHUNK / 64] = {0};
    uint8_t bits[COVER_SETS][SITE_CHUNK / 8];
    size_t len[COVER_SETS] = {0};
    uint32_t first = chunk.chunk * SITE_CHUNK, people = (uint32_t)round->mark_count;
    for (uint32_t p = first; p < people && p < first + SITE_CHUNK; p++)
        here[(p - first) / 64] |= (uint64_t)(rows->cells[p] == chunk.cell) << (p - first) % 64;
    for (int set = 0; set < COVER_SETS; set++) {
        size_t words;
        const uint64_t *all = cover_words(round->cover, (enum cover_set)set, &words);
        for (size_t w = 0; w < SITE_CHUNK / 64 && first / 64 + w < words; w++) {
            uint64_t both = all[first / 64 + w] & here[w];
            for (int i = 0; i < 8; i++) {
                bits[set][w * 8 + i] = (uint8_t)(both >> (8 * i));
                if (bits[set][w * 8 + i] != 0) len[set] = w * 8 + i + 1;
            }
        }
    }
    int64_t cell = chunk.cell == SITE_NONE ? -1 : (int64_t)chunk.cell;
    for (int set = 0; set < COVER_SETS; set++) {
        struct store_value v[] = {store_id(&rows->site->id), store_int(number),
                                  store_int(cell),           store_int(set),
                                  store_int(chunk.chunk),    store_bytes(bits[set], len[set])};
        if (len[set] > 0)
            ERR_TRY(store_run(store, &tables_sql[TABLES_COVER].put, v, 6, 1, detail));
        else
            ERR_TRY(store_run(store, &tables_cover_drop, v, 5, 1, detail));
    }
    return DW_OK;
}

/* The cell of everybody in a round, found once for all of its chunks. */
static bool tables_cells(struct tables_rows *rows, const struct site_round *round)
{
    const struct site *site = rows->site;
    uint32_t areas = site_count(site, SITE_AREA);
    if (!arena_grow((void **)&rows->cells, &rows->cell_cap, round->mark_count + areas + 1, sizeof *rows->cells)) return false;
    uint32_t *of = rows->cells + round->mark_count;
    for (uint32_t a = 0; a < areas; a++) of[a] = site_cell(site, a);
    for (size_t p = 0; p < round->mark_count; p++)
        rows->cells[p] = round->marks[p].area == SITE_NONE ? SITE_NONE : of[round->marks[p].area];
    return true;
}

static dw_err tables_cover_all(struct tables_rows *rows, uint32_t number, struct store *store, struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    struct site *site = rows->site;
    struct store_value v[] = {store_id(&site->id), store_int(number)};
    ERR_TRY(store_run(store, &tables_cover_clear, v, 2, 1, detail));
    uint32_t chunks = (uint32_t)((round->mark_count + SITE_CHUNK - 1) / SITE_CHUNK);
    for (uint32_t c = 0; c < chunks; c++) {
        ERR_TRY(tables_flush_chunk(rows, number, (struct site_chunk){SITE_NONE, c}, store, detail));
        for (uint32_t order = 0; order < site->area_orders; order++)
            if (site->area_cell[order] == order)
                ERR_TRY(tables_flush_chunk(rows, number, (struct site_chunk){site->area_at[order], c}, store, detail));
    }
    return DW_OK;
}

static dw_err tables_flush_round(struct tables_rows *rows, uint32_t number, bool whole, struct store *store,
                                 struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    ERR_TRY(tables_flush_marks(rows, number, store, detail));
    ERR_TRY(tables_flush_visits(rows, number, store, detail));
    if ((round->rewrite || whole || round->dirty_chunk_count > 0) && !tables_cells(rows, round)) return DW_E_MEMORY;
    if (round->rewrite || whole)
        ERR_TRY(tables_cover_all(rows, number, store, detail));
    else
        for (size_t i = 0; i < round->dirty_chunk_count; i++)
            ERR_TRY(tables_flush_chunk(rows, number, round->dirty_chunks[i], store, detail));
    round->rewrite = false;
    round->dirty_chunk_count = 0;
    map_clear(&round->dirty_cover);
    return DW_OK;
}

static dw_err tables_clear(struct site *site, struct store *store, struct err_detail *detail)
{
    struct store_value id = store_id(&site->id);
    for (int i = 0; i < SITE_TYPES; i++)
        ERR_TRY(store_run(store, &tables_sql[tables_put_table((enum site_type)i)].clear, &id, 1, 1, detail));
    static const enum tables_name rest[] = {TABLES_MARK, TABLES_VISIT, TABLES_COVER};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        ERR_TRY(store_run(store, &tables_sql[rest[i]].clear, &id, 1, 1, detail));
    return DW_OK;
}

dw_err tables_flush(struct site *site, struct store *store, struct keyring *keys, bool whole, struct err_detail *detail)
{
    struct tables_rows rows = {.site = site, .keys = keys};
    site->outdated = site->outdated && !whole;
    struct store_value head[] = {store_id(&site->id),        store_text(site->name), store_text(site->code),
                                 store_int(site->synthetic), store_int(site->seq),   store_int(TABLES_MADE)};
    if (site->outdated) head[5] = store_null();
    dw_err err = site->areas_moved ? site_order(site, detail) : DW_OK;
    if (err == DW_OK && whole) err = tables_clear(site, store, detail);
    if (err == DW_OK) err = store_run(store, &tables_sql[TABLES_SITE].put, head, 6, 1, detail);
    for (int i = 0; err == DW_OK && i < SITE_TYPES; i++) err = tables_flush_list(&rows, (enum site_type)i, store, detail);
    for (uint32_t i = 0; err == DW_OK && i < site_count(site, SITE_ROUND); i++)
        err = tables_flush_round(&rows, i, whole, store, detail);
    free(rows.values);
    free(rows.cells);
    arena_free(&rows.arena);
    if (rows.pack.data != NULL) keys_wipe(rows.pack.data, rows.pack.cap);
    arena_buf_free(&rows.pack);
    return err;
}

void tables_clean(struct site *site)
{
    for (int i = 0; i < SITE_TYPES; i++) {
        struct site_list *list = &site->lists[i];
        for (size_t k = 0; k < list->dirty_count; k++) {
            list->flags[list->dirty[k]] = 0;
            if (i == SITE_AREA) site_area(site, list->dirty[k])->geometry = NULL;
            if (i == SITE_FEATURE) site_feature(site, list->dirty[k])->geometry = NULL;
        }
        list->dirty_count = 0;
    }
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        struct site_round *round = site_round(site, i);
        for (size_t k = 0; k < round->dirty_mark_count; k++) round->marks[round->dirty_marks[k]].dirty = false;
        for (size_t k = 0; k < round->dirty_visit_count; k++) round->visits[round->dirty_visits[k]].dirty = false;
        round->dirty_mark_count = round->dirty_visit_count = round->dirty_chunk_count = 0;
        round->rewrite = false;
        map_clear(&round->dirty_cover);
    }
}
