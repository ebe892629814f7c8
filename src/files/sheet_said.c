#include "files/sheet_said.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "files/sheet_worker.h"

enum { SHEET_SAID_COLUMNS = 1024, SHEET_SAID_CELL = 4 * 32768 }; /* no spreadsheet takes more characters in a cell */

struct sheet_said {
    struct sheet_book *book;
    size_t max_cells;
    const struct arena_buf *raw;
    size_t at, cell_cap, row_cap, sheet_cap, cells_all;
    struct err_detail *detail;
    /* of the sheet at hand */
    const char *sheet_name;
    struct sheet_cell *cells;
    uint32_t *rows;
    size_t cell_count, row_count, columns;
    bool open; /* a sheet has begun and not ended */
};

static dw_err sheet_said_damaged(const struct sheet_said *r, const char *what)
{
    return err_at(r->detail, DW_E_FORMAT, r->book->file, NULL, 0, NULL, "%s", what);
}

static bool sheet_said_bytes(struct sheet_said *r, void *out, size_t len)
{
    if (len > r->raw->len - r->at) return false;
    memcpy(out, r->raw->data + r->at, len);
    r->at += len;
    return true;
}

static dw_err sheet_said_text(struct sheet_said *r, const char **out, uint32_t *flags)
{
    uint32_t len;
    if (!sheet_said_bytes(r, &len, sizeof len)) return sheet_said_damaged(r, "the reader sent half a cell");
    *flags = len & SHEET_WORKER_FLAGS;
    len &= ~SHEET_WORKER_FLAGS;
    if (len > r->raw->len - r->at) return sheet_said_damaged(r, "the reader sent half a cell");
    const char *text = r->raw->data + r->at;
    size_t trimmed = len;
    r->at += len;
    text = text_trim(text, &trimmed);
    if (!text_valid(text, trimmed, NULL)) return sheet_said_damaged(r, "a cell is not UTF-8");
    *out = trimmed == 0 ? "" : arena_text(&r->book->arena, text, trimmed);
    return *out == NULL ? DW_E_MEMORY : DW_OK;
}

static dw_err sheet_said_long(const struct sheet_said *r, uint32_t row, uint32_t column)
{
    char letters[8] = "";
    for (uint32_t n = column + 1, i = 0; n > 0 && i < sizeof letters - 1; n = (n - 1) / 26, i++) {
        memmove(letters + 1, letters, i);
        letters[0] = (char)('A' + (n - 1) % 26);
    }
    return err_at(r->detail, DW_E_CELL, r->book->file, r->sheet_name, row, letters, "more than %d bytes in one cell",
                  SHEET_SAID_CELL);
}

/* Rows come with as many cells as they have; the sheet is as wide as its widest. Blank rows are left out. */
static dw_err sheet_said_row(struct sheet_said *r)
{
    uint32_t number, count;
    bool blank = true;
    if (!sheet_said_bytes(r, &number, sizeof number) || !sheet_said_bytes(r, &count, sizeof count) || count != r->columns)
        return sheet_said_damaged(r, "the reader sent half a row");
    r->cells_all += count;
    if (r->cells_all > r->max_cells)
        return err_at(r->detail, DW_E_TOO_LARGE, r->book->file, NULL, number, NULL, "%zu cells", r->cells_all);
    if (!arena_grow((void **)&r->cells, &r->cell_cap, r->cell_count + count, sizeof *r->cells) ||
        !arena_grow((void **)&r->rows, &r->row_cap, r->row_count + 1, sizeof *r->rows))
        return DW_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        struct sheet_cell *cell = &r->cells[r->cell_count + i];
        uint32_t flags;
        size_t before = r->at;
        ERR_TRY(sheet_said_text(r, &cell->text, &flags));
        if (r->at - before > SHEET_SAID_CELL) return sheet_said_long(r, number, i);
        cell->number = (flags & SHEET_WORKER_NUMBER) != 0;
        cell->error = (flags & SHEET_WORKER_BAD) != 0;
        blank = blank && *cell->text == 0;
    }
    if (blank) return DW_OK;
    r->cell_count += count;
    r->rows[r->row_count++] = number;
    return DW_OK;
}

