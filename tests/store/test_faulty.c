/* Each way of failing is seen as it is promised, by a caller who does nothing but count rows. */
#include "table.h"

#include "wrapped.h"

static const struct store_sql faults_put = {"INSERT INTO case_row (site_id, seq, n, t, b) VALUES ($1, $2, $3, $4, $5)"};

/* What the file holds, by another connection. */
static int64_t faults_durable(const struct cases *cases)
{
    struct err_detail detail = {0};
    struct store *other;
    cases_ok(store_open(&other, cases->lab.path, STORE_USE, &detail), &detail);
    int64_t rows = cases_rows(other);
    store_close(other);
    return rows;
}

static dw_err faults_transaction(struct cases *cases, int64_t first, struct err_detail *detail)
{
    int64_t rows = -1;
    struct store_value site = store_id(&cases_site);
    dw_err code = store_begin(cases->store, detail);
    for (int64_t i = 0; i < 3 && code == DW_OK; i++) code = cases_put_n(cases->store, first + i, i, detail);
    if (code == DW_OK) code = store_ask(cases->store, &cases_count, &site, 1, cases_int, &rows, detail);
    return code == DW_OK ? store_commit(cases->store, detail) : code;
}

/* A transaction is operations 1 to 6: begin, three runs, ask, commit. */
enum { FAULTS_BEGIN = 1, FAULTS_RUN = 3, FAULTS_ASK = 5, FAULTS_COMMIT = 6 };

static void counts_when_unarmed(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    faulty_arm(cases->store, FAULTY_IO, 0);
    cases_ok(faults_transaction(cases, 1, &detail), &detail);
    cases_ok(store_run(cases->store, &cases_put, NULL, CASES_COLUMNS, 0, &detail), &detail); /* no rows: no operation */
    assert_int_equal(faulty_count(cases->store, FAULTY_IO), FAULTS_COMMIT);
    assert_int_equal(faulty_count(cases->store, FAULTY_SHORT), 3); /* the id of the site, in each row */
    assert_int_equal(faulty_struck(cases->store), 0);
    assert_int_equal(faults_durable(cases), 3);
}

/* The fault at a point: where the transaction stops, with what, how many rows the file has then; and that the next one goes. */
static void faults_try(struct cases *cases, enum faulty_how how, uint64_t at, uint64_t struck, dw_err want, int64_t rows)
{
    struct err_detail detail = {0};
    faulty_arm(cases->store, how, at);
    assert_int_equal(faults_transaction(cases, 1, &detail), want);
    assert_int_equal(faulty_struck(cases->store), struck);
    assert_non_null(strstr(detail.text, faulty_name(how)));
    if (struck > FAULTS_BEGIN && struck < FAULTS_COMMIT) { /* poisoned: all fails the same way until the rollback */
        int64_t n;
        struct store_value site = store_id(&cases_site);
        assert_int_equal(store_begin(cases->store, &detail), DW_E_STATE);
        assert_int_equal(cases_put_n(cases->store, 7, 7, &detail), want);
        assert_int_equal(store_ask(cases->store, &cases_count, &site, 1, cases_int, &n, &detail), want);
        assert_int_equal(store_commit(cases->store, &detail), want);
    }
    store_rollback(cases->store);
    store_rollback(cases->store); /* safe when none is open */
    assert_int_equal(store_commit(cases->store, &detail), DW_E_STATE);
    assert_int_equal(faults_durable(cases), rows);
    if (how == FAULTY_GONE) {
        assert_int_equal(store_begin(cases->store, &detail), DW_E_IO); /* for good, until it is armed anew */
        assert_int_equal(cases_put_n(cases->store, 8, 8, &detail), DW_E_IO);
        faulty_arm(cases->store, how, 0);
    }
    cases_ok(faults_transaction(cases, 11, &detail), &detail); /* it strikes once */
    assert_int_equal(cases_rows(cases->store), rows + 3);
    cases_ok(store_run(cases->store, &cases_clear, NULL, 0, 1, &detail), &detail);
}

static void fails_as_told(void **state)
{
    struct cases *cases = *state;
    for (uint64_t at = FAULTS_BEGIN; at <= FAULTS_COMMIT; at++) {
        faults_try(cases, FAULTY_IO, at, at, DW_E_IO, 0);
        faults_try(cases, FAULTY_GONE, at, at, DW_E_IO, 0);
        if (at <= FAULTS_RUN) faults_try(cases, FAULTY_FULL, at, at < 2 ? 2 : at, DW_E_FULL, 0);
        faults_try(cases, FAULTY_AFTER, at, FAULTS_COMMIT, DW_E_IO, 3);
    }
    faults_try(cases, FAULTY_FULL, FAULTS_ASK, FAULTS_COMMIT, DW_E_FULL, 0); /* reading needs no room */
    faults_try(cases, FAULTY_BUSY, FAULTS_BEGIN, FAULTS_BEGIN, DW_E_BUSY, 0);
}

