#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/keys.h"
#include "files/layer_in.h"
#include "files/sheet_in.h"
#include "sim/lists.h"
#include "sim/play.h"
#include "sim/village.h"

static uint64_t a_seed(void)
{
    uint64_t seed;
    rng_bytes(NULL, &seed, sizeof seed);
    seed %= 1000000;
    printf("seed %llu\n", (unsigned long long)seed);
    return seed;
}

static void in(const char *what, double low, double value, double high)
{
    if (value < low || value > high) print_error("%s %.4f is not in %.4f to %.4f\n", what, value, low, high);
    assert_true(value >= low && value <= high);
}

static bool here(const struct world_person *p)
{
    return p->state == WORLD_PRESENT || p->state == WORLD_AWAY;
}

struct tally {
    double rows, docs, names, rooms, elsewhere, no_room, no_code, departed, rounded, wide;
};

/* What differs from the world, told from the texts and not from the generator's own notes. */
static void compare(struct tally *t, const struct world *w, const struct lists_row *row)
{
    const struct world_person *p = &w->persons[row->person];
    const struct world_door *door = world_person_door(w, row->person);
    bool other = world_person_building(w, row->person) != row->building;
    bool doc = row->doc[0] != 0 && strcmp(row->doc, p->doc) != 0, name = strcmp(row->name, p->name) != 0;
    assert_false(doc && name);
    t->rows++;
    t->docs += doc;
    t->names += name;
    t->elsewhere += other;
    t->rooms += !other && row->room[0] != 0 && strcmp(row->room, door->room) != 0;
    t->no_room += row->room[0] == 0;
    t->no_code += !row->code;
    t->departed += p->state == WORLD_DEPARTED;
    t->rounded += doc && strlen(row->doc) == 18 && strcmp(row->doc + 15, "000") == 0;
    t->wide += doc && strstr(row->doc, "３") != NULL;
}

static void error_rates(void **state)
{
    (void)state;
    struct world *w;
    struct lists lists = {0};
    assert_int_equal(world_make(&w, a_seed(), 20000, NULL), DW_OK);
    assert_int_equal(lists_make(&lists, w), DW_OK);
    struct tally t = {0}, old = {0};
    uint8_t *registered = calloc(w->person_count, 1), *damaged = calloc(w->person_count, 1);
    assert_true(registered != NULL && damaged != NULL);
    for (int f = 0; f < LISTS_FILES; f++)
        for (size_t i = 0; i < lists.tables[f].count; i++) {
            const struct lists_row *row = &lists.tables[f].rows[i];
            const struct world_person *p = &w->persons[row->person];
            assert_int_not_equal(p->state, WORLD_ARRIVED);
            compare(f == LISTS_SAMPLES ? &old : &t, w, row);
            if (f != LISTS_SAMPLES) registered[row->person]++;
            damaged[row->person] += strcmp(row->doc, p->doc) != 0 || strcmp(row->name, p->name) != 0;
        }
    double twice = 0, unlisted = 0, never = 0, departed_listed = 0, departed = 0;
    for (size_t i = 0; i < w->person_count; i++) {
        assert_true(damaged[i] <= 1);
        twice += registered[i] > 1;
        departed += w->persons[i].state == WORLD_DEPARTED;
        departed_listed += w->persons[i].state == WORLD_DEPARTED && registered[i] > 0;
        if (!here(&w->persons[i])) continue;
        unlisted += registered[i] == 0;
        never += (lists.on[i] & 1 << LISTS_SAMPLES) == 0;
    }
    in("document slips", 0.022, t.docs / t.rows, 0.038);
    in("name slips", 0.003, t.names / t.rows, 0.014);
    in("wrong rooms", 0.06, t.rooms / t.rows, 0.10);
    in("no room", 0.015, t.no_room / t.rows, 0.05);
    in("no building code", 0.08, t.no_code / t.rows, 0.30);
    in("rows of departed people", 0.05, t.departed / t.rows, 0.07);
    in("people listed twice", 0.012, twice / 20000, 0.027);
    in("in two buildings", 0.004, t.elsewhere / t.rows, 0.02);
    in("unlisted", 0.04, unlisted / 20000, 0.06);
    in("never sampled", 0.009, never / 20000, 0.018);
    in("slips of the old round", 0.02, old.docs / old.rows, 0.05);
    assert_true(departed_listed == departed);
    assert_true(t.rounded > 0 && t.wide > 0);
    free(registered);
    free(damaged);
    lists_free(&lists);
    world_free(w);
}

/* Every departed person's row can be settled: asked about at the listed building, they have left. Nobody who lives in the
 * village is said to have left. */
