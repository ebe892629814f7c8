#include "sim/layout.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAYOUT_BLOCK = 7, LAYOUT_GRIDS = 16, LAYOUT_STREET_ROWS = 12 };
enum { LAYOUT_VACANT = 255 };

static const char *const layout_words[] = {"明", "华", "兴", "和", "安", "顺", "福", "泰", "宁", "康", "德", "义", "礼", "信",
                                           "文", "武", "龙", "凤", "柳", "榕", "桂", "梅", "竹", "松", "莲", "溪", "井", "桥",
                                           "庙", "塘", "坡", "石", "新", "旧", "上", "下", "前", "后", "里", "口"};
static const char *const layout_apartments[] = {"宏亭", "金湖", "聚福", "海景", "佳和", "永盛", "凯旋", "锦绣", "华庭", "鸿运"};
static const char *const layout_firms[] = {"新发", "鸿达", "恒盛", "金鹏", "宏远", "兴业", "华威", "顺昌", "利达", "东升",
                                           "万通", "嘉盛", "荣泰", "信步", "飞马", "安泰", "三友", "五丰", "百利", "永固"};
static const char *const layout_trades[] = {"鞋业",   "制衣厂", "织造厂",   "纸箱厂", "鞋材",
                                            "五金厂", "包装",   "塑胶制品", "伞厂",   "石材厂"};

#define LAYOUT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct layout {
    struct world *world;
    struct rng rng;
    uint32_t buildings, factories, dormitories; /* buildings include dormitories */
    uint8_t *use;                               /* enum world_use or LAYOUT_VACANT, a lot */
    double *industry;                           /* how close a lot is to factories, smaller is closer */
    uint32_t *sum;                              /* used lots north-west of a corner, (rows + 1) × (columns + 1) */
    uint32_t *streets;                          /* columns at which north-south streets run */
    uint32_t street_count;
    uint32_t grid_count, grid_cells[LAYOUT_GRIDS];
};

struct layout_rect {
    uint32_t c0, c1, r0, r1;
};

static void *layout_alloc(struct layout *l, size_t count, size_t size)
{
    return arena_array(&l->world->arena, count > 0 ? count : 1, size);
}

static const char *layout_text(struct layout *l, const char *text)
{
    const char *copy = arena_text(&l->world->arena, text, strlen(text));
    return copy != NULL ? copy : "";
}

static void layout_shuffle(struct rng *rng, uint32_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = rng_below(rng, i);
        uint32_t t = items[i - 1];
        items[i - 1] = items[j];
        items[j] = t;
    }
}

static void layout_sizes(struct layout *l)
{
    struct world *w = l->world;
    uint32_t people = w->people;
    l->buildings = people < 54 ? 2 : (people + 13) / 27;
    l->factories = people < 300 ? 0 : (people + 135) / 270;
    l->dormitories = people < 300 ? 0 : (uint32_t)(people * 0.17 / 72 + 0.5);
    double lots = (l->buildings + l->factories) * 1.07 + 1;
    w->columns = (uint32_t)(sqrt(lots * 1.3) + 0.5);
    if (w->columns < 2) w->columns = 2;
    w->rows = (uint32_t)ceil(lots / w->columns / 2) * 2;
}

static int layout_by_key(const void *a, const void *b, void *keys)
{
    const double *k = keys;
    double x = k[*(const uint32_t *)a], y = k[*(const uint32_t *)b];
    return x < y ? -1 : x > y;
}

