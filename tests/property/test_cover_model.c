/* Random changes to a round: after each the counts are those of a slow model that knows only who stands where and in which sets,
 * and from time to time counts and missing lists are also what SQL says over the same facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/keys.h"
#include "cover/cover.h"
#include "store/port.h"

#include "../unit/seed.h"

enum { AREAS = 30, PEOPLE = 700, STEPS = 6000, EARLIER = 3 };

struct model {
    uint32_t parent[AREAS], last[AREAS], people;
    uint32_t area[PEOPLE];
    bool in[COVER_SETS][PEOPLE];
};

static struct model model;
static struct cover *cover;

static void make_tree(struct rng *rng)
{
    for (uint32_t a = 0; a < AREAS; a++) {
        uint32_t up = a == 0 ? COVER_NONE : a - 1;
        for (uint64_t climb = rng_below(rng, 4); climb > 0 && up != COVER_NONE; climb--) up = model.parent[up];
        model.parent[a] = up;
    }
    for (uint32_t a = 0; a < AREAS; a++) {
        model.last[a] = a;
        for (uint32_t b = 0; b < AREAS; b++)
            for (uint32_t up = b; up != COVER_NONE; up = model.parent[up])
                if (up == a && b > model.last[a]) model.last[a] = b;
    }
}

static bool under(uint32_t person, uint32_t area)
{
    for (uint32_t up = model.area[person]; area != COVER_NONE; up = model.parent[up]) {
        if (up == COVER_NONE) return false;
        if (up == area) return true;
    }
    return true;
}

static bool expected(uint32_t p)
{
    return model.in[COVER_ROSTER][p] || model.in[COVER_FOUND][p] || model.in[COVER_ARRIVED][p];
}

static bool is_missing(uint32_t p)
{
    return expected(p) && !model.in[COVER_DONE][p] && !model.in[COVER_EXCUSED][p];
}

/* Told from the header's sentences one by one: the roster's three parts, then found and arrived without the excused. */
static struct cover_counts slow_count(uint32_t area)
{
    struct cover_counts c = {0};
    uint32_t roster_covered = 0, roster_missing = 0;
    for (uint32_t p = 0; p < model.people; p++) {
        if (!under(p, area) || !expected(p)) continue;
        bool done = model.in[COVER_DONE][p], excused = model.in[COVER_EXCUSED][p] && !done;
        if (model.in[COVER_ROSTER][p]) {
            c.roster++;
            c.excused += excused;
            roster_covered += done;
            roster_missing += !done && !excused;
        } else if (!excused && model.in[COVER_FOUND][p]) {
            c.found++;
        } else if (!excused) {
            c.arrived++;
        }
        c.covered += done;
        c.missing += is_missing(p);
    }
    assert_int_equal(c.roster, roster_covered + roster_missing + c.excused);
    c.owed = c.roster - c.excused + c.found + c.arrived;
    assert_int_equal(c.owed, c.covered + c.missing);
    return c;
}

static uint32_t random_area(struct rng *rng)
{
    uint64_t n = rng_below(rng, AREAS + 1);
    return n == AREAS ? COVER_NONE : (uint32_t)n;
}

static void check_counts(uint32_t area)
{
    struct cover_counts want = slow_count(area), got = cover_count(cover, area);
    assert_memory_equal(&want, &got, sizeof want);
}

static void check_missing(struct rng *rng, uint32_t area)
{
    uint32_t out[PEOPLE], cursor = (uint32_t)rng_below(rng, PEOPLE), at = cursor;
    size_t page = (size_t)rng_below(rng, 40) + 1, got;
    do {
        got = cover_missing(cover, area, out, page, &cursor);
        assert_true(got <= page);
        for (size_t i = 0; i < got; i++, at++) {
            while (at < model.people && !(is_missing(at) && under(at, area))) at++;
            assert_int_equal(out[i], at);
        }
    } while (got == page);
    for (; at < model.people; at++) assert_false(is_missing(at) && under(at, area));
}

