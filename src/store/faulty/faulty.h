/* A store that fails at a numbered point, over any other: for tests and soak runs. Until its fault strikes, and after, it keeps
 * every promise of port.h that the store inside keeps; while it fails, too, but for FAULTY_AFTER, whose transaction stays though
 * the commit tells an error (a server's answer that was lost), and for damaged values, of which nobody is told.
 *
 * Operations (begin, run, ask, commit; a run of no rows is none) are numbered from 1 in the order of the calls, as are the text
 * and bytes values that run writes, empty ones left out. A test runs its scenario unarmed to learn how many points it has, and
 * then again for each of them, armed. */
#ifndef STORE_FAULTY_FAULTY_H
#define STORE_FAULTY_FAULTY_H

#include "faults_gen.h"
#include "store/port.h"

/* Takes inner over, also when it fails (DW_E_MEMORY). Unarmed. */
dw_err faulty_wrap(struct store **out, struct store *inner, struct err_detail *detail);

/* Numbers begin at 1 again, and the fault strikes once: at the first operation (of FAULTY_CORRUPT and FAULTY_SHORT: value) with
 * the number at or above it that this way can befall (spec/faults.json). at 0: never; what was gone is back. A transaction that
 * has failed already can still only be rolled back. */
void faulty_arm(struct store *store, enum faulty_how how, uint64_t at);
/* What happens at FAULTY_DIE and FAULTY_DIE_AFTER: it should not return; if it does, the operation goes on. Without one the
 * process ends at once with status 86. */
void faulty_on_death(struct store *store, void (*die)(void *ctx), void *ctx);

/* Points passed since the store was armed, of the kind that this way counts; and the number of the one that was struck, 0: none
 * was. A sweep goes on at the struck one's number + 1: those between are the same fault. */
uint64_t faulty_count(const struct store *store, enum faulty_how how);
uint64_t faulty_struck(const struct store *store);

/* The row with the value that was damaged, as the store inside got it. Values are borrowed until the store is armed anew or
 * closed. */
struct faulty_damage {
    const struct store_sql *sql; /* NULL: nothing was damaged */
    const struct store_value *row;
    size_t columns, column;
};
struct faulty_damage faulty_damage(const struct store *store);

const char *faulty_name(enum faulty_how how); /* "die_after" */
const char *faulty_text(enum faulty_how how, enum err_lang lang);

enum { FAULTY_DEATH = 86 };

#endif
