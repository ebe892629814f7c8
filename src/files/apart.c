#include "files/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/layer_worker.h"
#include "files/sheet_worker.h"

enum { APART_POLL_MS = 200, APART_CHUNK = 1 << 20, APART_LIBRARIES = 1 << 30, APART_OUT = 3 };

static const char apart_word[] = "_reader"; /* program _reader KIND MEMORY SECONDS FILE PATH */
static const char *const apart_kinds[] = {[APART_SHEET] = "sheet", [APART_LAYER] = "layer"};
enum { APART_WORD = 1, APART_KIND, APART_MEMORY, APART_SECONDS, APART_FILE, APART_PATH, APART_WORDS };

#if defined(__SANITIZE_ADDRESS__)
#define APART_SANITIZED 1
#elif defined(__has_feature)
#define APART_SANITIZED __has_feature(address_sanitizer)
#else
#define APART_SANITIZED 0
#endif

static void apart_limit(const char *memory, const char *seconds)
{
    rlim_t bytes = strtoull(memory, NULL, 10) + APART_LIBRARIES, most = strtoull(seconds, NULL, 10);
    struct rlimit space = {bytes, bytes}, cpu = {most, most + 1}, none = {0, 0};
#if !APART_SANITIZED
    setrlimit(RLIMIT_AS, &space); /* the sanitizer's own shadow would not fit */
#else
    (void)space;
#endif
    setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_CORE, &none);
}

/* A program that reads files is its own reader, before its main begins: whatever it is (the program, a test, a bench), nothing
 * need be found on the disk or be of the same version. */
__attribute__((constructor)) static void apart_begin(int argc, char **argv)
{
    if (argc != APART_WORDS || strcmp(argv[APART_WORD], apart_word) != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* who does not live to listen needs no reader */
    apart_limit(argv[APART_MEMORY], argv[APART_SECONDS]);
    if (strcmp(argv[APART_KIND], apart_kinds[APART_SHEET]) == 0) sheet_worker_run(argv[APART_PATH], APART_OUT);
    if (strcmp(argv[APART_KIND], apart_kinds[APART_LAYER]) == 0) layer_worker_run(argv[APART_PATH], argv[APART_FILE], APART_OUT);
    _exit(0);
}

static dw_err apart_large(const struct apart *apart, struct err_detail *detail, const char *format, size_t n)
{
    char what[96];
    snprintf(what, sizeof what, format, n);
    return err_at(detail, DW_E_TOO_LARGE, apart->file, NULL, 0, NULL, "%s", what);
}

/* Gathers what the process writes until it ends, is too slow, writes too much, or is cancelled. */
static dw_err apart_gather(struct arena_buf *said, const struct apart *apart, int from, const struct clock_progress *progress,
                           struct err_detail *detail)
{
    uint64_t end = clock_ns() + (uint64_t)apart->max_seconds * 1000000000u;
    char *chunk = malloc(APART_CHUNK);
    dw_err err = chunk == NULL ? DW_E_MEMORY : DW_OK;
    while (err == DW_OK) {
        struct pollfd ready = {.fd = from, .events = POLLIN};
        if (!clock_tick(progress, "import.read", said->len, 0)) err = DW_E_CANCELLED;
        if (clock_ns() > end) err = apart_large(apart, detail, "reading took more than %zu s", apart->max_seconds);
        if (err != DW_OK || poll(&ready, 1, APART_POLL_MS) == 0) continue;
        ssize_t n = read(from, chunk, APART_CHUNK);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n <= 0) break;
        arena_buf_put(said, chunk, (size_t)n);
        if (said->failed) err = DW_E_MEMORY;
        if (said->len > apart->max_memory) err = apart_large(apart, detail, "more text than %zu bytes", apart->max_memory);
    }
    free(chunk);
    return err;
}

/* The environment without what is the program's own, a passphrase say; NULL when memory is out. */
static char **apart_environment(void)
{
    size_t count = 0, kept = 0;
    while (environ[count] != NULL) count++;
    char **out = calloc(count + 1, sizeof *out);
    for (size_t i = 0; out != NULL && i < count; i++)
        if (strncmp(environ[i], "DOORWARD_", 9) != 0) out[kept++] = environ[i];
    return out;
}

/* Only the pipe goes along; no signal is blocked or ignored there as it may be here. */
static int apart_spawn(pid_t *pid, char *const *words, int out)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    char **environment = apart_environment();
    int failed = environment == NULL ? ENOMEM : posix_spawn_file_actions_init(&files);
    if (failed != 0) {
        free(environment);
        return failed;
    }
    failed = posix_spawnattr_init(&attributes);
    if (failed == 0) {
        failed = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (failed == 0) failed = posix_spawn_file_actions_adddup2(&files, out, APART_OUT);
        if (failed == 0) failed = posix_spawn_file_actions_addclosefrom_np(&files, APART_OUT + 1);
        if (failed == 0) failed = posix_spawnattr_setsigmask(&attributes, &none);
        if (failed == 0) failed = posix_spawnattr_setsigdefault(&attributes, &all);
        if (failed == 0) failed = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        if (failed == 0) failed = posix_spawn(pid, "/proc/self/exe", &files, &attributes, words, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    free(environment);
    return failed;
}

dw_err apart_run(struct arena_buf *said, const struct apart *apart, const struct clock_progress *progress,
                 struct err_detail *detail)
{
    int pipes[2];
    char memory[24], seconds[24];
    pid_t pid = -1;
    char *words[APART_WORDS + 1] = {(char *)(uintptr_t) "doorward",
                                    (char *)(uintptr_t)apart_word,
                                    (char *)(uintptr_t)apart_kinds[apart->kind],
                                    memory,
                                    seconds,
                                    (char *)(uintptr_t)apart->file,
                                    (char *)(uintptr_t)apart->path};
    snprintf(memory, sizeof memory, "%zu", apart->max_memory);
    snprintf(seconds, sizeof seconds, "%u", apart->max_seconds);
    if (pipe2(pipes, O_CLOEXEC) != 0) return err_set(detail, DW_E_IO, "%s", strerror(errno));
    int failed = apart_spawn(&pid, words, pipes[1]);
    close(pipes[1]);
    dw_err err = failed != 0 ? err_set(detail, DW_E_IO, "%s: %s", apart->file, strerror(failed))
                             : apart_gather(said, apart, pipes[0], progress, detail);
    close(pipes[0]);
    if (failed == 0) {
        int status;
        if (err != DW_OK) kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    }
    return err;
}

void apart_write(int out, const void *data, size_t len)
{
    for (const char *at = data; len > 0;) {
        ssize_t n = write(out, at, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) _exit(1);
        at += n;
        len -= (size_t)n;
    }
}
