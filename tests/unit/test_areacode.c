#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/keys.h"
#include "domain/areacode.h"
#include "seed.h"

static void known(void **state)
{
    (void)state;
    static const struct {
        const char *code, *name;
        int last; /* the last birth year that can have it; 0: still in use */
    } cases[] = {{"350582", "晋江市", 0},     {"350522", "晋江县", 1992},   {"350581", "石狮市", 0},
                 {"350211", "集美区", 0},     {"350802", "新罗区", 0},      {"352601", "龙岩市", 1996},
                 {"510202", "重庆市", 1997},  {"500101", "万州区", 0},      {"340204", "新芜区", 2005},
                 {"110105", "北京市", 0},     {"440103", "广州市", 0},      {"442501", "惠阳地区", 1988},
                 {"429004", "湖北省直辖", 0}, {"460001", "五指山市", 2003}, {"350501", "泉州市", 0},
                 {"371202", "莱芜市", 2019},  {"830000", "台湾省居民", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = areacode_name(cases[i].code);
        assert_non_null(name);
        assert_string_equal(name, cases[i].name);
        for (int year = 1900; year < 2030; year++)
            assert_int_equal(areacode_valid(cases[i].code, year), cases[i].last == 0 || year <= cases[i].last);
    }
}

static void unknown(void **state)
{
    (void)state;
    static const char *const codes[] = {"350599", "350000", "350589", "990000", "000000", "160101",
                                        "356001", "35058",  "",       "35058a", "３",     "-50582"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) assert_false(areacode_valid(codes[i], 1990));
    assert_string_equal(areacode_name("350599"), "泉州市");
    assert_string_equal(areacode_name("356001"), "福建省");
    assert_null(areacode_name("990000"));
    assert_null(areacode_name(""));
}

/* What could register somebody born later could register somebody born earlier; what is valid has a name. */
static void every_code(void **state)
{
    (void)state;
    int valid = 0, counties = 0;
    char code[16];
    for (int n = 0; n < 1000000; n++) {
        snprintf(code, sizeof code, "%06d", n);
        bool now = areacode_valid(code, 2022), then = areacode_valid(code, 1950);
        valid += then;
        assert_true(then || !now);
        assert_true(!then || areacode_name(code) != NULL);
        counties += now && n / 10000 == 35;
    }
    assert_in_range(valid, 5000, 50000); /* of a million: a slip in the area is mostly seen */
    assert_in_range(counties, 84, 110);  /* Fujian's 84 counties and the codes of whole cities */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known), cmocka_unit_test(unknown), cmocka_unit_test(every_code)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
