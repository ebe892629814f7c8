/* The phone's talk with the site. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pack_once.h"
#include "cli/pocket.h"
#include "files/beside.h"

enum { POCKET_BATCH = 500 /* entries of an upload */, POCKET_BACK = 3 /* how often it sends from further back */ };

/* A session that is over is had again by the key. */
static dw_err pocket_resume(struct pocket *pocket)
{
    struct arena_buf answer = {0}, body = {0};
    struct json_out json = {.buf = &body};
    struct json said = {0};
    struct arena arena = {0};
    char message[128], id[ID_TEXT], sign_text[90];
    uint8_t sign[KEYS_SIGN];
    const char *now = NULL, *token = NULL;
    struct err_detail *detail = &pocket->cli->detail;
    const struct client_call ask = {.method = "GET", .path = "/auth/time"};
    dw_err err = client_do(&answer, NULL, pocket->client, &ask, detail);
    if (err == DW_OK) err = json_read(&said, answer.data, answer.len, detail);
    if (err == DW_OK) now = json_text(&said, json_member(&said, 0, "now"), &arena);
    if (err == DW_OK && (now == NULL || strlen(now) >= WHEN_TEXT)) err = err_set(detail, DW_E_UNREACHED, "no time");
    if (err == DW_OK) {
        id_text(id, pocket->device);
        snprintf(message, sizeof message, "doorward session %s %s", id, now);
        keys_sign(sign, &pocket->book.signer, message, strlen(message));
        hash_b64(sign_text, sign, KEYS_SIGN);
        json_open(&json, '{');
        json_key(&json, "device");
        json_put(&json, id);
        json_key(&json, "at");
        json_put(&json, now);
        json_key(&json, "sign");
        json_put(&json, sign_text);
        json_close(&json, '}');
        const struct client_call call = {.method = "PUT", .path = "/auth/phone", .body = body.data, .len = body.len};
        err = client_do(&answer, NULL, pocket->client, &call, detail);
    }
    if (err == DW_OK) err = json_read(&said, answer.data, answer.len, detail);
    if (err == DW_OK) token = json_text(&said, json_member(&said, 0, "token"), &arena);
    if (err == DW_OK && (token == NULL || strlen(token) >= POCKET_TOKEN)) err = err_set(detail, DW_E_UNREACHED, "no session");
    if (err == DW_OK) snprintf(pocket->token, sizeof pocket->token, "%s", token);
    json_free(&said);
    arena_free(&arena);
    arena_buf_free(&body);
    arena_buf_free(&answer);
    return err == DW_OK ? pocket_save(pocket) : err;
}

static dw_err pocket_call(struct arena_buf *answer, struct pocket *pocket, struct client_call call)
{
    call.token = pocket->token;
    dw_err err = client_do(answer, NULL, pocket->client, &call, &pocket->cli->detail);
    if (err != DW_E_UNKNOWN_CALLER) return err;
    ERR_TRY(pocket_resume(pocket));
    call.token = pocket->token;
    return client_do(answer, NULL, pocket->client, &call, &pocket->cli->detail);
}

static bool pocket_b64(void *out, size_t size, const struct json *json, uint32_t object, const char *name)
{
    uint32_t at = json_member(json, object, name);
    return at != 0 && json->tokens[at].type == JSON_STRING &&
           hash_unb64(out, size, json->text + json->tokens[at].at, json->tokens[at].len);
}

