#include "ledger/upload.h"

#include <string.h>

enum { UPLOAD_MESSAGE = 256 };

struct upload_message {
    uint8_t bytes[UPLOAD_MESSAGE];
    size_t len;
};

static void upload_put(struct upload_message *message, const void *data, size_t len)
{
    memcpy(message->bytes + message->len, data, len);
    message->len += len;
}

static void upload_put_int(struct upload_message *message, int64_t n)
{
    uint8_t big[8];
    for (int i = 0; i < 8; i++) big[i] = (uint8_t)((uint64_t)n >> (56 - 8 * i));
    upload_put(message, big, sizeof big);
}

/* What the device signs: label, site, device, last number, head, time of sending. */
static struct upload_message upload_device_message(struct id site, struct id device, int64_t last, const uint8_t *head,
                                                   int64_t sent_ms)
{
    static const char label[] = "doorward-upload-1";
    struct upload_message message = {.len = 0};
    upload_put(&message, label, sizeof label);
    upload_put(&message, site.b, sizeof site.b);
    upload_put(&message, device.b, sizeof device.b);
    upload_put_int(&message, last);
    upload_put(&message, head, HASH_SIZE);
    upload_put_int(&message, sent_ms);
    return message;
}

static struct upload_message upload_site_message(const struct upload_receipt *r)
{
    static const char label[] = "doorward-receipt-1";
    struct upload_message message = {.len = 0};
    upload_put(&message, label, sizeof label);
    upload_put(&message, r->site.b, sizeof r->site.b);
    upload_put(&message, r->device.b, sizeof r->device.b);
    upload_put_int(&message, r->first);
    upload_put_int(&message, r->last);
    upload_put_int(&message, r->first_seq);
    upload_put_int(&message, r->received_ms);
    upload_put(&message, r->head, HASH_SIZE);
    upload_put(&message, r->verdicts, HASH_SIZE);
    return message;
}

void upload_sign(struct upload *upload, const struct keys_signer *device)
{
    struct upload_message m = upload_device_message(upload->site, upload->device, upload->last, upload->head, upload->sent.ms);
    keys_sign(upload->sign, device, m.bytes, m.len);
}

bool upload_signed(const struct upload *upload, const struct keys_public *device)
{
    struct upload_message m = upload_device_message(upload->site, upload->device, upload->last, upload->head, upload->sent.ms);
    return keys_public_signed(upload->sign, device, m.bytes, m.len);
}

bool upload_receipt_device(const struct upload_receipt *r, const struct keys_public *device)
{
    struct upload_message m = upload_device_message(r->site, r->device, r->last, r->head, r->sent_ms);
    return keys_public_signed(r->device_sign, device, m.bytes, m.len);
}

void upload_receipt_sign(struct upload_receipt *receipt, const struct keys_signer *site)
{
    struct upload_message m = upload_site_message(receipt);
    keys_sign(receipt->sign, site, m.bytes, m.len);
}

bool upload_receipt_signed(const struct upload_receipt *receipt, const uint8_t site_key[KEYS_PUBLIC])
{
    struct upload_message m = upload_site_message(receipt);
    return keys_signed(receipt->sign, site_key, m.bytes, m.len);
}

void upload_verdict(struct hash_stream *stream, int64_t seq, int reason, int64_t at_ms)
{
    struct upload_message message = {.len = 0};
    upload_put_int(&message, seq);
    upload_put_int(&message, reason);
    upload_put_int(&message, at_ms);
    hash_add(stream, message.bytes, message.len);
}

/* Every writer of ours puts prev near the beginning: found there, the hash alone is compared and nothing parsed. Whoever feeds
 * the entry reads all of it. */
