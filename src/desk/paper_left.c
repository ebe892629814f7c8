#include <stdio.h>
#include <string.h>

#include "desk/paper_row.h"
#include "desk/sweep.h"
#include "files/list_out.h"

static const double SIZE = 13; /* points of a row: read on a desk or in daylight */

struct paper_left {
    const struct sweep_list *list;
    enum paper_per per;
    struct paper_row row, head; /* of a door; of a section */
};

static uint32_t paper_left_group(const struct paper_left *p, size_t at)
{
    return paper_row_group(p->row.site, p->per, p->list->doors[at].area);
}

static dw_err paper_left_section(struct paper_left *p, struct list_out *out, uint32_t group, size_t count,
                                 struct err_detail *detail)
{
    struct list_out_head head = {0};
    paper_row_begin(&p->head);
    bool nothing = p->list->count == 0;
    head.title = nothing ? p->row.site->name : paper_row_area(&p->head, group);
    head.subtitle = paper_row_text(
        &p->head, paper_row_say(&p->head, "第 %lld 轮补网清单：%zu 处，截至 %s", "Left of round %lld: %zu places, as of %s"),
        (long long)site_round(p->row.site, p->list->round)->number, count, paper_row_time(&p->head, p->row.ask->at.ms));
    if (!nothing && p->per == PAPER_PER_BUILDING && paper_row_building(p->row.site, group))
        head.note = paper_row_keeper(&p->head, group);
    head.none = paper_row_say(&p->head, "没有遗留的户门。", "Nothing is left.");
    return p->head.failed ? DW_E_MEMORY : list_out_section(out, &head, detail);
}

static dw_err paper_left_band(struct paper_left *p, struct list_out *out, uint32_t area, struct err_detail *detail)
{
    const char *keeper = area == SITE_NONE ? "" : paper_row_keeper(&p->head, area);
    const char *text = paper_row_text(&p->head, "%s　%s", paper_row_area(&p->head, area), keeper);
    return p->head.failed ? DW_E_MEMORY : list_out_band(out, text, detail);
}

static const char *paper_left_why(struct paper_row *row, unsigned why)
{
    const char *all = "";
    for (int i = 0; i < SWEEP_WHYS; i++)
        if ((why & 1u << i) != 0)
            all = paper_row_text(row, "%s%s%s", all, *all == 0 ? "" : paper_row_say(row, "、", ", "),
                                 sweep_why_text((enum sweep_why)(1u << i), row->ask->lang));
    return all;
}

static dw_err paper_left_row(struct paper_left *p, struct list_out *out, const struct sweep_left *left, struct err_detail *detail)
{
    struct paper_row *row = &p->row;
    paper_row_begin(row);
    row->cells[PAPER_LEFT_DOOR] =
        left->door == SITE_NONE ? paper_row_say(row, "（整栋）", "(the building)") : paper_row_at(row, left->door);
    row->cells[PAPER_LEFT_WHY] = paper_left_why(row, left->why);
    row->cells[PAPER_LEFT_PEOPLE] = paper_row_text(row, "%u", left->people);
    if (left->counted > 0) row->cells[PAPER_LEFT_COUNTED] = paper_row_text(row, "%lld", (long long)left->counted);
    row->cells[PAPER_LEFT_MISSING] = paper_row_text(row, "%u", left->missing);
    row->cells[PAPER_LEFT_VISITS] = paper_row_text(row, "%lld", (long long)left->visits);
    row->cells[PAPER_LEFT_LAST] = paper_row_time(row, left->last_ms);
    return row->failed ? DW_E_MEMORY : list_out_row(out, row->cells, detail);
}

static dw_err paper_left_fill(struct list_out *out, void *ctx, struct err_detail *detail)
{
    struct paper_left *p = ctx;
    const struct sweep_list *list = p->list;
    if (list->count == 0) return paper_left_section(p, out, SITE_NONE, 0, detail);
    for (size_t from = 0, end; from < list->count; from = end) {
        uint32_t group = paper_left_group(p, from);
        for (end = from; end < list->count && paper_left_group(p, end) == group;) end++;
        ERR_TRY(paper_left_section(p, out, group, end - from, detail));
        for (size_t i = from; i < end; i++) {
            uint32_t area = list->doors[i].area;
            if (area != group && (i == from || area != list->doors[i - 1].area)) ERR_TRY(paper_left_band(p, out, area, detail));
            ERR_TRY(paper_left_row(p, out, &list->doors[i], detail));
        }
    }
    return DW_OK;
}

dw_err paper_left(size_t *doors, const struct site *site, const struct paper_ask *ask, enum paper_per per,
                  struct err_detail *detail)
{
    const struct paper_spec *spec = paper_spec_get(PAPER_LEFT);
    struct sweep_list list;
    struct paper_left p = {&list, per, {.site = site, .ask = ask}, {.site = site, .ask = ask}};
    struct list_out_column columns[PAPER_LEFT_COLUMNS];
    dw_err err = sweep_left(&list, site, ask->round, ask->area, detail);
    *doors = list.count;
    for (int c = 0; c < PAPER_LEFT_COLUMNS; c++)
        columns[c] = (struct list_out_column){spec->columns[c].text[ask->lang], spec->columns[c].width,
                                              c == PAPER_LEFT_DONE      ? LIST_OUT_TICK
                                              : spec->columns[c].number ? LIST_OUT_RIGHT
                                                                        : LIST_OUT_TEXT};
    struct list_out_form form = {.lang = ask->lang,
                                 .landscape = true,
                                 .size = SIZE,
                                 .title = spec->text[ask->lang],
                                 .site = site->name,
                                 .when = ask->at,
                                 .columns = columns,
                                 .count = PAPER_LEFT_COLUMNS};
    if (err == DW_OK) err = list_out_write(ask->path, &form, paper_left_fill, &p, detail);
    arena_free(&p.row.arena);
    arena_free(&p.head.arena);
    sweep_list_free(&list);
    return err;
}
