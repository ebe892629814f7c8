/* Plays a round in the field: one phone a cell knocks, ticks the people it meets, registers those no list has, and asks after
 * those the lists name and nobody met. It knows what a phone knows: the register, and what is said at the door. The truth
 * folder is only written (who the people made here are), never read. */
#ifndef SIM_WORKER_H
#define SIM_WORKER_H

#include "base/clock.h"
#include "desk/desk.h"
#include "sim/phone.h"
#include "sim/rack.h"

struct worker_result {
    int64_t visits, doors_made, people_made, asked, left, moved, pairs; /* what the phones recorded */
    int64_t phones, uploads, entries, held;
    struct rack_counts racks;
};

/* to: NULL, or a folder where each phone's uploads are written as files (for `entries push`) instead of being sent.
 * dir: the village's folder; seed and people are those it was made with; round: an open round of the site. DW_E_STATE when the
 * round is closed, DW_E_CANCELLED, … What was uploaded before an error stays. O(people). */
dw_err worker_round(struct worker_result *out, struct desk *desk, const char *dir, const char *to, uint64_t seed, uint32_t people,
                    int64_t round, const struct clock_progress *progress, struct err_detail *detail);

/* The same in a bad world (fleet->rates), where nothing is sent yet: what each phone recorded stays in the fleet. The phones of
 * the morning are enrolled; those that take their place later are not. fleet: rates and rng filled in, all else zero; free it in
 * every case. */
dw_err worker_gather(struct worker_result *out, struct phone_fleet *fleet, struct desk *desk, const char *dir, uint64_t seed,
                     uint32_t people, int64_t round, const struct clock_progress *progress, struct err_detail *detail);

#endif
