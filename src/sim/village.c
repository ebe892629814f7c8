#include "sim/village.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/lists_out.h"
#include "sim/truth.h"
#include "sim/village_map.h"

static void village_sum(struct village_summary *out, const struct world *w, const struct lists *lists)
{
    *out = (struct village_summary){.people = w->people,
                                    .persons = (uint32_t)w->person_count,
                                    .buildings = (uint32_t)(w->building_count - w->factory_count),
                                    .factories = (uint32_t)w->factory_count,
                                    .doors = (uint32_t)w->door_count,
                                    .grids = (uint32_t)w->grid_count,
                                    .cells = (uint32_t)w->cell_count};
    for (int f = 0; f < LISTS_FILES; f++) {
        out->rows[f] = (uint32_t)lists->tables[f].count;
        for (size_t i = 0; i < lists->tables[f].count; i++) {
            const struct lists_row *row = &lists->tables[f].rows[i];
            out->duplicates += row->duplicate;
            out->wrong_rooms += row->wrong_room;
            out->doc_slips += row->slip >= SLIPS_DIGIT && row->slip <= SLIPS_SCIENCE;
            out->name_slips += row->slip >= SLIPS_SOUND;
        }
    }
    for (uint32_t i = 0; i < w->person_count; i++) {
        uint8_t state = w->persons[i].state;
        bool here = state == WORLD_PRESENT || state == WORLD_AWAY;
        out->departed += state == WORLD_DEPARTED;
        out->arrived += state == WORLD_ARRIVED;
        out->unlisted += here && (lists->on[i] & ~(1u << LISTS_SAMPLES)) == 0;
        out->never_sampled += here && (lists->on[i] & 1u << LISTS_SAMPLES) == 0;
    }
}

static dw_err village_files(const struct world *world, const struct lists *lists, const char *dir,
                            const struct clock_progress *progress, struct err_detail *detail)
{
    char path[4096];
    if (mkdir(dir, 0755) != 0 && errno != EEXIST) return err_set(detail, DW_E_IO, "%s", dir);
    if ((size_t)snprintf(path, sizeof path, "%s/map.geojson", dir) >= sizeof path) return err_set(detail, DW_E_IO, "%s", dir);
    if (!clock_tick(progress, "simulate.map", 0, 0)) return DW_E_CANCELLED;
    ERR_TRY(village_map_write(world, path, detail));
    ERR_TRY(lists_out_write(lists, dir, progress, detail));
    return truth_village(dir, lists, detail);
}

dw_err village_write(struct village_summary *out, const char *dir, uint64_t seed, uint32_t people,
                     const struct clock_progress *progress, struct err_detail *detail)
{
    struct world *world = NULL;
    struct lists lists = {0};
    if (!clock_tick(progress, "simulate.world", 0, people)) return DW_E_CANCELLED;
    dw_err err = world_make(&world, seed, people, detail);
    if (err == DW_OK) err = lists_make(&lists, world);
    if (err == DW_OK) err = village_files(world, &lists, dir, progress, detail);
    if (err == DW_OK && out != NULL) village_sum(out, world, &lists);
    lists_free(&lists);
    world_free(world);
    return err;
}
