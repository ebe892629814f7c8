#include "desk/scope.h"

#include <stdlib.h>
#include <string.h>

#include "desk/grant.h"
#include "desk/walk.h"

static uint32_t scope_door(const struct site *site, uint32_t door)
{
    return door == SITE_NONE ? SITE_NONE : site_door(site, door)->area;
}

uint32_t scope_subject(const struct site *site, struct id id)
{
    uint32_t at;
    if ((at = site_find(site, SITE_DOOR, id)) != SITE_NONE) return scope_door(site, at);
    if ((at = site_find(site, SITE_PERSON, id)) != SITE_NONE) return site_person_area(site, NULL, site_root(site, at));
    if ((at = site_find(site, SITE_AREA, id)) != SITE_NONE) return at;
    if ((at = site_find(site, SITE_HOUSEHOLD, id)) != SITE_NONE) return scope_door(site, site_household(site, at)->door);
    if ((at = site_find(site, SITE_GRANT, id)) != SITE_NONE) return site_grant(site, at)->area;
    if ((at = site_find(site, SITE_NEED, id)) != SITE_NONE) {
        const struct site_need *need = site_need(site, at);
        return need->of == KINDS_FORM_OF_DOOR ? scope_door(site, need->subject)
                                              : site_person_area(site, NULL, site_root(site, need->subject));
    }
    if ((at = site_find(site, SITE_TUBE, id)) == SITE_NONE) return SITE_NONE;
    uint32_t sample = site_tube(site, at)->first_sample;
    return sample == SITE_NONE ? SITE_NONE : site_person_area(site, NULL, site_root(site, site_sample(site, sample)->person));
}

uint32_t scope_told(const struct site *site, const struct entry *entry)
{
    const struct kinds_spec *spec = kinds_get(entry->kind);
    uint32_t area = SITE_NONE;
    for (int f = 0; f < spec->field_count && area == SITE_NONE; f++)
        if (spec->fields[f].place && entry->values[f].present) area = scope_subject(site, entry->values[f].id);
    return area;
}

uint32_t scope_entry(const struct site *site, const struct entry *entry, struct entry_reader *reader)
{
    const struct kinds_spec *spec = kinds_get(entry->kind);
    struct entry_value item[KINDS_FIELDS_MAX];
    uint32_t area = scope_told(site, entry);
    if (area == SITE_NONE) area = scope_subject(site, entry->on);
    for (int f = 0; f < spec->field_count && area == SITE_NONE; f++) {
        uint32_t cursor = 0;
        bool more = spec->fields[f].type == KINDS_TYPE_LIST && entry->values[f].present;
        if (more && entry_item(item, &cursor, &more, entry, f, reader, NULL) == DW_OK && more)
            area = scope_subject(site, item[0].id);
    }
    return area;
}

dw_err scope_make(struct scope *out, const struct site *site, uint32_t member, int64_t at_ms)
{
    uint32_t count = site_count(site, SITE_AREA);
    *out = (struct scope){.site = site};
    out->areas = calloc((size_t)count + 1, sizeof *out->areas);
    out->above = calloc((size_t)count + 1, sizeof *out->above);
    if (out->areas == NULL || out->above == NULL) return DW_E_MEMORY;
    for (uint32_t g = 0; member != SITE_NONE && g < site_count(site, SITE_GRANT); g++) {
        const struct site_grant *grant = site_grant(site, g);
        uint64_t may = 0;
        if (grant->member != member || !grant_holds(grant, at_ms)) continue;
        for (int m = 0; m < ROLES_MAY_COUNT; m++) may |= (uint64_t)roles_may(grant->role, (enum roles_may)m) << m;
        out->anywhere |= may;
        if (grant->area == SITE_NONE) out->everywhere |= may;
        for (uint32_t a = 0; a < count; a++)
            if (walk_under(site, a, grant->area)) out->areas[a] |= may;
    }
    for (uint32_t a = 0; a < count; a++)
        for (uint32_t up = a; out->areas[a] != 0 && up != SITE_NONE && !out->above[up]; up = site_area(site, up)->parent)
            out->above[up] = true;
    return DW_OK;
}

void scope_free(struct scope *scope)
{
    free(scope->areas);
    free(scope->above);
    *scope = (struct scope){.site = NULL};
}

bool scope_may(const struct scope *scope, enum roles_may may, uint32_t area)
{
    return ((area == SITE_NONE ? scope->everywhere : scope->areas[area]) >> may & 1) != 0;
}

/* Order does not matter to a sum, but what is in it does. */
static uint64_t scope_one(uint32_t type, uint32_t number, uint64_t may)
{
    return may == 0 ? 0 : site_key(((uint64_t)type << 32) + number + 1, may);
}

struct scope_mark scope_mark(const struct scope *scope, uint32_t areas, uint32_t doors, uint32_t households)
{
    const struct site *site = scope->site;
    struct scope_mark out = {areas, doors, households, scope->everywhere};
    if (areas > site_count(site, SITE_AREA) || doors > site_count(site, SITE_DOOR) ||
        households > site_count(site, SITE_HOUSEHOLD))
        return out; /* of a state that is gone (an import was undone): no sum fits it */
    for (uint32_t i = 0; i < areas; i++) out.sum += scope_one(SITE_AREA, i, scope->areas[i]);
    for (uint32_t i = 0; i < doors; i++) {
        uint32_t area = site_door(site, i)->area;
        out.sum += scope_one(SITE_DOOR, i, area == SITE_NONE ? scope->everywhere : scope->areas[area]);
    }
    for (uint32_t i = 0; i < households; i++) {
        uint32_t area = scope_door(site, site_household(site, i)->door);
        out.sum += scope_one(SITE_HOUSEHOLD, i, area == SITE_NONE ? scope->everywhere : scope->areas[area]);
    }
    return out;
}
