/* The blocks lose nothing: in a register crowded with near documents and names, the answer is that of comparing with everybody.
 * And the two parts below it against slow models: the distance of documents, and the table of keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/match_block.h"
#include "match/match_near.h"

#include "../unit/seed.h"

enum { PEOPLE = 400, ASKED = 2000, ROOTS = 120, TEXT = 40 };

struct made {
    char name[TEXT], doc[TEXT], phone[TEXT];
    struct match_record record;
};

static const char *const names[] = {"王明",   "王鸣", "王建明", "王建鸣",      "王剑明",          "阿明",   "小王",    "老陈",
                                    "陈国强", "陈国", "欧阳明", "买买提·艾力", "买买提·艾丽",     "LI WEI", "LI MING", "O'NEIL",
                                    "明",     "",     "陈A",    "李A",         "阿卜杜热合曼·明", "𠮷田明", "𠮷田鸣"};

static void slip(char *doc, struct rng *rng)
{
    size_t len = strlen(doc);
    if (len < 2 || len > TEXT - 3) return;
    size_t at = (size_t)rng_below(rng, len - 1);
    char c = doc[at];
    switch (rng_below(rng, 5)) {
    case 0:
        doc[at + rng_below(rng, 2)] = (char)('0' + rng_below(rng, 10));
        break;
    case 1:
        at += rng_below(rng, 2);
        memmove(doc + at, doc + at + 1, len - at);
        break;
    case 2:
        memmove(doc + at + 1, doc + at, len - at + 1);
        doc[at] = (char)('0' + rng_below(rng, 10));
        break;
    case 3:
        doc[at] = doc[at + 1];
        doc[at + 1] = c;
        break;
    default:
        if (len != 18) break;
        if (rng_below(rng, 3) == 0)
            snprintf(doc + 15, 4, "000");
        else if (rng_below(rng, 2) == 0)
            snprintf(doc, TEXT, "%018llu", (strtoull(doc, NULL, 10) + 500) / 1000 * 1000);
        else
            snprintf(doc, TEXT, "%018.0f", strtod(doc, NULL));
    }
}

/* Documents are a few roots, most of them 18 long, with up to two slips. */
static void make(struct made *m, char (*roots)[TEXT], struct rng *rng)
{
    snprintf(m->name, sizeof m->name, "%s", names[rng_below(rng, sizeof names / sizeof *names)]);
    snprintf(m->doc, sizeof m->doc, "%s", rng_below(rng, 5) == 0 ? "" : roots[rng_below(rng, ROOTS)]);
    for (uint64_t n = rng_below(rng, 3); n > 0; n--) slip(m->doc, rng);
    snprintf(m->phone, sizeof m->phone, "1380000%04u", (unsigned)rng_below(rng, 60));
    if (rng_below(rng, 3) == 0) m->phone[0] = 0;
    m->record = (struct match_record){.name = m->name,
                                      .doc = m->doc,
                                      .doc_valid = m->doc[0] != 0 && rng_below(rng, 2) == 0,
                                      .birth = rng_below(rng, 2) == 0 ? 0 : 19900101 + (int32_t)rng_below(rng, 20),
                                      .sex = "\0mf"[rng_below(rng, 3)],
                                      .phone = m->phone,
                                      .door = UINT32_MAX,
                                      .building = UINT32_MAX};
    const char *other = roots[rng_below(rng, 6) * 4]; /* born when a document says that somebody was */
    if (rng_below(rng, 3) == 0) m->record.birth = (int32_t)(strtoull(other, NULL, 10) / 10000 % 100000000);
    if (rng_below(rng, 4) > 0) m->record.door = (uint32_t)rng_below(rng, 80);
    if (rng_below(rng, 4) > 0) m->record.building = (uint32_t)rng_below(rng, 40);
}

static void make_roots(char (*roots)[TEXT], struct rng *rng)
{
    static const char *const tails[] = {"004", "995", "700", "520", "030"}; /* what rounding carries over */
    for (int i = 0; i < ROOTS; i++) {
        size_t len = i % 4 < 2 ? 18 : 3 + rng_below(rng, 20);
        for (size_t k = 0; k < len; k++) roots[i][k] = (char)('0' + rng_below(rng, k > 5 ? 10 : 2));
        roots[i][len] = 0;
        if (i % 4 == 0) memcpy(roots[i] + len - 3, tails[rng_below(rng, 5)], 3);
    }
}

static int by_likeness(const struct match_answer *a, uint32_t ref)
{
    for (size_t i = 0; i < a->count; i++)
        if (a->pairs[i] == ref) return (int)a->why[i];
    return -1;
}