/* Vacant lots at random, factories and dormitories where industry is, the rest residential. */
static dw_err layout_uses(struct layout *l)
{
    struct world *w = l->world;
    uint32_t lots = w->rows * w->columns, used = l->buildings + l->factories;
    assert(used <= lots);
    l->use = layout_alloc(l, lots, 1);
    l->industry = layout_alloc(l, lots, sizeof *l->industry);
    uint32_t *order = layout_alloc(l, lots, sizeof *order);
    if (l->use == NULL || l->industry == NULL || order == NULL) return DW_E_MEMORY;
    double centre[3][2];
    for (int i = 0; i < 3; i++) {
        centre[i][0] = rng_unit(&l->rng) * w->columns;
        centre[i][1] = rng_unit(&l->rng) * w->rows;
    }
    for (uint32_t i = 0; i < lots; i++) {
        double best = 1e9, x = i % w->columns, y = i / w->columns;
        for (int k = 0; k < 3; k++) best = fmin(best, hypot(x - centre[k][0], y - centre[k][1]));
        l->industry[i] = best + rng_unit(&l->rng) * 0.5 * w->columns;
        order[i] = i;
    }
    layout_shuffle(&l->rng, order, lots);
    for (uint32_t i = used; i < lots; i++) l->use[order[i]] = LAYOUT_VACANT;
    qsort_r(order, used, sizeof *order, layout_by_key, l->industry);
    for (uint32_t i = 0; i < used; i++) {
        double u = rng_unit(&l->rng);
        enum world_use use = u < 0.25 ? WORLD_OWN : u < 0.93 ? WORLD_RENTAL : WORLD_APARTMENT;
        if (i < l->factories)
            use = WORLD_FACTORY;
        else if (i < l->factories + l->dormitories)
            use = WORLD_DORMITORY;
        l->use[order[i]] = (uint8_t)use;
    }
    return DW_OK;
}

static dw_err layout_sums(struct layout *l)
{
    struct world *w = l->world;
    uint32_t stride = w->columns + 1;
    l->sum = layout_alloc(l, (size_t)(w->rows + 1) * stride, sizeof *l->sum);
    if (l->sum == NULL) return DW_E_MEMORY;
    for (uint32_t r = 0; r < w->rows; r++)
        for (uint32_t c = 0; c < w->columns; c++)
            l->sum[(r + 1) * stride + c + 1] = l->sum[r * stride + c + 1] + l->sum[(r + 1) * stride + c] -
                                               l->sum[r * stride + c] + (l->use[r * w->columns + c] != LAYOUT_VACANT);
    return DW_OK;
}

static uint32_t layout_used(const struct layout *l, struct layout_rect rect)
{
    uint32_t stride = l->world->columns + 1;
    return l->sum[rect.r1 * stride + rect.c1] - l->sum[rect.r0 * stride + rect.c1] - l->sum[rect.r1 * stride + rect.c0] +
           l->sum[rect.r0 * stride + rect.c0];
}

/* Grid 3 has 16 cells and grid 8 has 3 from 20,000 people on, as in the case; the others 5 to 14. */
static void layout_tree(struct layout *l)
{
    uint32_t people = l->world->people, used = l->buildings + l->factories;
    if (people >= 20000) {
        uint32_t more = (people - 20000 + 8500) / 17000;
        l->grid_count = 8 + (more > 4 ? 4 : more);
        int mean = ((int)(people / 500) - 19) / (int)(l->grid_count - 2);
        for (uint32_t g = 0; g < l->grid_count; g++) {
            int cells = mean + (int)rng_below(&l->rng, 5) - 2;
            l->grid_cells[g] = (uint32_t)(cells < 5 ? 5 : cells > 14 ? 14 : cells);
        }
        l->grid_cells[2] = 16;
        l->grid_cells[7] = 3;
        return;
    }
    l->grid_count = (people + 1250) / 2500;
    if (l->grid_count < 1) l->grid_count = 1;
    uint32_t cells = (people / l->grid_count + 225) / 450, most = used / l->grid_count / 6;
    if (cells > most) cells = most;
    for (uint32_t g = 0; g < l->grid_count; g++) l->grid_cells[g] = cells > 0 ? cells : 1;
}

/* The best straight cut that leaves frac of the used lots on its west or north side and at least min_a, min_b on the two. */
static bool layout_cut(const struct layout *l, struct layout_rect rect, double frac, uint32_t min_a, uint32_t min_b,
                       struct layout_rect *a, struct layout_rect *b)
{
    double best = 1e9, used = layout_used(l, rect);
    uint32_t wide = rect.c1 - rect.c0, high = rect.r1 - rect.r0;
    for (uint32_t i = 1; i < wide + high - 1; i++) {
        bool column = i < wide;
        struct layout_rect x = rect, y = rect;
        if (column)
            x.c1 = y.c0 = rect.c0 + i;
        else
            x.r1 = y.r0 = rect.r0 + (i - wide + 1);
        uint32_t ux = layout_used(l, x), uy = layout_used(l, y);
        if (ux < min_a || uy < min_b) continue;
        double cost = fabs(ux / used - frac) + (column == (wide >= high) ? 0 : 0.12) + (!column && x.r1 % 2 == 1 ? 0.02 : 0);
        if (cost < best) {
            best = cost;
            *a = x;
            *b = y;
        }
    }
    return best < 1e9;
}

