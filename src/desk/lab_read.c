/* What the laboratory's tables say: for lab.h. */
#include <stdlib.h>
#include <string.h>

#include "desk/lab.h"
#include "desk/policy.h"
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

static uint64_t lab_hand_key(uint32_t box, enum kinds_box_side side, uint32_t by, uint32_t other)
{
    return site_key(site_key((uint64_t)box << 1 | side, by), other);
}

/* Whether the other side has said the same. */
static bool lab_met(const struct site *site, const struct map *said, const struct site_hand *hand)
{
    enum kinds_box_side side = hand->side == KINDS_BOX_SIDE_GIVE ? KINDS_BOX_SIDE_TAKE : KINDS_BOX_SIDE_GIVE;
    size_t cursor = 0;
    uint32_t at;
    while (map_next(said, lab_hand_key(hand->box, side, hand->other, hand->by), &cursor, &at)) {
        const struct site_hand *other = site_hand(site, at);
        if (other->box == hand->box && other->side == side && other->by == hand->other && other->other == hand->by) return true;
    }
    return false;
}

/* A hand-over is confirmed by two words that name each other; the last taking decides who has it. */
static bool lab_boxes_fill(struct lab_boxes *out, const struct site *site, struct map *said)
{
    uint32_t hands = site_count(site, SITE_HAND);
    for (uint32_t h = 0; h < hands; h++) {
        const struct site_hand *hand = site_hand(site, h);
        if (!map_put(said, lab_hand_key(hand->box, hand->side, hand->by, hand->other), h)) return false;
    }
    for (uint32_t h = 0; h < hands; h++) {
        const struct site_hand *hand = site_hand(site, h);
        struct site_stamp *last = &out->taken[hand->box];
        if (hand->side != KINDS_BOX_SIDE_TAKE || !lab_met(site, said, hand)) continue;
        if (last->n != 0 && site_stamp_compare(hand->stamp, *last) <= 0) continue;
        *last = hand->stamp;
        out->holder[hand->box] = hand->by;
    }
    for (uint32_t h = 0; h < hands; h++) {
        const struct site_hand *hand = site_hand(site, h);
        const struct site_stamp *last = &out->taken[hand->box];
        bool settled = last->n != 0 && site_stamp_compare(hand->stamp, *last) <= 0;
        if (!settled && !lab_met(site, said, hand)) out->one_sided[hand->box] = true;
    }
    return true;
}

dw_err lab_boxes(struct lab_boxes *out, const struct site *site)
{
    size_t boxes = site_count(site, SITE_BOX) + 1;
    struct map said = {0};
    out->holder = malloc(boxes * sizeof *out->holder);
    out->taken = calloc(boxes, sizeof *out->taken);
    out->one_sided = calloc(boxes, sizeof *out->one_sided);
    bool fine = out->holder != NULL && out->taken != NULL && out->one_sided != NULL;
    for (size_t b = 0; fine && b < boxes; b++) out->holder[b] = SITE_NONE;
    fine = fine && lab_boxes_fill(out, site, &said);
    map_free(&said);
    if (fine) return DW_OK;
    lab_boxes_free(out);
    return DW_E_MEMORY;
}

void lab_boxes_free(struct lab_boxes *boxes)
{
    free(boxes->holder);
    free(boxes->taken);
    free(boxes->one_sided);
    memset(boxes, 0, sizeof *boxes);
}

