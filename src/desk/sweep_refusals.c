#include <stdlib.h>
#include <string.h>

#include "desk/sweep.h"
#include "desk/walk.h"

/* What was said of one person or door: the last settlement of each kind, then the refusals and attempts after it. */
struct sweep_said {
    struct site_stamp settled[2]; /* by enum sweep_refused_where */
    struct site_stamp written;    /* the last settlement that somebody wrote down */
    struct site_stamp last[2];
    uint32_t times[2], tries;
    int64_t since_ms[2];
    const struct site_follow *follow; /* the last one since the last written settlement */
};

/* Few refuse: only of those, and of doors that somebody followed up, is kept what was said. Everybody else's number is 0, of whom
 * nothing is said. */
struct sweep_all {
    const struct site *site;
    uint32_t *people, *doors; /* numbers in said */
    struct sweep_said *said;
    size_t count, cap;
};

static bool sweep_number(struct sweep_all *all, uint32_t *number)
{
    if (*number != 0) return true;
    if (!arena_grow((void **)&all->said, &all->cap, all->count + 1, sizeof *all->said)) return false;
    all->said[all->count] =
        (struct sweep_said){.settled = {{SITE_NEVER, 0, 0}, {SITE_NEVER, 0, 0}}, .written = {SITE_NEVER, 0, 0}};
    *number = (uint32_t)all->count++;
    return true;
}

static bool sweep_refused(const struct site_mark *mark)
{
    return mark != NULL && mark->stamp.n != 0 && mark->state == KINDS_STATE_REFUSED;
}

static bool sweep_who_round(struct sweep_all *all, const struct site_round *round)
{
    bool good = true;
    for (uint32_t p = 0; good && p < round->mark_count; p++)
        if (sweep_refused(site_mark(round, p))) good = sweep_number(all, &all->people[site_root(all->site, p)]);
    for (size_t i = 0; good && i < round->visit_count; i++)
        if (round->visits[i].outcome == KINDS_OUTCOME_REFUSED) good = sweep_number(all, &all->doors[round->visits[i].door]);
    return good;
}

static bool sweep_who(struct sweep_all *all)
{
    const struct site *site = all->site;
    uint32_t nobody = 0;
    bool good = sweep_number(all, &nobody);
    for (uint32_t r = 0; good && r < site_count(site, SITE_ROUND); r++) good = sweep_who_round(all, site_round(site, r));
    for (uint32_t i = 0; good && i < site_count(site, SITE_MEETING); i++)
        if (site_meeting(site, i)->outcome == KINDS_MET_OUTCOME_REFUSED)
            good = sweep_number(all, &all->people[site_root(site, site_meeting(site, i)->person)]);
    for (uint32_t i = 0; good && i < site_count(site, SITE_FOLLOW); i++)
        if (site_follow(site, i)->of == KINDS_FORM_OF_DOOR) good = sweep_number(all, &all->doors[site_follow(site, i)->subject]);
    return good;
}

static void sweep_settle(struct sweep_said *said, enum sweep_refused_where where, struct site_stamp stamp)
{
    if (site_stamp_compare(stamp, said->settled[where]) > 0) said->settled[where] = stamp;
}

static void sweep_refuse(struct sweep_said *said, enum sweep_refused_where where, struct site_stamp stamp)
{
    if (site_stamp_compare(stamp, said->settled[where]) <= 0) return;
    if (said->times[where] == 0 || stamp.ms < said->since_ms[where]) said->since_ms[where] = stamp.ms;
    if (said->times[where]++ == 0 || site_stamp_compare(stamp, said->last[where]) > 0) said->last[where] = stamp;
}

