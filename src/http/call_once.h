/* Idempotency-Key: a POST that bears one is done once. */
#ifndef HTTP_CALL_ONCE_H
#define HTTP_CALL_ONCE_H

#include "http/request.h"

/* Before a POST is handled. *done: it was answered before, and is again. DW_E_INVALID (the key belongs to another call),
 * DW_E_STATE (it was begun, and nobody knows how it ended). */
dw_err call_once_begin(bool *done, struct request *r);
/* When it was handled: keeps its answer, or frees the key when it failed. */
void call_once_end(struct request *r, dw_err err);

#endif
