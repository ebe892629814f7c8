#include "desk/catchup.h"

#include "desk/parts.h"
#include "desk/tables.h"

struct catchup {
    struct desk *desk;
    struct feed feed;
    struct arena row, fetched;
    bool taken_back; /* a void or an undone import: what was fed so far is no state */
};

static dw_err catchup_fetch(void *ctx, int64_t seq, struct feed_entry *out, struct err_detail *detail)
{
    struct catchup *c = ctx;
    int reason;
    arena_reset(&c->fetched);
    return desk_entry(c->desk, seq, out, &reason, &c->fetched, detail);
}

/* seq, device_no, at_ms, reason, text, parts */
static dw_err catchup_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct catchup *c = ctx;
    struct entry entry;
    uint8_t hash[HASH_SIZE];
    int reason = (int)store_get_int(&v[3]);
    (void)count;
    arena_reset(&c->row);
    struct feed_entry in = {.text = arena_text(&c->row, v[4].data, v[4].len),
                            .len = v[4].len,
                            .hash = hash,
                            .seq = store_get_int(&v[0]),
                            .at_ms = store_get_int(&v[2]),
                            .device = (uint32_t)store_get_int(&v[1])};
    if (in.text == NULL) return DW_E_MEMORY;
    if (in.seq != c->feed.site->seq + 1) return err_set(detail, DW_E_DAMAGED, "entry %lld", (long long)in.seq);
    hash_one(hash, in.text, in.len);
    ERR_TRY(parts_open(&in.part, &in.part_len, c->desk->keys, &v[5], in.seq, &c->row, detail));
    ERR_TRY(feed_open(&c->feed, &entry, &in, detail));
    ERR_TRY(feed_take(&c->feed, &entry, &in, &reason, detail));
    c->taken_back = c->feed.site->rebuild;
    return c->taken_back ? DW_E_CANCELLED : DW_OK;
}

static dw_err catchup_feed(struct catchup *c, int64_t head, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT seq, device_no, at_ms, reason, text, parts FROM entry WHERE site_id = $1 AND "
                                         "seq > $2 AND seq <= $3 ORDER BY seq"};
    struct site *site = c->desk->site;
    struct store_value v[] = {store_id(&site->id), store_int(site->seq), store_int(head)};
    ERR_TRY(store_ask(c->desk->store, &ask, v, 3, catchup_row, c, detail));
    if (site->seq != head) return err_set(detail, DW_E_DAMAGED, "entries up to %lld are not there", (long long)head);
    if (site->areas_moved) ERR_TRY(site_order(site, detail));
    tables_clean(site);
    return DW_OK;
}

dw_err catchup_to(struct desk *desk, int64_t head, struct err_detail *detail)
{
    struct catchup c = {.desk = desk, .feed = {.site = desk->site, .fetch = catchup_fetch}};
    struct err_detail ignored = {0};
    if (head == desk->site->seq && !desk->stale) return DW_OK;
    bool few = head > desk->site->seq && head - desk->site->seq <= CATCHUP_FEED && !desk->stale;
    desk->stale = true; /* until it is done */
    c.feed.ctx = &c;
    dw_err err = few ? catchup_feed(&c, head, &ignored) : DW_E_STATE;
    feed_free(&c.feed);
    arena_free(&c.row);
    arena_free(&c.fetched);
    if (err != DW_OK) return desk_reload(desk, detail); /* which says what is wrong, if anything is */
    desk->stale = false;
    return DW_OK;
}
