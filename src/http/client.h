/* A caller of the server: one call after the other over a connection that is kept. For the command line as a phone, and benches.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "base/arena.h"
#include "base/err.h"

struct client;
/* base: "https://host:port"; the prefix of the API is added. ca: PEM file of the authority to trust beside the system's, NULL. */
dw_err client_open(struct client **out, const char *base, const char *ca, struct err_detail *detail);
void client_close(struct client *client); /* NULL is safe */

struct client_call {
    const char *method, *path; /* "/entries?cursor=0" */
    const char *token;         /* NULL: nobody */
    const char *type;          /* of the body; NULL: JSON */
    const void *body;          /* NULL: none */
    size_t len;
    bool packed; /* the body is zstd */
};
/* Replaces what stands in answer, which is unpacked and terminated. DW_E_UNREACHED when there was no whole answer; of an answer
 * that is a problem its code and what it says. wire: bytes of the body as they came; may be NULL. */
dw_err client_do(struct arena_buf *answer, size_t *wire, struct client *client, const struct client_call *call,
                 struct err_detail *detail);

#endif
