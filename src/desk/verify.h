/* The proof that nothing in a store was changed, lost or added behind the ledger's back. */
#ifndef DESK_VERIFY_H
#define DESK_VERIFY_H

#include "base/clock.h"
#include "desk/desk.h"

enum { VERIFY_TOLD = 20 };

struct verify_report {
    int64_t entries, receipts, devices, tables, rows; /* what was looked at */
    double seconds;
    uint64_t peak_bytes; /* of the program's memory until the end of it */
    int64_t aside;       /* entries of forked chains, set apart */
    int64_t faults;
    char told[VERIFY_TOLD][256]; /* the first of them */
};

/* Chains, signatures and receipts of every device; the ledger replayed and what it makes compared with the tables, row by row
 * where they differ; both identities of every round; every page of the store's file. Faults are no error: they are reported. One
 * thread reads ahead of the other that folds; memory holds the site twice and a few hundred entries. Progress steps "replay",
 * "verify.tables", "verify.file". DW_E_CANCELLED, DW_E_STORE, … O(entries), the store is only read. */
dw_err verify_run(struct verify_report *report, struct desk *desk, const struct clock_progress *progress,
                  struct err_detail *detail);
/* Makes every table anew from the ledger, in one transaction, also where they are too damaged for the site to be opened. Fails,
 * and changes nothing, when the ledger itself cannot be replayed. */
dw_err verify_rebuild(const char *url, const struct clock_progress *progress, struct err_detail *detail);

/* For the parts of verify: counts a fault, and tells it if it is one of the first. */
void verify_fault(struct verify_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
