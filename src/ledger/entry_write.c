/* The writer of ledger/entry.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledger/entry.h"

static void entry_key(struct entry_writer *writer, int field)
{
    assert(field > writer->last_field && field < kinds_get(writer->kind)->field_count);
    writer->last_field = field;
    json_key(&writer->out, kinds_get(writer->kind)->fields[field].name);
}

static void entry_raw_id(struct entry_writer *writer, struct id id)
{
    char text[ID_TEXT];
    id_text(text, id);
    json_put_text(&writer->out, text, ID_TEXT - 1);
}

static void entry_raw_time(struct entry_writer *writer, struct when at)
{
    char text[WHEN_TEXT];
    when_text(text, at);
    json_put(&writer->out, text);
}

void entry_begin(struct entry_writer *writer, enum kinds_kind kind, struct id on, struct when at, struct id *id)
{
    struct id made = id_make(at.ms, writer->rng);
    char prev[HASH_TEXT];
    arena_buf_clear(&writer->text);
    arena_buf_clear(&writer->part);
    writer->out = (struct json_out){.buf = &writer->text};
    writer->part_out = (struct json_out){.buf = &writer->part};
    writer->kind = kind;
    writer->last_field = -1;
    hash_b64(prev, writer->head, HASH_SIZE);
    json_open(&writer->out, '{');
    json_key(&writer->out, "id");
    entry_raw_id(writer, made);
    json_key(&writer->out, "site");
    entry_raw_id(writer, writer->site);
    json_key(&writer->out, "device");
    entry_raw_id(writer, writer->device);
    json_key(&writer->out, "n");
    json_put_int(&writer->out, writer->n + 1);
    json_key(&writer->out, "prev");
    json_put(&writer->out, prev);
    json_key(&writer->out, "actor");
    entry_raw_id(writer, writer->actor);
    json_key(&writer->out, "at");
    entry_raw_time(writer, at);
    json_key(&writer->out, "kind");
    json_put(&writer->out, kinds_get(kind)->name);
    json_key(&writer->out, "on");
    entry_raw_id(writer, on);
    json_key(&writer->out, "body");
    json_open(&writer->out, '{');
    if (id != NULL) *id = made;
}

/* The hash into the text, the pair into the part, where its object is open. */
static void entry_put_personal(struct entry_writer *writer, const struct kinds_field *field, const char *text)
{
    uint8_t salt[ENTRY_SALT], digest[HASH_SIZE];
    char salt_text[24], digest_text[HASH_TEXT];
    size_t len = strlen(text);
    rng_bytes(writer->rng, salt, sizeof salt);
    hash_two(digest, salt, sizeof salt, text, len);
    hash_b64(salt_text, salt, sizeof salt);
    hash_b64(digest_text, digest, sizeof digest);
    json_put(&writer->out, digest_text);
    json_key(&writer->part_out, field->name);
    json_open(&writer->part_out, '[');
    json_put(&writer->part_out, salt_text);
    json_put_text(&writer->part_out, text, len);
    json_close(&writer->part_out, ']');
}

void entry_put_text(struct entry_writer *writer, int field, const char *text)
{
    const struct kinds_field *spec = &kinds_get(writer->kind)->fields[field];
    assert(spec->type == KINDS_TYPE_TEXT);
    if (text == NULL || (*text == 0 && !spec->required)) return;
    entry_key(writer, field);
    if (!spec->personal) {
        json_put(&writer->out, text);
        return;
    }
    if (writer->part.len == 0) json_open(&writer->part_out, '{');
    entry_put_personal(writer, spec, text);
}

void entry_put_id(struct entry_writer *writer, int field, struct id id)
{
    assert(kinds_get(writer->kind)->fields[field].type == KINDS_TYPE_ID);
    if (id_null(id)) return;
    entry_key(writer, field);
    entry_raw_id(writer, id);
}

