/* One entry into the state of a site: judged by the rules, then applied. Pure: no store, no clock; what is said depends on the
 * entry, its verdict and its corrected time alone, so a replay gives the same state. */
#ifndef DESK_FOLD_H
#define DESK_FOLD_H

#include "desk/site.h"
#include "ledger/entry.h"

struct fold {
    struct site *site;
    const struct entry *entry; /* with its body read */
    struct entry_reader *reader;
    int64_t seq;
    struct site_stamp stamp; /* corrected time, device, n */
    bool decided;            /* accepted before, by the record or a person: rules that only protect are passed over */
    struct id needs;         /* out of fold_judge: the subject that is not known */
    struct err_detail *detail;
};

/* KINDS_HELD_REASON_NONE when it may be applied. Changes nothing but needs. O(1) for most kinds, O(people named) for visits. */
enum kinds_held_reason fold_judge(struct fold *fold);
/* Applies a judged entry. DW_E_MEMORY leaves the state unusable: it must be loaded again. */
dw_err fold_apply(struct fold *fold);

/* For the files of fold_*: the subject of a field or of the entry itself; false and needs set when it is unknown. */
bool fold_knows(struct fold *fold, enum site_type type, struct id id);
/* A new subject: also lets go what was held for want of it. */
uint32_t fold_subject(struct fold *fold, enum site_type type, struct id id);
int64_t fold_time(const struct entry_value *value); /* SITE_NEVER when absent */
/* An optional reference: SITE_NONE when absent or unknown. */
uint32_t fold_ref(const struct fold *fold, enum site_type type, int field);

/* A text of a subject that may have been forgotten; NULL: none. failed becomes true when memory is out (fold_sweep.c). */
const char *fold_said(struct fold *fold, int field, bool forgotten, bool *failed);

/* One pair of functions a kind; fold_register.c, fold_round.c, … */
/* clang-format off */
#define FOLD_KINDS(X)                                                                              \
    X(SITE_CREATE, site_create) X(DEVICE_ENROL, device_enrol) X(DEVICE_REVOKE, device_revoke)      \
    X(AREA_SET, area_set) X(FEATURE_SET, feature_set) X(MEMBER_SET, member_set)                    \
    X(KEEPER_SET, keeper_set) X(DOOR_SET, door_set) X(HOUSEHOLD_SET, household_set)                \
    X(PERSON_SET, person_set) X(STAY_END, stay_end) X(VISIT, visit) X(ROUND_ADD, round_add)        \
    X(ROUND_OPEN, round_open) X(ROUND_CLOSE, round_close) X(ROUND_DECIDE, round_decide)            \
    X(PERSON_MERGE, person_merge) X(PERSON_UNMERGE, person_unmerge) X(REVIEW_ADD, review_add)      \
    X(REVIEW_DECIDE, review_decide) X(LOOK, look) X(IMPORT_DONE, import_done) X(IMPORT_UNDO, import_undo)        \
    X(ENTRY_VOID, entry_void) X(HELD_DECIDE, held_decide)                                          \
    X(TUBE_OPEN, tube_open) X(TUBE_FILL, tube_fill) X(TUBE_SEAL, tube_seal) X(BOX_PACK, box_pack)  \
    X(BOX_HAND, box_hand) X(TUBE_RESULT, tube_result) X(SAMPLE_DECIDE, sample_decide)              \
    X(HOLD_END, hold_end) X(CARD_ISSUE, card_issue) X(CARD_REVOKE, card_revoke)                    \
    X(FORM_FILL, form_fill) X(GRANT_SET, grant_set) X(GRANT_END, grant_end) X(STREET_MEET, street_meet) X(REFUSAL_FOLLOW, refusal_follow) X(NEED_RAISE, need_raise) X(NEED_CLOSE, need_close)                           \
    X(PERSON_FORGET, person_forget) X(MEMBER_FORGET, member_forget) X(COPY_MADE, copy_made) X(SITE_DISPOSE, site_dispose) X(SITE_SET, site_set)
/* clang-format on */
#define FOLD_DECLARE(kind, name)                                                                                                 \
    enum kinds_held_reason fold_judge_##name(struct fold *fold);                                                                 \
    dw_err fold_apply_##name(struct fold *fold);
FOLD_KINDS(FOLD_DECLARE)
#undef FOLD_DECLARE

/* Whether the member whose phone made the entry may do so there and then (fold_grant.c). O(grants · depth). */
enum kinds_held_reason fold_grant_allows(const struct fold *fold);

/* Where a person is counted has changed, or who stands for whom: brings every round in line. */
dw_err fold_round_moved(struct site *site, uint32_t person);
dw_err fold_round_refresh(struct site *site, struct site_round *round, uint32_t person);
/* Who stands for whom has changed: his samples in every round's tubes are those of all who are he. */
dw_err fold_tube_joined(struct site *site, uint32_t person);
/* Wipes the evidence that rounds keep of a person. */
dw_err fold_round_forget(struct site *site, uint32_t person);
/* Sets the bits of the whole round from its marks (after loading). */
dw_err fold_round_fill(struct site *site, struct site_round *round);
/* The mark for writing; made if absent. NULL when memory is out. */
struct site_mark *fold_round_mark(struct site *site, struct site_round *round, uint32_t person);
/* How a person came into the round's owed people beyond the roster. */
enum kinds_how fold_round_how(const struct site *site, const struct site_round *round, uint32_t person);

#endif
