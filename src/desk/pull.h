/* What a phone gets from the site (docs/sync.md): the first load as one bundle, and from there what is new, page by page; and
 * what the site has heard of each phone. Ledger entries are read by a store handle of its own. Any number of threads may call it.
 */
#ifndef DESK_PULL_H
#define DESK_PULL_H

#include "base/json.h"
#include "desk/desk.h"
#include "desk/scope.h"

struct pull_desk;
/* Its own way to the store of desk, at url. Free with pull_close, which also writes down what was heard; NULL is safe. */
dw_err pull_open(struct pull_desk **out, struct desk *desk, const char *url, struct err_detail *detail);
void pull_close(struct pull_desk *pull);

enum { PULL_LIMIT = 1000, PULL_CURSOR = 120 };

/* Who asks. A phone reads what its member may read; an officer what lies where he has entry.read. */
struct pull_who {
    struct id member, device; /* device: null for an officer */
    int64_t at_ms;            /* of the grants */
};

/* One page of what is new behind a cursor, as a JSON object: entries, then the records of what they touched as it is now. cursor:
 * what a bundle or the page before gave, or a sequence number; NULL begins at the ledger's first. When what he may see is not
 * what it was at the cursor, the page says "reload" and has nothing else: a bundle is to be loaded. DW_E_INVALID (cursor),
 * DW_E_FORBIDDEN (a phone that is revoked or over). O(entries looked at). */
dw_err pull_page(struct json_out *out, struct pull_desk *pull, const struct pull_who *who, const char *cursor, int64_t limit,
                 struct err_detail *detail);

/* Everything that he may see, as lines of JSON, and the cursor from which to pull on as the last of them. people: how many are
 * named. O(areas + doors + people). */
dw_err pull_bundle(struct arena_buf *out, size_t *people, struct pull_desk *pull, const struct pull_who *who,
                   struct err_detail *detail);

/* What a phone said when it was last heard: how many entries it has recorded (−1: it did not say), up to where it has pulled
 * (−1: it did not), how far ahead its clock is (PULL_NO_CLOCK: it sent nothing). Kept in memory; pull_keep writes it down. */
#define PULL_NO_CLOCK INT64_MIN
struct pull_heard {
    struct id device;
    int64_t recorded, pulled_seq, clock_ms, at_ms;
};
void pull_hear(struct pull_desk *pull, const struct pull_heard *heard);
/* False when it was never heard of. */
bool pull_heard(struct pull_heard *out, struct pull_desk *pull, struct id device);
/* Writes down what is new; to be called now and then. */
dw_err pull_keep(struct pull_desk *pull, struct err_detail *detail);

#endif
