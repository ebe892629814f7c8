/* The first load of a phone: everything its member may see, in the order in which a phone can take it line by line. */
#include <stdlib.h>

#include "desk/pull_inside.h"

/* An open round, and what is said in it where he may see. */
static void pull_bundle_round(struct pull_out *out, uint32_t round)
{
    const struct site *site = out->scope->site;
    const struct site_round *r = site_round(site, round);
    pull_record_round(out, round);
    if (r->closed_seq != 0 || r->past) return;
    pull_record_roster(out, round);
    for (size_t i = 0; i < r->visit_count; i++) pull_record_visit(out, round, r->visits[i].door);
    for (uint32_t i = 0; i < site_count(site, SITE_FORM); i++) {
        const struct site_form *form = site_form(site, i);
        if (form->round == round) pull_record_form(out, round, form->of, form->subject);
    }
}

/* Of each door and person the last word only. */
static void pull_bundle_follows(struct pull_out *out)
{
    const struct site *site = out->scope->site;
    uint32_t people = site_count(site, SITE_PERSON), all = people + site_count(site, SITE_DOOR);
    uint32_t *last = calloc((size_t)all + 1, sizeof *last); /* of each its number + 1 */
    for (uint32_t i = 0; last != NULL && i < site_count(site, SITE_FOLLOW); i++) {
        const struct site_follow *f = site_follow(site, i);
        uint32_t *at = &last[f->of == KINDS_FORM_OF_DOOR ? people + f->subject : site_root(site, f->subject)];
        if (*at == 0 || site_stamp_compare(f->stamp, site_follow(site, *at - 1)->stamp) > 0) *at = i + 1;
    }
    for (uint32_t i = 0; last != NULL && i < all; i++)
        if (last[i] != 0) pull_record_follow_at(out, last[i] - 1);
    out->json->buf->failed = out->json->buf->failed || last == NULL;
    free(last);
}

static void pull_bundle_lines(struct pull_out *out)
{
    const struct site *site = out->scope->site;
    pull_record_site(out);
    for (uint32_t i = 0; i < site_count(site, SITE_MEMBER); i++) pull_record_member(out, i);
    for (uint32_t i = 0; i < site_count(site, SITE_GRANT); i++) pull_record_grant(out, i);
    for (uint32_t i = 0; i < site_count(site, SITE_AREA); i++) pull_record_area(out, i);
    for (uint32_t i = 0; i < site_count(site, SITE_DOOR); i++) pull_record_door(out, i);
    for (uint32_t i = 0; i < site_count(site, SITE_HOUSEHOLD); i++) pull_record_household(out, i);
    for (uint32_t i = 0; i < site_count(site, SITE_PERSON); i++) pull_record_person(out, i);
    for (uint32_t i = 0; i < site_count(site, SITE_NEED); i++) pull_record_need(out, i);
    pull_bundle_follows(out);
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) pull_bundle_round(out, i);
}

dw_err pull_bundle(struct arena_buf *text, size_t *people, struct pull_desk *pull, const struct pull_who *who,
                   struct err_detail *detail)
{
    struct json_out json = {.buf = text};
    struct scope scope = {.site = NULL};
    struct pull_cursor cursor;
    char next[PULL_CURSOR];
    const struct site *site = desk_read(pull->desk);
    struct pull_out out = {.json = &json, .scope = &scope, .lines = true};
    dw_err err = pull_allowed(&out.member, site, who, detail);
    if (err == DW_OK) err = scope_make(&scope, site, out.member, who->at_ms);
    if (err == DW_OK) {
        pull_bundle_lines(&out);
        cursor = pull_cursor_now(&scope, site->seq);
        err = pull_tail(&cursor.tail, pull, site->seq, detail);
        pull_cursor_text(next, &cursor);
        json_open(&json, '{');
        json_key(&json, "is");
        json_put(&json, "end");
        json_key(&json, "next");
        json_put(&json, next);
        json_close(&json, '}');
        arena_buf_put(text, "\n", 1);
        *people = out.people;
    }
    desk_read_end(pull->desk);
    arena_buf_free(&out.pinyin);
    scope_free(&scope);
    return err == DW_OK && text->failed ? DW_E_MEMORY : err;
}
