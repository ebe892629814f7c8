/* The key file, apart from the data: the site's own keys, one key a person, and the signing seeds of local devices.
 *
 * Two files stand beside a store "x.db": "x.db.sitekey" (the site's secret, mode 0600) and "x.db.keys" (records wrapped by
 * that secret, appended, each with its own authentication; a torn last record is cut off when the file is opened).
 * Destroying a person's key overwrites his record, makes it durable, and leaves a mark that he was erased. */
#ifndef STORE_KEYRING_H
#define STORE_KEYRING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/keys.h"

struct keyring;

enum keyring_state { KEYRING_ABSENT, KEYRING_PRESENT, KEYRING_ERASED };

/* Makes the two files for a new site (DW_E_EXISTS if one is there), or opens them (DW_E_KEYS: missing, damaged, or not
 * of this pair). path is the store's path. With path NULL the ring lives in memory only (tests, replay). */
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

/* Appends what is new to the file and makes it durable; the writer calls it before it commits what those keys seal.
 * Nothing new: nothing is done. */
dw_err keyring_save(struct keyring *ring, struct err_detail *detail);
/* Forgets what was made since the last save (a batch that is rolled back). */
void keyring_drop_new(struct keyring *ring);
/* Destroys a person's key for good, durable when it returns. */
dw_err keyring_erase(struct keyring *ring, struct id person, struct err_detail *detail);

#endif
