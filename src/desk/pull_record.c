#include "desk/pull_record.h"

#include <string.h>

#include "base/when.h"
#include "desk/card.h"
#include "desk/grant.h"
#include "desk/policy.h"
#include "desk/register.h"
#include "desk/round.h"
#include "domain/idno.h"
#include "domain/name.h"
#include "domain/phone.h"

static void pull_begin(struct pull_out *out, const char *is)
{
    json_open(out->json, '{');
    json_key(out->json, "is");
    json_put(out->json, is);
}

static void pull_end(struct pull_out *out)
{
    json_close(out->json, '}');
    if (!out->lines) return;
    arena_buf_put(out->json->buf, "\n", 1);
    *out->json = (struct json_out){.buf = out->json->buf};
}

/* What is empty is left out: a record without a member means that there is nothing to say. */
static void pull_text(struct pull_out *out, const char *key, const char *text)
{
    if (text == NULL || *text == 0) return;
    json_key(out->json, key);
    json_put(out->json, text);
}

static void pull_int(struct pull_out *out, const char *key, int64_t n)
{
    if (n == 0) return;
    json_key(out->json, key);
    json_put_int(out->json, n);
}

static void pull_true(struct pull_out *out, const char *key, bool yes)
{
    if (!yes) return;
    json_key(out->json, key);
    json_put_bool(out->json, true);
}

static void pull_id(struct pull_out *out, const char *key, struct id id)
{
    char text[ID_TEXT];
    id_text(text, id);
    pull_text(out, key, id_null(id) ? NULL : text);
}

static void pull_time(struct pull_out *out, const char *key, int64_t ms)
{
    char text[WHEN_TEXT];
    if (ms == SITE_NEVER) return;
    when_text(text, (struct when){ms, 0});
    pull_text(out, key, text);
}

void pull_record_site(struct pull_out *out)
{
    const struct site *site = out->scope->site;
    char key[CARD_KEY];
    card_key(key, site);
    pull_begin(out, "site");
    pull_id(out, "id", site->id);
    pull_text(out, "name", site->name);
    pull_text(out, "code", site->code);
    pull_true(out, "synthetic", site->synthetic);
    pull_text(out, "key", key);
    pull_end(out);
}

void pull_record_area(struct pull_out *out, uint32_t index)
{
    const struct site *site = out->scope->site;
    const struct site_area *a = site_area(site, index);
    if (!out->scope->above[index]) return;
    pull_begin(out, "area");
    pull_id(out, "id", a->id);
    pull_text(out, "code", a->code);
    pull_text(out, "kind", kinds_area_kind_texts[a->kind]);
    if (a->parent != SITE_NONE) pull_id(out, "parent", site_area(site, a->parent)->id);
    pull_text(out, "name", a->name);
    pull_text(out, "address", a->address);
    pull_text(out, "use", a->use);
    pull_int(out, "floors", a->floors);
    pull_int(out, "lon", a->lon);
    pull_int(out, "lat", a->lat);
    if (a->keeper != SITE_NONE) pull_id(out, "keeper", site_member(site, a->keeper)->id);
    pull_true(out, "mine", out->scope->areas[index] != 0);
    pull_end(out);
}

bool pull_record_knows(const struct scope *scope, uint32_t member)
{
    const struct site *site = scope->site;
    if (scope_may(scope, ROLES_AREA_READ, SITE_NONE)) return true;
    for (uint32_t a = 0; a < site_count(site, SITE_AREA); a++)
        if (site_area(site, a)->keeper == member && scope->above[a]) return true;
    for (uint32_t g = 0; g < site_count(site, SITE_GRANT); g++) {
        const struct site_grant *grant = site_grant(site, g);
        if (grant->member == member && grant->area != SITE_NONE && scope_may(scope, ROLES_AREA_READ, grant->area)) return true;
    }
    return false;
}

void pull_record_member(struct pull_out *out, uint32_t index)
{
    const struct site_member *m = site_member(out->scope->site, index);
    bool me = index == out->member;
    if (!me && !pull_record_knows(out->scope, index)) return;
    pull_begin(out, "member");
    pull_id(out, "id", m->id);
    pull_text(out, "name", m->name);
    pull_true(out, "me", me);
    pull_true(out, "forgotten", m->forgotten);
    pull_end(out);
}

void pull_record_grant(struct pull_out *out, uint32_t index)
{
    const struct site *site = out->scope->site;
    const struct site_grant *g = site_grant(site, index);
    if (g->member != out->member) return;
    pull_begin(out, "grant");
    pull_id(out, "id", g->id);
    pull_text(out, "role", kinds_role_texts[g->role]);
    if (g->area != SITE_NONE) pull_id(out, "area", site_area(site, g->area)->id);
    pull_time(out, "from", g->from_ms);
    pull_time(out, "to", g->to_ms);
    pull_true(out, "ended", g->ended);
    pull_end(out);
}

