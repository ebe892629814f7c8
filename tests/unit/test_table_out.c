#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/keys.h"
#include "base/text.h"
#include "files/sheet_in.h"
#include "files/table_out.h"
#include "folder.h"

enum { COLUMNS = 5, ROWS = 40, CELL = 96 };

struct table {
    char headers[COLUMNS][CELL], cells[ROWS][COLUMNS][CELL];
    size_t columns, rows;
};

static const char *const names[] = {"a.csv", "a.csv", "a.csv", "a.xlsx"};
static const enum table_out_format formats[] = {TABLE_OUT_CSV, TABLE_OUT_CSV_BOM, TABLE_OUT_CSV_GB18030, TABLE_OUT_XLSX};

static void make(struct table *t, struct rng *rng, bool controls)
{
    t->columns = 1 + rng_below(rng, COLUMNS);
    t->rows = rng_below(rng, ROWS);
    for (size_t c = 0; c < t->columns; c++) snprintf(t->headers[c], CELL, "列%zu", c + 1);
    for (size_t r = 0; r < t->rows; r++)
        for (size_t c = 0; c < t->columns; c++) folder_text(t->cells[r][c], CELL, rng, controls);
}

static dw_err put(const struct table *t, const char *path, enum table_out_format format, const char *title,
                  struct err_detail *detail)
{
    struct table_out *out;
    const char *cells[COLUMNS];
    for (size_t c = 0; c < t->columns; c++) cells[c] = t->headers[c];
    ERR_TRY(table_out_open(&out, path, format, "名单", title, cells, t->columns, detail));
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < t->columns; c++) cells[c] = t->cells[r][c];
        dw_err err = table_out_row(out, cells, detail);
        if (err != DW_OK) {
            table_out_abort(out);
            return err;
        }
    }
    return table_out_close(out, detail);
}

/* One cell of RFC 4180 from *at on, which moves behind it and its separator; last: it ended its row. */
static void csv_cell(struct arena_buf *out, const char **at, bool *last)
{
    arena_buf_clear(out);
    arena_buf_text(out, "");
    if (**at == '"') {
        for ((*at)++; **at != 0; (*at)++) {
            if (**at == '"' && *++*at != '"') break;
            arena_buf_put(out, *at, 1);
        }
    } else {
        size_t len = strcspn(*at, ",\r\n");
        assert_null(memchr(*at, '"', len)); /* a quote only inside quotes */
        arena_buf_put(out, *at, len);
        *at += len;
    }
    *last = **at != ',';
    if (*last) assert_memory_equal(*at, "\r\n", 2);
    *at += *last ? 2 : 1;
}

static bool plain_number(const char *text)
{
    if (*text != '+' && *text != '-') return false;
    text++;
    return text[strspn(text, "0123456789.")] == 0;
}

/* The same text, or kept from running by an apostrophe that only such a text gets. */
static void csv_same(const char *read, const char *written)
{
    static const char *const runs[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
    bool run = false;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) run = run || strncmp(written, runs[i], strlen(runs[i])) == 0;
    if (run && !plain_number(written)) assert_int_equal(*read++, '\'');
    assert_string_equal(read, written);
}

