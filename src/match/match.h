/* Is this person already in the register? For now: the same valid identity document, then the same (name, birth, phone),
 * else a list for a person to review. The engine of the issue Match takes this place behind the same functions. */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { MATCH_PAIRS = 16 };

/* All texts normalised by domain (name_fold, idno_fold, phone), terminated, NULL or "" when unknown. */
struct match_record {
    const char *name;
    const char *doc;
    bool doc_valid; /* checksum and form are right: only then is it a key; else it only counts as likeness */
    int32_t birth;  /* yyyymmdd, 0 unknown */
    char sex;       /* 'm', 'f', 0 unknown */
    const char *phone;
    uint32_t door; /* caller's numbers; UINT32_MAX unknown */
    uint32_t building;
};

enum match_verdict { MATCH_NEW, MATCH_SAME, MATCH_REVIEW };

enum match_why {
    MATCH_BY_DOC,          /* same valid document, and the names do not contradict it */
    MATCH_BY_TRIPLE,       /* same name, birth and phone, and no two different valid documents */
    MATCH_DOC_NAME_DIFFER, /* same valid document, another name: one of the rows carries someone else's number */
    MATCH_DOC_NEAR, /* documents one slip apart (one character changed, left out, doubled or swapped), or equal in 15 digits + 000
                     */
    MATCH_NAME_BIRTH,
    MATCH_NAME_PHONE,
    MATCH_NAME_DOC_NEAR, /* same name, documents two slips apart */
    MATCH_NAME_PLACE,    /* same name in the same building, and a document or birth missing on one side */
    MATCH_PHONE_BIRTH,   /* same phone and birth, names alike in all but one character */
    MATCH_WHY_COUNT
};

struct match_answer {
    enum match_verdict verdict; /* SAME: pairs[0] is the one; REVIEW: a new person, with pairs to look at; NEW: none */
    size_t count;
    uint32_t pairs[MATCH_PAIRS]; /* references, the likeliest first */
    enum match_why why[MATCH_PAIRS];
    bool more; /* there were more pairs than fit */
};

struct match_index;

dw_err match_make(struct match_index **out);
void match_free(struct match_index *index);
/* Adds a record (texts copied) under the caller's reference, or replaces the record of that reference. Amortised O(1). */
dw_err match_put(struct match_index *index, uint32_t ref, const struct match_record *record);
void match_drop(struct match_index *index, uint32_t ref);
/* Compares with everyone in the index who shares a document, name, phone, birth or last four of the document. Two people
 * with different valid documents are never SAME. Deterministic: independent of the order of the puts, ties by reference.
 * O(candidates). */
void match_find(struct match_answer *out, const struct match_index *index, const struct match_record *record);
/* Walks everyone of exactly this record's name: start with *cursor = 0; false when there are no more. */
bool match_namesake(const struct match_index *index, const struct match_record *record, size_t *cursor, uint32_t *ref);
/* "same document", … for tables and screens; static. */
const char *match_why_text(enum match_why why, enum err_lang lang);

#endif
