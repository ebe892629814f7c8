/* How often somebody may call: token buckets in a table of fixed size. Whoever has not called for long makes room, so that a
 * flood of addresses costs no memory; what it can cost is that a bucket begins full again. Any number of threads may call. */
#ifndef HTTP_LIMIT_H
#define HTTP_LIMIT_H

#include "base/err.h"
#include <stddef.h>
#include <stdint.h>

struct limit;
dw_err limit_open(struct limit **out);
void limit_close(struct limit *limit); /* NULL is safe */

/* A key of whatever tells one caller from another; kind keeps addresses apart from sessions. Nobody outside can choose one that
 * falls together with another's. */
uint64_t limit_key(const struct limit *limit, char kind, const void *data, size_t len);
/* Takes one of the bucket's tokens, of which there are at most burst and which grow again at rate a second. 0: there was one;
 * else after how many seconds there is. rate 0: no limit. O(1). */
unsigned limit_take(struct limit *limit, uint64_t key, double rate, double burst, uint64_t now_ns);
/* The same, but takes none: whoever never took one needs no bucket either. */
unsigned limit_look(struct limit *limit, uint64_t key, double rate, double burst, uint64_t now_ns);

#endif
