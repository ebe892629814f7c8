/* Text on a door card: two fonts and no other, and texts of any length made to fit a box. */
#ifndef FILES_CARD_OUT_TEXT_H
#define FILES_CARD_OUT_TEXT_H

#include <cairo.h>

#include "base/err.h"

struct card_out_text;

struct card_out_box {
    double x, y, w, h; /* points, from the upper left */
};

enum card_out_align { CARD_OUT_LEFT, CARD_OUT_RIGHT };

/* One to a surface. DW_E_NOT_FOUND when no font is there, DW_E_MEMORY. */
dw_err card_out_text_open(struct card_out_text **out, cairo_t *cr, struct err_detail *detail);
void card_out_text_free(struct card_out_text *text);
/* Draws words inside box, in the middle of its height: as large as fits of most … least points, on one line if that costs little
 * size, else on several; cut with "…" when even least is too large. words must be UTF-8. O(length · log(most)). */
dw_err card_out_text_draw(struct card_out_text *text, const char *words, struct card_out_box box, double most, double least,
                          enum card_out_align align);

#endif
