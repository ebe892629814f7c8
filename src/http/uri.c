#include "http/uri.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* More than any route takes, less than there is room for. */
enum { URI_BYTES = 6000, URI_PARAMETERS = 64 };

static bool uri_fits(const char *uri)
{
    size_t parameters = 0;
    const char *at = strchr(uri, '?');
    for (; at != NULL && parameters <= URI_PARAMETERS; at = strchr(at + 1, '&')) parameters++;
    return parameters <= URI_PARAMETERS && strlen(uri) <= URI_BYTES;
}

/* A problem as any other, but in both languages: which one is wanted stands behind the line. */
static void uri_say(int socket)
{
    static const char body[] =
        "{\"type\":\"urn:doorward:error:TOO_LARGE\",\"title\":\"超出允许的大小 larger than allowed\",\"status\":414,"
        "\"code\":\"TOO_LARGE\",\"detail\":\"地址太长或参数太多 the address is too long, or has too many parameters\","
        "\"fix\":\"减少参数 ask with fewer parameters\"}";
    char text[1024];
    int len = snprintf(text, sizeof text,
                       "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
                       "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nContent-Length: %zu\r\n\r\n%s",
                       sizeof body - 1, body);
    ssize_t sent = send(socket, text, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)sent; /* whoever does not take it is shut out all the same */
}

bool uri_refused(struct MHD_Connection *connection, const char *uri, bool secure)
{
    if (uri_fits(uri)) return false;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == NULL) return true;
    /* What was answered before has been sent whole: the library asks for a line only after that. */
    if (!secure) uri_say(info->connect_fd);
    shutdown(info->connect_fd, SHUT_RDWR);
    return true;
}
