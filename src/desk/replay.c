#include "desk/replay.h"

#include <stdlib.h>
#include <string.h>

#include "desk/tables.h"

enum { REPLAY_TICK = 4096 };

struct replay_entry {
    uint32_t device;
    int64_t n;
};

struct replay_void {
    struct replay_entry by, via; /* who said it, and where that took effect: it may have been held and accepted later */
    int64_t seq;                 /* of via */
    struct id target;            /* null: target_no is known */
    uint32_t target_no;
    int64_t target_n; /* 0: a whole import */
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
    uint32_t known; /* voids of the site that were left out, or are among voids by now */
    bool broken, again, shown;
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
    struct replay_entry by = {row->in.device, entry.n};
    r->voids[r->void_count++] = (struct replay_void){.by = by,
                                                     .via = by,
                                                     .seq = row->in.seq,
                                                     .target = import ? entry.on : entry.values[KINDS_ENTRY_VOID_DEVICE].id,
                                                     .target_n = import ? 0 : entry.values[KINDS_ENTRY_VOID_N].n};
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
        bool fresh;
        if (site_is_void(r->site, v->by.device, v->by.n) || site_is_void(r->site, v->via.device, v->via.n)) continue;
        uint32_t target = id_null(v->target) ? v->target_no : 0;
        while (!id_null(v->target) && target < r->device_count && !id_equal(r->devices[target], v->target)) target++;
        if (!id_null(v->target) && target == r->device_count) continue;
        if (!site_put_void(r->site, (struct site_void){target, v->target_n, v->by.device, v->by.n}, &fresh)) return DW_E_MEMORY;
    }
    r->known = site_count(r->site, SITE_VOID);
    return DW_OK;
}

/* What took effect only now, a held void that was accepted, is left out by another walk, which knows it beforehand. */
static dw_err replay_late(struct replay *r, struct replay_entry via)
{
    for (; r->known < site_count(r->site, SITE_VOID); r->known++) {
        const struct site_void *said = site_void(r->site, r->known);
        if (!arena_grow((void **)&r->voids, &r->void_cap, r->void_count + 1, sizeof *r->voids)) return DW_E_MEMORY;
        size_t at = r->void_count++;
        for (; at > 0 && r->voids[at - 1].seq > r->site->seq; at--) r->voids[at] = r->voids[at - 1];
        r->voids[at] = (struct replay_void){
            .by = {said->by, said->by_n}, .via = via, .seq = r->site->seq, .target_no = said->device, .target_n = said->n};
        r->again = true;
    }
    return DW_OK;
}

bool replay_is_fault(dw_err err)
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
    if (r->watch != NULL && !r->shown && err != DW_E_MEMORY)
        r->watch->see(r->watch->ctx, row, err == DW_OK ? &entry : NULL, &why);
    if (r->broken) return err == DW_E_MEMORY ? err : DW_OK;
    if (err == DW_OK && row->unread != DW_OK) err = err_set(&why, row->unread, "%s", row->why);
    if (err == DW_OK) err = feed_take(&r->feed, &entry, &row->in, &reason, &why);
    if (err == DW_OK) err = replay_late(r, (struct replay_entry){row->in.device, entry.n});
    return replay_break(r, err, &why, detail);
}

static dw_err replay_voids(struct replay *r, struct err_detail *detail)
{
    const struct ledger_walk_row *rows;
    size_t count;
    struct err_detail why = {0};
    dw_err err = DW_OK;
    ERR_TRY(ledger_walk_voids(r->walk, &rows, &count, &r->entries, detail));
    for (size_t i = 0; !r->shown && err == DW_OK && i < count; i++) err = replay_void(r, &rows[i], &why);
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

/* One walk over the ledger, into a site that is new. */
static dw_err replay_once(struct replay *r, struct store *store, struct keyring *keys, struct id site, struct err_detail *detail)
{
    site_free(r->site);
    r->again = false;
    r->done = 0;
    ERR_TRY(site_make(&r->site));
    r->site->id = site;
    r->feed.site = r->site;
    dw_err err = ledger_walk_start(&r->walk, store, keys, site, detail);
    if (err == DW_OK) err = replay_all(r, detail);
    ledger_walk_free(r->walk);
    r->walk = NULL;
    r->shown = true;
    return err;
}

dw_err replay_site(struct site **out, struct store *store, struct keyring *keys, struct id site, const struct replay_watch *watch,
                   const struct clock_progress *progress, struct err_detail *detail)
{
    struct replay r = {.watch = watch, .progress = progress, .feed = {.fetch = replay_fetch, .ctx = &r}};
    struct store_value id = store_id(&site);
    *out = NULL;
    dw_err err = store_ask(store, &tables_get(TABLES_DEVICE)->all, &id, 1, replay_device, &r, detail);
    do {
        if (err == DW_OK) err = replay_once(&r, store, keys, site, detail);
    } while (err == DW_OK && r.again && !r.broken); /* each time one void more is known, and there are no more than entries */
    feed_free(&r.feed);
    free(r.voids);
    free(r.devices);
    if (err != DW_OK || r.broken)
        site_free(r.site);
    else
        *out = r.site;
    return err;
}

dw_err replay_tables(struct store *store, struct keyring *keys, const struct clock_progress *progress, struct err_detail *detail)
{
    struct site *site = NULL;
    struct id id;
    dw_err err = tables_site_id(&id, store, detail);
    if (err == DW_OK) err = keyring_catch_up(keys, detail);
    if (err == DW_OK) err = replay_site(&site, store, keys, id, NULL, progress, detail);
    if (err == DW_OK) err = tables_flush(site, store, keys, true, detail);
    if (err == DW_OK) err = keyring_save(keys, detail);
    if (err == DW_OK) err = store_commit(store, detail);
    site_free(site);
    return err;
}
