#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/keys.h"
#include "base/when.h"
#include "domain/idno.h"
#include "seed.h"

enum { TODAY = 20220408 };

static struct idno read(const char *text)
{
    struct idno id;
    idno_read(&id, text, false, true, TODAY);
    return id;
}

static int32_t random_day(struct rng *rng, int first, int last)
{
    for (;;) {
        int32_t day =
            (first + (int32_t)rng_below(rng, (uint64_t)(last - first + 1))) * 10000 + 101 + (int32_t)rng_below(rng, 1131);
        if (when_valid_day(day) && day <= TODAY) return day;
    }
}

static void random_id(char out[19], struct rng *rng, int first, int last)
{
    static const char *const areas[] = {"350599", "350582", "110105", "510202", "440103"};
    int serial = 1 + (int)rng_below(rng, 999);
    idno_make18(out, areas[rng_below(rng, last < 1997 ? 5 : 3)], random_day(rng, first, last), serial);
}

static void right_numbers(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    char text[19], birth[9];
    for (int i = 0; i < 5000; i++) {
        random_id(text, &rng, 1920, 2022);
        struct idno id = read(text);
        snprintf(birth, sizeof birth, "%08d", (int)id.birth);
        assert_int_equal(id.type, IDNO_RESIDENT);
        assert_int_equal(id.problem, IDNO_OK);
        assert_string_equal(id.text, text);
        assert_memory_equal(birth, text + 6, 8);
        assert_int_equal(id.sex, (text[16] - '0') % 2 == 1 ? 'm' : 'f');
        assert_false(id.mended);
        /* GB 11643: the weighted sum with the check character is 1 modulo 11; weights are powers of two. */
        int sum = text[17] == 'X' ? 10 : text[17] - '0';
        for (int k = 0; k < 17; k++) sum += (text[k] - '0') * ((1 << (17 - k)) % 11);
        assert_int_equal(sum % 11, 1);
    }
    assert_int_equal(read("11010519491231002X").problem, IDNO_OK);
    assert_int_equal(read("350599199001010017").problem, IDNO_OK);
}

/* Every single wrong digit and every swap of neighbours among the 17 digits is caught by the check character. */
static void slips_caught(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    char text[19], wrong[19];
    for (int i = 0; i < 300; i++) {
        random_id(text, &rng, 1940, 2022);
        for (int at = 0; at < 18; at++) {
            for (const char *digit = at == 17 ? "0123456789X" : "0123456789"; *digit != 0; digit++) {
                if (*digit == text[at]) continue;
                memcpy(wrong, text, sizeof wrong);
                wrong[at] = *digit;
                assert_int_not_equal(read(wrong).problem, IDNO_OK);
            }
            if (at > 15 || text[at] == text[at + 1]) continue;
            memcpy(wrong, text, sizeof wrong);
            wrong[at] = text[at + 1];
            wrong[at + 1] = text[at];
            assert_int_not_equal(read(wrong).problem, IDNO_OK);
            assert_int_equal(idno_check(wrong) == wrong[17], false);
        }
    }
}

