/* A site in memory: what the ledger says up to a sequence number. Everything here follows from the entries and their recorded
 * verdicts; the tables hold the same and are what it is loaded from. Only fold_* changes it; all else reads. */
#ifndef DESK_SITE_H
#define DESK_SITE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/keys.h"
#include "base/map.h"
#include "cover/cover.h"
#include "ledger/kinds.h"

#define SITE_NONE UINT32_MAX
#define SITE_NEVER INT64_MIN /* a time that is not set */

enum { SITE_FIELDS = KINDS_PERSON_SET_AWAY + 1 }; /* the personal fields of a person, numbered as in person.set */

/* What an id may stand for; also the tables that hold them. */
enum site_type {
    SITE_DEVICE,
    SITE_AREA,
    SITE_FEATURE,
    SITE_MEMBER,
    SITE_DOOR,
    SITE_HOUSEHOLD,
    SITE_PERSON,
    SITE_ROUND,
    SITE_TUBE,
    SITE_BOX,
    SITE_GRANT,
    SITE_NEED,
    SITE_SUBJECTS,
    SITE_STAY = SITE_SUBJECTS,
    SITE_SOURCE,
    SITE_BATCH,
    SITE_PAIR,
    SITE_HELD,
    SITE_SAMPLE,
    SITE_HAND,
    SITE_RELEASE,
    SITE_CARD,
    SITE_FORM,
    SITE_MEETING,
    SITE_FOLLOW,
    SITE_VOID,
    SITE_TYPES
};

/* Statements about one thing are ordered by corrected time, device, number. */
struct site_stamp {
    int64_t ms;
    uint32_t device, n;
};

struct site_device {
    struct id id;
    enum kinds_device_kind kind;
    const char *name;
    struct keys_public key; /* of the site's own devices always Ed25519 */
    uint8_t head[HASH_SIZE];
    int64_t head_n, last_ms, until_ms; /* until_ms SITE_NEVER: for good */
    uint32_t member;                   /* whose phone it is; SITE_NONE: the office's own */
    bool revoked;
};

struct site_area {
    struct id id;
    enum kinds_area_kind kind;
    uint32_t parent, keeper; /* area, member */
    const char *code, *name, *address, *use;
    int64_t floors, from_ms, to_ms;
    int64_t lon, lat;     /* 1e-7 degrees; both 0: unknown */
    const char *geometry; /* GeoJSON, until it is written to its table; then NULL */
    uint64_t outline;     /* a hash of it, which stays */
    uint32_t order;       /* its number in the preorder of the tree */
};

struct site_feature {
    struct id id;
    enum kinds_feature_kind kind;
    const char *code, *name, *geometry;
    uint64_t outline; /* as an area's */
    int64_t from_ms, to_ms;
};

struct site_member {
    struct id id;
    const char *name, *phone; /* NULL when forgotten */
    bool forgotten;
};

/* A role of a member in an area and all under it. */
struct site_grant {
    struct id id;
    uint32_t member, area; /* area SITE_NONE: everywhere */
    enum kinds_role role;
    int64_t from_ms, to_ms; /* SITE_NEVER each: no bound */
    bool ended, emergency;
    const char *reason;
};

struct site_door {
    struct id id;
    uint32_t area; /* building or factory; SITE_NONE: a list names it and nobody knows where it is */
    enum kinds_door_kind kind;
    const char *unit, *floor, *room, *name;
    struct site_stamp stamp;
    uint32_t card; /* its number + 1, of the latest; 0: none */
};

struct site_household {
    struct id id;
    uint32_t door;
    enum kinds_household_kind kind;
    struct site_stamp stamp;
};

struct site_person {
    struct id id;
    const char *field[SITE_FIELDS]; /* NULL: never said, or erased */
    struct site_stamp stamp[SITE_FIELDS];
    uint32_t merged_into;         /* SITE_NONE: stands for itself */
    uint32_t next_merged, merged; /* the people merged into it: first, and each one's next */
    uint32_t first_stay;          /* in order of their stamps */
    bool forgotten;               /* nothing personal is said of him ever again */
};

/* A statement about where a person lives, or that he left. */
struct site_stay {
    uint32_t person, next, door, household;
    int64_t at_ms; /* since when, or when he left */
    uint8_t why;   /* 0: lives there; else 1 + enum kinds_leave */
    struct site_stamp stamp;
};

struct site_source {
    uint32_t device, person;
    int64_t row;
    uint8_t seen[16];
};

