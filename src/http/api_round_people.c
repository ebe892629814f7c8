/* The names behind each number of a round, and those who are missing. */
#include "desk/register.h"
#include "desk/round.h"
#include "domain/phone.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"

/* Who he is and where the round meets him. */
static void api_round_who(struct request *r, const struct site *site, const struct site_round *round, uint32_t person,
                          uint32_t area)
{
    char place[512], phone[PHONE_SIZE];
    bool gone;
    uint32_t stay = site_place_in(site, round, person, &gone), door = stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->door;
    register_place_text(place, sizeof place, site, round, person);
    phone_mask(phone, register_field(site, person, KINDS_PERSON_SET_PHONE));
    answer_id(r, "id", site_person(site, person)->id);
    answer_text(r, "name", register_field(site, person, KINDS_PERSON_SET_NAME));
    answer_text(r, "place", place);
    answer_id(r, "door", door == SITE_NONE ? (struct id){{0}} : site_door(site, door)->id);
    answer_id(r, "area", area == SITE_NONE ? (struct id){{0}} : site_area(site, area)->id);
    answer_text(r, "phone", phone);
}

typedef void api_round_row(struct request *r, const struct site *site, const struct site_round *round, uint32_t person);

static void api_round_person(struct request *r, const struct site *site, const struct site_round *round, uint32_t person)
{
    struct site_mark mark = round_counted(site, round, person);
    answer_open(r, NULL, '{');
    api_round_who(r, site, round, person, mark.area);
    answer_text(r, "state", kinds_state_texts[mark.state]);
    answer_text(r, "how", kinds_how_texts[mark.how]);
    answer_text(r, "excuse", kinds_excuse_texts[mark.excuse]);
    answer_bool(r, "carried", mark.decision == 1 + KINDS_DECISION_CARRIED);
    answer_time(r, "at", mark.stamp.n == 0 ? SITE_NEVER : mark.stamp.ms);
    answer_close(r, '}');
}

static void api_round_missed(struct request *r, const struct site *site, const struct site_round *round, uint32_t person)
{
    const struct site_mark *mark = site_mark(round, person);
    answer_open(r, NULL, '{');
    api_round_who(r, site, round, person, mark == NULL ? site_person_area(site, round, person) : mark->area);
    answer_text(r, "reason", kinds_state_texts[mark == NULL ? KINDS_STATE_NONE : mark->state]);
    answer_bool(r, "carried", mark != NULL && mark->decision == 1 + KINDS_DECISION_CARRIED);
    answer_close(r, '}');
}

static dw_err api_round_page(struct request *r, enum round_what what, int state, api_round_row *row)
{
    const struct site *site = desk_read(request_desk(r));
    struct round_missing people = {0};
    struct round_page ask = {.code = request_text(r, "area"),
                             .what = what,
                             .state = state,
                             .after = SITE_NONE,
                             .want = (size_t)request_int(r, "limit"),
                             .sees = api_sees,
                             .ctx = r};
    int64_t from = 0;
    uint32_t index;
    bool more = false;
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    if (err == DW_OK && from > 0) ask.after = from < SITE_NONE ? (uint32_t)from - 1 : SITE_NONE - 1;
    if (err == DW_OK) {
        ask.number = site_round(site, index)->number;
        err = round_missing_page(&people, &more, site, &ask, &r->detail);
    }
    for (size_t i = 0; err == DW_OK && i < people.count; i++) row(r, site, site_round(site, index), people.people[i]);
    if (err == DW_OK) answer_page_end(r, more && people.count > 0 ? (int64_t)people.people[people.count - 1] + 1 : -1);
    round_missing_free(&people);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_rounds_people(struct request *r)
{
    int what = request_enum(r, "what");
    return api_round_page(r, what < 0 ? ROUND_OWED : (enum round_what)what, -1, api_round_person);
}

dw_err api_rounds_missing(struct request *r)
{
    return api_round_page(r, ROUND_MISSING, request_enum(r, "reason"), api_round_missed);
}
