/* Who calls, and whether he may: the session behind a cookie or a bearer token, forgeries by other sites, how often. */
#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include "http/request.h"

/* The caller's address as a key, for a limit of its own. */
void guard_address(struct request *r);
/* Signing in and the like, before anybody is known: DW_E_TOO_MANY for an address whose tries were wrong too often. Whoever is
 * right is not counted: a whole village may enrol behind one address. */
dw_err guard_stranger(struct request *r);
/* What came of a try: a wrong one is counted. */
void guard_tried(struct request *r, dw_err err);
/* Fills in r->who and checks the route's ability. What lies in an area is checked where it is found: guard_area.
 * DW_E_UNKNOWN_CALLER, DW_E_FORBIDDEN, DW_E_TOO_MANY by session. */
dw_err guard_caller(struct request *r);
/* Whether the caller may use the route's ability in an area (SITE_NONE: what has no place asks for it everywhere). The read lock
 * is held. What he may not see is DW_E_NOT_FOUND to him, so that nobody can try ids. */
dw_err guard_area(struct request *r, const struct site *site, uint32_t area);
/* The same as yes or no, for lists. */
bool guard_sees(const struct request *r, const struct site *site, uint32_t area);
/* The same for another ability than the route's. */
bool guard_may(const struct request *r, const struct site *site, enum roles_may may, uint32_t area);
/* Whether he may it in some area or other. */
bool guard_anywhere(const struct request *r, const struct site *site, enum roles_may may);
/* The caller's member; SITE_NONE. */
uint32_t guard_member(const struct request *r, const struct site *site);
void guard_free(struct request *r);
/* The cookie of a session, or the one that ends it (token NULL). */
void guard_cookie(struct request *r, const char *token);

#endif
