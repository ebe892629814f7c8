/* The state made anew from the ledger alone, and the proof that nothing was changed in it. */
#ifndef DESK_REPLAY_H
#define DESK_REPLAY_H

#include "base/clock.h"
#include "desk/site.h"
#include "store/keyring.h"
#include "store/port.h"

struct desk;

/* Folds every entry of the ledger at its recorded verdict into a new site, leaving out what was voided or undone. Everything in
 * it is dirty, so flushing it into empty tables writes all. O(entries). */
dw_err replay_site(struct site **out, struct store *store, struct keyring *keys, struct id site,
                   const struct clock_progress *progress, struct err_detail *detail);

struct replay_report {
    int64_t entries, receipts, devices, tables, rows; /* what was looked at */
    int64_t faults;                                   /* what is wrong; the first ones are told */
    char first[8][256];
};

/* Chains, signatures and receipts of every device; then the ledger replayed into an empty store and compared with the tables, row
 * by row. Faults are no error: they are reported. DW_E_CANCELLED, DW_E_STORE, … O(entries). */
dw_err replay_verify(struct replay_report *report, struct desk *desk, const struct clock_progress *progress,
                     struct err_detail *detail);

#endif
