#include "http/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"

enum { LOG_KINDS = 32 };

/* One event with one error, and how often it came in the minute that began at since_ms. */
struct log_kind {
    const char *event;
    dw_err err;
    int64_t since_ms;
    unsigned long long times;
};

struct log {
    pthread_mutex_t lock;
    FILE *file; /* stderr is not closed */
    atomic_int level;
    atomic_ullong lines[LOG_LEVELS];
    struct log_kind kinds[LOG_KINDS];
};

const char *log_level_name(enum log_level level)
{
    static const char *const names[LOG_LEVELS] = {"error", "warn", "info"};
    return names[level];
}

static dw_err log_file(FILE **out, const char *path, struct err_detail *detail)
{
    *out = path == NULL ? stderr : fopen(path, "ae");
    return *out != NULL ? DW_OK : err_at(detail, DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
}

dw_err log_open(struct log **out, const char *path, enum log_level level, struct err_detail *detail)
{
    struct log *log = calloc(1, sizeof *log);
    *out = NULL;
    if (log == NULL) return DW_E_MEMORY;
    dw_err err = log_file(&log->file, path, detail);
    if (err != DW_OK) {
        free(log);
        return err;
    }
    pthread_mutex_init(&log->lock, NULL);
    atomic_store(&log->level, (int)level);
    *out = log;
    return DW_OK;
}

dw_err log_reopen(struct log *log, const char *path, enum log_level level, struct err_detail *detail)
{
    FILE *fresh;
    if (log == NULL) return DW_OK;
    ERR_TRY(log_file(&fresh, path, detail));
    pthread_mutex_lock(&log->lock);
    FILE *old = log->file;
    log->file = fresh;
    atomic_store(&log->level, (int)level);
    pthread_mutex_unlock(&log->lock);
    if (old != stderr) fclose(old);
    return DW_OK;
}

bool log_wants(const struct log *log, enum log_level level)
{
    return log != NULL && (int)level <= atomic_load(&log->level);
}

void log_begin(struct json_out *out, struct arena_buf *line, enum log_level level)
{
    char at[WHEN_TEXT];
    *out = (struct json_out){.buf = line};
    when_text(at, when_now());
    json_open(out, '{');
    json_key(out, "at");
    json_put(out, at);
    json_key(out, "level");
    json_put(out, log_level_name(level));
}

static void log_write(struct log *log, struct json_out *out)
{
    json_close(out, '}');
    arena_buf_put(out->buf, "\n", 1);
    if (!out->buf->failed) fwrite(out->buf->data, 1, out->buf->len, log->file);
    fflush(log->file);
}

void log_end(struct log *log, struct json_out *out, enum log_level level)
{
    if (log == NULL) return;
    atomic_fetch_add(&log->lines[level], 1);
    pthread_mutex_lock(&log->lock);
    log_write(log, out);
    pthread_mutex_unlock(&log->lock);
}

/* Under the lock: whether this one may be told; *left: how often it came untold in the minute before. */
static bool log_may(struct log *log, const char *event, dw_err err, unsigned long long *left)
{
    int64_t now = when_now().ms;
    struct log_kind *kind = &log->kinds[0];
    *left = 0;
    for (size_t i = 0; i < LOG_KINDS; i++) {
        struct log_kind *k = &log->kinds[i];
        if (k->event != NULL && strcmp(k->event, event) == 0 && k->err == err) {
            kind = k;
            break;
        }
        if (k->since_ms < kind->since_ms) kind = k; /* the one longest silent gives way */
    }
    bool same = kind->event != NULL && strcmp(kind->event, event) == 0 && kind->err == err;
    if (!same || now - kind->since_ms >= LOG_MINUTE_MS || now < kind->since_ms) {
        if (same && kind->times > LOG_REPEATS) *left = kind->times - LOG_REPEATS;
        *kind = (struct log_kind){event, err, now, 0};
    }
    kind->times++;
    return kind->times <= LOG_REPEATS;
}

void log_event(struct log *log, enum log_level level, const char *event, dw_err err, ...)
{
    struct arena_buf line = {0};
    struct json_out out;
    unsigned long long left;
    va_list args;
    if (!log_wants(log, level)) return;
    log_begin(&out, &line, level);
    json_key(&out, "event");
    json_put(&out, event);
    if (err != DW_OK) {
        json_key(&out, "error");
        json_put(&out, err_name(err));
    }
    va_start(args, err);
    for (const char *key; (key = va_arg(args, const char *)) != NULL;) {
        const char *value = va_arg(args, const char *);
        if (value == NULL || *value == 0) continue;
        json_key(&out, key);
        json_put(&out, value);
    }
    va_end(args);
    pthread_mutex_lock(&log->lock);
    if (log_may(log, event, err, &left)) {
        if (left > 0) {
            json_key(&out, "untold");
            json_put_int(&out, (int64_t)left);
        }
        atomic_fetch_add(&log->lines[level], 1);
        log_write(log, &out);
    }
    pthread_mutex_unlock(&log->lock);
    arena_buf_free(&line);
}

unsigned long long log_lines(const struct log *log, enum log_level level)
{
    return log == NULL ? 0 : atomic_load(&log->lines[level]);
}

void log_close(struct log *log)
{
    if (log == NULL) return;
    if (log->file != stderr) fclose(log->file);
    pthread_mutex_destroy(&log->lock);
    free(log);
}
