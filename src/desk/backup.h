/* Backups: one moment of the store while others write, packed and sealed, and read back before it gets its name. Person keys
 * never lie in a backup of the data: the key files have one of their own. Each is recorded (desk/copies.h). Two proofs, in their
 * words: a backup just made is proved to give back, byte for byte, the moment that was copied, whatever that was worth; restoring
 * and the drill prove that a backup's ledger, replayed, makes all of its tables (desk/verify.h). */
#ifndef DESK_BACKUP_H
#define DESK_BACKUP_H

#include "base/vault.h"
#include "desk/tables.h"
#include "desk/verify.h"

enum {
    BACKUP_DATA = 1,
    BACKUP_KEYS = 2
}; /* what lies in a vault: a store's file, packed (base/pack.h); key files, as they are */

struct backup_made {
    char hash[HASH_TEXT];
    int64_t bytes, store_bytes, entries; /* of the backup; of the store that lies in it */
    size_t people;                       /* on a list of the forgotten */
    double copy_ms, seal_ms, check_ms;   /* the moment copied; sealed and on its disk; read back and compared */
};

/* store: the path of the desk's store; file: where the backup shall stand. A store that does not verify is backed up all the
 * same, as it is. Progress steps "backup.copy", "backup.seal", "restore.open". DW_E_INVALID (no regular file), DW_E_DAMAGED (what
 * was written does not come back), DW_E_DIFFERS (nor does the copy hold what the store holds), DW_E_CANCELLED, DW_E_FULL,
 * DW_E_IO. Memory is bounded. */
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
/* A drill: all of that with the key files of the store at path store, but for the name: nothing stays. The store itself may be
 * there or not, and is not looked at. */
dw_err backup_drill(struct backup_restored *out, const char *file, const char *store, struct vault_secret *secret, struct when at,
                    const struct clock_progress *progress, struct err_detail *detail);
/* A backup of the key files becomes those of the store at path store, where none may be. If the store is there it is opened with
 * them, which applies the erasures that its ledger knows, and verified. */
dw_err backup_restore_keys(struct backup_restored *out, const char *file, const char *store, const char *erased,
                           struct vault_secret *secret, struct when at, const struct clock_progress *progress,
                           struct err_detail *detail);

/* For both halves: a vault's content, piece by piece of at most VAULT_CHUNK bytes, or into the key files of a store. named: the
 * path as the user knows it. */
typedef dw_err backup_piece(void *ctx, const void *data, size_t len, unsigned long long at, struct err_detail *detail);
dw_err backup_unseal(const char *part, const char *named, backup_piece *piece, void *ctx, struct vault_secret *secret,
                     const struct clock_progress *progress, struct err_detail *detail);
dw_err backup_open_keys(const char *part, const char *named, const char *store, struct vault_secret *secret,
                        struct err_detail *detail);

/* What a store holds, told shortly: how many rows, and where the ledger and every device's chain end. O(rows), counted only. */
struct backup_moment {
    int64_t rows[TABLES_COUNT];
    uint8_t heads[HASH_SIZE];
};
dw_err backup_moment(struct backup_moment *out, struct store *store, struct err_detail *detail);

#endif
