/* What benches share. */
#ifndef DW_BENCH_AID_H
#define DW_BENCH_AID_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

static inline void must(const char *what, dw_err err, const struct err_detail *detail)
{
    if (err == DW_OK) return;
    fprintf(stderr, "%s: %s %s\n", what, err_name(err), detail->text);
    exit(1);
}

static inline int drop_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

/* A folder and all in it. */
static inline void drop(const char *dir)
{
    nftw(dir, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
