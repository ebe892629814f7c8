/* The state of a site made anew from its ledger alone. */
#ifndef DESK_REPLAY_H
#define DESK_REPLAY_H

#include "base/clock.h"
#include "desk/ledger_walk.h"
#include "desk/site.h"

/* Who looks on while the ledger is replayed (verify). */
struct replay_watch {
    void *ctx;
    /* Every entry before it is folded; entry is NULL when it cannot be read, and why says so. */
    void (*see)(void *ctx, const struct ledger_walk_row *row, const struct entry *entry, const struct err_detail *why);
    /* The entry just seen cannot be folded: there will be no state, but the rest is still shown to see. */
    void (*broken)(void *ctx, const struct err_detail *why);
};

/* Folds every entry of the ledger at its recorded verdict into a new site, leaving out what was voided or undone. Everything in
 * it is dirty, so flushing it into empty tables writes all. The store and the keys are read by a thread of its own meanwhile.
 * watch may be NULL; with one, *out is NULL when it was told that the ledger is broken. O(entries); once more when a
 * void that was held has been accepted since, for only the walk tells. */
dw_err replay_site(struct site **out, struct store *store, struct keyring *keys, struct id site, const struct replay_watch *watch,
                   const struct clock_progress *progress, struct err_detail *detail);
/* Whether this is wrong with the ledger itself, not with reading it. */
bool replay_is_fault(dw_err err);
/* Writes all tables of the site in this store anew from its ledger, and commits. A transaction is open. */
dw_err replay_tables(struct store *store, struct keyring *keys, const struct clock_progress *progress, struct err_detail *detail);

#endif
