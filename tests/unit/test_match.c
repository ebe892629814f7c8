#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "match/match.h"

#define NOWHERE UINT32_MAX

/* Two people of the register with every field told; each test asks with a record that lacks or spoils some. */
static const struct match_record wang = {.name = "王建明",
                                         .doc = "350599199001010017",
                                         .doc_valid = true,
                                         .birth = 19900101,
                                         .sex = 'm',
                                         .phone = "13800000001",
                                         .door = 7,
                                         .building = 3};
static const struct match_record li = {.name = "李秀英",
                                       .doc = "350599196505050025",
                                       .doc_valid = true,
                                       .birth = 19650505,
                                       .sex = 'f',
                                       .phone = "13800000002",
                                       .door = 8,
                                       .building = 4};

static struct match_index *two(void)
{
    struct match_index *index;
    assert_int_equal(match_make(&index), DW_OK);
    assert_int_equal(match_put(index, 10, &wang), DW_OK);
    assert_int_equal(match_put(index, 20, &li), DW_OK);
    return index;
}

/* Asks an index of the two and compares: the verdict, and if it is not NEW, that pair first and no other. */
static void expect(const struct match_record *record, enum match_verdict verdict, uint32_t ref, enum match_why why)
{
    struct match_index *index = two();
    struct match_answer answer;
    match_find(&answer, index, record);
    assert_int_equal(answer.verdict, verdict);
    assert_int_equal(answer.count, verdict != MATCH_NEW);
    assert_false(answer.more);
    if (verdict != MATCH_NEW) {
        assert_int_equal(answer.pairs[0], ref);
        assert_int_equal(answer.why[0], why);
    }
    match_free(index);
}

static struct match_record but(const struct match_record *base, const char *name, const char *doc, bool valid, const char *phone)
{
    struct match_record r = *base;
    r.name = name;
    r.doc = doc;
    r.doc_valid = valid;
    r.phone = phone;
    return r;
}

static void test_document(void **state)
{
    (void)state;
    struct match_record r = {.name = "王建明", .doc = wang.doc, .doc_valid = true, .door = NOWHERE, .building = NOWHERE};
    expect(&r, MATCH_SAME, 10, MATCH_BY_DOC);
    r.name = "王健明"; /* the same sound */
    expect(&r, MATCH_SAME, 10, MATCH_BY_DOC);
    r.name = "阿明";
    expect(&r, MATCH_SAME, 10, MATCH_BY_DOC);
    r.name = NULL;
    expect(&r, MATCH_SAME, 10, MATCH_BY_DOC);
    r.name = "王秀兰"; /* the head's number in the row of his wife */
    expect(&r, MATCH_REVIEW, 10, MATCH_DOC_NAME_DIFFER);
    r = (struct match_record){.name = "王建明", .doc = wang.doc, .door = NOWHERE, .building = NOWHERE}; /* a number cell */
    expect(&r, MATCH_REVIEW, 10, MATCH_DOC_NEAR);
}

static void test_triple(void **state)
{
    (void)state;
    struct match_record r = but(&wang, wang.name, "", false, wang.phone);
    r.building = 99;
    expect(&r, MATCH_SAME, 10, MATCH_BY_TRIPLE);
    r.doc = "H12345678"; /* a valid document of another kind: a person may have both, but that is for somebody to say */
    r.doc_valid = true;
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_BIRTH);
    r.doc = "350599199001014536"; /* two numbers with check characters: a twin's, or his own */
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_BIRTH);
    r.phone = "";
    expect(&r, MATCH_NEW, 0, 0);
    r.building = wang.building;
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_BIRTH);
    r.building = 99;
    r.doc = "350599199001010033"; /* two slips, as when an old number of 15 digits errs and its check character is made */
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_DOC_NEAR);
}

