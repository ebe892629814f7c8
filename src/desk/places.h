/* Buildings, doors and households as lists name them: by code, by address in any of its writings, by room. */
#ifndef DESK_PLACES_H
#define DESK_PLACES_H

#include "base/arena.h"
#include "desk/site.h"

struct places_door {
    struct id id;
    uint32_t area;
    const char *key; /* room key */
};

struct places_household {
    struct id id;
    uint32_t door;
    const char *head; /* "" when the list names none */
};

/* Zero-initialise; free at the end. Doors and households added here get ids, and their entries are the caller's to write. */
struct places {
    const struct site *site;
    struct arena arena;
    struct map by_code, by_address, by_door, by_household;
    const char **address;      /* key of each area */
    struct places_door *doors; /* first the site's, by number, then new ones */
    size_t door_count, door_cap;
    struct places_household *households; /* only those of this list and the site's */
    size_t household_count, household_cap;
};

/* O(areas + doors + households). */
dw_err places_make(struct places *places, const struct site *site);
void places_free(struct places *places);

/* The building of a code (as written, case and width folded) or of an address; SITE_NONE when neither is known. O(1). */
uint32_t places_building(const struct places *places, const char *code, const char *address);
/* The door with this room key in a building (or, without one, at an address nobody knows); PLACES_NEW is set when it had to be
 * made. */
dw_err places_door(struct places *places, uint32_t *out, bool *fresh, uint32_t area, const char *key, int64_t now_ms,
                   struct rng *rng);
dw_err places_household(struct places *places, uint32_t *out, bool *fresh, uint32_t door, const char *head, int64_t now_ms,
                        struct rng *rng);

#endif
