#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cover/cover.h"

#define NO COVER_NONE

/* A village of two grids (1 with cells 2 and 3, 4 with cell 5), and another root 6. */
static const uint32_t tree[] = {NO, 0, 1, 1, 0, 4, NO};
enum { VILLAGE, GRID, CELL, CELL_2, GRID_2, CELL_3, OUTSIDE, AREAS };

static struct cover *village(uint32_t people)
{
    struct cover *cover;
    assert_int_equal(cover_make(&cover, tree, AREAS, NULL), DW_OK);
    assert_int_equal(cover_grow(cover, people), DW_OK);
    return cover;
}

static void expect(const struct cover *cover, uint32_t area, struct cover_counts want)
{
    struct cover_counts got = cover_count(cover, area);
    assert_memory_equal(&got, &want, sizeof want);
    struct err_detail detail;
    assert_int_equal(cover_check(cover, &detail), DW_OK);
}

static void test_preorder(void **state)
{
    (void)state;
    static const uint32_t itself[] = {0}, later[] = {1, NO}, back[] = {NO, 0, NO, 0}, cousin[] = {NO, 0, 0, 1}, away[] = {NO, 7};
    struct cover *cover;
    struct err_detail detail;
    assert_int_equal(cover_make(&cover, itself, 1, &detail), DW_E_INVALID);
    assert_int_equal(cover_make(&cover, later, 2, &detail), DW_E_INVALID);
    assert_int_equal(cover_make(&cover, back, 4, &detail), DW_E_INVALID);
    assert_int_equal(cover_make(&cover, cousin, 4, &detail), DW_E_INVALID);
    assert_int_equal(cover_make(&cover, away, 2, &detail), DW_E_INVALID);
    assert_null(cover);
    assert_int_equal(cover_make(&cover, tree, AREAS, &detail), DW_OK);
    assert_int_equal(cover_areas(cover), AREAS);
    cover_free(cover);
    cover_free(NULL);
}

static void test_nobody_nowhere(void **state)
{
    (void)state;
    struct cover *cover;
    uint32_t out[4], cursor = 0;
    size_t words;
    assert_int_equal(cover_make(&cover, NULL, 0, NULL), DW_OK);
    expect(cover, COVER_NONE, (struct cover_counts){0});
    assert_int_equal(cover_missing(cover, COVER_NONE, out, 4, &cursor), 0);
    assert_int_equal(cover_recovered(cover, NULL, 0, COVER_NONE, out, 4), 0);
    cover_words(cover, COVER_DONE, &words);
    assert_int_equal(words, 0);
    assert_int_equal(cover_grow(cover, 3), DW_OK);
    assert_true(cover_put(cover, COVER_ROSTER, 2, true)); /* in no area at all */
    expect(cover, COVER_NONE, (struct cover_counts){.roster = 1, .owed = 1, .missing = 1});
    assert_int_equal(cover_missing(cover, COVER_NONE, out, 4, &cursor), 1);
    cover_free(cover);
}

static void test_first_set_counts(void **state)
{
    (void)state;
    struct cover *cover = village(1);
    cover_place(cover, 0, CELL);
    assert_true(cover_put(cover, COVER_DONE, 0, true)); /* covered, but nobody expected him */
    expect(cover, VILLAGE, (struct cover_counts){0});
    assert_true(cover_put(cover, COVER_ARRIVED, 0, true));
    expect(cover, VILLAGE, (struct cover_counts){.arrived = 1, .owed = 1, .covered = 1});
    assert_true(cover_put(cover, COVER_FOUND, 0, true));
    expect(cover, VILLAGE, (struct cover_counts){.found = 1, .owed = 1, .covered = 1});
    assert_true(cover_put(cover, COVER_ROSTER, 0, true));
    expect(cover, VILLAGE, (struct cover_counts){.roster = 1, .owed = 1, .covered = 1});
    assert_false(cover_put(cover, COVER_ROSTER, 0, true));
    assert_true(cover_put(cover, COVER_EXCUSED, 0, true)); /* does not count once done */
    expect(cover, VILLAGE, (struct cover_counts){.roster = 1, .owed = 1, .covered = 1});
    assert_true(cover_is_owed(cover, 0));
    assert_true(cover_put(cover, COVER_DONE, 0, false));
    expect(cover, VILLAGE, (struct cover_counts){.roster = 1, .excused = 1});
    assert_false(cover_is_owed(cover, 0));
    assert_false(cover_is_missing(cover, 0));
    assert_true(cover_put(cover, COVER_ROSTER, 0, false)); /* found, and excused: owed by nobody, excused from nothing */
    expect(cover, VILLAGE, (struct cover_counts){0});
    assert_true(cover_put(cover, COVER_EXCUSED, 0, false));
    expect(cover, CELL, (struct cover_counts){.found = 1, .owed = 1, .missing = 1});
    assert_true(cover_is_missing(cover, 0));
    cover_free(cover);
}

