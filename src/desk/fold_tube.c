/* Tubes, boxes, results. Which samples stand follows from the set of statements, not from the order in which they came: whoever
 * was said to be in a tube first is in it. */
#include <stdlib.h>
#include <string.h>

#include "desk/fold.h"

enum { FOLD_TUBE_MOST = 512 }; /* samples of one person or one tube that are looked at; a tube's lists name 60 at the most */

/* A statement that is there before another: said, and earlier. */
static bool fold_earlier(struct site_stamp a, struct site_stamp b)
{
    return a.n != 0 && (b.n == 0 || site_stamp_compare(a, b) < 0);
}

static bool fold_same(struct site_stamp a, struct site_stamp b)
{
    return a.n == b.n && a.ms == b.ms && a.device == b.device;
}

static struct site_stamp fold_sample_stamp(const struct site_sample *sample)
{
    return sample->filled.n != 0 ? sample->filled : sample->listed;
}

static bool fold_sample_kept(const struct site_sample *sample)
{
    return sample->decision == 1 + KINDS_SAMPLE_DECISION_KEEP;
}

static bool fold_put_state(struct site *site, uint32_t index, enum site_sample_state state)
{
    struct site_sample *sample = site_sample(site, index);
    if (sample->state == state) return true;
    sample->state = (uint8_t)state;
    return site_touch(site, SITE_SAMPLE, index);
}

/* Of tubes with one code in one round the one that was opened first is meant. */
static bool fold_tube_copy(const struct site *site, uint32_t index)
{
    const struct site_tube *tube = site_tube(site, index);
    size_t cursor = 0;
    for (uint32_t at; (at = site_tube_coded(site, tube->round, tube->code, &cursor)) != SITE_NONE;)
        if (at != index && site_stamp_compare(site_tube(site, at)->opened, tube->opened) < 0) return true;
    return false;
}

/* What can be said of a sample without looking at others. */
static enum site_sample_state fold_sample_alone(const struct site *site, const struct site_sample *sample)
{
    const struct site_tube *tube = site_tube(site, sample->tube);
    if (sample->decision == 1 + KINDS_SAMPLE_DECISION_DROP) return SITE_SAMPLE_DROPPED;
    if (fold_sample_kept(sample)) return SITE_SAMPLE_STANDS;
    if (fold_tube_copy(site, sample->tube)) return SITE_SAMPLE_ELSEWHERE;
    if (tube->sealed.n != 0 && !fold_same(sample->listed, tube->sealed)) return SITE_SAMPLE_LEFT_OUT;
    return SITE_SAMPLE_STANDS;
}

struct fold_order {
    uint32_t index;
    bool kept;
    struct site_stamp stamp;
    int64_t position;
    struct id tube, person; /* one entry names many people: among them the position decides, and at last the ids */
};

static struct fold_order fold_order_of(const struct site *site, uint32_t index)
{
    const struct site_sample *sample = site_sample(site, index);
    return (struct fold_order){.index = index,
                               .kept = fold_sample_kept(sample),
                               .stamp = fold_sample_stamp(sample),
                               .position = sample->position,
                               .tube = site_tube(site, sample->tube)->id,
                               .person = site_person(site, sample->person)->id};
}

static int fold_order_compare(const void *left, const void *right)
{
    const struct fold_order *a = left, *b = right;
    if (a->kept != b->kept) return a->kept ? -1 : 1;
    int by = site_stamp_compare(a->stamp, b->stamp);
    if (by == 0 && a->position != b->position) by = a->position < b->position ? -1 : 1;
    if (by == 0) by = id_compare(a->person, b->person);
    return by != 0 ? by : id_compare(a->tube, b->tube);
}

/* The pooled samples of one person in one round that may stand. */
struct fold_pooled {
    struct fold_order order[FOLD_TUBE_MOST];
    size_t count;
};

