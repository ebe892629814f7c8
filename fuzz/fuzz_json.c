#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "fuzz.h"

/* Writes a value again; depth is bounded by JSON_DEPTH. */
static void again(struct json_out *out, const struct json *json, uint32_t token, struct arena *arena)
{
    const struct json_token *t = &json->tokens[token];
    const char *text;
    switch (t->type) {
    case JSON_STRING:
        text = json_text(json, token, arena);
        FUZZ_MUST(text == NULL || text_valid(text, strlen(text), NULL));
        FUZZ_MUST(text != NULL || t->escaped);
        json_put(out, text == NULL ? "" : text);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        json_open(out, t->type == JSON_ARRAY ? '[' : '{');
        for (uint32_t at = json_first(token); at < json_end(json, token); at = json->tokens[at].next) {
            if (t->type == JSON_OBJECT) {
                const char *key = json_text(json, at, arena);
                FUZZ_MUST(key != NULL && json_member(json, token, key) == at + 1);
                json_key(out, key);
                at++;
            }
            again(out, json, at, arena);
        }
        json_close(out, t->type == JSON_ARRAY ? ']' : '}');
        break;
    default:
        json_put_raw(out, json->text + t->at, t->len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json json = {0}, other = {0};
    struct err_detail detail = {.row = 0};
    struct arena arena = {0};
    struct arena_buf buf = {0};
    int64_t integer;
    double number;
    if (json_read(&json, (const char *)data, size, &detail) == DW_OK) {
        struct json_out out = {.buf = &buf};
        again(&out, &json, 0, &arena);
        FUZZ_MUST(json_read(&other, buf.data, buf.len, NULL) == DW_OK);
        FUZZ_MUST(other.len == json.len);
        for (uint32_t i = 0; i < json.len; i++) {
            FUZZ_MUST(other.tokens[i].type == json.tokens[i].type && other.tokens[i].count == json.tokens[i].count);
            if (json_int(&json, i, &integer)) FUZZ_MUST(json_double(&json, i, &number));
        }
    } else {
        FUZZ_MUST(detail.text[0] != 0);
    }
    json_free(&json);
    json_free(&other);
    arena_free(&arena);
    arena_buf_free(&buf);
    return 0;
}
