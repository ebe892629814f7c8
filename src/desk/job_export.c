/* Exports as jobs: everything as a folder of files, or one table as one file, each with its hash. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "desk/copies.h"
#include "desk/export_one.h"
#include "desk/job_store.h"
#include "desk/register.h"
#include "store/disk.h"

enum { JOB_EXPORT_FILES = 300 };

static dw_err job_export_hash(uint8_t hash[HASH_SIZE], int64_t *bytes, const char *path, struct err_detail *detail)
{
    struct hash_stream stream;
    char *piece = malloc(65536);
    FILE *file = piece == NULL ? NULL : fopen(path, "rbe");
    dw_err err = piece == NULL ? DW_E_MEMORY : file == NULL ? disk_error(detail, path, errno) : DW_OK;
    size_t got;
    *bytes = 0;
    hash_start(&stream);
    while (err == DW_OK && (got = fread(piece, 1, 65536, file)) > 0) {
        hash_add(&stream, piece, got);
        *bytes += (int64_t)got;
    }
    if (err == DW_OK && ferror(file)) err = disk_error(detail, path, errno);
    hash_end(&stream, hash);
    if (file != NULL) fclose(file);
    free(piece);
    return err;
}

static dw_err job_export_file(struct json_out *json, struct job_desk *jobs, struct id id, const char *name,
                              struct err_detail *detail)
{
    uint8_t hash[HASH_SIZE];
    char hex[2 * HASH_SIZE + 1];
    int64_t bytes = 0;
    char *path = job_folder_path(jobs, id, name);
    dw_err err = path == NULL ? DW_E_MEMORY : job_export_hash(hash, &bytes, path, detail);
    free(path);
    if (err != DW_OK) return err;
    hash_hex(hex, hash, HASH_SIZE);
    json_open(json, '{');
    json_key(json, "name");
    json_put(json, name);
    json_key(json, "bytes");
    json_put_int(json, bytes);
    json_key(json, "sha256");
    json_put(json, hex);
    json_close(json, '}');
    return DW_OK;
}

static int job_export_order(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static int job_export_wanted(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static dw_err job_export_said(struct arena_buf *said, struct job_desk *jobs, struct id id, int64_t rows,
                              struct err_detail *detail)
{
    struct json_out json = {.buf = said};
    struct dirent **entries = NULL;
    char *folder = job_folder_path(jobs, id, NULL);
    int count = folder == NULL ? -1 : scandir(folder, &entries, job_export_wanted, job_export_order);
    dw_err err = folder == NULL ? DW_E_MEMORY : count < 0 ? disk_error(detail, folder, errno) : DW_OK;
    json_open(&json, '{');
    json_key(&json, "rows");
    json_put_int(&json, rows);
    json_key(&json, "files");
    json_open(&json, '[');
    for (int i = 0; i < count; i++) {
        if (err == DW_OK && i < JOB_EXPORT_FILES) err = job_export_file(&json, jobs, id, entries[i]->d_name, detail);
        free(entries[i]);
    }
    json_close(&json, ']');
    json_close(&json, '}');
    free(entries);
    free(folder);
    return err;
}

static dw_err job_export_all(int64_t *rows, struct job_desk *jobs, struct desk *own, const struct job_row *job, struct when at,
                             const struct clock_progress *progress, struct err_detail *detail)
{
    struct export_done done;
    char *folder = job_folder_path(jobs, job->id, NULL);
    const struct export_spec spec = {.folder = folder, .lang = job->spec.lang, .reveal = job->spec.reveal, .at = at};
    dw_err err = folder == NULL ? DW_E_MEMORY : export_all(&done, own, &spec, progress, detail);
    free(folder);
    if (err == DW_OK) *rows = done.rows;
    return err;
}

/* What leaves the store is on record, with its hash. */
static dw_err job_export_record(struct desk *own, const char *path, bool clear, struct when at, struct err_detail *detail)
{
    uint8_t hash[HASH_SIZE];
    char text[HASH_TEXT];
    struct copies_one copy = {.what = KINDS_COPY_KIND_EXPORT, .path = path, .hash = text, .clear = clear};
    ERR_TRY(job_export_hash(hash, &copy.bytes, path, detail));
    hash_b64(text, hash, HASH_SIZE);
    return copies_record(own, &copy, at, detail);
}

static dw_err job_export_table(int64_t *rows, struct job_desk *jobs, struct desk *own, const struct job_row *job, struct when at,
                               const struct clock_progress *progress, struct err_detail *detail)
{
    static const enum table_out_format formats[] = {TABLE_OUT_CSV_BOM, TABLE_OUT_XLSX, TABLE_OUT_JSON};
    static const char *const endings[] = {"csv", "xlsx", "json"};
    const struct job_spec *spec = &job->spec;
    char name[64];
    snprintf(name, sizeof name, "%.40s.%s", spec->name, endings[spec->format]);
    char *folder = job_folder_path(jobs, job->id, NULL), *path = job_folder_path(jobs, job->id, name);
    const struct export_one one = {.table = export_one_table(spec->name),
                                   .path = path,
                                   .format = formats[spec->format],
                                   .lang = spec->lang,
                                   .reveal = spec->reveal != NULL,
                                   .member = spec->member,
                                   .at = at};
    dw_err err = folder == NULL || path == NULL ? DW_E_MEMORY : DW_OK;
    if (err == DW_OK && one.table == NULL) err = err_set(detail, DW_E_NOT_FOUND, "table %s", spec->name);
    if (err == DW_OK && mkdir(folder, 0700) != 0) err = disk_error(detail, folder, errno);
    if (err == DW_OK && one.reveal)
        err = register_look(own, "export", spec->reveal, site_count(own->site, SITE_PERSON), at, detail); /* before it is shown */
    if (err == DW_OK) err = export_one(rows, own, &one, progress, detail);
    if (err == DW_OK) err = job_export_record(own, path, one.reveal, at, detail);
    free(folder);
    free(path);
    return err;
}

dw_err job_export(struct arena_buf *said, struct job_desk *jobs, const struct job_row *job, const struct clock_progress *progress,
                  struct err_detail *detail)
{
    struct when at = {when_now().ms, job->spec.offset};
    struct desk *own = NULL;
    int64_t rows = 0;
    if (!clock_tick(progress, "export", 0, 0)) return DW_E_CANCELLED;
    /* It reads the site for seconds, under a lock that keeps the writer out: so it opens the site for itself. */
    dw_err err = desk_open(&own, jobs->url, detail);
    if (err == DW_OK && job->spec.name[0] == 0)
        err = job_export_all(&rows, jobs, own, job, at, progress, detail);
    else if (err == DW_OK)
        err = job_export_table(&rows, jobs, own, job, at, progress, detail);
    desk_close(own);
    return err == DW_OK ? job_export_said(said, jobs, job->id, rows, detail) : err;
}
