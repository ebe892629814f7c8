#include "desk/export_one.h"

#include <stdlib.h>
#include <string.h>

#include "base/keys.h"
#include "desk/grant.h"

enum { EXPORT_ONE_TICK = 1024 };

struct export_one_writing {
    struct table_out *table;
    const struct clock_progress *progress;
    int64_t rows;
    size_t columns;
    struct arena_buf kept; /* cells one after the other, each ended by a zero byte, until nobody is kept waiting */
};

static dw_err export_one_row(void *ctx, const char *const *cells, struct err_detail *detail)
{
    struct export_one_writing *w = ctx;
    if (++w->rows % EXPORT_ONE_TICK == 0 && !clock_tick(w->progress, "export", (uint64_t)w->rows, 0)) return DW_E_CANCELLED;
    return table_out_row(w->table, cells, detail);
}

static dw_err export_one_keep(void *ctx, const char *const *cells, struct err_detail *detail)
{
    struct export_one_writing *w = ctx;
    (void)detail;
    for (size_t i = 0; i < w->columns; i++) {
        const char *cell = cells[i] == NULL ? "" : cells[i];
        arena_buf_put(&w->kept, cell, strlen(cell) + 1);
    }
    return w->kept.failed ? DW_E_MEMORY : DW_OK;
}

static dw_err export_one_kept(struct export_one_writing *w, struct err_detail *detail)
{
    const char *cells[EXPORT_COLUMNS], *at = w->kept.data, *end = at == NULL ? at : at + w->kept.len;
    dw_err err = DW_OK;
    while (err == DW_OK && at != end) {
        for (size_t i = 0; i < w->columns; i++, at += strlen(at) + 1) cells[i] = at;
        err = export_one_row(w, cells, detail);
    }
    return err;
}

const struct export_table *export_one_table(const char *name)
{
    const struct export_table *table = NULL;
    for (size_t i = 0; (table = export_tables_at(i)) != NULL; i++)
        if (strcmp(table->name, name) == 0) break;
    return table;
}

/* seen: NULL for the whole site. */
static dw_err export_one_scope(uint8_t **seen, const struct site *site, const struct export_one *spec)
{
    bool everywhere = true;
    *seen = NULL;
    if (id_null(spec->member)) return DW_OK;
    *seen = malloc((size_t)site_count(site, SITE_AREA) + 1);
    if (*seen == NULL) return DW_E_MEMORY;
    grant_areas(*seen, &everywhere, site, site_find(site, SITE_MEMBER, spec->member), ROLES_EXPORT_WRITE, spec->at.ms);
    if (!everywhere) return DW_OK;
    free(*seen);
    *seen = NULL;
    return DW_OK;
}

dw_err export_one(int64_t *rows, struct desk *desk, const struct export_one *spec, const struct clock_progress *progress,
                  struct err_detail *detail)
{
    const char *columns[EXPORT_COLUMNS];
    enum err_lang lang = spec->format == TABLE_OUT_JSON ? ERR_EN : spec->lang;
    struct export_one_writing writing = {.progress = progress, .columns = spec->table->count};
    uint8_t *seen;
    export_tables_columns(columns, spec->table, lang);
    const struct site *site = desk_read(desk);
    dw_err err = export_one_scope(&seen, site, spec);
    struct export_rows walk = {.site = site,
                               .reveal = spec->reveal,
                               .seen = seen,
                               .put = spec->aside ? export_one_keep : export_one_row,
                               .ctx = &writing};
    if (err == DW_OK && !clock_tick(progress, "export", 0, 0)) err = DW_E_CANCELLED;
    if (err == DW_OK)
        err = table_out_open(&writing.table, spec->path, spec->format, spec->table->title[lang], NULL, columns,
                             spec->table->count, detail);
    if (err == DW_OK) err = spec->table->rows(&walk, detail);
    desk_read_end(desk);
    if (err == DW_OK) err = export_one_kept(&writing, detail);
    if (err == DW_OK)
        err = table_out_close(writing.table, detail);
    else
        table_out_abort(writing.table);
    arena_free(&walk.arena);
    if (writing.kept.data != NULL) keys_wipe(writing.kept.data, writing.kept.cap); /* names */
    arena_buf_free(&writing.kept);
    free(seen);
    *rows = writing.rows;
    return err;
}
