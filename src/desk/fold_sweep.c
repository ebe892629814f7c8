/* Who was met in the street, and what was done about refusals: every statement is kept, what holds is reckoned when asked. */
#include "desk/fold.h"

const char *fold_said(struct fold *fold, int field, bool forgotten, bool *failed)
{
    const struct entry_value *value = &fold->entry->values[field];
    if (!value->present || value->erased || forgotten) return NULL;
    const char *text = site_text(fold->site, value->text);
    *failed |= text == NULL;
    return text;
}

enum kinds_held_reason fold_judge_street_meet(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    bool known = fold_knows(fold, SITE_PERSON, fold->entry->on) &&
                 (!v[KINDS_STREET_MEET_AREA].present || fold_knows(fold, SITE_AREA, v[KINDS_STREET_MEET_AREA].id)) &&
                 (!v[KINDS_STREET_MEET_DOOR].present || fold_knows(fold, SITE_DOOR, v[KINDS_STREET_MEET_DOOR].id));
    return known ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_street_meet(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t person = site_find(site, SITE_PERSON, fold->entry->on), index = site_add(site, SITE_MEETING);
    bool failed = index == SITE_NONE, forgotten = site_person(site, person)->forgotten;
    if (failed) return DW_E_MEMORY;
    *site_meeting(site, index) = (struct site_meeting){.person = person,
                                                       .area = fold_ref(fold, SITE_AREA, KINDS_STREET_MEET_AREA),
                                                       .door = fold_ref(fold, SITE_DOOR, KINDS_STREET_MEET_DOOR),
                                                       .outcome = (enum kinds_met_outcome)v[KINDS_STREET_MEET_OUTCOME].n,
                                                       .lon = v[KINDS_STREET_MEET_LON].n,
                                                       .lat = v[KINDS_STREET_MEET_LAT].n,
                                                       .place = fold_said(fold, KINDS_STREET_MEET_PLACE, forgotten, &failed),
                                                       .note = fold_said(fold, KINDS_STREET_MEET_NOTE, forgotten, &failed),
                                                       .stamp = fold->stamp};
    return failed ? DW_E_MEMORY : DW_OK;
}

static enum site_type fold_follow_type(const struct fold *fold)
{
    return fold->entry->values[KINDS_REFUSAL_FOLLOW_OF].n == KINDS_FORM_OF_DOOR ? SITE_DOOR : SITE_PERSON;
}

enum kinds_held_reason fold_judge_refusal_follow(struct fold *fold)
{
    return fold_knows(fold, fold_follow_type(fold), fold->entry->on) ? KINDS_HELD_REASON_NONE : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_refusal_follow(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    enum site_type type = fold_follow_type(fold);
    uint32_t subject = site_find(site, type, fold->entry->on), index = site_add(site, SITE_FOLLOW);
    bool failed = index == SITE_NONE, forgotten = type == SITE_PERSON && site_person(site, subject)->forgotten;
    if (failed) return DW_E_MEMORY;
    *site_follow(site, index) = (struct site_follow){.of = (enum kinds_form_of)v[KINDS_REFUSAL_FOLLOW_OF].n,
                                                     .subject = subject,
                                                     .step = (enum kinds_follow_step)v[KINDS_REFUSAL_FOLLOW_STEP].n,
                                                     .next_ms = fold_time(&v[KINDS_REFUSAL_FOLLOW_NEXT]),
                                                     .note = fold_said(fold, KINDS_REFUSAL_FOLLOW_NOTE, forgotten, &failed),
                                                     .stamp = fold->stamp};
    return failed ? DW_E_MEMORY : DW_OK;
}
