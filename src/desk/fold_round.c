/* Rounds: rosters, marks, who was found, arrived, missing. */
#include <string.h>

#include "desk/fold.h"

static bool fold_chunk_dirty(struct site *site, struct site_round *round, uint32_t person, uint32_t area)
{
    struct site_chunk chunk = {site_cell(site, area), person / SITE_CHUNK};
    uint64_t hash = site_key(chunk.cell, chunk.chunk);
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&round->dirty_cover, hash, &cursor, &at))
        if (round->dirty_chunks[at].cell == chunk.cell && round->dirty_chunks[at].chunk == chunk.chunk) return true;
    if (!arena_grow((void **)&round->dirty_chunks, &round->dirty_chunk_cap, round->dirty_chunk_count + 1,
                    sizeof *round->dirty_chunks))
        return false;
    round->dirty_chunks[round->dirty_chunk_count] = chunk;
    return map_put(&round->dirty_cover, hash, (uint32_t)round->dirty_chunk_count++);
}

struct site_mark *fold_round_mark(struct site *site, struct site_round *round, uint32_t person)
{
    if (person >= round->mark_count) {
        size_t old = round->mark_count;
        if (!arena_grow((void **)&round->marks, &round->mark_cap, (size_t)person + 1, sizeof *round->marks)) return NULL;
        round->mark_count = (size_t)person + 1;
        memset(round->marks + old, 0, (round->mark_count - old) * sizeof *round->marks);
        for (size_t i = old; i < round->mark_count; i++) round->marks[i].door = round->marks[i].area = SITE_NONE;
        if (cover_grow(round->cover, (uint32_t)round->mark_count) != DW_OK) return NULL;
    }
    struct site_mark *mark = &round->marks[person];
    if (site_mark(round, person) == NULL) mark->area = site_person_area(site, round, person);
    if (mark->dirty) return mark;
    if (!arena_grow((void **)&round->dirty_marks, &round->dirty_mark_cap, round->dirty_mark_count + 1,
                    sizeof *round->dirty_marks))
        return NULL;
    mark->dirty = true;
    round->dirty_marks[round->dirty_mark_count++] = person;
    return mark;
}

enum kinds_how fold_round_how(const struct site *site, const struct site_round *round, uint32_t person)
{
    const struct site_mark *mark = site_mark(round, person);
    if (mark == NULL || mark->in_roster) return KINDS_HOW_NONE;
    if (mark->how != KINDS_HOW_NONE) return (enum kinds_how)mark->how;
    if (mark->state != KINDS_STATE_DONE) return KINDS_HOW_NONE;
    uint32_t first = site_person(site, person)->first_stay;
    return first != SITE_NONE && site_stay(site, first)->at_ms > round->freeze_ms ? KINDS_HOW_ARRIVED : KINDS_HOW_FOUND;
}

static bool fold_mark_excused(const struct site_mark *mark)
{
    if (mark->decision != 0) return mark->decision == 1 + KINDS_DECISION_EXCUSED;
    return mark->state == KINDS_STATE_EXCUSED;
}

static bool fold_put(struct site *site, struct site_round *round, uint32_t person, const bool bits[COVER_SETS])
{
    const struct site_mark *mark = &round->marks[person];
    bool changed = false;
    uint32_t order = mark->area == SITE_NONE ? COVER_NONE : site_area(site, mark->area)->order;
    if (cover_area(round->cover, person) != order) {
        cover_place(round->cover, person, order);
        changed = true;
    }
    for (int set = 0; set < COVER_SETS; set++) changed |= cover_put(round->cover, (enum cover_set)set, person, bits[set]);
    return !changed || fold_chunk_dirty(site, round, person, mark->area);
}

