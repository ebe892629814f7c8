#include "desk/job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/book.h"
#include "desk/job_store.h"
#include "store/disk.h"

enum { JOB_SETTLE = 60 /* ticks */, JOB_DAY_MS = 24 * 3600 * 1000 };

/* What a program that died had begun is failed; what is over loses its files. */
struct job_settling {
    struct arena arena;
    struct job_row *rows;
    struct id *runners;
    size_t count, cap, runner_cap;
};

static dw_err job_gather(void *ctx, const struct job_row *job, struct id runner)
{
    struct job_settling *s = ctx;
    if (!arena_grow((void **)&s->rows, &s->cap, s->count + 1, sizeof *s->rows) ||
        !arena_grow((void **)&s->runners, &s->runner_cap, s->count + 1, sizeof *s->runners))
        return DW_E_MEMORY;
    s->rows[s->count] = *job;
    s->runners[s->count++] = runner;
    return DW_OK;
}

/* Whether it keeps its files. */
static bool job_settle_one(struct job_desk *jobs, struct job_row *job, struct id runner, int64_t now_ms)
{
    struct err_detail ignored = {0};
    bool begun = job->state == JOB_QUEUED || job->state == JOB_RUNNING;
    if (begun && !job_folder_dead(jobs, runner)) return true;
    if (!begun && job->until_ms >= now_ms) return true;
    if (job->state != JOB_DONE) {
        job->state = begun ? JOB_FAILED : JOB_CANCELLED;
        job->error = DW_E_CANCELLED;
        job->ended_ms = now_ms;
        job_store_keep(jobs, job, &ignored);
    }
    job_folder_remove(jobs, job->id);
    return false;
}

static void job_settle(struct job_desk *jobs, int64_t now_ms, bool sweep)
{
    struct job_settling s = {.count = 0};
    struct err_detail ignored = {0};
    bool known = job_store_unsettled(jobs, job_gather, &s, &s.arena, &ignored) == DW_OK;
    struct id *keep = known && sweep ? calloc(s.count + 1, sizeof *keep) : NULL;
    size_t kept = 0;
    for (size_t i = 0; known && i < s.count; i++)
        if (job_settle_one(jobs, &s.rows[i], s.runners[i], now_ms) && keep != NULL) keep[kept++] = s.rows[i].id;
    if (keep != NULL) job_folder_sweep(jobs, keep, kept);
    job_store_forget(jobs, now_ms - (int64_t)JOB_KEEP_DAYS * JOB_DAY_MS, &ignored);
    free(keep);
    free(s.rows);
    free(s.runners);
    arena_free(&s.arena);
}

static bool job_progress(void *ctx, const char *step, uint64_t done, uint64_t all)
{
    struct job_live *live = ctx;
    atomic_store(&live->step, step);
    atomic_store(&live->done, done);
    atomic_store(&live->total, all);
    return !atomic_load(&live->cancel);
}

/* Where and why, for whoever asks later. */
static void job_said_problem(struct arena_buf *said, const struct err_detail *d)
{
    struct json_out json = {.buf = said};
    arena_buf_clear(said);
    json_open(&json, '{');
    json_key(&json, "detail");
    json_put(&json, d->text);
    json_key(&json, "file");
    json_put(&json, d->file);
    json_key(&json, "sheet");
    json_put(&json, d->sheet);
    json_key(&json, "row");
    json_put_int(&json, d->row);
    json_key(&json, "field");
    json_put(&json, d->column);
    json_close(&json, '}');
}

