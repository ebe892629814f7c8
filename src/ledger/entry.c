#include "ledger/entry.h"

#include <stdio.h>
#include <string.h>

struct entry_scan {
    struct entry *entry;
    struct entry_reader *reader;
    struct err_detail *detail;
    bool clear;    /* the clear part is at hand, read into reader->part, and what is looked for stands in */
    uint32_t part; /* this object of it */
};

static dw_err entry_bad(struct entry_scan *scan, const char *field, const char *what)
{
    return err_at(scan->detail, DW_E_ENTRY, NULL, NULL, scan->detail != NULL ? scan->detail->row : 0, field, "%s", what);
}

static bool entry_token_id(const struct json *json, uint32_t token, struct id *out)
{
    const struct json_token *t = &json->tokens[token];
    return t->type == JSON_STRING && id_parse(out, json->text + t->at, t->len);
}

static bool entry_token_hash(const struct json *json, uint32_t token, uint8_t out[HASH_SIZE])
{
    const struct json_token *t = &json->tokens[token];
    return t->type == JSON_STRING && hash_unb64(out, HASH_SIZE, json->text + t->at, t->len);
}

static bool entry_token_time(const struct json *json, uint32_t token, struct when *out)
{
    const struct json_token *t = &json->tokens[token];
    return t->type == JSON_STRING && when_parse(out, json->text + t->at, t->len);
}

/* The clear value that belongs to a personal field's hash: {"name":["salt","value"]}. */
static dw_err entry_personal(struct entry_scan *scan, const struct kinds_field *field, uint32_t token, struct entry_value *value)
{
    struct json *json = &scan->reader->json, *part = &scan->reader->part;
    uint8_t said[HASH_SIZE], salt[ENTRY_SALT], found[HASH_SIZE];
    if (!entry_token_hash(json, token, said)) return entry_bad(scan, field->name, "a personal value must be its salted hash");
    if (!scan->clear) {
        value->erased = true;
        return DW_OK;
    }
    uint32_t pair = json_member(part, scan->part, field->name);
    if (pair == 0 || part->tokens[pair].type != JSON_ARRAY || part->tokens[pair].count != 2)
        return entry_bad(scan, field->name, "the clear part lacks this value");
    const struct json_token *salt_token = &part->tokens[pair + 1];
    if (salt_token->type != JSON_STRING || !hash_unb64(salt, sizeof salt, part->text + salt_token->at, salt_token->len))
        return entry_bad(scan, field->name, "bad salt");
    value->text = json_text(part, pair + 2, &scan->reader->arena);
    if (value->text == NULL) return entry_bad(scan, field->name, "the clear value is no text");
    size_t len = strlen(value->text);
    if (len > (size_t)field->max) return entry_bad(scan, field->name, "too long");
    hash_two(found, salt, sizeof salt, value->text, len);
    if (memcmp(found, said, sizeof found) != 0) return entry_bad(scan, field->name, "the clear value does not fit its hash");
    return DW_OK;
}

static dw_err entry_enum(struct entry_scan *scan, const struct kinds_field *field, uint32_t token, struct entry_value *value)
{
    for (int i = 0; i < field->value_count; i++)
        if (json_equals(&scan->reader->json, token, field->values[i])) {
            value->n = i;
            return DW_OK;
        }
    return entry_bad(scan, field->name, "not one of the allowed values");
}

