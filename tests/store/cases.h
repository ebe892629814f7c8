/* What every store must do, as cmocka cases over a way to make one: the test of each driver or wrapper includes this file, sets
 * cases_maker and runs CASES_ALL, and CASES_LASTING too when a store outlives its closing. Not a unit of its own. */
#ifndef TESTS_STORE_CASES_H
#define TESTS_STORE_CASES_H

#include "table.h"

#include <float.h>
#include <math.h>

/* Values of all types: the ends of their ranges first, then at random. */
static struct store_value cases_any(struct rng *rng, enum store_type type, unsigned char *room, size_t size)
{
    static const int64_t ints[] = {
        0, 1, -1, INT64_MAX, INT64_MIN, INT32_MAX, INT32_MIN, (int64_t)1 << 53, ((int64_t)1 << 53) + 1};
    static const double reals[] = {0.5, -1.25, DBL_MAX, DBL_MIN, DBL_TRUE_MIN, INFINITY, -INFINITY, 1e300, 0.1};
    static const char *const texts[] = {"", "0", "12", "1e5", "门牌 4-2-5", "a'b\"c\\d;--", "𠮷·é", " ", "NULL"};
    size_t len;
    switch (type) {
    case STORE_INT:
        if (rng_below(rng, 2)) return store_int(ints[rng_below(rng, 9)]);
        return store_int((int64_t)rng_next(rng) >> rng_below(rng, 64));
    case STORE_REAL:
        return store_real(rng_below(rng, 2) ? reals[rng_below(rng, 9)] : rng_unit(rng) + 1e-9);
    case STORE_TEXT:
        return store_text(texts[rng_below(rng, 9)]);
    case STORE_BYTES:
        len = rng_below(rng, 4) ? rng_below(rng, size) : 0;
        rng_bytes(rng, room, len);
        return store_bytes(len == 0 ? NULL : room, len);
    default:
        return store_null();
    }
}

static void cases_same(const struct store_value *want, const struct store_value *got)
{
    assert_int_equal(want->type, got->type);
    if (want->type == STORE_INT) assert_true(want->n == got->n);
    if (want->type == STORE_REAL) assert_true(want->real == got->real);
    if (want->type != STORE_TEXT && want->type != STORE_BYTES) return;
    assert_int_equal(want->len, got->len);
    assert_memory_equal(want->data, got->data, want->len);
}

static dw_err cases_compare(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    (void)detail;
    const struct store_value **want = ctx;
    assert_int_equal(count, 4);
    for (size_t i = 0; i < 4; i++) cases_same(&(*want)[i], &values[i]);
    *want = NULL;
    return DW_OK;
}

static void cases_expect(struct store *store, int64_t seq, const struct store_value *want)
{
    struct err_detail detail = {0};
    struct store_value key[] = {store_id(&cases_site), store_int(seq)};
    cases_ok(store_ask(store, &cases_get, key, 2, cases_compare, &want, &detail), &detail);
    assert_null(want);
}

static void cases_round_trip(void **state)
{
    enum { ROWS = 300, ROOM = 6000 };
    struct cases *cases = *state;
    struct err_detail detail = {0};
    static struct store_value values[ROWS][CASES_COLUMNS];
    unsigned char *room = malloc((size_t)ROWS * ROOM);
    assert_non_null(room);
    struct rng rng = rng_seed(lab_seed("round trip"));
    for (int i = 0; i < ROWS; i++) {
        values[i][0] = store_id(&cases_site);
        values[i][1] = store_int(i);
        for (int c = 0; c < 4; c++) {
            enum store_type type = rng_below(&rng, 4) ? (enum store_type)(STORE_INT + c) : STORE_NULL;
            values[i][2 + c] = cases_any(&rng, type, room + (size_t)i * ROOM, ROOM);
        }
    }
    cases_ok(store_run(cases->store, &cases_put, values[0], CASES_COLUMNS, ROWS / 2, &detail), &detail);
    for (int i = ROWS / 2; i < ROWS; i++)
        cases_ok(store_run(cases->store, &cases_put, values[i], CASES_COLUMNS, 1, &detail), &detail);
    if (cases_maker.fresh == STORE_CREATE) cases_reopen(cases);
    assert_int_equal(cases_rows(cases->store), ROWS);
    for (int i = 0; i < ROWS; i++) cases_expect(cases->store, i, &values[i][2]);
    free(room);
}

