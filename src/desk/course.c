#include "desk/course.h"

#include <stdlib.h>
#include <string.h>

#include "desk/walk.h"

enum { COURSE_MINUTE = 60000 };

/* One person: when he came to be owed, when he was not any more, when he was covered. SITE_NEVER: not. */
struct course_one {
    uint32_t order; /* of his area; COVER_NONE */
    bool found, arrived, recovered;
    int64_t enter_ms, leave_ms, done_ms;
};

struct course_all {
    struct course_one *people;
    size_t count, cap;
    int64_t last_ms;
};

/* The first time at which he, or whoever was merged into him, was covered. */
static int64_t course_done(const struct site *site, const struct site_round *round, uint32_t person)
{
    int64_t first = INT64_MAX;
    for (uint32_t at = person; at != SITE_NONE; at = site_next_merged(site, person, at)) {
        const struct site_mark *mark = site_mark(round, at);
        if (mark != NULL && mark->state == KINDS_STATE_DONE && mark->stamp.ms < first) first = mark->stamp.ms;
    }
    return first;
}

static bool course_before(const struct site *site, const struct site_round *round, uint32_t person)
{
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        const struct site_round *other = site_round(site, i);
        if (other->number < round->number && person < cover_people(other->cover) && cover_has(other->cover, COVER_DONE, person))
            return true;
    }
    return false;
}

/* False: he is owed at no moment that could be told. */
static bool course_read(struct course_one *out, const struct site *site, const struct site_round *round, uint32_t person)
{
    const struct cover *cover = round->cover;
    const struct site_mark *mark = site_mark(round, person);
    bool roster = cover_has(cover, COVER_ROSTER, person), owed = cover_is_owed(cover, person);
    *out = (struct course_one){.order = cover_area(cover, person),
                               .found = !roster && cover_has(cover, COVER_FOUND, person),
                               .arrived = !roster && cover_has(cover, COVER_ARRIVED, person),
                               .enter_ms = round->freeze_ms,
                               .leave_ms = SITE_NEVER,
                               .done_ms = SITE_NEVER};
    if (!roster && !out->found && !out->arrived) return false;
    if (site_person(site, person)->merged_into != SITE_NONE) return false;
    if (!owed && (mark == NULL || mark->decision != 0 || mark->stamp.n == 0)) return false;
    if (!owed) out->leave_ms = mark->stamp.ms;
    if (cover_has(cover, COVER_DONE, person)) out->done_ms = course_done(site, round, person);
    if (out->done_ms != SITE_NEVER) out->recovered = !course_before(site, round, person);
    if ((out->found || out->arrived) && mark != NULL && mark->how_stamp.n != 0) out->enter_ms = mark->how_stamp.ms;
    if (out->arrived && mark != NULL && mark->how_stamp.n == 0 && out->done_ms != SITE_NEVER) out->enter_ms = out->done_ms;
    if (out->found && mark != NULL && mark->how_stamp.n == 0 && mark->state == KINDS_STATE_DONE) out->enter_ms = mark->stamp.ms;
    /* A phone that says first that he was sampled and then that he was found: he was found when he was sampled. */
    if (out->done_ms != SITE_NEVER && out->done_ms < out->enter_ms) out->enter_ms = out->done_ms;
    if (out->enter_ms < round->freeze_ms) out->enter_ms = round->freeze_ms;
    if (out->done_ms != SITE_NEVER && out->done_ms < out->enter_ms) out->done_ms = out->enter_ms;
    if (out->leave_ms != SITE_NEVER && out->leave_ms < out->enter_ms) out->leave_ms = out->enter_ms;
    return true;
}

static dw_err course_gather(struct course_all *all, const struct site *site, const struct course_ask *ask)
{
    const struct site_round *round = site_round(site, ask->round);
    uint32_t people = cover_people(round->cover);
    all->last_ms = round->freeze_ms;
    for (uint32_t p = 0; p < people; p++) {
        struct course_one one;
        if (!course_read(&one, site, round, p)) continue;
        uint32_t area = one.order == COVER_NONE ? SITE_NONE : site->area_at[one.order];
        if (!walk_under(site, area, ask->top) || (ask->sees != NULL && !ask->sees(ask->ctx, area))) continue;
        if (!arena_grow((void **)&all->people, &all->cap, all->count + 1, sizeof *all->people)) return DW_E_MEMORY;
        all->people[all->count++] = one;
        const int64_t times[] = {one.enter_ms, one.leave_ms, one.done_ms};
        for (size_t i = 0; i < 3; i++)
            if (times[i] > all->last_ms) all->last_ms = times[i];
    }
    return DW_OK;
}

