#include "desk/replay.h"

#include <stdlib.h>
#include <string.h>

#include "desk/desk.h"
#include "desk/parts.h"
#include "desk/tables.h"

enum { REPLAY_TICK = 4096 };

struct replay_void {
    int64_t seq;
    uint32_t device; /* who said it */
    int64_t n;
    bool import;
    struct id target;
    int64_t target_n;
};

struct replay {
    struct site *site;
    struct store *store;
    struct keyring *keys;
    struct feed feed;
    struct arena arena, fetched;
    struct replay_void *voids;
    size_t void_count, void_cap;
    struct id *devices; /* by device number */
    size_t device_count, device_cap;
    const struct clock_progress *progress;
    int64_t entries, done;
};

static dw_err replay_fetch_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail);

/* A held entry again, while the walk over the ledger is under way. */
static dw_err replay_fetch(void *ctx, int64_t seq, struct feed_entry *out, struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT seq, device_no, n, at_ms, reason, text, parts FROM entry WHERE site_id = $1 AND seq = $2"};
    struct replay *r = ctx;
    struct store_value v[] = {store_id(&r->site->id), store_int(seq)};
    struct {
        struct replay *replay;
        struct feed_entry *out;
    } found = {r, out};
    arena_reset(&r->fetched);
    out->text = NULL;
    ERR_TRY(store_ask(r->store, &ask, v, 2, replay_fetch_row, &found, detail));
    return out->text != NULL ? DW_OK : err_set(detail, DW_E_DAMAGED, "entry %lld is not there", (long long)seq);
}

static dw_err replay_entry(struct feed_entry *out, struct replay *r, const struct store_value *v, struct arena *arena,
                           struct err_detail *detail)
{
    *out = (struct feed_entry){.text = v[5].data, .len = v[5].len, .seq = store_get_int(&v[0]), .at_ms = store_get_int(&v[3])};
    out->device = (uint32_t)store_get_int(&v[1]);
    return parts_open(&out->part, &out->part_len, r->keys, &v[6], out->seq, arena, detail);
}

static dw_err replay_fetch_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct {
        struct replay *replay;
        struct feed_entry *out;
    } *found = ctx;
    (void)count;
    ERR_TRY(replay_entry(found->out, found->replay, v, &found->replay->fetched, detail));
    found->out->text = arena_text(&found->replay->fetched, v[5].data, v[5].len);
    return found->out->text == NULL ? DW_E_MEMORY : DW_OK;
}

/* First walk: what takes something back. A quick look at the text spares reading the rest. */
static dw_err replay_look(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    static const char void_kind[] = "\"kind\":\"entry.void\"", undo_kind[] = "\"kind\":\"import.undo\"";
    struct replay *r = ctx;
    struct entry entry;
    (void)count;
    r->entries++;
    if (store_get_int(&v[4]) != KINDS_HELD_REASON_NONE) return DW_OK;
    bool may = memmem(v[5].data, v[5].len, void_kind, sizeof void_kind - 1) != NULL ||
               memmem(v[5].data, v[5].len, undo_kind, sizeof undo_kind - 1) != NULL;
    if (!may) return DW_OK;
    arena_reset(&r->feed.reader.arena);
    ERR_TRY(entry_open(&entry, &r->feed.reader, v[5].data, v[5].len, NULL, detail));
    ERR_TRY(entry_body(&entry, &r->feed.reader, NULL, 0, detail));
    bool import = entry.kind == KINDS_IMPORT_UNDO;
    if (!import && entry.kind != KINDS_ENTRY_VOID) return DW_OK;
    if (!arena_grow((void **)&r->voids, &r->void_cap, r->void_count + 1, sizeof *r->voids)) return DW_E_MEMORY;
    r->voids[r->void_count++] = (struct replay_void){store_get_int(&v[0]),
                                                     (uint32_t)store_get_int(&v[1]),
                                                     entry.n,
                                                     import,
                                                     import ? entry.on : entry.values[KINDS_ENTRY_VOID_DEVICE].id,
                                                     import ? 0 : entry.values[KINDS_ENTRY_VOID_N].n};
    return DW_OK;
}

static dw_err replay_device(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct replay *r = ctx;
    (void)count;
    (void)detail;
    if (!arena_grow((void **)&r->devices, &r->device_cap, r->device_count + 1, sizeof *r->devices)) return DW_E_MEMORY;
    r->devices[r->device_count++] = store_get_id(&v[1]);
    return DW_OK;
}

/* From the last to the first, so that a void that was itself taken back has no effect. */
static dw_err replay_voids(struct replay *r)
{
    for (size_t i = r->void_count; i-- > 0;) {
        const struct replay_void *v = &r->voids[i];
        if (site_is_void(r->site, v->device, v->n)) continue;
        uint32_t target = 0;
        while (target < r->device_count && !id_equal(r->devices[target], v->target)) target++;
        if (target == r->device_count) continue;
        bool put = v->import ? map_put(&r->site->undone, site_key(target, 0), 0)
                             : map_put(&r->site->voided, site_key(target, (uint64_t)v->target_n), 0);
        if (!put) return DW_E_MEMORY;
    }
    return DW_OK;
}

static dw_err replay_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct replay *r = ctx;
    int reason = (int)store_get_int(&v[4]);
    (void)count;
    arena_reset(&r->arena);
    struct feed_entry in;
    ERR_TRY(replay_entry(&in, r, v, &r->arena, detail));
    if (++r->done % REPLAY_TICK == 0 && !clock_tick(r->progress, "replay", (uint64_t)r->done, (uint64_t)r->entries))
        return DW_E_CANCELLED;
    return feed_take(&r->feed, &in, &reason, NULL, detail);
}

static dw_err replay_all(struct replay *r, struct id site, struct err_detail *detail)
{
    struct store_value id = store_id(&site);
    r->site->id = site;
    ERR_TRY(store_ask(r->store, &tables_get(TABLES_DEVICE)->all, &id, 1, replay_device, r, detail));
    ERR_TRY(store_ask(r->store, &tables_get(TABLES_ENTRY)->all, &id, 1, replay_look, r, detail));
    ERR_TRY(replay_voids(r));
    ERR_TRY(store_ask(r->store, &tables_get(TABLES_ENTRY)->all, &id, 1, replay_row, r, detail));
    r->site->rebuild = false;
    return r->site->areas_moved ? site_order(r->site, detail) : DW_OK;
}

dw_err replay_site(struct site **out, struct store *store, struct keyring *keys, struct id site,
                   const struct clock_progress *progress, struct err_detail *detail)
{
    struct replay r = {.store = store, .keys = keys, .progress = progress};
    *out = NULL;
    ERR_TRY(site_make(&r.site));
    r.feed = (struct feed){.site = r.site, .fetch = replay_fetch, .ctx = &r};
    dw_err err = replay_all(&r, site, detail);
    feed_free(&r.feed);
    arena_free(&r.arena);
    arena_free(&r.fetched);
    free(r.voids);
    free(r.devices);
    if (err != DW_OK)
        site_free(r.site);
    else
        *out = r.site;
    return err;
}
