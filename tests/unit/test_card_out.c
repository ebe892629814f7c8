#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "files/card_out.h"
#include "folder.h"
#include "page.h"
#include "seed.h"

enum { DPI = 200, URL = 200, MANY = 23 };

static const struct when WHEN = {1649374200123, 480}; /* 2022-04-08 07:30 */
static const enum card_size SIZES[] = {CARD_A6, CARD_SMALL};
static const struct card PLAIN = {.code = "4-2-5·301",
                                  .address = "福建省晋江市仿真村东明巷二号",
                                  .keeper = "林如强",
                                  .keeper_phone = "138 0013 8000",
                                  .hotline = "0595-85550110",
                                  .site = "仿真村",
                                  .heads = 4,
                                  .url = "https://doors.example.org/d#4",
                                  .version = 3,
                                  .issued = "2022-04-08"};

static dw_err put(const char *path, enum card_size size, enum err_lang lang, struct when when, const struct card *cards,
                  size_t count, struct err_detail *detail)
{
    struct card_out *out;
    ERR_TRY(card_out_open(&out, path, size, lang, when, detail));
    for (size_t i = 0; i < count; i++) {
        dw_err err = card_out_put(out, &cards[i], detail);
        if (err != DW_OK) {
            card_out_abort(out);
            return err;
        }
    }
    return card_out_close(out, detail);
}

/* The common surnames, and some of their harder neighbours. */
static const char SURNAMES[] =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤庄洪施柯颜赖傅尤翁连粘佘詹萧欧阳上官司徒诸葛"
    "尉迟令狐慕容皇甫夏侯阮蓝纪温甘骆凌倪樊葛祝缪乐查仇单朴区解盖逄郗亓仝麴笪亶晁靳逯阚佟宓隗訾";

static void surnames(void **state)
{
    (void)state;
    struct arena_buf text = {0};
    struct folder f;
    char path[FOLDER_PATH], keepers[200][32];
    struct card cards[200];
    size_t count = 0, at = 0, len = strlen(SURNAMES);
    while (at < len) {
        size_t from = at;
        assert_true(text_next(SURNAMES, len, &at) >= 0);
        assert_true(count < 200);
        snprintf(keepers[count], sizeof keepers[count], "%.*s如囧", (int)(at - from), SURNAMES + from);
        cards[count] = PLAIN;
        cards[count].keeper = keepers[count];
        count++;
    }
    assert_true(count > 150);
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    for (int s = 0; s < 2; s++) {
        for (int lang = ERR_ZH; lang <= ERR_EN; lang++) {
            assert_int_equal(put(path, SIZES[s], (enum err_lang)lang, WHEN, cards, count, NULL), DW_OK);
            sound(path);
            read_text(&text, path, false);
            for (size_t i = 0; i < count; i++) has(&text, keepers[i]);
            has(&text, lang == ERR_ZH ? "临时户门卡" : "Door card");
            has(&text, lang == ERR_ZH ? "登记人数" : "Registered");
            has(&text, lang == ERR_ZH ? "包栋责任人" : "Keeper");
            has(&text, lang == ERR_ZH ? "值守电话" : "Duty phone");
            has(&text, lang == ERR_ZH ? "4 人" : "4 people");
            has(&text, lang == ERR_ZH ? "第 3 版 · 2022-04-08" : "Version 3 · 2022-04-08");
            has(&text, PLAIN.code);
            has(&text, PLAIN.address);
            has(&text, PLAIN.keeper_phone);
            has(&text, PLAIN.hotline);
            has(&text, PLAIN.site);
        }
    }
    arena_buf_free(&text);
    folder_drop(&f);
}

