/* The area tree's preorder, and everybody's place in it. */
#include <stdlib.h>
#include <string.h>

#include "desk/site.h"

int site_code_compare(const char *a, const char *b)
{
    while (*a != 0 && *b != 0) {
        if (*a >= '0' && *a <= '9' && *b >= '0' && *b <= '9') {
            while (*a == '0') a++;
            while (*b == '0') b++;
            size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
            if (n != m) return n < m ? -1 : 1;
            int order = strncmp(a, b, n);
            if (order != 0) return order;
            a += n;
            b += n;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return (*a != 0) - (*b != 0);
}

struct site_order_item {
    const struct site *site;
    uint32_t area, parent; /* parent + 1, 0 for roots */
};

static int site_order_compare(const void *left, const void *right)
{
    const struct site_order_item *a = left, *b = right;
    if (a->parent != b->parent) return a->parent < b->parent ? -1 : 1;
    int order = site_code_compare(site_area(a->site, a->area)->code, site_area(b->site, b->area)->code);
    return order != 0 ? order : a->area < b->area ? -1 : 1;
}

/* The first item of each parent's children; items are sorted by parent. */
static uint32_t *site_order_first(const struct site_order_item *items, uint32_t count)
{
    uint32_t *first = calloc((size_t)count + 2, sizeof *first);
    if (first == NULL) return NULL;
    for (uint32_t i = 0; i < count; i++) first[items[i].parent + 1]++;
    for (uint32_t i = 1; i < count + 2; i++) first[i] += first[i - 1];
    return first;
}

/* Walks the tree without recursion: its depth is the data's. Areas that lie in each other (a damaged table) are never reached. */
static dw_err site_order_walk(struct site *site, const struct site_order_item *items, const uint32_t *first, uint32_t count)
{
    struct site_order_step {
        uint32_t next, end, order;
    } *stack = malloc(((size_t)count + 1) * sizeof *stack);
    if (stack == NULL) return DW_E_MEMORY;
    size_t depth = 1;
    uint32_t order = 0;
    stack[0] = (struct site_order_step){first[0], first[1], COVER_NONE};
    while (depth > 0) {
        struct site_order_step *top = &stack[depth - 1];
        if (top->next == top->end) {
            depth--;
            continue;
        }
        uint32_t area = items[top->next++].area;
        struct site_area *a = site_area(site, area);
        a->order = order;
        site->area_parent[order] = top->order;
        site->area_at[order] = area;
        bool under_cell =
            top->order != COVER_NONE && site_area(site, site->area_at[site->area_cell[top->order]])->kind == KINDS_AREA_KIND_CELL;
        bool building = a->kind == KINDS_AREA_KIND_BUILDING || a->kind == KINDS_AREA_KIND_FACTORY;
        site->area_cell[order] = top->order != COVER_NONE && (under_cell || building) ? site->area_cell[top->order] : order;
        stack[depth++] = (struct site_order_step){first[area + 1], first[area + 2], order++};
    }
    free(stack);
    return order == count ? DW_OK : DW_E_DAMAGED;
}

static dw_err site_order_tree(struct site *site)
{
    uint32_t count = site_count(site, SITE_AREA);
    struct site_order_item *items = calloc((size_t)count + 1, sizeof *items);
    uint32_t *first = NULL;
    dw_err err = DW_E_MEMORY;
    size_t bytes = ((size_t)count + 1) * sizeof(uint32_t);
    free(site->area_parent);
    free(site->area_at);
    free(site->area_cell);
    site->area_parent = malloc(bytes);
    site->area_at = malloc(bytes);
    site->area_cell = malloc(bytes);
    bool good = items != NULL && site->area_parent != NULL && site->area_at != NULL && site->area_cell != NULL;
    for (uint32_t i = 0; good && i < count; i++) {
        uint32_t parent = site_area(site, i)->parent;
        good = parent == SITE_NONE || parent < count;
        if (!good) err = DW_E_DAMAGED;
        items[i] = (struct site_order_item){site, i, parent + 1};
    }
    if (good) {
        qsort(items, count, sizeof *items, site_order_compare);
        first = site_order_first(items, count);
        if (first != NULL) err = site_order_walk(site, items, first, count);
    }
    site->area_orders = err == DW_OK ? count : 0;
    free(items);
    free(first);
    return err;
}

/* The same bits over the new tree. */
static dw_err site_order_round(struct site *site, struct site_round *round, struct err_detail *detail)
{
    struct cover *fresh = NULL;
    ERR_TRY(cover_make(&fresh, site->area_parent, site->area_orders, detail));
    dw_err err = cover_grow(fresh, (uint32_t)round->mark_count);
    for (uint32_t p = 0; err == DW_OK && p < round->mark_count; p++) {
        uint32_t area = round->marks[p].area;
        cover_place(fresh, p, area == SITE_NONE ? COVER_NONE : site_area(site, area)->order);
        for (int set = 0; round->cover != NULL && set < COVER_SETS && p < cover_people(round->cover); set++)
            if (cover_has(round->cover, (enum cover_set)set, p)) cover_put(fresh, (enum cover_set)set, p, true);
    }
    if (err != DW_OK) {
        cover_free(fresh);
        return err;
    }
    cover_free(round->cover);
    round->cover = fresh;
    round->rewrite = true;
    return DW_OK;
}

dw_err site_order(struct site *site, struct err_detail *detail)
{
    dw_err err = site_order_tree(site);
    if (err == DW_E_DAMAGED) return err_set(detail, err, "table area: areas that lie in each other, or in none that is there");
    ERR_TRY(err);
    site->areas_moved = false;
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) ERR_TRY(site_order_round(site, site_round(site, i), detail));
    return DW_OK;
}
