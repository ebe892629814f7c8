/* The clear values beside an entry's signed text, sealed: those of the person (door, member) the entry is on with his key, those
 * of an item of a list with the key of the person whom the item names. As bytes: for each key the id, four bytes of length, the
 * sealed JSON object, one after the other. */
#ifndef DESK_PARTS_H
#define DESK_PARTS_H

#include "base/arena.h"
#include "base/hash.h"
#include "store/keyring.h"
#include "store/port.h"

/* Seals a clear part (ledger/entry.h) into the arena, making keys as needed; null when there is none or all of it belongs to
 * those who are forgotten. hash: the entry's. */
dw_err parts_seal(struct store_value *out, struct keyring *keys, struct id on, const uint8_t hash[HASH_SIZE], const char *part,
                  size_t len, struct arena *arena);
/* The other way: without the values of those who are forgotten, NULL when nothing is left. DW_E_DAMAGED, DW_E_KEYS when it should
 * open and does not: to take it for forgotten would lose it for good at the next rebuild. */
dw_err parts_open(const char **part, size_t *len, const struct keyring *keys, const struct store_value *parts, int64_t seq,
                  struct arena *arena, struct err_detail *detail);
/* What is left of sealed parts without those whose keys are destroyed, in the arena (null: nothing); false when all of it stays.
 * Bytes that are none stay as they are. *failed: memory is out. */
bool parts_forget(struct store_value *out, bool *failed, const struct keyring *keys, const struct store_value *parts,
                  struct arena *arena);

#endif