struct site_batch {
    uint32_t device;
    const char *file;
    enum kinds_list_kind kind;
    uint8_t content[HASH_SIZE];
    int64_t rows, fresh, matched, pairs;
};

struct site_pair {
    uint32_t a, b;
    const char *why;
    uint8_t decision; /* 0 open; else 1 + enum kinds_pair_decision */
};

enum site_held_state { SITE_HELD_WAITING, SITE_HELD_RELEASED, SITE_HELD_VOID };

struct site_held {
    int64_t seq;
    uint32_t device;
    int64_t n;
    enum kinds_held_reason reason;
    struct id needs; /* the subject it waits for; null: a person's decision */
    enum site_held_state state;
};

/* A specimen container. Of statements that differ the earliest stands, of packing the latest. */
struct site_tube {
    struct id id;
    uint32_t round, box, first_sample; /* box: SITE_NONE */
    const char *code, *method;
    int64_t capacity, result_ms;
    uint8_t use, result;                      /* enum kinds_tube_use; 0 none, else 1 + enum kinds_tube_result */
    struct site_stamp opened, sealed, packed; /* n 0: not yet */
};

struct site_box {
    struct id id;
    const char *code;
    struct site_stamp packed;
};

struct site_hand {
    uint32_t box, by, other; /* devices */
    enum kinds_box_side side;
    struct site_stamp stamp;
};

/* Whether a sample stands, and if not why: a person has to look. It follows from the set of statements alone. */
enum site_sample_state {
    SITE_SAMPLE_STANDS,
    SITE_SAMPLE_OVER,      /* the tube was full */
    SITE_SAMPLE_TWICE,     /* he is in another tube of this round already */
    SITE_SAMPLE_ELSEWHERE, /* another tube of this round bears the same code */
    SITE_SAMPLE_LEFT_OUT,  /* the list the tube was sealed with does not name him */
    SITE_SAMPLE_DROPPED,   /* a person has decided */
    SITE_SAMPLE_STATES
};

struct site_sample {
    uint32_t tube, person, next_in_tube;
    int64_t position;                 /* 0: not said */
    uint8_t decision, state;          /* 0 none, else 1 + enum kinds_sample_decision; enum site_sample_state */
    struct site_stamp filled, listed; /* n 0: not */
};

struct site_release {
    uint32_t person;
    enum kinds_release how;
    const char *reason;
    struct site_stamp stamp;
};

struct site_card {
    uint32_t door;
    int64_t version, heads;
    bool revoked;
    const char *reason;
    struct site_stamp stamp;
};

/* What a round's form says of a door or a person: the latest statement as a JSON object of texts; NULL when forgotten. */
struct site_form {
    uint32_t round, subject;
    enum kinds_form_of of;
    const char *answers;
    struct site_stamp stamp;
};

/* Somebody met in the street. Texts are NULL when never said or forgotten. */
struct site_meeting {
    uint32_t person, area, door; /* where he was met, where he says he belongs; SITE_NONE */
    enum kinds_met_outcome outcome;
    int64_t lon, lat; /* 1e-7 degrees; both 0: unknown */
    const char *place, *note;
    struct site_stamp stamp;
};

/* What was done about a refusal of a door or a person. */
struct site_follow {
    enum kinds_form_of of;
    uint32_t subject;
    enum kinds_follow_step step;
    int64_t next_ms; /* SITE_NEVER */
    const char *note;
    struct site_stamp stamp;
};

/* What somebody behind a door needs; known by the entry that raised it. */
struct site_need {
    struct id id;
    enum kinds_form_of of;
    uint32_t subject;
    enum kinds_need_kind what;
    bool urgent;
    const char *note, *reason;       /* note NULL: none, or forgotten */
    struct site_stamp stamp, closed; /* closed n 0: open */
};

/* An entry that does not count any more, or all of an import that was undone (n 0). */
struct site_void {
    uint32_t device;
    int64_t n;
    uint32_t by; /* the entry that says so, while it is being folded: the tables do not keep it, for several may say the same */
    int64_t by_n;
};

/* What is known of a person in a round. */
struct site_mark {
    struct site_stamp stamp, how_stamp;
    const char *evidence;
    uint32_t door, area;   /* where it was noted; where the person is counted: follows him while the round is open */
    uint8_t state, excuse; /* enum kinds_state, kinds_excuse */
    uint8_t how;           /* enum kinds_how, as said by round.add */
    uint8_t decision;      /* 0 none; else 1 + enum kinds_decision: pinned by a human */
    bool in_roster, dirty;
};

