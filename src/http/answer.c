#include "http/answer.h"

#include "base/pack_once.h"
#include "base/text.h"
#include <string.h>

enum { ANSWER_PACK = 1024 /* shorter answers are not packed */ };

void answer_begin(struct request *r)
{
    arena_buf_clear(&r->out);
    r->answer = (struct json_out){.buf = &r->out};
    r->status = r->match.route == NULL ? MHD_HTTP_OK : r->match.route->status;
    r->type = "application/json";
}

void answer_open(struct request *r, const char *key, char bracket)
{
    if (key != NULL) json_key(&r->answer, key);
    json_open(&r->answer, bracket);
}

void answer_close(struct request *r, char bracket)
{
    json_close(&r->answer, bracket);
}

bool answer_wants(const struct request *r, const char *key)
{
    size_t len = strlen(key);
    if (r->fields == NULL) return true;
    for (const char *at = r->fields; *at != 0;) {
        size_t run = strcspn(at, ",");
        if (run == len && memcmp(at, key, len) == 0) return true;
        at += run + (at[run] == ',');
    }
    return false;
}

/* Depth 3 is inside an item: page, items, item. */
static bool answer_key(struct request *r, const char *key)
{
    if (r->answer.depth == 3 && !answer_wants(r, key)) return false;
    json_key(&r->answer, key);
    return true;
}

void answer_text(struct request *r, const char *key, const char *value)
{
    if (answer_key(r, key)) json_put(&r->answer, value);
}

void answer_int(struct request *r, const char *key, int64_t value)
{
    if (answer_key(r, key)) json_put_int(&r->answer, value);
}

void answer_bool(struct request *r, const char *key, bool value)
{
    if (answer_key(r, key)) json_put_bool(&r->answer, value);
}

void answer_id(struct request *r, const char *key, struct id id)
{
    char text[ID_TEXT];
    id_text(text, id);
    answer_text(r, key, id_null(id) ? NULL : text);
}

void answer_time(struct request *r, const char *key, int64_t ms)
{
    char text[WHEN_TEXT];
    if (ms != SITE_NEVER) when_text(text, (struct when){ms, r->now.offset});
    answer_text(r, key, ms == SITE_NEVER ? NULL : text);
}

/* What a page is asked of, as six characters of its cursor: with another list's, or another filter's, people would be passed over
 * untold. */
static void answer_question(char out[HASH_TEXT], const struct request *r)
{
    static const char *const own[] = {"cursor", "limit", "fields"};
    struct hash_stream stream;
    uint8_t hash[HASH_SIZE];
    hash_start(&stream);
    hash_add(&stream, r->match.route->name, strlen(r->match.route->name) + 1);
    for (int i = 0; i < ROUTER_PARAMS; i++) hash_add(&stream, r->match.params[i], strlen(r->match.params[i]) + 1);
    for (const struct routes_query *q = r->match.route->queries; q->name != NULL; q++) {
        const char *value = request_text(r, q->name);
        bool asks = value != NULL;
        for (size_t i = 0; i < sizeof own / sizeof *own; i++) asks = asks && strcmp(own[i], q->name) != 0;
        if (!asks) continue;
        hash_add(&stream, q->name, strlen(q->name) + 1);
        hash_add(&stream, value, strlen(value) + 1);
    }
    hash_end(&stream, hash);
    hash_b64(out, hash, 4);
}

/* "NUMBER.QUESTION". */
static bool answer_cursor(int64_t *from, const struct request *r, const char *cursor)
{
    char question[HASH_TEXT];
    size_t digits = strcspn(cursor, ".");
    answer_question(question, r);
    return cursor[digits] == '.' && strcmp(cursor + digits + 1, question) == 0 && text_int(from, cursor, digits) && *from >= 0;
}

dw_err answer_page_begin(struct request *r, int64_t *from)
{
    const char *cursor = request_text(r, "cursor");
    *from = 0;
    if (cursor != NULL && !answer_cursor(from, r, cursor))
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "cursor", "%s",
                      request_say(r, "不是这份清单上一页给出的 next", "not what the page before of this list gave as next"));
    answer_begin(r);
    answer_open(r, NULL, '{');
    answer_open(r, "items", '[');
    return DW_OK;
}

bool answer_page_room(const struct request *r, int64_t items)
{
    return items < request_int(r, "limit");
}

void answer_item(struct request *r, char bracket)
{
    if (bracket == '{')
        json_open(&r->answer, bracket);
    else
        json_close(&r->answer, bracket);
}

