#include <stdlib.h>
#include <string.h>

#include "desk/paper_row.h"
#include "desk/register.h"
#include "desk/round.h"

/* Counted from the people themselves, so that the kept counts beside them are checked too. */
struct paper_closing_tally {
    uint32_t roster_covered, roster_missing, people;
};

/* One a area in the tree's order with everything under it; behind them those under no area. */
static struct paper_closing_tally *paper_closing_count(const struct site *site, const struct cover *cover)
{
    uint32_t areas = site->area_orders;
    struct paper_closing_tally *tally = calloc((size_t)areas + 1, sizeof *tally);
    for (uint32_t p = 0; tally != NULL && p < cover_people(cover); p++) {
        uint32_t area = cover_area(cover, p);
        struct paper_closing_tally *t = &tally[area == COVER_NONE ? areas : area];
        bool roster = cover_has(cover, COVER_ROSTER, p);
        t->people += cover_is_owed(cover, p);
        t->roster_covered += roster && cover_has(cover, COVER_DONE, p);
        t->roster_missing += roster && cover_is_missing(cover, p);
    }
    for (uint32_t order = areas; tally != NULL && order-- > 0;) { /* children stand behind their parents */
        uint32_t up = site->area_parent[order];
        if (up == COVER_NONE) continue;
        tally[up].people += tally[order].people;
        tally[up].roster_covered += tally[order].roster_covered;
        tally[up].roster_missing += tally[order].roster_missing;
    }
    return tally;
}

static const char *paper_closing_sum(struct paper_row *row, bool right, const char *sum)
{
    return paper_row_text(row, "%s %s", sum, right ? "✓" : paper_row_say(row, "✗ 对不上", "✗ wrong"));
}

static bool paper_closing_total(struct paper_row *row, const char *area, const char *name, struct cover_counts n,
                                uint32_t recovered, struct paper_closing_tally t)
{
    const char **cells = row->cells;
    uint32_t owed = n.roster - n.excused + n.found + n.arrived;
    bool roster_right = n.roster == t.roster_covered + t.roster_missing + n.excused,
         owed_right = n.owed == owed && n.owed == t.people, covered_right = n.owed == n.covered + n.missing;
    const struct {
        int cell;
        uint32_t n;
    } numbers[] = {{PAPER_TOTALS_ROSTER, n.roster},
                   {PAPER_TOTALS_ROSTER_COVERED, t.roster_covered},
                   {PAPER_TOTALS_ROSTER_MISSING, t.roster_missing},
                   {PAPER_TOTALS_EXCUSED, n.excused},
                   {PAPER_TOTALS_FOUND, n.found},
                   {PAPER_TOTALS_ARRIVED, n.arrived},
                   {PAPER_TOTALS_OWED, n.owed},
                   {PAPER_TOTALS_COVERED, n.covered},
                   {PAPER_TOTALS_MISSING, n.missing},
                   {PAPER_TOTALS_RECOVERED, recovered}};
    cells[PAPER_TOTALS_AREA] = area;
    cells[PAPER_TOTALS_NAME] = name;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cells[numbers[i].cell] = paper_row_text(row, "%u", numbers[i].n);
    const char *sum = paper_row_text(row, "%u = %u + %u + %u", n.roster, t.roster_covered, t.roster_missing, n.excused);
    cells[PAPER_TOTALS_ROSTER_RIGHT] = paper_closing_sum(row, roster_right, sum);
    sum = paper_row_text(row, "%u = %u - %u + %u + %u", n.owed, n.roster, n.excused, n.found, n.arrived);
    cells[PAPER_TOTALS_OWED_RIGHT] = paper_closing_sum(row, owed_right, sum);
    sum = paper_row_text(row, "%u = %u + %u", n.owed, n.covered, n.missing);
    cells[PAPER_TOTALS_COVERED_RIGHT] = paper_closing_sum(row, covered_right, sum);
    return roster_right && owed_right && covered_right;
}

