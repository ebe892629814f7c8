/* People on no list, over counts drawn at random: what may not matter does not, what must grow grows, and the interval covers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "unseen/unseen.h"

#include "../unit/seed.h"

enum { AREAS = 6, STRATA = 2, CELLS = 64, CASES = 40 };

struct draw {
    struct unseen_ask ask;
    uint32_t counts[AREAS * STRATA * CELLS];
    double doors[AREAS];
};

/* Histories of people with chances of the lists' own; small areas and large ones, cells that stay empty. */
static void draw(struct draw *d, struct rng *rng, int lists, int strata)
{
    double chance[UNSEEN_LISTS];
    memset(d, 0, sizeof *d);
    for (int j = 0; j < lists; j++) chance[j] = 0.2 + 0.6 * rng_unit(rng);
    for (int a = 0; a < AREAS; a++) {
        uint64_t people = rng_below(rng, a == 0 ? 5 : 200);
        for (uint64_t i = 0; i < people; i++) {
            uint32_t h = 0;
            for (int j = 0; j < lists; j++) h |= (uint32_t)(rng_unit(rng) < chance[j]) << j;
            int s = (int)rng_below(rng, (uint64_t)strata);
            if (h != 0) d->counts[((size_t)(a * strata + s) << lists) + h]++;
        }
        d->doors[a] = 1 + (double)rng_below(rng, 40);
    }
    d->ask = (struct unseen_ask){.lists = lists, .strata = strata, .areas = AREAS, .counts = d->counts, .doors = d->doors};
}

static struct unseen_answer told(const struct unseen_ask *ask)
{
    struct unseen_answer answer = {.models_count = 0};
    assert_int_equal(unseen_make(&answer, ask, NULL, NULL), DW_OK);
    return answer;
}

static void same_number(double a, double b, double part)
{
    if ((isnan(a) && isnan(b)) || fabs(a - b) <= part * (1 + fabs(a))) return;
    print_error("%.12g is not %.12g\n", a, b);
    fail();
}

/* Whole ends of an interval may step over where rounding decides. */
static void same_area(const struct unseen_area *a, const struct unseen_area *b)
{
    assert_int_equal(a->how, b->how);
    same_number(a->unseen, b->unseen, 1e-4);
    same_number(a->least, b->least, 1e-9);
    same_number(a->finds, b->finds, 1e-4);
    assert_true(fabs(a->low - b->low) <= 1 && (fabs(a->high - b->high) <= 1 || (isnan(a->high) && isnan(b->high))));
}

static void order_does_not_matter(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    static struct draw one, other;
    for (int c = 0; c < CASES; c++) {
        int lists = 2 + (int)rng_below(&rng, c < CASES - 4 ? 2 : 3), strata = 1 + (int)rng_below(&rng, STRATA);
        int list[UNSEEN_LISTS], area[AREAS];
        draw(&one, &rng, lists, strata);
        for (int j = 0; j < lists; j++) list[j] = j;
        for (int a = 0; a < AREAS; a++) area[a] = a;
        for (int j = lists - 1; j > 0; j--) {
            int with = (int)rng_below(&rng, (uint64_t)j + 1), was = list[j];
            list[j] = list[with];
            list[with] = was;
        }
        for (int a = AREAS - 1; a > 0; a--) {
            int with = (int)rng_below(&rng, (uint64_t)a + 1), was = area[a];
            area[a] = area[with];
            area[with] = was;
        }
        other = one;
        other.ask.counts = other.counts;
        other.ask.doors = other.doors;
        for (int a = 0; a < AREAS; a++) {
            other.doors[area[a]] = one.doors[a];
            for (int s = 0; s < strata; s++)
                for (uint32_t h = 0; h < 1u << lists; h++) {
                    uint32_t moved = 0;
                    for (int j = 0; j < lists; j++) moved |= (h >> j & 1) << list[j];
                    other.counts[((size_t)(area[a] * strata + (strata - 1 - s)) << lists) + moved] =
                        one.counts[((size_t)(a * strata + s) << lists) + h];
                }
        }
        struct unseen_answer x = told(&one.ask), y = told(&other.ask);
        for (int a = 0; a < AREAS; a++) same_area(&x.areas[a], &y.areas[area[a]]);
        same_area(&x.all, &y.all);
        for (int j = 0; j < lists; j++) same_number(x.caught[j], y.caught[list[j]], 1e-4);
        unseen_free(&x);
        unseen_free(&y);
    }
}

