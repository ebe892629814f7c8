/* What each role may do (spec/roles.json). */
#ifndef DESK_ROLES_H
#define DESK_ROLES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/kinds.h"
#include "roles_gen.h"

bool roles_may(enum kinds_role role, enum roles_may may);
/* The ability that an entry kind asks of the member who made it; −1: only the office makes it. */
int roles_of_kind(enum kinds_kind kind);
/* The ability that reading an entry of a kind asks for; −1: whoever works here reads it. */
int roles_to_read(enum kinds_kind kind);
const char *roles_text(enum kinds_role role, enum err_lang lang);
const char *roles_may_name(enum roles_may may); /* "round.read" */

#endif
