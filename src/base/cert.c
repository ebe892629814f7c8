#include "base/cert.h"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

enum { CERT_NAME = 64, CERT_NAMES = 4096, CERT_SERIAL_BITS = 127 };

void cert_free(struct cert_pair *pair)
{
    if (pair == NULL) return;
    if (pair->key != NULL) OPENSSL_cleanse(pair->key, strlen(pair->key));
    free(pair->key);
    free(pair->cert);
    *pair = (struct cert_pair){NULL, NULL};
}

static dw_err cert_failed(struct err_detail *detail, const char *what)
{
    return err_set(detail, DW_E_INVALID, "%s", what);
}

static char *cert_text(BIO *bio)
{
    char *data = NULL;
    long len = BIO_get_mem_data(bio, &data);
    char *out = len < 0 ? NULL : malloc((size_t)len + 1);
    if (out == NULL) return NULL;
    memcpy(out, data, (size_t)len);
    out[len] = 0;
    return out;
}

static X509 *cert_read(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *x = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return x;
}

static EVP_PKEY *cert_read_key(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return key;
}

static bool cert_add(X509 *x, X509 *by, int what, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, by, x, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, what, value);
    bool good = extension != NULL && X509_add_ext(x, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

static bool cert_serial(X509 *x)
{
    BIGNUM *n = BN_new();
    bool good = n != NULL && BN_rand(n, CERT_SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
    BN_free(n);
    return good;
}

/* A day back, for phones whose clock is behind. */
static bool cert_begin(X509 *x, EVP_PKEY *key, const char *name, int64_t now_ms, int days)
{
    time_t now = (time_t)(now_ms / 1000);
    X509_NAME *subject = X509_get_subject_name(x);
    return X509_set_version(x, 2) == 1 && cert_serial(x) && X509_time_adj_ex(X509_getm_notBefore(x), -1, 0, &now) != NULL &&
           X509_time_adj_ex(X509_getm_notAfter(x), days, 0, &now) != NULL && X509_set_pubkey(x, key) == 1 &&
           X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const unsigned char *)"doorward", -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1;
}

static dw_err cert_write(struct cert_pair *out, X509 *x, EVP_PKEY *key, X509 *by)
{
    BIO *cert = BIO_new(BIO_s_mem()), *secret = BIO_new(BIO_s_mem());
    bool good = cert != NULL && secret != NULL && PEM_write_bio_X509(cert, x) == 1 &&
                (by == NULL || PEM_write_bio_X509(cert, by) == 1) &&
                PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (good) *out = (struct cert_pair){cert_text(cert), cert_text(secret)};
    BIO_free(cert);
    BIO_free(secret);
    if (good && out->cert != NULL && out->key != NULL) return DW_OK;
    cert_free(out);
    return DW_E_MEMORY;
}

dw_err cert_authority(struct cert_pair *out, const char *name, int64_t now_ms, int days, struct err_detail *detail)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    char cut[CERT_NAME + 1];
    *out = (struct cert_pair){NULL, NULL};
    snprintf(cut, sizeof cut, "%s", name);
    bool good = key != NULL && x != NULL && cert_begin(x, key, cut, now_ms, days) &&
                X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 &&
                cert_add(x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                cert_add(x, x, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                cert_add(x, x, NID_ext_key_usage, "serverAuth") && cert_add(x, x, NID_subject_key_identifier, "hash") &&
                X509_sign(x, key, EVP_sha256()) > 0;
    dw_err err = good ? cert_write(out, x, key, NULL) : cert_failed(detail, "no authority could be made");
    X509_free(x);
    EVP_PKEY_free(key);
    return err;
}

/* "DNS:a,IP:b": a name holds nothing that would end it. */
static bool cert_names(char *out, size_t size, const char *const *names, size_t count)
{
    size_t len = 0;
    unsigned char bytes[16];
    for (size_t i = 0; i < count; i++) {
        bool address = inet_pton(AF_INET, names[i], bytes) == 1 || inet_pton(AF_INET6, names[i], bytes) == 1;
        size_t room = size - len, good = strspn(names[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*");
        if (!address && (good == 0 || names[i][good] != 0)) return false;
        int wrote = snprintf(out + len, room, "%s%s:%s", i == 0 ? "" : ",", address ? "IP" : "DNS", names[i]);
        if (wrote < 0 || (size_t)wrote >= room) return false;
        len += (size_t)wrote;
    }
    return count > 0;
}

static bool cert_time(int64_t *out_ms, const ASN1_TIME *time)
{
    int days = 0, seconds = 0;
    ASN1_TIME *zero = ASN1_TIME_set(NULL, 0);
    bool good = zero != NULL && ASN1_TIME_diff(&days, &seconds, zero, time) == 1;
    if (good) *out_ms = ((int64_t)days * 86400 + seconds) * 1000;
    ASN1_TIME_free(zero);
    return good;
}

/* What outlives its authority is believed by nobody. */
static bool cert_within(X509 *x, const X509 *issuer)
{
    int64_t until, most;
    if (!cert_time(&until, X509_get0_notAfter(x)) || !cert_time(&most, X509_get0_notAfter(issuer))) return false;
    return until <= most || X509_set1_notAfter(x, X509_get0_notAfter(issuer)) == 1;
}

dw_err cert_server(struct cert_pair *out, const struct cert_pair *by, const char *const *names, size_t count, int64_t now_ms,
                   int days, struct err_detail *detail)
{
    char list[CERT_NAMES], cut[CERT_NAME + 1];
    *out = (struct cert_pair){NULL, NULL};
    if (!cert_names(list, sizeof list, names, count)) return cert_failed(detail, "host names and addresses are wanted");
    snprintf(cut, sizeof cut, "%s", names[0]);
    EVP_PKEY *key = EVP_EC_gen("P-256"), *signer = cert_read_key(by->key);
    X509 *x = X509_new(), *issuer = cert_read(by->cert);
    bool good = key != NULL && signer != NULL && x != NULL && issuer != NULL && cert_begin(x, key, cut, now_ms, days) &&
                cert_within(x, issuer) && X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1 &&
                cert_add(x, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                cert_add(x, issuer, NID_key_usage, "critical,digitalSignature") &&
                cert_add(x, issuer, NID_ext_key_usage, "serverAuth") && cert_add(x, issuer, NID_subject_alt_name, list) &&
                cert_add(x, issuer, NID_subject_key_identifier, "hash") &&
                cert_add(x, issuer, NID_authority_key_identifier, "keyid:always") && X509_sign(x, signer, EVP_sha256()) > 0 &&
                X509_verify(x, X509_get0_pubkey(issuer)) == 1;
    dw_err err = good ? cert_write(out, x, key, issuer) : err_set(detail, DW_E_CERT, "the authority's files do not fit together");
    X509_free(x);
    X509_free(issuer);
    EVP_PKEY_free(key);
    EVP_PKEY_free(signer);
    return err;
}

dw_err cert_life(int64_t *from_ms, int64_t *until_ms, const char *pem, struct err_detail *detail)
{
    X509 *x = cert_read(pem);
    bool good = x != NULL && cert_time(from_ms, X509_get0_notBefore(x)) && cert_time(until_ms, X509_get0_notAfter(x));
    X509_free(x);
    return good ? DW_OK : err_set(detail, DW_E_CERT, "not a certificate (PEM)");
}

void cert_hosts(const char *pem, void (*tell)(void *ctx, const char *name), void *ctx)
{
    X509 *x = cert_read(pem);
    GENERAL_NAMES *names = x == NULL ? NULL : X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        char text[256] = "";
        if (name->type == GEN_DNS && name->d.dNSName->length < (int)sizeof text)
            memcpy(text, name->d.dNSName->data, (size_t)name->d.dNSName->length);
        if (name->type == GEN_IPADD && (name->d.iPAddress->length == 4 || name->d.iPAddress->length == 16))
            inet_ntop(name->d.iPAddress->length == 4 ? AF_INET : AF_INET6, name->d.iPAddress->data, text, sizeof text);
        if (text[0] != 0) tell(ctx, text);
    }
    GENERAL_NAMES_free(names);
    X509_free(x);
}

dw_err cert_print(char out[96], const char *pem, struct err_detail *detail)
{
    X509 *x = cert_read(pem);
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    bool good = x != NULL && X509_digest(x, EVP_sha256(), hash, &len) == 1 && len == 32;
    for (unsigned i = 0; good && i < len; i++) snprintf(out + (size_t)i * 3, 4, i + 1 < len ? "%02X:" : "%02X", hash[i]);
    X509_free(x);
    return good ? DW_OK : err_set(detail, DW_E_CERT, "not a certificate (PEM)");
}

dw_err cert_fits(const char *pem, const char *key_pem, struct err_detail *detail)
{
    X509 *x = cert_read(pem);
    EVP_PKEY *key = cert_read_key(key_pem);
    dw_err err = DW_OK;
    if (x == NULL || key == NULL)
        err = err_set(detail, DW_E_CERT, "%s", x == NULL ? "no certificate in PEM" : "no private key in PEM");
    else if (X509_check_private_key(x, key) != 1)
        err = err_set(detail, DW_E_CERT, "the key does not belong to the certificate");
    EVP_PKEY_free(key);
    X509_free(x);
    return err;
}
