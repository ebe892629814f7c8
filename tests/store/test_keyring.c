/* The key ring: what is saved is there again, what is torn is cut off, what is damaged is refused, what is erased is gone. */
#include "lab.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "store/keyring.h"

enum { BLOCK = 128 };

struct world {
    struct lab lab;
    char keys[400];
    char site[400];
    struct keyring *ring;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    lab_open(&world->lab);
    lab_beside(world->keys, &world->lab, ".keys");
    lab_beside(world->site, &world->lab, ".sitekey");
    assert_int_equal(keyring_make(&world->ring, world->lab.path, NULL), DW_OK);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    keyring_close(world->ring);
    lab_close(&world->lab);
    free(world);
    return 0;
}

static dw_err reopen(struct world *world)
{
    keyring_close(world->ring);
    world->ring = NULL;
    return keyring_open(&world->ring, world->lab.path, NULL);
}

/* The n-th of the made-up persons. */
static struct id person(uint64_t n)
{
    struct rng rng = rng_seed(n);
    return id_make(1649376000000 + (int64_t)n / 7, &rng);
}

static void make_key(struct keyring *ring, uint64_t n, uint8_t out[KEYS_SECRET])
{
    const uint8_t *key;
    assert_int_equal(keyring_person_make(ring, person(n), &key), DW_OK);
    memcpy(out, key, KEYS_SECRET);
}

static void expect_key(const struct keyring *ring, uint64_t n, const uint8_t want[KEYS_SECRET])
{
    const uint8_t *key;
    assert_int_equal(keyring_person(ring, person(n), &key), KEYRING_PRESENT);
    assert_memory_equal(key, want, KEYS_SECRET);
}

static void expect_state(const struct keyring *ring, uint64_t n, enum keyring_state want)
{
    const uint8_t *key;
    assert_int_equal(keyring_person(ring, person(n), &key), want);
    if (want != KEYRING_PRESENT) assert_null(key);
}

static size_t size_of(const char *path)
{
    struct stat found;
    assert_int_equal(stat(path, &found), 0);
    return (size_t)found.st_size;
}

static bool holds(const char *path, const void *what, size_t len)
{
    size_t size;
    unsigned char *data = lab_read(path, &size);
    bool found = memmem(data, size, what, len) != NULL;
    free(data);
    return found;
}

