/* The QR of a door card. */
#ifndef FILES_CARD_OUT_QR_H
#define FILES_CARD_OUT_QR_H

#include <cairo.h>

#include "base/err.h"

static const double CARD_OUT_QR_QUIET = 4 / 29.0; /* of the smallest symbol drawn, version 3 */

/* Draws url as a QR (error correction M) black on what is there: a square of side points at x, y. The quiet zone of four modules
 * lies around it and is the caller's to keep empty: at most CARD_OUT_QR_QUIET of the side. DW_E_TOO_LARGE, DW_E_MEMORY.
 * O(modules). */
dw_err card_out_qr(cairo_t *cr, const char *url, double x, double y, double side);

#endif