/* Splits a rectangle among count items of the given weights (cells each), first items to the west and north.
 * rects may be used by the items' own splits later. Depth is log2 of count. */
static bool layout_split(const struct layout *l, struct layout_rect rect, const uint32_t *weights, uint32_t count,
                         struct layout_rect *rects)
{
    if (count == 1) {
        rects[0] = rect;
        return true;
    }
    uint32_t all = 0, part = 0, m = 0;
    for (uint32_t i = 0; i < count; i++) all += weights[i];
    while (m + 1 < count && (m == 0 || (part + weights[m] / 2) * 2 <= all)) part += weights[m++];
    struct layout_rect a, b;
    if (!layout_cut(l, rect, (double)part / all, part, all - part, &a, &b)) return false;
    return layout_split(l, a, weights, m, rects) && layout_split(l, b, weights + m, count - m, rects + m);
}

static dw_err layout_cells(struct layout *l, struct layout_rect **cell_rects, struct err_detail *detail)
{
    struct world *w = l->world;
    struct layout_rect grid_rects[LAYOUT_GRIDS], whole = {0, w->columns, 0, w->rows};
    for (uint32_t g = 0; g < l->grid_count; g++) w->cell_count += l->grid_cells[g];
    w->grid_count = l->grid_count;
    w->grids = layout_alloc(l, w->grid_count, sizeof *w->grids);
    w->cells = layout_alloc(l, w->cell_count, sizeof *w->cells);
    w->lot_cell = layout_alloc(l, (size_t)w->rows * w->columns, sizeof *w->lot_cell);
    *cell_rects = layout_alloc(l, w->cell_count, sizeof **cell_rects);
    if (w->grids == NULL || w->cells == NULL || w->lot_cell == NULL || *cell_rects == NULL) return DW_E_MEMORY;
    if (!layout_split(l, whole, l->grid_cells, l->grid_count, grid_rects)) return err_set(detail, DW_E_INVALID, "grids");
    static const uint32_t ones[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    uint32_t cell = 0;
    for (uint32_t g = 0; g < l->grid_count; g++) {
        struct world_grid *grid = &w->grids[g];
        grid->first_cell = cell;
        grid->cells = l->grid_cells[g];
        snprintf(grid->code, sizeof grid->code, "%u", g + 1);
        if (!layout_split(l, grid_rects[g], ones, grid->cells, *cell_rects + cell)) return err_set(detail, DW_E_INVALID, "cells");
        for (uint32_t k = 0; k < grid->cells; k++, cell++) {
            struct layout_rect rect = (*cell_rects)[cell];
            w->cells[cell].grid = g;
            w->cells[cell].lots = (rect.c1 - rect.c0) * (rect.r1 - rect.r0);
            snprintf(w->cells[cell].code, sizeof w->cells[cell].code, "%u-%u", g + 1, k + 1);
            for (uint32_t r = rect.r0; r < rect.r1; r++)
                for (uint32_t c = rect.c0; c < rect.c1; c++) w->lot_cell[r * w->columns + c] = cell;
        }
    }
    return DW_OK;
}

static void layout_number(char *out, size_t size, uint32_t n)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    if (n < 10)
        snprintf(out, size, "%s", digits[n]);
    else
        snprintf(out, size, "%s十%s", n < 20 ? "" : digits[n / 10 % 10], digits[n % 10]);
}

static void layout_lane_name(struct layout *l, struct world_lane *lane, uint32_t *counters, const char *suffix)
{
    static const char *const sides[] = {"东", "西", "南", "北", "中"};
    double x = (lane->col0 + lane->col1) / 2.0 / l->world->columns, y = (lane->row0 + lane->row1) / 2.0 / l->world->rows;
    int side = x > 0.66 ? 0 : x < 0.33 ? 1 : y > 0.66 ? 2 : y < 0.33 ? 3 : 4;
    uint32_t n = counters[side]++, serial = n / (uint32_t)LAYOUT_COUNT(layout_words);
    char number[16] = "", name[64];
    if (serial > 0) layout_number(number, sizeof number, (serial + 1) % 100);
    snprintf(name, sizeof name, "%s%s%s%s", sides[side], layout_words[n % LAYOUT_COUNT(layout_words)], number, suffix);
    lane->name = layout_text(l, name);
}

