#include "base/cert.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t cert_ms(const ASN1_TIME *time)
{
    struct tm tm = {0};
    return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

static void cert_name(char *out, size_t size, const GENERAL_NAME *name)
{
    const ASN1_STRING *text = name->d.ia5;
    int len = ASN1_STRING_length(text);
    const unsigned char *data = ASN1_STRING_get0_data(text);
    *out = 0;
    if (name->type == GEN_DNS && len > 0) snprintf(out, size, "%.*s", len, (const char *)data);
    if (name->type == GEN_IPADD && len == 4) snprintf(out, size, "%d.%d.%d.%d", data[0], data[1], data[2], data[3]);
    for (int i = 0; name->type == GEN_IPADD && len == 16 && i < 8; i++)
        snprintf(out + strlen(out), size - strlen(out), "%s%x", i == 0 ? "" : ":", data[2 * i] << 8 | data[2 * i + 1]);
}

static void cert_names(struct cert *out, const X509 *x509)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
    size_t at = 0;
    for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num(names); i++) {
        char one[256];
        cert_name(one, sizeof one, sk_GENERAL_NAME_value(names, i));
        if (*one != 0 && at < sizeof out->names)
            at += (size_t)snprintf(out->names + at, sizeof out->names - at, "%s%s", at == 0 ? "" : ", ", one);
    }
    GENERAL_NAMES_free(names);
}

static dw_err cert_pair(X509 *x509, const char *key_pem, struct err_detail *detail)
{
    BIO *bio = BIO_new_mem_buf(key_pem, -1);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, NULL, "");
    dw_err err = DW_OK;
    if (key == NULL)
        err = err_set(detail, DW_E_FORMAT, "no private key in PEM without a passphrase");
    else if (X509_check_private_key(x509, key) != 1)
        err = err_set(detail, DW_E_KEYS, "the key does not belong to the certificate");
    EVP_PKEY_free(key);
    BIO_free(bio);
    return err;
}

dw_err cert_look(struct cert *out, const char *cert_pem, const char *key_pem, struct err_detail *detail)
{
    BIO *bio = BIO_new_mem_buf(cert_pem, -1);
    X509 *x509 = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
    dw_err err = x509 == NULL ? err_set(detail, DW_E_FORMAT, "no certificate in PEM") : DW_OK;
    memset(out, 0, sizeof *out);
    if (err == DW_OK) {
        out->from_ms = cert_ms(X509_get0_notBefore(x509));
        out->until_ms = cert_ms(X509_get0_notAfter(x509));
        cert_names(out, x509);
        if (key_pem != NULL) err = cert_pair(x509, key_pem, detail);
    }
    X509_free(x509);
    BIO_free(bio);
    return err;
}
