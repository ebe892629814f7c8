/* After a round: every entry that a phone recorded looked for in the ledger and among the forks, every receipt that a phone was
 * given held against the ledger, and who is spoken of by entries that are held. */
#ifndef SIM_SETTLE_H
#define SIM_SETTLE_H

#include "sim/sync.h"

enum { SETTLE_TOLD = 20, SETTLE_TEXT = 160 };

struct settle_fork {
    char device[64];
    int64_t entries; /* kept aside, of this device */
};

struct settle {
    int64_t recorded; /* by phones; each is one of these: */
    int64_t accepted, released, voided, quarantined, lost;
    int64_t held[KINDS_HELD_REASON_COUNT]; /* waiting, by their reason */
    int64_t forks, receipts, broken;       /* entries kept aside; receipts that phones have; those not honoured */
    int64_t mistimed;                      /* their time is not the true one and what the upload took, as the site can know it */
    int64_t delayed;       /* it is more than a quarter of an hour too late: an old copy of an upload was the first to be taken */
    int64_t revoked_taken; /* accepted although their phone was revoked before */
    struct settle_fork *devices; /* those with forks */
    size_t device_count, device_cap;
    uint8_t *spoken;        /* of each person of the site: 1 when a waiting entry names him */
    struct id *spoken_more; /* people whom waiting entries name and the site does not know */
    size_t spoken_count, spoken_cap;
    char told[SETTLE_TOLD][SETTLE_TEXT]; /* what was lost or broken */
    size_t told_count;
};

/* Zero-initialise; free in every case. O(ledger). */
dw_err settle_run(struct settle *out, const struct sync *sync, struct err_detail *detail);
void settle_free(struct settle *settle);

#endif