/* Two slips are a promise of the usual only (match_block.h), so those of one alone may be lost. */
static void check_answer(const struct match_answer *a, const struct made *people, const struct made *asked)
{
    size_t found = 0;
    for (uint32_t ref = 0; ref < PEOPLE; ref++) {
        int want = match_near_why(&asked->record, &people[ref].record), got = by_likeness(a, ref);
        assert_int_equal(want, match_near_why(&people[ref].record, &asked->record));
        found += got >= 0;
        if (got == want || (got < 0 && (want == MATCH_NAME_DOC_NEAR || a->more))) continue;
        printf("%s %s %d and %s %s %d: want %d, got %d\n", asked->name, asked->doc, asked->record.doc_valid, people[ref].name,
               people[ref].doc, people[ref].record.doc_valid, want, got);
        fail();
    }
    assert_int_equal(found, a->count);
    for (size_t i = 1; i < a->count; i++)
        assert_true(a->why[i - 1] < a->why[i] || (a->why[i - 1] == a->why[i] && a->pairs[i - 1] < a->pairs[i]));
    bool same = a->count > 0 && a->why[0] <= MATCH_BY_TRIPLE;
    assert_int_equal(a->verdict, a->count == 0 ? MATCH_NEW : same ? MATCH_SAME : MATCH_REVIEW);
}

static void test_nothing_lost(void **state)
{
    (void)state;
    static struct made people[PEOPLE];
    static char roots[ROOTS][TEXT];
    struct rng rng = seed_rng();
    struct match_index *index;
    size_t pairs = 0;
    make_roots(roots, &rng);
    assert_int_equal(match_make(&index), DW_OK);
    for (uint32_t ref = 0; ref < PEOPLE; ref++) {
        make(&people[ref], roots, &rng);
        assert_int_equal(match_put(index, ref, &people[ref].record), DW_OK);
    }
    for (int i = 0; i < ASKED; i++) {
        struct made asked;
        struct match_answer answer;
        uint32_t again = (uint32_t)rng_below(&rng, PEOPLE);
        make(&people[again], roots, &rng);
        assert_int_equal(match_put(index, again, &people[again].record), DW_OK);
        make(&asked, roots, &rng);
        match_find(&answer, index, &asked.record);
        check_answer(&answer, people, &asked);
        pairs += answer.count;
    }
    printf("%zu pairs of %d asked\n", pairs, ASKED);
    assert_true(pairs > ASKED / 2);
    match_free(index);
}

/* The definition, by recursion over the ends. */
static int slow_slips(const char *a, size_t n, const char *b, size_t m)
{
    if (n == 0 || m == 0) return (int)(n + m);
    int best = slow_slips(a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]);
    if (best == 0) return 0;
    int other = slow_slips(a, n - 1, b, m) + 1;
    if (other < best) best = other;
    other = slow_slips(a, n, b, m - 1) + 1;
    if (other < best) best = other;
    if (n < 2 || m < 2 || a[n - 1] != b[m - 2] || a[n - 2] != b[m - 1]) return best;
    other = slow_slips(a, n - 2, b, m - 2) + 1;
    return other < best ? other : best;
}

static void test_slips(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    for (int i = 0; i < 4000; i++) {
        char a[8], b[8];
        size_t n = (size_t)rng_below(&rng, 7), m = (size_t)rng_below(&rng, 7);
        for (size_t k = 0; k < n; k++) a[k] = (char)('0' + rng_below(&rng, 3));
        for (size_t k = 0; k < m; k++) b[k] = (char)('0' + rng_below(&rng, 3));
        a[n] = b[m] = 0;
        int slow = slow_slips(a, n, b, m);
        for (int limit = 0; limit < 4; limit++) assert_int_equal(match_near_slips(a, b, limit), slow > limit ? limit + 1 : slow);
    }
    char longer[101], longest[102];
    memset(longer, '1', 100);
    memset(longest, '1', 101);
    longer[100] = longest[101] = 0;
    assert_int_equal(match_near_slips(longer, longer, 2), 0);
    assert_int_equal(match_near_slips(longer, longest, 2), 1);
    longest[0] = '2', longest[100] = '2';
    assert_int_equal(match_near_slips(longer, longest, 2), 3);
}

/* The table against a matrix of keys and references; keys that collide in their slots, lists that grow and shrink. */
static void test_table(void **state)
{
    (void)state;
    enum { KEYS = 24, REFS = 40 };
    static bool model[KEYS][REFS];
    struct rng rng = seed_rng();
    struct match_block block = {0};
    uint32_t keys[KEYS];
    for (uint32_t k = 0; k < KEYS; k++) keys[k] = k < 8 ? k : (uint32_t)rng_below(&rng, 4) + k * 64;
    for (int step = 0; step < 20000; step++) {
        size_t k = (size_t)rng_below(&rng, KEYS);
        uint32_t r = (uint32_t)rng_below(&rng, step % 2000 < 1000 ? REFS : 3), ref, count = 0, want = 0;
        if (rng_below(&rng, 2) == 0 && !model[k][r])
            assert_true(match_block_put(&block, keys[k], r)), model[k][r] = true;
        else if (rng_below(&rng, 2) == 0)
            match_block_drop(&block, keys[k], r), model[k][r] = false;
        struct match_block_walk walk = match_block_walk(&block, keys[k]);
        for (size_t i = 0; i < REFS; i++) want += model[k][i];
        assert_int_equal(walk.count, want);
        for (bool twice[REFS] = {false}; match_block_next(&block, &walk, &ref); count++) {
            assert_true(ref < REFS && model[k][ref] && !twice[ref]);
            twice[ref] = true;
        }
        assert_int_equal(count, want);
    }
    assert_true(match_block_memory(&block) < 64 * 1024); /* what is dropped is used again */
    match_block_free(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nothing_lost), cmocka_unit_test(test_slips),
                                       cmocka_unit_test(test_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
