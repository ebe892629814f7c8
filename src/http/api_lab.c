/* Tubes, boxes and the laboratory: what the office records of them, how far they are, what does not fit, who is held. */
#include <string.h>

#include "desk/lab.h"
#include "desk/policy.h"
#include "desk/register.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"
#include "http/request_list.h"

enum { API_LAB_HOUR = 3600000 };

/* The office at work on the path's round. */
static dw_err api_lab_by(struct lab_by *by, struct request *r)
{
    *by = (struct lab_by){.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    return api_round_number(&by->round, r);
}

static dw_err api_done(struct request *r, dw_err err)
{
    if (err == DW_OK) api_nothing(r);
    return err;
}

static void api_tube(struct request *r, const struct site *site, const struct lab_boxes *boxes, uint32_t index)
{
    const struct site_tube *tube = site_tube(site, index);
    int64_t standing = 0, doubtful = 0;
    for (uint32_t at = tube->first_sample; at != SITE_NONE; at = site_sample(site, at)->next_in_tube) {
        standing += site_sample(site, at)->state == SITE_SAMPLE_STANDS;
        doubtful += site_sample(site, at)->state != SITE_SAMPLE_STANDS && site_sample(site, at)->state != SITE_SAMPLE_DROPPED;
    }
    answer_open(r, NULL, '{');
    answer_text(r, "code", tube->code);
    answer_text(r, "use", kinds_tube_use_texts[tube->use]);
    answer_text(r, "stage", lab_stage_text(lab_stage(site, boxes, index), ERR_EN));
    answer_int(r, "people", standing);
    answer_int(r, "capacity", tube->capacity);
    answer_int(r, "doubtful", doubtful);
    answer_text(r, "box", tube->box == SITE_NONE ? NULL : site_box(site, tube->box)->code);
    answer_time(r, "result_at", tube->result == 0 ? SITE_NEVER : tube->result_ms);
    answer_close(r, '}');
}

dw_err api_tubes_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct lab_boxes boxes = {0};
    int64_t from = 0, items = 0, at = 0, all = site_count(site, SITE_TUBE);
    uint32_t round;
    dw_err err = api_round_of(&round, r, site);
    if (err == DW_OK) err = lab_boxes(&boxes, site);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < all && answer_page_room(r, items); at++) {
        if (site_tube(site, (uint32_t)at)->round != round) continue;
        api_tube(r, site, &boxes, (uint32_t)at);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    lab_boxes_free(&boxes);
    desk_read_end(request_desk(r));
    return err;
}

static int64_t api_tube_capacity(struct request *r, int64_t number)
{
    const struct site *site = desk_read(request_desk(r));
    uint32_t round = site_round_by_number(site, number);
    const struct policy_round *policy = round == SITE_NONE ? NULL : policy_round(site_round(site, round)->kind);
    desk_read_end(request_desk(r));
    return policy == NULL ? 0 : policy->capacity;
}

dw_err api_tubes_open(struct request *r)
{
    static const char *const fields[] = {"code", "capacity", "use", NULL};
    struct lab_by by;
    const char *code;
    int64_t capacity;
    int use;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&code, r, "code", 64));
    ERR_TRY(request_may_int(&capacity, r, "capacity", 1, 1000, 0));
    ERR_TRY(request_may_enum(&use, r, "use", kinds_tube_use_texts, KINDS_TUBE_USE_COUNT, KINDS_TUBE_USE_POOL));
    ERR_TRY(api_lab_by(&by, r));
    if (capacity == 0) capacity = api_tube_capacity(r, by.round);
    return api_done(r, lab_tube_open(&by, code, capacity, (enum kinds_tube_use)use, &r->detail));
}

