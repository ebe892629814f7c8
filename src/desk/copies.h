/* What left the store: every backup and export is an entry (copy.made), so that it can be found again when somebody is forgotten
 * and when the site ends. */
#ifndef DESK_COPIES_H
#define DESK_COPIES_H

#include "desk/desk.h"

/* One copy. path and hash live as long as the call that gives them. */
struct copies_one {
    enum kinds_copy_kind what;
    const char *path;
    const char *hash; /* SHA-256 of the file (of an export: of its list of files), base64url */
    int64_t bytes, at_ms;
    bool clear; /* personal values stand in it unmasked */
};

dw_err copies_record(struct desk *desk, const struct copies_one *copy, struct when at, struct err_detail *detail);
/* Every copy on record, oldest first. each returns an error to stop. O(entries). */
dw_err copies_each(struct desk *desk, dw_err (*each)(void *ctx, const struct copies_one *copy), void *ctx,
                   struct err_detail *detail);

#endif
