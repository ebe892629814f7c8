#include "desk/ledger_walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "desk/desk.h"
#include "desk/parts.h"
#include "desk/tables.h"

/* A few batches on their way keep both sides at work; more would only take memory. */
enum { LEDGER_WALK_BATCHES = 4, LEDGER_WALK_ROWS = 512, LEDGER_WALK_BYTES = 1024 * 1024 };

struct ledger_walk_batch {
    struct arena arena;
    struct ledger_walk_row *rows;
    size_t count, cap, bytes;
};

struct ledger_walk {
    struct store *store;
    struct keyring *keys;
    struct id site;
    pthread_t thread;
    bool started;
    pthread_mutex_t using; /* of the store and the keys */

    pthread_mutex_t lock; /* of all down to error */
    pthread_cond_t changed;
    struct ledger_walk_batch batches[LEDGER_WALK_BATCHES]; /* taken % LEDGER_WALK_BATCHES is the one being folded */
    size_t filled, taken;                                  /* counted on and on */
    bool looked, ended, stop;
    dw_err error;
    struct err_detail detail;

    struct ledger_walk_batch voids, fetched; /* voids: the reader's until looked */
    int64_t entries;
    size_t at; /* the next row of the batch being folded */
};

static dw_err ledger_walk_row_read(struct ledger_walk *walk, struct ledger_walk_batch *batch, const struct store_value *v)
{
    if (!arena_grow((void **)&batch->rows, &batch->cap, batch->count + 1, sizeof *batch->rows)) return DW_E_MEMORY;
    struct ledger_walk_row *row = &batch->rows[batch->count++];
    struct err_detail why = {0};
    *row = (struct ledger_walk_row){.n = store_get_int(&v[2]), .reason = store_get_int(&v[4])};
    row->in = (struct feed_entry){.text = arena_text(&batch->arena, v[5].data, v[5].len),
                                  .len = v[5].len,
                                  .seq = store_get_int(&v[0]),
                                  .at_ms = store_get_int(&v[3]),
                                  .device = (uint32_t)store_get_int(&v[1])};
    if (row->in.text == NULL) return DW_E_MEMORY;
    batch->bytes += v[5].len + v[6].len;
    hash_one(row->hash, row->in.text, row->in.len);
    row->unread = parts_open(&row->in.part, &row->in.part_len, walk->keys, &v[6], row->in.seq, &batch->arena, &why);
    if (row->unread == DW_E_MEMORY) return DW_E_MEMORY;
    snprintf(row->why, sizeof row->why, "%.90s", why.text);
    return DW_OK;
}

static void ledger_walk_empty(struct ledger_walk_batch *batch)
{
    arena_reset(&batch->arena);
    batch->count = batch->bytes = 0;
}

static void ledger_walk_batch_free(struct ledger_walk_batch *batch)
{
    arena_free(&batch->arena);
    free(batch->rows);
}

/* The first look. A quick look at the text spares reading the rest. */
static dw_err ledger_walk_look(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    static const char void_kind[] = "\"kind\":\"entry.void\"", undo_kind[] = "\"kind\":\"import.undo\"";
    struct ledger_walk *walk = ctx;
    (void)count;
    (void)detail;
    if (++walk->entries % LEDGER_WALK_ROWS == 0) {
        pthread_mutex_lock(&walk->lock);
        bool stop = walk->stop;
        pthread_mutex_unlock(&walk->lock);
        if (stop) return DW_E_CANCELLED;
    }
    if (store_get_int(&v[4]) != KINDS_HELD_REASON_NONE) return DW_OK;
    bool may = memmem(v[5].data, v[5].len, void_kind, sizeof void_kind - 1) != NULL ||
               memmem(v[5].data, v[5].len, undo_kind, sizeof undo_kind - 1) != NULL;
    return may ? ledger_walk_row_read(walk, &walk->voids, v) : DW_OK;
}

/* The batch that is full goes to the other side; the store is free for it until there is room for the next. */
static dw_err ledger_walk_hand_over(struct ledger_walk *walk)
{
    pthread_mutex_unlock(&walk->using);
    pthread_mutex_lock(&walk->lock);
    walk->filled++;
    pthread_cond_broadcast(&walk->changed);
    while (!walk->stop && walk->filled - walk->taken >= LEDGER_WALK_BATCHES) pthread_cond_wait(&walk->changed, &walk->lock);
    bool stop = walk->stop;
    pthread_mutex_unlock(&walk->lock);
    pthread_mutex_lock(&walk->using);
    ledger_walk_empty(&walk->batches[walk->filled % LEDGER_WALK_BATCHES]);
    return stop ? DW_E_CANCELLED : DW_OK;
}

static dw_err ledger_walk_take(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct ledger_walk *walk = ctx;
    struct ledger_walk_batch *batch = &walk->batches[walk->filled % LEDGER_WALK_BATCHES];
    (void)count;
    (void)detail;
    ERR_TRY(ledger_walk_row_read(walk, batch, v));
    bool full = batch->count == LEDGER_WALK_ROWS || batch->bytes >= LEDGER_WALK_BYTES;
    return full ? ledger_walk_hand_over(walk) : DW_OK;
}

static void ledger_walk_tell(struct ledger_walk *walk, bool *what, dw_err err, const struct err_detail *detail)
{
    pthread_mutex_lock(&walk->lock);
    *what = true;
    if (err != DW_OK && walk->error == DW_OK) {
        walk->error = err;
        walk->detail = *detail;
    }
    pthread_cond_broadcast(&walk->changed);
    pthread_mutex_unlock(&walk->lock);
}

