/* The records of what an entry touched. */
#include "desk/pull_record.h"

static bool pull_open_round(const struct site_round *round)
{
    return round->closed_seq == 0 && !round->past;
}

/* What is needed of a door or person, who stands for others too. */
static void pull_touched_needs(struct pull_out *out, enum kinds_form_of of, uint32_t subject)
{
    const struct site *site = out->scope->site;
    for (uint32_t i = 0; i < site_count(site, SITE_NEED); i++) {
        const struct site_need *n = site_need(site, i);
        if (n->of == of && (of == KINDS_FORM_OF_DOOR ? n->subject : site_root(site, n->subject)) == subject)
            pull_record_need(out, i);
    }
}

static void pull_touched_door(struct pull_out *out, uint32_t door)
{
    const struct site *site = out->scope->site;
    pull_record_door(out, door);
    for (uint32_t r = 0; r < site_count(site, SITE_ROUND); r++) {
        if (!pull_open_round(site_round(site, r))) continue;
        pull_record_visit(out, r, door);
        pull_record_form(out, r, KINDS_FORM_OF_DOOR, door);
    }
    pull_touched_needs(out, KINDS_FORM_OF_DOOR, door);
    pull_record_follow(out, KINDS_FORM_OF_DOOR, door);
}

static void pull_touched_marks(struct pull_out *out, uint32_t person)
{
    const struct site *site = out->scope->site;
    for (uint32_t r = 0; r < site_count(site, SITE_ROUND); r++) {
        if (!pull_open_round(site_round(site, r))) continue;
        pull_record_mark(out, r, person);
        pull_record_form(out, r, KINDS_FORM_OF_PERSON, person);
    }
}

/* Whether he ever lived where the caller may see: only then he may be on the caller's phone. */
static bool pull_was_here(const struct pull_out *out, uint32_t person)
{
    const struct site *site = out->scope->site;
    if (scope_may(out->scope, ROLES_REGISTER_READ, SITE_NONE)) return true; /* also those whose place nobody knows */
    for (uint32_t at = site_person(site, person)->first_stay; at != SITE_NONE; at = site_stay(site, at)->next) {
        uint32_t door = site_stay(site, at)->door;
        if (door != SITE_NONE && scope_may(out->scope, ROLES_REGISTER_READ, site_door(site, door)->area)) return true;
    }
    return false;
}

static void pull_touched_person(struct pull_out *out, uint32_t person, bool taken)
{
    const struct site *site = out->scope->site;
    uint32_t root = site_root(site, person);
    if (!pull_record_sees(out, person) && (taken || pull_was_here(out, person)))
        pull_record_gone(out, site_person(site, person)->id, root == person ? (struct id){{0}} : site_person(site, root)->id);
    pull_record_person(out, root);
    pull_touched_marks(out, root);
    pull_touched_needs(out, KINDS_FORM_OF_PERSON, root);
    pull_record_follow(out, KINDS_FORM_OF_PERSON, root);
}

void pull_record_touched(struct pull_out *out, struct id id, bool taken)
{
    const struct site *site = out->scope->site;
    uint32_t at;
    if (id_equal(id, site->id))
        pull_record_site(out);
    else if ((at = site_find(site, SITE_PERSON, id)) != SITE_NONE)
        pull_touched_person(out, at, taken);
    else if ((at = site_find(site, SITE_DOOR, id)) != SITE_NONE)
        pull_touched_door(out, at);
    else if ((at = site_find(site, SITE_HOUSEHOLD, id)) != SITE_NONE)
        pull_record_household(out, at);
    else if ((at = site_find(site, SITE_AREA, id)) != SITE_NONE)
        pull_record_area(out, at);
    else if ((at = site_find(site, SITE_MEMBER, id)) != SITE_NONE)
        pull_record_member(out, at);
    else if ((at = site_find(site, SITE_GRANT, id)) != SITE_NONE)
        pull_record_grant(out, at);
    else if ((at = site_find(site, SITE_NEED, id)) != SITE_NONE)
        pull_record_need(out, at);
    else if ((at = site_find(site, SITE_ROUND, id)) != SITE_NONE)
        pull_record_round(out, at);
    else if (taken && !id_equal(id, site->id) && site_find(site, SITE_DEVICE, id) == SITE_NONE)
        pull_record_gone(out, id, (struct id){{0}});
}

void pull_record_roster(struct pull_out *out, uint32_t round)
{
    const struct site *site = out->scope->site;
    const struct site_round *r = site_round(site, round);
    for (uint32_t person = 0; person < r->mark_count; person++) pull_record_mark(out, round, person);
}
