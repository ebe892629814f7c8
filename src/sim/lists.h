/* The lists a real team is given, made from the real world with the errors of HANDBOOK section 12: the village's household
 * list, two factories' dormitory lists, the landlords' list, and the sample list of an old round.
 * "Unlisted" people (5 in a hundred) are on none of the first four; the old round's list knows most of them all the same,
 * for it leaves out only about 1.3 in a hundred of the village's people, more than half of those unlisted. A person's identity is
 * damaged (number or name) in at most one row, so that some other row, or the person at the door, can explain it. */
#ifndef SIM_LISTS_H
#define SIM_LISTS_H

#include "sim/slips.h"
#include "sim/world.h"

enum lists_file { LISTS_HOUSEHOLDS, LISTS_FACTORY_A, LISTS_FACTORY_B, LISTS_LANDLORDS, LISTS_SAMPLES, LISTS_FILES };

struct lists_row {
    uint32_t person, building;      /* who it is in truth; the building the list gives */
    const char *name, *doc, *phone; /* as written; "" when left out */
    const char *room;               /* "301", or "" when missing; of another door when wrong_room */
    uint8_t floor;
    uint8_t slip; /* enum slips_kind of the document or the name */
    bool code;    /* the building's code is given, not its address alone */
    bool duplicate, wrong_room;
};

struct lists_table {
    struct lists_row *rows;
    size_t count, cap;
};

struct lists {
    struct arena arena;
    const struct world *world;
    struct lists_table tables[LISTS_FILES]; /* in the order of the file */
    uint8_t *on;                            /* a person: bit 1 << enum lists_file for each list it is on */
    uint8_t *damaged;
};

/* The world must outlive the lists. Zero-initialise; free in every case. O(people log people). */
dw_err lists_make(struct lists *lists, const struct world *world);
void lists_free(struct lists *lists);
const char *lists_file_name(enum lists_file file);
uint32_t lists_first_row(enum lists_file file); /* row number, from 1, of the first row of data in the file */

#endif
