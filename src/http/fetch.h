/* One call to a server of somebody else's, whose word is taken only as far as it is checked: no redirects, bounded in time and
 * bytes, over HTTPS (or to this machine itself). */
#ifndef HTTP_FETCH_H
#define HTTP_FETCH_H

#include "base/arena.h"
#include "base/err.h"

struct fetch {
    const char *url;
    const char *form;            /* a body of application/x-www-form-urlencoded; NULL: GET */
    const char *user, *password; /* of HTTP Basic; NULL: none */
    const char *ca;              /* PEM file of the authority to trust; NULL: the system's */
};
/* Whether it may be called: https, or http on this machine. */
bool fetch_allowed(const char *url);
/* Replaces what stands in answer, which is terminated. It waits for ten seconds at most. DW_E_UNREACHED; DW_E_UNKNOWN_CALLER when
 * the server refuses (4xx) a form; what it says of it stands in detail. */
dw_err fetch_do(struct arena_buf *answer, const struct fetch *spec, struct err_detail *detail);
/* Appends text as a part of a form or query: all but letters, digits and -._~ as %XX. */
void fetch_escape(struct arena_buf *out, const char *text);

#endif
