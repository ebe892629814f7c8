#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/text.h"
#include "files/list_out.h"
#include "page.h"
#include "seed.h"

enum { COLUMNS = 5, DPI = 150, TEXT = 2048 };
static const double MARGIN = 15; /* millimetres */

static const struct when WHEN = {1649374200123, 480}; /* 2022-04-08 07:30 */
static const struct list_out_column ZH[COLUMNS] = {{"户门", 3, LIST_OUT_TEXT},
                                                   {"姓名", 3, LIST_OUT_TEXT},
                                                   {"原因", 4, LIST_OUT_TEXT},
                                                   {"次数", 2, LIST_OUT_RIGHT},
                                                   {"已检", 2, LIST_OUT_TICK}};

struct list {
    size_t sections, rows, band; /* rows: of each section; band: one before so many rows, 0: none */
    int calls;                   /* of fill */
    size_t later;                /* rows that the second time has more */
    void (*cells)(char cells[COLUMNS][TEXT], size_t section, size_t row);
    struct list_out_head head;
};

static dw_err fill(struct list_out *out, void *ctx, struct err_detail *detail)
{
    struct list *list = ctx;
    char words[COLUMNS][TEXT];
    const char *cells[COLUMNS];
    size_t rows = list->rows + (list->calls++ > 0 ? list->later : 0);
    for (size_t s = 0; s < list->sections; s++) {
        char title[64];
        struct list_out_head head = list->head;
        snprintf(title, sizeof title, "楼栋%zu", s + 1);
        if (head.title == NULL) head.title = title;
        ERR_TRY(list_out_section(out, &head, detail));
        for (size_t r = 0; r < rows; r++) {
            if (list->band != 0 && r % list->band == 0) {
                snprintf(title, sizeof title, "带%zu带", r / list->band);
                ERR_TRY(list_out_band(out, title, detail));
            }
            list->cells(words, s, r);
            for (size_t c = 0; c < COLUMNS; c++) cells[c] = words[c];
            ERR_TRY(list_out_row(out, cells, detail));
        }
    }
    return DW_OK;
}

static struct list_out_form form_of(enum err_lang lang, bool landscape, double size)
{
    return (struct list_out_form){lang, landscape, size, "名单", "仿真村", WHEN, ZH, COLUMNS};
}

static dw_err put(const char *path, struct list *list, enum err_lang lang, bool landscape, double size, struct err_detail *detail)
{
    struct list_out_form form = form_of(lang, landscape, size);
    list->calls = 0;
    return list_out_write(path, &form, fill, list, detail);
}

static void plain(char cells[COLUMNS][TEXT], size_t section, size_t row)
{
    snprintf(cells[0], TEXT, "%zu-%zu", section + 1, row + 1);
    snprintf(cells[1], TEXT, "林＊");
    snprintf(cells[2], TEXT, "无人应门");
    snprintf(cells[3], TEXT, "%zu", row % 4);
    snprintf(cells[4], TEXT, "not read");
}

static int pages_of(const char *path)
{
    struct arena_buf said = {0};
    const char *words[] = {"pdfinfo", path, NULL};
    int pages = 0;
    assert_int_equal(tool(&said, "poppler-utils", words), 0);
    const char *at = strstr(said.data, "Pages:");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "Pages: %d", &pages), 1);
    assert_non_null(strstr(said.data, "A4"));
    arena_buf_free(&said);
    return pages;
}

/* The texts of one page, cell by cell. */
static void page_text(struct arena_buf *out, const char *path, int page)
{
    char number[16];
    snprintf(number, sizeof number, "%d", page);
    const char *words[] = {"pdftotext", "-raw", "-f", number, "-l", number, path, "-", NULL};
    assert_int_equal(tool(out, "poppler-utils", words), 0);
}

