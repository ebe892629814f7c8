/* People: masked for whoever works with them, in full only with a reason that is recorded first. */
#include <stdlib.h>
#include <string.h>

#include "desk/register.h"
#include "desk/register_add.h"
#include "desk/walk.h"
#include "domain/idno.h"
#include "domain/phone.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/api_version.h"
#include "http/guard.h"

/* For who may write them there; those of the mind only for who may see everything. */
static void api_person_flags(struct request *r, const struct site *site, uint32_t person, uint32_t area)
{
    char flags[REGISTER_FLAGS];
    bool may = guard_may(r, site, ROLES_REGISTER_WRITE, area);
    bool hidden = may && register_flags(flags, site, person, guard_may(r, site, ROLES_REGISTER_REVEAL, area));
    answer_text(r, "flags", may ? flags : NULL);
    answer_bool(r, "flags_hidden", hidden);
}

static void api_person(struct request *r, const struct site *site, uint32_t person)
{
    bool gone = false;
    char doc[IDNO_SIZE], phone[PHONE_SIZE], place[512];
    uint32_t stay = site_place(site, person, &gone);
    const struct site_stay *s = stay == SITE_NONE ? NULL : site_stay(site, stay);
    const struct id none = {{0}};
    idno_mask(doc, register_field(site, person, KINDS_PERSON_SET_DOC));
    phone_mask(phone, register_field(site, person, KINDS_PERSON_SET_PHONE));
    register_place_text(place, sizeof place, site, NULL, person);
    answer_open(r, NULL, '{');
    answer_id(r, "id", site_person(site, person)->id);
    answer_text(r, "name", register_field(site, person, KINDS_PERSON_SET_NAME));
    answer_text(r, "birth", register_field(site, person, KINDS_PERSON_SET_BIRTH));
    answer_text(r, "sex", register_field(site, person, KINDS_PERSON_SET_SEX));
    answer_text(r, "document", doc);
    answer_text(r, "phone", phone);
    api_person_flags(r, site, person, s == NULL || s->door == SITE_NONE ? SITE_NONE : site_door(site, s->door)->area);
    answer_id(r, "door", s == NULL || s->door == SITE_NONE ? none : site_door(site, s->door)->id);
    answer_id(r, "household", s == NULL || s->household == SITE_NONE ? none : site_household(site, s->household)->id);
    answer_text(r, "place", place);
    answer_bool(r, "gone", gone);
    api_version_put(r, site, SITE_PERSON, person);
    answer_close(r, '}');
}

/* Whether a person stands in the list that was asked for. */
static bool api_person_wanted(const struct request *r, const struct site *site, uint32_t person, uint32_t top,
                              const struct id *door)
{
    bool gone;
    uint32_t stay = site_place(site, person, &gone), at = stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->door;
    uint32_t area = at == SITE_NONE ? SITE_NONE : site_door(site, at)->area;
    if (site_person(site, person)->merged_into != SITE_NONE || !walk_under(site, area, top)) return false;
    if (door != NULL && (gone || at == SITE_NONE || !id_equal(site_door(site, at)->id, *door))) return false;
    return guard_sees(r, site, area);
}

enum { API_FOUND = 10000 };

/* Everybody, or those whom a text finds, as numbers in ascending order. */
static dw_err api_person_candidates(uint32_t **out, size_t *count, const struct site *site, const char *find)
{
    *out = NULL;
    *count = site_count(site, SITE_PERSON);
    if (find == NULL) return DW_OK;
    *out = malloc(API_FOUND * sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    size_t found = register_find(*out, API_FOUND, site, find);
    *count = found < API_FOUND ? found : API_FOUND;
    return DW_OK;
}

dw_err api_persons_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    const char *door_text = request_text(r, "door"), *find = request_text(r, "find");
    int64_t from = 0, items = 0, at = 0;
    struct id door;
    uint32_t top, *found = NULL;
    size_t count = 0;
    if (door_text != NULL) id_parse(&door, door_text, strlen(door_text));
    dw_err err = api_under(&top, r, site, "area");
    if (err == DW_OK) err = api_person_candidates(&found, &count, site, find);
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = from; err == DW_OK && at < (int64_t)count && answer_page_room(r, items); at++) {
        uint32_t person = found == NULL ? (uint32_t)at : found[at];
        if (!api_person_wanted(r, site, person, top, door_text == NULL ? NULL : &door)) continue;
        api_person(r, site, person);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < (int64_t)count ? at : -1);
    desk_read_end(request_desk(r));
    free(found);
    if (err == DW_OK && find != NULL)
        err = register_look(request_desk(r), "persons.list", request_say(r, "查找", "search"), (size_t)items, r->now, &r->detail);
    return err;
}

