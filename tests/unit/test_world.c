#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/keys.h"
#include "sim/names.h"
#include "sim/world.h"

static uint64_t a_seed(void)
{
    uint64_t seed;
    rng_bytes(NULL, &seed, sizeof seed);
    seed %= 1000000;
    printf("seed %llu\n", (unsigned long long)seed);
    return seed;
}

static struct world *a_world(uint64_t seed, uint32_t people)
{
    struct world *world;
    assert_int_equal(world_make(&world, seed, people, NULL), DW_OK);
    return world;
}

static bool here(const struct world_person *p)
{
    return p->state == WORLD_PRESENT || p->state == WORLD_AWAY;
}

static uint64_t digest(const struct world *w)
{
    struct arena_buf buf = {0};
    for (size_t i = 0; i < w->building_count; i++) {
        const struct world_building *b = &w->buildings[i];
        arena_buf_format(&buf, "%s|%s|%s|%s|%u|%u\n", b->code, b->address, b->name, b->landlord, b->doors, b->floors);
    }
    for (size_t i = 0; i < w->person_count; i++) {
        const struct world_person *p = &w->persons[i];
        arena_buf_format(&buf, "%s|%s|%s|%d|%u|%u|%u\n", p->name, p->doc, p->phone, p->birth, p->household, p->state, p->flags);
    }
    assert_false(buf.failed);
    uint64_t hash = hash_quick(buf.data, buf.len);
    arena_buf_free(&buf);
    return hash;
}

static void same_seed_same_world(void **state)
{
    (void)state;
    uint64_t seed = a_seed();
    struct world *a = a_world(seed, 3000), *b = a_world(seed, 3000), *c = a_world(seed + 1, 3000);
    assert_true(digest(a) == digest(b));
    assert_true(digest(a) != digest(c));
    world_free(a);
    world_free(b);
    world_free(c);
}

static void in(const char *what, double low, double value, double high)
{
    if (value < low || value > high) print_error("%s %.4f is not in %.4f to %.4f\n", what, value, low, high);
    assert_true(value >= low && value <= high);
}

static void shares(void **state)
{
    (void)state;
    struct world *w = a_world(a_seed(), 20000);
    double n = 0, local = 0, young = 0, old = 0, male = 0, dorm = 0, departed = 0, arrived = 0, undocumented = 0;
    for (size_t i = 0; i < w->person_count; i++) {
        const struct world_person *p = &w->persons[i];
        int age = when_age(p->birth, WORLD_TODAY);
        assert_in_range(age, 0, 110);
        departed += p->state == WORLD_DEPARTED;
        arrived += p->state == WORLD_ARRIVED;
        if (!here(p)) continue;
        n++;
        local += p->local;
        young += age < 15;
        old += age >= 60;
        male += p->sex == 'M';
        dorm += w->households[p->household].collective;
        undocumented += p->doc[0] == 0;
    }
    assert_true(n == 20000);
    in("local", 0.12, local / n, 0.20);
    in("0-14", 0.12, young / n, 0.20);
    in("60+", 0.03, old / n, 0.08);
    in("male", 0.50, male / n, 0.57);
    in("dormitories", 0.14, dorm / n, 0.25);
    in("departed", 0.05, departed / n, 0.07);
    in("arrived", 0.0005, arrived / n, 0.005);
    in("no document", 0.0005, undocumented / n, 0.02);
    in("people a building", 25, n / (double)(w->building_count - w->factory_count), 29);
    in("factories", 60, (double)w->factory_count, 90);
    double size[2] = {0}, count[2] = {0};
    for (size_t i = 0; i < w->household_count; i++) {
        const struct world_household *h = &w->households[i];
        if (h->departed || h->collective) continue;
        count[h->local]++;
        for (uint32_t k = 0; k < h->persons; k++) size[h->local] += here(&w->persons[h->first_person + k]);
    }
    in("local household", 2.5, size[1] / count[1], 3.0);
    in("migrant household", 1.7, size[0] / count[0], 2.2);
    world_free(w);
}

