/* A random register, and rows about its people with one of the errors that lists are known for: each is found again, whatever the
 * order of the register; and two people with different valid documents are never taken for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/idno.h"
#include "match/match.h"

#include "../unit/seed.h"

enum { PEOPLE = 1500, BUILDINGS = 60, ROUNDS = 2, TODAY = 20220409 };

struct person {
    char name[32], doc[IDNO_SIZE], phone[16];
    struct match_record record;
    const char *given; /* the last character of the name */
};

struct row {
    char name[32], phone[16];
    struct idno doc;
    struct match_record record;
};

enum error {
    CHANGED,
    LEFT_OUT,
    DOUBLED,
    SWAPPED,
    LETTER,
    CUT,
    DOUBLE,
    DOC_MISSING,
    DOC_MISSING_MOVED,
    SOUND,
    NICKNAME,
    NO_PHONE,
    WRONG_BIRTH,
    SOUND_NO_DOC,
    NICKNAME_NO_DOC,
    ERRORS
};

/* Pairs of one sound stand side by side. */
static const char *const given[] = {"明", "鸣", "建", "剑", "伟", "玮", "芳", "方",
                                    "英", "莹", "强", "国", "秀", "华", "丽", "军"};
static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "欧阳"};
enum { GIVEN = sizeof given / sizeof *given, PAIRS = 10, SURNAMES = sizeof surnames / sizeof *surnames };

static int32_t random_day(struct rng *rng)
{
    return (int32_t)(1930 + rng_below(rng, 90)) * 10000 + (int32_t)(1 + rng_below(rng, 12)) * 100 +
           (int32_t)(1 + rng_below(rng, 28));
}

static void make_person(struct person *p, struct rng *rng, uint32_t i)
{
    uint64_t kind = rng_below(rng, 100);
    int32_t birth = random_day(rng);
    char sex = rng_below(rng, 2) == 0 ? 'm' : 'f';
    p->given = given[rng_below(rng, GIVEN)];
    snprintf(p->name, sizeof p->name, "%s%s%s", surnames[rng_below(rng, SURNAMES)],
             rng_below(rng, 4) == 0 ? "" : given[rng_below(rng, GIVEN)], p->given);
    snprintf(p->phone, sizeof p->phone, "138%08u", i / 3 * 7919);
    if (kind < 90)
        idno_make18(p->doc, "350599", birth, (int)rng_below(rng, 500) * 2 + (sex == 'm'));
    else if (kind < 95)
        snprintf(p->doc, sizeof p->doc, "E%08u", (unsigned)rng_below(rng, 100000000));
    else
        p->doc[0] = 0;
    p->record = (struct match_record){.name = p->name,
                                      .doc = p->doc,
                                      .doc_valid = p->doc[0] != 0,
                                      .birth = birth,
                                      .sex = sex,
                                      .phone = p->phone,
                                      .door = i / 3,
                                      .building = i % BUILDINGS};
}

static void write_name(struct row *row, const struct person *p, enum error error)
{
    size_t stem = strlen(p->name) - strlen(p->given);
    snprintf(row->name, sizeof row->name, "%s", p->name);
    if (error == NICKNAME || error == NICKNAME_NO_DOC) snprintf(row->name, sizeof row->name, "阿%s", p->given);
    if (error != SOUND && error != SOUND_NO_DOC) return;
    for (int i = 0; i < PAIRS; i++)
        if (strcmp(given[i], p->given) == 0) snprintf(row->name + stem, sizeof row->name - stem, "%s", given[i ^ 1]);
}

static void spoil(char *doc, struct rng *rng, enum error error)
{
    size_t len = strlen(doc), at = (size_t)rng_below(rng, len - 1);
    char c = doc[at];
    if (error == CHANGED) doc[at] = c >= '0' && c <= '9' ? (char)('0' + (c - '0' + 1 + (int)rng_below(rng, 9)) % 10) : '7';
    if (error == LEFT_OUT) memmove(doc + at, doc + at + 1, len - at);
    if (error == DOUBLED) memmove(doc + at + 1, doc + at, len - at + 1);
    if (error == SWAPPED) doc[at] = doc[at + 1], doc[at + 1] = c;
    if (error == LETTER && strchr(doc, '0') != NULL) *strrchr(doc, '0') = 'O';
    if (error == CUT && len == 18) snprintf(doc + 15, 4, "000");
    if (error == DOUBLE && len == 18 && doc[17] != 'X') snprintf(doc, IDNO_SIZE, "%.0f", strtod(doc, NULL));
}

/* What a list says of somebody with one error in it. Where the document is good or nearly so, all else may be unknown. */
static void make_row(struct row *row, const struct person *p, struct rng *rng, enum error error)
{
    char doc[IDNO_SIZE];
    bool no_doc = error == DOC_MISSING || error == DOC_MISSING_MOVED || error == SOUND_NO_DOC || error == NICKNAME_NO_DOC;
    snprintf(doc, sizeof doc, "%s", no_doc ? "" : p->doc);
    if (*doc != 0 && error <= DOUBLE) spoil(doc, rng, error);
    idno_read(&row->doc, doc, false, true, TODAY);
    write_name(row, p, error);
    row->record = p->record;
    row->record.name = row->name;
    row->record.doc = row->doc.text;
    row->record.doc_valid = row->doc.type != IDNO_NONE && row->doc.problem == IDNO_OK;
    row->record.birth = row->doc.birth;
    row->record.door = (uint32_t)rng_below(rng, PEOPLE);
    if (error == DOC_MISSING_MOVED || (*doc != 0 && rng_below(rng, 2) == 0)) row->record.building = BUILDINGS;
    if (error == NO_PHONE || (error != DOC_MISSING_MOVED && rng_below(rng, 2) == 0)) row->record.phone = "";
    if (error == WRONG_BIRTH) row->record.birth = random_day(rng);
}

