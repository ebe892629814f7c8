/* Writes what is true, for the scorer alone: truth/rows.csv (file, row, truth), truth/people.csv (truth, state, lists,
 * building, name) and truth/round<n>.csv (person,<phone's person id>,<truth> and sampled,,<truth>),
 * and truth/tubes<n>.csv (label, code, tube, person, truth, written): every sample that was taken. The laboratory
 * (src/sim/laboratory.c), which has the tubes themselves, opens this one too. Nothing but src/sim/score.c opens these files for
 * reading. A person's truth number is its index in the world + 1. */
#ifndef SIM_TRUTH_H
#define SIM_TRUTH_H

#include "sim/lists.h"

struct truth; /* a round's file being written */

/* Makes dir/truth when missing. */
dw_err truth_village(const char *dir, const struct lists *lists, struct err_detail *detail);

dw_err truth_open(struct truth **out, const char *dir, unsigned round, struct err_detail *detail);
/* A phone made a person (id as text, at most 63 bytes without commas) who is truth. */
void truth_person(struct truth *round, const char *id, uint32_t truth);
void truth_sampled(struct truth *round, uint32_t truth);
/* A sample: what its tube bears, what the phone wrote, the phone's ids of tube and person, and whether it wrote him down. */
struct truth_sample {
    const char *label, *code, *tube, *person;
    uint32_t truth;
    bool written;
};
void truth_tube(struct truth *round, const struct truth_sample *sample);
/* Finishes and frees; DW_E_IO when anything could not be written. Safe with NULL. */
dw_err truth_close(struct truth *round, struct err_detail *detail);

#endif