static dw_err sheet_said_begin(struct sheet_said *r)
{
    uint32_t columns, flags;
    if (!sheet_said_bytes(r, &columns, sizeof columns) || columns > SHEET_SAID_COLUMNS)
        return sheet_said_damaged(r, "too many columns");
    r->columns = columns;
    r->cell_count = r->row_count = 0;
    r->open = true;
    return sheet_said_text(r, &r->sheet_name, &flags);
}

static dw_err sheet_said_end(struct sheet_said *r)
{
    struct sheet_book *book = r->book;
    r->open = false;
    if (r->row_count == 0) return DW_OK;
    if (!arena_grow((void **)&book->sheets, &r->sheet_cap, book->count + 1, sizeof *book->sheets)) return DW_E_MEMORY;
    struct sheet *sheet = &book->sheets[book->count];
    *sheet = (struct sheet){.name = r->sheet_name, .rows = r->row_count, .columns = r->columns};
    sheet->cells = arena_array(&book->arena, r->cell_count, sizeof *sheet->cells);
    sheet->source_row = arena_array(&book->arena, r->row_count, sizeof *sheet->source_row);
    if (sheet->cells == NULL || sheet->source_row == NULL) return DW_E_MEMORY;
    memcpy(sheet->cells, r->cells, r->cell_count * sizeof *sheet->cells);
    memcpy(sheet->source_row, r->rows, r->row_count * sizeof *sheet->source_row);
    book->count++;
    return DW_OK;
}

static dw_err sheet_said_error(struct sheet_said *r)
{
    uint32_t code, flags;
    const char *text;
    if (!sheet_said_bytes(r, &code, sizeof code)) return sheet_said_damaged(r, "the reader sent half an error");
    ERR_TRY(sheet_said_text(r, &text, &flags));
    return err_at(r->detail, code > DW_OK && code < DW_E_COUNT ? (dw_err)code : DW_E_FORMAT, r->book->file, NULL, 0, NULL, "%s",
                  text);
}

static dw_err sheet_said_parse(struct sheet_said *r)
{
    char tag;
    while (sheet_said_bytes(r, &tag, 1)) {
        bool inside = tag == SHEET_WORKER_ROW || tag == SHEET_WORKER_SHEET_END;
        if (inside != r->open && tag != SHEET_WORKER_ERROR)
            return sheet_said_damaged(r, "the reader sent something out of its turn");
        switch (tag) {
        case SHEET_WORKER_SHEET:
            ERR_TRY(sheet_said_begin(r));
            break;
        case SHEET_WORKER_ROW:
            ERR_TRY(sheet_said_row(r));
            break;
        case SHEET_WORKER_SHEET_END:
            ERR_TRY(sheet_said_end(r));
            break;
        case SHEET_WORKER_ERROR:
            return sheet_said_error(r);
        case SHEET_WORKER_DONE:
            return sheet_said_bytes(r, &r->book->read_ms, sizeof r->book->read_ms) ? DW_OK : sheet_said_damaged(r, "cut short");
        default:
            return sheet_said_damaged(r, "the reader sent something else");
        }
    }
    return sheet_said_damaged(r, "the file is damaged or too large for its reader");
}

static void sheet_said_content(struct sheet_book *book)
{
    struct hash_stream stream;
    hash_start(&stream);
    for (size_t i = 0; i < book->count; i++) {
        const struct sheet *sheet = &book->sheets[i];
        hash_add(&stream, sheet->name, strlen(sheet->name) + 1);
        for (size_t c = 0; c < sheet->rows * sheet->columns; c++)
            hash_add(&stream, sheet->cells[c].text, strlen(sheet->cells[c].text) + 1);
    }
    hash_end(&stream, book->content);
}

dw_err sheet_said_read(struct sheet_book *book, const struct arena_buf *raw, size_t max_cells, struct err_detail *detail)
{
    struct sheet_said r = {.book = book, .max_cells = max_cells, .raw = raw, .detail = detail};
    dw_err err = sheet_said_parse(&r);
    if (err == DW_OK && book->count == 0) err = err_at(detail, DW_E_FORMAT, book->file, NULL, 0, NULL, "no sheet has any row");
    if (err == DW_OK) sheet_said_content(book);
    free(r.cells);
    free(r.rows);
    return err;
}