static void cases_big_bytes(void **state)
{
    enum { BIG = 9 << 20 };
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct rng rng = rng_seed(7);
    unsigned char *big = malloc(BIG), *copy = malloc(BIG);
    assert_true(big != NULL && copy != NULL);
    rng_bytes(&rng, big, BIG);
    memcpy(copy, big, BIG);
    struct store_value row[] = {store_id(&cases_site), store_int(1), store_null(),
                                store_null(),          store_null(), store_bytes(copy, BIG)};
    cases_ok(store_run(cases->store, &cases_put, row, CASES_COLUMNS, 1, &detail), &detail);
    memset(copy, 0, BIG); /* values are the caller's again after the call */
    struct store_value want[] = {store_null(), store_null(), store_null(), store_bytes(big, BIG)};
    cases_expect(cases->store, 1, want);
    free(big);
    free(copy);
}

static dw_err cases_read_id(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    (void)detail;
    assert_int_equal(count, 4);
    struct id got = store_get_id(&values[3]);
    *(struct id *)ctx = got;
    assert_true(id_null(store_get_id(&values[0]))); /* an int is no id */
    assert_int_equal(store_get_int(&values[2]), 0); /* a text is no int */
    assert_true(store_get_real(&values[0]) == 5.0);
    return DW_OK;
}

static void cases_ids_and_nulls(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct id none = {{0}}, got;
    struct store_value row[] = {store_id(&cases_site), store_int(1),     store_int(5),
                                store_null(),          store_text("77"), store_id(&cases_site)};
    struct store_value key[] = {store_id(&cases_site), store_int(1)};
    cases_ok(store_run(cases->store, &cases_put, row, CASES_COLUMNS, 1, &detail), &detail);
    cases_ok(store_ask(cases->store, &cases_get, key, 2, cases_read_id, &got, &detail), &detail);
    assert_true(id_equal(got, cases_site));
    assert_int_equal(store_id(&none).type, STORE_NULL);
    assert_int_equal(store_text(NULL).type, STORE_NULL);
    assert_int_equal(store_bytes(NULL, 0).type, STORE_BYTES);
    row[0] = store_null(); /* NOT NULL */
    assert_int_equal(store_run(cases->store, &cases_put, row, CASES_COLUMNS, 1, &detail), DW_E_STORE);
    row[0] = store_id(&cases_site);
    row[1] = store_int(2);
    row[3] = store_real(NAN);
    assert_int_equal(store_run(cases->store, &cases_put, row, CASES_COLUMNS, 1, &detail), DW_E_INVALID);
    assert_int_equal(cases_rows(cases->store), 1);
}

/* Two asks of one reading transaction agree, whatever others write between them. */
static void cases_one_moment(void **state)
{
    struct cases *cases = *state;
    struct store *other = NULL;
    struct err_detail detail = {0};
    cases_ok(cases_put_n(cases->store, 1, 1, &detail), &detail);
    cases_ok(store_begin_read(cases->store, &detail), &detail);
    assert_int_equal(cases_rows(cases->store), 1);
    assert_int_equal(cases_put_n(cases->store, 2, 2, &detail), DW_E_STATE);
    assert_int_equal(store_begin(cases->store, &detail), DW_E_STATE);
    if (cases_maker.fresh == STORE_CREATE) {
        cases_ok(store_open(&other, cases->lab.path, STORE_USE, &detail), &detail);
        cases_ok(cases_put_n(other, 3, 3, &detail), &detail); /* waits for nobody */
        assert_int_equal(cases_rows(other), 2);
        store_close(other);
    }
    assert_int_equal(cases_rows(cases->store), 1);
    assert_int_equal(store_commit(cases->store, &detail), DW_E_STATE);
    store_rollback(cases->store);
    assert_int_equal(cases_rows(cases->store), cases_maker.fresh == STORE_CREATE ? 2 : 1);
    cases_ok(cases_put_n(cases->store, 2, 2, &detail), &detail);
}

