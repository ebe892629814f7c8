/* The table that unseen is asked of. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/text.h"
#include "cli/cmd_unseen.h"
#include "files/sheet_in.h"

enum { COLUMNS = 64 };

/* Texts numbered in the order in which they are met. */
struct names {
    struct map map;
    const char **texts;
    size_t count, cap;
};

struct table {
    struct cli *cli;
    struct estimate_people *out;
    struct sheet_book book;
    const struct sheet *sheet;
    size_t column[COLUMNS], columns; /* of lists, and which list each is or belongs to */
    int column_list[COLUMNS];
    size_t area, count, stratum, household, doors; /* columns; SIZE_MAX: there is none */
    struct names areas, strata, households;
    size_t doors_cap;
};

static const struct sheet_cell *cell_at(const struct table *t, size_t row, size_t column)
{
    return &t->sheet->cells[row * t->sheet->columns + column];
}

static dw_err wrong_cell(struct table *t, size_t row, size_t column, const char *what)
{
    return err_at(&t->cli->detail, DW_E_CELL, t->book.file, t->sheet->name, t->sheet->source_row[row],
                  cell_at(t, 0, column)->text, "%s", what);
}

/* 1, 0, or −1 for anything that is neither. */
static int on_list(const char *text)
{
    static const char *const yes[] = {"1", "1.0", "是",  "有",  "√",   "✓",    "x",    "X",
                                      "y", "Y",   "yes", "Yes", "YES", "true", "True", "TRUE"};
    static const char *const no[] = {"", "0", "0.0", "否", "无", "-", "n", "N", "no", "No", "NO", "false", "False", "FALSE"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (strcmp(text, yes[i]) == 0) return 1;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (strcmp(text, no[i]) == 0) return 0;
    return -1;
}

static dw_err number_of(struct names *names, const char *text, uint32_t *out)
{
    uint8_t digest[HASH_SIZE];
    uint64_t hash;
    size_t cursor = 0;
    hash_one(digest, text, strlen(text));
    memcpy(&hash, digest, sizeof hash);
    while (map_next(&names->map, hash, &cursor, out))
        if (strcmp(names->texts[*out], text) == 0) return DW_OK;
    *out = (uint32_t)names->count;
    if (!arena_grow((void **)&names->texts, &names->cap, names->count + 1, sizeof *names->texts)) return DW_E_MEMORY;
    names->texts[names->count++] = text;
    return map_put(&names->map, hash, *out) ? DW_OK : DW_E_MEMORY;
}

/* The column of a header; given but not there is an error. */
static dw_err find_column(struct table *t, size_t *out, const char *name)
{
    *out = SIZE_MAX;
    if (name == NULL) return DW_OK;
    for (size_t c = 0; c < t->sheet->columns && *out == SIZE_MAX; c++)
        if (strcmp(cell_at(t, 0, c)->text, name) == 0) *out = c;
    if (*out != SIZE_MAX) return DW_OK;
    return err_at(&t->cli->detail, DW_E_COLUMN, t->book.file, t->sheet->name, t->sheet->source_row[0], name, "%s", name);
}

static dw_err add_list(struct table *t, const char *name, size_t len)
{
    if (t->out->lists == UNSEEN_LISTS)
        return err_set(&t->cli->detail, DW_E_INVALID,
                       t->cli->lang == ERR_ZH ? "名单超过 %d 个，用 --lists 指定" : "more than %d lists; say which: --lists",
                       UNSEEN_LISTS);
    t->out->list[t->out->lists] = arena_text(&t->out->arena, name, len);
    return t->out->list[t->out->lists++] == NULL ? DW_E_MEMORY : DW_OK;
}

/* A column of the list that was added last. */
static dw_err add_column(struct table *t, size_t column)
{
    for (size_t i = 0; i < t->columns; i++)
        if (t->column[i] == column || t->columns == COLUMNS)
            return err_set(&t->cli->detail, DW_E_INVALID, "%s", cell_at(t, 0, column)->text);
    t->column_list[t->columns] = t->out->lists - 1;
    t->column[t->columns++] = column;
    return DW_OK;
}

/* A named list: a column, or several joined by +. */
static dw_err named_list(struct table *t, const char *name, size_t len)
{
    size_t column;
    ERR_TRY(add_list(t, name, len));
    const char *whole = t->out->list[t->out->lists - 1];
    bool one = strchr(whole, '+') == NULL;
    for (size_t c = 0; c < t->sheet->columns; c++) one = one || strcmp(cell_at(t, 0, c)->text, whole) == 0;
    for (const char *at = whole;; at++) {
        size_t part = one ? strlen(at) : strcspn(at, "+");
        const char *text = arena_text(&t->out->arena, at, part);
        if (text == NULL) return DW_E_MEMORY;
        ERR_TRY(find_column(t, &column, text));
        ERR_TRY(add_column(t, column));
        at += part;
        if (*at == 0) return DW_OK;
    }
}

/* Without --lists: every column that says of all rows whether somebody is on it. */
static bool looks_like_list(const struct table *t, size_t column)
{
    const size_t others[] = {t->area, t->count, t->stratum, t->household, t->doors};
    bool any = false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] == column) return false;
    if (cell_at(t, 0, column)->text[0] == 0) return false;
    for (size_t r = 1; r < t->sheet->rows; r++) {
        int on = on_list(cell_at(t, r, column)->text);
        if (on < 0 || cell_at(t, r, column)->error) return false;
        any = any || on == 1;
    }
    return any;
}

