/* Forgetting people, and members of teams. The ledger says first who is forgotten (person.forget, member.forget), then his key is
 * destroyed; where a program died between the two, or an older key file was brought back, the next opening of the site destroys
 * it. */
#ifndef DESK_FORGET_H
#define DESK_FORGET_H

#include "desk/desk.h"

/* Everyone who stands for the same person after merges; or one member; or whom only entries name that are held or set apart. */
struct forget_people {
    struct id *ids; /* caller frees */
    size_t count;
    bool member, unknown;
};

/* who: a person or a member. DW_E_NOT_FOUND, DW_E_STATE (forgotten already). O(people). */
dw_err forget_collect(struct forget_people *out, struct desk *desk, struct id who, struct err_detail *detail);
/* Records it and destroys the keys; durable when it returns. One transaction for the entries. The reason stays readable. */
dw_err forget_do(struct desk *desk, const struct forget_people *people, const char *reason, struct when at,
                 struct err_detail *detail);

/* Destroys the keys of all whom the ledger calls forgotten and the key file does not. O(people). */
dw_err forget_finish(struct desk *desk, struct err_detail *detail);

/* The other way round: whose key is destroyed while the tables (an older backup's) still hold him sealed is recorded as
 * forgotten. *count: how many. O(people). */
dw_err forget_follow(size_t *count, struct desk *desk, struct when at, struct err_detail *detail);

#endif
