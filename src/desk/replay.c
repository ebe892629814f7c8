#include "desk/replay.h"

#include <stdlib.h>
#include <string.h>

#include "desk/tables.h"

enum { REPLAY_TICK = 4096 };

struct replay_void {
    uint32_t device; /* who said it */
    int64_t n;
    bool import;
    struct id target;
    int64_t target_n;
};

struct replay {
    struct site *site;
    struct ledger_walk *walk;
    struct feed feed;
    struct replay_void *voids;
    size_t void_count, void_cap;
    struct id *devices; /* by device number */
    size_t device_count, device_cap;
    const struct replay_watch *watch;
    const struct clock_progress *progress;
    int64_t entries, done;
    bool broken;
};

/* A held entry again, while the walk over the ledger is under way. */
static dw_err replay_fetch(void *ctx, int64_t seq, struct feed_entry *out, struct err_detail *detail)
{
    return ledger_walk_fetch(((struct replay *)ctx)->walk, seq, out, detail);
}

static dw_err replay_void(struct replay *r, const struct ledger_walk_row *row, struct err_detail *detail)
{
    struct entry entry;
    ERR_TRY(feed_open(&r->feed, &entry, &row->in, detail));
    ERR_TRY(entry_body(&entry, &r->feed.reader, NULL, 0, detail));
    bool import = entry.kind == KINDS_IMPORT_UNDO;
    if (!import && entry.kind != KINDS_ENTRY_VOID) return DW_OK;
    if (!arena_grow((void **)&r->voids, &r->void_cap, r->void_count + 1, sizeof *r->voids)) return DW_E_MEMORY;
    r->voids[r->void_count++] =
        (struct replay_void){row->in.device, entry.n, import, import ? entry.on : entry.values[KINDS_ENTRY_VOID_DEVICE].id,
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
static dw_err replay_leave_out(struct replay *r)
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

/* What is wrong with the ledger itself, not with reading it. */
static bool replay_is_fault(dw_err err)
{
    return err == DW_E_CHAIN || err == DW_E_ENTRY || err == DW_E_JSON || err == DW_E_UTF8 || err == DW_E_TOO_LARGE ||
           err == DW_E_DAMAGED || err == DW_E_KEYS;
}

/* With somebody looking on, a fault of the ledger ends the folding and not the walk. */
static dw_err replay_break(struct replay *r, dw_err err, const struct err_detail *why, struct err_detail *detail)
{
    if (err == DW_OK) return DW_OK;
    if (r->watch != NULL && replay_is_fault(err)) {
        if (!r->broken) r->watch->broken(r->watch->ctx, why);
        r->broken = true;
        return DW_OK;
    }
    if (detail != NULL) *detail = *why;
    return err;
}

static dw_err replay_row(struct replay *r, struct ledger_walk_row *row, struct err_detail *detail)
{
    struct entry entry;
    struct err_detail why = {0};
    int reason = (int)row->reason;
    dw_err err = feed_open(&r->feed, &entry, &row->in, &why);
    if (r->watch != NULL && err != DW_E_MEMORY) r->watch->see(r->watch->ctx, row, err == DW_OK ? &entry : NULL, &why);
    if (r->broken) return err == DW_E_MEMORY ? err : DW_OK;
    if (err == DW_OK && row->unread != DW_OK) err = err_set(&why, row->unread, "%s", row->why);
    if (err == DW_OK) err = feed_take(&r->feed, &entry, &row->in, &reason, &why);
    return replay_break(r, err, &why, detail);
}

static dw_err replay_voids(struct replay *r, struct err_detail *detail)
{
    const struct ledger_walk_row *rows;
    size_t count;
    struct err_detail why = {0};
    dw_err err = DW_OK;
    ERR_TRY(ledger_walk_voids(r->walk, &rows, &count, &r->entries, detail));
    for (size_t i = 0; err == DW_OK && i < count; i++) err = replay_void(r, &rows[i], &why);
    ERR_TRY(replay_break(r, err, &why, detail));
    return replay_leave_out(r);
}

static dw_err replay_all(struct replay *r, struct err_detail *detail)
{
    struct ledger_walk_row *row;
    if (!clock_tick(r->progress, "replay", 0, 0)) return DW_E_CANCELLED;
    ERR_TRY(replay_voids(r, detail));
    while (true) {
        ERR_TRY(ledger_walk_next(r->walk, &row, detail));
        if (row == NULL) break;
        ERR_TRY(replay_row(r, row, detail));
        if (++r->done % REPLAY_TICK == 0 && !clock_tick(r->progress, "replay", (uint64_t)r->done, (uint64_t)r->entries))
            return DW_E_CANCELLED;
    }
    r->site->rebuild = false;
    return r->site->areas_moved && !r->broken ? site_order(r->site, detail) : DW_OK;
}

dw_err replay_site(struct site **out, struct store *store, struct keyring *keys, struct id site, const struct replay_watch *watch,
                   const struct clock_progress *progress, struct err_detail *detail)
{
    struct replay r = {.watch = watch, .progress = progress};
    struct store_value id = store_id(&site);
    *out = NULL;
    ERR_TRY(site_make(&r.site));
    r.site->id = site;
    r.feed = (struct feed){.site = r.site, .fetch = replay_fetch, .ctx = &r};
    dw_err err = store_ask(store, &tables_get(TABLES_DEVICE)->all, &id, 1, replay_device, &r, detail);
    if (err == DW_OK) err = ledger_walk_start(&r.walk, store, keys, site, detail);
    if (err == DW_OK) err = replay_all(&r, detail);
    ledger_walk_free(r.walk);
    feed_free(&r.feed);
    free(r.voids);
    free(r.devices);
    if (err != DW_OK || r.broken)
        site_free(r.site);
    else
        *out = r.site;
    return err;
}
