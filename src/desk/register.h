/* The register desk: looking people up, saying that two are one, deciding review pairs and held entries. */
#ifndef DESK_REGISTER_H
#define DESK_REGISTER_H

#include "desk/desk.h"

/* Everyone (who stands for himself) whose name, pinyin, pinyin initials, phone or last four of the document fit text; at most
 * cap, in order of person number; returns how many fit in all. Caller holds the read lock. O(people). */
size_t register_find(uint32_t *out, size_t cap, const struct site *site, const char *text);

/* What stands at a person, for people: "4-2-5 东明巷12号 3楼301"; round: where it meets him, NULL: by the last word. */
void register_place_text(char *out, size_t size, const struct site *site, const struct site_round *round, uint32_t person);
/* The special groups of a person as one text. all: also those of the mind, which are shown only to who may see everything; true
 * when something was left out. */
enum { REGISTER_FLAGS = 512 };
bool register_flags(char out[REGISTER_FLAGS], const struct site *site, uint32_t person, bool all);
/* A field or "". */
const char *register_field(const struct site *site, uint32_t person, int field);

/* Two persons are one: keep stands for both from now on; and undone. DW_E_NOT_FOUND, DW_E_STATE. */
dw_err register_merge(struct desk *desk, struct id keep, struct id gone, const char *reason, struct when at,
                      struct err_detail *detail);
dw_err register_unmerge(struct desk *desk, struct id keep, struct id gone, const char *reason, struct when at,
                        struct err_detail *detail);
/* A review pair: the same (they are merged, a is kept) or different people. One transaction. */
dw_err register_decide(struct desk *desk, struct id a, struct id b, bool same, struct when at, struct err_detail *detail);
/* A held entry, by its sequence number: accepted or declared void. DW_E_NOT_FOUND, DW_E_STATE (nobody can accept it). */
dw_err register_decide_held(struct desk *desk, int64_t seq, bool accept, struct when at, struct err_detail *detail);

/* Records that personal values were shown in full: what was asked, why, and of how many people. */
dw_err register_look(struct desk *desk, const char *what, const char *reason, size_t people, struct when at,
                     struct err_detail *detail);

/* A pair is open when nobody decided it and the two still stand for different people. */
bool register_pair_open(const struct site *site, uint32_t pair);

#endif
