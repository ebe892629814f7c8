#include "sim/play.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "sim/names.h"

/* A person's or household's own luck, the same however often it is asked. */
static uint32_t play_luck(const struct world *world, unsigned purpose, uint64_t round, uint32_t index)
{
    uint64_t key[4] = {world->seed, purpose, round, index};
    return (uint32_t)(hash_quick(key, sizeof key) >> 20) % 10000;
}

enum { PLAY_LUCK_HOME = 11, PLAY_LUCK_REFUSE, PLAY_LUCK_WORK, PLAY_LUCK_DOC, PLAY_LUCK_AGAIN, PLAY_LUCK_ASK, PLAY_LUCK_TIME };

/* Of 10,000 households 2,200 are out in the first pass: half come back by the second, a quarter by the third. */
static bool play_out(const struct play *play, uint64_t round, uint32_t household, unsigned pass)
{
    static const uint32_t out[PLAY_PASSES] = {2200, 1100, 550};
    return play_luck(play->world, PLAY_LUCK_HOME, round, household) < out[pass - 1];
}

static bool play_refuses(const struct play *play, uint64_t round, uint32_t household, unsigned pass)
{
    static const uint32_t refused[PLAY_PASSES] = {130, 40, 20};
    return play_luck(play->world, PLAY_LUCK_REFUSE, round, household) < refused[pass - 1];
}

static bool play_working(const struct play *play, uint64_t round, uint32_t person, unsigned pass)
{
    static const uint32_t working[PLAY_PASSES] = {600, 240, 120};
    const struct world_person *p = &play->world->persons[person];
    return p->birth < WORLD_TODAY - 180000 && p->birth > WORLD_TODAY - 600000 &&
           play_luck(play->world, PLAY_LUCK_WORK, round, person) < working[pass - 1];
}

static uint32_t play_current(const struct world *w, uint32_t door)
{
    const struct world_door *d = &w->doors[door];
    for (uint32_t h = d->first_household; h < d->first_household + d->households; h++)
        if (!w->households[h].departed) return h;
    return WORLD_NONE;
}

/* Whether the person is met in this pass when the door opens. */
static bool play_met(const struct play *play, uint64_t round, uint32_t person, unsigned pass)
{
    const struct world_person *p = &play->world->persons[person];
    return p->state == WORLD_ARRIVED || (p->state == WORLD_PRESENT && !play_working(play, round, person, pass));
}

static bool play_opens(const struct play *play, uint64_t round, uint32_t household, unsigned pass)
{
    const struct world_household *h = &play->world->households[household];
    if (play_out(play, round, household, pass) || play_refuses(play, round, household, pass)) return false;
    for (uint32_t k = h->first_person; k < h->first_person + h->persons; k++)
        if (play_met(play, round, k, pass)) return true;
    return false;
}

/* Knocked again while someone may still be met: nobody home, refused, or somebody at work. The third pass reaches 70 %. */
static bool play_again(const struct play *play, uint64_t round, uint32_t household, unsigned pass)
{
    const struct world_household *h = &play->world->households[household];
    if (pass == PLAY_PASSES && play_luck(play->world, PLAY_LUCK_AGAIN, round, household) >= 7000) return false;
    bool opened = false;
    for (unsigned before = 1; before < pass; before++) opened = opened || play_opens(play, round, household, before);
    if (!opened) return true;
    for (uint32_t k = h->first_person; k < h->first_person + h->persons; k++) {
        bool met = play->world->persons[k].state != WORLD_PRESENT;
        for (unsigned before = 1; before < pass && !met; before++)
            met = play_opens(play, round, household, before) && play_met(play, round, k, before);
        if (!met) return true;
    }
    return false;
}

static bool play_tell(struct play *play, uint64_t round, uint32_t person, unsigned pass)
{
    const struct world *w = play->world;
    const struct world_person *p = &w->persons[person];
    if (p->state == WORLD_DEPARTED) return true;
    for (unsigned before = 1; before < pass; before++)
        if (play_opens(play, round, p->household, before) && (play_met(play, round, person, before) || p->state == WORLD_AWAY))
            return true;
    if (!arena_grow((void **)&play->people, &play->person_cap, play->person_count + 1, sizeof *play->people)) return false;
    bool met = play_met(play, round, person, pass);
    bool shows = met && p->doc[0] != 0 && play_luck(w, PLAY_LUCK_DOC, round, person) >= 350;
    play->people[play->person_count++] = (struct play_person){.name = p->name,
                                                              .doc = shows ? p->doc : "",
                                                              .phone = p->phone,
                                                              .birth = p->birth,
                                                              .sex = p->sex,
                                                              .doc_kind = p->doc_kind,
                                                              .relation = p->relation,
                                                              .present = met,
                                                              .shows_doc = shows,
                                                              .arrived = p->state == WORLD_ARRIVED,
                                                              .truth = person + 1};
    return true;
}

