/* What people write above the columns of their lists; for columns.c. */
#ifndef FILES_COLUMNS_WORDS_H
#define FILES_COLUMNS_WORDS_H

#include "files/columns.h"

/* How well a folded header (half width, lower case, no spaces, no remarks in brackets) names a field: 2 it is a known header,
 * 1 it contains one, 0 it does not. */
int columns_words_fit(const char *header, enum columns_field field);

#endif
