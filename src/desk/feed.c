#include "desk/feed.h"

#include <string.h>

static dw_err feed_wait(struct site *site, uint32_t held, struct id needs)
{
    site_held(site, held)->needs = needs;
    if (!id_null(needs) && !map_put(&site->waiting, id_hash(needs), held)) return DW_E_MEMORY;
    return site_touch(site, SITE_HELD, held) ? DW_OK : DW_E_MEMORY;
}

static dw_err feed_hold(struct feed *feed, const struct fold *fold, enum kinds_held_reason reason)
{
    struct site *site = feed->site;
    uint32_t at = site_add(site, SITE_HELD);
    if (at == SITE_NONE) return DW_E_MEMORY;
    *site_held(site, at) =
        (struct site_held){.seq = fold->seq, .device = fold->stamp.device, .n = fold->entry->n, .reason = reason};
    return feed_wait(site, at, reason == KINDS_HELD_REASON_UNKNOWN ? fold->needs : (struct id){{0}});
}

/* One held entry whose time has come: its subject is there, or a person accepted it. */
static dw_err feed_release(struct feed *feed, uint32_t at, struct err_detail *detail)
{
    struct site *site = feed->site;
    struct site_held *held = site_held(site, at);
    struct feed_entry in;
    struct entry entry;
    if (held->state != SITE_HELD_WAITING) return DW_OK;
    ERR_TRY(feed->fetch(feed->ctx, held->seq, &in, detail));
    arena_reset(&feed->reader.arena);
    ERR_TRY(entry_open(&entry, &feed->reader, in.text, in.len, in.hash, detail));
    ERR_TRY(entry_body(&entry, &feed->reader, in.part, in.part_len, detail));
    struct fold fold = {.site = site,
                        .entry = &entry,
                        .reader = &feed->reader,
                        .seq = held->seq,
                        .stamp = {in.at_ms, in.device, (uint32_t)entry.n},
                        .decided = held->reason != KINDS_HELD_REASON_UNKNOWN,
                        .detail = detail};
    enum kinds_held_reason reason = fold_judge(&fold);
    held->reason = reason == KINDS_HELD_REASON_NONE ? held->reason : reason;
    if (reason == KINDS_HELD_REASON_UNKNOWN) return feed_wait(site, at, fold.needs);
    if (reason != KINDS_HELD_REASON_NONE) return feed_wait(site, at, (struct id){{0}});
    held->state = SITE_HELD_RELEASED;
    if (!site_touch(site, SITE_HELD, at)) return DW_E_MEMORY;
    return fold_apply(&fold);
}

static dw_err feed_fold(struct feed *feed, struct fold *fold, bool readable, int *reason)
{
    struct site *site = feed->site;
    int recorded = *reason;
    fold->decided = recorded == KINDS_HELD_REASON_NONE;
    if (site->areas_moved && fold->entry->kind != KINDS_AREA_SET && site_count(site, SITE_ROUND) > 0)
        ERR_TRY(site_order(site, fold->detail));
    enum kinds_held_reason judged = readable ? fold_judge(fold) : KINDS_HELD_REASON_MALFORMED;
    if (recorded == FEED_JUDGE) *reason = (int)judged;
    /* What was accepted may now stand on something that was taken back: then it waits with it. */
    if (recorded == KINDS_HELD_REASON_NONE && judged != KINDS_HELD_REASON_NONE) return feed_hold(feed, fold, judged);
    if (*reason != KINDS_HELD_REASON_NONE) return feed_hold(feed, fold, (enum kinds_held_reason) * reason);
    return fold_apply(fold);
}

/* The phone's clock may be wrong: times are moved by what it was off when sending, never go back within a device, and never
 * lie after their receipt. */
static int64_t feed_time(const struct feed_entry *in, int64_t at_ms, int64_t last_ms)
{
    int64_t moved = at_ms + in->shift_ms;
    if (moved > in->received_ms) moved = in->received_ms;
    return moved < last_ms ? last_ms : moved;
}

dw_err feed_open(struct feed *feed, struct entry *entry, const struct feed_entry *in, struct err_detail *detail)
{
    arena_reset(&feed->reader.arena);
    return entry_open(entry, &feed->reader, in->text, in->len, in->hash, detail);
}

dw_err feed_take(struct feed *feed, struct entry *entry, struct feed_entry *in, int *reason, struct err_detail *detail)
{
    struct site *site = feed->site;
    struct err_detail body_detail = {0};
    dw_err body = entry_body(entry, &feed->reader, in->part, in->part_len, &body_detail);
    if (body == DW_E_MEMORY) return body;
    if (in->device == site_count(site, SITE_DEVICE) && !site->created) {
        /* The first entry of all is by the site's own device. */
        if (site_add_subject(site, SITE_DEVICE, entry->device) == SITE_NONE) return DW_E_MEMORY;
        site_device(site, in->device)->name = "";
    }
    if (in->device >= site_count(site, SITE_DEVICE)) return err_set(detail, DW_E_DAMAGED, "an entry of a device nobody enrolled");
    const struct site_device *by = site_device(site, in->device);
    if (!id_equal(entry->device, by->id) || entry->n != by->head_n + 1 || memcmp(entry->prev, by->head, HASH_SIZE) != 0)
        return err_set(detail, DW_E_CHAIN, "not entry %lld of its device", (long long)by->head_n + 1);
    if (*reason == FEED_JUDGE) in->at_ms = feed_time(in, entry->at.ms, by->head_n == 0 ? SITE_NEVER : by->last_ms);
    struct fold fold = {.site = site,
                        .entry = entry,
                        .reader = &feed->reader,
                        .seq = in->seq,
                        .stamp = {in->at_ms, in->device, (uint32_t)entry->n},
                        .detail = detail};
    if (site_is_void(site, in->device, entry->n)) {
        if (*reason == FEED_JUDGE) *reason = KINDS_HELD_REASON_NONE;
    } else {
        ERR_TRY(feed_fold(feed, &fold, body == DW_OK, reason));
    }
    struct site_device *device = site_device(site, in->device);
    device->head_n = entry->n;
    device->last_ms = in->at_ms;
    memcpy(device->head, entry->hash, HASH_SIZE);
    if (!site_touch(site, SITE_DEVICE, in->device)) return DW_E_MEMORY;
    site->seq = in->seq;
    for (size_t i = 0; i < site->released_count; i++) ERR_TRY(feed_release(feed, site->released[i], detail));
    site->released_count = 0;
    return DW_OK;
}

void feed_free(struct feed *feed)
{
    entry_reader_free(&feed->reader);
}