static bool play_visit(struct play *play, uint64_t round, uint32_t door, unsigned pass)
{
    const struct world *w = play->world;
    uint32_t household = play_current(w, door);
    if (pass > 1 && (household == WORLD_NONE || !play_again(play, round, household, pass))) return true;
    if (!arena_grow((void **)&play->visits, &play->visit_cap, play->visit_count + 1, sizeof *play->visits)) return false;
    struct play_visit *v = &play->visits[play->visit_count++];
    uint32_t building = w->doors[door].building;
    *v = (struct play_visit){.cell = w->buildings[building].cell,
                             .building = building,
                             .door = door,
                             .pass = pass,
                             .outcome = PLAY_EMPTY,
                             .first_person = (uint32_t)play->person_count};
    if (household == WORLD_NONE) return true;
    if (play_opens(play, round, household, pass)) {
        const struct world_household *h = &w->households[household];
        v->outcome = PLAY_DONE;
        for (uint32_t k = h->first_person; k < h->first_person + h->persons; k++)
            if (!play_tell(play, round, k, pass)) return false;
        v->people = (uint32_t)play->person_count - v->first_person;
        return true;
    }
    bool refused = play_refuses(play, round, household, pass) && !play_out(play, round, household, pass);
    v->outcome = refused ? PLAY_REFUSED : PLAY_NOBODY;
    return true;
}

/* Spreads the visits of one pass evenly over its hours: 08:00–12:00, 14:00–17:30 and 19:00–20:30 of the round's day. */
static void play_times(struct play *play, size_t first, unsigned pass, unsigned round)
{
    static const int64_t start[] = {480, 840, 1140}, length[] = {240, 210, 90};
    size_t count = play->visit_count - first;
    int64_t midnight = play->world->freeze.ms - INT64_C(5) * 3600000 + (int64_t)(round > 0 ? round - 1 : 0) * 86400000;
    for (size_t i = 0; i < count; i++) {
        int64_t span = length[pass - 1] * 60000, step = span / (int64_t)count;
        int64_t jitter =
            step > 3 ? (int64_t)play_luck(play->world, PLAY_LUCK_TIME, round, play->visits[first + i].door) % (step / 2 + 1) : 0;
        play->visits[first + i].at.ms = midnight + start[pass - 1] * 60000 + span * (int64_t)i / (int64_t)count + jitter;
        play->visits[first + i].at.offset = play->world->freeze.offset;
    }
}

dw_err play_make(struct play *play, const struct world *world, unsigned round)
{
    play->world = world;
    play->first = calloc(world->cell_count + 1, sizeof *play->first);
    if (play->first == NULL) return DW_E_MEMORY;
    for (uint32_t cell = 0; cell < world->cell_count; cell++) {
        const struct world_cell *c = &world->cells[cell];
        play->first[cell] = (uint32_t)play->visit_count;
        for (unsigned pass = 1; pass <= PLAY_PASSES; pass++) {
            size_t first = play->visit_count;
            for (uint32_t b = c->first_building; b < c->first_building + c->buildings; b++)
                for (uint32_t d = 0; d < world->buildings[b].doors; d++)
                    if (!play_visit(play, round, world->buildings[b].first_door + d, pass)) return DW_E_MEMORY;
            play_times(play, first, pass, round);
        }
    }
    play->first[world->cell_count] = (uint32_t)play->visit_count;
    return DW_OK;
}

void play_free(struct play *play)
{
    if (play == NULL) return;
    free(play->visits);
    free(play->people);
    free(play->first);
    memset(play, 0, sizeof *play);
}

enum play_likeness { PLAY_DOC_UNKNOWN, PLAY_DOC_SAME, PLAY_DOC_NEAR, PLAY_DOC_OTHER };