enum lab_stage lab_stage(const struct site *site, const struct lab_boxes *boxes, uint32_t tube)
{
    const struct site_tube *t = site_tube(site, tube);
    if (t->result != 0) return (enum lab_stage)(LAB_NEGATIVE + t->result - 1);
    if (t->box == SITE_NONE) return t->sealed.n != 0 ? LAB_SEALED : LAB_OPEN;
    return boxes->holder[t->box] != SITE_NONE ? LAB_HANDED : LAB_BOXED;
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

/* What lab_questions works with. */
struct lab_asking {
    struct lab_list *out;
    const struct site *site;
    const struct site_round *round;
    uint32_t index; /* of the round */
    int64_t now_ms;
    struct lab_boxes boxes;
    uint32_t *in;  /* of who stands for himself: the tube in which a sample of his stands, or SITE_NONE */
    bool *ticked;  /* … whether one of those who are he was ticked done */
    bool *doubted; /* … whether a sample of his is asked about */
    bool *asked;   /* of each box */
};

static dw_err lab_put_question(struct lab_asking *a, struct lab_question question)
{
    struct lab_list *list = a->out;
    if (!arena_grow((void **)&list->questions, &list->cap, list->count + 1, sizeof *list->questions)) return DW_E_MEMORY;
    list->questions[list->count++] = question;
    return DW_OK;
}

/* Ticked without a tube, or in a tube without a tick. Of whom a sample is asked about already is not asked twice. */
static dw_err lab_ask_people(struct lab_asking *a)
{
    for (uint32_t p = 0; p < site_count(a->site, SITE_PERSON); p++) {
        const struct site_mark *mark = site_mark(a->round, p);
        if (mark != NULL && mark->state == KINDS_STATE_DONE) a->ticked[site_root(a->site, p)] = true;
    }
    for (uint32_t p = 0; p < site_count(a->site, SITE_PERSON); p++) {
        if (a->ticked[p] == (a->in[p] != SITE_NONE) || (a->ticked[p] && a->doubted[p])) continue;
        ERR_TRY(lab_put_question(a, (struct lab_question){.doubt = a->ticked[p] ? LAB_DOUBT_NO_TUBE : LAB_DOUBT_NO_TICK,
                                                          .person = p,
                                                          .tube = a->in[p],
                                                          .box = SITE_NONE}));
    }
    return DW_OK;
}

/* Samples that do not stand. Who is missing on the list of a sealed tube under one of his numbers may be on it under another. */
static dw_err lab_ask_samples(struct lab_asking *a, bool *pooled)
{
    const struct site *site = a->site;
    for (uint32_t i = 0; i < site_count(site, SITE_SAMPLE); i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        if (tube->round != a->index || tube->use != KINDS_TUBE_USE_POOL) continue;
        *pooled = true;
        if (sample->state == SITE_SAMPLE_STANDS) a->in[site_root(site, sample->person)] = sample->tube;
    }
    for (uint32_t i = 0; i < site_count(site, SITE_SAMPLE); i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        bool other = tube->round != a->index || tube->use != KINDS_TUBE_USE_POOL;
        if (other || sample->state == SITE_SAMPLE_STANDS || sample->state == SITE_SAMPLE_DROPPED) continue;
        if (sample->state == SITE_SAMPLE_LEFT_OUT && a->in[site_root(site, sample->person)] == sample->tube) continue;
        a->doubted[site_root(site, sample->person)] = true;
        ERR_TRY(lab_put_question(a, (struct lab_question){.doubt = LAB_DOUBT_SAMPLE,
                                                          .person = sample->person,
                                                          .tube = sample->tube,
                                                          .box = SITE_NONE,
                                                          .state = sample->state}));
    }
    return DW_OK;
}

static bool lab_holds_samples(const struct site *site, const struct site_tube *tube)
{
    for (uint32_t at = tube->first_sample; at != SITE_NONE; at = site_sample(site, at)->next_in_tube)
        if (site_sample(site, at)->state == SITE_SAMPLE_STANDS) return true;
    return false;
}

static bool lab_alone(const struct site *site, uint32_t person, uint32_t round)
{
    uint32_t root = site_root(site, person);
    for (uint32_t at = root; at != SITE_NONE; at = site_next_merged(site, root, at)) {
        size_t cursor = 0;
        for (uint32_t i; (i = site_sample_of(site, at, &cursor)) != SITE_NONE;) {
            const struct site_tube *tube = site_tube(site, site_sample(site, i)->tube);
            bool single = tube->round == round && tube->use == KINDS_TUBE_USE_RETEST;
            if (single && site_sample(site, i)->state == SITE_SAMPLE_STANDS) return true;
        }
    }
    return false;
}

/* The people of a tube whose result is invalid are to be sampled again. */
static dw_err lab_ask_invalid(struct lab_asking *a, uint32_t index)
{
    for (uint32_t at = site_tube(a->site, index)->first_sample; at != SITE_NONE; at = site_sample(a->site, at)->next_in_tube) {
        const struct site_sample *sample = site_sample(a->site, at);
        if (sample->state != SITE_SAMPLE_STANDS || lab_alone(a->site, sample->person, a->index)) continue;
        ERR_TRY(lab_put_question(
            a, (struct lab_question){.doubt = LAB_DOUBT_INVALID, .person = sample->person, .tube = index, .box = SITE_NONE}));
    }
    return DW_OK;
}

/* The way to the laboratory counts from a tube's opening, when its first sample is taken; the result from the taking over. */
static dw_err lab_ask_tube(struct lab_asking *a, uint32_t index, const struct policy_round *policy)
{
    const int64_t hour = 3600000;
    const struct site_tube *tube = site_tube(a->site, index);
    enum lab_stage stage = lab_stage(a->site, &a->boxes, index);
    struct lab_question question = {.person = SITE_NONE, .tube = index, .box = tube->box};
    if (tube->box != SITE_NONE && a->boxes.one_sided[tube->box] && !a->asked[tube->box]) {
        a->asked[tube->box] = true;
        question.doubt = LAB_DOUBT_ONE_SIDED;
        question.tube = SITE_NONE;
        ERR_TRY(lab_put_question(a, question));
        question.tube = index;
    }
    if (stage == LAB_INVALID && tube->use == KINDS_TUBE_USE_POOL) return lab_ask_invalid(a, index);
    if (policy == NULL || stage > LAB_HANDED || !lab_holds_samples(a->site, tube)) return DW_OK;
    bool handed = stage == LAB_HANDED;
    question.doubt = handed ? LAB_DOUBT_OVERDUE : LAB_DOUBT_LATE;
    question.ms = a->now_ms - (handed ? a->boxes.taken[tube->box].ms : tube->opened.ms);
    int64_t hours = handed ? policy->result_hours : policy->transport_hours;
    return hours > 0 && question.ms > hours * hour ? lab_put_question(a, question) : DW_OK;
}

static dw_err lab_ask(struct lab_asking *a)
{
    size_t people = site_count(a->site, SITE_PERSON) + 1;
    bool pooled = false;
    const struct policy_round *policy = policy_round(a->round->kind);
    a->in = malloc(people * sizeof *a->in);
    a->ticked = calloc(people, sizeof *a->ticked);
    a->asked = calloc(site_count(a->site, SITE_BOX) + 1, sizeof *a->asked);
    a->doubted = calloc(people, sizeof *a->doubted);
    if (a->in == NULL || a->ticked == NULL || a->doubted == NULL || a->asked == NULL) return DW_E_MEMORY;
    for (size_t p = 0; p < people; p++) a->in[p] = SITE_NONE;
    ERR_TRY(lab_boxes(&a->boxes, a->site));
    ERR_TRY(lab_ask_samples(a, &pooled));
    if (pooled) ERR_TRY(lab_ask_people(a));
    for (uint32_t t = 0; t < site_count(a->site, SITE_TUBE); t++)
        if (site_tube(a->site, t)->round == a->index) ERR_TRY(lab_ask_tube(a, t, policy));
    return DW_OK;
}

dw_err lab_questions(struct lab_list *out, const struct site *site, int64_t number, int64_t now_ms, struct err_detail *detail)
{
    struct lab_asking a = {.out = out, .site = site, .now_ms = now_ms};
    memset(out, 0, sizeof *out);
    ERR_TRY(round_find(&a.index, site, number, detail));
    a.round = site_round(site, a.index);
    dw_err err = lab_ask(&a);
    lab_boxes_free(&a.boxes);
    free(a.in);
    free(a.ticked);
    free(a.doubted);
    free(a.asked);
    if (err != DW_OK) lab_list_free(out);
    return err;
}

static void lab_status_asked(struct lab_status *out, const struct lab_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct lab_question *q = &list->questions[i];
        int which = q->doubt == LAB_DOUBT_OVERDUE;
        out->doubtful += q->doubt == LAB_DOUBT_SAMPLE;
        out->no_tube += q->doubt == LAB_DOUBT_NO_TUBE;
        out->no_tick += q->doubt == LAB_DOUBT_NO_TICK;
        out->again += q->doubt == LAB_DOUBT_INVALID;
        out->one_sided += q->doubt == LAB_DOUBT_ONE_SIDED;
        if (q->doubt != LAB_DOUBT_LATE && q->doubt != LAB_DOUBT_OVERDUE) continue;
        out->late[which]++;
        if (q->ms > out->longest_ms[which]) out->longest_ms[which] = q->ms;
    }
}

