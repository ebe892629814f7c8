/* Writes the village's map: one GeoJSON layer with kind, code, name, address, use, parent and floors, in WGS 84. */
#ifndef SIM_VILLAGE_MAP_H
#define SIM_VILLAGE_MAP_H

#include "sim/world.h"

/* Longitude and latitude of a point of the lattice (columns east, rows south; fractions allowed). The lattice is bent a
 * little, one to one, so lanes curve and lots differ while neighbours still share their corners exactly. */
void village_map_point(double *lon, double *lat, const struct world *world, double col, double row);

/* path ends in .geojson; written whole or not at all. */
dw_err village_map_write(const struct world *world, const char *path, struct err_detail *detail);

#endif
