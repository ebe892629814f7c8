/* Programs are killed at any moment: what they were told is durable is there, whole, with the keys that open it. */
#include "table.h"

#include <fcntl.h>
#include <signal.h>

#include "store/keyring.h"

enum { ROUNDS = 40, BATCH_MOST = 40, SECRET = 32 };

static const struct store_sql crash_put = {"INSERT INTO case_row (site_id, seq, n, r, t, b) VALUES ($1, $2, $3, $4, $5, $6)"};
static const struct store_sql crash_all = {"SELECT seq, n, r, b FROM case_row WHERE site_id = $1 ORDER BY seq"};
static const struct store_sql crash_last = {"SELECT coalesce(max(n), 0), coalesce(max(seq), 0) FROM case_row WHERE site_id = $1"};

struct crash {
    struct lab lab;
    uint64_t seed;
    int acks; /* a batch number each, from the child */
};

/* The n-th row's person. */
static struct id crash_person(int64_t seq)
{
    char name[32];
    snprintf(name, sizeof name, "person %lld", (long long)seq);
    return id_named(cases_site, name);
}

static dw_err crash_two(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    int64_t *two = ctx;
    two[0] = store_get_int(&values[0]);
    two[1] = store_get_int(&values[1]);
    return DW_OK;
}

/* One batch: rows numbered on from the last, each with the number of its batch and of the batch's rows, and bytes sealed by a key
 * of its own that is made here. Some batches are rolled back first. */
static void crash_batch(struct store *store, struct keyring *ring, struct rng *rng, int64_t batch, int64_t *seq, bool stay)
{
    struct err_detail detail = {0};
    static unsigned char filler[60000];
    int64_t rows = 1 + (int64_t)rng_below(rng, BATCH_MOST);
    lab_must(store_begin(store, &detail), &detail);
    lab_must(keyring_catch_up(ring, &detail), &detail);
    for (int64_t i = 0; i < rows; i++) {
        unsigned char sealed[SECRET + KEYS_OVERHEAD] = {0};
        char secret[SECRET] = {0};
        const uint8_t *key;
        int64_t at = *seq + 1 + i;
        lab_must(keyring_person_make(ring, crash_person(at), &key), &detail);
        snprintf(secret, sizeof secret, "secret %lld", (long long)at);
        keys_seal(sealed, key, &at, sizeof at, secret, sizeof secret);
        struct store_value row[] = {store_id(&cases_site),    store_int(at), store_int(batch),
                                    store_real((double)rows), store_null(),  store_bytes(sealed, sizeof sealed)};
        lab_must(store_run(store, &crash_put, row, CASES_COLUMNS, 1, &detail), &detail);
        struct store_value bulk[] = {store_id(&cases_site), store_int(-at), store_int(batch),
                                     store_null(),          store_null(),   store_bytes(filler, rng_below(rng, sizeof filler))};
        lab_must(store_run(store, &crash_put, bulk, CASES_COLUMNS, 1, &detail), &detail);
    }
    if (!stay) {
        store_rollback(store);
        keyring_drop_new(ring);
        return;
    }
    lab_must(keyring_save(ring, &detail), &detail);
    lab_must(store_commit(store, &detail), &detail);
    *seq += rows;
}

/* The child: writes batches and says each when it is durable, until it is killed. */
static int crash_write(void *ctx)
{
    struct crash *crash = ctx;
    struct err_detail detail = {0};
    struct store *store;
    struct keyring *ring;
    int64_t last[2] = {0, 0};
    struct store_value site = store_id(&cases_site);
    struct rng rng = rng_seed(crash->seed);
    lab_must(store_open(&store, crash->lab.path, STORE_USE, &detail), &detail);
    lab_must(keyring_open(&ring, crash->lab.path, &detail), &detail);
    lab_must(store_ask(store, &crash_last, &site, 1, crash_two, last, &detail), &detail);
    for (int64_t batch = last[0] + 1;; batch++) {
        if (rng_below(&rng, 5) == 0) crash_batch(store, ring, &rng, batch, &last[1], false);
        crash_batch(store, ring, &rng, batch, &last[1], true);
        if (write(crash->acks, &batch, sizeof batch) != (ssize_t)sizeof batch) return 1;
    }
}

struct crash_seen {
    const struct keyring *ring;
    int64_t seq, batch, rows, want; /* of the present batch: rows seen, and how many it has */
};

static dw_err crash_check_row(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    struct crash_seen *seen = ctx;
    (void)count;
    (void)detail;
    int64_t seq = store_get_int(&values[0]), batch = store_get_int(&values[1]);
    if (seq < 0) return DW_OK;
    assert_int_equal(seq, seen->seq + 1);
    if (batch != seen->batch) {
        assert_int_equal(seen->rows, seen->want); /* the batch before is whole */
        assert_int_equal(batch, seen->batch + 1);
        seen->batch = batch;
        seen->rows = 0;
        seen->want = (int64_t)store_get_real(&values[2]);
    }
    seen->seq = seq;
    seen->rows++;
    const uint8_t *key;
    char secret[SECRET], want[SECRET] = {0};
    snprintf(want, sizeof want, "secret %lld", (long long)seq);
    assert_int_equal(keyring_person(seen->ring, crash_person(seq), &key), KEYRING_PRESENT);
    assert_int_equal(values[3].len, sizeof secret + KEYS_OVERHEAD);
    assert_true(keys_open(secret, key, values[3].data, values[3].len));
    assert_memory_equal(secret, want, sizeof secret);
    return DW_OK;
}