static void case_numbers(void **state)
{
    (void)state;
    struct world *w = a_world(a_seed(), 54000);
    assert_in_range(w->grid_count, 8, 12);
    assert_int_equal(w->grids[2].cells, 16);
    assert_int_equal(w->grids[7].cells, 3);
    assert_string_equal(w->grids[2].code, "3");
    for (size_t g = 0; g < w->grid_count; g++)
        if (g != 2 && g != 7) assert_in_range(w->grids[g].cells, 5, 14);
    assert_in_range(w->cell_count, 80, 130);
    assert_in_range(w->lane_count, 150, 250);
    assert_in_range(w->gate_count, 25, 40);
    assert_in_range(w->building_count - w->factory_count, 1800, 2200);
    size_t shops = 0, open = 0, blocked = 0;
    for (size_t i = 0; i < w->door_count; i++) shops += w->doors[i].kind == WORLD_SHOP;
    for (size_t i = 0; i < w->gate_count; i++) open += w->gates[i].open;
    in("shops", 800, (double)shops, 2000);
    in("open gates", 6, (double)open, 10);
    for (size_t i = 0; i < w->barrier_count; i++)
        for (size_t k = 0; k < w->lane_count; k++) {
            const struct world_lane *l = &w->lanes[k];
            blocked += l->row0 == l->row1 && l->row0 == w->barriers[i].row && l->col0 <= w->barriers[i].col &&
                       w->barriers[i].col < l->col1;
        }
    assert_int_equal(blocked, w->barrier_count);
    world_free(w);
}

/* GB 11643-1999, counted here on its own. */
static bool checksum(const char *doc)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++) sum += (doc[i] - '0') * weights[i];
    return doc[17] == "10X98765432"[sum % 11];
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void unique(const char **texts, size_t count)
{
    qsort(texts, count, sizeof *texts, by_text);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(texts[i - 1], texts[i]) == 0) print_error("twice: %s\n", texts[i]);
        assert_string_not_equal(texts[i - 1], texts[i]);
    }
}

static void documents(void **state)
{
    (void)state;
    struct world *w = a_world(a_seed(), 20000);
    const char **docs = calloc(w->person_count, sizeof *docs);
    assert_non_null(docs);
    size_t count = 0;
    for (size_t i = 0; i < w->person_count; i++) {
        const struct world_person *p = &w->persons[i];
        assert_true(p->name[0] != 0);
        assert_true(p->phone[0] == 0 || (strlen(p->phone) == 11 && p->phone[0] == '1' && p->phone[1] >= '3'));
        if (when_age(p->birth, WORLD_TODAY) < 1) assert_true(p->doc_kind == WORLD_DOC_ID || p->doc_kind == WORLD_DOC_NONE);
        if (p->doc[0] != 0) docs[count++] = p->doc;
        if (p->doc_kind != WORLD_DOC_ID) continue;
        char birth[9];
        assert_int_equal(strlen(p->doc), 18);
        assert_true(checksum(p->doc));
        assert_true(memcmp(p->doc, "350599", 6) == 0 || memcmp(p->doc, "810000", 6) == 0);
        snprintf(birth, sizeof birth, "%08u", (unsigned)p->birth % 100000000);
        assert_memory_equal(p->doc + 6, birth, 8);
        assert_true(when_valid_day(p->birth));
        assert_int_equal((p->doc[16] - '0') % 2, p->sex == 'M');
    }
    assert_true(count > w->person_count * 95 / 100);
    unique(docs, count);
    free(docs);
    world_free(w);
}

/* Lots of the cell reached from one of them by steps to the four neighbours. */
static uint32_t reach(const struct world *w, uint32_t cell, uint32_t *stack, uint8_t *seen)
{
    uint32_t lots = w->rows * w->columns, depth = 0, found = 0;
    for (uint32_t i = 0; i < lots && depth == 0; i++)
        if (w->lot_cell[i] == cell) stack[depth++] = i;
    if (depth > 0) seen[stack[0]] = 1;
    while (depth > 0) {
        uint32_t lot = stack[--depth], c = lot % w->columns, r = lot / w->columns;
        uint32_t next[4] = {c > 0 ? lot - 1 : lot, c + 1 < w->columns ? lot + 1 : lot, r > 0 ? lot - w->columns : lot,
                            r + 1 < w->rows ? lot + w->columns : lot};
        found++;
        for (int k = 0; k < 4; k++)
            if (!seen[next[k]] && w->lot_cell[next[k]] == cell) {
                seen[next[k]] = 1;
                stack[depth++] = next[k];
            }
    }
    return found;
}

