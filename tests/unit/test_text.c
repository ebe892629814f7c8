#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/keys.h"
#include "base/text_han.h"
#include "seed.h"

/* RFC 3629's grammar, written down apart from the code. */
static bool naive_valid(const unsigned char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t n = s[i] < 0x80                    ? 1
                   : s[i] >= 0xc2 && s[i] <= 0xdf ? 2
                   : (s[i] & 0xf0) == 0xe0        ? 3
                   : s[i] >= 0xf0 && s[i] <= 0xf4 ? 4
                                                  : 0;
        if (n == 0 || s[i] == 0 || n > len - i) return false;
        uint32_t point = n == 1 ? s[i] : s[i] & (0x7fu >> n);
        for (size_t k = 1; k < n; k++) {
            if (s[i + k] < 0x80 || s[i + k] > 0xbf) return false;
            point = point << 6 | (s[i + k] & 0x3f);
        }
        if ((n == 3 && point < 0x800) || (n == 4 && point < 0x10000) || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff)
            return false;
        i += n;
    }
    return true;
}

static void validity(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    int good = 0;
    for (int i = 0; i < 50000; i++) {
        struct arena_buf buf = {0};
        seed_text(&buf, &rng, 6);
        if (buf.len > 0 && i % 2 == 0) buf.data[rng_below(&rng, buf.len)] = (char)rng_next(&rng);
        size_t bad = 0;
        bool is = text_valid(buf.data, buf.len, &bad);
        assert_int_equal(is, naive_valid((unsigned char *)buf.data, buf.len));
        good += is;
        if (!is) {
            assert_true(bad < buf.len && naive_valid((unsigned char *)buf.data, bad));
            size_t end = bad + 4 < buf.len ? bad + 4 : buf.len; /* no character begins there */
            for (size_t k = bad + 1; k <= end; k++) assert_false(naive_valid((unsigned char *)buf.data + bad, k - bad));
        }
        arena_buf_free(&buf);
    }
    assert_in_range(good, 25000, 45000);
}

static void points(void **state)
{
    (void)state;
    for (int32_t point = 1; point <= 0x10ffff; point++) {
        if (point == 0xd800) point = 0xe000;
        char bytes[8];
        struct arena_buf buf = {.data = NULL};
        size_t at = 0;
        if (point % 37 != 0 && point > 0x3000) continue;
        text_put(&buf, point);
        memcpy(bytes, buf.data, buf.len + 1);
        assert_int_equal(text_next(bytes, buf.len, &at), point);
        assert_int_equal(at, buf.len);
        assert_int_equal(text_next(bytes, buf.len, &at), -1);
        assert_int_equal(text_count(bytes, buf.len), 1);
        arena_buf_free(&buf);
    }
}

static void folds(const char *text, const char *want)
{
    struct arena_buf out = {0};
    arena_buf_text(&out, "<");
    if (!text_fold(&out, text, strlen(text)) || strcmp(out.data + 1, want) != 0) print_error("%s gives %s\n", text, out.data);
    assert_string_equal(out.data + 1, want);
    arena_buf_free(&out);
}

static void fold_known(void **state)
{
    (void)state;
    folds("", "");
    folds("  a\t\n b ", "a b");
    folds("３５０５８２１９９００１０１Ｘ", "35058219900101X");
    folds("　张　三　", "张 三");
    folds("张\u200b三\ufeff", "张三");
    folds("张三\ufe0f", "张三");
    folds("ｶﾞ", "ガ");
    folds("e\u200d\u0301", "\u00e9"); /* what stood between is gone before they meet */
    folds("①㈱ﬁ", "1(株)fi");
    folds("\u3164x", "x");
    folds("丽\U000e0100", "丽");
    folds("\U00020089·", "\U00020089·");
}

static void fold_fails(void **state)
{
    (void)state;
    struct arena_buf out = {0};
    arena_buf_text(&out, "kept");
    assert_false(text_fold(&out, "张\xff", 4));
    assert_false(text_fold(&out, "ab\xe5\xbc", 4));
    assert_string_equal(out.data, "kept");
    assert_int_equal(out.len, 4);
    arena_buf_free(&out);
}

