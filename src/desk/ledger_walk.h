/* The ledger read in order by a thread of its own, ahead of whoever folds it: rows read from the store, clear values opened,
 * texts hashed there; judged and folded here. While a walk is under way the store and the keys are the walk's: ask through
 * ledger_walk_fetch. */
#ifndef DESK_LEDGER_WALK_H
#define DESK_LEDGER_WALK_H

#include "desk/feed.h"
#include "store/keyring.h"
#include "store/port.h"

/* One entry as it stands in the table. Texts live until the next row. */
struct ledger_walk_row {
    struct feed_entry in; /* its hash points into hash */
    uint8_t hash[HASH_SIZE];
    int64_t n, reason;
    dw_err unread; /* its clear values do not open, or their key is lacking: why */
    char why[96];
};

struct ledger_walk;

/* Begins to read. Free in every case; that also stops a walk half way. DW_E_MEMORY. */
dw_err ledger_walk_start(struct ledger_walk **out, struct store *store, struct keyring *keys, struct id site,
                         struct err_detail *detail);
/* The entries that may take something back (entry.void, import.undo), found in a first look over the whole ledger, for which this
 * waits; and how many entries there are. Call it before the first ledger_walk_next. */
dw_err ledger_walk_voids(struct ledger_walk *walk, const struct ledger_walk_row **rows, size_t *count, int64_t *entries,
                         struct err_detail *detail);
/* The next entry; NULL after the last. Errors of the store. */
dw_err ledger_walk_next(struct ledger_walk *walk, struct ledger_walk_row **row, struct err_detail *detail);
/* One entry again; valid until the next fetch. DW_E_DAMAGED when it is not there or its clear values do not open. */
dw_err ledger_walk_fetch(struct ledger_walk *walk, int64_t seq, struct feed_entry *out, struct err_detail *detail);
void ledger_walk_free(struct ledger_walk *walk); /* NULL is safe */

#endif
