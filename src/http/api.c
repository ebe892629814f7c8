#include "http/api.h"

#include <string.h>

#include "base/text.h"
#include "desk/card.h"
#include "desk/form.h"
#include "desk/walk.h"
#include "http/answer.h"
#include "http/guard.h"

void api_nothing(struct request *r)
{
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_close(r, '}');
}

void api_made(struct request *r, struct id id, int64_t pairs)
{
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_id(r, "id", id);
    if (pairs >= 0) answer_int(r, "pairs", pairs);
    answer_close(r, '}');
}

static dw_err api_none(struct request *r)
{
    return err_set(&r->detail, DW_E_NOT_FOUND, "%s", request_say(r, "没有，或不在您的区域", "none, or not in your areas"));
}

static uint32_t api_subject(const struct request *r, const struct site *site, enum site_type type)
{
    struct id id;
    const char *text = request_param(r, 0);
    return id_parse(&id, text, strlen(text)) ? site_find(site, type, id) : SITE_NONE;
}

dw_err api_area_of(uint32_t *out, struct request *r, const struct site *site)
{
    *out = api_subject(r, site, SITE_AREA);
    return *out == SITE_NONE ? api_none(r) : guard_area(r, site, *out);
}

dw_err api_door_of(uint32_t *out, struct request *r, const struct site *site)
{
    *out = api_subject(r, site, SITE_DOOR);
    return *out == SITE_NONE ? api_none(r) : guard_area(r, site, site_door(site, *out)->area);
}

dw_err api_person_of(uint32_t *out, struct request *r, const struct site *site)
{
    struct id id;
    const char *text = request_param(r, r->match.params[1][0] != 0); /* /rounds/{number}/missing/{id} */
    *out = id_parse(&id, text, strlen(text)) ? site_find(site, SITE_PERSON, id) : SITE_NONE;
    return *out == SITE_NONE ? api_none(r) : guard_area(r, site, site_person_area(site, NULL, *out));
}

dw_err api_round_of(uint32_t *out, struct request *r, const struct site *site)
{
    int64_t number;
    const char *text = request_param(r, 0);
    *out = text_int(&number, text, strlen(text)) ? site_round_by_number(site, number) : SITE_NONE;
    return *out == SITE_NONE ? api_none(r) : DW_OK;
}

bool api_sees(void *ctx, uint32_t area)
{
    struct request *r = ctx;
    return guard_sees(r, request_desk(r)->site, area);
}

dw_err api_under(uint32_t *out, struct request *r, const struct site *site, const char *name)
{
    return walk_top(out, site, request_text(r, name), &r->detail);
}

dw_err api_round_number(int64_t *out, struct request *r)
{
    uint32_t index;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_round_of(&index, r, site);
    if (err == DW_OK) *out = site_round(site, index)->number;
    desk_read_end(request_desk(r));
    return err;
}

void api_area_ref(struct request *r, const struct site *site, uint32_t area)
{
    answer_id(r, "area", area == SITE_NONE ? (struct id){{0}} : site_area(site, area)->id);
    answer_text(r, "code", area == SITE_NONE ? "" : site_area(site, area)->code);
}

void api_door_ref(struct request *r, const struct site *site, uint32_t door)
{
    char code[256] = "";
    if (door != SITE_NONE) card_code(code, sizeof code, site, door);
    answer_id(r, "door", door == SITE_NONE ? (struct id){{0}} : site_door(site, door)->id);
    answer_text(r, "door_code", door == SITE_NONE ? NULL : code);
}

dw_err api_subject_may(struct request *r, const char *text)
{
    struct id id;
    enum kinds_form_of of;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = form_subject(&id, &of, site, text, &r->detail);
    if (err == DW_OK && of == KINDS_FORM_OF_PERSON)
        err = guard_area(r, site, site_person_area(site, NULL, site_find(site, SITE_PERSON, id)));
    else if (err == DW_OK)
        err = guard_area(r, site, site_door(site, site_find(site, SITE_DOOR, id))->area);
    desk_read_end(request_desk(r));
    return err;
}
