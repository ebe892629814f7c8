/* The papers of the register and of a round: what hangs in a staircase, what lies on a sampling desk, what is handed over when a
 * round ends. Personal values are masked as spec/papers.json says, unless revealed: then the look is recorded first
 * (register_look). */
#ifndef DESK_PAPER_H
#define DESK_PAPER_H

#include "base/when.h"
#include "desk/paper_spec.h"
#include "desk/site.h"

enum paper_per { PAPER_PER_BUILDING, PAPER_PER_CELL, PAPER_PER_GRID };

struct paper_ask {
    const char *path;
    int64_t round;    /* 0: the latest; not read for the ledger */
    const char *area; /* code; NULL or "": everywhere */
    enum err_lang lang;
    bool reveal;
    struct when at; /* the time of making */
};

/* Who stands on a paper, in walking order: areas as the tree has them, then unit, floor from below, room, household. */
struct paper_people {
    enum paper_kind kind;
    uint32_t round; /* SITE_NONE for the ledger */
    uint32_t area;  /* what was asked for; SITE_NONE: everywhere */
    uint32_t *people;
    size_t count;
};

/* PAPER_STAIRS: who is missing; PAPER_ROUND: who is owed; PAPER_LEDGER: who lives here, those of unknown place too;
 * PAPER_CLOSING: who is owed or excused. DW_E_NOT_FOUND. Free with paper_people_free in every case. Caller holds the read lock
 * here and below. O(people log people). */
dw_err paper_people(struct paper_people *out, const struct site *site, enum paper_kind kind, const struct paper_ask *ask,
                    struct err_detail *detail);
void paper_people_free(struct paper_people *people);
/* Its round, NULL for the ledger. */
const struct site_round *paper_people_round(const struct site *site, const struct paper_people *people);
/* The area in which a person is counted (for the ledger: lives); SITE_NONE. O(1). */
uint32_t paper_area(const struct site *site, const struct paper_people *people, uint32_t person);
/* The nearest area of a kind at or above one; SITE_NONE. */
uint32_t paper_above(const struct site *site, uint32_t area, enum kinds_area_kind kind);

/* The missing list of each building, cell or grid on pages of its own, large, as a PDF. */
dw_err paper_stairs(const struct site *site, const struct paper_ask *ask, const struct paper_people *people, enum paper_per per,
                    struct err_detail *detail);
/* What is left for a second pass, a page each of the same: its doors in walking order, why, how often they were tried, and room
 * to write what came of it. No names. */
dw_err paper_left(size_t *doors, const struct site *site, const struct paper_ask *ask, enum paper_per per,
                  struct err_detail *detail);
/* 采样登记表 of a round, and 网格台账: workbooks. Columns for what the register does not keep stay empty. */
dw_err paper_round(const struct site *site, const struct paper_ask *ask, const struct paper_people *people,
                   struct err_detail *detail);
dw_err paper_ledger(const struct site *site, const struct paper_ask *ask, const struct paper_people *people,
                    struct err_detail *detail);
/* The closing list of a round: totals by area, where both identities can be read, then every person. DW_E_IDENTITY when people
 * and counts differ. */
dw_err paper_closing(const struct site *site, const struct paper_ask *ask, const struct paper_people *people,
                     struct err_detail *detail);

#endif
