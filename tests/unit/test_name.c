#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/keys.h"
#include "domain/name.h"
#include "domain/name_words.h"
#include "seed.h"

static void folds(const char *text, const char *want)
{
    char out[NAME_SIZE];
    if (!name_fold(out, text) || strcmp(out, want) != 0) print_error("%s gives %s\n", text, out);
    assert_string_equal(out, want);
}

static void fold_known(void **state)
{
    (void)state;
    folds("張　三", "张三");
    folds("陳曉峯", "陈晓峰");
    folds("陈晓峰", "陈晓峰");
    folds("歐陽鋒", "欧阳锋");
    folds("李喆", "李哲");
    folds("林昇", "林升");
    folds("吳寳珍", "吴宝珍");
    folds("買買提．艾力", "买买提·艾力");
    folds("买买提・艾力", "买买提·艾力");
    folds("买买提•艾力", "买买提·艾力");
    folds("买买提 · 艾力", "买买提·艾力");
    folds("买买提··艾力·", "买买提·艾力");
    folds("john  smith", "JOHN SMITH");
    folds("Ｊｏｈｎ Smith", "JOHN SMITH");
    folds("王\u200b伟", "王伟");
    folds("\U00020089某", "\U00020089某");
    static const char *const none[] = {"", " ", "无", "不详", "未知", "·", "——", "／", "null", "空户"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) folds(none[i], "");
    char out[NAME_SIZE];
    assert_true(name_fold(out, NULL));
    assert_string_equal(out, "");
}

static void fold_refuses(void **state)
{
    (void)state;
    char out[NAME_SIZE] = "x", text[NAME_SIZE * 2];
    assert_false(name_fold(out, "王\xff"));
    assert_string_equal(out, "");
    memset(text, 'a', sizeof text);
    text[NAME_SIZE] = 0;
    assert_false(name_fold(out, text));
    text[NAME_SIZE - 1] = 0;
    assert_true(name_fold(out, text));
    assert_int_equal(strlen(out), NAME_SIZE - 1);
}

/* Folding twice is folding once, for any text and for every single character. */
static void fold_twice(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    char once[NAME_SIZE], twice[NAME_SIZE];
    int variants = 0;
    for (int i = 0; i < 100000; i++) {
        struct arena_buf text = {0};
        if (i < 0x7000)
            text_put(&text, 0x3000 + i);
        else
            seed_text(&text, &rng, 6);
        if (i % 5 == 0) arena_buf_text(&text, i % 2 == 0 ? "·." : " a");
        if (name_fold(once, text.data)) {
            assert_true(name_fold(twice, once));
            assert_string_equal(once, twice);
        }
        if (i < 0x7000) variants += name_words_variant(0x3000 + i) > 0;
        arena_buf_free(&text);
    }
    assert_true(variants > 150);
}

static void surnames(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
    } cases[] = {{"", 0},           {"张三", 3},  {"欧阳锋", 6},      {"欧阳", 3},  {"司马相如", 6},    {"单于飞", 3},
                 {"JOHN SMITH", 5}, {"SMITH", 5}, {"买买提·艾力", 9}, {"A·B·C", 4}, {"\U00020089某", 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_int_equal(name_surname(cases[i].name), cases[i].bytes);
}

static void pinyin(void **state)
{
    (void)state;
    static const char *const cases[][3] = {{"张伟", "zhangwei", "zw"},
                                           {"单雄信", "shanxiongxin", "sxx"},
                                           {"王单", "wangdan", "wd"},
                                           {"曾国", "zengguo", "zg"},
                                           {"解珍", "xiezhen", "xz"},
                                           {"仇英", "qiuying", "qy"},
                                           {"吕布", "lvbu", "lb"},
                                           {"欧阳锋", "ouyangfeng", "oyf"},
                                           {"尉迟恭", "yuchigong", "ycg"},
                                           {"万俟卨", "moqixie", "mqx"},
                                           {"长孙无忌", "zhangsunwuji", "zswj"},
                                           {"买买提·艾力", "maimaitiaili", "mmtal"},
                                           {"JOHN SMITH", "johnsmith", "js"},
                                           {"", "", ""},
                                           {"区文", "ouwen", "ow"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena_buf full = {0}, initials = {0};
        arena_buf_text(&full, "");
        arena_buf_text(&initials, "");
        assert_true(name_pinyin(&full, &initials, cases[i][0]));
        assert_string_equal(full.data, cases[i][1]);
        assert_string_equal(initials.data, cases[i][2]);
        arena_buf_free(&full);
        arena_buf_free(&initials);
    }
}

static void syllables(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"吴亚芳", "wu ya fang"},
                                           {"单雄信", "shan xiong xin"},
                                           {"吕布", "lv bu"},
                                           {"欧阳锋", "ou yang feng"},
                                           {"尉迟恭", "yu chi gong"},
                                           {"万俟卨", "mo qi xie"},
                                           {"长孙无忌", "zhang sun wu ji"},
                                           {"买买提·艾力", "mai mai ti ai li"},
                                           {"ANNA MARIA 王", "anna maria wang"},
                                           {"王ANNA", "wang anna"},
                                           {"JOHN SMITH", ""},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena_buf out = {0};
        arena_buf_text(&out, "x"); /* what stood there stays */
        assert_true(name_syllables(&out, cases[i][0]));
        assert_int_equal(out.data[0], 'x');
        assert_string_equal(out.data + 1, cases[i][1]);
        arena_buf_free(&out);
    }
}