/* The samples under one of a person's numbers, each without looking at others. Adds the tubes that may have changed. */
static bool fold_settle_one(struct fold_pooled *pooled, struct site *site, uint32_t person, uint32_t round, uint32_t *tubes,
                            size_t *count)
{
    size_t cursor = 0;
    for (uint32_t at; pooled->count < FOLD_TUBE_MOST && (at = site_sample_of(site, person, &cursor)) != SITE_NONE;) {
        const struct site_sample *sample = site_sample(site, at);
        const struct site_tube *tube = site_tube(site, sample->tube);
        if (tube->round != round) continue;
        enum site_sample_state alone = fold_sample_alone(site, sample);
        if (!fold_put_state(site, at, alone)) return false;
        bool listed = false;
        for (size_t i = 0; i < *count && !listed; i++) listed = tubes[i] == sample->tube;
        if (!listed && *count < FOLD_TUBE_MOST) tubes[(*count)++] = sample->tube;
        if (alone == SITE_SAMPLE_STANDS && tube->use == KINDS_TUBE_USE_POOL)
            pooled->order[pooled->count++] = fold_order_of(site, at);
    }
    return true;
}

/* A person, under all the numbers that were merged into one, is in one tube of a round, the first; retests are meant to be
 * several. */
static bool fold_settle_person(struct site *site, uint32_t person, uint32_t round, uint32_t *tubes, size_t *count)
{
    struct fold_pooled pooled;
    uint32_t root = site_root(site, person);
    pooled.count = 0;
    for (uint32_t at = root; at != SITE_NONE; at = site_next_merged(site, root, at))
        if (!fold_settle_one(&pooled, site, at, round, tubes, count)) return false;
    qsort(pooled.order, pooled.count, sizeof *pooled.order, fold_order_compare);
    for (size_t i = 1; i < pooled.count; i++)
        if (!pooled.order[i].kept && !fold_put_state(site, pooled.order[i].index, SITE_SAMPLE_TWICE)) return false;
    return true;
}

/* The first that fit are in it. */
static bool fold_settle_room(struct site *site, uint32_t index)
{
    struct fold_order order[FOLD_TUBE_MOST];
    const struct site_tube *tube = site_tube(site, index);
    size_t n = 0;
    for (uint32_t at = tube->first_sample; at != SITE_NONE && n < FOLD_TUBE_MOST; at = site_sample(site, at)->next_in_tube) {
        struct site_sample *sample = site_sample(site, at);
        if (sample->state == SITE_SAMPLE_OVER && !fold_put_state(site, at, SITE_SAMPLE_STANDS)) return false;
        if (sample->state == SITE_SAMPLE_STANDS) order[n++] = fold_order_of(site, at);
    }
    qsort(order, n, sizeof *order, fold_order_compare);
    for (size_t i = tube->capacity < 0 ? 0 : (size_t)tube->capacity; i < n; i++)
        if (!order[i].kept && !fold_put_state(site, order[i].index, SITE_SAMPLE_OVER)) return false;
    return true;
}

/* Brings the samples of a tube, and those of its people in the round's other tubes, in line. O(samples of the tube and its
 * people). */
static dw_err fold_settle_in(struct site *site, uint32_t tube, uint32_t round)
{
    uint32_t tubes[FOLD_TUBE_MOST];
    size_t count = 0;
    tubes[count++] = tube;
    for (uint32_t at = site_tube(site, tube)->first_sample; at != SITE_NONE; at = site_sample(site, at)->next_in_tube)
        if (!fold_settle_person(site, site_sample(site, at)->person, round, tubes, &count)) return DW_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (!fold_settle_room(site, tubes[i])) return DW_E_MEMORY;
    return DW_OK;
}

dw_err fold_tube_joined(struct site *site, uint32_t person)
{
    for (uint32_t round = 0; round < site_count(site, SITE_ROUND); round++) {
        uint32_t tubes[FOLD_TUBE_MOST];
        size_t count = 0;
        if (!fold_settle_person(site, person, round, tubes, &count)) return DW_E_MEMORY;
        for (size_t i = 0; i < count; i++)
            if (!fold_settle_room(site, tubes[i])) return DW_E_MEMORY;
    }
    return DW_OK;
}