/* Whoever is named must be the caller's. */
static dw_err api_lab_people(struct id **out, size_t *count, struct request *r)
{
    static const char *const fields[] = {"people", NULL};
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_list_ids(out, count, r, "people", LAB_PEOPLE));
    const struct site *site = desk_read(request_desk(r));
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < *count; i++) {
        uint32_t person = site_find(site, SITE_PERSON, (*out)[i]);
        err = guard_area(r, site, person == SITE_NONE ? SITE_NONE : site_person_area(site, NULL, person));
    }
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_tubes_fill(struct request *r)
{
    struct lab_by by;
    struct id *people;
    size_t count;
    ERR_TRY(api_lab_people(&people, &count, r));
    ERR_TRY(api_lab_by(&by, r));
    if (count == 0)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "people", "%s", request_say(r, "必须填写", "it must be given"));
    return api_done(r, lab_tube_fill(&by, request_param(r, 1), people, count, &r->detail));
}

dw_err api_tubes_seal(struct request *r)
{
    struct lab_by by;
    struct id *people;
    size_t count;
    ERR_TRY(api_lab_people(&people, &count, r));
    ERR_TRY(api_lab_by(&by, r));
    return api_done(r, lab_tube_seal(&by, request_param(r, 1), people, count, &r->detail));
}

dw_err api_tubes_result(struct request *r)
{
    static const char *const fields[] = {"result", "method", NULL};
    struct lab_by by;
    const char *method;
    int result;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&result, r, "result", kinds_tube_result_texts, KINDS_TUBE_RESULT_COUNT, -1));
    ERR_TRY(request_may(&method, r, "method", 64));
    ERR_TRY(api_lab_by(&by, r));
    return api_done(r, lab_result(&by, request_param(r, 1), (enum kinds_tube_result)result, method, &r->detail));
}

dw_err api_tubes_decide(struct request *r)
{
    static const char *const fields[] = {"decision", "reason", NULL};
    const char *reason, *text = request_param(r, 2);
    struct lab_by by;
    struct id id = {{0}};
    int decision;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&decision, r, "decision", kinds_sample_decision_texts, KINDS_SAMPLE_DECISION_COUNT, -1));
    ERR_TRY(request_may(&reason, r, "reason", 500));
    ERR_TRY(api_lab_by(&by, r));
    const struct site *site = desk_read(request_desk(r));
    uint32_t person = id_parse(&id, text, strlen(text)) ? site_find(site, SITE_PERSON, id) : SITE_NONE;
    dw_err err = person == SITE_NONE ? err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有这个人", "no such person"))
                                     : guard_area(r, site, site_person_area(site, NULL, person));
    desk_read_end(request_desk(r));
    if (err != DW_OK) return err;
    return api_done(r, lab_sample_decide(&by, request_param(r, 1), id, (enum kinds_sample_decision)decision, reason, &r->detail));
}

dw_err api_boxes_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct lab_boxes boxes = {0};
    int64_t from = 0, items = 0, at = 0, all = site_count(site, SITE_BOX);
    dw_err err = lab_boxes(&boxes, site);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < all && answer_page_room(r, items); at++, items++) {
        const struct site_box *box = site_box(site, (uint32_t)at);
        int64_t tubes = 0;
        for (uint32_t i = 0; i < site_count(site, SITE_TUBE); i++) tubes += site_tube(site, i)->box == (uint32_t)at;
        answer_open(r, NULL, '{');
        answer_text(r, "code", box->code);
        answer_int(r, "tubes", tubes);
        answer_time(r, "packed", box->packed.n == 0 ? SITE_NEVER : box->packed.ms);
        answer_id(r, "holder", boxes.holder[at] == SITE_NONE ? (struct id){{0}} : site_device(site, boxes.holder[at])->id);
        answer_bool(r, "one_sided", boxes.one_sided[at]);
        answer_close(r, '}');
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    lab_boxes_free(&boxes);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_boxes_pack(struct request *r)
{
    static const char *const fields[] = {"code", "tubes", "round", NULL};
    struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    const char *code, **tubes;
    size_t count;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&code, r, "code", 64));
    ERR_TRY(request_list_texts(&tubes, &count, r, "tubes", LAB_TUBES, 64));
    ERR_TRY(request_may_int(&by.round, r, "round", -1000000, 1000000, 0));
    if (count == 0)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "tubes", "%s", request_say(r, "必须填写", "it must be given"));
    return api_done(r, lab_box_pack(&by, code, tubes, count, &r->detail));
}

