#include "desk/writer.h"

#include <stdlib.h>
#include <string.h>

#include "desk/aside.h"
#include "desk/catchup.h"
#include "desk/glance.h"
#include "desk/ledger_rows.h"
#include "desk/replay.h"
#include "desk/tables.h"

/* One group's transaction. */
struct writer {
    struct desk *desk;
    struct feed feed;
    struct ledger_rows rows; /* of the upload at hand */
    struct arena fetched;
    struct entry_reader check; /* the chain's check must not disturb the feed's reader */
    struct err_detail *detail; /* of the take at hand, or: */
    struct err_detail why;     /* of what befalls the whole group */
    bool changed;              /* the state in memory is ahead of the tables */
};

/* A held entry is read again from the rows that wait to be written, or from the ledger. */
static dw_err writer_fetch(void *ctx, int64_t seq, struct feed_entry *out, struct err_detail *detail)
{
    struct writer *w = ctx;
    int reason;
    if (ledger_rows_find(&w->rows, seq, out)) return DW_OK;
    arena_reset(&w->fetched);
    return desk_entry(w->desk, seq, out, &reason, &w->fetched, detail);
}

/* A site is about to be made: two programs may have found the store without one. */
static dw_err writer_first(struct writer *w)
{
    struct id other;
    struct err_detail why = {0};
    dw_err err = tables_site_id(&other, w->desk->store, &why);
    if (err == DW_E_NOT_FOUND) return DW_OK;
    if (err == DW_OK) return err_set(w->detail, DW_E_EXISTS, "the store holds a site already");
    *w->detail = why;
    return err;
}

/* Another process may have written since: its entries are folded in before anything is judged. */
static dw_err writer_catch_up(struct writer *w)
{
    struct desk *desk = w->desk;
    int64_t head = 0;
    if (!desk->site->created) return writer_first(w);
    ERR_TRY(ledger_rows_head(&head, desk, w->detail));
    return catchup_to(desk, head, w->detail);
}

/* Entries that are here already must be the same ones: how many of the upload's first entries are known. */
static dw_err writer_known(struct writer *w, struct upload *upload, uint32_t device, int64_t received_ms, size_t *known)
{
    const struct site_device *d = site_device(w->desk->site, device);
    size_t overlap = upload->first > d->head_n ? 0 : (size_t)(d->head_n - upload->first + 1);
    if (overlap > upload->count) overlap = upload->count;
    *known = overlap;
    if (overlap == 0) return DW_OK;
    size_t same = 0;
    ERR_TRY(ledger_rows_same(&same, w->desk, device, upload, overlap, w->detail));
    if (same == overlap) return DW_OK;
    ERR_TRY(aside_put(w->desk, device, upload, same, received_ms, w->detail));
    return err_set(w->detail, DW_E_FORK, "entry %lld of this device is here already and is another one",
                   (long long)(upload->first + (int64_t)same));
}

/* What the upload's first entry follows: the ledger's entry before it, or, where the device's chain has forked and it goes on
 * from its own branch, one that was set apart. */
static dw_err writer_after(uint8_t after[HASH_SIZE], bool *aside, struct writer *w, const struct upload *upload, uint32_t device)
{
    const struct site_device *d = site_device(w->desk->site, device);
    bool gap = upload->first > d->head_n + 1;
    uint8_t named[HASH_SIZE];
    *aside = false;
    if (upload->first == d->head_n + 1)
        memcpy(after, d->head, HASH_SIZE);
    else if (!gap)
        ERR_TRY(ledger_rows_hash(after, w->desk, device, upload->first - 1, w->detail));
    if (upload->proved)
        memcpy(named, upload->after, HASH_SIZE);
    else
        upload_named(named, upload, &w->check);
    if (!gap && memcmp(named, after, HASH_SIZE) == 0) return DW_OK;
    if (upload->first > 1) ERR_TRY(aside_has(aside, w->desk, device, upload->first - 1, named, w->detail));
    if (*aside) memcpy(after, named, HASH_SIZE);
    if (!gap || *aside) return DW_OK;
    return err_set(w->detail, DW_E_CHAIN, "entries %lld to %lld of this device are missing", (long long)d->head_n + 1,
                   (long long)upload->first - 1);
}