void pull_record_door(struct pull_out *out, uint32_t index)
{
    const struct site *site = out->scope->site;
    const struct site_door *d = site_door(site, index);
    char code[256];
    if (!scope_may(out->scope, ROLES_REGISTER_READ, d->area)) return;
    card_code(code, sizeof code, site, index);
    pull_begin(out, "door");
    pull_id(out, "id", d->id);
    if (d->area != SITE_NONE) pull_id(out, "area", site_area(site, d->area)->id);
    pull_text(out, "code", code);
    pull_text(out, "kind", kinds_door_kind_texts[d->kind]);
    pull_text(out, "unit", d->unit);
    pull_text(out, "floor", d->floor);
    pull_text(out, "room", d->room);
    pull_text(out, "name", d->name);
    if (d->card != 0) {
        const struct site_card *card = site_card(site, d->card - 1);
        pull_int(out, "card", card->version);
        pull_int(out, "heads", card->heads);
        pull_true(out, "revoked", card->revoked);
    }
    pull_end(out);
}

void pull_record_household(struct pull_out *out, uint32_t index)
{
    const struct site *site = out->scope->site;
    const struct site_household *h = site_household(site, index);
    const struct site_door *d = site_door(site, h->door);
    if (!scope_may(out->scope, ROLES_REGISTER_READ, d->area)) return;
    pull_begin(out, "household");
    pull_id(out, "id", h->id);
    pull_id(out, "door", d->id);
    pull_text(out, "kind", kinds_household_kind_texts[h->kind]);
    pull_end(out);
}

/* Where he lives by the last word, or as an open round meets him. */
static bool pull_may(const struct pull_out *out, uint32_t person, enum roles_may may)
{
    const struct site *site = out->scope->site;
    bool sees = scope_may(out->scope, may, site_person_area(site, NULL, person));
    for (uint32_t r = 0; !sees && r < site_count(site, SITE_ROUND); r++) {
        const struct site_round *round = site_round(site, r);
        if (round->closed_seq == 0 && !round->past) sees = scope_may(out->scope, may, site_person_area(site, round, person));
    }
    return sees;
}

bool pull_record_sees(const struct pull_out *out, uint32_t person)
{
    const struct site_person *p = site_person(out->scope->site, person);
    return p->merged_into == SITE_NONE && !p->forgotten && pull_may(out, person, ROLES_REGISTER_READ);
}

/* Who may write them is to know what he would overwrite. */
static void pull_flags(struct pull_out *out, uint32_t person)
{
    char flags[REGISTER_FLAGS];
    if (!pull_may(out, person, ROLES_REGISTER_WRITE)) return;
    bool hidden = register_flags(flags, out->scope->site, person, pull_may(out, person, ROLES_REGISTER_REVEAL));
    pull_text(out, "flags", flags);
    pull_true(out, "flags_hidden", hidden);
}

/* So that a phone finds 吴亚芳 by wuyafang or wyf without a table of its own; not kept, since it follows from the name. */
static void pull_pinyin(struct pull_out *out, const char *name)
{
    char folded[NAME_SIZE];
    arena_buf_clear(&out->pinyin);
    if (!name_fold(folded, name) || !name_syllables(&out->pinyin, folded)) return;
    pull_text(out, "pinyin", out->pinyin.len == 0 ? NULL : out->pinyin.data);
}

void pull_record_person(struct pull_out *out, uint32_t index)
{
    const struct site *site = out->scope->site;
    const struct site_person *p = site_person(site, index);
    char doc[IDNO_SIZE], phone[PHONE_SIZE];
    bool gone = false;
    uint32_t stay = site_place(site, index, &gone);
    if (!pull_record_sees(out, index)) return;
    idno_mask(doc, register_field(site, index, KINDS_PERSON_SET_DOC));
    phone_mask(phone, register_field(site, index, KINDS_PERSON_SET_PHONE));
    pull_begin(out, "person");
    pull_id(out, "id", p->id);
    pull_text(out, "name", register_field(site, index, KINDS_PERSON_SET_NAME));
    pull_pinyin(out, register_field(site, index, KINDS_PERSON_SET_NAME));
    pull_text(out, "birth", register_field(site, index, KINDS_PERSON_SET_BIRTH));
    pull_text(out, "sex", register_field(site, index, KINDS_PERSON_SET_SEX));
    pull_text(out, "document", doc);
    pull_text(out, "phone", phone);
    pull_flags(out, index);
    if (stay != SITE_NONE && site_stay(site, stay)->door != SITE_NONE)
        pull_id(out, "door", site_door(site, site_stay(site, stay)->door)->id);
    if (stay != SITE_NONE && site_stay(site, stay)->household != SITE_NONE)
        pull_id(out, "household", site_household(site, site_stay(site, stay)->household)->id);
    pull_true(out, "left", gone);
    pull_end(out);
    out->people++;
}

