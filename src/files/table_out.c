#include "files/table_out.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/text.h"

enum { TABLE_OUT_ROWS = 1048576, TABLE_OUT_FLUSH = 256 * 1024, TABLE_OUT_SHEET_NAME = 31 };

struct table_out {
    enum table_out_format format;
    char *path;   /* where the file shall stand; NULL for stdout */
    char *beside; /* where it is written until it is whole */
    char *folder; /* of path, for the library's own temporary files */
    FILE *file;   /* CSV */
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold;
    size_t columns;
    size_t rows;              /* written, title and headers included */
    struct arena_buf line;    /* CSV in UTF-8, until it is worth writing */
    struct arena_buf convert; /* one cell cleaned, or the line in GB18030 */
};

static void table_out_release(struct table_out *t)
{
    if (t->file != NULL && t->path != NULL) fclose(t->file);
    if (t->beside != NULL) unlink(t->beside); /* what is not whole does not stay */
    arena_buf_free(&t->line);
    arena_buf_free(&t->convert);
    free(t->path);
    free(t->beside);
    free(t->folder);
    free(t);
}

static dw_err table_out_io(const struct table_out *t, struct err_detail *detail, int code)
{
    dw_err err = code == ENOSPC || code == EDQUOT ? DW_E_FULL : DW_E_IO;
    return err_at(detail, err, t->path == NULL ? "-" : t->path, "", 0, "", "%s", code == 0 ? "cannot write" : strerror(code));
}

static dw_err table_out_names(struct table_out *t, const char *path)
{
    static unsigned count;
    size_t len = strlen(path);
    const char *slash = strrchr(path, '/');
    t->path = strdup(path);
    t->beside = malloc(len + 64);
    t->folder = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
    if (t->path == NULL || t->beside == NULL || t->folder == NULL) return DW_E_MEMORY;
    unsigned n = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
    snprintf(t->beside, len + 64, "%s.%ld-%u.part", path, (long)getpid(), n);
    return DW_OK;
}

static bool table_out_flush(struct table_out *t)
{
    struct arena_buf *from = &t->line;
    if (t->format == TABLE_OUT_CSV_GB18030) {
        arena_buf_clear(&t->convert);
        if (!text_to_gb18030(&t->convert, t->line.data == NULL ? "" : t->line.data, t->line.len)) return false;
        from = &t->convert;
    }
    bool good = from->len == 0 || fwrite(from->data, 1, from->len, t->file) == from->len;
    arena_buf_clear(&t->line);
    return good;
}

/* What a spreadsheet would run as a formula; signed numbers are none. */
static bool table_out_runs(const char *text)
{
    if (*text != '=' && *text != '+' && *text != '-' && *text != '@') return false;
    if (*text == '=' || *text == '@') return true;
    for (text++; *text != 0; text++)
        if ((*text < '0' || *text > '9') && *text != '.') return true;
    return false;
}

static void table_out_cell(struct table_out *t, const char *text)
{
    bool quote = strpbrk(text, ",\"\r\n") != NULL || *text == ' ';
    if (quote) arena_buf_text(&t->line, "\"");
    if (table_out_runs(text)) arena_buf_text(&t->line, "'");
    for (const char *c = text; *c != 0; c++) {
        if (*c == '"') arena_buf_text(&t->line, "\"");
        arena_buf_put(&t->line, c, 1);
    }
    if (quote) arena_buf_text(&t->line, "\"");
}

static dw_err table_out_csv_row(struct table_out *t, const char *const *cells, struct err_detail *detail)
{
    for (size_t i = 0; i < t->columns; i++) {
        if (i > 0) arena_buf_text(&t->line, ",");
        if (cells[i] != NULL) table_out_cell(t, cells[i]);
    }
    arena_buf_text(&t->line, "\r\n");
    if (t->line.failed) return DW_E_MEMORY;
    t->rows++;
    return t->line.len < TABLE_OUT_FLUSH || table_out_flush(t) ? DW_OK : table_out_io(t, detail, errno);
}

static dw_err table_out_xlsx_row(struct table_out *t, const char *const *cells, lxw_format *format, struct err_detail *detail)
{
    if (t->rows >= TABLE_OUT_ROWS)
        return err_at(detail, DW_E_TOO_LARGE, t->path, "", (int64_t)t->rows, "", "a sheet holds no more rows");
    for (size_t i = 0; i < t->columns; i++)
        if (cells[i] != NULL && cells[i][0] != 0)
            worksheet_write_string(t->sheet, (lxw_row_t)t->rows, (lxw_col_t)i, cells[i], format);
    t->rows++;
    return DW_OK;
}

