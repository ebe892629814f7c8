#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/keys.h"
#include "seed.h"

/* A random value written with the writer; the same calls, made again from the same numbers, check what was read. */
struct maker {
    struct rng rng;
    struct json_out out;
    const struct json *json; /* when reading */
    struct arena arena;
};

static void text_of(struct arena_buf *out, struct rng *rng)
{
    seed_text(out, rng, 5);
    if (rng_below(rng, 4) == 0) arena_buf_text(out, "\"\\\x01\n/");
}

static double a_double(struct rng *rng)
{
    return (double)(int64_t)rng_below(rng, 2000000) / 64 - 1000;
}

static void make(struct maker *m, int depth)
{
    struct arena_buf text = {0};
    uint64_t kind = rng_below(&m->rng, depth < 5 ? 8 : 6), n = rng_below(&m->rng, 5);
    switch (kind) {
    case 0:
        json_put(&m->out, NULL);
        break;
    case 1:
        json_put_bool(&m->out, n % 2 == 0);
        break;
    case 2:
        json_put_int(&m->out, (int64_t)rng_next(&m->rng));
        break;
    case 3:
        json_put_double(&m->out, a_double(&m->rng), 6);
        break;
    case 4:
    case 5:
        text_of(&text, &m->rng);
        json_put_text(&m->out, text.data, text.len);
        break;
    default:
        json_open(&m->out, kind == 6 ? '[' : '{');
        for (uint64_t i = 0; i < n; i++) {
            char key[8];
            snprintf(key, sizeof key, "k%d键", (int)i);
            if (kind == 7) json_key(&m->out, key);
            make(m, depth + 1);
        }
        json_close(&m->out, kind == 6 ? ']' : '}');
    }
    arena_buf_free(&text);
}

static void check(struct maker *m, uint32_t token, int depth)
{
    const struct json_token *t = &m->json->tokens[token];
    struct arena_buf text = {0};
    uint64_t kind = rng_below(&m->rng, depth < 5 ? 8 : 6), n = rng_below(&m->rng, 5);
    int64_t integer = 0;
    double number = 0;
    switch (kind) {
    case 0:
        assert_int_equal(t->type, JSON_NULL);
        break;
    case 1:
        assert_int_equal(t->type, n % 2 == 0 ? JSON_TRUE : JSON_FALSE);
        break;
    case 2:
        assert_true(json_int(m->json, token, &integer) && integer == (int64_t)rng_next(&m->rng));
        break;
    case 3:
        assert_true(json_double(m->json, token, &number) && number == a_double(&m->rng));
        break;
    case 4:
    case 5:
        text_of(&text, &m->rng);
        assert_string_equal(json_text(m->json, token, &m->arena), text.data);
        break;
    default:
        assert_int_equal(t->type, kind == 6 ? JSON_ARRAY : JSON_OBJECT);
        assert_int_equal(t->count, n);
        uint32_t at = json_first(token);
        for (uint64_t i = 0; i < n; i++) {
            char key[8];
            snprintf(key, sizeof key, "k%d键", (int)i);
            if (kind == 7) {
                assert_true(json_equals(m->json, at, key));
                assert_int_equal(json_member(m->json, token, key), at + 1);
                at++;
            }
            check(m, at, depth + 1);
            at = m->json->tokens[at].next;
        }
        assert_int_equal(at, json_end(m->json, token));
        assert_int_equal(json_member(m->json, token, "absent"), 0);
    }
    arena_buf_free(&text);
}

static void writer_and_reader(void **state)
{
    (void)state;
    struct maker m = {.rng = seed_rng()};
    struct json json = {0};
    struct arena_buf buf = {0};
    for (int i = 0; i < 3000; i++) {
        struct rng before = m.rng;
        arena_buf_clear(&buf);
        m.out = (struct json_out){.buf = &buf};
        make(&m, 0);
        assert_false(buf.failed);
        assert_int_equal(json_read(&json, buf.data, buf.len, NULL), DW_OK);
        m.rng = before;
        m.json = &json;
        check(&m, 0, 0);
        arena_reset(&m.arena);
        /* Of what the writer writes no part is a value but numbers. */
        size_t cut = (size_t)rng_below(&m.rng, buf.len);
        bool number = json.tokens[0].type == JSON_NUMBER;
        assert_true(number || json_read(&json, buf.data, cut, NULL) != DW_OK);
    }
    arena_buf_free(&buf);
    arena_free(&m.arena);
    json_free(&json);
}

