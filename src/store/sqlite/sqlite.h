/* The store in one SQLite file: write-ahead log, every commit synced, the log brought into the file by a thread of its own.
 * Beside "x.db" stand "x.db-wal" and "x.db-shm" while it is open; closing takes them away. */
#ifndef STORE_SQLITE_SQLITE_H
#define STORE_SQLITE_SQLITE_H

#include "store/port.h"

/* As store_open; path NULL with STORE_SCRATCH. path is a path and nothing else: no URI, no special name. A new store is built
 * under another name beside it and then renamed, so a store is there whole or not at all, with mode 0600. It is refused too
 * (DW_E_EXISTS) where the log of a store that is gone was left, since SQLite would mix the two. */
dw_err sqlite_open(struct store **out, const char *path, enum store_mode mode, struct err_detail *detail);

const char *sqlite_version(void);

#endif
