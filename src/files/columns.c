#include "files/columns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "files/beside.h"
#include "files/columns_words.h"

enum { COLUMNS_LOOK = 10, COLUMNS_HEADER = 128, COLUMNS_SAVED = 1 << 20 };

static const char *const columns_names[COLUMNS_COUNT] = {
#define COLUMNS_NAME_OF(id, name) [COLUMNS_##id] = name,
    COLUMNS_FIELDS(COLUMNS_NAME_OF)
#undef COLUMNS_NAME_OF
};

const char *columns_name(enum columns_field field)
{
    return columns_names[field];
}

/* Half width, lower case, without spaces, marks of duty and remarks in brackets: "身份证号码（必填）*" is 身份证号码. */
static void columns_fold(char out[COLUMNS_HEADER], const char *text)
{
    struct arena_buf folded = {0};
    size_t n = 0;
    int depth = 0;
    if (text_fold(&folded, text, strlen(text)))
        for (size_t i = 0; i < folded.len && n < COLUMNS_HEADER - 1; i++) {
            char c = folded.data[i];
            if (c == '(' || c == '[') depth++;
            bool keep = depth == 0 && strchr(" *:_-.#\"'/", c) == NULL;
            if (c == ')' || c == ']') depth -= depth > 0;
            if (keep && c != ')' && c != ']') out[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
    out[n] = 0;
    arena_buf_free(&folded);
}

static const char *columns_header(const struct columns *columns, const struct sheet *sheet, int column)
{
    return sheet->cells[(size_t)columns->header_row * sheet->columns + (size_t)column].text;
}

/* Takes the best pairs of header and field first, each once. */
static int columns_assign(struct columns *out, const struct sheet *sheet, size_t row)
{
    bool used[1024] = {false};
    int hits = 0;
    out->header_row = (int)row;
    for (int f = 0; f < COLUMNS_COUNT; f++) {
        out->column[f] = -1;
        out->confidence[f] = 0;
    }
    for (int want = 2; want >= 1; want--)
        for (size_t c = 0; c < sheet->columns && c < 1024; c++) {
            char header[COLUMNS_HEADER];
            columns_fold(header, sheet->cells[row * sheet->columns + c].text);
            for (int f = 0; *header != 0 && !used[c] && f < COLUMNS_COUNT; f++) {
                if (out->column[f] >= 0 || columns_words_fit(header, (enum columns_field)f) != want) continue;
                out->column[f] = (int)c;
                out->confidence[f] = want;
                used[c] = true;
                hits += want;
            }
        }
    return hits;
}

/* Where nobody knows a header for names: the row that looks most like one. */
static void columns_likely(struct columns *out, const struct sheet *sheet)
{
    size_t best = 0, most = 0;
    for (size_t row = 0; row < sheet->rows && row < COLUMNS_LOOK; row++) {
        size_t filled = 0, hits = (size_t)columns_assign(out, sheet, row);
        for (size_t c = 0; c < sheet->columns; c++) filled += *sheet->cells[row * sheet->columns + c].text != 0;
        if (hits * sheet->columns + filled <= most) continue;
        most = hits * sheet->columns + filled;
        best = row;
    }
    columns_assign(out, sheet, best);
}

dw_err columns_guess(struct columns *out, const struct sheet *sheet, const char *file, struct err_detail *detail)
{
    struct columns best = {0}, look;
    int most = 0;
    for (size_t row = 0; row < sheet->rows && row < COLUMNS_LOOK; row++) {
        int hits = columns_assign(&look, sheet, row);
        if (look.column[COLUMNS_NAME] < 0 || hits <= most) continue;
        most = hits;
        best = look;
    }
    if (most == 0) {
        columns_likely(out, sheet);
        return err_at(detail, DW_E_COLUMN, file, sheet->name, 0, "name",
                      "no header among the first %d rows names a column of names", COLUMNS_LOOK);
    }
    *out = best;
    return DW_OK;
}

static int columns_field_of(const char *name, size_t len)
{
    for (int f = 0; f < COLUMNS_COUNT; f++)
        if (strlen(columns_names[f]) == len && strncmp(columns_names[f], name, len) == 0) return f;
    return -1;
}

static int columns_find(const struct columns *columns, const struct sheet *sheet, const char *text, size_t len)
{
    char want[COLUMNS_HEADER], has[COLUMNS_HEADER], copy[COLUMNS_HEADER];
    int64_t number;
    if (len == 1 && *text == '-') return -1;
    if (text_int(&number, text, len)) return number >= 1 && number <= (int64_t)sheet->columns ? (int)number - 1 : -2;
    snprintf(copy, sizeof copy, "%.*s", (int)(len < sizeof copy ? len : sizeof copy - 1), text);
    columns_fold(want, copy);
    for (size_t c = 0; c < sheet->columns; c++) {
        columns_fold(has, columns_header(columns, sheet, (int)c));
        if (*want != 0 && strcmp(want, has) == 0) return (int)c;
    }
    return -2;
}

static void columns_set(struct columns *columns, int field, int column)
{
    for (int f = 0; column >= 0 && f < COLUMNS_COUNT; f++)
        if (columns->column[f] == column) columns->column[f] = -1; /* each column serves one field */
    columns->column[field] = column;
    columns->confidence[field] = 3;
}

dw_err columns_correct(struct columns *columns, const struct sheet *sheet, const char *corrections, struct err_detail *detail)
{
    for (const char *at = corrections; *at != 0;) {
        size_t len = strcspn(at, ",");
        const char *equals = memchr(at, '=', len);
        if (equals == NULL)
            return err_at(detail, DW_E_COLUMN, NULL, sheet->name, 0, NULL, "%.*s is not field=column", (int)len, at);
        int field = columns_field_of(at, (size_t)(equals - at));
        int column = columns_find(columns, sheet, equals + 1, len - (size_t)(equals + 1 - at));
        if (field < 0)
            return err_at(detail, DW_E_COLUMN, NULL, sheet->name, 0, NULL, "there is no field %.*s", (int)(equals - at), at);
        if (column == -2)
            return err_at(detail, DW_E_COLUMN, NULL, sheet->name, columns->header_row + 1, columns_names[field], "no column %.*s",
                          (int)(len - (size_t)(equals + 1 - at)), equals + 1);
        columns_set(columns, field, column);
        at += len + (at[len] == ',');
    }
    return DW_OK;
}

dw_err columns_save(const struct columns *columns, const struct sheet *sheet, const char *path, struct err_detail *detail)
{
    struct arena_buf text = {0};
    struct json_out json = {.buf = &text};
    json_open(&json, '{');
    for (int f = 0; f < COLUMNS_COUNT; f++) {
        if (columns->column[f] < 0) continue;
        json_key(&json, columns_names[f]);
        json_put(&json, columns_header(columns, sheet, columns->column[f]));
    }
    json_close(&json, '}');
    arena_buf_text(&text, "\n");
    dw_err err = text.failed ? DW_E_MEMORY : beside_put(path, text.data, text.len, detail);
    arena_buf_free(&text);
    return err;
}

static dw_err columns_apply(struct columns *columns, const struct sheet *sheet, const struct json *json, struct arena *arena,
                            const char *path, struct err_detail *detail)
{
    if (json->tokens[0].type != JSON_OBJECT)
        return err_at(detail, DW_E_FORMAT, path, NULL, 0, NULL, "not an object of fields and headers");
    for (uint32_t key = json_first(0); key < json_end(json, 0); key = json->tokens[key + 1].next) {
        const char *name = json_text(json, key, arena), *header = json_text(json, key + 1, arena);
        int field = name == NULL ? -1 : columns_field_of(name, strlen(name));
        if (field < 0 || header == NULL) return err_at(detail, DW_E_COLUMN, path, NULL, 0, name, "there is no such field");
        int column = columns_find(columns, sheet, header, strlen(header));
        if (column == -2)
            return err_at(detail, DW_E_COLUMN, path, sheet->name, columns->header_row + 1, name, "no column %s", header);
        columns_set(columns, field, column);
    }
    return DW_OK;
}

dw_err columns_load(struct columns *columns, const struct sheet *sheet, const char *path, struct err_detail *detail)
{
    struct json json = {0};
    struct arena arena = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL) return err_at(detail, DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
    char *text = malloc(COLUMNS_SAVED);
    size_t len = text == NULL ? 0 : fread(text, 1, COLUMNS_SAVED, file);
    fclose(file);
    dw_err err = text == NULL ? DW_E_MEMORY : json_read(&json, text, len, detail);
    if (err == DW_OK) err = columns_apply(columns, sheet, &json, &arena, path, detail);
    json_free(&json);
    arena_free(&arena);
    free(text);
    return err;
}

static const char *columns_raw(const struct columns *columns, const struct sheet *sheet, size_t row, enum columns_field field)
{
    int column = columns->column[field];
    return column < 0 ? "" : sheet->cells[row * sheet->columns + (size_t)column].text;
}

/* What lists write once for a block of rows, or merge: area and landlord; the place itself only as a whole. */
static bool columns_fills(const struct columns *columns, const struct sheet *sheet, size_t row, enum columns_field field)
{
    static const enum columns_field place[] = {COLUMNS_BUILDING, COLUMNS_DOOR, COLUMNS_ADDRESS};
    if (field == COLUMNS_GRID || field == COLUMNS_GROUP || field == COLUMNS_LANDLORD || field == COLUMNS_LANDLORD_PHONE)
        return true;
    bool of_place = false;
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        if (*columns_raw(columns, sheet, row, place[i]) != 0) return false;
        of_place |= field == place[i];
    }
    return of_place;
}

const struct sheet_cell *columns_cell(const struct columns *columns, const struct sheet *sheet, size_t row,
                                      enum columns_field field)
{
    static const struct sheet_cell none = {"", false};
    int column = columns->column[field];
    if (column < 0) return &none;
    const struct sheet_cell *cell = &sheet->cells[row * sheet->columns + (size_t)column];
    if (*cell->text != 0 || !columns_fills(columns, sheet, row, field)) return cell;
    /* Blank under a value: the block goes on as long as its rows name people. */
    for (size_t up = row; up-- > (size_t)columns->header_row + 1;) {
        const struct sheet_cell *above = &sheet->cells[up * sheet->columns + (size_t)column];
        if (*above->text != 0) return above;
        if (*columns_raw(columns, sheet, up, COLUMNS_NAME) == 0) break;
    }
    return &none;
}
