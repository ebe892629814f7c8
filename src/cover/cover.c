#include "cover/cover.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    COVER_FIRST_WORDS = 16,       /* the first room: 1,024 people */
    COVER_DOUBLE_WORDS = 1 << 14, /* up to a million people the room doubles, beyond that it grows by an eighth */
    COVER_STATES = 1 << COVER_SETS
};

struct cover {
    uint32_t areas;
    uint32_t people;
    size_t room; /* words of every set; 64 areas of people for each */
    uint32_t *parent;
    uint32_t *last;              /* the last area of the subtree: area … last is everything under area */
    struct cover_counts *counts; /* one an area, and counts[areas] of everybody */
    uint32_t *area;              /* one a person */
    uint64_t *sets[COVER_SETS];
    uint64_t *parts; /* one a word: the sixty-fourths of the areas in which its people stand or once stood */
};

/* What one person adds to the counts, from the bits of his five sets. */
static struct cover_counts cover_share(unsigned state)
{
    bool roster = state >> COVER_ROSTER & 1;
    bool found = state >> COVER_FOUND & 1;
    bool arrived = state >> COVER_ARRIVED & 1;
    bool done = state >> COVER_DONE & 1;
    bool excused = (state >> COVER_EXCUSED & 1) && !done;
    struct cover_counts share = {0};
    if (!roster && !found && !arrived) return share;
    share.roster = roster;
    share.excused = roster && excused;
    if (excused) return share;
    if (!roster) share.found = found;
    if (!roster && !found) share.arrived = arrived;
    share.owed = 1;
    share.covered = done;
    share.missing = !done;
    return share;
}

/* Shares differ by −1, 0 or 1; unsigned numbers wrap, so adding the difference is right. */
static void cover_add(struct cover_counts *to, const struct cover_counts *delta)
{
    to->roster += delta->roster;
    to->excused += delta->excused;
    to->found += delta->found;
    to->arrived += delta->arrived;
    to->owed += delta->owed;
    to->covered += delta->covered;
    to->missing += delta->missing;
}

static struct cover_counts cover_difference(const struct cover_counts *after, const struct cover_counts *before)
{
    return (struct cover_counts){.roster = after->roster - before->roster,
                                 .excused = after->excused - before->excused,
                                 .found = after->found - before->found,
                                 .arrived = after->arrived - before->arrived,
                                 .owed = after->owed - before->owed,
                                 .covered = after->covered - before->covered,
                                 .missing = after->missing - before->missing};
}

static void cover_climb(struct cover *cover, uint32_t area, const struct cover_counts *delta)
{
    for (; area != COVER_NONE; area = cover->parent[area]) cover_add(&cover->counts[area], delta);
}

static unsigned cover_state(const struct cover *cover, uint32_t person)
{
    unsigned state = 0;
    for (unsigned set = 0; set < COVER_SETS; set++) state |= (unsigned)(cover->sets[set][person / 64] >> person % 64 & 1) << set;
    return state;
}

/* In preorder the parent of an area is the area before it or one of that area's ancestors. */
static dw_err cover_check_preorder(const uint32_t *parent, uint32_t areas, struct err_detail *detail)
{
    for (uint32_t i = 0; i < areas; i++) {
        if (parent[i] == COVER_NONE) continue;
        uint32_t up = i == 0 ? COVER_NONE : i - 1;
        while (up != COVER_NONE && up > parent[i]) up = parent[up];
        if (up != parent[i])
            return err_set(detail, DW_E_INVALID, "area %u with parent %u is not in preorder", (unsigned)i, (unsigned)parent[i]);
    }
    return DW_OK;
}

dw_err cover_make(struct cover **out, const uint32_t *parent, uint32_t areas, struct err_detail *detail)
{
    *out = NULL;
    if (areas == COVER_NONE) return err_set(detail, DW_E_INVALID, "too many areas");
    ERR_TRY(cover_check_preorder(parent, areas, detail));
    struct cover *cover = calloc(1, sizeof *cover);
    if (cover == NULL) return DW_E_MEMORY;
    cover->areas = areas;
    cover->parent = calloc((size_t)areas + 1, sizeof *cover->parent);
    cover->last = calloc((size_t)areas + 1, sizeof *cover->last);
    cover->counts = calloc((size_t)areas + 1, sizeof *cover->counts);
    if (cover->parent == NULL || cover->last == NULL || cover->counts == NULL) {
        cover_free(cover);
        return DW_E_MEMORY;
    }
    if (areas > 0) memcpy(cover->parent, parent, areas * sizeof *parent);
    for (uint32_t i = 0; i < areas; i++) cover->last[i] = i;
    for (uint32_t i = areas; i-- > 0;)
        if (parent[i] != COVER_NONE && cover->last[parent[i]] < cover->last[i]) cover->last[parent[i]] = cover->last[i];
    *out = cover;
    return DW_OK;
}

