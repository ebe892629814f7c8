/* Who is missing: the bitsets against SQLite's anti-join over the same facts in one run, for a village and for a city, and what
 * forty million people take. SQLite is given its best case: in memory, whole numbers as primary keys, an index by area.
 * Prints one JSON object; times in milliseconds, the least and the median of many. Fails if the two lists ever differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/keys.h"
#include "base/rng.h"
#include "cover/cover.h"
#include "store/port.h"

enum { VILLAGE = 54000, CITY = 2000000, COUNTRY = 40000000, CELL = 500, CELLS = 9, MOST_TIMES = 400, BATCH = 4096 };

struct bench {
    uint32_t people, areas, grid, put_ns; /* grid: an area with its cells under it */
    struct cover *cover;
    struct store *store;
    uint32_t *list, *sql_list;
    size_t listed, sql_listed;
};

struct times {
    double least, median;
    size_t listed;
};

static void must(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* A root, grids under it, cells under each. Ordinals come as lists come: cell after cell, and one person in ten anywhere. */
static void bench_cover(struct bench *b, struct rng *rng)
{
    uint32_t grids = b->people / (CELL * CELLS) + 1;
    b->areas = 1 + grids * (1 + CELLS);
    uint32_t *parent = malloc(b->areas * sizeof *parent);
    must(parent != NULL, "memory");
    parent[0] = COVER_NONE;
    for (uint32_t a = 1; a < b->areas; a++) parent[a] = (a - 1) % (1 + CELLS) == 0 ? 0 : a - 1 - (a - 2) % (1 + CELLS);
    must(cover_make(&b->cover, parent, b->areas, NULL) == DW_OK, "cover_make");
    free(parent);
    b->grid = 1 + grids / 2 * (1 + CELLS);
    uint64_t changes = 0, start = clock_ns();
    for (uint32_t p = 0; p < b->people; p++) {
        uint64_t u = rng_below(rng, 1000), cells = (uint64_t)grids * CELLS;
        uint64_t cell = rng_below(rng, 10) == 0 ? rng_below(rng, cells) : p * cells / b->people;
        if (p % 50000 == 0) must(cover_grow(b->cover, p + 50000 < b->people ? p + 50000 : b->people) == DW_OK, "cover_grow");
        cover_place(b->cover, p, 2 + (uint32_t)(cell / CELLS) * (1 + CELLS) + (uint32_t)(cell % CELLS));
        changes += cover_put(b->cover, p % 100 < 97 ? COVER_ROSTER : p % 100 < 99 ? COVER_FOUND : COVER_ARRIVED, p, true);
        if (u < 840) changes += cover_put(b->cover, COVER_DONE, p, true);
        if (u >= 810 && u < 890) changes += cover_put(b->cover, COVER_EXCUSED, p, true);
    }
    b->put_ns = (uint32_t)((clock_ns() - start) / (changes + b->people));
    must(cover_check(b->cover, NULL) == DW_OK, "cover_check");
}

static const struct store_sql make_owed = {"CREATE TABLE bench_owed (person INTEGER PRIMARY KEY, area INTEGER NOT NULL)"};
static const struct store_sql make_done = {"CREATE TABLE bench_done (person INTEGER PRIMARY KEY)"};
static const struct store_sql make_excused = {"CREATE TABLE bench_excused (person INTEGER PRIMARY KEY)"};
static const struct store_sql make_index = {"CREATE INDEX bench_owed_area ON bench_owed (area)"};
static const struct store_sql analyze = {"ANALYZE"};
static const struct store_sql put_owed = {"INSERT INTO bench_owed (person, area) VALUES ($1, $2)"};
static const struct store_sql put_done = {"INSERT INTO bench_done (person) VALUES ($1)"};
static const struct store_sql put_excused = {"INSERT INTO bench_excused (person) VALUES ($1)"};
static const struct store_sql ask_area = {
    "SELECT o.person FROM bench_owed o WHERE o.area BETWEEN $1 AND $2 "
    "AND NOT EXISTS (SELECT 1 FROM bench_done d WHERE d.person = o.person) "
    "AND NOT EXISTS (SELECT 1 FROM bench_excused e WHERE e.person = o.person) ORDER BY o.person"};
static const struct store_sql ask_all = {
    "SELECT o.person FROM bench_owed o WHERE NOT EXISTS (SELECT 1 FROM bench_done d WHERE d.person = o.person) "
    "AND NOT EXISTS (SELECT 1 FROM bench_excused e WHERE e.person = o.person) ORDER BY o.person"};

static void bench_run(struct bench *b, const struct store_sql *sql, const struct store_value *values, size_t columns, size_t rows)
{
    struct err_detail detail = {{0}};
    must(rows == 0 || store_run(b->store, sql, values, columns, rows, &detail) == DW_OK, detail.text);
}

static void bench_table(struct bench *b, const struct store_sql *sql, enum cover_set set, bool owed)
{
    static struct store_value values[2 * BATCH];
    size_t columns = owed ? 2 : 1, rows = 0;
    for (uint32_t p = 0; p < b->people; p++) {
        if (!owed && !cover_has(b->cover, set, p)) continue;
        values[rows * columns] = store_int(p);
        if (owed) values[rows * columns + 1] = store_int(cover_area(b->cover, p));
        if (++rows < BATCH) continue;
        bench_run(b, sql, values, columns, rows);
        rows = 0;
    }
    bench_run(b, sql, values, columns, rows);
}

static void bench_sql(struct bench *b)
{
    struct err_detail detail = {{0}};
    must(store_open(&b->store, NULL, STORE_SCRATCH, &detail) == DW_OK, detail.text);
    must(store_begin(b->store, &detail) == DW_OK, detail.text);
    const struct store_sql *const tables[] = {&make_owed, &make_done, &make_excused};
    for (size_t i = 0; i < 3; i++) bench_run(b, tables[i], NULL, 0, 1);
    bench_table(b, &put_owed, COVER_ROSTER, true);
    bench_table(b, &put_done, COVER_DONE, false);
    bench_table(b, &put_excused, COVER_EXCUSED, false);
    bench_run(b, &make_index, NULL, 0, 1);
    bench_run(b, &analyze, NULL, 0, 1);
    must(store_commit(b->store, &detail) == DW_OK, detail.text);
}

static dw_err bench_take(void *ctx, const struct store_value *values, size_t count, struct err_detail *detail)
{
    struct bench *b = ctx;
    (void)count;
    (void)detail;
    b->sql_list[b->sql_listed++] = (uint32_t)store_get_int(&values[0]);
    return DW_OK;
}

static void bench_ask(struct bench *b, uint32_t area)
{
    struct store_value range[] = {store_int(area), store_int((int64_t)area + CELLS)};
    bool all = area == COVER_NONE;
    b->sql_listed = 0;
    must(store_ask(b->store, all ? &ask_all : &ask_area, range, all ? 0 : 2, bench_take, b, NULL) == DW_OK, "store_ask");
}

static void bench_list(struct bench *b, uint32_t area)
{
    uint32_t cursor = 0;
    b->listed = cover_missing(b->cover, area, b->list, b->people, &cursor);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static struct times bench_time(struct bench *b, void (*work)(struct bench *, uint32_t), uint32_t area, size_t times)
{
    static double ms[MOST_TIMES];
    for (size_t i = 0; i < times; i++) {
        uint64_t start = clock_ns();
        work(b, area);
        ms[i] = (double)(clock_ns() - start) / 1e6;
    }
    qsort(ms, times, sizeof *ms, by_value);
    return (struct times){ms[0], ms[times / 2], b->listed};
}

static void bench_compare(struct bench *b, const char *name, uint32_t area, size_t times, size_t sql_times)
{
    struct times bits = bench_time(b, bench_list, area, times), sql = bench_time(b, bench_ask, area, sql_times);
    must(b->listed == b->sql_listed && memcmp(b->list, b->sql_list, b->listed * sizeof *b->list) == 0, "the lists differ");
    printf("\"%s\":{\"listed\":%zu,\"ms\":%.4f,\"median_ms\":%.4f,\"sqlite_ms\":%.3f,\"sqlite_median_ms\":%.3f,\"ratio\":%.0f}",
           name, bits.listed, bits.least, bits.median, sql.least, sql.median, sql.median / bits.median);
}

static void bench_size(const char *name, uint32_t people, size_t times, size_t sql_times)
{
    struct bench b = {.people = people};
    struct rng rng = rng_seed(people);
    bench_cover(&b, &rng);
    bench_sql(&b);
    b.list = malloc(people * sizeof *b.list);
    b.sql_list = malloc(people * sizeof *b.sql_list);
    must(b.list != NULL && b.sql_list != NULL, "memory");
    printf(",\"%s\":{\"people\":%u,\"areas\":%u,\"put_ns\":%u,", name, people, b.areas, b.put_ns);
    bench_compare(&b, "grid", b.grid, times, sql_times);
    printf(",");
    bench_compare(&b, "whole", COVER_NONE, times, sql_times);
    printf("}");
    free(b.list);
    free(b.sql_list);
    store_close(b.store);
    cover_free(b.cover);
}

/* Resident bytes now; Linux only, 0 elsewhere. */
static uint64_t bench_resident(void)
{
    unsigned long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) return 0;
    if (fscanf(file, "%lu %lu", &all, &resident) != 2) resident = 0;
    fclose(file);
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void bench_country(void)
{
    struct bench b = {.people = COUNTRY};
    struct rng rng = rng_seed(COUNTRY);
    uint64_t before = bench_resident();
    bench_cover(&b, &rng);
    uint64_t resident = bench_resident() - before;
    b.list = malloc((size_t)COUNTRY * sizeof *b.list);
    must(b.list != NULL, "memory");
    struct times grid = bench_time(&b, bench_list, b.grid, 5), whole = bench_time(&b, bench_list, COVER_NONE, 5);
    printf("\"country\":{\"people\":%u,\"areas\":%u,\"put_ns\":%u,\"cover_bytes\":%zu,\"resident_bytes\":%llu,"
           "\"grid\":{\"listed\":%zu,\"ms\":%.3f,\"median_ms\":%.3f},\"whole\":{\"listed\":%zu,\"ms\":%.3f,\"median_ms\":%.3f}}",
           b.people, b.areas, b.put_ns, cover_memory(b.cover), (unsigned long long)resident, grid.listed, grid.least, grid.median,
           whole.listed, whole.least, whole.median);
    free(b.list);
    cover_free(b.cover);
}

int main(void)
{
    must(keys_start(), "keys_start");
    printf("{\"sqlite\":\"%s\",", store_version());
    bench_country(); /* first: nothing that others freed hides what it takes */
    bench_size("village", VILLAGE, 400, 50);
    bench_size("city", CITY, 50, 5);
    printf("}\n");
    return 0;
}
