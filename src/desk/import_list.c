/* A list of people into the register: each row to its building, door, household, and to the person it speaks of. */
#include <stdlib.h>
#include <string.h>

#include "desk/import_said.h"

/* Of a person who is known only what is new is said: empty fields are filled, and a good document takes the place of a bad one.
 */
static void import_list_news(const struct import_rows *r, struct import_said *said, const struct likeness *like, uint32_t person)
{
    const struct import_person *known = &r->people[person];
    for (int i = 0; i < SITE_FIELDS; i++) {
        bool doc = i == KINDS_PERSON_SET_DOC || i == KINDS_PERSON_SET_DOC_TYPE;
        bool better = doc && like->record.doc_valid && !known->doc_valid;
        if ((known->fields & 1u << i) != 0 && !better) said->field[i] = NULL;
    }
}

/* The place is said for people who are new, whose building was unknown, or who stand elsewhere in a list of who lives where. */
static bool import_list_moves(const struct import_rows *r, const struct import_place *place, uint32_t person, bool fresh)
{
    const struct import_person *known = &r->people[person];
    if (fresh || known->door == SITE_NONE) return true;
    if (known->mine || r->spec->kind == KINDS_LIST_KIND_SAMPLES || place->area == SITE_NONE) return false;
    return known->area == SITE_NONE || (place->sure && !id_equal(place->door_id, known->door_id));
}

static dw_err import_list_put(struct import_rows *r, size_t row, const struct import_said *said, const struct import_place *place,
                              uint32_t person, bool moves, const uint8_t seen[16])
{
    struct entry_writer *w = &r->books[1].writer;
    char seen_text[24];
    hash_b64(seen_text, seen, 16);
    entry_begin(w, KINDS_PERSON_SET, r->people[person].id, r->spec->at, NULL);
    for (int i = 0; i < SITE_FIELDS; i++)
        if (said->field[i] != NULL) entry_put_text(w, i, said->field[i]);
    if (moves) {
        entry_put_id(w, KINDS_PERSON_SET_DOOR, place->door_id);
        entry_put_id(w, KINDS_PERSON_SET_HOUSEHOLD, place->household_id);
        if (said->came.ms != 0) entry_put_time(w, KINDS_PERSON_SET_FROM, said->came);
    }
    entry_put_int(w, KINDS_PERSON_SET_ROW, r->sheet->source_row[row]);
    entry_put_text(w, KINDS_PERSON_SET_SEEN, seen_text);
    ERR_TRY(book_end(&r->books[1]));
    if (said->went.ms == 0) return DW_OK;
    entry_begin(w, KINDS_STAY_END, r->people[person].id, r->spec->at, NULL);
    entry_put_id(w, KINDS_STAY_END_DOOR, place->door_id);
    entry_put_time(w, KINDS_STAY_END_AT, said->went);
    entry_put_int(w, KINDS_STAY_END_WHY, KINDS_LEAVE_MOVED);
    return book_end(&r->books[1]);
}

/* A new person beside everyone he may be; or a known one beside the others whom the row names just as certainly, and beside those
 * of another name who carry his number. */
static dw_err import_list_pairs(struct import_rows *r, uint32_t person, const struct match_answer *answer)
{
    struct entry_writer *w = &r->books[1].writer;
    bool same = answer->verdict == MATCH_SAME;
    for (size_t i = same; i < answer->count; i++) {
        if (same && !likeness_certain(answer->why[i]) && answer->why[i] != MATCH_DOC_NAME_DIFFER) continue;
        entry_begin(w, KINDS_REVIEW_ADD, r->people[person].id, r->spec->at, NULL);
        entry_put_id(w, KINDS_REVIEW_ADD_OTHER, r->people[answer->pairs[i]].id);
        entry_put_text(w, KINDS_REVIEW_ADD_WHY, likeness_why(answer->why[i]));
        ERR_TRY(book_end(&r->books[1]));
        r->out->pairs++;
    }
    return DW_OK;
}

