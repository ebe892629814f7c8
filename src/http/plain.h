/* The plain HTTP side of a server that speaks HTTPS: it sends everybody there, and hands out the authority's certificate, which a
 * phone needs before it can trust the other side. */
#ifndef HTTP_PLAIN_H
#define HTTP_PLAIN_H

#include "base/err.h"

struct plain;
/* Takes over the listening socket. authority: PEM, copied; NULL: none. */
dw_err plain_start(struct plain **out, int socket, int tls_port, const char *authority, struct err_detail *detail);
void plain_stop(struct plain *plain); /* NULL is safe */

#endif