static void job_end(struct job_desk *jobs, struct job_row *job, dw_err err, struct arena_buf *said, const struct err_detail *why)
{
    struct err_detail ignored = {0};
    if (err == DW_OK && said->failed) err = DW_E_MEMORY;
    if (err != DW_OK) job_said_problem(said, why);
    job->ended_ms = when_now().ms;
    job->until_ms = job->ended_ms;
    job->error = err;
    job->said = said->failed ? NULL : said->data;
    job->cancel = false;
    if (err == DW_E_CANCELLED)
        job->state = JOB_CANCELLED;
    else if (err != DW_OK)
        job->state = JOB_FAILED;
    else
        job->state = job->spec.kind == JOB_IMPORT && job->spec.dry_run ? JOB_READY : JOB_DONE;
    if (job->state == JOB_READY) job->until_ms += JOB_UPLOAD_MS;
    if (job->state == JOB_DONE && job->spec.kind == JOB_EXPORT) job->until_ms += JOB_EXPORT_MS;
    if (job->until_ms == job->ended_ms) job_folder_remove(jobs, job->id);
    pthread_mutex_lock(&jobs->lock);
    job_store_keep(jobs, job, &ignored);
    pthread_mutex_unlock(&jobs->lock);
}

static void job_run(struct job_desk *jobs, struct job_live *live)
{
    struct arena arena = {0};
    struct arena_buf said = {0};
    struct err_detail detail = {0};
    struct job_row job;
    const struct clock_progress progress = {job_progress, live};
    pthread_mutex_lock(&jobs->lock);
    dw_err err = job_store_find(&job, jobs, live->id, &arena, &detail);
    bool wanted = err == DW_OK && job.state == JOB_QUEUED;
    if (wanted) {
        job.state = JOB_RUNNING;
        job.begun_ms = when_now().ms;
        err = job_store_keep(jobs, &job, &detail);
    }
    pthread_mutex_unlock(&jobs->lock);
    if (wanted) {
        if (err == DW_OK && (job.cancel || atomic_load(&live->cancel))) err = DW_E_CANCELLED;
        book_actor(job.spec.member);
        if (err == DW_OK)
            err = job.spec.kind == JOB_IMPORT ? job_import(&said, jobs, &job, &progress, &detail)
                                              : job_export(&said, jobs, &job, &progress, &detail);
        book_actor((struct id){{0}});
        job_end(jobs, &job, err, &said, &detail);
    }
    arena_buf_free(&said);
    arena_free(&arena);
}