static void cases_transactions(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    store_rollback(cases->store); /* nothing open: nothing happens */
    assert_int_equal(store_commit(cases->store, &detail), DW_E_STATE);
    cases_ok(store_begin(cases->store, &detail), &detail);
    assert_int_equal(store_begin(cases->store, &detail), DW_E_STATE);
    cases_ok(cases_put_n(cases->store, 1, 1, &detail), &detail);
    assert_int_equal(cases_rows(cases->store), 1); /* its own writes are seen inside */
    store_rollback(cases->store);
    assert_int_equal(cases_rows(cases->store), 0);
    cases_ok(store_begin(cases->store, &detail), &detail);
    cases_ok(cases_put_n(cases->store, 2, 1, &detail), &detail);
    cases_ok(store_commit(cases->store, &detail), &detail);
    store_rollback(cases->store); /* too late: nothing happens */
    assert_int_equal(cases_rows(cases->store), 1);
    cases_ok(store_begin(cases->store, &detail), &detail);
    cases_ok(cases_put_n(cases->store, 3, 1, &detail), &detail);
    if (cases_maker.fresh != STORE_CREATE) return; /* left open: closing rolls back */
    cases_reopen(cases);
    assert_int_equal(cases_rows(cases->store), 1);
}

enum { CASES_MODEL = 40 };

static dw_err cases_model_row(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    (void)detail;
    assert_int_equal(count, 2);
    int64_t *seen = ctx, seq = store_get_int(&values[0]);
    assert_true(seq >= 0 && seq < CASES_MODEL && seen[seq] == -1);
    seen[seq] = store_get_int(&values[1]);
    return DW_OK;
}

static void cases_model_check(struct store *store, const int64_t *model)
{
    struct err_detail detail = {0};
    struct store_value site = store_id(&cases_site);
    int64_t seen[CASES_MODEL];
    for (int i = 0; i < CASES_MODEL; i++) seen[i] = -1;
    cases_ok(store_ask(store, &cases_list, &site, 1, cases_model_row, seen, &detail), &detail);
    assert_memory_equal(seen, model, sizeof seen);
}

/* Random writes, commits, rollbacks and reopenings, against an array. */
static void cases_model(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct rng rng = rng_seed(lab_seed("model"));
    int64_t now[CASES_MODEL], kept[CASES_MODEL];
    for (int i = 0; i < CASES_MODEL; i++) now[i] = kept[i] = -1;
    bool open = false;
    for (int step = 0; step < 1500; step++) {
        uint64_t act = rng_below(&rng, 20), seq = rng_below(&rng, CASES_MODEL);
        struct store_value key[] = {store_id(&cases_site), store_int((int64_t)seq)};
        if (act < 10) {
            now[seq] = (int64_t)rng_below(&rng, 1000);
            cases_ok(cases_put_n(cases->store, (int64_t)seq, now[seq], &detail), &detail);
        } else if (act < 14) {
            now[seq] = -1;
            cases_ok(store_run(cases->store, &cases_delete, key, 2, 1, &detail), &detail);
        } else if (act < 16) {
            if (!open) cases_ok(store_begin(cases->store, &detail), &detail);
            open = true;
        } else if (act == 16 && open) {
            store_rollback(cases->store);
            memcpy(now, kept, sizeof now);
            open = false;
        } else if (act == 17 && open) {
            cases_ok(store_commit(cases->store, &detail), &detail);
            open = false;
        } else if (act == 18 && step % 16 == 0 && cases_maker.fresh == STORE_CREATE) {
            cases_reopen(cases);
            memcpy(now, kept, sizeof now);
            open = false;
        } else {
            cases_model_check(cases->store, now);
        }
        if (!open) memcpy(kept, now, sizeof now);
    }
}

