#include "desk/import_rows.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/addr.h"

enum { IMPORT_ROWS_VISIT = 200 }; /* people named in one visit entry */

const struct sheet_cell *import_rows_cell(const struct import_rows *r, size_t row, enum columns_field field)
{
    return columns_cell(&r->columns, r->sheet, row, field);
}

const char *import_rows_text(const struct import_rows *r, size_t row, enum columns_field field)
{
    return import_rows_cell(r, row, field)->text;
}

void import_rows_trouble(struct import_rows *r, size_t row, enum columns_field field, const char *format, ...)
{
    va_list args;
    char said[1024];
    va_start(args, format);
    vsnprintf(said, sizeof said, format, args);
    va_end(args);
    import_trouble(r->out, r->sheet->source_row[row], r->sheet->name, field < COLUMNS_COUNT ? columns_name(field) : "", said);
}

const char *import_rows_say(const struct import_rows *r, const char *zh, const char *en)
{
    return r->spec->lang == ERR_ZH ? zh : en;
}

static dw_err import_rows_known(struct import_rows *r)
{
    const struct site *site = r->site;
    uint32_t count = site_count(site, SITE_PERSON);
    struct likeness like;
    if (!arena_grow((void **)&r->people, &r->person_cap, (size_t)count + 1, sizeof *r->people)) return DW_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        const struct site_person *p = site_person(site, i);
        struct import_person *person = &r->people[i];
        bool gone;
        uint32_t place = site_place(site, i, &gone);
        *person = (struct import_person){.id = p->id, .door = SITE_NONE, .area = SITE_NONE};
        for (int f = 0; f < SITE_FIELDS; f++)
            if (p->field[f] != NULL) person->fields |= 1u << f;
        if (place != SITE_NONE && !gone && site_stay(site, place)->door != SITE_NONE) {
            person->door = site_stay(site, place)->door;
            person->door_id = site_door(site, person->door)->id;
            person->area = site_door(site, person->door)->area;
        }
        likeness_person(&like, site, i, r->today);
        person->doc_valid = like.record.doc_valid;
        if (p->merged_into == SITE_NONE) ERR_TRY(match_put(r->index, i, &like.record));
    }
    r->person_count = count;
    return DW_OK;
}

dw_err import_rows_begin(struct import_rows *r, struct err_detail *detail)
{
    (void)detail;
    r->site = desk_read(r->desk);
    r->reading = true;
    r->today = when_day(r->spec->at);
    ERR_TRY(places_make(&r->places, r->site));
    ERR_TRY(match_make(&r->index));
    return import_rows_known(r);
}

void import_rows_end(struct import_rows *r)
{
    if (r->reading) desk_read_end(r->desk);
    r->reading = false;
}

void import_rows_free(struct import_rows *r)
{
    import_rows_end(r);
    places_free(&r->places);
    match_free(r->index);
    book_free(&r->books[0]);
    book_free(&r->books[1]);
    map_free(&r->row_seen);
    free(r->row_counts);
    free(r->people);
    free(r->samples);
}

dw_err import_rows_seen(struct import_rows *r, size_t row, uint8_t seen[16])
{
    struct arena_buf said = {0};
    uint32_t at = SITE_NONE;
    uint64_t hash;
    size_t cursor = 0;
    arena_buf_put(&said, (const char[]){(char)('A' + (int)r->spec->kind)}, 1);
    for (int f = 0; f < COLUMNS_COUNT; f++) {
        const char *text = import_rows_text(r, row, (enum columns_field)f);
        if (*text == 0) continue;
        arena_buf_put(&said, (const char[]){'\x1f', (char)('A' + f)}, 2);
        arena_buf_text(&said, text);
    }
    hash_keyed(seen, keyring_blind(r->desk->keys), said.data, said.len);
    memcpy(&hash, seen, sizeof hash);
    if (!map_next(&r->row_seen, hash, &cursor, &at)) {
        at = (uint32_t)r->row_count;
        if (!arena_grow((void **)&r->row_counts, &r->row_cap, r->row_count + 1, sizeof *r->row_counts) ||
            !map_put(&r->row_seen, hash, at)) {
            arena_buf_free(&said);
            return DW_E_MEMORY;
        }
        r->row_counts[r->row_count++] = 0;
    }
    if (r->row_counts[at]++ > 0) {
        arena_buf_format(&said, "\x1d%llu", (unsigned long long)r->row_counts[at]);
        hash_keyed(seen, keyring_blind(r->desk->keys), said.data, said.len);
    }
    bool failed = said.failed;
    arena_buf_free(&said);
    return failed ? DW_E_MEMORY : DW_OK;
}

bool import_rows_is_seen(const struct import_rows *r, const uint8_t seen[16])
{
    uint64_t hash;
    size_t cursor = 0;
    uint32_t at;
    memcpy(&hash, seen, sizeof hash);
    while (map_next(&r->site->by_seen, hash, &cursor, &at))
        if (memcmp(site_source(r->site, at)->seen, seen, 16) == 0) return true;
    return false;
}