/* The last batch that is there. */
static int64_t crash_check(const struct crash *crash)
{
    struct err_detail detail = {0};
    struct store *store;
    struct keyring *ring;
    struct store_value site = store_id(&cases_site);
    cases_ok(store_open(&store, crash->lab.path, STORE_USE, &detail), &detail);
    cases_ok(keyring_open(&ring, crash->lab.path, &detail), &detail);
    struct crash_seen seen = {.ring = ring};
    cases_ok(store_ask(store, &crash_all, &site, 1, crash_check_row, &seen, &detail), &detail);
    assert_int_equal(seen.rows, seen.want);
    keyring_close(ring);
    store_close(store);
    return seen.batch;
}

static void crash_sleep(uint64_t us)
{
    nanosleep(&(struct timespec){.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000}, NULL);
}

/* Runs a child, kills it after us microseconds; the last batch it has said, or before. */
static int64_t crash_round(struct crash *crash, uint64_t us, int64_t before)
{
    int pipes[2], status;
    int64_t said = before, batch;
    assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
    crash->acks = pipes[1];
    pid_t pid = lab_fork(crash_write, crash);
    close(pipes[1]);
    crash_sleep(us);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status)); /* it had not failed by itself */
    while (read(pipes[0], &batch, sizeof batch) == (ssize_t)sizeof batch) {
        assert_int_equal(batch, said + 1);
        said = batch;
    }
    close(pipes[0]);
    return said;
}

static void killed_writers_lose_nothing(void **state)
{
    (void)state;
    struct crash crash = {.seed = lab_seed("killed writers")};
    struct err_detail detail = {0};
    struct store *store;
    struct keyring *ring;
    struct rng rng = rng_seed(crash.seed);
    lab_open(&crash.lab);
    cases_ok(store_open(&store, crash.lab.path, STORE_CREATE, &detail), &detail);
    cases_ok(store_run(store, &cases_table, NULL, 0, 1, &detail), &detail);
    store_close(store);
    cases_ok(keyring_make(&ring, crash.lab.path, &detail), &detail);
    keyring_close(ring);
    int64_t last = 0, unsaid = 0;
    for (int round = 0; round < ROUNDS; round++) {
        crash.seed = rng_next(&rng);
        int64_t said = crash_round(&crash, rng_below(&rng, 60000), last);
        int64_t there = crash_check(&crash);
        /* all that was said, and at most the one batch that was on its way */
        if (there < said || there > said + 1)
            fail_msg("round %d: said %lld, there %lld", round, (long long)said, (long long)there);
        unsaid += there - said;
        last = there;
    }
    printf("%lld batches, %lld of them durable before they were said\n", (long long)last, (long long)unsaid);
    assert_true(last > 0);
    lab_close(&crash.lab);
}

static int crash_create(void *ctx)
{
    struct crash *crash = ctx;
    struct store *store;
    struct err_detail detail = {0};
    char byte = 0;
    if (write(crash->acks, &byte, 1) != 1) return 1;
    lab_must(store_open(&store, crash->lab.path, STORE_CREATE, &detail), &detail);
    if (write(crash->acks, &byte, 1) != 1) return 1;
    for (;;) pause();
}

/* A store that was being made is there whole, or not at all. */
static void killed_makers_leave_no_half(void **state)
{
    (void)state;
    struct rng rng = rng_seed(lab_seed("killed makers"));
    int whole = 0, none = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct crash crash = {0};
        struct err_detail detail = {0};
        struct store *store;
        int pipes[2], status;
        char bytes[2];
        lab_open(&crash.lab);
        assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
        crash.acks = pipes[1];
        pid_t pid = lab_fork(crash_create, &crash);
        close(pipes[1]);
        assert_int_equal(read(pipes[0], bytes, 1), 1);
        crash_sleep(rng_below(&rng, 12000));
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        bool made = read(pipes[0], bytes, 2) > 0;
        dw_err code = store_open(&store, crash.lab.path, STORE_USE, &detail);
        if (code != DW_E_NOT_FOUND || made) cases_ok(code, &detail);
        whole += code == DW_OK;
        none += code == DW_E_NOT_FOUND;
        if (code == DW_E_NOT_FOUND) cases_ok(store_open(&store, crash.lab.path, STORE_CREATE, &detail), &detail);
        store_close(store);
        close(pipes[0]);
        lab_close(&crash.lab);
    }
    printf("%d stores whole, %d not there\n", whole, none);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(killed_writers_lose_nothing),
                                       cmocka_unit_test(killed_makers_leave_no_half)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
