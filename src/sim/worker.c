#include "sim/worker.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/policy.h"
#include "desk/writer.h"
#include "sim/copy.h"
#include "sim/names.h"
#include "sim/truth.h"
#include "sim/unrest.h"

enum { WORKER_UPLOAD = 200, WORKER_AT_DOOR = 400 /* a visit names no more */, WORKER_EVENING = 4 * 3600000 };

struct worker {
    struct desk *desk;
    const struct world *world;
    struct play play;
    struct copy copy;
    struct truth *truth;
    struct unrest unrest;
    struct racks racks;
    struct rack_person swabs[WORKER_AT_DOOR]; /* at the door at hand */
    size_t swab_count;
    int64_t *courier_ms; /* of each grid: when he was last given something */
    struct phone_fleet *fleet;
    uint64_t seed;
    struct rng rng;
    struct worker_result *out;
    struct err_detail *detail;
    struct phone *phone; /* at work, and its book */
    struct book *book;
    const char *to;        /* folder for uploads as files, or NULL */
    struct when now, real; /* by the phone's clock, and in truth */
    bool sure;             /* only people whom the copy knows for certain are told */
    bool blind;            /* its copy does not have what others did at this door today */
};

/* Someone to be ticked in the visit at hand. */
struct worker_tick {
    uint32_t person;
    enum kinds_state state;
    enum kinds_excuse excuse;
    char evidence[96];
};

struct worker_ticks {
    struct worker_tick items[WORKER_AT_DOOR];
    size_t count;
};

static dw_err worker_write(struct worker *w, const struct upload *upload)
{
    struct arena_buf text = {0};
    char path[4200];
    snprintf(path, sizeof path, "%s/phone-%03zu.jsonl", w->to, (size_t)(w->phone - w->fleet->phones) + 1);
    upload_print(&text, upload);
    FILE *file = text.failed ? NULL : fopen(path, "ab");
    bool good = file != NULL && fwrite(text.data, 1, text.len, file) == text.len;
    if (file != NULL && fclose(file) != 0) good = false;
    arena_buf_free(&text);
    return good ? DW_OK : err_set(w->detail, DW_E_IO, "%s", path);
}

/* In a bad world all is sent later, when and as the phone can. */
static dw_err worker_upload(struct worker *w)
{
    struct upload upload;
    struct writer_take take = {.uploads = &upload, .count = 1, .received = w->now};
    if (w->book->count == 0 || w->fleet->rates->bad) return DW_OK;
    book_upload(&upload, w->book, w->now);
    ERR_TRY(w->to != NULL ? worker_write(w, &upload) : writer_submit(w->desk, &take, w->detail));
    w->out->uploads++;
    w->out->entries += (int64_t)w->book->count;
    w->out->held += (int64_t)take.held;
    book_clear(w->book);
    return DW_OK;
}

/* The phone of a beat at a moment: from now on it is the one that records. */
static dw_err worker_takes_up(struct worker *w, uint32_t beat, struct when at)
{
    ERR_TRY(phone_at(&w->phone, w->fleet, beat, at.ms));
    w->book = &w->phone->book;
    w->real = at;
    w->now = phone_clock(w->phone, at);
    return DW_OK;
}

/* The phone of a building. */
static dw_err worker_takes(struct worker *w, uint32_t cell, uint32_t building, uint32_t further, struct when at)
{
    uint32_t a_cell = w->fleet->rates->phones_a_cell, part = building == WORLD_NONE ? 0 : building % a_cell;
    return worker_takes_up(w, cell * a_cell + (part + further) % a_cell, at);
}

static dw_err worker_noted(struct worker *w)
{
    return w->fleet->rates->bad ? phone_note(w->phone, w->real.ms) : DW_OK;
}

