#include "http/oidc.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/secret.h"
#include "http/fetch.h"
#include "http/oidc_token.h"

enum { OIDC_LINK = 64, OIDC_MINUTES = 10, OIDC_FACTS_MS = 3600000, OIDC_AGAIN_MS = 60000, OIDC_URL = 1024 };

/* What the provider says of itself (OpenID Connect Discovery 1.0). */
struct oidc_facts {
    char authorize[OIDC_URL], token[OIDC_URL], keys_url[OIDC_URL];
    bool post; /* it takes the client's secret only in the form */
    struct arena_buf keys;
    int64_t at_ms; /* 0: nothing is known */
};

struct oidc {
    struct oidc_config config;
    uint8_t key[KEYS_SECRET];
    pthread_mutex_t lock; /* of facts */
    struct oidc_facts facts;
};

/* What the cookie holds, sealed: state, nonce and verifier are made of one secret. */
struct oidc_begun {
    uint8_t secret[KEYS_SECRET];
    int64_t at_ms;
    char link[OIDC_LINK];
};

dw_err oidc_check(const struct oidc_config *c, struct err_detail *detail)
{
    const char *wrong = NULL, *why = "missing";
    if (c->issuer == NULL) return DW_OK;
    if (c->client == NULL)
        wrong = "oidc_client";
    else if (c->site == NULL)
        wrong = "public_url";
    else if (!fetch_allowed(c->issuer) || strlen(c->issuer) > OIDC_URL / 2)
        wrong = "oidc_issuer", why = "https://…";
    else if (!fetch_allowed(c->site) || strlen(c->site) > OIDC_URL / 2)
        wrong = "public_url", why = "https://…";
    return wrong == NULL ? DW_OK : err_at(detail, DW_E_INVALID, NULL, NULL, 0, wrong, "%s", why);
}

dw_err oidc_open(struct oidc **out, const struct oidc_config *config, const uint8_t key[KEYS_SECRET])
{
    struct oidc *oidc = calloc(1, sizeof *oidc);
    *out = oidc;
    if (oidc == NULL) return DW_E_MEMORY;
    oidc->config = *config;
    keys_derive(oidc->key, key, "oidc cookie");
    pthread_mutex_init(&oidc->lock, NULL);
    return DW_OK;
}

void oidc_close(struct oidc *oidc)
{
    if (oidc == NULL) return;
    pthread_mutex_destroy(&oidc->lock);
    arena_buf_free(&oidc->facts.keys);
    keys_wipe(oidc->key, sizeof oidc->key);
    free(oidc);
}

static dw_err oidc_get(struct arena_buf *out, const struct oidc *oidc, const char *url, struct err_detail *detail)
{
    return fetch_do(out, &(struct fetch){.url = url, .ca = oidc->config.ca}, detail);
}

/* An address the provider names; it must be as safe as the provider's own. */
static bool oidc_url(char out[OIDC_URL], const struct json *json, const char *name, struct arena *arena)
{
    const char *text = json_member_text(json, 0, name, arena);
    if (text == NULL || strlen(text) >= OIDC_URL || !fetch_allowed(text)) return false;
    snprintf(out, OIDC_URL, "%s", text);
    return true;
}

static bool oidc_lists(const struct json *json, const char *name, const char *value)
{
    uint32_t at = json_member(json, 0, name);
    for (uint32_t i = json_first(at); at != 0 && json->tokens[at].type == JSON_ARRAY && i < json_end(json, at);
         i = json->tokens[i].next)
        if (json_equals(json, i, value)) return true;
    return false;
}

