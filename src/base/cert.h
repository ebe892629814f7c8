/* A server's certificate and key, looked at before they are used. */
#ifndef BASE_CERT_H
#define BASE_CERT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct cert {
    int64_t from_ms, until_ms;
    char names[512]; /* what it is good for: "village.example, 192.168.1.5" */
};
/* Reads the first certificate of a PEM text and sees that the key is its own. key NULL: not looked at. DW_E_FORMAT (no
 * certificate, no key), DW_E_KEYS (they do not belong together). */
dw_err cert_look(struct cert *out, const char *cert_pem, const char *key_pem, struct err_detail *detail);

#endif