static void cases_failing_rows(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct store_value rows[5][CASES_COLUMNS];
    for (int i = 0; i < 5; i++) {
        struct store_value row[] = {store_id(&cases_site), store_int(i == 3 ? 1 : i), store_null(), store_null(), store_null(),
                                    store_null()};
        memcpy(rows[i], row, sizeof row);
    }
    /* outside a transaction: all or nothing */
    assert_int_equal(store_run(cases->store, &cases_put, rows[0], CASES_COLUMNS, 5, &detail), DW_E_STORE);
    assert_true(detail.text[0] != 0);
    assert_int_equal(cases_rows(cases->store), 0);
    cases_ok(store_run(cases->store, &cases_put, rows[0], CASES_COLUMNS, 0, &detail), &detail);
    cases_ok(store_run(cases->store, &cases_put, rows[0], CASES_COLUMNS, 3, &detail), &detail);
    assert_int_equal(cases_rows(cases->store), 3);
    /* inside one: everything after it fails the same way, and nothing of it stays */
    cases_ok(store_begin(cases->store, &detail), &detail);
    cases_ok(cases_put_n(cases->store, 10, 1, &detail), &detail);
    assert_int_equal(store_run(cases->store, &cases_put, rows[3], CASES_COLUMNS, 1, &detail), DW_E_STORE);
    assert_int_equal(cases_put_n(cases->store, 11, 1, &detail), DW_E_STORE);
    struct store_value site = store_id(&cases_site);
    int64_t count;
    assert_int_equal(store_ask(cases->store, &cases_count, &site, 1, cases_int, &count, &detail), DW_E_STORE);
    assert_int_equal(store_commit(cases->store, &detail), DW_E_STORE);
    assert_int_equal(cases_rows(cases->store), 3);
    cases_ok(cases_put_n(cases->store, 12, 1, &detail), &detail);
    assert_int_equal(cases_rows(cases->store), 4);
}

static void cases_wrong_statements(void **state)
{
    static const struct store_sql nonsense = {"SELEKT 1"}, absent = {"SELECT x FROM no_such_table"}, two = {"SELECT 1; SELECT 2"},
                                  order = {"SELECT seq FROM case_row WHERE seq = $2 AND site_id = $1"},
                                  quoted = {"SELECT \"no column, and no text either\" FROM case_row"}, empty = {"  "};
    const struct store_sql *const wrong[] = {&nonsense, &absent, &two, &quoted, &empty};
    struct cases *cases = *state;
    struct store_value none[] = {store_null(), store_null(), store_null()};
    int64_t n;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct err_detail detail = {0};
        assert_int_equal(store_ask(cases->store, wrong[i], NULL, 0, cases_int, &n, &detail), DW_E_STORE);
        assert_true(detail.text[0] != 0);
        assert_int_equal(store_run(cases->store, wrong[i], NULL, 0, 1, NULL), DW_E_STORE);
    }
    assert_int_equal(store_ask(cases->store, &order, none, 2, cases_int, &n, NULL), DW_E_STORE);
    assert_int_equal(store_ask(cases->store, &cases_count, none, 0, cases_int, &n, NULL), DW_E_STORE);  /* too few */
    assert_int_equal(store_ask(cases->store, &cases_count, none, 2, cases_int, &n, NULL), DW_E_STORE);  /* too many */
    assert_int_equal(store_ask(cases->store, &cases_delete, none, 2, cases_int, &n, NULL), DW_E_STATE); /* ask only reads */
    assert_int_equal(cases_rows(cases->store), 0);
}

struct cases_walk {
    struct store *store;
    int64_t seen, stop;
    int depth;
};

static dw_err cases_walk_row(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    struct cases_walk *walk = ctx;
    assert_int_equal(count, 2);
    walk->seen++;
    if (store_get_int(&values[0]) == walk->stop) return DW_E_CANCELLED;
    if (walk->depth == 0) return DW_OK;
    struct store_value site = store_id(&cases_site);
    struct cases_walk inner = {walk->store, 0, -1, walk->depth - 1};
    cases_ok(store_ask(walk->store, &cases_list, &site, 1, cases_walk_row, &inner, detail), detail); /* the same statement */
    assert_int_equal(cases_rows(walk->store), 6);
    assert_int_equal(store_get_int(&values[1]), 7 * store_get_int(&values[0])); /* still the outer row */
    walk->seen += inner.seen;
    return DW_OK;
}

