#include "files/table_out.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "files/beside.h"
#include "files/xlsx_whole.h"

enum {
    TABLE_OUT_ROWS = 1048576,
    TABLE_OUT_COLUMNS = 16384,
    TABLE_OUT_FLUSH = 256 * 1024,
    TABLE_OUT_SHEET_NAME = 31,
    TABLE_OUT_DIGITS = 15
};

struct table_out {
    enum table_out_format format;
    struct beside beside;
    FILE *file; /* CSV */
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold;
    size_t columns;
    const char **keys; /* of a JSON table: its headers, in texts */
    struct arena texts;
    bool *numbers;            /* of the sheet's columns; NULL: none */
    size_t rows;              /* of the sheet, written, title and headers included */
    struct arena_buf line;    /* CSV in UTF-8, until it is worth writing */
    struct arena_buf convert; /* the same in GB18030 */
};

static void table_out_release(struct table_out *t)
{
    if (t->file != NULL && t->beside.part != NULL) fclose(t->file);
    beside_free(&t->beside); /* what is not whole does not stay */
    arena_buf_free(&t->line);
    arena_buf_free(&t->convert);
    arena_free(&t->texts);
    free(t->numbers);
    free(t);
}

static dw_err table_out_bad(const struct table_out *t, dw_err code, size_t column, struct err_detail *detail, const char *what)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", column + 1);
    const char *path = t->beside.path == NULL ? "-" : t->beside.path;
    return err_at(detail, code, path, "", (int64_t)t->rows + 1, number, "%s", what);
}

/* One rule for every format: what is no UTF-8 (a text cut inside a character, say) would spoil the whole file. */
static dw_err table_out_check(const struct table_out *t, const char *const *cells, struct err_detail *detail)
{
    for (size_t i = 0; i < t->columns; i++)
        if (cells[i] != NULL && !text_valid(cells[i], strlen(cells[i]), NULL))
            return table_out_bad(t, DW_E_UTF8, i, detail, "a cell that is no UTF-8");
    return DW_OK;
}

static bool table_out_flush(struct table_out *t)
{
    struct arena_buf *from = &t->line;
    errno = 0;
    if (t->format == TABLE_OUT_CSV_GB18030) {
        arena_buf_clear(&t->convert);
        if (!text_to_gb18030(&t->convert, t->line.data == NULL ? "" : t->line.data, t->line.len)) return false;
        from = &t->convert;
    }
    bool good = from->len == 0 || fwrite(from->data, 1, from->len, t->file) == from->len;
    arena_buf_clear(&t->line);
    return good;
}

/* What a spreadsheet would run as a formula, in full width too; signed numbers are none. */
static bool table_out_runs(const char *text)
{
    static const char *const starts[] = {"=", "@", "\t", "\r", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0) return true;
    if (*text != '+' && *text != '-') return false;
    return text[1 + strspn(text + 1, "0123456789.")] != 0;
}

static void table_out_cell(struct table_out *t, const char *text)
{
    bool quote = strpbrk(text, ",\"\r\n") != NULL || *text == ' ' || (*text == 0 && t->columns == 1); /* no blank line */
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
        table_out_cell(t, cells[i] == NULL ? "" : cells[i]);
    }
    arena_buf_text(&t->line, "\r\n");
    if (t->line.failed) return DW_E_MEMORY;
    t->rows++;
    return t->line.len < TABLE_OUT_FLUSH || table_out_flush(t) ? DW_OK : beside_fail(&t->beside, errno, detail);
}

static dw_err table_out_json_row(struct table_out *t, const char *const *cells, struct err_detail *detail)
{
    struct json_out json = {.buf = &t->line};
    arena_buf_text(&t->line, t->rows++ == 0 ? "[\n" : ",\n");
    json_open(&json, '{');
    for (size_t i = 0; i < t->columns; i++) {
        json_key(&json, t->keys[i]);
        json_put(&json, cells[i] == NULL || *cells[i] == 0 ? NULL : cells[i]);
    }
    json_close(&json, '}');
    if (t->line.failed) return DW_E_MEMORY;
    return t->line.len < TABLE_OUT_FLUSH || table_out_flush(t) ? DW_OK : beside_fail(&t->beside, errno, detail);
}

static lxw_error table_out_xlsx_cell(struct table_out *t, size_t column, const char *text, lxw_format *format)
{
    int64_t n;
    bool number = t->numbers != NULL && t->numbers[column] && format == NULL && strlen(text) <= TABLE_OUT_DIGITS &&
                  text_int(&n, text, strlen(text));
    if (number) return worksheet_write_number(t->sheet, (lxw_row_t)t->rows, (lxw_col_t)column, (double)n, NULL);
    return worksheet_write_string(t->sheet, (lxw_row_t)t->rows, (lxw_col_t)column, text, format);
}