static void escapes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"\"\\u5f20\"", "张"},
                                           {"\"\\ud840\\udc89\"", "\U00020089"},
                                           {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
                                           {"\"a\\u00e9b\"", "a\u00e9b"},
                                           {"\"\"", ""},
                                           {"\"\\u0041\\uFFFD\"", "A\ufffd"}};
    struct json json = {0};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(json_read(&json, cases[i][0], strlen(cases[i][0]), NULL), DW_OK);
        assert_string_equal(json_text(&json, 0, &arena), cases[i][1]);
    }
    assert_int_equal(json_read(&json, "\"a\\u0000\"", 9, NULL), DW_OK);
    assert_null(json_text(&json, 0, &arena));
    arena_free(&arena);
    json_free(&json);
}

static void refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        " ",
                                        "{",
                                        "}",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "{\"a\"}",
                                        "{a:1}",
                                        "[1 2]",
                                        "01",
                                        "-",
                                        "1.",
                                        ".5",
                                        "1e",
                                        "+1",
                                        "nul",
                                        "truex",
                                        "NaN",
                                        "\"\\x\"",
                                        "\"\\u12\"",
                                        "\"\\ud800\"",
                                        "\"\\udc00\"",
                                        "\"\t\"",
                                        "\"",
                                        "[1]]",
                                        "1 2",
                                        "{\"a\":1,\"a\":2}",
                                        "{\"\\u0061\":1}",
                                        "'a'",
                                        "[1,,2]",
                                        "{,}",
                                        "\"\\ud800\\u0041\""};
    struct json json = {0};
    struct err_detail detail;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        err_clear(&detail);
        if (json_read(&json, texts[i], strlen(texts[i]), &detail) != DW_E_JSON) print_error("%s\n", texts[i]);
        assert_int_equal(json_read(&json, texts[i], strlen(texts[i]), &detail), DW_E_JSON);
        assert_non_null(strstr(detail.text, "byte"));
    }
    assert_int_equal(json_read(&json, "\"\xc0\x80\"", 4, NULL), DW_E_UTF8);
    assert_int_equal(json_read(&json, "\"\xed\xa0\x80\"", 5, NULL), DW_E_UTF8);
    assert_int_equal(json_read(&json, "1\0", 2, NULL), DW_E_JSON);
    char deep[2 * JSON_DEPTH + 3];
    for (int depth = JSON_DEPTH; depth <= JSON_DEPTH + 1; depth++) {
        memset(deep, '[', (size_t)depth);
        memset(deep + depth, ']', (size_t)depth);
        assert_int_equal(json_read(&json, deep, 2 * (size_t)depth, NULL), depth > JSON_DEPTH ? DW_E_JSON : DW_OK);
    }
    json_free(&json);
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is;
        int64_t value;
    } cases[] = {{"0", true, 0},
                 {"-0", true, 0},
                 {"9223372036854775807", true, INT64_MAX},
                 {"-9223372036854775808", true, INT64_MIN},
                 {"9223372036854775808", false, 0},
                 {"-9223372036854775809", false, 0},
                 {"1.0", false, 0},
                 {"1e3", false, 0},
                 {"\"1\"", false, 0}};
    struct json json = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 0;
        assert_int_equal(json_read(&json, cases[i].text, strlen(cases[i].text), NULL), DW_OK);
        assert_int_equal(json_int(&json, 0, &value), cases[i].is);
        assert_true(value == cases[i].value);
    }
    double number;
    assert_int_equal(json_read(&json, "1e999", 5, NULL), DW_OK);
    assert_false(json_double(&json, 0, &number));
    struct arena_buf buf = {0};
    struct json_out out = {.buf = &buf};
    json_open(&out, '[');
    json_put_double(&out, NAN, 2);
    json_put_double(&out, INFINITY, 2);
    json_put_double(&out, 1.005, 1);
    json_put_raw(&out, "{}", 2);
    json_close(&out, ']');
    assert_string_equal(buf.data, "[null,null,1.0,{}]");
    arena_buf_free(&buf);
    json_free(&json);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(writer_and_reader), cmocka_unit_test(escapes), cmocka_unit_test(refused),
                                       cmocka_unit_test(numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
