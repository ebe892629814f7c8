/* Where entries and subjects have their place, and what one member may see there now. Pure. */
#ifndef DESK_SCOPE_H
#define DESK_SCOPE_H

#include "desk/roles.h"
#include "desk/site.h"
#include "ledger/entry.h"

/* The area of a subject: of a door its building, of a person the building where he lives, of a need that of its door or person,
 * of a tube that of its first sample. SITE_NONE: nowhere in particular, or nobody knows. O(1) but for tubes. */
uint32_t scope_subject(const struct site *site, struct id id);
/* Where an entry says itself that it takes place (the fields that spec/kinds.json calls places). SITE_NONE when it does not say.
 */
uint32_t scope_told(const struct site *site, const struct entry *entry);
/* Where an entry takes place: as it says, else where its subject is, else where the first is whom its list names. reader: with
 * which the entry's body was read. */
uint32_t scope_entry(const struct site *site, const struct entry *entry, struct entry_reader *reader);

/* What a member may do where, worked out once for a whole answer. Free in every case. */
struct scope {
    const struct site *site;
    uint64_t everywhere, anywhere; /* bits by enum roles_may */
    uint64_t *areas;               /* of each area, by its number */
    bool *above;                   /* of each area: there is something under it that he sees */
};
/* DW_E_MEMORY. member SITE_NONE may do nothing. O(areas · depth · grants of the member). */
dw_err scope_make(struct scope *out, const struct site *site, uint32_t member, int64_t at_ms);
void scope_free(struct scope *scope);
/* area SITE_NONE asks for everywhere, as grants do. O(1). */
bool scope_may(const struct scope *scope, enum roles_may may, uint32_t area);
/* A number that is another when an area, door or household of the first so many went in or out of what he may see. O(those). */
struct scope_mark {
    uint32_t areas, doors, households;
    uint64_t sum;
};
struct scope_mark scope_mark(const struct scope *scope, uint32_t areas, uint32_t doors, uint32_t households);

#endif
