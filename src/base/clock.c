#include "base/clock.h"

#include <sys/resource.h>
#include <time.h>

bool clock_tick(const struct clock_progress *progress, const char *step, uint64_t done, uint64_t all)
{
    return progress == NULL || progress->tick == NULL || progress->tick(progress->ctx, step, done, all);
}

uint64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t clock_peak(void)
{
    struct rusage used = {0};
    getrusage(RUSAGE_SELF, &used);
    return (uint64_t)used.ru_maxrss * 1024;
}
