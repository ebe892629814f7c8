/* A store in a folder of its own with one table, for cmocka cases: how it is made is the test's choice. */
#ifndef TESTS_STORE_TABLE_H
#define TESTS_STORE_TABLE_H

#include "lab.h"

#include "store/port.h"

struct cases_maker {
    const char *name;
    enum store_mode fresh; /* STORE_CREATE or STORE_SCRATCH */
    dw_err (*open)(struct store **out, const char *url, enum store_mode mode, struct err_detail *detail);
};

static struct cases_maker cases_maker;

struct cases {
    struct lab lab;
    struct store *store;
};

static const struct store_sql cases_table = {
    "CREATE TABLE IF NOT EXISTS case_row (site_id BYTEA NOT NULL, seq BIGINT NOT NULL, n BIGINT, r DOUBLE PRECISION, t TEXT, "
    "b BYTEA, PRIMARY KEY (site_id, seq))"};
static const struct store_sql cases_put = {"INSERT INTO case_row (site_id, seq, n, r, t, b) VALUES ($1, $2, $3, $4, $5, $6)"};
static const struct store_sql cases_upsert = {
    "INSERT INTO case_row (site_id, seq, n) VALUES ($1, $2, $3) ON CONFLICT (site_id, seq) DO UPDATE SET n = excluded.n"};
static const struct store_sql cases_delete = {"DELETE FROM case_row WHERE site_id = $1 AND seq = $2"};
static const struct store_sql cases_clear = {"DELETE FROM case_row"};
static const struct store_sql cases_get = {"SELECT n, r, t, b FROM case_row WHERE site_id = $1 AND seq = $2"};
static const struct store_sql cases_count = {"SELECT count(*) FROM case_row WHERE site_id = $1"};
static const struct store_sql cases_list = {"SELECT seq, n FROM case_row WHERE site_id = $1 ORDER BY seq"};

static const struct id cases_site = {{1, 2, 3, 0, 0xFF, 6, 0x71, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}};

enum { CASES_COLUMNS = 6 };

static inline void cases_ok(dw_err code, const struct err_detail *detail)
{
    if (code == DW_OK) return;
    char line[900];
    err_format(line, sizeof line, code, detail, ERR_EN);
    fail_msg("%s", line);
}

static inline int cases_setup(void **state)
{
    struct cases *cases = calloc(1, sizeof *cases);
    assert_non_null(cases);
    lab_open(&cases->lab);
    struct err_detail detail = {0};
    cases_ok(cases_maker.open(&cases->store, cases->lab.path, cases_maker.fresh, &detail), &detail);
    cases_ok(store_run(cases->store, &cases_table, NULL, 0, 1, &detail), &detail);
    *state = cases;
    return 0;
}

static inline int cases_teardown(void **state)
{
    struct cases *cases = *state;
    store_close(cases->store);
    lab_close(&cases->lab);
    free(cases);
    return 0;
}

static inline void cases_reopen(struct cases *cases)
{
    struct err_detail detail = {0};
    store_close(cases->store);
    cases->store = NULL;
    cases_ok(cases_maker.open(&cases->store, cases->lab.path, STORE_USE, &detail), &detail);
}

static inline dw_err cases_put_n(struct store *store, int64_t seq, int64_t n, struct err_detail *detail)
{
    struct store_value values[] = {store_id(&cases_site), store_int(seq), store_int(n)};
    return store_run(store, &cases_upsert, values, 3, 1, detail);
}

static inline dw_err cases_int(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    (void)detail;
    assert_int_equal(count, 1);
    *(int64_t *)ctx = store_get_int(&values[0]);
    return DW_OK;
}

static inline int64_t cases_rows(struct store *store)
{
    struct err_detail detail = {0};
    struct store_value site = store_id(&cases_site);
    int64_t count = -1;
    cases_ok(store_ask(store, &cases_count, &site, 1, cases_int, &count, &detail), &detail);
    return count;
}

#define CASES_ONE(function)                                                                                                      \
    {                                                                                                                            \
#function, function, cases_setup, cases_teardown, NULL                                                                   \
    }

#endif
