#include "desk/amend.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/parts.h"

/* A held entry, read again. */
struct amend {
    struct entry_reader reader;
    struct arena arena;
    struct feed_entry in;
    struct entry entry;
    struct desk *desk;
    bool found, whole; /* whole: its body could be read */
};

static dw_err amend_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct amend *a = ctx;
    (void)count;
    a->in.text = arena_text(&a->arena, v[0].data, v[0].len);
    a->in.len = v[0].len;
    a->found = a->in.text != NULL;
    if (!a->found) return DW_E_MEMORY;
    return parts_open(&a->in.part, &a->in.part_len, a->desk->keys, &v[1], a->in.seq, &a->arena, detail);
}

static bool amend_waits(struct desk *desk, int64_t seq)
{
    bool waits = false;
    const struct site *site = desk_read(desk);
    for (uint32_t i = 0; i < site_count(site, SITE_HELD) && !waits; i++)
        waits = site_held(site, i)->seq == seq && site_held(site, i)->state == SITE_HELD_WAITING;
    desk_read_end(desk);
    return waits;
}

static dw_err amend_read(struct amend *a, struct window *window, int64_t seq, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT text, parts FROM entry WHERE site_id = $1 AND seq = $2", NULL};
    struct err_detail ignored = {0};
    a->desk = window_desk(window);
    a->in.seq = seq;
    struct store_value v[] = {store_id(&a->desk->site->id), store_int(seq)};
    if (amend_waits(a->desk, seq)) {
        desk_read(a->desk); /* the key ring is read too */
        dw_err err = window_ask(window, &ask, v, 2, amend_row, a, detail);
        desk_read_end(a->desk);
        if (err != DW_OK) return err;
    }
    if (!a->found) return err_set(detail, DW_E_NOT_FOUND, "entry %lld is not held", (long long)seq);
    ERR_TRY(entry_open(&a->entry, &a->reader, a->in.text, a->in.len, NULL, detail));
    a->whole = entry_body(&a->entry, &a->reader, a->in.part, a->in.part_len, &ignored) == DW_OK;
    return DW_OK;
}

static void amend_free(struct amend *a)
{
    entry_reader_free(&a->reader);
    arena_free(&a->arena);
}

static void amend_id(struct json_out *json, const char *key, struct id id)
{
    char text[ID_TEXT];
    id_text(text, id);
    json_key(json, key);
    json_put(json, text);
}

static void amend_value(struct json_out *json, const struct kinds_field *field, const struct entry_value *value)
{
    char text[WHEN_TEXT];
    if (!value->present) return;
    switch (field->type) {
    case KINDS_TYPE_ID:
        amend_id(json, field->name, value->id);
        return;
    case KINDS_TYPE_LIST:
        return; /* see amend_list */
    default:
        json_key(json, field->name);
    }
    if (field->type == KINDS_TYPE_TEXT) json_put(json, value->erased ? NULL : value->text);
    if (field->type == KINDS_TYPE_INT) json_put_int(json, value->n);
    if (field->type == KINDS_TYPE_BOOL) json_put_bool(json, value->n != 0);
    if (field->type == KINDS_TYPE_ENUM) json_put(json, field->values[value->n]);
    if (field->type == KINDS_TYPE_TIME) {
        when_text(text, value->at);
        json_put(json, text);
    }
}

static dw_err amend_list(struct json_out *json, struct amend *a, int index, struct err_detail *detail)
{
    const struct kinds_field *list = &kinds_get(a->entry.kind)->fields[index];
    struct entry_value items[KINDS_FIELDS_MAX];
    uint32_t cursor = 0;
    bool more = true;
    json_key(json, list->name);
    json_open(json, '[');
    for (;;) {
        ERR_TRY(entry_item(items, &cursor, &more, &a->entry, index, &a->reader, detail));
        if (!more) break;
        json_open(json, '{');
        for (int i = 0; i < list->item_count; i++) amend_value(json, &list->items[i], &items[i]);
        json_close(json, '}');
    }
    json_close(json, ']');
    return DW_OK;
}