static void check_all(struct rng *rng)
{
    struct err_detail detail;
    assert_int_equal(cover_check(cover, &detail), DW_OK);
    for (uint32_t area = 0; area < AREAS; area++) check_counts(area);
    for (int i = 0; i < 6; i++) check_missing(rng, random_area(rng));
    for (uint32_t p = 0; p < model.people; p++) {
        assert_int_equal(cover_is_missing(cover, p), is_missing(p));
        assert_int_equal(cover_is_owed(cover, p), expected(p) && (model.in[COVER_DONE][p] || !model.in[COVER_EXCUSED][p]));
        assert_int_equal(cover_area(cover, p), model.area[p]);
        for (int set = 0; set < COVER_SETS; set++) {
            size_t words;
            const uint64_t *bits = cover_words(cover, (enum cover_set)set, &words);
            assert_int_equal(words, (model.people + 63) / 64);
            assert_int_equal(bits[p / 64] >> p % 64 & 1, model.in[set][p]);
        }
    }
}

static void step(struct rng *rng)
{
    uint64_t kind = rng_below(rng, 100);
    if (kind < 3 && model.people < PEOPLE) {
        uint32_t more = model.people + (uint32_t)rng_below(rng, 40);
        if (more > PEOPLE) more = PEOPLE;
        for (; model.people < more; model.people++) model.area[model.people] = COVER_NONE;
        assert_int_equal(cover_grow(cover, more), DW_OK);
    }
    if (model.people == 0) return;
    uint32_t p = (uint32_t)rng_below(rng, model.people);
    if (kind < 25) {
        model.area[p] = random_area(rng);
        cover_place(cover, p, model.area[p]);
    } else {
        enum cover_set set = (enum cover_set)rng_below(rng, COVER_SETS);
        bool on = rng_below(rng, 3) > 0;
        assert_int_equal(cover_put(cover, set, p, on), model.in[set][p] != on);
        model.in[set][p] = on;
    }
}

static void start(struct rng *rng)
{
    memset(&model, 0, sizeof model);
    make_tree(rng);
    assert_int_equal(cover_make(&cover, model.parent, AREAS, NULL), DW_OK);
}

static void test_model(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    start(&rng);
    for (int i = 0; i < STEPS; i++) {
        step(&rng);
        check_counts(random_area(&rng));
        check_counts(COVER_NONE);
        if (i % 500 == 499) check_all(&rng);
    }
    cover_free(cover);
}

/* The recovered: done now, in no earlier round, whatever the number of people that round knew of. */
static void test_recovered(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct cover *rounds[EARLIER + 1];
    static bool before[PEOPLE];
    memset(before, 0, sizeof before);
    for (int r = 0; r <= EARLIER; r++) {
        start(&rng);
        for (int i = 0; i < 1000 + 300 * r; i++) step(&rng);
        rounds[r] = cover;
        for (uint32_t p = 0; r < EARLIER && p < model.people; p++) before[p] = before[p] || model.in[COVER_DONE][p];
    }
    for (int i = 0; i < 20; i++) {
        uint32_t area = random_area(&rng), out[PEOPLE], want = 0;
        size_t cap = (size_t)rng_below(&rng, 50);
        size_t got = cover_recovered(rounds[EARLIER], (const struct cover *const *)rounds, EARLIER, area, out, cap);
        for (uint32_t p = 0; p < model.people; p++) {
            if (!model.in[COVER_DONE][p] || before[p] || !under(p, area)) continue;
            if (want < cap) assert_int_equal(out[want], p);
            want++;
        }
        assert_int_equal(got, want);
    }
    for (int r = 0; r <= EARLIER; r++) cover_free(rounds[r]);
}

static const struct store_sql make_person = {"CREATE TABLE model_person (person BIGINT PRIMARY KEY, area BIGINT)"};
static const struct store_sql make_mark = {
    "CREATE TABLE model_mark (kind BIGINT NOT NULL, person BIGINT NOT NULL, PRIMARY KEY (kind, person))"};
static const struct store_sql wipe_person = {"DELETE FROM model_person"};
static const struct store_sql wipe_mark = {"DELETE FROM model_mark"};
static const struct store_sql put_person = {"INSERT INTO model_person (person, area) VALUES ($1, $2)"};
static const struct store_sql put_mark = {"INSERT INTO model_mark (kind, person) VALUES ($1, $2)"};
/* The kinds are enum cover_set's. Areas in preorder: those under one are a range; a person in none has −1. */
static const struct store_sql ask_missing = {
    "SELECT p.person FROM model_person p WHERE p.area BETWEEN $1 AND $2 "
    "AND EXISTS (SELECT 1 FROM model_mark m WHERE m.person = p.person AND m.kind IN (0, 1, 2)) "
    "AND NOT EXISTS (SELECT 1 FROM model_mark m WHERE m.person = p.person AND m.kind IN (3, 4)) ORDER BY p.person"};