void entry_put_int(struct entry_writer *writer, int field, int64_t n)
{
    const struct kinds_field *spec = &kinds_get(writer->kind)->fields[field];
    entry_key(writer, field);
    if (spec->type == KINDS_TYPE_ENUM) {
        assert(n >= 0 && n < spec->value_count);
        json_put(&writer->out, spec->values[n]);
    } else if (spec->type == KINDS_TYPE_BOOL) {
        json_put_bool(&writer->out, n != 0);
    } else {
        assert(spec->type == KINDS_TYPE_INT);
        json_put_int(&writer->out, n);
    }
}

void entry_put_time(struct entry_writer *writer, int field, struct when at)
{
    assert(kinds_get(writer->kind)->fields[field].type == KINDS_TYPE_TIME);
    entry_key(writer, field);
    entry_raw_time(writer, at);
}

void entry_list_begin(struct entry_writer *writer, int field)
{
    assert(kinds_get(writer->kind)->fields[field].type == KINDS_TYPE_LIST);
    entry_key(writer, field);
    json_open(&writer->out, '[');
    writer->item = -1;
}

void entry_item_begin(struct entry_writer *writer)
{
    json_open(&writer->out, '{');
    writer->item++;
    writer->item_who = (struct id){{0}};
    writer->item_part = false;
}

void entry_item_id(struct entry_writer *writer, const char *name, struct id id)
{
    if (id_null(id)) return;
    if (id_null(writer->item_who)) writer->item_who = id;
    json_key(&writer->out, name);
    entry_raw_id(writer, id);
}

static const struct kinds_field *entry_item_field(const struct entry_writer *writer, const char *name)
{
    const struct kinds_field *list = &kinds_get(writer->kind)->fields[writer->last_field];
    int i = 0;
    while (i < list->item_count && strcmp(list->items[i].name, name) != 0) i++;
    assert(i < list->item_count);
    return &list->items[i];
}

/* Opens the member of the part that is the item's own. */
static void entry_item_own(struct entry_writer *writer)
{
    char key[64], who[ID_TEXT];
    if (writer->item_part) return;
    assert(!id_null(writer->item_who));
    snprintf(key, sizeof key, "%s/%d", kinds_get(writer->kind)->fields[writer->last_field].name, writer->item);
    id_text(who, writer->item_who);
    if (writer->part.len == 0) json_open(&writer->part_out, '{');
    json_key(&writer->part_out, key);
    json_open(&writer->part_out, '{');
    json_key(&writer->part_out, "who");
    json_put(&writer->part_out, who);
    writer->item_part = true;
}

void entry_item_text(struct entry_writer *writer, const char *name, const char *text)
{
    const struct kinds_field *field = entry_item_field(writer, name);
    if (text == NULL || *text == 0) return;
    json_key(&writer->out, name);
    if (!field->personal) {
        json_put(&writer->out, text);
        return;
    }
    entry_item_own(writer);
    entry_put_personal(writer, field, text);
}

void entry_item_int(struct entry_writer *writer, const char *name, int64_t n)
{
    json_key(&writer->out, name);
    json_put_int(&writer->out, n);
}

void entry_item_end(struct entry_writer *writer)
{
    json_close(&writer->out, '}');
    if (writer->item_part) json_close(&writer->part_out, '}');
}

void entry_list_end(struct entry_writer *writer)
{
    json_close(&writer->out, ']');
}

dw_err entry_end(struct entry_writer *writer)
{
    json_close(&writer->out, '}');
    json_close(&writer->out, '}');
    if (writer->part.len > 0) json_close(&writer->part_out, '}');
    assert(writer->out.depth == 0 && writer->part_out.depth == 0);
    if (writer->text.failed || writer->part.failed) return DW_E_MEMORY;
    hash_one(writer->head, writer->text.data, writer->text.len);
    writer->n++;
    return DW_OK;
}

void entry_writer_free(struct entry_writer *writer)
{
    arena_buf_free(&writer->text);
    arena_buf_free(&writer->part);
}
