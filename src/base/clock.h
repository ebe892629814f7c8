/* Progress of long work and its cancelling, and what work cost, the same for the command line, the server and tests. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Called now and then by long work with what is done of all (all 0: unknown). Returning false cancels: the work then
 * undoes what it began and returns DW_E_CANCELLED. step is a short English key such as "import.rows"; never NULL. */
struct clock_progress {
    bool (*tick)(void *ctx, const char *step, uint64_t done, uint64_t all);
    void *ctx;
};

/* True when there is no progress, or tick lets the work go on. progress may be NULL. */
bool clock_tick(const struct clock_progress *progress, const char *step, uint64_t done, uint64_t all);
/* Nanoseconds of a clock that never jumps; for measures only. */
uint64_t clock_ns(void);
/* The most memory this program has had in use at once until now, in bytes; for measures only. */
uint64_t clock_peak(void);

#endif
