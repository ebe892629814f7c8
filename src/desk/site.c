#include "desk/site.h"

#include <stdlib.h>
#include <string.h>

static const size_t site_sizes[SITE_TYPES] = {
    [SITE_DEVICE] = sizeof(struct site_device),   [SITE_AREA] = sizeof(struct site_area),
    [SITE_FEATURE] = sizeof(struct site_feature), [SITE_MEMBER] = sizeof(struct site_member),
    [SITE_DOOR] = sizeof(struct site_door),       [SITE_HOUSEHOLD] = sizeof(struct site_household),
    [SITE_PERSON] = sizeof(struct site_person),   [SITE_ROUND] = sizeof(struct site_round),
    [SITE_STAY] = sizeof(struct site_stay),       [SITE_SOURCE] = sizeof(struct site_source),
    [SITE_BATCH] = sizeof(struct site_batch),     [SITE_PAIR] = sizeof(struct site_pair),
    [SITE_HELD] = sizeof(struct site_held),       [SITE_TUBE] = sizeof(struct site_tube),
    [SITE_BOX] = sizeof(struct site_box),         [SITE_SAMPLE] = sizeof(struct site_sample),
    [SITE_HAND] = sizeof(struct site_hand),       [SITE_RELEASE] = sizeof(struct site_release),
    [SITE_CARD] = sizeof(struct site_card),       [SITE_FORM] = sizeof(struct site_form),
    [SITE_GRANT] = sizeof(struct site_grant),     [SITE_MEETING] = sizeof(struct site_meeting),
    [SITE_FOLLOW] = sizeof(struct site_follow),   [SITE_NEED] = sizeof(struct site_need),
    [SITE_VOID] = sizeof(struct site_void),
};

dw_err site_make(struct site **out)
{
    struct site *site = calloc(1, sizeof *site);
    *out = site;
    if (site == NULL) return DW_E_MEMORY;
    for (int i = 0; i < SITE_TYPES; i++) site->lists[i].size = site_sizes[i];
    site->name = site->code = "";
    return DW_OK;
}

static void site_round_free(struct site_round *round)
{
    cover_free(round->cover);
    free(round->marks);
    free(round->dirty_marks);
    free(round->visits);
    free(round->dirty_chunks);
    free(round->dirty_visits);
    map_free(&round->by_door);
    map_free(&round->dirty_cover);
}

void site_free(struct site *site)
{
    if (site == NULL) return;
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) site_round_free(site_round(site, i));
    for (int i = 0; i < SITE_TYPES; i++) {
        free(site->lists[i].items);
        free(site->lists[i].dirty);
        free(site->lists[i].flags);
    }
    struct map *maps[] = {&site->ids,     &site->by_seen,   &site->by_pair, &site->waiting, &site->by_code,
                          &site->by_void, &site->by_sample, &site->sampled, &site->by_tube, &site->by_form};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) map_free(maps[i]);
    free(site->refs);
    free(site->released);
    free(site->area_parent);
    free(site->area_at);
    free(site->area_cell);
    arena_free(&site->arena);
    free(site);
}

static void *site_item(const struct site *site, enum site_type type, uint32_t index)
{
    const struct site_list *list = &site->lists[type];
    return (char *)list->items + (size_t)index * list->size;
}

struct site_device *site_device(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_DEVICE, index);
}

struct site_area *site_area(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_AREA, index);
}

struct site_feature *site_feature(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_FEATURE, index);
}

struct site_member *site_member(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_MEMBER, index);
}

struct site_door *site_door(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_DOOR, index);
}

struct site_household *site_household(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_HOUSEHOLD, index);
}

struct site_person *site_person(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_PERSON, index);
}

struct site_round *site_round(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_ROUND, index);
}

struct site_stay *site_stay(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_STAY, index);
}

struct site_source *site_source(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_SOURCE, index);
}

struct site_batch *site_batch(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_BATCH, index);
}

struct site_pair *site_pair(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_PAIR, index);
}

struct site_held *site_held(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_HELD, index);
}

struct site_tube *site_tube(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_TUBE, index);
}

struct site_box *site_box(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_BOX, index);
}

struct site_sample *site_sample(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_SAMPLE, index);
}

struct site_hand *site_hand(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_HAND, index);
}

struct site_release *site_release(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_RELEASE, index);
}

struct site_card *site_card(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_CARD, index);
}