/* Someone who was merged into another stays in the roster as excused; whoever stands for him carries what is owed and done. */
static bool fold_put_merged(struct site *site, struct site_round *round, uint32_t person, bool all[COVER_SETS])
{
    const struct site_mark *mark = site_mark(round, person);
    if (mark == NULL) return true;
    enum kinds_how how = fold_round_how(site, round, person);
    bool bits[COVER_SETS] = {mark->in_roster, how == KINDS_HOW_FOUND, how == KINDS_HOW_ARRIVED, false, true};
    all[COVER_DONE] |= mark->state == KINDS_STATE_DONE;
    all[COVER_FOUND] |= mark->in_roster || how == KINDS_HOW_FOUND;
    all[COVER_ARRIVED] |= how == KINDS_HOW_ARRIVED;
    return fold_put(site, round, person, bits);
}

dw_err fold_round_refresh(struct site *site, struct site_round *round, uint32_t person)
{
    uint32_t root = site_root(site, person);
    const struct site_mark *mark = site_mark(round, root);
    bool bits[COVER_SETS] = {false};
    for (uint32_t m = site_next_merged(site, root, root); m != SITE_NONE; m = site_next_merged(site, root, m))
        if (!fold_put_merged(site, round, m, bits)) return DW_E_MEMORY;
    bool needed = bits[COVER_DONE] || bits[COVER_FOUND] || bits[COVER_ARRIVED];
    if (mark == NULL && !needed) {
        /* He may have stood for others before: then nothing of it is left. */
        if (root < round->mark_count && !fold_put(site, round, root, bits)) return DW_E_MEMORY;
        return DW_OK;
    }
    if (mark == NULL && fold_round_mark(site, round, root) == NULL) return DW_E_MEMORY;
    enum kinds_how how = fold_round_how(site, round, root);
    if (mark != NULL) {
        bits[COVER_ROSTER] = mark->in_roster;
        bits[COVER_DONE] |= mark->state == KINDS_STATE_DONE;
        bits[COVER_EXCUSED] = fold_mark_excused(mark);
        bits[COVER_FOUND] |= how == KINDS_HOW_FOUND;
        bits[COVER_ARRIVED] |= how == KINDS_HOW_ARRIVED;
    }
    bits[COVER_FOUND] = bits[COVER_FOUND] && !bits[COVER_ROSTER];
    bits[COVER_ARRIVED] = bits[COVER_ARRIVED] && !bits[COVER_ROSTER] && !bits[COVER_FOUND];
    return fold_put(site, round, root, bits) ? DW_OK : DW_E_MEMORY;
}

dw_err fold_round_fill(struct site *site, struct site_round *round)
{
    for (uint32_t p = 0; p < round->mark_count; p++)
        if (site_mark(round, p) != NULL) ERR_TRY(fold_round_refresh(site, round, p));
    return DW_OK;
}

/* Also where he is counted as before, what was said of him earlier may tell now whether he was found or arrived. */
dw_err fold_round_moved(struct site *site, uint32_t person)
{
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        struct site_round *round = site_round(site, i);
        struct site_mark *mark = site_mark(round, person);
        if (mark == NULL) continue;
        uint32_t area = round->closed_seq != 0 ? mark->area : site_person_area(site, round, person);
        if (mark->area != area) {
            if (!fold_chunk_dirty(site, round, person, mark->area)) return DW_E_MEMORY;
            mark = fold_round_mark(site, round, person);
            if (mark == NULL) return DW_E_MEMORY;
            mark->area = area;
        }
        ERR_TRY(fold_round_refresh(site, round, person));
    }
    return DW_OK;
}

static struct site_round *fold_round(struct fold *fold, int field)
{
    return site_round(fold->site, fold_ref(fold, SITE_ROUND, field));
}

/* Entries about a round that reach the site after its close are corrections, counted as such. */
static bool fold_late(struct fold *fold, uint32_t round)
{
    struct site_round *r = site_round(fold->site, round);
    if (r->closed_seq == 0) return true;
    r->late++;
    return site_touch(fold->site, SITE_ROUND, round);
}

