#include "store/keyring.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "store/keyring_file.h"

#define KEYRING_NOWHERE UINT64_MAX

enum keyring_kind { KEYRING_DEAD, KEYRING_PERSON, KEYRING_DEVICE };

/* States of a record. A key that is erased becomes KEYRING_GONE in its place, and a mark is appended, by which other processes
 * learn of it. */
enum keyring_saved { KEYRING_KEY = 1, KEYRING_GONE = 2, KEYRING_MARK = 3 };

struct keyring_item {
    struct id subject;
    uint8_t key[KEYS_SECRET];
    uint64_t place; /* of its record; KEYRING_NOWHERE while it has none */
    uint8_t kind;
    bool erased;
    bool marked; /* erased, and the mark is in the file */
};

struct keyring {
    struct keyring_file file; /* without a path in memory */
    uint8_t secret[KEYS_SECRET];
    uint8_t blind[KEYS_SECRET];
    struct keyring_item *items;
    size_t count, cap;
    struct map map;
    uint32_t *fresh; /* items made since the last save */
    size_t fresh_count, fresh_cap;
    bool disposed;
    bool clash; /* another process was first with the key of a fresh item */
};

static uint64_t keyring_hash(struct id subject, uint8_t kind)
{
    return id_hash(subject) ^ (kind * UINT64_C(0x9E3779B97F4A7C15));
}

static struct keyring_item *keyring_find(const struct keyring *ring, struct id subject, uint8_t kind)
{
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&ring->map, keyring_hash(subject, kind), &cursor, &at)) {
        struct keyring_item *item = &ring->items[at];
        if (item->kind == kind && id_equal(item->subject, subject)) return item;
    }
    return NULL;
}

/* Not by realloc, which would leave keys in memory given back. */
static bool keyring_room(struct keyring *ring)
{
    if (ring->count < ring->cap) return true;
    size_t cap = ring->cap == 0 ? 64 : ring->cap * 2;
    struct keyring_item *items = calloc(cap, sizeof *items);
    if (items == NULL) return false;
    if (ring->count > 0) memcpy(items, ring->items, ring->count * sizeof *items);
    if (ring->items != NULL) keys_wipe(ring->items, ring->cap * sizeof *ring->items);
    free(ring->items);
    ring->items = items;
    ring->cap = cap;
    return true;
}

static dw_err keyring_add(struct keyring *ring, struct keyring_item **out, struct id subject, uint8_t kind)
{
    if (ring->count >= UINT32_MAX / 2 || !keyring_room(ring)) return DW_E_MEMORY;
    if (!map_put(&ring->map, keyring_hash(subject, kind), (uint32_t)ring->count)) return DW_E_MEMORY;
    *out = &ring->items[ring->count++];
    **out = (struct keyring_item){.subject = subject, .place = KEYRING_NOWHERE, .kind = kind};
    return DW_OK;
}

static dw_err keyring_new_key(struct keyring *ring, struct keyring_item **out, struct id subject, uint8_t kind)
{
    if (!arena_grow((void **)&ring->fresh, &ring->fresh_cap, ring->fresh_count + 1, sizeof *ring->fresh)) return DW_E_MEMORY;
    ERR_TRY(keyring_add(ring, out, subject, kind));
    rng_bytes(NULL, (*out)->key, KEYS_SECRET);
    ring->fresh[ring->fresh_count++] = (uint32_t)(ring->count - 1);
    return DW_OK;
}

/* True if the item was fresh. */
static bool keyring_unfresh(struct keyring *ring, const struct keyring_item *item)
{
    uint32_t at = (uint32_t)(item - ring->items);
    for (size_t i = 0; i < ring->fresh_count; i++) {
        if (ring->fresh[i] != at) continue;
        memmove(ring->fresh + i, ring->fresh + i + 1, (ring->fresh_count - i - 1) * sizeof *ring->fresh);
        ring->fresh_count--;
        return true;
    }
    return false;
}