/* A url of what urls are made of, from and to a length. */
static void make_url(char *out, struct rng *rng, size_t least, size_t most)
{
    static const char of[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$&'()*+,;=%";
    size_t len = least + rng_below(rng, most - least + 1);
    for (size_t i = 0; i < len; i++) out[i] = of[rng_below(rng, sizeof of - 1)];
    out[len] = 0;
}

/* Every url is read from the pages, and nothing else. */
static void scanned(const char *path, const char *name, const struct card *cards, size_t count)
{
    struct arena_buf said = {0};
    char file[FOLDER_PATH + 16];
    size_t found = 0;
    int pages;
    raster(path, name, DPI, &pages);
    for (int p = 1; p <= pages; p++) {
        snprintf(file, sizeof file, "%s-%d.pgm", name, p);
        const char *words[] = {"zbarimg", "-q", "--nodbus", "--raw", "-Sdisable", "-Sqrcode.enable", file, NULL};
        assert_int_equal(tool(&said, "zbar-tools", words), 0);
        for (char *line = said.data, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            size_t i = 0;
            *end = 0;
            while (i < count && strcmp(cards[i].url, line) != 0) i++;
            if (i == count) fail_msg("no card holds %s", line);
            found++;
        }
        unlink(file);
    }
    assert_int_equal(found, count);
    arena_buf_free(&said);
}

static void codes(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct folder f;
    char path[FOLDER_PATH], name[FOLDER_PATH], urls[MANY][CARD_URL + 1];
    struct card cards[MANY];
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    folder_file(name, &f, "page");
    for (int s = 0; s < 2; s++) {
        for (size_t i = 0; i < MANY; i++) {
            make_url(urls[i], &rng, i == 0 ? 1 : 8, i == 0 ? 1 : URL);
            cards[i] = PLAIN;
            cards[i].url = urls[i];
        }
        assert_int_equal(put(path, SIZES[s], ERR_ZH, WHEN, cards, MANY, NULL), DW_OK);
        scanned(path, name, cards, MANY);
    }
    make_url(urls[0], &rng, CARD_URL, CARD_URL);
    assert_int_equal(put(path, CARD_A6, ERR_EN, WHEN, cards, 1, NULL), DW_OK);
    scanned(path, name, cards, 1);
    folder_drop(&f);
}

/* Where the QR of a card with its quiet zone is, and what of the card stays white around. In millimetres. */
struct place {
    double left, top, across, down, margin, qr_x, qr_y, qr_side;
    int columns, rows;
};

static const struct place PLACES[] = {
    [CARD_A6] = {0, 0, 105, 148.5, 6, 57.1, 56, 45.8, 2, 2},
    [CARD_SMALL] = {19.4, 13.5, 85.6, 54, 3, 49.8, 9.2, 35.6, 2, 5},
};

/* Nothing leaves a card's margins nor enters the QR's place. The corners, where cuts are marked, are left out. */
static void inside(const char *path, const char *name, enum card_size size)
{
    struct picture p = picture(path, name, 100);
    const struct place *s = &PLACES[size];
    for (int i = 0; i < s->columns * s->rows; i++) {
        double x = s->left + i % s->columns * s->across, y = s->top + (int)(i / s->columns) * s->down, m = s->margin, c = 5;
        assert_int_equal(dark(&p, x + c, y, s->across - 2 * c, m), 0);
        assert_int_equal(dark(&p, x + c, y + s->down - m, s->across - 2 * c, m), 0);
        assert_int_equal(dark(&p, x, y + c, m, s->down - 2 * c), 0);
        assert_int_equal(dark(&p, x + s->across - m, y + c, m, s->down - 2 * c), 0);
        assert_int_equal(dark(&p, x + s->qr_x, y + s->qr_y, s->qr_side, s->qr_side), 0);
        assert_true(dark(&p, x + m, y + m, s->across - 2 * m, 12) > 0); /* there is a card, and the scale is right */
    }
    free(p.grey);
}

/* Readers that see a symbol mirrored do not all read it: of the two modules beside the lower left finder and the upper right one,
 * the first is dark in every symbol, the second only in some. */
static void not_mirrored(void **state)
{
    (void)state;
    enum { TRIED = 12 };
    const double side = 36, module = side / 29, left = 62, top = 55.5 + 4 * module + 0.5; /* version 3 */
    struct folder f;
    char path[FOLDER_PATH], name[FOLDER_PATH];
    int lower = 0, upper = 0;
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    folder_file(name, &f, "page");
    for (int i = 0; i < TRIED; i++) {
        struct card card = PLAIN;
        char url[32];
        snprintf(url, sizeof url, "https://doors.example.org/d#%c", 'a' + i);
        card.url = url;
        assert_int_equal(put(path, CARD_A6, ERR_ZH, WHEN, &card, 1, NULL), DW_OK);
        struct picture p = picture(path, name, DPI);
        lower += dark(&p, left + 8.2 * module, top + 21.2 * module, 0.6 * module, 0.6 * module) > 0;
        upper += dark(&p, left + 21.2 * module, top + 8.2 * module, 0.6 * module, 0.6 * module) > 0;
        free(p.grey);
    }
    assert_int_equal(lower, TRIED);
    assert_in_range(upper, 1, TRIED - 1);
    folder_drop(&f);
}

/* A long address is there to its end; where there is no room for it, that is seen. */
static void long_address(void **state)
{
    (void)state;
    struct arena_buf address = {0}, text = {0};
    struct folder f;
    char path[FOLDER_PATH];
    struct card card = PLAIN;
    for (int32_t i = 0; i < 300; i++) text_put(&address, 0x6000 + i);
    card.address = address.data;
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    assert_int_equal(put(path, CARD_A6, ERR_ZH, WHEN, &card, 1, NULL), DW_OK);
    read_text(&text, path, true);
    has(&text, address.data);
    assert_null(strstr(text.data, "..."));
    for (int32_t i = 300; i < CARD_TEXT; i++) text_put(&address, 0x6000 + i);
    card.address = address.data;
    assert_int_equal(put(path, CARD_SMALL, ERR_ZH, WHEN, &card, 1, NULL), DW_OK);
    read_text(&text, path, true);
    assert_null(strstr(text.data, address.data));
    address.data[120 * 3] = 0;
    has(&text, address.data);
    has(&text, "...");
    arena_buf_free(&address);
    arena_buf_free(&text);
    folder_drop(&f);
}

static void odd_text(struct arena_buf *out, struct rng *rng)
{
    static const char *const odd[] = {"买买提·吐尔逊·阿不都热依木",
                                      "囧囧囧",
                                      "👨‍👩‍👧🚪",
                                      "مرحبا بالعالم",
                                      "שלום עולם",
                                      "\u202e倒\u202c",
                                      "\x01\x02\t\r\n\x1b[31m\x7f",
                                      "𠮷㙟䶮",
                                      "g̷̢̛͎͓͚̻͔̹͙̙͈̩͖̈́́̂̃ǵ",
                                      "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
                                      "<b>&amp;</b>%s",
                                      "\u2028\u2029\u00ad\ufeff",
                                      "﷽𒐫",
                                      "a‑b—c…"};
    arena_buf_clear(out);
    arena_buf_put(out, "", 0);
    uint64_t kind = rng_below(rng, 4), pieces = 1 + rng_below(rng, 20);
    for (uint64_t i = 0; kind == 0 && i < 300; i++) text_put(out, 0x4e00 + (int32_t)rng_below(rng, 0x51a0));
    for (uint64_t i = 0; kind == 1 && i < pieces; i++) arena_buf_text(out, odd[rng_below(rng, sizeof odd / sizeof *odd)]);
    if (kind == 2) seed_text(out, rng, 600);
    if (kind == 3) seed_text(out, rng, 12);
}

static void odd(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct folder f;
    char path[FOLDER_PATH], name[FOLDER_PATH];
    struct arena_buf texts[10][7] = {0};
    struct card cards[10];
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    folder_file(name, &f, "page");
    for (int round = 0; round < 6; round++) {
        enum card_size size = SIZES[round % 2];
        for (int i = 0; i < 10; i++) {
            for (int t = 0; t < 7; t++) odd_text(&texts[i][t], &rng);
            cards[i] = (struct card){texts[i][0].data,
                                     texts[i][1].data,
                                     texts[i][2].data,
                                     texts[i][3].data,
                                     texts[i][4].data,
                                     texts[i][5].data,
                                     (int)rng_below(&rng, 3) - 1 + (i == 0 ? INT32_MAX - 2 : 0),
                                     NULL,
                                     i == 0 ? INT32_MIN : i,
                                     texts[i][6].data};
        }
        assert_int_equal(put(path, size, round < 3 ? ERR_ZH : ERR_EN, WHEN, cards, 10, NULL), DW_OK);
        sound(path);
        inside(path, name, size);
        folder_clear(&f);
    }
    for (int i = 0; i < 10; i++)
        for (int t = 0; t < 7; t++) arena_buf_free(&texts[i][t]);
    folder_drop(&f);
}

/* Of a card of nothing the frame is left; what is unknown is not told as none. */
static void empty(void **state)
{
    (void)state;
    struct arena_buf text = {0};
    struct folder f;
    char path[FOLDER_PATH], name[FOLDER_PATH];
    const struct card cards[] = {{.heads = -1}, {"", "", "", "", "", "", -1, "", 0, ""}};
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    folder_file(name, &f, "page");
    for (int s = 0; s < 2; s++) {
        assert_int_equal(put(path, SIZES[s], ERR_ZH, WHEN, cards, 2, NULL), DW_OK);
        sound(path);
        read_text(&text, path, false);
        has(&text, "登记人数");
        assert_null(strstr(text.data, "0人"));
        assert_null(strstr(text.data, "-1"));
        struct picture p = picture(path, name, 50);
        free(p.grey);
    }
    arena_buf_free(&text);
    folder_drop(&f);
}

static void refuses(void **state)
{
    (void)state;
    struct err_detail detail = {0};
    struct folder f;
    struct card_out *out;
    char path[FOLDER_PATH], below[FOLDER_PATH], url[CARD_URL + 2];
    folder_make(&f);
    folder_file(path, &f, "a.pdf");
    folder_file(below, &f, "none/a.pdf");
    assert_int_equal(put(below, CARD_A6, ERR_ZH, WHEN, &PLAIN, 1, &detail), DW_E_IO);
    assert_int_equal(put(f.path, CARD_A6, ERR_ZH, WHEN, &PLAIN, 1, &detail), DW_E_IO);
    assert_int_equal(put(path, CARD_A6, ERR_ZH, WHEN, NULL, 0, &detail), DW_E_INVALID);
    memset(url, 'x', sizeof url - 1);
    url[sizeof url - 1] = 0;
    struct card cards[] = {PLAIN, PLAIN};
    cards[1].url = url;
    assert_int_equal(put(path, CARD_SMALL, ERR_ZH, WHEN, cards, 2, &detail), DW_E_TOO_LARGE);
    assert_int_equal(detail.row, 2);
    assert_string_equal(detail.column, "url");
    const char **fields[] = {&cards[1].code,    &cards[1].address, &cards[1].keeper, &cards[1].keeper_phone,
                             &cards[1].hotline, &cards[1].site,    &cards[1].url,    &cards[1].issued};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        cards[1] = PLAIN;
        *fields[i] = "\xe9\x99"; /* half of 陈 */
        assert_int_equal(put(path, CARD_A6, ERR_ZH, WHEN, cards, 2, &detail), DW_E_UTF8);
        assert_int_equal(detail.row, 2);
    }
    assert_int_equal(card_out_open(&out, path, CARD_A6, ERR_ZH, WHEN, &detail), DW_OK);
    assert_int_equal(card_out_put(out, &PLAIN, &detail), DW_OK);
    card_out_abort(out);
    card_out_abort(NULL);
    assert_int_equal(card_out_close(NULL, NULL), DW_OK);
    assert_int_equal(folder_count(&f), 0);
    folder_drop(&f);
}

