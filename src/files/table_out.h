/* Tables out: XLSX (libxlsxwriter, constant memory), CSV and JSON, row by row, cells as text. */
#ifndef FILES_TABLE_OUT_H
#define FILES_TABLE_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum table_out_format {
    TABLE_OUT_XLSX,
    TABLE_OUT_CSV,         /* UTF-8 */
    TABLE_OUT_CSV_BOM,     /* UTF-8 with a byte order mark, which Excel needs */
    TABLE_OUT_CSV_GB18030, /* through ICU in base/text */
    TABLE_OUT_JSON         /* an array of objects, a line each, of texts by header; what is empty is null */
};

struct table_out;

/* path "-" writes CSV to stdout; a pipe or device is written directly (CSV only). title: NULL, or a merged first row above the
 * headers. The file appears under its name only when table_out_close succeeds (files/beside.h). CSV cells that a spreadsheet
 * would run as a formula (= + - @ first, also in full width, a tab or a carriage return) are kept from running by a leading
 * apostrophe, unless they are plain numbers. sheet is cut at 31 characters. DW_E_INVALID,
 * DW_E_FULL, DW_E_IO. */
dw_err table_out_open(struct table_out **out, const char *path, enum table_out_format format, const char *sheet,
                      const char *title, const char *const *headers, size_t columns, struct err_detail *detail);
/* A column of a workbook's sheet. width: in characters, 0: as its header asks. number: cells that are whole numbers are written
 * as such, not as text. */
struct table_out_column {
    const char *header;
    int width;
    bool number;
};
/* A workbook whose columns are told more of; and a further sheet of it, to which rows go from now on. Headers stay in sight when
 * rows are scrolled. DW_E_INVALID where the name is taken or cannot name a sheet; else as table_out_open. */
dw_err table_out_book(struct table_out **out, const char *path, const char *sheet, const char *title,
                      const struct table_out_column *columns, size_t count, struct err_detail *detail);
dw_err table_out_sheet(struct table_out *table, const char *sheet, const char *title, const struct table_out_column *columns,
                       size_t count, struct err_detail *detail);
/* columns cells; NULL or "" is an empty cell. DW_E_UTF8 with row and column (nothing of the row is written); XLSX with more than
 * 1,048,576 rows or 32,767 characters in a cell: DW_E_TOO_LARGE. After an error call table_out_abort. */
dw_err table_out_row(struct table_out *table, const char *const *cells, struct err_detail *detail);
/* Finishes and frees; table_out_abort frees and leaves no file. Both are safe with NULL. */
dw_err table_out_close(struct table_out *table, struct err_detail *detail);
void table_out_abort(struct table_out *table);

#endif
