/* The one writer of a site: uploads become ledger, tables and bitsets, a group in a transaction, and get their receipts when
 * it is durable. Whoever comes while nobody writes does the work of all who wait (leader and followers): no timer, no thread. */
#ifndef DESK_WRITER_H
#define DESK_WRITER_H

#include "desk/desk.h"
#include "ledger/upload.h"

enum { WRITER_GROUP = 1000, WRITER_UPLOADS = 8 };

struct writer_take {
    struct upload *uploads; /* all or nothing; at most WRITER_UPLOADS */
    size_t count;
    struct when received; /* by the site's clock */
    /* Called with ctx before the uploads are looked at, when nobody else can write any more: the last word on them. NULL: none.
     */
    dw_err (*last_word)(void *ctx, const struct site *site, struct err_detail *detail);
    void *ctx;
    /* Of writer_post: called by the writing thread when it is done; the take is its owner's again. */
    void (*finished)(struct writer_take *take);

    struct upload_receipt receipts[WRITER_UPLOADS]; /* out: one an upload */
    size_t held, known;                             /* entries held; entries that were here already */
    dw_err err;
    struct err_detail detail;
    bool done;
    struct writer_take *next;
};

/* Returns when the entries are durable, or with the reason why none of them was taken: DW_E_CHAIN, DW_E_FORK (the differing
 * entries are kept aside), DW_E_SIGNATURE, DW_E_NOT_FOUND (unknown device), DW_E_ENTRY, DW_E_STORE, DW_E_FULL, …
 * Any number of threads may call it. The same upload again changes nothing and gives its receipt again. */
dw_err writer_submit(struct desk *desk, struct writer_take *take, struct err_detail *detail);
/* Proves signature and chain of an upload beforehand, in any thread, so that the writer need not; what cannot be proved is judged
 * by the writer as ever. */
void writer_prepare(struct desk *desk, struct upload *upload);
/* writer_submit without waiting: take->finished tells. Some thread must be in writer_serve. */
void writer_post(struct desk *desk, struct writer_take *take);
/* Writes what is posted until writer_stop is called, then what is left. For one thread of a server. */
void writer_serve(struct desk *desk);
void writer_stop(struct desk *desk);
/* Brings the state in memory up to what other programs wrote. Cheap when they wrote nothing. */
dw_err writer_refresh(struct desk *desk, struct err_detail *detail);

#endif
