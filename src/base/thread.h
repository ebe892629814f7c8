/* Threads that do a part of one call's work. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Starts work(ctx) in a thread that takes no signals, for these are the program's own affair. Join it. False when there can be
 * none. */
bool thread_start(pthread_t *out, void *(*work)(void *ctx), void *ctx);

#endif
