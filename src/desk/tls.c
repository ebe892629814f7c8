#include "desk/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/beside.h"

/* Phones refuse certificates of servers that are good for longer than 825 days, some than 398. */
enum { TLS_AUTHORITY_DAYS = 3650, TLS_SERVER_DAYS = 397, TLS_FILE_MAX = 1 << 20, TLS_PATH = 1024 };

void tls_add(struct tls_names *names, const char *text)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->text[i], text) == 0) return;
    if (names->count < TLS_NAMES && *text != 0) snprintf(names->text[names->count++], TLS_NAME, "%s", text);
}

void tls_names(struct tls_names *out)
{
    char host[TLS_NAME - 8] = "", address[INET6_ADDRSTRLEN], local[TLS_NAME];
    struct ifaddrs *all = NULL;
    memset(out, 0, sizeof *out);
    if (gethostname(host, sizeof host - 1) == 0) tls_add(out, host);
    snprintf(local, sizeof local, "%s.local", host);
    if (*host != 0 && strchr(host, '.') == NULL) tls_add(out, local);
    if (getifaddrs(&all) == 0) {
        for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
            const void *bytes = NULL;
            if (one->ifa_addr == NULL || (one->ifa_flags & IFF_UP) == 0) continue;
            if (one->ifa_addr->sa_family == AF_INET) bytes = &((const struct sockaddr_in *)(const void *)one->ifa_addr)->sin_addr;
            if (one->ifa_addr->sa_family == AF_INET6)
                bytes = &((const struct sockaddr_in6 *)(const void *)one->ifa_addr)->sin6_addr;
            if (bytes == NULL || (one->ifa_addr->sa_family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL((const struct in6_addr *)bytes)))
                continue;
            if (inet_ntop(one->ifa_addr->sa_family, bytes, address, sizeof address) != NULL) tls_add(out, address);
        }
        freeifaddrs(all);
    }
    tls_add(out, "localhost");
    tls_add(out, "127.0.0.1");
    tls_add(out, "::1");
}

const char *tls_near(const struct tls_names *names)
{
    struct in_addr bytes;
    for (size_t i = 0; i < names->count; i++)
        if (inet_pton(AF_INET, names->text[i], &bytes) == 1 && (ntohl(bytes.s_addr) >> 24) != 127) return names->text[i];
    return "127.0.0.1";
}

dw_err tls_file(char **out, const char *path, struct err_detail *detail)
{
    *out = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return errno == ENOENT ? DW_OK : err_set(detail, DW_E_IO, "%s: %s", path, strerror(errno));
    char *text = calloc(1, TLS_FILE_MAX + 1);
    size_t len = text == NULL ? 0 : fread(text, 1, TLS_FILE_MAX, file);
    bool failed = text == NULL || ferror(file) != 0 || strlen(text) != len;
    fclose(file);
    if (!failed) {
        *out = text;
        return DW_OK;
    }
    free(text);
    return err_set(detail, DW_E_IO, "%s: %s", path, text == NULL ? "out of memory" : "it does not read as a text");
}

static const char *tls_path(char out[TLS_PATH], const char *store, const char *ending)
{
    snprintf(out, TLS_PATH, "%s%s", store, ending);
    return out;
}

static dw_err tls_read(struct cert_pair *out, const char *store, const char *cert, const char *key, struct err_detail *detail)
{
    char path[TLS_PATH];
    *out = (struct cert_pair){NULL, NULL};
    dw_err err = tls_file(&out->cert, tls_path(path, store, cert), detail);
    if (err == DW_OK) err = tls_file(&out->key, tls_path(path, store, key), detail);
    if (err == DW_OK && (out->cert == NULL) == (out->key == NULL)) return DW_OK;
    cert_free(out);
    return err != DW_OK ? err : err_set(detail, DW_E_CERT, "one of %s%s and %s%s is missing", store, cert, store, key);
}

/* What root makes beside a store belongs to whom the store belongs: a server that has given root up renews it. */
static void tls_own(const char *path, const char *store)
{
    struct stat st;
    if (geteuid() == 0 && stat(store, &st) == 0 && st.st_uid != 0 && chown(path, st.st_uid, st.st_gid) != 0) return;
}