static void worker_add_tick(struct worker_ticks *ticks, uint32_t person, enum kinds_state state)
{
    for (size_t i = 0; i < ticks->count; i++)
        if (ticks->items[i].person == person) return;
    if (ticks->count < WORKER_AT_DOOR) ticks->items[ticks->count++] = (struct worker_tick){.person = person, .state = state};
}

/* outcome −1: nobody knocked, others told. */
static dw_err worker_put_visit(struct worker *w, uint32_t door, int outcome, uint32_t heads, const struct worker_ticks *ticks)
{
    struct entry_writer *e = &w->book->writer;
    entry_begin(e, KINDS_VISIT, w->copy.places.doors[door].id, w->now, NULL);
    entry_put_id(e, KINDS_VISIT_ROUND, w->fleet->round);
    if (outcome >= 0) entry_put_int(e, KINDS_VISIT_OUTCOME, outcome);
    if (heads > 0) entry_put_int(e, KINDS_VISIT_HEADS, heads);
    if (ticks->count > 0) entry_list_begin(e, KINDS_VISIT_PEOPLE);
    for (size_t i = 0; i < ticks->count; i++) {
        const struct worker_tick *t = &ticks->items[i];
        struct copy_person *p = &w->copy.people[t->person];
        entry_item_begin(e);
        entry_item_id(e, "person", p->id);
        entry_item_text(e, "state", kinds_state_texts[t->state]);
        if (t->excuse != KINDS_EXCUSE_NONE) entry_item_text(e, "excuse", kinds_excuse_texts[t->excuse]);
        entry_item_text(e, "evidence", t->evidence);
        entry_item_end(e);
        if (w->blind && p->settled) continue; /* the copy that all others share knows better */
        p->state = (uint8_t)t->state;
        p->settled = p->settled || t->state == KINDS_STATE_DONE || t->state == KINDS_STATE_EXCUSED;
    }
    if (ticks->count > 0) entry_list_end(e);
    w->out->visits++;
    ERR_TRY(book_end(w->book));
    return worker_noted(w);
}

static dw_err worker_pair(struct worker *w, uint32_t a, uint32_t b, const char *why)
{
    entry_begin(&w->book->writer, KINDS_REVIEW_ADD, w->copy.people[a].id, w->now, NULL);
    entry_put_id(&w->book->writer, KINDS_REVIEW_ADD_OTHER, w->copy.people[b].id);
    entry_put_text(&w->book->writer, KINDS_REVIEW_ADD_WHY, why);
    w->out->pairs++;
    return book_end(w->book);
}

/* Someone whom no list has: registered at the door, and said to be found or arrived. */
static dw_err worker_register(struct worker *w, const struct play_person *told, const struct likeness *like, uint32_t door,
                              const struct match_answer *answer, uint32_t *out)
{
    static const char *const types[] = {"resident", "hkmo", "taiwan", "passport", "none"};
    struct entry_writer *e = &w->book->writer;
    struct id id = id_make(w->now.ms, &w->rng);
    char birth[16], text[ID_TEXT];
    snprintf(birth, sizeof birth, "%08d", told->birth);
    entry_begin(e, KINDS_PERSON_SET, id, w->now, NULL);
    entry_put_text(e, KINDS_PERSON_SET_NAME, told->name);
    if (told->shows_doc) entry_put_text(e, KINDS_PERSON_SET_DOC, told->doc);
    if (told->shows_doc) entry_put_text(e, KINDS_PERSON_SET_DOC_TYPE, types[told->doc_kind]);
    entry_put_text(e, KINDS_PERSON_SET_BIRTH, birth);
    entry_put_text(e, KINDS_PERSON_SET_SEX, told->sex == 'M' ? "m" : "f");
    entry_put_text(e, KINDS_PERSON_SET_PHONE, told->phone);
    entry_put_id(e, KINDS_PERSON_SET_DOOR, w->copy.places.doors[door].id);
    /* Who came today lives here from this entry's time on, which the site corrects; a phone's own clock may be days off. */
    if (!told->arrived) entry_put_time(e, KINDS_PERSON_SET_FROM, w->world->freeze);
    ERR_TRY(book_end(w->book));
    entry_begin(e, KINDS_ROUND_ADD, id, w->now, NULL);
    entry_put_id(e, KINDS_ROUND_ADD_ROUND, w->fleet->round);
    entry_put_int(e, KINDS_ROUND_ADD_HOW, told->arrived ? KINDS_HOW_ARRIVED : KINDS_HOW_FOUND);
    entry_put_id(e, KINDS_ROUND_ADD_DOOR, w->copy.places.doors[door].id);
    ERR_TRY(book_end(w->book));
    ERR_TRY(copy_add(&w->copy, out, id, like, door));
    w->copy.people[*out].made = w->copy.people[*out].owed = true;
    w->out->people_made++;
    id_text(text, id);
    truth_person(w->truth, text, told->truth);
    for (size_t i = 0; i < answer->count; i++) ERR_TRY(worker_pair(w, *out, answer->pairs[i], likeness_why(answer->why[i])));
    return DW_OK;
}

