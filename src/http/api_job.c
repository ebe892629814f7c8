#include "http/api_job.h"

#include <string.h>

#include "http/answer.h"
#include "http/guard.h"
#include "http/server.h"

bool api_job_everywhere(struct request *r)
{
    bool everywhere = guard_sees(r, desk_read(request_desk(r)), SITE_NONE);
    desk_read_end(request_desk(r));
    return everywhere;
}

dw_err api_job_of(struct job_row *out, struct request *r, enum job_kind kind)
{
    struct id id;
    const char *text = request_param(r, 0);
    dw_err err =
        id_parse(&id, text, strlen(text)) ? job_find(out, server_jobs(r->server), id, &r->arena, &r->detail) : DW_E_NOT_FOUND;
    bool own = err == DW_OK && id_equal(out->spec.member, r->who.member);
    if (err == DW_OK && (out->spec.kind != kind || (!own && !api_job_everywhere(r)))) err = DW_E_NOT_FOUND;
    return err == DW_E_NOT_FOUND
               ? err_set(&r->detail, err, "%s", request_say(r, "没有这个任务，或不是您的", "no such job of yours"))
               : err;
}

/* A part of what a job said, as it stands there. */
static void api_job_said(struct request *r, const char *key, const char *said)
{
    json_key(&r->answer, key);
    if (said == NULL)
        json_put(&r->answer, NULL);
    else
        json_put_raw(&r->answer, said, strlen(said));
}

static void api_job_problem(struct request *r, const struct job_row *job)
{
    if (r->answer.depth == 3 && !answer_wants(r, "problem")) return;
    json_key(&r->answer, "problem");
    if (job->error == DW_OK || (job->state != JOB_FAILED && job->state != JOB_CANCELLED)) {
        json_put(&r->answer, NULL);
        return;
    }
    struct json said = {0};
    const char *text = job->said == NULL ? "{}" : job->said;
    bool read = json_read(&said, text, strlen(text), NULL) == DW_OK;
    static const char *const fields[] = {"detail", "file", "sheet", "field"};
    int64_t row = 0;
    json_open(&r->answer, '{');
    json_key(&r->answer, "code");
    json_put(&r->answer, err_name(job->error));
    json_key(&r->answer, "title");
    json_put(&r->answer, err_title(job->error, r->lang));
    json_key(&r->answer, "fix");
    json_put(&r->answer, err_fix(job->error, r->lang));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        uint32_t at = read ? json_member(&said, 0, fields[i]) : 0;
        const char *value = at == 0 ? NULL : json_text(&said, at, &r->arena);
        json_key(&r->answer, fields[i]);
        json_put(&r->answer, value == NULL ? "" : value);
    }
    if (read && json_member(&said, 0, "row") != 0) json_int(&said, json_member(&said, 0, "row"), &row);
    json_key(&r->answer, "row");
    json_put_int(&r->answer, row);
    json_close(&r->answer, '}');
    json_free(&said);
}

static void api_job_members(struct request *r, const struct job_row *job)
{
    static const char *const formats[] = {"csv", "xlsx", "json"};
    answer_open(r, NULL, '{');
    answer_id(r, "id", job->id);
    answer_text(r, "state", job_state_texts[job->state]);
    answer_text(r, "name", job->spec.name);
    answer_id(r, "member", job->spec.member);
    answer_time(r, "made", job->made_ms);
    answer_time(r, "begun", job->begun_ms);
    answer_time(r, "ended", job->ended_ms);
    answer_time(r, "until", job->until_ms);
    answer_text(r, "step", job->step);
    answer_int(r, "done", job->done);
    answer_int(r, "total", job->total);
    api_job_problem(r, job);
    if (job->spec.kind == JOB_IMPORT) {
        answer_text(r, "as", kinds_list_kind_texts[job->spec.as]);
        answer_bool(r, "dry_run", job->spec.dry_run);
    } else {
        answer_text(r, "format", formats[job->spec.format]);
    }
    if (r->answer.depth != 3 || answer_wants(r, "result"))
        api_job_said(r, "result", job->state == JOB_READY || job->state == JOB_DONE ? job->said : NULL);
    answer_close(r, '}');
}

struct api_jobs {
    struct request *r;
    int64_t items;
};

static dw_err api_job_one(void *ctx, const struct job_row *job)
{
    struct api_jobs *list = ctx;
    if (answer_page_room(list->r, list->items)) api_job_members(list->r, job);
    list->items++;
    return DW_OK;
}

dw_err api_job_page(struct request *r, enum job_kind kind)
{
    struct api_jobs list = {.r = r};
    int64_t from, limit = request_int(r, "limit");
    ERR_TRY(answer_page_begin(r, &from));
    /* One more than the page takes tells whether there is another. */
    ERR_TRY(job_each(server_jobs(r->server), kind, api_job_everywhere(r) ? NULL : &r->who.member, from, limit + 1, api_job_one,
                     &list, &r->arena, &r->detail));
    answer_page_end(r, list.items > limit ? from + limit : -1);
    return DW_OK;
}

dw_err api_job_answer(struct request *r, struct id id)
{
    struct job_row job;
    ERR_TRY(job_find(&job, server_jobs(r->server), id, &r->arena, &r->detail));
    answer_begin(r);
    api_job_members(r, &job);
    return DW_OK;
}

dw_err api_job_show(struct request *r, enum job_kind kind)
{
    struct job_row job;
    ERR_TRY(api_job_of(&job, r, kind));
    return api_job_answer(r, job.id);
}

dw_err api_job_cancel(struct request *r, enum job_kind kind)
{
    struct job_row job;
    ERR_TRY(api_job_of(&job, r, kind));
    ERR_TRY(job_cancel(server_jobs(r->server), job.id, r->now, &r->detail));
    return api_job_answer(r, job.id);
}