static dw_err oidc_read_facts(struct oidc_facts *out, const struct oidc_config *config, const struct arena_buf *text,
                              struct err_detail *detail)
{
    struct json json = {0};
    struct arena arena = {0};
    const char *wrong = NULL;
    if (text->data == NULL || json_read(&json, text->data, text->len, NULL) != DW_OK || json.tokens[0].type != JSON_OBJECT)
        wrong = "openid-configuration";
    else if (!json_equals(&json, json_member(&json, 0, "issuer"), config->issuer))
        wrong = "issuer";
    else if (!oidc_url(out->authorize, &json, "authorization_endpoint", &arena))
        wrong = "authorization_endpoint";
    else if (!oidc_url(out->token, &json, "token_endpoint", &arena))
        wrong = "token_endpoint";
    else if (!oidc_url(out->keys_url, &json, "jwks_uri", &arena))
        wrong = "jwks_uri";
    else /* Basic is what holds when nothing is said */
        out->post = json_member(&json, 0, "token_endpoint_auth_methods_supported") != 0 &&
                    !oidc_lists(&json, "token_endpoint_auth_methods_supported", "client_secret_basic") &&
                    oidc_lists(&json, "token_endpoint_auth_methods_supported", "client_secret_post");
    json_free(&json);
    arena_free(&arena);
    return wrong == NULL ? DW_OK : err_at(detail, DW_E_FORMAT, NULL, NULL, 0, wrong, "what the identity provider says of itself");
}

/* Under the lock. */
static dw_err oidc_learn(struct oidc *oidc, struct when at, int64_t age_ms, struct err_detail *detail)
{
    struct arena_buf text = {0};
    char url[OIDC_URL];
    if (oidc->facts.at_ms != 0 && at.ms - oidc->facts.at_ms < age_ms) return DW_OK;
    size_t len = strlen(oidc->config.issuer);
    while (len > 0 && oidc->config.issuer[len - 1] == '/') len--;
    snprintf(url, sizeof url, "%.*s/.well-known/openid-configuration", (int)len, oidc->config.issuer);
    dw_err err = oidc_get(&text, oidc, url, detail);
    if (err == DW_OK) err = oidc_read_facts(&oidc->facts, &oidc->config, &text, detail);
    if (err == DW_OK) err = oidc_get(&text, oidc, oidc->facts.keys_url, detail);
    if (err == DW_OK) {
        struct arena_buf old = oidc->facts.keys;
        oidc->facts.keys = text;
        text = old;
        oidc->facts.at_ms = at.ms;
    }
    arena_buf_free(&text);
    return err;
}

dw_err oidc_probe(struct oidc *oidc, struct when at, struct err_detail *detail)
{
    pthread_mutex_lock(&oidc->lock);
    dw_err err = oidc_learn(oidc, at, OIDC_FACTS_MS, detail);
    pthread_mutex_unlock(&oidc->lock);
    return err;
}

static void oidc_part(char out[HASH_TEXT], const struct oidc_begun *begun, const char *label)
{
    uint8_t part[KEYS_SECRET];
    keys_derive(part, begun->secret, label);
    hash_b64(out, part, sizeof part);
    keys_wipe(part, sizeof part);
}

/* The address the provider sends browsers back to, as it is registered there. */
static void oidc_back(struct arena_buf *out, const struct oidc *oidc)
{
    size_t len = strlen(oidc->config.site);
    while (len > 0 && oidc->config.site[len - 1] == '/') len--;
    arena_buf_put(out, oidc->config.site, len);
    arena_buf_text(out, "/api/v1/auth/oidc/callback");
}

static void oidc_field(struct arena_buf *out, const char *name, const char *value)
{
    arena_buf_format(out, "%s%s=", out->len > 0 ? "&" : "", name);
    fetch_escape(out, value);
}

static void oidc_question(struct arena_buf *out, const struct oidc *oidc, const struct oidc_begun *begun)
{
    char state[HASH_TEXT], nonce[HASH_TEXT], verifier[HASH_TEXT], challenge[HASH_TEXT];
    uint8_t hash[HASH_SIZE];
    struct arena_buf back = {0};
    oidc_part(state, begun, "state");
    oidc_part(nonce, begun, "nonce");
    oidc_part(verifier, begun, "verifier");
    hash_one(hash, verifier, strlen(verifier));
    hash_b64(challenge, hash, sizeof hash);
    oidc_back(&back, oidc);
    oidc_field(out, "response_type", "code");
    oidc_field(out, "client_id", oidc->config.client);
    oidc_field(out, "redirect_uri", back.data == NULL ? "" : back.data);
    oidc_field(out, "scope", "openid");
    oidc_field(out, "state", state);
    oidc_field(out, "nonce", nonce);
    oidc_field(out, "code_challenge", challenge);
    oidc_field(out, "code_challenge_method", "S256");
    out->failed = out->failed || back.failed;
    arena_buf_free(&back);
    keys_wipe(verifier, sizeof verifier);
}

