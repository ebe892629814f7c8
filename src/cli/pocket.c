#include "cli/pocket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/beside.h"

enum { POCKET_PATH = 4096 };

static const char *pocket_path(char out[POCKET_PATH], const struct pocket *pocket, const char *name)
{
    snprintf(out, POCKET_PATH, "%s/%s", pocket->dir, name);
    return out;
}

static dw_err pocket_start(struct pocket *out, struct cli *cli, const char *dir)
{
    memset(out, 0, sizeof *out);
    out->cli = cli;
    out->dir = dir;
    umask(077);
    return keys_start() ? DW_OK : err_set(&cli->detail, DW_E_KEYS, "the cryptographic library does not start");
}

/* What it is and how far it has come, replaced whole. */
dw_err pocket_save(struct pocket *pocket)
{
    struct arena_buf text = {0};
    struct json_out json = {.buf = &text};
    char id[ID_TEXT], key[HASH_TEXT], path[POCKET_PATH];
    const struct {
        const char *name, *value;
    } texts[] = {{"url", pocket->url}, {"ca", pocket->ca}, {"token", pocket->token}, {"cursor", pocket->cursor}};
    json_open(&json, '{');
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_key(&json, texts[i].name);
        json_put(&json, texts[i].value);
    }
    json_key(&json, "site");
    id_text(id, pocket->site);
    json_put(&json, id);
    json_key(&json, "device");
    id_text(id, pocket->device);
    json_put(&json, id);
    json_key(&json, "site_key");
    hash_b64(key, pocket->site_key, KEYS_PUBLIC);
    json_put(&json, key);
    json_key(&json, "received");
    json_put_int(&json, pocket->received);
    json_close(&json, '}');
    arena_buf_text(&text, "\n");
    dw_err err = text.failed ? DW_E_MEMORY
                             : beside_put(pocket_path(path, pocket, "phone.json"), text.data, text.len, &pocket->cli->detail);
    arena_buf_free(&text);
    return err;
}

static bool pocket_text(char *out, size_t size, const struct json *json, const char *name, struct arena *arena)
{
    uint32_t at = json_member(json, 0, name);
    const char *text = at == 0 ? NULL : json_text(json, at, arena);
    if (text == NULL || strlen(text) >= size) return false;
    snprintf(out, size, "%s", text);
    return true;
}

static bool pocket_id(struct id *out, const struct json *json, const char *name)
{
    uint32_t at = json_member(json, 0, name);
    return at != 0 && json->tokens[at].type == JSON_STRING &&
           id_parse(out, json->text + json->tokens[at].at, json->tokens[at].len);
}

/* What a phone has been told, by its own file or by the site's answer. */
static bool pocket_said(struct pocket *pocket, const struct json *json, struct arena *arena)
{
    char key[HASH_TEXT];
    return json->tokens[0].type == JSON_OBJECT && pocket_id(&pocket->site, json, "site") &&
           pocket_id(&pocket->device, json, "device") && pocket_text(key, sizeof key, json, "site_key", arena) &&
           hash_unb64(pocket->site_key, KEYS_PUBLIC, key, strlen(key)) &&
           pocket_text(pocket->token, sizeof pocket->token, json, "token", arena);
}

static dw_err pocket_load(struct pocket *pocket)
{
    char path[POCKET_PATH], *text = NULL;
    size_t len;
    struct json json = {0};
    struct arena arena = {0};
    dw_err found = cmd_slurp(&text, &len, pocket->cli, pocket_path(path, pocket, "phone.json"));
    if (found == DW_E_NOT_FOUND)
        return err_set(
            &pocket->cli->detail, found, "%s",
            cli_say(pocket->cli, "这里没有手机，先 doorward phone enrol", "there is no phone here: doorward phone enrol first"));
    if (found != DW_OK) return found;
    dw_err err = json_read(&json, text == NULL ? "" : text, len, &pocket->cli->detail);
    if (err == DW_OK && (!pocket_said(pocket, &json, &arena) || !pocket_text(pocket->url, POCKET_URL, &json, "url", &arena) ||
                         !pocket_text(pocket->ca, POCKET_URL, &json, "ca", &arena) ||
                         !pocket_text(pocket->cursor, POCKET_CURSOR, &json, "cursor", &arena) ||
                         !json_int(&json, json_member(&json, 0, "received"), &pocket->received)))
        err = err_at(&pocket->cli->detail, DW_E_DAMAGED, path, NULL, 0, NULL, "not a phone");
    json_free(&json);
    arena_free(&arena);
    free(text);
    return err;
}