dw_err api_persons_show(struct request *r)
{
    uint32_t person;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_person_of(&person, r, site);
    if (err == DW_OK) {
        answer_begin(r);
        api_person(r, site, person);
    }
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_persons_reveal(struct request *r)
{
    static const char *const fields[] = {"reason", NULL};
    const char *reason;
    uint32_t person;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&reason, r, "reason", 500));
    dw_err err = api_person_of(&person, r, desk_read(request_desk(r)));
    desk_read_end(request_desk(r));
    /* Nothing is shown in full that was not recorded first. */
    if (err == DW_OK) err = register_look(request_desk(r), "persons.reveal", reason, 1, r->now, &r->detail);
    if (err != DW_OK) return err;
    const struct site *site = desk_read(request_desk(r));
    err = api_person_of(&person, r, site);
    if (err == DW_OK) {
        answer_begin(r);
        answer_open(r, NULL, '{');
        answer_id(r, "id", site_person(site, person)->id);
        answer_open(r, "values", '{');
        for (int f = 0; f < SITE_FIELDS; f++) {
            const char *text = register_field(site, person, f);
            if (*text == 0) continue;
            json_key(&r->answer, kinds_get(KINDS_PERSON_SET)->fields[f].name);
            json_put(&r->answer, text);
        }
        answer_close(r, '}');
        answer_close(r, '}');
    }
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_persons_add(struct request *r)
{
    static const char *const all[] = {"name", "document", "birth",     "sex", "phone",   "flags",
                                      "note", "door",     "household", "how", "even_so", NULL};
    static const struct {
        int field;
        const char *name;
        size_t max;
    } texts[] = {{KINDS_PERSON_SET_NAME, "name", 200},  {KINDS_PERSON_SET_DOC, "document", 64},
                 {KINDS_PERSON_SET_BIRTH, "birth", 16}, {KINDS_PERSON_SET_SEX, "sex", 8},
                 {KINDS_PERSON_SET_PHONE, "phone", 32}, {KINDS_PERSON_SET_FLAGS, "flags", 400},
                 {KINDS_PERSON_SET_NOTE, "note", 1000}};
    struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    struct register_new spec = {.door = NULL};
    struct register_added added;
    struct id household, door;
    bool in_household, has_door;
    int how;
    ERR_TRY(request_only(r, all));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ERR_TRY(request_may(&spec.fields[texts[i].field], r, texts[i].name, texts[i].max));
    ERR_TRY(request_may_id(&household, &in_household, r, "household"));
    ERR_TRY(request_may_id(&door, &has_door, r, "door"));
    ERR_TRY(request_may(&spec.door, r, "door", 64));
    ERR_TRY(request_may_enum(&how, r, "how", kinds_how_texts, KINDS_HOW_COUNT, KINDS_HOW_NONE));
    ERR_TRY(request_may_bool(&spec.even_so, NULL, r, "even_so"));
    spec.how = (enum kinds_how)how;
    if (in_household) spec.household = &household;
    const struct site *site = desk_read(by.desk);
    uint32_t index = has_door ? site_find(site, SITE_DOOR, door) : SITE_NONE;
    uint32_t home = in_household ? site_find(site, SITE_HOUSEHOLD, household) : SITE_NONE;
    dw_err err = guard_area(r, site, index == SITE_NONE ? SITE_NONE : site_door(site, index)->area);
    if (err == DW_OK && in_household)
        err = guard_area(r, site, home == SITE_NONE ? SITE_NONE : site_door(site, site_household(site, home)->door)->area);
    desk_read_end(by.desk);
    if (err == DW_OK) err = register_add_person(&added, &by, &spec, &r->detail);
    if (err == DW_OK) api_made(r, added.person, (int64_t)added.pairs);
    if (err != DW_OK && strcmp(r->detail.column, "doc") == 0) /* the entry's word for it */
        snprintf(r->detail.column, sizeof r->detail.column, "document");
    return err;
}
