/* The site, its areas, doors and households. */
#include <string.h>

#include "desk/area.h"
#include "desk/card.h"
#include "desk/register.h"
#include "desk/register_add.h"
#include "desk/site_set.h"
#include "desk/walk.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/api_version.h"
#include "http/guard.h"

dw_err api_site_show(struct request *r)
{
    char key[CARD_KEY];
    int64_t held = 0, review = 0;
    const struct site *site = desk_read(request_desk(r));
    for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++) held += site_held(site, i)->state == SITE_HELD_WAITING;
    for (uint32_t i = 0; i < site_count(site, SITE_PAIR); i++) review += register_pair_open(site, i);
    card_key(key, site);
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_id(r, "id", site->id);
    answer_text(r, "name", site->name);
    answer_text(r, "code", site->code);
    answer_bool(r, "synthetic", site->synthetic);
    answer_int(r, "seq", site->seq);
    answer_int(r, "areas", site_count(site, SITE_AREA));
    answer_int(r, "doors", site_count(site, SITE_DOOR));
    answer_int(r, "households", site_count(site, SITE_HOUSEHOLD));
    answer_int(r, "persons", site_count(site, SITE_PERSON));
    answer_int(r, "rounds", site_count(site, SITE_ROUND));
    answer_int(r, "held", held);
    answer_int(r, "review", review);
    answer_text(r, "key", key);
    api_version_put(r, site, SITE_TYPES, 0);
    answer_close(r, '}');
    desk_read_end(request_desk(r));
    return DW_OK;
}

dw_err api_site_set(struct request *r)
{
    static const char *const fields[] = {"name", "code", NULL};
    const char *name, *code;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_may(&name, r, "name", 200));
    ERR_TRY(request_may(&code, r, "code", 12));
    struct id id = desk_read(request_desk(r))->id;
    desk_read_end(request_desk(r));
    ERR_TRY(api_version_match(r, SITE_TYPES, id));
    ERR_TRY(site_set(request_desk(r), name, code, r->now, &r->detail));
    return api_site_show(r);
}

static void api_degrees(struct request *r, const char *key, const struct site_area *area, int64_t value)
{
    if (r->answer.depth == 3 && !answer_wants(r, key)) return;
    json_key(&r->answer, key);
    if (area->lon == 0 && area->lat == 0)
        json_put(&r->answer, NULL);
    else
        json_put_double(&r->answer, (double)value / 1e7, 7);
}

static void api_area(struct request *r, const struct site *site, uint32_t index)
{
    const struct site_area *a = site_area(site, index);
    int64_t depth = 0;
    for (uint32_t up = a->parent; up != SITE_NONE; up = site_area(site, up)->parent) depth++;
    answer_open(r, NULL, '{');
    answer_id(r, "id", a->id);
    answer_text(r, "code", a->code);
    answer_text(r, "kind", kinds_area_kind_texts[a->kind]);
    answer_id(r, "parent", a->parent == SITE_NONE ? (struct id){{0}} : site_area(site, a->parent)->id);
    answer_int(r, "depth", depth);
    answer_text(r, "name", a->name);
    answer_text(r, "address", a->address);
    answer_text(r, "use", a->use);
    answer_int(r, "floors", a->floors);
    api_degrees(r, "lon", a, a->lon);
    api_degrees(r, "lat", a, a->lat);
    answer_id(r, "keeper", a->keeper == SITE_NONE ? (struct id){{0}} : site_member(site, a->keeper)->id);
    answer_text(r, "keeper_name", a->keeper == SITE_NONE ? NULL : site_member(site, a->keeper)->name);
    api_version_put(r, site, SITE_AREA, index);
    answer_close(r, '}');
}

dw_err api_areas_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at;
    uint32_t top;
    int kind = request_enum(r, "kind");
    dw_err err = api_under(&top, r, site, "under");
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : INT64_MAX; err == DW_OK && at < site->area_orders && answer_page_room(r, items); at++) {
        uint32_t index = site->area_at[at];
        if (!walk_under(site, index, top) || !guard_sees(r, site, index)) continue;
        if (kind >= 0 && (int)site_area(site, index)->kind != kind) continue;
        api_area(r, site, index);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < site->area_orders ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_areas_show(struct request *r)
{
    uint32_t index;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_area_of(&index, r, site);
    if (err == DW_OK) {
        answer_begin(r);
        api_area(r, site, index);
    }
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_area_shown(struct request *r, struct id id)
{
    const struct site *site = desk_read(request_desk(r));
    answer_begin(r);
    api_area(r, site, site_find(site, SITE_AREA, id));
    desk_read_end(request_desk(r));
    return DW_OK;
}

dw_err api_areas_keep(struct request *r)
{
    static const char *const fields[] = {"name", "phone", NULL};
    const char *name, *phone;
    char code[128] = "";
    struct id id = {{0}};
    uint32_t index;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&name, r, "name", 200));
    ERR_TRY(request_may(&phone, r, "phone", 32));
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_area_of(&index, r, site);
    if (err == DW_OK) {
        snprintf(code, sizeof code, "%s", site_area(site, index)->code);
        id = site_area(site, index)->id;
    }
    desk_read_end(request_desk(r));
    if (err == DW_OK) err = api_version_match(r, SITE_AREA, id);
    if (err == DW_OK) err = area_keep(request_desk(r), code, name, phone, r->now, &r->detail);
    return err == DW_OK ? api_areas_show(r) : err;
}

