/* The way of someone who goes from door to door: areas as the tree has them, then unit, floor from below, room, household. */
#ifndef DESK_WALK_H
#define DESK_WALK_H

#include "desk/site.h"

struct walk_step {
    uint32_t area; /* its order in the tree; COVER_NONE: nobody knows where */
    uint32_t door, household, person;
    int floor;
    const char *unit, *room;
};

/* The step to a door (SITE_NONE: to the area itself) where area is; household and person are the caller's. Texts lie in the
 * arena. False when memory is out. O(1). */
bool walk_step(struct walk_step *out, const struct site *site, uint32_t area, uint32_t door, struct arena *arena);
/* For qsort. Doors that are not known and what is under no area come last. */
int walk_compare(const void *left, const void *right);
/* What stands on a door: "2-3-301" of unit 2, "301" where the room tells its floor already; "" when nothing does. */
void walk_door_text(char *out, size_t size, const struct site_door *door);
/* Puts items of a size into walking order; where: an item's area, door, household and person (SITE_NONE each when it has none).
 * DW_E_MEMORY leaves them as they are. O(count log count). */
dw_err walk_sort(void *items, size_t count, size_t size, const struct site *site, struct walk_step (*where)(const void *item));
/* The area of a code; SITE_NONE, which stands for everywhere, for NULL and "". DW_E_NOT_FOUND. */
dw_err walk_top(uint32_t *out, const struct site *site, const char *code, struct err_detail *detail);
/* Whether an area is top or lies under it; everything lies under SITE_NONE. O(depth). */
bool walk_under(const struct site *site, uint32_t area, uint32_t top);

#endif
