/* People on no list: cases that can be reckoned by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "unseen/unseen.h"
#include "unseen/unseen_count.h"
#include "unseen/unseen_fit.h"
#include "unseen/unseen_link.h"
#include "unseen/unseen_tally.h"
#include "unseen/unseen_two.h"

static void near(double a, double b, double off)
{
    if (fabs(a - b) <= off) return;
    print_error("%.10g is not %.10g\n", a, b);
    fail();
}

static struct unseen_answer told(const struct unseen_ask *ask)
{
    struct unseen_answer answer = {.models_count = 0};
    struct err_detail detail = {.row = 0};
    assert_int_equal(unseen_make(&answer, ask, NULL, &detail), DW_OK);
    return answer;
}

static void two_lists_by_formula(void **state)
{
    (void)state;
    const double counts[4] = {0, 20, 30, 10};
    double low, high;
    near(unseen_two_chapman(counts), 600.0 / 11, 1e-12);
    /* (19 + 1)(39 + 1) / (9 + 1) − 1 of all people, as Chapman writes it: 30 and 40 people, 10 of them the same. */
    near(unseen_two_chapman(counts) + 60, 31.0 * 41 / 11 - 1, 1e-12);
    unseen_two_sadinle(&low, &high, counts, 1.96);
    double middle = 20.5 * 30.5 / 10.5, s = sqrt(1 / 20.5 + 1 / 30.5 + 1 / 10.5 + 10.5 / (20.5 * 30.5));
    near(low, middle * exp(-1.96 * s) - 0.5, 1e-9);
    near(high, middle * exp(1.96 * s) - 0.5, 1e-9);
    near(unseen_two_chao(counts, 2), 0.5 * 50 * 49 / 22, 1e-12);
    const double three[8] = {0, 10, 20, 3, 30, 4, 5, 6};
    near(unseen_two_chao(three, 3), 2.0 / 3 * 60 * 59 / 26, 1e-12);
    const double apart[4] = {0, 20, 30, 0};
    near(unseen_two_apart(apart, 2, 0.025), 600 / -log(0.025), 1e-9);
}

static void poisson_counts(void **state)
{
    (void)state;
    near(unseen_count_below(2, 3), exp(-3) * (1 + 3 + 4.5), 1e-12);
    near(unseen_count_below(-1, 3), 0, 0);
    near(unseen_count_below(0, 0), 1, 0);
    near(unseen_count_below(99, 100), 0.4867, 2e-4);
    near(unseen_count_below(100, 100), 0.5266, 2e-4);
    near(unseen_count_below(1000, 1000), 0.5084, 2e-4);
    const double rate = 3, one = 1;
    /* P(X < 0) + P(0)/2 = 0.0249 of a mean of 3; P(X < 7) + P(7)/2 = 0.9773. */
    near(unseen_count_low(&rate, &one, 1, 0.025), 1, 0);
    near(unseen_count_high(&rate, &one, 1, 0.025), 6, 0);
    const double none = 0;
    near(unseen_count_high(&none, &one, 1, 0.025), 0, 0);
}

/* With counts so large that the priors say nothing, the models have closed forms. */
static void models_in_closed_form(void **state)
{
    (void)state;
    double two[4] = {0, 4e6, 6e6, 8e6}, three[8] = {0, 9e6, 8e6, 7e6, 6e6, 5e6, 4e6, 3e6};
    struct unseen_fit_data data = {.lists = 2, .strata = 1, .areas = 1, .counts = two};
    struct unseen_fit fit;
    assert_int_equal(unseen_fit_make(&fit, &data, 0, NULL, NULL), DW_OK);
    near(unseen_fit_expect(&fit, 0, 0, 0) / 3e6, 1, 1e-5);
    unseen_fit_free(&fit);
    data.lists = 3;
    data.counts = three;
    assert_int_equal(unseen_fit_make(&fit, &data, 7, NULL, NULL), DW_OK);
    near(unseen_fit_expect(&fit, 0, 0, 0) / (3e6 * 9e6 * 8e6 * 6e6 / (7e6 * 5e6 * 4e6)), 1, 1e-4);
    for (uint32_t h = 1; h < 8; h++) near(unseen_fit_expect(&fit, 0, 0, h) / three[h], 1, 1e-4);
    unseen_fit_free(&fit);
    /* Lists 0 and 1 as one: (on either or both, not on 2) (on 2 only) / (on either and on 2), when only they depend. */
    assert_int_equal(unseen_fit_make(&fit, &data, 1, NULL, NULL), DW_OK);
    near(unseen_fit_expect(&fit, 0, 0, 0) / (24e6 * 6e6 / 12e6), 1, 1e-4);
    unseen_fit_free(&fit);
}

