#include "sim/village_map.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "files/layer_out.h"

/* A lot is 16 m wide and 13 m deep; its half of the lane is part of it. */
static const double village_map_wide = 16, village_map_deep = 13;
static const double village_map_lon = 118.55, village_map_lat = 24.75;
static const double village_map_degree = 110900; /* metres a degree of latitude, near enough here */

enum { VILLAGE_MAP_FIELDS = 7 };

struct village_map {
    const struct world *world;
    struct layer_out *layer;
    struct arena_buf geometry;
    struct err_detail *detail;
};

struct village_map_rect {
    double c0, r0, c1, r1;
};

/* Longitude and latitude of a point of the lattice (columns east, rows south; fractions allowed). The lattice is bent a
 * little, one to one, so lanes curve and lots differ while neighbours still share their corners exactly. */
static void village_map_point(double *lon, double *lat, const struct world *world, double col, double row)
{
    double x = col * village_map_wide, y = row * village_map_deep, phase = (double)(world->seed % 63) / 10;
    double east = x + 11 * sin(y / 95 + phase) + 4 * sin(x / 60), south = y + 9 * sin(x / 120 + phase) + 3 * sin(y / 70);
    *lat = village_map_lat - south / village_map_degree;
    *lon = village_map_lon + east / (village_map_degree * cos(village_map_lat * 3.14159265358979 / 180));
}

static void village_map_vertex(struct village_map *m, double col, double row, bool first)
{
    double lon, lat;
    village_map_point(&lon, &lat, m->world, col, row);
    arena_buf_format(&m->geometry, "%s[%.7f,%.7f]", first ? "" : ",", lon, lat);
}

/* The rectangle's outline through every lot corner on it, counter-clockwise as seen on the map. */
static void village_map_outline(struct village_map *m, struct village_map_rect rect, double step)
{
    arena_buf_clear(&m->geometry);
    arena_buf_text(&m->geometry, "{\"type\":\"Polygon\",\"coordinates\":[[");
    village_map_vertex(m, rect.c0, rect.r0, true);
    for (double r = rect.r0 + step; r < rect.r1; r += step) village_map_vertex(m, rect.c0, r, false);
    for (double c = rect.c0; c < rect.c1; c += step) village_map_vertex(m, c, rect.r1, false);
    for (double r = rect.r1; r > rect.r0; r -= step) village_map_vertex(m, rect.c1, r, false);
    for (double c = rect.c1; c > rect.c0; c -= step) village_map_vertex(m, c, rect.r0, false);
    village_map_vertex(m, rect.c0, rect.r0, false);
    arena_buf_text(&m->geometry, "]]}");
}

static void village_map_line(struct village_map *m, double c0, double r0, double c1, double r1)
{
    int steps = (int)fmax(fabs(c1 - c0), fabs(r1 - r0));
    if (steps < 1) steps = 1;
    arena_buf_clear(&m->geometry);
    arena_buf_text(&m->geometry, "{\"type\":\"LineString\",\"coordinates\":[");
    for (int i = 0; i <= steps; i++) village_map_vertex(m, c0 + (c1 - c0) * i / steps, r0 + (r1 - r0) * i / steps, i == 0);
    arena_buf_text(&m->geometry, "]}");
}

static dw_err village_map_put(struct village_map *m, const char *kind, const char *code, const char *name, const char *address,
                              const char *use, const char *parent, uint32_t floors)
{
    char number[12] = "";
    if (floors > 0) snprintf(number, sizeof number, "%u", floors);
    const char *values[VILLAGE_MAP_FIELDS] = {kind, code, name, address, use, parent, number};
    if (m->geometry.failed) return DW_E_MEMORY;
    return layer_out_feature(m->layer, m->geometry.data, values, m->detail);
}

static struct village_map_rect village_map_cell_rect(const struct world *w, uint32_t first, uint32_t cells)
{
    struct village_map_rect rect = {w->columns, w->rows, 0, 0};
    for (uint32_t i = 0; i < w->rows * w->columns; i++) {
        if (w->lot_cell[i] < first || w->lot_cell[i] >= first + cells) continue;
        double c = i % w->columns, r = i / w->columns;
        rect.c0 = fmin(rect.c0, c);
        rect.r0 = fmin(rect.r0, r);
        rect.c1 = fmax(rect.c1, c + 1);
        rect.r1 = fmax(rect.r1, r + 1);
    }
    return rect;
}

