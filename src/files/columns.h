/* Which column of a list means what: guessed from Chinese and English headers, corrected by the user, saved as JSON. */
#ifndef FILES_COLUMNS_H
#define FILES_COLUMNS_H

#include "files/sheet_in.h"

/* The fields a list can carry (HANDBOOK section 9, 网格台账 and 采样登记表, and what landlords and factories keep). */
/* clang-format off */
#define COLUMNS_FIELDS(X)                                                                          \
    X(GRID, "grid") X(GROUP, "group") X(BUILDING, "building") X(DOOR, "door") X(ROOM, "room")      \
    X(FLOOR, "floor") X(ADDRESS, "address") X(DOOR_KIND, "door_kind") X(LANDLORD, "landlord")      \
    X(LANDLORD_PHONE, "landlord_phone") X(HEAD, "head") X(NAME, "name") X(RELATION, "relation")    \
    X(DOC_TYPE, "doc_type") X(DOC, "doc") X(SEX, "sex") X(AGE, "age") X(BIRTH, "birth")            \
    X(PHONE, "phone") X(HUKOU, "hukou") X(MIGRANT, "migrant") X(EMPLOYER, "employer")              \
    X(FLAGS, "flags") X(MEDICINE, "medicine") X(HEALTH, "health") X(AT_HOME, "at_home")            \
    X(WHERE, "where") X(MOVED_IN, "moved_in") X(MOVED_OUT, "moved_out") X(TUBE, "tube")            \
    X(SAMPLED_AT, "sampled_at") X(RESULT, "result") X(NOTE, "note")
/* clang-format on */

enum columns_field {
#define COLUMNS_ENUM(id, name) COLUMNS_##id,
    COLUMNS_FIELDS(COLUMNS_ENUM)
#undef COLUMNS_ENUM
        COLUMNS_COUNT
};

struct columns {
    int header_row;                /* index of the header row in the sheet */
    int column[COLUMNS_COUNT];     /* column index, −1 when the list does not have it */
    int confidence[COLUMNS_COUNT]; /* 0 none, 1 similar words, 2 known header, 3 said by the user */
};

const char *columns_name(enum columns_field field);
/* Finds the header row among the first ten (title rows above it are skipped) and guesses every column; each column serves one
 * field. DW_E_COLUMN when no column can be the name: out is then the likeliest row, to be corrected. */
dw_err columns_guess(struct columns *out, const struct sheet *sheet, const char *file, struct err_detail *detail);
/* "name=姓名,doc=3,room=-": a field is set to a header text, a 1-based column number, or nothing. DW_E_COLUMN names what is
 * unknown. */
dw_err columns_correct(struct columns *columns, const struct sheet *sheet, const char *corrections, struct err_detail *detail);
/* As JSON keyed by header text, so that next week's file with columns in another order is read the same way. */
dw_err columns_save(const struct columns *columns, const struct sheet *sheet, const char *path, struct err_detail *detail);
dw_err columns_load(struct columns *columns, const struct sheet *sheet, const char *path, struct err_detail *detail);
/* The cell of a field in a data row, filled downwards for the fields that lists merge (grid, group, building, door, room, head,
 * landlord, address …) within the block the merge spans; "" when absent. */
const struct sheet_cell *columns_cell(const struct columns *columns, const struct sheet *sheet, size_t row,
                                      enum columns_field field);

#endif
