/* A held entry put right: declared void, and what it meant to say recorded by the office, in one transaction. */
#ifndef DESK_AMEND_H
#define DESK_AMEND_H

#include "desk/window.h"

/* The held entry as JSON with its values in clear, as far as they are there: {"kind", "on", "at", "device", "n", "body"}. The
 * caller records the look. DW_E_NOT_FOUND when none of this number waits. */
dw_err amend_show(struct arena_buf *out, struct window *window, int64_t seq, struct err_detail *detail);

struct amend_made {
    struct id id; /* of the corrected entry */
    bool held;    /* it waits in its turn: for a subject that is not here yet, say */
};
/* body: the corrected body, values in clear, as a JSON object; json holds its text. The kind and whom it is on stay. Its time is
 * that of the correction. DW_E_NOT_FOUND, DW_E_STATE (no kind we know, or one that the field does not make), DW_E_INVALID names
 * the field that is missing, unknown or has a value it does not take. */
dw_err amend_held(struct amend_made *out, struct window *window, int64_t seq, const struct json *json, uint32_t body,
                  struct when at, struct err_detail *detail);

#endif
