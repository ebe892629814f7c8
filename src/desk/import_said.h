/* What one row of a list says of a person; for import_list.c. */
#ifndef DESK_IMPORT_SAID_H
#define DESK_IMPORT_SAID_H

#include "desk/import_rows.h"

struct import_said {
    const char *field[SITE_FIELDS]; /* by field of person.set; NULL: nothing */
    char birth[16], sex[2];
    char cut[1024];         /* of a text that was too long */
    struct when came, went; /* ms 0: not said */
};

/* Reads the row; what cannot be taken as it stands is told as a trouble. What is said and like point into the sheet, each other
 * and themselves: they live as long as the row is at hand. */
void import_said_read(struct import_said *said, struct likeness *like, struct import_rows *r, size_t row,
                      const struct import_place *place);
/* Tells, once a sheet, of the columns that no part of the register takes. */
void import_said_left_out(struct import_rows *r);
/* What each column of the first sheet is taken for, into the result. */
void import_said_columns(struct import_rows *r);

#endif
