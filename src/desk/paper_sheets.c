#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/paper_row.h"
#include "desk/register.h"
#include "domain/idno.h"

typedef void paper_sheets_cells(struct paper_row *row, const struct paper_people *people, size_t at, const void *ctx);

static dw_err paper_sheets_rows(struct table_out *out, struct paper_row *row, const struct paper_people *people,
                                paper_sheets_cells *cells, const void *ctx, struct err_detail *detail)
{
    for (size_t i = 0; i < people->count; i++) {
        paper_row_begin(row);
        cells(row, people, i, ctx);
        ERR_TRY(paper_row_mask(row, people->kind));
        ERR_TRY(table_out_row(out, row->cells, detail));
    }
    return DW_OK;
}

static dw_err paper_sheets_write(const struct site *site, const struct paper_ask *ask, const struct paper_people *people,
                                 paper_sheets_cells *cells, const void *ctx, struct err_detail *detail)
{
    const struct paper_spec *spec = paper_spec_get(people->kind);
    struct paper_row row = {.site = site, .ask = ask, .round = paper_people_round(site, people)};
    struct table_out_column columns[PAPER_COLUMNS_MAX];
    struct table_out *out = NULL;
    const char *round = people->round == SITE_NONE ? ""
                                                   : paper_row_text(&row, paper_row_say(&row, "第 %lld 轮　", "round %lld  "),
                                                                    (long long)site_round(site, people->round)->number);
    const char *title = paper_row_text(&row, "%s　%s　%s%s%s", spec->text[ask->lang], site->name, round,
                                       paper_row_say(&row, "截至 ", "as of "), paper_row_time(&row, ask->at.ms));
    paper_row_columns(columns, people->kind, ask->lang);
    dw_err err = row.failed ? DW_E_MEMORY : DW_OK;
    if (err == DW_OK) err = table_out_book(&out, ask->path, spec->text[ask->lang], title, columns, spec->count, detail);
    if (err == DW_OK) err = paper_sheets_rows(out, &row, people, cells, ctx, detail);
    arena_free(&row.arena);
    if (err == DW_OK) return table_out_close(out, detail);
    table_out_abort(out);
    return err;
}

static void paper_sheets_round(struct paper_row *row, const struct paper_people *people, size_t at, const void *ctx)
{
    (void)ctx;
    uint32_t person = people->people[at];
    const struct site_round *round = site_round(row->site, people->round);
    const struct site_mark *mark = site_mark(round, person);
    enum err_lang lang = row->ask->lang;
    bool done = cover_has(round->cover, COVER_DONE, person);
    int state = mark == NULL ? KINDS_STATE_NONE : mark->state;
    int how = cover_has(round->cover, COVER_ROSTER, person)  ? KINDS_HOW_NONE
              : cover_has(round->cover, COVER_FOUND, person) ? KINDS_HOW_FOUND
                                                             : KINDS_HOW_ARRIVED;
    char place[512];
    register_place_text(place, sizeof place, row->site, row->round, person);
    row->cells[PAPER_ROUND_NO] = paper_row_text(row, "%zu", at + 1);
    row->cells[PAPER_ROUND_ROUND] = paper_row_text(row, "%lld", (long long)round->number);
    row->cells[PAPER_ROUND_NAME] = register_field(row->site, person, KINDS_PERSON_SET_NAME);
    row->cells[PAPER_ROUND_DOCUMENT] = register_field(row->site, person, KINDS_PERSON_SET_DOC);
    row->cells[PAPER_ROUND_PHONE] = register_field(row->site, person, KINDS_PERSON_SET_PHONE);
    row->cells[PAPER_ROUND_ADDRESS] = paper_row_text(row, "%s", place);
    if (state == KINDS_STATE_DONE) row->cells[PAPER_ROUND_SAMPLED_AT] = paper_row_time(row, mark->stamp.ms);
    const char *note = done || state == KINDS_STATE_NONE ? "" : paper_spec_word(PAPER_WORDS_STATE, state, lang);
    const char *through = how == KINDS_HOW_NONE ? "" : paper_spec_word(PAPER_WORDS_HOW, how, lang);
    row->cells[PAPER_ROUND_NOTE] = paper_row_text(row, "%s%s%s", through, *through != 0 && *note != 0 ? " " : "", note);
}

dw_err paper_round(const struct site *site, const struct paper_ask *ask, const struct paper_people *people,
                   struct err_detail *detail)
{
    return paper_sheets_write(site, ask, people, paper_sheets_round, NULL, detail);
}

/* Documents' types are kept in English. */
static const char *paper_sheets_type(const struct paper_row *row, const char *text)
{
    for (int t = 0; t < IDNO_TYPES; t++)
        if (strcmp(text, idno_type_text((enum idno_type)t, ERR_EN)) == 0)
            return idno_type_text((enum idno_type)t, row->ask->lang);
    return "";
}