/* Each fact either settles or refuses; all settlements are taken in before the refusals are held against them. */
static void sweep_marks(struct sweep_all *all, const struct site_round *round, bool settle)
{
    for (uint32_t p = 0; p < round->mark_count; p++) {
        const struct site_mark *mark = site_mark(round, p);
        if (mark == NULL || mark->stamp.n == 0) continue;
        struct sweep_said *said = &all->said[all->people[site_root(all->site, p)]];
        if (said == all->said) continue;
        bool excused = mark->decision != 0 ? mark->decision == 1 + KINDS_DECISION_EXCUSED : mark->state == KINDS_STATE_EXCUSED;
        if (settle && (excused || mark->state == KINDS_STATE_DONE)) sweep_settle(said, SWEEP_AT_DOOR, mark->stamp);
        if (!settle && !excused && mark->state == KINDS_STATE_REFUSED) sweep_refuse(said, SWEEP_AT_DOOR, mark->stamp);
    }
}

static void sweep_visits(struct sweep_all *all, const struct site_round *round, bool settle)
{
    for (size_t i = 0; i < round->visit_count; i++) {
        const struct site_visit *visit = &round->visits[i];
        struct sweep_said *said = &all->said[all->doors[visit->door]];
        if (said == all->said) continue;
        bool opened = visit->outcome == KINDS_OUTCOME_DONE || visit->outcome == KINDS_OUTCOME_EMPTY ||
                      visit->outcome == KINDS_OUTCOME_MOVED;
        if (settle && opened) sweep_settle(said, SWEEP_AT_DOOR, visit->stamp);
        if (!settle && visit->outcome == KINDS_OUTCOME_REFUSED) sweep_refuse(said, SWEEP_AT_DOOR, visit->stamp);
    }
}

static void sweep_meetings(struct sweep_all *all, bool settle)
{
    for (uint32_t i = 0; i < site_count(all->site, SITE_MEETING); i++) {
        const struct site_meeting *meeting = site_meeting(all->site, i);
        struct sweep_said *said = &all->said[all->people[site_root(all->site, meeting->person)]];
        if (said == all->said) continue;
        bool refused = meeting->outcome == KINDS_MET_OUTCOME_REFUSED;
        if (settle && !refused) sweep_settle(said, SWEEP_IN_STREET, meeting->stamp);
        if (!settle && refused) sweep_refuse(said, SWEEP_IN_STREET, meeting->stamp);
    }
}

static void sweep_follows(struct sweep_all *all, bool settle)
{
    for (uint32_t i = 0; i < site_count(all->site, SITE_FOLLOW); i++) {
        const struct site_follow *follow = site_follow(all->site, i);
        bool door = follow->of == KINDS_FORM_OF_DOOR;
        struct sweep_said *said =
            &all->said[door ? all->doors[follow->subject] : all->people[site_root(all->site, follow->subject)]];
        if (said == all->said) continue;
        if (settle && follow->step == KINDS_FOLLOW_STEP_SETTLED) {
            sweep_settle(said, SWEEP_AT_DOOR, follow->stamp);
            sweep_settle(said, SWEEP_IN_STREET, follow->stamp);
            if (site_stamp_compare(follow->stamp, said->written) > 0) said->written = follow->stamp;
        }
        if (settle || site_stamp_compare(follow->stamp, said->written) <= 0) continue;
        said->tries++;
        if (said->follow == NULL || site_stamp_compare(follow->stamp, said->follow->stamp) > 0) said->follow = follow;
    }
}

static dw_err sweep_gather(struct sweep_all *all, const struct site *site)
{
    uint32_t people = site_count(site, SITE_PERSON), doors = site_count(site, SITE_DOOR);
    all->site = site;
    all->people = calloc((size_t)people + 1, sizeof *all->people);
    all->doors = calloc((size_t)doors + 1, sizeof *all->doors);
    if (all->people == NULL || all->doors == NULL || !sweep_who(all)) return DW_E_MEMORY;
    for (int settle = 1; settle >= 0; settle--) {
        for (uint32_t r = 0; r < site_count(site, SITE_ROUND); r++) {
            sweep_marks(all, site_round(site, r), settle != 0);
            sweep_visits(all, site_round(site, r), settle != 0);
        }
        sweep_meetings(all, settle != 0);
        sweep_follows(all, settle != 0);
    }
    return DW_OK;
}

