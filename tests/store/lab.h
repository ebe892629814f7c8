/* What the tests of the store share: a folder of their own, files read and written whole, seeds that are printed. */
#ifndef TESTS_STORE_LAB_H
#define TESTS_STORE_LAB_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/keys.h"
#include "base/rng.h"

/* Runs work in a child and gives its exit status; a failed assertion there must not go on running the parent's tests, so work
 * says how it went by what it returns. */
typedef int lab_work(void *ctx);

struct lab {
    char folder[256];
    char path[320]; /* of the store */
};

static inline void lab_open(struct lab *lab)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(lab->folder, sizeof lab->folder, "%s/doorward-store-XXXXXX", tmp != NULL && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(lab->folder));
    snprintf(lab->path, sizeof lab->path, "%s/x.db", lab->folder);
}

static inline int lab_remove_one(const char *path, const struct stat *found, int kind, struct FTW *walk)
{
    (void)found;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline void lab_close(struct lab *lab)
{
    assert_int_equal(nftw(lab->folder, lab_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* path with an ending, in a buffer of the caller. */
static inline const char *lab_beside(char out[400], const struct lab *lab, const char *ending)
{
    snprintf(out, 400, "%s%s", lab->path, ending);
    return out;
}

static inline unsigned char *lab_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *len = (size_t)ftell(file);
    rewind(file);
    unsigned char *data = malloc(*len + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *len, file), *len);
    fclose(file);
    return data;
}

static inline void lab_write(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static inline pid_t lab_fork(lab_work *work, void *ctx)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) _exit(work(ctx));
    return pid;
}

static inline void lab_wait(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* For children: ends the process with a line of what went wrong. */
static inline void lab_must(dw_err code, const struct err_detail *detail)
{
    if (code == DW_OK) return;
    char line[900];
    err_format(line, sizeof line, code, detail, ERR_EN);
    fprintf(stderr, "child: %s\n", line);
    _exit(2);
}

/* From DOORWARD_SEED, else the clock; printed, so that a failure can be run again. */
static inline uint64_t lab_seed(const char *what)
{
    const char *given = getenv("DOORWARD_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : ((uint64_t)now.tv_sec << 20) ^ (uint64_t)now.tv_nsec;
    printf("%s: DOORWARD_SEED=%llu\n", what, (unsigned long long)seed);
    fflush(stdout);
    return seed;
}

#endif