/* A worker reading the list at the door: the same name there is the person, unless papers say otherwise. */
static uint32_t worker_at_door(const struct worker *w, const struct likeness *like, uint32_t door,
                               const struct match_answer *answer)
{
    for (uint32_t p = copy_first(&w->copy, door); p != SITE_NONE; p = w->copy.people[p].next) {
        const struct copy_person *known = &w->copy.people[p];
        if (strcmp(known->name, like->name) != 0 || known->state == KINDS_STATE_DONE) continue;
        if (!like->record.doc_valid || !known->doc_valid) return p;
        for (size_t i = 0; i < answer->count; i++)
            if (answer->pairs[i] == p && (answer->why[i] == MATCH_DOC_NEAR || answer->why[i] == MATCH_NAME_DOC_NEAR)) return p;
    }
    return SITE_NONE;
}

static dw_err worker_moved(struct worker *w, uint32_t person, uint32_t door)
{
    struct copy_person *p = &w->copy.people[person];
    if (p->door == door) return DW_OK;
    entry_begin(&w->book->writer, KINDS_PERSON_SET, p->id, w->now, NULL);
    entry_put_id(&w->book->writer, KINDS_PERSON_SET_DOOR, w->copy.places.doors[door].id);
    entry_put_time(&w->book->writer, KINDS_PERSON_SET_FROM, w->world->freeze);
    ERR_TRY(book_end(w->book));
    ERR_TRY(copy_move(&w->copy, person, door));
    w->out->moved++;
    return DW_OK;
}

/* Whoever says that he was sampled today is not sampled again, if the phone knows it too. */
static void worker_swab(struct worker *w, uint32_t person, uint32_t truth)
{
    const struct copy_person *p = &w->copy.people[person];
    bool known = p->state == KINDS_STATE_DONE && !w->blind;
    if (w->racks.capacity > 0 && !known && w->swab_count < WORKER_AT_DOOR)
        w->swabs[w->swab_count++] = (struct rack_person){p->id, truth};
}

