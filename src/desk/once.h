/* What was answered to a call that bears a key of its caller's own: the same call again has the same answer and no further
 * effect. */
#ifndef DESK_ONCE_H
#define DESK_ONCE_H

#include "desk/window.h"

enum { ONCE_MS = 24 * 3600 * 1000, ONCE_TYPE = 80 };

enum once_found {
    ONCE_NEW,   /* it is ours to do: end it with once_end */
    ONCE_KNOWN, /* it was done: the answer is there */
    ONCE_BEGUN, /* it is being done, or was when a program died */
    ONCE_OTHER  /* the key belongs to another call */
};
struct once_answer {
    int64_t status;
    char type[ONCE_TYPE];
    const char *body; /* in the arena; NULL: it was no text to keep */
    size_t len;
};

/* key: hash of the caller and his key; request: hash of the call. */
dw_err once_begin(enum once_found *found, struct once_answer *out, struct window *window, const uint8_t key[HASH_SIZE],
                  const uint8_t request[HASH_SIZE], int64_t now_ms, struct arena *arena, struct err_detail *detail);
/* answer NULL: nothing was done, the key is free again. */
dw_err once_end(struct window *window, const uint8_t key[HASH_SIZE], const struct once_answer *answer, struct err_detail *detail);

#endif
