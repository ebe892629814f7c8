/* What a reader that runs in a process apart says of bytes, in this process, both by way of files in memory. */
#ifndef FUZZ_APART_H
#define FUZZ_APART_H

#include <sys/mman.h>
#include <unistd.h>

#include "files/apart.h"
#include "fuzz.h"

struct fuzz_apart {
    int in, out;
    char path[64]; /* of the bytes */
};

static inline void fuzz_apart_open(struct fuzz_apart *f, const void *data, size_t size)
{
    f->in = memfd_create("in", MFD_CLOEXEC);
    f->out = memfd_create("out", MFD_CLOEXEC);
    FUZZ_MUST(f->in >= 0 && f->out >= 0);
    apart_write(f->in, data, size);
    snprintf(f->path, sizeof f->path, "/proc/self/fd/%d", f->in);
}

static inline void fuzz_apart_said(struct arena_buf *said, struct fuzz_apart *f)
{
    char piece[65536];
    ssize_t n;
    FUZZ_MUST(lseek(f->out, 0, SEEK_SET) == 0);
    while ((n = read(f->out, piece, sizeof piece)) > 0) arena_buf_put(said, piece, (size_t)n);
    close(f->in);
    close(f->out);
}

#endif
