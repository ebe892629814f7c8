/* Made-up names with the frequencies of real ones: common surnames of the coast and of the inland provinces that migrants
 * come from, given names by sex and generation, compound surnames, names with a separator, and the slips of a hurried hand. */
#ifndef SIM_NAMES_H
#define SIM_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

enum { NAMES_SIZE = 64 }; /* bytes of a whole name with its terminator */

/* A surname as a static string; local chooses the table of the coast. O(table). */
const char *names_surname(struct rng *rng, bool local);
/* A given name of one or two characters. sex 'M' or 'F'; birth_year moves the share of single characters. */
void names_given(char out[NAMES_SIZE], struct rng *rng, char sex, int birth_year);
/* A whole name with the separator U+00B7. */
void names_minority(char out[NAMES_SIZE], struct rng *rng, char sex);

/* Writes name with one character in its traditional or variant form; false (out = name) when it has none. */
bool names_variant(char out[NAMES_SIZE], const char *name);
/* Writes name with one character replaced by one of the same sound; false (out = name) when the table has none. */
bool names_homophone(char out[NAMES_SIZE], const char *name, struct rng *rng);
/* What neighbours call a person: 阿 or 小 and the last character. */
void names_nickname(char out[NAMES_SIZE], const char *name, char sex);
/* Whether two written names can be one person's to a neighbour's ear: equal, one character apart, or a nickname. */
bool names_alike(const char *a, const char *b);

#endif
