/* Certificates (X.509, P-256): a local authority, and what it vouches for. Texts are PEM. */
#ifndef BASE_CERT_H
#define BASE_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct cert_pair {
    char *cert, *key;
};
void cert_free(struct cert_pair *pair); /* wipes the key */

/* A new authority of this name (at most 64 bytes), which vouches for servers only; for days from now_ms. Free with cert_free. */
dw_err cert_authority(struct cert_pair *out, const char *name, int64_t now_ms, int days, struct err_detail *detail);
/* A new server's pair that by vouches for, good for the names (host names and addresses); cert holds by's too, behind its own.
 * Its time ends with by's at the latest. */
dw_err cert_server(struct cert_pair *out, const struct cert_pair *by, const char *const *names, size_t count, int64_t now_ms,
                   int days, struct err_detail *detail);
/* From when until when a certificate is good; DW_E_CERT when the text is none. */
dw_err cert_life(int64_t *from_ms, int64_t *until_ms, const char *pem, struct err_detail *detail);
/* Calls tell with each host name and address that a certificate is good for. */
void cert_hosts(const char *pem, void (*tell)(void *ctx, const char *name), void *ctx);
/* Whether a certificate and a key are of one pair; DW_E_CERT. */
dw_err cert_fits(const char *pem, const char *key_pem, struct err_detail *detail);
/* SHA-256 of a certificate, "AB:CD:…" (95 characters and a terminator), by which people compare it. */
dw_err cert_print(char out[96], const char *pem, struct err_detail *detail);

#endif