static int64_t course_step(int64_t minutes)
{
    static const int64_t steps[] = {1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (minutes / steps[i] < COURSE_WANTED - 1) return steps[i];
    return (minutes / (1440 * (COURSE_WANTED - 1)) + 1) * 1440;
}

/* The first step that is not before a moment. */
static size_t course_at(int64_t ms, int64_t freeze_ms, int64_t step)
{
    return (size_t)((ms - freeze_ms + step * COURSE_MINUTE - 1) / (step * COURSE_MINUTE));
}

/* Each person where he enters, leaves and is covered; then every step has also what those before it had. */
static void course_fill(struct course *out, const struct course_all *all, int64_t freeze_ms)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct course_one *one = &all->people[i];
        struct course_step *enter = &out->steps[course_at(one->enter_ms, freeze_ms, out->step)];
        bool owed = one->leave_ms == SITE_NEVER;
        enter->owed++;
        enter->found += owed && one->found;
        enter->arrived += owed && one->arrived;
        if (!owed) out->steps[course_at(one->leave_ms, freeze_ms, out->step)].owed--; /* wraps, and is added up again */
        if (one->done_ms == SITE_NEVER) continue;
        struct course_step *done = &out->steps[course_at(one->done_ms, freeze_ms, out->step)];
        done->covered++;
        done->recovered += one->recovered;
    }
    for (size_t i = 0; i < out->count; i++) {
        struct course_step *s = &out->steps[i];
        s->at_ms = freeze_ms + (int64_t)i * out->step * COURSE_MINUTE;
        if (i == 0) continue;
        s->owed += s[-1].owed;
        s->covered += s[-1].covered;
        s->found += s[-1].found;
        s->arrived += s[-1].arrived;
        s->recovered += s[-1].recovered;
    }
}

dw_err course_steps(struct course *out, const struct site *site, const struct course_ask *ask, struct err_detail *detail)
{
    struct course_all all = {0};
    int64_t freeze_ms = site_round(site, ask->round)->freeze_ms;
    memset(out, 0, sizeof *out);
    dw_err err = course_gather(&all, site, ask);
    out->step = ask->step > 0 ? ask->step : course_step((all.last_ms - freeze_ms) / COURSE_MINUTE);
    if (err == DW_OK) {
        out->count = course_at(all.last_ms, freeze_ms, out->step) + 1;
        if (out->count > COURSE_STEPS)
            err = err_at(detail, DW_E_INVALID, NULL, NULL, 0, "step", "%zu steps; at most %d", out->count, COURSE_STEPS);
    }
    if (err == DW_OK) {
        out->steps = calloc(out->count, sizeof *out->steps);
        err = out->steps == NULL ? DW_E_MEMORY : DW_OK;
    }
    if (err == DW_OK) course_fill(out, &all, freeze_ms);
    free(all.people);
    return err;
}

static int course_compare(const void *left, const void *right)
{
    const struct course_one *a = left, *b = right;
    if (a->order != b->order) return a->order < b->order ? -1 : 1;
    return a->done_ms < b->done_ms ? -1 : a->done_ms > b->done_ms;
}

dw_err course_buildings(struct course *out, const struct site *site, const struct course_ask *ask, struct err_detail *detail)
{
    struct course_all all = {0};
    int64_t freeze_ms = site_round(site, ask->round)->freeze_ms;
    size_t minutes = 0;
    (void)detail;
    memset(out, 0, sizeof *out);
    dw_err err = course_gather(&all, site, ask);
    if (err == DW_OK) {
        out->buildings = calloc(all.count + 1, sizeof *out->buildings);
        out->minutes = calloc(all.count + 1, sizeof *out->minutes);
        if (out->buildings == NULL || out->minutes == NULL) err = DW_E_MEMORY;
    }
    if (err == DW_OK && all.count > 0) qsort(all.people, all.count, sizeof *all.people, course_compare);
    for (size_t i = 0; err == DW_OK && i < all.count; i++) {
        const struct course_one *one = &all.people[i];
        uint32_t area = one->order == COVER_NONE ? SITE_NONE : site->area_at[one->order];
        if (one->leave_ms != SITE_NEVER) continue;
        struct course_building *b = out->count == 0 ? NULL : &out->buildings[out->count - 1];
        if (b == NULL || b->area != area) {
            b = &out->buildings[out->count++];
            *b = (struct course_building){.area = area, .minutes = out->minutes + minutes};
        }
        b->owed++;
        if (one->done_ms == SITE_NEVER) continue;
        b->covered++;
        out->minutes[minutes++] = (uint32_t)((one->done_ms - freeze_ms) / COURSE_MINUTE);
    }
    free(all.people);
    return err;
}

void course_free(struct course *course)
{
    free(course->steps);
    free(course->buildings);
    free(course->minutes);
    memset(course, 0, sizeof *course);
}
