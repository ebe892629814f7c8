#include "http/work.h"

#include <pthread.h>
#include <stdlib.h>

enum { WORK_THREADS = 64 };

struct work {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct work_item *first, **end;
    size_t waiting, most, threads;
    bool stopping;
    pthread_t thread[WORK_THREADS];
};

static void *work_run(void *ctx)
{
    struct work *work = ctx;
    pthread_setname_np(pthread_self(), "dw-work");
    pthread_mutex_lock(&work->lock);
    for (;;) {
        while (work->first == NULL && !work->stopping) pthread_cond_wait(&work->more, &work->lock);
        struct work_item *item = work->first;
        if (item == NULL) break;
        work->first = item->next;
        if (work->first == NULL) work->end = &work->first;
        work->waiting--;
        pthread_mutex_unlock(&work->lock);
        item->run(item); /* may free it */
        pthread_mutex_lock(&work->lock);
    }
    pthread_mutex_unlock(&work->lock);
    return NULL;
}

dw_err work_start(struct work **out, size_t threads, size_t most)
{
    struct work *work = calloc(1, sizeof *work);
    *out = work;
    if (work == NULL) return DW_E_MEMORY;
    pthread_mutex_init(&work->lock, NULL);
    pthread_cond_init(&work->more, NULL);
    work->end = &work->first;
    work->most = most;
    if (threads < 1) threads = 1;
    if (threads > WORK_THREADS) threads = WORK_THREADS;
    for (; work->threads < threads; work->threads++)
        if (pthread_create(&work->thread[work->threads], NULL, work_run, work) != 0) break;
    if (work->threads > 0) return DW_OK;
    work_stop(work);
    *out = NULL;
    return DW_E_MEMORY;
}

bool work_add(struct work *work, struct work_item *item)
{
    pthread_mutex_lock(&work->lock);
    bool room = work->waiting < work->most && !work->stopping;
    if (room) {
        item->next = NULL;
        *work->end = item;
        work->end = &item->next;
        work->waiting++;
        pthread_cond_signal(&work->more);
    }
    pthread_mutex_unlock(&work->lock);
    return room;
}

void work_stop(struct work *work)
{
    if (work == NULL) return;
    pthread_mutex_lock(&work->lock);
    work->stopping = true;
    pthread_cond_broadcast(&work->more);
    pthread_mutex_unlock(&work->lock);
    for (size_t i = 0; i < work->threads; i++) pthread_join(work->thread[i], NULL);
    pthread_mutex_destroy(&work->lock);
    pthread_cond_destroy(&work->more);
    free(work);
}

size_t work_waiting(struct work *work)
{
    pthread_mutex_lock(&work->lock);
    size_t waiting = work->waiting;
    pthread_mutex_unlock(&work->lock);
    return waiting;
}