static dw_err pocket_key(struct keys_signer *out, struct pocket *pocket)
{
    char path[POCKET_PATH], *text = NULL;
    size_t len;
    uint8_t seed[KEYS_SEED];
    ERR_TRY(cmd_slurp(&text, &len, pocket->cli, pocket_path(path, pocket, "key")));
    bool good = len >= HASH_TEXT - 1 && hash_unb64(seed, KEYS_SEED, text, HASH_TEXT - 1);
    if (good) keys_signer_make(out, seed);
    if (text != NULL) keys_wipe(text, len);
    free(text);
    keys_wipe(seed, sizeof seed);
    return good ? DW_OK : err_at(&pocket->cli->detail, DW_E_KEYS, path, NULL, 0, NULL, "not a phone's key");
}

/* Pairs of lines: an entry, and its clear values or nothing. */
static dw_err pocket_entries(struct pocket *pocket)
{
    char path[POCKET_PATH];
    size_t len = 0, whole = 0;
    struct book *book = &pocket->book;
    dw_err err = cmd_slurp(&pocket->text, &len, pocket->cli, pocket_path(path, pocket, "entries"));
    if (err != DW_OK) return err == DW_E_NOT_FOUND ? DW_OK : err;
    for (size_t at = 0; at < len;) {
        const char *text = pocket->text + at, *end = memchr(text, '\n', len - at);
        const char *part = end == NULL ? NULL : end + 1;
        const char *part_end = part == NULL ? NULL : memchr(part, '\n', (size_t)(pocket->text + len - part));
        if (part_end == NULL) break;
        if (!arena_grow((void **)&book->entries, &book->cap, book->count + 1, sizeof *book->entries)) return DW_E_MEMORY;
        struct upload_entry *e = &book->entries[book->count++];
        *e = (struct upload_entry){.text = text, .len = (size_t)(end - text), .part_len = (size_t)(part_end - part)};
        e->part = e->part_len > 0 ? part : NULL;
        whole = at = (size_t)(part_end - pocket->text) + 1;
    }
    if (whole < len && truncate(path, (off_t)whole) != 0)
        return err_at(&pocket->cli->detail, DW_E_IO, path, NULL, 0, NULL, "%s", strerror(errno));
    pocket->written = book->count;
    book->writer.n = (int64_t)book->count;
    if (book->count > 0) hash_one(book->writer.head, book->entries[book->count - 1].text, book->entries[book->count - 1].len);
    return DW_OK;
}

dw_err pocket_open(struct pocket *out, struct cli *cli, const char *dir)
{
    struct keys_signer signer;
    ERR_TRY(pocket_start(out, cli, dir));
    ERR_TRY(pocket_load(out));
    ERR_TRY(pocket_key(&signer, out));
    book_start(&out->book, out->site, out->device, &signer, NULL);
    keys_wipe(&signer, sizeof signer);
    ERR_TRY(pocket_entries(out));
    return client_open(&out->client, out->url, *out->ca == 0 ? NULL : out->ca, &cli->detail);
}

void pocket_close(struct pocket *pocket)
{
    client_close(pocket->client);
    book_free(&pocket->book);
    free(pocket->text);
    keys_wipe(pocket->token, sizeof pocket->token);
}