dw_err api_boxes_hand(struct request *r)
{
    static const char *const fields[] = {"side", "other", NULL};
    const struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    struct id id;
    bool given;
    int side;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&side, r, "side", kinds_box_side_texts, KINDS_BOX_SIDE_COUNT, -1));
    ERR_TRY(request_may_id(&id, &given, r, "other"));
    const struct site *site = desk_read(by.desk);
    uint32_t other = given ? site_find(site, SITE_DEVICE, id) : SITE_NONE;
    desk_read_end(by.desk);
    if (other == SITE_NONE)
        return err_at(&r->detail, given ? DW_E_NOT_FOUND : DW_E_INVALID, NULL, NULL, 0, "other", "%s",
                      request_say(r, "没有这台设备", "there is no such device"));
    return api_done(r, lab_box_hand(&by, request_param(r, 0), (enum kinds_box_side)side, other, &r->detail));
}

static void api_stages(struct request *r, const char *key, const uint32_t counts[LAB_STAGES])
{
    answer_open(r, key, '{');
    for (int s = 0; s < LAB_STAGES; s++) {
        json_key(&r->answer, lab_stage_text((enum lab_stage)s, ERR_EN));
        json_put_int(&r->answer, counts[s]);
    }
    answer_close(r, '}');
}

dw_err api_lab_status(struct request *r)
{
    struct lab_status s = {0};
    uint32_t round;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_round_of(&round, r, site);
    if (err == DW_OK) err = lab_status(&s, site, site_round(site, round)->number, r->now.ms, &r->detail);
    if (err == DW_OK) {
        const struct {
            const char *name;
            int64_t n;
        } numbers[] = {{"doubtful", s.doubtful},
                       {"done_without_tube", s.no_tube},
                       {"in_tube_not_done", s.no_tick},
                       {"to_sample_again", s.again},
                       {"boxes_one_sided", s.one_sided},
                       {"late_to_laboratory", s.late[0]},
                       {"late_hours", s.longest_ms[0] / API_LAB_HOUR},
                       {"result_overdue", s.late[1]},
                       {"overdue_hours", s.longest_ms[1] / API_LAB_HOUR}};
        answer_begin(r);
        answer_open(r, NULL, '{');
        answer_int(r, "round", site_round(site, round)->number);
        api_stages(r, "tubes", s.tubes);
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) answer_int(r, numbers[i].name, numbers[i].n);
        answer_open(r, "areas", '[');
        for (size_t i = 0; i < s.count; i++) {
            if (!guard_sees(r, site, s.areas[i].area)) continue;
            answer_open(r, NULL, '{');
            api_area_ref(r, site, s.areas[i].area);
            answer_int(r, "depth", s.areas[i].depth);
            api_stages(r, "people", s.areas[i].people);
            answer_close(r, '}');
        }
        answer_close(r, ']');
        answer_close(r, '}');
    }
    lab_status_free(&s);
    desk_read_end(request_desk(r));
    return err;
}

static const char *api_question(const struct lab_question *q)
{
    static const char *const texts[] = {[LAB_DOUBT_NO_TUBE] = "done_without_tube", [LAB_DOUBT_NO_TICK] = "in_tube_not_done",
                                        [LAB_DOUBT_INVALID] = "result_invalid",    [LAB_DOUBT_ONE_SIDED] = "box_one_sided",
                                        [LAB_DOUBT_LATE] = "late_to_laboratory",   [LAB_DOUBT_OVERDUE] = "result_overdue"};
    return q->doubt == LAB_DOUBT_SAMPLE ? lab_sample_text((enum site_sample_state)q->state, ERR_EN) : texts[q->doubt];
}

