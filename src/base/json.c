#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct json_parse {
    struct json *json;
    const unsigned char *text;
    size_t len, at;
    struct err_detail *detail;
};

static dw_err json_bad(struct json_parse *p, const char *what)
{
    return err_set(p->detail, DW_E_JSON, "%s, byte %zu", what, p->at + 1);
}

static void json_space(struct json_parse *p)
{
    while (p->at < p->len &&
           (p->text[p->at] == ' ' || p->text[p->at] == '\n' || p->text[p->at] == '\r' || p->text[p->at] == '\t'))
        p->at++;
}

static dw_err json_token_add(struct json_parse *p, enum json_type type, size_t at, size_t len, uint32_t *out)
{
    struct json *json = p->json;
    if (!arena_grow((void **)&json->tokens, &json->cap, json->len + 1, sizeof *json->tokens)) return DW_E_MEMORY;
    *out = (uint32_t)json->len;
    json->tokens[json->len] =
        (struct json_token){.type = (uint8_t)type, .at = (uint32_t)at, .len = (uint32_t)len, .next = (uint32_t)json->len + 1};
    json->len++;
    return DW_OK;
}

static int json_hex4(const unsigned char *at)
{
    int n = 0;
    for (int i = 0; i < 4; i++) {
        int c = at[i], digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) return -1;
        n = n * 16 + digit;
    }
    return n;
}

static dw_err json_escape(struct json_parse *p)
{
    if (p->at + 1 >= p->len) return json_bad(p, "unfinished string");
    unsigned char c = p->text[p->at + 1];
    if (c != 'u') {
        if (strchr("\"\\/bfnrt", c) == NULL || c == 0) return json_bad(p, "unknown escape");
        p->at += 2;
        return DW_OK;
    }
    int unit = p->at + 6 <= p->len ? json_hex4(p->text + p->at + 2) : -1;
    if (unit < 0 || (unit >= 0xDC00 && unit < 0xE000)) return json_bad(p, "bad \\u escape");
    p->at += 6;
    if (unit < 0xD800 || unit >= 0xDC00) return DW_OK;
    int low = p->at + 6 <= p->len && p->text[p->at] == '\\' && p->text[p->at + 1] == 'u' ? json_hex4(p->text + p->at + 2) : -1;
    if (low < 0xDC00 || low >= 0xE000) return json_bad(p, "lone surrogate");
    p->at += 6;
    return DW_OK;
}

/* One UTF-8 character of two bytes or more, as RFC 3629 allows it. */
static dw_err json_utf8(struct json_parse *p)
{
    const unsigned char *s = p->text + p->at;
    size_t left = p->len - p->at;
    size_t need = s[0] >= 0xC2 && s[0] < 0xE0 ? 2 : s[0] >= 0xE0 && s[0] < 0xF0 ? 3 : s[0] >= 0xF0 && s[0] < 0xF5 ? 4 : 0;
    bool ok = need > 0 && need <= left;
    for (size_t i = 1; ok && i < need; i++) ok = (s[i] & 0xC0) == 0x80;
    if (ok && need == 3) ok = !(s[0] == 0xE0 && s[1] < 0xA0) && !(s[0] == 0xED && s[1] >= 0xA0);
    if (ok && need == 4) ok = !(s[0] == 0xF0 && s[1] < 0x90) && !(s[0] == 0xF4 && s[1] >= 0x90);
    if (!ok) return err_set(p->detail, DW_E_UTF8, "byte %zu", p->at + 1);
    p->at += need;
    return DW_OK;
}

/* How many bytes at the beginning of text are ASCII that stands for itself: eight at a time, for ids and hashes are most of an
 * entry. */
static size_t json_plain(const unsigned char *text, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    size_t at = 0;
    for (uint64_t w; at + sizeof w <= len; at += sizeof w) {
        memcpy(&w, text + at, sizeof w);
        uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
        if (((w - ones * 0x20) | (quote - ones) | (slash - ones) | w) & tops) break; /* may be; the loop below knows */
    }
    while (at < len && text[at] >= 0x20 && text[at] < 0x80 && text[at] != '"' && text[at] != '\\') at++;
    return at;
}

