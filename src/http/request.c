#include "http/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/server.h"

struct desk *request_desk(const struct request *r)
{
    return server_desk(r->server);
}

static const struct routes_query *request_query(const struct request *r, const char *name)
{
    const struct routes_query *q = r->match.route->queries;
    while (q->name != NULL && strcmp(q->name, name) != 0) q++;
    return q->name == NULL ? NULL : q;
}

const char *request_text(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->query_count; i++)
        if (strcmp(r->queries[i].name, name) == 0) return r->queries[i].value;
    return NULL;
}

int64_t request_int(const struct request *r, const char *name)
{
    const char *text = request_text(r, name);
    int64_t n = request_query(r, name)->standard;
    if (text != NULL) text_int(&n, text, strlen(text));
    return n;
}

bool request_bool(const struct request *r, const char *name)
{
    const char *text = request_text(r, name);
    return text != NULL && strcmp(text, "true") == 0;
}

static int request_value(const struct routes_query *query, const char *text)
{
    for (int i = 0; i < query->count; i++)
        if (strcmp(query->values[i], text) == 0) return i;
    return -1;
}

int request_enum(const struct request *r, const char *name)
{
    const char *text = request_text(r, name);
    return text == NULL ? -1 : request_value(request_query(r, name), text);
}

const char *request_param(const struct request *r, int index)
{
    return r->match.params[index];
}

const char *request_say(const struct request *r, const char *zh, const char *en)
{
    return r->lang == ERR_ZH ? zh : en;
}

static dw_err request_wrong(struct request *r, const char *field, const char *zh, const char *en)
{
    return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, field, "%s", r->lang == ERR_ZH ? zh : en);
}

static bool request_fits(const struct routes_query *query, const char *text)
{
    int64_t n;
    struct id id;
    struct when when;
    size_t len = strlen(text);
    switch (query->type) {
    case ROUTES_INT:
        return text_int(&n, text, len) && n >= query->min && n <= query->most;
    case ROUTES_BOOL:
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    case ROUTES_TIME:
        return when_parse(&when, text, len);
    case ROUTES_ENUM:
        return request_value(query, text) >= 0;
    case ROUTES_ID:
        return id_parse(&id, text, len);
    default:
        return len <= 1000 && text_valid(text, len, NULL);
    }
}

/* What may stand there, so that nobody need look it up. */
static dw_err request_choices(struct request *r, const char *field, const char *const *values, int count)
{
    struct arena_buf text = {0};
    for (int i = 0; i < count; i++) arena_buf_format(&text, "%s%s", i == 0 ? "" : ", ", values[i]);
    dw_err err = err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, field, request_say(r, "只能是：%s", "one of: %s"),
                        text.data == NULL ? "" : text.data);
    arena_buf_free(&text);
    return err;
}

static dw_err request_misfit(struct request *r, const struct routes_query *query)
{
    if (query->type == ROUTES_ENUM) return request_choices(r, query->name, query->values, query->count);
    if (query->type == ROUTES_INT)
        return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, query->name,
                      request_say(r, "应是 %lld 到 %lld 的整数", "a whole number from %lld to %lld is wanted"),
                      (long long)query->min, (long long)query->most);
    return request_wrong(r, query->name, "参数的值不能用", "a value that it does not take");
}

/* Whether every name in "id,code" is a field of the page's items. */
static dw_err request_fields(struct request *r)
{
    const char *items = r->match.route->items;
    for (const char *at = r->fields; at != NULL && *at != 0;) {
        size_t run = strcspn(at, ",");
        const char *item = items;
        while (*item != 0 && (strcspn(item, ",") != run || memcmp(item, at, run) != 0)) {
            item += strcspn(item, ",");
            item += *item == ',';
        }
        if (*item == 0)
            return err_at(&r->detail, DW_E_INVALID, NULL, NULL, 0, "fields",
                          request_say(r, "没有字段 %.*s，只有：%s", "there is no field %.*s; there are: %s"),
                          run > 40 ? 40 : (int)run, at, items);
        at += run + (at[run] == ',');
    }
    if (r->fields != NULL && *r->fields == 0) return request_wrong(r, "fields", "没有写字段", "it names none");
    return DW_OK;
}

struct request_reading {
    struct request *r;
    dw_err err;
};

static enum MHD_Result request_one(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct request_reading *reading = ctx;
    struct request *r = reading->r;
    (void)kind;
    const char *text = value == NULL ? "" : value;
    const struct routes_query *query = request_query(r, name);
    if (query == NULL && (r->match.route->flags & ROUTES_LOOSE) != 0) return MHD_YES;
    if (query == NULL)
        reading->err = request_wrong(r, name, "没有这个参数", "there is no such parameter");
    else if (r->query_count == REQUEST_QUERIES || request_text(r, name) != NULL)
        reading->err = request_wrong(r, name, "参数重复或太多", "given twice, or too many");
    else if (!request_fits(query, text))
        reading->err = request_misfit(r, query);
    if (reading->err != DW_OK) return MHD_NO;
    struct request_pair *pair = &r->queries[r->query_count++];
    pair->name = query->name;
    pair->value = arena_text(&r->arena, text, strlen(text));
    if (pair->value == NULL) reading->err = DW_E_MEMORY;
    return reading->err == DW_OK ? MHD_YES : MHD_NO;
}

