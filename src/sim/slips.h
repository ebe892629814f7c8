/* The slips of people who type lists: identity numbers and names gone wrong in one way each (HANDBOOK section 2). */
#ifndef SIM_SLIPS_H
#define SIM_SLIPS_H

#include <stdint.h>

#include "base/rng.h"
#include "sim/names.h"

enum { SLIPS_DOC = 96 };

enum slips_kind {
    SLIPS_NONE,
    SLIPS_DIGIT,      /* one character is another */
    SLIPS_SWAP,       /* two neighbours changed places */
    SLIPS_LETTER_O,   /* O for 0 */
    SLIPS_LETTER_L,   /* l for 1 */
    SLIPS_LOWER_X,    /* x for X */
    SLIPS_FULL_WIDTH, /* ３５０ for 350 */
    SLIPS_ROUNDED,    /* a spreadsheet kept 15 digits */
    SLIPS_SCIENCE,    /* a spreadsheet kept six: 3.50599E+17 */
    SLIPS_MISSING,    /* left out */
    SLIPS_SOUND,      /* a character of the same sound in the name */
    SLIPS_NICKNAME,
    SLIPS_VARIANT /* traditional or variant form; the same name */
};

/* Writes doc with one slip drawn at random and says which. Documents that are not 18 long get a wrong character. */
enum slips_kind slips_doc(char out[SLIPS_DOC], struct rng *rng, const char *doc);
/* Writes name with a slip; SLIPS_NONE (out = name) when the tables have none for it. nickname: of this sex, '\0' for none. */
enum slips_kind slips_name(char out[NAMES_SIZE], struct rng *rng, const char *name, char nickname);

#endif
