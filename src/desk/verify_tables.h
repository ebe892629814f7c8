/* The tables that a replayed ledger makes against those of the store. For verify. */
#ifndef DESK_VERIFY_TABLES_H
#define DESK_VERIFY_TABLES_H

#include "desk/verify.h"

struct verify_tables {
    struct desk *desk;
    struct verify_report *report;
    const struct clock_progress *progress;
};

/* site: fresh from replay_site; it is written out, and of no more use then. Where all is well no row is copied or kept: each side
 * is told by one sum a table (desk/tally.h), and only tables that differ are made and compared row by row. O(rows). */
dw_err verify_tables_compare(struct verify_tables *tables, struct site *site, struct err_detail *detail);

#endif
