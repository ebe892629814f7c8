/* Matching of any tables: the answer does not hang on the order of rows and tables, on threads, on how characters are written,
 * nor on empty columns; its reasons add up; what could as well be another is a tie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "../unit/link_world.h"
#include "../unit/seed.h"

enum { FEW = 90, MANY = 420 };

/* An answer by who the rows are, so that it can be held against another of the same rows in another order. */
struct said {
    uint32_t a, b, place_a, place_b;
    float bits;
    int verdict;
};

struct answer {
    struct said *said;
    size_t count;
    uint64_t links, ties;
};

static int by_people(const void *x, const void *y)
{
    return memcmp(x, y, 4 * sizeof(uint32_t));
}

/* place: which row of its list a row was before the lists were shuffled. */
static struct answer ask(const struct link_table *tables, size_t count, const uint32_t *const *place, unsigned threads)
{
    struct link_settings set = {.seed = 7, .threads = threads};
    struct link_choice choice;
    struct answer out = {0};
    struct link *link;
    assert_int_equal(link_make(&link, tables, count, &set, NULL), DW_OK);
    assert_int_equal(link_choose(&choice, link), DW_OK);
    const struct link_pair *pairs = link_pairs(&out.count, link);
    out.said = calloc(out.count + 1, sizeof *out.said);
    for (size_t i = 0; i < out.count; i++) {
        uint32_t record[2] = {pairs[i].a, pairs[i].b}, who[2], at[2];
        for (int side = 0; side < 2; side++) {
            size_t t = 0;
            uint32_t row = record[side];
            while (row >= tables[t].rows) row -= (uint32_t)tables[t++].rows;
            who[side] = ((const struct lw_list *)tables[t].ctx)->rows[row].who;
            at[side] = place == NULL ? record[side] : place[t][row];
        }
        int low = at[0] > at[1];
        out.said[i] = (struct said){who[low], who[!low], at[low], at[!low], pairs[i].bits, (int)choice.verdict[i]};
    }
    qsort(out.said, out.count, sizeof *out.said, by_people);
    out.links = choice.links;
    out.ties = choice.ties;
    link_choice_free(&choice);
    link_free(link);
    return out;
}

static void same(const struct answer *x, const struct answer *y)
{
    assert_int_equal(x->count, y->count);
    for (size_t i = 0; i < x->count; i++) {
        assert_int_equal(x->said[i].place_a, y->said[i].place_a);
        assert_int_equal(x->said[i].place_b, y->said[i].place_b);
        assert_true(x->said[i].bits == y->said[i].bits);
        assert_int_equal(x->said[i].verdict, y->said[i].verdict);
    }
}

static void test_finds_people(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct lw_list lists[2];
    lw_lists(lists, &rng, MANY);
    struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
    struct answer answer = ask(tables, 2, NULL, 2);
    size_t right = 0;
    for (size_t i = 0; i < answer.count; i++) right += answer.said[i].verdict == LINK_YES && answer.said[i].a == answer.said[i].b;
    printf("%llu links, %zu right of %d\n", (unsigned long long)answer.links, right, MANY / 2);
    assert_true(right * 100 >= answer.links * 99);
    assert_true(right * 100 >= MANY / 2 * 98);
    free(answer.said);
    lw_free(lists);
}

