/* The state of a site made anew from its ledger alone. */
#ifndef DESK_REPLAY_H
#define DESK_REPLAY_H

#include "base/clock.h"
#include "desk/site.h"
#include "store/keyring.h"
#include "store/port.h"

/* Folds every entry of the ledger at its recorded verdict into a new site, leaving out what was voided or undone. Everything in
 * it is dirty, so flushing it into empty tables writes all. O(entries). */
dw_err replay_site(struct site **out, struct store *store, struct keyring *keys, struct id site,
                   const struct clock_progress *progress, struct err_detail *detail);

#endif
