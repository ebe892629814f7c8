#include "desk/register_add.h"

#include <string.h>

#include "desk/book.h"
#include "desk/form.h"
#include "desk/likeness.h"
#include "desk/places.h"
#include "domain/addr.h"
#include "domain/idno.h"

static dw_err register_door_id(struct id *out, const struct site *site, const char *text, struct err_detail *detail)
{
    enum kinds_form_of of;
    ERR_TRY(form_subject(out, &of, site, text, detail));
    return of == KINDS_FORM_OF_DOOR ? DW_OK : err_set(detail, DW_E_NOT_FOUND, "door %s", text);
}

static const char *register_or_none(const char *text)
{
    return text == NULL ? "" : text;
}

/* The door as places knows it: by what its room is called, however that is written. */
static dw_err register_place(struct id *out, struct id *building, bool *fresh, const struct site *site,
                             const struct register_door *spec, int64_t now_ms, struct err_detail *detail)
{
    struct places places = {0};
    char key[ADDR_KEY];
    uint32_t door, area = SITE_NONE;
    addr_room(key, register_or_none(spec->unit), register_or_none(spec->floor), register_or_none(spec->room));
    dw_err err = places_make(&places, site);
    if (err == DW_OK) area = places_building(&places, spec->building, spec->building);
    if (err == DW_OK && area == SITE_NONE) err = err_set(detail, DW_E_NOT_FOUND, "building %s", spec->building);
    if (err == DW_OK) err = places_door(&places, &door, fresh, area, key, now_ms, NULL);
    if (err == DW_OK) {
        *out = places.doors[door].id;
        *building = site_area(site, area)->id;
    }
    places_free(&places);
    return err;
}

dw_err register_add_door(struct id *out, const struct lab_by *by, const struct register_door *spec, struct err_detail *detail)
{
    struct book book = {0};
    struct id building;
    bool fresh = false;
    const struct site *site = desk_read(by->desk);
    book_while(&book, site, SITE_DOOR);
    dw_err err = register_place(out, &building, &fresh, site, spec, by->at.ms, detail);
    desk_read_end(by->desk);
    if (err == DW_OK && !fresh) err = err_set(detail, DW_E_EXISTS, "this door is registered");
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_DOOR_SET, *out, by->at, NULL);
    entry_put_id(&book.writer, KINDS_DOOR_SET_BUILDING, building);
    entry_put_int(&book.writer, KINDS_DOOR_SET_KIND, spec->kind);
    entry_put_text(&book.writer, KINDS_DOOR_SET_UNIT, spec->unit);
    entry_put_text(&book.writer, KINDS_DOOR_SET_FLOOR, spec->floor);
    entry_put_text(&book.writer, KINDS_DOOR_SET_ROOM, spec->room);
    entry_put_text(&book.writer, KINDS_DOOR_SET_NAME, spec->name);
    return lab_send(by, &book, detail);
}

dw_err register_add_household(struct id *out, const struct lab_by *by, const char *door, enum kinds_household_kind kind,
                              struct err_detail *detail)
{
    struct book book = {0};
    struct id at;
    dw_err err = register_door_id(&at, desk_read(by->desk), door, detail);
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    *out = id_make(by->at.ms, NULL);
    entry_begin(&book.writer, KINDS_HOUSEHOLD_SET, *out, by->at, NULL);
    entry_put_id(&book.writer, KINDS_HOUSEHOLD_SET_DOOR, at);
    entry_put_int(&book.writer, KINDS_HOUSEHOLD_SET_KIND, kind);
    return lab_send(by, &book, detail);
}

/* A new person with what is needed to write him down. */
struct register_entry {
    const struct register_new *spec;
    const struct lab_by *by;
    struct likeness like;
    struct match_answer answer;
    struct id door, round, others[MATCH_PAIRS];
    bool has_door, has_round;
    char birth[16];
};

static dw_err register_wrong(struct err_detail *detail, const char *field, const char *said)
{
    return err_at(detail, DW_E_INVALID, NULL, NULL, 0, field, "%s", said);
}

