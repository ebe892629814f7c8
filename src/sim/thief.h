/* What a thief sends with a stolen phone besides what it held: uploads that no site may take. */
#ifndef SIM_THIEF_H
#define SIM_THIEF_H

#include "sim/network.h"
#include "sim/phone.h"

enum thief_trick {
    THIEF_BROKEN, /* an entry that is no JSON, in a chain that fits and is signed */
    THIEF_FORGED, /* signed with another key */
    THIEF_FORK,   /* another entry under a number that the site has */
    THIEF_TRICKS
};

/* known: entries of the phone that the site has; 0 makes no fork (*made false). What the parcel points to lies in the arena.
 * DW_E_MEMORY. */
dw_err thief_make(struct network_parcel *out, bool *made, enum thief_trick trick, const struct phone_fleet *fleet,
                  const struct phone *phone, size_t known, struct when now, struct arena *arena);

#endif
