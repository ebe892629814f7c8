/* What the files of pull*.c share. */
#ifndef DESK_PULL_INSIDE_H
#define DESK_PULL_INSIDE_H

#include <pthread.h>

#include "desk/pull.h"
#include "desk/pull_record.h"

struct pull_desk {
    struct desk *desk;
    pthread_mutex_t lock; /* of the store's handle; taken after the desk's own lock */
    struct store *store;
    pthread_mutex_t heard_lock;
    struct pull_heard *heard; /* of every phone that was heard of, also long ago */
    bool *fresh;              /* of each: not written down yet */
    size_t heard_count, heard_cap, fresh_cap;
    struct map by_device;
};

/* Where a phone is: it has everything up to seq of what its scope was at mark. */
struct pull_cursor {
    int64_t seq;
    bool marked; /* a bare number has neither mark nor tail */
    struct scope_mark mark;
    uint64_t tail; /* of entry seq: a site that was restored from a backup may have another under this number by now */
};
struct pull_cursor pull_cursor_now(const struct scope *scope, int64_t seq);
/* A number that follows from the text of entry seq; 0 when there is none. */
dw_err pull_tail(uint64_t *out, struct pull_desk *pull, int64_t seq, struct err_detail *detail);
void pull_cursor_text(char out[PULL_CURSOR], const struct pull_cursor *cursor);
bool pull_cursor_read(struct pull_cursor *out, const char *text);
/* The caller's member; DW_E_FORBIDDEN when his phone may not pull any more. */
dw_err pull_allowed(uint32_t *member, const struct site *site, const struct pull_who *who, struct err_detail *detail);

/* Sealed values go with what he may see: of a clear part what is left of it, NULL when nothing is. where: of the entry. The text
 * lies in the arena. */
const char *pull_part(const struct scope *scope, const struct entry *entry, uint32_t where, const char *part, size_t len,
                      struct json *json, struct arena *arena);

/* Fills pull->heard from the store. */
dw_err pull_heard_load(struct pull_desk *pull, struct err_detail *detail);

#endif