static dw_err worker_told(struct worker *w, const struct play_person *told, uint32_t door, struct worker_ticks *ticks)
{
    struct likeness like;
    struct match_answer answer;
    char birth[16];
    uint32_t person;
    snprintf(birth, sizeof birth, "%08d", told->birth);
    likeness_make(&like, told->name, told->shows_doc ? told->doc : "", false, birth, told->sex == 'M' ? "m" : "f", told->phone,
                  door, w->copy.places.doors[door].area, w->copy.synthetic, w->copy.today);
    match_find(&answer, w->copy.index, &like.record);
    if (w->sure && answer.verdict != MATCH_SAME) return DW_OK;
    if (answer.verdict == MATCH_SAME)
        person = answer.pairs[0];
    else
        person = worker_at_door(w, &like, door, &answer);
    /* He is two people of the register for certain: so these two are one. */
    for (size_t i = 1; answer.verdict == MATCH_SAME && i < answer.count && likeness_certain(answer.why[i]); i++)
        ERR_TRY(worker_pair(w, person, answer.pairs[i], likeness_why(answer.why[i])));
    bool again = w->blind && person != SITE_NONE && w->copy.people[person].made; /* by another phone, today */
    if (person == SITE_NONE || again)
        ERR_TRY(worker_register(w, told, &like, door, &answer, &person));
    else
        ERR_TRY(worker_moved(w, person, door));
    if (told->present) truth_sampled(w->truth, told->truth);
    if (told->present) worker_swab(w, person, told->truth);
    worker_add_tick(ticks, person, told->present ? KINDS_STATE_DONE : KINDS_STATE_AWAY);
    return DW_OK;
}

static dw_err worker_new_door(struct worker *w, uint32_t door, uint32_t area, const struct world_door *real)
{
    static const enum kinds_door_kind kinds[] = {KINDS_DOOR_KIND_FLAT, KINDS_DOOR_KIND_ROOM, KINDS_DOOR_KIND_SHOP,
                                                 KINDS_DOOR_KIND_DORMITORY, KINDS_DOOR_KIND_FACTORY_GATE};
    struct entry_writer *e = &w->book->writer;
    char floor[12];
    snprintf(floor, sizeof floor, "%u", real->floor);
    entry_begin(e, KINDS_DOOR_SET, w->copy.places.doors[door].id, w->now, NULL);
    entry_put_id(e, KINDS_DOOR_SET_BUILDING, w->copy.area_id[area]);
    entry_put_int(e, KINDS_DOOR_SET_KIND, kinds[real->kind]);
    if (real->floor > 0) entry_put_text(e, KINDS_DOOR_SET_FLOOR, floor);
    entry_put_text(e, KINDS_DOOR_SET_ROOM, real->room);
    w->out->doors_made++;
    return book_end(w->book);
}

/* Whoever the lists put behind a door that did not open, or behind which nobody lives. */
static void worker_listed(struct worker *w, uint32_t door, enum kinds_state state, struct worker_ticks *ticks)
{
    for (uint32_t p = copy_first(&w->copy, door); p != SITE_NONE; p = w->copy.people[p].next)
        if (!w->copy.people[p].settled || (w->blind && w->copy.people[p].state == KINDS_STATE_DONE))
            worker_add_tick(ticks, p, state);
}

static dw_err worker_visit(struct worker *w, const struct play_visit *visit)
{
    static const enum kinds_outcome outcomes[] = {KINDS_OUTCOME_DONE, KINDS_OUTCOME_NOBODY_HOME, KINDS_OUTCOME_REFUSED,
                                                  KINDS_OUTCOME_EMPTY};
    const struct world_door *real = &w->world->doors[visit->door];
    uint32_t area = w->copy.building_area[visit->building], door;
    struct worker_ticks ticks = {.count = 0};
    bool fresh;
    w->swab_count = 0;
    if (area == SITE_NONE) return DW_OK; /* a building that the map lacks */
    ERR_TRY(copy_door(&w->copy, &door, &fresh, area, real, w->now.ms, &w->rng));
    if (fresh) ERR_TRY(worker_new_door(w, door, area, real));
    for (uint32_t i = 0; i < visit->people; i++) {
        const struct play_person *told = &w->play.people[visit->first_person + i];
        if (told->present || !w->blind) ERR_TRY(worker_told(w, told, door, &ticks));
    }
    if (visit->outcome == PLAY_NOBODY) worker_listed(w, door, KINDS_STATE_NOBODY_HOME, &ticks);
    if (visit->outcome == PLAY_REFUSED) worker_listed(w, door, KINDS_STATE_REFUSED, &ticks);
    if (visit->outcome == PLAY_EMPTY) worker_listed(w, door, KINDS_STATE_EMPTY, &ticks);
    ERR_TRY(worker_put_visit(w, door, (int)outcomes[visit->outcome], visit->people, &ticks));
    if (w->racks.capacity == 0) return DW_OK;
    ERR_TRY(rack_door(&w->racks, w->phone->beat, visit->building, w->book, w->now, w->swabs, w->swab_count));
    return worker_noted(w);
}