static dw_err json_string(struct json_parse *p, uint32_t *token)
{
    size_t start = ++p->at;
    bool escaped = false;
    for (;;) {
        p->at += json_plain(p->text + p->at, p->len - p->at);
        if (p->at >= p->len) return json_bad(p, "unfinished string");
        unsigned char c = p->text[p->at];
        if (c == '"') break;
        if (c < 0x20) return json_bad(p, "control character in a string");
        escaped |= c == '\\';
        ERR_TRY(c == '\\' ? json_escape(p) : json_utf8(p));
    }
    ERR_TRY(json_token_add(p, JSON_STRING, start, p->at - start, token));
    p->json->tokens[*token].escaped = escaped;
    p->at++;
    return DW_OK;
}

static bool json_digits(struct json_parse *p)
{
    size_t start = p->at;
    while (p->at < p->len && p->text[p->at] >= '0' && p->text[p->at] <= '9') p->at++;
    return p->at > start;
}

static dw_err json_number(struct json_parse *p, uint32_t *token)
{
    size_t start = p->at;
    if (p->text[p->at] == '-') p->at++;
    size_t digits = p->at;
    if (!json_digits(p)) return json_bad(p, "bad number");
    if (p->text[digits] == '0' && p->at - digits > 1) return json_bad(p, "number with a leading zero");
    if (p->at < p->len && p->text[p->at] == '.') {
        p->at++;
        if (!json_digits(p)) return json_bad(p, "bad number");
    }
    if (p->at < p->len && (p->text[p->at] | 32) == 'e') {
        p->at++;
        if (p->at < p->len && (p->text[p->at] == '+' || p->text[p->at] == '-')) p->at++;
        if (!json_digits(p)) return json_bad(p, "bad number");
    }
    return json_token_add(p, JSON_NUMBER, start, p->at - start, token);
}

static dw_err json_word(struct json_parse *p, const char *word, enum json_type type, uint32_t *token)
{
    size_t len = strlen(word);
    if (p->len - p->at < len || memcmp(p->text + p->at, word, len) != 0) return json_bad(p, "unexpected character");
    ERR_TRY(json_token_add(p, type, p->at, len, token));
    p->at += len;
    return DW_OK;
}

static bool json_same_key(const struct json *json, const struct json_token *a, const struct json_token *b)
{
    return a->len == b->len && memcmp(json->text + a->at, json->text + b->at, a->len) == 0;
}

/* Keys are compared as written: two spellings of one key differ only in needless escapes, which entries never hold. */
static dw_err json_one_key(struct json_parse *p, uint32_t object, uint32_t key)
{
    const struct json_token *tokens = p->json->tokens;
    if (tokens[key].escaped) return json_bad(p, "escape in a key");
    if (tokens[object].count > 256) return json_bad(p, "more than 256 members");
    for (uint32_t other = object + 1; other < key; other = tokens[other + 1].next)
        if (json_same_key(p->json, &tokens[other], &tokens[key])) return json_bad(p, "the same key twice");
    return DW_OK;
}

static dw_err json_value(struct json_parse *p, int depth, uint32_t *token);

static dw_err json_container(struct json_parse *p, int depth, uint32_t *token)
{
    bool object = p->text[p->at] == '{';
    char end = object ? '}' : ']';
    if (depth >= JSON_DEPTH) return json_bad(p, "nested too deeply");
    ERR_TRY(json_token_add(p, object ? JSON_OBJECT : JSON_ARRAY, p->at, 0, token));
    p->at++;
    json_space(p);
    bool first = true;
    while (p->at >= p->len || p->text[p->at] != end) {
        if (p->at >= p->len) return json_bad(p, "unfinished object or array");
        if (!first) {
            if (p->text[p->at] != ',') return json_bad(p, "expected a comma");
            p->at++;
            json_space(p);
        }
        first = false;
        uint32_t child;
        if (object) {
            if (p->at >= p->len || p->text[p->at] != '"') return json_bad(p, "expected a key");
            ERR_TRY(json_string(p, &child));
            ERR_TRY(json_one_key(p, *token, child));
            json_space(p);
            if (p->at >= p->len || p->text[p->at] != ':') return json_bad(p, "expected a colon");
            p->at++;
        }
        ERR_TRY(json_value(p, depth + 1, &child));
        p->json->tokens[*token].count++;
        json_space(p);
    }
    struct json_token *self = &p->json->tokens[*token];
    p->at++;
    self->len = (uint32_t)(p->at - self->at);
    self->next = (uint32_t)p->json->len;
    return DW_OK;
}

static dw_err json_value(struct json_parse *p, int depth, uint32_t *token)
{
    json_space(p);
    if (p->at >= p->len) return json_bad(p, "a value is missing");
    unsigned char c = p->text[p->at];
    if (c == '{' || c == '[') return json_container(p, depth, token);
    if (c == '"') return json_string(p, token);
    if (c == '-' || (c >= '0' && c <= '9')) return json_number(p, token);
    if (c == 't') return json_word(p, "true", JSON_TRUE, token);
    if (c == 'f') return json_word(p, "false", JSON_FALSE, token);
    return json_word(p, "null", JSON_NULL, token);
}