/* The whole first, then grids and cells (under the area asked for), then people whose building nobody knows. */
static dw_err paper_closing_totals(struct table_out *out, struct paper_row *row, const struct paper_people *people,
                                   const struct round_status *status, struct err_detail *detail)
{
    const struct site *site = row->site;
    const struct cover *cover = site_round(site, people->round)->cover;
    struct paper_closing_tally *tally = paper_closing_count(site, cover), all = {0};
    dw_err err = tally == NULL ? DW_E_MEMORY : DW_OK;
    bool right = true;
    for (uint32_t order = 0; err == DW_OK && order <= site->area_orders; order++) {
        if (order < site->area_orders && site->area_parent[order] != COVER_NONE) continue;
        all.people += tally[order].people;
        all.roster_covered += tally[order].roster_covered;
        all.roster_missing += tally[order].roster_missing;
    }
    paper_row_begin(row);
    if (err == DW_OK && people->area == SITE_NONE) {
        right = paper_closing_total(row, paper_row_say(row, "合计", "In all"), site->name, status->all, status->recovered, all);
        err = table_out_row(out, row->cells, detail);
    }
    for (size_t i = 0; err == DW_OK && i < status->count; i++) {
        const struct round_area *a = &status->areas[i];
        uint32_t order = a->area == SITE_NONE ? site->area_orders : site_area(site, a->area)->order, up = a->area;
        while (people->area != SITE_NONE && up != SITE_NONE && up != people->area) up = site_area(site, up)->parent;
        if (people->area != SITE_NONE && up != people->area) continue;
        bool whole = people->area == SITE_NONE && memcmp(&a->counts, &status->all, sizeof a->counts) == 0;
        if (a->depth == 0 && whole) continue; /* a village alone is the whole, which stands above */
        paper_row_begin(row);
        const char *code = a->area == SITE_NONE ? paper_row_say(row, "（楼栋不明）", "(no known building)")
                                                : paper_row_text(row, "%*s%s", a->depth * 2, "", site_area(site, a->area)->code);
        right &= paper_closing_total(row, code, a->area == SITE_NONE ? "" : site_area(site, a->area)->name, a->counts,
                                     a->recovered, tally[order]);
        err = row->failed ? DW_E_MEMORY : table_out_row(out, row->cells, detail);
    }
    free(tally);
    return err == DW_OK && !right ? err_set(detail, DW_E_IDENTITY, "the people of the round and its counts differ") : err;
}

static void paper_closing_person(struct paper_row *row, const struct paper_people *people, size_t at)
{
    const struct site *site = row->site;
    const struct site_round *round = site_round(site, people->round);
    uint32_t person = people->people[at], area = paper_area(site, people, person);
    const struct site_mark *mark = site_mark(round, person);
    enum err_lang lang = row->ask->lang;
    bool done = cover_has(round->cover, COVER_DONE, person), merged = site_person(site, person)->merged_into != SITE_NONE,
         excused = cover_has(round->cover, COVER_EXCUSED, person) && !done;
    int how = cover_has(round->cover, COVER_ROSTER, person)  ? KINDS_HOW_NONE
              : cover_has(round->cover, COVER_FOUND, person) ? KINDS_HOW_FOUND
                                                             : KINDS_HOW_ARRIVED;
    char place[512], id[ID_TEXT];
    register_place_text(place, sizeof place, site, row->round, person);
    id_text(id, site_person(site, person)->id);
    row->cells[PAPER_CLOSING_NO] = paper_row_text(row, "%zu", at + 1);
    row->cells[PAPER_CLOSING_GRID] = paper_row_code(site, area, KINDS_AREA_KIND_GRID);
    row->cells[PAPER_CLOSING_CELL] = paper_row_code(site, area, KINDS_AREA_KIND_CELL);
    if (area != SITE_NONE) row->cells[PAPER_CLOSING_BUILDING] = site_area(site, area)->code;
    row->cells[PAPER_CLOSING_ADDRESS] = paper_row_text(row, "%s", place);
    row->cells[PAPER_CLOSING_NAME] = register_field(site, person, KINDS_PERSON_SET_NAME);
    row->cells[PAPER_CLOSING_DOCUMENT] = register_field(site, person, KINDS_PERSON_SET_DOC);
    row->cells[PAPER_CLOSING_PHONE] = register_field(site, person, KINDS_PERSON_SET_PHONE);
    row->cells[PAPER_CLOSING_THROUGH] = paper_spec_word(PAPER_WORDS_HOW, how, lang);
    row->cells[PAPER_CLOSING_OUTCOME] = done      ? paper_spec_word(PAPER_WORDS_STATE, KINDS_STATE_DONE, lang)
                                        : excused ? paper_spec_word(PAPER_WORDS_STATE, KINDS_STATE_EXCUSED, lang)
                                                  : paper_row_say(row, "未检", "missing");
    row->cells[PAPER_CLOSING_ID] = paper_row_text(row, "%s", id);
    if (excused && merged) row->cells[PAPER_CLOSING_EXCUSE] = paper_spec_word(PAPER_WORDS_EXCUSE, KINDS_EXCUSE_MERGED, lang);
    if (mark == NULL) return;
    row->cells[PAPER_CLOSING_STATE] = paper_spec_word(PAPER_WORDS_STATE, mark->state, lang);
    if (mark->state != KINDS_STATE_NONE) row->cells[PAPER_CLOSING_AT] = paper_row_time(row, mark->stamp.ms);
    if (excused && !merged) row->cells[PAPER_CLOSING_EXCUSE] = paper_spec_word(PAPER_WORDS_EXCUSE, mark->excuse, lang);
    if (mark->decision != 0) row->cells[PAPER_CLOSING_DECISION] = paper_spec_word(PAPER_WORDS_DECISION, mark->decision - 1, lang);
    row->cells[PAPER_CLOSING_EVIDENCE] = mark->evidence == NULL ? "" : mark->evidence;
}

