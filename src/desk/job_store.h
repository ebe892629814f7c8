/* What the files of the job desk share. For job*.c only. */
#ifndef DESK_JOB_STORE_H
#define DESK_JOB_STORE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "desk/job.h"

/* One that waits or is at work here. */
struct job_live {
    struct id id;
    _Atomic(const char *) step; /* static texts */
    atomic_ullong done, total;
    atomic_bool cancel;
    struct job_live *next;
};

struct job_desk {
    struct desk *desk;
    char *url;
    struct store *store; /* of its own; one thread at a time: lock */
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_t thread;
    bool started;
    unsigned ticks;
    atomic_bool stopping;
    struct job_live *first, *at_work; /* what waits, in order; what is done now */
    uint8_t key[KEYS_SECRET];
    char *folder;     /* beside the store */
    struct id runner; /* this program, here */
    int held;         /* its lock */
};

/* Rows. The caller holds the lock. */
dw_err job_store_find(struct job_row *out, struct job_desk *jobs, struct id id, struct arena *arena, struct err_detail *detail);
dw_err job_store_add(struct job_desk *jobs, const struct job_row *job, struct err_detail *detail);
/* Writes back what may change. */
dw_err job_store_keep(struct job_desk *jobs, const struct job_row *job, struct err_detail *detail);
/* Its cancelling is wished for, whoever runs it. */
dw_err job_store_wish(struct job_desk *jobs, struct id id, struct err_detail *detail);
dw_err job_store_remove(struct job_desk *jobs, struct id id, struct err_detail *detail);
dw_err job_store_progress(struct job_desk *jobs, const struct job_live *live, bool *cancel, struct err_detail *detail);
/* Every job of the site that queues, runs, waits for its commit or may have files. each runs no statement. */
dw_err job_store_unsettled(struct job_desk *jobs, dw_err (*each)(void *ctx, const struct job_row *job, struct id runner),
                           void *ctx, struct arena *arena, struct err_detail *detail);
dw_err job_store_forget(struct job_desk *jobs, int64_t before_ms, struct err_detail *detail);

/* Files: the folder of a job, a path in it (on the heap), and its removal. */
char *job_folder_path(const struct job_desk *jobs, struct id id, const char *name);
dw_err job_folder_make(struct job_desk *jobs, const char *url, struct err_detail *detail);
dw_err job_folder_put(struct job_desk *jobs, struct id id, const char *name, const void *data, size_t len,
                      struct err_detail *detail);
void job_folder_remove(const struct job_desk *jobs, struct id id);
/* Whether a program that took the lock of this name is there no more; what it left of the lock is removed. */
bool job_folder_dead(const struct job_desk *jobs, struct id runner);
/* Every folder of a job that is none of those kept is removed. */
void job_folder_sweep(const struct job_desk *jobs, const struct id *keep, size_t count);

/* The work. said: a JSON object of what came of it. */
dw_err job_import(struct arena_buf *said, struct job_desk *jobs, const struct job_row *job, const struct clock_progress *progress,
                  struct err_detail *detail);
dw_err job_export(struct arena_buf *said, struct job_desk *jobs, const struct job_row *job, const struct clock_progress *progress,
                  struct err_detail *detail);

#endif
