/* Tables out: XLSX (libxlsxwriter, constant memory) and CSV, row by row, all cells as text. */
#ifndef FILES_TABLE_OUT_H
#define FILES_TABLE_OUT_H

#include <stddef.h>

#include "base/err.h"

enum table_out_format {
    TABLE_OUT_XLSX,
    TABLE_OUT_CSV,        /* UTF-8 */
    TABLE_OUT_CSV_BOM,    /* UTF-8 with a byte order mark, which Excel needs */
    TABLE_OUT_CSV_GB18030 /* through ICU in base/text */
};

struct table_out;

/* path "-" writes CSV to stdout. title: NULL, or a merged first row above the headers. The file appears under its name only
 * when table_out_close succeeds (written beside it, then renamed). CSV cells that a spreadsheet would run as a formula
 * (= + - @ first) are kept from running by a leading apostrophe, unless they are plain numbers. */
dw_err table_out_open(struct table_out **out, const char *path, enum table_out_format format, const char *sheet,
                      const char *title, const char *const *headers, size_t columns, struct err_detail *detail);
/* columns cells; NULL or "" is an empty cell. XLSX more than 1,048,576 rows: DW_E_TOO_LARGE. */
dw_err table_out_row(struct table_out *table, const char *const *cells, struct err_detail *detail);
/* Finishes and frees; table_out_abort frees and leaves no file. Both are safe with NULL. */
dw_err table_out_close(struct table_out *table, struct err_detail *detail);
void table_out_abort(struct table_out *table);

#endif
