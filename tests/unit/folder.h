/* A folder of a test's own, and what it takes to write into a disk that is full. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"

enum { FOLDER_PATH = 512 };

struct folder {
    char path[64];
};

static inline void folder_make(struct folder *f)
{
    snprintf(f->path, sizeof f->path, "/tmp/dw_out_XXXXXX");
    assert_non_null(mkdtemp(f->path));
}

static inline void folder_file(char out[FOLDER_PATH], const struct folder *f, const char *name)
{
    snprintf(out, FOLDER_PATH, "%s/%s", f->path, name);
}

/* Entries of the folder, hidden ones too. */
static inline size_t folder_count(const struct folder *f)
{
    size_t count = 0;
    DIR *dir = opendir(f->path);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) count++;
    closedir(dir);
    return count;
}

static inline void folder_clear(const struct folder *f)
{
    char path[FOLDER_PATH];
    DIR *dir = opendir(f->path);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        folder_file(path, f, e->d_name);
        if (e->d_name[0] != '.') unlink(path);
    }
    closedir(dir);
}

static inline void folder_drop(const struct folder *f)
{
    folder_clear(f);
    assert_int_equal(rmdir(f->path), 0); /* fails when something hidden was left */
}

/* A whole file with a zero byte behind it; the caller frees it. */
static inline char *folder_read(const char *path, size_t *len)
{
    struct stat st;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &st), 0);
    char *data = calloc(1, (size_t)st.st_size + 1);
    assert_non_null(data);
    *len = fread(data, 1, (size_t)st.st_size, file);
    assert_int_equal(*len, st.st_size);
    fclose(file);
    return data;
}

/* Runs work in a child whose files may not grow past most bytes; its answer. */
static inline int folder_limited(size_t most, int (*work)(void *), void *arg)
{
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct rlimit limit = {most, most};
        signal(SIGXFSZ, SIG_IGN);
        if (freopen("/dev/null", "w", stderr) == NULL || setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(99);
        _exit(work(arg));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_not_equal(WEXITSTATUS(status), 99);
    return WEXITSTATUS(status);
}

/* Calls work with limits of all sizes, most of them where it only just succeeds or fails; check looks at each outcome. */
static inline void folder_limits(struct rng *rng, size_t most, int (*work)(void *), void (*check)(void *, int), void *arg)
{
    size_t low = 0, high = most;
    check(arg, folder_limited(0, work, arg));
    for (int i = 0; i < 6; i++) check(arg, folder_limited(rng_below(rng, most), work, arg));
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        int answer = folder_limited(middle, work, arg);
        check(arg, answer);
        if (answer == 0)
            high = middle;
        else
            low = middle;
    }
    for (size_t back = 1; back < high && back < 4096; back += 1 + rng_below(rng, 1 + back / 2))
        check(arg, folder_limited(high - back, work, arg));
    int answer = folder_limited(most, work, arg);
    assert_int_equal(answer, 0);
    check(arg, answer);
}

static inline struct rng folder_seed(void)
{
    uint64_t seed;
    rng_bytes(NULL, &seed, sizeof seed);
    seed %= 1000000;
    printf("seed %llu\n", (unsigned long long)seed);
    return rng_seed(seed);
}

/* A text of pieces that files find hard: separators, quotes, signs, Han of three and four bytes, controls when asked for. */
static inline void folder_text(char *out, size_t size, struct rng *rng, bool controls)
{
    static const char *const pieces[] = {"",  "a", "陈", "𠮷",  "·",  "é",  "0",  "350599199001010017",
                                         "=", "+", "-",  "@",   "＝", "\"", ",",  "'",
                                         ";", "<", "&>", "]]>", "％", "  ", "\\", "_x0041_"};
    static const char *const hard[] = {"\n", "\r\n", "\t", "\x01", "\x1f", "\x7f", "\xc2\xa0"};
    size_t count = rng_below(rng, 6), len = 0;
    out[0] = 0;
    for (size_t i = 0; i < count; i++) {
        bool control = controls && rng_below(rng, 6) == 0;
        const char *piece =
            control ? hard[rng_below(rng, sizeof hard / sizeof *hard)] : pieces[rng_below(rng, sizeof pieces / sizeof *pieces)];
        if (len + strlen(piece) < size) len += (size_t)snprintf(out + len, size - len, "%s", piece);
    }
}

#endif
