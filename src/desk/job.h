/* Long work beside the calls of a server: imports of files, exports. One after another in a thread of its own, with progress, to
 * be cancelled; on record in a table that is not of the ledger, so that a job outlives the program as done or failed. Files lie
 * in a folder beside the store, for nobody but its owner, and not for long. Any number of threads may call it. */
#ifndef DESK_JOB_H
#define DESK_JOB_H

#include "desk/desk.h"

enum {
    JOB_NAME = 200,                   /* bytes of a file's name */
    JOB_UPLOAD_MS = 3600 * 1000,      /* so long a file that was tried waits for its commit */
    JOB_EXPORT_MS = 24 * 3600 * 1000, /* so long what was exported can be fetched */
    JOB_KEEP_DAYS = 30,               /* so long a job that ended stands in the list */
    JOB_WAITING = 20                  /* jobs that wait at most */
};

enum job_kind { JOB_IMPORT, JOB_EXPORT };
/* READY: an import was tried and waits for its commit. */
enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_READY, JOB_DONE, JOB_FAILED, JOB_CANCELLED, JOB_STATES };
extern const char *const job_state_texts[JOB_STATES];
enum job_format { JOB_CSV, JOB_XLSX, JOB_JSON };

struct job_spec {
    enum job_kind kind;
    struct id member; /* whose it is */
    enum err_lang lang;
    int32_t offset; /* of the caller's clock */
    char name[JOB_NAME + 1];
    /* Of an import; name is the file's. */
    enum kinds_list_kind as;
    int64_t round;
    bool dry_run;
    const char *building, *columns; /* NULL: none */
    /* Of an export; name is the table's, "" exports everything. */
    enum job_format format;
    const char *reveal; /* NULL, or the reason for which nothing is masked */
};

/* A job as it stands. Texts lie in the arena it was read into. */
struct job_row {
    struct id id;
    struct job_spec spec;
    enum job_state state;
    bool cancel;
    dw_err error;
    char step[32];
    int64_t done, total, made_ms, begun_ms, ended_ms, until_ms; /* SITE_NEVER */
    const char *said; /* a JSON object: what came of it, or of a failure where and why; NULL */
};

struct job_desk;
/* Its own way to the store of desk, at url. What a program that died left undone is failed, its files removed. */
dw_err job_open(struct job_desk **out, struct desk *desk, const char *url, struct err_detail *detail);
/* Cancels what runs and ends the thread. NULL is safe. */
void job_close(struct job_desk *jobs);
/* Now and then, each second or so: progress on record, files and jobs that are over removed, jobs of dead programs failed. */
void job_tick(struct job_desk *jobs, int64_t now_ms);

/* Begins one; data: an import's file. DW_E_INVALID (name), DW_E_TOO_MANY. */
dw_err job_begin(struct id *out, struct job_desk *jobs, const struct job_spec *spec, const void *data, size_t len, struct when at,
                 struct err_detail *detail);
/* The import that was tried is done. DW_E_NOT_FOUND, DW_E_STATE, DW_E_TOO_MANY. */
dw_err job_commit(struct job_desk *jobs, struct id id, struct when at, struct err_detail *detail);
/* It ends soon as cancelled, if it is not done before; one that waits for its commit is dropped. DW_E_NOT_FOUND, DW_E_STATE. */
dw_err job_cancel(struct job_desk *jobs, struct id id, struct when at, struct err_detail *detail);
/* Removes what it exported before its time. DW_E_NOT_FOUND, DW_E_STATE (it is at work). */
dw_err job_drop(struct job_desk *jobs, struct id id, struct when at, struct err_detail *detail);

dw_err job_find(struct job_row *out, struct job_desk *jobs, struct id id, struct arena *arena, struct err_detail *detail);
/* The latest first, from the skip'th on, at most most of them. each returns an error to stop. member NULL: everybody's. */
dw_err job_each(struct job_desk *jobs, enum job_kind kind, const struct id *member, int64_t skip, int64_t most,
                dw_err (*each)(void *ctx, const struct job_row *job), void *ctx, struct arena *arena, struct err_detail *detail);
/* Opens a file of an export that is done, for reading. DW_E_NOT_FOUND. */
dw_err job_file(int *fd, struct job_desk *jobs, const struct job_row *job, const char *name, struct err_detail *detail);
/* A path in the folder for a file that is answered at once, on the heap; NULL when memory is out. */
char *job_scratch(struct job_desk *jobs, const char *name);

/* The end of a site: removes the folder beside the store at url with all in it. */
dw_err job_folder_clear(const char *url, struct err_detail *detail);

#endif