static void cases_walks(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct store_value site = store_id(&cases_site);
    for (int i = 0; i < 6; i++) cases_ok(cases_put_n(cases->store, i, 7 * i, &detail), &detail);
    struct cases_walk walk = {cases->store, 0, -1, 2};
    cases_ok(store_ask(cases->store, &cases_list, &site, 1, cases_walk_row, &walk, &detail), &detail);
    assert_int_equal(walk.seen, 6 + 36 + 216);
    /* a callback's own error comes back, stops the walk and spoils nothing */
    walk = (struct cases_walk){cases->store, 0, 2, 0};
    cases_ok(store_begin(cases->store, &detail), &detail);
    assert_int_equal(store_ask(cases->store, &cases_list, &site, 1, cases_walk_row, &walk, &detail), DW_E_CANCELLED);
    assert_int_equal(walk.seen, 3);
    cases_ok(cases_put_n(cases->store, 6, 42, &detail), &detail);
    cases_ok(store_commit(cases->store, &detail), &detail);
    assert_int_equal(cases_rows(cases->store), 7);
}

static void cases_lasting_modes(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct store *other = NULL;
    cases_ok(cases_put_n(cases->store, 1, 1, &detail), &detail);
    assert_int_equal(cases_maker.open(&other, cases->lab.path, STORE_CREATE, &detail), DW_E_EXISTS);
    assert_null(other);
    cases_reopen(cases);
    assert_int_equal(cases_maker.open(&other, cases->lab.path, STORE_CREATE, &detail), DW_E_EXISTS);
    assert_int_equal(cases_rows(cases->store), 1);
    char path[400];
    assert_int_equal(cases_maker.open(&other, lab_beside(path, &cases->lab, "-other"), STORE_USE, &detail), DW_E_NOT_FOUND);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(cases_maker.open(&other, "", STORE_USE, &detail), DW_E_INVALID);
    assert_int_equal(cases_maker.open(&other, NULL, STORE_CREATE, &detail), DW_E_INVALID);
}

static dw_err cases_first_int(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    (void)detail;
    assert_int_equal(count, 4);
    *(int64_t *)ctx = store_get_int(&values[0]);
    return DW_OK;
}

enum { CASES_TIMES = 150, CASES_WRITERS = 3 };

/* Adds 1 to a number, often, in transactions that read it first. In a child. */
static int cases_count_up(void *path)
{
    struct err_detail detail = {0};
    struct store *store;
    struct store_value key[] = {store_id(&cases_site), store_int(0)};
    lab_must(cases_maker.open(&store, path, STORE_USE, &detail), &detail);
    for (int i = 0; i < CASES_TIMES; i++) {
        int64_t n = -1;
        lab_must(store_begin(store, &detail), &detail);
        lab_must(store_ask(store, &cases_get, key, 2, cases_first_int, &n, &detail), &detail);
        lab_must(cases_put_n(store, 0, n + 1, &detail), &detail);
        lab_must(store_commit(store, &detail), &detail);
    }
    store_close(store);
    return 0;
}

static void cases_lasting_writers(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    cases_ok(cases_put_n(cases->store, 0, 0, &detail), &detail);
    store_close(cases->store); /* a connection must not cross a fork */
    cases->store = NULL;
    pid_t pids[CASES_WRITERS];
    for (int i = 0; i < CASES_WRITERS; i++) pids[i] = lab_fork(cases_count_up, cases->lab.path);
    for (int i = 0; i < CASES_WRITERS; i++) lab_wait(pids[i]);
    cases_ok(cases_maker.open(&cases->store, cases->lab.path, STORE_USE, &detail), &detail);
    struct store_value key[] = {store_id(&cases_site), store_int(0)};
    int64_t n = -1;
    cases_ok(store_ask(cases->store, &cases_get, key, 2, cases_first_int, &n, &detail), &detail);
    assert_int_equal(n, CASES_WRITERS * CASES_TIMES);
}

struct cases_copying {
    struct store *other; /* writes while the copy is made */
    int64_t next;
    bool on;
};

static bool cases_tick(void *ctx, const char *step, uint64_t done, uint64_t all)
{
    struct cases_copying *copying = ctx;
    struct err_detail detail = {0};
    assert_string_equal(step, "backup.copy");
    assert_true(done <= all);
    cases_ok(cases_put_n(copying->other, copying->next++, 1, &detail), &detail);
    return copying->on;
}

