#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/keys.h"
#include "base/map.h"
#include "base/when.h"
#include "seed.h"

static void errors(void **state)
{
    (void)state;
    char line[1024];
    struct err_detail detail = {.row = 3};
    for (dw_err code = DW_OK; code < DW_E_COUNT; code = (dw_err)(code + 1)) {
        assert_true(*err_name(code) != 0);
        assert_int_equal(err_exit(code) == 0, code == DW_OK);
        for (enum err_lang lang = ERR_ZH; lang <= ERR_EN; lang = (enum err_lang)(lang + 1))
            assert_true(*err_title(code, lang) != 0 && (code == DW_OK || *err_fix(code, lang) != 0));
    }
    assert_int_equal(err_at(&detail, DW_E_FORMAT, "a.xlsx", "户", 7, "姓名", "%d", 5), DW_E_FORMAT);
    assert_int_equal(err_set(&detail, DW_E_INVALID, "found %s", "x"), DW_E_INVALID);
    assert_string_equal(detail.file, "a.xlsx");
    assert_int_equal(detail.row, 7);
    assert_string_equal(detail.text, "found x");
    err_format(line, sizeof line, DW_E_INVALID, &detail, ERR_EN);
    for (const char *const *part = (const char *const[]){"a.xlsx", "户", "7", "姓名", "found x", "E_INVALID", NULL};
         *part != NULL; part++)
        assert_non_null(strstr(line, *part));
    assert_int_equal(err_set(NULL, DW_E_IO, "nobody looks"), DW_E_IO);
    err_clear(&detail);
    assert_true(detail.row == 0 && detail.file[0] == 0 && detail.text[0] == 0);
}

/* Texts are cut between characters at every size. */
static void errors_cut(void **state)
{
    (void)state;
    struct err_detail detail = {.row = 0};
    for (int i = 0; i < 5; i++) {
        char name[600] = "";
        memset(name, 'a', (size_t)i);
        for (size_t at = (size_t)i; at + 8 < sizeof name; at += strlen(name + at))
            snprintf(name + at, sizeof name - at, "张\U00020089");
        err_at(&detail, DW_E_FORMAT, name, name, 1, name, "%s", name);
        const char *parts[] = {detail.file, detail.sheet, detail.column, detail.text};
        for (size_t k = 0; k < 4; k++) {
            assert_true(text_valid(parts[k], strlen(parts[k]), NULL));
            assert_memory_equal(parts[k], name, strlen(parts[k]));
        }
        assert_true(strlen(detail.text) > sizeof detail.text - 6);
    }
    for (size_t size = 1; size < 900; size++) {
        char line[900];
        err_format(line, size, DW_E_FORMAT, &detail, size % 2 == 0 ? ERR_ZH : ERR_EN);
        assert_true(strlen(line) < size && text_valid(line, strlen(line), NULL));
    }
}

static void arenas(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct arena arena = {0};
    enum { COUNT = 400 };
    unsigned char *at[COUNT];
    size_t size[COUNT];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            size[i] = (size_t)rng_below(&rng, i % 50 == 0 ? 200000 : 300);
            at[i] = arena_alloc(&arena, size[i]);
            assert_non_null(at[i]);
            assert_int_equal((uintptr_t)at[i] % _Alignof(max_align_t), 0);
            for (size_t k = 0; k < size[i]; k++) assert_int_equal(at[i][k], 0);
            memset(at[i], i % 255 + 1, size[i]);
        }
        for (int i = 0; i < COUNT; i++)
            for (size_t k = 0; k < size[i]; k++) assert_int_equal(at[i][k], i % 255 + 1);
        arena_reset(&arena);
    }
    assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_alloc(&arena, SIZE_MAX - 2));
    assert_string_equal(arena_text(&arena, "abc", 2), "ab");
    arena_free(&arena);
    arena_free(&arena);
}

static void buffers(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct arena_buf buf = {0};
    char naive[20000] = "";
    size_t len = 0;
    for (int i = 0; i < 1000; i++) {
        char piece[16];
        size_t n = (size_t)snprintf(piece, sizeof piece, "%d;", (int)rng_below(&rng, 1000000));
        memcpy(naive + len, piece, n + 1);
        len += n;
        if (i % 3 == 0)
            arena_buf_put(&buf, piece, n);
        else if (i % 3 == 1)
            arena_buf_text(&buf, piece);
        else
            arena_buf_format(&buf, "%.*s%c", (int)n - 1, piece, ';');
        assert_int_equal(buf.len, len);
        assert_int_equal(buf.data[len], 0);
    }
    assert_string_equal(buf.data, naive);
    arena_buf_clear(&buf);
    assert_string_equal(buf.data, "");
    assert_false(buf.failed);
    arena_buf_free(&buf);
    arena_buf_clear(&buf);
}

