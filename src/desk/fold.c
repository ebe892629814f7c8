#include "desk/fold.h"

#include <stdlib.h>
#include <string.h>

bool fold_knows(struct fold *fold, enum site_type type, struct id id)
{
    if (site_find(fold->site, type, id) != SITE_NONE) return true;
    fold->needs = id;
    return false;
}

static int fold_by_number(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* In the order in which they came, and not in the map's, which a site that was loaded does not share with one that was replayed.
 */
uint32_t fold_subject(struct fold *fold, enum site_type type, struct id id)
{
    struct site *site = fold->site;
    uint32_t index = site_add_subject(site, type, id), held;
    size_t cursor = 0, from = site->released_count;
    while (index != SITE_NONE && map_next(&site->waiting, id_hash(id), &cursor, &held)) {
        const struct site_held *h = site_held(site, held);
        if (h->state != SITE_HELD_WAITING || !id_equal(h->needs, id)) continue;
        if (!arena_grow((void **)&site->released, &site->released_cap, site->released_count + 1, sizeof *site->released))
            return SITE_NONE;
        site->released[site->released_count++] = held;
    }
    if (site->released_count > from + 1)
        qsort(site->released + from, site->released_count - from, sizeof *site->released, fold_by_number);
    return index;
}

int64_t fold_time(const struct entry_value *value)
{
    return value->present ? value->at.ms : SITE_NEVER;
}

uint32_t fold_ref(const struct fold *fold, enum site_type type, int field)
{
    const struct entry_value *value = &fold->entry->values[field];
    return value->present ? site_find(fold->site, type, value->id) : SITE_NONE;
}

typedef enum kinds_held_reason fold_judge_kind(struct fold *fold);
typedef dw_err fold_apply_kind(struct fold *fold);

static const struct {
    fold_judge_kind *judge;
    fold_apply_kind *apply;
} fold_kinds[KINDS_COUNT] = {
#define FOLD_ROW(kind, name) [KINDS_##kind] = {fold_judge_##name, fold_apply_##name},
    FOLD_KINDS(FOLD_ROW)
#undef FOLD_ROW
};

static enum kinds_held_reason fold_judge_device(const struct fold *fold)
{
    const struct site_device *device = site_device(fold->site, fold->stamp.device);
    if (fold->decided || !fold->site->created) return KINDS_HELD_REASON_NONE;
    if (device->revoked) return KINDS_HELD_REASON_REVOKED;
    if (kinds_get(fold->entry->kind)->office && device->kind == KINDS_DEVICE_KIND_PHONE) return KINDS_HELD_REASON_NOT_ALLOWED;
    return KINDS_HELD_REASON_NONE;
}

enum kinds_held_reason fold_judge(struct fold *fold)
{
    memset(&fold->needs, 0, sizeof fold->needs);
    enum kinds_held_reason reason = fold_judge_device(fold);
    if (reason == KINDS_HELD_REASON_NONE) reason = fold_kinds[fold->entry->kind].judge(fold);
    return reason == KINDS_HELD_REASON_NONE && !fold->decided && fold->site->created ? fold_grant_allows(fold) : reason;
}

dw_err fold_apply(struct fold *fold)
{
    return fold_kinds[fold->entry->kind].apply(fold);
}