/* What is typed at a door is right or refused: a list cannot ask back, this can. */
static dw_err register_read(struct register_entry *e, const struct site *site, uint32_t door, struct err_detail *detail)
{
    const char *const *f = e->spec->fields, *name = register_or_none(f[KINDS_PERSON_SET_NAME]),
                      *doc = register_or_none(f[KINDS_PERSON_SET_DOC]), *birth = register_or_none(f[KINDS_PERSON_SET_BIRTH]),
                      *phone = register_or_none(f[KINDS_PERSON_SET_PHONE]);
    if (*name == 0 && *doc == 0) return register_wrong(detail, "name", "a name or a document is needed");
    uint32_t area = door == SITE_NONE ? SITE_NONE : site_door(site, door)->area;
    likeness_make(&e->like, name, doc, false, birth, register_or_none(f[KINDS_PERSON_SET_SEX]), phone, door, area,
                  site->synthetic, when_day(e->by->at));
    if (*name != 0 && e->like.name[0] == 0) return register_wrong(detail, "name", name);
    if (*doc != 0 && e->like.doc.problem != IDNO_OK && !e->spec->even_so)
        return register_wrong(detail, "doc", idno_problem_text(e->like.doc.problem, ERR_EN));
    if (*birth != 0 && likeness_birth(birth) == 0) return register_wrong(detail, "birth", birth);
    if (*phone != 0 && e->like.phone[0] == 0) return register_wrong(detail, "phone", phone);
    snprintf(e->birth, sizeof e->birth, "%08d", (int)e->like.record.birth);
    return DW_OK;
}

static dw_err register_likes(struct register_entry *e, const struct site *site)
{
    struct match_index *index = NULL;
    struct likeness like;
    dw_err err = match_make(&index);
    for (uint32_t p = 0; err == DW_OK && p < site_count(site, SITE_PERSON); p++) {
        if (site_person(site, p)->merged_into != SITE_NONE || site_person(site, p)->forgotten) continue;
        likeness_person(&like, site, p, when_day(e->by->at));
        err = match_put(index, p, &like.record);
    }
    if (err == DW_OK) match_find(&e->answer, index, &e->like.record);
    for (size_t i = 0; err == DW_OK && i < e->answer.count; i++) e->others[i] = site_person(site, e->answer.pairs[i])->id;
    match_free(index);
    return err;
}

static dw_err register_prepare(struct register_entry *e, const struct site *site, struct err_detail *detail)
{
    uint32_t round = site_round_by_number(site, e->by->round);
    if (e->spec->how != KINDS_HOW_NONE && round == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "no round was opened yet");
    e->has_round = e->spec->how != KINDS_HOW_NONE;
    if (e->has_round) e->round = site_round(site, round)->id;
    e->has_door = e->spec->door != NULL;
    if (e->has_door) ERR_TRY(register_door_id(&e->door, site, e->spec->door, detail));
    if (e->spec->household != NULL && site_find(site, SITE_HOUSEHOLD, *e->spec->household) == SITE_NONE)
        return err_set(detail, DW_E_NOT_FOUND, "this household");
    ERR_TRY(register_read(e, site, e->has_door ? site_find(site, SITE_DOOR, e->door) : SITE_NONE, detail));
    return register_likes(e, site);
}

