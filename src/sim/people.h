/* Fills the buildings of a village with doors, households and persons by HANDBOOK section 12. */
#ifndef SIM_PEOPLE_H
#define SIM_PEOPLE_H

#include "sim/world.h"

/* After layout_make. Exactly world->people persons PRESENT or AWAY, and some DEPARTED and ARRIVED. O(people). */
dw_err people_make(struct world *world, struct err_detail *detail);

#endif