static void test_document_slips(void **state)
{
    (void)state;
    static const char *const near[] = {"350599199001010117", "350599190901010017", "35059919900101001",   "3505991990010100117",
                                       "530599199001010017", "350599199001010071", "350599199001010000",  "35O599199001010017",
                                       "35059919900101017",  "50599199001010017",  "3350599199001010017", "350599199001010048"};
    static const char *const far[] = {"350599199001210117", "530599199001010071", "350599199001011048", "1990010100", ""};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        struct match_record r = {.name = "王建明", .doc = near[i], .door = NOWHERE, .building = NOWHERE};
        expect(&r, MATCH_REVIEW, 10, MATCH_DOC_NEAR);
    }
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        struct match_record r = {.name = "陈志强", .doc = far[i], .door = NOWHERE, .building = NOWHERE};
        expect(&r, MATCH_NEW, 0, 0);
    }
    struct match_record twice = {.name = "王建明", .doc = "530599199001010071", .door = NOWHERE, .building = NOWHERE};
    expect(&twice, MATCH_REVIEW, 10, MATCH_NAME_DOC_NEAR);
    struct match_record cut = {.name = "陈志强", .doc = "350599199001010000", .door = NOWHERE, .building = NOWHERE};
    expect(&cut, MATCH_NEW, 0, 0); /* a thousand numbers begin so */
    cut.name = "王建朋";
    expect(&cut, MATCH_REVIEW, 10, MATCH_DOC_NEAR);
    struct match_record up = {.name = "王建明", .doc = "350599199001011000", .door = NOWHERE, .building = NOWHERE};
    expect(&up, MATCH_NEW, 0, 0); /* rounding 0017 gives 0000 */
}

/* Passports have no check character: one digit apart is a slip if the names are alike, else the next in the queue. */
static void test_passports(void **state)
{
    (void)state;
    struct match_index *index = two();
    struct match_record a = {.name = "MARIA SANTOS", .doc = "P1234567A", .doc_valid = true, .door = NOWHERE, .building = NOWHERE};
    struct match_record b = a;
    struct match_answer answer;
    assert_int_equal(match_put(index, 30, &a), DW_OK);
    b.doc = "P1234568A";
    match_find(&answer, index, &b);
    assert_int_equal(answer.verdict, MATCH_REVIEW);
    assert_int_equal(answer.why[0], MATCH_DOC_NEAR);
    b.name = "JOSE RIZAL";
    match_find(&answer, index, &b);
    assert_int_equal(answer.verdict, MATCH_NEW);
    match_free(index);
}

static void test_without_document(void **state)
{
    (void)state;
    struct match_record r = {.name = "王建明", .door = NOWHERE, .building = 3};
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_PLACE);
    r.birth = 19900110; /* a birth that errs changes nothing where no document speaks against it */
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_PLACE);
    r.doc = "350599200712120000"; /* nor does a document that is none */
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_PLACE);
    r = (struct match_record){.name = "王建明", .door = NOWHERE, .building = 4};
    expect(&r, MATCH_NEW, 0, 0); /* a name alone, elsewhere */
    r.phone = wang.phone;
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_PHONE);
    r.phone = "";
    r.birth = wang.birth;
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_BIRTH);
    r.name = "王剑明";
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_BIRTH);
    r = (struct match_record){.name = "阿明", .door = NOWHERE, .building = 3};
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_PLACE);
    r.name = "王建鸣";
    expect(&r, MATCH_REVIEW, 10, MATCH_NAME_PLACE);
    r.name = "王建国";
    expect(&r, MATCH_NEW, 0, 0);
    r.phone = wang.phone;
    r.birth = wang.birth;
    expect(&r, MATCH_REVIEW, 10, MATCH_PHONE_BIRTH);
    r.birth = 0;
    expect(&r, MATCH_NEW, 0, 0); /* brothers share a phone and most of a name */
    r.name = "老王";
    expect(&r, MATCH_REVIEW, 10, MATCH_PHONE_BIRTH);
}

