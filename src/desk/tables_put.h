/* How rows are made; for tables.c. */
#ifndef DESK_TABLES_PUT_H
#define DESK_TABLES_PUT_H

#include "desk/tables.h"

/* Rows of one table on their way to the store: values point into the arena, the site, or the caller's texts. */
struct tables_rows {
    struct site *site;
    struct keyring *keys;
    uint32_t *cells; /* of the round at hand, by person */
    size_t cell_cap;
    struct arena arena;
    struct arena_buf pack;
    struct store_value *values;
    size_t columns, count;
    enum tables_name table;
};

enum tables_name tables_put_table(enum site_type type);
/* The row of an item, after site_id and its number (which v[-1] may replace). */
dw_err tables_put_item(struct tables_rows *rows, enum site_type type, struct store_value *v, uint32_t index);
/* What is said of a person in a round, sealed by his key. */
dw_err tables_put_evidence(struct tables_rows *rows, struct store_value *out, uint32_t person, const char *evidence,
                           struct site_stamp stamp);
struct store_value tables_put_stamp(struct tables_rows *rows, struct site_stamp stamp);
struct store_value tables_put_ref(uint32_t index); /* SITE_NONE: null */

#endif
