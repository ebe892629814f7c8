/* What the keepers' phones meet in a round over a clean network: who is behind each real door and when, and what neighbours
 * say about people the lists name. Follows from the world alone; the truth files play no part. One phone a cell. */
#ifndef SIM_PLAY_H
#define SIM_PLAY_H

#include "sim/world.h"

enum { PLAY_PASSES = 3 };

enum play_outcome {
    PLAY_DONE,    /* somebody opened; see the people */
    PLAY_NOBODY,  /* nobody home */
    PLAY_REFUSED, /* somebody home who would not open */
    PLAY_EMPTY    /* nobody lives behind this door (vacant room, shop without beds, factory gate) */
};

/* Someone of the household. Those absent are told of by the others, without a document. */
struct play_person {
    const char *name, *doc, *phone; /* "" when not shown or not known */
    int32_t birth;
    char sex; /* 'M' or 'F' */
    uint8_t doc_kind, relation;
    bool present; /* sampled now */
    bool shows_doc;
    bool arrived;   /* says to have come after the freeze */
    uint32_t truth; /* for the round's truth file only; nobody in the field knows it */
};

struct play_visit {
    uint32_t cell, building, door; /* indexes of the world */
    unsigned pass;                 /* 1 to PLAY_PASSES */
    struct when at;
    enum play_outcome outcome;
    uint32_t first_person, people;
};

/* Visits of one phone stand together, in time order: first[cell] to first[cell + 1]. The first pass knocks at every real
 * door in the keeper's walking order; later passes at doors where someone is still owed and not known to be far away. */
struct play {
    const struct world *world;
    struct play_visit *visits;
    struct play_person *people;
    uint32_t *first;
    size_t visit_count, visit_cap, person_count, person_cap;
};

/* The world must outlive the play. Zero-initialise; free in every case. round changes who is in and out. O(people). */
dw_err play_make(struct play *play, const struct world *world, unsigned round);
void play_free(struct play *play);

enum play_reply {
    PLAY_LIVES_HERE, /* in this building, behind answer.door */
    PLAY_LIVES_ELSEWHERE,
    PLAY_LEFT,
    PLAY_NEVER_HEARD,
    PLAY_NOBODY_TO_ASK /* only on the first pass */
};

/* "Does … live here?" asked of neighbours and the landlord. Texts as the phone's copy of the register has them, "" unknown.
 * building WORLD_NONE asks the village office. */
struct play_question {
    uint32_t building;
    const char *name, *doc, *phone;
    unsigned pass;
};

struct play_answer {
    enum play_reply reply;
    bool away;               /* lives there, is out of the village these days */
    uint32_t building, door; /* where they live or lived; WORLD_NONE when never heard of */
    uint32_t left;           /* yyyymm for PLAY_LEFT */
};

/* From the second pass on there is always somebody who knows: a departed person asked about at the listed building is
 * PLAY_LEFT. Who is meant follows from the evidence: the document, then document or name nearly right with the phone (the
 * person's or the household's), then the name alone; of two equally likely ones it is the one who still lives there. Pure.
 * O(people of the building). */
void play_ask(struct play_answer *out, const struct world *world, const struct play_question *question);

#endif
