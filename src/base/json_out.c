/* The writer of base/json.h. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/json.h"

static void json_sep(struct json_out *out)
{
    if (out->after_key) {
        out->after_key = false;
        return;
    }
    uint64_t bit = UINT64_C(1) << out->depth;
    if (out->comma & bit) arena_buf_put(out->buf, ",", 1);
    out->comma |= bit;
}

void json_open(struct json_out *out, char bracket)
{
    json_sep(out);
    arena_buf_put(out->buf, &bracket, 1);
    assert(out->depth < 63);
    out->depth++;
    out->comma &= ~(UINT64_C(1) << out->depth);
}

void json_close(struct json_out *out, char bracket)
{
    assert(out->depth > 0);
    out->depth--;
    arena_buf_put(out->buf, &bracket, 1);
}

void json_key(struct json_out *out, const char *key)
{
    json_put(out, key);
    arena_buf_put(out->buf, ":", 1);
    out->after_key = true;
}

void json_put_text(struct json_out *out, const char *text, size_t len)
{
    json_sep(out);
    arena_buf_put(out->buf, "\"", 1);
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        arena_buf_put(out->buf, text + from, i - from);
        from = i + 1;
        if (c < 0x20)
            arena_buf_format(out->buf, "\\u%04x", c);
        else
            arena_buf_put(out->buf, c == '"' ? "\\\"" : "\\\\", 2);
    }
    arena_buf_put(out->buf, text + from, len - from);
    arena_buf_put(out->buf, "\"", 1);
}

void json_put(struct json_out *out, const char *text)
{
    if (text != NULL)
        json_put_text(out, text, strlen(text));
    else
        json_put_raw(out, "null", 4);
}

void json_put_int(struct json_out *out, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t n = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do *--at = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    if (value < 0) *--at = '-';
    json_put_raw(out, at, (size_t)(digits + sizeof digits - at));
}

void json_put_double(struct json_out *out, double value, int decimals)
{
    json_sep(out);
    if (isfinite(value))
        arena_buf_format(out->buf, "%.*f", decimals, value);
    else
        arena_buf_text(out->buf, "null");
}

void json_put_bool(struct json_out *out, bool value)
{
    json_put_raw(out, value ? "true" : "false", value ? 4 : 5);
}

void json_put_raw(struct json_out *out, const char *json, size_t len)
{
    json_sep(out);
    arena_buf_put(out->buf, json, len);
}