static bool upload_follows(const struct upload_entry *e, const uint8_t prev[HASH_SIZE])
{
    static const char key[] = "\"prev\":\"";
    enum { WINDOW = 256, KEY = sizeof key - 1 };
    char text[HASH_TEXT];
    const char *at = memmem(e->text, e->len < WINDOW ? e->len : WINDOW, key, KEY);
    hash_b64(text, prev, HASH_SIZE);
    return at != NULL && e->len - (size_t)(at - e->text) > KEY + HASH_TEXT && memcmp(at + KEY, text, HASH_TEXT - 1) == 0;
}

static dw_err upload_check_entry(const struct upload *upload, const struct upload_entry *e, int64_t n,
                                 const uint8_t prev[HASH_SIZE], struct entry_reader *reader, struct err_detail *detail)
{
    struct entry entry;
    ERR_TRY(entry_open(&entry, reader, e->text, e->len, e->hash, detail));
    if (!id_equal(entry.site, upload->site) || !id_equal(entry.device, upload->device))
        return err_set(detail, DW_E_CHAIN, "entry %lld is of another site or device", (long long)n);
    if (entry.n != n)
        return err_set(detail, DW_E_CHAIN, "entry %lld stands where %lld belongs", (long long)entry.n, (long long)n);
    if (memcmp(entry.prev, prev, HASH_SIZE) != 0)
        return err_set(detail, DW_E_CHAIN, "entry %lld does not follow the one before it", (long long)n);
    return DW_OK;
}

dw_err upload_check(struct upload *upload, const uint8_t after[HASH_SIZE], struct entry_reader *reader, struct err_detail *detail)
{
    const uint8_t *prev = after;
    if (upload->first < 1 || upload->count < 1 || upload->count > UPLOAD_ENTRIES_MAX ||
        upload->last - upload->first + 1 != (int64_t)upload->count)
        return err_set(detail, DW_E_CHAIN, "%lld to %lld with %zu entries", (long long)upload->first, (long long)upload->last,
                       upload->count);
    for (size_t i = 0; i < upload->count; i++) {
        struct upload_entry *e = &upload->entries[i];
        int64_t n = upload->first + (int64_t)i;
        if (e->len > ENTRY_TEXT_MAX) return err_set(detail, DW_E_TOO_LARGE, "an entry of %zu bytes", e->len);
        hash_one(e->hash, e->text, e->len);
        if (!upload_follows(e, prev)) {
            ERR_TRY(upload_check_entry(upload, e, n, prev, reader, detail));
        }
        prev = e->hash;
    }
    if (memcmp(prev, upload->head, HASH_SIZE) != 0) return err_set(detail, DW_E_CHAIN, "the signed head is another");
    return DW_OK;
}

void upload_named(uint8_t prev[HASH_SIZE], const struct upload *upload, struct entry_reader *reader)
{
    struct entry entry;
    struct err_detail ignored;
    memset(prev, 0, HASH_SIZE);
    arena_reset(&reader->arena);
    if (upload->count > 0 && entry_open(&entry, reader, upload->entries[0].text, upload->entries[0].len, NULL, &ignored) == DW_OK)
        memcpy(prev, entry.prev, HASH_SIZE);
}

void upload_print(struct arena_buf *out, const struct upload *upload)
{
    char id[ID_TEXT], head[HASH_TEXT], sign[88], sent[WHEN_TEXT];
    struct json_out json = {.buf = out};
    json_open(&json, '{');
    json_key(&json, "upload");
    json_put_int(&json, 1);
    json_key(&json, "site");
    id_text(id, upload->site);
    json_put(&json, id);
    json_key(&json, "device");
    id_text(id, upload->device);
    json_put(&json, id);
    json_key(&json, "first");
    json_put_int(&json, upload->first);
    json_key(&json, "last");
    json_put_int(&json, upload->last);
    json_key(&json, "sent");
    when_text(sent, upload->sent);
    json_put(&json, sent);
    json_key(&json, "head");
    hash_b64(head, upload->head, HASH_SIZE);
    json_put(&json, head);
    json_key(&json, "sign");
    hash_b64(sign, upload->sign, KEYS_SIGN);
    json_put(&json, sign);
    json_close(&json, '}');
    arena_buf_text(out, "\n");
    for (size_t i = 0; i < upload->count; i++) {
        arena_buf_put(out, upload->entries[i].text, upload->entries[i].len);
        arena_buf_text(out, "\n");
        arena_buf_put(out, upload->entries[i].part, upload->entries[i].part_len);
        arena_buf_text(out, "\n");
    }
}

