/* Chinese mobile numbers. Families share them: never a key for a person. */
#ifndef DOMAIN_PHONE_H
#define DOMAIN_PHONE_H

#include <stdbool.h>

enum { PHONE_SIZE = 32 };

/* Folds full width, drops spaces, dots, dashes and +86 / 0086 / 86; true when whole runs of digits make ^1[3-9]\d{9}$. Of several
 * numbers in one text the first mobile is taken; if there is none, O and l beside digits are read as 0 and 1. Otherwise false and
 * out is the folded text, cut to size ("" for nothing). */
bool phone_read(char out[PHONE_SIZE], const char *text);
/* 138****5678 */
void phone_mask(char out[PHONE_SIZE], const char *phone);

#endif
