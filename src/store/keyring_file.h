/* The two files of a key ring on disk: the site's secret, and the records wrapped by it. No policy: keyring.c knows what the
 * records mean.
 *
 * "x.db.sitekey": 16 bytes name, 32 secret, 32 SHA-256 of both. "x.db.keys": blocks of 128 bytes, the first a header, then one a
 * record, each sealed (base/keys.h) with its number, the number of the first record of its batch, kind, state, subject and key.
 * A block never crosses a sector, so after a crash it is whole or empty: blocks of zeros, or half a block, at the end are a
 * batch that was never acknowledged and are cut off; anything else that does not open is damage. */
#ifndef STORE_KEYRING_FILE_H
#define STORE_KEYRING_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/keys.h"

enum { KEYRING_FILE_BLOCK = 128 };

struct keyring_file_record {
    uint8_t kind;
    uint8_t state;
    struct id subject;
    uint8_t key[KEYS_SECRET];
};

struct keyring_file {
    char *path; /* of the records */
    int fd;
    uint64_t known;            /* records read or written so far */
    uint8_t wrap[KEYS_SECRET]; /* seals the records */
};

/* Called with each record read, in order, and its number. */
typedef dw_err keyring_file_each(void *ctx, const struct keyring_file_record *record, uint64_t place);

/* Makes both files, durable (DW_E_EXISTS, DW_E_FULL, DW_E_IO), or opens them (DW_E_KEYS); secret is the site's. No record is read
 * yet. store is the path of the store. */
dw_err keyring_file_make(struct keyring_file *file, uint8_t secret[KEYS_SECRET], const char *store, struct err_detail *detail);
dw_err keyring_file_open(struct keyring_file *file, uint8_t secret[KEYS_SECRET], const char *store, struct err_detail *detail);
void keyring_file_close(struct keyring_file *file); /* zeroed and closed ones are safe */

/* Between these two no other process changes the file. DW_E_BUSY after 10 s. */
dw_err keyring_file_lock(struct keyring_file *file, struct err_detail *detail);
void keyring_file_unlock(struct keyring_file *file);

/* True if the file holds more than is known (or is gone): then lock and read. */
bool keyring_file_grown(const struct keyring_file *file);
/* Reads the records behind the known ones and cuts off an unfinished batch. Locked. DW_E_KEYS where damaged. */
dw_err keyring_file_read(struct keyring_file *file, keyring_file_each *each, void *ctx, struct err_detail *detail);
/* Appends count records as one batch, durable when it returns; the first gets the number file->known had before. Locked, and all
 * read. On error the file is as before. */
dw_err keyring_file_append(struct keyring_file *file, const struct keyring_file_record *records, size_t count,
                           struct err_detail *detail);
/* Puts another record in the place of one; durable after keyring_file_sync. Locked. */
dw_err keyring_file_replace(struct keyring_file *file, const struct keyring_file_record *record, uint64_t place,
                            struct err_detail *detail);
dw_err keyring_file_sync(struct keyring_file *file, struct err_detail *detail);

/* Destroys both files' content for good, person keys first, the site's secret last, in whose place stands that it is gone: from
 * then on keyring_file_open says DW_E_DISPOSED. Durable; can be done again where it broke off. */
dw_err keyring_file_destroy(const char *store, struct err_detail *detail);
/* The bytes of both files, the site's secret first, given out piece by piece, or taken in for two new files (mode 0600, durable;
 * DW_E_EXISTS). out and in are called until all is there; in gives exactly len bytes, or at the end of all fewer (*len). */
typedef dw_err keyring_file_out(void *ctx, const void *data, size_t len, struct err_detail *detail);
typedef dw_err keyring_file_in(void *ctx, void *data, size_t *len, struct err_detail *detail);
dw_err keyring_file_export(struct keyring_file *file, const char *store, keyring_file_out *out, void *ctx,
                           struct err_detail *detail);
dw_err keyring_file_import(const char *store, keyring_file_in *in, void *ctx, struct err_detail *detail);

#endif
