#include "cli/out.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"

void out_table_begin(struct out_table *table, const char *const *headers, size_t columns)
{
    memset(table, 0, sizeof *table);
    table->columns = columns;
    for (size_t i = 0; i < columns; i++) {
        table->right[i] = headers[i][0] == '>';
        table->headers[i] = headers[i] + table->right[i];
    }
}

void out_table_row(struct out_table *table, const char *const *cells)
{
    if (!arena_grow((void **)&table->cells, &table->cap, table->count + table->columns, sizeof *table->cells)) return;
    for (size_t i = 0; i < table->columns; i++) {
        const char *copy = cells[i] == NULL ? "" : arena_text(&table->arena, cells[i], strlen(cells[i]));
        table->cells[table->count++] = copy == NULL ? "" : copy;
    }
}

const char *out_number(struct out_table *table, int64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)n);
    const char *copy = arena_text(&table->arena, text, strlen(text));
    return copy == NULL ? "" : copy;
}

static void out_cell(const char *text, size_t width, bool right, bool last)
{
    size_t pad = width - text_width(text);
    if (right) printf("%*s", (int)pad, "");
    fputs(text, stdout);
    if (!last) printf("%*s", (int)(right ? 2 : pad + 2), "");
}

static void out_table_free(struct out_table *table)
{
    free(table->cells);
    arena_free(&table->arena);
}

void out_table_end(struct out_table *table)
{
    size_t width[OUT_COLUMNS] = {0};
    for (size_t i = 0; i < table->columns; i++) width[i] = text_width(table->headers[i]);
    for (size_t i = 0; i < table->count; i++) {
        size_t w = text_width(table->cells[i]);
        if (w > width[i % table->columns]) width[i % table->columns] = w;
    }
    for (size_t i = 0; i < table->columns; i++) out_cell(table->headers[i], width[i], table->right[i], i + 1 == table->columns);
    printf("\n");
    for (size_t i = 0; i < table->count; i++) {
        size_t c = i % table->columns;
        out_cell(table->cells[i], width[c], table->right[c], c + 1 == table->columns);
        if (c + 1 == table->columns) printf("\n");
    }
    out_table_free(table);
}

void out_json_begin(struct out_json *out)
{
    memset(out, 0, sizeof *out);
    out->json.buf = &out->buf;
}

dw_err out_json_end(struct out_json *out)
{
    arena_buf_text(&out->buf, "\n");
    bool good = !out->buf.failed && fwrite(out->buf.data, 1, out->buf.len, stdout) == out->buf.len;
    dw_err err = out->buf.failed ? DW_E_MEMORY : good ? DW_OK : DW_E_IO;
    arena_buf_free(&out->buf);
    return err;
}

void out_json_text(struct out_json *out, const char *key, const char *value)
{
    json_key(&out->json, key);
    json_put(&out->json, value);
}

void out_json_int(struct out_json *out, const char *key, int64_t value)
{
    json_key(&out->json, key);
    json_put_int(&out->json, value);
}

dw_err out_either(const struct cli *cli, struct out_table *table, struct out_json *json)
{
    if (cli->json) {
        out_table_free(table);
        return out_json_end(json);
    }
    out_table_end(table);
    arena_buf_free(&json->buf);
    return DW_OK;
}

void out_drop(struct out_table *table, struct out_json *json)
{
    out_table_free(table);
    arena_buf_free(&json->buf);
}

void out_rows_begin(struct out_rows *rows, struct cli *cli, const struct out_column *columns, size_t count)
{
    const char *headers[OUT_COLUMNS];
    size_t shown = 0;
    memset(rows, 0, sizeof *rows);
    rows->cli = cli;
    rows->columns = columns;
    rows->count = count;
    out_json_begin(&rows->json);
    json_open(&rows->json.json, '[');
    bool right[OUT_COLUMNS] = {false};
    for (size_t i = 0; i < count; i++) {
        if (columns[i].text[cli->lang] == NULL) continue;
        right[shown] = columns[i].number;
        headers[shown++] = columns[i].text[cli->lang];
    }
    out_table_begin(&rows->table, headers, shown);
    memcpy(rows->table.right, right, sizeof right);
}

static void out_rows_put(struct out_rows *rows, const char *said)
{
    if (rows->columns[rows->at].text[0] != NULL) {
        const char *copy = arena_text(&rows->table.arena, said, strlen(said));
        rows->cells[rows->shown++] = copy == NULL ? "" : copy;
    }
    if (++rows->at < rows->count) return;
    json_close(&rows->json.json, '}');
    out_table_row(&rows->table, rows->cells);
    rows->at = rows->shown = 0;
}

static const char *out_rows_key(struct out_rows *rows)
{
    if (rows->at == 0) json_open(&rows->json.json, '{');
    return rows->columns[rows->at].key;
}

void out_rows_word(struct out_rows *rows, const char *code, const char *said)
{
    const char *key = out_rows_key(rows);
    if (key != NULL) out_json_text(&rows->json, key, code);
    out_rows_put(rows, said);
}

void out_rows_text(struct out_rows *rows, const char *text)
{
    out_rows_word(rows, text, text);
}

void out_rows_int(struct out_rows *rows, int64_t n)
{
    const char *key = out_rows_key(rows);
    char text[24];
    if (key != NULL) out_json_int(&rows->json, key, n);
    snprintf(text, sizeof text, "%lld", (long long)n);
    out_rows_put(rows, text);
}

void out_rows_time(struct out_rows *rows, int64_t ms)
{
    char text[WHEN_TEXT] = "", said[17] = "";
    if (ms != INT64_MIN) {
        when_text(text, (struct when){ms, rows->cli->at.offset});
        snprintf(said, sizeof said, "%.10s %.5s", text, text + 11); /* to the minute */
    }
    out_rows_word(rows, text, said);
}

dw_err out_rows_end(struct out_rows *rows)
{
    json_close(&rows->json.json, ']');
    return out_either(rows->cli, &rows->table, &rows->json);
}