static dw_err table_out_start_xlsx(struct table_out *t, const char *sheet, const char *title, const char *const *headers,
                                   struct err_detail *detail)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = t->folder};
    char name[TABLE_OUT_SHEET_NAME * 4 + 1];
    size_t cut = 0, points = 0, len = strlen(sheet);
    while (cut < len && points++ < TABLE_OUT_SHEET_NAME) text_next(sheet, len, &cut);
    snprintf(name, sizeof name, "%.*s", (int)cut, sheet);
    t->book = workbook_new_opt(t->beside, &options);
    if (t->book == NULL) return DW_E_MEMORY;
    t->sheet = workbook_add_worksheet(t->book, *name == 0 ? NULL : name);
    t->bold = workbook_add_format(t->book);
    if (t->sheet == NULL || t->bold == NULL) return err_set(detail, DW_E_INVALID, "%s cannot name a sheet", name);
    format_set_bold(t->bold);
    for (size_t i = 0; i < t->columns; i++)
        worksheet_set_column(t->sheet, (lxw_col_t)i, (lxw_col_t)i, (double)text_width(headers[i]) + 6, NULL);
    if (title != NULL) {
        worksheet_merge_range(t->sheet, 0, 0, 0, (lxw_col_t)(t->columns > 1 ? t->columns - 1 : 1), title, t->bold);
        t->rows++;
    }
    worksheet_freeze_panes(t->sheet, (lxw_row_t)t->rows + 1, 0);
    return table_out_xlsx_row(t, headers, t->bold, detail);
}

static dw_err table_out_start_csv(struct table_out *t, const char *title, const char *const *headers, struct err_detail *detail)
{
    t->file = t->path == NULL ? stdout : fopen(t->beside, "wb");
    if (t->file == NULL) return table_out_io(t, detail, errno);
    if (t->format == TABLE_OUT_CSV_BOM) arena_buf_text(&t->line, "\xef\xbb\xbf");
    if (title != NULL) {
        table_out_cell(t, title);
        arena_buf_text(&t->line, "\r\n");
        t->rows++;
    }
    return table_out_csv_row(t, headers, detail);
}

dw_err table_out_open(struct table_out **out, const char *path, enum table_out_format format, const char *sheet,
                      const char *title, const char *const *headers, size_t columns, struct err_detail *detail)
{
    struct table_out *t = calloc(1, sizeof *t);
    bool xlsx = format == TABLE_OUT_XLSX, out_there = strcmp(path, "-") == 0;
    *out = NULL;
    if (t == NULL) return DW_E_MEMORY;
    t->format = format;
    t->columns = columns;
    dw_err err = out_there ? DW_OK : table_out_names(t, path);
    if (err == DW_OK && xlsx && out_there) err = err_set(detail, DW_E_INVALID, "a workbook needs a file to be written to");
    if (err == DW_OK)
        err = xlsx ? table_out_start_xlsx(t, sheet, title, headers, detail) : table_out_start_csv(t, title, headers, detail);
    if (err != DW_OK) {
        table_out_abort(t);
        return err;
    }
    *out = t;
    return DW_OK;
}

dw_err table_out_row(struct table_out *t, const char *const *cells, struct err_detail *detail)
{
    return t->format == TABLE_OUT_XLSX ? table_out_xlsx_row(t, cells, NULL, detail) : table_out_csv_row(t, cells, detail);
}

static dw_err table_out_finish(struct table_out *t, struct err_detail *detail)
{
    errno = 0;
    if (t->format == TABLE_OUT_XLSX) {
        lxw_error error = workbook_close(t->book);
        t->book = NULL;
        return error == LXW_NO_ERROR ? DW_OK : table_out_io(t, detail, errno != 0 ? errno : EIO);
    }
    if (!table_out_flush(t) || fflush(t->file) != 0) return table_out_io(t, detail, errno);
    if (t->path == NULL) return DW_OK;
    FILE *file = t->file;
    t->file = NULL;
    return fclose(file) == 0 ? DW_OK : table_out_io(t, detail, errno);
}

dw_err table_out_close(struct table_out *t, struct err_detail *detail)
{
    if (t == NULL) return DW_OK;
    dw_err err = table_out_finish(t, detail);
    if (err == DW_OK && t->path != NULL && rename(t->beside, t->path) != 0) err = table_out_io(t, detail, errno);
    if (err == DW_OK) {
        free(t->beside);
        t->beside = NULL;
    }
    table_out_release(t);
    return err;
}

void table_out_abort(struct table_out *t)
{
    if (t == NULL) return;
    if (t->book != NULL) workbook_close(t->book); /* the library frees only what it has closed */
    table_out_release(t);
}