void cover_free(struct cover *cover)
{
    if (cover == NULL) return;
    for (unsigned set = 0; set < COVER_SETS; set++) free(cover->sets[set]);
    free(cover->parts);
    free(cover->area);
    free(cover->counts);
    free(cover->last);
    free(cover->parent);
    free(cover);
}

/* A failure on the way leaves some arrays larger than room says, which is harmless. */
static dw_err cover_widen(struct cover *cover, size_t words)
{
    size_t room = cover->room < COVER_FIRST_WORDS    ? COVER_FIRST_WORDS
                  : cover->room < COVER_DOUBLE_WORDS ? cover->room * 2
                                                     : cover->room + cover->room / 8;
    if (room < words) room = words;
    for (unsigned i = 0; i <= COVER_SETS; i++) {
        uint64_t **words_of = i == COVER_SETS ? &cover->parts : &cover->sets[i];
        uint64_t *grown = realloc(*words_of, room * sizeof *grown);
        if (grown == NULL) return DW_E_MEMORY;
        memset(grown + cover->room, 0, (room - cover->room) * sizeof *grown);
        *words_of = grown;
    }
    uint32_t *area = realloc(cover->area, room * 64 * sizeof *area);
    if (area == NULL) return DW_E_MEMORY;
    cover->area = area;
    cover->room = room;
    return DW_OK;
}

dw_err cover_grow(struct cover *cover, uint32_t people)
{
    if (people <= cover->people) return DW_OK;
    size_t words = ((size_t)people + 63) / 64;
    if (words > cover->room) ERR_TRY(cover_widen(cover, words));
    memset(cover->area + cover->people, 0xFF, (size_t)(people - cover->people) * sizeof *cover->area); /* COVER_NONE */
    cover->people = people;
    return DW_OK;
}

uint32_t cover_people(const struct cover *cover)
{
    return cover->people;
}

uint32_t cover_areas(const struct cover *cover)
{
    return cover->areas;
}

/* The sixty-fourths of all areas that first … last lie in: lists put neighbours side by side, so most words can be passed over.
 */
static uint64_t cover_parts(const struct cover *cover, uint32_t first, uint32_t last)
{
    unsigned from = (unsigned)((uint64_t)first * 64 / cover->areas), to = (unsigned)((uint64_t)last * 64 / cover->areas);
    return ~UINT64_C(0) << from & ~UINT64_C(0) >> (63 - to);
}

static uint64_t cover_parts_under(const struct cover *cover, uint32_t area)
{
    return area == COVER_NONE ? 0 : cover_parts(cover, area, cover->last[area]);
}

void cover_place(struct cover *cover, uint32_t person, uint32_t area)
{
    assert(person < cover->people);
    assert(area == COVER_NONE || area < cover->areas);
    uint32_t before = cover->area[person];
    if (before == area) return;
    struct cover_counts none = {0};
    struct cover_counts share = cover_share(cover_state(cover, person));
    struct cover_counts taken = cover_difference(&none, &share);
    cover_climb(cover, before, &taken);
    cover_climb(cover, area, &share);
    cover->area[person] = area;
    if (area != COVER_NONE) cover->parts[person / 64] |= cover_parts(cover, area, area);
}

uint32_t cover_area(const struct cover *cover, uint32_t person)
{
    return person < cover->people ? cover->area[person] : COVER_NONE;
}

bool cover_put(struct cover *cover, enum cover_set set, uint32_t person, bool on)
{
    assert(person < cover->people && set < COVER_SETS);
    unsigned before = cover_state(cover, person);
    unsigned after = on ? before | 1U << set : before & ~(1U << set);
    if (after == before) return false;
    cover->sets[set][person / 64] ^= UINT64_C(1) << person % 64;
    struct cover_counts old = cover_share(before);
    struct cover_counts new = cover_share(after);
    struct cover_counts delta = cover_difference(&new, &old);
    cover_climb(cover, cover->area[person], &delta);
    cover_add(&cover->counts[cover->areas], &delta);
    return true;
}

bool cover_has(const struct cover *cover, enum cover_set set, uint32_t person)
{
    return person < cover->people && (cover->sets[set][person / 64] >> person % 64 & 1);
}

bool cover_is_missing(const struct cover *cover, uint32_t person)
{
    return person < cover->people && cover_share(cover_state(cover, person)).missing;
}

bool cover_is_owed(const struct cover *cover, uint32_t person)
{
    return person < cover->people && cover_share(cover_state(cover, person)).owed;
}

struct cover_counts cover_count(const struct cover *cover, uint32_t area)
{
    assert(area == COVER_NONE || area < cover->areas);
    return cover->counts[area == COVER_NONE ? cover->areas : area];
}

struct cover_counts cover_one(const struct cover *cover, uint32_t person)
{
    return person < cover->people ? cover_share(cover_state(cover, person)) : (struct cover_counts){0};
}

static bool cover_under(const struct cover *cover, uint32_t person, uint32_t area)
{
    if (area == COVER_NONE) return true;
    uint32_t own = person < cover->people ? cover->area[person] : COVER_NONE;
    return own >= area && own <= cover->last[area]; /* COVER_NONE is above every last */
}

