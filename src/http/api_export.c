/* Exports: everything or one table as a job whose files are fetched later, and one table at once. */
#include <stdlib.h>
#include <string.h>

#include "desk/export_one.h"
#include "http/answer_file.h"
#include "http/api.h"
#include "http/api_job.h"
#include "http/guard.h"
#include "http/server.h"

static const char *const api_export_formats[] = {"csv", "xlsx", "json"};

dw_err api_exports_list(struct request *r)
{
    return api_job_page(r, JOB_EXPORT);
}

/* Everything is of the whole site; and what is shown in full asks for its own ability too. */
static dw_err api_export_may(struct request *r, const struct job_spec *spec)
{
    const struct site *site = desk_read(request_desk(r));
    bool whole = guard_sees(r, site, SITE_NONE);
    bool reveals = spec->reveal == NULL || guard_may(r, site, ROLES_REGISTER_REVEAL, SITE_NONE);
    desk_read_end(request_desk(r));
    if (spec->name[0] != 0 && export_one_table(spec->name) == NULL)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "table", "%s",
                      request_say(r, "没有这张表", "there is no such table"));
    if ((spec->name[0] == 0 && !whole) || !reveals)
        return err_at(&r->detail, DW_E_FORBIDDEN, NULL, NULL, 0, reveals ? "table" : "reason", "%s",
                      request_say(r, "要有全战区的权限", "a grant of the whole site is needed"));
    return DW_OK;
}

dw_err api_exports_add(struct request *r)
{
    static const char *const fields[] = {"table", "format", "reason", NULL};
    struct job_spec spec = {.kind = JOB_EXPORT, .member = r->who.member, .lang = r->lang, .offset = r->now.offset};
    const char *table;
    int format;
    struct id id;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may(&table, r, "table", 40));
    ERR_TRY(request_may_enum(&format, r, "format", api_export_formats, 3, JOB_CSV));
    ERR_TRY(request_may(&spec.reveal, r, "reason", 500));
    if (spec.reveal != NULL && *spec.reveal == 0) spec.reveal = NULL;
    spec.format = (enum job_format)format;
    snprintf(spec.name, sizeof spec.name, "%s", table == NULL ? "" : table);
    ERR_TRY(api_export_may(r, &spec));
    ERR_TRY(job_begin(&id, server_jobs(r->server), &spec, NULL, 0, r->now, &r->detail));
    return api_job_answer(r, id);
}

dw_err api_exports_show(struct request *r)
{
    return api_job_show(r, JOB_EXPORT);
}

dw_err api_exports_cancel(struct request *r)
{
    return api_job_cancel(r, JOB_EXPORT);
}

dw_err api_exports_drop(struct request *r)
{
    struct job_row job;
    ERR_TRY(api_job_of(&job, r, JOB_EXPORT));
    ERR_TRY(job_drop(server_jobs(r->server), job.id, r->now, &r->detail));
    api_nothing(r);
    return DW_OK;
}

dw_err api_exports_file(struct request *r)
{
    struct job_row job;
    char id[ID_TEXT], tag[ID_TEXT + HASH_TEXT + 8], hash[HASH_TEXT];
    uint8_t bytes[HASH_SIZE];
    const char *name = request_param(r, 1);
    int fd;
    ERR_TRY(api_job_of(&job, r, JOB_EXPORT));
    ERR_TRY(job_file(&fd, server_jobs(r->server), &job, name, &r->detail));
    id_text(id, job.id);
    hash_one(bytes, name, strlen(name));
    hash_b64(hash, bytes, 12);
    snprintf(tag, sizeof tag, "\"%s-%s\"", id, hash); /* a job's files never change */
    struct answer_file file = {.fd = fd,
                               .type = "application/octet-stream",
                               .name = arena_text(&r->arena, name, strlen(name)),
                               .tag = arena_text(&r->arena, tag, strlen(tag))};
    return answer_file(r, &file);
}

dw_err api_tables_list(struct request *r)
{
    int64_t from, items = 0;
    size_t at;
    ERR_TRY(answer_page_begin(r, &from));
    for (at = 0; export_tables_at(at) != NULL && answer_page_room(r, items); at++) {
        const struct export_table *table = export_tables_at(at);
        if ((int64_t)at < from) continue;
        answer_open(r, NULL, '{');
        answer_text(r, "name", table->name);
        answer_text(r, "title", table->title[r->lang]);
        if (answer_wants(r, "columns")) {
            answer_open(r, "columns", '[');
            for (size_t i = 0; i < table->count; i++) json_put(&r->answer, table->columns[i][ERR_EN]);
            answer_close(r, ']');
        }
        answer_close(r, '}');
        items++;
    }
    answer_page_end(r, export_tables_at(at) != NULL ? (int64_t)at : -1);
    return DW_OK;
}

dw_err api_tables_show(struct request *r)
{
    static const enum table_out_format formats[] = {TABLE_OUT_CSV_BOM, TABLE_OUT_XLSX, TABLE_OUT_JSON};
    static const char *const types[] = {"text/csv; charset=utf-8",
                                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/json"};
    const char *table = request_param(r, 0);
    int format = request_enum(r, "format"), as = format < 0 ? JOB_CSV : format;
    char name[64];
    int64_t rows;
    struct export_one one = {.table = export_one_table(table),
                             .format = formats[as],
                             .aside = true,
                             .lang = r->lang,
                             .member = r->who.member,
                             .at = r->now};
    if (one.table == NULL)
        return err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有这张表", "there is no such table"));
    snprintf(name, sizeof name, "%.40s.%s", one.table->name, api_export_formats[as]);
    char *path = job_scratch(server_jobs(r->server), name);
    if (path == NULL) return DW_E_MEMORY;
    one.path = path;
    dw_err err = export_one(&rows, request_desk(r), &one, NULL, &r->detail);
    if (err == DW_OK) return answer_file_once(r, path, types[as], arena_text(&r->arena, name, strlen(name)));
    free(path);
    return err;
}