/* The key first: a certificate whose key is missing helps nobody. Nobody else may read it. */
static dw_err tls_write(const struct cert_pair *pair, const char *store, const char *cert, const char *key,
                        struct err_detail *detail)
{
    char path[TLS_PATH];
    mode_t before = umask(077);
    dw_err err = beside_put(tls_path(path, store, key), pair->key, strlen(pair->key), detail);
    umask(before);
    if (err == DW_OK) tls_own(path, store);
    if (err == DW_OK) err = beside_put(tls_path(path, store, cert), pair->cert, strlen(pair->cert), detail);
    if (err == DW_OK) tls_own(path, store);
    return err;
}

static void tls_known(void *ctx, const char *name)
{
    tls_add(ctx, name);
}

dw_err tls_init(bool *made, const char *store, const struct tls_names *names, struct when at, struct err_detail *detail)
{
    struct cert_pair authority, server = {NULL, NULL};
    struct tls_names every = *names;
    const char *list[TLS_NAMES];
    char name[TLS_NAME + 16], path[TLS_PATH], *old;
    ERR_TRY(tls_file(&old, tls_path(path, store, ".tls.pem"), detail));
    if (old != NULL) cert_hosts(old, tls_known, &every);
    free(old);
    for (size_t i = 0; i < every.count; i++) list[i] = every.text[i];
    ERR_TRY(tls_read(&authority, store, ".ca.pem", ".ca.key", detail));
    *made = authority.cert == NULL;
    snprintf(name, sizeof name, "doorward %s", names->text[0]);
    dw_err err = *made ? cert_authority(&authority, name, at.ms, TLS_AUTHORITY_DAYS, detail) : DW_OK;
    if (err == DW_OK) err = cert_server(&server, &authority, list, every.count, at.ms, TLS_SERVER_DAYS, detail);
    if (err == DW_OK && *made) err = tls_write(&authority, store, ".ca.pem", ".ca.key", detail);
    if (err == DW_OK) err = tls_write(&server, store, ".tls.pem", ".tls.key", detail);
    cert_free(&authority);
    cert_free(&server);
    return err;
}

char *tls_authority(const char *store)
{
    char path[TLS_PATH], *text = NULL;
    return tls_file(&text, tls_path(path, store, ".ca.pem"), NULL) == DW_OK ? text : NULL;
}

dw_err tls_load(struct cert_pair *out, const char *store, struct err_detail *detail)
{
    return tls_read(out, store, ".tls.pem", ".tls.key", detail);
}

dw_err tls_life(struct tls_life *out, const char *pem, struct err_detail *detail)
{
    ERR_TRY(cert_life(&out->from_ms, &out->until_ms, pem, detail));
    out->due_ms = out->until_ms - (out->until_ms - out->from_ms) / 3;
    return DW_OK;
}

dw_err tls_renew(bool *renewed, const char *store, struct when at, struct err_detail *detail)
{
    struct tls_names names;
    struct cert_pair pair;
    struct tls_life life = {.due_ms = 0}, by = {.until_ms = 0};
    bool made;
    *renewed = false;
    ERR_TRY(tls_load(&pair, store, detail));
    char *authority = pair.cert == NULL ? NULL : tls_authority(store);
    dw_err err = authority == NULL ? DW_OK : tls_life(&life, pair.cert, detail);
    if (err == DW_OK && authority != NULL) err = tls_life(&by, authority, detail);
    cert_free(&pair);
    free(authority);
    if (err != DW_OK || at.ms < life.due_ms || by.until_ms == 0) return err;
    if (by.until_ms <= at.ms) return err_set(detail, DW_E_CERT, "%s.ca.pem: the authority's own time is over", store);
    if (by.until_ms <= life.until_ms) return DW_OK; /* it would end no later than the one that is there */
    tls_names(&names);
    ERR_TRY(tls_init(&made, store, &names, at, detail));
    *renewed = true;
    return DW_OK;
}