static dw_err find_lists(struct table *t)
{
    const char *lists = cli_text(t->cli, "lists");
    for (size_t c = 0; lists == NULL && c < t->sheet->columns; c++) {
        const char *name = cell_at(t, 0, c)->text;
        if (!looks_like_list(t, c)) continue;
        ERR_TRY(add_list(t, name, strlen(name)));
        ERR_TRY(add_column(t, c));
    }
    for (const char *at = lists; at != NULL && *at != 0;) {
        size_t len = strcspn(at, ",");
        ERR_TRY(named_list(t, at, len));
        at += len + (at[len] == ',');
    }
    if (t->out->lists >= 2) return DW_OK;
    return err_set(&t->cli->detail, DW_E_COLUMN,
                   t->cli->lang == ERR_ZH ? "名单列 %d 个，至少要 2 个" : "%d columns of lists; it takes 2", t->out->lists);
}

static dw_err read_doors(struct table *t, size_t row, uint32_t area)
{
    const char *text = cell_at(t, row, t->doors)->text;
    char *end;
    double doors = strtod(text, &end);
    if (*text == 0) return DW_OK;
    if (*end != 0 || !(doors >= 0) || !isfinite(doors)) return wrong_cell(t, row, t->doors, text);
    if (doors > t->out->doors[area]) t->out->doors[area] = doors;
    return DW_OK;
}

static dw_err read_row(struct table *t, size_t row)
{
    struct estimate_people *out = t->out;
    struct unseen_tally_row r = {.people = 1, .household = UNSEEN_TALLY_NONE};
    for (size_t c = 0; c < t->columns; c++) {
        const struct sheet_cell *cell = cell_at(t, row, t->column[c]);
        int on = cell->error ? -1 : on_list(cell->text);
        if (on < 0) return wrong_cell(t, row, t->column[c], cell->text);
        r.history |= (uint32_t)on << t->column_list[c];
    }
    if (t->count != SIZE_MAX) {
        const char *text = cell_at(t, row, t->count)->text;
        int64_t n;
        if (!text_int(&n, text, strlen(text)) || n < 0 || n > UINT32_MAX) return wrong_cell(t, row, t->count, text);
        r.people = (uint32_t)n;
    }
    ERR_TRY(number_of(&t->areas, t->area == SIZE_MAX ? "" : cell_at(t, row, t->area)->text, &r.area));
    ERR_TRY(number_of(&t->strata, t->stratum == SIZE_MAX ? "" : cell_at(t, row, t->stratum)->text, &r.stratum));
    if (r.stratum >= UNSEEN_STRATA) return wrong_cell(t, row, t->stratum, cell_at(t, row, t->stratum)->text);
    if (t->household != SIZE_MAX && cell_at(t, row, t->household)->text[0] != 0)
        ERR_TRY(number_of(&t->households, cell_at(t, row, t->household)->text, &r.household));
    if (t->doors != SIZE_MAX) {
        size_t was = t->doors_cap;
        if (!arena_grow((void **)&out->doors, &t->doors_cap, r.area + 1, sizeof *out->doors)) return DW_E_MEMORY;
        for (size_t i = was; i < t->doors_cap; i++) out->doors[i] = 0;
        ERR_TRY(read_doors(t, row, r.area));
    }
    if (!arena_grow((void **)&out->rows, &out->cap, out->count + 1, sizeof *out->rows)) return DW_E_MEMORY;
    out->rows[out->count++] = r;
    return DW_OK;
}

