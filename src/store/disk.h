/* What the store and its key file both need of the file system: errors as ours, folders made durable. */
#ifndef STORE_DISK_H
#define STORE_DISK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The code for an errno (DW_E_NOT_FOUND, DW_E_EXISTS, DW_E_FULL, DW_E_MEMORY, else DW_E_IO), with path and what the system says
 * in detail. */
dw_err disk_error(struct err_detail *detail, const char *path, int number);
/* True for the errnos of a disk, quota or file size that is used up. */
bool disk_is_full(int number);

/* Writes or reads all len bytes at offset. Reading past the end is DW_E_DAMAGED. */
dw_err disk_write(int fd, const char *path, const void *data, size_t len, unsigned long long offset, struct err_detail *detail);
dw_err disk_read(int fd, const char *path, void *out, size_t len, unsigned long long offset, struct err_detail *detail);

/* Makes the making, renaming or removing of path itself durable: syncs the folder it stands in. */
dw_err disk_sync_folder(const char *path, struct err_detail *detail);

/* path with ending behind it, on the heap; NULL when memory is out. */
char *disk_beside(const char *path, const char *ending);

#endif