static const char *oidc_seal(struct arena *arena, const struct oidc *oidc, const struct oidc_begun *begun)
{
    uint8_t sealed[sizeof *begun + KEYS_OVERHEAD];
    char text[2 * sizeof sealed];
    keys_seal(sealed, oidc->key, "cookie", 6, begun, sizeof *begun);
    hash_b64(text, sealed, sizeof sealed);
    return arena_text(arena, text, strlen(text));
}

dw_err oidc_begin(const char **location, const char **cookie, struct arena *arena, struct oidc *oidc, const char *link,
                  struct when at, struct err_detail *detail)
{
    struct oidc_begun begun;
    struct arena_buf query = {0}, text = {0};
    char authorize[OIDC_URL];
    memset(&begun, 0, sizeof begun); /* its gaps are sealed too */
    begun.at_ms = at.ms;
    rng_bytes(NULL, begun.secret, sizeof begun.secret);
    snprintf(begun.link, sizeof begun.link, "%s", link == NULL ? "" : link);
    ERR_TRY(oidc_probe(oidc, at, detail));
    pthread_mutex_lock(&oidc->lock);
    memcpy(authorize, oidc->facts.authorize, sizeof authorize);
    pthread_mutex_unlock(&oidc->lock);
    oidc_question(&query, oidc, &begun);
    arena_buf_format(&text, "%s%c%s", authorize, strchr(authorize, '?') == NULL ? '?' : '&',
                     query.data == NULL ? "" : query.data);
    *location = query.failed || text.failed ? NULL : arena_text(arena, text.data, text.len);
    *cookie = oidc_seal(arena, oidc, &begun);
    arena_buf_free(&query);
    arena_buf_free(&text);
    keys_wipe(&begun, sizeof begun);
    return *location == NULL || *cookie == NULL ? DW_E_MEMORY : DW_OK;
}

/* Whether this browser began it, lately. */
static bool oidc_unseal(struct oidc_begun *out, const struct oidc *oidc, const struct oidc_answer *answer)
{
    uint8_t sealed[sizeof *out + KEYS_OVERHEAD];
    char state[HASH_TEXT];
    if (answer->cookie == NULL || answer->state == NULL || strlen(answer->state) != HASH_TEXT - 1) return false;
    if (!hash_unb64(sealed, sizeof sealed, answer->cookie, strlen(answer->cookie))) return false;
    if (!keys_open(out, oidc->key, sealed, sizeof sealed)) return false;
    out->link[sizeof out->link - 1] = 0;
    oidc_part(state, out, "state");
    return secret_same(state, answer->state, HASH_TEXT - 1) && answer->at.ms >= out->at_ms - 1000 &&
           answer->at.ms - out->at_ms < OIDC_MINUTES * 60000;
}

/* The code becomes an identity token, over our own connection to the provider. */
static dw_err oidc_exchange(struct arena_buf *out, const struct oidc *oidc, const struct oidc_facts *facts, const char *code,
                            const struct oidc_begun *begun, struct err_detail *detail)
{
    char verifier[HASH_TEXT];
    struct arena_buf form = {0}, back = {0}, user = {0}, password = {0};
    const struct oidc_config *c = &oidc->config;
    bool basic = c->secret != NULL && !facts->post;
    oidc_part(verifier, begun, "verifier");
    oidc_back(&back, oidc);
    oidc_field(&form, "grant_type", "authorization_code");
    oidc_field(&form, "code", code);
    oidc_field(&form, "redirect_uri", back.data == NULL ? "" : back.data);
    oidc_field(&form, "code_verifier", verifier);
    if (!basic) oidc_field(&form, "client_id", c->client);
    if (!basic && c->secret != NULL) oidc_field(&form, "client_secret", c->secret);
    if (basic) { /* RFC 6749 section 2.3.1: both as in a form */
        fetch_escape(&user, c->client);
        fetch_escape(&password, c->secret);
    }
    bool failed = form.failed || back.failed || user.failed || password.failed;
    struct fetch spec = {.url = facts->token,
                         .form = form.data,
                         .ca = c->ca,
                         .user = basic ? user.data : NULL,
                         .password = basic ? password.data : NULL};
    dw_err err = failed ? DW_E_MEMORY : fetch_do(out, &spec, detail);
    if (password.data != NULL) keys_wipe(password.data, password.len);
    if (form.data != NULL) keys_wipe(form.data, form.len);
    keys_wipe(verifier, sizeof verifier);
    arena_buf_free(&form);
    arena_buf_free(&back);
    arena_buf_free(&user);
    arena_buf_free(&password);
    return err;
}

