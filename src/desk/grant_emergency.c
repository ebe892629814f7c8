#include <string.h>

#include "desk/book.h"
#include "desk/grant.h"
#include "desk/walk.h"

enum { GRANT_TRIES = 4 };

uint32_t grant_emergency_open(const struct site *site, uint32_t member, int64_t at_ms)
{
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) {
        const struct site_grant *g = site_grant(site, i);
        if (g->member == member && g->emergency && grant_holds(g, at_ms)) return i;
    }
    return SITE_NONE;
}

static dw_err grant_emergency_may(const struct site *site, struct id id, int64_t at_ms, struct err_detail *detail)
{
    uint32_t member = site_find(site, SITE_MEMBER, id);
    bool any = false;
    if (member == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "this member");
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT) && !any; i++) {
        const struct site_grant *g = site_grant(site, i);
        any = g->member == member && !g->emergency && grant_holds(g, at_ms);
    }
    if (!any) return err_set(detail, DW_E_FORBIDDEN, "only who has a grant opens emergency access");
    if (grant_emergency_open(site, member, at_ms) != SITE_NONE)
        return err_set(detail, DW_E_STATE, "one is open: it ends by itself, or is ended first");
    return DW_OK;
}

/* book_while: two at once do not both find none open. */
static dw_err grant_emergency_try(struct id *out, struct desk *desk, struct id member, const char *area, const char *reason,
                                  int64_t minutes, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    struct id where = {{0}};
    uint32_t top;
    const struct site *site = desk_read(desk);
    book_while(&book, site, SITE_GRANT);
    dw_err err = walk_top(&top, site, area, detail);
    if (err == DW_OK && top != SITE_NONE) where = site_area(site, top)->id;
    if (err == DW_OK) err = grant_emergency_may(site, member, at.ms, detail);
    desk_read_end(desk);
    if (err == DW_OK) err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        *out = id_make(at.ms, NULL);
        entry_begin(&book.writer, KINDS_GRANT_SET, *out, at, NULL);
        entry_put_id(&book.writer, KINDS_GRANT_SET_MEMBER, member);
        entry_put_int(&book.writer, KINDS_GRANT_SET_ROLE, KINDS_ROLE_GRID_LEADER);
        entry_put_id(&book.writer, KINDS_GRANT_SET_AREA, where);
        entry_put_time(&book.writer, KINDS_GRANT_SET_FROM, at);
        entry_put_time(&book.writer, KINDS_GRANT_SET_TO, (struct when){at.ms + minutes * 60000, at.offset});
        entry_put_int(&book.writer, KINDS_GRANT_SET_EMERGENCY, 1);
        entry_put_text(&book.writer, KINDS_GRANT_SET_REASON, reason);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}

dw_err grant_emergency(struct id *out, struct desk *desk, struct id member, const char *area, const char *reason, int64_t minutes,
                       struct when at, struct err_detail *detail)
{
    dw_err err = DW_E_STALE;
    if (reason == NULL || *reason == 0) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "reason", "an emergency has a reason");
    if (minutes < 1 || minutes > GRANT_EMERGENCY_MINUTES)
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "minutes", "1 to %d", (int)GRANT_EMERGENCY_MINUTES);
    for (int i = 0; err == DW_E_STALE && i < GRANT_TRIES; i++)
        err = grant_emergency_try(out, desk, member, area, reason, minutes, at, detail);
    return err;
}

dw_err grant_emergency_end(struct desk *desk, struct id id, struct when at, struct err_detail *detail)
{
    struct id grant = {{0}};
    const struct site *site = desk_read(desk);
    uint32_t member = site_find(site, SITE_MEMBER, id);
    uint32_t open = member == SITE_NONE ? SITE_NONE : grant_emergency_open(site, member, at.ms);
    if (open != SITE_NONE) grant = site_grant(site, open)->id;
    desk_read_end(desk);
    if (open == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "no emergency access is open");
    return grant_end(desk, SITE_NONE, grant, NULL, at, detail);
}
