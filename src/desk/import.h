/* Lists and maps into the ledger: one file is one batch by a device of its own, taken whole or not at all, and undoable. */
#ifndef DESK_IMPORT_H
#define DESK_IMPORT_H

#include "base/clock.h"
#include "desk/book.h"
#include "files/layer_in.h"

enum { IMPORT_TROUBLES = 50, IMPORT_COLUMNS = 40 };

struct import_trouble {
    int64_t row;
    char sheet[64], field[32], text[160];
};

/* What a column of the list was taken for. */
struct import_column {
    int64_t column; /* from 1 */
    const char *field;
    char header[64];
    bool said; /* by who imports; else guessed from the header */
};

struct import_result {
    char batch[ID_TEXT]; /* the id to undo it by; "" in a dry run or when it was here already */
    bool already;        /* a file of the same content was imported before: nothing was done */
    int64_t rows;        /* rows of people, or features of the map */
    int64_t fresh;       /* new people; new areas */
    int64_t matched;     /* rows of people who were known */
    int64_t seen;        /* rows that an earlier file already had, word for word: skipped */
    int64_t empty;       /* rows that name nobody */
    int64_t pairs;       /* pairs to review */
    int64_t doors, households;
    int64_t placeless; /* people whose building is unknown: owed all the same, under no area */
    int64_t bad_docs;  /* documents that are no key */
    int64_t held;
    int64_t trouble_count; /* told: the first IMPORT_TROUBLES */
    struct import_trouble troubles[IMPORT_TROUBLES];
    size_t column_count; /* of the first sheet that has any */
    struct import_column columns[IMPORT_COLUMNS];
    double read_ms, work_ms, write_ms; /* reading by the file library; all else before the writer; the writer */
};

struct import_list {
    const char *path;
    enum kinds_list_kind kind;
    const char *columns;                     /* corrections of the guess, or NULL */
    const char *load_columns, *save_columns; /* files, or NULL */
    const char *building;                    /* code for rows that name no building, or NULL */
    bool dry_run;
    enum err_lang lang; /* of the troubles' texts */
    struct when at;
};

/* DW_E_FORMAT, DW_E_COLUMN, DW_E_CELL, … with file, sheet, row and column; nothing is changed then. */
dw_err import_list(struct import_result *out, struct desk *desk, const struct import_list *spec,
                   const struct clock_progress *progress, struct err_detail *detail);
/* Areas by code: known ones get the map's data anew, unknown ones are made. */
dw_err import_map(struct import_result *out, struct desk *desk, const char *path, bool dry_run, struct when at,
                  const struct clock_progress *progress, struct err_detail *detail);
/* The same of a map that is read already. */
dw_err import_map_take(struct import_result *out, struct desk *desk, const struct layer_map *map, bool dry_run, struct when at,
                       const struct clock_progress *progress, struct err_detail *detail);
/* Takes a whole batch back: everything that only it said is gone, what others said later stays. Rebuilds the state. */
dw_err import_undo(struct desk *desk, const char *batch, const char *reason, struct when at, struct err_detail *detail);

/* What came of it, as members of an object that is open; dry: it was only tried. */
void import_put(struct json_out *json, const struct import_result *r, bool dry);
/* Tells one: texts are cut at a character; those after IMPORT_TROUBLES are only counted. */
void import_trouble(struct import_result *out, int64_t row, const char *sheet, const char *field, const char *text);
/* A text as its field of the entry takes it: a longer one is cut into out, and told as a trouble. */
const char *import_fit(char *out, size_t size, struct import_result *result, enum kinds_kind kind, int field, int64_t row,
                       const char *sheet, const char *text);

/* Shared by the two: whether the content is known, which books[0] then rests on; the batch's device and its last entry. An import
 * during which another one ended is DW_E_STALE, and to be done again from import_known on: IMPORT_TRIES times. */
enum { IMPORT_TRIES = 5 };
bool import_known(struct desk *desk, struct book books[2], const uint8_t content[HASH_SIZE]);
dw_err import_begin(struct desk *desk, struct book books[2], const char *file, struct when at, struct err_detail *detail);
dw_err import_finish(struct desk *desk, struct book books[2], struct import_result *out, const char *file,
                     enum kinds_list_kind kind, const uint8_t content[HASH_SIZE], struct when at, bool dry_run,
                     struct err_detail *detail);

#endif