static dw_err paper_closing_write(struct table_out **out, struct paper_row *row, const struct paper_people *people,
                                  const struct round_status *status, struct err_detail *detail)
{
    const struct paper_spec *totals = paper_spec_get(PAPER_TOTALS), *list = paper_spec_get(PAPER_CLOSING);
    struct table_out_column columns[PAPER_COLUMNS_MAX];
    const struct paper_ask *ask = row->ask;
    const struct site_round *round = site_round(row->site, people->round);
    const char *title = paper_row_text(row, paper_row_say(row, "%s　第 %lld 轮　%s　截至 %s", "%s  round %lld  %s  as of %s"),
                                       row->site->name, (long long)round->number,
                                       round->closed_seq != 0 ? paper_row_say(row, "已结束", "closed")
                                                              : paper_row_say(row, "未结束", "still open"),
                                       paper_row_time(row, ask->at.ms));
    if (row->failed) return DW_E_MEMORY;
    paper_row_columns(columns, PAPER_TOTALS, ask->lang);
    ERR_TRY(table_out_book(out, ask->path, totals->text[ask->lang], title, columns, totals->count, detail));
    ERR_TRY(paper_closing_totals(*out, row, people, status, detail));
    paper_row_columns(columns, PAPER_CLOSING, ask->lang);
    ERR_TRY(table_out_sheet(*out, list->text[ask->lang], NULL, columns, list->count, detail));
    for (size_t i = 0; i < people->count; i++) {
        paper_row_begin(row);
        paper_closing_person(row, people, i);
        ERR_TRY(paper_row_mask(row, PAPER_CLOSING));
        ERR_TRY(table_out_row(*out, row->cells, detail));
    }
    return DW_OK;
}

dw_err paper_closing(const struct site *site, const struct paper_ask *ask, const struct paper_people *people,
                     struct err_detail *detail)
{
    struct paper_row row = {.site = site, .ask = ask, .round = paper_people_round(site, people)};
    struct table_out *out = NULL;
    struct round_status status;
    /* Totals go down to cells, unless a single building was asked for. */
    bool building = people->area != SITE_NONE && (site_area(site, people->area)->kind == KINDS_AREA_KIND_BUILDING ||
                                                  site_area(site, people->area)->kind == KINDS_AREA_KIND_FACTORY);
    ERR_TRY(round_status(&status, site, site_round(site, people->round)->number, building, detail));
    dw_err err = paper_closing_write(&out, &row, people, &status, detail);
    round_status_free(&status);
    arena_free(&row.arena);
    if (err == DW_OK) return table_out_close(out, detail);
    table_out_abort(out);
    return err;
}
