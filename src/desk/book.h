/* A local device (the command line, an import) writing its chain: entries gather in memory and go to the writer as one upload. */
#ifndef DESK_BOOK_H
#define DESK_BOOK_H

#include "desk/desk.h"
#include "ledger/upload.h"

/* Zero-initialise; free at the end. */
struct book {
    struct entry_writer writer; /* entry_begin and entry_put_* on it, then book_end */
    struct keys_signer signer;
    int64_t first; /* number of the first entry gathered */
    struct arena arena;
    struct upload_entry *entries;
    size_t count, cap;
    enum site_type while_type; /* book_while; while_count 0: always */
    uint32_t while_count;
};

/* A device's first entry, or (book_open) the next one of a device of this site whose key lies in the key file. */
void book_start(struct book *book, struct id site, struct id device, const struct keys_signer *signer, struct rng *rng);
dw_err book_open(struct book *book, struct desk *desk, uint32_t device, struct err_detail *detail);
/* Whose entries a local device writes from now on in this thread: a server's officer (null: the device's own). The server sets it
 * around a call, so that every entry of whatever desk it reaches names who did it. */
void book_actor(struct id actor);
/* What must hold when nobody else can write any more, of every commit of this thread from now on: an error of check refuses it.
 * NULL: nothing. The server sets it around a call that says what it has seen. */
typedef dw_err book_check(void *ctx, const struct site *site, struct err_detail *detail);
void book_unless(book_check *check, void *ctx);
/* A new device for a batch of entries of its own (an import, a simulated phone): its enrolment goes into by's book. */
dw_err book_enrol(struct book *book, struct desk *desk, struct book *by, enum kinds_device_kind kind, const char *name,
                  struct when at, struct err_detail *detail);
/* The entry that enrols a device with its public key. */
dw_err book_put_enrol(struct book *by, struct id device, enum kinds_device_kind kind, const char *name,
                      const struct keys_signer *signer, struct when at);
/* What is gathered rests on there being no more than the site's present rounds, batches, …: book_commit fails with DW_E_STALE
 * when others were quicker. */
void book_while(struct book *book, const struct site *site, enum site_type type);
/* Ends the entry begun in writer and keeps it. */
dw_err book_end(struct book *book);
/* Hands several books' entries, in this order, to the writer as one transaction; empties them. received: the time at the site.
 * held may be NULL. Where another program has written in a book's name meanwhile, its entries follow on those. */
dw_err book_commit(struct desk *desk, struct book *books, size_t count, struct when received, size_t *held,
                   struct err_detail *detail);
/* The end of a call that gathered one book: commits it unless something went wrong (err), frees it, and gives the error. */
dw_err book_send(struct book *book, dw_err err, struct desk *desk, struct when received, struct err_detail *detail);
/* One book's entries as a signed upload, which borrows from the book. */
void book_upload(struct upload *out, const struct book *book, struct when sent);
void book_clear(struct book *book); /* forgets the entries gathered, keeping the chain's end */
void book_free(struct book *book);

#endif