static const char *oidc_identity_token(const struct arena_buf *answer, struct arena *arena)
{
    struct json json = {0};
    const char *token = NULL;
    if (answer->data != NULL && json_read(&json, answer->data, answer->len, NULL) == DW_OK)
        token = json_member_text(&json, 0, "id_token", arena);
    json_free(&json);
    return token;
}

/* What the provider says of itself, as this call uses it. */
static dw_err oidc_facts_now(struct oidc_facts *out, struct oidc *oidc, struct when at, int64_t age_ms, struct arena *arena,
                             const char **keys, struct err_detail *detail)
{
    pthread_mutex_lock(&oidc->lock);
    dw_err err = oidc_learn(oidc, at, age_ms, detail);
    if (err == DW_OK) {
        *out = oidc->facts;
        *keys = arena_text(arena, oidc->facts.keys.data, oidc->facts.keys.len);
    }
    pthread_mutex_unlock(&oidc->lock);
    return err == DW_OK && *keys == NULL ? DW_E_MEMORY : err;
}

static dw_err oidc_subject(struct oidc_word *out, struct arena *arena, struct oidc *oidc, const struct oidc_answer *answer,
                           const struct oidc_begun *begun, struct err_detail *detail)
{
    struct arena_buf said = {0};
    struct oidc_facts facts;
    const char *keys = NULL;
    char nonce[HASH_TEXT];
    bool unknown = false;
    struct oidc_expected expected = {oidc->config.issuer, oidc->config.client, nonce, answer->at};
    oidc_part(nonce, begun, "nonce");
    ERR_TRY(oidc_facts_now(&facts, oidc, answer->at, OIDC_FACTS_MS, arena, &keys, detail));
    dw_err err = oidc_exchange(&said, oidc, &facts, answer->code, begun, detail);
    const char *token = err == DW_OK ? oidc_identity_token(&said, arena) : NULL;
    if (err == DW_OK && token == NULL) err = err_set(detail, DW_E_FORMAT, "the provider gives no identity token");
    if (err == DW_OK) err = oidc_token_read(&out->subject, &unknown, arena, token, keys, &expected, detail);
    /* The provider may have new keys. */
    if (unknown && oidc_facts_now(&facts, oidc, answer->at, OIDC_AGAIN_MS, arena, &keys, detail) == DW_OK)
        err = oidc_token_read(&out->subject, &unknown, arena, token, keys, &expected, detail);
    if (said.data != NULL) keys_wipe(said.data, said.len);
    arena_buf_free(&said);
    return err;
}

dw_err oidc_finish(struct oidc_word *out, struct arena *arena, struct oidc *oidc, const struct oidc_answer *answer,
                   struct err_detail *detail)
{
    struct oidc_begun begun;
    *out = (struct oidc_word){NULL, NULL};
    if (!oidc_unseal(&begun, oidc, answer))
        return err_at(detail, DW_E_UNKNOWN_CALLER, NULL, NULL, 0, "state", "this browser did not begin it, or it took too long");
    /* RFC 9207: an answer that another provider gave is none. */
    if (answer->issuer != NULL && strcmp(answer->issuer, oidc->config.issuer) != 0)
        return err_at(detail, DW_E_UNKNOWN_CALLER, NULL, NULL, 0, "iss", "another provider");
    if (answer->error != NULL || answer->code == NULL)
        return err_at(detail, DW_E_UNKNOWN_CALLER, NULL, NULL, 0, "error", "%.60s", answer->error == NULL ? "" : answer->error);
    dw_err err = oidc_subject(out, arena, oidc, answer, &begun, detail);
    out->link = begun.link[0] == 0 ? NULL : arena_text(arena, begun.link, strlen(begun.link));
    keys_wipe(&begun, sizeof begun);
    return err;
}