/* One moment, whatever others do meanwhile; and nothing when it is broken off or stands in the way. */
static void cases_lasting_copy(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct cases_copying copying = {.next = 1000, .on = true};
    struct clock_progress progress = {cases_tick, &copying};
    char path[400];
    struct store *copy;
    lab_beside(path, &cases->lab, ".copy");
    cases_ok(cases_maker.open(&copying.other, cases->lab.path, STORE_USE, &detail), &detail);
    for (int64_t i = 0; i < 100; i++) cases_ok(cases_put_n(cases->store, i, i, &detail), &detail);
    assert_int_equal(store_copy(cases->store, path, NULL, &detail), DW_E_STATE);
    cases_ok(store_begin_read(cases->store, &detail), &detail);
    assert_int_equal(cases_rows(cases->store), 100);
    cases_ok(cases_put_n(copying.other, 500, 1, &detail), &detail);
    copying.on = false;
    assert_int_equal(store_copy(cases->store, path, &progress, &detail), DW_E_CANCELLED);
    assert_int_not_equal(access(path, F_OK), 0);
    copying.on = true;
    cases_ok(store_copy(cases->store, path, &progress, &detail), &detail);
    assert_int_equal(store_copy(cases->store, path, &progress, &detail), DW_E_EXISTS);
    store_rollback(cases->store);
    assert_true(copying.next > 1001 && cases_rows(cases->store) > 101);
    cases_ok(cases_maker.open(&copy, path, STORE_USE, &detail), &detail);
    assert_int_equal(cases_rows(copy), 100);
    store_close(copy);
    store_close(copying.other);
}

struct cases_holder {
    const char *path;
    int ready[2], go[2];
};

/* Holds a transaction until told to stop. In a child. */
static int cases_hold(void *ctx)
{
    struct cases_holder *holder = ctx;
    struct store *store;
    struct err_detail detail = {0};
    char byte = 0;
    lab_must(cases_maker.open(&store, holder->path, STORE_USE, &detail), &detail);
    lab_must(store_begin(store, &detail), &detail);
    lab_must(cases_put_n(store, 5, 5, &detail), &detail);
    if (write(holder->ready[1], &byte, 1) != 1 || read(holder->go[0], &byte, 1) != 1) return 3;
    lab_must(store_commit(store, &detail), &detail);
    store_close(store);
    return 0;
}

static void cases_lasting_busy(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct cases_holder holder = {.path = cases->lab.path};
    char byte = 0;
    store_close(cases->store);
    cases->store = NULL;
    assert_true(pipe(holder.ready) == 0 && pipe(holder.go) == 0);
    pid_t pid = lab_fork(cases_hold, &holder);
    assert_int_equal(read(holder.ready[0], &byte, 1), 1);
    cases_ok(cases_maker.open(&cases->store, cases->lab.path, STORE_USE, &detail), &detail);
    store_patience(cases->store, 50);
    assert_int_equal(store_begin(cases->store, &detail), DW_E_BUSY);
    assert_int_equal(cases_put_n(cases->store, 6, 6, &detail), DW_E_BUSY);
    assert_int_equal(cases_rows(cases->store), 0); /* readers do not wait, and see what is committed */
    assert_int_equal(write(holder.go[1], &byte, 1), 1);
    store_patience(cases->store, 10000);
    cases_ok(store_begin(cases->store, &detail), &detail); /* waits for the other */
    assert_int_equal(cases_rows(cases->store), 1);
    store_rollback(cases->store);
    lab_wait(pid);
    for (int i = 0; i < 2; i++) {
        close(holder.ready[i]);
        close(holder.go[i]);
    }
}

#define CASES_ALL                                                                                                                \
    CASES_ONE(cases_round_trip), CASES_ONE(cases_big_bytes), CASES_ONE(cases_ids_and_nulls), CASES_ONE(cases_one_moment),        \
        CASES_ONE(cases_transactions), CASES_ONE(cases_model), CASES_ONE(cases_failing_rows), CASES_ONE(cases_wrong_statements), \
        CASES_ONE(cases_walks)
#define CASES_LASTING                                                                                                            \
    CASES_ONE(cases_lasting_modes), CASES_ONE(cases_lasting_writers), CASES_ONE(cases_lasting_busy), CASES_ONE(cases_lasting_copy)

#endif
