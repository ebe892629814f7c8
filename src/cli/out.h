/* Answers on standard output: tables for people, JSON for programs. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdio.h>

#include "cli/cli.h"

enum { OUT_COLUMNS = 24 };

/* A table in columns as wide as their widest cell (Chinese characters take two). Numbers, told by a '>' before the header, stand
 * to the right. Zero-initialise; rows are kept until out_table_end prints them. */
struct out_table {
    struct arena arena;
    const char *headers[OUT_COLUMNS];
    bool right[OUT_COLUMNS];
    size_t columns;
    const char **cells;
    size_t count, cap;
};
void out_table_begin(struct out_table *table, const char *const *headers, size_t columns);
void out_table_row(struct out_table *table, const char *const *cells);
/* Prints and frees. */
void out_table_end(struct out_table *table);
/* A number as text in the table's arena. */
const char *out_number(struct out_table *table, int64_t n);

/* One JSON value for standard output: fill json, then out_json_end, which prints it with a line end and frees. */
struct out_json {
    struct arena_buf buf;
    struct json_out json;
};
void out_json_begin(struct out_json *out);
dw_err out_json_end(struct out_json *out);
void out_json_text(struct out_json *out, const char *key, const char *value);
void out_json_int(struct out_json *out, const char *key, int64_t value);

/* Rows that are said once and answered either way. Cells are given one by one, in the order of the columns. */
struct out_column {
    const char *key;     /* of the JSON objects; NULL: stands in the table only */
    const char *text[2]; /* header by enum err_lang; NULL: stands in JSON only */
    bool number;
};
struct out_rows {
    struct cli *cli;
    const struct out_column *columns;
    size_t count, at, shown; /* columns; the next cell; cells of the table so far */
    struct out_table table;
    struct out_json json;
    const char *cells[OUT_COLUMNS];
};
void out_rows_begin(struct out_rows *rows, struct cli *cli, const struct out_column *columns, size_t count);
void out_rows_text(struct out_rows *rows, const char *text);
void out_rows_int(struct out_rows *rows, int64_t n);
/* For programs the code, for people what it means. */
void out_rows_word(struct out_rows *rows, const char *code, const char *said);
/* A time; nothing for SITE_NEVER (INT64_MIN). */
void out_rows_time(struct out_rows *rows, int64_t ms);
dw_err out_rows_end(struct out_rows *rows);

/* Ends an answer that was made both ways: prints the one asked for, frees both. */
dw_err out_either(const struct cli *cli, struct out_table *table, struct out_json *json);
void out_drop(struct out_table *table, struct out_json *json); /* prints neither */

#endif
