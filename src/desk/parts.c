#include "desk/parts.h"

#include <string.h>

#include "base/json.h"

enum { PARTS_HEAD = 16 + 4 };

/* One key's piece of sealed parts. */
struct parts_piece {
    struct id who;
    const uint8_t *sealed;
    size_t len;
};

/* The piece at *at, which moves behind it; false at the end, *sound false when the bytes do not end where a piece does. */
static bool parts_next(struct parts_piece *out, bool *sound, const struct store_value *parts, size_t *at)
{
    const uint8_t *data = (const uint8_t *)parts->data + *at;
    size_t left = parts->len - *at;
    *sound = parts->type == STORE_BYTES;
    if (!*sound || left == 0) return false;
    *sound = left >= PARTS_HEAD + KEYS_OVERHEAD;
    if (!*sound) return false;
    memcpy(out->who.b, data, sizeof out->who.b);
    out->len = (size_t)data[16] << 24 | (size_t)data[17] << 16 | (size_t)data[18] << 8 | data[19];
    out->sealed = data + PARTS_HEAD;
    *sound = out->len >= KEYS_OVERHEAD && out->len <= left - PARTS_HEAD;
    *at += PARTS_HEAD + out->len;
    return *sound;
}

static dw_err parts_put(struct arena_buf *blob, struct keyring *keys, struct id who, const uint8_t hash[HASH_SIZE],
                        const char *text, size_t len)
{
    const uint8_t *key;
    size_t size = len + KEYS_OVERHEAD;
    const uint8_t head[4] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size};
    if (keyring_person(keys, who, &key) == KEYRING_ERASED) return DW_OK;
    ERR_TRY(keyring_person_make(keys, who, &key));
    arena_buf_put(blob, who.b, sizeof who.b);
    arena_buf_put(blob, head, sizeof head);
    size_t at = blob->len;
    arena_buf_put(blob, text, len); /* room for the sealed text */
    static const uint8_t room[KEYS_OVERHEAD];
    arena_buf_put(blob, room, sizeof room);
    if (blob->failed) return DW_E_MEMORY;
    keys_seal((uint8_t *)blob->data + at, key, hash, HASH_SIZE, text, len);
    return DW_OK;
}

static bool parts_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The bytes of a member, key and value, as they stand. */
static const char *parts_member(size_t *len, const struct json *json, size_t text_len, uint32_t key)
{
    uint32_t next = json->tokens[key + 1].next;
    bool last = next >= json_end(json, 0);
    const char *from = json->text + json->tokens[key].at - 1,
               *to = last ? json->text + text_len : json->text + json->tokens[next].at - 1;
    while (parts_space(to[-1])) to--;
    to--; /* a comma, or the end of the object */
    while (parts_space(to[-1])) to--;
    *len = (size_t)(to - from);
    return from;
}

/* An item's member is an object that says whose it is. */
static bool parts_item(struct id *who, const struct json *json, uint32_t key)
{
    uint32_t name = json_member(json, key + 1, "who");
    return name != 0 && json->tokens[name].type == JSON_STRING &&
           id_parse(who, json->text + json->tokens[name].at, json->tokens[name].len);
}

static dw_err parts_split(struct arena_buf *blob, struct keyring *keys, struct id on, const uint8_t hash[HASH_SIZE],
                          const struct json *json, size_t text_len)
{
    struct arena_buf own = {0}, item = {0};
    struct id who;
    dw_err err = DW_OK;
    for (uint32_t key = json_first(0); key < json_end(json, 0); key = json->tokens[key + 1].next) {
        size_t len;
        const char *text = parts_member(&len, json, text_len, key);
        if (parts_item(&who, json, key)) continue;
        arena_buf_text(&own, own.len == 0 ? "{" : ",");
        arena_buf_put(&own, text, len);
    }
    if (own.len > 0) {
        arena_buf_text(&own, "}");
        err = own.failed ? DW_E_MEMORY : parts_put(blob, keys, on, hash, own.data, own.len);
    }
    for (uint32_t key = json_first(0); err == DW_OK && key < json_end(json, 0); key = json->tokens[key + 1].next) {
        size_t len;
        const char *text = parts_member(&len, json, text_len, key);
        if (!parts_item(&who, json, key)) continue;
        arena_buf_clear(&item);
        arena_buf_text(&item, "{");
        arena_buf_put(&item, text, len);
        arena_buf_text(&item, "}");
        err = item.failed ? DW_E_MEMORY : parts_put(blob, keys, who, hash, item.data, item.len);
    }
    arena_buf_free(&own);
    arena_buf_free(&item);
    return err;
}

