/* Who looked at what: the entries `look` of the ledger. */
#ifndef DESK_AUDIT_H
#define DESK_AUDIT_H

#include "desk/window.h"

enum { AUDIT_WALK = 100000 /* entries of the office looked through at most for one answer */ };

/* One look. Texts live as long as the call that gives them. */
struct audit_look {
    int64_t seq, at_ms, people;
    struct id actor, device;
    const char *what, *reason;
};

/* The latest first, those before an entry (INT64_MAX: all), until each says to stop. *next: where to go on; −1: that was all. Of
 * the office's own device, which alone records looks. O(its entries), at most AUDIT_WALK. */
dw_err audit_looks(int64_t *next, struct window *window, int64_t before,
                   dw_err (*each)(void *ctx, const struct audit_look *look, bool *go_on), void *ctx, struct err_detail *detail);

#endif
