/* Backups: one moment of the store while others write, sealed, and proved by restoring it beside the store and verifying it there
 * before it gets its name. Person keys never lie in a backup of the data: the key files have one of their own. Each is recorded
 * (desk/copies.h). */
#ifndef DESK_BACKUP_H
#define DESK_BACKUP_H

#include "base/vault.h"
#include "desk/verify.h"

enum { BACKUP_DATA = 1, BACKUP_KEYS = 2 }; /* what lies in a vault */

struct backup_made {
    char hash[HASH_TEXT];
    int64_t bytes;
    size_t people;                      /* on a list of the forgotten */
    double copy_ms, seal_ms, verify_ms; /* the moment copied; sealed and synced; restored and verified */
    struct verify_report report;
};

/* store: the path of the desk's store; file: where the backup shall stand. Progress steps "backup.copy", "backup.seal",
 * "restore.open" and those of verify. DW_E_INVALID (no regular file), DW_E_DIFFERS (the store itself does not verify: no backup
 * is made), DW_E_CANCELLED, DW_E_FULL, DW_E_IO. Memory is bounded but for the verifying, which holds the site as any opening
 * does. */
dw_err backup_data(struct backup_made *out, struct desk *desk, const char *store, const char *file, struct vault_secret *secret,
                   struct when at, const struct clock_progress *progress, struct err_detail *detail);
/* The key files. O(keys). */
dw_err backup_keys(struct backup_made *out, struct desk *desk, const char *store, const char *file, struct vault_secret *secret,
                   struct when at, struct err_detail *detail);
/* The list of the forgotten (desk/erased.h): no secret, not sealed. */
dw_err backup_erased(struct backup_made *out, struct desk *desk, const char *file, struct when at, struct err_detail *detail);

struct backup_restored {
    size_t erased; /* of the list given */
    size_t again;  /* forgotten after the backup was made: recorded once more */
    struct verify_report report;
};

/* A backup of the data becomes the store at path store, where none may be and where its key files stand (DW_E_KEYS; restore those
 * first). It is restored beside it, the erasures of the key file and of the list (NULL: none) are applied, it is verified, and
 * only then it gets its name. DW_E_EXISTS, DW_E_FORMAT, DW_E_PASSPHRASE, DW_E_DAMAGED, DW_E_DIFFERS, … */
dw_err backup_restore(struct backup_restored *out, const char *file, const char *store, const char *erased,
                      struct vault_secret *secret, struct when at, const struct clock_progress *progress,
                      struct err_detail *detail);
/* A backup of the key files becomes those of the store at path store, where none may be. If the store is there it is opened with
 * them, which applies the erasures that its ledger knows, and verified. */
dw_err backup_restore_keys(struct backup_restored *out, const char *file, const char *store, const char *erased,
                           struct vault_secret *secret, struct when at, const struct clock_progress *progress,
                           struct err_detail *detail);

/* For both halves: a vault's content as a file, or into the key files of a store. */
dw_err backup_open_file(const char *part, const char *named, const char *to, struct vault_secret *secret,
                        const struct clock_progress *progress, struct err_detail *detail);
dw_err backup_open_keys(const char *part, const char *named, const char *store, struct vault_secret *secret,
                        struct err_detail *detail);
/* Verifies and says DW_E_DIFFERS with the first fault. */
dw_err backup_proved(struct verify_report *report, struct desk *desk, const struct clock_progress *progress,
                     struct err_detail *detail);

#endif