static void api_door(struct request *r, const struct site *site, uint32_t index)
{
    const struct site_door *d = site_door(site, index);
    char code[256];
    card_code(code, sizeof code, site, index);
    answer_open(r, NULL, '{');
    answer_id(r, "id", d->id);
    answer_text(r, "code", code);
    answer_id(r, "area", d->area == SITE_NONE ? (struct id){{0}} : site_area(site, d->area)->id);
    answer_text(r, "kind", kinds_door_kind_texts[d->kind]);
    answer_text(r, "unit", d->unit);
    answer_text(r, "floor", d->floor);
    answer_text(r, "room", d->room);
    answer_text(r, "name", d->name);
    if (d->card == 0)
        answer_text(r, "card", NULL);
    else
        answer_int(r, "card", site_card(site, d->card - 1)->version);
    api_version_put(r, site, SITE_DOOR, index);
    answer_close(r, '}');
}

dw_err api_doors_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_DOOR);
    uint32_t top;
    dw_err err = api_under(&top, r, site, "area");
    if (err == DW_OK) err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        uint32_t area = site_door(site, (uint32_t)at)->area;
        if (!walk_under(site, area, top) || !guard_sees(r, site, area)) continue;
        api_door(r, site, (uint32_t)at);
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_doors_show(struct request *r)
{
    uint32_t index;
    const struct site *site = desk_read(request_desk(r));
    dw_err err = api_door_of(&index, r, site);
    if (err == DW_OK) {
        answer_begin(r);
        api_door(r, site, index);
    }
    desk_read_end(request_desk(r));
    return err;
}

dw_err api_doors_add(struct request *r)
{
    static const char *const fields[] = {"building", "kind", "unit", "floor", "room", "name", NULL};
    struct lab_by by = {.desk = request_desk(r), .device = DESK_CLI_DEVICE, .at = r->now};
    struct register_door spec;
    struct id id;
    int kind;
    ERR_TRY(request_only(r, fields));
    ERR_TRY(request_want(&spec.building, r, "building", 400));
    ERR_TRY(request_may_enum(&kind, r, "kind", kinds_door_kind_texts, KINDS_DOOR_KIND_COUNT, KINDS_DOOR_KIND_FLAT));
    spec.kind = (enum kinds_door_kind)kind;
    ERR_TRY(request_may(&spec.unit, r, "unit", 32));
    ERR_TRY(request_may(&spec.floor, r, "floor", 32));
    ERR_TRY(request_may(&spec.room, r, "room", 64));
    ERR_TRY(request_may(&spec.name, r, "name", 400));
    const struct site *site = desk_read(by.desk);
    uint32_t area = site_area_by_code(site, spec.building);
    dw_err err = guard_area(r, site, area); /* an address that is no code asks for the ability everywhere */
    desk_read_end(by.desk);
    if (err == DW_OK) err = register_add_door(&id, &by, &spec, &r->detail);
    if (err == DW_OK) api_made(r, id, -1);
    return err;
}

dw_err api_households_list(struct request *r)
{
    const struct site *site = desk_read(request_desk(r));
    int64_t from, items = 0, at, all = site_count(site, SITE_HOUSEHOLD);
    struct id door = {{0}};
    const char *text = request_text(r, "door");
    if (text != NULL) id_parse(&door, text, strlen(text));
    dw_err err = answer_page_begin(r, &from);
    for (at = err == DW_OK ? from : all; at < all && answer_page_room(r, items); at++) {
        const struct site_household *h = site_household(site, (uint32_t)at);
        const struct site_door *d = site_door(site, h->door);
        if ((text != NULL && !id_equal(d->id, door)) || !guard_sees(r, site, d->area)) continue;
        answer_open(r, NULL, '{');
        answer_id(r, "id", h->id);
        answer_id(r, "door", d->id);
        answer_text(r, "kind", kinds_household_kind_texts[h->kind]);
        answer_close(r, '}');
        items++;
    }
    if (err == DW_OK) answer_page_end(r, at < all ? at : -1);
    desk_read_end(request_desk(r));
    return err;
}
