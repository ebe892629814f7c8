/* The files by which a site's server is trusted, beside its store: a local authority of its own (.ca.pem, .ca.key), which people
 * trust once on their phones, and the certificate it made for this machine (.tls.pem, .tls.key), which is made anew in time. */
#ifndef DESK_TLS_H
#define DESK_TLS_H

#include "base/cert.h"
#include "base/when.h"

enum { TLS_NAMES = 64, TLS_NAME = 256 };

struct tls_names {
    char text[TLS_NAMES][TLS_NAME];
    size_t count;
};
/* Names and addresses of this machine as others may call it: localhost, its host name (with .local too), its addresses. */
void tls_names(struct tls_names *out);
/* One name more, unless it is there, or there is no room. */
void tls_add(struct tls_names *names, const char *text);
/* The address by which phones nearby reach it best: the first that is not of the machine itself; "127.0.0.1". */
const char *tls_near(const struct tls_names *names);

/* Makes the authority unless there is one, and a new certificate of the server for the names, and for those that it
 * has been good for. made: whether the authority is new.
 * DW_E_INVALID (a name), DW_E_IO, DW_E_FULL. */
dw_err tls_init(bool *made, const char *store, const struct tls_names *names, struct when at, struct err_detail *detail);
/* The server's pair beside a store. Texts NULL: none was ever made. Free with cert_free. */
dw_err tls_load(struct cert_pair *out, const char *store, struct err_detail *detail);
/* The life of a certificate (PEM). due_ms: less than a third of it is left from here on, and it should be renewed. */
struct tls_life {
    int64_t from_ms, until_ms, due_ms;
};
dw_err tls_life(struct tls_life *out, const char *pem, struct err_detail *detail);
/* Makes the server's pair anew if that is due and the authority is here; nothing otherwise. DW_E_CERT: the authority's time is
 * over, … */
dw_err tls_renew(bool *renewed, const char *store, struct when at, struct err_detail *detail);
/* The authority's certificate (PEM), for phones to trust; NULL: none. The caller frees it. */
char *tls_authority(const char *store);
/* A file whole, as a text; NULL with DW_OK when there is none. The caller frees it. */
dw_err tls_file(char **out, const char *path, struct err_detail *detail);

#endif
