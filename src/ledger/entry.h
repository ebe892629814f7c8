/* One recorded fact as a JSON text: read with every check that needs no store, and written.
 *
 *   {"id":…,"site":…,"device":…,"n":1,"prev":"<43 of base64url>","actor":…,"at":"…","kind":"…","on":…,"body":{…}}
 *
 * The text is kept byte for byte. prev is the SHA-256 of the device's entry n−1 (of n = 1: of nothing, all zero bits).
 * Personal values stand in the body as base64url(SHA-256(salt ‖ value)); the clear part beside it is a JSON object
 *   {"name":["<salt, 22 of base64url>","value"], …}
 * of the person the entry is on, and is stored sealed with that person's key. Those of item i of a list (whose first id says of
 * whom they are) stand in it as a member of their own, which is sealed with the key of that person:
 *   "people/<i>":{"who":"<id>","evidence":["<salt>","value"], …} */
#ifndef LEDGER_ENTRY_H
#define LEDGER_ENTRY_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "base/when.h"
#include "ledger/kinds.h"

enum { ENTRY_SALT = 16, ENTRY_TEXT_MAX = 512 * 1024, ENTRY_PART_MAX = 64 * 1024 };

struct entry_value {
    bool present;
    bool erased; /* a personal value whose clear part is gone */
    int64_t n;   /* of int, bool, enum (index), list (items) */
    struct id id;
    struct when at;
    const char *text; /* of text: terminated, in the reader's arena; clear for personal values, NULL when erased */
    uint32_t token;   /* of a list */
};

struct entry {
    struct id id, site, device, actor, on;
    int64_t n;
    uint8_t prev[HASH_SIZE], hash[HASH_SIZE];
    struct when at;
    enum kinds_kind kind; /* KINDS_COUNT: of a kind we do not know (a newer program's) */
    const char *text;     /* the caller's */
    size_t len;
    uint32_t body;                               /* token */
    bool clear;                                  /* the clear part is at hand */
    struct entry_value values[KINDS_FIELDS_MAX]; /* by field index, such as KINDS_VISIT_ROUND */
};

/* Scratch of reading many entries; zero-initialise, reset the arena between entries, free at the end. */
struct entry_reader {
    struct json json; /* tokens of the last entry read; lists are walked in it */
    struct json part;
    struct arena arena;
};

/* Reads the envelope: what is needed to place an entry in its chain. hash: the SHA-256 of the text if it is known already,
 * else NULL. text must stay while entry is used. DW_E_ENTRY, DW_E_JSON, DW_E_UTF8, DW_E_TOO_LARGE with the field in
 * detail->column: such an entry cannot be kept. O(len). */
dw_err entry_open(struct entry *out, struct entry_reader *reader, const char *text, size_t len, const uint8_t *hash,
                  struct err_detail *detail);
/* After entry_open, with the same reader: every field of the kind's table (type, size, required, nothing unknown), and that each
 * clear personal value fits its hash. part NULL: the clear values are gone, personal fields read as erased. The same errors:
 * an entry that fails here arrived whole and is held. */
dw_err entry_body(struct entry *entry, struct entry_reader *reader, const char *part, size_t part_len, struct err_detail *detail);
/* The next item of a list field: start with *cursor = 0; writes the item's values by item index; 0 when there are no more. A
 * personal value of an item whose clear values are not there reads as erased. */
dw_err entry_item(struct entry_value *out, uint32_t *cursor, bool *more, const struct entry *entry, int field,
                  struct entry_reader *reader, struct err_detail *detail);
void entry_reader_free(struct entry_reader *reader);

/* A writer of one device's entries, in chain order. Fill in the first block, zero the rest; free at the end. */
struct entry_writer {
    struct id site, device, actor;
    struct rng *rng; /* NULL: the system's (always so outside simulations) */
    int64_t n;       /* number and hash of the last entry written */
    uint8_t head[HASH_SIZE];

    struct arena_buf text, part; /* of the entry at hand: valid after entry_end until the next entry_begin */
    enum kinds_kind kind;
    struct json_out out, part_out;
    int last_field, item; /* item: index in the list at hand */
    struct id item_who;   /* the first id of the item */
    bool item_part;       /* it has clear values already */
};

/* Begins entry n+1 with a new id, written to *id if not NULL. Then its fields, each at most once, then entry_end. */
void entry_begin(struct entry_writer *writer, enum kinds_kind kind, struct id on, struct when at, struct id *id);
/* NULL or "" leaves an optional field out. Personal fields are salted, hashed and put into the part. */
void entry_put_text(struct entry_writer *writer, int field, const char *text);
void entry_put_id(struct entry_writer *writer, int field, struct id id); /* null: left out */
void entry_put_int(struct entry_writer *writer, int field, int64_t n);   /* int, bool and enum */
void entry_put_time(struct entry_writer *writer, int field, struct when at);
/* A list: entry_list_begin, then for each item entry_item_begin and its fields by item index, entry_item_end, then
 * entry_list_end. */
void entry_list_begin(struct entry_writer *writer, int field);
void entry_item_begin(struct entry_writer *writer);
void entry_item_id(struct entry_writer *writer, const char *name, struct id id);
void entry_item_text(struct entry_writer *writer, const char *name,
                     const char *text); /* also enum values, as their text; personal after the id */
void entry_item_int(struct entry_writer *writer, const char *name, int64_t n);
void entry_item_end(struct entry_writer *writer);
void entry_list_end(struct entry_writer *writer);
/* Ends the entry and moves n and head. DW_E_MEMORY if a buffer could not grow (n and head then stay). */
dw_err entry_end(struct entry_writer *writer);
void entry_writer_free(struct entry_writer *writer);

#endif
