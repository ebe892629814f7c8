/* Uploads: a run of one device's entries with one signature over its chain's head, and the site's signed receipt.
 *
 * As a file (one or several after each other), UTF-8, a line each:
 *   {"upload":1,"site":…,"device":…,"first":1,"last":2,"sent":"…","head":"<43>","sign":"<86>"}
 *   <entry text>
 *   <clear part as JSON, or an empty line>
 *   … */
#ifndef LEDGER_UPLOAD_H
#define LEDGER_UPLOAD_H

#include "base/keys.h"
#include "ledger/entry.h"

enum { UPLOAD_ENTRIES_MAX = 5000000 };

struct upload_entry {
    const char *text, *part; /* part NULL: none */
    size_t len, part_len;
    uint8_t hash[HASH_SIZE]; /* set by upload_check */
};

struct upload {
    struct id site, device;
    int64_t first, last; /* numbers of the entries */
    struct when sent;    /* by the device's clock */
    uint8_t head[HASH_SIZE], sign[KEYS_SIGN];
    struct upload_entry *entries; /* last - first + 1 of them */
    size_t count;
    /* What was proved of it before its turn came (writer_prepare): that signer's signature, and the chain behind this hash. */
    bool proved;
    struct keys_public signer;
    uint8_t after[HASH_SIZE];
};

struct upload_receipt {
    struct id site, device;
    int64_t first, last, first_seq, sent_ms, received_ms;
    uint8_t head[HASH_SIZE];
    uint8_t device_sign[KEYS_SIGN];
    uint8_t verdicts[HASH_SIZE]; /* of every entry's verdict and corrected time; see upload_verdict */
    uint8_t sign[KEYS_SIGN];     /* by the site */
};

/* Signs head and numbers for the device. */
void upload_sign(struct upload *upload, const struct keys_signer *device);
bool upload_signed(const struct upload *upload, const struct keys_public *device);

/* The chain: each entry names the hash of the one before it (the first: after, the hash of entry first − 1), and the last hash is
 * the signed head. An entry that does not say so in the plainest form is read in full, with site, device and number. Sets the
 * hashes. DW_E_CHAIN, DW_E_ENTRY, … O(bytes). */
dw_err upload_check(struct upload *upload, const uint8_t after[HASH_SIZE], struct entry_reader *reader,
                    struct err_detail *detail);

/* The hash that the first entry names as the one before it; all zero when it cannot be read. */
void upload_named(uint8_t prev[HASH_SIZE], const struct upload *upload, struct entry_reader *reader);

/* The verdicts of a receipt: hash_start, upload_verdict for each entry in order, hash_end. */
void upload_verdict(struct hash_stream *stream, int64_t seq, int reason, int64_t at_ms);
void upload_receipt_sign(struct upload_receipt *receipt, const struct keys_signer *site);
bool upload_receipt_signed(const struct upload_receipt *receipt, const uint8_t site_key[KEYS_PUBLIC]);
/* The device's own signature, as the receipt keeps it. */
bool upload_receipt_device(const struct upload_receipt *receipt, const struct keys_public *device);

/* Appends the file form. */
void upload_print(struct arena_buf *out, const struct upload *upload);
/* Reads the next upload from *at on and moves *at; *more false at the end. Entries point into text, the array lies in the
 * arena. DW_E_FORMAT with the line in detail->row. */
dw_err upload_parse(struct upload *out, bool *more, const char *text, size_t len, size_t *at, int64_t *line, struct arena *arena,
                    struct err_detail *detail);

#endif
