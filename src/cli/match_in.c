#include "cli/match_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "files/columns.h"
#include "match/link_guess.h"

static const char *match_in_engine_cell(const void *ctx, size_t row, size_t column)
{
    const struct match_in_table *t = ctx;
    return t->sheet->cells[(t->header + 1 + row) * t->sheet->columns + column].text;
}

static dw_err match_in_file(struct match_in_table *t, struct cli *cli, const char *path)
{
    struct columns columns;
    struct err_detail ignored = {0};
    ERR_TRY(sheet_read(&t->book, path, NULL, &cli->progress, &cli->detail));
    for (size_t i = 0; i < t->book.count && t->sheet == NULL; i++)
        if (t->book.sheets[i].rows > 1) t->sheet = &t->book.sheets[i];
    if (t->sheet == NULL) return err_at(&cli->detail, DW_E_FORMAT, path, NULL, 0, NULL, "no rows");
    /* A list of people may have a title above its headers; what is no list of people begins with them. */
    if (columns_guess(&columns, t->sheet, path, &ignored) == DW_OK) t->header = (size_t)columns.header_row;
    t->rows = t->sheet->rows - t->header - 1;
    t->columns = t->sheet->columns;
    t->headers = arena_array(&cli->arena, t->columns, sizeof *t->headers);
    t->leave = arena_array(&cli->arena, t->columns, sizeof *t->leave);
    t->column = arena_array(&cli->arena, t->columns, sizeof *t->column);
    if (t->headers == NULL || t->leave == NULL || t->column == NULL) return DW_E_MEMORY;
    for (size_t c = 0; c < t->columns; c++) t->headers[c] = t->sheet->cells[t->header * t->sheet->columns + c].text;
    return DW_OK;
}

static int match_in_header(const struct match_in_table *t, const char *name, size_t len)
{
    for (size_t c = 0; c < t->columns; c++)
        if (strlen(t->headers[c]) == len && strncmp(t->headers[c], name, len) == 0) return (int)c;
    return -1;
}

/* A column that an option names; every table must have it. */
static dw_err match_in_named(struct match_in *in, struct cli *cli, const char *option, bool truth)
{
    const char *name = cli_text(cli, option);
    for (size_t t = 0; t < in->count; t++) {
        struct match_in_table *table = &in->table[t];
        int *at = truth ? &table->truth : &table->id;
        *at = name == NULL ? -1 : match_in_header(table, name, strlen(name));
        if (name != NULL && *at < 0) return err_at(&cli->detail, DW_E_COLUMN, table->book.file, NULL, 0, NULL, "%s", name);
        if (*at >= 0) table->leave[*at] = true;
    }
    return DW_OK;
}

/* One word HEADER=FIELD:TYPE or HEADER=-, for every table that has the header. */
static dw_err match_in_set(struct match_in *in, struct cli *cli, const char *word, size_t len)
{
    char said[160];
    const char *equals = memchr(word, '=', len);
    bool found = false;
    if (equals == NULL || len >= sizeof said) return err_set(&cli->detail, DW_E_USAGE, "--columns %.*s", (int)len, word);
    snprintf(said, sizeof said, "%.*s", (int)(len - (size_t)(equals + 1 - word)), equals + 1);
    for (size_t t = 0; t < in->count; t++) {
        int c = match_in_header(&in->table[t], word, (size_t)(equals - word));
        if (c < 0) continue;
        found = true;
        if (!link_guess_set(&in->table[t].column[c], said))
            return err_set(&cli->detail, DW_E_USAGE, "--columns %.*s", (int)len, word);
    }
    return found ? DW_OK : err_set(&cli->detail, DW_E_COLUMN, "%.*s", (int)(equals - word), word);
}

/* A list "HEADER=FIELD:TYPE,…", or a file with one of them a line. */
static dw_err match_in_columns(struct match_in *in, struct cli *cli)
{
    const char *said = cli_text(cli, "columns");
    char *text = NULL;
    size_t len;
    if (said == NULL) return DW_OK;
    if (strchr(said, '=') == NULL) {
        ERR_TRY(cmd_slurp(&text, &len, cli, said));
        said = text == NULL ? "" : text;
    }
    dw_err err = DW_OK;
    while (*said != 0 && err == DW_OK) {
        size_t n = strcspn(said, ",\r\n");
        if (n > 0) err = match_in_set(in, cli, said, n);
        said += n + (said[n] != 0);
    }
    free(text);
    return err;
}

