/* The records of a bundle or a page: what is known now of an area, a door, a person, … as one JSON object each, for whoever may
 * see it. For the files of pull*.c only; the caller holds the read lock. */
#ifndef DESK_PULL_RECORD_H
#define DESK_PULL_RECORD_H

#include "base/json.h"
#include "desk/scope.h"

struct pull_out {
    struct json_out *json;
    const struct scope *scope;
    uint32_t member; /* who asks; SITE_NONE */
    bool lines;      /* a line end behind each record */
    bool empty;      /* says also that there is nothing to say any more: an entry was taken back */
    size_t people;
    struct arena_buf pinyin; /* of the name at hand; to be freed by who made this */
};

void pull_record_site(struct pull_out *out);
void pull_record_area(struct pull_out *out, uint32_t area);
/* Whether a member is one whom the caller works with: he keeps an area or has a grant in what the caller sees. */
bool pull_record_knows(const struct scope *scope, uint32_t member);
void pull_record_member(struct pull_out *out, uint32_t member);
void pull_record_grant(struct pull_out *out, uint32_t grant);
void pull_record_door(struct pull_out *out, uint32_t door);
void pull_record_household(struct pull_out *out, uint32_t household);
/* Whether he is to be seen: he lives where the caller may read, by the last word or as an open round meets him. Who was merged
 * away is not seen, nor his mark: who stands for him carries both. */
bool pull_record_sees(const struct pull_out *out, uint32_t person);
void pull_record_person(struct pull_out *out, uint32_t person);
void pull_record_round(struct pull_out *out, uint32_t round);                 /* with its form */
void pull_record_mark(struct pull_out *out, uint32_t round, uint32_t person); /* nothing when nothing was ever said */
void pull_record_visit(struct pull_out *out, uint32_t round, uint32_t door);  /* the same */
void pull_record_form(struct pull_out *out, uint32_t round, enum kinds_form_of of, uint32_t subject); /* the same */
void pull_record_need(struct pull_out *out, uint32_t need);
/* What was done last about a refusal of a door or person, who stands for others too; nothing when nothing was done.
 * O(follow-ups).
 */
void pull_record_follow(struct pull_out *out, enum kinds_form_of of, uint32_t subject);
void pull_record_follow_at(struct pull_out *out, uint32_t follow); /* the last of its door or person, which the caller knows */
/* Not, or no longer, his to see. into: who stands for him now; a null id: nobody. */
void pull_record_gone(struct pull_out *out, struct id id, struct id into);
/* A subject that an entry touched, whatever it is: its records, or that it is gone. taken: the entry may have taken it out of the
 * register. */
void pull_record_touched(struct pull_out *out, struct id id, bool taken);
/* Everybody on a round's roster that was just opened. */
void pull_record_roster(struct pull_out *out, uint32_t round);

#endif