/* The site's word, under its key, for entries up to last: only then the phone may forget that it has to send them. */
static dw_err pocket_receipt(struct pocket *pocket, const struct json *json, uint32_t at, int64_t *held)
{
    struct upload_receipt r = {.site = pocket->site, .device = pocket->device};
    struct when received;
    uint32_t when = json_member(json, at, "received");
    int64_t waiting = 0;
    bool good = json_int(json, json_member(json, at, "first"), &r.first) &&
                json_int(json, json_member(json, at, "last"), &r.last) &&
                json_int(json, json_member(json, at, "first_seq"), &r.first_seq) &&
                json_int(json, json_member(json, at, "held"), &waiting) && when != 0 &&
                when_parse(&received, json->text + json->tokens[when].at, json->tokens[when].len) &&
                pocket_b64(r.head, HASH_SIZE, json, at, "head") && pocket_b64(r.verdicts, HASH_SIZE, json, at, "verdicts") &&
                pocket_b64(r.sign, KEYS_SIGN, json, at, "sign");
    if (good) r.received_ms = received.ms;
    good = good && r.last >= 1 && r.last <= (int64_t)pocket->book.count && upload_receipt_signed(&r, pocket->site_key);
    if (good) {
        const struct upload_entry *e = &pocket->book.entries[r.last - 1];
        uint8_t hash[HASH_SIZE];
        hash_one(hash, e->text, e->len);
        good = memcmp(hash, r.head, HASH_SIZE) == 0;
    }
    if (!good) return err_set(&pocket->cli->detail, DW_E_SIGNATURE, "the receipt is not the site's word for what was sent");
    if (r.last > pocket->received) pocket->received = r.last;
    *held += waiting;
    return pocket_save(pocket);
}

static dw_err pocket_push_some(struct pocket *pocket, int64_t *held)
{
    struct book *book = &pocket->book;
    size_t from = (size_t)pocket->received, left = book->count - from;
    struct upload upload = {.site = pocket->site,
                            .device = pocket->device,
                            .first = pocket->received + 1,
                            .sent = pocket->cli->at,
                            .entries = book->entries + from,
                            .count = left < POCKET_BATCH ? left : POCKET_BATCH};
    struct arena_buf body = {0}, packed = {0}, answer = {0};
    struct json json = {0};
    char path[64];
    const struct upload_entry *end = &upload.entries[upload.count - 1];
    upload.last = upload.first + (int64_t)upload.count - 1;
    hash_one(upload.head, end->text, end->len);
    upload_sign(&upload, &book->signer);
    upload_print(&body, &upload);
    snprintf(path, sizeof path, "/entries?have=%zu", book->count);
    bool small = !body.failed && pack_once_zstd(&packed, body.data, body.len);
    const struct client_call call = {.method = "POST",
                                     .path = path,
                                     .type = "application/x-doorward-upload",
                                     .body = small ? packed.data : body.data,
                                     .len = small ? packed.len : body.len,
                                     .packed = small};
    dw_err err = body.failed ? DW_E_MEMORY : pocket_call(&answer, pocket, call);
    if (err == DW_OK) err = json_read(&json, answer.data, answer.len, &pocket->cli->detail);
    uint32_t receipts = err == DW_OK ? json_member(&json, 0, "receipts") : 0;
    for (uint32_t at = json_first(receipts); err == DW_OK && receipts != 0 && at < json_end(&json, receipts);
         at = json.tokens[at].next)
        err = pocket_receipt(pocket, &json, at, held);
    json_free(&json);
    arena_buf_free(&body);
    arena_buf_free(&packed);
    arena_buf_free(&answer);
    return err;
}

dw_err pocket_push(struct pocket *pocket, int64_t *held)
{
    int back = 0;
    *held = 0;
    while (pocket->received < (int64_t)pocket->book.count) {
        int64_t before = pocket->received;
        dw_err err = pocket_push_some(pocket, held);
        if (err == DW_E_CHAIN && before > 0 && back++ < POCKET_BACK) {
            pocket->received = 0; /* the site was set back to a backup: it is told everything again */
            continue;
        }
        if (err != DW_OK) return err;
        if (pocket->received <= before)
            return err_set(&pocket->cli->detail, DW_E_UNREACHED, "the site gave no receipt for entry %lld",
                           (long long)before + 1);
    }
    return DW_OK;
}