static void test_places(void **state)
{
    (void)state;
    struct cover *cover = village(2);
    const struct cover_counts none = {0}, one = {.roster = 1, .owed = 1, .missing = 1};
    assert_int_equal(cover_area(cover, 0), COVER_NONE);
    assert_true(cover_put(cover, COVER_ROSTER, 0, true));
    expect(cover, COVER_NONE, one); /* under no area, but not forgotten */
    expect(cover, VILLAGE, none);
    cover_place(cover, 0, CELL);
    expect(cover, CELL, one);
    expect(cover, GRID, one);
    expect(cover, VILLAGE, one);
    cover_place(cover, 0, CELL_3);
    expect(cover, GRID, none);
    expect(cover, GRID_2, one);
    cover_place(cover, 0, VILLAGE);
    expect(cover, GRID_2, none);
    expect(cover, VILLAGE, one);
    cover_place(cover, 0, OUTSIDE);
    expect(cover, VILLAGE, none);
    expect(cover, COVER_NONE, one);
    cover_place(cover, 0, COVER_NONE);
    expect(cover, OUTSIDE, none);
    expect(cover, COVER_NONE, one);
    assert_int_equal(cover_area(cover, 7), COVER_NONE); /* people that are not there */
    assert_false(cover_has(cover, COVER_ROSTER, 7));
    assert_false(cover_is_missing(cover, 7));
    assert_false(cover_is_owed(cover, 7));
    cover_free(cover);
}

static void test_pages(void **state)
{
    (void)state;
    static const uint32_t missing[] = {0, 63, 64, 127, 128, 191};
    struct cover *cover = village(192);
    for (uint32_t p = 0; p < 192; p++) cover_place(cover, p, p % 2 == 0 ? CELL : CELL_3);
    for (size_t i = 0; i < 6; i++) cover_put(cover, COVER_ROSTER, missing[i], true);
    for (size_t page = 1; page < 8; page++) {
        uint32_t out[8], cursor = 0, all = 0;
        for (size_t got; (got = cover_missing(cover, COVER_NONE, out, page, &cursor)) > 0; all += (uint32_t)got)
            for (size_t i = 0; i < got; i++) assert_int_equal(out[i], missing[all + i]);
        assert_int_equal(all, 6);
        assert_int_equal(cover_missing(cover, COVER_NONE, out, page, &cursor), 0);
    }
    uint32_t out[8], cursor = 64;
    assert_int_equal(cover_missing(cover, GRID, out, 8, &cursor), 2);
    assert_int_equal(out[0], 64);
    assert_int_equal(out[1], 128);
    cursor = 65;
    assert_int_equal(cover_missing(cover, CELL, out, 0, &cursor), 0);
    assert_int_equal(cursor, 65);
    cover_free(cover);
}

static void test_recovered(void **state)
{
    (void)state;
    struct cover *now = village(130), *first = village(60), *second = village(200);
    const struct cover *const earlier[] = {first, second};
    uint32_t out[4] = {0};
    for (uint32_t p = 58; p < 130; p++) cover_place(now, p, p < 100 ? CELL : CELL_3), cover_put(now, COVER_DONE, p, true);
    cover_put(first, COVER_DONE, 58, true);
    for (uint32_t p = 60; p < 126; p++) cover_put(second, COVER_DONE, p, true);
    assert_int_equal(cover_recovered(now, earlier, 2, COVER_NONE, out, 4), 5);
    assert_int_equal(out[0], 59);
    assert_int_equal(out[3], 128); /* the fifth did not fit */
    assert_int_equal(cover_recovered(now, earlier, 2, GRID_2, NULL, 0), 4);
    assert_int_equal(cover_recovered(now, earlier, 1, COVER_NONE, NULL, 0), 71);
    assert_int_equal(cover_recovered(now, NULL, 0, COVER_NONE, NULL, 0), 72);
    cover_free(now);
    cover_free(first);
    cover_free(second);
}

static void test_check_finds(void **state)
{
    (void)state;
    struct cover *cover = village(100);
    struct err_detail detail = {{0}};
    size_t words;
    cover_place(cover, 70, CELL);
    cover_put(cover, COVER_ROSTER, 70, true);
    uint64_t *bits = (uint64_t *)(uintptr_t)cover_words(cover, COVER_DONE, &words);
    assert_int_equal(words, 2);
    assert_int_equal(cover_check(cover, &detail), DW_OK);
    bits[1] |= UINT64_C(1) << 6; /* a bit of memory turns: the kept counts no longer fit */
    assert_int_equal(cover_check(cover, &detail), DW_E_IDENTITY);
    assert_non_null(strstr(detail.text, "missing 1"));
    bits[1] = 0;
    assert_int_equal(cover_check(cover, &detail), DW_OK);
    cover_free(cover);
}

static void test_growing_keeps(void **state)
{
    (void)state;
    struct cover *cover = village(1);
    size_t before = cover_memory(cover);
    cover_place(cover, 0, CELL);
    cover_put(cover, COVER_ROSTER, 0, true);
    for (uint32_t people = 1; people < 5000; people += 37) {
        assert_int_equal(cover_grow(cover, people), DW_OK);
        assert_int_equal(cover_area(cover, people - 1), people == 1 ? CELL : COVER_NONE);
        assert_false(people > 1 && cover_has(cover, COVER_ROSTER, people - 1));
    }
    assert_int_equal(cover_grow(cover, 3), DW_OK); /* never shrinks */
    assert_true(cover_people(cover) > 4900);
    assert_true(cover_memory(cover) > before);
    expect(cover, GRID, (struct cover_counts){.roster = 1, .owed = 1, .missing = 1});
    cover_free(cover);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_preorder),    cmocka_unit_test(test_nobody_nowhere), cmocka_unit_test(test_first_set_counts),
        cmocka_unit_test(test_places),      cmocka_unit_test(test_pages),          cmocka_unit_test(test_recovered),
        cmocka_unit_test(test_check_finds), cmocka_unit_test(test_growing_keeps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
