/* Connections that send too slowly, or nothing: each has a moment by which its next call must be here whole. A call of its own
 * length gets its own time; one that is being answered, or listened to, has all the time it wants. */
#ifndef HTTP_PATIENCE_H
#define HTTP_PATIENCE_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct patience;
struct patience_one; /* a connection */

/* most: connections at once; when they are nearly used up, those that wait longest for nothing go first. */
dw_err patience_open(struct patience **out, size_t most);
void patience_close(struct patience *patience); /* NULL is safe; all connections are gone */

struct patience_one *patience_begin(struct patience *patience, int socket, uint64_t now_ns); /* NULL when memory is out */
void patience_end(struct patience *patience, struct patience_one *one);                      /* before its socket is closed */
/* Its head is here, with a body of so many bytes to come. */
void patience_body(struct patience *patience, struct patience_one *one, uint64_t bytes, uint64_t now_ns);
void patience_answering(struct patience *patience, struct patience_one *one); /* all of it is here */
void patience_answered(struct patience *patience, struct patience_one *one, uint64_t now_ns);
/* Ends those whose time is over; how many. O(connections). */
size_t patience_tick(struct patience *patience, uint64_t now_ns);
size_t patience_count(struct patience *patience);

#endif
