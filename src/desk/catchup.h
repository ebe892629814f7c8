/* The state in memory brought up to what other programs wrote to the store. */
#ifndef DESK_CATCHUP_H
#define DESK_CATCHUP_H

#include "desk/desk.h"

enum { CATCHUP_FEED = 20000 }; /* more new entries than this are no longer fed: loading the tables is as quick */

/* Inside a transaction, with the writer's lock, keys caught up. head: the store's last entry. Few new entries are fed at their
 * recorded verdicts; many, or such as take something back, make the state be loaded from the tables. After an error the state is
 * stale. O(new entries) or O(rows). */
dw_err catchup_to(struct desk *desk, int64_t head, struct err_detail *detail);

#endif
