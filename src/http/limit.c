#include "http/limit.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/rng.h"

enum { LIMIT_SETS = 4096, LIMIT_WAYS = 8, LIMIT_LOCKS = 64, LIMIT_KEY_MAX = 64 };

struct limit_bucket {
    uint64_t key, at_ns; /* at_ns 0: free */
    double tokens;
};

struct limit {
    uint8_t secret[HASH_FAST_KEY];
    pthread_mutex_t locks[LIMIT_LOCKS];
    struct limit_bucket buckets[LIMIT_SETS][LIMIT_WAYS];
};

dw_err limit_open(struct limit **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    rng_bytes(NULL, (*out)->secret, sizeof(*out)->secret);
    for (size_t i = 0; i < LIMIT_LOCKS; i++) pthread_mutex_init(&(*out)->locks[i], NULL);
    return DW_OK;
}

void limit_close(struct limit *limit)
{
    for (size_t i = 0; limit != NULL && i < LIMIT_LOCKS; i++) pthread_mutex_destroy(&limit->locks[i]);
    free(limit);
}

uint64_t limit_key(const struct limit *limit, char kind, const void *data, size_t len)
{
    unsigned char text[1 + LIMIT_KEY_MAX] = {(unsigned char)kind};
    uint64_t out[2];
    if (len > LIMIT_KEY_MAX) len = LIMIT_KEY_MAX;
    for (size_t i = 0; i < len; i++) text[1 + i] = ((const unsigned char *)data)[i];
    hash_fast(out, limit->secret, text, 1 + len);
    return out[0];
}

/* The key's own bucket, or the one that nobody has used for longest. */
static struct limit_bucket *limit_bucket(struct limit_bucket *set, uint64_t key)
{
    struct limit_bucket *oldest = set;
    for (int i = 0; i < LIMIT_WAYS; i++) {
        if (set[i].key == key && set[i].at_ns != 0) return &set[i];
        if (set[i].at_ns < oldest->at_ns) oldest = &set[i];
    }
    return oldest;
}

/* Seconds until there is a token; take: and takes it if it is there. Calls come here out of the order of their times: what grew
 * since must not grow twice. */
static double limit_ask(struct limit_bucket *b, double rate, double burst, uint64_t now_ns, bool take)
{
    if (now_ns > b->at_ns) {
        b->tokens += (double)(now_ns - b->at_ns) / 1e9 * rate;
        b->at_ns = now_ns;
    }
    if (b->tokens > burst) b->tokens = burst;
    if (b->tokens < 1) return (1 - b->tokens) / rate;
    if (take) b->tokens--;
    return 0;
}

static unsigned limit_seconds(double lacks)
{
    return lacks > 3600 ? 3600 : (unsigned)ceil(lacks);
}

unsigned limit_take(struct limit *limit, uint64_t key, double rate, double burst, uint64_t now_ns)
{
    if (rate <= 0) return 0;
    size_t set = key % LIMIT_SETS;
    pthread_mutex_lock(&limit->locks[set % LIMIT_LOCKS]);
    struct limit_bucket *b = limit_bucket(limit->buckets[set], key);
    if (b->key != key || b->at_ns == 0) *b = (struct limit_bucket){key, now_ns > 0 ? now_ns : 1, burst};
    double lacks = limit_ask(b, rate, burst, now_ns, true);
    pthread_mutex_unlock(&limit->locks[set % LIMIT_LOCKS]);
    return limit_seconds(lacks);
}

unsigned limit_look(struct limit *limit, uint64_t key, double rate, double burst, uint64_t now_ns)
{
    if (rate <= 0) return 0;
    size_t set = key % LIMIT_SETS;
    pthread_mutex_lock(&limit->locks[set % LIMIT_LOCKS]);
    struct limit_bucket *b = limit_bucket(limit->buckets[set], key);
    double lacks = b->key != key || b->at_ns == 0 ? 0 : limit_ask(b, rate, burst, now_ns, false);
    pthread_mutex_unlock(&limit->locks[set % LIMIT_LOCKS]);
    return limit_seconds(lacks);
}
