/* A site in memory for targets that need one; made anew now and then, so that it stays small. */
#ifndef FUZZ_DESK_H
#define FUZZ_DESK_H

#include <string.h>
#include <unistd.h>

#include "desk/desk.h"
#include "fuzz.h"

enum { FUZZ_DESK_USES = 256 };

static const struct when fuzz_noon = {1649390400000, 480};

struct fuzz_desk {
    struct desk *desk;
    unsigned uses;
    char folder[64];
};

static inline void fuzz_desk_close(struct fuzz_desk *f)
{
    static const char *const ends[] = {".keys", ".sitekey", ""};
    char path[128];
    if (f->desk == NULL) return;
    desk_close(f->desk);
    f->desk = NULL;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s/site%s", f->folder, ends[i]);
        unlink(path);
    }
    rmdir(f->folder);
}

static struct fuzz_desk *fuzz_desk_last; /* of this program, so that its folder goes when it ends */

static inline void fuzz_desk_end(void)
{
    fuzz_desk_close(fuzz_desk_last);
}

/* *fresh: it was made just now. */
static inline struct desk *fuzz_desk_open(struct fuzz_desk *f, bool *fresh)
{
    struct desk_new spec = {.name = "site", .code = "", .synthetic = true, .at = fuzz_noon};
    struct err_detail detail = {0};
    struct store *store;
    char path[128];
    *fresh = f->desk == NULL || f->uses++ >= FUZZ_DESK_USES;
    if (!*fresh) return f->desk;
    fuzz_desk_close(f);
    if (fuzz_desk_last == NULL) FUZZ_MUST(atexit(fuzz_desk_end) == 0);
    fuzz_desk_last = f;
    FUZZ_MUST(keys_start());
    snprintf(f->folder, sizeof f->folder, "%s/doorward-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    FUZZ_MUST(mkdtemp(f->folder) != NULL);
    snprintf(path, sizeof path, "%s/site", f->folder);
    FUZZ_MUST(store_open(&store, "", STORE_SCRATCH, &detail) == DW_OK);
    FUZZ_MUST(desk_create_over(&f->desk, store, path, &spec, &detail) == DW_OK);
    f->uses = 0;
    return f->desk;
}

/* Whatever a file says becomes entries that the ledger can read. */
static inline void fuzz_desk_check(struct desk *desk)
{
    const struct site *site = desk_read(desk);
    for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++)
        FUZZ_MUST(site_held(site, i)->reason != KINDS_HELD_REASON_MALFORMED);
    desk_read_end(desk);
}

#endif
