/* Who is owed, covered and missing in one round: bitsets over dense ordinals, with counts kept for every area node.
 *
 * People are ordinals 0 … people-1. Areas are numbered in preorder (a parent before its children, a subtree contiguous),
 * parent[root] = COVER_NONE, several roots allowed. Of the first three sets a person counts in the first that holds him:
 *   roster, found, arrived   who is expected, and through what
 *   done                     covered in this round
 *   excused                  left, died, merged, exempt; does not count once done
 * At every moment, for every area:  roster = covered of roster + missing of roster + excused of roster, and
 *   owed = roster − excused + found + arrived = covered + missing      (found and arrived without the excused among them). */
#ifndef COVER_COVER_H
#define COVER_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define COVER_NONE UINT32_MAX

enum cover_set { COVER_ROSTER, COVER_FOUND, COVER_ARRIVED, COVER_DONE, COVER_EXCUSED, COVER_SETS };

struct cover_counts {
    uint32_t roster, excused, found, arrived, owed, covered, missing;
};

struct cover;

/* Empty sets over an area tree (copied). DW_E_INVALID if the numbering is no preorder. O(areas). */
dw_err cover_make(struct cover **out, const uint32_t *parent, uint32_t areas, struct err_detail *detail);
void cover_free(struct cover *cover);

/* Makes room for ordinals below people (never shrinks); new people stand in no set and in no area. Amortised O(1) each. */
dw_err cover_grow(struct cover *cover, uint32_t people);
uint32_t cover_people(const struct cover *cover);
uint32_t cover_areas(const struct cover *cover);

/* Puts a person under an area (COVER_NONE: under none, counted nowhere). Moves his counts. O(depth). */
void cover_place(struct cover *cover, uint32_t person, uint32_t area);
uint32_t cover_area(const struct cover *cover, uint32_t person);
/* Sets or clears one bit and updates the counts of the area and its ancestors. True if the bit changed. O(depth). */
bool cover_put(struct cover *cover, enum cover_set set, uint32_t person, bool on);
bool cover_has(const struct cover *cover, enum cover_set set, uint32_t person);
/* Expected (roster, found or arrived), neither done nor excused. */
bool cover_is_missing(const struct cover *cover, uint32_t person);
bool cover_is_owed(const struct cover *cover, uint32_t person);

/* Counts of an area with everything under it; COVER_NONE: of everybody, placed or not. O(1). */
struct cover_counts cover_count(const struct cover *cover, uint32_t area);

/* What one person adds to them. */
struct cover_counts cover_one(const struct cover *cover, uint32_t person);

/* Missing people under area (COVER_NONE: all), ascending, from *cursor on (start with 0); writes at most cap of them and
 * moves *cursor; returns how many. O(people / 64 + written). */
size_t cover_missing(const struct cover *cover, uint32_t area, uint32_t *out, size_t cap, uint32_t *cursor);

/* People of a's done set that stand in no other's done set: with a this round and others the earlier ones, the recovered.
 * Both are taken over the ordinals they have. Adds the ones under area to *out (NULL: count only). O(people / 64 · others). */
size_t cover_recovered(const struct cover *a, const struct cover *const *others, size_t count, uint32_t area, uint32_t *out,
                       size_t cap);

/* The words of a set for storing: bit i of word i/64. *words is the number of words. Valid until the next grow. */
const uint64_t *cover_words(const struct cover *cover, enum cover_set set, size_t *words);

/* Recounts from the bits and compares with the kept counts, and checks both identities for every area.
 * DW_E_IDENTITY with the area and the numbers. O(people + areas). */
dw_err cover_check(const struct cover *cover, struct err_detail *detail);

/* Bytes held. */
size_t cover_memory(const struct cover *cover);

#endif