static void ids(void **state)
{
    (void)state;
    struct rng rng = seed_rng(), again = rng;
    struct id last = {{0}};
    char text[ID_TEXT];
    assert_true(id_null(last));
    for (int64_t i = 1; i < 5000; i++) {
        int64_t ms = 1649376000000 + i * 7;
        struct id id = id_make(ms, &rng), same = id_make(ms, &again), other, read;
        assert_true(id_equal(id, same));
        assert_true(id_compare(last, id) < 0 && id_compare(id, last) > 0 && id_compare(id, id) == 0);
        assert_true(id.b[6] >> 4 == 7 && id.b[8] >> 6 == 2);
        id_text(text, id);
        assert_int_equal(strlen(text), 36);
        assert_true(id_parse(&read, text, 36) && id_equal(read, id));
        for (char *at = text; *at != 0; at++) *at = *at >= 'a' && *at <= 'f' ? (char)(*at - 32) : *at;
        assert_true(id_parse(&read, text, 36) && id_equal(read, id));
        text[rng_below(&rng, 36)] = 'g';
        (void)rng_next(&rng), again = rng;
        other = read;
        assert_false(id_parse(&other, text, 36));
        assert_true(id_equal(other, read));
        last = id;
    }
    assert_false(id_parse(&last, "0", 1));
    struct id named = id_named(last, "a");
    assert_true(id_equal(named, id_named(last, "a")) && !id_equal(named, id_named(last, "b")) &&
                !id_equal(named, id_named(named, "a")));
    assert_true(named.b[6] >> 4 == 8 && named.b[8] >> 6 == 2);
    assert_false(id_equal(id_make(5, NULL), id_make(5, NULL)));
}

static void random_numbers(void **state)
{
    (void)state;
    struct rng rng = seed_rng(), same = rng;
    uint32_t seen[7] = {0};
    for (int i = 0; i < 70000; i++) {
        uint64_t n = rng_below(&rng, 7);
        assert_true(n < 7 && n == rng_below(&same, 7));
        seen[n]++;
        double unit = rng_unit(&rng);
        (void)rng_unit(&same);
        assert_true(unit >= 0 && unit < 1);
    }
    for (int i = 0; i < 7; i++) assert_in_range(seen[i], 9300, 10700); /* seven standard deviations */
    assert_int_equal(rng_below(&rng, 1), 0);
    struct rng published = {{1, 2, 3, 4}}; /* of the authors' C code: the first outputs from this state */
    assert_true(rng_next(&published) == 11520 && rng_next(&published) == 0 && rng_next(&published) == 1509978240);
    unsigned char a[13], b[13];
    same = rng;
    rng_bytes(&rng, a, sizeof a);
    rng_bytes(&same, b, sizeof b);
    assert_memory_equal(a, b, sizeof a);
}

static void hashes(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    uint8_t one[HASH_SIZE], two[HASH_SIZE], data[300], back[300];
    char text[512];
    hash_one(one, "abc", 3);
    hash_hex(text, one, sizeof one);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-4 */
    hash_b64(text, "\xfb\xff\xfe", 3);
    assert_string_equal(text, "-__-");
    for (int i = 0; i < 3000; i++) {
        size_t len = (size_t)rng_below(&rng, sizeof data), cut = (size_t)rng_below(&rng, len + 1);
        rng_bytes(&rng, data, len);
        hash_one(one, data, len);
        hash_two(two, data, cut, data + cut, len - cut);
        assert_memory_equal(one, two, HASH_SIZE);
        hash_b64(text, data, len);
        assert_int_equal(strlen(text), (len * 4 + 2) / 3);
        assert_true(hash_unb64(back, len, text, strlen(text)));
        assert_memory_equal(back, data, len);
        assert_false(hash_unb64(back, len + 1, text, strlen(text)));
        if (len > 1) assert_false(hash_unb64(back, len - 1, text, strlen(text)));
        if (len > 0) {
            text[rng_below(&rng, strlen(text))] = '+';
            assert_false(hash_unb64(back, len, text, strlen(text)));
        }
    }
    /* RFC 4648 section 3.5: bits that mean nothing must be zero, or two texts would stand for one value. */
    assert_true(hash_unb64(back, 1, "_w", 2) && back[0] == 0xFF);
    assert_false(hash_unb64(back, 1, "_x", 2));
    assert_true(hash_unb64(back, 2, "__8", 3) && back[1] == 0xFF);
    assert_false(hash_unb64(back, 2, "__9", 3));
    for (int c = 1; c < 256; c++) {
        const char pair[] = {'A', (char)c, 0};
        bool digit = strchr("AQgw", c) != NULL; /* the digits whose last four bits are zero */
        assert_int_equal(hash_unb64(back, 1, pair, 2), digit);
    }
    uint8_t key[32] = {1}, keyed[16], other[16];
    hash_keyed(keyed, key, "a", 1);
    key[0] = 2;
    hash_keyed(other, key, "a", 1);
    assert_memory_not_equal(keyed, other, sizeof keyed);
    assert_true(hash_quick("a", 1) != hash_quick("b", 1) && hash_quick("a", 1) == hash_quick("a", 1));
}