static void test_order_changes_nothing(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    for (int round = 0; round < 2; round++) {
        struct lw_list lists[2], other[2];
        size_t each = round == 0 ? FEW : MANY;
        lw_lists(lists, &rng, each);
        uint32_t *place[2];
        for (int l = 0; l < 2; l++) {
            other[l] = (struct lw_list){calloc(each, sizeof(struct lw_row)), each};
            place[l] = calloc(each, sizeof *place[l]);
            for (uint32_t i = 0; i < each; i++) place[l][i] = i + (l == 0 ? 0 : (uint32_t)each);
            for (size_t i = each; i > 1; i--) {
                size_t j = rng_below(&rng, i);
                uint32_t p = place[l][j];
                place[l][j] = place[l][i - 1];
                place[l][i - 1] = p;
            }
            for (size_t i = 0; i < each; i++) other[l].rows[i] = lists[l].rows[place[l][i] - (l == 0 ? 0 : each)];
        }
        struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
        struct link_table turned[] = {lw_table(&other[1], "b"), lw_table(&other[0], "a")};
        const uint32_t *turned_place[] = {place[1], place[0]};
        struct answer x = ask(tables, 2, NULL, 1), y = ask(turned, 2, turned_place, 3);
        assert_true(x.links > 0);
        same(&x, &y);
        free(x.said), free(y.said);
        free(place[0]), free(place[1]);
        lw_free(lists), lw_free(other);
    }
}

static void test_forms_change_nothing(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct lw_list lists[2], other[2];
    lw_lists(lists, &rng, MANY);
    for (int l = 0; l < 2; l++) {
        other[l] = (struct lw_list){calloc(MANY, sizeof(struct lw_row)), MANY};
        memcpy(other[l].rows, lists[l].rows, MANY * sizeof(struct lw_row));
        for (size_t i = 0; i < MANY; i++)
            for (int c = 0; c < LW_COLUMNS; c++) lw_other_form(other[l].rows[i].cell[c], &rng);
    }
    struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
    struct link_table formed[] = {lw_table(&other[0], "a"), lw_table(&other[1], "b")};
    struct answer x = ask(tables, 2, NULL, 2), y = ask(formed, 2, NULL, 2);
    same(&x, &y);
    free(x.said), free(y.said);
    lw_free(lists), lw_free(other);
}

static const char *blank_beside(const void *ctx, size_t row, size_t column)
{
    return column == 0 ? "" : lw_cell(ctx, row, column - 1);
}

static void test_a_blank_column_raises_nothing(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct lw_list lists[2];
    struct link_column wider[LW_COLUMNS + 1] = {{"nothing", LINK_CODE, LINK_WHOLE, false}};
    memcpy(wider + 1, lw_columns, sizeof lw_columns);
    lw_lists(lists, &rng, FEW);
    struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
    struct link_table blank[] = {tables[0], tables[1]};
    for (int l = 0; l < 2; l++) {
        blank[l].columns = LW_COLUMNS + 1;
        blank[l].column = wider;
        blank[l].cell = blank_beside;
    }
    struct answer x = ask(tables, 2, NULL, 1), y = ask(blank, 2, NULL, 1);
    same(&x, &y);
    free(x.said), free(y.said);
    lw_free(lists);
}

/* The reasons of a pair add up to its weight, whoever is named first. */
static void test_reasons_add_up(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct lw_list lists[2];
    lw_lists(lists, &rng, MANY);
    struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
    struct link_settings set = {.seed = 1};
    struct link *link;
    size_t count;
    assert_int_equal(link_make(&link, tables, 2, &set, NULL), DW_OK);
    const struct link_pair *pairs = link_pairs(&count, link);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        struct link_why x, y;
        link_explain(&x, link, pairs[i].a, pairs[i].b);
        link_explain(&y, link, pairs[i].b, pairs[i].a);
        double sum = x.prior - x.because;
        for (size_t f = 0; f < x.count; f++) {
            sum += x.fields[f].bits;
            assert_true(x.fields[f].bits == y.fields[f].bits && x.fields[f].level == y.fields[f].level);
        }
        assert_true(x.bits == y.bits && fabs(sum - x.bits) < 1e-9);
        assert_true(fabs(x.bits - (double)pairs[i].bits) < 1e-3);
    }
    link_free(link);
    lw_free(lists);
}