/* What people and spreadsheets do to a number without losing it. */
static void mended(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    char text[19];
    for (int i = 0; i < 5000; i++) {
        random_id(text, &rng, 1940, 2022);
        struct arena_buf written = {0};
        int how = (int)rng_below(&rng, 5), letters = 0;
        if (how == 3) arena_buf_text(&written, "'");
        for (int k = 0; k < 18; k++) {
            if (how == 0 && k % 4 == 2) arena_buf_text(&written, "　");
            if (how == 4 && k == 6) arena_buf_text(&written, "-");
            if (how == 1)
                text_put(&written, text[k] == 'X' ? 0xff58 : 0xff10 + text[k] - '0');
            else if (how == 2 && letters < 3 && (text[k] == '0' || text[k] == '1'))
                arena_buf_text(&written, (letters++, text[k] == '0') ? "O" : "l");
            else
                text_put(&written, text[k] == 'X' ? 'x' : text[k]);
        }
        struct idno id = read(written.data);
        if (id.problem != IDNO_OK) print_error("%s: %s\n", written.data, idno_problem_text(id.problem, 1));
        assert_int_equal(id.problem, IDNO_OK);
        assert_string_equal(id.text, text);
        assert_int_equal(id.mended, strcmp(written.data, text) != 0);
        arena_buf_free(&written);
    }
    assert_string_equal(read("身份证号：350599199001010017（户主）").text, "350599199001010017");
    assert_string_equal(read("11010519491231002*").text, "11010519491231002X");
    assert_string_equal(read("11010519491231002×").text, "11010519491231002X");
    assert_int_equal(read("350599199001010017/11010519491231002X").type, IDNO_UNKNOWN);
    assert_string_equal(read("35O599199001010016").text, "35O599199001010016"); /* not right with 0: left as written */
    assert_int_equal(read("35O599199001010016").problem, IDNO_FORM);
    assert_int_equal(read("35O59919900101OO17").problem, IDNO_OK);
    assert_int_not_equal(read("35OS99I99OO1O1OO17").problem, IDNO_OK); /* too many letters to believe */
}

/* Old numbers become new ones; a new number that lost its end never passes for an old one. */
static void fifteen(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    char text[19], old[16];
    for (int i = 0; i < 20000; i++) {
        random_id(text, &rng, 1925, 1999);
        snprintf(old, sizeof old, "%.6s%.9s", text, text + 8);
        struct idno id = read(old);
        assert_int_equal(id.problem, IDNO_OK);
        assert_string_equal(id.text, text);
        assert_true(id.mended);
        random_id(text, &rng, 1930, 2022);
        snprintf(old, sizeof old, "%.15s", text);
        assert_int_not_equal(read(old).problem, IDNO_OK);
    }
    assert_int_equal(read("350599901301001").problem, IDNO_LENGTH);
    assert_int_equal(read("000599900101001").problem, IDNO_AREA);
    assert_string_equal(read("350599900101001.0").text, read("350599900101001").text);
}

static void spreadsheets(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct idno id;
    char text[19];
    int rounded = 0;
    for (int i = 0; i < 2000; i++) {
        random_id(text, &rng, 1940, 2022);
        idno_read(&id, text, true, true, TODAY);
        assert_int_equal(id.problem, IDNO_NUMBER_CELL);
        memcpy(text + 15, "000", 3);
        idno_read(&id, text, false, true, TODAY);
        rounded += id.problem == IDNO_ROUNDED;
        assert_true(id.problem == IDNO_ROUNDED || idno_check(text) == '0');
        assert_string_equal(id.text, text);
    }
    assert_true(rounded > 1600);
    assert_int_equal(read("3.50599E+17").problem, IDNO_ROUNDED);
    assert_int_equal(read("3.50599e17").problem, IDNO_ROUNDED);
    idno_read(&id, "350599900101001", true, true, TODAY);
    assert_int_equal(id.problem, IDNO_OK); /* fifteen digits fit into a number cell */
}

static void problems(void **state)
{
    (void)state;
    static const struct {
        const char *area;
        int32_t birth;
        enum idno_problem problem;
    } cases[] = {{"350599", 19900230, IDNO_BIRTH}, {"350599", 20220409, IDNO_BIRTH}, {"350599", 18790101, IDNO_BIRTH},
                 {"000599", 19900101, IDNO_AREA},  {"510202", 20000101, IDNO_AREA},  {"510202", 19900101, IDNO_OK},
                 {"350582", 19600101, IDNO_OK},    {"350522", 19930101, IDNO_AREA},  {"350599", 20220408, IDNO_OK}};
    char text[19];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        idno_make18(text, cases[i].area, cases[i].birth, 123);
        struct idno id = read(text);
        assert_int_equal(id.problem, cases[i].problem);
        assert_int_equal(id.birth != 0, cases[i].problem != IDNO_BIRTH);
    }
    struct idno id;
    idno_read(&id, "350599199001010017", false, false, TODAY);
    assert_int_equal(id.problem, IDNO_AREA); /* only synthetic sites have 350599 */
    assert_int_equal(read("35059919900101001").problem, IDNO_LENGTH);
    assert_int_equal(read("3505991990010100177").problem, IDNO_LENGTH);
    assert_int_equal(read("张三").problem, IDNO_FORM);
    assert_int_equal(read("\xff\xfe").problem, IDNO_FORM);
    assert_int_equal(read("\xff\xfe").type, IDNO_UNKNOWN);
}

