/* Brings the write-ahead log into the store's file from a thread with a connection of its own, so that no commit waits for it.
 *
 * A passive checkpoint runs each time the log has grown by CHECKPOINT_STEP pages. The log starts again from its beginning only
 * when a checkpoint has caught up with the writer; under a writer that never rests that would never be, and the log would fill
 * the disk. So beyond CHECKPOINT_FULL pages a second checkpoint follows at once, during which no new transaction begins: it has
 * only those pages to bring in that were written during the first. */
#ifndef STORE_SQLITE_CHECKPOINT_H
#define STORE_SQLITE_CHECKPOINT_H

#include "base/err.h"

enum { CHECKPOINT_STEP = 4096, CHECKPOINT_FULL = 4 * CHECKPOINT_STEP }; /* pages of 4 KiB: 16 and 64 MiB */

struct checkpoint;

dw_err checkpoint_start(struct checkpoint **out, const char *path, struct err_detail *detail);
void checkpoint_stop(struct checkpoint *checkpoint); /* waits for a checkpoint under way; NULL is safe */

/* The writer says so before each transaction (may wait, see above), after each, and how many pages the log has after a commit.
 * NULL is safe. */
void checkpoint_enter(struct checkpoint *checkpoint);
void checkpoint_leave(struct checkpoint *checkpoint);
void checkpoint_note(struct checkpoint *checkpoint, int pages);

#endif
