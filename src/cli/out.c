#include "cli/out.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

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
