/* The live stream's route. */
#include <string.h>

#include "base/text.h"
#include "http/answer.h"
#include "http/live.h"
#include "http/server_inside.h"

/* A browser that was cut off sends the number of the last event it has; any other program may ask by the query. */
dw_err api_live_listen(struct request *r)
{
    const char *last = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Last-Event-ID");
    int64_t after = request_int(r, "after");
    if (last != NULL && (!text_int(&after, last, strlen(last)) || after < 0)) after = 0; /* not ours: he is told everything */
    ERR_TRY(live_listen(r->server->live, r, after > 0 ? after : -1, request_bool(r, "buildings")));
    r->status = MHD_HTTP_OK;
    r->type = "text/event-stream";
    answer_header(r, "X-Accel-Buffering", "no"); /* proxies are to pass each event on */
    return DW_OK;
}