/* Somebody who stands twice, word for word, in a list that holds everybody once: nobody can say which row it is. */
static void test_ties_are_told(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct lw_list lists[2];
    lw_lists(lists, &rng, FEW);
    uint32_t who = UINT32_MAX;
    for (size_t i = 0; i < FEW && who == UINT32_MAX; i++)
        for (size_t j = 0; j < FEW; j++)
            if (lists[0].rows[i].who == lists[1].rows[j].who) who = (uint32_t)j;
    assert_true(who != UINT32_MAX);
    size_t copy = who == 0 ? 1 : 0;
    for (size_t i = 0; i < FEW; i++)
        if (lists[0].rows[i].who == lists[1].rows[copy].who) lists[0].rows[i].who = 99999;
    lists[1].rows[copy] = lists[1].rows[who];
    struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
    tables[0].repeat = tables[1].repeat = LINK_REPEAT_NO;
    struct answer x = ask(tables, 2, NULL, 1);
    int ties = 0;
    for (size_t i = 0; i < x.count; i++) {
        if (x.said[i].a != x.said[i].b || x.said[i].a != lists[1].rows[who].who) continue;
        assert_int_equal(x.said[i].verdict, LINK_TIE);
        ties++;
    }
    assert_int_equal(ties, 2);
    assert_true(x.ties >= 2);
    free(x.said);
    lw_free(lists);
}

/* A list in which one in ten stands twice is seen to be such a list, and both rows find their one. */
static void test_repeats_are_seen(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct lw_list lists[2];
    lw_lists(lists, &rng, MANY);
    for (size_t i = 0; i < MANY / 10; i++) {
        lists[1].rows[i] = lists[1].rows[MANY / 2 + i];
        lists[1].rows[i].cell[5][0] = 0;
    }
    struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
    struct link_settings set = {.seed = 1};
    struct link *link;
    assert_int_equal(link_make(&link, tables, 2, &set, NULL), DW_OK);
    assert_true(link_once(link, 0));
    assert_false(link_once(link, 1));
    link_free(link);
    lw_free(lists);
}

/* Households that share surname, phone and address, and no documents: whoever is one household is not therefore one. */
static void test_a_household_is_not_one_person(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    enum { EACH = 1500 };
    struct lw_list lists[2];
    lw_lists(lists, &rng, EACH);
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < EACH; i++) lists[l].rows[i].cell[1][0] = 0;
    struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
    struct answer answer = ask(tables, 2, NULL, 2);
    size_t right = 0;
    for (size_t i = 0; i < answer.count; i++) right += answer.said[i].verdict == LINK_YES && answer.said[i].a == answer.said[i].b;
    printf("%llu links, %zu right of %d\n", (unsigned long long)answer.links, right, EACH / 2);
    assert_true(right * 100 >= answer.links * 98);
    assert_true(right * 100 >= EACH / 2 * 96);
    free(answer.said);
    lw_free(lists);
}

static bool stop(void *ctx, const char *step, uint64_t done, uint64_t all)
{
    (void)step, (void)done, (void)all;
    return --*(int *)ctx > 0;
}

static void test_cancelling(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct lw_list lists[2];
    lw_lists(lists, &rng, MANY);
    struct link_table tables[] = {lw_table(&lists[0], "a"), lw_table(&lists[1], "b")};
    atomic_bool flag = true;
    struct link *link;
    for (int after = 1; after < 40; after += 3) {
        int left = after;
        struct clock_progress progress = {stop, &left};
        struct link_settings set = {.progress = &progress, .threads = 2};
        assert_int_equal(link_make(&link, tables, 2, &set, NULL), DW_E_CANCELLED);
        assert_null(link);
    }
    struct link_settings set = {.cancel = &flag};
    assert_int_equal(link_make(&link, tables, 2, &set, NULL), DW_E_CANCELLED);
    lw_free(lists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_people),
        cmocka_unit_test(test_order_changes_nothing),
        cmocka_unit_test(test_forms_change_nothing),
        cmocka_unit_test(test_a_blank_column_raises_nothing),
        cmocka_unit_test(test_reasons_add_up),
        cmocka_unit_test(test_ties_are_told),
        cmocka_unit_test(test_repeats_are_seen),
        cmocka_unit_test(test_cancelling),
        cmocka_unit_test(test_a_household_is_not_one_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
