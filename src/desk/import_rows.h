/* The working state of one list on its way into the register; for import_list.c. */
#ifndef DESK_IMPORT_ROWS_H
#define DESK_IMPORT_ROWS_H

#include "desk/import.h"
#include "desk/likeness.h"
#include "desk/places.h"
#include "files/columns.h"

/* What the list needs to know of a person: everyone of the register, then those the list brings. */
struct import_person {
    struct id id, door_id;
    uint32_t door, area, fields; /* door: number in places; fields: bit i when field i is known */
    bool doc_valid, mine;        /* mine: this list has said where he lives */
};

struct import_place {
    struct id door_id, household_id;
    uint32_t door, area; /* number in places; building, SITE_NONE unknown */
    bool sure;           /* the row names a building that is known and a room */
};

struct import_sample {
    uint32_t person;
    int64_t at_ms;
};

struct import_rows {
    struct desk *desk;
    const struct site *site;
    const struct import_list *spec;
    struct import_result *out;
    struct book books[2]; /* the command line's, the batch's own */
    const struct sheet *sheet;
    struct columns columns;
    int32_t today;
    struct places places;
    struct match_index *index;
    struct import_person *people;
    size_t person_count, person_cap;
    struct map row_seen; /* how often the same row stood in this file so far */
    uint64_t *row_counts;
    size_t row_count, row_cap;
    struct import_sample *samples;
    size_t sample_count, sample_cap;
    bool reading;
};

dw_err import_rows_begin(struct import_rows *r, struct err_detail *detail);
void import_rows_end(struct import_rows *r); /* gives the read lock back */
void import_rows_free(struct import_rows *r);

const struct sheet_cell *import_rows_cell(const struct import_rows *r, size_t row, enum columns_field field);
const char *import_rows_text(const struct import_rows *r, size_t row, enum columns_field field); /* never NULL */
/* field COLUMNS_COUNT: of no one column. */
void import_rows_trouble(struct import_rows *r, size_t row, enum columns_field field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The one of the language in which troubles are told. */
const char *import_rows_say(const struct import_rows *r, const char *zh, const char *en) __attribute__((format_arg(2)))
__attribute__((format_arg(3)));

/* Keyed hash of what the row says, and how often it was said before in this file: the same row in another file has the same. */
dw_err import_rows_seen(struct import_rows *r, size_t row, uint8_t seen[16]);
bool import_rows_is_seen(const struct import_rows *r, const uint8_t seen[16]);
/* The row's door and household, made (with their entries) when nobody knows them. */
dw_err import_rows_place(struct import_rows *r, size_t row, struct import_place *out);
/* A new person's number. */
dw_err import_rows_person(struct import_rows *r, uint32_t *out);
void import_rows_said(struct import_rows *r, uint32_t person, const char *const *fields, const struct likeness *like,
                      const struct import_place *place);
/* A row of a list of samples: the person was covered in that round. import_rows_round writes the round at the end. */
dw_err import_rows_sampled(struct import_rows *r, size_t row, uint32_t person);
dw_err import_rows_round(struct import_rows *r);

#endif