static dw_err entry_value_read(struct entry_scan *scan, const struct kinds_field *field, uint32_t token,
                               struct entry_value *value)
{
    const struct json *json = &scan->reader->json;
    const struct json_token *t = &json->tokens[token];
    value->present = true;
    if (field->personal) return entry_personal(scan, field, token, value);
    switch (field->type) {
    case KINDS_TYPE_ID:
        return entry_token_id(json, token, &value->id) ? DW_OK : entry_bad(scan, field->name, "not an id");
    case KINDS_TYPE_INT:
        return json_int(json, token, &value->n) ? DW_OK : entry_bad(scan, field->name, "not a whole number");
    case KINDS_TYPE_BOOL:
        value->n = t->type == JSON_TRUE;
        return t->type == JSON_TRUE || t->type == JSON_FALSE ? DW_OK : entry_bad(scan, field->name, "neither true nor false");
    case KINDS_TYPE_TIME:
        return entry_token_time(json, token, &value->at) ? DW_OK : entry_bad(scan, field->name, "not a time with its offset");
    case KINDS_TYPE_ENUM:
        return entry_enum(scan, field, token, value);
    case KINDS_TYPE_LIST:
        value->token = token;
        value->n = t->count;
        if (t->type != JSON_ARRAY) return entry_bad(scan, field->name, "not a list");
        return t->count <= (uint32_t)field->max ? DW_OK : entry_bad(scan, field->name, "too many items");
    case KINDS_TYPE_TEXT:
        break;
    }
    value->text = json_text(json, token, &scan->reader->arena);
    if (value->text == NULL) return entry_bad(scan, field->name, "not a text");
    return strlen(value->text) <= (size_t)field->max ? DW_OK : entry_bad(scan, field->name, "too long");
}

/* Every member of object must be a field of the table, and every required field be there. */
static dw_err entry_fields(struct entry_scan *scan, uint32_t object, const struct kinds_field *fields, int count,
                           struct entry_value *values)
{
    const struct json *json = &scan->reader->json;
    memset(values, 0, (size_t)count * sizeof *values);
    if (json->tokens[object].type != JSON_OBJECT) return entry_bad(scan, "body", "not an object");
    int guess = 0;
    for (uint32_t key = json_first(object); key < json_end(json, object); key = json->tokens[key + 1].next) {
        /* Writers keep the table's order, so the next field is nearly always the one looked for. */
        int field = -1;
        for (int i = 0; i < count && field < 0; i++)
            if (json_equals(json, key, fields[(guess + i) % count].name)) field = (guess + i) % count;
        if (field < 0) return entry_bad(scan, "body", "a field that this kind does not have");
        ERR_TRY(entry_value_read(scan, &fields[field], key + 1, &values[field]));
        guess = field + 1;
    }
    for (int i = 0; i < count; i++)
        if (fields[i].required && !values[i].present) return entry_bad(scan, fields[i].name, "missing");
    return DW_OK;
}

static dw_err entry_envelope(struct entry_scan *scan)
{
    static const char *const keys[] = {"id", "site", "device", "n", "prev", "actor", "at", "kind", "on", "body"};
    enum { KEYS = sizeof keys / sizeof *keys };
    const struct json *json = &scan->reader->json;
    struct entry *entry = scan->entry;
    uint32_t at[KEYS];
    if (json->tokens[0].type != JSON_OBJECT || json->tokens[0].count != KEYS)
        return entry_bad(scan, "", "an entry has ten members");
    uint32_t next = json_first(0); /* our writers keep this order */
    for (int i = 0; i < KEYS; i++) {
        at[i] = next < json_end(json, 0) && json_equals(json, next, keys[i]) ? next + 1 : json_member(json, 0, keys[i]);
        if (at[i] == 0) return entry_bad(scan, keys[i], "missing");
        next = json->tokens[at[i]].next;
    }
    struct id *const ids[] = {&entry->id, &entry->site, &entry->device, &entry->actor, &entry->on};
    static const int id_keys[] = {0, 1, 2, 5, 8};
    for (int i = 0; i < 5; i++)
        if (!entry_token_id(json, at[id_keys[i]], ids[i])) return entry_bad(scan, keys[id_keys[i]], "not an id");
    if (!json_int(json, at[3], &entry->n) || entry->n < 1 || entry->n > INT32_MAX)
        return entry_bad(scan, "n", "not a number from 1 on");
    if (!entry_token_hash(json, at[4], entry->prev)) return entry_bad(scan, "prev", "not a hash");
    if (!entry_token_time(json, at[6], &entry->at)) return entry_bad(scan, "at", "not a time with its offset");
    const struct json_token *kind = &json->tokens[at[7]];
    entry->kind = kind->type == JSON_STRING ? kinds_find(json->text + kind->at, kind->len) : KINDS_COUNT;
    if (entry->kind == KINDS_COUNT && kind->type != JSON_STRING) return entry_bad(scan, "kind", "not a text");
    entry->body = at[9];
    return DW_OK;
}