static enum kinds_door_kind import_rows_door_kind(const struct import_rows *r, const char *said, const char *room)
{
    if (strstr(said, "宿舍") != NULL || r->spec->kind == KINDS_LIST_KIND_FACTORY) return KINDS_DOOR_KIND_DORMITORY;
    if (strstr(said, "店") != NULL || strstr(room, "店") != NULL) return KINDS_DOOR_KIND_SHOP;
    if (strstr(said, "出租") != NULL || strstr(said, "租") != NULL || r->spec->kind == KINDS_LIST_KIND_LANDLORD)
        return KINDS_DOOR_KIND_ROOM;
    return KINDS_DOOR_KIND_FLAT;
}

/* The parts of the room: from columns of their own, or from the end of the address. */
static void import_rows_room(const struct import_rows *r, size_t row, const char *address, struct addr *addr, char key[ADDR_KEY])
{
    const char *room = import_rows_text(r, row, COLUMNS_ROOM), *floor = import_rows_text(r, row, COLUMNS_FLOOR);
    if (!addr_read(addr, address)) memset(addr, 0, sizeof *addr);
    if (*room != 0 || *floor != 0) {
        addr_room(key, addr->unit, floor, room);
        snprintf(addr->floor, sizeof addr->floor, "%.90s", floor);
        snprintf(addr->room, sizeof addr->room, "%.90s", room);
    } else {
        addr_room_key(key, addr);
    }
}

static dw_err import_rows_new_door(struct import_rows *r, size_t row, uint32_t door, const struct addr *addr, const char *name)
{
    struct entry_writer *w = &r->books[1].writer;
    const struct places_door *d = &r->places.doors[door];
    r->out->doors++;
    entry_begin(w, KINDS_DOOR_SET, d->id, r->spec->at, NULL);
    if (d->area != SITE_NONE) entry_put_id(w, KINDS_DOOR_SET_BUILDING, site_area(r->site, d->area)->id);
    entry_put_int(w, KINDS_DOOR_SET_KIND, import_rows_door_kind(r, import_rows_text(r, row, COLUMNS_DOOR_KIND), addr->room));
    if (strlen(addr->unit) <= 32) entry_put_text(w, KINDS_DOOR_SET_UNIT, addr->unit);
    if (strlen(addr->floor) <= 32) entry_put_text(w, KINDS_DOOR_SET_FLOOR, addr->floor);
    if (strlen(addr->room) <= 64) entry_put_text(w, KINDS_DOOR_SET_ROOM, addr->room);
    entry_put_text(w, KINDS_DOOR_SET_NAME, name);
    return book_end(&r->books[1]);
}

static dw_err import_rows_household(struct import_rows *r, size_t row, struct import_place *out)
{
    struct entry_writer *w = &r->books[1].writer;
    uint32_t household;
    bool fresh;
    bool dormitory = r->spec->kind == KINDS_LIST_KIND_FACTORY;
    ERR_TRY(places_household(&r->places, &household, &fresh, out->door, import_rows_text(r, row, COLUMNS_HEAD), r->spec->at.ms,
                             w->rng));
    out->household_id = r->places.households[household].id;
    if (!fresh) return DW_OK;
    r->out->households++;
    entry_begin(w, KINDS_HOUSEHOLD_SET, out->household_id, r->spec->at, NULL);
    entry_put_id(w, KINDS_HOUSEHOLD_SET_DOOR, out->door_id);
    entry_put_int(w, KINDS_HOUSEHOLD_SET_KIND, dormitory ? KINDS_HOUSEHOLD_KIND_DORMITORY : KINDS_HOUSEHOLD_KIND_FAMILY);
    return book_end(&r->books[1]);
}

dw_err import_rows_place(struct import_rows *r, size_t row, struct import_place *out)
{
    struct addr addr;
    char key[ADDR_KEY], name[ADDR_PART * 4] = "";
    bool fresh;
    const char *code = import_rows_text(r, row, COLUMNS_BUILDING), *address = import_rows_text(r, row, COLUMNS_ADDRESS);
    if (*address == 0) address = import_rows_text(r, row, COLUMNS_DOOR);
    memset(out, 0, sizeof *out);
    import_rows_room(r, row, address, &addr, key);
    out->area = places_building(&r->places, code, address);
    if (out->area == SITE_NONE && r->spec->building != NULL && *code == 0 && *address == 0)
        out->area = places_building(&r->places, r->spec->building, "");
    out->sure = out->area != SITE_NONE && *key != 0;
    if (out->area == SITE_NONE) {
        /* Nobody knows this building: the people stand behind a door that only the list's words name. */
        r->out->placeless++;
        import_rows_trouble(r, row, *code != 0 ? COLUMNS_BUILDING : COLUMNS_ADDRESS,
                            import_rows_say(r, "地图上没有这栋楼：%s %s", "no such building on the map: %s %s"), code, address);
        snprintf(name, sizeof name, "%.120s %.200s", code, address);
        size_t cut = strlen(key);
        snprintf(key + cut, sizeof key - cut, "|%s", name);
    }
    ERR_TRY(places_door(&r->places, &out->door, &fresh, out->area, key, r->spec->at.ms, r->books[1].writer.rng));
    out->door_id = r->places.doors[out->door].id;
    if (fresh) ERR_TRY(import_rows_new_door(r, row, out->door, &addr, name));
    return import_rows_household(r, row, out);
}

