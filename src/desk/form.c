#include "desk/form.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "desk/book.h"
#include "desk/card.h"

enum { FORM_FIELDS = 32 };

dw_err form_subject(struct id *out, enum kinds_form_of *of, const struct site *site, const char *text, struct err_detail *detail)
{
    *of = KINDS_FORM_OF_DOOR;
    if (id_parse(out, text, strlen(text))) {
        if (site_find(site, SITE_PERSON, *out) != SITE_NONE) *of = KINDS_FORM_OF_PERSON;
        bool known = *of == KINDS_FORM_OF_PERSON || site_find(site, SITE_DOOR, *out) != SITE_NONE;
        return known ? DW_OK : err_set(detail, DW_E_NOT_FOUND, "%s", text);
    }
    for (uint32_t d = 0; d < site_count(site, SITE_DOOR); d++) {
        char code[256];
        card_code(code, sizeof code, site, d);
        if (strcmp(code, text) != 0) continue;
        *out = site_door(site, d)->id;
        return DW_OK;
    }
    return err_set(detail, DW_E_NOT_FOUND, "door %s", text);
}

/* Answers by field number, borrowed from the arena. */
struct form_set {
    const char *values[FORM_FIELDS];
};

static void form_read(struct form_set *set, const struct policy_round *policy, const char *text, struct arena *arena)
{
    struct json json = {0};
    if (text != NULL && json_read(&json, text, strlen(text), NULL) == DW_OK && json.tokens[0].type == JSON_OBJECT)
        for (uint32_t key = json_first(0); key < json_end(&json, 0); key = json.tokens[key + 1].next) {
            const char *name = json_text(&json, key, arena), *value = json_text(&json, key + 1, arena);
            const struct policy_field *field = name == NULL ? NULL : policy_field(policy, name, strlen(name));
            if (field != NULL && value != NULL && field - policy->fields < FORM_FIELDS)
                set->values[field - policy->fields] = value;
        }
    json_free(&json);
}

static dw_err form_check(const struct form_set *set, const struct policy_round *policy, enum kinds_form_of of,
                         struct err_detail *detail)
{
    for (const struct policy_field *f = policy->fields; f->name != NULL; f++) {
        bool ours = (f->of == POLICY_DOOR) == (of == KINDS_FORM_OF_DOOR);
        if (ours && f->required && set->values[f - policy->fields] == NULL)
            return err_at(detail, DW_E_INVALID, NULL, NULL, 0, f->name, "missing");
    }
    return DW_OK;
}

static dw_err form_take(struct form_set *set, const struct policy_round *policy, enum kinds_form_of of, bool open,
                        const struct form_answer *answer, struct err_detail *detail)
{
    const struct policy_field *field = policy_field(policy, answer->name, strlen(answer->name));
    if (field == NULL || (field->of == POLICY_DOOR) != (of == KINDS_FORM_OF_DOOR))
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, answer->name, "no field of this form");
    if (!policy_takes(field, answer->value))
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, answer->name, "%s", answer->value);
    if (field->after_close && open)
        return err_at(detail, DW_E_STATE, NULL, NULL, 0, answer->name, "not before the round is closed");
    set->values[field - policy->fields] = answer->value;
    return DW_OK;
}

static void form_text(struct arena_buf *out, const struct form_set *set, const struct policy_round *policy)
{
    struct json_out json = {.buf = out};
    json_open(&json, '{');
    for (const struct policy_field *f = policy->fields; f->name != NULL; f++) {
        if (set->values[f - policy->fields] == NULL) continue;
        json_key(&json, f->name);
        json_put(&json, set->values[f - policy->fields]);
    }
    json_close(&json, '}');
}

static dw_err form_round(uint32_t *out, const struct policy_round **policy, const struct site *site, int64_t number,
                         struct err_detail *detail)
{
    *out = site_round_by_number(site, number);
    if (*out == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "round %lld", (long long)number);
    *policy = policy_round(site_round(site, *out)->kind);
    if (*policy == NULL || (*policy)->fields[0].name == NULL)
        return err_set(detail, DW_E_STATE, "rounds of %s have no form", kinds_round_kind_texts[site_round(site, *out)->kind]);
    return DW_OK;
}

