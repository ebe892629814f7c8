/* Random input for properties: a seed that is printed, and set by DW_SEED to see a failure again. */
#ifndef TESTS_SEED_H
#define TESTS_SEED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "base/text.h"

static inline struct rng seed_rng(void)
{
    uint64_t seed;
    const char *set = getenv("DW_SEED");
    rng_bytes(NULL, &seed, sizeof seed);
    seed = set != NULL ? strtoull(set, NULL, 10) : seed % 1000000000;
    printf("seed %llu\n", (unsigned long long)seed);
    return rng_seed(seed);
}

/* A Unicode scalar value other than 0: half of them Han, a quarter ASCII, the rest anything. */
static inline int32_t seed_point(struct rng *rng)
{
    uint64_t kind = rng_below(rng, 8);
    if (kind < 4) return 0x4e00 + (int32_t)rng_below(rng, 0x5200);
    if (kind < 6) return 1 + (int32_t)rng_below(rng, 127);
    int32_t point = 1 + (int32_t)rng_below(rng, kind == 6 ? 0x2fff : 0x10ffff);
    return point >= 0xd800 && point < 0xe000 ? 0xff21 : point;
}

static inline void seed_text(struct arena_buf *out, struct rng *rng, size_t most)
{
    for (size_t n = (size_t)rng_below(rng, most + 1); n > 0; n--) text_put(out, seed_point(rng));
    arena_buf_put(out, "", 0);
}

#endif