enum kinds_held_reason fold_judge_round_open(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    bool known = site_find(fold->site, SITE_ROUND, fold->entry->on) != SITE_NONE;
    known = known || site_round_by_number(fold->site, v[KINDS_ROUND_OPEN_NO].n) != SITE_NONE;
    bool past = v[KINDS_ROUND_OPEN_PAST].n != 0;
    return known || v[KINDS_ROUND_OPEN_NO].n < (past ? INT32_MIN : 1) || (past && v[KINDS_ROUND_OPEN_NO].n > 0)
               ? KINDS_HELD_REASON_CONFLICT
               : KINDS_HELD_REASON_NONE;
}

/* Freezes the roster: everyone who stands for himself and lives here at the time of freezing. Who has announced that he will move
 * or leave later is still here; who will only come later is not owed yet. */
static dw_err fold_roster(struct site *site, struct site_round *round)
{
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        bool gone;
        uint32_t place = site_place_at(site, p, round->freeze_ms, &gone);
        if (site_person(site, p)->merged_into != SITE_NONE || gone || place == SITE_NONE) continue;
        struct site_mark *mark = fold_round_mark(site, round, p);
        if (mark == NULL) return DW_E_MEMORY;
        mark->in_roster = true;
        mark->evidence = "";
        ERR_TRY(fold_round_refresh(site, round, p));
    }
    return DW_OK;
}

dw_err fold_apply_round_open(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    if (site->areas_moved) ERR_TRY(site_order(site, fold->detail));
    uint32_t index = fold_subject(fold, SITE_ROUND, fold->entry->on);
    if (index == SITE_NONE) return DW_E_MEMORY;
    struct site_round *round = site_round(site, index);
    round->number = v[KINDS_ROUND_OPEN_NO].n;
    round->kind = (enum kinds_round_kind)v[KINDS_ROUND_OPEN_KIND].n;
    round->freeze_ms = v[KINDS_ROUND_OPEN_FREEZE].at.ms;
    round->past = v[KINDS_ROUND_OPEN_PAST].n != 0;
    ERR_TRY(cover_make(&round->cover, site->area_parent, site->area_orders, fold->detail));
    return round->past ? DW_OK : fold_roster(site, round);
}