/* A line without its end; false when the text is over. */
static bool upload_line(const char **line, size_t *line_len, const char *text, size_t len, size_t *at, int64_t *number)
{
    if (*at >= len) return false;
    const char *end = memchr(text + *at, '\n', len - *at);
    *line = text + *at;
    *line_len = end == NULL ? len - *at : (size_t)(end - *line);
    *at += *line_len + (end != NULL);
    (*number)++;
    while (*line_len > 0 && (*line)[*line_len - 1] == '\r') (*line_len)--; /* what mail and editors add */
    return true;
}

static bool upload_head(struct upload *out, const struct json *json)
{
    int64_t version;
    const struct json_token *t = json->tokens;
    uint32_t site = json_member(json, 0, "site"), device = json_member(json, 0, "device"), sent = json_member(json, 0, "sent"),
             head = json_member(json, 0, "head"), sign = json_member(json, 0, "sign");
    return json_int(json, json_member(json, 0, "upload"), &version) && version == 1 &&
           json_int(json, json_member(json, 0, "first"), &out->first) &&
           json_int(json, json_member(json, 0, "last"), &out->last) &&
           id_parse(&out->site, json->text + t[site].at, t[site].len) &&
           id_parse(&out->device, json->text + t[device].at, t[device].len) &&
           when_parse(&out->sent, json->text + t[sent].at, t[sent].len) &&
           hash_unb64(out->head, HASH_SIZE, json->text + t[head].at, t[head].len) &&
           hash_unb64(out->sign, KEYS_SIGN, json->text + t[sign].at, t[sign].len);
}

dw_err upload_parse(struct upload *out, bool *more, const char *text, size_t len, size_t *at, int64_t *line, struct arena *arena,
                    struct err_detail *detail)
{
    const char *start = NULL;
    size_t start_len = 0;
    struct json json = {0};
    *more = out->proved = false;
    while (start_len == 0)
        if (!upload_line(&start, &start_len, text, len, at, line)) return DW_OK;
    if (detail != NULL) detail->row = *line;
    dw_err err = json_read(&json, start, start_len, detail);
    if (err == DW_OK && (json.tokens[0].type != JSON_OBJECT || !upload_head(out, &json)))
        err = err_set(detail, DW_E_FORMAT, "not the head of an upload");
    json_free(&json);
    if (err != DW_OK) return err;
    if (out->first < 1 || out->last < out->first || out->last - out->first >= UPLOAD_ENTRIES_MAX)
        return err_set(detail, DW_E_FORMAT, "entries %lld to %lld", (long long)out->first, (long long)out->last);
    out->count = (size_t)(out->last - out->first + 1);
    if (out->count > (len - *at) / 2 + 1) return err_set(detail, DW_E_FORMAT, "the file ends before the upload does");
    out->entries = arena_array(arena, out->count, sizeof *out->entries);
    if (out->entries == NULL) return DW_E_MEMORY;
    for (size_t i = 0; i < out->count; i++) {
        struct upload_entry *e = &out->entries[i];
        if (!upload_line(&e->text, &e->len, text, len, at, line) || !upload_line(&e->part, &e->part_len, text, len, at, line)) {
            if (detail != NULL) detail->row = *line;
            return err_set(detail, DW_E_FORMAT, "the file ends before the upload does");
        }
        if (e->part_len == 0) e->part = NULL;
    }
    if (detail != NULL) detail->row = 0;
    *more = true;
    return DW_OK;
}
