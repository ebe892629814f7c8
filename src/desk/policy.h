/* The packs of policy/: what a round of each kind asks at a door or of a person, and what is reckoned from it. Data, not code: a
 * new campaign of a known kind of round is a file there. */
#ifndef DESK_POLICY_H
#define DESK_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger/kinds.h"

enum policy_type { POLICY_TEXT, POLICY_INT, POLICY_CHOICE };
enum policy_of { POLICY_DOOR, POLICY_PERSON };

struct policy_field {
    const char *name; /* NULL ends the list */
    enum policy_type type;
    enum policy_of of;
    bool required;
    bool after_close;           /* may not be said while the round is open (no early return) */
    const char *const *choices; /* ended by NULL */
    const char *title[2];       /* by enum err_lang */
};

enum policy_op { POLICY_ONE, POLICY_FORMS, POLICY_SUM, POLICY_COUNT };
struct policy_term {
    enum policy_op op;
    const char *name, *value; /* FORMS: "door" or "person"; SUM, COUNT: a field; COUNT with "" counts numbers above 0 */
};
struct policy_measure {
    const char *name; /* NULL ends the list */
    const char *title[2];
    struct policy_term top, under;
    int times; /* top / under * times */
};

struct policy_round {
    const char *pack;
    const char *title[2];
    int capacities[8]; /* of tubes; 0 ends the list */
    int capacity, transport_hours, result_hours, retests;
    int hours; /* from the freeze until it is to be done; 0: not said */
    const struct policy_field *fields;
    const struct policy_measure *measures;
};

/* NULL when no pack describes this kind. */
const struct policy_round *policy_round(enum kinds_round_kind kind);
const struct policy_field *policy_field(const struct policy_round *round, const char *name, size_t len);
/* Whether a value is one the field takes; a number is a whole one from 0 to a million. */
bool policy_takes(const struct policy_field *field, const char *value);
bool policy_capacity(const struct policy_round *round, int64_t capacity);

#endif