dw_err json_read(struct json *json, const char *text, size_t len, struct err_detail *detail)
{
    json->text = text;
    json->len = 0;
    if (len > INT32_MAX) return err_set(detail, DW_E_TOO_LARGE, "%zu bytes of JSON", len);
    struct json_parse p = {json, (const unsigned char *)text, len, 0, detail};
    uint32_t root;
    ERR_TRY(json_value(&p, 0, &root));
    json_space(&p);
    return p.at == len ? DW_OK : json_bad(&p, "text after the value");
}

void json_free(struct json *json)
{
    free(json->tokens);
    memset(json, 0, sizeof *json);
}

uint32_t json_first(uint32_t container)
{
    return container + 1;
}

uint32_t json_end(const struct json *json, uint32_t container)
{
    return json->tokens[container].next;
}

uint32_t json_member(const struct json *json, uint32_t object, const char *key)
{
    if (object >= json->len || json->tokens[object].type != JSON_OBJECT) return 0;
    for (uint32_t at = object + 1, end = json->tokens[object].next; at < end; at = json->tokens[at + 1].next)
        if (json_equals(json, at, key)) return at + 1;
    return 0;
}

bool json_equals(const struct json *json, uint32_t token, const char *text)
{
    const struct json_token *t = &json->tokens[token];
    return t->type == JSON_STRING && t->len == strlen(text) && memcmp(json->text + t->at, text, t->len) == 0;
}

static size_t json_put_utf8(char *out, unsigned c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    out[0] = (char)(((0xFF00u >> (more + 1)) & 0xFF) | (c >> (6 * more)));
    for (size_t i = 1; i <= more; i++) out[i] = (char)(0x80 | ((c >> (6 * (more - i))) & 0x3F));
    return more + 1;
}

static size_t json_unescape(char *out, const unsigned char **at)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    unsigned char c = (*at)[1];
    if (c != 'u') {
        const char *found = strchr(from, c);
        *out = found != NULL ? to[found - from] : (char)c;
        *at += 2;
        return 1;
    }
    unsigned unit = (unsigned)json_hex4(*at + 2);
    *at += 6;
    if (unit >= 0xD800 && unit < 0xDC00) {
        unsigned low = (unsigned)json_hex4(*at + 2);
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        *at += 6;
    }
    return json_put_utf8(out, unit);
}

const char *json_text(const struct json *json, uint32_t token, struct arena *arena)
{
    const struct json_token *t = &json->tokens[token];
    if (t->type != JSON_STRING) return NULL;
    if (!t->escaped) return arena_text(arena, json->text + t->at, t->len);
    char *out = arena_alloc(arena, t->len + 1);
    if (out == NULL) return NULL;
    const unsigned char *at = (const unsigned char *)json->text + t->at, *end = at + t->len;
    size_t len = 0;
    while (at < end) {
        if (*at != '\\') {
            out[len++] = (char)*at++;
            continue;
        }
        len += json_unescape(out + len, &at);
        if (out[len - 1] == 0) return NULL;
    }
    out[len] = 0;
    return out;
}

bool json_int(const struct json *json, uint32_t token, int64_t *out)
{
    const struct json_token *t = &json->tokens[token];
    if (t->type != JSON_NUMBER || t->len > 20) return false;
    const char *at = json->text + t->at, *end = at + t->len;
    bool negative = *at == '-';
    int64_t n = 0;
    for (at += negative; at < end; at++) {
        if (*at < '0' || *at > '9') return false;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, *at - '0', &n)) return false;
    }
    if (!negative && n == INT64_MIN) return false;
    *out = negative ? n : -n;
    return true;
}

bool json_double(const struct json *json, uint32_t token, double *out)
{
    const struct json_token *t = &json->tokens[token];
    char digits[64];
    if (t->type != JSON_NUMBER || t->len >= sizeof digits) return false;
    memcpy(digits, json->text + t->at, t->len);
    digits[t->len] = 0;
    *out = strtod(digits, NULL);
    return isfinite(*out);
}

const char *json_member_text(const struct json *json, uint32_t object, const char *key, struct arena *arena)
{
    uint32_t at = json_member(json, object, key);
    return at == 0 ? NULL : json_text(json, at, arena);
}