/* A courier comes by for a sampler's tubes; he may have been kept by the cell before. */
static dw_err worker_courier(struct worker *w, uint32_t cell, uint32_t beat, struct when at)
{
    uint32_t courier = phone_courier(w->fleet, w->world, cell);
    int64_t *last = &w->courier_ms[w->world->cells[cell].grid];
    if (*last < at.ms) *last = at.ms;
    for (bool packed = true;;) {
        struct phone *takes;
        struct id box, giver;
        ERR_TRY(phone_at(&takes, w->fleet, courier, *last));
        ERR_TRY(worker_takes_up(w, beat, at));
        giver = w->book->writer.device;
        ERR_TRY(rack_pack(&box, &packed, &w->racks, beat, w->book, w->now, takes->book.writer.device));
        ERR_TRY(worker_noted(w));
        if (!packed) return DW_OK;
        ERR_TRY(worker_takes_up(w, courier, (struct when){*last, at.offset}));
        ERR_TRY(rack_taken(w->book, w->now, box, giver));
        ERR_TRY(worker_noted(w));
    }
}

/* The end of a pass: what stands open is sealed, and all of it goes to the laboratory. */
static dw_err worker_bring(struct worker *w, uint32_t cell)
{
    uint32_t a_cell = w->fleet->rates->phones_a_cell;
    struct when at = w->real;
    for (uint32_t beat = cell * a_cell; w->racks.capacity > 0 && beat < (cell + 1) * a_cell; beat++) {
        if (!w->racks.racks[beat].open && w->racks.racks[beat].sealed_count == 0) continue;
        ERR_TRY(worker_takes_up(w, beat, at));
        ERR_TRY(rack_seal(&w->racks, beat, w->book, w->now));
        ERR_TRY(worker_noted(w));
        ERR_TRY(worker_courier(w, cell, beat, at));
    }
    w->real = at;
    return DW_OK;
}

/* The neighbours know a listed name behind a door where somebody like it was registered today: perhaps that is one person. */
static dw_err worker_suspect(struct worker *w, uint32_t person, uint32_t door)
{
    const struct copy_person *listed = &w->copy.people[person];
    for (uint32_t p = copy_first(&w->copy, door); p != SITE_NONE; p = w->copy.people[p].next) {
        const struct copy_person *met = &w->copy.people[p];
        if (p == person) continue;
        /* Brothers share a phone and a surname: only who was met today can be the one they mean. */
        bool phone = *met->phone != 0 && strcmp(met->phone, listed->phone) == 0;
        bool like = name_like(met->name, listed->name) || (phone && names_alike(met->name, listed->name));
        if (met->state == KINDS_STATE_DONE && like) ERR_TRY(worker_pair(w, person, p, "neighbours"));
    }
    return DW_OK;
}

/* Nobody knows this name here and the list gives nothing else to go by: whoever bears it elsewhere in the village may be meant.
 */
static dw_err worker_namesakes(struct worker *w, uint32_t person)
{
    struct match_record name_only = {.name = w->copy.people[person].name, .door = SITE_NONE, .building = SITE_NONE};
    size_t cursor = 0;
    uint32_t other;
    if (w->copy.people[person].doc_valid) return DW_OK;
    while (match_namesake(w->copy.index, &name_only, &cursor, &other))
        if (other != person && w->copy.people[other].state == KINDS_STATE_DONE)
            ERR_TRY(worker_pair(w, person, other, "namesake"));
    return DW_OK;
}