static void paper_sheets_where(struct paper_row *row, uint32_t person)
{
    const struct site *site = row->site;
    uint32_t area = site_person_area(site, NULL, person);
    row->cells[PAPER_LEDGER_GRID] = paper_row_code(site, area, KINDS_AREA_KIND_GRID);
    row->cells[PAPER_LEDGER_CELL] = paper_row_code(site, area, KINDS_AREA_KIND_CELL);
    if (area != SITE_NONE) {
        const struct site_area *a = site_area(site, area);
        row->cells[PAPER_LEDGER_BUILDING] = a->code;
        row->cells[PAPER_LEDGER_ADDRESS] = *a->address != 0 ? a->address : a->name;
        row->cells[PAPER_LEDGER_USE] = a->use;
    }
    bool gone;
    if (site_place(site, person, &gone) != SITE_NONE) row->cells[PAPER_LEDGER_ROOM] = paper_row_door(row, person);
}

static bool paper_sheets_heads(const char *relation)
{
    return strcmp(relation, "户主") == 0 || strcmp(relation, "本人") == 0;
}

/* heads: of each household who its head is, SITE_NONE. */
static void paper_sheets_ledger(struct paper_row *row, const struct paper_people *people, size_t at, const void *heads)
{
    const struct site *site = row->site;
    uint32_t person = people->people[at], head = SITE_NONE;
    static const struct {
        int cell, field;
    } plain[] = {{PAPER_LEDGER_NAME, KINDS_PERSON_SET_NAME},       {PAPER_LEDGER_RELATION, KINDS_PERSON_SET_RELATION},
                 {PAPER_LEDGER_DOCUMENT, KINDS_PERSON_SET_DOC},    {PAPER_LEDGER_HUKOU, KINDS_PERSON_SET_HUKOU},
                 {PAPER_LEDGER_PHONE, KINDS_PERSON_SET_PHONE},     {PAPER_LEDGER_EMPLOYER, KINDS_PERSON_SET_EMPLOYER},
                 {PAPER_LEDGER_FLAGS, KINDS_PERSON_SET_FLAGS},     {PAPER_LEDGER_MEDICINE, KINDS_PERSON_SET_MEDICINE},
                 {PAPER_LEDGER_HEALTH, KINDS_PERSON_SET_HEALTH},   {PAPER_LEDGER_NOTE, KINDS_PERSON_SET_NOTE},
                 {PAPER_LEDGER_WHEREABOUTS, KINDS_PERSON_SET_AWAY}};
    bool gone;
    uint32_t stay = site_place(site, person, &gone), household = stay == SITE_NONE ? SITE_NONE : site_stay(site, stay)->household;
    if (household != SITE_NONE) head = ((const uint32_t *)heads)[household];
    if (head == SITE_NONE && paper_sheets_heads(register_field(site, person, KINDS_PERSON_SET_RELATION))) head = person;
    const char *sex = register_field(site, person, KINDS_PERSON_SET_SEX),
               *birth = register_field(site, person, KINDS_PERSON_SET_BIRTH);
    int64_t day;
    paper_sheets_where(row, person);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        row->cells[plain[i].cell] = register_field(site, person, plain[i].field);
    row->cells[PAPER_LEDGER_NO] = paper_row_text(row, "%zu", at + 1);
    if (head != SITE_NONE) row->cells[PAPER_LEDGER_HEAD] = register_field(site, head, KINDS_PERSON_SET_NAME);
    row->cells[PAPER_LEDGER_DOCUMENT_TYPE] = paper_sheets_type(row, register_field(site, person, KINDS_PERSON_SET_DOC_TYPE));
    row->cells[PAPER_LEDGER_SEX] = *sex == 'm' ? paper_row_say(row, "男", "m") : *sex == 'f' ? paper_row_say(row, "女", "f") : "";
    if (text_int(&day, birth, strlen(birth)) && day > 0 && day < INT32_MAX && when_valid_day((int32_t)day))
        row->cells[PAPER_LEDGER_AGE] = paper_row_text(row, "%d", when_age((int32_t)day, when_day(row->ask->at)));
    if (*row->cells[PAPER_LEDGER_WHEREABOUTS] != 0) row->cells[PAPER_LEDGER_AT_HOME] = paper_row_say(row, "否", "no");
    const struct site_person *p = site_person(site, person);
    if (p->field[KINDS_PERSON_SET_NAME] != NULL)
        row->cells[PAPER_LEDGER_SURVEYED_AT] = paper_row_time(row, p->stamp[KINDS_PERSON_SET_NAME].ms);
}

dw_err paper_ledger(const struct site *site, const struct paper_ask *ask, const struct paper_people *people,
                    struct err_detail *detail)
{
    uint32_t count = site_count(site, SITE_HOUSEHOLD), *heads = malloc(((size_t)count + 1) * sizeof *heads);
    bool gone;
    if (heads == NULL) return DW_E_MEMORY;
    for (uint32_t h = 0; h < count; h++) heads[h] = SITE_NONE;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        const char *relation = register_field(site, p, KINDS_PERSON_SET_RELATION);
        uint32_t stay = site_place(site, p, &gone), root = site_root(site, p);
        if (gone || stay == SITE_NONE || site_stay(site, stay)->household == SITE_NONE) continue;
        if (paper_sheets_heads(relation)) heads[site_stay(site, stay)->household] = root;
    }
    dw_err err = paper_sheets_write(site, ask, people, paper_sheets_ledger, heads, detail);
    free(heads);
    return err;
}
