/* Identity documents: read from what lists and people write, checked, masked (GB 11643-1999 and the travel documents). */
#ifndef DOMAIN_IDNO_H
#define DOMAIN_IDNO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IDNO_SIZE = 48 };

enum idno_type {
    IDNO_NONE,      /* nothing written, or words that say so (无, 没有, none) */
    IDNO_RESIDENT,  /* 18 characters; 15-digit numbers are brought to 18 */
    IDNO_RESIDENCE, /* 810000, 820000, 830000: residence permit of Hong Kong, Macao, Taiwan people */
    IDNO_HKMO,      /* 回乡证: H or M and eight digits; renewal count cut off */
    IDNO_TAIWAN,    /* 台胞证: eight digits; longer old forms cut to them */
    IDNO_PASSPORT,  /* Chinese or foreign */
    IDNO_FOREIGNER, /* permanent residence: 15 characters, or 18 digits beginning with 9 */
    IDNO_UNKNOWN,   /* of no form we know; kept as written (folded) */
    IDNO_TYPES
};

enum idno_problem {
    IDNO_OK,
    IDNO_CHECKSUM,    /* 18 characters whose check character does not fit */
    IDNO_BIRTH,       /* no such day, in the future, or before 1880 */
    IDNO_AREA,        /* area code unknown, or not in use in any year since the birth */
    IDNO_LENGTH,      /* digits, but neither 15 nor 18 of them */
    IDNO_ROUNDED,     /* ends in 000 where a spreadsheet cut it, or 3.5E+17: the number is lost */
    IDNO_NUMBER_CELL, /* stored as a number of more than 15 digits: not to be trusted */
    IDNO_FORM,        /* of no known form */
    IDNO_PROBLEMS
};

struct idno {
    enum idno_type type;
    enum idno_problem problem; /* IDNO_OK: a key. Anything else: only a likeness */
    char text[IDNO_SIZE];      /* folded: half width, upper case, no separators; "" for IDNO_NONE */
    int32_t birth;             /* yyyymmdd; 0 unknown */
    char sex;                  /* 'm', 'f', 0 unknown */
    bool mended;               /* O for 0, l for 1, x, full width, spaces, or 15 digits brought to 18 */
};

/* Reads what is written. number_cell: it was stored as a number. synthetic_site: the unassigned area 350599 is allowed.
 * today: yyyymmdd. Up to four letters that look like digits are mended, and a star for the last X, only where the result then has
 * the right checksum; otherwise the text stays as written. The one right number among words (身份证号:…) is taken. Fifteen digits
 * that may as well be a cut number of eighteen are IDNO_LENGTH; pieces of a number and birthdays are never a key of another kind.
 * Never fails: what cannot be read is IDNO_UNKNOWN with a problem. O(length). */
void idno_read(struct idno *out, const char *text, bool number_cell, bool synthetic_site, int32_t today);
/* A valid number: area of six digits, birth yyyymmdd, serial 0 to 999 (odd: male). */
void idno_make18(char out[19], const char *area6, int32_t birth, int serial);
/* The check character of 17 digits. */
char idno_check(const char *digits17);
/* For screens and lists: all but the first and the last four characters as stars. */
void idno_mask(char out[IDNO_SIZE], const char *text);
/* Static; lang 0 zh, 1 en. */
const char *idno_type_text(enum idno_type type, int lang);
const char *idno_problem_text(enum idno_problem problem, int lang);

#endif
