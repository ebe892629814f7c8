/* Signing in through an identity provider of the city: OpenID Connect, authorization code with PKCE (RFC 7636, S256). What is to
 * be remembered between the two halves lies sealed in a cookie of the browser that began, so that any server of the site may end
 * it. */
#ifndef HTTP_OIDC_H
#define HTTP_OIDC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/keys.h"
#include "base/when.h"

struct oidc_config {
    const char *issuer;          /* as the provider writes it; NULL: there is none */
    const char *client, *secret; /* secret NULL: a public client */
    const char *name;            /* what people call the provider */
    const char *ca;              /* PEM file; NULL: the system's authorities */
    const char *site;            /* where browsers reach this server: "https://doorward.example" */
};
/* DW_E_INVALID names the setting that is missing or wrong. */
dw_err oidc_check(const struct oidc_config *config, struct err_detail *detail);

struct oidc;
/* config's texts must live as long; key: seals cookies. Nothing is asked of the provider yet. DW_E_MEMORY. */
dw_err oidc_open(struct oidc **out, const struct oidc_config *config, const uint8_t key[KEYS_SECRET]);
void oidc_close(struct oidc *oidc); /* NULL is safe */
/* Asks the provider about itself, or uses what it said within the hour. DW_E_UNREACHED, DW_E_FORMAT: it says what cannot be. */
dw_err oidc_probe(struct oidc *oidc, struct when at, struct err_detail *detail);

/* Where the browser goes, and the cookie it keeps meanwhile, in arena. link: see account_link; NULL. */
dw_err oidc_begin(const char **location, const char **cookie, struct arena *arena, struct oidc *oidc, const char *link,
                  struct when at, struct err_detail *detail);

/* What the browser brings back. */
struct oidc_answer {
    const char *code, *state, *issuer, *error, *cookie; /* NULL: not there */
    struct when at;
};
struct oidc_word {
    const char *subject;
    const char *link; /* that oidc_begin was given; NULL */
};
/* Who it is, in arena. DW_E_UNKNOWN_CALLER: the provider or the person declined, or this browser did not begin it within ten
 * minutes; DW_E_UNREACHED, DW_E_FORMAT, DW_E_SIGNATURE. */
dw_err oidc_finish(struct oidc_word *out, struct arena *arena, struct oidc *oidc, const struct oidc_answer *answer,
                   struct err_detail *detail);

#endif
