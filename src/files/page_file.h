/* A PDF that is made page by page (cairo): the file, its surface and the texts on it. For card_out and list_out. */
#ifndef FILES_PAGE_FILE_H
#define FILES_PAGE_FILE_H

#include <cairo.h>

#include "base/when.h"
#include "files/beside.h"
#include "files/page_text.h"

static const double PAGE_MM = 72 / 25.4; /* points */

struct page_file {
    struct beside beside;
    FILE *file;
    int code; /* errno of a write that failed, which cairo forgets */
    cairo_surface_t *surface;
    cairo_t *cr; /* in points, from the upper left */
    struct page_text *text;
};

/* Zero-initialise; page_file_free in every case. Pages of w by h millimetres. title and when are what the file tells of itself:
 * the same drawings, title and time give the same bytes. DW_E_NOT_FOUND when neither font is installed, DW_E_IO, DW_E_FULL,
 * DW_E_MEMORY. */
dw_err page_file_open(struct page_file *page, const char *path, double w, double h, const char *title, struct when when,
                      struct err_detail *detail);
/* What cairo has met so far. */
dw_err page_file_state(struct page_file *page, struct err_detail *detail);
/* Finishes; the file appears under its name. */
dw_err page_file_keep(struct page_file *page, struct err_detail *detail);
/* What was not kept leaves no file. */
void page_file_free(struct page_file *page);

#endif
