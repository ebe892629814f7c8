#include "sim/settle.h"

#include <stdlib.h>
#include <string.h>

enum { SETTLE_SOON = 15 * 60000 };

/* One recorded entry and what became of it. */
struct settle_entry {
    uint32_t phone;
    int64_t n, seq, at_ms; /* seq 0: not in the ledger */
    int reason;
    uint8_t hash[HASH_SIZE];
    bool aside;
};

struct settle_work {
    struct settle *out;
    const struct sync *sync;
    const struct site *site; /* under the read lock */
    struct settle_entry *entries;
    size_t count;
    size_t *first; /* of each phone in entries */
    struct map by_hash;
    struct map held; /* sequence number hashed -> number in the site's list */
    struct entry_reader reader;
    struct arena arena;
    struct err_detail *detail;
};

static uint64_t settle_hash(const uint8_t hash[HASH_SIZE])
{
    uint64_t value;
    memcpy(&value, hash, sizeof value);
    return value;
}

static void settle_tell(struct settle *out, const char *what, const struct settle_entry *e)
{
    if (out->told_count == SETTLE_TOLD) return;
    snprintf(out->told[out->told_count++], SETTLE_TEXT, "%s: phone %u entry %lld (sequence %lld)", what, e->phone + 1,
             (long long)e->n, (long long)e->seq);
}

static dw_err settle_gather(struct settle_work *w)
{
    const struct phone_fleet *fleet = w->sync->fleet;
    size_t all = 0;
    for (size_t i = 0; i < fleet->count; i++) all += fleet->phones[i].book.count;
    w->entries = calloc(all + 1, sizeof *w->entries);
    w->first = calloc(fleet->count + 1, sizeof *w->first);
    if (w->entries == NULL || w->first == NULL) return DW_E_MEMORY;
    for (uint32_t i = 0; i < fleet->count; i++) {
        const struct book *book = &fleet->phones[i].book;
        w->first[i] = w->count;
        for (size_t k = 0; k < book->count; k++) {
            struct settle_entry *e = &w->entries[w->count];
            *e = (struct settle_entry){.phone = i, .n = book->first + (int64_t)k};
            hash_one(e->hash, book->entries[k].text, book->entries[k].len);
            if (!map_put(&w->by_hash, settle_hash(e->hash), (uint32_t)w->count++)) return DW_E_MEMORY;
        }
    }
    w->out->recorded = (int64_t)w->count;
    return DW_OK;
}

static struct settle_entry *settle_find(const struct settle_work *w, const uint8_t hash[HASH_SIZE])
{
    uint32_t at;
    size_t cursor = 0;
    while (map_next(&w->by_hash, settle_hash(hash), &cursor, &at))
        if (memcmp(w->entries[at].hash, hash, HASH_SIZE) == 0) return &w->entries[at];
    return NULL;
}

static dw_err settle_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct settle_work *w = ctx;
    uint8_t hash[HASH_SIZE];
    (void)count;
    (void)detail;
    hash_one(hash, v[4].data, v[4].len);
    struct settle_entry *e = settle_find(w, hash);
    const struct site_device *device = site_device(w->site, (uint32_t)store_get_int(&v[1]));
    if (e == NULL || e->n != store_get_int(&v[2]) || !id_equal(device->id, w->sync->fleet->phones[e->phone].book.writer.device))
        return DW_OK;
    e->seq = store_get_int(&v[0]);
    e->at_ms = store_get_int(&v[3]);
    e->reason = (int)store_get_int(&v[5]);
    return DW_OK;
}

static dw_err settle_aside(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct settle_work *w = ctx;
    struct settle *out = w->out;
    const char *name = site_device(w->site, (uint32_t)store_get_int(&v[0]))->name;
    (void)count;
    if (v[1].len != HASH_SIZE) return err_set(detail, DW_E_DAMAGED, "a fork of %s", name);
    struct settle_entry *e = settle_find(w, v[1].data);
    if (e != NULL) e->aside = true;
    out->forks++;
    if (out->device_count == 0 || strncmp(out->devices[out->device_count - 1].device, name, 63) != 0) {
        if (!arena_grow((void **)&out->devices, &out->device_cap, out->device_count + 1, sizeof *out->devices))
            return DW_E_MEMORY;
        out->devices[out->device_count] = (struct settle_fork){.entries = 0};
        snprintf(out->devices[out->device_count++].device, sizeof out->devices->device, "%s", name);
    }
    out->devices[out->device_count - 1].entries++;
    return DW_OK;
}

static dw_err settle_speak(struct settle_work *w, struct id id)
{
    struct settle *out = w->out;
    uint32_t person = site_find(w->site, SITE_PERSON, id);
    if (person != SITE_NONE) {
        out->spoken[person] = 1;
        return DW_OK;
    }
    if (!arena_grow((void **)&out->spoken_more, &out->spoken_cap, out->spoken_count + 1, sizeof id)) return DW_E_MEMORY;
    out->spoken_more[out->spoken_count++] = id;
    return DW_OK;
}