static dw_err table_out_xlsx_row(struct table_out *t, const char *const *cells, lxw_format *format, struct err_detail *detail)
{
    if (t->rows >= TABLE_OUT_ROWS) return table_out_bad(t, DW_E_TOO_LARGE, 0, detail, "a sheet holds no more rows");
    for (size_t i = 0; i < t->columns; i++) {
        if (cells[i] == NULL || cells[i][0] == 0) continue;
        lxw_error error = table_out_xlsx_cell(t, i, cells[i], format);
        if (error == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
            return table_out_bad(t, DW_E_TOO_LARGE, i, detail, "a cell holds no more text");
        if (error != LXW_NO_ERROR) return DW_E_MEMORY;
    }
    t->rows++;
    /* The library does not look at its temporary file, so a full disk would lose rows without a word. */
    return ferror(t->sheet->optimize_tmpfile) ? beside_fail(&t->beside, 0, detail) : DW_OK;
}

static dw_err table_out_title_xlsx(struct table_out *t, const char *title, struct err_detail *detail)
{
    const char *cells[] = {title};
    size_t columns = t->columns;
    if (columns > 1) {
        worksheet_merge_range(t->sheet, 0, 0, 0, (lxw_col_t)(columns - 1), "", t->bold);
        worksheet_write_string(t->sheet, 0, 0, title, t->bold);
        t->rows++;
        return DW_OK;
    }
    return table_out_xlsx_row(t, cells, t->bold, detail);
}

/* The last row, which the library still holds, and all before it. Its temporary file it does not look at itself. */
static bool table_out_flush_sheet(struct table_out *t)
{
    lxw_worksheet_write_single_row(t->sheet);
    return fflush(t->sheet->optimize_tmpfile) == 0 && !ferror(t->sheet->optimize_tmpfile);
}

static dw_err table_out_add_sheet(struct table_out *t, const char *sheet, struct err_detail *detail)
{
    char name[TABLE_OUT_SHEET_NAME * 4 + 1];
    size_t cut = 0, points = 0, len = strlen(sheet);
    while (cut < len && points++ < TABLE_OUT_SHEET_NAME) text_next(sheet, len, &cut);
    snprintf(name, sizeof name, "%.*s", (int)cut, sheet);
    if (*name != 0 && workbook_validate_sheet_name(t->book, name) != LXW_NO_ERROR)
        return err_set(detail, DW_E_INVALID, "%s cannot name a sheet", name);
    errno = 0;
    t->sheet = workbook_add_worksheet(t->book, *name == 0 ? NULL : name);
    return t->sheet == NULL || t->sheet->optimize_tmpfile == NULL ? beside_fail(&t->beside, errno, detail) : DW_OK;
}

static dw_err table_out_start_sheet(struct table_out *t, const char *sheet, const char *title,
                                    const struct table_out_column *columns, size_t count, struct err_detail *detail)
{
    t->columns = count;
    t->rows = 0;
    if (count == 0) return err_set(detail, DW_E_INVALID, "a table without columns");
    if (count > TABLE_OUT_COLUMNS) return table_out_bad(t, DW_E_TOO_LARGE, 0, detail, "a sheet holds no more columns");
    free(t->numbers);
    t->numbers = calloc(count, sizeof *t->numbers);
    const char **headers = calloc(count, sizeof *headers);
    dw_err err = t->numbers == NULL || headers == NULL ? DW_E_MEMORY : DW_OK;
    for (size_t i = 0; err == DW_OK && i < count; i++) {
        headers[i] = columns[i].header;
        t->numbers[i] = columns[i].number;
    }
    if (err == DW_OK) err = table_out_check(t, headers, detail);
    if (err == DW_OK && title != NULL && !text_valid(title, strlen(title), NULL)) err = err_set(detail, DW_E_UTF8, "title");
    if (err == DW_OK) err = table_out_add_sheet(t, sheet, detail);
    for (size_t i = 0; err == DW_OK && i < count; i++) {
        double width = columns[i].width > 0 ? columns[i].width : (double)text_width(headers[i]) + 6;
        worksheet_set_column(t->sheet, (lxw_col_t)i, (lxw_col_t)i, width, NULL);
    }
    if (err == DW_OK && title != NULL) err = table_out_title_xlsx(t, title, detail);
    if (err == DW_OK) {
        worksheet_freeze_panes(t->sheet, (lxw_row_t)t->rows + 1, 0);
        err = table_out_xlsx_row(t, headers, t->bold, detail);
    }
    free(headers);
    return err;
}

static dw_err table_out_start_book(struct table_out *t, struct err_detail *detail)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = t->beside.folder};
    if (t->beside.folder == NULL) return err_set(detail, DW_E_INVALID, "a workbook needs a file to be written to");
    t->book = workbook_new_opt(t->beside.part, &options);
    if (t->book == NULL) return DW_E_MEMORY;
    t->bold = workbook_add_format(t->book);
    if (t->bold == NULL) return DW_E_MEMORY;
    format_set_bold(t->bold);
    return DW_OK;
}

dw_err table_out_book(struct table_out **out, const char *path, const char *sheet, const char *title,
                      const struct table_out_column *columns, size_t count, struct err_detail *detail)
{
    struct table_out *t = calloc(1, sizeof *t);
    *out = NULL;
    if (t == NULL) return DW_E_MEMORY;
    t->format = TABLE_OUT_XLSX;
    dw_err err = beside_make(&t->beside, path, detail);
    if (err == DW_OK) err = table_out_start_book(t, detail);
    if (err == DW_OK) err = table_out_start_sheet(t, sheet, title, columns, count, detail);
    if (err != DW_OK) {
        table_out_abort(t);
        return err;
    }
    *out = t;
    return DW_OK;
}