/* Everything that can be said of an upload before it changes the state. */
static dw_err writer_check(struct writer *w, struct upload *upload, int64_t received_ms, uint32_t *device, size_t *known)
{
    struct site *site = w->desk->site;
    uint8_t after[HASH_SIZE] = {0};
    bool proved = false, genesis = !site->created && site_count(site, SITE_DEVICE) == 0, aside = false;
    *known = 0;
    *device = 0;
    if (!genesis) {
        *device = site_find(site, SITE_DEVICE, upload->device);
        if (*device == SITE_NONE || !id_equal(upload->site, site->id))
            return err_set(w->detail, DW_E_NOT_FOUND, "this device is not enrolled at this site");
        const struct site_device *d = site_device(site, *device);
        proved = upload->proved && keys_public_same(&upload->signer, &d->key);
        if (!proved && !upload_signed(upload, &d->key)) return err_set(w->detail, DW_E_SIGNATURE, "%s", d->name);
        if (upload->first < 1) return err_set(w->detail, DW_E_CHAIN, "entry %lld", (long long)upload->first);
        ERR_TRY(writer_after(after, &aside, w, upload, *device));
    }
    if (!proved || memcmp(upload->after, after, HASH_SIZE) != 0) ERR_TRY(upload_check(upload, after, &w->check, w->detail));
    if (genesis || !aside) return genesis ? DW_OK : writer_known(w, upload, *device, received_ms, known);
    ERR_TRY(aside_put(w->desk, *device, upload, 0, received_ms, w->detail));
    return err_set(w->detail, DW_E_FORK, "entries %lld to %lld follow on what was set apart before, and are set apart too",
                   (long long)upload->first, (long long)upload->last);
}

static dw_err writer_upload(struct writer *w, struct upload *upload, int64_t received_ms, struct writer_take *take,
                            struct upload_receipt *receipt)
{
    struct site *site = w->desk->site;
    uint32_t device;
    size_t known;
    ERR_TRY(writer_check(w, upload, received_ms, &device, &known));
    take->known += known;
    if (known == upload->count) return ledger_rows_receipt(receipt, w->desk, device, upload->last, w->detail);
    if (!ledger_rows_begin(&w->rows, w->desk, upload, known, received_ms)) return DW_E_MEMORY;
    w->changed = true;
    for (size_t i = known; i < upload->count; i++) {
        const struct upload_entry *e = &upload->entries[i];
        int reason = FEED_JUDGE;
        struct entry entry;
        struct feed_entry in = {.text = e->text,
                                .part = e->part,
                                .len = e->len,
                                .part_len = e->part_len,
                                .hash = e->hash,
                                .seq = site->seq + 1,
                                .shift_ms = received_ms - upload->sent.ms,
                                .received_ms = received_ms,
                                .device = device};
        ERR_TRY(feed_open(&w->feed, &entry, &in, w->detail));
        ERR_TRY(feed_take(&w->feed, &entry, &in, &reason, w->detail));
        ERR_TRY(ledger_rows_add(&w->rows, &in, upload->first + (int64_t)i));
        ERR_TRY(ledger_rows_judged(&w->rows, reason, entry.on));
        take->held += reason != KINDS_HELD_REASON_NONE;
    }
    return ledger_rows_end(&w->rows, receipt, w->detail);
}

static dw_err writer_take_all(struct writer *w, struct writer_take *take)
{
    if (desk_disposed(w->desk)) return err_set(w->detail, DW_E_DISPOSED, "nothing is taken any more");
    if (take->last_word != NULL) ERR_TRY(take->last_word(take->ctx, w->desk->site, w->detail));
    for (size_t i = 0; i < take->count; i++)
        ERR_TRY(writer_upload(w, &take->uploads[i], take->received.ms, take, &take->receipts[i]));
    return DW_OK;
}

/* A take was refused for a fork: what forks in any of its uploads is set apart, also what the transaction that was begun anew
 * held of it before. */
static dw_err writer_aside(struct writer *w, struct writer_take *take)
{
    struct err_detail ignored = {0}, *detail = w->detail;
    dw_err err = DW_OK;
    w->detail = &ignored;
    for (size_t i = 0; i < take->count && (err == DW_OK || err == DW_E_CHAIN || err == DW_E_FORK); i++) {
        uint32_t device;
        size_t known;
        err = writer_check(w, &take->uploads[i], take->received.ms, &device, &known);
    }
    w->detail = detail;
    if (err != DW_OK && err != DW_E_FORK && err != DW_E_CHAIN) *detail = ignored;
    return err == DW_OK || err == DW_E_CHAIN ? DW_E_FORK : err;
}

static dw_err writer_begin(struct writer *w)
{
    ERR_TRY(store_begin(w->desk->store, w->detail));
    ERR_TRY(keyring_catch_up(w->desk->keys, w->detail));
    ERR_TRY(writer_catch_up(w));
    w->feed.site = w->desk->site;
    return DW_OK;
}

