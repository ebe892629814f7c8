/* What the demo prints: cards and lists of one cell, and the closing list of the whole round. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "desk/card.h"
#include "desk/paper.h"
#include "sim/demo.h"

/* The first cell of grid 3, or of the village where it is too small to have one. */
static const char *demo_cell(const struct site *site)
{
    const char *first = NULL;
    for (uint32_t order = 0; order < site->area_orders; order++) {
        const struct site_area *area = site_area(site, site->area_at[order]);
        if (area->kind != KINDS_AREA_KIND_CELL) continue;
        if (first == NULL) first = area->code;
        if (strncmp(area->code, "3-", 2) == 0) return area->code;
    }
    return first == NULL ? "" : first;
}

static dw_err demo_paper(struct demo_result *r, struct desk *desk, enum paper_kind kind, const char *name, const char *area,
                         struct when at, struct err_detail *detail)
{
    char path[4200];
    struct paper_people people;
    struct paper_ask ask = {.path = path, .round = r->opened.number, .area = area, .lang = r->lang, .at = at};
    snprintf(path, sizeof path, "%s/%s", r->papers, name);
    const struct site *site = desk_read(desk);
    dw_err err = paper_people(&people, site, kind, &ask, detail);
    if (err == DW_OK && kind == PAPER_STAIRS) err = paper_stairs(site, &ask, &people, PAPER_PER_BUILDING, detail);
    if (err == DW_OK && kind == PAPER_ROUND) err = paper_round(site, &ask, &people, detail);
    if (err == DW_OK && kind == PAPER_CLOSING) err = paper_closing(site, &ask, &people, detail);
    desk_read_end(desk);
    paper_people_free(&people);
    return err;
}

/* What is left for a second pass in that cell. */
static dw_err demo_left(struct demo_result *r, struct desk *desk, struct when at, struct err_detail *detail)
{
    char path[4200];
    struct paper_ask ask = {.path = path, .round = r->opened.number, .area = r->cell, .lang = r->lang, .at = at};
    snprintf(path, sizeof path, "%s/left.pdf", r->papers);
    dw_err err = paper_left(&r->left, desk_read(desk), &ask, PAPER_PER_CELL, detail);
    desk_read_end(desk);
    return err;
}

dw_err demo_print(struct demo_result *r, struct desk *desk, struct when at, const struct clock_progress *progress,
                  struct err_detail *detail)
{
    char path[4200];
    struct card_printed printed;
    const struct site *site = desk_read(desk);
    snprintf(r->cell, sizeof r->cell, "%.31s", demo_cell(site));
    desk_read_end(desk);
    mkdir(r->papers, 0755);
    snprintf(path, sizeof path, "%s/cards.pdf", r->papers);
    struct card_print cards = {.area = r->cell,
                               .path = path,
                               .url = "https://doorward.invalid/d/",
                               .hotline = "0595-85660000",
                               .lang = r->lang,
                               .at = at};
    ERR_TRY(card_print(&printed, desk, &cards, progress, detail));
    r->cards = printed.doors;
    ERR_TRY(demo_paper(r, desk, PAPER_STAIRS, "missing.pdf", r->cell, at, detail));
    ERR_TRY(demo_left(r, desk, at, detail));
    return demo_paper(r, desk, PAPER_ROUND, "round.xlsx", r->cell, at, detail);
}

/* Everybody who is missing is carried over by a decision, so that the round can close and nobody is forgotten. */
dw_err demo_close(struct demo_result *r, struct desk *desk, struct when at, struct err_detail *detail)
{
    ERR_TRY(round_close(desk, r->opened.number, "首日未检到，转入下一轮补检", at, detail));
    return demo_paper(r, desk, PAPER_CLOSING, "closing.xlsx", NULL, at, detail);
}
