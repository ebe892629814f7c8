/* Forms of rounds: the latest statement about a door or a person stands. */
#include <string.h>

#include "base/json.h"
#include "desk/fold.h"
#include "desk/policy.h"

static enum site_type fold_form_type(const struct fold *fold)
{
    return fold->entry->values[KINDS_FORM_FILL_OF].n == KINDS_FORM_OF_DOOR ? SITE_DOOR : SITE_PERSON;
}

/* An object of texts; what the pack forbids while the round is open waits for a person. */
static enum kinds_held_reason fold_judge_answers(const struct fold *fold, const struct site_round *round, const char *text)
{
    struct json json = {0};
    struct arena arena = {0};
    const struct policy_round *policy = policy_round(round->kind);
    enum kinds_held_reason reason = KINDS_HELD_REASON_NONE;
    if (json_read(&json, text, strlen(text), NULL) != DW_OK || json.tokens[0].type != JSON_OBJECT)
        reason = KINDS_HELD_REASON_MALFORMED;
    for (uint32_t key = json_first(0); reason == KINDS_HELD_REASON_NONE && key < json_end(&json, 0);
         key = json.tokens[key + 1].next) {
        const char *name = json_text(&json, key, &arena);
        const struct policy_field *field = policy == NULL || name == NULL ? NULL : policy_field(policy, name, strlen(name));
        if (json.tokens[key + 1].type != JSON_STRING)
            reason = KINDS_HELD_REASON_MALFORMED;
        else if (field != NULL && field->after_close && round->closed_seq == 0 && !fold->decided)
            reason = KINDS_HELD_REASON_CONFLICT;
    }
    json_free(&json);
    arena_free(&arena);
    return reason;
}

enum kinds_held_reason fold_judge_form_fill(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    if (!fold_knows(fold, SITE_ROUND, v[KINDS_FORM_FILL_ROUND].id) || !fold_knows(fold, fold_form_type(fold), fold->entry->on))
        return KINDS_HELD_REASON_UNKNOWN;
    if (v[KINDS_FORM_FILL_ANSWERS].erased) return KINDS_HELD_REASON_NONE;
    const struct site_round *round = site_round(fold->site, fold_ref(fold, SITE_ROUND, KINDS_FORM_FILL_ROUND));
    return fold_judge_answers(fold, round, v[KINDS_FORM_FILL_ANSWERS].text);
}

dw_err fold_apply_form_fill(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t round = fold_ref(fold, SITE_ROUND, KINDS_FORM_FILL_ROUND),
             subject = site_find(site, fold_form_type(fold), fold->entry->on);
    enum kinds_form_of of = (enum kinds_form_of)v[KINDS_FORM_FILL_OF].n;
    uint32_t index = site_find_form(site, round, of, subject);
    if (index == SITE_NONE) {
        index = site_add(site, SITE_FORM);
        if (index == SITE_NONE) return DW_E_MEMORY;
        *site_form(site, index) = (struct site_form){.round = round, .subject = subject, .of = of};
        if (!site_link_form(site, index)) return DW_E_MEMORY;
    }
    struct site_form *form = site_form(site, index);
    if (form->stamp.n != 0 && site_stamp_compare(fold->stamp, form->stamp) <= 0) return DW_OK;
    bool gone = v[KINDS_FORM_FILL_ANSWERS].erased || (of == KINDS_FORM_OF_PERSON && site_person(site, subject)->forgotten);
    form->answers = gone ? NULL : site_text(site, v[KINDS_FORM_FILL_ANSWERS].text);
    form->stamp = gone ? (struct site_stamp){0} : fold->stamp; /* a forgotten statement has no place among others */
    if (form->answers == NULL && !gone) return DW_E_MEMORY;
    return site_touch(site, SITE_FORM, index) ? DW_OK : DW_E_MEMORY;
}