static void csv_is(const char *path, enum table_out_format format, const struct table *t, const char *title)
{
    struct arena_buf text = {0}, cell = {0};
    size_t len, bad;
    char *data = folder_read(path, &len);
    bool mark = len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0, last = true;
    assert_int_equal(mark, format == TABLE_OUT_CSV_BOM);
    assert_true(text_decode(&text, format == TABLE_OUT_CSV_GB18030 ? TEXT_GB18030 : TEXT_UTF8, data, len, &bad));
    const char *at = text.data + (mark && memcmp(text.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
    if (title != NULL) {
        csv_cell(&cell, &at, &last);
        csv_same(cell.data, title);
        assert_true(last);
    }
    for (size_t r = 0; r < t->rows + 1; r++)
        for (size_t c = 0; c < t->columns; c++) {
            csv_cell(&cell, &at, &last);
            csv_same(cell.data, r == 0 ? t->headers[c] : t->cells[r - 1][c]);
            assert_int_equal(last, c + 1 == t->columns);
        }
    assert_int_equal(*at, 0);
    arena_buf_free(&text);
    arena_buf_free(&cell);
    free(data);
}

static void csv(void **state)
{
    (void)state;
    struct rng rng = folder_seed();
    struct table *t = calloc(1, sizeof *t);
    struct folder f;
    char path[FOLDER_PATH];
    assert_non_null(t);
    folder_make(&f);
    for (int i = 0; i < 300; i++) {
        enum table_out_format format = formats[i % 3];
        const char *title = i % 2 == 0 ? NULL : "第 1 轮,\"未检\"";
        make(t, &rng, true);
        folder_file(path, &f, "a.csv");
        assert_int_equal(put(t, path, format, title, NULL), DW_OK);
        assert_int_equal(folder_count(&f), 1);
        csv_is(path, format, t, title);
    }
    folder_drop(&f);
    free(t);
}

static const char *cell_at(const struct sheet_book *book, uint32_t source_row, size_t column)
{
    if (book->count == 0) return "";
    const struct sheet *s = &book->sheets[0];
    for (size_t r = 0; r < s->rows; r++)
        if (s->source_row[r] == source_row && column < s->columns) return s->cells[r * s->columns + column].text;
    return "";
}

/* The reader trims cells, so what is compared is trimmed too. */
static void xlsx_same(const struct sheet_book *book, uint32_t row, size_t column, const char *written)
{
    size_t len = strlen(written);
    const char *text = text_trim(written, &len), *read = cell_at(book, row, column);
    assert_int_equal(strlen(read), len);
    assert_memory_equal(read, text, len);
}

static void xlsx(void **state)
{
    (void)state;
    struct rng rng = folder_seed();
    struct table *t = calloc(1, sizeof *t);
    struct folder f;
    char path[FOLDER_PATH];
    assert_non_null(t);
    folder_make(&f);
    for (int i = 0; i < 25; i++) {
        struct sheet_book book = {0};
        uint32_t first = i % 2 == 0 ? 1 : 2;
        make(t, &rng, false);
        folder_file(path, &f, "表 1.xlsx");
        assert_int_equal(put(t, path, TABLE_OUT_XLSX, first == 1 ? NULL : "标题", NULL), DW_OK);
        assert_int_equal(folder_count(&f), 1);
        assert_int_equal(sheet_read(&book, path, NULL, NULL, NULL), DW_OK);
        assert_int_equal(book.count, 1);
        assert_string_equal(book.sheets[0].name, "名单");
        if (first == 2) xlsx_same(&book, 1, 0, "标题");
        for (size_t c = 0; c < t->columns; c++) {
            xlsx_same(&book, first, c, t->headers[c]);
            for (size_t r = 0; r < t->rows; r++) xlsx_same(&book, first + 1 + (uint32_t)r, c, t->cells[r][c]);
        }
        sheet_free(&book);
    }
    folder_drop(&f);
    free(t);
}

/* A cell with any control character leaves a workbook that opens. */
static void xlsx_controls(void **state)
{
    (void)state;
    struct table *t = calloc(1, sizeof *t);
    struct folder f;
    struct sheet_book book = {0};
    char path[FOLDER_PATH];
    assert_non_null(t);
    folder_make(&f);
    folder_file(path, &f, "a.xlsx");
    t->columns = 2;
    t->rows = 31;
    snprintf(t->headers[0], CELL, "a");
    snprintf(t->headers[1], CELL, "b");
    for (size_t r = 0; r < t->rows; r++) {
        snprintf(t->cells[r][0], CELL, "x%cy", (char)(r + 1));
        snprintf(t->cells[r][1], CELL, "after");
    }
    assert_int_equal(put(t, path, TABLE_OUT_XLSX, NULL, NULL), DW_OK);
    assert_int_equal(sheet_read(&book, path, NULL, NULL, NULL), DW_OK);
    for (uint32_t r = 0; r < t->rows; r++) assert_string_equal(cell_at(&book, r + 2, 1), "after");
    sheet_free(&book);
    folder_drop(&f);
    free(t);
}

/* Every cell comes back by its header from what any reader of JSON reads; an empty one is null. */
static void json(void **state)
{
    (void)state;
    struct rng rng = folder_seed();
    struct table *t = calloc(1, sizeof *t);
    struct folder f;
    char path[FOLDER_PATH], *text = malloc(8 << 20);
    assert_non_null(t);
    assert_non_null(text);
    folder_make(&f);
    for (int i = 0; i < 25; i++) {
        struct json read = {0};
        struct arena arena = {0};
        make(t, &rng, false);
        for (size_t c = 0; c < t->columns; c++) snprintf(t->headers[c], CELL, "c%zu", c);
        folder_file(path, &f, "a.json");
        assert_int_equal(put(t, path, TABLE_OUT_JSON, NULL, NULL), DW_OK);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t len = fread(text, 1, 8 << 20, file);
        fclose(file);
        assert_int_equal(json_read(&read, text, len, NULL), DW_OK);
        assert_int_equal(read.tokens[0].type, JSON_ARRAY);
        assert_int_equal(read.tokens[0].count, t->rows);
        uint32_t row = json_first(0);
        for (size_t r = 0; r < t->rows; r++, row = read.tokens[row].next)
            for (size_t c = 0; c < t->columns; c++) {
                uint32_t at = json_member(&read, row, t->headers[c]);
                const char *cell = json_text(&read, at, &arena);
                if (t->cells[r][c][0] == 0)
                    assert_int_equal(read.tokens[at].type, JSON_NULL);
                else
                    assert_string_equal(cell, t->cells[r][c]);
            }
        json_free(&read);
        arena_free(&arena);
    }
    folder_drop(&f);
    free(text);
    free(t);
}

static dw_err one(const char *path, enum table_out_format format, const char *sheet, size_t columns, const char *cell,
                  size_t rows, struct err_detail *detail)
{
    struct table_out *out;
    const char **cells = calloc(columns + 1, sizeof *cells);
    assert_non_null(cells);
    for (size_t c = 0; c < columns; c++) cells[c] = "h";
    dw_err err = table_out_open(&out, path, format, sheet, NULL, cells, columns, detail);
    for (size_t c = 0; c < columns; c++) cells[c] = c == 1 ? cell : NULL;
    for (size_t r = 0; err == DW_OK && r < rows; r++) err = table_out_row(out, cells, detail);
    free(cells);
    if (err != DW_OK) {
        table_out_abort(out); /* NULL when it did not open */
        return err;
    }
    return table_out_close(out, detail);
}

static void refuses(void **state)
{
    (void)state;
    struct err_detail detail = {0};
    struct folder f;
    char path[FOLDER_PATH], below[FOLDER_PATH], *text = malloc(32769);
    assert_non_null(text);
    memset(text, 'x', 32768);
    text[32768] = 0;
    folder_make(&f);
    folder_file(path, &f, "a.xlsx");
    folder_file(below, &f, "none/a.csv");
    assert_int_equal(one(path, TABLE_OUT_XLSX, "S", 2, text, 1, &detail), DW_E_TOO_LARGE);
    assert_int_equal(detail.row, 2);
    assert_string_equal(detail.column, "2");
    assert_int_equal(one(path, TABLE_OUT_XLSX, "S", 2, NULL, 1048576, &detail), DW_E_TOO_LARGE);
    assert_int_equal(detail.row, 1048577);
    assert_int_equal(one(path, TABLE_OUT_XLSX, "S", 16385, NULL, 0, &detail), DW_E_TOO_LARGE);
    assert_int_equal(one(path, TABLE_OUT_XLSX, "a/b", 2, NULL, 0, &detail), DW_E_INVALID);
    assert_int_equal(one(path, TABLE_OUT_CSV, "S", 0, NULL, 0, &detail), DW_E_INVALID);
    assert_int_equal(one("-", TABLE_OUT_XLSX, "S", 2, NULL, 0, &detail), DW_E_INVALID);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(one(path, formats[i], "S", 2, "\xe9\x99", 3, &detail), DW_E_UTF8); /* half of 陈 */
        assert_int_equal(detail.row, 2);
        assert_int_equal(one(below, formats[i], "S", 2, "a", 1, &detail), DW_E_IO);
        assert_int_equal(one(f.path, formats[i], "S", 2, "a", 1, &detail), DW_E_IO);
    }
    assert_int_equal(folder_count(&f), 0);
    text[32767] = 0;
    assert_int_equal(
        one(path, TABLE_OUT_XLSX, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三", 2, text, 1, NULL), DW_OK);
    assert_int_equal(one(path, TABLE_OUT_XLSX, "S", 2, NULL, 1048575, NULL), DW_OK);
    table_out_abort(NULL);
    assert_int_equal(table_out_close(NULL, NULL), DW_OK);
    free(text);
    folder_drop(&f);
}

/* Until it is whole there is nothing under the name, and what stood there stays. */
static void whole_or_not(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct folder f;
        char path[FOLDER_PATH], link[FOLDER_PATH];
        const char *cells[] = {"一", "二"};
        struct table_out *out;
        struct stat st;
        size_t len;
        folder_make(&f);
        folder_file(path, &f, names[i]);
        FILE *old = fopen(path, "wb");
        assert_non_null(old);
        fputs("old", old);
        fclose(old);
        for (int close = 0; close < 2; close++) {
            assert_int_equal(table_out_open(&out, path, formats[i], "S", NULL, cells, 2, NULL), DW_OK);
            for (int r = 0; r < 30000; r++) assert_int_equal(table_out_row(out, cells, NULL), DW_OK);
            char *data = folder_read(path, &len);
            assert_string_equal(data, "old");
            free(data);
            if (close == 0) {
                table_out_abort(out);
                assert_int_equal(folder_count(&f), 1);
                data = folder_read(path, &len);
                assert_string_equal(data, "old");
                free(data);
            } else {
                assert_int_equal(table_out_close(out, NULL), DW_OK);
            }
        }
        assert_int_equal(stat(path, &st), 0);
        assert_true(st.st_size > 30000);
        folder_file(link, &f, "link");
        assert_int_equal(symlink(path, link), 0);
        assert_int_equal(one(link, formats[i], "S", 2, "a", 1, NULL), DW_OK);
        assert_int_equal(lstat(link, &st), 0);
        assert_true(S_ISLNK(st.st_mode)); /* the file behind it was written */
        assert_int_equal(folder_count(&f), 2);
        folder_drop(&f);
    }
}

/* Several sheets, each with its own columns; an aborted one leaves nothing of any. */
static void sheets(void **state)
{
    (void)state;
    const struct table_out_column totals[] = {{"区域", 20, false}, {"应检", 0, true}, {"已检", 0, true}},
                                  people[] = {{"姓名", 12, false}};
    const char *rows[][3] = {{"1-1", "120", "-7"}, {"1-2", "many", "012"}}, *lin[] = {"120"};
    struct folder f;
    struct table_out *out;
    struct sheet_book book = {0};
    char path[FOLDER_PATH];
    folder_make(&f);
    folder_file(path, &f, "a.xlsx");
    for (int close = 0; close < 2; close++) {
        assert_int_equal(table_out_book(&out, path, "汇总", "第 1 轮", totals, 3, NULL), DW_OK);
        for (int r = 0; r < 2; r++) assert_int_equal(table_out_row(out, rows[r], NULL), DW_OK);
        assert_int_equal(table_out_sheet(out, "名单", NULL, people, 1, NULL), DW_OK);
        for (int r = 0; r < 3000; r++) assert_int_equal(table_out_row(out, lin, NULL), DW_OK);
        if (close == 0) {
            table_out_abort(out);
            assert_int_equal(folder_count(&f), 0);
        } else {
            assert_int_equal(table_out_close(out, NULL), DW_OK);
        }
    }
    assert_int_equal(sheet_read(&book, path, NULL, NULL, NULL), DW_OK);
    assert_int_equal(book.count, 2);
    assert_string_equal(book.sheets[0].name, "汇总");
    assert_string_equal(book.sheets[1].name, "名单");
    assert_string_equal(cell_at(&book, 1, 0), "第 1 轮");
    assert_string_equal(cell_at(&book, 2, 1), "应检");
    assert_string_equal(cell_at(&book, 3, 1), "120");
    assert_string_equal(cell_at(&book, 3, 2), "-7");
    assert_string_equal(cell_at(&book, 4, 1), "many");
    assert_int_equal(book.sheets[1].rows, 3001);
    sheet_free(&book);
    assert_int_equal(table_out_book(&out, path, "汇总", NULL, totals, 3, NULL), DW_OK);
    assert_int_equal(table_out_sheet(out, "汇总", NULL, people, 1, NULL), DW_E_INVALID); /* the name is taken */
    table_out_abort(out);
    folder_drop(&f);
}

struct job {
    struct folder folder;
    char path[FOLDER_PATH];
    enum table_out_format format;
    size_t whole;
};

static int write_job(void *arg)
{
    struct job *job = arg;
    return (int)one(job->path, job->format, "S", 3, "福建省晋江市仿真村东明巷二号", 3000, NULL);
}

static void look(void *arg, int answer)
{
    struct job *job = arg;
    struct stat st;
    if (answer == DW_OK) {
        assert_int_equal(stat(job->path, &st), 0);
        assert_in_range(st.st_size, job->whole - 8, job->whole + 8); /* a workbook holds the time */
        unlink(job->path);
    } else {
        assert_true(answer == DW_E_IO || answer == DW_E_FULL);
    }
    assert_int_equal(folder_count(&job->folder), 0);
}

/* However far the disk lets it come: whole and right, or an error and nothing. */
static void full_disk(void **state)
{
    (void)state;
    struct rng rng = folder_seed();
    for (int i = 2; i < 4; i++) { /* every CSV is written the same way */
        struct job job = {.format = formats[i]};
        struct stat st;
        folder_make(&job.folder);
        folder_file(job.path, &job.folder, names[i]);
        assert_int_equal(write_job(&job), DW_OK);
        assert_int_equal(stat(job.path, &st), 0);
        job.whole = (size_t)st.st_size;
        unlink(job.path);
        folder_limits(&rng, 2000000, write_job, look, &job);
        folder_drop(&job.folder);
    }
}

/* A device is written as it is and not replaced. */
static void devices(void **state)
{
    (void)state;
    struct folder f;
    struct stat st;
    char path[FOLDER_PATH];
    folder_make(&f);
    folder_file(path, &f, "full");
    assert_int_equal(symlink("/dev/full", path), 0);
    for (int i = 0; i < 3; i++) assert_int_equal(one(path, formats[i], "S", 2, "a", 100000, NULL), DW_E_FULL);
    assert_int_equal(one(path, formats[0], "S", 2, "a", 1, NULL), DW_E_FULL); /* seen only when it is closed */
    assert_int_equal(one(path, TABLE_OUT_XLSX, "S", 2, "a", 1, NULL), DW_E_INVALID);
    assert_int_equal(stat(path, &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    folder_drop(&f);
}

static int write_stdout(void *arg)
{
    const char *cells[] = {"一", "二"};
    struct table_out *out;
    if (freopen(arg, "wb", stdout) == NULL) return 98;
    dw_err err = table_out_open(&out, "-", TABLE_OUT_CSV, "S", NULL, cells, 2, NULL);
    if (err == DW_OK) err = table_out_close(out, NULL);
    return err != DW_OK ? (int)err : printf("more") == 4 && fflush(stdout) == 0 ? 0 : 97;
}

static void to_stdout(void **state)
{
    (void)state;
    struct folder f;
    char path[FOLDER_PATH], full[] = "/dev/full";
    size_t len;
    folder_make(&f);
    folder_file(path, &f, "out");
    assert_int_equal(folder_limited(1000, write_stdout, path), DW_OK);
    char *data = folder_read(path, &len);
    assert_string_equal(data, "一,二\r\nmore"); /* stdout stays open */
    free(data);
    assert_int_equal(folder_limited(1000, write_stdout, full), DW_E_FULL);
    folder_drop(&f);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(csv),           cmocka_unit_test(json),    cmocka_unit_test(xlsx),
                                       cmocka_unit_test(xlsx_controls), cmocka_unit_test(refuses), cmocka_unit_test(whole_or_not),
                                       cmocka_unit_test(full_disk),     cmocka_unit_test(devices), cmocka_unit_test(to_stdout),
                                       cmocka_unit_test(sheets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