static dw_err register_write(struct register_entry *e, struct id person, struct book *book)
{
    static const char *const sexes[] = {['m'] = "m", ['f'] = "f"};
    struct entry_writer *w = &book->writer;
    entry_begin(w, KINDS_PERSON_SET, person, e->by->at, NULL);
    for (int f = 0; f < SITE_FIELDS; f++) {
        const char *text = e->spec->fields[f];
        if (f == KINDS_PERSON_SET_PHONE && text != NULL) text = e->like.phone;
        if (f == KINDS_PERSON_SET_BIRTH && e->like.record.birth != 0) text = e->birth;
        if (f == KINDS_PERSON_SET_SEX && e->like.record.sex != 0) text = sexes[(unsigned char)e->like.record.sex];
        if (f == KINDS_PERSON_SET_DOC && e->like.doc.type != IDNO_NONE) text = e->like.doc.text;
        if (f == KINDS_PERSON_SET_DOC_TYPE && e->like.doc.type != IDNO_NONE) text = idno_type_text(e->like.doc.type, 1);
        if (text != NULL) entry_put_text(w, f, text);
    }
    if (e->has_door) entry_put_id(w, KINDS_PERSON_SET_DOOR, e->door);
    if (e->spec->household != NULL) entry_put_id(w, KINDS_PERSON_SET_HOUSEHOLD, *e->spec->household);
    ERR_TRY(book_end(book));
    if (e->has_round) {
        entry_begin(w, KINDS_ROUND_ADD, person, e->by->at, NULL);
        entry_put_id(w, KINDS_ROUND_ADD_ROUND, e->round);
        entry_put_int(w, KINDS_ROUND_ADD_HOW, e->spec->how);
        if (e->has_door) entry_put_id(w, KINDS_ROUND_ADD_DOOR, e->door);
        ERR_TRY(book_end(book));
    }
    for (size_t i = 0; i < e->answer.count; i++) {
        entry_begin(w, KINDS_REVIEW_ADD, person, e->by->at, NULL);
        entry_put_id(w, KINDS_REVIEW_ADD_OTHER, e->others[i]);
        entry_put_text(w, KINDS_REVIEW_ADD_WHY, likeness_why(e->answer.why[i]));
        ERR_TRY(book_end(book));
    }
    return DW_OK;
}

dw_err register_add_person(struct register_added *out, const struct lab_by *by, const struct register_new *spec,
                           struct err_detail *detail)
{
    struct register_entry e = {.spec = spec, .by = by};
    struct book book = {0};
    const struct site *site = desk_read(by->desk);
    book_while(&book, site, SITE_PERSON);
    dw_err err = register_prepare(&e, site, detail);
    desk_read_end(by->desk);
    if (err != DW_OK) return err;
    if (e.answer.verdict == MATCH_SAME && !spec->even_so) {
        out->person = e.others[0];
        return err_set(detail, DW_E_EXISTS, "%s", match_why_text(e.answer.why[0], ERR_EN));
    }
    *out = (struct register_added){id_make(by->at.ms, NULL), e.answer.count};
    err = book_open(&book, by->desk, by->device, detail);
    if (err == DW_OK) err = register_write(&e, out->person, &book);
    if (err == DW_OK) return lab_send_all(by, &book, detail);
    book_free(&book);
    return err;
}

static dw_err register_lives(struct id *door, const struct site *site, struct id person, struct err_detail *detail)
{
    uint32_t index = site_find(site, SITE_PERSON, person);
    bool gone;
    if (index == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "this person");
    uint32_t stay = site_place(site, index, &gone);
    if (stay == SITE_NONE || gone || site_stay(site, stay)->door == SITE_NONE)
        return err_set(detail, DW_E_STATE, "he lives behind no door here");
    *door = site_door(site, site_stay(site, stay)->door)->id;
    return DW_OK;
}

dw_err register_move(const struct lab_by *by, struct id person, const char *door, struct err_detail *detail)
{
    struct book book = {0};
    struct id to;
    const struct site *site = desk_read(by->desk);
    dw_err err = register_door_id(&to, site, door, detail);
    if (err == DW_OK && site_find(site, SITE_PERSON, person) == SITE_NONE) err = err_set(detail, DW_E_NOT_FOUND, "this person");
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_PERSON_SET, person, by->at, NULL);
    entry_put_id(&book.writer, KINDS_PERSON_SET_DOOR, to);
    return lab_send(by, &book, detail);
}

dw_err register_leave(const struct lab_by *by, struct id person, enum kinds_leave why, struct err_detail *detail)
{
    struct book book = {0};
    struct id door;
    dw_err err = register_lives(&door, desk_read(by->desk), person, detail);
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_STAY_END, person, by->at, NULL);
    entry_put_id(&book.writer, KINDS_STAY_END_DOOR, door);
    entry_put_time(&book.writer, KINDS_STAY_END_AT, by->at);
    entry_put_int(&book.writer, KINDS_STAY_END_WHY, why);
    return lab_send(by, &book, detail);
}
