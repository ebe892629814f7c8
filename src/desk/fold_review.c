/* People who are one, pairs to look at, imports, and what is taken back or decided. */
#include <string.h>

#include "desk/fold.h"

static enum kinds_held_reason fold_judge_two(struct fold *fold, int field)
{
    if (!fold_knows(fold, SITE_PERSON, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    if (!fold_knows(fold, SITE_PERSON, fold->entry->values[field].id)) return KINDS_HELD_REASON_UNKNOWN;
    return id_equal(fold->entry->on, fold->entry->values[field].id) ? KINDS_HELD_REASON_CONFLICT : KINDS_HELD_REASON_NONE;
}

static dw_err fold_refresh_all(struct site *site, uint32_t person)
{
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) ERR_TRY(fold_round_refresh(site, site_round(site, i), person));
    return fold_tube_joined(site, person);
}

enum kinds_held_reason fold_judge_person_merge(struct fold *fold)
{
    enum kinds_held_reason reason = fold_judge_two(fold, KINDS_PERSON_MERGE_GONE);
    if (reason != KINDS_HELD_REASON_NONE) return reason;
    uint32_t keep = site_find(fold->site, SITE_PERSON, fold->entry->on),
             gone = fold_ref(fold, SITE_PERSON, KINDS_PERSON_MERGE_GONE);
    bool roots =
        site_person(fold->site, keep)->merged_into == SITE_NONE && site_person(fold->site, gone)->merged_into == SITE_NONE;
    return roots ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_person_merge(struct fold *fold)
{
    struct site *site = fold->site;
    uint32_t keep = site_find(site, SITE_PERSON, fold->entry->on), gone = fold_ref(fold, SITE_PERSON, KINDS_PERSON_MERGE_GONE);
    site_person(site, gone)->merged_into = keep;
    site_person(site, gone)->next_merged = site_person(site, keep)->merged;
    site_person(site, keep)->merged = gone;
    if (!site_touch(site, SITE_PERSON, gone)) return DW_E_MEMORY;
    return fold_refresh_all(site, keep);
}

enum kinds_held_reason fold_judge_person_unmerge(struct fold *fold)
{
    enum kinds_held_reason reason = fold_judge_two(fold, KINDS_PERSON_UNMERGE_GONE);
    if (reason != KINDS_HELD_REASON_NONE) return reason;
    uint32_t keep = site_find(fold->site, SITE_PERSON, fold->entry->on),
             gone = fold_ref(fold, SITE_PERSON, KINDS_PERSON_UNMERGE_GONE);
    return site_person(fold->site, gone)->merged_into == keep ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_person_unmerge(struct fold *fold)
{
    struct site *site = fold->site;
    uint32_t keep = site_find(site, SITE_PERSON, fold->entry->on), gone = fold_ref(fold, SITE_PERSON, KINDS_PERSON_UNMERGE_GONE);
    uint32_t *link = &site_person(site, keep)->merged;
    while (*link != gone) link = &site_person(site, *link)->next_merged;
    *link = site_person(site, gone)->next_merged;
    site_person(site, gone)->merged_into = site_person(site, gone)->next_merged = SITE_NONE;
    if (!site_touch(site, SITE_PERSON, gone)) return DW_E_MEMORY;
    ERR_TRY(fold_refresh_all(site, keep));
    return fold_refresh_all(site, gone);
}

static uint32_t fold_pair(const struct site *site, uint32_t a, uint32_t b)
{
    uint32_t at, low = a < b ? a : b, high = a < b ? b : a;
    size_t cursor = 0;
    while (map_next(&site->by_pair, site_key(low, high), &cursor, &at))
        if (site_pair(site, at)->a == low && site_pair(site, at)->b == high) return at;
    return SITE_NONE;
}

enum kinds_held_reason fold_judge_review_add(struct fold *fold)
{
    return fold_judge_two(fold, KINDS_REVIEW_ADD_OTHER);
}

dw_err fold_apply_review_add(struct fold *fold)
{
    struct site *site = fold->site;
    uint32_t a = site_find(site, SITE_PERSON, fold->entry->on), b = fold_ref(fold, SITE_PERSON, KINDS_REVIEW_ADD_OTHER);
    if (fold_pair(site, a, b) != SITE_NONE) return DW_OK;
    uint32_t at = site_add(site, SITE_PAIR);
    const char *why = site_text(site, fold->entry->values[KINDS_REVIEW_ADD_WHY].text);
    if (at == SITE_NONE || why == NULL) return DW_E_MEMORY;
    *site_pair(site, at) = (struct site_pair){a < b ? a : b, a < b ? b : a, why, 0};
    return map_put(&site->by_pair, site_key(a < b ? a : b, a < b ? b : a), at) ? DW_OK : DW_E_MEMORY;
}

enum kinds_held_reason fold_judge_review_decide(struct fold *fold)
{
    enum kinds_held_reason reason = fold_judge_two(fold, KINDS_REVIEW_DECIDE_OTHER);
    if (reason != KINDS_HELD_REASON_NONE) return reason;
    uint32_t a = site_find(fold->site, SITE_PERSON, fold->entry->on), b = fold_ref(fold, SITE_PERSON, KINDS_REVIEW_DECIDE_OTHER);
    return fold_pair(fold->site, a, b) == SITE_NONE ? KINDS_HELD_REASON_CONFLICT : KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_review_decide(struct fold *fold)
{
    struct site *site = fold->site;
    uint32_t a = site_find(site, SITE_PERSON, fold->entry->on), b = fold_ref(fold, SITE_PERSON, KINDS_REVIEW_DECIDE_OTHER);
    uint32_t at = fold_pair(site, a, b);
    site_pair(site, at)->decision = (uint8_t)(1 + fold->entry->values[KINDS_REVIEW_DECIDE_DECISION].n);
    return site_touch(site, SITE_PAIR, at) ? DW_OK : DW_E_MEMORY;
}

/* A look at personal data changes nothing; that it happened stands in the ledger. */
enum kinds_held_reason fold_judge_look(struct fold *fold)
{
    (void)fold;
    return KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_look(struct fold *fold)
{
    (void)fold;
    return DW_OK;
}

enum kinds_held_reason fold_judge_import_done(struct fold *fold)
{
    const char *content = fold->entry->values[KINDS_IMPORT_DONE_CONTENT].text;
    uint8_t bytes[HASH_SIZE];
    if (!hash_unb64(bytes, sizeof bytes, content, strlen(content))) return KINDS_HELD_REASON_MALFORMED;
    return fold_knows(fold, SITE_DEVICE, fold->entry->on) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_import_done(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t at = site_add(site, SITE_BATCH);
    const char *file = site_text(site, v[KINDS_IMPORT_DONE_FILE].text), *content = v[KINDS_IMPORT_DONE_CONTENT].text;
    if (at == SITE_NONE || file == NULL) return DW_E_MEMORY;
    struct site_batch *batch = site_batch(site, at);
    *batch = (struct site_batch){.device = site_find(site, SITE_DEVICE, fold->entry->on),
                                 .file = file,
                                 .kind = (enum kinds_list_kind)v[KINDS_IMPORT_DONE_KIND].n,
                                 .rows = v[KINDS_IMPORT_DONE_ROWS].n,
                                 .fresh = v[KINDS_IMPORT_DONE_FRESH].n,
                                 .matched = v[KINDS_IMPORT_DONE_MATCHED].n,
                                 .pairs = v[KINDS_IMPORT_DONE_PAIRS].n};
    return hash_unb64(batch->content, HASH_SIZE, content, strlen(content)) ? DW_OK : DW_E_ENTRY;
}

enum kinds_held_reason fold_judge_import_undo(struct fold *fold)
{
    uint32_t device = site_find(fold->site, SITE_DEVICE, fold->entry->on);
    if (!fold_knows(fold, SITE_DEVICE, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    return site_device(fold->site, device)->kind == KINDS_DEVICE_KIND_IMPORT ? KINDS_HELD_REASON_NONE
                                                                             : KINDS_HELD_REASON_CONFLICT;
}

/* What is void already changes nothing, and needs no state made anew. */
static dw_err fold_void(struct fold *fold, uint32_t device, int64_t n)
{
    bool fresh;
    if (!site_put_void(fold->site, (struct site_void){device, n, fold->stamp.device, fold->entry->n}, &fresh)) return DW_E_MEMORY;
    fold->site->rebuild = fold->site->rebuild || fresh;
    return DW_OK;
}

dw_err fold_apply_import_undo(struct fold *fold)
{
    return fold_void(fold, site_find(fold->site, SITE_DEVICE, fold->entry->on), 0);
}

enum kinds_held_reason fold_judge_entry_void(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    if (!fold_knows(fold, SITE_DEVICE, v[KINDS_ENTRY_VOID_DEVICE].id)) return KINDS_HELD_REASON_UNKNOWN;
    const struct site_device *device = site_device(fold->site, fold_ref(fold, SITE_DEVICE, KINDS_ENTRY_VOID_DEVICE));
    int64_t n = v[KINDS_ENTRY_VOID_N].n;
    return n >= 1 && n <= device->head_n ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_CONFLICT;
}

dw_err fold_apply_entry_void(struct fold *fold)
{
    return fold_void(fold, fold_ref(fold, SITE_DEVICE, KINDS_ENTRY_VOID_DEVICE), fold->entry->values[KINDS_ENTRY_VOID_N].n);
}

static uint32_t fold_held(const struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    uint32_t device = fold_ref(fold, SITE_DEVICE, KINDS_HELD_DECIDE_DEVICE);
    for (uint32_t i = 0; i < site_count(fold->site, SITE_HELD); i++) {
        const struct site_held *held = site_held(fold->site, i);
        if (held->device == device && held->n == v[KINDS_HELD_DECIDE_N].n && held->state == SITE_HELD_WAITING) return i;
    }
    return SITE_NONE;
}

/* What cannot be read or stands on something unknown cannot be accepted by anybody; it can be declared void. */
enum kinds_held_reason fold_judge_held_decide(struct fold *fold)
{
    uint32_t at = fold_held(fold);
    if (at == SITE_NONE) return KINDS_HELD_REASON_CONFLICT;
    enum kinds_held_reason reason = site_held(fold->site, at)->reason;
    bool accept = fold->entry->values[KINDS_HELD_DECIDE_DECISION].n == KINDS_HELD_DECISION_ACCEPT;
    return accept && (reason == KINDS_HELD_REASON_MALFORMED || reason == KINDS_HELD_REASON_UNKNOWN) ? KINDS_HELD_REASON_CONFLICT
                                                                                                    : KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_held_decide(struct fold *fold)
{
    struct site *site = fold->site;
    uint32_t at = fold_held(fold);
    bool accept = fold->entry->values[KINDS_HELD_DECIDE_DECISION].n == KINDS_HELD_DECISION_ACCEPT;
    if (!site_touch(site, SITE_HELD, at)) return DW_E_MEMORY;
    if (!accept) {
        site_held(site, at)->state = SITE_HELD_VOID;
        return DW_OK;
    }
    if (!arena_grow((void **)&site->released, &site->released_cap, site->released_count + 1, sizeof *site->released))
        return DW_E_MEMORY;
    site->released[site->released_count++] = at;
    return DW_OK;
}
