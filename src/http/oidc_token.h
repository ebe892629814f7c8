/* ID tokens of OpenID Connect (Core 1.0 sections 2 and 3.1.3.7), signed as RFC 7515 says: who it is that the provider vouches
 * for. */
#ifndef HTTP_OIDC_TOKEN_H
#define HTTP_OIDC_TOKEN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/when.h"

/* What the token must say. */
struct oidc_expected {
    const char *issuer, *client, *nonce;
    struct when at;
};
/* The subject, in arena. jwks: the provider's public keys (base/jws). DW_E_SIGNATURE: not signed by any of the keys (*unknown: it
 * names one that is not among them), DW_E_FORMAT, and what oidc_token_claims says. O(len). */
dw_err oidc_token_read(const char **subject, bool *unknown, struct arena *arena, const char *token, const char *jwks,
                       const struct oidc_expected *expected, struct err_detail *detail);
/* The same of what it says alone. DW_E_FORMAT, DW_E_SIGNATURE: for somebody else, by somebody else, not asked for, or over;
 * detail names the claim. */
dw_err oidc_token_claims(const char **subject, struct arena *arena, const char *claims, size_t len,
                         const struct oidc_expected *expected, struct err_detail *detail);

#endif
