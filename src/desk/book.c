#include "desk/book.h"

#include <stdlib.h>
#include <string.h>

#include "desk/writer.h"

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

dw_err book_commit(struct desk *desk, struct book *books, size_t count, struct when received, size_t *held,
                   struct err_detail *detail)
{
    struct upload uploads[8];
    struct writer_take take = {.uploads = uploads, .received = received};
    if (count > sizeof uploads / sizeof *uploads) return err_set(detail, DW_E_INVALID, "%zu books at once", count);
    for (size_t i = 0; i < count; i++)
        if (books[i].count > 0) book_upload(&uploads[take.count++], &books[i], received);
    if (take.count == 0) return DW_OK;
    ERR_TRY(writer_submit(desk, &take, detail));
    for (size_t i = 0; i < count; i++) book_clear(&books[i]);
    if (held != NULL) *held = take.held;
    return DW_OK;
}

void book_free(struct book *book)
{
    entry_writer_free(&book->writer);
    keys_wipe(&book->signer, sizeof book->signer);
    arena_free(&book->arena);
    free(book->entries);
    memset(book, 0, sizeof *book);
}
