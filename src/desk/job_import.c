/* Imports as jobs: a file that lies in the job's folder. */
#include <stdlib.h>
#include <string.h>

#include "desk/import.h"
#include "desk/job_store.h"
#include "desk/lab.h"

static void job_import_int(struct json_out *json, const char *key, int64_t n)
{
    json_key(json, key);
    json_put_int(json, n);
}

static void job_import_text(struct json_out *json, const char *key, const char *text)
{
    json_key(json, key);
    json_put(json, text);
}

static void job_import_said(struct arena_buf *said, const struct import_result *r, bool dry)
{
    struct json_out json = {.buf = said};
    const struct {
        const char *name;
        int64_t n;
    } numbers[] = {{"rows", r->rows},
                   {"fresh", r->fresh},
                   {"matched", r->matched},
                   {"seen", r->seen},
                   {"empty", r->empty},
                   {"pairs", r->pairs},
                   {"doors", r->doors},
                   {"households", r->households},
                   {"held", r->held},
                   {"placeless", r->placeless},
                   {"bad_documents", r->bad_docs},
                   {"trouble_count", r->trouble_count}};
    json_open(&json, '{');
    job_import_text(&json, "batch", r->batch[0] == 0 ? NULL : r->batch);
    json_key(&json, "dry_run");
    json_put_bool(&json, dry);
    json_key(&json, "already");
    json_put_bool(&json, r->already);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) job_import_int(&json, numbers[i].name, numbers[i].n);
    json_key(&json, "columns");
    json_open(&json, '[');
    for (size_t i = 0; i < r->column_count; i++) {
        json_open(&json, '{');
        job_import_int(&json, "column", r->columns[i].column);
        job_import_text(&json, "header", r->columns[i].header);
        job_import_text(&json, "field", r->columns[i].field);
        json_key(&json, "said");
        json_put_bool(&json, r->columns[i].said);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_key(&json, "troubles");
    json_open(&json, '[');
    for (int64_t i = 0; i < r->trouble_count && i < IMPORT_TROUBLES; i++) {
        json_open(&json, '{');
        job_import_text(&json, "sheet", r->troubles[i].sheet);
        job_import_int(&json, "row", r->troubles[i].row);
        job_import_text(&json, "field", r->troubles[i].field);
        job_import_text(&json, "text", r->troubles[i].text);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
}

static dw_err job_import_do(struct import_result *out, struct job_desk *jobs, const struct job_row *job, const char *path,
                            const struct clock_progress *progress, struct err_detail *detail)
{
    const struct job_spec *spec = &job->spec;
    struct when at = {when_now().ms, spec->offset};
    const struct import_list list = {.path = path,
                                     .kind = spec->as,
                                     .columns = spec->columns,
                                     .building = spec->building,
                                     .dry_run = spec->dry_run,
                                     .lang = spec->lang,
                                     .at = at};
    const struct lab_results results = {.path = path,
                                        .by = {.desk = jobs->desk, .device = DESK_CLI_DEVICE, .round = spec->round, .at = at},
                                        .dry_run = spec->dry_run,
                                        .lang = spec->lang};
    if (spec->as == KINDS_LIST_KIND_MAP) return import_map(out, jobs->desk, path, spec->dry_run, at, progress, detail);
    if (spec->as == KINDS_LIST_KIND_RESULTS) return lab_results(out, &results, progress, detail);
    return import_list(out, jobs->desk, &list, progress, detail);
}

dw_err job_import(struct arena_buf *said, struct job_desk *jobs, const struct job_row *job, const struct clock_progress *progress,
                  struct err_detail *detail)
{
    struct import_result *result = calloc(1, sizeof *result);
    char *path = job_folder_path(jobs, job->id, job->spec.name);
    dw_err err = result == NULL || path == NULL ? DW_E_MEMORY : job_import_do(result, jobs, job, path, progress, detail);
    if (err == DW_OK) job_import_said(said, result, job->spec.dry_run);
    free(path);
    free(result);
    return err;
}
