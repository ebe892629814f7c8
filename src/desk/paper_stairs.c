#include <stdio.h>

#include "desk/paper_row.h"
#include "desk/register.h"
#include "files/list_out.h"

/* Points of a row: a building's page is read on a dark staircase, the others on a desk. */
static const double LARGE = 20, USUAL = 13;

struct paper_stairs {
    const struct paper_people *people;
    enum paper_per per;
    struct paper_row row, head; /* of a person; of a section */
};

static uint32_t paper_stairs_area(const struct paper_stairs *p, size_t at)
{
    return paper_area(p->row.site, p->people, p->people->people[at]);
}

static dw_err paper_stairs_section(struct paper_stairs *p, struct list_out *out, uint32_t group, size_t count,
                                   struct err_detail *detail)
{
    const struct paper_ask *ask = p->row.ask;
    bool keeps = p->people->count > 0 && p->per == PAPER_PER_BUILDING && group != SITE_NONE;
    struct list_out_head head = {0};
    paper_row_begin(&p->head);
    head.title = group == SITE_NONE && p->people->count == 0 ? p->row.site->name : paper_row_area(&p->head, group);
    head.subtitle = paper_row_text(
        &p->head, paper_row_say(&p->head, "第 %lld 轮未检名单：%zu 人，截至 %s", "Still to come in round %lld: %zu, as of %s"),
        (long long)site_round(p->row.site, p->people->round)->number, count, paper_row_time(&p->head, ask->at.ms));
    if (keeps && paper_row_building(p->row.site, group)) head.note = paper_row_keeper(&p->head, group);
    head.none = paper_row_say(&p->head, "没有未检的人。", "Nobody is missing.");
    return p->head.failed ? DW_E_MEMORY : list_out_section(out, &head, detail);
}

static dw_err paper_stairs_row(struct paper_stairs *p, struct list_out *out, uint32_t person, struct err_detail *detail)
{
    const struct site_round *round = site_round(p->row.site, p->people->round);
    const struct site_mark *mark = site_mark(round, person);
    struct paper_row *row = &p->row;
    paper_row_begin(row);
    const char *state = paper_spec_word(PAPER_WORDS_STATE, mark == NULL ? KINDS_STATE_NONE : mark->state, row->ask->lang);
    bool carried = mark != NULL && mark->decision == 1 + KINDS_DECISION_CARRIED;
    row->cells[PAPER_STAIRS_DOOR] = paper_row_door(row, person);
    row->cells[PAPER_STAIRS_NAME] = register_field(row->site, person, KINDS_PERSON_SET_NAME);
    row->cells[PAPER_STAIRS_REASON] = state;
    if (carried) row->cells[PAPER_STAIRS_NOTE] = paper_spec_word(PAPER_WORDS_DECISION, KINDS_DECISION_CARRIED, row->ask->lang);
    ERR_TRY(paper_row_mask(row, PAPER_STAIRS));
    if (*row->cells[PAPER_STAIRS_NAME] == 0) row->cells[PAPER_STAIRS_NAME] = paper_row_say(row, "（姓名不详）", "(no name)");
    return list_out_row(out, row->cells, detail);
}

/* The line above the rows of a building, where a page has several. */
static dw_err paper_stairs_band(struct paper_stairs *p, struct list_out *out, uint32_t area, size_t count,
                                struct err_detail *detail)
{
    const char *where = paper_row_area(&p->head, area), *keeper = area == SITE_NONE ? "" : paper_row_keeper(&p->head, area);
    const char *text = paper_row_text(&p->head, paper_row_say(&p->head, "%s　%zu 人　%s", "%s · %zu · %s"), where, count, keeper);
    return p->head.failed ? DW_E_MEMORY : list_out_band(out, text, detail);
}

/* People from one on who stand in one group, or in one building. */
static size_t paper_stairs_run(const struct paper_stairs *p, size_t from, bool group)
{
    size_t to = from + 1;
    uint32_t area = paper_stairs_area(p, from);
    while (to < p->people->count) {
        uint32_t next = paper_stairs_area(p, to);
        if (group ? paper_row_group(p->row.site, p->per, next) != paper_row_group(p->row.site, p->per, area) : next != area)
            break;
        to++;
    }
    return to - from;
}

static dw_err paper_stairs_fill(struct list_out *out, void *ctx, struct err_detail *detail)
{
    struct paper_stairs *p = ctx;
    const struct paper_people *people = p->people;
    if (people->count == 0) return paper_stairs_section(p, out, people->area, 0, detail);
    for (size_t from = 0, end; from < people->count; from = end) {
        uint32_t group = paper_row_group(p->row.site, p->per, paper_stairs_area(p, from)), building = SITE_NONE;
        end = from + paper_stairs_run(p, from, true);
        ERR_TRY(paper_stairs_section(p, out, group, end - from, detail));
        for (size_t i = from; i < end; i++) {
            uint32_t area = paper_stairs_area(p, i);
            if (area != group && (i == from || area != building))
                ERR_TRY(paper_stairs_band(p, out, area, paper_stairs_run(p, i, false), detail));
            building = area;
            ERR_TRY(paper_stairs_row(p, out, people->people[i], detail));
        }
    }
    return DW_OK;
}

dw_err paper_stairs(const struct site *site, const struct paper_ask *ask, const struct paper_people *people, enum paper_per per,
                    struct err_detail *detail)
{
    const struct paper_spec *spec = paper_spec_get(PAPER_STAIRS);
    struct paper_stairs p = {
        people, per, {.site = site, .ask = ask, .round = paper_people_round(site, people)}, {.site = site, .ask = ask}};
    struct list_out_column columns[PAPER_STAIRS_COLUMNS];
    for (int c = 0; c < PAPER_STAIRS_COLUMNS; c++)
        columns[c] = (struct list_out_column){spec->columns[c].text[ask->lang], spec->columns[c].width,
                                              c == PAPER_STAIRS_DONE ? LIST_OUT_TICK : LIST_OUT_TEXT};
    struct list_out_form form = {ask->lang,
                                 false,
                                 per == PAPER_PER_BUILDING ? LARGE : USUAL,
                                 spec->text[ask->lang],
                                 site->name,
                                 ask->at,
                                 columns,
                                 PAPER_STAIRS_COLUMNS};
    dw_err err = list_out_write(ask->path, &form, paper_stairs_fill, &p, detail);
    arena_free(&p.row.arena);
    arena_free(&p.head.arena);
    return err;
}
