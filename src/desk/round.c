#include "desk/round.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/policy.h"

dw_err round_find(uint32_t *out, const struct site *site, int64_t number, struct err_detail *detail)
{
    *out = site_round_by_number(site, number);
    if (*out != SITE_NONE) return DW_OK;
    return number == 0 ? err_set(detail, DW_E_NOT_FOUND, "no round was opened yet")
                       : err_set(detail, DW_E_NOT_FOUND, "round %lld", (long long)number);
}

int64_t round_deadline(const struct site_round *round)
{
    const struct policy_round *policy = policy_round(round->kind);
    if (policy == NULL || policy->hours == 0 || round->past) return SITE_NEVER;
    return round->freeze_ms + (int64_t)policy->hours * 3600 * 1000;
}

dw_err round_open(struct round_opened *out, struct desk *desk, enum kinds_round_kind kind, struct when freeze, struct when at,
                  struct err_detail *detail)
{
    struct book book = {0};
    const struct site *site = desk_read(desk);
    book_while(&book, site, SITE_ROUND);
    uint32_t people = site_count(site, SITE_PERSON);
    out->number = 1;
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++)
        if (site_round(site, i)->number >= out->number) out->number = site_round(site, i)->number + 1;
    desk_read_end(desk);
    if (people == 0) return err_set(detail, DW_E_STATE, "nobody is registered yet: import a list first");
    if (freeze.ms > at.ms) return err_set(detail, DW_E_INVALID, "the roster cannot be frozen in the future");
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_ROUND_OPEN, id_make(at.ms, NULL), at, NULL);
        entry_put_int(&book.writer, KINDS_ROUND_OPEN_NO, out->number);
        entry_put_int(&book.writer, KINDS_ROUND_OPEN_KIND, kind);
        entry_put_time(&book.writer, KINDS_ROUND_OPEN_FREEZE, freeze);
        err = book_end(&book);
    }
    if (err == DW_OK) err = book_commit(desk, &book, 1, at, NULL, detail);
    book_free(&book);
    if (err != DW_OK) return err;
    site = desk_read(desk);
    out->counts = cover_count(site_round(site, site_round_by_number(site, out->number))->cover, COVER_NONE);
    desk_read_end(desk);
    return DW_OK;
}

/* Rounds before this one: what counts as having been covered before. */
static size_t round_earlier(const struct cover **out, size_t cap, const struct site *site, uint32_t round)
{
    size_t n = 0;
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND) && n < cap; i++)
        if (site_round(site, i)->number < site_round(site, round)->number) out[n++] = site_round(site, i)->cover;
    return n;
}

size_t round_recovered(const struct site *site, uint32_t round, uint32_t order, uint32_t *out, size_t cap)
{
    const struct cover *earlier[64];
    size_t count = round_earlier(earlier, 64, site, round);
    return cover_recovered(site_round(site, round)->cover, earlier, count, order, out, cap);
}

struct site_mark round_counted(const struct site *site, const struct site_round *round, uint32_t person)
{
    struct site_mark m = {.door = SITE_NONE, .area = SITE_NONE};
    if (person >= round->mark_count) return m;
    m = round->marks[person];
    for (uint32_t p = site_next_merged(site, person, person); p != SITE_NONE; p = site_next_merged(site, person, p)) {
        const struct site_mark *other = site_mark(round, p);
        if (other == NULL || other->state != KINDS_STATE_DONE || m.state == KINDS_STATE_DONE) continue;
        m.state = other->state;
        m.stamp = other->stamp;
    }
    m.how = KINDS_HOW_NONE;
    if (!m.in_roster && cover_has(round->cover, COVER_FOUND, person)) m.how = KINDS_HOW_FOUND;
    if (!m.in_roster && cover_has(round->cover, COVER_ARRIVED, person)) m.how = KINDS_HOW_ARRIVED;
    if (site_person(site, person)->merged_into != SITE_NONE) m.excuse = KINDS_EXCUSE_MERGED;
    return m;
}

static dw_err round_put_area(struct round_status *out, uint32_t area, int depth, struct cover_counts counts, uint32_t recovered)
{
    if (!arena_grow((void **)&out->areas, &out->cap, out->count + 1, sizeof *out->areas)) return DW_E_MEMORY;
    out->areas[out->count++] = (struct round_area){area, depth, counts, recovered};
    return DW_OK;
}

