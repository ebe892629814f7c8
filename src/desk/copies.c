#include "desk/copies.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"

/* Where a copy stands or is about to stand, whole; NULL when memory is out. */
static char *copies_place(const char *path)
{
    char *whole = realpath(path, NULL);
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    if (whole != NULL) return whole;
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    char *real = folder == NULL ? NULL : realpath(folder, NULL);
    struct arena_buf text = {0};
    free(folder);
    if (real == NULL) return strdup(path);
    arena_buf_format(&text, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
    free(real);
    whole = text.failed ? NULL : strdup(text.data);
    arena_buf_free(&text);
    return whole;
}

dw_err copies_record(struct desk *desk, const struct copies_one *copy, struct when at, struct err_detail *detail)
{
    struct book book = {0};
    size_t held = 0;
    char *whole = copies_place(copy->path);
    dw_err err = whole == NULL ? DW_E_MEMORY : book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_COPY_MADE, book.writer.site, at, NULL);
        entry_put_int(&book.writer, KINDS_COPY_MADE_WHAT, copy->what);
        entry_put_text(&book.writer, KINDS_COPY_MADE_PATH, whole);
        entry_put_text(&book.writer, KINDS_COPY_MADE_HASH, copy->hash);
        entry_put_int(&book.writer, KINDS_COPY_MADE_BYTES, copy->bytes);
        entry_put_int(&book.writer, KINDS_COPY_MADE_CLEAR, copy->clear);
        err = book_end(&book);
    }
    if (err == DW_OK) err = book_commit(desk, &book, 1, at, &held, detail);
    book_free(&book);
    free(whole);
    return err == DW_OK && held > 0 ? err_set(detail, DW_E_STATE, "the ledger holds it back: see entries held") : err;
}

struct copies_walk {
    dw_err (*each)(void *ctx, const struct copies_one *copy);
    void *ctx;
    struct entry_reader reader;
};

static dw_err copies_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    static const char kind[] = "\"kind\":\"copy.made\"";
    struct copies_walk *walk = ctx;
    struct entry entry;
    (void)count;
    if (store_get_int(&v[1]) != KINDS_HELD_REASON_NONE || memmem(v[2].data, v[2].len, kind, sizeof kind - 1) == NULL)
        return DW_OK;
    arena_reset(&walk->reader.arena);
    ERR_TRY(entry_open(&entry, &walk->reader, v[2].data, v[2].len, NULL, detail));
    ERR_TRY(entry_body(&entry, &walk->reader, NULL, 0, detail));
    const struct entry_value *e = entry.values;
    struct copies_one copy = {.what = (enum kinds_copy_kind)e[KINDS_COPY_MADE_WHAT].n,
                              .path = e[KINDS_COPY_MADE_PATH].text,
                              .hash = e[KINDS_COPY_MADE_HASH].text,
                              .bytes = e[KINDS_COPY_MADE_BYTES].n,
                              .at_ms = store_get_int(&v[0]),
                              .clear = e[KINDS_COPY_MADE_CLEAR].n != 0};
    return walk->each(walk->ctx, &copy);
}

dw_err copies_each(struct desk *desk, dw_err (*each)(void *ctx, const struct copies_one *copy), void *ctx,
                   struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT at_ms, reason, text FROM entry WHERE site_id = $1 ORDER BY seq"};
    struct copies_walk walk = {.each = each, .ctx = ctx};
    struct store_value id = store_id(&desk->site->id);
    dw_err err = store_ask(desk->store, &ask, &id, 1, copies_row, &walk, detail);
    entry_reader_free(&walk.reader);
    return err;
}