static const struct store_sql ask_counts = {
    "WITH one AS (SELECT p.person, max(m.kind = 0) AS r, max(m.kind = 1) AS f, max(m.kind = 2) AS a, max(m.kind = 3) AS d, "
    "max(m.kind = 4) AS e FROM model_person p JOIN model_mark m ON m.person = p.person "
    "WHERE p.area BETWEEN $1 AND $2 GROUP BY p.person) "
    "SELECT coalesce(sum(r), 0), coalesce(sum(r AND e AND NOT d), 0), coalesce(sum(NOT r AND f AND (d OR NOT e)), 0), "
    "coalesce(sum(NOT r AND NOT f AND a AND (d OR NOT e)), 0), coalesce(sum((r OR f OR a) AND (d OR NOT e)), 0), "
    "coalesce(sum((r OR f OR a) AND d), 0), coalesce(sum((r OR f OR a) AND NOT d AND NOT e), 0) FROM one"};

struct rows {
    int64_t n[PEOPLE];
    size_t count;
};

static dw_err take(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    struct rows *rows = ctx;
    (void)detail;
    for (size_t i = 0; i < count; i++) {
        assert_true(rows->count < PEOPLE);
        rows->n[rows->count++] = store_get_int(&values[i]);
    }
    return DW_OK;
}

static void ask(struct rows *rows, struct store *store, const struct store_sql *sql, uint32_t area)
{
    int64_t first = area == COVER_NONE ? -1 : (int64_t)area, last = area == COVER_NONE ? (int64_t)AREAS : model.last[area];
    rows->count = 0;
    assert_int_equal(store_ask(store, sql, (struct store_value[]){store_int(first), store_int(last)}, 2, take, rows, NULL),
                     DW_OK);
}

static void run(struct store *store, const struct store_sql *sql, int64_t a, int64_t b, size_t columns)
{
    assert_int_equal(store_run(store, sql, (struct store_value[]){store_int(a), store_int(b)}, columns, 1, NULL), DW_OK);
}

static void fill(struct store *store)
{
    assert_int_equal(store_begin(store, NULL), DW_OK);
    run(store, &wipe_person, 0, 0, 0);
    run(store, &wipe_mark, 0, 0, 0);
    for (uint32_t p = 0; p < model.people; p++) {
        run(store, &put_person, p, model.area[p] == COVER_NONE ? -1 : (int64_t)model.area[p], 2);
        for (int set = 0; set < COVER_SETS; set++)
            if (model.in[set][p]) run(store, &put_mark, set, p, 2);
    }
    assert_int_equal(store_commit(store, NULL), DW_OK);
}

static void check_sql(struct store *store, uint32_t area)
{
    static struct rows rows;
    static uint32_t missing[PEOPLE];
    struct cover_counts c = cover_count(cover, area);
    const int64_t want[] = {c.roster, c.excused, c.found, c.arrived, c.owed, c.covered, c.missing};
    ask(&rows, store, &ask_counts, area);
    assert_int_equal(rows.count, 7);
    for (size_t i = 0; i < 7; i++) assert_int_equal(rows.n[i], want[i]);
    ask(&rows, store, &ask_missing, area);
    uint32_t cursor = 0;
    assert_int_equal(cover_missing(cover, area, missing, PEOPLE, &cursor), rows.count);
    for (size_t i = 0; i < rows.count; i++) assert_int_equal(missing[i], rows.n[i]);
}

static void test_sql(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct store *store;
    assert_int_equal(store_open(&store, NULL, STORE_SCRATCH, NULL), DW_OK);
    run(store, &make_person, 0, 0, 0);
    run(store, &make_mark, 0, 0, 0);
    start(&rng);
    for (int i = 0; i < STEPS; i++) {
        step(&rng);
        if (i % 1000 != 999) continue;
        fill(store);
        for (uint32_t area = 0; area < AREAS; area++) check_sql(store, area);
        check_sql(store, COVER_NONE);
    }
    cover_free(cover);
    store_close(store);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_model), cmocka_unit_test(test_recovered),
                                       cmocka_unit_test(test_sql)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