static struct keyring_file_record keyring_record(const struct keyring_item *item, enum keyring_saved state)
{
    struct keyring_file_record record = {.kind = item->kind, .state = (uint8_t)state, .subject = item->subject};
    if (state == KEYRING_KEY) memcpy(record.key, item->key, KEYS_SECRET);
    return record;
}

static dw_err keyring_overwrite(struct keyring *ring, const struct keyring_item *item, struct err_detail *detail)
{
    struct keyring_file_record gone = keyring_record(item, KEYRING_GONE);
    return keyring_file_replace(&ring->file, &gone, item->place, detail);
}

static void keyring_take_key(struct keyring *ring, struct keyring_item *item, const struct keyring_file_record *record)
{
    if (memcmp(item->key, record->key, KEYS_SECRET) != 0) ring->clash = true;
    keyring_unfresh(ring, item);
    memcpy(item->key, record->key, KEYS_SECRET);
}

static dw_err keyring_take_erased(struct keyring *ring, struct keyring_item *item)
{
    /* an erasure whose process died before it overwrote the record is finished here; doing it twice does no harm */
    if (!item->erased && item->place != KEYRING_NOWHERE) ERR_TRY(keyring_overwrite(ring, item, NULL));
    if (keyring_unfresh(ring, item)) ring->clash = true;
    keys_wipe(item->key, sizeof item->key);
    item->erased = true;
    return DW_OK;
}

/* A record of the file that is new to this ring; after a failure it comes again. */
static dw_err keyring_take(void *ctx, const struct keyring_file_record *record, uint64_t place)
{
    struct keyring *ring = ctx;
    bool known_kind = record->kind == KEYRING_PERSON || record->kind == KEYRING_DEVICE;
    if (!known_kind || record->state < KEYRING_KEY || record->state > KEYRING_MARK) return DW_E_KEYS;
    struct keyring_item *item = keyring_find(ring, record->subject, record->kind);
    bool first = item == NULL;
    if (first) ERR_TRY(keyring_add(ring, &item, record->subject, record->kind));
    if (record->state == KEYRING_MARK) {
        ERR_TRY(keyring_take_erased(ring, item));
        item->marked = true;
        return DW_OK;
    }
    if (item->place != KEYRING_NOWHERE && item->place != place)
        return DW_E_KEYS; /* two records of one subject: never written by us */
    item->place = place;
    if (record->state == KEYRING_GONE) {
        item->erased = true; /* its record is already what it should be */
        return keyring_take_erased(ring, item);
    }
    if (item->erased) return keyring_overwrite(ring, item, NULL);
    if (first)
        memcpy(item->key, record->key, KEYS_SECRET);
    else
        keyring_take_key(ring, item, record);
    return DW_OK;
}

/* With the lock held. */
static dw_err keyring_read(struct keyring *ring, struct err_detail *detail)
{
    ring->clash = false;
    ERR_TRY(keyring_file_read(&ring->file, keyring_take, ring, detail));
    if (ring->clash) return err_set(detail, DW_E_BUSY, "another program has made a key for the same subject");
    return DW_OK;
}

static dw_err keyring_alloc(struct keyring **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) return DW_E_MEMORY;
    (*out)->file.fd = -1;
    return DW_OK;
}

dw_err keyring_make(struct keyring **out, const char *path, struct err_detail *detail)
{
    ERR_TRY(keyring_alloc(out));
    dw_err code = DW_OK;
    if (path == NULL)
        rng_bytes(NULL, (*out)->secret, KEYS_SECRET);
    else
        code = keyring_file_make(&(*out)->file, (*out)->secret, path, detail);
    keys_derive((*out)->blind, (*out)->secret, "doorward blind 1");
    if (code != DW_OK) {
        keyring_close(*out);
        *out = NULL;
    }
    return code;
}

static dw_err keyring_read_first(struct keyring *ring, struct err_detail *detail)
{
    ERR_TRY(keyring_file_lock(&ring->file, detail));
    dw_err code = keyring_read(ring, detail);
    keyring_file_unlock(&ring->file);
    return code;
}

