/* Imports: a file is uploaded, tried or taken, and undone; the work is a job. */
#include <string.h>

#include "desk/import.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/api_job.h"
#include "http/guard.h"
#include "http/server.h"

/* A list may name any door of the site: so must who imports it be allowed to. */
static dw_err api_import_may(struct request *r)
{
    return api_job_everywhere(r) ? DW_OK
                                 : err_set(&r->detail, DW_E_FORBIDDEN, "%s",
                                           request_say(r, "要有全战区的权限", "a grant of the whole site is needed"));
}

dw_err api_imports_list(struct request *r)
{
    return api_job_page(r, JOB_IMPORT);
}

dw_err api_imports_add(struct request *r)
{
    struct job_spec spec = {.kind = JOB_IMPORT,
                            .member = r->who.member,
                            .lang = r->lang,
                            .offset = r->now.offset,
                            .round = request_int(r, "round"),
                            .dry_run = request_bool(r, "dry_run"),
                            .building = request_text(r, "building"),
                            .columns = request_text(r, "columns")};
    const char *name = request_text(r, "name");
    int as = request_enum(r, "as");
    struct id id;
    ERR_TRY(api_import_may(r));
    if (name == NULL || strlen(name) > JOB_NAME)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "name", "%s",
                      request_say(r, "要写文件名", "the file's name is wanted"));
    if (as < 0)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "as", "%s",
                      request_say(r, "要写是什么名单", "what it is, is wanted"));
    if (r->body.len == 0) return err_set(&r->detail, DW_E_FORMAT, "%s", request_say(r, "文件是空的", "the file is empty"));
    snprintf(spec.name, sizeof spec.name, "%s", name);
    spec.as = (enum kinds_list_kind)as;
    ERR_TRY(job_begin(&id, server_jobs(r->server), &spec, r->body.data, r->body.len, r->now, &r->detail));
    return api_job_answer(r, id);
}

dw_err api_imports_show(struct request *r)
{
    return api_job_show(r, JOB_IMPORT);
}

dw_err api_imports_commit(struct request *r)
{
    struct job_row job;
    ERR_TRY(api_job_of(&job, r, JOB_IMPORT));
    ERR_TRY(api_import_may(r));
    ERR_TRY(job_commit(server_jobs(r->server), job.id, r->now, &r->detail));
    return api_job_answer(r, job.id);
}

dw_err api_imports_cancel(struct request *r)
{
    return api_job_cancel(r, JOB_IMPORT);
}

dw_err api_batches_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_BATCH);
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        const struct site_batch *b = site_batch(site, (uint32_t)at);
        if (!guard_sees(r, site, SITE_NONE)) continue;
        answer_open(r, NULL, '{');
        answer_id(r, "id", site_device(site, b->device)->id);
        answer_text(r, "file", b->file);
        answer_text(r, "kind", kinds_list_kind_texts[b->kind]);
        answer_int(r, "rows", b->rows);
        answer_int(r, "fresh", b->fresh);
        answer_int(r, "matched", b->matched);
        answer_int(r, "pairs", b->pairs);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_batches_undo(struct request *r)
{
    static const char *const fields[] = {"reason", NULL};
    const char *reason;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may(&reason, r, "reason", 500));
    ERR_TRY(api_import_may(r));
    ERR_TRY(import_undo(request_desk(r), request_param(r, 0), reason == NULL ? "" : reason, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}