static void pull_fields(struct pull_out *out, const struct policy_round *policy)
{
    static const char *const types[] = {"text", "int", "choice"};
    json_key(out->json, "form");
    json_open(out->json, '[');
    for (const struct policy_field *f = policy->fields; f->name != NULL; f++) {
        json_open(out->json, '{');
        pull_text(out, "name", f->name);
        pull_text(out, "of", f->of == POLICY_DOOR ? "door" : "person");
        pull_text(out, "type", types[f->type]);
        pull_true(out, "required", f->required);
        pull_true(out, "after_close", f->after_close);
        pull_text(out, "zh", f->title[0]);
        pull_text(out, "en", f->title[1]);
        if (f->type == POLICY_CHOICE) {
            json_key(out->json, "choices");
            json_open(out->json, '[');
            for (const char *const *c = f->choices; *c != NULL; c++) json_put(out->json, *c);
            json_close(out->json, ']');
        }
        json_close(out->json, '}');
    }
    json_close(out->json, ']');
}

void pull_record_round(struct pull_out *out, uint32_t index)
{
    const struct site_round *r = site_round(out->scope->site, index);
    const struct policy_round *policy = policy_round(r->kind);
    pull_begin(out, "round");
    pull_id(out, "id", r->id);
    pull_int(out, "number", r->number);
    pull_text(out, "kind", kinds_round_kind_texts[r->kind]);
    pull_time(out, "freeze", r->freeze_ms);
    pull_true(out, "past", r->past);
    pull_true(out, "closed", r->closed_seq != 0);
    if (policy != NULL && r->closed_seq == 0 && !r->past) {
        pull_text(out, "policy", policy->pack);
        pull_time(out, "deadline", round_deadline(r));
        pull_int(out, "capacity", policy->capacity);
        pull_fields(out, policy);
    }
    pull_end(out);
}

/* Of whom nothing is said any more a page says just that, for a phone may have what was said before. */
void pull_record_mark(struct pull_out *out, uint32_t round, uint32_t person)
{
    const struct site *site = out->scope->site;
    const struct site_round *r = site_round(site, round);
    const struct site_mark m = round_counted(site, r, person);
    bool nothing = !m.in_roster && m.how == 0 && m.state == 0 && m.decision == 0;
    if (nothing && !out->empty && (out->lines || person >= r->mark_count)) return;
    if (!pull_record_sees(out, person) || !scope_may(out->scope, ROLES_ROUND_READ, site_person_area(site, r, person))) return;
    bool gone;
    uint32_t now = site_place_in(site, r, person, &gone), last = site_place(site, person, &gone);
    pull_begin(out, "mark");
    pull_id(out, "round", r->id);
    pull_id(out, "person", site_person(site, person)->id);
    if (!nothing && now != last && now != SITE_NONE && site_stay(site, now)->door != SITE_NONE)
        pull_id(out, "door", site_door(site, site_stay(site, now)->door)->id);
    pull_true(out, "roster", m.in_roster);
    if (m.how != 0) pull_text(out, "how", kinds_how_texts[m.how]);
    if (m.state != 0) pull_text(out, "state", kinds_state_texts[m.state]);
    if (!nothing && m.excuse != 0) pull_text(out, "excuse", kinds_excuse_texts[m.excuse]);
    if (m.decision != 0) pull_text(out, "decision", kinds_decision_texts[m.decision - 1]);
    if (!nothing && m.stamp.n != 0) pull_time(out, "at", m.stamp.ms);
    pull_end(out);
}

void pull_record_visit(struct pull_out *out, uint32_t round, uint32_t door)
{
    const struct site *site = out->scope->site;
    const struct site_round *r = site_round(site, round);
    size_t cursor = 0;
    uint32_t at = SITE_NONE;
    if (!scope_may(out->scope, ROLES_ROUND_READ, site_door(site, door)->area)) return;
    while (map_next(&r->by_door, site_key(door, 0), &cursor, &at) && r->visits[at].door != door) at = SITE_NONE;
    if (at == SITE_NONE && !out->empty) return;
    pull_begin(out, "visit");
    pull_id(out, "round", r->id);
    pull_id(out, "door", site_door(site, door)->id);
    if (at != SITE_NONE) {
        const struct site_visit *v = &r->visits[at];
        pull_text(out, "outcome", kinds_outcome_texts[v->outcome]);
        if (v->heads >= 0) {
            json_key(out->json, "heads");
            json_put_int(out->json, v->heads);
        }
        pull_int(out, "visits", v->visits);
        pull_time(out, "at", v->stamp.ms);
    }
    pull_end(out);
}

