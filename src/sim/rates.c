#include "sim/rates.h"

enum { RATES_MINUTE = 60000, RATES_HOUR = 3600000 };

struct rates rates_clean(void)
{
    return (struct rates){.phones_a_cell = 1,
                          .single = 200,
                          .over = 30,
                          .two_tubes = 60,
                          .wrong_code = 30,
                          .same_code = 15,
                          .left_out = 20,
                          .unwritten = 8};
}

/* Worse than any day we heard of, so that each thing happens in a village of a thousand. */
struct rates rates_bad(void)
{
    const int64_t minute = RATES_MINUTE, hour = RATES_HOUR;
    return (struct rates){
        .bad = true,
        .phones_a_cell = 4,
        .single = 600,
        .over = 1000,
        .two_tubes = 300,
        .wrong_code = 300,
        .same_code = 150,
        .left_out = 400,
        .unwritten = 100,
        .clock_wrong = 4000,
        .clock_days = 3000,
        .minutes = {2 * minute, 90 * minute},
        .days = {24 * hour, 9 * 24 * hour},
        .stolen = 1200,
        .revoked = {20 * minute, 4 * hour},
        .thief = {5 * minute, 6 * hour},
        .junk = 4,
        .restored = 2000,
        .noticed = {30 * minute, 3 * hour},
        .mishap = {4 * hour, 14 * hour}, /* nine in the morning to seven in the evening */
        .second = 1000,
        .later = {minute, 20 * minute},
        .moving = 300,
        .batch = 40,
        .window = 3,
        .contact = {4 * minute, 25 * minute},
        .offline = 1500,
        .spell = {hour, 6 * hour},
        .patience = minute,
        .lost = 2000,
        .unanswered = 1500,
        .twice = 1500,
        .again = {minute, 5 * hour},
        .slow = 1000,
        .lag = {30000, 12 * minute},
        .transit = {100, 8000},
        .home = 17 * hour, /* ten in the evening */
    };
}

bool rates_hit(struct rng *rng, uint32_t share)
{
    return rng_below(rng, 10000) < share;
}

int64_t rates_pick(struct rng *rng, struct rates_range range)
{
    return range.least + (int64_t)rng_below(rng, (uint64_t)(range.most - range.least) + 1);
}
