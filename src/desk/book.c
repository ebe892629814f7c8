#include "desk/book.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "desk/writer.h"

static _Thread_local struct id book_at_work;
static _Thread_local struct {
    book_check *check;
    void *ctx;
} book_condition;

void book_actor(struct id actor)
{
    book_at_work = actor;
}

void book_unless(book_check *check, void *ctx)
{
    book_condition.check = check;
    book_condition.ctx = ctx;
}

void book_start(struct book *book, struct id site, struct id device, const struct keys_signer *signer, struct rng *rng)
{
    book->writer.site = site;
    book->writer.device = book->writer.actor = device;
    book->writer.rng = rng;
    book->signer = *signer;
    book->first = 1;
}

dw_err book_open(struct book *book, struct desk *desk, uint32_t device, struct err_detail *detail)
{
    struct keys_signer signer;
    const struct site *site = desk_read(desk);
    const struct site_device *d = site_device(site, device);
    enum keyring_state state = keyring_device(desk->keys, d->id, &signer);
    if (state == KEYRING_PRESENT) {
        book_start(book, site->id, d->id, &signer, NULL);
        if (!id_null(book_at_work)) book->writer.actor = book_at_work;
        book->writer.n = d->head_n;
        memcpy(book->writer.head, d->head, HASH_SIZE);
        book->first = d->head_n + 1;
    }
    desk_read_end(desk);
    keys_wipe(&signer, sizeof signer);
    return state == KEYRING_PRESENT ? DW_OK : err_set(detail, DW_E_KEYS, "the signing key of device %u is not here", device);
}

dw_err book_put_enrol(struct book *by, struct id device, enum kinds_device_kind kind, const char *name,
                      const struct keys_signer *signer, struct when at)
{
    char key[HASH_TEXT];
    hash_b64(key, signer->public_key, KEYS_PUBLIC);
    entry_begin(&by->writer, KINDS_DEVICE_ENROL, device, at, NULL);
    entry_put_text(&by->writer, KINDS_DEVICE_ENROL_NAME, name);
    entry_put_int(&by->writer, KINDS_DEVICE_ENROL_KIND, kind);
    entry_put_text(&by->writer, KINDS_DEVICE_ENROL_PUBLIC_KEY, key);
    return book_end(by);
}

dw_err book_enrol(struct book *book, struct desk *desk, struct book *by, enum kinds_device_kind kind, const char *name,
                  struct when at, struct err_detail *detail)
{
    struct keys_signer signer;
    struct id device = id_make(at.ms, by->writer.rng);
    (void)detail;
    ERR_TRY(keyring_device_make(desk->keys, device, &signer));
    book_start(book, by->writer.site, device, &signer, by->writer.rng);
    dw_err err = book_put_enrol(by, device, kind, name, &signer, at);
    keys_wipe(&signer, sizeof signer);
    return err;
}

dw_err book_end(struct book *book)
{
    struct entry_writer *w = &book->writer;
    ERR_TRY(entry_end(w));
    if (!arena_grow((void **)&book->entries, &book->cap, book->count + 1, sizeof *book->entries)) return DW_E_MEMORY;
    struct upload_entry *e = &book->entries[book->count];
    *e = (struct upload_entry){.len = w->text.len, .part_len = w->part.len};
    e->text = arena_text(&book->arena, w->text.data, w->text.len);
    if (e->part_len > 0) e->part = arena_text(&book->arena, w->part.data, w->part.len);
    if (e->text == NULL || (e->part_len > 0 && e->part == NULL)) return DW_E_MEMORY;
    book->count++;
    return DW_OK;
}

void book_upload(struct upload *out, const struct book *book, struct when sent)
{
    *out = (struct upload){.site = book->writer.site,
                           .device = book->writer.device,
                           .first = book->first,
                           .last = book->first + (int64_t)book->count - 1,
                           .sent = sent,
                           .entries = book->entries,
                           .count = book->count};
    memcpy(out->head, book->writer.head, HASH_SIZE);
    upload_sign(out, &book->signer);
}

void book_clear(struct book *book)
{
    book->first += (int64_t)book->count;
    book->count = 0;
    arena_reset(&book->arena);
}

void book_while(struct book *book, const struct site *site, enum site_type type)
{
    book->while_type = type;
    book->while_count = site_count(site, type) + 1;
}

