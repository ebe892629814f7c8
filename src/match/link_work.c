#include "match/link_inside.h"

#include <stdlib.h>

#include "base/thread.h"

enum { LINK_WORK_THREADS = 64 };

struct link_work_all {
    struct link *link;
    const struct link_job *job;
    size_t count;
    atomic_size_t next;
    atomic_int err; /* dw_err of whoever failed */
};

struct link_work_one {
    struct link_work_all *all;
    unsigned number;
};

static bool link_work_goes_on(struct link_work_all *all, bool own, size_t part)
{
    const struct link_settings *set = &all->link->set;
    bool cancelled = set->cancel != NULL && atomic_load_explicit(set->cancel, memory_order_relaxed);
    if (own && !cancelled) cancelled = !clock_tick(set->progress, all->job->step, part, all->count);
    if (cancelled) atomic_store(&all->err, DW_E_CANCELLED);
    return atomic_load_explicit(&all->err, memory_order_relaxed) == DW_OK;
}

static void *link_work_run(void *ctx)
{
    struct link_work_one *one = ctx;
    struct link_work_all *all = one->all;
    for (;;) {
        size_t part = atomic_fetch_add(&all->next, 1);
        if (part >= all->count || !link_work_goes_on(all, one->number == 0, part)) return NULL;
        dw_err err = all->job->part(all->job->ctx, part, &all->link->scratch[one->number]);
        if (err != DW_OK) atomic_store(&all->err, err);
    }
}

dw_err link_work(struct link *link, const struct link_job *job, size_t count)
{
    struct link_work_all all = {.link = link, .job = job, .count = count};
    struct link_work_one one[LINK_WORK_THREADS];
    pthread_t thread[LINK_WORK_THREADS];
    unsigned started = 1, most = link->threads < LINK_WORK_THREADS ? link->threads : LINK_WORK_THREADS;
    if (most > count) most = (unsigned)count;
    one[0] = (struct link_work_one){&all, 0};
    for (; started < most; started++) {
        one[started] = (struct link_work_one){&all, started};
        if (!thread_start(&thread[started], link_work_run, &one[started])) break; /* fewer do as well */
    }
    link_work_run(&one[0]);
    for (unsigned i = 1; i < started; i++) pthread_join(thread[i], NULL);
    return (dw_err)atomic_load(&all.err);
}
