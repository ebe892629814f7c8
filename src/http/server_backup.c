/* Backups on schedule: a thread that makes one when it is due, tries now and then whether one can be restored, and removes the
 * oldest of its own. It opens the site for itself, so that nobody waits for it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/thread.h"
#include "desk/backup.h"
#include "files/beside.h"
#include "http/server_inside.h"

enum {
    BACKUP_LOOK = 1 /* seconds */,
    BACKUP_RETRY = 600,
    BACKUP_NAME = 300,
    BACKUP_PATH = 4096 + BACKUP_NAME,
    BACKUP_OWN = 4096
};
static const char BACKUP_STAMP[] = "-00000000T000000Z.dwb", BACKUP_DRILLED[] = ".drilled";

struct server_backup {
    struct server *server;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    struct server_backups plan; /* the texts are the caller's */
    char base[BACKUP_NAME / 2]; /* what the names of its own files begin with: the store's */
    int64_t retry_ms;           /* not before that moment; 0: whenever it is due */
    atomic_llong made, failed, drilled, drill_failed, last_ms, drill_ms, bytes;
    atomic_bool running;
};

/* "site-20220408T073000Z.dwb" */
static bool server_backup_own(const struct server_backup *b, const char *name)
{
    size_t base = strlen(b->base), i = 0;
    if (strncmp(name, b->base, base) != 0) return false;
    for (name += base; BACKUP_STAMP[i] != 0; i++)
        if (BACKUP_STAMP[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != BACKUP_STAMP[i]) return false;
    return name[i] == 0;
}

static int server_backup_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of its own backups in the folder, oldest first, in the arena; *count. NULL when it cannot be read. */
static char **server_backup_list(size_t *count, const struct server_backup *b, const char *dir, struct arena *arena)
{
    DIR *folder = opendir(dir);
    char **names = arena_array(arena, BACKUP_OWN, sizeof *names);
    *count = 0;
    if (folder == NULL || names == NULL) {
        if (folder != NULL) closedir(folder);
        return NULL;
    }
    for (struct dirent *one; (one = readdir(folder)) != NULL && *count < BACKUP_OWN;)
        if (server_backup_own(b, one->d_name)) {
            names[*count] = arena_text(arena, one->d_name, strlen(one->d_name));
            if (names[*count] == NULL) break;
            ++*count;
        }
    closedir(folder);
    qsort(names, *count, sizeof *names, server_backup_order);
    return names;
}

static int64_t server_backup_stamp(const char *dir, const char *name, const char *ending)
{
    char path[BACKUP_PATH];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s%s", dir, name, ending);
    return stat(path, &st) == 0 ? (int64_t)st.st_mtim.tv_sec * 1000 : 0;
}

/* What other servers and earlier ones have left there counts too. */
static int64_t server_backup_newest(const struct server_backup *b, const char *dir)
{
    struct arena arena = {0};
    size_t count;
    char **names = server_backup_list(&count, b, dir, &arena);
    int64_t ms = names == NULL || count == 0 ? 0 : server_backup_stamp(dir, names[count - 1], "");
    arena_free(&arena);
    return ms;
}

static void server_backup_prune(struct server_backup *b, const struct server_backups *plan)
{
    struct arena arena = {0};
    char path[BACKUP_PATH];
    size_t count;
    char **names = server_backup_list(&count, b, plan->dir, &arena);
    for (size_t i = 0; names != NULL && i + (size_t)plan->keep < count; i++) {
        snprintf(path, sizeof path, "%s/%s", plan->dir, names[i]);
        bool gone = unlink(path) == 0;
        log_event(b->server->log, gone ? LOG_INFO : LOG_WARN, "backup.removed", gone ? DW_OK : DW_E_IO, "file", path, "why",
                  gone ? NULL : strerror(errno), NULL);
    }
    arena_free(&arena);
}

static dw_err server_backup_phrase(char *out, size_t size, const char *path, struct err_detail *detail)
{
    if (path == NULL) return err_set(detail, DW_E_PASSPHRASE, "passphrase_file is not set");
    FILE *file = fopen(path, "re");
    if (file == NULL) return err_at(detail, DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
    bool got = fgets(out, (int)size, file) != NULL;
    fclose(file);
    if (got) out[strcspn(out, "\r\n")] = 0;
    return got && strlen(out) >= VAULT_PHRASE_MIN
               ? DW_OK
               : err_at(detail, DW_E_PASSPHRASE, path, NULL, 0, NULL, "at least %d bytes are wanted", VAULT_PHRASE_MIN);
}

static bool server_backup_goes_on(void *ctx, const char *step, uint64_t done, uint64_t all)
{
    struct server_backup *b = ctx;
    (void)step, (void)done, (void)all;
    return !atomic_load(&b->server->ending);
}

static void server_backup_told(struct server_backup *b, const char *event, dw_err err, const struct err_detail *detail,
                               const char *file, int64_t bytes, uint64_t since)
{
    char size[32] = "", ms[32];
    if (bytes > 0) snprintf(size, sizeof size, "%lld", (long long)bytes);
    snprintf(ms, sizeof ms, "%llu", (unsigned long long)((clock_ns() - since) / 1000000));
    log_event(b->server->log, err == DW_OK ? LOG_INFO : LOG_ERROR, event, err, "file", file, "bytes", size, "took_ms", ms, "why",
              err == DW_OK ? NULL : detail->text, NULL);
}

static void server_backup_drill(struct server_backup *b, const struct server_backups *plan, const char *file,
                                struct vault_secret *secret, const struct clock_progress *progress)
{
    static const char done[] = "restored on trial\n";
    struct backup_restored *restored = calloc(1, sizeof *restored);
    struct err_detail detail = {0};
    char path[BACKUP_PATH];
    uint64_t since = clock_ns();
    dw_err err = restored == NULL ? DW_E_MEMORY
                                  : backup_drill(restored, file, b->server->config.store, secret, when_now(), progress, &detail);
    free(restored);
    if (err == DW_E_CANCELLED) return;
    /* Counted before it is told: whoever hears of it may ask for the numbers. */
    atomic_fetch_add(err == DW_OK ? &b->drilled : &b->drill_failed, 1);
    server_backup_told(b, err == DW_OK ? "drill.done" : "drill.failed", err, &detail, file, 0, since);
    if (err != DW_OK) return;
    snprintf(path, sizeof path, "%s/%s%s", plan->dir, b->base, BACKUP_DRILLED);
    atomic_store(&b->drill_ms, when_now().ms);
    beside_put(path, done, sizeof done - 1, &detail);
}

/* One backup from beginning to end, under the folder's lock. */
static dw_err server_backup_make(struct server_backup *b, const struct server_backups *plan)
{
    static struct backup_made made; /* of the one thread there is */
    struct clock_progress progress = {server_backup_goes_on, b};
    struct err_detail detail = {0};
    struct desk *desk = NULL;
    char phrase[VAULT_KEY_FILE_MAX / 16] = "", file[BACKUP_PATH], stamp[32];
    struct vault_secret secret = {.phrase = phrase};
    uint64_t since = clock_ns();
    struct tm tm;
    time_t now = time(NULL);
    gmtime_r(&now, &tm);
    strftime(stamp, sizeof stamp, "-%Y%m%dT%H%M%SZ.dwb", &tm);
    snprintf(file, sizeof file, "%s/%s%s", plan->dir, b->base, stamp);
    dw_err err = server_backup_phrase(phrase, sizeof phrase, plan->phrase_file, &detail);
    if (err == DW_OK) err = desk_open(&desk, b->server->config.store, &detail);
    if (err == DW_OK && desk_disposed(desk)) err = err_set(&detail, DW_E_DISPOSED, "%s", b->server->config.store);
    if (err == DW_OK) err = backup_data(&made, desk, b->server->config.store, file, &secret, when_now(), &progress, &detail);
    desk_close(desk);
    if (err != DW_E_CANCELLED) {
        atomic_fetch_add(err == DW_OK ? &b->made : &b->failed, 1);
        if (err == DW_OK) {
            atomic_store(&b->last_ms, when_now().ms);
            atomic_store(&b->bytes, made.bytes);
        }
        server_backup_told(b, err == DW_OK ? "backup.made" : "backup.failed", err, &detail, file, made.bytes, since);
    }
    if (err == DW_OK) {
        server_backup_prune(b, plan);
        if (plan->drill_s > 0 && when_now().ms - atomic_load(&b->drill_ms) >= plan->drill_s * 1000)
            server_backup_drill(b, plan, file, &secret, &progress);
    }
    keys_wipe(&secret, sizeof secret);
    keys_wipe(phrase, sizeof phrase);
    return err;
}

/* Another server on the same store may back up to the same folder: one of them at a time. */
static void server_backup_due(struct server_backup *b, const struct server_backups *plan)
{
    int64_t now = when_now().ms, newest = server_backup_newest(b, plan->dir);
    if (newest > 0) atomic_store(&b->last_ms, newest);
    if (now < b->retry_ms || (newest > 0 && now - newest < plan->every_s * 1000 && newest <= now)) return;
    int folder = open(plan->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) != 0) {
        close(folder);
        return;
    }
    atomic_store(&b->running, true);
    atomic_store(&b->drill_ms, server_backup_stamp(plan->dir, b->base, BACKUP_DRILLED));
    dw_err err = server_backup_make(b, plan);
    atomic_store(&b->running, false);
    int64_t pause = plan->every_s < BACKUP_RETRY ? plan->every_s : BACKUP_RETRY;
    b->retry_ms = err == DW_OK ? 0 : when_now().ms + pause * 1000;
    if (folder >= 0) close(folder);
}

static void *server_backup_run(void *ctx)
{
    struct server_backup *b = ctx;
    pthread_mutex_lock(&b->lock);
    while (!atomic_load(&b->server->ending)) {
        struct server_backups plan = b->plan;
        struct timespec until;
        pthread_mutex_unlock(&b->lock);
        if (plan.dir != NULL) server_backup_due(b, &plan);
        pthread_mutex_lock(&b->lock);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += BACKUP_LOOK;
        if (!atomic_load(&b->server->ending)) pthread_cond_timedwait(&b->woken, &b->lock, &until);
    }
    pthread_mutex_unlock(&b->lock);
    return NULL;
}

dw_err server_backup_start(struct server *server)
{
    struct server_backup *b = calloc(1, sizeof *b);
    const char *slash = strrchr(server->config.store, '/'), *name = slash == NULL ? server->config.store : slash + 1;
    if (b == NULL) return DW_E_MEMORY;
    b->server = server;
    b->plan = server->config.backups;
    snprintf(b->base, sizeof b->base, "%.*s", (int)strcspn(name, "."), name);
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->woken, NULL);
    if (!thread_start(&b->thread, server_backup_run, b)) {
        free(b);
        return DW_E_MEMORY;
    }
    server->backup = b;
    return DW_OK;
}