static enum play_likeness play_doc_like(const char *listed, const char *real)
{
    size_t n = strlen(listed), m = strlen(real), differ = 0;
    if (n == 0 || m == 0) return PLAY_DOC_UNKNOWN;
    if (strcmp(listed, real) == 0) return PLAY_DOC_SAME;
    if (n != m) return PLAY_DOC_UNKNOWN; /* spoilt beyond reading aloud */
    if (n == 18 && strncmp(listed, real, 15) == 0) return PLAY_DOC_NEAR;
    for (size_t i = 0; i < n; i++) differ += listed[i] != real[i];
    return differ <= 2 ? PLAY_DOC_NEAR : PLAY_DOC_OTHER;
}

/* How well neighbours think that the listed person fits this real one; 0: not at all. */
static int play_fit(const struct world *w, uint32_t person, const struct play_question *q)
{
    const struct world_person *p = &w->persons[person], *head = &w->persons[w->households[p->household].first_person];
    enum play_likeness doc = play_doc_like(q->doc, p->doc);
    bool phone = q->phone[0] != 0 && (strcmp(q->phone, p->phone) == 0 || strcmp(q->phone, head->phone) == 0);
    if (doc == PLAY_DOC_SAME) return 5;
    if (doc == PLAY_DOC_OTHER) return 0;
    if (doc == PLAY_DOC_NEAR) return phone || names_alike(q->name, p->name) ? 4 : 0;
    if (strcmp(q->name, p->name) == 0) return phone ? 3 : 2;
    return phone && names_alike(q->name, p->name) ? 1 : 0;
}

struct play_best {
    uint32_t person;
    int fit;
};

/* The better fit; of two alike the one who has not left. */
static void play_better(struct play_best *best, const struct world *w, uint32_t person, int fit)
{
    bool stays = fit == best->fit && best->person != WORLD_NONE && w->persons[best->person].state == WORLD_DEPARTED;
    if (fit > best->fit || stays) *best = (struct play_best){person, fit};
}

static void play_reply(struct play_answer *out, const struct world *w, uint32_t person, const struct play_question *q)
{
    const struct world_person *p = &w->persons[person];
    out->door = w->households[p->household].door;
    out->building = w->doors[out->door].building;
    out->away = p->state == WORLD_AWAY;
    out->left = p->left;
    if (p->state == WORLD_DEPARTED)
        out->reply = PLAY_LEFT;
    else
        out->reply = out->building == q->building ? PLAY_LIVES_HERE : PLAY_LIVES_ELSEWHERE;
}

/* Households of a building stand together, so its people do. */
static uint32_t play_in_building(const struct world *w, const struct play_question *q)
{
    const struct world_building *b = &w->buildings[q->building];
    struct play_best best = {WORLD_NONE, 0};
    for (uint32_t d = b->first_door; d < b->first_door + b->doors; d++) {
        const struct world_door *door = &w->doors[d];
        for (uint32_t h = door->first_household; h < door->first_household + door->households; h++) {
            const struct world_household *household = &w->households[h];
            for (uint32_t k = household->first_person; k < household->first_person + household->persons; k++)
                play_better(&best, w, k, play_fit(w, k, q));
        }
    }
    return best.person;
}

/* A name alone is not enough where nobody knows the door. */
static uint32_t play_in_village(const struct world *w, const struct play_question *q)
{
    struct play_best best = {WORLD_NONE, 2};
    size_t cursor = 0;
    uint32_t k;
    while (q->doc[0] != 0 && map_next(&w->by_doc, hash_quick(q->doc, strlen(q->doc)), &cursor, &k))
        if (strcmp(w->persons[k].doc, q->doc) == 0) return k;
    cursor = 0;
    while (map_next(&w->by_name, hash_quick(q->name, strlen(q->name)), &cursor, &k))
        if (strcmp(w->persons[k].name, q->name) == 0) play_better(&best, w, k, play_fit(w, k, q));
    return best.person;
}

void play_ask(struct play_answer *out, const struct world *world, const struct play_question *question)
{
    *out = (struct play_answer){.reply = PLAY_NEVER_HEARD, .building = WORLD_NONE, .door = WORLD_NONE};
    uint32_t luck = (uint32_t)(hash_quick(question->name, strlen(question->name)) % UINT32_MAX);
    if (question->pass < 2 && play_luck(world, PLAY_LUCK_ASK, question->building, luck) >= 6000) {
        out->reply = PLAY_NOBODY_TO_ASK;
        return;
    }
    uint32_t person = WORLD_NONE;
    if (question->building < world->building_count) person = play_in_building(world, question);
    if (person == WORLD_NONE) person = play_in_village(world, question);
    if (person != WORLD_NONE) play_reply(out, world, person, question);
}