static void always_an_honest_answer(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    static struct draw d;
    for (int c = 0; c < CASES; c++) {
        draw(&d, &rng, 2 + (int)rng_below(&rng, c % 8 == 0 ? 3 : 2), 1 + (int)rng_below(&rng, STRATA));
        d.ask.apart = rng_below(&rng, 3) == 0;
        d.ask.bic = rng_below(&rng, 2) == 0;
        d.ask.missed = rng_below(&rng, 2) == 0 ? 0 : 0.3 * rng_unit(&rng);
        d.ask.wrong = rng_below(&rng, 2) == 0 ? 0 : 0.3 * rng_unit(&rng);
        for (size_t i = 0; i < sizeof d.counts / sizeof *d.counts; i++)
            if (rng_below(&rng, 4) == 0) d.counts[i] = 0;
        struct unseen_answer x = told(&d.ask);
        uint32_t ranks = 0;
        for (int a = 0; a < AREAS; a++) {
            const struct unseen_area *area = &x.areas[a];
            ranks |= 1u << area->rank;
            assert_true(area->low >= 0 && isfinite(area->low));
            if (area->how == UNSEEN_NOTHING || area->how == UNSEEN_BOUND) {
                assert_true(isnan(area->unseen) && isnan(area->high));
                continue;
            }
            assert_true(isfinite(area->unseen) && isfinite(area->high));
            assert_true(area->low <= area->unseen && area->unseen <= area->high);
        }
        assert_int_equal(ranks, (1u << (AREAS + 1)) - 2);
        unseen_free(&x);
    }
}

static void more_in_common_means_fewer_unseen(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    for (int c = 0; c < CASES; c++) {
        uint32_t counts[4] = {0, 1 + (uint32_t)rng_below(&rng, 60), 1 + (uint32_t)rng_below(&rng, 60),
                              1 + (uint32_t)rng_below(&rng, 60)};
        struct unseen_ask ask = {.lists = 2, .strata = 1, .areas = 1, .counts = counts};
        struct unseen_answer x = told(&ask);
        counts[3] += 1 + (uint32_t)rng_below(&rng, 20);
        struct unseen_answer y = told(&ask);
        assert_true(y.areas[0].unseen < x.areas[0].unseen && y.areas[0].high <= x.areas[0].high);
        counts[1] += 1 + (uint32_t)rng_below(&rng, 20);
        struct unseen_answer z = told(&ask);
        assert_true(z.areas[0].unseen > y.areas[0].unseen && z.areas[0].low >= y.areas[0].low);
        unseen_free(&x);
        unseen_free(&y);
        unseen_free(&z);
    }
}

static void many_times_as_many(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    static struct draw d;
    for (int c = 0; c < CASES / 4; c++) {
        uint32_t counts[8];
        for (int h = 0; h < 8; h++) counts[h] = 20 + (uint32_t)rng_below(&rng, 40);
        struct unseen_ask ask = {.lists = 2 + c % 2, .strata = 1, .areas = 1, .counts = counts};
        struct unseen_answer x = told(&ask);
        for (int h = 0; h < 8; h++) counts[h] *= 400;
        struct unseen_answer y = told(&ask);
        assert_true((y.areas[0].high - y.areas[0].low) / y.areas[0].unseen <
                    (x.areas[0].high - x.areas[0].low) / x.areas[0].unseen);
        if (ask.lists == 2) same_number(y.areas[0].unseen / 400, x.areas[0].unseen, 0.06);
        unseen_free(&x);
        unseen_free(&y);
    }
    draw(&d, &rng, 3, 1);
    struct unseen_answer x = told(&d.ask);
    d.ask.together = 1;
    struct unseen_answer y = told(&d.ask);
    for (int a = 0; a < AREAS; a++) same_area(&x.areas[a], &y.areas[a]);
    unseen_free(&x);
    unseen_free(&y);
}

/* A small version of bench_unseen: five deviations below what it should be would be under 90. */
static void the_interval_covers(void **state)
{
    (void)state;
    enum { VILLAGES = 20, HOMES = 40, PEOPLE = 30 };
    struct rng rng = seed_rng();
    int inside = 0, all = 0;
    for (int v = 0; v < VILLAGES; v++) {
        uint32_t counts[HOMES * 4] = {0}, truth[HOMES] = {0};
        for (int a = 0; a < HOMES; a++) {
            double chance[2] = {0.4 + 0.3 * rng_unit(&rng), 0.5 + 0.3 * rng_unit(&rng)};
            for (int i = 0; i < PEOPLE; i++) {
                uint32_t h = (uint32_t)(rng_unit(&rng) < chance[0]) | (uint32_t)(rng_unit(&rng) < chance[1]) << 1;
                counts[a * 4 + h] += h != 0;
                truth[a] += h == 0;
            }
        }
        struct unseen_ask ask = {.lists = 2, .strata = 1, .areas = HOMES, .counts = counts};
        struct unseen_answer x = told(&ask);
        for (int a = 0; a < HOMES; a++, all++) inside += truth[a] >= x.areas[a].low && truth[a] <= x.areas[a].high;
        unseen_free(&x);
    }
    print_message("%d of %d intervals have the truth in them\n", inside, all);
    assert_in_range(inside, (unsigned)all * 90 / 100, (unsigned)all * 99 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(always_an_honest_answer),
        cmocka_unit_test(more_in_common_means_fewer_unseen),
        cmocka_unit_test(many_times_as_many),
        cmocka_unit_test(the_interval_covers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
