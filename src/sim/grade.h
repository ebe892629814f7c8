/* A round of the desk put before the scorer: who was named, which rows of which lists they come from, which pairs are open. */
#ifndef SIM_GRADE_H
#define SIM_GRADE_H

#include "desk/desk.h"
#include "sim/score.h"
#include "sim/settle.h"

/* settle: whom entries that wait speak of; NULL: nobody. Caller holds the read lock. dir: the village's folder. DW_E_NOT_FOUND,
 * DW_E_IO. O(people + rows). */
dw_err grade_round(struct score *out, const struct site *site, const char *dir, int64_t round, const struct settle *settle,
                   struct err_detail *detail);

#endif