static dw_err worker_answer(struct worker *w, uint32_t person, const struct play_answer *answer)
{
    struct copy_person *p = &w->copy.people[person];
    struct worker_ticks ticks = {.count = 1, .items = {{.person = person, .state = KINDS_STATE_UNKNOWN_HERE}}};
    struct worker_tick *tick = &ticks.items[0];
    uint32_t at = p->door, door;
    bool fresh;
    if (answer->reply == PLAY_LEFT) {
        tick->state = KINDS_STATE_EXCUSED;
        tick->excuse = KINDS_EXCUSE_LEFT;
        snprintf(tick->evidence, sizeof tick->evidence, "邻居和房东称已搬走（%u年%u月）", answer->left / 100, answer->left % 100);
        w->out->left++;
    } else if (answer->reply == PLAY_LIVES_HERE || answer->reply == PLAY_LIVES_ELSEWHERE) {
        uint32_t area = w->copy.building_area[answer->building];
        if (area == SITE_NONE) return DW_OK;
        ERR_TRY(copy_door(&w->copy, &door, &fresh, area, &w->world->doors[answer->door], w->now.ms, &w->rng));
        if (fresh) ERR_TRY(worker_new_door(w, door, area, &w->world->doors[answer->door]));
        ERR_TRY(worker_suspect(w, person, door));
        ERR_TRY(worker_moved(w, person, door));
        tick->state = answer->away ? KINDS_STATE_AWAY : KINDS_STATE_NOBODY_HOME;
        at = door;
    }
    if (answer->reply == PLAY_NEVER_HEARD && p->state != KINDS_STATE_UNKNOWN_HERE) ERR_TRY(worker_namesakes(w, person));
    if (at == SITE_NONE) return DW_OK;
    ERR_TRY(worker_put_visit(w, at, -1, 0, &ticks));
    if (answer->reply != PLAY_LEFT) return DW_OK;
    entry_begin(&w->book->writer, KINDS_STAY_END, p->id, w->now, NULL);
    entry_put_id(&w->book->writer, KINDS_STAY_END_DOOR, w->copy.places.doors[at].id);
    entry_put_time(&w->book->writer, KINDS_STAY_END_AT, w->world->freeze);
    entry_put_int(&w->book->writer, KINDS_STAY_END_WHY, KINDS_LEAVE_LEFT);
    return book_end(w->book);
}

/* Asks after everybody of a cell's buildings (cell WORLD_NONE: of no known building) whom nobody has met or accounted for. */
static dw_err worker_ask(struct worker *w, uint32_t cell, unsigned pass)
{
    for (size_t i = 0; i < w->copy.count; i++) {
        const struct copy_person *p = &w->copy.people[i];
        uint32_t building = p->area == SITE_NONE ? WORLD_NONE : w->copy.area_building[p->area];
        uint32_t of = building == WORLD_NONE ? WORLD_NONE : w->world->buildings[building].cell;
        struct play_answer answer;
        if (of != cell || p->settled || p->made || !p->owed || p->state == KINDS_STATE_AWAY) continue;
        play_ask(&answer, w->world, &(struct play_question){building, p->name, p->doc, p->phone, pass});
        w->out->asked++;
        ERR_TRY(worker_takes(w, cell == WORLD_NONE ? 0 : cell, building, 0, w->real));
        if (answer.reply == PLAY_NOBODY_TO_ASK) continue;
        ERR_TRY(worker_answer(w, (uint32_t)i, &answer));
        ERR_TRY(worker_noted(w));
    }
    return DW_OK;
}

static dw_err worker_unrest(struct worker *w, const struct unrest_visit *u)
{
    ERR_TRY(worker_takes(w, u->visit.cell, u->visit.building, u->kind == UNREST_SECOND ? u->beat : 0, u->visit.at));
    w->sure = u->kind == UNREST_MOVED;
    w->blind = u->kind == UNREST_SECOND;
    dw_err err = worker_visit(w, &u->visit);
    w->sure = w->blind = false;
    return err;
}

