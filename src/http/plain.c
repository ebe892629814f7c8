#include "http/plain.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/uri.h"

enum { PLAIN_CONNECTIONS = 256, PLAIN_IDLE = 10 /* seconds */, PLAIN_MEMORY = 8192, PLAIN_HOST = 255 };

struct plain {
    struct MHD_Daemon *daemon;
    char *authority;
    int port;
};

static enum MHD_Result plain_send(struct MHD_Connection *connection, unsigned status, const char *body, const char *header,
                                  const char *value)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(body), (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) return MHD_NO;
    if (header != NULL) MHD_add_response_header(response, header, value);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* The host as the caller named it, without its port; "" when it is none. */
static void plain_host(char out[PLAIN_HOST + 1], const char *host)
{
    size_t len = host == NULL ? 0 : *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    out[0] = 0;
    if (len == 0 || len > PLAIN_HOST || len > strlen(host)) return;
    memcpy(out, host, len);
    out[len] = 0;
    if (strspn(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") != len) out[0] = 0;
}

static enum MHD_Result plain_answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                    const char *version, const char *data, size_t *len, void **state)
{
    const struct plain *plain = cls;
    char host[PLAIN_HOST + 1], port[16] = "", where[PLAIN_MEMORY + PLAIN_HOST + 32];
    const char *uri = *state;
    (void)version;
    (void)data;
    (void)len;
    if (strcmp(method, "GET") == 0 && strcmp(url, "/api/v1/authority") == 0 && plain->authority != NULL)
        return plain_send(connection, MHD_HTTP_OK, plain->authority, "Content-Type", "application/x-x509-ca-cert");
    plain_host(host, MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host"));
    if (host[0] == 0 || uri == NULL || uri[0] != '/') return plain_send(connection, MHD_HTTP_BAD_REQUEST, "", NULL, NULL);
    if (plain->port != 443) snprintf(port, sizeof port, ":%d", plain->port);
    snprintf(where, sizeof where, "https://%s%s%s", host, port, uri);
    return plain_send(connection, MHD_HTTP_PERMANENT_REDIRECT, "", "Location", where);
}

static void *plain_begun(void *cls, const char *uri, struct MHD_Connection *connection)
{
    (void)cls;
    return uri_refused(connection, uri, false) ? NULL : strdup(uri);
}

static void plain_ended(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    (void)cls;
    (void)connection;
    (void)code;
    free(*state);
    *state = NULL;
}

dw_err plain_start(struct plain **out, int socket, int tls_port, const char *authority, struct err_detail *detail)
{
    struct plain *plain = calloc(1, sizeof *plain);
    *out = plain;
    if (plain == NULL) return DW_E_MEMORY;
    plain->port = tls_port;
    plain->authority = authority == NULL ? NULL : strdup(authority);
    plain->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, plain_answer, plain, MHD_OPTION_LISTEN_SOCKET, socket,
                         MHD_OPTION_URI_LOG_CALLBACK, plain_begun, plain, MHD_OPTION_NOTIFY_COMPLETED, plain_ended, plain,
                         MHD_OPTION_CONNECTION_LIMIT, (unsigned)PLAIN_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
                         (unsigned)PLAIN_IDLE, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)PLAIN_MEMORY, MHD_OPTION_END);
    if (plain->daemon != NULL) return DW_OK;
    plain_stop(plain);
    *out = NULL;
    return err_set(detail, DW_E_IO, "the plain side of the server does not start");
}

void plain_stop(struct plain *plain)
{
    if (plain == NULL) return;
    if (plain->daemon != NULL) MHD_stop_daemon(plain->daemon);
    free(plain->authority);
    free(plain);
}
