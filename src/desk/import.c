#include "desk/import.h"

#include <string.h>

#include "base/text.h"

void import_trouble(struct import_result *out, int64_t row, const char *sheet, const char *field, const char *text)
{
    if (out->trouble_count++ >= IMPORT_TROUBLES) return;
    struct import_trouble *t = &out->troubles[out->trouble_count - 1];
    t->row = row;
    snprintf(t->sheet, sizeof t->sheet, "%.*s", (int)text_cut(sheet, strlen(sheet), sizeof t->sheet - 1), sheet);
    snprintf(t->field, sizeof t->field, "%s", field);
    snprintf(t->text, sizeof t->text, "%.*s", (int)text_cut(text, strlen(text), sizeof t->text - 1), text);
}

const char *import_fit(char *out, size_t size, struct import_result *result, enum kinds_kind kind, int field, int64_t row,
                       const char *sheet, const char *text)
{
    const struct kinds_field *spec = &kinds_get(kind)->fields[field];
    size_t len = strlen(text), most = (size_t)spec->max < size ? (size_t)spec->max : size - 1;
    if (len <= (size_t)spec->max) return text;
    snprintf(out, size, "%.*s", (int)text_cut(text, len, most), text);
    import_trouble(result, row, sheet, spec->name, text);
    return out;
}

static void import_put_int(struct json_out *json, const char *key, int64_t n)
{
    json_key(json, key);
    json_put_int(json, n);
}

static void import_put_text(struct json_out *json, const char *key, const char *text)
{
    json_key(json, key);
    json_put(json, text);
}

static void import_put_bool(struct json_out *json, const char *key, bool yes)
{
    json_key(json, key);
    json_put_bool(json, yes);
}

static void import_put_columns(struct json_out *json, const struct import_result *r)
{
    json_key(json, "columns");
    json_open(json, '[');
    for (size_t i = 0; i < r->column_count; i++) {
        json_open(json, '{');
        import_put_int(json, "column", r->columns[i].column);
        import_put_text(json, "header", r->columns[i].header);
        import_put_text(json, "field", r->columns[i].field);
        import_put_bool(json, "said", r->columns[i].said);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void import_put_troubles(struct json_out *json, const struct import_result *r)
{
    json_key(json, "troubles");
    json_open(json, '[');
    for (int64_t i = 0; i < r->trouble_count && i < IMPORT_TROUBLES; i++) {
        json_open(json, '{');
        import_put_text(json, "sheet", r->troubles[i].sheet);
        import_put_int(json, "row", r->troubles[i].row);
        import_put_text(json, "field", r->troubles[i].field);
        import_put_text(json, "text", r->troubles[i].text);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void import_put(struct json_out *json, const struct import_result *r, bool dry)
{
    const struct {
        const char *name;
        int64_t n;
    } numbers[] = {{"rows", r->rows},
                   {"fresh", r->fresh},
                   {"matched", r->matched},
                   {"seen", r->seen},
                   {"empty", r->empty},
                   {"pairs", r->pairs},
                   {"doors", r->doors},
                   {"households", r->households},
                   {"held", r->held},
                   {"placeless", r->placeless},
                   {"bad_documents", r->bad_docs},
                   {"trouble_count", r->trouble_count}};
    import_put_text(json, "batch", r->batch[0] == 0 ? NULL : r->batch);
    import_put_bool(json, "dry_run", dry);
    import_put_bool(json, "already", r->already);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) import_put_int(json, numbers[i].name, numbers[i].n);
    import_put_columns(json, r);
    import_put_troubles(json, r);
}

bool import_known(struct desk *desk, struct book books[2], const uint8_t content[HASH_SIZE])
{
    const struct site *site = desk_read(desk);
    book_while(&books[0], site, SITE_BATCH);
    bool known = false;
    for (uint32_t i = 0; i < site_count(site, SITE_BATCH) && !known; i++)
        known = memcmp(site_batch(site, i)->content, content, HASH_SIZE) == 0;
    desk_read_end(desk);
    return known;
}

dw_err import_begin(struct desk *desk, struct book books[2], const char *file, struct when at, struct err_detail *detail)
{
    char name[256];
    size_t most = (size_t)kinds_get(KINDS_DEVICE_ENROL)->fields[KINDS_DEVICE_ENROL_NAME].max;
    snprintf(name, sizeof name, "%.*s", (int)text_cut(file, strlen(file), most), file);
    ERR_TRY(book_open(&books[0], desk, DESK_CLI_DEVICE, detail));
    return book_enrol(&books[1], desk, &books[0], KINDS_DEVICE_KIND_IMPORT, name, at, detail);
}

dw_err import_finish(struct desk *desk, struct book books[2], struct import_result *out, const char *file,
                     enum kinds_list_kind kind, const uint8_t content[HASH_SIZE], struct when at, bool dry_run,
                     struct err_detail *detail)
{
    char text[HASH_TEXT];
    size_t held = 0;
    struct entry_writer *w = &books[1].writer;
    if (dry_run) return DW_OK;
    hash_b64(text, content, HASH_SIZE);
    entry_begin(w, KINDS_IMPORT_DONE, w->device, at, NULL);
    entry_put_text(w, KINDS_IMPORT_DONE_FILE, file);
    entry_put_int(w, KINDS_IMPORT_DONE_KIND, kind);
    entry_put_text(w, KINDS_IMPORT_DONE_CONTENT, text);
    entry_put_int(w, KINDS_IMPORT_DONE_ROWS, out->rows);
    entry_put_int(w, KINDS_IMPORT_DONE_FRESH, out->fresh);
    entry_put_int(w, KINDS_IMPORT_DONE_MATCHED, out->matched);
    entry_put_int(w, KINDS_IMPORT_DONE_PAIRS, out->pairs);
    ERR_TRY(book_end(&books[1]));
    uint64_t start = clock_ns();
    ERR_TRY(book_commit(desk, books, 2, at, &held, detail));
    out->write_ms = (double)(clock_ns() - start) / 1e6;
    out->held = (int64_t)held;
    id_text(out->batch, w->device);
    return DW_OK;
}

dw_err import_undo(struct desk *desk, const char *batch, const char *reason, struct when at, struct err_detail *detail)
{
    struct id id;
    struct book book = {0};
    size_t held = 0;
    if (!id_parse(&id, batch, strlen(batch))) return err_set(detail, DW_E_INVALID, "%s is not the id of an import", batch);
    const struct site *site = desk_read(desk);
    uint32_t device = site_find(site, SITE_DEVICE, id);
    bool import = device != SITE_NONE && site_device(site, device)->kind == KINDS_DEVICE_KIND_IMPORT;
    desk_read_end(desk);
    if (!import) return err_set(detail, DW_E_NOT_FOUND, "import %s", batch);
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) {
        entry_begin(&book.writer, KINDS_IMPORT_UNDO, id, at, NULL);
        entry_put_text(&book.writer, KINDS_IMPORT_UNDO_REASON, reason);
        err = book_end(&book);
    }
    if (err == DW_OK) err = book_commit(desk, &book, 1, at, &held, detail);
    book_free(&book);
    return err;
}
