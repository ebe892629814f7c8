/* Is this person already in the register? The same valid identity document, then the same (name, birth, phone), else a list for
 * a person to review: everyone who may be the same in spite of one error on either side that lists are known for (a slip in the
 * document, a document cut by a spreadsheet or left out, a character of the same sound or a nickname, no phone, another room, a
 * birth other than the document's). A name alone, in another building, is no likeness: too many people share it. Deterministic:
 * answers follow from the set of records and not from the order in which they came. */
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
    uint32_t door; /* caller's numbers; UINT32_MAX unknown. Asked for only where the building is unknown */
    uint32_t building;
};

enum match_verdict { MATCH_NEW, MATCH_SAME, MATCH_REVIEW };

/* A birth is the record's or its valid document's; a place is the building, or the door where no building is known. */
enum match_why {
    MATCH_BY_DOC,          /* same valid document, and the names do not contradict it */
    MATCH_BY_TRIPLE,       /* same name, birth and phone, and no two different valid documents */
    MATCH_DOC_NAME_DIFFER, /* same valid document, another name: one of the rows carries someone else's number */
    MATCH_DOC_NEAR,   /* documents one slip apart (one character changed, left out, doubled or swapped), or one of them rounded
                         as a number (15 digits and 000, or gone through a double); both valid: and names alike */
    MATCH_NAME_BIRTH, /* names equal or alike, and the same birth */
    MATCH_NAME_PHONE,
    MATCH_NAME_DOC_NEAR, /* same name, documents two slips apart */
    MATCH_NAME_PLACE,    /* names equal or alike in the same place */
    MATCH_PHONE_BIRTH,   /* same phone, and names alike, or one character different and the same birth */
    MATCH_WHY_COUNT
};

struct match_answer {
    enum match_verdict verdict; /* SAME: pairs[0] is the one; REVIEW: a new person, with pairs to look at; NEW: none */
    size_t count;
    uint32_t pairs[MATCH_PAIRS]; /* references, the likeliest first */
    enum match_why why[MATCH_PAIRS];
    bool more; /* there were more pairs than fit, or something that more than a thousand people share was passed over */
};

struct match_index;

dw_err match_make(struct match_index **out);
void match_free(struct match_index *index);
/* Adds a record (texts copied) under the caller's reference, or replaces the record of that reference. DW_E_INVALID for a
 * reference of 2³¹ or more; on any error the index is as it was. Amortised O(1) for a record, O(most people who share something
 * with it) for replacing one. */
dw_err match_put(struct match_index *index, uint32_t ref, const struct match_record *record);
/* Adds a further record of the same person: what another list says of him. He is then found by each of them, and the document
 * that is valid in one counts in all. match_put replaces them all. DW_E_INVALID as match_put. */
dw_err match_also(struct match_index *index, uint32_t ref, const struct match_record *record);
void match_drop(struct match_index *index, uint32_t ref); /* with all records; nothing if there is none */
/* Compares with everyone in the index who shares enough (match_block.h). Two people with different valid documents are never
 * SAME; with two different valid numbers of 18 characters, which have a check character, they are a pair only if their names are
 * equal and two of birth, phone and place, too, or the numbers are two slips or a rounding apart. An invalid document that more
 * than MATCH_PAIRS people carry counts as none. Ties by reference. Takes no memory and cannot fail. O(candidates). */
void match_find(struct match_answer *out, const struct match_index *index, const struct match_record *record);
/* Walks everyone of exactly this record's name, in no order: start with *cursor = 0; false when there are no more. The index
 * stays as it is meanwhile. */
bool match_namesake(const struct match_index *index, const struct match_record *record, size_t *cursor, uint32_t *ref);
/* Bytes held, without the allocator's own. */
size_t match_memory(const struct match_index *index);
/* "same document", … for tables and screens; static. */
const char *match_why_text(enum match_why why, enum err_lang lang);

#endif
