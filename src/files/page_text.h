/* Text on a page: two fonts and no other, and texts of any length made to fit a box. For card_out and list_out. */
#ifndef FILES_PAGE_TEXT_H
#define FILES_PAGE_TEXT_H

#include <cairo.h>

#include "base/err.h"

struct page_text;

enum { PAGE_TEXT_MOST = 400 }; /* code points that are read of a text */

struct page_box {
    double x, y, w, h; /* points, from the upper left */
};

enum page_align { PAGE_LEFT, PAGE_RIGHT };

/* One to a surface. DW_E_NOT_FOUND when no font is there, DW_E_MEMORY. */
dw_err page_text_open(struct page_text **out, cairo_t *cr, struct err_detail *detail);
void page_text_free(struct page_text *text);
/* Draws words inside box, in the middle of its height: as large as fits of most … least points, on one line if that costs little
 * size, else on several; cut with "…" when even least is too large. words must be UTF-8. What cannot be printed is left out
 * (controls, marks of direction) or becomes □. Nothing leaves the box. DW_E_MEMORY. O(length · log(most)). */
dw_err page_text_draw(struct page_text *text, const char *words, struct page_box box, double most, double least,
                      enum page_align align);
/* Points that words take on one line at a size, at least about; 0 for nothing. */
double page_text_width(struct page_text *text, const char *words, double size);

#endif
