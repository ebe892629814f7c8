/* What a ledger's chains, signatures and receipts say, while it is replayed. For verify. */
#ifndef DESK_VERIFY_CHAINS_H
#define DESK_VERIFY_CHAINS_H

#include <pthread.h>
#include <stdatomic.h>

#include "desk/ledger_walk.h"
#include "desk/verify.h"
#include "ledger/upload.h"

struct verify_chain {
    int64_t n;
    uint8_t head[HASH_SIZE];
};

struct verify_receipt {
    struct upload_receipt said;
    uint32_t device;
    bool foreign, unwarranted; /* the device's signature is not its own; the site's is not the site's */
};

/* Set site and report, zero the rest; free in every case. */
struct verify_chains {
    const struct site *site;
    struct verify_report *report;
    struct verify_receipt *receipts; /* by sequence number */
    size_t receipt_count, receipt_cap, at;
    struct hash_stream verdicts;
    struct verify_chain *chains;        /* one a device */
    int64_t seq, bare_first, bare_last; /* the last entry seen; those that no receipt covers */
    pthread_t thread;                   /* which checks signatures */
    bool started;
    atomic_bool stop;
};

/* Reads the receipts and begins to check their signatures; sees one entry after the other (entry NULL: it cannot be read, and why
 * says so); and tells what is lacking at the end. */
dw_err verify_chains_begin(struct verify_chains *chains, struct store *store, struct err_detail *detail);
void verify_chains_see(struct verify_chains *chains, const struct ledger_walk_row *row, const struct entry *entry,
                       const struct err_detail *why);
void verify_chains_end(struct verify_chains *chains);
void verify_chains_free(struct verify_chains *chains);

#endif
