/* What the laboratory's tables say: for lab.h. */
#include <stdlib.h>
#include <string.h>

#include "desk/lab.h"
#include "desk/round.h"

const char *lab_stage_text(enum lab_stage stage, enum err_lang lang)
{
    static const char *const texts[LAB_STAGES][2] = {
        [LAB_OPEN] = {"采样中", "open"},     [LAB_SEALED] = {"已封管", "sealed"},   [LAB_BOXED] = {"已装箱", "boxed"},
        [LAB_HANDED] = {"已交接", "handed"}, [LAB_NEGATIVE] = {"阴性", "negative"}, [LAB_POSITIVE] = {"阳性", "positive"},
        [LAB_INVALID] = {"无效", "invalid"}};
    return texts[stage][lang];
}

const char *lab_sample_text(enum site_sample_state state, enum err_lang lang)
{
    static const char *const texts[SITE_SAMPLE_STATES][2] = {[SITE_SAMPLE_STANDS] = {"有效", "stands"},
                                                             [SITE_SAMPLE_OVER] = {"超出管容量", "over_capacity"},
                                                             [SITE_SAMPLE_TWICE] = {"已在另一管", "in_another_tube"},
                                                             [SITE_SAMPLE_ELSEWHERE] = {"管号重复", "code_taken"},
                                                             [SITE_SAMPLE_LEFT_OUT] = {"封管名单上没有", "not_in_sealed_list"},
                                                             [SITE_SAMPLE_DROPPED] = {"已剔除", "dropped"}};
    return texts[state][lang];
}

/* A hand-over is confirmed by two words that name each other; the last giving decides who has it. */
uint32_t lab_holder(const struct site *site, uint32_t box, bool *open)
{
    uint32_t holder = SITE_NONE;
    struct site_stamp last = {.ms = SITE_NEVER};
    *open = false;
    for (uint32_t g = 0; g < site_count(site, SITE_HAND); g++) {
        const struct site_hand *hand = site_hand(site, g);
        bool met = false;
        if (hand->box != box) continue;
        for (uint32_t t = 0; t < site_count(site, SITE_HAND) && !met; t++) {
            const struct site_hand *other = site_hand(site, t);
            met = other->box == box && other->side != hand->side && other->by == hand->other && other->other == hand->by;
        }
        *open |= !met;
        if (!met || hand->side != KINDS_BOX_SIDE_TAKE || site_stamp_compare(hand->stamp, last) <= 0) continue;
        holder = hand->by;
        last = hand->stamp;
    }
    return holder;
}

enum lab_stage lab_stage(const struct site *site, uint32_t tube)
{
    const struct site_tube *t = site_tube(site, tube);
    bool open;
    if (t->result != 0) return (enum lab_stage)(LAB_NEGATIVE + t->result - 1);
    if (t->box == SITE_NONE) return t->sealed.n != 0 ? LAB_SEALED : LAB_OPEN;
    return lab_holder(site, t->box, &open) != SITE_NONE ? LAB_HANDED : LAB_BOXED;
}

static dw_err lab_put_area(struct lab_status *out, const struct lab_area *area)
{
    if (!arena_grow((void **)&out->areas, &out->cap, out->count + 1, sizeof *out->areas)) return DW_E_MEMORY;
    out->areas[out->count++] = *area;
    return DW_OK;
}

/* Counts of each area in preorder, the whole last; then each added to its parent from the end. */
static dw_err lab_areas(struct lab_status *out, const struct site *site, uint32_t (*counts)[LAB_STAGES])
{
    struct lab_area whole = {.area = SITE_NONE};
    uint32_t unplaced[LAB_STAGES];
    memcpy(unplaced, counts[site->area_orders], sizeof unplaced);
    memcpy(whole.people, unplaced, sizeof unplaced);
    for (uint32_t order = site->area_orders; order-- > 0;)
        for (int s = 0; s < LAB_STAGES; s++) {
            uint32_t up = site->area_parent[order];
            if (up != COVER_NONE)
                counts[up][s] += counts[order][s];
            else
                whole.people[s] += counts[order][s];
        }
    ERR_TRY(lab_put_area(out, &whole));
    for (uint32_t order = 0; order < site->area_orders; order++) {
        struct lab_area row = {.area = site->area_at[order], .depth = 1};
        enum kinds_area_kind kind = site_area(site, row.area)->kind;
        if (kind == KINDS_AREA_KIND_BUILDING || kind == KINDS_AREA_KIND_FACTORY) continue;
        for (uint32_t up = site->area_parent[order]; up != COVER_NONE; up = site->area_parent[up]) row.depth++;
        memcpy(row.people, counts[order], sizeof row.people);
        ERR_TRY(lab_put_area(out, &row));
    }
    return DW_OK;
}