/* An entry's number and the hash before it stand near its beginning; all else of it stays. */
static dw_err book_relink_entry(struct book *book, struct upload_entry *e, int64_t n, uint8_t head[HASH_SIZE])
{
    static const char number[] = "\"n\":", prev[] = ",\"prev\":\"";
    char text[HASH_TEXT];
    struct arena_buf made = {0};
    const char *at = memmem(e->text, e->len, number, sizeof number - 1);
    const char *after = at == NULL ? NULL : memmem(at, e->len - (size_t)(at - e->text), prev, sizeof prev - 1);
    assert(after != NULL); /* entry_begin wrote it */
    after += sizeof prev - 1 + HASH_TEXT - 1;
    hash_b64(text, head, HASH_SIZE);
    arena_buf_put(&made, e->text, (size_t)(at - e->text));
    arena_buf_format(&made, "%s%lld%s%s", number, (long long)n, prev, text);
    arena_buf_put(&made, after, e->len - (size_t)(after - e->text));
    e->text = made.failed ? NULL : arena_text(&book->arena, made.data, made.len);
    e->len = made.len;
    arena_buf_free(&made);
    if (e->text == NULL) return DW_E_MEMORY;
    hash_one(head, e->text, e->len);
    return DW_OK;
}

/* Others have written in this device's name since the book was opened: its entries come after theirs. */
static dw_err book_relink(struct book *book, const struct site_device *device)
{
    uint8_t head[HASH_SIZE];
    memcpy(head, device->head, HASH_SIZE);
    for (size_t i = 0; i < book->count; i++)
        ERR_TRY(book_relink_entry(book, &book->entries[i], device->head_n + 1 + (int64_t)i, head));
    book->first = device->head_n + 1;
    book->writer.n = device->head_n + (int64_t)book->count;
    memcpy(book->writer.head, head, HASH_SIZE);
    return DW_OK;
}

struct book_take {
    struct book *books;
    size_t count;
    struct upload uploads[WRITER_UPLOADS];
    struct when received;
    book_check *check; /* of the thread that commits: another one may write it */
    void *ctx;
};

static dw_err book_last_word(void *ctx, const struct site *site, struct err_detail *detail)
{
    struct book_take *take = ctx;
    struct upload *upload = take->uploads;
    if (take->check != NULL) ERR_TRY(take->check(take->ctx, site, detail));
    for (size_t i = 0; i < take->count; i++) {
        struct book *book = &take->books[i];
        uint32_t device = site_find(site, SITE_DEVICE, book->writer.device);
        if (book->while_count > 0 && site_count(site, book->while_type) + 1 != book->while_count)
            return err_set(detail, DW_E_STALE, "somebody else was quicker");
        if (book->count == 0) continue;
        if (device != SITE_NONE && site_device(site, device)->head_n + 1 != book->first)
            ERR_TRY(book_relink(book, site_device(site, device)));
        book_upload(upload++, book, take->received);
    }
    return DW_OK;
}

dw_err book_commit(struct desk *desk, struct book *books, size_t count, struct when received, size_t *held,
                   struct err_detail *detail)
{
    struct book_take ours = {
        .books = books, .count = count, .received = received, .check = book_condition.check, .ctx = book_condition.ctx};
    struct writer_take take = {.uploads = ours.uploads, .received = received, .last_word = book_last_word, .ctx = &ours};
    if (count > WRITER_UPLOADS) return err_set(detail, DW_E_INVALID, "%zu books at once", count);
    for (size_t i = 0; i < count; i++)
        if (books[i].count > 0) ours.uploads[take.count++].count = books[i].count;
    if (take.count == 0) return DW_OK;
    ERR_TRY(writer_submit(desk, &take, detail));
    for (size_t i = 0; i < count; i++) book_clear(&books[i]);
    if (held != NULL) *held = take.held;
    return DW_OK;
}

dw_err book_send(struct book *book, dw_err err, struct desk *desk, struct when received, struct err_detail *detail)
{
    if (err == DW_OK) err = book_commit(desk, book, 1, received, NULL, detail);
    book_free(book);
    return err;
}

void book_free(struct book *book)
{
    entry_writer_free(&book->writer);
    keys_wipe(&book->signer, sizeof book->signer);
    arena_free(&book->arena);
    free(book->entries);
    memset(book, 0, sizeof *book);
}