enum kinds_held_reason fold_judge_round_close(struct fold *fold)
{
    uint32_t index = site_find(fold->site, SITE_ROUND, fold->entry->on), missing[64], cursor = 0;
    if (!fold_knows(fold, SITE_ROUND, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    const struct site_round *round = site_round(fold->site, index);
    if (round->closed_seq != 0) return KINDS_HELD_REASON_CONFLICT;
    if (fold->decided) return KINDS_HELD_REASON_NONE;
    for (size_t n; (n = cover_missing(round->cover, COVER_NONE, missing, 64, &cursor)) > 0;)
        for (size_t i = 0; i < n; i++)
            if (round->marks[missing[i]].decision != 1 + KINDS_DECISION_CARRIED) return KINDS_HELD_REASON_CONFLICT;
    return KINDS_HELD_REASON_NONE;
}

dw_err fold_apply_round_close(struct fold *fold)
{
    uint32_t index = site_find(fold->site, SITE_ROUND, fold->entry->on);
    site_round(fold->site, index)->closed_seq = fold->seq;
    return site_touch(fold->site, SITE_ROUND, index) ? DW_OK : DW_E_MEMORY;
}

/* A pinned person: a human has decided, and a later statement must not turn it without another decision. */
static bool fold_pinned(const struct fold *fold, const struct site_round *round, uint32_t person)
{
    const struct site_mark *mark = site_mark(round, person);
    return !fold->decided && mark != NULL && mark->decision == 1 + KINDS_DECISION_EXCUSED;
}

enum kinds_held_reason fold_judge_visit(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct entry_value item[KINDS_FIELDS_MAX];
    uint32_t cursor = 0;
    bool more = true;
    if (!fold_knows(fold, SITE_DOOR, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    if (!fold_knows(fold, SITE_ROUND, v[KINDS_VISIT_ROUND].id)) return KINDS_HELD_REASON_UNKNOWN;
    const struct site_round *round = fold_round(fold, KINDS_VISIT_ROUND);
    while (more) {
        if (entry_item(item, &cursor, &more, fold->entry, KINDS_VISIT_PEOPLE, fold->reader, fold->detail) != DW_OK)
            return KINDS_HELD_REASON_MALFORMED;
        if (!more) break;
        if (!fold_knows(fold, SITE_PERSON, item[KINDS_VISIT_PEOPLE_PERSON].id)) return KINDS_HELD_REASON_UNKNOWN;
        uint32_t person = site_find(fold->site, SITE_PERSON, item[KINDS_VISIT_PEOPLE_PERSON].id);
        if (fold_pinned(fold, round, person)) return KINDS_HELD_REASON_PINNED;
    }
    return KINDS_HELD_REASON_NONE;
}

/* Of who is forgotten none is kept. */
static bool fold_evidence(struct site *site, struct site_mark *mark, uint32_t person, const struct entry_value *value)
{
    bool gone = value->erased || site_person(site, person)->forgotten;
    mark->evidence = gone ? "" : site_text(site, value->text);
    return mark->evidence != NULL;
}

dw_err fold_round_forget(struct site *site, uint32_t person)
{
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        struct site_round *round = site_round(site, i);
        struct site_mark *mark = site_mark(round, person);
        if (mark == NULL || mark->evidence == NULL || *mark->evidence == 0) continue;
        mark = fold_round_mark(site, round, person);
        if (mark == NULL) return DW_E_MEMORY;
        keys_wipe((char *)(uintptr_t)mark->evidence, strlen(mark->evidence));
        mark->evidence = "";
    }
    return DW_OK;
}

/* Done outranks everything; among the rest the latest statement stands. */
static dw_err fold_tick(struct fold *fold, struct site_round *round, const struct entry_value *item)
{
    struct site *site = fold->site;
    uint32_t person = site_find(site, SITE_PERSON, item[KINDS_VISIT_PEOPLE_PERSON].id);
    uint8_t state = (uint8_t)item[KINDS_VISIT_PEOPLE_STATE].n;
    struct site_mark *mark = fold_round_mark(site, round, person);
    if (mark == NULL) return DW_E_MEMORY;
    bool was = mark->state == KINDS_STATE_DONE, is = state == KINDS_STATE_DONE;
    if (mark->state != KINDS_STATE_NONE && (was != is ? was : site_stamp_compare(fold->stamp, mark->stamp) <= 0)) return DW_OK;
    mark->state = state;
    mark->stamp = fold->stamp;
    mark->door = site_find(site, SITE_DOOR, fold->entry->on);
    mark->excuse = (uint8_t)item[KINDS_VISIT_PEOPLE_EXCUSE].n;
    if (fold->decided) mark->decision = 0;
    if (round->past) mark->in_roster = true;
    if (!fold_evidence(site, mark, person, &item[KINDS_VISIT_PEOPLE_EVIDENCE])) return DW_E_MEMORY;
    return fold_round_refresh(site, round, person);
}

static dw_err fold_door_visit(struct fold *fold, struct site_round *round)
{
    const struct entry_value *v = fold->entry->values;
    uint32_t door = site_find(fold->site, SITE_DOOR, fold->entry->on), at = SITE_NONE;
    size_t cursor = 0;
    while (map_next(&round->by_door, site_key(door, 0), &cursor, &at) && round->visits[at].door != door) at = SITE_NONE;
    if (at == SITE_NONE) {
        if (!arena_grow((void **)&round->visits, &round->visit_cap, round->visit_count + 1, sizeof *round->visits))
            return DW_E_MEMORY;
        at = (uint32_t)round->visit_count++;
        round->visits[at] = (struct site_visit){.door = door, .heads = -1, .stamp = {.ms = SITE_NEVER}};
        if (!map_put(&round->by_door, site_key(door, 0), at)) return DW_E_MEMORY;
    }
    struct site_visit *visit = &round->visits[at];
    if (!visit->dirty) {
        if (!arena_grow((void **)&round->dirty_visits, &round->dirty_visit_cap, round->dirty_visit_count + 1,
                        sizeof *round->dirty_visits))
            return DW_E_MEMORY;
        round->dirty_visits[round->dirty_visit_count++] = at;
        visit->dirty = true;
    }
    visit->visits++;
    if (site_stamp_compare(fold->stamp, visit->stamp) <= 0) return DW_OK;
    visit->stamp = fold->stamp;
    visit->outcome = (enum kinds_outcome)v[KINDS_VISIT_OUTCOME].n;
    visit->heads = v[KINDS_VISIT_HEADS].present && v[KINDS_VISIT_HEADS].n >= 0 ? v[KINDS_VISIT_HEADS].n : -1;
    return DW_OK;
}

dw_err fold_apply_visit(struct fold *fold)
{
    struct entry_value item[KINDS_FIELDS_MAX];
    uint32_t cursor = 0;
    bool more = true;
    struct site_round *round = fold_round(fold, KINDS_VISIT_ROUND);
    if (!fold_late(fold, fold_ref(fold, SITE_ROUND, KINDS_VISIT_ROUND))) return DW_E_MEMORY;
    /* Without an outcome nobody knocked: neighbours or a telephone told of these people. */
    if (fold->entry->values[KINDS_VISIT_OUTCOME].present) ERR_TRY(fold_door_visit(fold, round));
    for (;;) {
        ERR_TRY(entry_item(item, &cursor, &more, fold->entry, KINDS_VISIT_PEOPLE, fold->reader, fold->detail));
        if (!more) return DW_OK;
        ERR_TRY(fold_tick(fold, round, item));
    }
}

enum kinds_held_reason fold_judge_round_add(struct fold *fold)
{
    if (!fold_knows(fold, SITE_PERSON, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    return fold_knows(fold, SITE_ROUND, fold->entry->values[KINDS_ROUND_ADD_ROUND].id) ? KINDS_HELD_REASON_NONE
                                                                                       : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_round_add(struct fold *fold)
{
    struct site *site = fold->site;
    uint32_t person = site_find(site, SITE_PERSON, fold->entry->on);
    struct site_round *round = fold_round(fold, KINDS_ROUND_ADD_ROUND);
    if (!fold_late(fold, fold_ref(fold, SITE_ROUND, KINDS_ROUND_ADD_ROUND))) return DW_E_MEMORY;
    struct site_mark *mark = fold_round_mark(site, round, person);
    if (mark == NULL) return DW_E_MEMORY;
    if (mark->evidence == NULL) mark->evidence = "";
    if (mark->how_stamp.n != 0 && site_stamp_compare(fold->stamp, mark->how_stamp) <= 0) return DW_OK;
    mark->how = (uint8_t)fold->entry->values[KINDS_ROUND_ADD_HOW].n;
    mark->how_stamp = fold->stamp;
    return fold_round_refresh(site, round, person);
}

enum kinds_held_reason fold_judge_round_decide(struct fold *fold)
{
    if (!fold_knows(fold, SITE_PERSON, fold->entry->on)) return KINDS_HELD_REASON_UNKNOWN;
    return fold_knows(fold, SITE_ROUND, fold->entry->values[KINDS_ROUND_DECIDE_ROUND].id) ? KINDS_HELD_REASON_NONE
                                                                                          : KINDS_HELD_REASON_UNKNOWN;
}

dw_err fold_apply_round_decide(struct fold *fold)
{
    const struct entry_value *v = fold->entry->values;
    struct site *site = fold->site;
    uint32_t person = site_find(site, SITE_PERSON, fold->entry->on);
    struct site_round *round = fold_round(fold, KINDS_ROUND_DECIDE_ROUND);
    struct site_mark *mark = fold_round_mark(site, round, person);
    if (mark == NULL) return DW_E_MEMORY;
    mark->decision = (uint8_t)(1 + v[KINDS_ROUND_DECIDE_DECISION].n);
    mark->excuse = (uint8_t)v[KINDS_ROUND_DECIDE_EXCUSE].n;
    if (!fold_evidence(site, mark, person, &v[KINDS_ROUND_DECIDE_EVIDENCE])) return DW_E_MEMORY;
    return fold_round_refresh(site, round, person);
}
