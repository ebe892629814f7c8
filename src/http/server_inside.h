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

enum { SERVER_BUCKETS = 12, SERVER_RETIRED = 8, SERVER_PATIENCE = 20 /* ticks */, SERVER_FORGET_MS = 60000 };
struct server_backup;
extern const double server_bounds[SERVER_BUCKETS - 1]; /* seconds */

struct server {
    struct desk *desk;
    struct account_desk *accounts;
    struct job_desk *jobs;
    struct window *window;
    struct pull_desk *pull;
    struct work *work, *slow; /* slow: few threads, for calls that work with a password */
    struct work *outside;     /* for calls that ask another server and wait for it; NULL: there is none to ask */
    struct oidc *oidc;        /* NULL: people sign in by password */
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
    unsigned most;                              /* connections */
    struct MHD_Daemon *retired[SERVER_RETIRED]; /* of older certificates, while their connections last */
    struct MHD_Daemon *monitor;                 /* the address for monitoring */
    struct server_config config;                /* cert and key not: they are the caller's */
    char *cert, *key;
    atomic_llong cert_until_ms; /* for whoever asks how long it is good, from any thread */
    struct server_backup *backup;
    struct log *log;
    atomic_bool probing;
    struct work_item probe;
    int unanswered; /* ticks since the pool got its probe */
    uint64_t begun_ns;
    int64_t begun_ms, forgot_ms; /* forgot: when positions were last looked through */
    /* One counter a route and class of status (2xx to 5xx; the last route is "none"), and of durations. */
    atomic_ullong *counts;
    atomic_ullong limited, ended; /* calls refused for their number; connections ended for their slowness */
    atomic_ullong buckets[SERVER_BUCKETS], seconds_us, bytes_out;
};

/* A call has ended: counted and logged. Neither path nor query is logged, since both may name people; the route is. */
void server_note(struct server *server, const struct request *r, bool whole);

/* For the server's other files. */
dw_err server_listen(int *out, const char *address, int socket, struct err_detail *detail);
dw_err server_daemon(struct MHD_Daemon **out, struct server *server, int socket, struct err_detail *detail);
void server_quiet(void *cls, const char *format, va_list args);
/* Daemons of older certificates whose last connection has gone are ended; all: the others too. */
void server_retire(struct server *server, bool all);
/* Copies of a certificate and its key that fit each other. */
dw_err server_renew_pair(struct server *server, const char *cert, const char *key, struct err_detail *detail);
dw_err server_monitor(struct server *server, struct err_detail *detail);
dw_err server_backup_start(struct server *server);
void server_backup_stop(struct server *server);
void server_backup_metrics(struct server *server, struct arena_buf *out);

#endif
