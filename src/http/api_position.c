/* Where phones are whose members share it. */
#include "desk/position.h"
#include "http/answer.h"
#include "http/api.h"
#include "http/guard.h"
#include "http/server.h"

static dw_err api_position_degrees(int64_t *out, struct request *r, const char *field, int64_t most)
{
    ERR_TRY(request_may_int(out, r, field, -most, most, INT64_MIN));
    return *out != INT64_MIN
               ? DW_OK
               : err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, field, "%s", request_say(r, "必须填写", "it must be given"));
}

dw_err api_positions_put(struct request *r)
{
    static const char *const fields[] = {"lon", "lat", "accuracy", "at", NULL};
    struct position position = {.device = r->who.device};
    struct when at = r->now;
    bool given;
    if (r->who.kind != ACCOUNT_PHONE)
        return err_set(&r->detail, DW_E_FORBIDDEN, "%s",
                       request_say(r, "只有登记的手机能共享位置", "only an enrolled phone shares where it is"));
    ERR_TRY(request_only(r, fields));
    ERR_TRY(api_position_degrees(&position.lon, r, "lon", 1800000000));
    ERR_TRY(api_position_degrees(&position.lat, r, "lat", 900000000));
    ERR_TRY(request_may_int(&position.accuracy, r, "accuracy", 0, 1000000, 0));
    ERR_TRY(request_may_time(&at, &given, r, "at"));
    position.at_ms = given ? at.ms : r->now.ms;
    ERR_TRY(position_put(server_window(r->server), &position, r->now.ms, &r->detail));
    api_nothing(r);
    return DW_OK;
}

struct api_positions {
    struct request *r;
    const struct site *site;
    int64_t at, from, items; /* rows that he may see: passed, to be passed over, told */
    bool more;
};

static dw_err api_position(void *ctx, const struct position *p)
{
    struct api_positions *list = ctx;
    struct request *r = list->r;
    uint32_t device = site_find(list->site, SITE_DEVICE, p->device);
    uint32_t member = device == SITE_NONE ? SITE_NONE : site_device(list->site, device)->member;
    if (member == SITE_NONE || site_device(list->site, device)->revoked || !api_member_seen(r, list->site, member)) return DW_OK;
    if (list->at++ < list->from || list->more) return DW_OK;
    list->more = !answer_page_room(r, list->items);
    if (list->more) return DW_OK;
    answer_open(r, NULL, '{');
    answer_id(r, "device", p->device);
    answer_id(r, "member", site_member(list->site, member)->id);
    answer_text(r, "name", site_member(list->site, member)->name);
    answer_int(r, "lon", p->lon);
    answer_int(r, "lat", p->lat);
    answer_int(r, "accuracy", p->accuracy);
    answer_time(r, "at", p->at_ms);
    answer_close(r, '}');
    list->items++;
    return DW_OK;
}

dw_err api_positions_list(struct request *r)
{
    struct api_positions list = {.r = r};
    list.site = desk_read(request_desk(r));
    dw_err err = answer_page_begin(r, &list.from);
    if (err == DW_OK) err = position_walk(server_window(r->server), r->now.ms, api_position, &list, &r->detail);
    if (err == DW_OK) answer_page_end(r, list.more ? list.from + list.items : -1);
    desk_read_end(request_desk(r));
    return err;
}