dw_err form_fill(const struct lab_by *by, const char *subject, const struct form_answer *answers, size_t count,
                 struct err_detail *detail)
{
    const struct policy_round *policy;
    struct form_set set = {{0}};
    struct arena arena = {0};
    struct arena_buf text = {0};
    struct book book = {0};
    enum kinds_form_of of = KINDS_FORM_OF_DOOR;
    struct id id = {{0}}, round_id = {{0}};
    uint32_t round;
    const struct site *site = desk_read(by->desk);
    dw_err err = form_round(&round, &policy, site, by->round, detail);
    if (err == DW_OK) err = form_subject(&id, &of, site, subject, detail);
    if (err == DW_OK) {
        uint32_t who = site_find(site, of == KINDS_FORM_OF_DOOR ? SITE_DOOR : SITE_PERSON, id),
                 known = site_find_form(site, round, of, who);
        if (known != SITE_NONE) form_read(&set, policy, site_form(site, known)->answers, &arena);
        round_id = site_round(site, round)->id;
    }
    bool open = err == DW_OK && site_round(site, round)->closed_seq == 0;
    desk_read_end(by->desk);
    for (size_t i = 0; err == DW_OK && i < count; i++) err = form_take(&set, policy, of, open, &answers[i], detail);
    if (err == DW_OK) err = form_check(&set, policy, of, detail);
    if (err == DW_OK) form_text(&text, &set, policy);
    if (err == DW_OK && text.failed) err = DW_E_MEMORY;
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_FORM_FILL, id, by->at, NULL);
        entry_put_id(&book.writer, KINDS_FORM_FILL_ROUND, round_id);
        entry_put_int(&book.writer, KINDS_FORM_FILL_OF, of);
        entry_put_text(&book.writer, KINDS_FORM_FILL_ANSWERS, text.data);
        err = lab_send(by, &book, detail);
    }
    if (text.data != NULL) keys_wipe(text.data, text.len);
    arena_buf_free(&text);
    arena_free(&arena);
    return err;
}

static double form_term(const struct policy_term *term, const struct policy_round *policy, const struct form_set *set, bool door)
{
    int64_t n = 0;
    if (term->op == POLICY_ONE) return 0;
    if (term->op == POLICY_FORMS) return door == (strcmp(term->name, "door") == 0);
    const char *value = set->values[policy_field(policy, term->name, strlen(term->name)) - policy->fields];
    if (value == NULL) return 0;
    if (term->op == POLICY_COUNT && *term->value != 0) return strcmp(value, term->value) == 0;
    if (!text_int(&n, value, strlen(value))) return 0;
    return term->op == POLICY_SUM ? (double)n : n > 0;
}

dw_err form_measures(struct form_measure out[FORM_MEASURES], size_t *count, const struct site *site, int64_t number,
                     struct err_detail *detail)
{
    const struct policy_round *policy;
    uint32_t round;
    double sums[FORM_MEASURES][2] = {{0}};
    *count = 0;
    ERR_TRY(form_round(&round, &policy, site, number, detail));
    for (uint32_t i = 0; i < site_count(site, SITE_FORM); i++) {
        const struct site_form *form = site_form(site, i);
        struct form_set set = {{0}};
        struct arena arena = {0};
        if (form->round != round) continue;
        form_read(&set, policy, form->answers, &arena);
        for (size_t m = 0; m < FORM_MEASURES && policy->measures[m].name != NULL; m++) {
            sums[m][0] += form_term(&policy->measures[m].top, policy, &set, form->of == KINDS_FORM_OF_DOOR);
            sums[m][1] += form_term(&policy->measures[m].under, policy, &set, form->of == KINDS_FORM_OF_DOOR);
        }
        arena_free(&arena);
    }
    for (size_t m = 0; m < FORM_MEASURES && policy->measures[m].name != NULL; m++, (*count)++) {
        const struct policy_measure *measure = &policy->measures[m];
        double under = measure->under.op == POLICY_ONE ? 1 : sums[m][1];
        out[m] = (struct form_measure){measure, under > 0 ? sums[m][0] / under * measure->times : NAN};
    }
    return DW_OK;
}

dw_err form_visit(const struct lab_by *by, const char *door, enum kinds_outcome outcome, int64_t heads,
                  const struct form_tick *ticks, size_t count, struct err_detail *detail)
{
    struct book book = {0};
    struct id id, round_id = {{0}};
    enum kinds_form_of of;
    const struct site *site = desk_read(by->desk);
    uint32_t round = site_round_by_number(site, by->round);
    dw_err err = form_subject(&id, &of, site, door, detail);
    if (err == DW_OK && of != KINDS_FORM_OF_DOOR) err = err_set(detail, DW_E_NOT_FOUND, "door %s", door);
    if (err == DW_OK && round == SITE_NONE) err = err_set(detail, DW_E_NOT_FOUND, "round %lld", (long long)by->round);
    for (size_t i = 0; err == DW_OK && i < count; i++)
        if (site_find(site, SITE_PERSON, ticks[i].person) == SITE_NONE)
            err = err_set(detail, DW_E_NOT_FOUND, "person %zu", i + 1);
    if (err == DW_OK) round_id = site_round(site, round)->id;
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_VISIT, id, by->at, NULL);
    entry_put_id(&book.writer, KINDS_VISIT_ROUND, round_id);
    entry_put_int(&book.writer, KINDS_VISIT_OUTCOME, outcome);
    if (heads >= 0) entry_put_int(&book.writer, KINDS_VISIT_HEADS, heads);
    if (count > 0) entry_list_begin(&book.writer, KINDS_VISIT_PEOPLE);
    for (size_t i = 0; i < count; i++) {
        entry_item_begin(&book.writer);
        entry_item_id(&book.writer, "person", ticks[i].person);
        entry_item_text(&book.writer, "state", kinds_state_texts[ticks[i].state]);
        entry_item_end(&book.writer);
    }
    if (count > 0) entry_list_end(&book.writer);
    return lab_send(by, &book, detail);
}