static void other_documents(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum idno_type type;
        const char *key;
    } cases[] = {{"H12345678", IDNO_HKMO, "H12345678"},
                 {"h1234567801", IDNO_HKMO, "H12345678"},
                 {"M 0000 0001", IDNO_HKMO, "M00000001"},
                 {"01234567", IDNO_TAIWAN, "01234567"},
                 {"0123456701(A)", IDNO_TAIWAN, "01234567"},
                 {"0123456701B", IDNO_TAIWAN, "01234567"},
                 {"E12345678", IDNO_PASSPORT, "E12345678"},
                 {"EA1234567", IDNO_PASSPORT, "EA1234567"},
                 {"g12345678", IDNO_PASSPORT, "G12345678"},
                 {"12AB34567", IDNO_PASSPORT, "12AB34567"},
                 {"AUS110012345678", IDNO_FOREIGNER, "AUS110012345678"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct idno id = read(cases[i].text);
        assert_int_equal(id.type, cases[i].type);
        assert_int_equal(id.problem, IDNO_OK);
        assert_string_equal(id.text, cases[i].key);
    }
    char text[19];
    idno_make18(text, "810000", 19900101, 1);
    assert_int_equal(read(text).type, IDNO_RESIDENCE);
    assert_int_equal(read(text).problem, IDNO_OK);
    idno_make18(text, "911000", 19900101, 1);
    assert_int_equal(read(text).type, IDNO_FOREIGNER);
    assert_int_equal(read(text).problem, IDNO_OK);
    /* Pieces of a resident's number are no passport: two people of one county would share it. */
    static const char *const pieces[] = {"350599199X", "3505991990X",    "35059919900101O",
                                         "ZHANGSAN",   "3505991990O101", "19900101"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) assert_int_not_equal(read(pieces[i]).problem, IDNO_OK);
}

static void nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " ", "无", " 没有 ", "none", "N/A", "／", "-", "——", "０", "不详", "新生儿"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct idno id = read(texts[i]);
        assert_int_equal(id.type, IDNO_NONE);
        assert_int_equal(id.problem, IDNO_OK);
        assert_string_equal(id.text, "");
    }
    assert_int_equal(read(NULL).type, IDNO_NONE);
}

static void masks(void **state)
{
    (void)state;
    char out[IDNO_SIZE];
    idno_mask(out, "350599199001010017");
    assert_string_equal(out, "3505**********0017");
    idno_mask(out, "H12345678");
    assert_string_equal(out, "H123*5678");
    idno_mask(out, "01234567");
    assert_string_equal(out, "0******7");
    idno_mask(out, "");
    assert_string_equal(out, "");
    for (int lang = 0; lang < 2; lang++) {
        for (int i = 0; i < IDNO_TYPES; i++) assert_true(*idno_type_text((enum idno_type)i, lang) != 0);
        for (int i = IDNO_OK + 1; i < IDNO_PROBLEMS; i++) assert_true(*idno_problem_text((enum idno_problem)i, lang) != 0);
    }
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_numbers), cmocka_unit_test(slips_caught),    cmocka_unit_test(mended),
        cmocka_unit_test(fifteen),       cmocka_unit_test(spreadsheets),    cmocka_unit_test(problems),
        cmocka_unit_test(nothing),       cmocka_unit_test(other_documents), cmocka_unit_test(masks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