static void told(void **state)
{
    (void)state;
    struct arena_buf text = {0};
    struct folder f;
    char path[FOLDER_PATH];
    struct list list = {
        .sections = 1, .rows = 7, .cells = plain, .head = {"4-2-5 东明巷二号", "第 1 轮 未检 7 人", "林如强 13800138000", NULL}};
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    for (int lang = ERR_ZH; lang <= ERR_EN; lang++) {
        assert_int_equal(put(path, &list, (enum err_lang)lang, lang == ERR_EN, 14, NULL), DW_OK);
        sound(path);
        assert_int_equal(pages_of(path), 1);
        read_text(&text, path, false);
        has(&text, list.head.title);
        has(&text, list.head.subtitle);
        has(&text, list.head.note);
        for (size_t c = 0; c < COLUMNS; c++) has(&text, ZH[c].header);
        has(&text, "1-7");
        has(&text, "林＊");
        has(&text, "2022-04-08 07:30");
        has(&text, "仿真村");
        has(&text, lang == ERR_ZH ? "第1页共1页" : "Page1of1");
        assert_null(strstr(text.data, "notread"));
    }
    arena_buf_free(&text);
    folder_drop(&f);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Of a cell that fills two or three lines both ends are on the page, and on the same one. */
static void ends(char cells[COLUMNS][TEXT], size_t section, size_t row)
{
    plain(cells, section, row);
    snprintf(cells[2], TEXT, "始%zu始%.*s终%zu终", row, (int)(row % 6 * 12), "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯",
             row);
}

static void whole_rows(void **state)
{
    (void)state;
    enum { ROWS = 230 };
    struct arena_buf text = {0}, tight = {0};
    struct folder f;
    char path[FOLDER_PATH], want[64];
    int seen[ROWS] = {0}, continued = 0;
    struct list list = {.sections = 1, .rows = ROWS, .cells = ends, .band = 10};
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    assert_int_equal(put(path, &list, ERR_ZH, false, 12, NULL), DW_OK);
    sound(path);
    int pages = pages_of(path);
    assert_in_range(pages, 5, 30);
    for (int p = 1; p <= pages; p++) {
        page_text(&text, path, p);
        arena_buf_clear(&tight);
        for (size_t i = 0; i < text.len; i++)
            if ((unsigned char)text.data[i] > ' ') arena_buf_put(&tight, text.data + i, 1);
        has(&tight, "楼栋1");
        for (size_t c = 0; c < COLUMNS; c++) has(&tight, ZH[c].header);
        snprintf(want, sizeof want, "第%d页共%d页", p, pages);
        has(&tight, want);
        assert_true(strstr(tight.data, "带") < strstr(tight.data, "始")); /* each page begins with its band */
        continued += strstr(tight.data, "带（续）") != NULL;
        for (int r = 0; r < ROWS; r++) {
            char from[32], to[32];
            snprintf(from, sizeof from, "始%d始", r);
            snprintf(to, sizeof to, "终%d终", r);
            bool a = strstr(tight.data, from) != NULL, b = strstr(tight.data, to) != NULL;
            if (a != b) fail_msg("row %d is torn on page %d", r, p);
            seen[r] += a;
        }
        /* Behind the last band of a page there is a row. */
        char *last = NULL;
        for (char *at = tight.data; (at = strstr(at, "带")) != NULL; at++) last = at;
        assert_true(last == NULL || strstr(last, "始") != NULL);
    }
    for (int r = 0; r < ROWS; r++) assert_int_equal(seen[r], 1);
    assert_true(continued > 0);
    arena_buf_free(&text);
    arena_buf_free(&tight);
    folder_drop(&f);
}

static struct rng odd_rng;

static void odd_cells(char cells[COLUMNS][TEXT], size_t section, size_t row)
{
    static const char *const odd[] = {"买买提·吐尔逊·阿不都热依木",
                                      "囧囧囧",
                                      "👨‍👩‍👧🚪",
                                      "مرحبا بالعالم",
                                      "\u202e倒\u202c",
                                      "\x01\x02\t\r\n\x1b[31m\x7f",
                                      "𠮷㙟䶮",
                                      "g̷̢̛͎͓͚̻͔̹͙̙͈̩͖̈́́̂̃ǵ",
                                      "<b>&amp;</b>%s",
                                      "﷽𒐫",
                                      "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
                                      "a‑b—c…"};
    struct rng rng = rng_seed(odd_rng.s[0] + section * 1000003 + row); /* the same in both passes */
    for (size_t c = 0; c < COLUMNS; c++) {
        struct arena_buf text = {0};
        uint64_t kind = rng_below(&rng, 4);
        if (kind == 0) seed_text(&text, &rng, 300);
        if (kind == 1) seed_text(&text, &rng, 12);
        for (uint64_t n = 1 + rng_below(&rng, 5); kind >= 2 && n > 0; n--) arena_buf_text(&text, odd[rng_below(&rng, 12)]);
        snprintf(cells[c], TEXT, "%s", text.data);
        arena_buf_free(&text);
    }
}

/* A rule crosses the whole page from margin to margin, and nothing else does. */
static bool is_rule(const struct picture *p, int row, int left, int right)
{
    for (int x = left; x < right; x++)
        if (p->grey[row * p->w + x] >= 200) return false;
    return true;
}

static size_t dark_in(const struct picture *p, int row, int left, int right)
{
    size_t count = 0;
    for (int x = left; x < right; x++) count += p->grey[row * p->w + x] < 200;
    return count;
}

/* No ink of a cell leaves its column, its row or the page: below the headers' rule the gaps between columns hold only rules, and
 * beside a rule there is nothing. */
static void apart(const char *path, const char *name, double size, bool landscape)
{
    struct picture p = picture(path, name, DPI);
    double scale = DPI / 25.4, width = (landscape ? 297 : 210) - 2 * MARGIN, gap = size * 0.4 / 72 * DPI, x = MARGIN * scale,
           shares = 0;
    int left = (int)(MARGIN * scale) + 1, right = (int)((MARGIN + width) * scale) - 1, rules = 0,
        pad = (int)(size * 0.1 / 72 * DPI);
    for (int c = 0; c < COLUMNS; c++) shares += ZH[c].share;
    for (int y = 0; y < p.h; y++) {
        assert_int_equal(dark_in(&p, y, 0, left - 3), 0);
        assert_int_equal(dark_in(&p, y, right + 3, p.w), 0);
        if (!is_rule(&p, y, left, right)) continue;
        int from = y;
        while (is_rule(&p, y, left, right)) y++;
        for (int d = 2; d <= pad; d++) {
            assert_int_equal(dark_in(&p, from - d, left, right), 0);
            assert_int_equal(dark_in(&p, y + d - 1, left, right), 0);
        }
        if (rules++ == 0) continue; /* above the first are head and headers */
        for (int c = 1; c < COLUMNS; c++) {
            double at = x;
            for (int b = 0; b < c; b++) at += width * scale * ZH[b].share / shares;
            for (int up = from - 1; !is_rule(&p, up, left, right); up--)
                assert_int_equal(dark_in(&p, up, (int)(at - gap) + 2, (int)at - 1), 0);
        }
    }
    assert_true(rules > 3);
    free(p.grey);
}

static void odd(void **state)
{
    (void)state;
    struct folder f;
    char path[FOLDER_PATH], name[FOLDER_PATH];
    odd_rng = seed_rng();
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    folder_file(name, &f, "page");
    for (int i = 0; i < 6; i++) {
        struct list list = {.sections = 1, .rows = 30, .cells = odd_cells};
        odd_rng.s[0] += (uint64_t)i;
        double size = i % 2 == 0 ? 12 : 18;
        assert_int_equal(put(path, &list, i % 2 == 0 ? ERR_ZH : ERR_EN, i % 3 == 0, size, NULL), DW_OK);
        sound(path);
        apart(path, name, size, i % 3 == 0);
        folder_clear(&f);
    }
    folder_drop(&f);
}

/* Long words end in "…", and a title of any length stays on its page. */
static void long_cells(char cells[COLUMNS][TEXT], size_t section, size_t row)
{
    plain(cells, section, row);
    for (size_t c = 0; c < COLUMNS; c++) {
        size_t len = 0;
        while (len < 900) len += (size_t)snprintf(cells[c] + len, TEXT - len, "%s", row == 0 ? "长" : "囧字 wide ");
    }
}

static void cut(void **state)
{
    (void)state;
    struct arena_buf text = {0};
    struct folder f;
    char path[FOLDER_PATH], name[FOLDER_PATH], title[TEXT];
    struct list list = {.sections = 1, .rows = 6, .cells = long_cells, .head = {title, title, title, NULL}};
    for (size_t len = 0; len < 600;) len += (size_t)snprintf(title + len, sizeof title - len, "长题目");
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    folder_file(name, &f, "page");
    assert_int_equal(put(path, &list, ERR_ZH, false, 18, NULL), DW_OK);
    sound(path);
    read_text(&text, path, true);
    has(&text, "长...");
    apart(path, name, 18, false);
    arena_buf_free(&text);
    folder_drop(&f);
}

static void empty(void **state)
{
    (void)state;
    struct arena_buf text = {0};
    struct folder f;
    char path[FOLDER_PATH];
    struct list list = {.sections = 3, .rows = 0, .cells = plain}, none = {.cells = plain};
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    assert_int_equal(put(path, &none, ERR_ZH, false, 12, NULL), DW_E_INVALID);
    assert_int_equal(folder_count(&f), 0);
    assert_int_equal(put(path, &list, ERR_ZH, false, 12, NULL), DW_OK);
    assert_int_equal(pages_of(path), 3);
    sound(path);
    read_text(&text, path, false);
    has(&text, "（没有）");
    has(&text, "第 1 页 共 1 页（全部 3/3）");
    list.head.none = "everybody came";
    assert_int_equal(put(path, &list, ERR_EN, false, 30, NULL), DW_OK);
    read_text(&text, path, false);
    has(&text, "everybody came");
    has(&text, "Page 1 of 1 (in all 3/3)");
    arena_buf_free(&text);
    folder_drop(&f);
}

static void bad_cell(char cells[COLUMNS][TEXT], size_t section, size_t row)
{
    plain(cells, section, row);
    if (row == 4) snprintf(cells[2], TEXT, "\xe9\x99"); /* half of 陈 */
}

static void refuses(void **state)
{
    (void)state;
    struct err_detail detail = {0};
    struct folder f;
    char path[FOLDER_PATH], below[FOLDER_PATH];
    struct list list = {.sections = 1, .rows = 5, .cells = plain};
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    folder_file(below, &f, "none/a.pdf");
    assert_int_equal(put(below, &list, ERR_ZH, false, 12, &detail), DW_E_IO);
    assert_int_equal(put(f.path, &list, ERR_ZH, false, 12, &detail), DW_E_IO);
    list.later = 200; /* more pages than were counted */
    assert_int_equal(put(path, &list, ERR_ZH, false, 12, &detail), DW_E_INVALID);
    list.later = 0;
    list.cells = bad_cell;
    assert_int_equal(put(path, &list, ERR_ZH, false, 12, &detail), DW_E_UTF8);
    assert_int_equal(detail.row, 5);
    assert_string_equal(detail.column, "3");
    list.cells = plain;
    list.head.note = "\xff";
    assert_int_equal(put(path, &list, ERR_ZH, false, 12, &detail), DW_E_UTF8);
    assert_int_equal(folder_count(&f), 0);
    folder_drop(&f);
}

static void same(void **state)
{
    (void)state;
    struct folder f;
    char path[FOLDER_PATH], *data[2];
    size_t len[2];
    struct list list = {.sections = 2, .rows = 60, .cells = odd_cells, .band = 7};
    odd_rng = seed_rng();
    folder_make(&f);
    for (int i = 0; i < 2; i++) {
        folder_file(path, &f, i == 0 ? "a.pdf" : "b.pdf");
        assert_int_equal(put(path, &list, ERR_ZH, false, 12, NULL), DW_OK);
        data[i] = folder_read(path, &len[i]);
    }
    assert_int_equal(len[0], len[1]);
    assert_memory_equal(data[0], data[1], len[0]);
    assert_non_null(memmem(data[0], len[0], "20220408073000+08'00", 20));
    for (int i = 0; i < 2; i++) free(data[i]);
    folder_drop(&f);
}

struct job {
    struct folder folder;
    char path[FOLDER_PATH];
    struct list list;
};

static int write_job(void *arg)
{
    struct job *job = arg;
    return (int)put(job->path, &job->list, ERR_ZH, false, 12, NULL);
}

/* However far the disk lets it come: whole, or an error and nothing. */
static void full_disk(void **state)
{
    (void)state;
    struct job job = {.list = {.sections = 1, .rows = 90, .cells = plain}};
    struct stat st;
    folder_make(&job.folder);
    folder_file(job.path, &job.folder, "a.pdf");
    assert_int_equal(write_job(&job), DW_OK);
    assert_int_equal(stat(job.path, &st), 0);
    unlink(job.path);
    for (size_t back = (size_t)st.st_size; back > 0; back = back * 2 / 3) {
        int answer = folder_limited((size_t)st.st_size - back, write_job, &job);
        assert_true(answer == DW_E_IO || answer == DW_E_FULL);
        assert_int_equal(folder_count(&job.folder), 0);
    }
    assert_int_equal(folder_limited((size_t)st.st_size, write_job, &job), DW_OK);
    folder_drop(&job.folder);
}

/* Peak memory of a child that writes so many rows, MiB. */
static long peak(struct job *job, size_t rows)
{
    struct rusage use;
    int status = 0;
    job->list.rows = rows;
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) _exit(write_job(job));
    assert_int_equal(wait4(pid, &status, 0, &use), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), DW_OK);
    return use.ru_maxrss / 1024;
}

