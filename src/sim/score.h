/* Compares what a round named as missing with what is true. The only reader of a village's truth/ folder.
 * Owed: living in the village at the freeze, present or away for the while, not sampled in the round. */
#ifndef SIM_SCORE_H
#define SIM_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

enum { SCORE_EXAMPLES = 20, SCORE_TEXT = 160 };

struct score_ref {
    const char *file; /* name of a list; folders before it do not matter */
    uint32_t row;     /* 1-based row in the file, as struct sheet's source_row */
};

/* One person of the register as it stands after merges. */
struct score_person {
    const char *id; /* as the round's truth file has it for people made by phones; NULL or "" for others */
    const struct score_ref *rows;
    size_t row_count;
    const char *const *more_ids; /* ids of phone-made people merged into this one */
    size_t more_id_count;
    const struct id *tubes; /* where a sample of theirs stands */
    size_t tube_count;
    bool named; /* on the missing list */
    bool held;  /* an entry that waits for a decision speaks of them */
    bool asked; /* a question of the laboratory's desk names them */
};

struct score_pair { /* an unresolved review pair: indexes of persons */
    uint32_t a, b;
};

struct score_input {
    const char *dir; /* the village's folder, which holds truth/ */
    unsigned round;
    const struct score_person *persons;
    size_t person_count;
    const struct score_pair *pairs;
    size_t pair_count;
    const struct id *held; /* people whom waiting entries name and the register does not have */
    size_t held_count;
};

struct score {
    uint32_t missing_not_named; /* owed, on some list, unsampled, but nobody of theirs is named, in a review pair or held */
    uint32_t wrongly_named;     /* named, but sampled, or departed, or nobody at all */
    uint32_t wrongly_named_explained_by_review;      /* those in an unresolved pair with a register person of the same truth */
    uint32_t wrongly_named_explained_by_held;        /* of the others, those whom a waiting entry speaks of */
    uint32_t owed, sampled, on_lists, rightly_named; /* for reading the others */
    uint32_t unlisted_missing;                       /* owed and unsampled people on no list at all: nobody could know */
    uint32_t unknown_rows;                           /* references to rows that truth does not have */
    /* Samples that were taken: all; those that stand in their tube; of the others, whose person the desk asks about; of the rest,
     * of whom an entry that waits speaks; a second one that nobody wrote down, of somebody whose first stands; the rest is lost.
     */
    uint32_t samples, samples_standing, samples_asked, samples_held, samples_spare, samples_lost;
    char not_named[SCORE_EXAMPLES][SCORE_TEXT]; /* "truth 17 present 3-7-12 王伟" */
    char wrong[SCORE_EXAMPLES][SCORE_TEXT];     /* "person 5 truth 17 sampled 3-7-12 王伟" */
    char lost[SCORE_EXAMPLES][SCORE_TEXT];      /* "label 10000017 truth 17 present 3-7-12 王伟" */
    size_t not_named_examples, wrong_examples;  /* wrong: only those not explained by review */
    size_t lost_examples;
};

/* DW_E_IO when truth cannot be read, DW_E_FORMAT with file and row when it is damaged, DW_E_INVALID for a pair out of range.
 * O(rows + persons + pairs × the rows of two
 * persons). */
dw_err score_run(struct score *out, const struct score_input *input, struct err_detail *detail);

#endif
