/* The key files carried elsewhere: the same keys, the same erasures, and nothing of half a copy. */
#include "lab.h"

#include "store/keyring.h"

/* The n-th of the made-up persons. */
static struct id person(uint64_t n)
{
    struct rng rng = rng_seed(n);
    return id_make(1649376000000, &rng);
}

struct carried {
    uint8_t bytes[65536];
    size_t len, at;
};

static dw_err carry_out(void *ctx, const void *data, size_t len, struct err_detail *detail)
{
    struct carried *carried = ctx;
    (void)detail;
    assert_true(carried->len + len <= sizeof carried->bytes);
    memcpy(carried->bytes + carried->len, data, len);
    carried->len += len;
    return DW_OK;
}

static dw_err carry_in(void *ctx, void *data, size_t *len, struct err_detail *detail)
{
    struct carried *carried = ctx;
    (void)detail;
    if (*len > carried->len - carried->at) *len = carried->len - carried->at;
    memcpy(data, carried->bytes + carried->at, *len);
    carried->at += *len;
    return DW_OK;
}

static dw_err count_erased(void *ctx, struct id erased)
{
    struct id three = person(3);
    assert_true(id_equal(erased, three));
    ++*(int *)ctx;
    return DW_OK;
}

static void carried_elsewhere_it_is_the_same(void **state)
{
    struct lab lab;
    struct keyring *ring;
    static struct carried carried;
    const uint8_t *ours, *theirs;
    struct keyring *other;
    char path[400];
    int erased = 0;
    (void)state;
    lab_open(&lab);
    assert_int_equal(keyring_make(&ring, lab.path, NULL), DW_OK);
    for (uint64_t i = 0; i < 5; i++) assert_int_equal(keyring_person_make(ring, person(i), &ours), DW_OK);
    assert_int_equal(keyring_save(ring, NULL), DW_OK);
    assert_int_equal(keyring_erase(ring, person(3), NULL), DW_OK);
    memset(&carried, 0, sizeof carried);
    assert_int_equal(keyring_export(ring, lab.path, carry_out, &carried, NULL), DW_OK);
    lab_beside(path, &lab, ".other");
    assert_int_equal(keyring_import(path, carry_in, &carried, NULL), DW_OK);
    assert_int_equal(carried.at, carried.len);
    assert_int_equal(keyring_open(&other, path, NULL), DW_OK);
    for (uint64_t i = 0; i < 5; i++) {
        enum keyring_state state_of = keyring_person(ring, person(i), &ours);
        assert_int_equal(state_of, i == 3 ? KEYRING_ERASED : KEYRING_PRESENT);
        assert_int_equal(keyring_person(other, person(i), &theirs), state_of);
        if (i != 3) assert_memory_equal(ours, theirs, KEYS_SECRET);
    }
    assert_int_equal(keyring_each_erased(other, count_erased, &erased), DW_OK);
    assert_int_equal(erased, 1);
    assert_memory_equal(keyring_blind(other), keyring_blind(ring), KEYS_SECRET);
    keyring_close(other);
    carried.at = 0;
    assert_int_equal(keyring_import(path, carry_in, &carried, NULL), DW_E_EXISTS);
    assert_int_equal(keyring_open(&other, path, NULL), DW_OK); /* what stood there stays */
    keyring_close(other);
    lab_beside(path, &lab, ".short");
    carried.len = 79;
    carried.at = 0;
    assert_int_equal(keyring_import(path, carry_in, &carried, NULL), DW_E_KEYS);
    assert_int_equal(keyring_open(&other, path, NULL), DW_E_KEYS);
    keyring_close(ring);
    lab_close(&lab);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(carried_elsewhere_it_is_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
