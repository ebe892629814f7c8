/* Rows of jobs: what was asked and what came of it is sealed by a key of the site, for it may name people. */
#include "desk/job_store.h"

#include <stdlib.h>
#include <string.h>

const char *const job_state_texts[JOB_STATES] = {"queued", "running", "ready", "done", "failed", "cancelled"};

static void job_spec_text(struct arena_buf *out, const struct job_spec *spec)
{
    struct json_out json = {.buf = out};
    json_open(&json, '[');
    json_put_int(&json, spec->lang);
    json_put_int(&json, spec->offset);
    json_put(&json, spec->name);
    json_put_int(&json, (int64_t)spec->as);
    json_put_int(&json, spec->round);
    json_put_bool(&json, spec->dry_run);
    json_put(&json, spec->building);
    json_put(&json, spec->columns);
    json_put_int(&json, spec->format);
    json_put(&json, spec->reveal);
    json_close(&json, ']');
}

static int64_t job_spec_int(const struct json *json, uint32_t *at)
{
    int64_t n = 0;
    json_int(json, (*at)++, &n);
    return n;
}

/* Every element is a scalar: one token each. */
static bool job_spec_read(struct job_spec *out, const char *text, size_t len, struct arena *arena)
{
    struct json json = {0};
    bool good = json_read(&json, text, len, NULL) == DW_OK && json.tokens[0].count == 10;
    uint32_t at = 1;
    if (good) {
        out->lang = job_spec_int(&json, &at) == ERR_ZH ? ERR_ZH : ERR_EN;
        out->offset = (int32_t)job_spec_int(&json, &at);
        const char *name = json_text(&json, at++, arena);
        snprintf(out->name, sizeof out->name, "%s", name == NULL ? "" : name);
        out->as = (enum kinds_list_kind)job_spec_int(&json, &at);
        out->round = job_spec_int(&json, &at);
        out->dry_run = json.tokens[at++].type == JSON_TRUE;
        out->building = json_text(&json, at++, arena);
        out->columns = json_text(&json, at++, arena);
        out->format = (enum job_format)job_spec_int(&json, &at);
        out->reveal = json_text(&json, at++, arena);
    }
    json_free(&json);
    return good;
}

/* Sealed text as a value; memory of the arena. NULL text: null. */
static struct store_value job_sealed(const struct job_desk *jobs, struct id id, const char *text, size_t len, struct arena *arena)
{
    uint8_t *sealed = text == NULL ? NULL : arena_alloc(arena, len + KEYS_OVERHEAD);
    if (sealed == NULL) return store_null();
    keys_seal(sealed, jobs->key, id.b, sizeof id.b, text, len);
    return store_bytes(sealed, len + KEYS_OVERHEAD);
}

static char *job_opened(const struct job_desk *jobs, const struct store_value *v, size_t *len, struct arena *arena)
{
    *len = 0;
    if (v->type != STORE_BYTES || v->len < KEYS_OVERHEAD) return NULL;
    char *text = arena_alloc(arena, v->len - KEYS_OVERHEAD + 1);
    if (text == NULL || !keys_open(text, jobs->key, v->data, v->len)) return NULL;
    *len = v->len - KEYS_OVERHEAD;
    return text;
}

static struct store_value job_ms(int64_t ms)
{
    return ms == SITE_NEVER ? store_null() : store_int(ms);
}

static int64_t job_get_ms(const struct store_value *v)
{
    return v->type == STORE_NULL ? SITE_NEVER : store_get_int(v);
}

dw_err job_store_add(struct job_desk *jobs, const struct job_row *job, struct err_detail *detail)
{
    static const struct store_sql sql = {
        "INSERT INTO job (job_id, site_id, member_id, kind, state, runner, cancel, step, done, total, made_ms, begun_ms, "
        "ended_ms, "
        "until_ms, error, spec, said) VALUES ($1, $2, $3, $4, $5, $6, 0, '', 0, 0, $7, NULL, NULL, $8, 0, $9, NULL)",
        NULL};
    struct arena arena = {0};
    struct arena_buf text = {0};
    job_spec_text(&text, &job->spec);
    struct store_value v[] = {store_id(&job->id),
                              store_id(&jobs->desk->site->id),
                              store_id(&job->spec.member),
                              store_int(job->spec.kind),
                              store_int(job->state),
                              store_id(&jobs->runner),
                              store_int(job->made_ms),
                              store_int(job->until_ms),
                              job_sealed(jobs, job->id, text.failed ? NULL : text.data, text.len, &arena)};
    dw_err err = v[8].type == STORE_NULL ? DW_E_MEMORY : store_run(jobs->store, &sql, v, 9, 1, detail);
    arena_buf_free(&text);
    arena_free(&arena);
    return err;
}