static dw_err fold_settle(struct site *site, uint32_t tube)
{
    return fold_settle_in(site, tube, site_tube(site, tube)->round);
}

static dw_err fold_settle_code(struct site *site, uint32_t round, const char *code)
{
    size_t cursor = 0;
    for (uint32_t at; (at = site_tube_coded(site, round, code, &cursor)) != SITE_NONE;) ERR_TRY(fold_settle(site, at));
    return DW_OK;
}

enum kinds_held_reason fold_judge_tube_open(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    if (!fold_knows(fold, SITE_ROUND, v[KINDS_TUBE_OPEN_ROUND].id)) return KINDS_HELD_REASON_UNKNOWN;
    return v[KINDS_TUBE_OPEN_CAPACITY].n < 1 || v[KINDS_TUBE_OPEN_CAPACITY].n > 60 ? KINDS_HELD_REASON_MALFORMED
                                                                                   : KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_tube_open(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t index = site_find(site, SITE_TUBE, fold->entry->on), before = index;
    if (before == SITE_NONE) index = fold_subject(fold, SITE_TUBE, fold->entry->on);
    if (index == SITE_NONE) return DW_E_MEMORY;
    struct site_tube *tube = site_tube(site, index);
    if (before != SITE_NONE && !fold_earlier(fold->stamp, tube->opened)) return DW_OK;
    if (before == SITE_NONE) {
        tube->box = tube->first_sample = SITE_NONE;
        tube->method = "";
    }
    const char *old_code = tube->code;
    uint32_t old_round = tube->round;
    tube->round = site_find(site, SITE_ROUND, v[KINDS_TUBE_OPEN_ROUND].id);
    tube->code = site_text(site, v[KINDS_TUBE_OPEN_CODE].text);
    tube->capacity = v[KINDS_TUBE_OPEN_CAPACITY].n;
    tube->use = (uint8_t)v[KINDS_TUBE_OPEN_USE].n;
    tube->opened = fold->stamp;
    if (tube->code == NULL || !site_link_tube(site, index) || !site_touch(site, SITE_TUBE, index)) return DW_E_MEMORY;
    ERR_TRY(fold_settle_code(site, site_tube(site, index)->round, site_tube(site, index)->code));
    /* Those who bore its old code may be the first of it now. */
    if (before == SITE_NONE) return DW_OK;
    ERR_TRY(fold_settle_in(site, index, old_round));
    return fold_settle_code(site, old_round, old_code);
}

/* Every person of the list, and the tube, must be known. */
static enum kinds_held_reason fold_judge_people(struct fold *fold, int field)
{
    struct entry_value item[KINDS_FIELDS_MAX];
    uint32_t cursor = 0;
    if (!fold_knows(fold, SITE_TUBE, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    for (bool more = true;;) {
        if (entry_item(item, &cursor, &more, fold->entry, field, fold->reader, fold->detail) != DW_OK)
            return KINDS_HELD_REASON_MALFORMED;
        if (!more) return KINDS_HELD_REASON_NONE;
        if (!fold_knows(fold, SITE_PERSON, item[KINDS_TUBE_FILL_PEOPLE_PERSON].id)) return KINDS_HELD_REASON_UNKNOWN;
    }
}

static dw_err fold_put_sample(struct fold *fold, uint32_t tube, const struct entry_value *item, bool seal)
{
    struct site *site = fold->site;
    uint32_t person = site_find(site, SITE_PERSON, item[KINDS_TUBE_FILL_PEOPLE_PERSON].id);
    uint32_t index = site_find_sample(site, tube, person);
    if (index == SITE_NONE) {
        index = site_add(site, SITE_SAMPLE);
        if (index == SITE_NONE) return DW_E_MEMORY;
        *site_sample(site, index) = (struct site_sample){.tube = tube, .person = person};
        if (!site_link_sample(site, index)) return DW_E_MEMORY;
    }
    struct site_sample *sample = site_sample(site, index);
    struct site_stamp *stamp = seal ? &sample->listed : &sample->filled;
    if (fold_earlier(fold->stamp, *stamp)) {
        /* The seal's word on positions is the last one. */
        if (seal || sample->listed.n == 0) sample->position = item[KINDS_TUBE_FILL_PEOPLE_POSITION].n;
        *stamp = fold->stamp;
    }
    return site_touch(site, SITE_SAMPLE, index) ? DW_OK : DW_E_MEMORY;
}

static dw_err fold_put_samples(struct fold *fold, int field, bool seal)
{
    struct entry_value item[KINDS_FIELDS_MAX];
    uint32_t cursor = 0, tube = site_find(fold->site, SITE_TUBE, fold->entry->on);
    for (bool more = true;;) {
        ERR_TRY(entry_item(item, &cursor, &more, fold->entry, field, fold->reader, fold->detail));
        if (!more) return fold_settle(fold->site, tube);
        ERR_TRY(fold_put_sample(fold, tube, item, seal));
    }
}

enum kinds_held_reason fold_judge_tube_fill(struct fold *fold)
{
    return fold_judge_people(fold, KINDS_TUBE_FILL_PEOPLE);
}

dw_err fold_apply_tube_fill(struct fold *fold)
{
    return fold_put_samples(fold, KINDS_TUBE_FILL_PEOPLE, false);
}

enum kinds_held_reason fold_judge_tube_seal(struct fold *fold)
{
    return fold_judge_people(fold, KINDS_TUBE_SEAL_PEOPLE);
}

dw_err fold_apply_tube_seal(struct fold *fold)
{
    uint32_t index = site_find(fold->site, SITE_TUBE, fold->entry->on);
    struct site_tube *tube = site_tube(fold->site, index);
    if (fold_earlier(fold->stamp, tube->sealed)) {
        tube->sealed = fold->stamp;
        if (!site_touch(fold->site, SITE_TUBE, index)) return DW_E_MEMORY;
    }
    return fold_put_samples(fold, KINDS_TUBE_SEAL_PEOPLE, true);
}

enum kinds_held_reason fold_judge_box_pack(struct fold *fold)
{
    struct entry_value item[KINDS_FIELDS_MAX];
    uint32_t cursor = 0;
    for (bool more = true;;) {
        if (entry_item(item, &cursor, &more, fold->entry, KINDS_BOX_PACK_TUBES, fold->reader, fold->detail) != DW_OK)
            return KINDS_HELD_REASON_MALFORMED;
        if (!more) return KINDS_HELD_REASON_NONE;
        if (!fold_knows(fold, SITE_TUBE, item[KINDS_BOX_PACK_TUBES_TUBE].id)) return KINDS_HELD_REASON_UNKNOWN;
    }
}

dw_err fold_apply_box_pack(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    struct entry_value item[KINDS_FIELDS_MAX];
    uint32_t cursor = 0, box = site_find(site, SITE_BOX, fold->entry->on);
    if (box == SITE_NONE) box = fold_subject(fold, SITE_BOX, fold->entry->on);
    if (box == SITE_NONE) return DW_E_MEMORY;
    struct site_box *known = site_box(site, box);
    if (known->packed.n == 0 || site_stamp_compare(fold->stamp, known->packed) > 0) {
        known->code = site_text(site, v[KINDS_BOX_PACK_CODE].text);
        known->packed = fold->stamp;
        if (known->code == NULL || !site_touch(site, SITE_BOX, box)) return DW_E_MEMORY;
    }
    for (bool more = true;;) {
        ERR_TRY(entry_item(item, &cursor, &more, fold->entry, KINDS_BOX_PACK_TUBES, fold->reader, fold->detail));
        if (!more) return DW_OK;
        uint32_t index = site_find(site, SITE_TUBE, item[KINDS_BOX_PACK_TUBES_TUBE].id);
        struct site_tube *tube = site_tube(site, index);
        if (tube->packed.n != 0 && site_stamp_compare(fold->stamp, tube->packed) <= 0) continue;
        tube->packed = fold->stamp;
        tube->box = box;
        if (!site_touch(site, SITE_TUBE, index)) return DW_E_MEMORY;
    }
}

enum kinds_held_reason fold_judge_box_hand(struct fold *fold)
{
    if (!fold_knows(fold, SITE_BOX, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    return fold_knows(fold, SITE_DEVICE, fold->entry->values[KINDS_BOX_HAND_OTHER].id) ? KINDS_HELD_REASON_NONE
                                                                                       : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_box_hand(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t index = site_add(site, SITE_HAND);
    if (index == SITE_NONE) return DW_E_MEMORY;
    *site_hand(site, index) = (struct site_hand){.box = site_find(site, SITE_BOX, fold->entry->on),
                                                 .by = fold->stamp.device,
                                                 .other = fold_ref(fold, SITE_DEVICE, KINDS_BOX_HAND_OTHER),
                                                 .side = (enum kinds_box_side)v[KINDS_BOX_HAND_SIDE].n,
                                                 .stamp = fold->stamp};
    return DW_OK;
}

/* A result is not turned into another one unless a person says so. */
enum kinds_held_reason fold_judge_tube_result(struct fold *fold)
{
    uint32_t index = site_find(fold->site, SITE_TUBE, fold->entry->on);
    if (!fold_knows(fold, SITE_TUBE, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    uint8_t known = site_tube(fold->site, index)->result, said = (uint8_t)(1 + fold->entry->values[KINDS_TUBE_RESULT_RESULT].n);
    return known != 0 && known != said && !fold->decided ? KINDS_HELD_REASON_CONFLICT : KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_tube_result(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    uint32_t index = site_find(fold->site, SITE_TUBE, fold->entry->on);
    struct site_tube *tube = site_tube(fold->site, index);
    tube->result = (uint8_t)(1 + v[KINDS_TUBE_RESULT_RESULT].n);
    tube->result_ms = v[KINDS_TUBE_RESULT_AT].at.ms;
    tube->method = site_text(fold->site, v[KINDS_TUBE_RESULT_METHOD].text);
    return tube->method != NULL && site_touch(fold->site, SITE_TUBE, index) ? DW_OK : DW_E_MEMORY;
}

enum kinds_held_reason fold_judge_sample_decide(struct fold *fold)
{
    struct id person = fold->entry->values[KINDS_SAMPLE_DECIDE_PERSON].id;
    if (!fold_knows(fold, SITE_TUBE, fold->entry->on) || !fold_knows(fold, SITE_PERSON, person)) return KINDS_HELD_REASON_UNKNOWN;
    uint32_t tube = site_find(fold->site, SITE_TUBE, fold->entry->on);
    return site_find_sample(fold->site, tube, site_find(fold->site, SITE_PERSON, person)) != SITE_NONE
               ? KINDS_HELD_REASON_NONE
               : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_sample_decide(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t tube = site_find(site, SITE_TUBE, fold->entry->on);
    uint32_t index = site_find_sample(site, tube, site_find(site, SITE_PERSON, v[KINDS_SAMPLE_DECIDE_PERSON].id));
    if (index == SITE_NONE) return DW_OK; /* the statement that put him there was voided since */
    site_sample(site, index)->decision = (uint8_t)(1 + v[KINDS_SAMPLE_DECIDE_DECISION].n);
    return site_touch(site, SITE_SAMPLE, index) ? fold_settle(site, tube) : DW_E_MEMORY;
}

enum kinds_held_reason fold_judge_hold_end(struct fold *fold)
{
    return fold_knows(fold, SITE_PERSON, fold->entry->on) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_hold_end(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t index = site_add(site, SITE_RELEASE);
    if (index == SITE_NONE) return DW_E_MEMORY;
    *site_release(site, index) = (struct site_release){.person = site_find(site, SITE_PERSON, fold->entry->on),
                                                       .how = (enum kinds_release)v[KINDS_HOLD_END_HOW].n,
                                                       .reason = site_text(site, v[KINDS_HOLD_END_REASON].text),
                                                       .stamp = fold->stamp};
    return site_release(site, index)->reason != NULL ? DW_OK : DW_E_MEMORY;
}