dw_err lab_status(struct lab_status *out, const struct site *site, int64_t number, int64_t now_ms, struct err_detail *detail)
{
    struct lab_list questions;
    struct lab_boxes boxes = {0};
    memset(out, 0, sizeof *out);
    ERR_TRY(round_find(&out->round, site, number, detail));
    ERR_TRY(lab_questions(&questions, site, number, now_ms, detail));
    lab_status_asked(out, &questions);
    lab_list_free(&questions);
    uint32_t(*counts)[LAB_STAGES] = calloc((size_t)site->area_orders + 1, sizeof *counts);
    dw_err err = counts == NULL ? DW_E_MEMORY : lab_boxes(&boxes, site);
    for (uint32_t t = 0; err == DW_OK && t < site_count(site, SITE_TUBE); t++) {
        const struct site_tube *tube = site_tube(site, t);
        if (tube->round != out->round || tube->use != KINDS_TUBE_USE_POOL) continue;
        enum lab_stage stage = lab_stage(site, &boxes, t);
        out->tubes[stage]++;
        for (uint32_t at = tube->first_sample; at != SITE_NONE; at = site_sample(site, at)->next_in_tube) {
            uint32_t area = site_person_area(site, site_round(site, out->round), site_root(site, site_sample(site, at)->person));
            if (site_sample(site, at)->state == SITE_SAMPLE_STANDS)
                counts[area == SITE_NONE ? site->area_orders : site_area(site, area)->order][stage]++;
        }
    }
    if (err == DW_OK) err = lab_areas(out, site, counts);
    lab_boxes_free(&boxes);
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

/* Whether the tube, or another that bears its number in the same round, is positive. */
static bool lab_positive(const struct site *site, uint32_t index)
{
    const struct site_tube *tube = site_tube(site, index);
    size_t cursor = 0;
    for (uint32_t at; (at = site_tube_coded(site, tube->round, tube->code, &cursor)) != SITE_NONE;)
        if (site_tube(site, at)->result == 1 + KINDS_TUBE_RESULT_POSITIVE) return true;
    return false;
}

/* The people of every positive pool, also those of whom it is in doubt, then everybody who lives with one of them. */
static dw_err lab_hold_all(struct lab_hold_maker *m)
{
    const struct site *site = m->site;
    for (uint32_t i = 0; i < site_count(site, SITE_SAMPLE); i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        bool dropped = sample->state == SITE_SAMPLE_DROPPED;
        if (dropped || tube->use != KINDS_TUBE_USE_POOL || !lab_positive(site, sample->tube)) continue;
        uint32_t person = site_root(site, sample->person);
        ERR_TRY(lab_put_hold(m, person, sample->tube, true));
        uint64_t home = lab_home(site, person);
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
        uint32_t known = m->by_person[site_root(site, release->person)];
        if (known != 0 && release->stamp.ms >= m->list->holds[known - 1].since_ms)
            m->list->holds[known - 1].ended = (int)release->how;
    }
    for (uint32_t i = 0; i < site_count(site, SITE_SAMPLE); i++) {
        const struct site_sample *sample = site_sample(site, i);
        const struct site_tube *tube = site_tube(site, sample->tube);
        uint32_t known = m->by_person[site_root(site, sample->person)];
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