dw_err job_store_keep(struct job_desk *jobs, const struct job_row *job, struct err_detail *detail)
{
    static const struct store_sql sql = {"UPDATE job SET state = $1, runner = $2, cancel = $3, begun_ms = $4, ended_ms = $5, "
                                         "until_ms = $6, error = $7, spec = $8, said = $9 WHERE job_id = $10",
                                         NULL};
    struct arena arena = {0};
    struct arena_buf text = {0};
    job_spec_text(&text, &job->spec);
    struct store_value v[] = {store_int(job->state),
                              store_id(&jobs->runner),
                              store_int(job->cancel),
                              job_ms(job->begun_ms),
                              job_ms(job->ended_ms),
                              store_int(job->until_ms),
                              store_int((int64_t)job->error),
                              job_sealed(jobs, job->id, text.failed ? NULL : text.data, text.len, &arena),
                              job_sealed(jobs, job->id, job->said, job->said == NULL ? 0 : strlen(job->said), &arena),
                              store_id(&job->id)};
    dw_err err = v[7].type == STORE_NULL ? DW_E_MEMORY : store_run(jobs->store, &sql, v, 10, 1, detail);
    arena_buf_free(&text);
    arena_free(&arena);
    return err;
}

dw_err job_store_wish(struct job_desk *jobs, struct id id, struct err_detail *detail)
{
    static const struct store_sql sql = {"UPDATE job SET cancel = 1 WHERE job_id = $1", NULL};
    struct store_value v[] = {store_id(&id)};
    return store_run(jobs->store, &sql, v, 1, 1, detail);
}

dw_err job_store_remove(struct job_desk *jobs, struct id id, struct err_detail *detail)
{
    static const struct store_sql sql = {"DELETE FROM job WHERE job_id = $1", NULL};
    struct store_value v[] = {store_id(&id)};
    return store_run(jobs->store, &sql, v, 1, 1, detail);
}

dw_err job_store_forget(struct job_desk *jobs, int64_t before_ms, struct err_detail *detail)
{
    static const struct store_sql sql = {"DELETE FROM job WHERE site_id = $1 AND ended_ms < $2", NULL};
    struct store_value v[] = {store_id(&jobs->desk->site->id), store_int(before_ms)};
    return store_run(jobs->store, &sql, v, 2, 1, detail);
}

static dw_err job_store_flag(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(bool *)ctx = store_get_int(&v[0]) != 0;
    return DW_OK;
}

dw_err job_store_progress(struct job_desk *jobs, const struct job_live *live, bool *cancel, struct err_detail *detail)
{
    static const struct store_sql put = {"UPDATE job SET step = $1, done = $2, total = $3 WHERE job_id = $4", NULL},
                                  ask = {"SELECT cancel FROM job WHERE job_id = $1", NULL};
    const char *step = atomic_load(&live->step);
    struct store_value v[] = {store_text(step == NULL ? "" : step), store_int((int64_t)atomic_load(&live->done)),
                              store_int((int64_t)atomic_load(&live->total)), store_id(&live->id)};
    *cancel = false;
    ERR_TRY(store_run(jobs->store, &put, v, 4, 1, detail));
    return store_ask(jobs->store, &ask, &v[3], 1, job_store_flag, cancel, detail);
}

struct job_reading {
    struct job_desk *jobs;
    struct arena *arena;
    struct job_row *one; /* or: */
    dw_err (*each)(void *ctx, const struct job_row *job);
    dw_err (*unsettled)(void *ctx, const struct job_row *job, struct id runner);
    void *ctx;
};

#define JOB_COLUMNS                                                                                                              \
    "SELECT job_id, member_id, kind, state, runner, cancel, step, done, total, made_ms, begun_ms, ended_ms, until_ms, error, "   \
    "spec, said FROM job "

static void job_row_live(struct job_row *job, struct job_desk *jobs)
{
    const struct job_live *live = jobs->at_work;
    if (live == NULL || !id_equal(live->id, job->id)) return;
    const char *step = atomic_load(&live->step);
    snprintf(job->step, sizeof job->step, "%s", step == NULL ? "" : step);
    job->done = (int64_t)atomic_load(&live->done);
    job->total = (int64_t)atomic_load(&live->total);
}

