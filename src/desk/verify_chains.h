/* What a ledger's chains, signatures and receipts say, while it is replayed. For verify. */
#ifndef DESK_VERIFY_CHAINS_H
#define DESK_VERIFY_CHAINS_H

#include "desk/verify.h"
#include "desk/walk.h"
#include "ledger/upload.h"

struct verify_chain {
    int64_t n;
    uint8_t head[HASH_SIZE];
};

/* Set site, report and progress, zero the rest; free in every case. */
struct verify_chains {
    const struct site *site;
    struct verify_report *report;
    const struct clock_progress *progress;
    struct upload_receipt *receipts; /* by sequence number */
    uint32_t *receipt_devices;
    size_t receipt_count, receipt_cap, device_cap, at;
    struct hash_stream verdicts;
    struct verify_chain *chains; /* one a device */
    int64_t seq;
};

/* Reads the receipts; checks their signatures; sees one entry after the other (entry NULL: it cannot be read); and tells what is
 * lacking at the end. */
dw_err verify_chains_read(struct verify_chains *chains, struct store *store, struct err_detail *detail);
dw_err verify_chains_signed(struct verify_chains *chains);
dw_err verify_chains_see(struct verify_chains *chains, const struct walk_row *row, const struct entry *entry,
                         const struct err_detail *why);
void verify_chains_end(struct verify_chains *chains);
void verify_chains_free(struct verify_chains *chains);

#endif
