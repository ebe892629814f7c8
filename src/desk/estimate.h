/* How many people are on no list yet, of people as they are at hand: gathered from the register (who came in with which kind of
 * list, who was met in which round) or from a table that somebody else reads, and reckoned by unseen/. */
#ifndef DESK_ESTIMATE_H
#define DESK_ESTIMATE_H

#include "desk/site.h"
#include "unseen/unseen.h"
#include "unseen/unseen_tally.h"

/* Zero-initialise; free in every case. Texts lie in the arena. */
struct estimate_people {
    struct arena arena;
    struct unseen_tally_row *rows;
    size_t count, cap;
    int lists, strata; /* strata: 1 when people are not told apart */
    const char *list[UNSEEN_LISTS], *stratum[UNSEEN_STRATA];
    uint32_t areas;
    const char **area, **name; /* codes, "" for people whose area nobody knows; and names */
    struct id *id;             /* of the register; null where nobody knows; NULL for a table */
    double *doors;             /* of each area, 0: unknown; NULL */
    uint32_t open_pairs;       /* of the register: pairs that may be one person and wait for somebody to look */
};

enum estimate_stratum { ESTIMATE_WHOLE, ESTIMATE_SEX, ESTIMATE_AGE }; /* age: 0 to 14, 15 to 59, 60 and more */

struct estimate_ask {
    const char *lists;       /* "household,factory+landlord,round:3"; NULL: every kind of list that anybody came in with */
    enum kinds_area_kind by; /* areas of this kind, or of the next one above where there is none */
    const char *top;         /* only under the area of this code; NULL: everywhere */
    enum estimate_stratum stratum;
    int32_t day;                            /* yyyymmdd, for ages */
    bool (*sees)(void *ctx, uint32_t area); /* only what is there, as if there were nothing else; NULL: everything */
    void *ctx;
};

/* From the register, of which nothing is borrowed: everybody who lives here, and has not left, by the last word said; caller
 * holds the read lock. DW_E_INVALID for a list that there is not, or fewer than two, or more than UNSEEN_LISTS; DW_E_NOT_FOUND
 * for the area; DW_E_MEMORY. O(people). */
dw_err estimate_gather(struct estimate_people *out, const struct site *site, const struct estimate_ask *ask,
                       struct err_detail *detail);
/* ask: how to reckon; its people are filled in, and together unless it is given. *none: people who stand on no list though
 * they are known. Errors as unseen_make. */
dw_err estimate_make(struct unseen_answer *out, struct unseen_ask *ask, uint64_t *none, struct estimate_people *people,
                     const struct clock_progress *progress, struct err_detail *detail);
void estimate_free(struct estimate_people *people);

#endif
