/* Packing: whatever goes in comes out, and what is no whole packed stream is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/pack.h"
#include "seed.h"

struct bytes {
    const char *data;
    size_t len, at;
    struct rng *rng;
};

static dw_err take(void *ctx, const void *data, size_t len, struct err_detail *detail)
{
    (void)detail;
    arena_buf_put(ctx, data, len);
    return DW_OK;
}

static dw_err give(void *ctx, void *out, size_t cap, size_t *len, struct err_detail *detail)
{
    struct bytes *b = ctx;
    size_t left = b->len - b->at;
    (void)detail;
    *len = left < cap ? left : cap;
    if (*len > 1) *len = 1 + (size_t)rng_below(b->rng, *len);
    memcpy(out, b->data + b->at, *len);
    b->at += *len;
    return DW_OK;
}

static void pack(struct arena_buf *out, const char *data, size_t len, struct rng *rng)
{
    struct pack *pack;
    assert_int_equal(pack_create(&pack, take, out), DW_OK);
    for (size_t at = 0; at < len;) {
        size_t now = 1 + (size_t)rng_below(rng, len - at);
        assert_int_equal(pack_write(pack, data + at, now, false, NULL), DW_OK);
        at += now;
    }
    assert_int_equal(pack_write(pack, NULL, 0, true, NULL), DW_OK);
    pack_free(pack);
    assert_false(out->failed);
}

static dw_err unpack(struct arena_buf *out, const char *data, size_t len, struct rng *rng)
{
    struct bytes from = {data, len, 0, rng};
    struct unpack *unpack;
    char piece[5000];
    size_t got = 1;
    assert_int_equal(pack_open(&unpack, give, &from), DW_OK);
    dw_err err = DW_OK;
    while (err == DW_OK && got > 0) {
        err = pack_read(unpack, piece, 1 + (size_t)rng_below(rng, sizeof piece), &got, NULL);
        if (err == DW_OK) arena_buf_put(out, piece, got);
    }
    pack_close(unpack);
    return err;
}

static void test_what_goes_in_comes_out(void **state)
{
    static const size_t lens[] = {0, 1, 65535, 65536, 65537, 3000000};
    struct rng rng = seed_rng();
    (void)state;
    for (size_t i = 0; i < 16; i++) {
        size_t len = i < 6 ? lens[i] : (size_t)rng_below(&rng, 900000);
        struct arena_buf packed = {0}, back = {0};
        char *data = malloc(len + 1);
        rng_bytes(&rng, data, len);
        if (i % 2) /* half of it packs well, half not at all */
            for (size_t k = 0; k < len; k++) data[k] = "门牌3-2-12"[k % 13];
        pack(&packed, data, len, &rng);
        if (i % 2 && len > 1000) assert_true(packed.len < len / 10);
        assert_int_equal(unpack(&back, packed.data, packed.len, &rng), DW_OK);
        assert_int_equal(back.len, len);
        if (len > 0) assert_memory_equal(back.data, data, len);
        arena_buf_free(&packed);
        arena_buf_free(&back);
        free(data);
    }
}

static void test_what_is_not_whole_is_refused(void **state)
{
    static const char sqlite[] = "SQLite format 3\0and so on and on and on and on";
    struct rng rng = seed_rng();
    struct arena_buf packed = {0}, back = {0};
    char data[9000];
    (void)state;
    rng_bytes(&rng, data, sizeof data);
    pack(&packed, data, sizeof data, &rng);
    for (int i = 0; i < 200; i++) {
        arena_buf_clear(&back);
        assert_int_equal(unpack(&back, packed.data, (size_t)rng_below(&rng, packed.len), &rng), DW_E_DAMAGED);
    }
    arena_buf_put(&packed, "x", 1);
    assert_int_equal(unpack(&back, packed.data, packed.len, &rng), DW_E_DAMAGED);
    assert_int_equal(unpack(&back, sqlite, sizeof sqlite, &rng), DW_E_FORMAT);
    assert_int_equal(unpack(&back, "", 0, &rng), DW_E_DAMAGED);
    arena_buf_free(&packed);
    arena_buf_free(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_goes_in_comes_out),
                                       cmocka_unit_test(test_what_is_not_whole_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
