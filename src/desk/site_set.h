/* What is said of the site itself, put right later. */
#ifndef DESK_SITE_SET_H
#define DESK_SITE_SET_H

#include "desk/desk.h"

/* name, code: NULL leaves it as it is. DW_E_INVALID: neither is given, or one is blank or too long. */
dw_err site_set(struct desk *desk, const char *name, const char *code, struct when at, struct err_detail *detail);

#endif