/* Who was merged is shown as who stands for him, with the number he was sampled under. */
static void api_question_show(struct request *r, const struct site *site, const struct lab_question *q)
{
    const struct id none = {{0}};
    char place[512] = "";
    uint32_t who = q->person == SITE_NONE ? SITE_NONE : site_root(site, q->person);
    if (who != SITE_NONE) register_place_text(place, sizeof place, site, NULL, who);
    answer_open(r, NULL, '{');
    answer_text(r, "question", api_question(q));
    answer_id(r, "person", who == SITE_NONE ? none : site_person(site, who)->id);
    answer_id(r, "sampled_as", who == SITE_NONE || who == q->person ? none : site_person(site, q->person)->id);
    answer_text(r, "name", who == SITE_NONE ? NULL : register_field(site, who, KINDS_PERSON_SET_NAME));
    answer_text(r, "place", who == SITE_NONE ? NULL : place);
    answer_text(r, "tube", q->tube == SITE_NONE ? NULL : site_tube(site, q->tube)->code);
    answer_text(r, "box", q->box == SITE_NONE ? NULL : site_box(site, q->box)->code);
    if (q->ms > 0)
        answer_int(r, "hours", q->ms / API_LAB_HOUR);
    else
        answer_text(r, "hours", NULL);
    answer_close(r, '}');
}

dw_err api_lab_questions(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct lab_list list = {0};
    int64_t from = 0, items = 0, at = 0;
    uint32_t round;
    dw_err err = api_round_of(&round, r, site);
    if (err == DW_OK) err = lab_questions(&list, site, site_round(site, round)->number, r->now.ms, &r->detail);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)list.count && answer_page_room(r, items); at++) {
        const struct lab_question *q = &list.questions[at];
        /* A question of a tube or box is everybody's who works with them. */
        if (q->person != SITE_NONE && !guard_sees(r, site, site_person_area(site, NULL, site_root(site, q->person)))) continue;
        api_question_show(r, site, q);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)list.count ? at : -1);
    lab_list_free(&list);
    desk_read_end(request_desk(r));
    return err;
}

static void api_hold(struct request *r, const struct site *site, const struct lab_hold *hold)
{
    char place[512];
    register_place_text(place, sizeof place, site, NULL, hold->person);
    answer_open(r, NULL, '{');
    answer_id(r, "id", site_person(site, hold->person)->id);
    answer_text(r, "name", register_field(site, hold->person, KINDS_PERSON_SET_NAME));
    answer_text(r, "place", place);
    answer_text(r, "tube", site_tube(site, hold->tube)->code);
    answer_time(r, "since", hold->since_ms);
    answer_bool(r, "own_sample", hold->member);
    answer_int(r, "retests", hold->retests);
    answer_int(r, "negative", hold->negative);
    answer_int(r, "positive", hold->positive);
    answer_text(r, "ended", hold->ended < 0 ? NULL : kinds_release_texts[hold->ended]);
    answer_close(r, '}');
}

dw_err api_holds_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    struct lab_list list = {0};
    int64_t from = 0, items = 0, at = 0;
    dw_err err = lab_holds(&list, site);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)list.count && answer_page_room(r, items); at++) {
        if (!guard_sees(r, site, site_person_area(site, NULL, list.holds[at].person))) continue;
        api_hold(r, site, &list.holds[at]);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)list.count ? at : -1);
    lab_list_free(&list);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_holds_release(struct request *r)
{
    static const char *const fields[] = {"how", "reason", NULL};
    const struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    const char *reason;
    struct id id = {{0}};
    uint32_t person;
    int how;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may_enum(&how, r, "how", kinds_release_texts, KINDS_RELEASE_COUNT, -1));
    ERR_TRY(request_may(&reason, r, "reason", 500));
    const struct site *site = desk_read(by.desk);
    dw_err err = api_person_of(&person, r, site);
    if (err == DW_OK) id = site_person(site, person)->id;
    desk_read_end(by.desk);
    return err == DW_OK ? api_done(r, lab_hold_end(&by, id, (enum kinds_release)how, reason, &r->detail)) : err;
}
