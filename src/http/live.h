/* The live stream: what changed in each listener's areas, as Server-Sent Events. One thread looks for news and says them; the
 * listeners' connections wait suspended. An event says how things stand now, so that who was away, or reads slowly, misses
 * nothing: he gets one event with all that changed behind the last one he has. */
#ifndef HTTP_LIVE_H
#define HTTP_LIVE_H

#include "http/request.h"

enum {
    LIVE_MOST = 5000,   /* listeners */
    LIVE_TICK = 50,     /* ms between two looks at this program's own state */
    LIVE_GAP = 250,     /* ms at least between two events of one listener */
    LIVE_REFRESH = 250, /* ms between two looks at what other programs wrote */
    LIVE_PING = 15000,
    LIVE_CHECK = 5000 /* ms between two looks whether a listener may still listen */
};

struct live;

dw_err live_start(struct live **out, struct server *server);
/* Ends every stream, and begins no other. Before the daemon ends; then, when it has ended, live_free. NULL is safe in both. */
void live_stop(struct live *live);
void live_free(struct live *live);
/* The call's connection becomes a listener; after: the site's sequence up to which it knows everything, −1 for nothing.
 * DW_E_BUSY when there are too many. */
dw_err live_listen(struct live *live, struct request *r, int64_t after, bool buildings);
size_t live_count(struct live *live);

#endif