/* The same cards and time, the same bytes; the time is the caller's. */
static void same(void **state)
{
    (void)state;
    struct folder f;
    char path[FOLDER_PATH];
    struct card cards[MANY];
    struct when later = {WHEN.ms + 60000, WHEN.offset};
    size_t len[3];
    char *data[3];
    for (int i = 0; i < MANY; i++) cards[i] = PLAIN;
    cards[3].address = "㙟𠮷";
    folder_make(&f);
    for (int s = 0; s < 2; s++) {
        for (int i = 0; i < 3; i++) {
            folder_file(path, &f, i == 0 ? "a.pdf" : "b.pdf");
            assert_int_equal(put(path, SIZES[s], ERR_ZH, i == 2 ? later : WHEN, cards, MANY, NULL), DW_OK);
            data[i] = folder_read(path, &len[i]);
        }
        assert_int_equal(len[0], len[1]);
        assert_memory_equal(data[0], data[1], len[0]);
        assert_non_null(memmem(data[0], len[0], "20220408073000+08'00", 20));
        assert_non_null(memmem(data[2], len[2], "20220408073100+08'00", 20));
        for (int i = 0; i < 3; i++) free(data[i]);
    }
    assert_int_equal(folder_count(&f), 2);
    folder_drop(&f);
}