/* The birth of the column errs in one list, the document is missing in the other. */
static void test_birth_of_document(void **state)
{
    (void)state;
    struct match_index *index = two();
    struct match_record wrong = wang, r = {.name = "王建明", .birth = 19900101, .door = NOWHERE, .building = 50};
    struct match_answer answer;
    wrong.birth = 19910101;
    assert_int_equal(match_put(index, 10, &wrong), DW_OK);
    match_find(&answer, index, &r);
    assert_int_equal(answer.verdict, MATCH_REVIEW);
    assert_int_equal(answer.why[0], MATCH_NAME_BIRTH);
    match_free(index);
}

static void test_replace_and_drop(void **state)
{
    (void)state;
    struct match_index *index = two();
    struct match_answer answer;
    assert_int_equal(match_put(index, 10, &li), DW_OK);
    match_find(&answer, index, &wang);
    assert_int_equal(answer.verdict, MATCH_NEW);
    match_find(&answer, index, &li);
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.pairs[0], 10);
    assert_int_equal(answer.pairs[1], 20);
    match_drop(index, 10);
    match_drop(index, 10);
    match_drop(index, 4000000000);
    match_find(&answer, index, &li);
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.pairs[0], 20);
    match_drop(index, 20);
    match_find(&answer, index, &li);
    assert_int_equal(answer.verdict, MATCH_NEW);
    assert_int_equal(match_put(index, UINT32_C(1) << 31, &li), DW_E_INVALID);
    match_free(index);
    match_free(NULL);
}

static void test_further_records(void **state)
{
    (void)state;
    struct match_index *index = two();
    struct match_answer answer;
    struct match_record second = but(&wang, "王建明", "", false, "13900000009"), r;
    second.building = 60;
    assert_int_equal(match_also(index, 10, &second), DW_OK);
    r = (struct match_record){.name = "王建明", .phone = "13900000009", .door = NOWHERE, .building = NOWHERE};
    match_find(&answer, index, &r);
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.pairs[0], 10);
    assert_int_equal(answer.why[0], MATCH_NAME_PHONE);
    r.birth = wang.birth;
    r.doc = "350599199001010033"; /* all three equal, but his first record has another good number */
    r.doc_valid = true;
    match_find(&answer, index, &r);
    assert_int_equal(answer.verdict, MATCH_REVIEW);
    match_find(&answer, index, &wang); /* found by both, told once, for the better reason */
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.why[0], MATCH_BY_DOC);
    assert_int_equal(match_put(index, 10, &wang), DW_OK); /* replaces them all */
    r = (struct match_record){.name = "王建明", .phone = "13900000009", .door = NOWHERE, .building = NOWHERE};
    match_find(&answer, index, &r);
    assert_int_equal(answer.verdict, MATCH_NEW);
    match_free(index);
}

/* A document that comes later counts in the records before it, too. */
static void test_document_later(void **state)
{
    (void)state;
    struct match_index *index;
    struct match_answer answer;
    struct match_record first = but(&wang, "王建明", NULL, false, "13900000009");
    assert_int_equal(match_make(&index), DW_OK);
    assert_int_equal(match_also(index, 5, &first), DW_OK);
    assert_int_equal(match_also(index, 5, &wang), DW_OK);
    struct match_record r = but(&first, "王建明", "350599199001010033", true, "13900000009");
    match_find(&answer, index, &r);
    assert_int_equal(answer.verdict, MATCH_REVIEW);
    match_drop(index, 5);
    match_find(&answer, index, &wang);
    assert_int_equal(answer.verdict, MATCH_NEW);
    match_free(index);
}

