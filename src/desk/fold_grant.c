/* Who may do what: grants, and whether what a member's phone recorded is its to record. Only commands change grants, so that no
 * order of uploads does. */
#include "desk/fold.h"
#include "desk/grant.h"
#include "desk/roles.h"
#include "desk/scope.h"

enum kinds_held_reason fold_judge_grant_set(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    bool known = fold_knows(fold, SITE_MEMBER, v[KINDS_GRANT_SET_MEMBER].id) &&
                 (!v[KINDS_GRANT_SET_AREA].present || fold_knows(fold, SITE_AREA, v[KINDS_GRANT_SET_AREA].id));
    return known ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_grant_set(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t index = site_find(site, SITE_GRANT, fold->entry->on);
    if (index == SITE_NONE) index = fold_subject(fold, SITE_GRANT, fold->entry->on);
    if (index == SITE_NONE || !site_touch(site, SITE_GRANT, index)) return DW_E_MEMORY;
    struct site_grant *grant = site_grant(site, index);
    grant->member = fold_ref(fold, SITE_MEMBER, KINDS_GRANT_SET_MEMBER);
    grant->area = fold_ref(fold, SITE_AREA, KINDS_GRANT_SET_AREA);
    grant->role = (enum kinds_role)v[KINDS_GRANT_SET_ROLE].n;
    grant->from_ms = fold_time(&v[KINDS_GRANT_SET_FROM]);
    grant->to_ms = fold_time(&v[KINDS_GRANT_SET_TO]);
    grant->emergency = v[KINDS_GRANT_SET_EMERGENCY].n != 0;
    grant->ended = false;
    grant->reason = site_text(site, v[KINDS_GRANT_SET_REASON].text);
    return grant->reason == NULL ? DW_E_MEMORY : DW_OK;
}

enum kinds_held_reason fold_judge_grant_end(struct fold *fold)
{
    return fold_knows(fold, SITE_GRANT, fold->entry->on) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_grant_end(struct fold *fold)
{
    uint32_t index = site_find(fold->site, SITE_GRANT, fold->entry->on);
    site_grant(fold->site, index)->ended = true;
    return site_touch(fold->site, SITE_GRANT, index) ? DW_OK : DW_E_MEMORY;
}

/* Where a member must be allowed to do what the entry says; SITE_NONE: wherever he may. Tubes and boxes go where people go, and
 * whom a patrol meets may live anywhere. */
static uint32_t fold_grant_area(const struct fold *fold)
{
    uint32_t area = scope_told(fold->site, fold->entry);
    int may = roles_of_kind(fold->entry->kind);
    if (area != SITE_NONE || may == ROLES_TUBE_WRITE || may == ROLES_STREET_WRITE) return area;
    return scope_subject(fold->site, fold->entry->on);
}

enum kinds_held_reason fold_grant_allows(const struct fold *fold)
{
    const struct site *site = fold->site;
    const struct site_device *device = site_device(site, fold->stamp.device);
    int may = roles_of_kind(fold->entry->kind);
    if (device->member == SITE_NONE || may < 0) return KINDS_HELD_REASON_NONE;
    if (device->until_ms != SITE_NEVER && fold->stamp.ms > device->until_ms) return KINDS_HELD_REASON_EXPIRED;
    if (!grant_anywhere(site, device->member, (enum roles_may)may, fold->stamp.ms)) return KINDS_HELD_REASON_NOT_ALLOWED;
    uint32_t area = fold_grant_area(fold);
    return area == SITE_NONE || grant_may(site, device->member, (enum roles_may)may, area, fold->stamp.ms)
               ? KINDS_HELD_REASON_NONE
               : KINDS_HELD_REASON_OUTSIDE;
}
