#include "http/uri.h"

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

bool uri_refused(struct MHD_Connection *connection, const char *uri, bool secure)
{
    static const char say[] = "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    if (uri_fits(uri)) return false;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == NULL) return true;
    /* What was answered before has been sent whole: the library asks for a line only after that. */
    ssize_t sent = secure ? 0 : send(info->connect_fd, say, sizeof say - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)sent; /* whoever does not take it is shut out all the same */
    shutdown(info->connect_fd, SHUT_RDWR);
    return true;
}