static void neighbours_know(void **state)
{
    (void)state;
    struct world *w;
    struct lists lists = {0};
    size_t left = 0, silent = 0;
    assert_int_equal(world_make(&w, a_seed(), 12000, NULL), DW_OK);
    assert_int_equal(lists_make(&lists, w), DW_OK);
    for (int f = 0; f < LISTS_FILES; f++)
        for (size_t i = 0; i < lists.tables[f].count; i++) {
            const struct lists_row *row = &lists.tables[f].rows[i];
            const struct world_person *p = &w->persons[row->person];
            struct play_question q = {row->building, row->name, row->doc, row->phone, 2};
            struct play_answer answer, first;
            play_ask(&answer, w, &q);
            q.pass = 1;
            play_ask(&first, w, &q);
            assert_true(first.reply == PLAY_NOBODY_TO_ASK || first.reply == answer.reply);
            silent += first.reply == PLAY_NOBODY_TO_ASK;
            assert_int_not_equal(answer.reply, PLAY_NOBODY_TO_ASK);
            assert_int_equal(answer.reply == PLAY_LEFT, p->state == WORLD_DEPARTED);
            if (answer.reply == PLAY_LEFT) {
                left++;
                assert_in_range(answer.left, 202201, 202204);
            } else if (strcmp(row->doc, p->doc) == 0 && p->doc[0] != 0) {
                assert_int_equal(answer.building, world_person_building(w, row->person));
                assert_int_equal(answer.reply == PLAY_LIVES_HERE, answer.building == row->building);
            }
        }
    assert_true(left > 0 && silent > 0);
    struct play_question stranger = {0, "无此人也", "350599190001010018", "", 2};
    struct play_answer answer;
    play_ask(&answer, w, &stranger);
    assert_int_equal(answer.reply, PLAY_NEVER_HEARD);
    lists_free(&lists);
    world_free(w);
}

static void remove_village(const char *dir)
{
    static const char *const files[] = {"map.geojson",    "households.xlsx",  "factory_a.xlsx",
                                        "factory_b.xlsx", "landlords.csv",    "samples_round0.xlsx",
                                        "truth/rows.csv", "truth/people.csv", "truth/round1.csv"};
    char path[512];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/truth", dir);
    rmdir(path);
    rmdir(dir);
}

/* A cell that holds this person's name in the given sheet row. */
static bool row_names(const struct sheet *sheet, uint32_t source_row, const char *name)
{
    for (size_t r = 0; r < sheet->rows; r++)
        for (size_t c = 0; sheet->source_row[r] == source_row && c < sheet->columns; c++)
            if (strcmp(sheet->cells[r * sheet->columns + c].text, name) == 0) return true;
    return false;
}

/* Read back from the map, every cell lies in its grid and every building in its cell by geometry, as the codes say. */
static void map_agrees(void **state)
{
    (void)state;
    char dir[] = "/tmp/dw_lists_XXXXXX", path[512];
    struct village_summary sum;
    struct err_detail detail = {0};
    struct layer_map map = {0};
    size_t count[LAYER_KINDS] = {0};
    assert_non_null(mkdtemp(dir));
    assert_int_equal(village_write(&sum, dir, a_seed(), 2600, NULL, &detail), DW_OK);
    snprintf(path, sizeof path, "%s/map.geojson", dir);
    assert_int_equal(layer_read(&map, path, NULL, &detail), DW_OK);
    for (size_t i = 0; i < map.count; i++) {
        const struct layer_feature *f = &map.features[i];
        count[f->kind]++;
        if (f->kind == LAYER_LANE || f->kind == LAYER_GATE || f->kind == LAYER_BARRIER || f->kind == LAYER_VILLAGE) continue;
        assert_int_not_equal(f->parent, LAYER_NONE);
        assert_string_equal(map.features[f->parent].code, f->parent_code);
        if (f->kind == LAYER_BUILDING) assert_true(f->floors >= 3 && f->floors <= 7 && f->address[0] != 0);
    }
    assert_int_equal(count[LAYER_VILLAGE], 1);
    assert_int_equal(count[LAYER_GRID], sum.grids);
    assert_int_equal(count[LAYER_CELL], sum.cells);
    assert_int_equal(count[LAYER_BUILDING], sum.buildings);
    assert_int_equal(count[LAYER_FACTORY], sum.factories);
    assert_true(count[LAYER_LANE] > 0 && count[LAYER_GATE] > 0);
    assert_int_equal(map.ignored, 0);
    layer_free(&map);
    remove_village(dir);
}

/* The files read back hold each row where truth/ says it is. */
static void files_agree(void **state)
{
    (void)state;
    char dir[] = "/tmp/dw_lists_XXXXXX", path[512];
    struct village_summary sum;
    struct err_detail detail = {0};
    uint64_t seed = a_seed();
    assert_non_null(mkdtemp(dir));
    assert_int_equal(village_write(&sum, dir, seed, 900, NULL, &detail), DW_OK);
    struct world *w;
    struct lists lists = {0};
    assert_int_equal(world_make(&w, seed, 900, NULL), DW_OK);
    assert_int_equal(lists_make(&lists, w), DW_OK);
    for (int f = 0; f < LISTS_FILES; f++) {
        struct sheet_book book = {0};
        const struct lists_table *table = &lists.tables[f];
        assert_int_equal(sum.rows[f], table->count);
        snprintf(path, sizeof path, "%s/%s", dir, lists_file_name((enum lists_file)f));
        assert_int_equal(sheet_read(&book, path, NULL, NULL, &detail), DW_OK);
        assert_int_equal(book.count, 1);
        assert_int_equal(book.sheets[0].rows, table->count + lists_first_row((enum lists_file)f) - 1);
        for (size_t i = 0; i < table->count; i += 7)
            assert_true(row_names(&book.sheets[0], (uint32_t)i + lists_first_row((enum lists_file)f), table->rows[i].name));
        sheet_free(&book);
    }
    lists_free(&lists);
    world_free(w);
    remove_village(dir);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(error_rates), cmocka_unit_test(neighbours_know),
                                       cmocka_unit_test(files_agree), cmocka_unit_test(map_agrees)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
