/* The register as the matcher sees it: every person's normalised name, document, birth, phone and place. */
#ifndef DESK_LIKENESS_H
#define DESK_LIKENESS_H

#include "desk/site.h"
#include "domain/idno.h"
#include "domain/name.h"
#include "domain/phone.h"
#include "match/match.h"

/* Texts of one record; match_record points into it. */
struct likeness {
    char name[NAME_SIZE];
    struct idno doc;
    char phone[PHONE_SIZE];
    struct match_record record;
};

/* doc_type of a document that was stored as a number: its last digits may be wrong, so it is never a key. */
#define LIKENESS_NUMBER "number"

/* Fills record from raw texts (NULL: unknown). birth: yyyymmdd as text or "". door and building: SITE_NONE unknown. */
void likeness_make(struct likeness *out, const char *name, const char *doc, bool number_cell, const char *birth, const char *sex,
                   const char *phone, uint32_t door, uint32_t building, bool synthetic, int32_t today);
void likeness_person(struct likeness *out, const struct site *site, uint32_t person, int32_t today);
/* Whether the reason alone makes two one. */
bool likeness_certain(enum match_why why);
/* The short name under which a reason stands in the ledger. */
const char *likeness_why(enum match_why why);
/* "1990-01-02", "19900102", "1990年1月2日", "1990/1/2" -> 19900102; 0 for anything else. */
int32_t likeness_birth(const char *text);
/* 'm', 'f', 0 from 男, 女, M, female, … */
char likeness_sex(const char *text);

#endif
