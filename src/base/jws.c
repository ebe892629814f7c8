#include "base/jws.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/hash.h"
#include "base/keys.h"

enum { JWS_PARTS = 3, JWS_MODULUS_MIN = 256 /* bytes: RFC 7518 section 3.3 */, JWS_MODULUS_MAX = 1024, JWS_EXPONENT_MAX = 8 };

/* The bytes of base64url, in arena with a zero behind them. NULL when it is none, or memory is out. */
static const uint8_t *jws_bytes(size_t *len, struct arena *arena, const char *text, size_t text_len)
{
    *len = text_len / 4 * 3 + (text_len % 4 == 0 ? 0 : text_len % 4 - 1);
    uint8_t *bytes = text_len % 4 == 1 ? NULL : arena_alloc(arena, *len + 1);
    if (bytes == NULL || !hash_unb64(bytes, *len, text, text_len)) return NULL;
    bytes[*len] = 0;
    return bytes;
}

static bool jws_header(struct jws *out, struct arena *arena, const char *text, size_t len)
{
    struct json json = {0};
    bool good = json_read(&json, text, len, NULL) == DW_OK && json.tokens[0].type == JSON_OBJECT;
    if (good) {
        out->algorithm = json_member_text(&json, 0, "alg", arena);
        out->key_id = json_member_text(&json, 0, "kid", arena);
        good = out->algorithm != NULL && json_member(&json, 0, "crit") == 0;
    }
    json_free(&json);
    return good;
}

dw_err jws_read(struct jws *out, struct arena *arena, const char *text, struct err_detail *detail)
{
    const char *part[JWS_PARTS + 1] = {text};
    const uint8_t *bytes[JWS_PARTS] = {NULL};
    size_t len[JWS_PARTS], parts = 1;
    memset(out, 0, sizeof *out);
    for (const char *c = text; *c != 0 && parts <= JWS_PARTS; c++)
        if (*c == '.') part[parts++] = c + 1;
    if (parts != JWS_PARTS) return err_set(detail, DW_E_FORMAT, "no signed text of three parts");
    part[JWS_PARTS] = text + strlen(text) + 1;
    for (int i = 0; i < JWS_PARTS; i++) {
        bytes[i] = jws_bytes(&len[i], arena, part[i], (size_t)(part[i + 1] - part[i] - 1));
        if (bytes[i] == NULL) return err_set(detail, DW_E_FORMAT, "part %d is no base64url", i + 1);
    }
    if (!jws_header(out, arena, (const char *)bytes[0], len[0]))
        return err_set(detail, DW_E_FORMAT, "a header that is not understood");
    out->payload = (const char *)bytes[1];
    out->payload_len = len[1];
    out->signed_text = text;
    out->signed_len = (size_t)(part[2] - text - 1);
    out->sign = bytes[2];
    out->sign_len = len[2];
    return DW_OK;
}

static const uint8_t *jws_number(size_t *len, const struct json *json, uint32_t key, const char *name, struct arena *arena)
{
    const char *text = json_member_text(json, key, name, arena);
    return text == NULL ? NULL : jws_bytes(len, arena, text, strlen(text));
}

static bool jws_by_point(const struct jws *jws, const struct json *json, uint32_t key, struct arena *arena)
{
    enum { HALF = 32 };
    uint8_t whole[1 + 2 * HALF] = {4};
    struct keys_public point;
    size_t x_len, y_len;
    const char *curve = json_member_text(json, key, "crv", arena);
    const uint8_t *x = jws_number(&x_len, json, key, "x", arena), *y = jws_number(&y_len, json, key, "y", arena);
    if (curve == NULL || strcmp(curve, "P-256") != 0 || x == NULL || y == NULL || x_len != HALF || y_len != HALF) return false;
    memcpy(whole + 1, x, HALF);
    memcpy(whole + 1 + HALF, y, HALF);
    return jws->sign_len == KEYS_SIGN && keys_public_from(&point, whole, sizeof whole) &&
           keys_public_signed(jws->sign, &point, jws->signed_text, jws->signed_len);
}

/* NULL when the numbers are no key that anybody should use. */
static EVP_PKEY *jws_rsa(const uint8_t *n, size_t n_len, const uint8_t *e, size_t e_len)
{
    EVP_PKEY *key = NULL;
    if (n_len < JWS_MODULUS_MIN || n_len > JWS_MODULUS_MAX || e_len == 0 || e_len > JWS_EXPONENT_MAX) return NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *modulus = BN_bin2bn(n, (int)n_len, NULL), *exponent = BN_bin2bn(e, (int)e_len, NULL);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM *params = NULL;
    if (build != NULL && modulus != NULL && exponent != NULL &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
        params = OSSL_PARAM_BLD_to_param(build);
    if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

static bool jws_by_rsa(const struct jws *jws, const EVP_MD *digest, const struct json *json, uint32_t key, struct arena *arena)
{
    size_t n_len = 0, e_len = 0;
    const uint8_t *n = jws_number(&n_len, json, key, "n", arena), *e = jws_number(&e_len, json, key, "e", arena);
    EVP_PKEY *rsa = n == NULL || e == NULL ? NULL : jws_rsa(n, n_len, e, e_len);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how = NULL;
    bool good = rsa != NULL && context != NULL && EVP_DigestVerifyInit(context, &how, digest, NULL, rsa) == 1;
    if (good && jws->algorithm[0] == 'P')
        good = EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) == 1;
    good = good && EVP_DigestVerify(context, jws->sign, jws->sign_len, (const uint8_t *)jws->signed_text, jws->signed_len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(rsa);
    return good;
}

bool jws_by(const struct jws *jws, const struct json *json, uint32_t key, struct arena *arena)
{
    const char *type = json_member_text(json, key, "kty", arena), *use = json_member_text(json, key, "use", arena),
               *only = json_member_text(json, key, "alg", arena), *a = jws->algorithm;
    if (type == NULL || (use != NULL && strcmp(use, "sig") != 0) || (only != NULL && strcmp(only, a) != 0)) return false;
    if (strcmp(a, "ES256") == 0) return strcmp(type, "EC") == 0 && jws_by_point(jws, json, key, arena);
    if (strlen(a) != 5 || (strncmp(a, "RS", 2) != 0 && strncmp(a, "PS", 2) != 0) || strcmp(type, "RSA") != 0) return false;
    const EVP_MD *digest = strcmp(a + 2, "256") == 0   ? EVP_sha256()
                           : strcmp(a + 2, "384") == 0 ? EVP_sha384()
                           : strcmp(a + 2, "512") == 0 ? EVP_sha512()
                                                       : NULL;
    return digest != NULL && jws_by_rsa(jws, digest, json, key, arena);
}
