/* The state of a site in its tables: what changed is written, all of it is read. */
#ifndef DESK_TABLES_H
#define DESK_TABLES_H

#include "desk/site.h"
#include "store/keyring.h"
#include "store/port.h"
#include "tables_gen.h"

/* By which rules rows are made of entries. Whoever changes them (a table that entries of before fill, a value that is kept
 * otherwise) counts this up: stores of before are then made anew when they are opened. 15: voided. 16: heads of a visit. */
enum { TABLES_MADE = 16 };

/* Writes everything that changed since the last flush into the open transaction. Personal values are sealed with their person's
 * key, made if there is none. whole: the tables of the state are cleared first and everything is written. O(changes). */
dw_err tables_flush(struct site *site, struct store *store, struct keyring *keys, bool whole, struct err_detail *detail);
/* Marks everything clean without writing (the state was caught up from the ledger by somebody else's flush). */
void tables_clean(struct site *site);
/* Reads a whole site. DW_E_NOT_FOUND when the store holds none, DW_E_DAMAGED when tables do not fit together. O(rows). */
dw_err tables_load(struct site *site, struct store *store, struct keyring *keys, struct err_detail *detail);

/* The generated statements of a table: its name, number of columns, and what writes, reads (by key, all but site_id),
 * clears and counts it; and counts its rows that are of no site (sites without a first entry). */
struct tables_sql {
    const char *name;
    int columns;
    struct store_sql put, all, clear, count, stray;
};
const struct tables_sql *tables_get(enum tables_name table);
/* The site in this store: there is one in a store of the embedded kind. */
dw_err tables_site_id(struct id *out, struct store *store, struct err_detail *detail);

/* For tables_load.c: sealed fields and stamps as bytes. */
enum { TABLES_STAMP = 16 };
void tables_stamp(uint8_t out[TABLES_STAMP], struct site_stamp stamp);
struct site_stamp tables_stamp_read(const struct store_value *value);
/* Fields of a person or member in one byte string, and back into the site's arena; false when bytes are none of ours. */
bool tables_pack(struct arena_buf *out, const char *const *fields, const struct site_stamp *stamps, int count);
bool tables_unpack(struct site *site, const char **fields, struct site_stamp *stamps, int count, const uint8_t *data, size_t len);

#endif