void pull_record_form(struct pull_out *out, uint32_t round, enum kinds_form_of of, uint32_t subject)
{
    const struct site *site = out->scope->site;
    uint32_t at = site_find_form(site, round, of, subject);
    struct id id = of == KINDS_FORM_OF_DOOR ? site_door(site, subject)->id : site_person(site, subject)->id;
    const char *answers = at == SITE_NONE ? NULL : site_form(site, at)->answers;
    if (answers == NULL && !out->empty) return;
    if (!scope_may(out->scope, ROLES_ROUND_READ, scope_subject(site, id))) return;
    pull_begin(out, "answers");
    pull_id(out, "round", site_round(site, round)->id);
    pull_text(out, "of", kinds_form_of_texts[of]);
    pull_id(out, "on", id);
    if (answers != NULL) {
        json_key(out->json, "answers");
        json_put_raw(out->json, answers, strlen(answers));
    }
    pull_end(out);
}

void pull_record_need(struct pull_out *out, uint32_t index)
{
    const struct site *site = out->scope->site;
    const struct site_need *n = site_need(site, index);
    bool door = n->of == KINDS_FORM_OF_DOOR;
    uint32_t person = door ? SITE_NONE : site_root(site, n->subject);
    if (!scope_may(out->scope, ROLES_NEED_READ, door ? site_door(site, n->subject)->area : site_person_area(site, NULL, person)))
        return;
    if (!door && site_person(site, person)->forgotten) return;
    pull_begin(out, "need");
    pull_id(out, "id", n->id);
    pull_text(out, "of", kinds_form_of_texts[n->of]);
    pull_id(out, "on", door ? site_door(site, n->subject)->id : site_person(site, person)->id);
    pull_text(out, "what", kinds_need_kind_texts[n->what]);
    pull_true(out, "urgent", n->urgent);
    pull_text(out, "note", n->note);
    pull_time(out, "at", n->stamp.ms);
    if (n->closed.n != 0) pull_time(out, "closed", n->closed.ms);
    pull_text(out, "reason", n->reason);
    pull_end(out);
}

static void pull_follow(struct pull_out *out, enum kinds_form_of of, uint32_t subject, const struct site_follow *last)
{
    const struct site *site = out->scope->site;
    bool door = of == KINDS_FORM_OF_DOOR;
    uint32_t area = door ? site_door(site, subject)->area : site_person_area(site, NULL, subject);
    if (!scope_may(out->scope, (enum roles_may)roles_to_read(KINDS_REFUSAL_FOLLOW), area)) return;
    if (!door && site_person(site, subject)->forgotten) return;
    pull_begin(out, "follow");
    pull_id(out, "on", door ? site_door(site, subject)->id : site_person(site, subject)->id);
    if (last != NULL) {
        pull_text(out, "of", kinds_form_of_texts[of]);
        pull_text(out, "step", kinds_follow_step_texts[last->step]);
        pull_time(out, "next", last->next_ms);
        pull_text(out, "note", last->note);
        pull_time(out, "at", last->stamp.ms);
    }
    pull_end(out);
}

static uint32_t pull_followed(const struct site *site, const struct site_follow *f)
{
    return f->of == KINDS_FORM_OF_DOOR ? f->subject : site_root(site, f->subject);
}

void pull_record_follow_at(struct pull_out *out, uint32_t index)
{
    const struct site_follow *f = site_follow(out->scope->site, index);
    pull_follow(out, f->of, pull_followed(out->scope->site, f), f);
}

void pull_record_follow(struct pull_out *out, enum kinds_form_of of, uint32_t subject)
{
    const struct site *site = out->scope->site;
    const struct site_follow *last = NULL;
    for (uint32_t i = 0; i < site_count(site, SITE_FOLLOW); i++) {
        const struct site_follow *f = site_follow(site, i);
        if (f->of != of || pull_followed(site, f) != subject) continue;
        if (last == NULL || site_stamp_compare(f->stamp, last->stamp) > 0) last = f;
    }
    if (last != NULL || out->empty) pull_follow(out, of, subject, last);
}

void pull_record_gone(struct pull_out *out, struct id id, struct id into)
{
    pull_begin(out, "gone");
    pull_id(out, "id", id);
    pull_id(out, "into", into);
    pull_end(out);
}
