#include "http/oidc_token.h"

#include <string.h>

#include "base/json.h"
#include "base/jws.h"
#include "base/secret.h"

enum { OIDC_LEEWAY_MS = 60000, OIDC_AGE_MS = 600000, OIDC_KEYS = 32 };

/* One audience, or several with the one that it was made for. */
static bool oidc_audience(const struct json *json, const char *client, struct arena *arena)
{
    uint32_t at = json_member(json, 0, "aud");
    const char *party = json_member_text(json, 0, "azp", arena);
    if (at == 0 || (party != NULL && strcmp(party, client) != 0)) return false;
    if (json->tokens[at].type != JSON_ARRAY) return json_equals(json, at, client);
    bool found = false;
    for (uint32_t i = json_first(at); i < json_end(json, at); i = json->tokens[i].next)
        found = found || json_equals(json, i, client);
    return found && (json->tokens[at].count == 1 || party != NULL);
}

/* Seconds since 1970; some providers write fractions. */
static bool oidc_moment(int64_t *out_ms, const struct json *json, const char *name)
{
    double seconds;
    uint32_t at = json_member(json, 0, name);
    if (at == 0 || !json_double(json, at, &seconds) || !(seconds > 0 && seconds < 1e11)) return false;
    *out_ms = (int64_t)(seconds * 1000);
    return true;
}

static dw_err oidc_says(const char **subject, struct arena *arena, const struct json *json, const struct oidc_expected *expected,
                        struct err_detail *detail)
{
    int64_t until, made;
    const char *issuer = json_member_text(json, 0, "iss", arena), *nonce = json_member_text(json, 0, "nonce", arena);
    *subject = json_member_text(json, 0, "sub", arena);
    const char *wrong = NULL;
    if (issuer == NULL || strcmp(issuer, expected->issuer) != 0)
        wrong = "iss";
    else if (!oidc_audience(json, expected->client, arena))
        wrong = "aud";
    else if (!oidc_moment(&until, json, "exp") || until <= expected->at.ms - OIDC_LEEWAY_MS)
        wrong = "exp";
    else if (!oidc_moment(&made, json, "iat") || made > expected->at.ms + OIDC_LEEWAY_MS || made < expected->at.ms - OIDC_AGE_MS)
        wrong = "iat";
    else if (nonce == NULL || strlen(nonce) != strlen(expected->nonce) || !secret_same(nonce, expected->nonce, strlen(nonce)))
        wrong = "nonce";
    else if (*subject == NULL || **subject == 0)
        wrong = "sub";
    return wrong == NULL ? DW_OK : err_at(detail, DW_E_SIGNATURE, NULL, NULL, 0, wrong, "the identity token does not fit");
}

dw_err oidc_token_claims(const char **subject, struct arena *arena, const char *claims, size_t len,
                         const struct oidc_expected *expected, struct err_detail *detail)
{
    struct json json = {0};
    dw_err err = json_read(&json, claims, len, NULL) == DW_OK && json.tokens[0].type == JSON_OBJECT
                     ? oidc_says(subject, arena, &json, expected, detail)
                     : err_set(detail, DW_E_FORMAT, "the identity token holds no object");
    json_free(&json);
    return err;
}

/* A key set may hold several; a token that names one is of that one. */
static dw_err oidc_signed(bool *unknown, const struct jws *jws, const char *jwks, struct arena *arena, struct err_detail *detail)
{
    struct json set = {0};
    bool good = false, named = false;
    dw_err err = json_read(&set, jwks, strlen(jwks), NULL);
    uint32_t keys = err == DW_OK ? json_member(&set, 0, "keys") : 0;
    if (keys == 0 || set.tokens[keys].type != JSON_ARRAY) err = err_set(detail, DW_E_FORMAT, "the provider's keys");
    for (uint32_t i = json_first(keys), n = 0; err == DW_OK && !good && n < OIDC_KEYS && i < json_end(&set, keys);
         i = set.tokens[i].next, n++) {
        uint32_t id = json_member(&set, i, "kid");
        if (jws->key_id != NULL && (id == 0 || !json_equals(&set, id, jws->key_id))) continue;
        named = true;
        good = jws_by(jws, &set, i, arena);
    }
    json_free(&set);
    *unknown = err == DW_OK && !named;
    if (err != DW_OK) return err;
    return good ? DW_OK : err_set(detail, DW_E_SIGNATURE, "the identity token is not signed by the provider's keys");
}

dw_err oidc_token_read(const char **subject, bool *unknown, struct arena *arena, const char *token, const char *jwks,
                       const struct oidc_expected *expected, struct err_detail *detail)
{
    struct jws jws;
    *unknown = false;
    ERR_TRY(jws_read(&jws, arena, token, detail));
    ERR_TRY(oidc_signed(unknown, &jws, jwks, arena, detail));
    return oidc_token_claims(subject, arena, jws.payload, jws.payload_len, expected, detail);
}
