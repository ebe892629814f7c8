/* The tubes of a round's samplers, as they fill them from door to door, and what goes wrong with them: one too many in a tube,
 * somebody on the lists of two, a number written wrong or a second time, a sample that nobody writes down, a name left out when
 * the list is written. One rack a beat; whichever phone the sampler has at hand records. */
#ifndef SIM_RACK_H
#define SIM_RACK_H

#include "desk/book.h"
#include "sim/rates.h"
#include "sim/truth.h"

enum { RACK_CODE = 16, RACK_MOST = 61, RACK_BOX = 200 };

/* Someone sampled now. */
struct rack_person {
    struct id id; /* as the register has him */
    uint32_t truth;
};

struct rack_sample {
    struct rack_person person;
    bool inside, written; /* in the tube; and told of by the sampler */
    bool filled;          /* an entry has said it */
};

struct rack {
    uint32_t building;
    bool open;
    struct id tube;
    char label[RACK_CODE], code[RACK_CODE], before[RACK_CODE]; /* what the tube bears, what was written, the code before it */
    struct rack_sample in[RACK_MOST];
    size_t count, room;
    struct rack_sample again; /* who is put on the next list too; nobody: not written */
    uint32_t next, last;      /* labels of its roll */
    struct id *sealed;        /* to be packed */
    size_t sealed_count, sealed_cap;
};

struct rack_counts {
    int64_t tubes, single, samples, boxes;
};

struct racks {
    const struct rates *rates;
    struct truth *truth;
    struct id round;
    int64_t capacity; /* of a pooled tube; 0: nothing is sampled in this round */
    struct rng rng;
    uint32_t labels; /* rolls begin behind this one */
    struct rack *racks;
    size_t count;
    struct rack_counts counts;
};

/* Fill in the first block, zero the rest; free in every case. used: how many tubes the site has. */
dw_err rack_make(struct racks *racks, size_t count, uint64_t seed, uint32_t used);
void rack_free(struct racks *racks);
/* The samples of one door, in order, into the beat's tubes: into the open one, or, when they refuse to be pooled, one each. What
 * stands open from another building is sealed first. */
dw_err rack_door(struct racks *racks, uint32_t beat, uint32_t building, struct book *book, struct when now,
                 const struct rack_person *people, size_t count);
dw_err rack_seal(struct racks *racks, uint32_t beat, struct book *book, struct when now);
/* Packs sealed tubes into a box and says that it goes to the courier; *packed false when there are none left. */
dw_err rack_pack(struct id *box, bool *packed, struct racks *racks, uint32_t beat, struct book *book, struct when now,
                 struct id courier);
/* The courier's word that he has it. */
dw_err rack_taken(struct book *courier, struct when now, struct id box, struct id giver);

#endif
