/* A QR as text, for a terminal: two rows of modules a line. */
#ifndef FILES_QR_TEXT_H
#define FILES_QR_TEXT_H

#include "base/arena.h"
#include "base/err.h"

/* Light on dark, with its quiet zone. DW_E_TOO_LARGE, DW_E_MEMORY. */
dw_err qr_text(struct arena_buf *out, const char *text);

#endif
