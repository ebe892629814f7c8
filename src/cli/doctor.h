/* What is wrong with a set-up and how to mend it: checks that only look. One file a few checks: doctor_*.c. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/cmd.h"

enum doctor_state { DOCTOR_GOOD, DOCTOR_NOTE, DOCTOR_WARN, DOCTOR_WRONG, DOCTOR_STATES };

struct doctor {
    struct cli *cli;
    struct out_rows rows;
    struct desk *desk; /* NULL: the store cannot be opened */
    int64_t states[DOCTOR_STATES];
};

/* A finding: what was looked at, what was found, and what to do (NULL or "": nothing). The texts are copied. */
void doctor_say(struct doctor *d, const char *check, enum doctor_state state, const char *fix, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The same for an error. */
void doctor_error(struct doctor *d, const char *check, const char *file, dw_err err);
/* A file that must be there and readable by nobody but its owner. False when something is wrong, which was told. */
bool doctor_private(struct doctor *d, const char *check, const char *path, dw_err missing);

void doctor_settings(struct doctor *d);
void doctor_store(struct doctor *d, bool deep);
void doctor_machine(struct doctor *d);
void doctor_server(struct doctor *d);
void doctor_backups(struct doctor *d);

#endif
