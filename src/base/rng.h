/* Random numbers: seeded and reproducible (xoshiro256**, Blackman and Vigna 2018), or from the system. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t s[4];
};

struct rng rng_seed(uint64_t seed);
uint64_t rng_next(struct rng *rng);
/* Uniform in [0, bound), without bias; bound > 0. */
uint64_t rng_below(struct rng *rng, uint64_t bound);
/* Uniform in [0, 1). */
double rng_unit(struct rng *rng);
/* Fills out; with rng NULL from the system's generator (safe for keys). */
void rng_bytes(struct rng *rng, void *out, size_t len);

#endif