static void *job_thread(void *ctx)
{
    struct job_desk *jobs = ctx;
    pthread_mutex_lock(&jobs->lock);
    while (!atomic_load(&jobs->stopping)) {
        struct job_live *live = jobs->first;
        if (live == NULL) {
            pthread_cond_wait(&jobs->more, &jobs->lock);
            continue;
        }
        jobs->first = live->next;
        jobs->at_work = live;
        pthread_mutex_unlock(&jobs->lock);
        job_run(jobs, live);
        pthread_mutex_lock(&jobs->lock);
        jobs->at_work = NULL;
        free(live);
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

dw_err job_open(struct job_desk **out, struct desk *desk, const char *url, struct err_detail *detail)
{
    struct job_desk *jobs = calloc(1, sizeof *jobs);
    *out = jobs;
    if (jobs == NULL) return DW_E_MEMORY;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->more, NULL);
    jobs->desk = desk;
    jobs->held = -1;
    keys_derive(jobs->key, keyring_blind(desk->keys), "jobs");
    jobs->url = strdup(url);
    dw_err err = jobs->url == NULL ? DW_E_MEMORY : store_open(&jobs->store, url, STORE_USE, detail);
    if (err == DW_OK) err = job_folder_make(jobs, url, detail);
    if (err == DW_OK) {
        job_settle(jobs, when_now().ms, true);
        jobs->started = pthread_create(&jobs->thread, NULL, job_thread, jobs) == 0;
        if (!jobs->started) err = DW_E_MEMORY;
    }
    if (err == DW_OK) return DW_OK;
    job_close(jobs);
    *out = NULL;
    return err;
}

void job_close(struct job_desk *jobs)
{
    if (jobs == NULL) return;
    pthread_mutex_lock(&jobs->lock);
    atomic_store(&jobs->stopping, true);
    if (jobs->at_work != NULL) atomic_store(&jobs->at_work->cancel, true);
    pthread_cond_broadcast(&jobs->more);
    pthread_mutex_unlock(&jobs->lock);
    if (jobs->started) pthread_join(jobs->thread, NULL);
    for (struct job_live *live = jobs->first, *next; live != NULL; live = next) {
        next = live->next;
        free(live);
    }
    store_close(jobs->store);
    if (jobs->held >= 0) close(jobs->held); /* what still waits is failed by whoever opens next */
    free(jobs->folder);
    free(jobs->url);
    pthread_mutex_destroy(&jobs->lock);
    pthread_cond_destroy(&jobs->more);
    keys_wipe(jobs->key, sizeof jobs->key);
    free(jobs);
}

void job_tick(struct job_desk *jobs, int64_t now_ms)
{
    struct err_detail ignored = {0};
    bool cancel;
    pthread_mutex_lock(&jobs->lock);
    if (jobs->at_work != NULL && job_store_progress(jobs, jobs->at_work, &cancel, &ignored) == DW_OK && cancel)
        atomic_store(&jobs->at_work->cancel, true);
    if (++jobs->ticks % JOB_SETTLE == 0) job_settle(jobs, now_ms, false);
    pthread_mutex_unlock(&jobs->lock);
}

/* The caller holds the lock. */
static dw_err job_room(const struct job_desk *jobs, struct err_detail *detail)
{
    int waiting = 0;
    for (const struct job_live *live = jobs->first; live != NULL; live = live->next) waiting++;
    return waiting < JOB_WAITING ? DW_OK : err_set(detail, DW_E_TOO_MANY, "%d jobs wait already", waiting);
}

static dw_err job_queue(struct job_desk *jobs, struct id id)
{
    struct job_live *live = calloc(1, sizeof *live), **at = &jobs->first;
    if (live == NULL) return DW_E_MEMORY;
    live->id = id;
    while (*at != NULL) at = &(*at)->next;
    *at = live;
    pthread_cond_signal(&jobs->more);
    return DW_OK;
}

/* A name as a file may have it here: no path, nothing hidden. */
static dw_err job_name(const struct job_spec *spec, struct err_detail *detail)
{
    const char *name = spec->name;
    size_t len = strlen(name);
    bool good = len > 0 && name[0] != '.' && text_valid(name, len, NULL);
    for (size_t i = 0; i < len; i++)
        good = good && name[i] != '/' && name[i] != '\\' && (unsigned char)name[i] >= ' ' && name[i] != 127;
    if (spec->kind == JOB_EXPORT || good) return DW_OK;
    return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "name", "%s", "a file's name is wanted, without a path");
}

dw_err job_begin(struct id *out, struct job_desk *jobs, const struct job_spec *spec, const void *data, size_t len, struct when at,
                 struct err_detail *detail)
{
    struct job_row job = {.id = id_make(at.ms, NULL), .spec = *spec, .state = JOB_QUEUED, .made_ms = at.ms, .until_ms = at.ms};
    ERR_TRY(job_name(spec, detail));
    *out = job.id;
    if (spec->kind == JOB_IMPORT) ERR_TRY(job_folder_put(jobs, job.id, spec->name, data, len, detail));
    pthread_mutex_lock(&jobs->lock);
    dw_err err = job_room(jobs, detail);
    if (err == DW_OK) err = job_store_add(jobs, &job, detail);
    if (err == DW_OK) {
        err = job_queue(jobs, job.id);
        if (err != DW_OK) job_store_remove(jobs, job.id, detail);
    }
    pthread_mutex_unlock(&jobs->lock);
    if (err != DW_OK) job_folder_remove(jobs, job.id);
    return err;
}

