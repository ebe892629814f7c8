#include "desk/erased.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "store/disk.h"

enum { ERASED_MOST = 64 * 1024 * 1024, ERASED_SIGN = 86 };

struct erased_list {
    struct json_out json;
    size_t count;
};

static dw_err erased_put(void *ctx, struct id person)
{
    struct erased_list *list = ctx;
    char text[ID_TEXT];
    id_text(text, person);
    json_put(&list->json, text);
    list->count++;
    return DW_OK;
}

static void erased_member(struct json_out *json, const char *key, const char *text)
{
    json_key(json, key);
    json_put(json, text);
}

dw_err erased_write(struct arena_buf *out, size_t *count, struct desk *desk, struct when at, struct err_detail *detail)
{
    struct erased_list list = {.json = {.buf = out}};
    char id[ID_TEXT], when[WHEN_TEXT], text[ERASED_SIGN + 1];
    uint8_t sign[KEYS_SIGN];
    size_t from = out->len;
    (void)detail;
    when_text(when, at);
    json_open(&list.json, '{');
    erased_member(&list.json, "doorward", "erased 1");
    const struct site *site = desk_read(desk);
    id_text(id, site->id);
    erased_member(&list.json, "site", id);
    id_text(id, site_device(site, DESK_SITE_DEVICE)->id);
    erased_member(&list.json, "device", id);
    erased_member(&list.json, "at", when);
    json_key(&list.json, "people");
    json_open(&list.json, '[');
    keyring_each_erased(desk->keys, erased_put, &list);
    desk_read_end(desk);
    json_close(&list.json, ']');
    json_close(&list.json, '}');
    if (out->failed) return DW_E_MEMORY;
    keys_sign(sign, &desk->signer, out->data + from, out->len - from);
    hash_b64(text, sign, sizeof sign);
    arena_buf_format(out, "\n%s\n", text);
    *count = list.count;
    return out->failed ? DW_E_MEMORY : DW_OK;
}

static dw_err erased_load(struct arena_buf *out, const char *path, struct err_detail *detail)
{
    char piece[8192];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return disk_error(detail, path, errno);
    while ((got = fread(piece, 1, sizeof piece, file)) > 0 && out->len <= ERASED_MOST) arena_buf_put(out, piece, got);
    dw_err err = ferror(file) ? disk_error(detail, path, errno) : DW_OK;
    fclose(file);
    if (err == DW_OK && out->len > ERASED_MOST) err = err_at(detail, DW_E_TOO_LARGE, path, NULL, 0, NULL, "no such list");
    return err == DW_OK && out->failed ? DW_E_MEMORY : err;
}

static dw_err erased_bad(const char *path, struct err_detail *detail)
{
    return err_at(detail, DW_E_FORMAT, path, NULL, 0, NULL, "not a list of the forgotten");
}

/* The list's own line, signed by the key that ring holds for the site's device. */
static dw_err erased_check(const struct json *json, size_t len, const char *sign_text, const struct keyring *ring,
                           const char *path, struct err_detail *detail)
{
    uint8_t sign[KEYS_SIGN];
    struct keys_signer signer;
    struct id device;
    uint32_t at = json_member(json, 0, "device");
    if (at == 0 || !json_equals(json, json_member(json, 0, "doorward"), "erased 1") ||
        !id_parse(&device, json->text + json->tokens[at].at, json->tokens[at].len) ||
        !hash_unb64(sign, sizeof sign, sign_text, ERASED_SIGN))
        return erased_bad(path, detail);
    bool ours = keyring_device(ring, device, &signer) == KEYRING_PRESENT && keys_signed(sign, signer.public_key, json->text, len);
    keys_wipe(&signer, sizeof signer);
    return ours ? DW_OK : err_at(detail, DW_E_SIGNATURE, path, NULL, 0, NULL, "not signed by this site");
}

static dw_err erased_people(size_t *count, const struct json *json, struct keyring *ring, const char *path,
                            struct err_detail *detail)
{
    uint32_t people = json_member(json, 0, "people");
    if (people == 0 || json->tokens[people].type != JSON_ARRAY) return erased_bad(path, detail);
    for (uint32_t t = json_first(people); t != json_end(json, people); t = json->tokens[t].next) {
        struct id person;
        if (json->tokens[t].type != JSON_STRING || !id_parse(&person, json->text + json->tokens[t].at, json->tokens[t].len))
            return erased_bad(path, detail);
        ERR_TRY(keyring_erase(ring, person, detail));
        (*count)++;
    }
    return DW_OK;
}

dw_err erased_apply(size_t *count, struct keyring *ring, const char *path, struct err_detail *detail)
{
    struct arena_buf text = {0};
    struct json json = {0};
    *count = 0;
    dw_err err = erased_load(&text, path, detail);
    const char *end = err == DW_OK && text.len > 0 ? memchr(text.data, '\n', text.len) : NULL;
    size_t len = end == NULL ? 0 : (size_t)(end - text.data);
    if (err == DW_OK && (end == NULL || text.len - len < ERASED_SIGN + 1)) err = erased_bad(path, detail);
    if (err == DW_OK && json_read(&json, text.data, len, NULL) != DW_OK) err = erased_bad(path, detail);
    if (err == DW_OK) err = erased_check(&json, len, end + 1, ring, path, detail);
    if (err == DW_OK) err = erased_people(count, &json, ring, path, detail);
    json_free(&json);
    arena_buf_free(&text);
    return err;
}
