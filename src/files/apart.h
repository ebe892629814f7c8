/* Reading outside data in a process apart, with bounded memory, time and output: what a damaged or hostile file does to the
 * library that reads it ends with that process. It is a new run of the same program (posix_spawn), not a fork: a server has
 * threads. */
#ifndef FILES_APART_H
#define FILES_APART_H

#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

enum apart_kind { APART_SHEET, APART_LAYER }; /* sheet_worker, layer_worker */

struct apart {
    enum apart_kind kind;
    size_t max_memory;    /* bytes, of the process beyond its libraries and of what it writes */
    unsigned max_seconds; /* of the clock and of the processor */
    const char *path;
    const char *file; /* base name, for messages */
};

/* What the reader wrote is added to said, also when it died half way: whoever reads it must notice. Any number of threads may
 * call it. DW_E_TOO_LARGE when a bound was met, DW_E_CANCELLED, DW_E_IO, DW_E_MEMORY; said is to be freed in every case. */
dw_err apart_run(struct arena_buf *said, const struct apart *apart, const struct clock_progress *progress,
                 struct err_detail *detail);
/* Writes all of data, from within a worker; ends the process when nobody listens any more. */
void apart_write(int out, const void *data, size_t len);

#endif
