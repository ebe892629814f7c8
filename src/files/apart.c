#include "files/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { APART_POLL_MS = 200, APART_CHUNK = 1 << 20, APART_LIBRARIES = 1 << 30 };

#if defined(__SANITIZE_ADDRESS__)
#define APART_SANITIZED 1
#elif defined(__has_feature)
#define APART_SANITIZED __has_feature(address_sanitizer)
#else
#define APART_SANITIZED 0
#endif

static void apart_limit(const struct apart *apart)
{
    struct rlimit memory = {apart->max_memory + APART_LIBRARIES, apart->max_memory + APART_LIBRARIES},
                  cpu = {apart->max_seconds, apart->max_seconds + 1}, none = {0, 0};
#if !APART_SANITIZED
    setrlimit(RLIMIT_AS, &memory); /* the sanitizer's own shadow would not fit */
#else
    (void)memory;
#endif
    setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_CORE, &none);
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

dw_err apart_run(struct arena_buf *said, const struct apart *apart, apart_work *work, void *ctx,
                 const struct clock_progress *progress, struct err_detail *detail)
{
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC) != 0) return err_set(detail, DW_E_IO, "%s", strerror(errno));
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(pipes[0]);
        apart_limit(apart);
        work(ctx, pipes[1]);
        _exit(0);
    }
    close(pipes[1]);
    dw_err err =
        pid < 0 ? err_set(detail, DW_E_IO, "%s", strerror(errno)) : apart_gather(said, apart, pipes[0], progress, detail);
    close(pipes[0]);
    if (pid > 0) {
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
