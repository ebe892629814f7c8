#include "desk/grant.h"

#include <string.h>

#include "desk/book.h"
#include "desk/walk.h"

bool grant_holds(const struct site_grant *grant, int64_t at_ms)
{
    return !grant->ended && (grant->from_ms == SITE_NEVER || at_ms >= grant->from_ms) &&
           (grant->to_ms == SITE_NEVER || at_ms <= grant->to_ms);
}

/* What would outlast an emergency. */
static bool grant_hands_on(enum roles_may may)
{
    return may == ROLES_MEMBER_WRITE || may == ROLES_ACCOUNT_WRITE || may == ROLES_DEVICE_WRITE;
}

/* area: SITE_NONE asks for a grant of everywhere; anywhere: any area will do. */
static bool grant_find(const struct site *site, uint32_t member, enum roles_may may, uint32_t area, bool anywhere, int64_t at_ms)
{
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) {
        const struct site_grant *grant = site_grant(site, i);
        if (grant->member != member || !roles_may(grant->role, may) || !grant_holds(grant, at_ms)) continue;
        if (grant->emergency && grant_hands_on(may)) continue;
        if (anywhere || grant->area == SITE_NONE || (area != SITE_NONE && walk_under(site, area, grant->area))) return true;
    }
    return false;
}

bool grant_may(const struct site *site, uint32_t member, enum roles_may may, uint32_t area, int64_t at_ms)
{
    return grant_find(site, member, may, area, false, at_ms);
}

bool grant_everywhere(const struct site *site, uint32_t member, enum roles_may may, int64_t at_ms)
{
    return grant_find(site, member, may, SITE_NONE, false, at_ms);
}

bool grant_anywhere(const struct site *site, uint32_t member, enum roles_may may, int64_t at_ms)
{
    return grant_find(site, member, may, SITE_NONE, true, at_ms);
}

void grant_areas(uint8_t *seen, bool *everywhere, const struct site *site, uint32_t member, enum roles_may may, int64_t at_ms)
{
    uint32_t areas = site_count(site, SITE_AREA);
    *everywhere = false;
    memset(seen, 0, areas);
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) {
        const struct site_grant *grant = site_grant(site, i);
        if (grant->member != member || !roles_may(grant->role, may) || !grant_holds(grant, at_ms)) continue;
        if (grant->area == SITE_NONE)
            *everywhere = true;
        else
            seen[grant->area] = 1;
    }
    if (*everywhere) memset(seen, 1, areas);
    for (uint32_t order = 0; order < site->area_orders; order++) { /* parents come first */
        uint32_t area = site->area_at[order], up = site_area(site, area)->parent;
        if (up != SITE_NONE && seen[up]) seen[area] = 1;
    }
}

/* Every ability of a role, in an area, at a moment. */
static bool grant_role(const struct site *site, uint32_t by, enum kinds_role role, uint32_t area, int64_t at_ms)
{
    for (int may = 0; may < ROLES_MAY_COUNT; may++)
        if (roles_may(role, (enum roles_may)may) && !grant_may(site, by, (enum roles_may)may, area, at_ms)) return false;
    return true;
}

bool grant_covers(const struct site *site, uint32_t by, uint32_t member, int64_t at_ms)
{
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) {
        const struct site_grant *g = site_grant(site, i);
        bool over = g->ended || (g->to_ms != SITE_NEVER && g->to_ms < at_ms);
        if (g->member == member && !over && !grant_role(site, by, g->role, g->area, at_ms)) return false;
    }
    return true;
}

/* Nobody gives what he does not have: every ability of the role, in that area, now and at both ends of its time. */
static bool grant_has(const struct site *site, uint32_t by, enum kinds_role role, uint32_t area, int64_t at_ms, int64_t from_ms,
                      int64_t to_ms)
{
    if (by == SITE_NONE) return true;
    int64_t times[] = {at_ms, from_ms == SITE_NEVER ? at_ms : from_ms, to_ms == SITE_NEVER ? INT64_MAX : to_ms};
    for (size_t t = 0; t < 3; t++)
        if (!grant_may(site, by, ROLES_MEMBER_WRITE, area, times[t]) || !grant_role(site, by, role, area, times[t])) return false;
    return true;
}

