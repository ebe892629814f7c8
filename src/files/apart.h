/* Work on outside data in a process apart, with bounded memory, time and output: what a damaged or hostile file does to the
 * library that reads it ends with that process. */
#ifndef FILES_APART_H
#define FILES_APART_H

#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

struct apart {
    size_t max_memory;    /* bytes, of the process beyond its libraries and of what it writes */
    unsigned max_seconds; /* of the clock and of the processor */
    const char *file;     /* base name, for messages */
};

/* Runs in the process apart and writes its result to out; then the process ends. It inherits everything and changes nothing here.
 */
typedef void apart_work(void *ctx, int out);

/* What the work wrote is added to said, also when the process died half way: whoever reads it must notice. DW_E_TOO_LARGE when a
 * bound was met, DW_E_CANCELLED, DW_E_IO, DW_E_MEMORY; said is to be freed in every case. */
dw_err apart_run(struct arena_buf *said, const struct apart *apart, apart_work *work, void *ctx,
                 const struct clock_progress *progress, struct err_detail *detail);
/* Writes all of data, from within the work; ends the process when nobody listens any more. */
void apart_write(int out, const void *data, size_t len);

#endif