static dw_err village_map_areas(struct village_map *m)
{
    const struct world *w = m->world;
    char name[64];
    village_map_outline(m, (struct village_map_rect){0, 0, w->columns, w->rows}, 1);
    ERR_TRY(village_map_put(m, "village", WORLD_VILLAGE_CODE, "仿真村", "", "", "", 0));
    for (uint32_t g = 0; g < w->grid_count; g++) {
        village_map_outline(m, village_map_cell_rect(w, w->grids[g].first_cell, w->grids[g].cells), 1);
        snprintf(name, sizeof name, "第%s网格", w->grids[g].code);
        ERR_TRY(village_map_put(m, "grid", w->grids[g].code, name, "", "", WORLD_VILLAGE_CODE, 0));
    }
    for (uint32_t c = 0; c < w->cell_count; c++) {
        village_map_outline(m, village_map_cell_rect(w, c, 1), 1);
        snprintf(name, sizeof name, "%s小组", w->cells[c].code);
        ERR_TRY(village_map_put(m, "cell", w->cells[c].code, name, "", "", w->grids[w->cells[c].grid].code, 0));
    }
    return DW_OK;
}

/* Footprints keep clear of the lane in front (the odd lot line) and of the neighbours. */
static dw_err village_map_buildings(struct village_map *m)
{
    const struct world *w = m->world;
    for (uint32_t i = 0; i < w->building_count; i++) {
        const struct world_building *b = &w->buildings[i];
        bool above = b->row % 2 == 0;
        struct village_map_rect rect = {b->col + 0.14, b->row + (above ? 0.06 : 0.2), b->col + 0.86,
                                        b->row + (above ? 0.8 : 0.94)};
        village_map_outline(m, rect, 0.9);
        const char *kind = b->use == WORLD_FACTORY ? "factory" : "building";
        ERR_TRY(
            village_map_put(m, kind, b->code, b->name, b->address, world_use_text(b->use), w->cells[b->cell].code, b->floors));
    }
    return DW_OK;
}

static dw_err village_map_ways(struct village_map *m)
{
    const struct world *w = m->world;
    double lon, lat;
    for (size_t i = 0; i < w->lane_count; i++) {
        const struct world_lane *lane = &w->lanes[i];
        village_map_line(m, lane->col0, lane->row0, lane->col1, lane->row1);
        ERR_TRY(
            village_map_put(m, "lane", "", lane->name, "", lane->row0 == lane->row1 ? "lane" : "street", WORLD_VILLAGE_CODE, 0));
    }
    for (size_t i = 0; i < w->barrier_count; i++) {
        const struct world_barrier *b = &w->barriers[i];
        double c = b->col + (b->south ? 0 : 0.5), r = b->row + (b->south ? 0.5 : 0);
        village_map_line(m, c - (b->south ? 0.13 : 0), r - (b->south ? 0 : 0.19), c + (b->south ? 0.13 : 0),
                         r + (b->south ? 0 : 0.19));
        ERR_TRY(village_map_put(m, "barrier", "", "", "", "barrier", WORLD_VILLAGE_CODE, 0));
    }
    for (size_t i = 0; i < w->gate_count; i++) {
        char code[32], name[64];
        village_map_point(&lon, &lat, w, w->gates[i].col, w->gates[i].row);
        arena_buf_clear(&m->geometry);
        arena_buf_format(&m->geometry, "{\"type\":\"Point\",\"coordinates\":[%.7f,%.7f]}", lon, lat);
        snprintf(code, sizeof code, "K%zu", i + 1);
        snprintf(name, sizeof name, "%zu号卡口", i + 1);
        ERR_TRY(village_map_put(m, "gate", code, name, "", w->gates[i].open ? "open" : "closed", WORLD_VILLAGE_CODE, 0));
    }
    return DW_OK;
}

dw_err village_map_write(const struct world *world, const char *path, struct err_detail *detail)
{
    static const char *const fields[VILLAGE_MAP_FIELDS] = {"kind", "code", "name", "address", "use", "parent", "floors"};
    struct village_map m = {.world = world, .detail = detail};
    ERR_TRY(layer_out_open(&m.layer, path, LAYER_OUT_GEOJSON, "village", fields, VILLAGE_MAP_FIELDS, detail));
    dw_err err = village_map_areas(&m);
    if (err == DW_OK) err = village_map_buildings(&m);
    if (err == DW_OK) err = village_map_ways(&m);
    arena_buf_free(&m.geometry);
    if (err == DW_OK) return layer_out_close(m.layer, detail);
    layer_out_abort(m.layer);
    return err;
}