static dw_err pocket_bundle(struct pocket *pocket)
{
    struct arena_buf answer = {0};
    struct json json = {0};
    struct arena arena = {0};
    char path[4096];
    const char *next = NULL;
    snprintf(path, sizeof path, "/sync/bundle?have=%zu", pocket->book.count);
    dw_err err = pocket_call(&answer, pocket, (struct client_call){.method = "GET", .path = path});
    /* The last line tells from where to go on; a bundle without it was cut. */
    const char *line = answer.data;
    if (err == DW_OK && answer.len > 1) {
        const char *before = memrchr(answer.data, '\n', answer.len - 1);
        if (before != NULL) line = before + 1;
        if (json_read(&json, line, (size_t)(answer.data + answer.len - line), NULL) == DW_OK &&
            json_equals(&json, json_member(&json, 0, "is"), "end"))
            next = json_text(&json, json_member(&json, 0, "next"), &arena);
    }
    if (err == DW_OK && (next == NULL || strlen(next) >= POCKET_CURSOR))
        err = err_set(&pocket->cli->detail, DW_E_UNREACHED, "the bundle is not whole");
    snprintf(path, sizeof path, "%s/known.ndjson", pocket->dir);
    if (err == DW_OK) err = beside_put(path, answer.data, answer.len, &pocket->cli->detail);
    if (err == DW_OK) snprintf(pocket->cursor, sizeof pocket->cursor, "%s", next);
    json_free(&json);
    arena_free(&arena);
    arena_buf_free(&answer);
    return err == DW_OK ? pocket_save(pocket) : err;
}

/* Records that are said again do no harm, so the file is written first and the cursor moves after it. */
static dw_err pocket_records(struct pocket *pocket, const struct json *json)
{
    char path[4096];
    uint32_t records = json_member(json, 0, "records");
    snprintf(path, sizeof path, "%s/known.ndjson", pocket->dir);
    FILE *file = records == 0 || json->tokens[records].type != JSON_ARRAY ? NULL : fopen(path, "ab");
    bool good = file != NULL;
    for (uint32_t at = json_first(records); good && at < json_end(json, records); at = json->tokens[at].next) {
        size_t len = json->tokens[at].type == JSON_OBJECT ? json->tokens[at].len : 0;
        good = len > 0 && fwrite(json->text + json->tokens[at].at, 1, len, file) == len && fputc('\n', file) != EOF;
    }
    good = good && fflush(file) == 0 && fsync(fileno(file)) == 0;
    int why = errno;
    if (file != NULL) fclose(file);
    return good ? DW_OK
                : err_at(&pocket->cli->detail, why == ENOSPC ? DW_E_FULL : DW_E_IO, path, NULL, 0, NULL, "%s", strerror(why));
}

static dw_err pocket_page(struct pocket *pocket, bool *more, bool *reload)
{
    struct arena_buf answer = {0};
    struct json json = {0};
    struct arena arena = {0};
    char path[256];
    snprintf(path, sizeof path, "/entries?cursor=%s&have=%zu", pocket->cursor, pocket->book.count);
    dw_err err = pocket_call(&answer, pocket, (struct client_call){.method = "GET", .path = path});
    if (err == DW_OK) err = json_read(&json, answer.data, answer.len, &pocket->cli->detail);
    if (err == DW_OK) {
        uint32_t again = json_member(&json, 0, "reload"), on = json_member(&json, 0, "more"), at = json_member(&json, 0, "next");
        *reload = again != 0 && json.tokens[again].type == JSON_TRUE;
        *more = on != 0 && json.tokens[on].type == JSON_TRUE;
        const char *next = at == 0 ? NULL : json_text(&json, at, &arena);
        if (!*reload && (next == NULL || strlen(next) >= POCKET_CURSOR))
            err = err_set(&pocket->cli->detail, DW_E_UNREACHED, "a page without an end");
        if (err == DW_OK && !*reload) err = pocket_records(pocket, &json);
        if (err == DW_OK && !*reload) snprintf(pocket->cursor, sizeof pocket->cursor, "%s", next);
    }
    json_free(&json);
    arena_free(&arena);
    arena_buf_free(&answer);
    return err == DW_OK && !*reload ? pocket_save(pocket) : err;
}

dw_err pocket_pull(struct pocket *pocket, bool *loaded)
{
    bool more = true, reload = *pocket->cursor == 0;
    *loaded = false;
    while (more || reload) {
        if (reload) {
            ERR_TRY(pocket_bundle(pocket));
            *loaded = true;
        }
        ERR_TRY(pocket_page(pocket, &more, &reload));
    }
    return DW_OK;
}