/* Everyone a waiting entry names: whom it is on, the other of a pair, those at a door. */
static dw_err settle_waiting(struct settle_work *w, const struct site_held *held)
{
    struct feed_entry in;
    struct entry entry;
    struct entry_value item[KINDS_FIELDS_MAX];
    struct err_detail ignored;
    int reason;
    uint32_t cursor = 0;
    bool more = true;
    arena_reset(&w->arena);
    arena_reset(&w->reader.arena);
    ERR_TRY(desk_entry(w->sync->desk, held->seq, &in, &reason, &w->arena, w->detail));
    ERR_TRY(entry_open(&entry, &w->reader, in.text, in.len, NULL, w->detail));
    ERR_TRY(settle_speak(w, entry.on));
    if (entry_body(&entry, &w->reader, in.part, in.part_len, &ignored) != DW_OK) return DW_OK; /* held as malformed */
    if (entry.kind == KINDS_REVIEW_ADD) ERR_TRY(settle_speak(w, entry.values[KINDS_REVIEW_ADD_OTHER].id));
    bool tube = entry.kind == KINDS_TUBE_FILL || entry.kind == KINDS_TUBE_SEAL;
    _Static_assert((int)KINDS_TUBE_FILL_PEOPLE == (int)KINDS_TUBE_SEAL_PEOPLE, "one list");
    while ((tube || entry.kind == KINDS_VISIT) && more) {
        ERR_TRY(
            entry_item(item, &cursor, &more, &entry, tube ? KINDS_TUBE_FILL_PEOPLE : KINDS_VISIT_PEOPLE, &w->reader, w->detail));
        if (more) ERR_TRY(settle_speak(w, item[tube ? KINDS_TUBE_FILL_PEOPLE_PERSON : KINDS_VISIT_PEOPLE_PERSON].id));
    }
    return DW_OK;
}

static dw_err settle_held(struct settle_work *w)
{
    w->out->spoken = calloc((size_t)site_count(w->site, SITE_PERSON) + 1, 1);
    if (w->out->spoken == NULL) return DW_E_MEMORY;
    for (uint32_t i = 0; i < site_count(w->site, SITE_HELD); i++) {
        const struct site_held *held = site_held(w->site, i);
        if (!map_put(&w->held, site_key((uint64_t)held->seq, 0), i)) return DW_E_MEMORY;
        if (held->state == SITE_HELD_WAITING) ERR_TRY(settle_waiting(w, held));
    }
    return DW_OK;
}

static const struct site_held *settle_held_at(const struct settle_work *w, int64_t seq)
{
    uint32_t at;
    size_t cursor = 0;
    while (map_next(&w->held, site_key((uint64_t)seq, 0), &cursor, &at))
        if (site_held(w->site, at)->seq == seq) return site_held(w->site, at);
    return NULL;
}

/* When the entry was made; of one recorded again, when it was for the first time. */
static int64_t settle_made(const struct settle_work *w, const struct settle_entry *e)
{
    const struct phone_fleet *fleet = w->sync->fleet;
    const struct phone *p = &fleet->phones[e->phone];
    size_t i = (size_t)(e->n - p->book.first);
    return i < p->again ? fleet->phones[p->before].made_ms[i] : p->made_ms[i];
}

/* Whatever the phone's clock says: the site corrects a time to the true one, and what the upload took on its way. An old copy
 * that is the first to be taken took hours, which nobody at the site can tell from a clock that is slow. */
static void settle_times(struct settle_work *w, uint32_t phone, int64_t first, int64_t last, int64_t sent_ms, int64_t received_ms)
{
    const struct phone *p = &w->sync->fleet->phones[phone];
    int64_t took = received_ms - (sent_ms - p->clock_ms), before = INT64_MIN;
    for (int64_t n = first; n <= last; n++) {
        size_t i = (size_t)(n - p->book.first);
        const struct settle_entry *e = &w->entries[w->first[phone] + i];
        if (n < p->book.first || i >= p->book.count || e->seq == 0) continue;
        if (i > 0) before = e[-1].at_ms;
        int64_t made = settle_made(w, e), most = made + took < before ? before : made + took;
        w->out->delayed += e->at_ms > made + SETTLE_SOON;
        if (e->at_ms >= made && e->at_ms <= most && e->at_ms <= received_ms) continue;
        w->out->mistimed++;
        settle_tell(w->out, "a wrong time", e);
    }
}

static dw_err settle_receipt(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct settle_work *w = ctx;
    const struct site_device *device = site_device(w->site, (uint32_t)store_get_int(&v[0]));
    (void)count;
    (void)detail;
    for (uint32_t i = 0; i < w->sync->fleet->count; i++) {
        const struct phone *p = &w->sync->fleet->phones[i];
        if (!p->branch && id_equal(p->book.writer.device, device->id))
            settle_times(w, i, store_get_int(&v[1]), store_get_int(&v[2]), store_get_int(&v[3]), store_get_int(&v[4]));
    }
    return DW_OK;
}

