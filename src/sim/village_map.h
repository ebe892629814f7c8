/* Writes the village's map: one GeoJSON layer with kind, code, name, address, use, parent and floors, in WGS 84. */
#ifndef SIM_VILLAGE_MAP_H
#define SIM_VILLAGE_MAP_H

#include "sim/world.h"

/* path ends in .geojson; written whole or not at all. */
dw_err village_map_write(const struct world *world, const char *path, struct err_detail *detail);

#endif