struct job {
    struct folder folder;
    char path[FOLDER_PATH];
    size_t whole;
};

static int write_job(void *arg)
{
    const struct job *job = arg;
    struct card cards[MANY];
    for (int i = 0; i < MANY; i++) cards[i] = PLAIN;
    return (int)put(job->path, CARD_SMALL, ERR_ZH, WHEN, cards, MANY, NULL);
}

static void look(void *arg, int answer)
{
    struct job *job = arg;
    struct stat st;
    if (answer == DW_OK) {
        assert_int_equal(stat(job->path, &st), 0);
        assert_int_equal(st.st_size, job->whole);
        unlink(job->path);
    } else {
        assert_true(answer == DW_E_IO || answer == DW_E_FULL);
    }
    assert_int_equal(folder_count(&job->folder), 0);
}

/* However far the disk lets it come: whole, or an error and nothing. */
static void full_disk(void **state)
{
    (void)state;
    struct job job = {0};
    struct stat st;
    char full[FOLDER_PATH];
    folder_make(&job.folder);
    folder_file(job.path, &job.folder, "a.pdf");
    assert_int_equal(write_job(&job), DW_OK);
    assert_int_equal(stat(job.path, &st), 0);
    job.whole = (size_t)st.st_size;
    unlink(job.path);
    for (size_t back = job.whole; back > 0; back = back * 2 / 3) look(&job, folder_limited(job.whole - back, write_job, &job));
    assert_int_equal(folder_limited(job.whole - 1, write_job, &job), DW_E_FULL);
    look(&job, folder_limited(job.whole, write_job, &job));
    folder_file(full, &job.folder, "full");
    assert_int_equal(symlink("/dev/full", full), 0);
    struct card many[400];
    for (int i = 0; i < 400; i++) many[i] = PLAIN;
    assert_int_equal(put(full, CARD_A6, ERR_ZH, WHEN, many, 1, NULL), DW_E_FULL);
    assert_int_equal(put(full, CARD_A6, ERR_ZH, WHEN, many, 400, NULL), DW_E_FULL);
    folder_drop(&job.folder);
}

static int write_stdout(void *arg)
{
    if (freopen(arg, "wb", stdout) == NULL) return 98;
    dw_err err = put("-", CARD_A6, ERR_ZH, WHEN, &PLAIN, 1, NULL);
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
    assert_int_equal(folder_limited(1000000, write_stdout, path), DW_OK);
    char *data = folder_read(path, &len);
    assert_memory_equal(data, "%PDF-", 5);
    assert_string_equal(data + len - 4, "more"); /* stdout stays open */
    free(data);
    assert_int_equal(folder_limited(1000000, write_stdout, full), DW_E_FULL);
    folder_drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surnames),     cmocka_unit_test(codes),    cmocka_unit_test(odd),     cmocka_unit_test(not_mirrored),
        cmocka_unit_test(long_address), cmocka_unit_test(empty),    cmocka_unit_test(refuses), cmocka_unit_test(same),
        cmocka_unit_test(full_disk),    cmocka_unit_test(to_stdout)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
