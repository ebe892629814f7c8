/* The list of those who were forgotten, as a small signed file that holds no secret and no name: kept apart from the backups, it
 * keeps an older backup of both data and keys from bringing anybody back.
 *
 *   {"doorward":"erased 1","site":…,"device":…,"at":"…","people":["…", …]}
 *   <signature of the line above by the site's key, base64url> */
#ifndef DESK_ERASED_H
#define DESK_ERASED_H

#include "desk/desk.h"

/* *count: how many people. The text is appended to out. */
dw_err erased_write(struct arena_buf *out, size_t *count, struct desk *desk, struct when at, struct err_detail *detail);
/* Destroys the key of everyone on the list at path in ring. DW_E_FORMAT, DW_E_SIGNATURE (not of the site whose ring this is).
 * O(people), each durable. */
dw_err erased_apply(size_t *count, struct keyring *ring, const char *path, struct err_detail *detail);

#endif
