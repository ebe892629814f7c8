/* The server: connections by libmicrohttpd (epoll), calls by a pool of threads, one site. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "desk/account.h"
#include "desk/desk.h"
#include "desk/job.h"
#include "desk/pull.h"
#include "desk/window.h"
#include "http/log.h"
#include "http/oidc.h"

struct server;

/* A socket that listens at "ADDRESS:PORT"; to be bound by whoever may, before what the server does without is given up.
 * DW_E_INVALID, DW_E_BUSY, DW_E_IO. */
dw_err server_bind(int *out, const char *listen, struct err_detail *detail);

/* Backups on schedule (server_backup.c). */
struct server_backups {
    const char *dir;          /* NULL: none are made */
    const char *phrase_file;  /* whose first line seals them */
    int64_t every_s, drill_s; /* how often one is made, and one is restored on trial (0: never) */
    int64_t keep;             /* the newest so many */
};

struct server_config {
    const char *store;          /* path of the site's store */
    const char *listen;         /* "127.0.0.1:8080", "[::1]:8443", ":8080"; port 0: any that is free */
    int socket;                 /* one that listens already (socket activation); −1: none */
    const char *cert, *key;     /* PEM texts; NULL: plain HTTP */
    const char *authority;      /* the certificate that phones are to trust (PEM), handed out; NULL: none */
    const char *plain;          /* with cert: where plain HTTP listens too, to send everybody to HTTPS; NULL: nowhere */
    int plain_socket;           /* the same as socket */
    const char *app;            /* folder of the web app's files; NULL: none */
    const char *public_url;     /* where browsers reach it; NULL: not known */
    int threads;                /* that do the calls; 0: two a processor */
    int connections;            /* at most; 0: 12,000 */
    int calls;                  /* of one session a second, on the average; 0: as many as it likes */
    int sign_ins;               /* tries of one address a minute, on the average; 0: as many as it likes */
    bool proxy;                 /* callers stand behind a proxy of ours, which tells their addresses (X-Forwarded-For) */
    struct log *log;            /* NULL: none */
    const char *metrics_listen; /* for monitoring only; NULL: none */
    int metrics_socket;         /* the same as socket */
    const char *version;        /* of the program */
    struct server_backups backups;
    struct oidc_config oidc; /* issuer NULL: people sign in by password */
};

/* Opens the site and begins to listen. DW_E_INVALID (listen), DW_E_PORT (it is taken), and what desk_open says. */
dw_err server_start(struct server **out, const struct server_config *config, struct err_detail *detail);
/* Takes no more connections, answers what has begun (for at most ten seconds), ends. NULL is safe. config's texts must live until
 * then, but for cert, key and authority. */
void server_stop(struct server *server);
int server_port(const struct server *server);
int server_monitor_port(const struct server *server); /* 0: no address for monitoring */
/* Another certificate (PEM) for connections that come from now on; those that are there keep the old one. DW_E_CERT,
 * DW_E_STATE (plain HTTP stays so until the next start), DW_E_BUSY (connections of too many older ones are still open). */
dw_err server_renew(struct server *server, const char *cert, const char *key, struct err_detail *detail);
/* Other times and places for backups. */
void server_plan_backups(struct server *server, const struct server_backups *plan);
/* Whether calls are still worked on: false when one given to the pool waits for longer than a tick or two. For the watchdog;
 * called once a tick. */
bool server_alive(struct server *server);
/* Whether it takes calls that read and write: DW_OK, DW_E_BUSY (it ends), DW_E_STORE. */
dw_err server_ready(struct server *server);
/* What follows from entries that other programs wrote to the store is caught up with. To be called now and then (each second or
 * so); cheap when nothing is new. */
void server_tick(struct server *server);

struct desk *server_desk(const struct server *server);
struct account_desk *server_accounts(const struct server *server);
struct job_desk *server_jobs(const struct server *server);
struct window *server_window(const struct server *server);
struct pull_desk *server_pull(const struct server *server);
bool server_secure(const struct server *server);
/* Text of the metrics (Prometheus, exposition format 0.0.4). */
struct arena_buf;
void server_metrics(struct server *server, struct arena_buf *out);

#endif