dw_err keyring_open(struct keyring **out, const char *path, struct err_detail *detail)
{
    if (path == NULL) return keyring_make(out, NULL, detail);
    ERR_TRY(keyring_alloc(out));
    dw_err code = keyring_file_open(&(*out)->file, (*out)->secret, path, detail);
    if (code == DW_OK) code = keyring_read_first(*out, detail);
    (*out)->disposed = code == DW_E_DISPOSED;
    if (code == DW_E_DISPOSED) code = DW_OK; /* its file is closed: it is one in memory */
    keys_derive((*out)->blind, (*out)->secret, "doorward blind 1");
    if (code != DW_OK) {
        keyring_close(*out);
        *out = NULL;
    }
    return code;
}

void keyring_close(struct keyring *ring)
{
    if (ring == NULL) return;
    keyring_file_close(&ring->file);
    if (ring->items != NULL) keys_wipe(ring->items, ring->cap * sizeof *ring->items);
    free(ring->items);
    free(ring->fresh);
    map_free(&ring->map);
    keys_wipe(ring, sizeof *ring);
    free(ring);
}

const uint8_t *keyring_blind(const struct keyring *ring)
{
    return ring->blind;
}

enum keyring_state keyring_person(const struct keyring *ring, struct id person, const uint8_t **key)
{
    const struct keyring_item *item = keyring_find(ring, person, KEYRING_PERSON);
    *key = NULL;
    if (ring->disposed) return KEYRING_ERASED;
    if (item == NULL) return KEYRING_ABSENT;
    if (item->erased) return KEYRING_ERASED;
    *key = item->key;
    return KEYRING_PRESENT;
}

static dw_err keyring_need(struct keyring *ring, struct keyring_item **out, struct id subject, uint8_t kind)
{
    *out = keyring_find(ring, subject, kind);
    if (ring->disposed) return DW_E_STATE;
    if (*out == NULL) return keyring_new_key(ring, out, subject, kind);
    return (*out)->erased ? DW_E_STATE : DW_OK;
}

dw_err keyring_person_make(struct keyring *ring, struct id person, const uint8_t **key)
{
    struct keyring_item *item;
    *key = NULL;
    ERR_TRY(keyring_need(ring, &item, person, KEYRING_PERSON));
    *key = item->key;
    return DW_OK;
}

dw_err keyring_device_make(struct keyring *ring, struct id device, struct keys_signer *out)
{
    struct keyring_item *item;
    ERR_TRY(keyring_need(ring, &item, device, KEYRING_DEVICE));
    keys_signer_make(out, item->key);
    return DW_OK;
}

enum keyring_state keyring_device(const struct keyring *ring, struct id device, struct keys_signer *out)
{
    const struct keyring_item *item = keyring_find(ring, device, KEYRING_DEVICE);
    if (ring->disposed) return KEYRING_ERASED;
    if (item == NULL) return KEYRING_ABSENT;
    if (item->erased) return KEYRING_ERASED;
    keys_signer_make(out, item->key);
    return KEYRING_PRESENT;
}

dw_err keyring_catch_up(struct keyring *ring, struct err_detail *detail)
{
    if (ring->file.path == NULL || !keyring_file_grown(&ring->file)) return DW_OK;
    return keyring_read_first(ring, detail);
}

/* With the lock held and everything read. */
static dw_err keyring_append_fresh(struct keyring *ring, struct err_detail *detail)
{
    size_t count = ring->fresh_count;
    if (count == 0) return DW_OK;
    struct keyring_file_record *records = calloc(count, sizeof *records);
    if (records == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < count; i++) records[i] = keyring_record(&ring->items[ring->fresh[i]], KEYRING_KEY);
    uint64_t place = ring->file.known;
    dw_err code = keyring_file_append(&ring->file, records, count, detail);
    keys_wipe(records, count * sizeof *records);
    free(records);
    if (code != DW_OK) return code;
    for (size_t i = 0; i < count; i++) ring->items[ring->fresh[i]].place = place + i;
    ring->fresh_count = 0;
    return DW_OK;
}

