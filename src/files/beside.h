/* A file that appears under its name only when it is whole: made in a folder of its own beside the place where it shall stand,
 * then moved there with the files that belong to it (a Shapefile's). A path that is no regular file (a pipe, a device) is written
 * directly and never replaced; "-" is stdout. */
#ifndef FILES_BESIDE_H
#define FILES_BESIDE_H

#include <stdio.h>

#include "base/err.h"

struct beside {
    char *path;   /* where it shall stand; NULL: stdout */
    char *folder; /* NULL: written directly */
    char *part;   /* what to write until then: the same name in folder, or path itself; NULL: stdout */
};

/* Zero-initialise; free in every case. DW_E_IO when path cannot be written there. */
dw_err beside_make(struct beside *beside, const char *path, struct err_detail *detail);
/* Opens part for writing: stdout for "-", which the caller does not close; NULL with errno. */
FILE *beside_open(const struct beside *beside);
/* What is written and closed is brought to the disk and moved to its place, path itself last, and the folder's list of names too.
 * On an error path is as it was; only if that last step fails, the new file stands there. */
dw_err beside_keep(struct beside *beside, struct err_detail *detail);
/* All of that for bytes that are at hand. */
dw_err beside_put(const char *path, const void *data, size_t len, struct err_detail *detail);
/* Removes what was not kept. */
void beside_free(struct beside *beside);
/* DW_E_FULL or DW_E_IO with the path. code: errno, or 0 when a library did not say why; then the free space decides. */
dw_err beside_fail(const struct beside *beside, int code, struct err_detail *detail);

#endif
