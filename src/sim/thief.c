#include "sim/thief.h"

#include <string.h>

static void thief_seal(struct upload *upload, const struct keys_signer *signer)
{
    const struct upload_entry *last = &upload->entries[upload->count - 1];
    hash_one(upload->head, last->text, last->len);
    upload_sign(upload, signer);
}

/* An entry behind the phone's first `known` ones, in a chain that fits. */
static dw_err thief_entry(struct upload *upload, const struct phone_fleet *fleet, const struct phone *phone, size_t known,
                          struct when now, struct arena *arena)
{
    struct book book = {0};
    book_start(&book, fleet->site, phone->book.writer.device, &phone->book.signer, fleet->rng);
    book.writer.n = phone->book.first + (int64_t)known - 1;
    if (known > 0) hash_one(book.writer.head, phone->book.entries[known - 1].text, phone->book.entries[known - 1].len);
    book.first = book.writer.n + 1;
    entry_begin(&book.writer, KINDS_VISIT, id_make(now.ms, fleet->rng), now, NULL);
    entry_put_id(&book.writer, KINDS_VISIT_ROUND, fleet->round);
    entry_put_int(&book.writer, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_REFUSED);
    dw_err err = book_end(&book);
    if (err == DW_OK) {
        book_upload(upload, &book, now);
        upload->entries = arena_alloc(arena, sizeof *upload->entries);
        if (upload->entries != NULL) *upload->entries = book.entries[0];
        if (upload->entries != NULL) upload->entries->text = arena_text(arena, book.entries[0].text, book.entries[0].len);
        if (upload->entries == NULL || upload->entries->text == NULL) err = DW_E_MEMORY;
    }
    book_free(&book);
    return err;
}

dw_err thief_make(struct network_parcel *out, bool *made, enum thief_trick trick, const struct phone_fleet *fleet,
                  const struct phone *phone, size_t known, struct when now, struct arena *arena)
{
    struct keys_signer other;
    uint8_t seed[KEYS_SEED];
    *made = trick != THIEF_FORK || known > 0;
    if (!*made) return DW_OK;
    ERR_TRY(thief_entry(&out->upload, fleet, phone, trick == THIEF_FORK ? known / 2 : known, now, arena));
    if (trick == THIEF_BROKEN) out->upload.entries->len -= 2;
    if (trick == THIEF_FORGED) {
        rng_bytes(fleet->rng, seed, sizeof seed);
        keys_signer_make(&other, seed);
    }
    thief_seal(&out->upload, trick == THIEF_FORGED ? &other : &phone->book.signer);
    return DW_OK;
}
