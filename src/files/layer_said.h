/* What the process that reads a map has said, into a map; for layer_in.c. It may have died half way or say anything at all. */
#ifndef FILES_LAYER_SAID_H
#define FILES_LAYER_SAID_H

#include "files/layer_in.h"

/* map: zeroed but for its file; layer_free in every case. DW_E_FORMAT when the stream is not whole, or the error that the reader
 * itself tells. O(bytes). */
dw_err layer_said_read(struct layer_map *map, const struct arena_buf *said, struct err_detail *detail);

#endif