/* East-west lanes block by block (lane index = row pair × blocks + block), then streets in pieces. Some lanes end blind. */
static dw_err layout_lanes(struct layout *l)
{
    struct world *w = l->world;
    l->streets = layout_alloc(l, w->columns / LAYOUT_BLOCK + 2, sizeof *l->streets);
    if (l->streets == NULL) return DW_E_MEMORY;
    for (uint32_t c = 0; c + 3 <= w->columns || c == 0; c += LAYOUT_BLOCK) l->streets[l->street_count++] = c;
    l->streets[l->street_count++] = w->columns;
    uint32_t blocks = l->street_count - 1, pairs = w->rows / 2, pieces = (w->rows + LAYOUT_STREET_ROWS - 1) / LAYOUT_STREET_ROWS;
    w->lanes = layout_alloc(l, (size_t)pairs * blocks + (size_t)l->street_count * pieces, sizeof *w->lanes);
    w->barriers = layout_alloc(l, (size_t)pairs * blocks, sizeof *w->barriers);
    if (w->lanes == NULL || w->barriers == NULL) return DW_E_MEMORY;
    uint32_t lane_names[5] = {0}, street_names[5] = {0};
    for (uint32_t k = 0; k < pairs; k++)
        for (uint32_t j = 0; j < blocks; j++) {
            struct world_lane *lane = &w->lanes[w->lane_count++];
            *lane = (struct world_lane){"", l->streets[j], 2 * k + 1, l->streets[j + 1], 2 * k + 1};
            layout_lane_name(l, lane, lane_names, "巷");
            double u = rng_unit(&l->rng);
            uint32_t length = lane->col1 - lane->col0;
            if (u < 0.08 && length >= 4)
                lane->col1--;
            else if (u < 0.24 && length >= 3)
                w->barriers[w->barrier_count++] =
                    (struct world_barrier){lane->col0 + 1 + (uint32_t)rng_below(&l->rng, length - 2), lane->row0, false};
        }
    for (uint32_t s = 0; s < l->street_count; s++)
        for (uint32_t row = 0; row < w->rows;) {
            uint32_t end = row + LAYOUT_STREET_ROWS + (row == 0);
            if (end + 3 > w->rows) end = w->rows;
            struct world_lane *lane = &w->lanes[w->lane_count++];
            *lane = (struct world_lane){"", l->streets[s], row, l->streets[s], end};
            layout_lane_name(l, lane, street_names, "路");
            row = end;
        }
    return DW_OK;
}

static dw_err layout_gates(struct layout *l)
{
    struct world *w = l->world;
    uint32_t most = 2 * l->street_count + w->rows, want = w->people / 1800 + 1, count = 0;
    if (want > 40) want = 40;
    struct world_gate *all = layout_alloc(l, most, sizeof *all);
    uint32_t *order = layout_alloc(l, most, sizeof *order);
    if (all == NULL || order == NULL) return DW_E_MEMORY;
    for (uint32_t s = 0; s < l->street_count; s++) {
        all[count++] = (struct world_gate){l->streets[s], 0, false};
        all[count++] = (struct world_gate){l->streets[s], w->rows, false};
    }
    for (uint32_t k = 0; k < w->rows / 2; k++) {
        all[count++] = (struct world_gate){0, 2 * k + 1, false};
        all[count++] = (struct world_gate){w->columns, 2 * k + 1, false};
    }
    for (uint32_t i = 0; i < count; i++) order[i] = i;
    layout_shuffle(&l->rng, order, count);
    if (want > count) want = count;
    w->gates = layout_alloc(l, want, sizeof *w->gates);
    if (w->gates == NULL) return DW_E_MEMORY;
    for (uint32_t i = 0; i < want; i++) {
        w->gates[i] = all[order[i]];
        w->gates[i].open = i < (want + 3) / 4;
    }
    w->gate_count = want;
    return DW_OK;
}

