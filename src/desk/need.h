/* The need desk: what people behind doors need and problems found there, from being raised to being closed. */
#ifndef DESK_NEED_H
#define DESK_NEED_H

#include "desk/lab.h"

struct need_new {
    const char *subject; /* id of a door or person, or a door card's code */
    enum kinds_need_kind what;
    bool urgent;
    const char *note; /* NULL: none */
};
/* *out: its id. DW_E_NOT_FOUND. */
dw_err need_raise(struct id *out, const struct lab_by *by, const struct need_new *spec, struct err_detail *detail);
/* DW_E_NOT_FOUND; DW_E_STATE when it is closed. */
dw_err need_close(const struct lab_by *by, struct id need, const char *reason, struct err_detail *detail);

/* Reading: the caller holds the read lock. The area of its door, or where its person lives; SITE_NONE. */
uint32_t need_area(const struct site *site, const struct site_need *need);
/* Its door: of a person that behind which he lives; and its person, who stands for whom was merged into him. SITE_NONE each. */
uint32_t need_door(const struct site *site, const struct site_need *need);
uint32_t need_person(const struct site *site, const struct site_need *need);
/* The member whose phone raised it; SITE_NONE: the office. */
uint32_t need_member(const struct site *site, const struct site_need *need);

struct need_list {
    uint32_t *items; /* open and urgent ones first, then open ones, then closed ones; of each the latest first */
    size_t count;
};
/* Of an area (code; NULL: everywhere), of a kind (−1: any), open or closed (1, 0; −1: both). DW_E_NOT_FOUND. Free with
 * need_list_free in every case. O(needs · (depth + log needs)). */
dw_err need_list(struct need_list *out, const struct site *site, const char *code, int what, int open, struct err_detail *detail);
void need_list_free(struct need_list *list);

#endif