struct site_form *site_form(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_FORM, index);
}

struct site_grant *site_grant(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_GRANT, index);
}

struct site_meeting *site_meeting(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_MEETING, index);
}

struct site_need *site_need(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_NEED, index);
}

struct site_follow *site_follow(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_FOLLOW, index);
}

struct site_void *site_void(const struct site *site, uint32_t index)
{
    return site_item(site, SITE_VOID, index);
}

uint32_t site_count(const struct site *site, enum site_type type)
{
    return (uint32_t)site->lists[type].count;
}

bool site_touch(struct site *site, enum site_type type, uint32_t index)
{
    struct site_list *list = &site->lists[type];
    size_t cap = list->flag_cap;
    if (!arena_grow((void **)&list->flags, &list->flag_cap, list->count, 1)) return false;
    memset(list->flags + cap, 0, list->flag_cap - cap);
    if (list->flags[index]) return true;
    if (!arena_grow((void **)&list->dirty, &list->dirty_cap, list->dirty_count + 1, sizeof *list->dirty)) return false;
    list->flags[index] = 1;
    list->dirty[list->dirty_count++] = index;
    return true;
}

uint32_t site_add(struct site *site, enum site_type type)
{
    struct site_list *list = &site->lists[type];
    if (list->count >= SITE_NONE - 1 || !arena_grow(&list->items, &list->cap, list->count + 1, list->size)) return SITE_NONE;
    uint32_t index = (uint32_t)list->count++;
    memset(site_item(site, type, index), 0, list->size);
    if (site_touch(site, type, index)) return index;
    list->count--;
    return SITE_NONE;
}

uint32_t site_add_subject(struct site *site, enum site_type type, struct id id)
{
    uint32_t index = site_add(site, type);
    if (index == SITE_NONE || !site_know(site, type, index, id)) return SITE_NONE;
    memcpy(site_item(site, type, index), &id, sizeof id); /* every subject begins with its id */
    return index;
}

uint32_t site_find(const struct site *site, enum site_type type, struct id id)
{
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&site->ids, id_hash(id), &cursor, &at))
        if (site->refs[at].type == type && id_equal(site->refs[at].id, id)) return site->refs[at].index;
    return SITE_NONE;
}

const char *site_text(struct site *site, const char *text)
{
    if (text == NULL || *text == 0) return "";
    return arena_text(&site->arena, text, strlen(text));
}

