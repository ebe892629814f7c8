/* The server's own state; for the files of src/http only. */
#ifndef HTTP_SERVER_INSIDE_H
#define HTTP_SERVER_INSIDE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/limit.h"
#include "http/live.h"
#include "http/patience.h"
#include "http/request.h"
#include "http/server.h"

enum { SERVER_BUCKETS = 12 };

struct server {
    struct desk *desk;
    struct account_desk *accounts;
    struct job_desk *jobs;
    struct window *window;
    struct pull_desk *pull;
    struct work *work, *slow; /* slow: few threads, for calls that work with a password */
    struct live *live;
    atomic_size_t under_way; /* calls that have begun and are not answered whole */
    atomic_bool ending;
    struct limit *limit;
    struct patience *patience;
    double calls, sign_ins; /* a second */
    bool proxy;
    struct MHD_Daemon *daemon;
    struct plain *plain;
    char *authority;
    pthread_t writer;
    bool writes; /* the writer's thread runs */
    bool secure;
    FILE *log;
    pthread_mutex_t log_lock;
    uint64_t begun_ns;
    /* One counter a route and class of status (2xx to 5xx; the last route is "none"), and of durations. */
    atomic_ullong *counts;
    atomic_ullong limited, ended; /* calls refused for their number; connections ended for their slowness */
    atomic_ullong buckets[SERVER_BUCKETS], seconds_us, bytes_out;
};

/* A call has ended: counted and logged. Neither path nor query is logged, since both may name people; the route is. */
void server_note(struct server *server, const struct request *r, bool whole);

#endif
