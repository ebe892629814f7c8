/* Imports as jobs: a file that lies in the job's folder. */
#include <stdlib.h>
#include <string.h>

#include "desk/import.h"
#include "desk/job_store.h"
#include "desk/lab.h"

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
    if (err == DW_OK) {
        struct json_out json = {.buf = said};
        json_open(&json, '{');
        import_put(&json, result, job->spec.dry_run);
        json_close(&json, '}');
    }
    free(path);
    free(result);
    return err;
}