int site_stamp_compare(struct site_stamp a, struct site_stamp b)
{
    if (a.ms != b.ms) return a.ms < b.ms ? -1 : 1;
    if (a.device != b.device) return a.device < b.device ? -1 : 1;
    return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

uint64_t site_key(uint64_t a, uint64_t b)
{
    uint64_t h = a * UINT64_C(0x9E3779B97F4A7C15); /* asked some ten times an entry: two rounds of a multiplying mix */
    h = (h ^ h >> 32 ^ b) * UINT64_C(0xD6E8FEB86659FD93);
    h = (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

/* The text lies in the site's arena and belongs to this field alone. */
static void site_wipe(const char **field)
{
    if (*field != NULL && **field != 0) keys_wipe((char *)(uintptr_t)*field, strlen(*field));
    *field = NULL;
}

/* What was noted where he was met, when a refusal of his was followed up, and of what he needs. */
static bool site_forget_streets(struct site *site, uint32_t person)
{
    for (uint32_t i = 0; i < site_count(site, SITE_MEETING); i++) {
        struct site_meeting *meeting = site_meeting(site, i);
        if (meeting->person != person) continue;
        site_wipe(&meeting->place);
        site_wipe(&meeting->note);
        if (!site_touch(site, SITE_MEETING, i)) return false;
    }
    for (uint32_t i = 0; i < site_count(site, SITE_FOLLOW); i++) {
        struct site_follow *follow = site_follow(site, i);
        if (follow->of != KINDS_FORM_OF_PERSON || follow->subject != person) continue;
        site_wipe(&follow->note);
        if (!site_touch(site, SITE_FOLLOW, i)) return false;
    }
    for (uint32_t i = 0; i < site_count(site, SITE_NEED); i++) {
        struct site_need *need = site_need(site, i);
        if (need->of != KINDS_FORM_OF_PERSON || need->subject != person) continue;
        site_wipe(&need->note);
        if (!site_touch(site, SITE_NEED, i)) return false;
    }
    return true;
}

bool site_forget_person(struct site *site, uint32_t person)
{
    struct site_person *p = site_person(site, person);
    for (int i = 0; i < SITE_FIELDS; i++) {
        site_wipe(&p->field[i]);
        p->stamp[i] = (struct site_stamp){0};
    }
    p->forgotten = true;
    for (uint32_t i = 0; i < site_count(site, SITE_FORM); i++) {
        struct site_form *form = site_form(site, i);
        if (form->of != KINDS_FORM_OF_PERSON || form->subject != person) continue;
        site_wipe(&form->answers);
        form->stamp = (struct site_stamp){0};
        if (!site_touch(site, SITE_FORM, i)) return false;
    }
    return site_forget_streets(site, person) && site_touch(site, SITE_PERSON, person);
}

bool site_forget_member(struct site *site, uint32_t member)
{
    struct site_member *m = site_member(site, member);
    site_wipe(&m->name);
    site_wipe(&m->phone);
    m->forgotten = true;
    return site_touch(site, SITE_MEMBER, member);
}

uint32_t site_root(const struct site *site, uint32_t person)
{
    while (site_person(site, person)->merged_into != SITE_NONE) person = site_person(site, person)->merged_into;
    return person;
}

uint32_t site_next_merged(const struct site *site, uint32_t root, uint32_t at)
{
    if (site_person(site, at)->merged != SITE_NONE) return site_person(site, at)->merged;
    while (at != root && site_person(site, at)->next_merged == SITE_NONE) at = site_person(site, at)->merged_into;
    return at == root ? SITE_NONE : site_person(site, at)->next_merged;
}

/* What is said of later than ms is passed over: all of it, or only what was announced, which is to say before it came about. */
static uint32_t site_place_by(const struct site *site, uint32_t person, int64_t ms, bool announced, bool *gone)
{
    uint32_t place = SITE_NONE;
    *gone = false;
    for (uint32_t i = site_person(site, person)->first_stay; i != SITE_NONE; i = site_stay(site, i)->next) {
        const struct site_stay *stay = site_stay(site, i);
        if (stay->at_ms > ms && (!announced || stay->at_ms > stay->stamp.ms)) continue;
        if (stay->why == 0) {
            place = i;
            *gone = false;
        } else if (place == SITE_NONE || stay->door == SITE_NONE || site_stay(site, place)->door == stay->door) {
            *gone = true;
        }
    }
    return place;
}

uint32_t site_place(const struct site *site, uint32_t person, bool *gone)
{
    return site_place_by(site, person, INT64_MAX, false, gone);
}

uint32_t site_place_at(const struct site *site, uint32_t person, int64_t ms, bool *gone)
{
    return site_place_by(site, person, ms, false, gone);
}

uint32_t site_place_in(const struct site *site, const struct site_round *round, uint32_t person, bool *gone)
{
    return round == NULL ? site_place(site, person, gone) : site_place_by(site, person, round->freeze_ms, true, gone);
}

uint32_t site_person_area(const struct site *site, const struct site_round *round, uint32_t person)
{
    bool gone;
    uint32_t place = site_place_in(site, round, person, &gone);
    if (place == SITE_NONE || site_stay(site, place)->door == SITE_NONE) return SITE_NONE;
    return site_door(site, site_stay(site, place)->door)->area;
}

uint32_t site_round_by_number(const struct site *site, int64_t number)
{
    uint32_t found = SITE_NONE;
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        const struct site_round *round = site_round(site, i);
        if (number == 0 ? !round->past : round->number == number) found = i;
    }
    return found;
}

uint32_t site_area_by_code(const struct site *site, const char *code)
{
    size_t cursor = 0;
    uint32_t area;
    while (map_next(&site->by_code, hash_quick(code, strlen(code)), &cursor, &area))
        if (strcmp(site_area(site, area)->code, code) == 0) return area;
    return SITE_NONE;
}

struct site_mark *site_mark(const struct site_round *round, uint32_t person)
{
    if (person >= round->mark_count) return NULL;
    struct site_mark *mark = &round->marks[person];
    return mark->in_roster || mark->state != 0 || mark->how != 0 || mark->decision != 0 ? mark : NULL;
}

uint32_t site_cell(const struct site *site, uint32_t area)
{
    return area == SITE_NONE ? SITE_NONE : site->area_at[site->area_cell[site_area(site, area)->order]];
}

void site_link_stay(struct site *site, uint32_t index)
{
    struct site_stay *stay = site_stay(site, index);
    uint32_t *link = &site_person(site, stay->person)->first_stay;
    while (*link != SITE_NONE && site_stamp_compare(site_stay(site, *link)->stamp, stay->stamp) < 0)
        link = &site_stay(site, *link)->next;
    stay->next = *link;
    *link = index;
}

bool site_know(struct site *site, enum site_type type, uint32_t index, struct id id)
{
    if (!arena_grow((void **)&site->refs, &site->ref_cap, site->ref_count + 1, sizeof *site->refs)) return false;
    if (!map_put(&site->ids, id_hash(id), (uint32_t)site->ref_count)) return false;
    site->refs[site->ref_count++] = (struct site_ref){id, type, index};
    return true;
}

static bool site_says_void(const struct site *site, uint32_t device, int64_t n)
{
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&site->by_void, site_key(device, (uint64_t)n), &cursor, &at))
        if (site_void(site, at)->device == device && site_void(site, at)->n == n) return true;
    return false;
}