dw_err table_out_sheet(struct table_out *t, const char *sheet, const char *title, const struct table_out_column *columns,
                       size_t count, struct err_detail *detail)
{
    if (t->format != TABLE_OUT_XLSX) return err_set(detail, DW_E_INVALID, "a text file has one sheet");
    errno = 0;
    if (!table_out_flush_sheet(t)) return beside_fail(&t->beside, errno, detail);
    return table_out_start_sheet(t, sheet, title, columns, count, detail);
}

/* A workbook of plain headers. */
static dw_err table_out_plain_book(struct table_out **out, const char *path, const char *sheet, const char *title,
                                   const char *const *headers, size_t count, struct err_detail *detail)
{
    struct table_out_column *columns = calloc(count + 1, sizeof *columns);
    if (columns == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < count; i++) columns[i].header = headers[i];
    dw_err err = table_out_book(out, path, sheet, title, columns, count, detail);
    free(columns);
    return err;
}

static dw_err table_out_keys(struct table_out *t, const char *const *headers)
{
    t->keys = arena_array(&t->texts, t->columns, sizeof *t->keys);
    for (size_t i = 0; t->keys != NULL && i < t->columns; i++) {
        t->keys[i] = arena_text(&t->texts, headers[i], strlen(headers[i]));
        if (t->keys[i] == NULL) return DW_E_MEMORY;
    }
    return t->keys == NULL ? DW_E_MEMORY : DW_OK;
}

static dw_err table_out_start_text(struct table_out *t, const char *title, const char *const *headers, struct err_detail *detail)
{
    t->file = beside_open(&t->beside);
    if (t->file == NULL) return beside_fail(&t->beside, errno, detail);
    if (t->format == TABLE_OUT_JSON) return table_out_keys(t, headers);
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
    *out = NULL;
    if (format == TABLE_OUT_XLSX) return table_out_plain_book(out, path, sheet, title, headers, columns, detail);
    struct table_out *t = calloc(1, sizeof *t);
    if (t == NULL) return DW_E_MEMORY;
    t->format = format;
    t->columns = columns;
    dw_err err = columns == 0 ? err_set(detail, DW_E_INVALID, "a table without columns") : table_out_check(t, headers, detail);
    if (err == DW_OK && title != NULL && !text_valid(title, strlen(title), NULL)) err = err_set(detail, DW_E_UTF8, "title");
    if (err == DW_OK) err = beside_make(&t->beside, path, detail);
    if (err == DW_OK) err = table_out_start_text(t, title, headers, detail);
    if (err != DW_OK) {
        table_out_abort(t);
        return err;
    }
    *out = t;
    return DW_OK;
}

dw_err table_out_row(struct table_out *t, const char *const *cells, struct err_detail *detail)
{
    ERR_TRY(table_out_check(t, cells, detail));
    if (t->format == TABLE_OUT_XLSX) return table_out_xlsx_row(t, cells, NULL, detail);
    return t->format == TABLE_OUT_JSON ? table_out_json_row(t, cells, detail) : table_out_csv_row(t, cells, detail);
}

static dw_err table_out_finish_xlsx(struct table_out *t, struct err_detail *detail)
{
    errno = 0;
    bool good = table_out_flush_sheet(t);
    int code = errno;
    good = workbook_close(t->book) == LXW_NO_ERROR && good;
    if (code == 0) code = errno;
    t->book = NULL;
    if (!good) return beside_fail(&t->beside, code, detail);
    return xlsx_whole(t->beside.part) ? DW_OK : beside_fail(&t->beside, 0, detail);
}

static dw_err table_out_finish_text(struct table_out *t, struct err_detail *detail)
{
    FILE *file = t->file;
    if (t->format == TABLE_OUT_JSON) arena_buf_text(&t->line, t->rows == 0 ? "[]\n" : "\n]\n");
    bool good = table_out_flush(t) && fflush(file) == 0;
    if (good && t->beside.part != NULL) {
        t->file = NULL;
        good = fclose(file) == 0;
    }
    return good ? DW_OK : beside_fail(&t->beside, errno, detail);
}

dw_err table_out_close(struct table_out *t, struct err_detail *detail)
{
    if (t == NULL) return DW_OK;
    dw_err err = t->format == TABLE_OUT_XLSX ? table_out_finish_xlsx(t, detail) : table_out_finish_text(t, detail);
    if (err == DW_OK) err = beside_keep(&t->beside, detail);
    table_out_release(t);
    return err;
}

void table_out_abort(struct table_out *t)
{
    if (t == NULL) return;
    lxw_worksheet *sheet;
    if (t->book != NULL) {
        STAILQ_FOREACH(sheet, t->book->worksheets, list_pointers)
        if (sheet->optimize_tmpfile != NULL) fclose(sheet->optimize_tmpfile);
        lxw_workbook_free(t->book);
    }
    table_out_release(t);
}
