/* Registering by hand, on the way through the houses: a door, a household, a person; and where somebody lives from now on. */
#ifndef DESK_REGISTER_ADD_H
#define DESK_REGISTER_ADD_H

#include "desk/lab.h"

struct register_door {
    const char *building; /* its code or address */
    enum kinds_door_kind kind;
    const char *unit, *floor, *room, *name; /* NULL: none */
};
/* DW_E_NOT_FOUND (the building), DW_E_EXISTS when the building has a door of this unit, floor and room (also written otherwise);
 * out is that door's id then. */
dw_err register_add_door(struct id *out, const struct lab_by *by, const struct register_door *spec, struct err_detail *detail);
/* door: id or card code. DW_E_NOT_FOUND. */
dw_err register_add_household(struct id *out, const struct lab_by *by, const char *door, enum kinds_household_kind kind,
                              struct err_detail *detail);

struct register_new {
    const char *door;                /* id or card code; NULL: nobody knows where */
    const struct id *household;      /* NULL: not said */
    const char *fields[SITE_FIELDS]; /* NULL: not said */
    enum kinds_how how;              /* found or arrived in the round by->round; none: in no round */
    bool even_so;                    /* though somebody like him is known, or his document looks wrong */
};
struct register_added {
    struct id person;
    size_t pairs; /* people he may be: they stand on the review list now */
};
/* Nobody is registered twice: DW_E_EXISTS with the known person in out->person when one is the same for certain, unless even_so,
 * which makes them a pair to review. DW_E_NOT_FOUND; DW_E_INVALID names a field: no name and no document, a document whose
 * form or check character is wrong, a birth or phone that cannot be read. O(people). */
dw_err register_add_person(struct register_added *out, const struct lab_by *by, const struct register_new *spec,
                           struct err_detail *detail);
/* He lives behind this door from by->at on; or nowhere here any more. DW_E_NOT_FOUND, DW_E_STATE. */
dw_err register_move(const struct lab_by *by, struct id person, const char *door, struct err_detail *detail);
dw_err register_leave(const struct lab_by *by, struct id person, enum kinds_leave why, struct err_detail *detail);

#endif
