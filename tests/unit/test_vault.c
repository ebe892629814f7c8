/* The sealed stream: whatever goes in comes out, and nothing that was changed, cut or moved does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/vault.h"
#include "seed.h"

enum { KIND = 7, HEAD = 128, PIECE = VAULT_CHUNK + 17 };

static const uint8_t key_file[VAULT_KEY_FILE_MIN] = "thirty-two bytes of no secret...";

static struct vault_secret secret(void)
{
    return (struct vault_secret){.file = key_file, .file_len = sizeof key_file};
}

/* data sealed: the bytes of the file, freed by the caller. */
static uint8_t *seal(size_t *size, const uint8_t *data, size_t len, struct rng *rng)
{
    struct vault *vault;
    struct vault_secret with = secret();
    char *bytes = NULL;
    uint8_t hash[HASH_SIZE], again[HASH_SIZE];
    int64_t told;
    FILE *file = open_memstream(&bytes, size);
    assert_int_equal(vault_create(&vault, file, "x", &with, KIND, NULL), DW_OK);
    for (size_t at = 0; at < len;) {
        size_t now = 1 + (size_t)rng_below(rng, len - at);
        assert_int_equal(vault_write(vault, data + at, now, NULL), DW_OK);
        at += now;
    }
    assert_int_equal(vault_finish(vault, hash, &told, NULL), DW_OK);
    fclose(file);
    assert_int_equal(told, *size);
    hash_one(again, bytes, *size);
    assert_memory_equal(hash, again, HASH_SIZE);
    return (uint8_t *)bytes;
}

/* The error of reading a file; where there is none, what comes out must be data. */
static dw_err unseal(uint8_t *bytes, size_t size, struct vault_secret *with, uint8_t kind, const uint8_t *data, size_t len,
                     struct rng *rng)
{
    struct vault *vault;
    size_t at = 0, got = 1;
    uint8_t *out = malloc(len + 2);
    FILE *file = size == 0 ? fopen("/dev/null", "rb") : fmemopen(bytes, size, "rb");
    dw_err err = vault_open(&vault, file, "x", with, kind, NULL);
    while (err == DW_OK && got > 0) {
        err = vault_read(vault, out + at, 1 + (size_t)rng_below(rng, len + 1 - at), &got, NULL);
        if (err == DW_OK) at += got;
        assert_true(at <= len);
    }
    if (err == DW_OK) assert_int_equal(at, len);
    if (at > 0) assert_memory_equal(out, data, at); /* also of a file that breaks off later */
    vault_free(vault);
    fclose(file);
    free(out);
    return err;
}

static void test_what_goes_in_comes_out(void **state)
{
    static const size_t lens[] = {0, 1, VAULT_CHUNK - 1, VAULT_CHUNK, VAULT_CHUNK + 1, 3 * VAULT_CHUNK};
    struct rng rng = seed_rng();
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        size_t len = i < 6 ? lens[i] : (size_t)rng_below(&rng, 4 * VAULT_CHUNK), size;
        uint8_t *data = malloc(len + 1);
        struct vault_secret with = secret(), other = secret();
        rng_bytes(&rng, data, len);
        uint8_t *bytes = seal(&size, data, len, &rng);
        assert_int_equal(unseal(bytes, size, &with, KIND, data, len, &rng), DW_OK);
        assert_int_equal(unseal(bytes, size, &with, KIND + 1, data, len, &rng), DW_E_FORMAT);
        other.file_len--;
        assert_int_equal(unseal(bytes, size, &other, KIND, data, len, &rng), DW_E_PASSPHRASE);
        free(bytes);
        free(data);
    }
}

static void test_nothing_that_was_changed_comes_out(void **state)
{
    struct rng rng = seed_rng();
    size_t len = 2 * VAULT_CHUNK + 99, size;
    uint8_t *data = malloc(len);
    (void)state;
    rng_bytes(&rng, data, len);
    uint8_t *bytes = seal(&size, data, len, &rng);
    for (int i = 0; i < 300; i++) {
        struct vault_secret with = secret();
        size_t at = i < HEAD ? (size_t)i : (size_t)rng_below(&rng, size), cut = (size_t)rng_below(&rng, size);
        uint8_t bit = (uint8_t)(1u << rng_below(&rng, 8));
        bytes[at] ^= bit;
        assert_int_not_equal(unseal(bytes, size, &with, KIND, data, len, &rng), DW_OK);
        bytes[at] ^= bit;
        assert_int_not_equal(unseal(bytes, cut, &with, KIND, data, len, &rng), DW_OK);
    }
    struct vault_secret with = secret();
    for (size_t cut = HEAD; cut < size; cut += PIECE) /* between two pieces */
        assert_int_equal(unseal(bytes, cut, &with, KIND, data, len, &rng), DW_E_DAMAGED);
    uint8_t *swapped = malloc(size + 1);
    memcpy(swapped, bytes, size);
    memcpy(swapped + HEAD, bytes + HEAD + PIECE, PIECE);
    memcpy(swapped + HEAD + PIECE, bytes + HEAD, PIECE);
    assert_int_equal(unseal(swapped, size, &with, KIND, data, len, &rng), DW_E_DAMAGED);
    memcpy(swapped, bytes, size);
    swapped[size] = 0;
    assert_int_equal(unseal(swapped, size + 1, &with, KIND, data, len, &rng), DW_E_DAMAGED);
    assert_int_equal(unseal(bytes, size, &with, KIND, data, len, &rng), DW_OK);
    free(swapped);
    free(bytes);
    free(data);
}

static void test_a_passphrase_is_not_a_key_file(void **state)
{
    struct rng rng = seed_rng();
    struct vault_secret with = secret(), phrase = {.phrase = "thirty-two bytes of no secret..."};
    uint8_t data[3] = {1, 2, 3};
    size_t size;
    (void)state;
    uint8_t *bytes = seal(&size, data, sizeof data, &rng);
    assert_int_equal(unseal(bytes, size, &phrase, KIND, data, sizeof data, &rng), DW_E_PASSPHRASE);
    assert_int_equal(unseal(bytes, size, &with, KIND, data, sizeof data, &rng), DW_OK);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_goes_in_comes_out),
                                       cmocka_unit_test(test_nothing_that_was_changed_comes_out),
                                       cmocka_unit_test(test_a_passphrase_is_not_a_key_file)};
    if (!keys_start()) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