static void matching_errors_by_hand(void **state)
{
    (void)state;
    double right[UNSEEN_LINK_CELLS * UNSEEN_LINK_CELLS], out[UNSEEN_LINK_CELLS];
    const double seen[4] = {0, 30, 40, 60};
    /* 100 − 1/4: 60 links stand for 80, and 20 of each list's singles are not single. */
    unseen_link_matrix(right, 2, 0.25, 0);
    unseen_link_counts(out, right, seen, 2);
    near(out[3], 80, 1e-9);
    near(out[1], 10, 1e-9);
    near(out[2], 20, 1e-9);
    unseen_link_matrix(right, 2, 0, 0.1);
    unseen_link_counts(out, right, seen, 2);
    near(out[3], 54, 1e-9);
    near(out[1], 36, 1e-9);
    near(out[2], 46, 1e-9);
    unseen_link_matrix(right, 6, 0, 0);
    for (int h = 1; h < 64; h++)
        for (int o = 1; o < 64; o++) near(right[h * 64 + o], h == o, 1e-12);
    /* Three lists, each record loose with chance d: of those on all three (1 − d)³ stay whole. */
    double d = 1 - sqrt(0.9);
    const double three[8] = {0, 0, 0, 0, 0, 0, 0, 1000};
    double loose[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    for (int h = 1; h < 8; h++) {
        int on = __builtin_popcount((unsigned)h);
        loose[h] = on == 3 ? 1000 * pow(1 - d, 3) : on == 2 ? 1000 * d * pow(1 - d, 2) : 1000 * (d + d * d * (1 - d));
    }
    unseen_link_matrix(right, 3, 0.1, 0);
    unseen_link_counts(out, right, loose, 3);
    for (int h = 1; h < 8; h++) near(out[h], three[h], 1e-6);
    /* Links that are wrong at that rate take apart what links that are missed put together. */
    unseen_link_matrix(right, 3, 0.1, 0.1);
    for (int h = 1; h < 8; h++)
        for (int o = 1; o < 8; o++) near(right[h * 8 + o], h == o, 1e-9);
}

static void one_area(void **state)
{
    (void)state;
    const uint32_t counts[4] = {0, 20, 30, 40};
    struct unseen_ask ask = {.lists = 2, .strata = 1, .areas = 1, .counts = counts};
    struct unseen_answer a = told(&ask);
    assert_int_equal(a.areas[0].how, UNSEEN_CHAPMAN);
    near(a.areas[0].unseen, 600.0 / 41, 1e-9);
    assert_true(a.areas[0].low >= 4 && a.areas[0].low <= 8 && a.areas[0].high >= 26 && a.areas[0].high <= 36);
    near(a.all.unseen, a.areas[0].unseen, 1e-9);
    near(a.areas[0].finds, 0.6 * 600 / 41, 1e-9);
    near(a.caught[0], 60 / (90 + 600.0 / 41), 1e-9);
    assert_int_equal(a.all.warnings, UNSEEN_TWO | UNSEEN_UNMATCHED);
    unseen_free(&a);
    /* Everybody on both: nobody else is likely. */
    const uint32_t same[4] = {0, 0, 0, 50};
    ask.counts = same;
    a = told(&ask);
    near(a.areas[0].unseen, 0, 0);
    near(a.areas[0].low, 0, 0);
    assert_true(a.areas[0].high <= 1 && (a.all.warnings & UNSEEN_CONTAINED) != 0);
    unseen_free(&a);
}

static void people_one_by_one(void **state)
{
    (void)state;
    /* Households of three, all on the same lists; then each household with one of every history; and nobody's household known. */
    struct unseen_tally_row rows[90];
    uint32_t counts[8] = {0};
    for (uint32_t way = 0; way < 3; way++) {
        for (uint32_t i = 0; i < 90; i++)
            rows[i] = (struct unseen_tally_row){.area = 0,
                                                .stratum = i % 2,
                                                .history = 1 + (way == 0 ? i / 3 : i) % 3,
                                                .people = 1,
                                                .household = way == 2 ? UNSEEN_TALLY_NONE : i / 3};
        double together = unseen_tally_together(rows, 90, 2);
        near(together, way == 0 ? 3 : 1, 1e-9);
    }
    rows[0].history = 0;
    rows[0].people = 7;
    rows[1].people = 5;
    uint32_t grown = rows[1].history + (rows[1].stratum << 2), all = 0;
    assert_int_equal(unseen_tally_counts(counts, rows, 90, 2, 2), 7);
    for (int i = 0; i < 8; i++) all += counts[i];
    assert_int_equal(all, 88 + 5);
    assert_true(counts[grown] >= 5 && counts[0] == 0 && counts[4] == 0);
}

static void what_cannot_be_told(void **state)
{
    (void)state;
    /* Areas: nobody; one list only; two lists apart. */
    const uint32_t counts[12] = {0, 0, 0, 0, 0, 25, 0, 0, 0, 40, 50, 0};
    struct unseen_ask ask = {.lists = 2, .strata = 1, .areas = 3, .counts = counts};
    struct unseen_answer a = told(&ask);
    assert_int_equal(a.areas[0].how, UNSEEN_NOTHING);
    assert_int_equal(a.areas[1].how, UNSEEN_BOUND);
    assert_int_equal(a.areas[2].how, UNSEEN_BOUND);
    assert_true(isnan(a.areas[2].unseen) && isnan(a.areas[2].high) && isnan(a.all.unseen) && isnan(a.all.high));
    near(a.areas[2].low, ceil(2000 / -log(0.025) - 90), 0);
    near(a.areas[1].low, 0, 0);
    assert_true((a.all.warnings & (UNSEEN_LEFT | UNSEEN_DISJOINT)) == (UNSEEN_LEFT | UNSEEN_DISJOINT));
    assert_int_equal(a.areas[2].rank + a.areas[1].rank + a.areas[0].rank, 6);
    unseen_free(&a);
    ask.areas = 2;
    a = told(&ask);
    assert_int_equal(a.areas[1].how, UNSEEN_NOTHING); /* of two lists one has nobody */
    assert_true((a.all.warnings & UNSEEN_UNUSED) != 0 && isnan(a.caught[0]) && isnan(a.caught[1]));
    unseen_free(&a);
    ask.areas = 0;
    a = told(&ask);
    assert_int_equal(a.all.how, UNSEEN_NOTHING);
    unseen_free(&a);
}

static void what_may_not_be_asked(void **state)
{
    (void)state;
    const uint32_t counts[4] = {0, 1, 1, 1};
    const double doors[1] = {-1};
    const struct unseen_ask good = {.lists = 2, .strata = 1, .areas = 1, .counts = counts};
    struct unseen_ask bad[10];
    for (int i = 0; i < 10; i++) bad[i] = good;
    bad[0].lists = 1;
    bad[1].lists = 7;
    bad[2].strata = 0;
    bad[3].strata = 9;
    bad[4].level = 1;
    bad[5].missed = 0.95;
    bad[6].wrong = -0.1;
    bad[7].doors = doors;
    bad[8].together = 0.5;
    bad[9].meets = NAN;
    for (int i = 0; i < 10; i++) {
        struct unseen_answer answer = {.models_count = 0};
        struct err_detail detail = {.row = 0};
        assert_int_equal(unseen_make(&answer, &bad[i], NULL, &detail), DW_E_INVALID);
        assert_true(detail.text[0] != 0);
        unseen_free(&answer);
    }
    struct unseen_ask large = good;
    struct unseen_answer answer = {.models_count = 0};
    large.areas = UINT32_MAX;
    assert_int_equal(unseen_make(&answer, &large, NULL, NULL), DW_E_TOO_LARGE);
    unseen_free(&answer);
}

static void where_to_go_first(void **state)
{
    (void)state;
    /* The same overlap everywhere: most people unseen in the third, most a door in the first, whose doors are few. */
    const uint32_t counts[12] = {0, 20, 20, 40, 0, 20, 20, 40, 0, 60, 60, 120};
    const double doors[3] = {10, 0, 300};
    struct unseen_ask ask = {.lists = 2, .strata = 1, .areas = 3, .counts = counts, .meets = 0.5, .pace = 10};
    struct unseen_answer a = told(&ask);
    assert_int_equal(a.areas[2].rank, 1);
    near(a.areas[2].finds, a.areas[2].unseen / 2, 1e-9);
    assert_true(isnan(a.areas[0].per_door));
    unseen_free(&a);
    ask.doors = doors;
    a = told(&ask);
    assert_int_equal(a.areas[0].rank, 1);
    assert_int_equal(a.areas[2].rank, 2);
    assert_int_equal(a.areas[1].rank, 3);
    near(a.areas[0].per_door, a.areas[0].finds / 10, 1e-9);
    near(a.areas[0].per_hour, a.areas[0].finds, 1e-9);
    unseen_free(&a);
}

static void what_is_warned_of(void **state)
{
    (void)state;
    /* List 1 was made from list 0, and list 2 is of other people than both; then lists that fit independence. */
    const uint32_t made[8] = {0, 60, 1, 99, 70, 0, 0, 0}, fair[8] = {0, 100, 100, 100, 100, 100, 100, 100};
    struct unseen_ask ask = {.lists = 3, .strata = 1, .areas = 1, .counts = made};
    struct unseen_answer a = told(&ask);
    assert_int_equal(a.contained, 1);
    assert_int_equal(a.disjoint, 6);
    assert_true((a.all.warnings & UNSEEN_DEPENDENT) != 0 && a.depend[0] > 2);
    unseen_free(&a);
    ask.counts = fair;
    a = told(&ask);
    assert_int_equal(a.all.warnings, UNSEEN_UNMATCHED);
    assert_true(a.models_count > 1 && a.models[0].graph == 0 && a.fit_chance > 0.5);
    assert_true(a.areas[0].low < 100 && a.areas[0].high > 100);
    for (int p = 0; p < 3; p++) near(a.depend[p], 1, 0.1);
    unseen_free(&a);
}

static bool later(void *ctx, const char *step, uint64_t done, uint64_t all)
{
    (void)step;
    (void)done;
    (void)all;
    return --*(int *)ctx > 0;
}

static void cancelled(void **state)
{
    (void)state;
    const uint32_t counts[16] = {0, 9, 8, 7, 6, 5, 4, 3, 0, 3, 4, 5, 6, 7, 8, 9};
    struct unseen_ask ask = {.lists = 3, .strata = 1, .areas = 2, .counts = counts};
    dw_err err = DW_E_CANCELLED;
    int tries = 0;
    for (int after = 1; err == DW_E_CANCELLED && after < 100000; after += 20, tries++) {
        struct unseen_answer a = {.models_count = 0};
        int left = after;
        struct clock_progress progress = {.tick = later, .ctx = &left};
        err = unseen_make(&a, &ask, &progress, NULL);
        unseen_free(&a);
    }
    assert_true(err == DW_OK && tries > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_lists_by_formula),
        cmocka_unit_test(poisson_counts),
        cmocka_unit_test(models_in_closed_form),
        cmocka_unit_test(matching_errors_by_hand),
        cmocka_unit_test(one_area),
        cmocka_unit_test(people_one_by_one),
        cmocka_unit_test(what_cannot_be_told),
        cmocka_unit_test(what_may_not_be_asked),
        cmocka_unit_test(where_to_go_first),
        cmocka_unit_test(what_is_warned_of),
        cmocka_unit_test(cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