void server_backup_stop(struct server *server)
{
    struct server_backup *b = server->backup;
    if (b == NULL) return;
    pthread_mutex_lock(&b->lock);
    pthread_cond_signal(&b->woken);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->thread, NULL);
    pthread_mutex_destroy(&b->lock);
    pthread_cond_destroy(&b->woken);
    free(b);
    server->backup = NULL;
}

void server_plan_backups(struct server *server, const struct server_backups *plan)
{
    struct server_backup *b = server->backup;
    pthread_mutex_lock(&b->lock);
    b->plan = *plan;
    pthread_cond_signal(&b->woken);
    pthread_mutex_unlock(&b->lock);
}

static void server_backup_metric(struct arena_buf *out, const char *name, const char *type, const char *help)
{
    arena_buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void server_backup_metrics(struct server *server, struct arena_buf *out)
{
    struct server_backup *b = server->backup;
    if (b == NULL) return;
    server_backup_metric(out, "doorward_backups_total", "counter", "Scheduled backups by what came of them.");
    arena_buf_format(out, "doorward_backups_total{result=\"made\"} %lld\ndoorward_backups_total{result=\"failed\"} %lld\n",
                     (long long)atomic_load(&b->made), (long long)atomic_load(&b->failed));
    server_backup_metric(out, "doorward_drills_total", "counter", "Backups restored on trial by what came of it.");
    arena_buf_format(out, "doorward_drills_total{result=\"good\"} %lld\ndoorward_drills_total{result=\"failed\"} %lld\n",
                     (long long)atomic_load(&b->drilled), (long long)atomic_load(&b->drill_failed));
    server_backup_metric(out, "doorward_backup_last_timestamp_seconds", "gauge", "When the newest backup was made; 0: none.");
    arena_buf_format(out, "doorward_backup_last_timestamp_seconds %lld\n", (long long)atomic_load(&b->last_ms) / 1000);
    server_backup_metric(out, "doorward_backup_last_bytes", "gauge", "Bytes of the newest backup made since the start.");
    arena_buf_format(out, "doorward_backup_last_bytes %lld\n", (long long)atomic_load(&b->bytes));
    server_backup_metric(out, "doorward_backup_running", "gauge", "1 while one is being made.");
    arena_buf_format(out, "doorward_backup_running %d\n", atomic_load(&b->running));
}
