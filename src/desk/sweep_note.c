/* What a person notes by hand: an attempt to settle a refusal, somebody met in the street. */
#include <string.h>

#include "desk/book.h"
#include "desk/form.h"
#include "desk/sweep.h"

/* DW_E_STATE when nothing of this door, of anybody behind it, or of this person is open. */
static dw_err sweep_still_open(const struct site *site, enum kinds_form_of of, struct id id, struct err_detail *detail)
{
    struct sweep_refusals list;
    uint32_t subject = site_find(site, of == KINDS_FORM_OF_DOOR ? SITE_DOOR : SITE_PERSON, id);
    bool open = false;
    dw_err err = sweep_refusals(&list, site, NULL, detail);
    for (size_t i = 0; i < list.count && !open; i++)
        open = of == KINDS_FORM_OF_DOOR ? list.items[i].door == subject : list.items[i].person == site_root(site, subject);
    sweep_refusals_free(&list);
    if (err == DW_OK && !open) err = err_set(detail, DW_E_STATE, "no refusal is open there");
    return err;
}

dw_err sweep_follow(const struct lab_by *by, const char *subject, enum kinds_follow_step step, const struct when *next,
                    const char *note, struct err_detail *detail)
{
    struct book book = {0};
    struct id id;
    enum kinds_form_of of;
    const struct site *site = desk_read(by->desk);
    dw_err err = form_subject(&id, &of, site, subject, detail);
    if (err == DW_OK) err = sweep_still_open(site, of, id, detail);
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_REFUSAL_FOLLOW, id, by->at, NULL);
    entry_put_int(&book.writer, KINDS_REFUSAL_FOLLOW_OF, of);
    entry_put_int(&book.writer, KINDS_REFUSAL_FOLLOW_STEP, step);
    if (next != NULL) entry_put_time(&book.writer, KINDS_REFUSAL_FOLLOW_NEXT, *next);
    entry_put_text(&book.writer, KINDS_REFUSAL_FOLLOW_NOTE, note);
    return lab_send(by, &book, detail);
}

static dw_err sweep_met_where(struct id *area, struct id *door, const struct site *site, const struct sweep_meet *meet,
                              struct err_detail *detail)
{
    enum kinds_form_of of = KINDS_FORM_OF_DOOR;
    uint32_t index = meet->area == NULL ? SITE_NONE : site_area_by_code(site, meet->area);
    if (site_find(site, SITE_PERSON, meet->person) == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "this person");
    if (meet->area != NULL && index == SITE_NONE) return err_set(detail, DW_E_NOT_FOUND, "area %s", meet->area);
    if (meet->area != NULL) *area = site_area(site, index)->id;
    if (meet->door != NULL) ERR_TRY(form_subject(door, &of, site, meet->door, detail));
    return of == KINDS_FORM_OF_DOOR ? DW_OK : err_set(detail, DW_E_NOT_FOUND, "door %s", meet->door);
}

dw_err sweep_meet(const struct lab_by *by, const struct sweep_meet *meet, struct err_detail *detail)
{
    struct book book = {0};
    struct id area = {{0}}, door = {{0}};
    dw_err err = sweep_met_where(&area, &door, desk_read(by->desk), meet, detail);
    desk_read_end(by->desk);
    if (err == DW_OK) err = book_open(&book, by->desk, by->device, detail);
    if (err != DW_OK) return err;
    entry_begin(&book.writer, KINDS_STREET_MEET, meet->person, by->at, NULL);
    entry_put_int(&book.writer, KINDS_STREET_MEET_OUTCOME, meet->outcome);
    if (meet->area != NULL) entry_put_id(&book.writer, KINDS_STREET_MEET_AREA, area);
    if (meet->door != NULL) entry_put_id(&book.writer, KINDS_STREET_MEET_DOOR, door);
    entry_put_text(&book.writer, KINDS_STREET_MEET_PLACE, meet->place);
    entry_put_text(&book.writer, KINDS_STREET_MEET_NOTE, meet->note);
    return lab_send(by, &book, detail);
}
