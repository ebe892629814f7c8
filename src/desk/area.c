#include "desk/area.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"

bool area_is_kept(enum kinds_area_kind kind)
{
    return kind == KINDS_AREA_KIND_BUILDING || kind == KINDS_AREA_KIND_FACTORY;
}

/* Sums of every order, children added to their parents from the last to the first: a preorder. */
static struct area_summary *area_sums(const struct site *site)
{
    struct area_summary *sums = calloc((size_t)site->area_orders + 1, sizeof *sums);
    for (uint32_t order = 0; sums != NULL && order < site->area_orders; order++) {
        const struct site_area *a = site_area(site, site->area_at[order]);
        uint32_t up = site->area_parent[order];
        sums[order].area = site->area_at[order];
        sums[order].depth = up == COVER_NONE ? 0 : sums[up].depth + 1;
        sums[order].buildings = area_is_kept(a->kind);
        sums[order].unkept = area_is_kept(a->kind) && a->keeper == SITE_NONE;
    }
    for (uint32_t i = 0; sums != NULL && i < site_count(site, SITE_DOOR); i++)
        if (site_door(site, i)->area != SITE_NONE) sums[site_area(site, site_door(site, i)->area)->order].doors++;
    for (uint32_t i = 0; sums != NULL && i < site_count(site, SITE_PERSON); i++) {
        bool gone;
        uint32_t place = site_place(site, i, &gone), area = site_person_area(site, NULL, i);
        if (place != SITE_NONE && !gone && area != SITE_NONE && site_person(site, i)->merged_into == SITE_NONE)
            sums[site_area(site, area)->order].people++;
    }
    for (uint32_t order = site->area_orders; sums != NULL && order-- > 0;) {
        uint32_t up = site->area_parent[order];
        if (up == COVER_NONE) continue;
        sums[up].areas += sums[order].areas + 1;
        sums[up].buildings += sums[order].buildings;
        sums[up].doors += sums[order].doors;
        sums[up].people += sums[order].people;
        sums[up].unkept += sums[order].unkept;
    }
    return sums;
}

dw_err area_tree(struct area_list *out, const struct site *site, const char *code, int depth, struct err_detail *detail)
{
    uint32_t from = 0, end = site->area_orders;
    int base = 0;
    memset(out, 0, sizeof *out);
    if (code != NULL && *code != 0) {
        uint32_t area = site_area_by_code(site, code);
        if (area == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "area %s", code);
        from = site_area(site, area)->order;
        end = from + 1;
    }
    struct area_summary *sums = area_sums(site);
    if (sums == NULL) return DW_E_MEMORY;
    if (code != NULL && *code != 0) {
        end = from + 1 + sums[from].areas;
        base = sums[from].depth;
    }
    for (uint32_t order = from; order < end; order++) {
        if (depth >= 0 && sums[order].depth - base > depth) continue;
        sums[out->count] = sums[order]; /* count never passes order */
        sums[out->count++].depth -= base;
    }
    out->items = sums;
    return DW_OK;
}

void area_list_free(struct area_list *list)
{
    free(list->items);
    memset(list, 0, sizeof *list);
}

static uint32_t area_member_find(const struct site *site, const char *name, const char *phone)
{
    for (uint32_t i = 0; i < site_count(site, SITE_MEMBER); i++) {
        const struct site_member *m = site_member(site, i);
        if (m->name != NULL && strcmp(m->name, name) == 0 &&
            strcmp(m->phone == NULL ? "" : m->phone, phone == NULL ? "" : phone) == 0)
            return i;
    }
    return SITE_NONE;
}

static dw_err area_put_member(struct book *book, const struct site *site, const struct area_member *member, struct when at,
                              struct id *id)
{
    uint32_t known = area_member_find(site, member->name, member->phone);
    if (known != SITE_NONE) {
        *id = site_member(site, known)->id;
        return DW_OK;
    }
    *id = id_make(at.ms, NULL);
    entry_begin(&book->writer, KINDS_MEMBER_SET, *id, at, NULL);
    entry_put_text(&book->writer, KINDS_MEMBER_SET_NAME, member->name);
    entry_put_text(&book->writer, KINDS_MEMBER_SET_PHONE, member->phone);
    return book_end(book);
}

static dw_err area_put_keeper(struct book *book, struct id area, struct id member, struct when at)
{
    entry_begin(&book->writer, KINDS_KEEPER_SET, area, at, NULL);
    entry_put_id(&book->writer, KINDS_KEEPER_SET_MEMBER, member);
    return book_end(book);
}

dw_err area_keep(struct desk *desk, const char *code, const char *name, const char *phone, struct when at,
                 struct err_detail *detail)
{
    struct book book = {0};
    struct id member;
    if (name == NULL || *name == 0) return err_set(detail, DW_E_INVALID, "a keeper needs a name");
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    const struct site *site = desk_read(desk);
    uint32_t area = site_area_by_code(site, code);
    if (area == SITE_NONE)
        err = err_set(detail, DW_E_NOT_FOUND, "area %s", code);
    else if (!area_is_kept(site_area(site, area)->kind))
        err = err_set(detail, DW_E_INVALID, "%s is neither a building nor an enterprise", code);
    if (err == DW_OK) err = area_put_member(&book, site, &(struct area_member){name, phone}, at, &member);
    if (err == DW_OK) err = area_put_keeper(&book, site_area(site, area)->id, member, at);
    desk_read_end(desk);
    return book_send(&book, err, desk, at, detail);
}

dw_err area_keep_all(size_t *given, struct desk *desk, const struct area_member *members, size_t count, size_t per_keeper,
                     struct when at, struct err_detail *detail)
{
    struct book book = {0};
    struct id member = {{0}};
    size_t next = 0, left = 0;
    uint32_t cell = SITE_NONE;
    *given = 0;
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    if (err != DW_OK) return err;
    const struct site *site = desk_read(desk);
    for (uint32_t order = 0; err == DW_OK && order < site->area_orders; order++) {
        const struct site_area *a = site_area(site, site->area_at[order]);
        if (!area_is_kept(a->kind) || a->keeper != SITE_NONE) continue;
        if (left == 0 || site->area_cell[order] != cell) {
            if (next == count) {
                err = err_set(detail, DW_E_INVALID, "%zu members cannot keep every building", count);
                break;
            }
            err = area_put_member(&book, site, &members[next++], at, &member);
            left = per_keeper;
            cell = site->area_cell[order];
        }
        if (err == DW_OK) err = area_put_keeper(&book, a->id, member, at);
        left--;
        (*given)++;
    }
    desk_read_end(desk);
    return book_send(&book, err, desk, at, detail);
}