void answer_page_end(struct request *r, int64_t next)
{
    char text[24 + HASH_TEXT], question[HASH_TEXT];
    answer_question(question, r);
    snprintf(text, sizeof text, "%lld.%s", (long long)next, question);
    answer_close(r, ']');
    json_key(&r->answer, "next");
    json_put(&r->answer, next < 0 ? NULL : text);
    answer_close(r, '}');
}

void answer_raw(struct request *r, const char *type, const void *data, size_t len)
{
    arena_buf_clear(&r->out);
    arena_buf_put(&r->out, data, len);
    r->status = r->match.route == NULL ? MHD_HTTP_OK : r->match.route->status;
    r->type = type;
}

void answer_header(struct request *r, const char *name, const char *value)
{
    if (value != NULL && r->header_count < REQUEST_HEADERS) r->headers[r->header_count++] = (struct request_pair){name, value};
}

/* Which methods the path takes. */
static void answer_allow(struct request *r)
{
    struct arena_buf text = {0};
    for (int i = 0; i < ROUTES_METHODS; i++)
        if ((r->match.methods & 1u << i) != 0)
            arena_buf_format(&text, "%s%s%s", text.len == 0 ? "" : ", ", router_method((enum routes_method)i),
                             i == ROUTES_GET ? ", HEAD" : "");
    if (!text.failed && text.len > 0) answer_header(r, "Allow", arena_text(&r->arena, text.data, text.len));
    arena_buf_free(&text);
}

void answer_problem(struct request *r, dw_err err)
{
    struct json_out *out = &r->answer;
    char type[64];
    const struct err_detail *d = &r->detail;
    arena_buf_clear(&r->out);
    *out = (struct json_out){.buf = &r->out};
    r->fields = NULL;
    r->header_count = 0;
    r->status = (unsigned)err_http(err);
    r->error = err;
    r->type = "application/problem+json";
    snprintf(type, sizeof type, "urn:doorward:error:%s", err_name(err));
    json_open(out, '{');
    answer_text(r, "type", type);
    answer_text(r, "title", err_title(err, r->lang));
    answer_int(r, "status", r->status);
    answer_text(r, "code", err_name(err));
    if (*d->text != 0) answer_text(r, "detail", d->text);
    if (*d->column != 0) answer_text(r, "field", d->column);
    if (*d->file != 0) answer_text(r, "file", d->file);
    if (d->row > 0) answer_int(r, "row", d->row);
    answer_text(r, "fix", err_fix(err, r->lang));
    answer_text(r, "instance", r->id);
    json_close(out, '}');
    if (err == DW_E_METHOD) answer_allow(r);
    if (err == DW_E_UNKNOWN_CALLER) answer_header(r, "WWW-Authenticate", "Bearer realm=\"doorward\"");
    if (err != DW_E_TOO_MANY && err != DW_E_BUSY && err != DW_E_LOCKED) return;
    snprintf(type, sizeof type, "%u", r->wait == 0 ? 1 : r->wait);
    answer_header(r, "Retry-After", arena_text(&r->arena, type, strlen(type)));
}

bool answer_takes(const struct request *r, const char *coding)
{
    const char *at = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Accept-Encoding");
    size_t len = strlen(coding);
    while (at != NULL && *at != 0) {
        at += strspn(at, " ,");
        size_t run = strcspn(at, ",;");
        if (run == len && strncmp(at, coding, len) == 0)
            return strncmp(at + run, ";q=0", 4) != 0 ||
                   (at[run + 4] == '.' && strspn(at + run + 5, "0") != strcspn(at + run + 5, ","));
        at += strcspn(at, ",");
    }
    return false;
}

void answer_pack(struct request *r)
{
    struct arena_buf packed = {0};
    bool zstd = answer_takes(r, "zstd"), gzip = !zstd && answer_takes(r, "gzip");
    answer_header(r, "Vary", "Accept-Encoding, Accept-Language");
    if (r->response != NULL || r->out.len < ANSWER_PACK || (!zstd && !gzip)) return;
    bool good = zstd ? pack_once_zstd(&packed, r->out.data, r->out.len) : pack_once_gzip(&packed, r->out.data, r->out.len);
    if (!good) {
        arena_buf_free(&packed);
        return;
    }
    keys_wipe(r->out.data, r->out.cap);
    arena_buf_free(&r->out);
    r->out = packed;
    answer_header(r, "Content-Encoding", zstd ? "zstd" : "gzip");
}