bool site_is_void(const struct site *site, uint32_t device, int64_t n)
{
    return site_says_void(site, device, 0) || site_says_void(site, device, n);
}

bool site_link_void(struct site *site, uint32_t index)
{
    const struct site_void *said = site_void(site, index);
    return map_put(&site->by_void, site_key(said->device, (uint64_t)said->n), index);
}

bool site_put_void(struct site *site, struct site_void said, bool *fresh)
{
    *fresh = !site_says_void(site, said.device, said.n);
    if (!*fresh) return true;
    uint32_t at = site_add(site, SITE_VOID);
    if (at == SITE_NONE) return false;
    *site_void(site, at) = said;
    return site_link_void(site, at);
}

bool site_link_sample(struct site *site, uint32_t index)
{
    struct site_sample *sample = site_sample(site, index);
    struct site_tube *tube = site_tube(site, sample->tube);
    sample->next_in_tube = tube->first_sample;
    tube->first_sample = index;
    return map_put(&site->by_sample, site_key(sample->tube, sample->person), index) &&
           map_put(&site->sampled, site_key(sample->person, 0), index);
}

uint32_t site_find_sample(const struct site *site, uint32_t tube, uint32_t person)
{
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&site->by_sample, site_key(tube, person), &cursor, &at))
        if (site_sample(site, at)->tube == tube && site_sample(site, at)->person == person) return at;
    return SITE_NONE;
}

uint32_t site_sample_of(const struct site *site, uint32_t person, size_t *cursor)
{
    uint32_t at;
    while (map_next(&site->sampled, site_key(person, 0), cursor, &at))
        if (site_sample(site, at)->person == person) return at;
    return SITE_NONE;
}

static uint64_t site_tube_hash(uint32_t round, const char *code)
{
    return site_key(round, hash_quick(code, strlen(code)));
}

bool site_link_tube(struct site *site, uint32_t index)
{
    const struct site_tube *tube = site_tube(site, index);
    return map_put(&site->by_tube, site_tube_hash(tube->round, tube->code), index);
}

uint32_t site_tube_coded(const struct site *site, uint32_t round, const char *code, size_t *cursor)
{
    uint32_t at;
    while (map_next(&site->by_tube, site_tube_hash(round, code), cursor, &at))
        if (site_tube(site, at)->round == round && strcmp(site_tube(site, at)->code, code) == 0) return at;
    return SITE_NONE;
}

static uint64_t site_form_hash(uint32_t round, enum kinds_form_of of, uint32_t subject)
{
    return site_key((uint64_t)round << 1 | of, subject);
}

bool site_link_form(struct site *site, uint32_t index)
{
    const struct site_form *form = site_form(site, index);
    return map_put(&site->by_form, site_form_hash(form->round, form->of, form->subject), index);
}

uint32_t site_find_form(const struct site *site, uint32_t round, enum kinds_form_of of, uint32_t subject)
{
    size_t cursor = 0;
    uint32_t at;
    while (map_next(&site->by_form, site_form_hash(round, of, subject), &cursor, &at)) {
        const struct site_form *form = site_form(site, at);
        if (form->round == round && form->of == of && form->subject == subject) return at;
    }
    return SITE_NONE;
}
