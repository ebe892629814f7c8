/* What the process that reads a list has said, into a book; for sheet_in.c. It may have died half way or say anything at all. */
#ifndef FILES_SHEET_SAID_H
#define FILES_SHEET_SAID_H

#include "files/sheet_in.h"

/* book: zeroed but for its file; sheet_free in every case. The stream is sheet_worker.h's. DW_E_FORMAT when it is not whole,
 * DW_E_CELL, DW_E_TOO_LARGE, and the error that the reader itself tells. O(bytes). */
dw_err sheet_said_read(struct sheet_book *book, const struct arena_buf *raw, size_t max_cells, struct err_detail *detail);

#endif