/* All visits of a pass in the order of their times. */
static dw_err worker_pass(struct worker *w, uint32_t cell, unsigned pass)
{
    uint32_t more = w->unrest.first[cell],
             last = cell + 1 < w->world->cell_count ? w->unrest.first[cell + 1] : (uint32_t)w->unrest.count;
    struct when at = w->real;
    while (more < last && w->unrest.visits[more].visit.pass < pass) more++;
    for (uint32_t i = w->play.first[cell]; i < w->play.first[cell + 1]; i++) {
        const struct play_visit *visit = &w->play.visits[i];
        if (visit->pass != pass) continue;
        for (; more < last && w->unrest.visits[more].visit.pass == pass && w->unrest.visits[more].visit.at.ms < visit->at.ms;
             more++)
            ERR_TRY(worker_unrest(w, &w->unrest.visits[more]));
        ERR_TRY(worker_takes(w, cell, visit->building, 0, visit->at));
        ERR_TRY(worker_visit(w, visit));
        if (w->book->count >= WORKER_UPLOAD) ERR_TRY(worker_upload(w));
        at = w->real;
    }
    for (; more < last && w->unrest.visits[more].visit.pass == pass; more++) ERR_TRY(worker_unrest(w, &w->unrest.visits[more]));
    if (at.ms > w->real.ms) w->real = at;
    ERR_TRY(worker_bring(w, cell));
    if (pass >= 2) ERR_TRY(worker_ask(w, cell, pass));
    ERR_TRY(worker_takes(w, cell, WORLD_NONE, 0, w->real));
    return worker_upload(w);
}

static dw_err worker_phones(struct worker *w)
{
    struct book by = {0};
    char name[64];
    dw_err err = book_open(&by, w->desk, DESK_CLI_DEVICE, w->detail);
    for (size_t i = 0; err == DW_OK && i < w->fleet->beats; i++) {
        const struct phone *p = &w->fleet->phones[i];
        phone_name(name, w->fleet, p, w->world);
        err = book_put_enrol(&by, p->book.writer.device, KINDS_DEVICE_KIND_PHONE, name, &p->book.signer, w->real);
    }
    if (err == DW_OK) err = book_commit(w->desk, &by, 1, w->real, NULL, w->detail);
    w->out->phones = (int64_t)w->fleet->beats;
    book_free(&by);
    return err;
}

static dw_err worker_all(struct worker *w, const struct clock_progress *progress)
{
    uint64_t done = 0, all = (uint64_t)PLAY_PASSES * w->world->cell_count;
    for (unsigned pass = 1; pass <= PLAY_PASSES; pass++)
        for (uint32_t cell = 0; cell < w->world->cell_count; cell++) {
            if (!clock_tick(progress, "simulate.round", done++, all)) return DW_E_CANCELLED;
            ERR_TRY(worker_pass(w, cell, pass));
        }
    ERR_TRY(worker_takes(w, 0, WORLD_NONE, 0, w->real));
    ERR_TRY(worker_ask(w, WORLD_NONE, PLAY_PASSES));
    ERR_TRY(worker_upload(w));
    for (uint32_t grid = 0; w->racks.capacity > 0 && grid < w->world->grid_count; grid++) {
        ERR_TRY(worker_takes_up(w, (uint32_t)(w->world->cell_count * w->fleet->rates->phones_a_cell) + grid, w->real));
        ERR_TRY(worker_upload(w));
    }
    return DW_OK;
}

