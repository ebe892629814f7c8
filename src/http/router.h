/* The routes of the API, from spec/routes/: which handler a method and path mean, who may call it, and what it takes. */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "desk/roles.h"
#include "routes_gen.h"

enum routes_method { ROUTES_GET, ROUTES_POST, ROUTES_PUT, ROUTES_PATCH, ROUTES_DELETE, ROUTES_METHODS };
enum routes_type { ROUTES_TEXT, ROUTES_INT, ROUTES_BOOL, ROUTES_TIME, ROUTES_ENUM, ROUTES_ID };
enum { ROUTES_PUBLIC = -2, ROUTES_SELF = -1 }; /* beside enum roles_may: nobody need be known; whoever is known */
enum {
    ROUTES_LIVE = 1,      /* what it answers does not follow from the ledger alone: no ETag */
    ROUTES_INLINE = 2,    /* answers at once, in the thread that reads: no lock, no store */
    ROUTES_BARE = 4,      /* also for a site that was disposed of */
    ROUTES_WHOLE = 8,     /* its ability is asked for everywhere, for what it does is the whole site's */
    ROUTES_BARRED = 16,   /* also for a phone that was revoked, or whose time is over: it may hand in what it holds */
    ROUTES_ROOT = 64,     /* its path does not stand behind /api/v1 */
    ROUTES_REST = 128,    /* every path of the root that no other route has, with any query */
    ROUTES_OUTSIDE = 256, /* asks another server: done by threads of its own, which may wait for that one */
    ROUTES_LOOSE = 512,   /* parameters that nobody declared are passed over */
    ROUTES_SLOW = 32      /* works with a password: done by the few threads that may take long */
};

struct routes_query {
    const char *name; /* NULL ends the list */
    enum routes_type type;
    int64_t min, most, standard;
    const char *const *values; /* of an enum */
    int count;
};

struct routes_row {
    const char *name;
    enum routes_method method;
    const char *path; /* "/doors/{id}" */
    int may;          /* enum roles_may, ROUTES_PUBLIC or ROUTES_SELF */
    unsigned flags;
    size_t body_max;   /* 0: takes no body */
    const char *takes; /* the body's type; NULL */
    unsigned status;   /* of success */
    const struct routes_query *queries;
    const char *items; /* the fields of a page's items, "id,code"; NULL: no page */
    dw_err (*handle)(struct request *r);
};

extern const struct routes_row routes_all[];
extern const size_t routes_count;
extern const char routes_openapi[]; /* the description of the API, JSON */
extern const size_t routes_openapi_len;

enum { ROUTER_PARAMS = 3, ROUTER_PARAM = 128 };
struct router_match {
    const struct routes_row *route; /* NULL: no such path, or not by this method */
    bool path_known;                /* the path is there, for other methods */
    unsigned methods;               /* which: a bit of enum routes_method each */
    char params[ROUTER_PARAMS][ROUTER_PARAM];
};

/* path: behind /api/v1, percent-decoded. A segment that stands for a parameter is not empty and fits ROUTER_PARAM. O(routes). */
void router_find(struct router_match *out, const char *method, const char *path);
/* The same for paths that do not begin with /api/v1. */
void router_find_root(struct router_match *out, const char *method, const char *path);
const char *router_method(enum routes_method method);

#endif
