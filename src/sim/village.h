/* The synthetic village on disk: map.geojson, the lists, and truth/ for the scorer. */
#ifndef SIM_VILLAGE_H
#define SIM_VILLAGE_H

#include "base/clock.h"
#include "sim/world.h"

struct village_summary {
    uint32_t people, persons, buildings, factories, doors, grids, cells;
    uint32_t rows[5]; /* by enum lists_file */
    uint32_t unlisted, never_sampled, departed, arrived, duplicates, doc_slips, name_slips, wrong_rooms;
};

/* Makes dir when missing and writes everything into it, replacing what stands there. The same seed and people give the
 * same content. out may be NULL. */
dw_err village_write(struct village_summary *out, const char *dir, uint64_t seed, uint32_t people,
                     const struct clock_progress *progress, struct err_detail *detail);

#endif
