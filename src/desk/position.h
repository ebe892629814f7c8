/* Where phones are whose members share it: the newest word of each, no fact of the ledger, forgotten after POSITION_HOURS. */
#ifndef DESK_POSITION_H
#define DESK_POSITION_H

#include "desk/window.h"

enum { POSITION_HOURS = 12 };

struct position {
    struct id device;
    int64_t lon, lat; /* 1e-7 degrees */
    int64_t accuracy; /* metres; 0: not said */
    int64_t at_ms;
};

/* Takes it if it is newer than what is there: of the future as now, and not when it is to be forgotten already. */
dw_err position_put(struct window *window, const struct position *position, int64_t now_ms, struct err_detail *detail);
/* Each that is not to be forgotten, the newest first. */
dw_err position_walk(struct window *window, int64_t now_ms, dw_err (*each)(void *ctx, const struct position *position), void *ctx,
                     struct err_detail *detail);
/* Forgets the old ones; to be called now and then. */
dw_err position_forget(struct window *window, int64_t now_ms, struct err_detail *detail);

#endif