static dw_err lab_put_question(struct lab_list *list, enum lab_doubt doubt, uint32_t person, uint32_t tube, uint8_t state)
{
    if (!arena_grow((void **)&list->questions, &list->cap, list->count + 1, sizeof *list->questions)) return DW_E_MEMORY;
    list->questions[list->count++] = (struct lab_question){doubt, person, tube, state};
    return DW_OK;
}

/* One person of a round: ticked without a tube, or in a tube without a tick. in: a tube of his that stands, or SITE_NONE. */
static dw_err lab_ask_person(struct lab_list *out, const struct site_round *round, uint32_t person, uint32_t in)
{
    const struct site_mark *mark = site_mark(round, person);
    bool ticked = mark != NULL && mark->state == KINDS_STATE_DONE;
    if (ticked == (in != SITE_NONE)) return DW_OK;
    return lab_put_question(out, ticked ? LAB_DOUBT_NO_TUBE : LAB_DOUBT_NO_TICK, person, in, 0);
}

dw_err lab_questions(struct lab_list *out, const struct site *site, int64_t number, struct err_detail *detail)
{
    uint32_t round;
    bool tubes = false;
    memset(out, 0, sizeof *out);
    ERR_TRY(round_find(&round, site, number, detail));
    uint32_t people = site_count(site, SITE_PERSON), *in = malloc(((size_t)people + 1) * sizeof *in);
    dw_err err = in == NULL ? DW_E_MEMORY : DW_OK;
    for (uint32_t p = 0; in != NULL && p < people; p++) in[p] = SITE_NONE;
    for (uint32_t i = 0; err == DW_OK && i < site_count(site, SITE_SAMPLE); i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        if (tube->round != round || tube->use != KINDS_TUBE_USE_POOL) continue;
        tubes = true;
        if (sample->state == SITE_SAMPLE_STANDS)
            in[sample->person] = sample->tube;
        else if (sample->state != SITE_SAMPLE_DROPPED)
            err = lab_put_question(out, LAB_DOUBT_SAMPLE, sample->person, sample->tube, sample->state);
    }
    for (uint32_t p = 0; err == DW_OK && tubes && p < people; p++) err = lab_ask_person(out, site_round(site, round), p, in[p]);
    free(in);
    if (err != DW_OK) lab_list_free(out);
    return err;
}

dw_err lab_status(struct lab_status *out, const struct site *site, int64_t number, struct err_detail *detail)
{
    struct lab_list questions;
    memset(out, 0, sizeof *out);
    ERR_TRY(round_find(&out->round, site, number, detail));
    ERR_TRY(lab_questions(&questions, site, number, detail));
    for (size_t i = 0; i < questions.count; i++) {
        out->doubtful += questions.questions[i].doubt == LAB_DOUBT_SAMPLE;
        out->no_tube += questions.questions[i].doubt == LAB_DOUBT_NO_TUBE;
        out->no_tick += questions.questions[i].doubt == LAB_DOUBT_NO_TICK;
    }
    lab_list_free(&questions);
    uint32_t(*counts)[LAB_STAGES] = calloc((size_t)site->area_orders + 1, sizeof *counts);
    dw_err err = counts == NULL ? DW_E_MEMORY : DW_OK;
    for (uint32_t t = 0; err == DW_OK && t < site_count(site, SITE_TUBE); t++) {
        const struct site_tube *tube = site_tube(site, t);
        enum lab_stage stage = lab_stage(site, t);
        if (tube->round != out->round || tube->use != KINDS_TUBE_USE_POOL) continue;
        out->tubes[stage]++;
        for (uint32_t at = tube->first_sample; at != SITE_NONE; at = site_sample(site, at)->next_in_tube) {
            uint32_t area = site_person_area(site, site_round(site, out->round), site_sample(site, at)->person);
            if (site_sample(site, at)->state == SITE_SAMPLE_STANDS)
                counts[area == SITE_NONE ? site->area_orders : site_area(site, area)->order][stage]++;
        }
    }
    if (err == DW_OK) err = lab_areas(out, site, counts);
    free(counts);
    if (err != DW_OK) lab_status_free(out);
    return err;
}

void lab_status_free(struct lab_status *status)
{
    free(status->areas);
    memset(status, 0, sizeof *status);
}