static dw_err worker_start(struct worker *w, int64_t number)
{
    const struct site *site = desk_read(w->desk);
    uint32_t index = site_round_by_number(site, number), tubes = site_count(site, SITE_TUBE);
    size_t samplers = w->world->cell_count * w->fleet->rates->phones_a_cell, couriers = 0;
    dw_err err = DW_OK;
    if (index == SITE_NONE)
        err = err_set(w->detail, DW_E_NOT_FOUND, "round %lld", (long long)number);
    else if (site_round(site, index)->closed_seq != 0)
        err = err_set(w->detail, DW_E_STATE, "round %lld is closed", (long long)number);
    if (err == DW_OK) {
        w->fleet->site = site->id;
        w->fleet->round = site_round(site, index)->id;
        w->now = w->real = w->world->freeze;
        const struct policy_round *policy = policy_round(site_round(site, index)->kind);
        w->racks = (struct racks){.rates = w->fleet->rates, .truth = w->truth, .round = w->fleet->round};
        w->racks.capacity = policy == NULL ? 0 : policy->capacity;
        if (w->racks.capacity > 0) couriers = w->world->grid_count;
        w->courier_ms = arena_array(&w->copy.arena, w->world->grid_count + 1, sizeof *w->courier_ms);
        err =
            w->courier_ms == NULL ? DW_E_MEMORY : copy_make(&w->copy, site, w->world, site_round(site, index), when_day(w->now));
    }
    desk_read_end(w->desk);
    if (err == DW_OK) err = phone_make(w->fleet, samplers + couriers, w->seed ^ 0x70686f6e65u, w->real);
    if (err == DW_OK) err = rack_make(&w->racks, samplers, w->seed, tubes);
    return err == DW_OK ? worker_phones(w) : err;
}

static dw_err worker_run(struct worker *w, const char *dir, uint64_t seed, uint32_t people, int64_t round,
                         const struct clock_progress *progress)
{
    struct world *world = NULL;
    w->seed = seed;
    w->rng = rng_seed(seed ^ 0x726f756e64u);
    memset(w->out, 0, sizeof *w->out);
    if (!clock_tick(progress, "simulate.world", 0, 0)) return DW_E_CANCELLED;
    dw_err err = world_make(&world, seed, people, w->detail);
    w->world = world;
    if (err == DW_OK) err = play_make(&w->play, world, (unsigned)round);
    if (err == DW_OK) err = unrest_make(&w->unrest, &w->play, w->fleet->rates, seed ^ 0x756e72657374u);
    if (err == DW_OK) err = truth_open(&w->truth, dir, (unsigned)round, w->detail);
    if (err == DW_OK) err = worker_start(w, round);
    if (err == DW_OK) err = worker_all(w, progress);
    dw_err closed = truth_close(w->truth, w->detail);
    w->out->racks = w->racks.counts;
    rack_free(&w->racks);
    copy_free(&w->copy);
    unrest_free(&w->unrest);
    play_free(&w->play);
    world_free(world);
    return err == DW_OK ? closed : err;
}

dw_err worker_round(struct worker_result *out, struct desk *desk, const char *dir, const char *to, uint64_t seed, uint32_t people,
                    int64_t round, const struct clock_progress *progress, struct err_detail *detail)
{
    struct rates rates = rates_clean();
    struct phone_fleet fleet = {.rates = &rates};
    struct worker w = {.desk = desk, .fleet = &fleet, .to = to, .out = out, .detail = detail};
    dw_err err = worker_run(&w, dir, seed, people, round, progress);
    phone_free(&fleet);
    return err;
}

dw_err worker_gather(struct worker_result *out, struct phone_fleet *fleet, struct desk *desk, const char *dir, uint64_t seed,
                     uint32_t people, int64_t round, const struct clock_progress *progress, struct err_detail *detail)
{
    struct worker w = {.desk = desk, .fleet = fleet, .out = out, .detail = detail};
    ERR_TRY(worker_run(&w, dir, seed, people, round, progress));
    ERR_TRY(phone_end(fleet, w.real.ms + WORKER_EVENING));
    for (size_t i = 0; i < fleet->count; i++) out->entries += (int64_t)fleet->phones[i].book.count;
    return DW_OK;
}
