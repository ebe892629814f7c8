/* The ledger's own tables: entries and receipts. For the writer. */
#ifndef DESK_LEDGER_ROWS_H
#define DESK_LEDGER_ROWS_H

#include "desk/desk.h"
#include "ledger/upload.h"

/* The new entries of one upload on their way to the table. Zero-initialise; free at the end. */
struct ledger_rows {
    struct desk *desk;
    const struct upload *upload;
    size_t from; /* index in the upload of the first new entry */
    int64_t received_ms;
    struct arena arena; /* sealed parts */
    struct feed_entry *entries;
    struct store_value *values;
    size_t count, cap, value_cap;
    struct hash_stream verdicts;
};

bool ledger_rows_begin(struct ledger_rows *rows, struct desk *desk, const struct upload *upload, size_t from,
                       int64_t received_ms);
/* An entry about to be judged; then what was said of it, and whose key seals its clear values. */
dw_err ledger_rows_add(struct ledger_rows *rows, const struct feed_entry *entry, int64_t n);
dw_err ledger_rows_judged(struct ledger_rows *rows, int reason, struct id on);
/* Writes the rows and the signed receipt. */
dw_err ledger_rows_end(struct ledger_rows *rows, struct upload_receipt *receipt, struct err_detail *detail);
/* An entry that is not written yet. */
bool ledger_rows_find(const struct ledger_rows *rows, int64_t seq, struct feed_entry *out);
void ledger_rows_free(struct ledger_rows *rows);

/* The site's last sequence number in the store. */
dw_err ledger_rows_head(int64_t *out, struct desk *desk, struct err_detail *detail);
/* The hash of a device's entry n that is in the ledger; of n = 0 all zero. */
dw_err ledger_rows_hash(uint8_t out[HASH_SIZE], struct desk *desk, uint32_t device, int64_t n, struct err_detail *detail);
/* How many of the first count entries of a checked upload are the ones that stand in the ledger. */
dw_err ledger_rows_same(size_t *same, struct desk *desk, uint32_t device, const struct upload *upload, size_t count,
                        struct err_detail *detail);
/* The receipt that covers a device's entry n. */
dw_err ledger_rows_receipt(struct upload_receipt *out, struct desk *desk, uint32_t device, int64_t n, struct err_detail *detail);

#endif