struct site_visit {
    uint32_t door;
    enum kinds_outcome outcome;
    int64_t heads, visits; /* heads: people counted; -1: not said */
    struct site_stamp stamp;
    bool dirty;
};

/* People SITE_CHUNK * chunk and on, of one cell: one row of the table cover for each set. */
enum { SITE_CHUNK = 32768 };
struct site_chunk {
    uint32_t cell, chunk; /* area, SITE_NONE for people counted nowhere */
};

struct site_round {
    struct id id;
    int64_t number;
    enum kinds_round_kind kind;
    int64_t freeze_ms, closed_seq, late; /* closed_seq 0: open; late: entries that arrived after closing */
    bool past;
    struct cover *cover; /* ordinals are person numbers, areas are in preorder */
    bool rewrite;        /* the cells changed: every row of its cover is to be written anew */
    struct site_mark *marks;
    size_t mark_count, mark_cap;
    uint32_t *dirty_marks;
    size_t dirty_mark_count, dirty_mark_cap;
    struct site_visit *visits;
    size_t visit_count, visit_cap;
    struct map by_door;     /* door number hashed -> visit */
    struct map dirty_cover; /* (cell, chunk) hashed -> index in dirty_chunks */
    struct site_chunk *dirty_chunks;
    size_t dirty_chunk_count, dirty_chunk_cap;
    uint32_t *dirty_visits;
    size_t dirty_visit_count, dirty_visit_cap;
};

/* One growing array and the numbers in it that its table does not have yet. */
struct site_list {
    void *items;
    size_t count, cap, size;
    uint32_t *dirty;
    size_t dirty_count, dirty_cap;
    uint8_t *flags; /* one a item: stands in dirty */
    size_t flag_cap;
};

struct site_ref {
    struct id id;
    uint32_t type, index;
};

struct site {
    struct arena arena;
    struct id id;
    const char *name, *code;
    bool synthetic, created, disposed;
    bool outdated; /* its tables were made by an older program, by other rules */
    int64_t seq;   /* the state is that after this entry */

    struct site_list lists[SITE_TYPES];
    struct map ids; /* id -> ref */
    struct site_ref *refs;
    size_t ref_count, ref_cap;
    struct map by_seen, by_pair, waiting, by_code;
    struct map by_sample, sampled, by_tube; /* (tube, person); person -> samples; (round, code) -> tubes */
    struct map by_form;                     /* (round, of, subject) */
    uint32_t *released;                     /* held entries whose subject has come: feed applies them next */
    size_t released_count, released_cap;

    uint32_t *area_parent; /* preorder: parent's order, area of each order, cell (an order) of each order */
    uint32_t *area_at, *area_cell;
    uint32_t area_orders;
    bool areas_moved; /* the tree changed: orders and covers are to be made again before they are read */

    bool rebuild;       /* an entry was voided: the state must be made anew from the ledger */
    struct map by_void; /* (device, n) hashed */
};

dw_err site_make(struct site **out);
void site_free(struct site *site);

/* Typed access; index below the list's count. */
struct site_device *site_device(const struct site *site, uint32_t index);
struct site_area *site_area(const struct site *site, uint32_t index);
struct site_feature *site_feature(const struct site *site, uint32_t index);
struct site_member *site_member(const struct site *site, uint32_t index);
struct site_door *site_door(const struct site *site, uint32_t index);
struct site_household *site_household(const struct site *site, uint32_t index);
struct site_person *site_person(const struct site *site, uint32_t index);
struct site_round *site_round(const struct site *site, uint32_t index);
struct site_stay *site_stay(const struct site *site, uint32_t index);
struct site_source *site_source(const struct site *site, uint32_t index);
struct site_batch *site_batch(const struct site *site, uint32_t index);
struct site_pair *site_pair(const struct site *site, uint32_t index);
struct site_held *site_held(const struct site *site, uint32_t index);
struct site_tube *site_tube(const struct site *site, uint32_t index);
struct site_grant *site_grant(const struct site *site, uint32_t index);
struct site_box *site_box(const struct site *site, uint32_t index);
struct site_sample *site_sample(const struct site *site, uint32_t index);
struct site_hand *site_hand(const struct site *site, uint32_t index);
struct site_release *site_release(const struct site *site, uint32_t index);
struct site_card *site_card(const struct site *site, uint32_t index);
struct site_form *site_form(const struct site *site, uint32_t index);
struct site_meeting *site_meeting(const struct site *site, uint32_t index);
struct site_need *site_need(const struct site *site, uint32_t index);
struct site_follow *site_follow(const struct site *site, uint32_t index);
struct site_void *site_void(const struct site *site, uint32_t index);
uint32_t site_count(const struct site *site, enum site_type type);