size_t cover_missing(const struct cover *cover, uint32_t area, uint32_t *out, size_t cap, uint32_t *cursor)
{
    /* The kept count ends the scan early: behind the last missing person of the area there is nothing to look for. */
    size_t left = cover_count(cover, area).missing;
    size_t want = left < cap ? left : cap;
    size_t written = 0;
    uint32_t start = *cursor;
    size_t words = ((size_t)cover->people + 63) / 64;
    uint64_t parts = cover_parts_under(cover, area);
    for (size_t w = start / 64; w < words && written < want; w++) {
        if (area != COVER_NONE && (cover->parts[w] & parts) == 0) continue;
        uint64_t bits = (cover->sets[COVER_ROSTER][w] | cover->sets[COVER_FOUND][w] | cover->sets[COVER_ARRIVED][w]) &
                        ~cover->sets[COVER_DONE][w] & ~cover->sets[COVER_EXCUSED][w];
        if (w == start / 64) bits &= ~UINT64_C(0) << start % 64;
        for (; bits != 0 && written < want; bits &= bits - 1) {
            uint32_t person = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(bits));
            if (cover_under(cover, person, area)) out[written++] = person;
        }
    }
    if (written < cap || written == 0)
        *cursor = written == 0 && cap == 0 ? start : cover->people;
    else
        *cursor = out[written - 1] + 1;
    return written;
}

size_t cover_recovered(const struct cover *a, const struct cover *const *others, size_t count, uint32_t area, uint32_t *out,
                       size_t cap)
{
    size_t total = 0;
    size_t words = ((size_t)a->people + 63) / 64;
    uint64_t parts = cover_parts_under(a, area);
    for (size_t w = 0; w < words; w++) {
        if (area != COVER_NONE && (a->parts[w] & parts) == 0) continue;
        uint64_t bits = a->sets[COVER_DONE][w];
        for (size_t i = 0; bits != 0 && i < count; i++)
            if (w * 64 < others[i]->people) bits &= ~others[i]->sets[COVER_DONE][w];
        for (; bits != 0; bits &= bits - 1) {
            uint32_t person = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(bits));
            if (!cover_under(a, person, area)) continue;
            if (out != NULL && total < cap) out[total] = person;
            total++;
        }
    }
    return total;
}

const uint64_t *cover_words(const struct cover *cover, enum cover_set set, size_t *words)
{
    *words = ((size_t)cover->people + 63) / 64;
    return cover->sets[set];
}

static dw_err cover_check_one(const struct cover *cover, uint32_t area, const struct cover_counts *again,
                              struct err_detail *detail)
{
    const struct cover_counts *kept = &cover->counts[area];
    bool same = memcmp(kept, again, sizeof *kept) == 0;
    bool owed = kept->owed == kept->roster - kept->excused + kept->found + kept->arrived;
    bool adds_up = kept->owed == kept->covered + kept->missing && kept->excused <= kept->roster;
    if (same && owed && adds_up) return DW_OK;
    char name[32];
    if (area == cover->areas)
        snprintf(name, sizeof name, "all areas");
    else
        snprintf(name, sizeof name, "area %u", (unsigned)area);
    return err_set(detail, DW_E_IDENTITY,
                   "%s: roster %u, excused %u, found %u, arrived %u, owed %u, covered %u, missing %u; "
                   "recounted: %u, %u, %u, %u, %u, %u, %u",
                   name, kept->roster, kept->excused, kept->found, kept->arrived, kept->owed, kept->covered, kept->missing,
                   again->roster, again->excused, again->found, again->arrived, again->owed, again->covered, again->missing);
}

dw_err cover_check(const struct cover *cover, struct err_detail *detail)
{
    struct cover_counts *again = calloc((size_t)cover->areas + 1, sizeof *again);
    if (again == NULL) return DW_E_MEMORY;
    struct cover_counts shares[COVER_STATES];
    for (unsigned state = 0; state < COVER_STATES; state++) shares[state] = cover_share(state);
    for (uint32_t person = 0; person < cover->people; person++) {
        unsigned state = cover_state(cover, person);
        cover_add(&again[cover->areas], &shares[state]);
        if (cover->area[person] != COVER_NONE) cover_add(&again[cover->area[person]], &shares[state]);
    }
    for (uint32_t area = cover->areas; area-- > 0;)
        if (cover->parent[area] != COVER_NONE) cover_add(&again[cover->parent[area]], &again[area]);
    dw_err err = DW_OK;
    for (uint32_t area = 0; err == DW_OK && area <= cover->areas; area++)
        err = cover_check_one(cover, area, &again[area], detail);
    free(again);
    return err;
}

size_t cover_memory(const struct cover *cover)
{
    size_t tree = ((size_t)cover->areas + 1) * (sizeof *cover->parent + sizeof *cover->last + sizeof *cover->counts);
    size_t people = cover->room * ((COVER_SETS + 1) * sizeof(uint64_t) + 64 * sizeof *cover->area);
    return sizeof *cover + tree + people;
}