dw_err amend_show(struct arena_buf *out, struct window *window, int64_t seq, struct err_detail *detail)
{
    struct amend a = {.found = false};
    struct json_out json = {.buf = out};
    char at[WHEN_TEXT];
    dw_err err = amend_read(&a, window, seq, detail);
    if (err == DW_OK) {
        bool known = a.entry.kind != KINDS_COUNT;
        when_text(at, a.entry.at);
        json_open(&json, '{');
        json_key(&json, "kind");
        json_put(&json, known ? kinds_get(a.entry.kind)->name : "");
        amend_id(&json, "on", a.entry.on);
        json_key(&json, "at");
        json_put(&json, at);
        amend_id(&json, "device", a.entry.device);
        json_key(&json, "n");
        json_put_int(&json, a.entry.n);
        json_key(&json, "whole");
        json_put_bool(&json, a.whole);
        json_key(&json, "body");
        json_open(&json, '{');
        for (int i = 0; err == DW_OK && a.whole && i < kinds_get(a.entry.kind)->field_count; i++) {
            const struct kinds_field *field = &kinds_get(a.entry.kind)->fields[i];
            if (field->type == KINDS_TYPE_LIST && a.entry.values[i].present)
                err = amend_list(&json, &a, i, detail);
            else
                amend_value(&json, field, &a.entry.values[i]);
        }
        json_close(&json, '}');
        json_close(&json, '}');
        if (err == DW_OK && out->failed) err = DW_E_MEMORY;
    }
    amend_free(&a);
    return err;
}

static dw_err amend_wrong(const struct kinds_field *field, const char *what, struct err_detail *detail)
{
    return err_at(detail, DW_E_INVALID, NULL, NULL, 0, field->name, "%s", what);
}

/* A value of the corrected body, as the field takes it. */
static dw_err amend_parse(struct entry_value *out, const struct kinds_field *field, const struct json *json, uint32_t token,
                          struct arena *arena, struct err_detail *detail)
{
    const struct json_token *t = &json->tokens[token];
    *out = (struct entry_value){.present = t->type != JSON_NULL};
    if (!out->present) return DW_OK;
    if (field->type == KINDS_TYPE_INT)
        return json_int(json, token, &out->n) ? DW_OK : amend_wrong(field, "not a whole number", detail);
    if (field->type == KINDS_TYPE_BOOL) {
        out->n = t->type == JSON_TRUE;
        return t->type == JSON_TRUE || t->type == JSON_FALSE ? DW_OK : amend_wrong(field, "not true or false", detail);
    }
    out->text = json_text(json, token, arena);
    if (out->text == NULL) return amend_wrong(field, "not a text", detail);
    if (field->type == KINDS_TYPE_TEXT)
        return strlen(out->text) <= (size_t)field->max ? DW_OK : amend_wrong(field, "too long", detail);
    if (field->type == KINDS_TYPE_ID)
        return id_parse(&out->id, out->text, strlen(out->text)) ? DW_OK : amend_wrong(field, "not an id", detail);
    if (field->type == KINDS_TYPE_TIME)
        return when_parse(&out->at, out->text, strlen(out->text)) ? DW_OK : amend_wrong(field, "not a time", detail);
    for (out->n = 0; out->n < field->value_count; out->n++)
        if (strcmp(field->values[out->n], out->text) == 0) return DW_OK;
    return amend_wrong(field, "not a value that it takes", detail);
}

static dw_err amend_known(const struct kinds_field *fields, int count, const struct json *json, uint32_t object,
                          struct err_detail *detail)
{
    for (uint32_t key = json_first(object); key < json_end(json, object); key = json->tokens[key + 1].next) {
        int i = 0;
        while (i < count && !json_equals(json, key, fields[i].name)) i++;
        if (i == count) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "body", "a field that this kind does not have");
    }
    return DW_OK;
}

/* One item: its id first, for what is personal in it is of whom that names. */
static dw_err amend_item(struct entry_writer *w, const struct kinds_field *list, const struct json *json, uint32_t object,
                         struct arena *arena, struct err_detail *detail)
{
    struct entry_value values[KINDS_FIELDS_MAX] = {{0}};
    char at[WHEN_TEXT];
    if (json->tokens[object].type != JSON_OBJECT) return amend_wrong(list, "not an object", detail);
    ERR_TRY(amend_known(list->items, list->item_count, json, object, detail));
    for (int i = 0; i < list->item_count; i++) {
        uint32_t token = json_member(json, object, list->items[i].name);
        if (token != 0) ERR_TRY(amend_parse(&values[i], &list->items[i], json, token, arena, detail));
        if (list->items[i].required && !values[i].present) return amend_wrong(&list->items[i], "missing", detail);
    }
    entry_item_begin(w);
    for (int i = 0; i < list->item_count; i++) {
        const struct kinds_field *f = &list->items[i];
        if (!values[i].present) continue;
        if (f->type == KINDS_TYPE_ID)
            entry_item_id(w, f->name, values[i].id);
        else if (f->type == KINDS_TYPE_INT || f->type == KINDS_TYPE_BOOL)
            entry_item_int(w, f->name, values[i].n);
        else if (f->type == KINDS_TYPE_TIME) {
            when_text(at, values[i].at);
            entry_item_text(w, f->name, at);
        } else
            entry_item_text(w, f->name, values[i].text);
    }
    entry_item_end(w);
    return DW_OK;
}