/* Adds a zeroed item, marked dirty; SITE_NONE when memory is out. Pointers into the list move. Amortised O(1). */
uint32_t site_add(struct site *site, enum site_type type);
/* The same for a subject, known from now on by its id. */
uint32_t site_add_subject(struct site *site, enum site_type type, struct id id);
/* Makes an item known by its id (which every subject begins with). */
bool site_know(struct site *site, enum site_type type, uint32_t index, struct id id);
/* Puts a stay in its person's order of stamps. O(stays of the person). */
void site_link_stay(struct site *site, uint32_t index);
bool site_touch(struct site *site, enum site_type type, uint32_t index);
/* Index of the subject with this id if it is of this type, else SITE_NONE. O(1). */
uint32_t site_find(const struct site *site, enum site_type type, struct id id);
const char *site_text(struct site *site, const char *text); /* copied into the arena; NULL becomes "" and no memory NULL */

int site_stamp_compare(struct site_stamp a, struct site_stamp b);
uint64_t site_key(uint64_t a, uint64_t b); /* a hash of two numbers */

/* A person's mark; NULL when nothing was ever said of him in this round. */
struct site_mark *site_mark(const struct site_round *round, uint32_t person);
/* The cell (or what stands for one) above an area; SITE_NONE for SITE_NONE. */
uint32_t site_cell(const struct site *site, uint32_t area);

/* Numbers the tree in preorder, siblings by code in natural order, and places everybody anew in every round's cover. To be
 * called when areas_moved. O(areas log areas + people · rounds). */
dw_err site_order(struct site *site, struct err_detail *detail);
/* "4-2-5" < "4-10": digits compare as numbers. */
int site_code_compare(const char *a, const char *b);
/* First area with this code; SITE_NONE. O(1). */
uint32_t site_area_by_code(const struct site *site, const char *code);

/* Whether an entry was voided, or is of an import that was undone. O(1). */
bool site_is_void(const struct site *site, uint32_t device, int64_t n);
/* Declares an entry void, or with n 0 a whole import, if that is not said yet. False when memory is out. */
bool site_put_void(struct site *site, struct site_void said, bool *fresh);
bool site_link_void(struct site *site, uint32_t index);
/* Clears what is personal, wiping it from memory, and marks the item for writing. False when memory is out. */
bool site_forget_person(struct site *site, uint32_t person);
bool site_forget_member(struct site *site, uint32_t member);
/* Who this person is after merges. */
uint32_t site_root(const struct site *site, uint32_t person);
/* The next of the people who are one person, in a fixed order; SITE_NONE after the last. Start with the root itself. */
uint32_t site_next_merged(const struct site *site, uint32_t root, uint32_t at);
/* The last statement about where a person lives or lived; SITE_NONE when nothing was ever said. *gone: he left. O(stays). */
uint32_t site_place(const struct site *site, uint32_t person, bool *gone);
/* The same as it is at a moment: what is said of later is passed over. */
uint32_t site_place_at(const struct site *site, uint32_t person, int64_t ms, bool *gone);
/* Where a round meets him (NULL: the last statement): a move that was only announced, for later than its freeze, is passed over.
 */
uint32_t site_place_in(const struct site *site, const struct site_round *round, uint32_t person, bool *gone);
/* Building of that place, SITE_NONE when unknown. */
uint32_t site_person_area(const struct site *site, const struct site_round *round, uint32_t person);
/* Makes a sample known by its tube and person, and a tube by its round and code; false when memory is out. */
bool site_link_sample(struct site *site, uint32_t index);
bool site_link_tube(struct site *site, uint32_t index);
/* The sample of a person in a tube; SITE_NONE. O(1). */
uint32_t site_find_sample(const struct site *site, uint32_t tube, uint32_t person);
/* The tubes of a round with this code, from *cursor 0 on; SITE_NONE after the last. */
uint32_t site_tube_coded(const struct site *site, uint32_t round, const char *code, size_t *cursor);
/* A person's samples, in any order, from *cursor 0 on; SITE_NONE after the last. */
uint32_t site_sample_of(const struct site *site, uint32_t person, size_t *cursor);
bool site_link_form(struct site *site, uint32_t index);
uint32_t site_find_form(const struct site *site, uint32_t round, enum kinds_form_of of, uint32_t subject);
/* Round by its number or the latest not past one (number 0); SITE_NONE. */
uint32_t site_round_by_number(const struct site *site, int64_t number);

#endif
