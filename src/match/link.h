/* Record linkage over tables of any kind: which rows of one list, or of several, are about the same person or thing.
 *
 * Fellegi and Sunter's weights in bits. What a likeness is worth is told by how many records are at least as like (so a rare name
 * counts for more than a common one, at every level of likeness, never for more than the floor); how often true pairs differ is
 * learned by EM from the tables themselves. No truth, no threshold and no choice of blocks is asked for. docs/matching.md has the
 * method. Pure: tables in, answers out; the same tables, settings and seed give the same answer for any number of threads, and
 * rows, tables and forms of a character (width, traditional) in another order or writing change nothing.
 *
 * Records are numbered as they are given: those of the first table from 0, then those of the second, and so on. */
#ifndef MATCH_LINK_H
#define MATCH_LINK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

enum { LINK_TABLES = 32, LINK_FIELDS = 24, LINK_WORD = 64, LINK_LEVELS = 6 };

#define LINK_NONE UINT32_MAX

/* What stands in a column, which decides how two values may be alike. */
/* clang-format off */
#define LINK_TYPE_LIST(X)                                                                                    \
    X(IGNORE, "ignore")     /* is not compared */                                                            \
    X(NAME, "name")         /* of people, Han or Latin; parts may be swapped or missing */                   \
    X(DOC, "doc")           /* identity documents: checksum, 15 to 18 digits, slips, rounded by spreadsheets */ \
    X(PHONE, "phone")       /* one or several; slips, with or without prefix */                              \
    X(DATE, "date")         /* slips, day and month swapped, year alone */                                   \
    X(CATEGORY, "category") /* few values; like or not: sex, state */                                        \
    X(ADDRESS, "address")   /* by parts: lane, building, unit, room, or by words */                          \
    X(CODE, "code")         /* numbers and codes of any kind: door, postcode, membership */                  \
    X(TEXT, "text")         /* words in any order: employer, title */                                        \
    X(NUMBER, "number")     /* a quantity: near is like */
/* clang-format on */

enum link_type {
#define LINK_ENUM(id, name) LINK_##id,
    LINK_TYPE_LIST(LINK_ENUM)
#undef LINK_ENUM
        LINK_TYPES
};
const char *link_type_name(enum link_type type);
bool link_type_read(enum link_type *out, const char *name);

/* Which part of a field a column holds, where several columns make one field. */
enum link_part { LINK_WHOLE, LINK_SURNAME, LINK_GIVEN, LINK_BUILDING, LINK_UNIT, LINK_FLOOR, LINK_ROOM, LINK_PARTS };

struct link_column {
    char field[LINK_WORD]; /* columns with the same word, in one table or in several, are compared as one field */
    enum link_type type;
    enum link_part part;
    bool month_first; /* dates written as month, day, year */
};

/* Whether a table may hold somebody twice. Guessed: looked for in the table itself once it is known how alike pairs are. */
enum link_repeat { LINK_REPEAT_GUESS, LINK_REPEAT_NO, LINK_REPEAT_YES };

struct link_table {
    const char *name;
    size_t rows, columns;
    const char *(*cell)(const void *ctx, size_t row, size_t column); /* UTF-8, "" for nothing; called by several threads */
    const void *ctx;
    const struct link_column *column; /* columns of them */
    enum link_repeat repeat;          /* a single table always may */
};

struct link_settings {
    uint64_t seed;
    unsigned threads; /* 0: one */
    size_t memory;    /* bytes that may be used beside the tables; 0: 1 GiB. What does not fit is left out and counted */
    double
        threshold; /* bits of evidence, the rarity of matches reckoned in, from which on a pair is a match; 0: as likely as not */
    int32_t today; /* yyyymmdd, for documents that say a birth; 0: any day will do */
    const atomic_bool *cancel; /* may be NULL */
    const struct clock_progress *progress;
};

struct link;

