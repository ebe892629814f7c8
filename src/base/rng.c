#include "base/rng.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

enum { RNG_BLOCK = 4096, RNG_SHORT = 24 };

static uint64_t rng_split(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

struct rng rng_seed(uint64_t seed)
{
    struct rng rng;
    for (int i = 0; i < 4; i++) rng.s[i] = rng_split(&seed);
    return rng;
}

static uint64_t rng_rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->s;
    uint64_t result = rng_rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rng_rotate(s[3], 45);
    return result;
}

uint64_t rng_below(struct rng *rng, uint64_t bound)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t x;
    do x = rng_next(rng);
    while (x >= limit);
    return x % bound;
}

double rng_unit(struct rng *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1.0p-53;
}

static unsigned rng_forks; /* how often a fork lies between this process and the one that started */

static void rng_forked(void)
{
    rng_forks++;
}

static void rng_watch_forks(void)
{
    pthread_atfork(NULL, NULL, rng_forked);
}

/* Ids and salts are short and many: they are cut from a block of the system's random bytes, each used once and wiped. Keys are
 * long enough to be asked for one by one. A forked child must not share its parent's block. */
static void rng_system(void *out, size_t len)
{
    static pthread_once_t watched = PTHREAD_ONCE_INIT;
    static _Thread_local struct {
        unsigned char bytes[RNG_BLOCK];
        size_t left;
        unsigned forks;
    } block;
    if (len > RNG_SHORT) {
        randombytes_buf(out, len);
        return;
    }
    pthread_once(&watched, rng_watch_forks);
    if (block.left < len || block.forks != rng_forks) {
        randombytes_buf(block.bytes, sizeof block.bytes);
        block.left = sizeof block.bytes;
        block.forks = rng_forks;
    }
    block.left -= len;
    memcpy(out, block.bytes + block.left, len);
    explicit_bzero(block.bytes + block.left, len);
}

void rng_bytes(struct rng *rng, void *out, size_t len)
{
    if (rng == NULL) {
        rng_system(out, len);
        return;
    }
    unsigned char *at = out;
    while (len > 0) {
        uint64_t x = rng_next(rng);
        size_t take = len < sizeof x ? len : sizeof x;
        memcpy(at, &x, take);
        at += take;
        len -= take;
    }
}