static dw_err import_list_person(struct import_rows *r, size_t row, const struct import_place *place, const uint8_t seen[16])
{
    struct import_said said;
    struct likeness like;
    struct match_answer answer;
    uint32_t person;
    import_said_read(&said, &like, r, row, place);
    if (like.doc.type != IDNO_NONE && like.doc.problem != IDNO_OK) {
        r->out->bad_docs++;
        import_rows_trouble(r, row, COLUMNS_DOC, "%s", idno_problem_text(like.doc.problem, r->spec->lang));
    }
    match_find(&answer, r->index, &like.record);
    bool fresh = answer.verdict != MATCH_SAME;
    if (fresh)
        ERR_TRY(import_rows_person(r, &person));
    else
        person = answer.pairs[0];
    bool moves = import_list_moves(r, place, person, fresh);
    r->out->fresh += fresh;
    r->out->matched += !fresh;
    if (!fresh) import_list_news(r, &said, &like, person);
    ERR_TRY(import_list_put(r, row, &said, place, person, moves, seen));
    import_rows_said(r, person, said.field, &like, moves ? place : NULL);
    /* What another list says of him is kept beside what was known: he is found by either. */
    ERR_TRY(fresh ? match_put(r->index, person, &like.record) : match_also(r->index, person, &like.record));
    if (answer.verdict != MATCH_NEW) ERR_TRY(import_list_pairs(r, person, &answer));
    return r->spec->kind == KINDS_LIST_KIND_SAMPLES ? import_rows_sampled(r, row, person) : DW_OK;
}

static dw_err import_list_row(struct import_rows *r, size_t row)
{
    struct import_place place;
    uint8_t seen[16];
    if (import_rows_text(r, row, COLUMNS_NAME)[0] == 0 && import_rows_text(r, row, COLUMNS_DOC)[0] == 0) {
        r->out->empty++;
        return DW_OK;
    }
    r->out->rows++;
    ERR_TRY(import_rows_seen(r, row, seen));
    if (import_rows_is_seen(r, seen)) {
        r->out->seen++;
        return DW_OK;
    }
    ERR_TRY(import_rows_place(r, row, &place));
    return import_list_person(r, row, &place, seen);
}

static dw_err import_list_sheet(struct import_rows *r, const struct sheet *sheet, const char *file,
                                const struct clock_progress *progress, struct err_detail *detail)
{
    const struct import_list *spec = r->spec;
    r->sheet = sheet;
    dw_err guessed = columns_guess(&r->columns, sheet, file, detail);
    if (spec->load_columns != NULL) ERR_TRY(columns_load(&r->columns, sheet, spec->load_columns, detail));
    if (spec->columns != NULL) ERR_TRY(columns_correct(&r->columns, sheet, spec->columns, detail));
    if (r->columns.column[COLUMNS_NAME] < 0)
        return guessed != DW_OK ? guessed : err_at(detail, DW_E_COLUMN, file, sheet->name, 0, "name", "no column of names");
    if (spec->save_columns != NULL) ERR_TRY(columns_save(&r->columns, sheet, spec->save_columns, detail));
    import_said_columns(r);
    import_said_left_out(r);
    for (size_t row = (size_t)r->columns.header_row + 1; row < sheet->rows; row++) {
        if (row % 512 == 0 && !clock_tick(progress, "import.rows", row, sheet->rows)) return DW_E_CANCELLED;
        ERR_TRY(import_list_row(r, row));
    }
    return DW_OK;
}

static dw_err import_list_work(struct import_rows *r, const struct sheet_book *book, const struct clock_progress *progress,
                               struct err_detail *detail)
{
    uint64_t start = clock_ns();
    ERR_TRY(import_begin(r->desk, r->books, book->file, r->spec->at, detail));
    ERR_TRY(import_rows_begin(r, detail));
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < book->count; i++)
        err = import_list_sheet(r, &book->sheets[i], book->file, progress, detail);
    /* Headers alone are an empty list; rows of which none names anybody are a list read wrongly. */
    if (err == DW_OK && r->out->rows == 0 && r->out->empty > 0)
        err = err_set(detail, DW_E_FORMAT, "no row of %s names a person", book->file);
    if (err == DW_OK) err = import_rows_round(r);
    import_rows_end(r);
    r->out->work_ms = (double)(clock_ns() - start) / 1e6;
    if (err != DW_OK) return err;
    return import_finish(r->desk, r->books, r->out, book->file, r->spec->kind, book->content, r->spec->at, r->spec->dry_run,
                         detail);
}

dw_err import_list(struct import_result *out, struct desk *desk, const struct import_list *spec,
                   const struct clock_progress *progress, struct err_detail *detail)
{
    struct sheet_book book = {0};
    memset(out, 0, sizeof *out);
    dw_err err = sheet_read(&book, spec->path, NULL, progress, detail);
    for (int i = 0; err == DW_OK || (err == DW_E_STALE && i < IMPORT_TRIES); i++) {
        struct import_rows rows = {.desk = desk, .spec = spec, .out = out};
        memset(out, 0, sizeof *out);
        out->read_ms = book.read_ms;
        out->already = import_known(desk, rows.books, book.content);
        err = out->already ? DW_OK : import_list_work(&rows, &book, progress, detail);
        import_rows_free(&rows);
        if (err == DW_OK) break;
    }
    sheet_free(&book);
    return err;
}
