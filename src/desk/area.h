/* The area desk: the tree, and who keeps which building and enterprise. */
#ifndef DESK_AREA_H
#define DESK_AREA_H

#include "desk/desk.h"

/* What an area holds with everything under it. */
struct area_summary {
    uint32_t area;
    int depth;
    uint32_t areas, buildings, doors, people, unkept; /* unkept: buildings and enterprises without a keeper */
};

struct area_list {
    struct area_summary *items;
    size_t count;
};

/* The tree under code (NULL or "": whole), parents first, down to depth levels below it (-1: all). Caller holds the read lock.
 * DW_E_NOT_FOUND. Free with area_list_free. O(areas + doors + people). */
dw_err area_tree(struct area_list *out, const struct site *site, const char *code, int depth, struct err_detail *detail);
void area_list_free(struct area_list *list);

/* Names the keeper of a building or enterprise, who has then exactly this one: a member of that name and phone is made if there
 * is none. DW_E_NOT_FOUND, DW_E_INVALID (not a building). */
dw_err area_keep(struct desk *desk, const char *code, const char *name, const char *phone, struct when at,
                 struct err_detail *detail);

/* Gives every building and enterprise that has no keeper to one of the members named, cell by cell, at most per_keeper of
 * neighbouring ones to each. One transaction; *given: how many. */
struct area_member {
    const char *name, *phone;
};
dw_err area_keep_all(size_t *given, struct desk *desk, const struct area_member *members, size_t count, size_t per_keeper,
                     struct when at, struct err_detail *detail);

bool area_is_kept(enum kinds_area_kind kind); /* whether areas of this kind have a keeper */

#endif
