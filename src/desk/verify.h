/* The proof that nothing in a store was changed, lost or added behind the ledger's back. */
#ifndef DESK_VERIFY_H
#define DESK_VERIFY_H

#include "base/clock.h"
#include "desk/desk.h"

enum { VERIFY_TOLD = 20 };

struct verify_report {
    int64_t entries, receipts, devices, tables, rows; /* what was looked at */
    int64_t aside;                                    /* entries of forked chains, set apart */
    int64_t faults;
    char told[VERIFY_TOLD][256]; /* the first of them */
};

/* Chains, signatures and receipts of every device; then the ledger replayed into an empty store and compared with the tables, row
 * by row; then both identities of every round. Faults are no error: they are reported. DW_E_CANCELLED, DW_E_STORE, …
 * O(entries), the store is only read. */
dw_err verify_run(struct verify_report *report, struct desk *desk, const struct clock_progress *progress,
                  struct err_detail *detail);
/* Makes every table anew from the ledger, in one transaction, also where they are too damaged for the site to be opened. Fails,
 * and changes nothing, when the ledger itself cannot be replayed. */
dw_err verify_rebuild(const char *url, const struct clock_progress *progress, struct err_detail *detail);

#endif