static void signatures(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct keys_signer signer, other;
    uint8_t seed[KEYS_SEED], sign[KEYS_SIGN], data[64], sealed[64 + KEYS_OVERHEAD], again[64 + KEYS_OVERHEAD], opened[64];
    for (int i = 0; i < 300; i++) {
        size_t len = 1 + (size_t)rng_below(&rng, sizeof data - 1), at = (size_t)rng_below(&rng, len);
        rng_bytes(&rng, seed, sizeof seed);
        rng_bytes(&rng, data, sizeof data);
        keys_signer_make(&signer, seed);
        keys_signer_make(&other, data);
        keys_sign(sign, &signer, data, len);
        assert_true(keys_signed(sign, signer.public_key, data, len));
        assert_false(keys_signed(sign, other.public_key, data, len));
        keys_seal(sealed, seed, "here", 4, data, len);
        keys_seal(again, seed, "here", 4, data, len);
        assert_memory_equal(sealed, again, len + KEYS_OVERHEAD);
        keys_seal(again, seed, "there", 5, data, len);
        assert_memory_not_equal(sealed, again, len + KEYS_OVERHEAD);
        assert_true(keys_open(opened, seed, sealed, len + KEYS_OVERHEAD));
        assert_memory_equal(opened, data, len);
        assert_false(keys_open(opened, data, sealed, len + KEYS_OVERHEAD));
        assert_false(keys_open(opened, seed, sealed, KEYS_OVERHEAD - 1));
        sealed[rng_below(&rng, len + KEYS_OVERHEAD)] ^= 1;
        assert_false(keys_open(opened, seed, sealed, len + KEYS_OVERHEAD));
        data[at] ^= 4;
        assert_false(keys_signed(sign, signer.public_key, data, len));
        uint8_t a[KEYS_SECRET], b[KEYS_SECRET];
        keys_derive(a, seed, "one");
        keys_derive(b, seed, "two");
        assert_memory_not_equal(a, b, sizeof a);
        keys_wipe(a, sizeof a);
        for (size_t k = 0; k < sizeof a; k++) assert_int_equal(a[k], 0);
    }
}

/* Against a list of pairs that is searched from end to end; few hashes, so that many entries share one. */
static void maps(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    enum { MOST = 600 };
    struct pair {
        uint64_t hash;
        uint32_t value;
    } pairs[MOST];
    struct map map = {0};
    size_t count = 0;
    uint32_t value, next = 0;
    for (int i = 0; i < 30000; i++) {
        uint64_t hash = rng_below(&rng, 64) << (rng_below(&rng, 2) * 40);
        if (count < MOST && rng_below(&rng, 100) < 55) {
            assert_true(map_put(&map, hash, next));
            pairs[count++] = (struct pair){hash, next++};
        } else if (count > 0) {
            size_t at = (size_t)rng_below(&rng, count);
            assert_true(map_drop(&map, pairs[at].hash, pairs[at].value));
            assert_false(map_drop(&map, pairs[at].hash, pairs[at].value));
            pairs[at] = pairs[--count];
        }
        size_t cursor = 0, found = 0, want = 0;
        for (size_t k = 0; k < count; k++) want += pairs[k].hash == hash;
        while (map_next(&map, hash, &cursor, &value)) {
            bool known = false;
            for (size_t k = 0; k < count && !known; k++) known = pairs[k].hash == hash && pairs[k].value == value;
            assert_true(known);
            found++;
        }
        assert_int_equal(found, want);
        if (i % 5000 == 4999) {
            map_clear(&map);
            count = 0;
        }
    }
    map_free(&map);
    size_t cursor = 0;
    assert_false(map_next(&map, 1, &cursor, &value));
}