/* Reads, learns and scores; the tables may go afterwards. DW_E_INVALID: no table, too many, no column to compare;
 * DW_E_CANCELLED; DW_E_MEMORY. *out is NULL on error. O(agreements + records log records). */
dw_err link_make(struct link **out, const struct link_table *tables, size_t count, const struct link_settings *settings,
                 struct err_detail *detail);
void link_free(struct link *link);

/* What was looked at and what was not. */
struct link_counts {
    uint64_t records, pairs;   /* all that could be compared */
    uint64_t compared;         /* compared field by field */
    uint64_t kept;             /* of these, not out of the question */
    uint64_t skipped_blocks;   /* values so common that not every pair that shares them was looked at */
    uint64_t skipped_pairs;    /* of these, counted once for each such value */
    uint64_t skipped_likeness; /* pairs of values that were not tried for likeness, for the same reason */
    double cut;                /* bits below which pairs were not kept */
    double expected;           /* matches, by the sum of their probabilities */
};
void link_counted(struct link_counts *out, const struct link *link);

/* Fields as they are compared. */
struct link_field_said {
    const char *name;
    enum link_type type;
    uint64_t filled, values;    /* records that have it, distinct tokens */
    double match[LINK_LEVELS];  /* share of matching pairs at each level, likest first; what the type lacks is near 0 */
    double chance[LINK_LEVELS]; /* of the levels that are unlike: share of other pairs; 0 for the others, which are told token by
                                   token */
    int like;                   /* levels below this one are likeness */
};
size_t link_field_count(const struct link *link);
void link_field_say(struct link_field_said *out, const struct link *link, size_t field);
/* Whether it is known what those have in common who agree on a field by chance; and how often, beyond chance, they are alike in
 * another (0 to 1). */
bool link_depend(double *share, const struct link *link, size_t field, size_t other);
/* Whether a table is taken to hold nobody twice. */
bool link_once(const struct link *link, size_t table);

struct link_pair {
    uint32_t a, b; /* records, a < b */
    float bits;    /* log2 of the odds that they are one */
    float p;       /* the probability, where a table holds nobody twice in the light of the other candidates */
};
/* Every pair that is not out of the question, likeliest first; the engine's own memory. */
const struct link_pair *link_pairs(size_t *count, const struct link *link);

/* Which pairs are links, under the rules of the tables: one to one where both hold everybody once (the best assignment as a
 * whole), to the likeliest where one does, every likely pair where none does. A pair that could as well be another is a tie: it
 * is shown as such and is no link. Pairs in the order of link_pairs. O(pairs log pairs). */
enum link_verdict { LINK_NO, LINK_YES, LINK_TIE };
struct link_choice {
    enum link_verdict *verdict; /* of every pair of link_pairs */
    uint64_t links, ties;
};
dw_err link_choose(struct link_choice *out, const struct link *link);
void link_choice_free(struct link_choice *choice);

/* Who is one: groups of records by average linkage; *cluster gets for every record the smallest record of its group. A table that
 * holds nobody twice has one record in a group at most; ties, and pairs that lost to a better one, join nobody. The caller gives
 * room for all records. O(pairs log pairs). */
dw_err link_cluster(uint32_t *cluster, const struct link *link, const struct link_choice *choice);

/* Why a pair weighs what it does: a waterfall that begins at the prior and adds up to bits. */
struct link_why_field {
    int level;   /* −1: one of them says nothing; 0 the same; from the field's like on, unlike */
    double bits; /* what it adds */
};
struct link_why {
    double prior;   /* log2 odds before anything is compared */
    double because; /* what is taken off, since those who agree on a field have so much in common without being one */
    int because_of; /* that field, −1 none */
    double bits;    /* prior and fields, less because */
    size_t count;
    struct link_why_field fields[LINK_FIELDS];
};
void link_explain(struct link_why *out, struct link *link, uint32_t a, uint32_t b);

#endif