/* Without their spaces they are the pinyin of the search, and as many as the initials. */
static void syllables_are_the_pinyin(void **state)
{
    (void)state;
    static const char *const parts[] = {"王",   "单", "欧阳", "万俟", "长孙", "区", "尉迟", "解",
                                        "诸葛", "明", "华",   "玉",   "吕",   "绿", "乐"};
    struct rng rng = seed_rng();
    for (int round = 0; round < 2000; round++) {
        char joined[256];
        struct arena_buf name = {0}, out = {0}, full = {0}, initials = {0};
        size_t n = 0, words = 1;
        for (uint64_t k = 0, most = 1 + rng_below(&rng, 4); k < most; k++)
            arena_buf_text(&name, parts[rng_below(&rng, sizeof parts / sizeof *parts)]);
        assert_true(name_syllables(&out, name.data) && name_pinyin(&full, &initials, name.data));
        for (size_t i = 0; i < out.len; i++) {
            words += out.data[i] == ' ';
            if (out.data[i] != ' ') joined[n++] = out.data[i];
        }
        joined[n] = 0;
        assert_string_equal(joined, full.data);
        assert_int_equal(words, initials.len);
        arena_buf_free(&name);
        arena_buf_free(&out);
        arena_buf_free(&full);
        arena_buf_free(&initials);
    }
}

static void like(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool like;
    } cases[] = {{"张伟", "张伟", true},
                 {"张伟", "张玮", true},
                 {"张伟", "章伟", true},
                 {"张伟", "张强", false},
                 {"张伟", "章玮", false},
                 {"阿明", "陈明", true},
                 {"小红", "李红", true},
                 {"老陈", "陈大文", true},
                 {"老陈", "林大文", false},
                 {"大陈", "陈文", false},
                 {"张伟", "张伟明", false},
                 {"", "", false},
                 {"", "张伟", false},
                 {"A", "B", false},
                 {"买买提·艾力", "买买提艾力", true},
                 {"JOHN SMITH", "JOHN SMYTH", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (name_like(cases[i].a, cases[i].b) != cases[i].like) print_error("%s and %s\n", cases[i].a, cases[i].b);
        assert_int_equal(name_like(cases[i].a, cases[i].b), cases[i].like);
        assert_int_equal(name_like(cases[i].b, cases[i].a), cases[i].like);
    }
    struct rng rng = seed_rng();
    char a[NAME_SIZE], b[NAME_SIZE];
    for (int i = 0; i < 20000; i++) {
        struct arena_buf x = {0}, y = {0};
        seed_text(&x, &rng, 4);
        seed_text(&y, &rng, 4);
        if (name_fold(a, x.data) && name_fold(b, y.data)) {
            assert_int_equal(name_like(a, b), name_like(b, a));
            assert_int_equal(name_like(a, a), *a != 0);
        }
        arena_buf_free(&x);
        arena_buf_free(&y);
    }
}

static void masks(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"", ""}, {"王", "王"}, {"王明", "王*"}, {"王小明", "王*明"}, {"欧阳小明", "欧**明"}};
    char out[NAME_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        name_mask(out, cases[i][0]);
        assert_string_equal(out, cases[i][1]);
    }
    struct rng rng = seed_rng();
    for (int i = 0; i < 5000; i++) {
        struct arena_buf text = {0};
        seed_text(&text, &rng, 90);
        name_mask(out, text.data);
        size_t count = text_count(text.data, text.len), stars = 0;
        assert_true(strlen(out) < NAME_SIZE && text_valid(out, strlen(out), NULL));
        for (const char *at = out; *at != 0; at++) stars += *at == '*';
        assert_true(count < 2 || stars + 2 >= text_count(out, strlen(out)));
        arena_buf_free(&text);
    }
}

static void masks_given(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"", ""},
                                           {"王", "王＊"},
                                           {"王小明", "王＊"},
                                           {"欧阳娜娜", "欧阳＊"},
                                           {"欧阳", "欧＊"},
                                           {"john smith", "SMITH＊"},
                                           {"买买提·吐尔逊·阿不都", "买＊"},
                                           {"Cher", "C＊"},
                                           {"无", ""}};
    char out[NAME_SIZE];
    struct arena_buf text = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        name_mask_given(out, cases[i][0]);
        assert_string_equal(out, cases[i][1]);
    }
    struct rng rng = seed_rng();
    for (int i = 0; i < 2000; i++) {
        arena_buf_clear(&text);
        seed_text(&text, &rng, 80);
        name_mask_given(out, text.data);
        assert_true(text_valid(out, strlen(out), NULL));
    }
    arena_buf_free(&text);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(fold_known),
                                       cmocka_unit_test(fold_refuses),
                                       cmocka_unit_test(fold_twice),
                                       cmocka_unit_test(surnames),
                                       cmocka_unit_test(pinyin),
                                       cmocka_unit_test(syllables),
                                       cmocka_unit_test(syllables_are_the_pinyin),
                                       cmocka_unit_test(like),
                                       cmocka_unit_test(masks),
                                       cmocka_unit_test(masks_given)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
