/* Two records side by side: whether they may be one person, and why. For match.c. */
#ifndef MATCH_MATCH_NEAR_H
#define MATCH_MATCH_NEAR_H

#include "match/match.h"

/* Of documents shorter than LEAST only equal ones are alike; of those shorter than SHORT only where the names are alike, too;
 * longer ones than LONGEST are equal or not alike. */
enum { MATCH_NEAR_LEAST = 6, MATCH_NEAR_SHORT = 8, MATCH_NEAR_LONGEST = 48 };

/* An enum match_why, or −1: nothing speaks for it, or something against it. Texts are never NULL. Symmetric. O(length of the
 * documents). */
int match_near_why(const struct match_record *a, const struct match_record *b);
/* Least number of changes, omissions, insertions and swaps of neighbours that turn one text into the other, none touching the
 * same place twice (optimal string alignment), or limit + 1 when it is more than limit; also limit + 1 for unequal texts longer
 * than MATCH_NEAR_LONGEST. */
int match_near_slips(const char *a, const char *b, int limit);

#endif
