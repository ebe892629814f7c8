/* The tables of an export and what stands in them: the one place that names their columns. For export.c and
 * export_layers.c. */
#ifndef DESK_EXPORT_TABLES_H
#define DESK_EXPORT_TABLES_H

#include "desk/export.h"

enum { EXPORT_COLUMNS = 32 };

/* Rows on their way out: put is called with the cells of one; the arena is reset before the next. */
struct export_rows {
    const struct site *site;
    bool reveal;
    const uint8_t *seen; /* by area: rows that lie in others, or nowhere, are left out; NULL: everything */
    struct arena arena;
    dw_err (*put)(void *ctx, const char *const *cells, struct err_detail *detail);
    void *ctx;
};

struct export_table {
    const char *name;     /* of the files */
    const char *title[2]; /* by enum err_lang, as are the columns */
    const char *const (*columns)[2];
    size_t count;
    dw_err (*rows)(struct export_rows *rows, struct err_detail *detail); /* every row in order */
};

/* NULL after the last. */
const struct export_table *export_tables_at(size_t index);
const struct export_table *export_tables_find(const char *name);
/* The names of the columns in one language. */
void export_tables_columns(const char *out[EXPORT_COLUMNS], const struct export_table *table, enum err_lang lang);

/* One area or door as cells, for the layers. */
void export_tables_area(struct export_rows *rows, uint32_t area, const char **cells);
void export_tables_door(struct export_rows *rows, uint32_t door, const char **cells);

#endif
