/* A site that is open for work: its store, its keys, its state in memory. Desks (area, register, round, …) take this. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <pthread.h>

#include "base/when.h"
#include "desk/feed.h"
#include "store/keyring.h"
#include "store/port.h"

struct glance;
struct writer_take;

struct desk {
    struct store *store;
    struct keyring *keys;
    struct site *site;         /* read under a read lock; replaced by the writer */
    struct keys_signer signer; /* of the site */
    bool stale;                /* a reload failed: it is to be loaded again before anything is written */
    pthread_rwlock_t lock;

    struct glance *glance; /* desk/glance.h */
    pthread_mutex_t glance_lock;

    pthread_mutex_t queue_lock; /* the writer's queue */
    pthread_cond_t queue_done;
    struct writer_take *queue, **queue_end;
    pthread_cond_t queue_more;       /* writer_serve waits for it */
    bool writing, stopping, serving; /* serving: a thread is in writer_serve */
};

struct desk_new {
    const char *name, *code;
    bool synthetic;
    struct when at;
    struct rng *rng; /* NULL: the system's; else ids and keys of the site are reproducible (simulations, tests) */
};

/* A new site in a new store: the store, its key files, and the first entries (the site, its device, the command line's). Where
 * it failed or died before those were durable, it can be done again over what that left. DW_E_EXISTS. */
dw_err desk_create(struct desk **out, const char *url, const struct desk_new *spec, struct err_detail *detail);
/* DW_E_NOT_FOUND, DW_E_SCHEMA, DW_E_KEYS, DW_E_DAMAGED. O(rows). */
dw_err desk_open(struct desk **out, const char *url, struct err_detail *detail);
void desk_close(struct desk *desk); /* NULL is safe */
/* The same over a store that is open already (a wrapper, say), which they take over, also when they fail. path: beside it stand
 * the key files. */
dw_err desk_create_over(struct desk **out, struct store *store, const char *path, const struct desk_new *spec,
                        struct err_detail *detail);
dw_err desk_open_over(struct desk **out, struct store *store, const char *path, struct err_detail *detail);

/* The site has come to its end: nothing is taken any more, and who lived here is forgotten. */
/* The read lock, or the writer's, is held. */
bool desk_disposed(const struct desk *desk);

/* Reading: hold it while you use pointers into desk->site. */
const struct site *desk_read(struct desk *desk);
void desk_read_end(struct desk *desk);

/* Begins a transaction that only reads: one moment of the store with all its keys, while others may be writing. End it by
 * store_rollback. */
dw_err desk_moment(struct desk *desk, struct err_detail *detail);
/* The writer's: loads the state anew from the tables (after a transaction that failed). */
dw_err desk_reload(struct desk *desk, struct err_detail *detail);
/* Reads one entry of the ledger; the texts lie in the arena, part opened with its person's key (NULL when forgotten). */
dw_err desk_entry(struct desk *desk, int64_t seq, struct feed_entry *out, int *reason, struct arena *arena,
                  struct err_detail *detail);
/* The command line's device: the second one of every site. */
enum { DESK_SITE_DEVICE = 0, DESK_CLI_DEVICE = 1 };

#endif
