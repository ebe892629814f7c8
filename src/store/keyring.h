/* The key file, apart from the data: the site's own keys, one key a person, and the signing seeds of local devices.
 *
 * Two files stand beside a store "x.db": "x.db.sitekey" (the site's secret, mode 0600) and "x.db.keys" (records wrapped by
 * that secret, appended, each with its own authentication; a torn last record is cut off when the file is opened).
 * Destroying a person's key overwrites his record, makes it durable, and leaves a mark that he was erased. (On a disk that
 * keeps old blocks aside, such as an SSD, the overwritten bytes are still wrapped by the site's secret.)
 *
 * Several processes may have the same ring open: each appends under a lock of the file, after reading what the others have
 * appended. A writer calls keyring_catch_up once it holds the store's transaction; then no two make a key for the same person.
 * One thread at a time uses a struct keyring. Secrets are wiped from the memory that held them. */
#ifndef STORE_KEYRING_H
#define STORE_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/keys.h"

struct keyring;

enum keyring_state { KEYRING_ABSENT, KEYRING_PRESENT, KEYRING_ERASED };

/* Makes the two files for a new site (DW_E_EXISTS if one is there), or opens them (DW_E_KEYS: missing, damaged, or not
 * of this pair; DW_E_BUSY when another process holds the file for 10 s). path is the store's path. With path NULL the ring lives
 * in memory only (tests, replay). Opening is O(records), about 1 µs each, 128 bytes of file and 72 of memory each. */
dw_err keyring_make(struct keyring **out, const char *path, struct err_detail *detail);
dw_err keyring_open(struct keyring **out, const char *path, struct err_detail *detail);
void keyring_close(struct keyring *ring); /* wipes; does not save: what keyring_save has not written is lost */

/* The site's key for blind comparison hashes (base/hash.h hash_keyed), derived from its secret. 32 bytes, borrowed. */
const uint8_t *keyring_blind(const struct keyring *ring);

/* The key of a person: *key is borrowed until the next call that adds. O(1). */
enum keyring_state keyring_person(const struct keyring *ring, struct id person, const uint8_t **key);
/* The same, made at random if absent. DW_E_STATE if the person was erased. */
dw_err keyring_person_make(struct keyring *ring, struct id person, const uint8_t **key);
/* Signing seed of a device that lives here (site, command line, imports, simulated phones); made if absent. */
dw_err keyring_device_make(struct keyring *ring, struct id device, struct keys_signer *out);
enum keyring_state keyring_device(const struct keyring *ring, struct id device, struct keys_signer *out);

/* Reads what other processes have saved or erased since; one look at the file's size when there is nothing. */
dw_err keyring_catch_up(struct keyring *ring, struct err_detail *detail);
/* Appends what is new to the file and makes it durable; the writer calls it before it commits what those keys seal.
 * Nothing new: nothing is done. DW_E_BUSY if another process has saved a key for one of the same subjects since this one last
 * caught up: theirs is taken, nothing is saved, and what was sealed with the lost key must be given up (roll back, drop, try
 * again). On any error the file keeps what it had. */
dw_err keyring_save(struct keyring *ring, struct err_detail *detail);
/* Forgets what was made since the last save (a batch that is rolled back). */
void keyring_drop_new(struct keyring *ring);
/* Destroys a person's key for good, durable when it returns; saves what is new, too. Of a person without a key it leaves only
 * the mark, so none can be made. Doing it again does nothing. */
dw_err keyring_erase(struct keyring *ring, struct id person, struct err_detail *detail);

/* The end of a site: both key files of the store at path are destroyed, the person keys first and the site's secret last.
 * Durable; can be done again where it broke off. Opened then, a ring is disposed: everyone is erased in it, and nothing can be
 * made. */
dw_err keyring_destroy(const char *path, struct err_detail *detail);
bool keyring_disposed(const struct keyring *ring);
/* Both key files as bytes, at one moment, for a backup of their own; and back into new files for the store at path (DW_E_EXISTS,
 * DW_E_KEYS). out and in as in store/keyring_file.h: in gives *len bytes, fewer only at the end of all. */
dw_err keyring_export(struct keyring *ring, const char *path,
                      dw_err (*out)(void *ctx, const void *data, size_t len, struct err_detail *detail), void *ctx,
                      struct err_detail *detail);
dw_err keyring_import(const char *path, dw_err (*in)(void *ctx, void *data, size_t *len, struct err_detail *detail), void *ctx,
                      struct err_detail *detail);
/* Everyone whose key was destroyed, in no order. O(records). */
dw_err keyring_each_erased(const struct keyring *ring, dw_err (*each)(void *ctx, struct id person), void *ctx);

#endif
