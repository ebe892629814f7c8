/* Public keys of devices, of both kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/hash.h"
#include "base/keys.h"
#include "seed.h"

/* RFC 6979, A.2.5: P-256 with SHA-256, message "sample". */
static const char point[] =
    "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C2"
    "94D4462299";
static const char signature[] =
    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4"
    "AB2F843ACDA8";

static size_t bytes_of(uint8_t *out, const char *hex)
{
    size_t n = strlen(hex) / 2;
    for (size_t i = 0; i < n; i++) {
        unsigned value;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &value), 1);
        out[i] = (uint8_t)value;
    }
    return n;
}

static void p256(void **state)
{
    (void)state;
    uint8_t whole[65], sign[KEYS_SIGN], compressed[KEYS_POINT];
    struct keys_public key, same;
    char text[KEYS_POINT_TEXT];
    assert_true(keys_start());
    assert_int_equal(bytes_of(whole, point), sizeof whole);
    assert_int_equal(bytes_of(sign, signature), sizeof sign);
    assert_true(keys_public_from(&key, whole, sizeof whole) && key.kind == KEYS_P256);
    memcpy(compressed, whole, sizeof compressed);
    compressed[0] = 3; /* its y is odd */
    assert_true(keys_public_from(&same, compressed, sizeof compressed));
    assert_memory_equal(&same, &key, sizeof key);
    keys_public_text(text, &key);
    assert_int_equal(strlen(text), 44);
    assert_true(keys_public_read(&same, text));
    assert_memory_equal(&same, &key, sizeof key);
    assert_true(keys_public_signed(sign, &key, "sample", 6));
    assert_false(keys_public_signed(sign, &key, "samplf", 6));
    for (size_t i = 0; i < sizeof sign; i++) {
        sign[i] ^= 1;
        assert_false(keys_public_signed(sign, &key, "sample", 6));
        sign[i] ^= 1;
    }
    memset(sign, 0, sizeof sign); /* neither r nor s may be 0 */
    assert_false(keys_public_signed(sign, &key, "sample", 6));
    compressed[0] = 2;
    assert_true(keys_public_from(&same, compressed, sizeof compressed)); /* the other point with this x */
    assert_int_equal(bytes_of(sign, signature), sizeof sign);
    assert_false(keys_public_signed(sign, &same, "sample", 6));
}

static void no_keys(void **state)
{
    (void)state;
    uint8_t bytes[65] = {0};
    struct keys_public key;
    bytes_of(bytes, point);
    assert_false(keys_public_from(&key, bytes, 64));
    assert_false(keys_public_from(&key, bytes, 33)); /* 4 is no compressed point */
    bytes[64] ^= 1;
    assert_false(keys_public_from(&key, bytes, 65)); /* beside the curve */
    bytes[0] = 6;
    assert_false(keys_public_from(&key, bytes, 65));
    static const char *const texts[] = {"", "A", "AAAA", "=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) assert_false(keys_public_read(&key, texts[i]));
}

static void ed25519(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct keys_signer signer;
    struct keys_public key, same;
    uint8_t seed[KEYS_SEED], sign[KEYS_SIGN];
    char text[KEYS_POINT_TEXT];
    rng_bytes(&rng, seed, sizeof seed);
    keys_signer_make(&signer, seed);
    keys_sign(sign, &signer, "sample", 6);
    assert_true(keys_public_from(&key, signer.public_key, KEYS_PUBLIC) && key.kind == KEYS_ED25519);
    keys_public_text(text, &key);
    assert_true(strlen(text) == 43 && keys_public_read(&same, text));
    assert_memory_equal(&same, &key, sizeof key);
    assert_true(keys_public_signed(sign, &key, "sample", 6));
    sign[5] ^= 1;
    assert_false(keys_public_signed(sign, &key, "sample", 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(p256), cmocka_unit_test(no_keys), cmocka_unit_test(ed25519)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
