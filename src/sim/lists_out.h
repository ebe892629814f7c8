/* Writes the lists as the files a team receives: households.xlsx, factory_a.xlsx, factory_b.xlsx, landlords.csv (GB18030)
 * and samples_round0.xlsx, each with headers and a column order of its own. */
#ifndef SIM_LISTS_OUT_H
#define SIM_LISTS_OUT_H

#include "base/clock.h"
#include "sim/lists.h"

/* Into an existing folder. DW_E_CANCELLED leaves the files that were finished. */
dw_err lists_out_write(const struct lists *lists, const char *dir, const struct clock_progress *progress,
                       struct err_detail *detail);

#endif
