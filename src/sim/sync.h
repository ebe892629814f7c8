/* Phones hand in what they recorded, over a bad network and in simulated time: each tries now and then, sends what the site has
 * not said it has, several uploads on their way at once, and goes back when no answer comes. Beside them the office: it enrols
 * the phones that take another's place, revokes stolen ones, and takes a phone's entries by cable before it is set back or
 * replaced. */
#ifndef SIM_SYNC_H
#define SIM_SYNC_H

#include "base/clock.h"
#include "desk/desk.h"
#include "sim/network.h"
#include "sim/phone.h"
#include "sim/thief.h"
#include "sim/world.h"

struct sync_counts {
    int64_t stolen, restored, replaced; /* phones */
    int64_t tries, back;                /* of sending; uploads refused as what is before them had not arrived */
    int64_t forks;                      /* answers that a phone's chain is forked */
    int64_t tricks, refused;            /* uploads of thieves, and how many of them were refused */
};

struct sync_receipt {
    uint32_t phone;
    struct upload_receipt receipt;
};

struct sync_phone {
    size_t known, sent; /* entries that the site said it has; sent in this try, behind those */
    uint32_t waiting;   /* uploads of this try without an answer */
    uint32_t attempt;
    int64_t next_ms, patience_ms; /* next try; end of the present one (PHONE_NEVER: none) */
    bool tricked;
};

struct sync_task; /* of the office */

struct sync {
    struct desk *desk;
    struct phone_fleet *fleet;
    const struct world *world; /* for the names of phones */
    struct when freeze;
    struct err_detail *detail;

    struct network network;
    struct rng rng;
    struct arena arena;
    struct sync_phone *phones;
    struct sync_task *tasks;
    size_t task_count, task_next;
    struct sync_receipt *receipts; /* every one that reached its phone */
    size_t receipt_count, receipt_cap;
    int64_t *revoked_seq; /* of each phone: the site's sequence number when it was revoked; 0 never */
    struct sync_counts counts;
};

/* Fill in the first block, zero the rest; free in every case. Ends when every phone knows that all it recorded is at the site, in
 * its ledger or set apart. DW_E_STATE when that does not come about, DW_E_CANCELLED, and what the store says. */
dw_err sync_run(struct sync *sync, uint64_t seed, const struct clock_progress *progress);
void sync_free(struct sync *sync);

#endif