dw_err request_queries(struct request *r)
{
    struct request_reading reading = {r, DW_OK};
    MHD_get_connection_values(r->connection, MHD_GET_ARGUMENT_KIND, request_one, &reading);
    ERR_TRY(reading.err);
    r->fields = r->match.route->items == NULL ? NULL : request_text(r, "fields");
    return request_fields(r);
}

dw_err request_json(struct request *r)
{
    ERR_TRY(json_read(&r->json, r->body.data == NULL ? "" : r->body.data, r->body.len, &r->detail));
    if (r->json.tokens[0].type != JSON_OBJECT) return request_wrong(r, "body", "应是 JSON 对象", "a JSON object is wanted");
    return DW_OK;
}

static uint32_t request_member(const struct request *r, const char *field)
{
    uint32_t at = json_member(&r->json, 0, field);
    return at != 0 && r->json.tokens[at].type == JSON_NULL ? 0 : at;
}

dw_err request_may(const char **out, struct request *r, const char *field, size_t max)
{
    uint32_t at = request_member(r, field);
    *out = NULL;
    if (at == 0) return DW_OK;
    if (r->json.tokens[at].type != JSON_STRING) return request_wrong(r, field, "应是文字", "a text is wanted");
    *out = json_text(&r->json, at, &r->arena);
    if (*out == NULL) return request_wrong(r, field, "不能用的字符", "characters that cannot be used");
    return strlen(*out) <= max ? DW_OK : request_wrong(r, field, "太长", "too long");
}

dw_err request_want(const char **out, struct request *r, const char *field, size_t max)
{
    ERR_TRY(request_may(out, r, field, max));
    size_t len = *out == NULL ? 0 : strlen(*out);
    if (len > 0) text_trim(*out, &len);
    return len > 0 ? DW_OK : request_wrong(r, field, "必须填写", "it must be given"); /* blanks are no reason, and no name */
}

dw_err request_may_int(int64_t *out, struct request *r, const char *field, int64_t min, int64_t most, int64_t standard)
{
    uint32_t at = request_member(r, field);
    *out = standard;
    if (at == 0) return DW_OK;
    if (!json_int(&r->json, at, out) || *out < min || *out > most)
        return request_wrong(r, field, "应是允许范围内的整数", "a whole number within its range is wanted");
    return DW_OK;
}

dw_err request_may_bool(bool *out, bool *given, struct request *r, const char *field)
{
    uint32_t at = request_member(r, field);
    int type = at == 0 ? JSON_NULL : r->json.tokens[at].type;
    *out = type == JSON_TRUE;
    if (given != NULL) *given = at != 0;
    return at == 0 || type == JSON_TRUE || type == JSON_FALSE
               ? DW_OK
               : request_wrong(r, field, "应是 true 或 false", "true or false is wanted");
}

dw_err request_may_time(struct when *out, bool *given, struct request *r, const char *field)
{
    const char *text;
    ERR_TRY(request_may(&text, r, field, 64));
    *given = text != NULL;
    return text == NULL || when_parse(out, text, strlen(text)) ? DW_OK
                                                               : request_wrong(r, field, "不是时间", "not a time (RFC 3339)");
}

dw_err request_may_id(struct id *out, bool *given, struct request *r, const char *field)
{
    const char *text;
    ERR_TRY(request_may(&text, r, field, 64));
    *given = text != NULL;
    return text == NULL || id_parse(out, text, strlen(text)) ? DW_OK : request_wrong(r, field, "不是编号", "not an id");
}

dw_err request_may_enum(int *out, struct request *r, const char *field, const char *const *values, int count, int standard)
{
    const char *text;
    ERR_TRY(request_may(&text, r, field, 64));
    *out = standard;
    if (text == NULL && standard >= 0) return DW_OK;
    for (int i = 0; text != NULL && i < count; i++)
        if (strcmp(values[i], text) == 0) {
            *out = i;
            return DW_OK;
        }
    return request_choices(r, field, values, count);
}

dw_err request_only(struct request *r, const char *const *fields)
{
    for (uint32_t key = json_first(0); key < json_end(&r->json, 0); key = r->json.tokens[key + 1].next) {
        const char *const *field = fields;
        while (*field != NULL && !json_equals(&r->json, key, *field)) field++;
        if (*field != NULL) continue;
        const char *name = json_text(&r->json, key, &r->arena);
        return request_wrong(r, name == NULL ? "body" : name, "没有这个字段", "there is no such field");
    }
    return DW_OK;
}

void request_free(struct request *r)
{
    if (r == NULL) return;
    if (r->body.data != NULL) keys_wipe(r->body.data, r->body.cap); /* passwords, names */
    if (r->out.data != NULL) keys_wipe(r->out.data, r->out.cap);
    arena_buf_free(&r->body);
    arena_buf_free(&r->out);
    json_free(&r->json);
    arena_free(&r->arena);
    free(r);
}