static void loses_without_a_word(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    faulty_arm(cases->store, FAULTY_LOSE, FAULTS_RUN);
    cases_ok(store_begin(cases->store, &detail), &detail);
    for (int64_t i = 0; i < 3; i++) cases_ok(cases_put_n(cases->store, i, i, &detail), &detail);
    assert_int_equal(cases_rows(cases->store), 2);
    assert_int_equal(store_commit(cases->store, &detail), DW_E_IO);
    assert_int_equal(faults_durable(cases), 0);
    faulty_arm(cases->store, FAULTY_LOSE, 1);
    cases_ok(store_begin(cases->store, &detail), &detail);
    cases_ok(cases_put_n(cases->store, 1, 1, &detail), &detail);
    faulty_arm(cases->store, FAULTY_IO, 0); /* disarming does not bring it back */
    assert_int_equal(store_commit(cases->store, &detail), DW_E_IO);
    assert_int_equal(cases_rows(cases->store), 0);
}

/* A run outside a transaction is one of its own: both the statement and its commit. */
static void alone(void **state)
{
    static const struct {
        enum faulty_how how;
        dw_err error;
        int64_t rows;
    } ways[] = {{FAULTY_LOSE, DW_E_IO, 0},   {FAULTY_FULL, DW_E_FULL, 0}, {FAULTY_IO, DW_E_IO, 0},
                {FAULTY_BUSY, DW_E_BUSY, 0}, {FAULTY_GONE, DW_E_IO, 0},   {FAULTY_AFTER, DW_E_IO, 1}};
    struct cases *cases = *state;
    struct err_detail detail = {0};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        faulty_arm(cases->store, ways[i].how, 1);
        assert_int_equal(cases_put_n(cases->store, 1, 1, &detail), ways[i].error);
        assert_int_equal(faults_durable(cases), ways[i].rows);
        faulty_arm(cases->store, ways[i].how, 0);
        cases_ok(cases_put_n(cases->store, 1, 1, &detail), &detail);
        cases_ok(store_run(cases->store, &cases_clear, NULL, 0, 1, &detail), &detail);
    }
}

static dw_err faults_count_row(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    int64_t *left = ctx;
    (void)values;
    (void)count;
    (void)detail;
    return --*left == 0 ? DW_E_CANCELLED : DW_OK;
}

static void breaks_an_answer_off(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    struct store_value site = store_id(&cases_site);
    for (int64_t i = 0; i < 5; i++) cases_ok(cases_put_n(cases->store, i, i, &detail), &detail);
    int64_t left = 100;
    faulty_arm(cases->store, FAULTY_IO, 1);
    assert_int_equal(store_ask(cases->store, &cases_list, &site, 1, faults_count_row, &left, &detail), DW_E_IO);
    assert_int_equal(left, 99);
    /* whoever stops the walk himself never meets the failure, and his transaction goes on */
    left = 1;
    faulty_arm(cases->store, FAULTY_IO, 2);
    cases_ok(store_begin(cases->store, &detail), &detail);
    assert_int_equal(store_ask(cases->store, &cases_list, &site, 1, faults_count_row, &left, &detail), DW_E_CANCELLED);
    cases_ok(cases_put_n(cases->store, 9, 9, &detail), &detail);
    cases_ok(store_commit(cases->store, &detail), &detail);
    assert_int_equal(cases_rows(cases->store), 6);
}

struct faults_values {
    char text[16];
    uint8_t bytes[8];
    size_t text_len, len;
};

static dw_err faults_read(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    struct faults_values *out = ctx;
    (void)count;
    (void)detail;
    out->text_len = values[2].len;
    out->len = values[3].len;
    memcpy(out->text, values[2].data, values[2].len);
    memcpy(out->bytes, values[3].data, values[3].len);
    return DW_OK;
}

/* Two rows of three values each: site, text, bytes. */
static struct faults_values faults_damage(struct cases *cases, enum faulty_how how, uint64_t at, int64_t seq)
{
    struct err_detail detail = {0};
    struct faults_values out = {{0}, {0}, 0, 0};
    struct store_value rows[2][5], key[] = {store_id(&cases_site), store_int(seq)};
    cases_ok(store_run(cases->store, &cases_clear, NULL, 0, 1, &detail), &detail);
    for (int i = 0; i < 2; i++) {
        struct store_value row[] = {store_id(&cases_site), store_int(i), store_text(""), store_text("门牌4-2"),
                                    store_bytes("\0\1\2\3\4\5", 6)};
        memcpy(rows[i], row, sizeof row);
        rows[i][2] = store_null();
    }
    faulty_arm(cases->store, how, at);
    cases_ok(store_run(cases->store, &faults_put, rows[0], 5, 2, &detail), &detail);
    assert_memory_equal(rows[1][3].data, "门牌4-2", 9); /* the caller's own stay */
    assert_int_equal(faulty_count(cases->store, how), 6);
    cases_ok(store_ask(cases->store, &cases_get, key, 2, faults_read, &out, &detail), &detail);
    return out;
}