dw_err keyring_save(struct keyring *ring, struct err_detail *detail)
{
    if (ring->file.path == NULL) ring->fresh_count = 0;
    if (ring->fresh_count == 0) return DW_OK;
    ERR_TRY(keyring_file_lock(&ring->file, detail));
    dw_err code = keyring_file_grown(&ring->file) ? keyring_read(ring, detail) : DW_OK;
    if (code == DW_OK) code = keyring_append_fresh(ring, detail);
    keyring_file_unlock(&ring->file);
    return code;
}

void keyring_drop_new(struct keyring *ring)
{
    while (ring->fresh_count > 0) {
        uint32_t at = ring->fresh[--ring->fresh_count];
        struct keyring_item *item = &ring->items[at];
        bool there = map_drop(&ring->map, keyring_hash(item->subject, item->kind), at);
        assert(there && item->place == KEYRING_NOWHERE);
        (void)there;
        keys_wipe(item, sizeof *item); /* kind becomes KEYRING_DEAD */
        if (at + 1 == ring->count) ring->count--;
    }
}

static dw_err keyring_erase_saved(struct keyring *ring, struct id person, struct err_detail *detail)
{
    if (keyring_file_grown(&ring->file)) ERR_TRY(keyring_read(ring, detail));
    ERR_TRY(keyring_append_fresh(ring, detail));
    struct keyring_item *item = keyring_find(ring, person, KEYRING_PERSON);
    if (item == NULL) ERR_TRY(keyring_add(ring, &item, person, KEYRING_PERSON));
    if (item->marked) return DW_OK;
    /* forgotten in memory first: should the disk fail half way, nothing more is sealed with a key that may be gone */
    keys_wipe(item->key, sizeof item->key);
    item->erased = true;
    if (item->place != KEYRING_NOWHERE) ERR_TRY(keyring_overwrite(ring, item, detail));
    struct keyring_file_record mark = keyring_record(item, KEYRING_MARK);
    ERR_TRY(keyring_file_append(&ring->file, &mark, 1, detail)); /* and syncs both */
    item->marked = true;
    return DW_OK;
}

dw_err keyring_erase(struct keyring *ring, struct id person, struct err_detail *detail)
{
    if (ring->file.path != NULL) {
        ERR_TRY(keyring_file_lock(&ring->file, detail));
        dw_err code = keyring_erase_saved(ring, person, detail);
        keyring_file_unlock(&ring->file);
        return code;
    }
    ring->fresh_count = 0; /* saved, as far as memory saves */
    struct keyring_item *item = keyring_find(ring, person, KEYRING_PERSON);
    if (item == NULL) ERR_TRY(keyring_add(ring, &item, person, KEYRING_PERSON));
    keys_wipe(item->key, sizeof item->key);
    item->erased = item->marked = true;
    return DW_OK;
}

dw_err keyring_export(struct keyring *ring, const char *path,
                      dw_err (*out)(void *ctx, const void *data, size_t len, struct err_detail *detail), void *ctx,
                      struct err_detail *detail)
{
    ERR_TRY(keyring_file_lock(&ring->file, detail));
    dw_err code = keyring_file_export(&ring->file, path, out, ctx, detail);
    keyring_file_unlock(&ring->file);
    return code;
}

dw_err keyring_destroy(const char *path, struct err_detail *detail)
{
    return keyring_file_destroy(path, detail);
}

bool keyring_disposed(const struct keyring *ring)
{
    return ring->disposed;
}

dw_err keyring_import(const char *path, dw_err (*in)(void *ctx, void *data, size_t *len, struct err_detail *detail), void *ctx,
                      struct err_detail *detail)
{
    return keyring_file_import(path, in, ctx, detail);
}

dw_err keyring_each_erased(const struct keyring *ring, dw_err (*each)(void *ctx, struct id person), void *ctx)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->items[i].kind == KEYRING_PERSON && ring->items[i].erased) ERR_TRY(each(ctx, ring->items[i].subject));
    return DW_OK;
}
