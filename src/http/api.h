/* What several handlers write or look up. The caller holds the read lock where a site is given. */
#ifndef HTTP_API_H
#define HTTP_API_H

#include "desk/policy.h"
#include "http/request.h"

void api_nothing(struct request *r);                           /* {} */
void api_made(struct request *r, struct id id, int64_t pairs); /* pairs −1: none to tell */
void api_grant(struct request *r, const struct site *site, uint32_t index);
/* A leader sees who works in his areas, and whoever has no grant yet. */
bool api_member_seen(const struct request *r, const struct site *site, uint32_t member);
/* A login or a phone acts in a member's name: nobody makes one for who may more than he does. DW_E_NOT_FOUND, DW_E_FORBIDDEN. */
dw_err api_member_covered(struct request *r, struct id member);
/* A phone was heard of (desk/pull.h): what it says in `have`, up to where it has pulled (−1: not said), how far ahead its clock
 * is. */
void api_heard(struct request *r, int64_t pulled_seq, int64_t clock_ms);
/* The subject of a path's {id}, in one of the caller's areas. DW_E_NOT_FOUND. */
dw_err api_area_of(uint32_t *out, struct request *r, const struct site *site);
dw_err api_door_of(uint32_t *out, struct request *r, const struct site *site);
dw_err api_person_of(uint32_t *out, struct request *r, const struct site *site);
/* The round of a path's {number}. */
dw_err api_round_of(uint32_t *out, struct request *r, const struct site *site);
/* The area of a query parameter that holds a code; SITE_NONE: not given. DW_E_NOT_FOUND. */
dw_err api_under(uint32_t *out, struct request *r, const struct site *site, const char *name);
/* Whether the caller (ctx, a struct request) sees what is there, for desks that ask it of each area. */
bool api_sees(void *ctx, uint32_t area);
/* The number of the path's round, for desks that take one. It takes the read lock itself, as does the next. */
dw_err api_round_number(int64_t *out, struct request *r);
/* Whether what a text means (id of a door or person, or a door card's code) lies in the caller's areas. */
dw_err api_subject_may(struct request *r, const char *text);
/* Answers with an area that is there. It takes the read lock itself. */
dw_err api_area_shown(struct request *r, struct id id);
/* Members that say where: area and code; door and door_code. SITE_NONE: null. */
void api_area_ref(struct request *r, const struct site *site, uint32_t area);
void api_door_ref(struct request *r, const struct site *site, uint32_t door);
/* A field of a form, as an element. */
void api_form_field(struct request *r, const struct policy_field *f);

#endif