static dw_err round_areas(struct round_status *out, const struct site *site, const struct cover *const *earlier, size_t count,
                          bool buildings)
{
    const struct cover *cover = site_round(site, out->round)->cover;
    struct cover_counts placed = {0};
    uint32_t recovered_nowhere = out->recovered;
    for (uint32_t order = 0; order < site->area_orders; order++) {
        uint32_t area = site->area_at[order];
        int depth = 0;
        for (uint32_t up = site->area_parent[order]; up != COVER_NONE; up = site->area_parent[up]) depth++;
        struct cover_counts counts = cover_count(cover, order);
        if (depth == 0) {
            placed.owed += counts.owed;
            placed.roster += counts.roster;
        }
        bool building =
            site_area(site, area)->kind == KINDS_AREA_KIND_BUILDING || site_area(site, area)->kind == KINDS_AREA_KIND_FACTORY;
        if (building && !buildings) continue;
        uint32_t recovered = (uint32_t)cover_recovered(cover, earlier, count, order, NULL, 0);
        if (depth == 0) recovered_nowhere -= recovered;
        ERR_TRY(round_put_area(out, area, depth, counts, recovered));
    }
    if (out->all.owed == placed.owed && out->all.roster == placed.roster) return DW_OK;
    /* People under no area: the difference between everybody and the roots. */
    struct cover_counts rest = out->all;
    for (uint32_t order = 0; order < site->area_orders; order++) {
        if (site->area_parent[order] != COVER_NONE) continue;
        struct cover_counts c = cover_count(cover, order);
        rest.roster -= c.roster;
        rest.excused -= c.excused;
        rest.found -= c.found;
        rest.arrived -= c.arrived;
        rest.owed -= c.owed;
        rest.covered -= c.covered;
        rest.missing -= c.missing;
    }
    return round_put_area(out, SITE_NONE, 0, rest, recovered_nowhere);
}

static bool round_is_outside(const struct site *site, const struct site_round *round, uint32_t person)
{
    bool gone;
    const struct cover *cover = round->cover;
    if (round->past || site_person(site, person)->merged_into != SITE_NONE) return false;
    if (site_place(site, person, &gone) == SITE_NONE || gone) return false;
    return person >= cover_people(cover) || !(cover_has(cover, COVER_ROSTER, person) || cover_has(cover, COVER_FOUND, person) ||
                                              cover_has(cover, COVER_ARRIVED, person));
}

static void round_reasons(struct round_status *out, const struct site *site)
{
    const struct site_round *round = site_round(site, out->round);
    uint32_t people[256], cursor = 0;
    for (size_t n; (n = cover_missing(round->cover, COVER_NONE, people, 256, &cursor)) > 0;)
        for (size_t i = 0; i < n; i++) {
            out->by_state[round->marks[people[i]].state]++;
            out->carried += round->marks[people[i]].decision == 1 + KINDS_DECISION_CARRIED;
        }
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) out->outside += round_is_outside(site, round, p);
    out->doors = site_count(site, SITE_DOOR);
    out->visited = (uint32_t)round->visit_count;
}

dw_err round_status(struct round_status *out, const struct site *site, int64_t number, bool buildings, struct err_detail *detail)
{
    const struct cover *earlier[64];
    memset(out, 0, sizeof *out);
    ERR_TRY(round_find(&out->round, site, number, detail));
    const struct cover *cover = site_round(site, out->round)->cover;
    size_t count = round_earlier(earlier, 64, site, out->round);
    out->all = cover_count(cover, COVER_NONE);
    out->recovered = (uint32_t)cover_recovered(cover, earlier, count, COVER_NONE, NULL, 0);
    round_reasons(out, site);
    dw_err err = round_areas(out, site, earlier, count, buildings);
    if (err == DW_OK) err = cover_check(cover, detail);
    if (err != DW_OK) round_status_free(out);
    return err;
}

void round_status_free(struct round_status *status)
{
    free(status->areas);
    memset(status, 0, sizeof *status);
}

static int round_compare_since(const void *left, const void *right, void *ctx)
{
    const struct site *site = ctx;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    bool gone;
    int64_t x = site_stay(site, site_place(site, a, &gone))->at_ms, y = site_stay(site, site_place(site, b, &gone))->at_ms;
    return x != y ? (x < y ? -1 : 1) : a < b ? -1 : a > b;
}