/* Tables that --repeats or --once name, by file name. */
static dw_err match_in_rule(struct match_in *in, struct cli *cli, const char *option, enum link_repeat rule)
{
    const char *said = cli_text(cli, option);
    while (said != NULL && *said != 0) {
        size_t n = strcspn(said, ","), t = 0;
        while (t < in->count && (strlen(in->table[t].book.file) != n || strncmp(in->table[t].book.file, said, n) != 0)) t++;
        if (t == in->count) return err_set(&cli->detail, DW_E_USAGE, "--%s %.*s", option, (int)n, said);
        in->link[t].repeat = rule;
        said += n + (said[n] != 0);
    }
    return DW_OK;
}

static dw_err match_in_settle(struct match_in *in, struct cli *cli)
{
    struct link_column **columns = arena_array(&cli->arena, in->count, sizeof *columns);
    const char *const **headers = arena_array(&cli->arena, in->count, sizeof *headers);
    const bool **leave = arena_array(&cli->arena, in->count, sizeof *leave);
    if (columns == NULL || headers == NULL || leave == NULL) return DW_E_MEMORY;
    ERR_TRY(match_in_named(in, cli, "id", false));
    ERR_TRY(match_in_named(in, cli, "truth-column", true));
    for (size_t t = 0; t < in->count; t++) {
        struct match_in_table *table = &in->table[t];
        in->link[t] = (struct link_table){.name = table->book.file,
                                          .rows = table->rows,
                                          .columns = table->columns,
                                          .cell = match_in_engine_cell,
                                          .ctx = table,
                                          .column = table->column};
        in->first[t + 1] = in->first[t] + (uint32_t)table->rows;
        columns[t] = table->column;
        headers[t] = table->headers;
        leave[t] = table->leave;
    }
    struct link_guess guess = {.tables = in->link, .headers = headers, .count = in->count, .leave = leave};
    ERR_TRY(link_guess(columns, &guess));
    ERR_TRY(match_in_columns(in, cli));
    ERR_TRY(match_in_rule(in, cli, "repeats", LINK_REPEAT_YES));
    return match_in_rule(in, cli, "once", LINK_REPEAT_NO);
}

dw_err match_in_read(struct match_in *in, struct cli *cli)
{
    if (cli->operand_count > LINK_TABLES) return err_set(&cli->detail, DW_E_USAGE, "1..%d", LINK_TABLES);
    in->count = (size_t)cli->operand_count;
    in->table = arena_array(&cli->arena, in->count, sizeof *in->table);
    in->link = arena_array(&cli->arena, in->count, sizeof *in->link);
    if (in->table == NULL || in->link == NULL) {
        in->count = 0;
        return DW_E_MEMORY;
    }
    for (size_t t = 0; t < in->count; t++) ERR_TRY(match_in_file(&in->table[t], cli, cli_operand(cli, (int)t)));
    return match_in_settle(in, cli);
}

void match_in_free(struct match_in *in)
{
    for (size_t t = 0; t < in->count; t++) sheet_free(&in->table[t].book);
    in->count = 0;
}

size_t match_in_table_of(const struct match_in *in, uint32_t record)
{
    size_t t = 0;
    while (record >= in->first[t + 1]) t++;
    return t;
}

const char *match_in_cell(const struct match_in *in, uint32_t record, int column)
{
    size_t t = match_in_table_of(in, record);
    return column < 0 ? "" : match_in_engine_cell(&in->table[t], record - in->first[t], (size_t)column);
}

const char *match_in_id(char out[32], const struct match_in *in, uint32_t record)
{
    size_t t = match_in_table_of(in, record);
    const struct match_in_table *table = &in->table[t];
    if (table->id >= 0) return match_in_cell(in, record, table->id);
    snprintf(out, 32, "%u", table->sheet->source_row[table->header + 1 + record - in->first[t]]);
    return out;
}