/* Names and doors move into the answer's own memory. */
static dw_err keep(struct table *t)
{
    struct estimate_people *out = t->out;
    double *doors = arena_array(&out->arena, t->areas.count + 1, sizeof *doors);
    out->area = arena_array(&out->arena, t->areas.count + 1, sizeof *out->area);
    out->name = arena_array(&out->arena, t->areas.count + 1, sizeof *out->name);
    if (doors == NULL || out->area == NULL || out->name == NULL) return DW_E_MEMORY;
    out->areas = (uint32_t)t->areas.count;
    out->strata = t->strata.count > 0 ? (int)t->strata.count : 1;
    for (size_t a = 0; a < t->areas.count; a++) {
        out->area[a] = arena_text(&out->arena, t->areas.texts[a], strlen(t->areas.texts[a]));
        out->name[a] = "";
        if (out->area[a] == NULL) return DW_E_MEMORY;
        if (out->doors != NULL) doors[a] = out->doors[a];
    }
    for (size_t s = 0; s < t->strata.count; s++) {
        out->stratum[s] = arena_text(&out->arena, t->strata.texts[s], strlen(t->strata.texts[s]));
        if (out->stratum[s] == NULL) return DW_E_MEMORY;
    }
    double *grown = out->doors;
    out->doors = grown == NULL ? NULL : doors;
    free(grown);
    return DW_OK;
}

static dw_err read_all(struct table *t)
{
    struct cli *cli = t->cli;
    ERR_TRY(sheet_read(&t->book, cli_operand(cli, 0), NULL, &cli->progress, &cli->detail));
    if (t->book.count == 0 || t->book.sheets[0].rows < 2)
        return err_at(&cli->detail, DW_E_FORMAT, t->book.file, NULL, 0, NULL, "%s", cli_say(cli, "没有内容", "nothing in it"));
    t->sheet = &t->book.sheets[0];
    ERR_TRY(find_column(t, &t->area, cli_text(cli, "area")));
    ERR_TRY(find_column(t, &t->count, cli_text(cli, "count")));
    ERR_TRY(find_column(t, &t->stratum, cli_text(cli, "stratum")));
    ERR_TRY(find_column(t, &t->household, cli_text(cli, "household")));
    ERR_TRY(find_column(t, &t->doors, cli_text(cli, "doors")));
    ERR_TRY(find_lists(t));
    for (size_t r = 1; r < t->sheet->rows; r++) ERR_TRY(read_row(t, r));
    return keep(t);
}

dw_err cmd_unseen_table(struct estimate_people *out, struct cli *cli)
{
    struct table t = {.cli = cli, .out = out};
    dw_err err = read_all(&t);
    if (err != DW_OK) {
        free(out->doors); /* of an answer that is not whole they are the heap's */
        out->doors = NULL;
    }
    struct names *const all[] = {&t.areas, &t.strata, &t.households};
    for (size_t i = 0; i < sizeof all / sizeof(*all); i++) {
        map_free(&all[i]->map);
        free(all[i]->texts);
    }
    sheet_free(&t.book);
    return err;
}