/* The forms of HANDBOOK section 1: lane and number, sub-number, 东片12号, and a named apartment after Chinese numerals. */
static void layout_address(struct layout *l, struct world_building *b, uint32_t zones[2], uint32_t *apartments)
{
    const struct world *w = l->world;
    char text[160], name[64], number[32];
    uint32_t n = 2 * (b->col - w->lanes[b->lane].col0) + 1 + b->row % 2;
    const char *lane = w->lanes[b->lane].name;
    bool east = b->col >= w->columns * 0.82 && b->row < w->rows / 2, west = b->col < w->columns * 0.15 && b->row >= w->rows / 2;
    b->name = "";
    if (b->use == WORLD_APARTMENT) {
        uint32_t k = (*apartments)++;
        snprintf(name, sizeof name, "%s%u号公寓%c栋", layout_apartments[k / 2 % LAYOUT_COUNT(layout_apartments)],
                 k / 2 / (uint32_t)LAYOUT_COUNT(layout_apartments) + 1, "AB"[k % 2]);
        layout_number(number, sizeof number, n);
        snprintf(text, sizeof text, "%s%s号%s", lane, number, name);
        b->name = layout_text(l, name);
    } else if (east || west) {
        snprintf(text, sizeof text, "%s片%u号", east ? "东" : "西", ++zones[west]);
    } else if (n > 2 && rng_below(&l->rng, 100) < 3) {
        snprintf(text, sizeof text, "%s%u-1号", lane, n - 2);
    } else {
        snprintf(text, sizeof text, "%s%u号", lane, n);
    }
    b->address = layout_text(l, text);
    if (b->use == WORLD_FACTORY) {
        uint32_t k = b->factory, firms = LAYOUT_COUNT(layout_firms), trades = LAYOUT_COUNT(layout_trades);
        snprintf(number, sizeof number, "%u", k / (firms * trades) + 1);
        snprintf(name, sizeof name, "%s%s%s", layout_firms[k % firms], layout_trades[k / firms % trades],
                 k < firms * trades ? "" : number);
        b->name = layout_text(l, name);
    }
}

static void layout_building(struct layout *l, struct world_building *b, uint32_t lot, uint32_t cell)
{
    static const uint8_t floors[] = {3, 3, 3, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 7, 7};
    struct world *w = l->world;
    b->use = l->use[lot];
    b->cell = cell;
    b->col = lot % w->columns;
    b->row = lot / w->columns;
    b->factory = WORLD_NONE;
    b->landlord = b->landlord_phone = "";
    b->floors = b->use == WORLD_FACTORY ? 2 + (uint32_t)rng_below(&l->rng, 4) : floors[rng_below(&l->rng, sizeof floors)];
    uint32_t block = b->col / LAYOUT_BLOCK, blocks = l->street_count - 1;
    if (block >= blocks) block = blocks - 1;
    b->lane = b->row / 2 * blocks + block;
}

/* Numbers the buildings of each cell in a keeper's walking order: along one lane and back along the next. */
static dw_err layout_buildings(struct layout *l, const struct layout_rect *rects)
{
    struct world *w = l->world;
    w->building_count = l->buildings + l->factories;
    w->factory_count = l->factories;
    w->buildings = layout_alloc(l, w->building_count, sizeof *w->buildings);
    w->lot_building = layout_alloc(l, (size_t)w->rows * w->columns, sizeof *w->lot_building);
    if (w->buildings == NULL || w->lot_building == NULL) return DW_E_MEMORY;
    memset(w->lot_building, 0xFF, (size_t)w->rows * w->columns * sizeof *w->lot_building);
    uint32_t next = 0, factories = 0;
    for (uint32_t cell = 0; cell < w->cell_count; cell++) {
        struct layout_rect rect = rects[cell];
        uint32_t wide = rect.c1 - rect.c0, number = 0, firm = 0;
        w->cells[cell].first_building = next;
        for (uint32_t k = rect.r0 / 2; 2 * k < rect.r1; k++)
            for (uint32_t i = 0; i < 2 * wide; i++) {
                uint32_t c = k % 2 == 0 ? rect.c0 + i / 2 : rect.c1 - 1 - i / 2, r = 2 * k + i % 2;
                if (r < rect.r0 || r >= rect.r1 || l->use[r * w->columns + c] == LAYOUT_VACANT) continue;
                struct world_building *b = &w->buildings[next];
                layout_building(l, b, r * w->columns + c, cell);
                if (b->use == WORLD_FACTORY) {
                    snprintf(b->code, sizeof b->code, "%s-F%u", w->cells[cell].code, ++firm);
                    b->factory = factories++;
                } else {
                    snprintf(b->code, sizeof b->code, "%s-%u", w->cells[cell].code, ++number);
                }
                w->lot_building[r * w->columns + c] = next++;
            }
        w->cells[cell].buildings = next - w->cells[cell].first_building;
    }
    assert(next == w->building_count);
    uint32_t zones[2] = {0, 0}, apartments = 0;
    for (uint32_t i = 0; i < w->building_count; i++) layout_address(l, &w->buildings[i], zones, &apartments);
    for (uint32_t i = 0; i < w->building_count; i++)
        if (w->buildings[i].use == WORLD_FACTORY) w->buildings[i].factory = i;
    return DW_OK;
}

