/* The form desk: what a round's policy asks, and what it reckons from the answers. And visits noted by hand. */
#ifndef DESK_FORM_H
#define DESK_FORM_H

#include "desk/lab.h"
#include "desk/policy.h"

struct form_answer {
    const char *name, *value;
};

/* The subject of a form or visit: an id, or for a door the code of its card ("3-1-2·301"). DW_E_NOT_FOUND. */
dw_err form_subject(struct id *out, enum kinds_form_of *of, const struct site *site, const char *text, struct err_detail *detail);
/* DW_E_STATE when no pack has forms for this kind of round, or a field may only be said after closing; DW_E_INVALID names the
 * field that is unknown, missing or has a value it does not take. Answers given before are said again with the new ones. */
dw_err form_fill(const struct lab_by *by, const char *subject, const struct form_answer *answers, size_t count,
                 struct err_detail *detail);

struct form_measure {
    const struct policy_measure *measure;
    double value; /* NaN when there is nothing to divide by */
};
enum { FORM_MEASURES = 16 };
/* Every measure of the round's kind, of a whole round. Caller holds the read lock. O(forms). DW_E_NOT_FOUND, DW_E_STATE. */
dw_err form_measures(struct form_measure out[FORM_MEASURES], size_t *count, const struct site *site, int64_t round,
                     struct err_detail *detail);

struct form_tick {
    struct id person;
    enum kinds_state state;
};
/* A visit that a person notes by hand. DW_E_NOT_FOUND (round, door, person). */
dw_err form_visit(const struct lab_by *by, const char *door, enum kinds_outcome outcome, int64_t heads,
                  const struct form_tick *ticks, size_t count, struct err_detail *detail);

#endif