/* behind: the door at which it was refused, or NULL: what was done about it counts for those behind it. */
static dw_err sweep_refusal_put(struct sweep_refusals *out, struct sweep_refusal item, const struct sweep_said *said,
                                const struct sweep_said *behind)
{
    const struct site_follow *follow = said->follow;
    if (behind != NULL && behind->follow != NULL &&
        (follow == NULL || site_stamp_compare(behind->follow->stamp, follow->stamp) > 0))
        follow = behind->follow;
    if (!arena_grow((void **)&out->items, &out->cap, out->count + 1, sizeof *out->items)) return DW_E_MEMORY;
    item.times = said->times[item.where];
    item.since_ms = said->since_ms[item.where];
    item.last_ms = said->last[item.where].ms;
    item.tries = said->tries + (behind == NULL ? 0 : behind->tries);
    item.step = follow == NULL ? -1 : (int)follow->step;
    item.next_ms = follow == NULL ? SITE_NEVER : follow->next_ms;
    item.note = follow == NULL || follow->note == NULL ? "" : follow->note;
    out->items[out->count++] = item;
    return DW_OK;
}

/* What is written of a door settles what those behind it have refused there; that others of them opened it does not. */
static dw_err sweep_refusal_person(struct sweep_refusals *out, struct sweep_all *all, struct sweep_refusal item)
{
    const struct sweep_said *said = &all->said[all->people[item.person]];
    struct sweep_said *behind =
        item.where == SWEEP_IN_STREET || item.door == SITE_NONE ? NULL : &all->said[all->doors[item.door]];
    if (said->times[item.where] == 0) return DW_OK;
    if (behind != NULL && site_stamp_compare(said->last[item.where], behind->written) <= 0) return DW_OK;
    ERR_TRY(sweep_refusal_put(out, item, said, behind));
    if (behind != NULL) behind->times[SWEEP_AT_DOOR] = 0; /* he stands for the door */
    return DW_OK;
}

static dw_err sweep_refusal_people(struct sweep_refusals *out, struct sweep_all *all, uint32_t top)
{
    const struct site *site = all->site;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        bool gone;
        if (all->people[p] == 0) continue;
        uint32_t stay = site_place(site, p, &gone), door = stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->door;
        uint32_t area = door == SITE_NONE ? SITE_NONE : site_door(site, door)->area;
        struct sweep_refusal item = {.area = area, .door = door, .person = p};
        if (gone || site_person(site, p)->merged_into != SITE_NONE || !walk_under(site, area, top)) continue;
        for (int where = 0; where < 2; where++) {
            item.where = (enum sweep_refused_where)where;
            ERR_TRY(sweep_refusal_person(out, all, item));
        }
    }
    return DW_OK;
}

static struct walk_step sweep_refusal_where(const void *item)
{
    const struct sweep_refusal *refusal = item;
    return (struct walk_step){.area = refusal->area, .door = refusal->door, .household = SITE_NONE, .person = refusal->person};
}

dw_err sweep_refusals(struct sweep_refusals *out, const struct site *site, const char *code, struct err_detail *detail)
{
    struct sweep_all all = {0};
    uint32_t top;
    memset(out, 0, sizeof *out);
    ERR_TRY(walk_top(&top, site, code, detail));
    dw_err err = sweep_gather(&all, site);
    if (err == DW_OK) err = sweep_refusal_people(out, &all, top);
    for (uint32_t d = 0; err == DW_OK && d < site_count(site, SITE_DOOR); d++) {
        uint32_t area = site_door(site, d)->area;
        const struct sweep_said *said = &all.said[all.doors[d]];
        if (said->times[SWEEP_AT_DOOR] == 0 || !walk_under(site, area, top)) continue;
        struct sweep_refusal item = {.area = area, .door = d, .person = SITE_NONE};
        err = sweep_refusal_put(out, item, said, NULL);
    }
    if (err == DW_OK) err = walk_sort(out->items, out->count, sizeof *out->items, site, sweep_refusal_where);
    free(all.people);
    free(all.doors);
    free(all.said);
    return err;
}

void sweep_refusals_free(struct sweep_refusals *list)
{
    free(list->items);
    memset(list, 0, sizeof *list);
}