/* A void or an undone import changes what earlier entries mean: the state is made anew from the ledger. */
static dw_err writer_rebuild(struct writer *w)
{
    struct site *fresh = NULL;
    ERR_TRY(replay_site(&fresh, w->desk->store, w->desk->keys, w->desk->site->id, NULL, NULL, w->detail));
    site_free(w->desk->site);
    w->desk->site = w->feed.site = fresh;
    return DW_OK;
}

static dw_err writer_commit(struct writer *w)
{
    bool whole = w->desk->site->rebuild;
    if (whole) ERR_TRY(writer_rebuild(w));
    ERR_TRY(tables_flush(w->desk->site, w->desk->store, w->desk->keys, whole, w->detail));
    w->desk->site->rebuild = false;
    ERR_TRY(keyring_save(w->desk->keys, w->detail));
    return store_commit(w->desk->store, w->detail);
}

/* Back to what the store holds. When it cannot even be read, the state in memory stays ahead of it, which the next group mends
 * before it judges anything. */
static void writer_back(struct writer *w)
{
    struct err_detail ignored = {0};
    store_rollback(w->desk->store);
    keyring_drop_new(w->desk->keys);
    if (!w->changed || !w->desk->site->created) return;
    dw_err err = desk_moment(w->desk, &ignored);
    if (err == DW_OK) err = desk_reload(w->desk, &ignored);
    store_rollback(w->desk->store);
    w->desk->stale = err != DW_OK;
}

/* Takes the group as one transaction; when one take fails, those before it are committed without it. */
static void writer_group(struct writer *w, struct writer_take *first, size_t count)
{
    struct writer_take *take = first;
    err_clear(&w->why);
    w->detail = &w->why;
    w->changed = false;
    dw_err err = writer_begin(w);
    for (size_t i = 0; err == DW_OK && i < count; i++, take = take->next) {
        w->detail = &take->detail;
        w->changed = false;
        bool forks = take->err == DW_E_FORK; /* it was looked at in a transaction that was begun anew */
        if (take->err == DW_OK) take->err = writer_take_all(w, take);
        if (forks || (take->err == DW_E_FORK && take->count > 1 && !w->changed)) take->err = writer_aside(w, take);
        if (take->err == DW_OK || !w->changed) continue;
        /* It failed half way: start again without it. */
        struct writer_take *again = first;
        writer_back(w);
        for (size_t k = 0; k < i; k++, again = again->next) again->held = again->known = 0;
        writer_group(w, first, count);
        return;
    }
    w->detail = &w->why;
    if (err == DW_OK) {
        w->changed = true;
        err = writer_commit(w);
    }
    if (err == DW_OK) return;
    writer_back(w);
    take = first;
    for (size_t i = 0; i < count; i++, take = take->next) {
        if (take->err != DW_OK && take->err != DW_E_FORK) continue; /* a fork is not kept either */
        take->err = err;
        take->detail = w->why;
    }
}

/* The next takes of the queue, about WRITER_GROUP entries of them. */
static struct writer_take *writer_drain(struct desk *desk, size_t *count)
{
    struct writer_take *first = desk->queue;
    size_t entries = 0;
    *count = 0;
    while (desk->queue != NULL && entries < WRITER_GROUP) {
        for (size_t i = 0; i < desk->queue->count; i++) entries += desk->queue->uploads[i].count;
        desk->queue = desk->queue->next;
        (*count)++;
    }
    if (desk->queue == NULL) desk->queue_end = &desk->queue;
    return first;
}

static void writer_lead(struct desk *desk)
{
    struct writer writer = {.desk = desk, .feed = {.fetch = writer_fetch, .ctx = NULL}};
    writer.feed.ctx = &writer;
    while (desk->queue != NULL) {
        size_t count;
        struct writer_take *take = writer_drain(desk, &count), *next;
        pthread_mutex_unlock(&desk->queue_lock);
        pthread_rwlock_wrlock(&desk->lock);
        writer_group(&writer, take, count);
        glance_publish(desk); /* without memory, what was published before stands */
        pthread_rwlock_unlock(&desk->lock);
        struct writer_take *waiting = NULL;
        for (size_t i = 0; i < count; i++, take = next) {
            next = take->next; /* when it is done, its owner may free it */
            if (take->finished != NULL) {
                take->finished(take);
            } else {
                take->next = waiting;
                waiting = take;
            }
        }
        pthread_mutex_lock(&desk->queue_lock);
        for (; waiting != NULL; waiting = next) {
            next = waiting->next;
            waiting->done = true;
        }
        pthread_cond_broadcast(&desk->queue_done);
    }
    feed_free(&writer.feed);
    entry_reader_free(&writer.check);
    ledger_rows_free(&writer.rows);
    arena_free(&writer.fetched);
}

