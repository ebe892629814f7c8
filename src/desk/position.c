#include "desk/position.h"

static int64_t position_oldest(int64_t now_ms)
{
    return now_ms - (int64_t)POSITION_HOURS * 3600 * 1000;
}

dw_err position_put(struct window *window, const struct position *position, int64_t now_ms, struct err_detail *detail)
{
    static const struct store_sql put = {"INSERT INTO position (site_id, device_id, lon, lat, accuracy, at_ms) VALUES ($1, $2, "
                                         "$3, $4, $5, $6) ON CONFLICT (site_id, "
                                         "device_id) DO UPDATE SET lon = excluded.lon, lat = excluded.lat, accuracy = "
                                         "excluded.accuracy, at_ms = excluded.at_ms WHERE "
                                         "excluded.at_ms > position.at_ms",
                                         NULL};
    int64_t at_ms = position->at_ms > now_ms ? now_ms : position->at_ms;
    struct store_value v[] = {store_id(&window_desk(window)->site->id),
                              store_id(&position->device),
                              store_int(position->lon),
                              store_int(position->lat),
                              store_int(position->accuracy),
                              store_int(at_ms)};
    return at_ms < position_oldest(now_ms) ? DW_OK : window_run(window, &put, v, sizeof v / sizeof *v, detail);
}

struct position_walk {
    dw_err (*each)(void *ctx, const struct position *position);
    void *ctx;
};

static dw_err position_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    const struct position_walk *walk = ctx;
    (void)count;
    (void)detail;
    return walk->each(walk->ctx, &(struct position){.device = store_get_id(&v[0]),
                                                    .lon = store_get_int(&v[1]),
                                                    .lat = store_get_int(&v[2]),
                                                    .accuracy = store_get_int(&v[3]),
                                                    .at_ms = store_get_int(&v[4])});
}

dw_err position_walk(struct window *window, int64_t now_ms, dw_err (*each)(void *ctx, const struct position *position), void *ctx,
                     struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT device_id, lon, lat, accuracy, at_ms FROM position WHERE site_id = $1 AND at_ms >= "
        "$2 ORDER BY at_ms DESC, device_id",
        NULL};
    struct position_walk walk = {each, ctx};
    struct store_value v[] = {store_id(&window_desk(window)->site->id), store_int(position_oldest(now_ms))};
    return window_ask(window, &ask, v, 2, position_row, &walk, detail);
}

dw_err position_forget(struct window *window, int64_t now_ms, struct err_detail *detail)
{
    static const struct store_sql forget = {"DELETE FROM position WHERE site_id = $1 AND at_ms < $2", NULL};
    struct store_value v[] = {store_id(&window_desk(window)->site->id), store_int(position_oldest(now_ms))};
    return window_run(window, &forget, v, 2, detail);
}