/* Every dormitory belongs to the nearest factory. O(dormitories × factories). */
static dw_err layout_dormitories(struct layout *l)
{
    struct world *w = l->world;
    uint32_t *factories = layout_alloc(l, w->factory_count, sizeof *factories), count = 0;
    if (factories == NULL) return DW_E_MEMORY;
    for (uint32_t i = 0; i < w->building_count; i++)
        if (w->buildings[i].use == WORLD_FACTORY) factories[count++] = i;
    assert(count == w->factory_count);
    for (uint32_t i = 0; i < w->building_count; i++) {
        struct world_building *b = &w->buildings[i];
        int64_t best = INT64_MAX;
        for (uint32_t k = 0; b->use == WORLD_DORMITORY && k < count; k++) {
            const struct world_building *f = &w->buildings[factories[k]];
            int64_t x = (int64_t)b->col - f->col, y = (int64_t)b->row - f->row;
            if (x * x + y * y >= best) continue;
            best = x * x + y * y;
            b->factory = factories[k];
        }
    }
    return DW_OK;
}

/* Shares the people out among the buildings: dormitories near 18 in a hundred, the rest by floors and kind. */
static dw_err layout_capacity(struct layout *l)
{
    struct world *w = l->world;
    uint32_t left = w->people;
    for (uint32_t i = 0; i < w->building_count; i++) {
        struct world_building *b = &w->buildings[i];
        if (b->use == WORLD_DORMITORY)
            b->capacity = 50 + (uint32_t)rng_below(&l->rng, 45);
        else if (b->use == WORLD_FACTORY)
            b->capacity = rng_below(&l->rng, 100) < 12 ? 6 + (uint32_t)rng_below(&l->rng, 20) : 0;
        left -= b->capacity;
    }
    assert(left <= w->people);
    double all = 0, *weights = layout_alloc(l, w->building_count, sizeof *weights);
    if (weights == NULL) return DW_E_MEMORY;
    for (uint32_t i = 0; i < w->building_count; i++) {
        const struct world_building *b = &w->buildings[i];
        if (b->use >= WORLD_DORMITORY) continue;
        weights[i] = (b->floors + 1) * (0.5 + rng_unit(&l->rng)) * (b->use == WORLD_OWN ? 0.7 : 1.0);
        all += weights[i];
    }
    uint32_t last = 0;
    for (uint32_t i = 0; i < w->building_count; i++) {
        struct world_building *b = &w->buildings[i];
        if (b->use >= WORLD_DORMITORY) continue;
        b->capacity = (uint32_t)(left * (weights[i] / all) + 0.5);
        if (b->capacity > left) b->capacity = left;
        left -= b->capacity;
        all -= weights[i];
        last = i;
    }
    w->buildings[last].capacity += left;
    return DW_OK;
}

dw_err layout_make(struct world *world, struct err_detail *detail)
{
    struct layout l = {.world = world, .rng = world_rng(world, 1)};
    struct layout_rect *rects = NULL;
    layout_sizes(&l);
    ERR_TRY(layout_uses(&l));
    ERR_TRY(layout_sums(&l));
    layout_tree(&l);
    ERR_TRY(layout_cells(&l, &rects, detail));
    ERR_TRY(layout_lanes(&l));
    ERR_TRY(layout_gates(&l));
    ERR_TRY(layout_buildings(&l, rects));
    ERR_TRY(layout_dormitories(&l));
    return layout_capacity(&l);
}
