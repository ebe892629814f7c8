/* Long lists on paper: A4 pages with a head, column headers on every page, rows and a foot, as a PDF (cairo, Pango). Pure: no
 * store, no clock; the same rows and the same time give the same bytes. */
#ifndef FILES_LIST_OUT_H
#define FILES_LIST_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/when.h"

enum { LIST_OUT_COLUMNS = 24 };

enum list_out_kind {
    LIST_OUT_TEXT,
    LIST_OUT_RIGHT, /* a number, to the right */
    LIST_OUT_TICK   /* a box to tick by hand; its cell is not read */
};

struct list_out_column {
    const char *header;
    double share; /* of the page's width, against the others' */
    enum list_out_kind kind;
};

struct list_out_form {
    enum err_lang lang;
    bool landscape;
    double size;       /* of a row's text, points: 6 to 30 */
    const char *title; /* what the file is called in its reader */
    const char *site;  /* stands in every page's foot, with when */
    struct when when;
    const struct list_out_column *columns;
    size_t count; /* 1 to LIST_OUT_COLUMNS */
};

struct list_out_head {
    const char *title, *subtitle; /* on every page of the section */
    const char *note;             /* large, on its first page; NULL: none */
    const char *none;             /* stands in the place of rows when there are none; NULL: a word for nothing */
};

struct list_out;

/* Says the list by calls of the three below: once to count the pages ("page 1 of 3"), then once to draw them. Both times the
 * same. */
typedef dw_err list_out_fill(struct list_out *out, void *ctx, struct err_detail *detail);

/* Writes the list to path, where it appears only when whole (files/beside.h); "-" is stdout. Rows never break over a page and
 * take one to three lines; cells shrink, then wrap, and end in "…" where even that does not do. Memory does not grow with rows,
 * but for a few hundred bytes a page. DW_E_INVALID: no section, or the two times differed; DW_E_NOT_FOUND: no font; DW_E_UTF8
 * with row and column; DW_E_IO, DW_E_FULL, DW_E_MEMORY, and what fill says. O(text). */
dw_err list_out_write(const char *path, const struct list_out_form *form, list_out_fill *fill, void *ctx,
                      struct err_detail *detail);

/* From here on a new page with a head of its own, whose pages are counted apart. The texts are copied. */
dw_err list_out_section(struct list_out *out, const struct list_out_head *head, struct err_detail *detail);
/* A line across the rows that follow; never the last of its page, and said again on the next one. */
dw_err list_out_band(struct list_out *out, const char *text, struct err_detail *detail);
/* As many cells as columns; NULL or "" is empty. */
dw_err list_out_row(struct list_out *out, const char *const *cells, struct err_detail *detail);

#endif