dw_err entry_open(struct entry *out, struct entry_reader *reader, const char *text, size_t len, const uint8_t *hash,
                  struct err_detail *detail)
{
    struct entry_scan scan = {out, reader, detail, false, 0};
    if (len > ENTRY_TEXT_MAX) return err_set(detail, DW_E_TOO_LARGE, "an entry of %zu bytes", len);
    out->text = text;
    out->len = len;
    ERR_TRY(json_read(&reader->json, text, len, detail));
    ERR_TRY(entry_envelope(&scan));
    if (hash != NULL)
        memcpy(out->hash, hash, HASH_SIZE);
    else
        hash_one(out->hash, text, len);
    return DW_OK;
}

dw_err entry_body(struct entry *entry, struct entry_reader *reader, const char *part, size_t part_len, struct err_detail *detail)
{
    struct entry_scan scan = {entry, reader, detail, part != NULL, 0};
    entry->clear = part != NULL;
    if (entry->kind == KINDS_COUNT) return entry_bad(&scan, "kind", "unknown kind of entry");
    if (part_len > ENTRY_PART_MAX) return err_set(detail, DW_E_TOO_LARGE, "clear values of %zu bytes", part_len);
    if (part != NULL) ERR_TRY(json_read(&reader->part, part, part_len, detail));
    const struct kinds_spec *spec = kinds_get(entry->kind);
    return entry_fields(&scan, entry->body, spec->fields, spec->field_count, entry->values);
}

/* The clear values of the item at token at: 0 when there are none. */
static uint32_t entry_item_part(const struct entry *entry, const struct kinds_field *list, uint32_t value, uint32_t at,
                                const struct entry_reader *reader)
{
    char key[64];
    int index = 0;
    bool personal = false;
    for (int i = 0; i < list->item_count; i++) personal = personal || list->items[i].personal;
    if (!personal || !entry->clear) return 0;
    for (uint32_t t = json_first(value); t < at; t = reader->json.tokens[t].next) index++;
    snprintf(key, sizeof key, "%s/%d", list->name, index);
    return json_member(&reader->part, 0, key);
}

/* They are sealed for whom they name, so they must name the one whom the item is about. */
static dw_err entry_item_who(struct entry_scan *scan, const struct kinds_field *list, const struct entry_value *values)
{
    struct id who;
    int first = 0;
    while (first < list->item_count && list->items[first].type != KINDS_TYPE_ID) first++;
    bool fits = first < list->item_count && values[first].present &&
                entry_token_id(&scan->reader->part, json_member(&scan->reader->part, scan->part, "who"), &who) &&
                id_equal(who, values[first].id);
    return fits ? DW_OK : entry_bad(scan, list->name, "clear values of somebody else");
}

dw_err entry_item(struct entry_value *out, uint32_t *cursor, bool *more, const struct entry *entry, int field,
                  struct entry_reader *reader, struct err_detail *detail)
{
    const struct kinds_field *list = &kinds_get(entry->kind)->fields[field];
    const struct entry_value *value = &entry->values[field];
    struct entry_scan scan = {NULL, reader, detail, false, 0};
    *more = false;
    if (!value->present) return DW_OK;
    uint32_t at = *cursor == 0 ? json_first(value->token) : *cursor;
    if (at >= json_end(&reader->json, value->token)) return DW_OK;
    scan.part = entry_item_part(entry, list, value->token, at, reader);
    scan.clear = scan.part != 0;
    ERR_TRY(entry_fields(&scan, at, list->items, list->item_count, out));
    if (scan.clear) ERR_TRY(entry_item_who(&scan, list, out));
    *cursor = reader->json.tokens[at].next;
    *more = true;
    return DW_OK;
}

void entry_reader_free(struct entry_reader *reader)
{
    json_free(&reader->json);
    json_free(&reader->part);
    arena_free(&reader->arena);
}