dw_err job_commit(struct job_desk *jobs, struct id id, struct when at, struct err_detail *detail)
{
    struct arena arena = {0};
    struct job_row job;
    pthread_mutex_lock(&jobs->lock);
    dw_err err = job_store_find(&job, jobs, id, &arena, detail);
    if (err == DW_OK && (job.state != JOB_READY || job.until_ms < at.ms))
        err = err_set(detail, DW_E_STATE, "the job is %s", job_state_texts[job.state == JOB_READY ? JOB_CANCELLED : job.state]);
    if (err == DW_OK) err = job_room(jobs, detail);
    if (err == DW_OK) {
        job.spec.dry_run = false;
        job.spec.offset = at.offset;
        job.state = JOB_QUEUED;
        job.ended_ms = SITE_NEVER;
        err = job_store_keep(jobs, &job, detail);
    }
    if (err == DW_OK) err = job_queue(jobs, id);
    pthread_mutex_unlock(&jobs->lock);
    arena_free(&arena);
    return err;
}

/* One that waits here is taken out of the queue; the caller holds the lock. */
static void job_unqueue(struct job_desk *jobs, struct id id)
{
    struct job_live **at = &jobs->first;
    while (*at != NULL && !id_equal((*at)->id, id)) at = &(*at)->next;
    struct job_live *live = *at;
    if (live == NULL) return;
    *at = live->next;
    free(live);
}

dw_err job_cancel(struct job_desk *jobs, struct id id, struct when at, struct err_detail *detail)
{
    struct arena arena = {0};
    struct job_row job;
    pthread_mutex_lock(&jobs->lock);
    dw_err err = job_store_find(&job, jobs, id, &arena, detail);
    if (err == DW_OK && job.state >= JOB_DONE) err = err_set(detail, DW_E_STATE, "the job is %s", job_state_texts[job.state]);
    if (err == DW_OK) {
        bool here = jobs->at_work != NULL && id_equal(jobs->at_work->id, id);
        job.cancel = true;
        if (here) atomic_store(&jobs->at_work->cancel, true);
        if (job.state != JOB_RUNNING) {
            job_unqueue(jobs, id);
            job.state = JOB_CANCELLED;
            job.error = DW_E_CANCELLED;
            job.ended_ms = job.until_ms = at.ms;
            job_folder_remove(jobs, id);
        }
        /* One that runs elsewhere keeps its runner: only the wish is put down. */
        err = job.state == JOB_RUNNING ? job_store_wish(jobs, id, detail) : job_store_keep(jobs, &job, detail);
    }
    pthread_mutex_unlock(&jobs->lock);
    arena_free(&arena);
    return err;
}

dw_err job_drop(struct job_desk *jobs, struct id id, struct when at, struct err_detail *detail)
{
    struct arena arena = {0};
    struct job_row job;
    pthread_mutex_lock(&jobs->lock);
    dw_err err = job_store_find(&job, jobs, id, &arena, detail);
    if (err == DW_OK && job.state < JOB_DONE) err = err_set(detail, DW_E_STATE, "the job is %s", job_state_texts[job.state]);
    if (err == DW_OK) {
        job.until_ms = at.ms;
        err = job_store_keep(jobs, &job, detail);
        job_folder_remove(jobs, id);
    }
    pthread_mutex_unlock(&jobs->lock);
    arena_free(&arena);
    return err;
}

dw_err job_file(int *fd, struct job_desk *jobs, const struct job_row *job, const char *name, struct err_detail *detail)
{
    struct stat found;
    *fd = -1;
    bool named =
        *name != 0 && *name != '.' && strchr(name, '/') == NULL && job->state == JOB_DONE && job->until_ms > when_now().ms;
    char *path = named ? job_folder_path(jobs, job->id, name) : NULL;
    if (path != NULL) *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*fd >= 0 && (fstat(*fd, &found) != 0 || !S_ISREG(found.st_mode))) {
        close(*fd);
        *fd = -1;
    }
    free(path);
    return *fd >= 0 ? DW_OK : err_set(detail, DW_E_NOT_FOUND, "there is no such file, or not any more");
}
