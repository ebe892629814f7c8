#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/hash.h"
#include "base/keys.h"

enum { KEYS_WHOLE = 65, KEYS_HALF = 32, KEYS_DER = 80 };

/* NULL when the bytes are no point of the curve. */
static EVP_PKEY *keys_point(const uint8_t *bytes, size_t len)
{
    char group[] = "prime256v1";
    EVP_PKEY *key = NULL;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)bytes, len),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

bool keys_public_same(const struct keys_public *a, const struct keys_public *b)
{
    return a->kind == b->kind && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

size_t keys_public_size(const struct keys_public *key)
{
    return key->kind == KEYS_P256 ? KEYS_POINT : KEYS_PUBLIC;
}

bool keys_public_from(struct keys_public *out, const uint8_t *bytes, size_t len)
{
    memset(out, 0, sizeof *out);
    if (len == KEYS_PUBLIC) {
        memcpy(out->bytes, bytes, len);
        return true;
    }
    bool whole = len == KEYS_WHOLE && bytes[0] == 4, compressed = len == KEYS_POINT && (bytes[0] == 2 || bytes[0] == 3);
    EVP_PKEY *key = whole || compressed ? keys_point(bytes, len) : NULL;
    if (key == NULL) return false;
    EVP_PKEY_free(key);
    out->kind = KEYS_P256;
    memcpy(out->bytes, bytes, KEYS_POINT);
    if (whole) out->bytes[0] = (uint8_t)(2 + (bytes[KEYS_WHOLE - 1] & 1)); /* y is even or odd: x tells the rest */
    return true;
}

bool keys_public_read(struct keys_public *out, const char *text)
{
    static const size_t sizes[] = {KEYS_PUBLIC, KEYS_POINT, KEYS_WHOLE};
    uint8_t bytes[KEYS_WHOLE];
    size_t len = strlen(text);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (hash_unb64(bytes, sizes[i], text, len)) return keys_public_from(out, bytes, sizes[i]);
    return false;
}

void keys_public_text(char out[KEYS_POINT_TEXT], const struct keys_public *key)
{
    hash_b64(out, key->bytes, keys_public_size(key));
}

/* r and s as the library wants them; the length, 0 when they are no numbers. */
static size_t keys_der(uint8_t out[KEYS_DER], const uint8_t sign[KEYS_SIGN])
{
    ECDSA_SIG *both = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(sign, KEYS_HALF, NULL), *s = BN_bin2bn(sign + KEYS_HALF, KEYS_HALF, NULL);
    int len = 0;
    if (both != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(both, r, s) == 1) {
        r = s = NULL; /* they are its own now */
        len = i2d_ECDSA_SIG(both, NULL);
        len = len > 0 && len <= KEYS_DER ? i2d_ECDSA_SIG(both, &out) : 0;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(both);
    return len > 0 ? (size_t)len : 0;
}

bool keys_public_signed(const uint8_t sign[KEYS_SIGN], const struct keys_public *key, const void *data, size_t len)
{
    uint8_t der[KEYS_DER];
    if (key->kind == KEYS_ED25519) return keys_signed(sign, key->bytes, data, len);
    size_t size = keys_der(der, sign);
    EVP_PKEY *point = keys_point(key->bytes, KEYS_POINT);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = size > 0 && point != NULL && context != NULL &&
                EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, point) == 1 &&
                EVP_DigestVerify(context, der, size, data, len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(point);
    return good;
}