static void settle_count(struct settle_work *w)
{
    struct settle *out = w->out;
    for (size_t i = 0; i < w->count; i++) {
        const struct settle_entry *e = &w->entries[i];
        const struct site_held *held = e->seq == 0 ? NULL : settle_held_at(w, e->seq);
        int64_t revoked = w->sync->revoked_seq[e->phone];
        if (e->seq == 0 && e->aside) {
            out->quarantined++;
        } else if (e->seq == 0) {
            out->lost++;
            settle_tell(out, "lost", e);
        } else if (held == NULL) {
            out->accepted += e->reason == KINDS_HELD_REASON_NONE;
            out->lost += e->reason != KINDS_HELD_REASON_NONE; /* held, and nowhere among what waits or was decided */
        } else {
            out->released += held->state == SITE_HELD_RELEASED;
            out->voided += held->state == SITE_HELD_VOID;
            if (held->state == SITE_HELD_WAITING) out->held[held->reason]++;
        }
        if (revoked > 0 && e->seq > revoked && e->reason == KINDS_HELD_REASON_NONE) {
            out->revoked_taken++;
            settle_tell(out, "accepted after the phone was revoked", e);
        }
    }
}

/* Is what the receipt says so: who signed it, which entries, at which numbers, with which verdicts? */
static bool settle_honoured(const struct settle_work *w, const struct sync_receipt *r, const struct settle_entry **at)
{
    const struct upload_receipt *receipt = &r->receipt;
    const struct book *book = &w->sync->fleet->phones[r->phone].book;
    struct hash_stream verdicts;
    struct keys_public phone;
    uint8_t digest[HASH_SIZE];
    if (receipt->first < book->first || receipt->last >= book->first + (int64_t)book->count) return false;
    hash_start(&verdicts);
    for (int64_t n = receipt->first; n <= receipt->last; n++) {
        const struct settle_entry *e = *at = &w->entries[w->first[r->phone] + (size_t)(n - book->first)];
        if (e->seq != receipt->first_seq + n - receipt->first) return false;
        upload_verdict(&verdicts, e->seq, e->reason, e->at_ms);
    }
    hash_end(&verdicts, digest);
    return memcmp(digest, receipt->verdicts, HASH_SIZE) == 0 && memcmp((*at)->hash, receipt->head, HASH_SIZE) == 0 &&
           upload_receipt_signed(receipt, site_device(w->site, DESK_SITE_DEVICE)->key.bytes) &&
           keys_public_from(&phone, book->signer.public_key, KEYS_PUBLIC) && upload_receipt_device(receipt, &phone);
}

static void settle_receipts(struct settle_work *w)
{
    w->out->receipts = (int64_t)w->sync->receipt_count;
    for (size_t i = 0; i < w->sync->receipt_count; i++) {
        const struct settle_entry none = {.phone = w->sync->receipts[i].phone}, *at = &none;
        if (settle_honoured(w, &w->sync->receipts[i], &at)) continue;
        w->out->broken++;
        settle_tell(w->out, "a receipt was not honoured", at);
    }
}

static dw_err settle_all(struct settle_work *w)
{
    static const struct store_sql ledger = {"SELECT seq, device_no, n, at_ms, text, reason FROM entry WHERE site_id = $1"},
                                  receipts = {"SELECT device_no, first_n, last_n, sent_ms, received_ms FROM receipt WHERE "
                                              "site_id = $1"},
                                  forks = {"SELECT device_no, hash FROM fork WHERE site_id = $1 ORDER BY device_no"};
    struct store_value id = store_id(&w->site->id);
    ERR_TRY(settle_gather(w));
    ERR_TRY(store_ask(w->sync->desk->store, &ledger, &id, 1, settle_row, w, w->detail));
    ERR_TRY(store_ask(w->sync->desk->store, &forks, &id, 1, settle_aside, w, w->detail));
    ERR_TRY(store_ask(w->sync->desk->store, &receipts, &id, 1, settle_receipt, w, w->detail));
    ERR_TRY(settle_held(w));
    settle_count(w);
    settle_receipts(w);
    return DW_OK;
}

dw_err settle_run(struct settle *out, const struct sync *sync, struct err_detail *detail)
{
    struct settle_work w = {.out = out, .sync = sync, .detail = detail};
    w.site = desk_read(sync->desk);
    dw_err err = settle_all(&w);
    desk_read_end(sync->desk);
    free(w.entries);
    free(w.first);
    map_free(&w.by_hash);
    map_free(&w.held);
    entry_reader_free(&w.reader);
    arena_free(&w.arena);
    return err;
}

void settle_free(struct settle *settle)
{
    free(settle->devices);
    free(settle->spoken);
    free(settle->spoken_more);
    memset(settle, 0, sizeof *settle);
}
