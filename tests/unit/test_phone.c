#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/keys.h"
#include "domain/phone.h"
#include "seed.h"

/* However a mobile number is spaced, widened, prefixed and surrounded, it reads the same. */
static void decorated(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    static const char *const before[] = {"", "+86 ", "0086", "86-", "电话：", "张三 ", "(", "0595-85123456/", "0595-85123456 "};
    static const char *const after[] = {"", " ", "（父亲）", "/", "、13900000000", " 13900000000", ".0", ")"};
    for (int i = 0; i < 20000; i++) {
        char number[16], out[PHONE_SIZE];
        snprintf(number, sizeof number, "1%010u", 3000000000u + (unsigned)rng_below(&rng, 1000000000));
        number[1] = (char)('3' + rng_below(&rng, 7));
        struct arena_buf text = {0};
        arena_buf_text(&text, before[rng_below(&rng, sizeof before / sizeof *before)]);
        int how = (int)rng_below(&rng, 4);
        for (int k = 0; k < 11; k++) {
            if ((how == 1 || how == 2) && (k == 3 || k == 7)) arena_buf_text(&text, how == 1 ? " " : "-");
            text_put(&text, how == 3 ? 0xff10 + number[k] - '0' : number[k]);
        }
        arena_buf_text(&text, after[rng_below(&rng, sizeof after / sizeof *after)]);
        bool found = phone_read(out, text.data);
        if (!found || strcmp(out, number) != 0) print_error("%s read as %s\n", text.data, out);
        assert_true(found);
        assert_string_equal(out, number);
        arena_buf_free(&text);
    }
}

static void others(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"", ""},
                                           {"无", "无"},
                                           {"0595-85123456", "0595-85123456"},
                                           {"12812345678", "12812345678"},
                                           {"1381234567", "1381234567"},
                                           {"138123456789", "138123456789"},
                                           {"350599199001010017", "350599199001010017"},
                                           {"１１０", "110"}};
    char out[PHONE_SIZE];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(phone_read(out, texts[i][0]));
        assert_string_equal(out, texts[i][1]);
    }
    assert_false(phone_read(out, NULL));
    assert_string_equal(out, "");
    assert_false(phone_read(out, "\xff"));
    assert_false(phone_read(out, "联系不上联系不上联系不上联系不上联系不上"));
    assert_true(text_valid(out, strlen(out), NULL) && strlen(out) < PHONE_SIZE);
    assert_true(phone_read(out, "l38OOO1234I"));
    assert_string_equal(out, "13800012341");
}

static void masks(void **state)
{
    (void)state;
    char out[PHONE_SIZE];
    phone_mask(out, "13812345678");
    assert_string_equal(out, "138****5678");
    phone_mask(out, "85123456");
    assert_string_equal(out, "851*3456");
    phone_mask(out, "123456");
    assert_string_equal(out, "**3456");
    phone_mask(out, "");
    assert_string_equal(out, "");
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(decorated), cmocka_unit_test(others), cmocka_unit_test(masks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