static void tree_of(const struct world *w)
{
    uint32_t next_cell = 0, next_building = 0, next_door = 0, next_household = 0, next_person = 0, lots = w->rows * w->columns;
    for (uint32_t g = 0; g < w->grid_count; g++) {
        assert_int_equal(w->grids[g].first_cell, next_cell);
        for (uint32_t c = 0; c < w->grids[g].cells; c++, next_cell++) {
            const struct world_cell *cell = &w->cells[next_cell];
            char code[32];
            snprintf(code, sizeof code, "%u-%u", g + 1, c + 1);
            assert_string_equal(cell->code, code);
            assert_int_equal(cell->first_building, next_building);
            assert_true(cell->buildings > 0);
            for (uint32_t b = 0; b < cell->buildings; b++, next_building++) {
                const struct world_building *building = &w->buildings[next_building];
                assert_int_equal(building->cell, next_cell);
                assert_int_equal(w->lot_cell[building->row * w->columns + building->col], next_cell);
                assert_int_equal(w->lot_building[building->row * w->columns + building->col], next_building);
                assert_memory_equal(building->code, code, strlen(code));
                assert_int_equal(building->code[strlen(code)], '-');
                assert_int_equal(building->first_door, next_door);
                next_door += building->doors;
                assert_int_equal(world_by_code(w, building->code), next_building);
                assert_int_equal(world_by_address(w, building->address), next_building);
            }
        }
    }
    assert_int_equal(next_cell, w->cell_count);
    assert_int_equal(next_building, w->building_count);
    assert_int_equal(next_door, w->door_count);
    for (uint32_t d = 0; d < w->door_count; d++) {
        assert_int_equal(w->doors[d].first_household, next_household);
        uint32_t current = 0;
        for (uint32_t h = 0; h < w->doors[d].households; h++, next_household++) {
            const struct world_household *household = &w->households[next_household];
            assert_int_equal(household->door, d);
            assert_int_equal(household->first_person, next_person);
            current += !household->departed;
            for (uint32_t k = 0; k < household->persons; k++, next_person++) {
                assert_int_equal(w->persons[next_person].household, next_household);
                if (household->departed) assert_int_equal(w->persons[next_person].state, WORLD_DEPARTED);
            }
        }
        assert_true(current <= 1);
    }
    assert_int_equal(next_person, w->person_count);
    uint32_t *stack = calloc(lots, sizeof *stack), covered = 0;
    uint8_t *seen = calloc(lots, 1);
    assert_true(stack != NULL && seen != NULL);
    for (uint32_t c = 0; c < w->cell_count; c++) {
        uint32_t found = reach(w, c, stack, seen);
        assert_int_equal(found, w->cells[c].lots);
        covered += found;
    }
    assert_int_equal(covered, lots);
    free(stack);
    free(seen);
}

static void tree(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {20,  21,   37,   50,   54,   99,    150,   299,   300,   301,  500,
                                     999, 1700, 2600, 4100, 7777, 13000, 19999, 20000, 31000, 60000};
    uint64_t seed = a_seed();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct world *w = a_world(seed + i, sizes[i]);
        uint32_t n = 0;
        for (size_t k = 0; k < w->person_count; k++) n += here(&w->persons[k]);
        assert_int_equal(n, sizes[i]);
        tree_of(w);
        if (sizes[i] >= 20000) assert_true(w->grids[2].cells == 16 && w->grids[7].cells == 3); /* the case's own */
        const char **addresses = calloc(w->building_count, sizeof *addresses);
        assert_non_null(addresses);
        for (size_t k = 0; k < w->building_count; k++) addresses[k] = w->buildings[k].address;
        unique(addresses, w->building_count);
        free(addresses);
        world_free(w);
    }
}

static void refuses_sizes(void **state)
{
    (void)state;
    struct world *w;
    assert_int_equal(world_make(&w, 1, WORLD_PEOPLE_MIN - 1, NULL), DW_E_INVALID);
    assert_null(w);
    assert_int_equal(world_make(&w, 1, WORLD_PEOPLE_MAX + 1, NULL), DW_E_INVALID);
    assert_null(w);
    world_free(NULL);
}

static void homonyms(void **state)
{
    (void)state;
    struct world *w = a_world(a_seed(), 20000);
    double shared = 0, dotted = 0, compound = 0;
    for (uint32_t i = 0; i < w->person_count; i++) {
        const struct world_person *p = &w->persons[i];
        dotted += strstr(p->name, "·") != NULL;
        compound += strncmp(p->name, "欧阳", 6) == 0 || strncmp(p->name, "上官", 6) == 0;
        uint32_t grid = w->cells[w->buildings[world_person_building(w, i)].cell].grid, other;
        size_t cursor = 0;
        while (map_next(&w->by_name, hash_quick(p->name, strlen(p->name)), &cursor, &other))
            if (other != i && strcmp(w->persons[other].name, p->name) == 0 &&
                w->cells[w->buildings[world_person_building(w, other)].cell].grid == grid) {
                shared++;
                break;
            }
    }
    in("homonyms in one grid", 0.006, shared / (double)w->person_count, 0.03);
    in("names with a separator", 0.0005, dotted / (double)w->person_count, 0.02);
    assert_true(compound > 0);
    world_free(w);
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_seed_same_world),
                                       cmocka_unit_test(shares),
                                       cmocka_unit_test(case_numbers),
                                       cmocka_unit_test(documents),
                                       cmocka_unit_test(tree),
                                       cmocka_unit_test(refuses_sizes),
                                       cmocka_unit_test(homonyms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
