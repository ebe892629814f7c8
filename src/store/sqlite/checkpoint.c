#include "store/sqlite/checkpoint.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/thread.h"
#include "store/sqlite/sqlite_error.h"

struct checkpoint {
    sqlite3 *db; /* the thread's only */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock */
    int pages; /* of the log, after the writer's last commit */
    int next;  /* as many pages ask for the next checkpoint */
    bool writing;
    bool closed; /* no new transaction may begin */
    bool stop;
};

/* One passive checkpoint, without the lock meanwhile. True when it has caught up with the writer, so that his next transaction
 * starts the log again. A failure (a full disk) is not reported: the log keeps everything, and the writer meets the same failure
 * himself if it lasts. */
static bool checkpoint_pass(struct checkpoint *checkpoint)
{
    int seen = checkpoint->pages, done = 0;
    pthread_mutex_unlock(&checkpoint->lock);
    int result = sqlite3_wal_checkpoint_v2(checkpoint->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, &done);
    pthread_mutex_lock(&checkpoint->lock);
    bool again = checkpoint->pages < seen; /* the log has started again already */
    return again || (result == SQLITE_OK && done >= checkpoint->pages);
}

/* A checkpoint between two transactions, with the lock held. */
static void checkpoint_alone(struct checkpoint *checkpoint)
{
    checkpoint->closed = true;
    while (checkpoint->writing && !checkpoint->stop) pthread_cond_wait(&checkpoint->changed, &checkpoint->lock);
    if (!checkpoint->stop) checkpoint_pass(checkpoint);
    checkpoint->closed = false;
    pthread_cond_broadcast(&checkpoint->changed);
}

static void checkpoint_free(struct checkpoint *checkpoint)
{
    sqlite3_close(checkpoint->db);
    pthread_cond_destroy(&checkpoint->changed);
    pthread_mutex_destroy(&checkpoint->lock);
    free(checkpoint);
}

static void *checkpoint_work(void *arg)
{
    struct checkpoint *checkpoint = arg;
    pthread_mutex_lock(&checkpoint->lock);
    while (!checkpoint->stop) {
        if (checkpoint->pages < checkpoint->next) {
            pthread_cond_wait(&checkpoint->changed, &checkpoint->lock);
            continue;
        }
        bool full = checkpoint->pages >= CHECKPOINT_FULL;
        int seen = checkpoint->pages;
        if (!checkpoint_pass(checkpoint) && full && !checkpoint->stop) checkpoint_alone(checkpoint);
        /* A reader that holds an old moment of the store can keep the log from starting again: the next try is a step later.
         * When the log has started again, checkpoint_note sees it, or it did so already. */
        checkpoint->next = (checkpoint->pages < seen ? 0 : seen) + CHECKPOINT_STEP;
    }
    pthread_mutex_unlock(&checkpoint->lock);
    return NULL;
}

static dw_err checkpoint_connect(struct checkpoint *checkpoint, const char *path, struct err_detail *detail)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
    int result = sqlite3_open_v2(path, &checkpoint->db, flags, NULL);
    if (result != SQLITE_OK) return sqlite_error_set(detail, checkpoint->db, result);
    /* a connection that has read nothing does not know yet that there is a log */
    return sqlite_error_exec(checkpoint->db, "PRAGMA synchronous = FULL; PRAGMA cache_size = 16; PRAGMA user_version", detail);
}

dw_err checkpoint_start(struct checkpoint **out, const char *path, struct err_detail *detail)
{
    *out = NULL;
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    if (checkpoint == NULL) return DW_E_MEMORY;
    checkpoint->next = CHECKPOINT_STEP;
    pthread_mutex_init(&checkpoint->lock, NULL);
    pthread_cond_init(&checkpoint->changed, NULL);
    dw_err code = checkpoint_connect(checkpoint, path, detail);
    if (code == DW_OK && !thread_start(&checkpoint->thread, checkpoint_work, checkpoint))
        code = err_set(detail, DW_E_MEMORY, "no thread could be started");
    if (code != DW_OK) {
        checkpoint_free(checkpoint);
        return code;
    }
    *out = checkpoint;
    return DW_OK;
}

void checkpoint_stop(struct checkpoint *checkpoint)
{
    if (checkpoint == NULL) return;
    pthread_mutex_lock(&checkpoint->lock);
    checkpoint->stop = true;
    pthread_cond_broadcast(&checkpoint->changed);
    pthread_mutex_unlock(&checkpoint->lock);
    pthread_join(checkpoint->thread, NULL);
    checkpoint_free(checkpoint);
}

void checkpoint_enter(struct checkpoint *checkpoint)
{
    if (checkpoint == NULL) return;
    pthread_mutex_lock(&checkpoint->lock);
    while (checkpoint->closed) pthread_cond_wait(&checkpoint->changed, &checkpoint->lock);
    checkpoint->writing = true;
    pthread_mutex_unlock(&checkpoint->lock);
}

void checkpoint_leave(struct checkpoint *checkpoint)
{
    if (checkpoint == NULL) return;
    pthread_mutex_lock(&checkpoint->lock);
    checkpoint->writing = false;
    if (checkpoint->closed) pthread_cond_broadcast(&checkpoint->changed);
    pthread_mutex_unlock(&checkpoint->lock);
}

void checkpoint_note(struct checkpoint *checkpoint, int pages)
{
    if (checkpoint == NULL) return;
    pthread_mutex_lock(&checkpoint->lock);
    if (pages < checkpoint->pages) checkpoint->next = CHECKPOINT_STEP; /* the log has started again */
    checkpoint->pages = pages;
    if (pages >= checkpoint->next) pthread_cond_broadcast(&checkpoint->changed);
    pthread_mutex_unlock(&checkpoint->lock);
}
