#include "desk/need.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/form.h"
#include "desk/walk.h"

dw_err need_raise(struct id *out, const struct lab_by *by, const struct need_new *spec, struct err_detail *detail)
{
    struct book book = {0};
    struct id id;
    enum kinds_form_of of;
    dw_err err = form_subject(&id, &of, desk_read(by->desk), spec->subject, detail);
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_NEED_RAISE, id, by->at, out);
    entry_put_int(&book.writer, KINDS_NEED_RAISE_OF, of);
    entry_put_int(&book.writer, KINDS_NEED_RAISE_WHAT, spec->what);
    if (spec->urgent) entry_put_int(&book.writer, KINDS_NEED_RAISE_URGENT, true);
    entry_put_text(&book.writer, KINDS_NEED_RAISE_NOTE, spec->note);
    return lab_send(by, &book, detail);
}

dw_err need_close(const struct lab_by *by, struct id need, const char *reason, struct err_detail *detail)
{
    struct book book = {0};
    const struct site *site = desk_read(by->desk);
    uint32_t index = site_find(site, SITE_NEED, need);
    dw_err err = index == SITE_NONE                      ? err_set(detail, DW_E_NOT_FOUND, "this need")
                 : site_need(site, index)->closed.n != 0 ? err_set(detail, DW_E_STATE, "it is closed already")
                                                         : DW_OK;
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_NEED_CLOSE, need, by->at, NULL);
    entry_put_text(&book.writer, KINDS_NEED_CLOSE_REASON, reason);
    return lab_send(by, &book, detail);
}

uint32_t need_person(const struct site *site, const struct site_need *need)
{
    return need->of == KINDS_FORM_OF_PERSON ? site_root(site, need->subject) : SITE_NONE;
}

uint32_t need_door(const struct site *site, const struct site_need *need)
{
    bool gone;
    if (need->of == KINDS_FORM_OF_DOOR) return need->subject;
    uint32_t stay = site_place(site, need_person(site, need), &gone);
    return stay == SITE_NONE || gone ? SITE_NONE : site_stay(site, stay)->door;
}

uint32_t need_area(const struct site *site, const struct site_need *need)
{
    return need->of == KINDS_FORM_OF_DOOR ? site_door(site, need->subject)->area
                                          : site_person_area(site, NULL, need_person(site, need));
}

uint32_t need_member(const struct site *site, const struct site_need *need)
{
    return site_device(site, need->stamp.device)->member;
}

static int need_rank(const struct site_need *need)
{
    return need->closed.n != 0 ? 2 : need->urgent ? 0 : 1;
}

static int need_compare(const void *left, const void *right, void *ctx)
{
    const struct site *site = ctx;
    const struct site_need *a = site_need(site, *(const uint32_t *)left), *b = site_need(site, *(const uint32_t *)right);
    int x = need_rank(a), y = need_rank(b);
    return x != y ? x - y : site_stamp_compare(b->stamp, a->stamp);
}

dw_err need_list(struct need_list *out, const struct site *site, const char *code, int what, int open, struct err_detail *detail)
{
    uint32_t top, all = site_count(site, SITE_NEED);
    memset(out, 0, sizeof *out);
    ERR_TRY(walk_top(&top, site, code, detail));
    out->items = calloc((size_t)all + 1, sizeof *out->items);
    if (out->items == NULL) return DW_E_MEMORY;
    for (uint32_t i = 0; i < all; i++) {
        const struct site_need *need = site_need(site, i);
        if (what >= 0 && (int)need->what != what) continue;
        if (open >= 0 && (need->closed.n == 0) != open) continue;
        if (walk_under(site, need_area(site, need), top)) out->items[out->count++] = i;
    }
    qsort_r(out->items, out->count, sizeof *out->items, need_compare, (void *)(uintptr_t)site);
    return DW_OK;
}

void need_list_free(struct need_list *list)
{
    free(list->items);
    memset(list, 0, sizeof *list);
}
