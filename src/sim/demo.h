/* The whole first day in one call: a village, its lists, the ledger, a round, the names that are missing, the score. */
#ifndef SIM_DEMO_H
#define SIM_DEMO_H

#include "desk/import.h"
#include "desk/lab.h"
#include "desk/round.h"
#include "sim/score.h"
#include "sim/village.h"
#include "sim/worker.h"

enum { DEMO_LISTS = 5 };

struct demo_result {
    char store[4096], village[4096], papers[4096];
    char cell[32]; /* whose cards and lists are printed */
    int64_t cards;
    size_t left; /* places for a second pass there */
    enum err_lang lang;
    struct village_summary summary;
    struct import_result map, lists[DEMO_LISTS];
    size_t keepers;
    struct round_opened opened;
    struct worker_result worker;
    struct round_status status;             /* free with demo_free */
    uint32_t people, doors, pairs;          /* of the register; open review pairs */
    struct import_result results, retested; /* the laboratory's files */
    uint32_t held_members, held_homes, retests, released, transferred;
    struct lab_status lab; /* when the night is over; free with demo_free */
    struct score score;
};

/* dir gets village/, papers/ and site.db with its key files; a store that an earlier demo left there is replaced. At the end the
 * round is closed: status and score are those of before. DW_E_CANCELLED, … */
dw_err demo_run(struct demo_result *out, const char *dir, uint64_t seed, uint32_t people, enum err_lang lang,
                const struct clock_progress *progress, struct err_detail *detail);
/* Its last three steps, for demo.c. The night: results, holds, retests, releases; it begins at a moment and lasts five hours. */
dw_err demo_night(struct demo_result *r, struct desk *desk, uint64_t seed, struct when at, const struct clock_progress *progress,
                  struct err_detail *detail);
dw_err demo_print(struct demo_result *r, struct desk *desk, struct when at, const struct clock_progress *progress,
                  struct err_detail *detail);
dw_err demo_close(struct demo_result *r, struct desk *desk, struct when at, struct err_detail *detail);
void demo_free(struct demo_result *result);

/* Steps that `simulate` and tests use too: a new site for a village's folder with its map and lists imported and every building
 * kept. */
dw_err demo_prepare(struct demo_result *out, struct desk **desk, const struct clock_progress *progress,
                    struct err_detail *detail);

#endif
