/* Threads that do what would hold up others: connections wait apart (suspended) until their turn has come. */
#ifndef HTTP_WORK_H
#define HTTP_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct work;
struct work_item {
    void (*run)(struct work_item *item);
    struct work_item *next;
};

/* threads: 1 to 64. most: items that wait at most. */
dw_err work_start(struct work **out, size_t threads, size_t most);
/* False when too many wait already, or it is being stopped; the item is then the caller's still. */
bool work_add(struct work *work, struct work_item *item);
/* Does what waits, then ends the threads. NULL is safe. */
void work_stop(struct work *work);
size_t work_waiting(struct work *work);

#endif