dw_err parts_seal(struct store_value *out, struct keyring *keys, struct id on, const uint8_t hash[HASH_SIZE], const char *part,
                  size_t len, struct arena *arena)
{
    struct arena_buf blob = {0};
    struct json json = {0};
    bool items = false;
    *out = store_null();
    if (part == NULL) return DW_OK;
    /* What cannot be read is kept as it is, under the key of what the entry is on. */
    dw_err err = json_read(&json, part, len, NULL);
    bool object = err == DW_OK && json.tokens[0].type == JSON_OBJECT;
    for (uint32_t key = json_first(0); object && !items && key < json_end(&json, 0); key = json.tokens[key + 1].next)
        items = json.tokens[key + 1].type == JSON_OBJECT;
    if (err != DW_E_MEMORY)
        err = items ? parts_split(&blob, keys, on, hash, &json, len) : parts_put(&blob, keys, on, hash, part, len);
    void *kept = err == DW_OK && blob.len > 0 ? arena_alloc(arena, blob.len) : NULL;
    if (kept != NULL) {
        memcpy(kept, blob.data, blob.len);
        *out = store_bytes(kept, blob.len);
    } else if (err == DW_OK && blob.len > 0) {
        err = DW_E_MEMORY;
    }
    json_free(&json);
    arena_buf_free(&blob);
    return err;
}

dw_err parts_open(const char **part, size_t *len, const struct keyring *keys, const struct store_value *parts, int64_t seq,
                  struct arena *arena, struct err_detail *detail)
{
    struct parts_piece piece;
    const uint8_t *key;
    size_t at = 0, had = 0;
    bool sound = true;
    *part = NULL;
    *len = 0;
    if (parts->type == STORE_NULL) return DW_OK;
    char *text = arena_alloc(arena, parts->len + 1);
    if (text == NULL) return DW_E_MEMORY;
    while (parts_next(&piece, &sound, parts, &at)) {
        enum keyring_state state = keyring_person(keys, piece.who, &key);
        if (state == KEYRING_ERASED) continue;
        if (state == KEYRING_ABSENT)
            return err_set(detail, DW_E_KEYS, "entry %lld: the key of its clear values is not there", (long long)seq);
        /* Behind what is there already: its end becomes a comma, and this one's beginning gives way. */
        if (!keys_open(text + *len, key, piece.sealed, piece.len))
            return err_set(detail, DW_E_DAMAGED, "entry %lld: its clear values do not open", (long long)seq);
        size_t got = piece.len - KEYS_OVERHEAD;
        if (had++ > 0) {
            text[*len - 1] = ',';
            memmove(text + *len, text + *len + 1, got - 1);
            got--;
        }
        *len += got;
    }
    if (!sound) return err_set(detail, DW_E_DAMAGED, "entry %lld: its clear values are cut short", (long long)seq);
    *part = had == 0 ? NULL : text;
    return DW_OK;
}

bool parts_forget(struct store_value *out, bool *failed, const struct keyring *keys, const struct store_value *parts,
                  struct arena *arena)
{
    struct parts_piece piece;
    const uint8_t *key;
    size_t at = 0, from = 0, len = 0;
    bool sound = true, gone = false;
    *out = store_null();
    *failed = false;
    for (size_t k = 0; parts_next(&piece, &sound, parts, &k);)
        gone = gone || keyring_person(keys, piece.who, &key) == KEYRING_ERASED;
    if (!gone || !sound) return false;
    uint8_t *left = arena_alloc(arena, parts->len);
    *failed = left == NULL;
    while (left != NULL && parts_next(&piece, &sound, parts, &at)) {
        if (keyring_person(keys, piece.who, &key) != KEYRING_ERASED) {
            memcpy(left + len, (const uint8_t *)parts->data + from, at - from);
            len += at - from;
        }
        from = at;
    }
    if (len > 0) *out = store_bytes(left, len);
    return true;
}