static void days(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day = when_days(1600, 1, 1);
    assert_int_equal(when_days(1970, 1, 1), 0);
    for (int year = 1600; year <= 2400; year++)
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0));
            assert_false(when_valid_day(year * 10000 + month * 100 + length + 1));
            assert_false(when_valid_day(year * 10000 + month * 100));
            for (int d = 1; d <= length; d++, day++) {
                int y, m, n;
                assert_true(when_days(year, month, d) == day);
                when_civil(day, &y, &m, &n);
                assert_true(y == year && m == month && n == d);
                assert_true(when_valid_day(year * 10000 + month * 100 + d));
            }
        }
    assert_false(when_valid_day(20221301));
    assert_false(when_valid_day(20220001));
    assert_false(when_valid_day(-20220101));
    assert_int_equal(when_age(20000229, 20220228), 21);
    assert_int_equal(when_age(20000229, 20220301), 22);
    assert_int_equal(when_age(20220408, 20220408), 0);
}

static void times(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    char text[WHEN_TEXT];
    for (int i = 0; i < 20000; i++) {
        struct when at = {(int64_t)rng_below(&rng, 253370764800000) - 2208988800000, (int32_t)rng_below(&rng, 2161) - 1080}, read;
        when_text(text, at);
        assert_int_equal(strlen(text), 29);
        assert_true(when_parse(&read, text, strlen(text)));
        assert_true(read.ms == at.ms && read.offset == at.offset);
        int64_t local = at.ms / 60000 + at.offset;
        char day[9];
        snprintf(day, sizeof day, "%.4s%.2s%.2s", text, text + 5, text + 8);
        assert_int_equal(when_day(at), strtol(day, NULL, 10));
        text[11] = text[11] == '2' ? '0' : text[11]; /* still a time: the parser takes a lower case t and a space too */
        text[10] = i % 2 == 0 ? ' ' : 't';
        assert_true(when_parse(&read, text, strlen(text)));
        assert_false(when_parse(&read, text, (size_t)rng_below(&rng, 16)));
        assert_true(when_parse_local(&read, text, 16, 480));
        assert_true(local != 0 || read.ms % 60000 == 0);
    }
    struct when at;
    assert_true(when_parse(&at, "2022-04-08T07:30:00.000+08:00", 29) && at.ms == 1649374200000 && at.offset == 480);
    assert_true(when_parse(&at, "2022-04-07T23:30Z", 17) && at.ms == 1649374200000 && at.offset == 0);
    assert_true(when_parse_local(&at, "2022-04-08", 10, 480) && at.ms == 1649347200000 && at.offset == 480);
    /* As people and spreadsheets write it, all of them the morning of 8 April 2022. */
    static const char *const written[] = {
        "2022-04-08 09:00",    "2022/4/8 9:00", "2022.4.8 9:00:00",          "2022年4月8日 9时0分", "2022年04月08日9点00分",
        "2022/04/08 09:00:00", "44659.375",     "2022-04-08T09:00:00+08:00", "20220408 09:00"};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        assert_true(when_parse_written(&at, written[i], strlen(written[i]), 480) && at.ms == 1649379600000);
    static const char *const days[] = {"2022-04-08", "2022/4/8", "20220408", "2022年4月8日", "2022年4月8号", "44659"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        assert_true(when_parse_written(&at, days[i], strlen(days[i]), 480) && at.ms == 1649347200000);
    static const char *const unwritten[] = {"",
                                            "8/4/2022",
                                            "2022-04",
                                            "2022年4月",
                                            "2022",
                                            "不详",
                                            "2022-02-30",
                                            "2022/4/8 25:00",
                                            "99999",
                                            "1234567",
                                            "2022-04-08 9",
                                            "2022-04-08 9:00:00:00",
                                            "13812345678",
                                            "4465.5x"};
    for (size_t i = 0; i < sizeof unwritten / sizeof *unwritten; i++)
        assert_false(when_parse_written(&at, unwritten[i], strlen(unwritten[i]), 480));
    static const char *const bad[] = {"",
                                      "2022-04-08",
                                      "2022-04-08T07:30",
                                      "2022-02-30T07:30Z",
                                      "2022-04-08T24:00Z",
                                      "2022-04-08T07:60Z",
                                      "2022-04-08T07:30:60Z",
                                      "2022-04-08T07:30Zx",
                                      "2022-04-08T07:30+8",
                                      "2022-4-8T07:30Z",
                                      "2022-04-08T07:30:00.Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(when_parse(&at, bad[i], strlen(bad[i])));
    assert_true(when_now().ms > 1600000000000);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(errors),  cmocka_unit_test(errors_cut), cmocka_unit_test(arenas),
                                       cmocka_unit_test(buffers), cmocka_unit_test(ids),        cmocka_unit_test(random_numbers),
                                       cmocka_unit_test(hashes),  cmocka_unit_test(signatures), cmocka_unit_test(maps),
                                       cmocka_unit_test(days),    cmocka_unit_test(times)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