dw_err import_rows_person(struct import_rows *r, uint32_t *out)
{
    if (!arena_grow((void **)&r->people, &r->person_cap, r->person_count + 1, sizeof *r->people)) return DW_E_MEMORY;
    *out = (uint32_t)r->person_count++;
    r->people[*out] =
        (struct import_person){.id = id_make(r->spec->at.ms, r->books[1].writer.rng), .door = SITE_NONE, .area = SITE_NONE};
    return DW_OK;
}

void import_rows_said(struct import_rows *r, uint32_t person, const char *const *fields, const struct likeness *like,
                      const struct import_place *place)
{
    struct import_person *p = &r->people[person];
    for (int i = 0; i < SITE_FIELDS; i++)
        if (fields[i] != NULL) p->fields |= 1u << i;
    p->doc_valid |= like->record.doc_valid;
    if (place == NULL) return;
    p->door = place->door;
    p->door_id = place->door_id;
    p->area = place->area;
    p->mine = true;
}

dw_err import_rows_sampled(struct import_rows *r, size_t row, uint32_t person)
{
    struct when at;
    const char *text = import_rows_text(r, row, COLUMNS_SAMPLED_AT);
    if (!arena_grow((void **)&r->samples, &r->sample_cap, r->sample_count + 1, sizeof *r->samples)) return DW_E_MEMORY;
    if (!when_parse_written(&at, text, strlen(text), r->spec->at.offset)) {
        if (*text != 0)
            import_rows_trouble(r, row, COLUMNS_SAMPLED_AT, import_rows_say(r, "读不出时间：%s", "not a time: %s"), text);
        at.ms = r->spec->at.ms;
    }
    r->samples[r->sample_count++] = (struct import_sample){person, at.ms};
    return DW_OK;
}

static int import_rows_by_door(const void *left, const void *right, void *ctx)
{
    const struct import_rows *r = ctx;
    const struct import_sample *a = left, *b = right;
    uint32_t x = r->people[a->person].door, y = r->people[b->person].door;
    if (x != y) return x < y ? -1 : 1;
    return a->person < b->person ? -1 : a->person > b->person;
}

/* The past rounds are numbered 0, -1, -2, … */
static int64_t import_rows_number(const struct site *site)
{
    int64_t number = 1;
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++)
        if (site_round(site, i)->number < number) number = site_round(site, i)->number;
    return number - 1;
}

dw_err import_rows_round(struct import_rows *r)
{
    struct entry_writer *w = &r->books[1].writer;
    if (r->sample_count == 0) return DW_OK;
    struct when at = r->spec->at, freeze = at;
    struct id round = id_make(at.ms, w->rng);
    for (size_t i = 0; i < r->sample_count; i++)
        if (r->samples[i].at_ms < freeze.ms) freeze.ms = r->samples[i].at_ms;
    entry_begin(w, KINDS_ROUND_OPEN, round, at, NULL);
    entry_put_int(w, KINDS_ROUND_OPEN_NO, import_rows_number(r->site));
    entry_put_int(w, KINDS_ROUND_OPEN_KIND, KINDS_ROUND_KIND_PCR);
    entry_put_time(w, KINDS_ROUND_OPEN_FREEZE, freeze);
    entry_put_int(w, KINDS_ROUND_OPEN_PAST, 1);
    ERR_TRY(book_end(&r->books[1]));
    qsort_r(r->samples, r->sample_count, sizeof *r->samples, import_rows_by_door, r);
    for (size_t i = 0; i < r->sample_count;) {
        uint32_t door = r->people[r->samples[i].person].door;
        entry_begin(w, KINDS_VISIT, r->people[r->samples[i].person].door_id, at, NULL);
        entry_put_id(w, KINDS_VISIT_ROUND, round);
        entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
        entry_list_begin(w, KINDS_VISIT_PEOPLE);
        for (size_t n = 0; i < r->sample_count && n < IMPORT_ROWS_VISIT && r->people[r->samples[i].person].door == door;
             i++, n++) {
            entry_item_begin(w);
            entry_item_id(w, "person", r->people[r->samples[i].person].id);
            entry_item_text(w, "state", kinds_state_texts[KINDS_STATE_DONE]);
            entry_item_end(w);
        }
        entry_list_end(w);
        ERR_TRY(book_end(&r->books[1]));
    }
    entry_begin(w, KINDS_ROUND_CLOSE, round, at, NULL);
    return book_end(&r->books[1]);
}