/* Where a person lives as one number: household, or else door. */
static uint64_t lab_home(const struct site *site, uint32_t person)
{
    bool gone;
    uint32_t place = site_place(site, person, &gone);
    if (place == SITE_NONE || gone) return 0;
    const struct site_stay *stay = site_stay(site, place);
    if (stay->household != SITE_NONE) return site_key(1, stay->household);
    return stay->door == SITE_NONE ? 0 : site_key(2, stay->door);
}

struct lab_hold_maker {
    const struct site *site;
    struct lab_list *list;
    uint32_t *by_person; /* hold + 1 */
    struct map homes;    /* home -> hold of a member */
};

static dw_err lab_put_hold(struct lab_hold_maker *m, uint32_t person, uint32_t tube, bool member)
{
    int64_t since = site_tube(m->site, tube)->result_ms;
    uint32_t known = m->by_person[person];
    if (known != 0) {
        struct lab_hold *hold = &m->list->holds[known - 1];
        if ((member && !hold->member) || (member == hold->member && since < hold->since_ms))
            *hold = (struct lab_hold){.person = person, .tube = tube, .since_ms = since, .member = member, .ended = -1};
        return DW_OK;
    }
    if (!arena_grow((void **)&m->list->holds, &m->list->cap, m->list->count + 1, sizeof *m->list->holds)) return DW_E_MEMORY;
    m->list->holds[m->list->count++] =
        (struct lab_hold){.person = person, .tube = tube, .since_ms = since, .member = member, .ended = -1};
    m->by_person[person] = (uint32_t)m->list->count;
    return DW_OK;
}

/* The people of every positive pool, then everybody who lives with one of them. */
static dw_err lab_hold_all(struct lab_hold_maker *m)
{
    const struct site *site = m->site;
    for (uint32_t i = 0; i < site_count(site, SITE_SAMPLE); i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        bool positive = tube->result == 1 + KINDS_TUBE_RESULT_POSITIVE && tube->use == KINDS_TUBE_USE_POOL;
        if (!positive || sample->state != SITE_SAMPLE_STANDS) continue;
        ERR_TRY(lab_put_hold(m, sample->person, sample->tube, true));
        uint64_t home = lab_home(site, sample->person);
        if (home != 0 && !map_put(&m->homes, home, sample->tube)) return DW_E_MEMORY;
    }
    if (m->list->count == 0) return DW_OK;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        uint64_t home = lab_home(site, p);
        size_t cursor = 0;
        uint32_t tube;
        if (m->by_person[p] != 0 || home == 0 || site_person(site, p)->merged_into != SITE_NONE) continue;
        while (map_next(&m->homes, home, &cursor, &tube)) ERR_TRY(lab_put_hold(m, p, tube, false));
    }
    return DW_OK;
}

static void lab_hold_later(struct lab_hold_maker *m)
{
    const struct site *site = m->site;
    for (uint32_t i = 0; i < site_count(site, SITE_RELEASE); i++) {
        const struct site_release *release = site_release(site, i);
        uint32_t known = m->by_person[release->person];
        if (known != 0 && release->stamp.ms >= m->list->holds[known - 1].since_ms)
            m->list->holds[known - 1].ended = (int)release->how;
    }
    for (uint32_t i = 0; i < site_count(site, SITE_SAMPLE); i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        uint32_t known = m->by_person[sample->person];
        if (known == 0 || tube->use != KINDS_TUBE_USE_RETEST || sample->state != SITE_SAMPLE_STANDS) continue;
        struct lab_hold *hold = &m->list->holds[known - 1];
        if (tube->opened.ms < hold->since_ms) continue;
        hold->retests++;
        hold->negative += tube->result == 1 + KINDS_TUBE_RESULT_NEGATIVE;
        hold->positive += tube->result == 1 + KINDS_TUBE_RESULT_POSITIVE;
    }
}

dw_err lab_holds(struct lab_list *out, const struct site *site)
{
    struct lab_hold_maker m = {.site = site, .list = out};
    memset(out, 0, sizeof *out);
    m.by_person = calloc((size_t)site_count(site, SITE_PERSON) + 1, sizeof *m.by_person);
    dw_err err = m.by_person == NULL ? DW_E_MEMORY : lab_hold_all(&m);
    if (err == DW_OK) lab_hold_later(&m);
    map_free(&m.homes);
    free(m.by_person);
    if (err != DW_OK) lab_list_free(out);
    return err;
}

void lab_list_free(struct lab_list *list)
{
    free(list->questions);
    free(list->holds);
    memset(list, 0, sizeof *list);
}