static dw_err grant_check(struct id *area, const struct site *site, uint32_t by, const struct grant_new *spec, struct when at,
                          struct err_detail *detail)
{
    uint32_t top;
    ERR_TRY(walk_top(&top, site, spec->area, detail));
    if (top != SITE_NONE) *area = site_area(site, top)->id;
    if (site_find(site, SITE_MEMBER, spec->member) == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "this member");
    if (spec->to != NULL && spec->to->ms <= (spec->from == NULL ? at.ms : spec->from->ms))
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "to", "it would end before it begins");
    bool has = grant_has(site, by, spec->role, top, at.ms, spec->from == NULL ? SITE_NEVER : spec->from->ms,
                         spec->to == NULL ? SITE_NEVER : spec->to->ms);
    return has ? DW_OK : err_set(detail, DW_E_FORBIDDEN, "nobody gives more than he has");
}

dw_err grant_give(struct id *out, struct desk *desk, uint32_t by, const struct grant_new *spec, struct when at,
                  struct err_detail *detail)
{
    struct book book = {0};
    struct id area = {{0}};
    dw_err err = grant_check(&area, desk_read(desk), by, spec, at, detail);
    desk_read_end(desk);
    if (err == DW_OK) err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        *out = id_make(at.ms, NULL);
        entry_begin(&book.writer, KINDS_GRANT_SET, *out, at, NULL);
        entry_put_id(&book.writer, KINDS_GRANT_SET_MEMBER, spec->member);
        entry_put_int(&book.writer, KINDS_GRANT_SET_ROLE, spec->role);
        entry_put_id(&book.writer, KINDS_GRANT_SET_AREA, area);
        if (spec->from != NULL) entry_put_time(&book.writer, KINDS_GRANT_SET_FROM, *spec->from);
        if (spec->to != NULL) entry_put_time(&book.writer, KINDS_GRANT_SET_TO, *spec->to);
        if (spec->emergency) entry_put_int(&book.writer, KINDS_GRANT_SET_EMERGENCY, 1);
        entry_put_text(&book.writer, KINDS_GRANT_SET_REASON, spec->reason);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}

dw_err grant_end(struct desk *desk, uint32_t by, struct id grant, const char *reason, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    const struct site *site = desk_read(desk);
    uint32_t index = site_find(site, SITE_GRANT, grant);
    dw_err err = index == SITE_NONE ? err_set(detail, DW_E_NOT_FOUND, "this grant") : DW_OK;
    const struct site_grant *g = err == DW_OK ? site_grant(site, index) : NULL;
    if (g != NULL && !grant_has(site, by, g->role, g->area, at.ms, SITE_NEVER, at.ms))
        err = err_set(detail, DW_E_FORBIDDEN, "nobody takes back what he could not give");
    if (err == DW_OK && g->ended) err = err_set(detail, DW_E_STATE, "it was taken back already");
    desk_read_end(desk);
    if (err == DW_OK) err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_GRANT_END, grant, at, NULL);
        entry_put_text(&book.writer, KINDS_GRANT_END_REASON, reason);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}

dw_err grant_member(struct id *out, struct desk *desk, const char *name, const char *phone, struct when at,
                    struct err_detail *detail)
{
    struct book book = {0};
    if (name == NULL || *name == 0) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "name", "a member needs a name");
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        *out = id_make(at.ms, NULL);
        entry_begin(&book.writer, KINDS_MEMBER_SET, *out, at, NULL);
        entry_put_text(&book.writer, KINDS_MEMBER_SET_NAME, name);
        entry_put_text(&book.writer, KINDS_MEMBER_SET_PHONE, phone);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}

dw_err grant_revoke(struct desk *desk, struct id device, const char *reason, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    const struct site *site = desk_read(desk);
    uint32_t index = site_find(site, SITE_DEVICE, device);
    dw_err err = index == SITE_NONE ? err_set(detail, DW_E_NOT_FOUND, "this device") : DW_OK;
    if (err == DW_OK && site_device(site, index)->revoked) err = err_set(detail, DW_E_STATE, "it is revoked already");
    desk_read_end(desk);
    if (err == DW_OK) err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_DEVICE_REVOKE, device, at, NULL);
        entry_put_text(&book.writer, KINDS_DEVICE_REVOKE_REASON, reason);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}