/* Folding twice is folding once; and what does not need ICU gives what ICU gives (a ligature at the end sends all there). */
static void fold_random(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    static const int32_t nasty[] = {0x200d, 0x301,  0x3000, 0xfeff, 0xff9e, 0xff76, 0x1100, 0x1161,
                                    0x11a8, 0xfe0f, 0xa8,   0x345,  0xac00, ' ',    'a'};
    for (int i = 0; i < 20000; i++) {
        struct arena_buf text = {0}, once = {0}, twice = {0}, slow = {0};
        seed_text(&text, &rng, 8);
        for (int k = 0; k < i % 4; k++) text_put(&text, nasty[rng_below(&rng, sizeof nasty / sizeof *nasty)]);
        if (i % 3 == 0) seed_text(&text, &rng, 3);
        assert_true(text_fold(&once, text.data, text.len));
        assert_true(once.len == 0 || text_fold(&twice, once.data, once.len));
        assert_int_equal(once.len, twice.len);
        assert_true(once.len == 0 || memcmp(once.data, twice.data, once.len) == 0);
        arena_buf_text(&text, " ﬁ");
        arena_buf_text(&once, once.len > 0 ? " fi" : "fi");
        assert_true(text_fold(&slow, text.data, text.len));
        assert_string_equal(slow.data, once.data);
        arena_buf_free(&text);
        arena_buf_free(&once);
        arena_buf_free(&twice);
        arena_buf_free(&slow);
    }
}

static void trims(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"", ""}, {" \u3000\t", ""}, {"\ufeff 张 三\u00a0", "张 三"}, {"a", "a"}, {"\n一", "一"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t len = strlen(texts[i][0]);
        const char *start = text_trim(texts[i][0], &len);
        assert_int_equal(len, strlen(texts[i][1]));
        assert_memory_equal(start, texts[i][1], len);
    }
}

static void cuts(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    for (int i = 0; i < 5000; i++) {
        struct arena_buf text = {0};
        seed_text(&text, &rng, 6);
        size_t max = (size_t)rng_below(&rng, 26), cut = text_cut(text.data, text.len, max), next = cut;
        assert_true(cut <= max && cut <= text.len && text_valid(text.data, cut, NULL));
        if (text_next(text.data, text.len, &next) >= 0) assert_true(next > max);
        arena_buf_free(&text);
    }
}

static void widths(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("张三a"), 5);
    assert_int_equal(text_width("e\u0301"), 1);
    assert_int_equal(text_width("（１）"), 6);
    assert_int_equal(text_width("\U00020089"), 2);
    assert_int_equal(text_width("a\u200bb"), 2);
}

/* Every character there is goes to GB18030 and back, wherever the buffers' ends fall. */
static void gb18030(void **state)
{
    (void)state;
    for (int shift = 0; shift < 3; shift++) {
        struct arena_buf text = {0}, wide = {0}, back = {0};
        arena_buf_put(&text, "xyz", (size_t)shift);
        for (int32_t point = 1; point <= 0x10ffff; point += point < 0xffff ? 1 : 11)
            if (point < 0xd800 || point > 0xdfff) text_put(&text, point);
        size_t bad = 0;
        assert_true(text_to_gb18030(&wide, text.data, text.len));
        assert_true(text_decode(&back, TEXT_GB18030, wide.data, wide.len, &bad));
        assert_int_equal(back.len, text.len);
        assert_memory_equal(back.data, text.data, text.len);
        assert_int_equal(text_detect(wide.data, wide.len), TEXT_GB18030);
        arena_buf_free(&text);
        arena_buf_free(&wide);
        arena_buf_free(&back);
    }
}

static void put_unit(struct arena_buf *out, bool big, uint32_t unit)
{
    char bytes[2] = {(char)(big ? unit >> 8 : unit), (char)(big ? unit : unit >> 8)};
    arena_buf_put(out, bytes, 2);
}

static void utf16(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    for (int i = 0; i < 400; i++) {
        struct arena_buf text = {0}, wide = {0}, back = {0};
        bool big = i % 2 == 0;
        put_unit(&wide, big, 0xfeff);
        for (size_t n = rng_below(&rng, 1500); n > 0; n--) {
            int32_t point = seed_point(&rng);
            text_put(&text, point);
            if (point < 0x10000) {
                put_unit(&wide, big, (uint32_t)point);
            } else {
                put_unit(&wide, big, 0xd7c0 + ((uint32_t)point >> 10));
                put_unit(&wide, big, 0xdc00 + ((uint32_t)point & 0x3ff));
            }
        }
        enum text_charset charset = text_detect(wide.data, wide.len);
        assert_int_equal(charset, big ? TEXT_UTF16BE : TEXT_UTF16LE);
        assert_true(text_decode(&back, charset, wide.data, wide.len, NULL));
        assert_int_equal(back.len, text.len);
        assert_true(text.len == 0 || memcmp(back.data, text.data, text.len) == 0);
        arena_buf_free(&text);
        arena_buf_free(&wide);
        arena_buf_free(&back);
    }
}

