/* One question to another server over HTTP or HTTPS (libcurl). */
#ifndef HTTP_FETCH_H
#define HTTP_FETCH_H

#include "base/arena.h"
#include "base/err.h"

enum { FETCH_MOST = 64 * 1024 * 1024 /* bytes of an answer */ };

struct fetch {
    const char *method, *url;
    const char *token; /* bearer; NULL: none */
    const char *type;  /* of the body; NULL: no body */
    const void *body;
    size_t len;
    const char *lang;      /* Accept-Language; NULL: none */
    const char *authority; /* PEM file of whom to trust besides the system's; NULL: none */
    long seconds;          /* to wait at most; 0: 60 */
};
/* status: whatever the server answered; out: the body. DW_E_INVALID (no http or https address), DW_E_IO (not reached, not
 * trusted, too slow), DW_E_TOO_LARGE. */
dw_err fetch_run(long *status, struct arena_buf *out, const struct fetch *fetch, struct err_detail *detail);

#endif