static void two_private_files(void **state)
{
    struct world *world = *state;
    struct stat found;
    struct keyring *other = NULL;
    assert_int_equal(stat(world->keys, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(stat(world->site, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(keyring_make(&other, world->lab.path, NULL), DW_E_EXISTS);
    assert_null(other);
    assert_int_equal(unlink(world->site), 0);
    assert_int_equal(keyring_make(&other, world->lab.path, NULL), DW_E_EXISTS); /* one of the two is enough */
    assert_int_equal(access(world->site, F_OK), -1);
    assert_int_equal(keyring_open(&other, world->lab.path, NULL), DW_E_KEYS);
    assert_int_equal(keyring_open(&other, "/no/such/place", NULL), DW_E_KEYS);
    assert_int_equal(keyring_make(&other, "/no/such/place", NULL), DW_E_NOT_FOUND);
    assert_null(other);
    keyring_close(NULL);
}

enum { MODEL = 60 };

struct model {
    uint8_t key[KEYS_SECRET];
    enum keyring_state state, kept;
};

static void check_model(const struct keyring *ring, const struct model *model)
{
    for (uint64_t i = 0; i < MODEL; i++) {
        expect_state(ring, i, model[i].state);
        if (model[i].state == KEYRING_PRESENT) expect_key(ring, i, model[i].key);
    }
}

static void model_make(struct keyring *ring, struct model *model, uint64_t n)
{
    const uint8_t *key;
    dw_err want = model[n].state == KEYRING_ERASED ? DW_E_STATE : DW_OK;
    assert_int_equal(keyring_person_make(ring, person(n), &key), want);
    if (want != DW_OK) return;
    if (model[n].state == KEYRING_PRESENT) assert_memory_equal(key, model[n].key, KEYS_SECRET);
    memcpy(model[n].key, key, KEYS_SECRET);
    model[n].state = KEYRING_PRESENT;
}

static void model_keep(struct model *model)
{
    for (int i = 0; i < MODEL; i++) model[i].kept = model[i].state;
}

static void model_lose(struct model *model)
{
    for (int i = 0; i < MODEL; i++) model[i].state = model[i].kept;
}

/* Random makings, savings, droppings, erasures and reopenings, against an array. */
static void follows_the_model(void **state)
{
    struct world *world = *state;
    struct rng rng = rng_seed(lab_seed("key ring"));
    for (int round = 0; round < 8; round++) {
        struct model model[MODEL] = {{{0}, KEYRING_ABSENT, KEYRING_ABSENT}};
        unlink(world->keys);
        unlink(world->site);
        keyring_close(world->ring);
        assert_int_equal(keyring_make(&world->ring, world->lab.path, NULL), DW_OK);
        for (int step = 0; step < 400; step++) {
            uint64_t act = rng_below(&rng, 16), n = rng_below(&rng, MODEL);
            if (act < 9) {
                model_make(world->ring, model, n);
            } else if (act < 11) {
                assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
                model_keep(model);
            } else if (act == 11) {
                keyring_drop_new(world->ring);
                model_lose(model);
            } else if (act == 12 && step % 4 == 0) {
                assert_int_equal(keyring_erase(world->ring, person(n), NULL), DW_OK);
                model[n].state = KEYRING_ERASED;
                model_keep(model);
            } else if (act == 13) {
                assert_int_equal(reopen(world), DW_OK);
                model_lose(model);
            } else if (act == 14) {
                assert_int_equal(keyring_catch_up(world->ring, NULL), DW_OK);
            }
            if (step % 20 == 0) check_model(world->ring, model);
        }
        check_model(world->ring, model);
    }
}

static void memory_works_alike(void **state)
{
    (void)state;
    struct keyring *ring, *other;
    uint8_t key[KEYS_SECRET], again[KEYS_SECRET];
    assert_int_equal(keyring_make(&ring, NULL, NULL), DW_OK);
    assert_int_equal(keyring_open(&other, NULL, NULL), DW_OK);
    assert_memory_not_equal(keyring_blind(ring), keyring_blind(other), KEYS_SECRET);
    make_key(ring, 1, key);
    keyring_drop_new(ring);
    expect_state(ring, 1, KEYRING_ABSENT);
    make_key(ring, 1, again);
    assert_memory_not_equal(key, again, KEYS_SECRET);
    assert_int_equal(keyring_save(ring, NULL), DW_OK);
    keyring_drop_new(ring);
    expect_key(ring, 1, again);
    assert_int_equal(keyring_erase(ring, person(1), NULL), DW_OK);
    assert_int_equal(keyring_erase(ring, person(2), NULL), DW_OK);
    expect_state(ring, 1, KEYRING_ERASED);
    expect_state(ring, 2, KEYRING_ERASED);
    keyring_close(ring);
    keyring_close(other);
}

static void devices_and_persons_are_apart(void **state)
{
    struct world *world = *state;
    struct keys_signer made, again;
    uint8_t key[KEYS_SECRET], blind[KEYS_SECRET];
    memcpy(blind, keyring_blind(world->ring), sizeof blind);
    assert_int_equal(keyring_device(world->ring, person(1), &made), KEYRING_ABSENT);
    assert_int_equal(keyring_device_make(world->ring, person(1), &made), DW_OK);
    make_key(world->ring, 1, key); /* the same id as a person */
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    assert_int_equal(keyring_erase(world->ring, person(1), NULL), DW_OK);
    assert_int_equal(reopen(world), DW_OK);
    assert_memory_equal(blind, keyring_blind(world->ring), sizeof blind);
    expect_state(world->ring, 1, KEYRING_ERASED);
    assert_int_equal(keyring_device(world->ring, person(1), &again), KEYRING_PRESENT);
    assert_memory_equal(&made, &again, sizeof made);
    assert_int_equal(keyring_device_make(world->ring, person(1), &again), DW_OK);
    assert_memory_equal(&made, &again, sizeof made);
}

/* The records file cut at every byte of the last batch: every whole record is there, and the ring can be used and saved. */
static void torn_tails_are_cut_off(void **state)
{
    enum { OLD = 5, LAST = 3 };
    struct world *world = *state;
    uint8_t key[OLD + LAST][KEYS_SECRET], extra[KEYS_SECRET];
    size_t len;
    for (uint64_t i = 0; i < OLD; i++) make_key(world->ring, i, key[i]);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    size_t durable = size_of(world->keys);
    for (uint64_t i = OLD; i < OLD + LAST; i++) make_key(world->ring, i, key[i]);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    unsigned char *data = lab_read(world->keys, &len);
    assert_int_equal(len, durable + (size_t)LAST * BLOCK);
    for (size_t cut = durable; cut < len; cut++) {
        lab_write(world->keys, data, cut);
        assert_int_equal(reopen(world), DW_OK);
        size_t whole = OLD + (cut - durable) / BLOCK;
        assert_int_equal(size_of(world->keys), (1 + whole) * BLOCK);
        for (uint64_t i = 0; i < OLD + LAST; i++) {
            if (i < whole)
                expect_key(world->ring, i, key[i]);
            else
                expect_state(world->ring, i, KEYRING_ABSENT);
        }
        make_key(world->ring, 99, extra);
        assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
        assert_int_equal(reopen(world), DW_OK);
        expect_key(world->ring, 99, extra);
    }
    free(data);
}

/* After a crash of the machine, sectors of the last batch may be empty while later ones are there. */
static void empty_sectors_are_torn_only_at_the_end(void **state)
{
    struct world *world = *state;
    uint8_t key[6][KEYS_SECRET];
    size_t len;
    for (uint64_t i = 0; i < 3; i++) make_key(world->ring, i, key[i]);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    for (uint64_t i = 3; i < 6; i++) make_key(world->ring, i, key[i]);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    unsigned char *data = lab_read(world->keys, &len), *bad = malloc(len);
    assert_non_null(bad);
    for (size_t hole = 0; hole < 6; hole++) {
        memcpy(bad, data, len);
        memset(bad + (1 + hole) * BLOCK, 0, BLOCK);
        lab_write(world->keys, bad, len);
        if (hole < 3) {
            assert_int_equal(reopen(world), DW_E_KEYS);  /* this was durable once: the second batch came after it */
            assert_int_equal(size_of(world->keys), len); /* and nothing is thrown away */
            continue;
        }
        assert_int_equal(reopen(world), DW_OK);
        for (uint64_t i = 0; i < hole; i++) expect_key(world->ring, i, key[i]);
        expect_state(world->ring, hole, KEYRING_ABSENT);
        assert_int_equal(size_of(world->keys), (1 + hole) * BLOCK);
    }
    free(data);
    free(bad);
}

static void every_flipped_bit_is_seen(void **state)
{
    struct world *world = *state;
    uint8_t key[KEYS_SECRET];
    const char *const files[] = {world->keys, world->site};
    for (uint64_t i = 0; i < 4; i++) make_key(world->ring, i, key);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    assert_int_equal(keyring_erase(world->ring, person(2), NULL), DW_OK);
    for (size_t f = 0; f < 2; f++) {
        size_t len;
        unsigned char *data = lab_read(files[f], &len);
        for (size_t bit = 0; bit < len * 8; bit++) {
            data[bit / 8] ^= (unsigned char)(1U << bit % 8);
            lab_write(files[f], data, len);
            if (reopen(world) != DW_E_KEYS) fail_msg("a flip of bit %zu of %s was not seen", bit, files[f]);
            data[bit / 8] ^= (unsigned char)(1U << bit % 8);
        }
        lab_write(files[f], data, len);
        assert_int_equal(reopen(world), DW_OK);
        free(data);
    }
}

static void records_cannot_be_moved(void **state)
{
    struct world *world = *state;
    struct keyring *other;
    uint8_t key[KEYS_SECRET];
    unsigned char block[BLOCK];
    char path[400];
    size_t len, other_len;
    for (uint64_t i = 0; i < 4; i++) make_key(world->ring, i, key);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    unsigned char *data = lab_read(world->keys, &len);
    memcpy(block, data + BLOCK, BLOCK);
    memmove(data + BLOCK, data + (size_t)2 * BLOCK, BLOCK);
    memcpy(data + (size_t)2 * BLOCK, block, BLOCK);
    lab_write(world->keys, data, len);
    assert_int_equal(reopen(world), DW_E_KEYS);
    free(data);
    /* the files of two sites do not fit each other */
    assert_int_equal(keyring_make(&other, lab_beside(path, &world->lab, "2"), NULL), DW_OK);
    make_key(other, 1, key);
    assert_int_equal(keyring_save(other, NULL), DW_OK);
    keyring_close(other);
    data = lab_read(lab_beside(path, &world->lab, "2.keys"), &other_len);
    lab_write(world->keys, data, other_len);
    assert_int_equal(reopen(world), DW_E_KEYS);
    free(data);
}

static void erased_keys_are_gone_for_good(void **state)
{
    struct world *world = *state;
    struct keyring *other;
    uint8_t key[8][KEYS_SECRET];
    size_t len;
    for (uint64_t i = 0; i < 8; i++) make_key(world->ring, i, key[i]);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    unsigned char *before = lab_read(world->keys, &len);
    for (size_t i = 0; i < 8; i++) {
        assert_false(holds(world->keys, key[i], KEYS_SECRET)); /* never in clear */
        assert_true(holds(world->keys, before + (1 + i) * BLOCK, BLOCK));
    }
    assert_int_equal(keyring_erase(world->ring, person(3), NULL), DW_OK);
    assert_int_equal(keyring_erase(world->ring, person(100), NULL), DW_OK); /* never had one, and never will */
    size_t size = size_of(world->keys);
    /* what wrapped it is nowhere in the file, not in part either */
    for (size_t at = 0; at + 16 <= BLOCK; at += 8) assert_false(holds(world->keys, before + 4 * BLOCK + at, 16));
    assert_int_equal(keyring_open(&other, world->lab.path, NULL), DW_OK);
    const uint8_t *none;
    for (int again = 0; again < 2; again++) {
        for (uint64_t i = 0; i < 8; i++) {
            if (i == 3)
                expect_state(other, i, KEYRING_ERASED);
            else
                expect_key(other, i, key[i]);
        }
        expect_state(other, 100, KEYRING_ERASED);
        assert_int_equal(keyring_person_make(other, person(3), &none), DW_E_STATE);
        assert_int_equal(keyring_person_make(other, person(100), &none), DW_E_STATE);
        assert_int_equal(keyring_erase(other, person(3), NULL), DW_OK);
        assert_int_equal(keyring_erase(other, person(100), NULL), DW_OK);
        assert_int_equal(size_of(world->keys), size); /* doing it again does nothing */
    }
    keyring_close(other);
    free(before);
}

/* A key file from before an erasure, put back, must not bring the key back while the newer marks are there: the record in its
 * place is the old one, the mark behind it rules. So ends a crash between the two writes of an erasure, too. */
static void a_mark_finishes_an_erasure(void **state)
{
    struct world *world = *state;
    uint8_t key[KEYS_SECRET];
    size_t len, size;
    for (uint64_t i = 0; i < 3; i++) make_key(world->ring, i, key);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    unsigned char *before = lab_read(world->keys, &size);
    assert_int_equal(keyring_erase(world->ring, person(1), NULL), DW_OK);
    unsigned char *after = lab_read(world->keys, &len);
    memcpy(after + (size_t)2 * BLOCK, before + (size_t)2 * BLOCK, BLOCK);
    lab_write(world->keys, after, len);
    assert_int_equal(reopen(world), DW_OK);
    expect_state(world->ring, 1, KEYRING_ERASED);
    assert_false(holds(world->keys, before + (size_t)2 * BLOCK, BLOCK));
    /* the other half: overwritten, and no mark */
    free(after);
    after = lab_read(world->keys, &len);
    lab_write(world->keys, after, size);
    assert_int_equal(reopen(world), DW_OK);
    expect_state(world->ring, 1, KEYRING_ERASED);
    assert_int_equal(keyring_erase(world->ring, person(1), NULL), DW_OK);
    assert_int_equal(size_of(world->keys), len);
    free(before);
    free(after);
}

static void processes_share_a_file(void **state)
{
    struct world *world = *state;
    struct keyring *other;
    uint8_t key[6][KEYS_SECRET];
    assert_int_equal(keyring_open(&other, world->lab.path, NULL), DW_OK);
    make_key(world->ring, 0, key[0]);
    make_key(other, 1, key[1]);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    assert_int_equal(keyring_save(other, NULL), DW_OK); /* behind the first's, not over it */
    expect_key(other, 0, key[0]);
    expect_state(world->ring, 1, KEYRING_ABSENT);
    assert_int_equal(keyring_catch_up(world->ring, NULL), DW_OK);
    expect_key(world->ring, 1, key[1]);
    /* both make a key of one person: the first to save has it, the second must give up what he sealed */
    make_key(world->ring, 2, key[2]);
    make_key(other, 2, key[3]);
    make_key(other, 3, key[3]);
    assert_int_equal(keyring_save(world->ring, NULL), DW_OK);
    size_t size = size_of(world->keys);
    assert_int_equal(keyring_save(other, NULL), DW_E_BUSY);
    assert_int_equal(size_of(world->keys), size);
    keyring_drop_new(other);
    expect_key(other, 2, key[2]);
    expect_state(other, 3, KEYRING_ABSENT);
    /* an erasure reaches the others, also one who was about to make that key */
    assert_int_equal(keyring_erase(other, person(2), NULL), DW_OK);
    make_key(world->ring, 4, key[4]);
    assert_int_equal(keyring_erase(other, person(4), NULL), DW_OK);
    assert_int_equal(keyring_catch_up(world->ring, NULL), DW_E_BUSY);
    keyring_drop_new(world->ring);
    expect_state(world->ring, 2, KEYRING_ERASED);
    expect_state(world->ring, 4, KEYRING_ERASED);
    keyring_close(other);
    assert_int_equal(reopen(world), DW_OK);
    expect_key(world->ring, 0, key[0]);
    expect_key(world->ring, 1, key[1]);
    expect_state(world->ring, 2, KEYRING_ERASED);
}

struct crowd {
    const char *path;
    uint64_t from;
};

enum { CROWD = 4, CROWD_KEYS = 120 };

static int add_many(void *ctx)
{
    struct crowd *crowd = ctx;
    struct err_detail detail = {0};
    struct keyring *ring;
    const uint8_t *key;
    lab_must(keyring_open(&ring, crowd->path, &detail), &detail);
    for (uint64_t i = 0; i < CROWD_KEYS; i++) {
        lab_must(keyring_person_make(ring, person(crowd->from + i), &key), &detail);
        if (i % 3 == 0) lab_must(keyring_save(ring, &detail), &detail);
    }
    lab_must(keyring_erase(ring, person(crowd->from), &detail), &detail);
    keyring_close(ring);
    return 0;
}

static void a_crowd_appends_at_once(void **state)
{
    struct world *world = *state;
    pid_t pids[CROWD];
    for (uint64_t i = 0; i < CROWD; i++) {
        struct crowd crowd = {world->lab.path, i * 1000};
        pids[i] = lab_fork(add_many, &crowd);
    }
    for (int i = 0; i < CROWD; i++) lab_wait(pids[i]);
    assert_int_equal(keyring_catch_up(world->ring, NULL), DW_OK);
    for (int again = 0; again < 2; again++) {
        for (uint64_t i = 0; i < CROWD; i++) {
            expect_state(world->ring, i * 1000, KEYRING_ERASED);
            for (uint64_t k = 1; k < CROWD_KEYS; k++) expect_state(world->ring, i * 1000 + k, KEYRING_PRESENT);
        }
        assert_int_equal(reopen(world), DW_OK);
    }
}

static int full_disk(void *ctx)
{
    struct world *world = ctx;
    struct err_detail detail = {0};
    uint8_t key[200][KEYS_SECRET];
    const uint8_t *got;
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &(struct rlimit){10000, RLIM_INFINITY}) != 0) return 10;
    dw_err code = DW_OK;
    uint64_t made = 0, saved = 0;
    for (; made < 200 && code == DW_OK; made++) {
        lab_must(keyring_person_make(world->ring, person(made), &got), &detail);
        memcpy(key[made], got, KEYS_SECRET);
        if (made % 10 == 9) code = keyring_save(world->ring, &detail);
        if (made % 10 == 9 && code == DW_OK) saved = made + 1;
    }
    if (code != DW_E_FULL || saved == 0 || size_of(world->keys) != (1 + saved) * BLOCK) return 11;
    if (keyring_save(world->ring, &detail) != DW_E_FULL) return 12;
    if (setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}) != 0) return 13;
    lab_must(keyring_save(world->ring, &detail), &detail); /* nothing was forgotten meanwhile */
    lab_must(reopen(world), &detail);
    for (uint64_t i = 0; i < made; i++) {
        if (keyring_person(world->ring, person(i), &got) != KEYRING_PRESENT) return 14;
        if (memcmp(got, key[i], KEYS_SECRET) != 0) return 15;
    }
    return 0;
}

static void a_full_disk_loses_nothing(void **state)
{
    lab_wait(lab_fork(full_disk, *state));
}

#define ONE(function)                                                                                                            \
    {                                                                                                                            \
#function, function, setup, teardown, NULL                                                                               \
    }

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {ONE(two_private_files),
                                       ONE(follows_the_model),
                                       ONE(memory_works_alike),
                                       ONE(devices_and_persons_are_apart),
                                       ONE(torn_tails_are_cut_off),
                                       ONE(empty_sectors_are_torn_only_at_the_end),
                                       ONE(every_flipped_bit_is_seen),
                                       ONE(records_cannot_be_moved),
                                       ONE(erased_keys_are_gone_for_good),
                                       ONE(a_mark_finishes_an_erasure),
                                       ONE(processes_share_a_file),
                                       ONE(a_crowd_appends_at_once),
                                       ONE(a_full_disk_loses_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
