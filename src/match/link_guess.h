/* What the columns of any tables are, from their headers (Chinese and English) and what stands in them. */
#ifndef MATCH_LINK_GUESS_H
#define MATCH_LINK_GUESS_H

#include "match/link.h"

/* A table whose columns are not known yet: column of each may be NULL. headers[t][c] is a header, "" for none. */
struct link_guess {
    const struct link_table *tables;
    const char *const *const *headers;
    size_t count;
    const bool *const *leave; /* leave[t][c]: not to be compared (identifiers, truth); may be NULL */
};

/* Fills out[t][c] for every column. Parts of a name, and of an address, become one field; a column that another contains, that
 * holds one value only, that counts rows, or that only one of several tables has, is ignored. Looks at a thousand rows of each
 * table. DW_E_MEMORY. */
dw_err link_guess(struct link_column *const *out, const struct link_guess *guess);

/* Sets one column by words: "FIELD:TYPE", "FIELD:TYPE:PART" or "-" (ignored); PART surname, given, building, unit, floor, room.
 * False for anything else. */
bool link_guess_set(struct link_column *column, const char *said);

#endif
