/* The log: a line of JSON each, of calls and of what happened to the server. No value of any person, path or question of a call
 * goes in. Any number of threads may write. */
#ifndef HTTP_LOG_H
#define HTTP_LOG_H

#include "base/json.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_LEVELS };
enum {
    LOG_REPEATS = 10, /* of one event with one error in a minute; what is more is counted and told at its end */
    LOG_MINUTE_MS = 60000
};

struct log;
/* path NULL: standard error. Appends. DW_E_IO. Free with log_close; NULL is safe here and below: nothing is logged. */
dw_err log_open(struct log **out, const char *path, enum log_level level, struct err_detail *detail);
void log_close(struct log *log);
/* Opens the file again (it was moved away), perhaps another; on an error all stays as it was. */
dw_err log_reopen(struct log *log, const char *path, enum log_level level, struct err_detail *detail);

bool log_wants(const struct log *log, enum log_level level);
/* A line begins with its time and level; then the caller's members; log_end writes it. */
void log_begin(struct json_out *out, struct arena_buf *line, enum log_level level);
void log_end(struct log *log, struct json_out *out, enum log_level level);
/* What happened, with an error (DW_OK: none) and members: key, value, …, NULL; all are texts. */
void log_event(struct log *log, enum log_level level, const char *event, dw_err err, ...) __attribute__((sentinel));
/* Lines written, by level. */
unsigned long long log_lines(const struct log *log, enum log_level level);
const char *log_level_name(enum log_level level);

#endif