static void many(void **state)
{
    (void)state;
    enum { ROWS = 20000 };
    struct arena_buf text = {0};
    struct job job = {.list = {.sections = 1, .cells = plain}};
    static uint8_t seen[ROWS + 1];
    folder_make(&job.folder);
    folder_file(job.path, &job.folder, "a.pdf");
    long few = peak(&job, ROWS / 10), all = peak(&job, ROWS);
    printf("%d rows: %ld MiB, %d rows: %ld MiB\n", ROWS / 10, few, ROWS, all);
#ifndef __SANITIZE_ADDRESS__ /* which holds what is freed */
    assert_true(all - few < 24);
#endif
    int pages = pages_of(job.path);
    assert_in_range(pages, 400, 1000);
    const char *words[] = {"pdftotext", "-layout", job.path, "-", NULL};
    assert_int_equal(tool(&text, "poppler-utils", words), 0);
    for (const char *at = text.data; (at = strstr(at, "1-")) != NULL; at += 2) {
        long row = at == text.data || !digit(at[-1]) ? strtol(at + 2, NULL, 10) : 0;
        if (row >= 1 && row <= ROWS) seen[row]++;
    }
    for (int r = 1; r <= ROWS; r++) assert_true(seen[r] >= 1);
    arena_buf_free(&text);
    folder_drop(&job.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(told), cmocka_unit_test(whole_rows), cmocka_unit_test(odd),
                                       cmocka_unit_test(cut),  cmocka_unit_test(empty),      cmocka_unit_test(refuses),
                                       cmocka_unit_test(same), cmocka_unit_test(full_disk),  cmocka_unit_test(many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
