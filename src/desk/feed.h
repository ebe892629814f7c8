/* Entries into a site's state, one after the other: read, judged (or taken at their recorded verdict), applied or held, and
 * what waited for them released. The writer, catching up and replay all go through here. */
#ifndef DESK_FEED_H
#define DESK_FEED_H

#include "desk/fold.h"

enum { FEED_JUDGE = -1 };

struct feed_entry {
    const char *text, *part; /* part NULL: none, or forgotten */
    size_t len, part_len;
    const uint8_t *hash;           /* NULL: not known yet */
    int64_t seq, at_ms;            /* corrected time; of an entry that is to be judged, what feed_take makes of it */
    int64_t shift_ms, received_ms; /* of an entry that is to be judged: what its device's clock was off, and when it came */
    uint32_t device;               /* number of the device in the site */
};

struct feed {
    struct site *site;
    struct entry_reader reader;
    /* Fetches an entry of the ledger again; its texts stay valid until the next fetch. */
    dw_err (*fetch)(void *ctx, int64_t seq, struct feed_entry *out, struct err_detail *detail);
    void *ctx;
};

/* Reads the envelope, which says where the entry belongs; its errors are those of entry_open. entry lives until the next. */
dw_err feed_open(struct feed *feed, struct entry *entry, const struct feed_entry *in, struct err_detail *detail);
/* Takes the entry just opened. *reason in: FEED_JUDGE, or the verdict on record; out: the verdict. DW_E_CHAIN when it is not the
 * next of its device; other errors are those of memory. After an error the state is to be loaded again unless nothing was taken
 * before. */
dw_err feed_take(struct feed *feed, struct entry *entry, struct feed_entry *in, int *reason, struct err_detail *detail);
void feed_free(struct feed *feed);

#endif
