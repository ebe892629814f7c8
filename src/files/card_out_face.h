/* The face of a door card: what stands where. */
#ifndef FILES_CARD_OUT_FACE_H
#define FILES_CARD_OUT_FACE_H

#include "files/card_out.h"
#include "files/page_text.h"

/* Draws a card with its upper left corner at the origin of cr, inside its size less a margin. The texts are UTF-8 and of bearable
 * length. DW_E_TOO_LARGE when the url is too long for a QR, DW_E_MEMORY. */
dw_err card_out_face_a6(cairo_t *cr, struct page_text *text, const struct card *card, enum err_lang lang);
dw_err card_out_face_small(cairo_t *cr, struct page_text *text, const struct card *card, enum err_lang lang);
/* 临时户门卡, Door card. */
const char *card_out_face_title(enum err_lang lang);

#endif