static void charsets(void **state)
{
    (void)state;
    struct arena_buf out = {0};
    size_t bad = 99;
    assert_int_equal(text_detect("", 0), TEXT_UTF8);
    assert_int_equal(text_detect("\xef\xbb\xbf"
                                 "a",
                                 4),
                     TEXT_UTF8_MARK);
    assert_int_equal(text_detect("\xd5\xc5\xc8\xfd", 4), TEXT_GB18030);
    assert_int_equal(text_detect("a\0b", 3), TEXT_UNKNOWN);
    assert_int_equal(text_detect("\xff\xff\xff", 3), TEXT_UNKNOWN);
    assert_true(text_decode(&out, TEXT_UTF8_MARK,
                            "\xef\xbb\xbf"
                            "a",
                            4, NULL));
    assert_true(text_decode(&out, TEXT_GB18030, "\xd5\xc5\xc8\xfd", 4, NULL));
    assert_string_equal(out.data, "a张三");
    static const struct {
        enum text_charset charset;
        const char *data;
        size_t len, bad;
    } wrong[] = {{TEXT_GB18030,
                  "ab\xd5\xc5\xff"
                  "cd",
                  7, 4},
                 {TEXT_UTF8, "ab\xe5\xbc\xa0\x80", 6, 5},
                 {TEXT_UTF8_MARK, "\xef\xbb\xbf\xc0", 4, 3},
                 {TEXT_GB18030, "ab\0", 3, 2},
                 {TEXT_UTF16LE,
                  "\xff\xfe"
                  "a\0\0\0",
                  6, 4},
                 {TEXT_UTF16BE, "\xfe\xff\0a\xdc\0", 6, 4},
                 {TEXT_GB18030, "abc\xd5", 4, 3},
                 {TEXT_UNKNOWN, "a", 1, 0}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(text_decode(&out, wrong[i].charset, wrong[i].data, wrong[i].len, &bad));
        if (bad != wrong[i].bad) print_error("case %zu: byte %zu\n", i, bad);
        assert_int_equal(bad, wrong[i].bad);
        assert_string_equal(out.data, "a张三");
    }
    arena_buf_free(&out);
}

static void integers(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    char text[32];
    int64_t n = 7;
    for (int i = 0; i < 20000; i++) {
        int64_t value = (int64_t)(rng_next(&rng) >> rng_below(&rng, 64));
        if (i % 2 == 0) value = -value;
        int len = snprintf(text, sizeof text, "%lld", (long long)value);
        assert_true(text_int(&n, text, (size_t)len));
        assert_true(n == value);
    }
    static const char *const bad[] = {"",    "-", "+1", " 1", "1 ", "1.0", "9223372036854775808", "-9223372036854775809",
                                      "12a", "一"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(text_int(&n, bad[i], strlen(bad[i])));
    assert_true(text_int(&n, "-9223372036854775808", 20) && n == INT64_MIN);
    assert_true(text_int(&n, "9223372036854775807", 19) && n == INT64_MAX);
}

static void han(void **state)
{
    (void)state;
    assert_int_equal(text_han_simple(U'張'), U'张');
    assert_int_equal(text_han_simple(U'张'), U'张');
    assert_int_equal(text_han_simple('A'), 'A');
    assert_string_equal(text_han_pinyin(U'张'), "zhang");
    assert_string_equal(text_han_pinyin(U'吕'), "lv");
    assert_string_equal(text_han_pinyin('A'), "");
    int readings = 0;
    for (int32_t point = 0; point < 0x110000; point++) {
        const char *reading = text_han_pinyin(point);
        assert_true(strspn(reading, "abcdefghijklmnopqrstuvwxyz") == strlen(reading) && strlen(reading) < 7);
        readings += *reading != 0;
        assert_int_equal(text_han_simple(text_han_simple(point)), text_han_simple(point));
    }
    assert_true(readings > 20000);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(validity),   cmocka_unit_test(points),      cmocka_unit_test(fold_known),
                                       cmocka_unit_test(fold_fails), cmocka_unit_test(fold_random), cmocka_unit_test(trims),
                                       cmocka_unit_test(cuts),       cmocka_unit_test(widths),      cmocka_unit_test(gb18030),
                                       cmocka_unit_test(utf16),      cmocka_unit_test(charsets),    cmocka_unit_test(integers),
                                       cmocka_unit_test(han)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