static void damages_a_value(void **state)
{
    static const uint8_t bytes[] = {0, 1, 2, 3, 4, 5};
    struct cases *cases = *state;
    struct faults_values got = faults_damage(cases, FAULTY_CORRUPT, 5, 1);
    assert_int_equal(got.text_len, 9);
    int changed = 0;
    for (size_t i = 0; i < 9; i++) changed += got.text[i] != "门牌4-2"[i];
    assert_int_equal(changed, 1);
    assert_memory_equal(got.bytes, bytes, 6);
    struct faulty_damage damage = faulty_damage(cases->store);
    assert_ptr_equal(damage.sql, &faults_put);
    assert_int_equal(damage.column, 3);
    assert_int_equal(damage.columns, 5);
    assert_int_equal(damage.row[1].n, 1);
    assert_memory_equal(damage.row[3].data, got.text, 9);
    got = faults_damage(cases, FAULTY_CORRUPT, 5, 0);
    assert_memory_equal(got.text, "门牌4-2", 9); /* the other row is whole */
    got = faults_damage(cases, FAULTY_SHORT, 3, 0);
    assert_int_equal(got.len, 3);
    assert_memory_equal(got.bytes, bytes, 3);
    got = faults_damage(cases, FAULTY_SHORT, 7, 0); /* there is none such */
    assert_int_equal(got.len, 6);
    assert_null(faulty_damage(cases->store).sql);
}

struct faults_death {
    const char *path;
    enum faulty_how how;
    uint64_t at;
    int told;
};

static void faults_last_words(void *ctx)
{
    struct faults_death *death = ctx;
    if (write(death->told, "x", 1) == 1) _exit(FAULTY_DEATH);
}

static int faults_die(void *ctx)
{
    struct faults_death *death = ctx;
    struct err_detail detail = {0};
    struct cases cases = {0};
    lab_must(wrapped_open(&cases.store, death->path, STORE_USE, &detail), &detail);
    faulty_arm(cases.store, death->how, death->at);
    if (death->told >= 0) faulty_on_death(cases.store, faults_last_words, death);
    lab_must(faults_transaction(&cases, 1, &detail), &detail);
    return 0;
}

static void dies(void **state)
{
    struct cases *cases = *state;
    struct err_detail detail = {0};
    for (uint64_t at = FAULTS_BEGIN; at <= FAULTS_COMMIT + 1; at++) {
        int pipes[2], status;
        char byte;
        store_close(cases->store); /* a connection must not cross a fork */
        assert_int_equal(pipe(pipes), 0);
        bool after = at == FAULTS_COMMIT + 1;
        struct faults_death death = {cases->lab.path, after ? FAULTY_DIE_AFTER : FAULTY_DIE, after ? 1 : at,
                                     at % 2 ? pipes[1] : -1};
        pid_t pid = lab_fork(faults_die, &death);
        close(pipes[1]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == FAULTY_DEATH);
        assert_int_equal(read(pipes[0], &byte, 1), at % 2);
        close(pipes[0]);
        cases_ok(wrapped_open(&cases->store, cases->lab.path, STORE_USE, &detail), &detail);
        assert_int_equal(cases_rows(cases->store), after ? 3 : 0);
    }
}

static void every_way_is_named(void **state)
{
    (void)state;
    for (int how = 0; how < FAULTY_COUNT; how++) {
        assert_true(*faulty_name((enum faulty_how)how) != 0);
        assert_true(*faulty_text((enum faulty_how)how, ERR_ZH) != 0 && *faulty_text((enum faulty_how)how, ERR_EN) != 0);
    }
}

int main(void)
{
    if (!keys_start()) return 1;
    cases_maker = (struct cases_maker){"a file, wrapped", STORE_CREATE, wrapped_open};
    const struct CMUnitTest tests[] = {CASES_ONE(counts_when_unarmed),
                                       CASES_ONE(fails_as_told),
                                       CASES_ONE(loses_without_a_word),
                                       CASES_ONE(alone),
                                       CASES_ONE(breaks_an_answer_off),
                                       CASES_ONE(damages_a_value),
                                       CASES_ONE(dies),
                                       cmocka_unit_test(every_way_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
