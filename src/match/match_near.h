/* Two records side by side: whether they may be one person, and why. For match.c. */
#ifndef MATCH_MATCH_NEAR_H
#define MATCH_MATCH_NEAR_H

#include "match/match.h"

enum { MATCH_NEAR_DOC = 48 };

/* An enum match_why, or −1: nothing speaks for it, or something against it. Texts are never NULL. O(length of the documents). */
int match_near_why(const struct match_record *a, const struct match_record *b);
/* Least number of changes, omissions, insertions and swaps of neighbours that turn one text into the other (optimal string
 * alignment), or limit + 1 when it is more than limit. */
int match_near_slips(const char *a, const char *b, int limit);

#endif
