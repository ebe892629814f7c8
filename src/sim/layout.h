/* Lays a village out on a lattice of lots: lanes and streets, barriers, gates, buildings, grids and contiguous cells. */
#ifndef SIM_LAYOUT_H
#define SIM_LAYOUT_H

#include "sim/world.h"

/* Fills everything of the world but landlords, doors, households and persons. O(lots log lots). */
dw_err layout_make(struct world *world, struct err_detail *detail);

#endif