/* Under the queue's lock. */
static void writer_queue(struct desk *desk, struct writer_take *take)
{
    take->done = false;
    take->err = DW_OK;
    take->next = NULL;
    take->held = take->known = 0;
    err_clear(&take->detail);
    *desk->queue_end = take;
    desk->queue_end = &take->next;
}

/* Under the queue's lock, which is given back now and then. A server has a thread for it: nobody else is to be caught in it. */
static void writer_write(struct desk *desk)
{
    if (desk->serving) {
        pthread_cond_signal(&desk->queue_more);
        return;
    }
    desk->writing = true;
    writer_lead(desk);
    desk->writing = false;
}

dw_err writer_submit(struct desk *desk, struct writer_take *take, struct err_detail *detail)
{
    if (take->count < 1 || take->count > WRITER_UPLOADS) return err_set(detail, DW_E_INVALID, "%zu uploads at once", take->count);
    take->finished = NULL;
    pthread_mutex_lock(&desk->queue_lock);
    writer_queue(desk, take);
    if (!desk->writing) writer_write(desk);
    while (!take->done) pthread_cond_wait(&desk->queue_done, &desk->queue_lock);
    pthread_mutex_unlock(&desk->queue_lock);
    if (detail != NULL && take->err != DW_OK) *detail = take->detail;
    return take->err;
}

void writer_prepare(struct desk *desk, struct upload *upload)
{
    struct entry_reader reader = {0};
    struct err_detail ignored = {0};
    struct glance_device device;
    upload->proved = false;
    if (!glance_device(&device, desk, upload->device)) return;
    upload->signer = device.key;
    if (!upload_signed(upload, &upload->signer)) return;
    upload_named(upload->after, upload, &reader);
    upload->proved = upload_check(upload, upload->after, &reader, &ignored) == DW_OK;
    entry_reader_free(&reader);
}

void writer_post(struct desk *desk, struct writer_take *take)
{
    pthread_mutex_lock(&desk->queue_lock);
    writer_queue(desk, take);
    pthread_cond_signal(&desk->queue_more);
    pthread_mutex_unlock(&desk->queue_lock);
}

void writer_serve(struct desk *desk)
{
    pthread_mutex_lock(&desk->queue_lock);
    desk->serving = true;
    for (;;) {
        if (desk->queue != NULL && !desk->writing) {
            desk->writing = true;
            writer_lead(desk);
            desk->writing = false;
        } else if (desk->stopping && desk->queue == NULL) {
            break;
        } else {
            pthread_cond_wait(&desk->queue_more, &desk->queue_lock); /* who leads meanwhile writes what is posted */
        }
    }
    desk->serving = false;
    pthread_mutex_unlock(&desk->queue_lock);
}

void writer_stop(struct desk *desk)
{
    pthread_mutex_lock(&desk->queue_lock);
    desk->stopping = true;
    pthread_cond_broadcast(&desk->queue_more);
    pthread_mutex_unlock(&desk->queue_lock);
}

/* The head alone is asked while others read; what is new is fed with nobody reading. */
static dw_err writer_look(struct desk *desk, struct err_detail *detail)
{
    int64_t head = 0;
    ERR_TRY(ledger_rows_head(&head, desk, detail));
    if (head == desk->site->seq && !desk->stale) return DW_OK;
    pthread_rwlock_wrlock(&desk->lock);
    dw_err err = desk_moment(desk, detail);
    if (err == DW_OK) err = ledger_rows_head(&head, desk, detail);
    if (err == DW_OK) err = catchup_to(desk, head, detail);
    store_rollback(desk->store);
    if (err == DW_OK) err = glance_publish(desk);
    pthread_rwlock_unlock(&desk->lock);
    return err;
}

dw_err writer_refresh(struct desk *desk, struct err_detail *detail)
{
    pthread_mutex_lock(&desk->queue_lock);
    bool busy = desk->writing || desk->queue != NULL; /* whoever writes catches up himself */
    if (!busy) desk->writing = true;
    pthread_mutex_unlock(&desk->queue_lock);
    if (busy) return DW_OK;
    dw_err err = writer_look(desk, detail);
    pthread_mutex_lock(&desk->queue_lock);
    desk->writing = false;
    if (desk->queue != NULL) writer_write(desk); /* who came meanwhile waits for somebody to write */
    pthread_mutex_unlock(&desk->queue_lock);
    return err;
}
