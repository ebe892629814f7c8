#include "desk/audit.h"

#include <string.h>

struct audit_walk {
    struct entry_reader reader;
    dw_err (*each)(void *ctx, const struct audit_look *look, bool *go_on);
    void *ctx;
    int64_t seen, last;
    bool stopped;
};

static dw_err audit_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    static const char kind[] = "\"kind\":\"look\"";
    struct audit_walk *walk = ctx;
    struct entry entry;
    bool go_on = true;
    (void)count;
    if (walk->stopped) return DW_OK;
    walk->seen++;
    if (v[2].type != STORE_TEXT || memmem(v[2].data, v[2].len, kind, sizeof kind - 1) == NULL) {
        walk->last = store_get_int(&v[0]);
        return DW_OK;
    }
    arena_reset(&walk->reader.arena);
    ERR_TRY(entry_open(&entry, &walk->reader, v[2].data, v[2].len, NULL, detail));
    ERR_TRY(entry_body(&entry, &walk->reader, NULL, 0, detail));
    if (entry.kind == KINDS_LOOK) {
        const struct audit_look look = {.seq = store_get_int(&v[0]),
                                        .at_ms = store_get_int(&v[1]),
                                        .people = entry.values[KINDS_LOOK_PEOPLE].n,
                                        .actor = entry.actor,
                                        .device = entry.device,
                                        .what = entry.values[KINDS_LOOK_WHAT].text,
                                        .reason = entry.values[KINDS_LOOK_REASON].text};
        ERR_TRY(walk->each(walk->ctx, &look, &go_on));
    }
    walk->stopped = !go_on;
    if (go_on) walk->last = store_get_int(&v[0]);
    return DW_OK;
}

dw_err audit_looks(int64_t *next, struct window *window, int64_t before,
                   dw_err (*each)(void *ctx, const struct audit_look *look, bool *go_on), void *ctx, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT seq, at_ms, text FROM entry WHERE site_id = $1 AND device_no = $2 AND seq < $3 "
                                         "AND reason = 0 ORDER BY seq DESC LIMIT $4",
                                         NULL};
    struct audit_walk walk = {.each = each, .ctx = ctx, .last = before};
    struct store_value v[] = {store_id(&window_desk(window)->site->id), store_int(DESK_CLI_DEVICE), store_int(before),
                              store_int(AUDIT_WALK)};
    dw_err err = window_ask(window, &ask, v, 4, audit_row, &walk, detail);
    *next = walk.stopped || walk.seen == AUDIT_WALK ? walk.last : -1;
    entry_reader_free(&walk.reader);
    return err;
}
