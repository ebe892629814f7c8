#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "desk/dispose.h"
#include "desk/dispose_text.h"
#include "store/disk.h"

enum { DISPOSE_MOST = 256 * 1024 * 1024 };

static dw_err dispose_load(struct arena_buf *out, const char *path, struct err_detail *detail)
{
    char piece[16384];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return disk_error(detail, path, errno);
    while ((got = fread(piece, 1, sizeof piece, file)) > 0 && out->len <= DISPOSE_MOST) arena_buf_put(out, piece, got);
    dw_err err = ferror(file) ? disk_error(detail, path, errno) : DW_OK;
    fclose(file);
    if (err == DW_OK && out->len > DISPOSE_MOST) err = err_at(detail, DW_E_TOO_LARGE, path, NULL, 0, NULL, "no certificate");
    return err == DW_OK && out->failed ? DW_E_MEMORY : err;
}

static dw_err dispose_foreign(const char *path, struct err_detail *detail)
{
    return err_at(detail, DW_E_FORMAT, path, NULL, 0, NULL, "not a certificate of disposal");
}

static void dispose_take(char *out, size_t size, const struct json *json, const char *key, struct arena *arena)
{
    uint32_t at = json_member(json, 0, key);
    const char *text = at == 0 ? NULL : json_text(json, at, arena);
    snprintf(out, size, "%s", text == NULL ? "" : text);
}

static int64_t dispose_int(const struct json *json, uint32_t object, const char *key)
{
    int64_t n = -1;
    uint32_t at = json_member(json, object, key);
    return at != 0 && json_int(json, at, &n) ? n : -1;
}

static int64_t dispose_length(const struct json *json, const char *key)
{
    uint32_t at = json_member(json, 0, key);
    return at == 0 || json->tokens[at].type != JSON_ARRAY ? -1 : (int64_t)json->tokens[at].count;
}

/* json: of the inner object, whose bytes are text. */
static dw_err dispose_read(struct dispose_checked *out, const struct json *json, const char *sign_text, struct arena *arena,
                           size_t len, const char *path, struct err_detail *detail)
{
    uint8_t sign[KEYS_SIGN], key[KEYS_PUBLIC];
    dispose_take(out->site, sizeof out->site, json, "site", arena);
    dispose_take(out->name, sizeof out->name, json, "name", arena);
    dispose_take(out->at, sizeof out->at, json, "disposed", arena);
    dispose_take(out->key, sizeof out->key, json, "public_key", arena);
    out->people = dispose_int(json, 0, "people");
    out->keys = dispose_int(json, 0, "keys_destroyed");
    out->entries = dispose_int(json, 0, "entries");
    out->devices = dispose_length(json, "heads");
    out->copies = dispose_length(json, "copies");
    bool ours = json_equals(json, json_member(json, 0, "doorward"), "disposal 1") && out->devices > 0 && out->copies >= 0 &&
                out->people >= 0 && out->keys >= 0 && out->entries > 0 && out->site[0] != 0 &&
                hash_unb64(key, sizeof key, out->key, strlen(out->key)) && hash_unb64(sign, sizeof sign, sign_text, DISPOSE_SIGN);
    if (!ours) return dispose_foreign(path, detail);
    if (keys_signed(sign, key, json->text, len)) return DW_OK;
    return err_at(detail, DW_E_SIGNATURE, path, NULL, 0, NULL, "the certificate was altered");
}

/* Every chain ends in the store where the certificate says, and no chain is missing in either. */
static bool dispose_heads(const struct json *json, const struct site *site)
{
    uint32_t heads = json_member(json, 0, "heads"), i = 0;
    for (uint32_t t = json_first(heads); t != json_end(json, heads); t = json->tokens[t].next, i++) {
        char id[ID_TEXT], head[HASH_TEXT];
        if (i >= site_count(site, SITE_DEVICE)) return false;
        const struct site_device *device = site_device(site, i);
        id_text(id, device->id);
        hash_b64(head, device->head, HASH_SIZE);
        if (!json_equals(json, json_member(json, t, "device"), id) || !json_equals(json, json_member(json, t, "head"), head) ||
            dispose_int(json, t, "entries") != device->head_n)
            return false;
    }
    return i == site_count(site, SITE_DEVICE);
}

static dw_err dispose_compare(struct dispose_checked *out, const struct json *json, struct desk *desk, const char *path,
                              struct err_detail *detail)
{
    char id[ID_TEXT], key[HASH_TEXT];
    const struct site *site = desk_read(desk);
    id_text(id, site->id);
    hash_b64(key, site_device(site, DESK_SITE_DEVICE)->key.bytes, KEYS_PUBLIC);
    bool same = strcmp(id, out->site) == 0 && strcmp(key, out->key) == 0;
    bool heads = same && out->entries == site->seq && dispose_heads(json, site);
    desk_read_end(desk);
    out->compared = heads;
    if (heads) return DW_OK;
    return err_at(detail, DW_E_DIFFERS, path, NULL, 0, NULL, "%s",
                  same ? "the chains of the store do not end where the certificate says" : "it is of another site");
}

dw_err dispose_check(struct dispose_checked *out, const char *file, struct desk *desk, struct err_detail *detail)
{
    const size_t head = strlen(DISPOSE_HEAD), middle = strlen(DISPOSE_MIDDLE), end = strlen(DISPOSE_END);
    struct arena_buf text = {0};
    struct arena arena = {0};
    struct json json = {0};
    memset(out, 0, sizeof *out);
    dw_err err = dispose_load(&text, file, detail);
    size_t tail = middle + DISPOSE_SIGN + end, len = text.len > head + tail ? text.len - head - tail : 0;
    if (err == DW_OK && len == 0) err = dispose_foreign(file, detail);
    const char *inner = len == 0 ? "" : text.data + head;
    if (err == DW_OK && (memcmp(text.data, DISPOSE_HEAD, head) != 0 || memcmp(inner + len, DISPOSE_MIDDLE, middle) != 0 ||
                         memcmp(text.data + text.len - end, DISPOSE_END, end) != 0))
        err = dispose_foreign(file, detail);
    if (err == DW_OK && json_read(&json, inner, len, NULL) != DW_OK) err = dispose_foreign(file, detail);
    if (err == DW_OK) err = dispose_read(out, &json, inner + len + middle, &arena, len, file, detail);
    if (err == DW_OK && desk != NULL) err = dispose_compare(out, &json, desk, file, detail);
    json_free(&json);
    arena_free(&arena);
    arena_buf_free(&text);
    return err;
}
