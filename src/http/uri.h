/* Request lines that are too long. The library keeps what it has read of a call in a few KiB; when the parameters of a line do
 * not fit there, it gives no answer and never looks at the connection again. So they are counted before it takes them apart. */
#ifndef HTTP_URI_H
#define HTTP_URI_H

#include <microhttpd.h>
#include <stdbool.h>

/* True: the connection has been told 414 (over TLS nothing can be said here) and is shut; nothing of the call is to be done. For
 * an MHD_OPTION_URI_LOG_CALLBACK. O(length). */
bool uri_refused(struct MHD_Connection *connection, const char *uri, bool secure);

#endif