static void *ledger_walk_work(void *ctx)
{
    struct ledger_walk *walk = ctx;
    struct err_detail detail = {0};
    struct store_value id = store_id(&walk->site);
    const struct store_sql *all = &tables_get(TABLES_ENTRY)->all;
    pthread_mutex_lock(&walk->using);
    dw_err err = store_ask(walk->store, all, &id, 1, ledger_walk_look, walk, &detail);
    ledger_walk_tell(walk, &walk->looked, err, &detail);
    if (err == DW_OK) err = store_ask(walk->store, all, &id, 1, ledger_walk_take, walk, &detail);
    if (err == DW_OK && walk->batches[walk->filled % LEDGER_WALK_BATCHES].count > 0) err = ledger_walk_hand_over(walk);
    ledger_walk_tell(walk, &walk->ended, err, &detail);
    pthread_mutex_unlock(&walk->using);
    return NULL;
}

dw_err ledger_walk_start(struct ledger_walk **out, struct store *store, struct keyring *keys, struct id site,
                         struct err_detail *detail)
{
    struct ledger_walk *walk = calloc(1, sizeof *walk);
    *out = walk;
    if (walk == NULL) return DW_E_MEMORY;
    walk->store = store;
    walk->keys = keys;
    walk->site = site;
    pthread_mutex_init(&walk->using, NULL);
    pthread_mutex_init(&walk->lock, NULL);
    pthread_cond_init(&walk->changed, NULL);
    walk->started = thread_start(&walk->thread, ledger_walk_work, walk);
    return walk->started ? DW_OK : err_set(detail, DW_E_MEMORY, "no thread could be started");
}

dw_err ledger_walk_voids(struct ledger_walk *walk, const struct ledger_walk_row **rows, size_t *count, int64_t *entries,
                         struct err_detail *detail)
{
    pthread_mutex_lock(&walk->lock);
    while (!walk->looked) pthread_cond_wait(&walk->changed, &walk->lock);
    dw_err err = walk->error;
    if (err != DW_OK && detail != NULL) *detail = walk->detail;
    pthread_mutex_unlock(&walk->lock);
    *rows = walk->voids.rows;
    *count = walk->voids.count;
    *entries = walk->entries;
    return err;
}

/* Waits for a batch; NULL when there are no more. */
static dw_err ledger_walk_batch_next(struct ledger_walk *walk, struct ledger_walk_batch **batch, struct err_detail *detail)
{
    pthread_mutex_lock(&walk->lock);
    while (walk->filled == walk->taken && !walk->ended) pthread_cond_wait(&walk->changed, &walk->lock);
    bool more = walk->filled > walk->taken;
    dw_err err = more ? DW_OK : walk->error;
    if (err != DW_OK && detail != NULL) *detail = walk->detail;
    pthread_mutex_unlock(&walk->lock);
    *batch = more ? &walk->batches[walk->taken % LEDGER_WALK_BATCHES] : NULL;
    return err;
}

dw_err ledger_walk_next(struct ledger_walk *walk, struct ledger_walk_row **row, struct err_detail *detail)
{
    struct ledger_walk_batch *batch;
    *row = NULL;
    ERR_TRY(ledger_walk_batch_next(walk, &batch, detail));
    if (batch != NULL && walk->at == batch->count) {
        walk->at = 0;
        pthread_mutex_lock(&walk->lock);
        walk->taken++;
        pthread_cond_broadcast(&walk->changed);
        pthread_mutex_unlock(&walk->lock);
        ERR_TRY(ledger_walk_batch_next(walk, &batch, detail));
    }
    if (batch == NULL) return DW_OK;
    *row = &batch->rows[walk->at++];
    (*row)->in.hash = (*row)->hash;
    return DW_OK;
}

static dw_err ledger_walk_fetch_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct ledger_walk *walk = ctx;
    (void)count;
    (void)detail;
    return ledger_walk_row_read(walk, &walk->fetched, v);
}

dw_err ledger_walk_fetch(struct ledger_walk *walk, int64_t seq, struct feed_entry *out, struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT seq, device_no, n, at_ms, reason, text, parts FROM entry WHERE site_id = $1 AND seq = $2"};
    struct store_value v[] = {store_id(&walk->site), store_int(seq)};
    ledger_walk_empty(&walk->fetched);
    pthread_mutex_lock(&walk->using);
    dw_err err = store_ask(walk->store, &ask, v, 2, ledger_walk_fetch_row, walk, detail);
    pthread_mutex_unlock(&walk->using);
    ERR_TRY(err);
    if (walk->fetched.count == 0) return err_set(detail, DW_E_DAMAGED, "entry %lld is not there", (long long)seq);
    struct ledger_walk_row *row = walk->fetched.rows;
    *out = row->in;
    out->hash = row->hash;
    return row->unread == DW_OK ? DW_OK : err_set(detail, row->unread, "%s", row->why);
}

void ledger_walk_free(struct ledger_walk *walk)
{
    if (walk == NULL) return;
    pthread_mutex_lock(&walk->lock);
    walk->stop = true;
    pthread_cond_broadcast(&walk->changed);
    pthread_mutex_unlock(&walk->lock);
    if (walk->started) pthread_join(walk->thread, NULL);
    for (size_t i = 0; i < LEDGER_WALK_BATCHES; i++) ledger_walk_batch_free(&walk->batches[i]);
    ledger_walk_batch_free(&walk->voids);
    ledger_walk_batch_free(&walk->fetched);
    pthread_mutex_destroy(&walk->using);
    pthread_mutex_destroy(&walk->lock);
    pthread_cond_destroy(&walk->changed);
    free(walk);
}