static void test_more(void **state)
{
    (void)state;
    struct match_index *index;
    struct match_answer answer;
    struct match_record r = {.name = "王伟", .door = NOWHERE, .building = 1};
    assert_int_equal(match_make(&index), DW_OK);
    for (uint32_t ref = 0; ref < MATCH_PAIRS; ref++) assert_int_equal(match_put(index, 100 - ref, &r), DW_OK);
    match_find(&answer, index, &r);
    assert_int_equal(answer.count, MATCH_PAIRS);
    assert_false(answer.more);
    for (uint32_t ref = 0; ref < 9; ref++) assert_int_equal(match_put(index, ref, &r), DW_OK);
    r.phone = "13800000001";
    assert_int_equal(match_put(index, 50, &r), DW_OK);
    match_find(&answer, index, &r);
    assert_int_equal(answer.count, MATCH_PAIRS);
    assert_true(answer.more);
    assert_int_equal(answer.pairs[0], 50); /* the likeliest first */
    assert_int_equal(answer.why[0], MATCH_NAME_PHONE);
    for (uint32_t i = 1; i <= 9; i++) assert_int_equal(answer.pairs[i], i - 1);
    match_free(index);
}

/* A number that many write is nobody's; and what thousands share does not make every look long. */
static void test_fillers(void **state)
{
    (void)state;
    struct match_index *index;
    struct match_answer answer;
    char name[16];
    assert_int_equal(match_make(&index), DW_OK);
    for (uint32_t ref = 0; ref < 3000; ref++) {
        struct match_record r = {
            .name = name, .doc = "111111111111111111", .phone = "13000000000", .door = NOWHERE, .building = ref};
        snprintf(name, sizeof name, "张%c%c%c", 'A' + (int)ref % 26, 'A' + (int)ref / 26 % 26, 'A' + (int)ref / 676);
        match_find(&answer, index, &r);
        assert_true(answer.count <= MATCH_PAIRS);
        if (ref > MATCH_PAIRS) assert_int_equal(answer.count, 0);
        if (ref > 2000) assert_true(answer.more);
        assert_int_equal(match_put(index, ref, &r), DW_OK);
    }
    struct match_record one_off = {.name = "李四", .doc = "111111111111111112", .door = NOWHERE, .building = NOWHERE};
    match_find(&answer, index, &one_off);
    assert_int_equal(answer.count, 0);
    match_free(index);
}

static void test_namesakes(void **state)
{
    (void)state;
    struct match_index *index = two();
    struct match_record r = {.name = "王建明", .door = NOWHERE, .building = NOWHERE}, other = but(&wang, "王建明", "", false, "");
    size_t cursor = 0;
    uint32_t ref, sum = 0, count = 0;
    assert_int_equal(match_also(index, 10, &other), DW_OK);
    assert_int_equal(match_put(index, 3, &other), DW_OK);
    while (match_namesake(index, &r, &cursor, &ref)) sum += ref, count++;
    assert_int_equal(count, 2);
    assert_int_equal(sum, 13);
    r.name = "";
    cursor = 0;
    assert_false(match_namesake(index, &r, &cursor, &ref));
    match_free(index);
}

static void test_texts(void **state)
{
    (void)state;
    for (int why = 0; why < MATCH_WHY_COUNT; why++)
        for (int other = 0; other < why; other++)
            for (int lang = 0; lang < 2; lang++)
                assert_string_not_equal(match_why_text((enum match_why)why, (enum err_lang)lang),
                                        match_why_text((enum match_why)other, (enum err_lang)lang));
}

static void test_memory(void **state)
{
    (void)state;
    struct match_index *index;
    assert_int_equal(match_make(&index), DW_OK);
    size_t empty = match_memory(index);
    assert_int_equal(match_put(index, 0, &wang), DW_OK);
    assert_true(match_memory(index) > empty);
    match_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_document),
                                       cmocka_unit_test(test_triple),
                                       cmocka_unit_test(test_document_slips),
                                       cmocka_unit_test(test_passports),
                                       cmocka_unit_test(test_without_document),
                                       cmocka_unit_test(test_birth_of_document),
                                       cmocka_unit_test(test_replace_and_drop),
                                       cmocka_unit_test(test_further_records),
                                       cmocka_unit_test(test_document_later),
                                       cmocka_unit_test(test_more),
                                       cmocka_unit_test(test_fillers),
                                       cmocka_unit_test(test_namesakes),
                                       cmocka_unit_test(test_texts),
                                       cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