static dw_err pocket_key_make(struct pocket *pocket, char public_key[HASH_TEXT])
{
    uint8_t seed[KEYS_SEED];
    char text[HASH_TEXT], path[POCKET_PATH];
    struct keys_signer signer;
    struct stat there;
    if (stat(pocket_path(path, pocket, "phone.json"), &there) == 0)
        return err_at(&pocket->cli->detail, DW_E_EXISTS, pocket->dir, NULL, 0, NULL, "a phone already");
    if (mkdir(pocket->dir, 0700) != 0 && errno != EEXIST)
        return err_at(&pocket->cli->detail, DW_E_IO, pocket->dir, NULL, 0, NULL, "%s", strerror(errno));
    rng_bytes(NULL, seed, sizeof seed);
    keys_signer_make(&signer, seed);
    hash_b64(public_key, signer.public_key, KEYS_PUBLIC);
    hash_b64(text, seed, KEYS_SEED);
    text[HASH_TEXT - 1] = '\n';
    dw_err err = beside_put(pocket_path(path, pocket, "key"), text, HASH_TEXT, &pocket->cli->detail);
    keys_wipe(seed, sizeof seed);
    keys_wipe(text, sizeof text);
    keys_wipe(&signer, sizeof signer);
    return err;
}

dw_err pocket_enrol(struct pocket *out, struct cli *cli, const char *dir, const char *url, const char *ca, const char *invite)
{
    char key[HASH_TEXT];
    struct arena_buf body = {0}, answer = {0};
    struct json_out json = {.buf = &body};
    struct json said = {0};
    struct arena arena = {0};
    ERR_TRY(pocket_start(out, cli, dir));
    if (strlen(url) >= POCKET_URL || (ca != NULL && strlen(ca) >= POCKET_URL))
        return err_set(&cli->detail, DW_E_INVALID, "%s", url);
    snprintf(out->url, sizeof out->url, "%s", url);
    snprintf(out->ca, sizeof out->ca, "%s", ca == NULL ? "" : ca);
    ERR_TRY(client_open(&out->client, url, ca, &cli->detail));
    ERR_TRY(pocket_key_make(out, key));
    json_open(&json, '{');
    json_key(&json, "invite");
    json_put(&json, invite);
    json_key(&json, "public_key");
    json_put(&json, key);
    json_close(&json, '}');
    const struct client_call call = {.method = "POST", .path = "/auth/phone", .body = body.data, .len = body.len};
    dw_err err = body.failed ? DW_E_MEMORY : client_do(&answer, NULL, out->client, &call, &cli->detail);
    if (err == DW_OK) err = json_read(&said, answer.data == NULL ? "" : answer.data, answer.len, &cli->detail);
    if (err == DW_OK && !pocket_said(out, &said, &arena))
        err = err_set(&cli->detail, DW_E_UNREACHED, "%s", "not the answer of a doorward site");
    if (err == DW_OK) err = pocket_save(out);
    json_free(&said);
    arena_free(&arena);
    arena_buf_free(&body);
    arena_buf_free(&answer);
    return err;
}

dw_err pocket_keep(struct pocket *pocket)
{
    char path[POCKET_PATH];
    FILE *file = fopen(pocket_path(path, pocket, "entries"), "ab");
    bool good = file != NULL;
    for (size_t i = pocket->written; good && i < pocket->book.count; i++) {
        const struct upload_entry *e = &pocket->book.entries[i];
        good = fwrite(e->text, 1, e->len, file) == e->len && fputc('\n', file) != EOF &&
               fwrite(e->part == NULL ? "" : e->part, 1, e->part_len, file) == e->part_len && fputc('\n', file) != EOF;
    }
    good = good && fflush(file) == 0 && fsync(fileno(file)) == 0;
    int why = errno;
    if (file != NULL) fclose(file);
    if (!good) return err_at(&pocket->cli->detail, why == ENOSPC ? DW_E_FULL : DW_E_IO, path, NULL, 0, NULL, "%s", strerror(why));
    pocket->written = pocket->book.count;
    return DW_OK;
}
