/* One call of the API on its way: what was asked, by whom, and what is answered. A handler (api_*) reads it, calls a desk, and
 * writes its answer with answer_*; an error it returns becomes a problem document with what to do. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <microhttpd.h>

#include "base/json.h"
#include "base/when.h"
#include "desk/account.h"
#include "desk/desk.h"
#include "http/router.h"
#include "http/work.h"

enum { REQUEST_QUERIES = 24, REQUEST_HEADERS = 12, REQUEST_ID = 17 };

struct server;
struct guard_scope;
struct patience_one;

struct request_pair {
    const char *name, *value;
};

struct request {
    struct work_item work; /* first: the pool gives it back */
    struct server *server;
    struct MHD_Connection *connection;
    struct router_match match;
    char method[8], id[REQUEST_ID]; /* id: of this call, in log and problem */
    struct arena arena;
    struct request_pair queries[REQUEST_QUERIES];
    size_t query_count;
    struct arena_buf body;
    struct json json; /* of the body, once request_json has read it */
    enum err_lang lang;
    struct when now;
    struct account_who who;    /* nobody for public routes */
    struct guard_scope *scope; /* where he may use the route's ability */
    struct err_detail detail;

    unsigned status; /* 0: nothing answered yet */
    const char *type;
    struct arena_buf out;
    struct json_out answer;
    struct request_pair headers[REQUEST_HEADERS];
    size_t header_count;
    struct MHD_Response *response; /* an answer that is no text in out; NULL */
    bool too_large, done;
    bool once; /* it bears an Idempotency-Key that is new */
    struct {
        enum site_type type;
        struct id id;
    } changes;        /* what If-Match is about */
    size_t spilled;   /* bytes of a body that is too large */
    bool guarded;     /* guard_caller was asked before the body came */
    bool admitted;    /* and the library has yet to be told to go on */
    uint64_t address; /* of the caller, as a key (limit) */
    unsigned wait;    /* seconds after which a call that was one too many may come again */
    struct patience_one *patience;
    void *handed;
    void (*hand_on)(struct request *r); /* set by a handler: called when it has returned, and call_finish answers later */
    uint64_t begun_ns;
    const char *url;    /* the whole path, percent-decoded */
    dw_err error;       /* of the problem that was answered */
    uint64_t sent;      /* bytes of the answer's body */
    const char *fields; /* of the items: "id,code"; NULL: all */
};

struct desk *request_desk(const struct request *r);
/* A query parameter as the route declares it; text NULL when not given. Wrong ones were refused before the handler began. */
const char *request_text(const struct request *r, const char *name);
int64_t request_int(const struct request *r, const char *name);
bool request_bool(const struct request *r, const char *name);
int request_enum(const struct request *r, const char *name); /* −1: not given */
const char *request_param(const struct request *r, int index);
/* Reads every query parameter of the connection: unknown ones, wrong values and too many are DW_E_INVALID with the name as field.
 */
dw_err request_queries(struct request *r);

/* The body as a JSON object: DW_E_JSON, DW_E_UTF8, DW_E_INVALID. Then its members; want: DW_E_INVALID names the field that is
 * missing or of another type. */
dw_err request_json(struct request *r);
dw_err request_want(const char **out, struct request *r, const char *field, size_t max);
dw_err request_may(const char **out, struct request *r, const char *field, size_t max); /* NULL when absent or null */
dw_err request_may_int(int64_t *out, struct request *r, const char *field, int64_t min, int64_t most, int64_t standard);
dw_err request_may_bool(bool *out, bool *given, struct request *r, const char *field); /* given may be NULL */
dw_err request_may_time(struct when *out, bool *given, struct request *r, const char *field);
dw_err request_may_id(struct id *out, bool *given, struct request *r, const char *field);
dw_err request_may_enum(int *out, struct request *r, const char *field, const char *const *values, int count, int standard);
/* No members but these (ended by NULL). */
dw_err request_only(struct request *r, const char *const *fields);

/* The text of the caller's language. */
const char *request_say(const struct request *r, const char *zh, const char *en)
    __attribute__((format_arg(2), format_arg(3), returns_nonnull));
void request_free(struct request *r);

#endif