static bool among(const struct match_answer *answer, uint32_t ref)
{
    for (size_t i = 0; i < answer->count; i++)
        if (answer->pairs[i] == ref) return true;
    return answer->more;
}

static void shuffle(uint32_t *order, struct rng *rng)
{
    for (uint32_t i = 0; i < PEOPLE; i++) order[i] = i;
    for (uint32_t i = PEOPLE - 1; i > 0; i--) {
        uint32_t j = (uint32_t)rng_below(rng, i + 1), t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
}

/* Other people come and go on the way, and some stand under another's reference for a while. */
static struct match_index *build(const struct person *people, struct rng *rng, bool noise)
{
    static uint32_t order[PEOPLE];
    struct match_index *index;
    shuffle(order, rng);
    assert_int_equal(match_make(&index), DW_OK);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        uint32_t other = (uint32_t)rng_below(rng, PEOPLE);
        if (noise && i % 3 == 0) assert_int_equal(match_put(index, order[i], &people[other].record), DW_OK);
        if (noise && i % 5 == 0) assert_int_equal(match_also(index, order[i], &people[i].record), DW_OK);
        if (noise && i % 7 == 0) assert_int_equal(match_put(index, PEOPLE + other, &people[other].record), DW_OK);
        assert_int_equal(match_put(index, order[i], &people[order[i]].record), DW_OK);
    }
    for (uint32_t i = 0; i < PEOPLE; i++) match_drop(index, PEOPLE + i);
    return index;
}

static void check_row(const struct match_index *one, const struct match_index *two, const struct person *people, uint32_t i,
                      const struct row *row, enum error error)
{
    struct match_answer a, b;
    match_find(&a, one, &row->record);
    match_find(&b, two, &row->record);
    assert_memory_equal(&a, &b, sizeof a);
    if (a.verdict == MATCH_NEW || !among(&a, i)) {
        printf("error %d: %s %s %s building %u is not found as %s %s %s building %u\n", (int)error, row->name, row->doc.text,
               row->record.phone, row->record.building, people[i].name, people[i].doc, people[i].phone,
               people[i].record.building);
        fail();
    }
    for (size_t k = 0; k < a.count; k++) {
        const struct person *p = &people[a.pairs[k]];
        if (a.why[k] > MATCH_BY_TRIPLE || !row->record.doc_valid || !p->record.doc_valid) continue;
        assert_string_equal(row->doc.text, p->doc);
    }
}

static void test_every_error(void **state)
{
    (void)state;
    static struct person people[PEOPLE];
    struct rng rng = seed_rng();
    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < PEOPLE; i++) make_person(&people[i], &rng, i);
        struct match_index *one = build(people, &rng, false), *two = build(people, &rng, true);
        for (uint32_t i = 0; i < PEOPLE; i++)
            for (int error = 0; error < ERRORS; error++) {
                struct row row;
                make_row(&row, &people[i], &rng, (enum error)error);
                check_row(one, two, people, i, &row, (enum error)error);
            }
        match_free(one);
        match_free(two);
    }
}

/* Rows without an error: everybody with a document is known for certain, and nobody is taken for another. */
static void test_no_error(void **state)
{
    (void)state;
    static struct person people[PEOPLE];
    struct rng rng = seed_rng();
    for (uint32_t i = 0; i < PEOPLE; i++) make_person(&people[i], &rng, i);
    struct match_index *index = build(people, &rng, true);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct match_answer answer;
        match_find(&answer, index, &people[i].record);
        assert_int_equal(answer.verdict, MATCH_SAME);
        assert_string_equal(people[answer.pairs[0]].doc, people[i].doc);
        assert_string_equal(people[answer.pairs[0]].name, people[i].name);
    }
    match_free(index);
}

/* Strangers: everybody asked for in a register of other people, who share names, births, buildings and phones with them. */
static void test_strangers(void **state)
{
    (void)state;
    static struct person people[PEOPLE];
    struct rng rng = seed_rng();
    uint32_t pairs = 0;
    for (uint32_t i = 0; i < PEOPLE; i++) make_person(&people[i], &rng, i);
    struct match_index *index = build(people, &rng, false);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct match_answer answer;
        match_drop(index, i);
        match_find(&answer, index, &people[i].record);
        pairs += (uint32_t)answer.count;
        for (size_t k = 0; k < answer.count; k++) assert_true(answer.why[k] > MATCH_BY_TRIPLE || answer.pairs[k] == i);
        assert_int_equal(match_put(index, i, &people[i].record), DW_OK);
    }
    printf("%u pairs among %d strangers\n", pairs, PEOPLE);
    assert_true(pairs < PEOPLE / 10); /* many bear one name: a name alone makes no pair */
    match_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_error), cmocka_unit_test(test_no_error),
                                       cmocka_unit_test(test_strangers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
