#include "desk/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/addr.h"

bool walk_under(const struct site *site, uint32_t area, uint32_t top)
{
    while (top != SITE_NONE && area != SITE_NONE && area != top) area = site_area(site, area)->parent;
    return top == SITE_NONE || area == top;
}

/* The floor that a room's key tells: 301 is on 3, 1203 on 12, B1F05 below the ground; shops and the like first. */
static int walk_floor(const char *key)
{
    bool below = *key == 'B';
    const char *text = key + below;
    size_t digits = strspn(text, "0123456789");
    long n = digits > 0 && digits < 6 ? strtol(text, NULL, 10) : 0;
    if (text[digits] == 'F' || below) return (int)(below ? -n : n);
    return digits == 3 || digits == 4 ? (int)(n / 100) : 0;
}

bool walk_step(struct walk_step *out, const struct site *site, uint32_t area, uint32_t door, struct arena *arena)
{
    char key[ADDR_KEY];
    *out = (struct walk_step){.area = area == SITE_NONE ? COVER_NONE : site_area(site, area)->order,
                              .door = door,
                              .household = SITE_NONE,
                              .person = SITE_NONE,
                              .unit = "",
                              .room = ""};
    if (door == SITE_NONE) return true;
    const struct site_door *d = site_door(site, door);
    addr_room(key, d->unit, d->floor, d->room);
    char *dash = strchr(key, '-'), *room = dash == NULL ? key : dash + 1; /* 2-301 is in unit 2, wherever the list said so */
    if (dash != NULL) *dash = 0;
    if (dash != NULL) out->unit = arena_text(arena, key, strlen(key));
    out->room = arena_text(arena, room, strlen(room));
    out->floor = walk_floor(room);
    return out->unit != NULL && out->room != NULL;
}

void walk_door_text(char *out, size_t size, const struct site_door *door)
{
    bool told = *door->floor != 0 && strncmp(door->room, door->floor, strlen(door->floor)) == 0; /* 301 says that it is on 3 */
    const char *floor = told ? "" : door->floor;
    snprintf(out, size, "%s%s%s%s%s", door->unit, *door->unit != 0 ? "-" : "", floor, *floor != 0 ? "-" : "", door->room);
}

static int walk_number(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

int walk_compare(const void *left, const void *right)
{
    const struct walk_step *a = left, *b = right;
    int order = walk_number(a->area, b->area);
    if (order == 0) order = (a->door == SITE_NONE) - (b->door == SITE_NONE);
    if (order == 0) order = (*a->unit != 0) - (*b->unit != 0); /* what is said without a unit, first */
    if (order == 0) order = site_code_compare(a->unit, b->unit);
    if (order == 0) order = (a->floor > b->floor) - (a->floor < b->floor);
    if (order == 0) order = site_code_compare(a->room, b->room);
    if (order == 0) order = walk_number(a->door, b->door);
    if (order == 0) order = walk_number(a->household, b->household);
    return order != 0 ? order : walk_number(a->person, b->person);
}

struct walk_sorted {
    struct walk_step step; /* first, for walk_compare */
    size_t at;
};

dw_err walk_sort(void *items, size_t count, size_t size, const struct site *site, struct walk_step (*where)(const void *item))
{
    struct walk_sorted *order = calloc(count + 1, sizeof *order);
    char *copy = malloc(count * size + 1), *all = items;
    struct arena rooms = {0};
    dw_err err = order == NULL || copy == NULL ? DW_E_MEMORY : DW_OK;
    for (size_t i = 0; err == DW_OK && i < count; i++) {
        struct walk_step at = where(all + i * size);
        if (!walk_step(&order[i].step, site, at.area, at.door, &rooms)) err = DW_E_MEMORY;
        order[i].step.household = at.household;
        order[i].step.person = at.person;
        order[i].at = i;
    }
    if (err == DW_OK && count > 0) {
        qsort(order, count, sizeof *order, walk_compare);
        memcpy(copy, items, count * size);
        for (size_t i = 0; i < count; i++) memcpy(all + i * size, copy + order[i].at * size, size);
    }
    arena_free(&rooms);
    free(copy);
    free(order);
    return err;
}

dw_err walk_top(uint32_t *out, const struct site *site, const char *code, struct err_detail *detail)
{
    bool all = code == NULL || *code == 0;
    *out = all ? SITE_NONE : site_area_by_code(site, code);
    return *out == SITE_NONE && !all ? err_set(detail, DW_E_NOT_FOUND, "area %s", code) : DW_OK;
}
