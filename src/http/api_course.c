/* How a round grew, by steps or by buildings. */
#include "desk/course.h"
#include "desk/walk.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"

static void api_course_steps(struct request *r, const struct course *course)
{
    for (size_t i = 0; i < course->count; i++) {
        const struct course_step *s = &course->steps[i];
        answer_open(r, NULL, '{');
        answer_time(r, "at", s->at_ms);
        answer_int(r, "owed", s->owed);
        answer_int(r, "covered", s->covered);
        answer_int(r, "found", s->found);
        answer_int(r, "arrived", s->arrived);
        answer_int(r, "recovered", s->recovered);
        answer_close(r, '}');
    }
}

static void api_course_buildings(struct request *r, const struct site *site, const struct course *course)
{
    for (size_t i = 0; i < course->count; i++) {
        const struct course_building *b = &course->buildings[i];
        answer_open(r, NULL, '{');
        api_area_ref(r, site, b->area);
        answer_int(r, "owed", b->owed);
        answer_open(r, "minutes", '[');
        for (uint32_t k = 0; k < b->covered; k++) json_put_int(&r->answer, b->minutes[k]);
        answer_close(r, ']');
        answer_close(r, '}');
    }
}

dw_err api_rounds_course(struct request *r)
{
    struct course_ask ask = {.step = request_int(r, "step"), .sees = api_sees, .ctx = r};
    struct course course = {.step = 0};
    bool buildings = request_bool(r, "buildings");
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_round_of(&ask.round, r, site);
    if (err == DW_OK) err = api_under(&ask.top, r, site, "area");
    if (err == DW_OK && ask.top != SITE_NONE) err = guard_area(r, site, ask.top);
    if (err == DW_OK)
        err = buildings ? course_buildings(&course, site, &ask, &r->detail) : course_steps(&course, site, &ask, &r->detail);
    if (err == DW_OK) {
        answer_begin(r);
        answer_open(r, NULL, '{');
        answer_time(r, "freeze", site_round(site, ask.round)->freeze_ms);
        answer_int(r, "step", course.step);
        answer_open(r, "items", '[');
        if (buildings)
            api_course_buildings(r, site, &course);
        else
            api_course_steps(r, &course);
        answer_close(r, ']');
        answer_close(r, '}');
    }
    course_free(&course);
    desk_read_end(request_desk(r));
    return err;
}
