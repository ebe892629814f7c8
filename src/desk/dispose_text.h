/* What a certificate of disposal says, as JSON and for people; for dispose.c and dispose_check.c. */
#ifndef DESK_DISPOSE_TEXT_H
#define DESK_DISPOSE_TEXT_H

#include "desk/copies.h"
#include "desk/dispose.h"

#define DISPOSE_HEAD "{\"certificate\":"
#define DISPOSE_MIDDLE ",\"sign\":\""
#define DISPOSE_END "\"}\n"
enum { DISPOSE_SIGN = 86 };

/* Zero-initialise; free at the end. Texts are the site's or lie in the arena. */
struct dispose_facts {
    const char *name, *code;
    char site[ID_TEXT], key[HASH_TEXT], created[WHEN_TEXT], disposed[WHEN_TEXT], hash[HASH_TEXT];
    int64_t people, members, keys, entries, devices, areas, doors, households, rounds;
    struct copies_one *copies;
    size_t copy_count, copy_cap;
    struct arena arena;
};

/* Caller holds the read lock. O(entries + people). */
dw_err dispose_text_facts(struct dispose_facts *out, struct desk *desk, struct err_detail *detail);
/* The object that is signed. */
dw_err dispose_text_inner(struct arena_buf *out, const struct dispose_facts *facts, const struct desk *desk);
/* Chinese, then English. */
void dispose_text_readable(struct arena_buf *out, const struct dispose_facts *facts);
void dispose_text_free(struct dispose_facts *facts);

#endif
