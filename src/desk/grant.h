/* Grants: which member may do what, where, when; and giving and ending them. */
#ifndef DESK_GRANT_H
#define DESK_GRANT_H

#include "desk/desk.h"
#include "desk/roles.h"

enum { GRANT_EMERGENCY_MINUTES = 240 };

/* Reading: the caller holds the read lock. Whether a grant that holds at a moment gives this ability in an area. O(grants ·
 * depth). */
bool grant_may(const struct site *site, uint32_t member, enum roles_may may, uint32_t area, int64_t at_ms);
/* The same for the whole site, and for some area or other. */
bool grant_everywhere(const struct site *site, uint32_t member, enum roles_may may, int64_t at_ms);
bool grant_anywhere(const struct site *site, uint32_t member, enum roles_may may, int64_t at_ms);
/* The same for every area at once: seen[area] becomes 1 or 0, *everywhere tells of what has no place. O(grants + areas). */
void grant_areas(uint8_t *seen, bool *everywhere, const struct site *site, uint32_t member, enum roles_may may, int64_t at_ms);
/* Whether a grant holds at a moment. */
bool grant_holds(const struct site_grant *grant, int64_t at_ms);

/* Whether by may everything that a member may now or later, wherever he may: whoever acts in his name (a login, a phone) gains
 * nothing. O(grants² · abilities). */
bool grant_covers(const struct site *site, uint32_t by, uint32_t member, int64_t at_ms);

struct grant_new {
    struct id member;
    enum kinds_role role;
    const char *area; /* code; NULL: everywhere */
    const struct when *from, *to;
    bool emergency;
    const char *reason;
};
/* by: the member who gives it, SITE_NONE for the command line: nobody gives more than he has, nor beyond his own areas and dates
 * (DW_E_FORBIDDEN). DW_E_NOT_FOUND; DW_E_INVALID when it would end before it begins. */
dw_err grant_give(struct id *out, struct desk *desk, uint32_t by, const struct grant_new *spec, struct when at,
                  struct err_detail *detail);
/* Nobody takes back what he could not give: DW_E_FORBIDDEN. DW_E_NOT_FOUND, DW_E_STATE. */
dw_err grant_end(struct desk *desk, uint32_t by, struct id grant, const char *reason, struct when at, struct err_detail *detail);
/* Emergency access: whoever has any grant gives himself a grid leader's for at most GRANT_EMERGENCY_MINUTES, with a reason. It
 * lets him act and not hand on (no members, grants, logins or phones follow from it), stands in the ledger before it is good for
 * anything, and is not drawn out: while one is open there is no other (DW_E_STATE). area: a code; NULL: everywhere. DW_E_INVALID
 * (reason, minutes), DW_E_FORBIDDEN (no grant), DW_E_NOT_FOUND. */
dw_err grant_emergency(struct id *out, struct desk *desk, struct id member, const char *area, const char *reason, int64_t minutes,
                       struct when at, struct err_detail *detail);
/* Ends his own before its time. DW_E_NOT_FOUND when none is open. */
dw_err grant_emergency_end(struct desk *desk, struct id member, struct when at, struct err_detail *detail);
/* A member's open one, SITE_NONE. The caller holds the read lock. */
uint32_t grant_emergency_open(const struct site *site, uint32_t member, int64_t at_ms);

/* A new member. DW_E_INVALID without a name. */
dw_err grant_member(struct id *out, struct desk *desk, const char *name, const char *phone, struct when at,
                    struct err_detail *detail);
/* What a revoked phone still hands in is held. DW_E_NOT_FOUND, DW_E_STATE. */
dw_err grant_revoke(struct desk *desk, struct id device, const char *reason, struct when at, struct err_detail *detail);

#endif