static dw_err job_row_read(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct job_reading *reading = ctx;
    struct job_row job = {.id = store_get_id(&v[0])};
    size_t len;
    (void)count;
    const char *spec = job_opened(reading->jobs, &v[14], &len, reading->arena);
    if (spec == NULL || !job_spec_read(&job.spec, spec, len, reading->arena))
        return err_set(detail, DW_E_KEYS, "what was asked of a job does not open");
    job.spec.member = store_get_id(&v[1]);
    job.spec.kind = (enum job_kind)store_get_int(&v[2]);
    int64_t state = store_get_int(&v[3]);
    job.state = state < 0 || state >= JOB_STATES ? JOB_FAILED : (enum job_state)state;
    job.cancel = store_get_int(&v[5]) != 0;
    if (v[6].type == STORE_TEXT) snprintf(job.step, sizeof job.step, "%.*s", (int)v[6].len, (const char *)v[6].data);
    job.done = store_get_int(&v[7]);
    job.total = store_get_int(&v[8]);
    job.made_ms = store_get_int(&v[9]);
    job.begun_ms = job_get_ms(&v[10]);
    job.ended_ms = job_get_ms(&v[11]);
    job.until_ms = store_get_int(&v[12]);
    job.error = (dw_err)store_get_int(&v[13]);
    job.said = job_opened(reading->jobs, &v[15], &len, reading->arena);
    job_row_live(&job, reading->jobs);
    if (reading->one != NULL) *reading->one = job;
    if (reading->each != NULL) return reading->each(reading->ctx, &job);
    return reading->unsettled != NULL ? reading->unsettled(reading->ctx, &job, store_get_id(&v[4])) : DW_OK;
}

dw_err job_store_find(struct job_row *out, struct job_desk *jobs, struct id id, struct arena *arena, struct err_detail *detail)
{
    static const struct store_sql sql = {JOB_COLUMNS "WHERE job_id = $1 AND site_id = $2", NULL};
    struct job_reading reading = {.jobs = jobs, .arena = arena, .one = out};
    struct store_value v[] = {store_id(&id), store_id(&jobs->desk->site->id)};
    memset(out, 0, sizeof *out);
    ERR_TRY(store_ask(jobs->store, &sql, v, 2, job_row_read, &reading, detail));
    return id_null(out->id) ? err_set(detail, DW_E_NOT_FOUND, "there is no such job") : DW_OK;
}

dw_err job_find(struct job_row *out, struct job_desk *jobs, struct id id, struct arena *arena, struct err_detail *detail)
{
    pthread_mutex_lock(&jobs->lock);
    dw_err err = job_store_find(out, jobs, id, arena, detail);
    pthread_mutex_unlock(&jobs->lock);
    return err;
}

dw_err job_each(struct job_desk *jobs, enum job_kind kind, const struct id *member, int64_t skip, int64_t most,
                dw_err (*each)(void *ctx, const struct job_row *job), void *ctx, struct arena *arena, struct err_detail *detail)
{
    static const struct store_sql all = {JOB_COLUMNS
                                         "WHERE site_id = $1 AND kind = $2 ORDER BY made_ms DESC, job_id LIMIT $3 OFFSET $4",
                                         NULL},
                                  own = {JOB_COLUMNS
                                         "WHERE site_id = $1 AND kind = $2 AND member_id = $3 ORDER BY made_ms DESC, job_id "
                                         "LIMIT $4 OFFSET $5",
                                         NULL};
    struct job_reading reading = {.jobs = jobs, .arena = arena, .each = each, .ctx = ctx};
    struct store_value v[5] = {store_id(&jobs->desk->site->id), store_int(kind)};
    size_t n = 2;
    if (member != NULL) v[n++] = store_id(member);
    v[n++] = store_int(most);
    v[n++] = store_int(skip);
    pthread_mutex_lock(&jobs->lock);
    dw_err err = store_ask(jobs->store, member == NULL ? &all : &own, v, n, job_row_read, &reading, detail);
    pthread_mutex_unlock(&jobs->lock);
    return err;
}

dw_err job_store_unsettled(struct job_desk *jobs, dw_err (*each)(void *ctx, const struct job_row *job, struct id runner),
                           void *ctx, struct arena *arena, struct err_detail *detail)
{
    static const struct store_sql sql = {JOB_COLUMNS "WHERE site_id = $1 AND (state < $2 OR (state = $2 AND kind = $3))", NULL};
    struct job_reading reading = {.jobs = jobs, .arena = arena, .unsettled = each, .ctx = ctx};
    struct store_value v[] = {store_id(&jobs->desk->site->id), store_int(JOB_DONE), store_int(JOB_EXPORT)};
    return store_ask(jobs->store, &sql, v, 3, job_row_read, &reading, detail);
}