dw_err round_outside(struct round_missing *out, const struct site *site, int64_t number, struct err_detail *detail)
{
    size_t cap = 0;
    memset(out, 0, sizeof *out);
    ERR_TRY(round_find(&out->round, site, number, detail));
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        if (!round_is_outside(site, site_round(site, out->round), p)) continue;
        if (!arena_grow((void **)&out->people, &cap, out->count + 1, sizeof *out->people)) return DW_E_MEMORY;
        out->people[out->count++] = p;
    }
    if (out->count > 0) qsort_r(out->people, out->count, sizeof *out->people, round_compare_since, (void *)(uintptr_t)site);
    return DW_OK;
}

static dw_err round_put_decision(struct book *book, struct id round, struct id person, enum kinds_decision decision,
                                 enum kinds_excuse excuse, const char *evidence, struct when at)
{
    entry_begin(&book->writer, KINDS_ROUND_DECIDE, person, at, NULL);
    entry_put_id(&book->writer, KINDS_ROUND_DECIDE_ROUND, round);
    entry_put_int(&book->writer, KINDS_ROUND_DECIDE_DECISION, decision);
    if (decision == KINDS_DECISION_EXCUSED) entry_put_int(&book->writer, KINDS_ROUND_DECIDE_EXCUSE, excuse);
    entry_put_text(&book->writer, KINDS_ROUND_DECIDE_EVIDENCE, evidence);
    return book_end(book);
}

dw_err round_decide(struct desk *desk, int64_t number, struct id person, enum kinds_decision decision, enum kinds_excuse excuse,
                    const char *evidence, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    struct id round = {{0}};
    uint32_t index;
    const struct site *site = desk_read(desk);
    dw_err err = round_find(&index, site, number, detail);
    if (err == DW_OK) {
        uint32_t who = site_find(site, SITE_PERSON, person);
        round = site_round(site, index)->id;
        if (who == SITE_NONE)
            err = err_set(detail, DW_E_NOT_FOUND, "no such person");
        else if (!cover_is_missing(site_round(site, index)->cover, site_root(site, who)))
            err = err_set(detail, DW_E_STATE, "this person is not missing in the round");
        else
            person = site_person(site, site_root(site, who))->id;
    }
    desk_read_end(desk);
    if (err == DW_OK && (evidence == NULL || *evidence == 0))
        err = err_set(detail, DW_E_INVALID, "a decision needs its evidence");
    if (err == DW_OK) err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) err = round_put_decision(&book, round, person, decision, excuse, evidence, at);
    return book_send(&book, err, desk, at, detail);
}

/* Carries everyone over who is missing without a decision; or says how many they are. */
static dw_err round_carry(struct book *book, const struct site *site, uint32_t index, const char *carry, struct when at,
                          struct err_detail *detail)
{
    const struct site_round *round = site_round(site, index);
    uint32_t people[256], cursor = 0, open = 0;
    for (size_t n; (n = cover_missing(round->cover, COVER_NONE, people, 256, &cursor)) > 0;)
        for (size_t i = 0; i < n; i++) {
            if (round->marks[people[i]].decision == 1 + KINDS_DECISION_CARRIED) continue;
            open++;
            if (carry == NULL || *carry == 0) continue;
            ERR_TRY(round_put_decision(book, round->id, site_person(site, people[i])->id, KINDS_DECISION_CARRIED,
                                       KINDS_EXCUSE_NONE, carry, at));
        }
    return open > 0 && (carry == NULL || *carry == 0)
               ? err_set(detail, DW_E_OWED, "%u people of round %lld", open, (long long)round->number)
               : DW_OK;
}

dw_err round_close(struct desk *desk, int64_t number, const char *carry, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    uint32_t index = SITE_NONE;
    struct id id = {{0}};
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    const struct site *site = desk_read(desk);
    err = round_find(&index, site, number, detail);
    if (err == DW_OK && site_round(site, index)->closed_seq != 0) err = err_set(detail, DW_E_STATE, "the round is closed");
    if (err == DW_OK) err = round_carry(&book, site, index, carry, at, detail);
    if (err == DW_OK) id = site_round(site, index)->id;
    desk_read_end(desk);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_ROUND_CLOSE, id, at, NULL);
        err = book_end(&book);
    }
    return book_send(&book, err, desk, at, detail);
}
