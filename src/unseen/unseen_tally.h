/* From people one by one to the counts that unseen_make asks for, and how much people of one household are listed together. */
#ifndef UNSEEN_UNSEEN_TALLY_H
#define UNSEEN_UNSEEN_TALLY_H

#include "unseen/unseen.h"

#define UNSEEN_TALLY_NONE UINT32_MAX

struct unseen_tally_row {
    uint32_t area, stratum, history, people; /* people: how many of that history the row stands for */
    uint32_t household;                      /* numbers of the caller's within the area; UNSEEN_TALLY_NONE: not known */
};

/* Writes areas × strata × 2^lists counts (zeroed by the caller). Rows of history 0 are left out: how many people those were is
 * returned. A count stays below 2³². */
uint64_t unseen_tally_counts(uint32_t *counts, const struct unseen_tally_row *rows, size_t count, int lists, int strata);
/* unseen_ask.together of these rows: 1 + κ (s̄ − 1) with s̄ the household's size as a person meets it and κ how much oftener than
 * by chance two of a household have the same history (1: always). 1 where no households are known. Sorts the rows. O(rows log
 * rows). */
double unseen_tally_together(struct unseen_tally_row *rows, size_t count, int lists);

#endif
