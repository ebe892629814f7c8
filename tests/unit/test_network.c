/* The network model: whatever is sent arrives or is accounted for, in time order, and the same seed gives the same day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/keys.h"
#include "seed.h"
#include "sim/network.h"

enum { PARCELS = 400 };

struct post {
    struct network network;
    int64_t sent_ms[PARCELS], last_ms;
    int arrived[PARCELS], answered[PARCELS];
    bool refused[PARCELS], late; /* late: one came before another that was sent earlier */
    uint32_t newest;
    uint64_t story; /* a hash of all that happened */
};

static void note(struct post *p, uint32_t number, int64_t now_ms, int what)
{
    uint64_t key[4] = {p->story, number, (uint64_t)now_ms, (uint64_t)what};
    p->story = hash_quick(key, sizeof key);
    assert_true(now_ms >= p->last_ms);
    p->last_ms = now_ms;
}

static dw_err arrive(void *ctx, struct network_answer *out, struct network_parcel *parcel, int64_t now_ms)
{
    struct post *p = ctx;
    assert_true(parcel->from < PARCELS && parcel->mark == parcel->from * 7);
    assert_true(now_ms >= p->sent_ms[parcel->from]);
    note(p, parcel->from, now_ms, 1);
    p->late = p->late || parcel->from < p->newest;
    if (parcel->from > p->newest) p->newest = parcel->from;
    p->arrived[parcel->from]++;
    out->err = p->refused[parcel->from] ? DW_E_CHAIN : DW_OK;
    out->receipt.last = parcel->from;
    return DW_OK;
}

static dw_err answer(void *ctx, const struct network_parcel *parcel, const struct network_answer *said, int64_t now_ms)
{
    struct post *p = ctx;
    note(p, parcel->from, now_ms, 2);
    assert_true(p->arrived[parcel->from] > p->answered[parcel->from]);
    assert_int_equal(said->err, p->refused[parcel->from] ? DW_E_CHAIN : DW_OK);
    assert_int_equal(said->receipt.last, parcel->from);
    p->answered[parcel->from]++;
    return DW_OK;
}

static void run(struct post *p, const struct rates *rates, uint64_t seed, bool calm)
{
    struct rng rng = rng_seed(seed + 1);
    memset(p, 0, sizeof *p);
    p->network =
        (struct network){.rates = rates, .rng = rng_seed(seed), .calm = calm, .arrive = arrive, .answer = answer, .ctx = p};
    int64_t now = 0;
    for (uint32_t i = 0; i < PARCELS; i++) {
        struct network_parcel parcel = {.from = i, .mark = i * 7};
        now += (int64_t)rng_below(&rng, 30000);
        while (network_next(&p->network) <= now) assert_int_equal(network_step(&p->network), DW_OK);
        p->sent_ms[i] = now;
        p->refused[i] = rng_below(&rng, 4) == 0;
        assert_int_equal(network_send(&p->network, &parcel, now), DW_OK);
    }
    while (network_next(&p->network) != INT64_MAX) assert_int_equal(network_step(&p->network), DW_OK);
}

static void accounted(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct rates rates = rates_bad();
    struct post *p = malloc(sizeof *p);
    assert_non_null(p);
    for (int round = 0; round < 20; round++) {
        int64_t lost = 0, again = 0, answers = 0, arrived = 0;
        run(p, &rates, rng_next(&rng), false);
        for (int i = 0; i < PARCELS; i++) {
            assert_in_range(p->arrived[i], 0, 2);
            lost += p->arrived[i] == 0;
            again += p->arrived[i] == 2;
            arrived += p->arrived[i];
            answers += p->answered[i];
        }
        const struct network_counts *n = &p->network.counts;
        assert_int_equal(n->sent, PARCELS);
        assert_int_equal(n->lost, lost);
        assert_int_equal(n->twice, again);
        assert_int_equal(n->arrived, arrived);
        assert_int_equal(n->arrived, n->sent - n->lost + n->twice);
        assert_int_equal(n->answers, answers);
        assert_int_equal(n->answers + n->answers_lost, n->arrived);
        assert_true(lost > 0 && again > 0 && n->answers_lost > 0 && n->slow > 0 && p->late);
        network_free(&p->network);
    }
    free(p);
}

static void reproducible(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct rates rates = rates_bad();
    uint64_t seed = rng_next(&rng), story;
    struct post *p = malloc(sizeof *p);
    assert_non_null(p);
    run(p, &rates, seed, false);
    story = p->story;
    network_free(&p->network);
    run(p, &rates, seed, false);
    assert_true(p->story == story);
    network_free(&p->network);
    run(p, &rates, seed + 7, false);
    assert_true(p->story != story);
    network_free(&p->network);
    free(p);
}

static void calm(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct rates rates = rates_bad();
    struct post *p = malloc(sizeof *p);
    assert_non_null(p);
    run(p, &rates, rng_next(&rng), true);
    for (int i = 0; i < PARCELS; i++) assert_true(p->arrived[i] == 1 && p->answered[i] == 1);
    network_free(&p->network);
    free(p);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(accounted), cmocka_unit_test(reproducible), cmocka_unit_test(calm)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