static dw_err amend_items(struct entry_writer *w, int index, const struct json *json, uint32_t token, struct arena *arena,
                          struct err_detail *detail)
{
    const struct kinds_field *list = &kinds_get(w->kind)->fields[index];
    if (json->tokens[token].type != JSON_ARRAY) return amend_wrong(list, "not a list", detail);
    if (json->tokens[token].count > (uint32_t)list->max) return amend_wrong(list, "too many", detail);
    entry_list_begin(w, index);
    for (uint32_t item = json_first(token); item < json_end(json, token); item = json->tokens[item].next)
        ERR_TRY(amend_item(w, list, json, item, arena, detail));
    entry_list_end(w);
    return DW_OK;
}

static dw_err amend_field(struct entry_writer *w, int index, const struct json *json, uint32_t body, struct arena *arena,
                          struct err_detail *detail)
{
    const struct kinds_field *field = &kinds_get(w->kind)->fields[index];
    struct entry_value value = {.present = false};
    uint32_t token = json_member(json, body, field->name);
    bool list = token != 0 && field->type == KINDS_TYPE_LIST && json->tokens[token].type != JSON_NULL;
    if (list) return amend_items(w, index, json, token, arena, detail);
    if (token != 0 && field->type != KINDS_TYPE_LIST) ERR_TRY(amend_parse(&value, field, json, token, arena, detail));
    if (!value.present) return field->required ? amend_wrong(field, "missing", detail) : DW_OK;
    if (field->type == KINDS_TYPE_TEXT)
        entry_put_text(w, index, value.text);
    else if (field->type == KINDS_TYPE_ID)
        entry_put_id(w, index, value.id);
    else if (field->type == KINDS_TYPE_TIME)
        entry_put_time(w, index, value.at);
    else
        entry_put_int(w, index, value.n);
    return DW_OK;
}

/* The corrected entry, then the decision that names both. */
static dw_err amend_write(struct amend_made *out, struct book *book, const struct amend *a, const struct json *json,
                          uint32_t body, struct when at, struct arena *arena, struct err_detail *detail)
{
    struct entry_writer *w = &book->writer;
    const struct kinds_spec *kind = kinds_get(a->entry.kind);
    if (json->tokens[body].type != JSON_OBJECT) return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "body", "not an object");
    ERR_TRY(amend_known(kind->fields, kind->field_count, json, body, detail));
    entry_begin(w, a->entry.kind, a->entry.on, at, &out->id);
    for (int i = 0; i < kind->field_count; i++) ERR_TRY(amend_field(w, i, json, body, arena, detail));
    ERR_TRY(book_end(book));
    entry_begin(w, KINDS_HELD_DECIDE, a->entry.device, at, NULL);
    entry_put_id(w, KINDS_HELD_DECIDE_DEVICE, a->entry.device);
    entry_put_int(w, KINDS_HELD_DECIDE_N, a->entry.n);
    entry_put_int(w, KINDS_HELD_DECIDE_DECISION, KINDS_HELD_DECISION_VOID);
    entry_put_id(w, KINDS_HELD_DECIDE_AMENDED, out->id);
    return book_end(book);
}

dw_err amend_held(struct amend_made *out, struct window *window, int64_t seq, const struct json *json, uint32_t body,
                  struct when at, struct err_detail *detail)
{
    struct amend a = {.found = false};
    struct book book = {0};
    size_t held = 0;
    memset(out, 0, sizeof *out);
    dw_err err = amend_read(&a, window, seq, detail);
    if (err == DW_OK && (a.entry.kind == KINDS_COUNT || kinds_get(a.entry.kind)->office))
        err = err_set(detail, DW_E_STATE, "entries of this kind cannot be amended: declare it void");
    if (err == DW_OK) err = book_open(&book, a.desk, DESK_CLI_DEVICE, detail);
    if (err == DW_OK) err = amend_write(out, &book, &a, json, body, at, &a.arena, detail);
    if (err == DW_OK) err = book_commit(a.desk, &book, 1, at, &held, detail);
    out->held = held > 0;
    book_free(&book);
    amend_free(&a);
    return err;
}
