#include "sim/rack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RACK_ROLL = 100 /* labels */, RACK_SAY = 5 /* as many as are told at once */ };

dw_err rack_make(struct racks *racks, size_t count, uint64_t seed, uint32_t used)
{
    uint64_t key[2] = {seed, used};
    racks->rng = rng_seed(hash_quick(key, sizeof key));
    if (used > 0) racks->labels = used + (uint32_t)(RACK_ROLL * count); /* of each roll before, less than all are left */
    racks->racks = calloc(count + 1, sizeof *racks->racks);
    racks->count = count;
    return racks->racks == NULL ? DW_E_MEMORY : DW_OK;
}

void rack_free(struct racks *racks)
{
    for (size_t i = 0; racks->racks != NULL && i < racks->count; i++) free(racks->racks[i].sealed);
    free(racks->racks);
    memset(racks, 0, sizeof *racks);
}

/* The next label, and what is written of it. */
static void rack_label(struct racks *racks, struct rack *r)
{
    if (r->next == r->last) {
        r->next = racks->labels;
        r->last = racks->labels += RACK_ROLL;
    }
    snprintf(r->label, sizeof r->label, "%u", 10000000 + r->next++);
    memcpy(r->before, r->code, sizeof r->before);
    memcpy(r->code, r->label, sizeof r->code);
    if (rates_hit(&racks->rng, racks->rates->wrong_code)) {
        char *at = r->code + 4 + rng_below(&racks->rng, 3), kept = at[0];
        at[0] = at[1];
        at[1] = kept;
    }
    if (r->before[0] != 0 && rates_hit(&racks->rng, racks->rates->same_code)) memcpy(r->code, r->before, sizeof r->code);
}

static dw_err rack_open(struct racks *racks, struct rack *r, struct book *book, struct when now, int64_t capacity)
{
    struct entry_writer *w = &book->writer;
    rack_label(racks, r);
    r->open = true;
    r->tube = id_make(now.ms, &racks->rng);
    r->count = 0;
    r->room = (size_t)capacity + (capacity > 1 && rates_hit(&racks->rng, racks->rates->over));
    if (r->again.written && capacity > 1) r->in[r->count++] = r->again;
    r->again.written = false;
    racks->counts.tubes++;
    racks->counts.single += capacity == 1;
    entry_begin(w, KINDS_TUBE_OPEN, r->tube, now, NULL);
    entry_put_id(w, KINDS_TUBE_OPEN_ROUND, racks->round);
    entry_put_text(w, KINDS_TUBE_OPEN_CODE, r->code);
    entry_put_int(w, KINDS_TUBE_OPEN_CAPACITY, capacity);
    entry_put_int(w, KINDS_TUBE_OPEN_USE, KINDS_TUBE_USE_POOL);
    return book_end(book);
}

/* Those of the tube, or those that were not told yet, as a list; one of them may be left out. */
static dw_err rack_list(struct rack *r, struct book *book, struct when now, enum kinds_kind kind, size_t left_out)
{
    struct entry_writer *w = &book->writer;
    entry_begin(w, kind, r->tube, now, NULL);
    entry_list_begin(w, KINDS_TUBE_FILL_PEOPLE);
    for (size_t i = 0; i < r->count; i++) {
        struct rack_sample *s = &r->in[i];
        if (!s->written || i == left_out || (kind == KINDS_TUBE_FILL && s->filled)) continue;
        entry_item_begin(w);
        entry_item_id(w, "person", s->person.id);
        entry_item_int(w, "position", (int64_t)i + 1);
        entry_item_end(w);
        s->filled = true;
    }
    entry_list_end(w);
    return book_end(book);
}

static void rack_bring(struct racks *racks, const struct rack *r)
{
    char tube[ID_TEXT], person[ID_TEXT];
    id_text(tube, r->tube);
    for (size_t i = 0; i < r->count; i++) {
        if (!r->in[i].inside) continue;
        id_text(person, r->in[i].person.id);
        truth_tube(racks->truth, &(struct truth_sample){r->label, r->code, tube, person, r->in[i].person.truth, r->in[i].filled});
        racks->counts.samples++;
    }
}

static dw_err rack_close(struct racks *racks, struct rack *r, struct book *book, struct when now)
{
    size_t left_out = SIZE_MAX, written = 0;
    for (size_t i = 0; i < r->count; i++) written += r->in[i].written;
    if (written > 1 && rates_hit(&racks->rng, racks->rates->left_out)) {
        size_t at = rng_below(&racks->rng, r->count);
        if (r->in[at].written) left_out = at;
    }
    r->open = false;
    if (written > 0) ERR_TRY(rack_list(r, book, now, KINDS_TUBE_SEAL, left_out));
    rack_bring(racks, r);
    struct rack_sample *last = &r->in[r->count - 1];
    if (last->written && last->inside && rates_hit(&racks->rng, racks->rates->two_tubes))
        r->again = (struct rack_sample){.person = last->person, .written = true};
    if (!arena_grow((void **)&r->sealed, &r->sealed_cap, r->sealed_count + 1, sizeof *r->sealed)) return DW_E_MEMORY;
    r->sealed[r->sealed_count++] = r->tube;
    return DW_OK;
}

dw_err rack_seal(struct racks *racks, uint32_t beat, struct book *book, struct when now)
{
    struct rack *r = &racks->racks[beat];
    dw_err err = r->open ? rack_close(racks, r, book, now) : DW_OK;
    r->again.written = false;
    return err;
}

/* One after the other into the open tube; a new one when it is full. */
static dw_err rack_pool(struct racks *racks, struct rack *r, struct book *book, struct when now, const struct rack_person *people,
                        size_t count)
{
    size_t untold = 0;
    for (size_t i = 0; i < count; i++) {
        if (!r->open) ERR_TRY(rack_open(racks, r, book, now, racks->capacity));
        r->in[r->count++] = (struct rack_sample){
            .person = people[i], .inside = true, .written = !rates_hit(&racks->rng, racks->rates->unwritten)};
        if (r->count >= r->room) ERR_TRY(rack_close(racks, r, book, now));
    }
    for (size_t i = 0; r->open && i < r->count; i++) untold += r->in[i].written && !r->in[i].filled;
    return untold >= RACK_SAY ? rack_list(r, book, now, KINDS_TUBE_FILL, SIZE_MAX) : DW_OK;
}

dw_err rack_door(struct racks *racks, uint32_t beat, uint32_t building, struct book *book, struct when now,
                 const struct rack_person *people, size_t count)
{
    struct rack *r = &racks->racks[beat];
    if (r->building != building) ERR_TRY(rack_seal(racks, beat, book, now));
    r->building = building;
    if (count == 0) return DW_OK;
    if (!rates_hit(&racks->rng, racks->rates->single)) return rack_pool(racks, r, book, now, people, count);
    ERR_TRY(rack_seal(racks, beat, book, now));
    for (size_t i = 0; i < count; i++) {
        ERR_TRY(rack_open(racks, r, book, now, 1));
        r->in[r->count++] = (struct rack_sample){.person = people[i], .inside = true, .written = true};
        ERR_TRY(rack_close(racks, r, book, now));
        r->again.written = false;
    }
    return DW_OK;
}

dw_err rack_pack(struct id *box, bool *packed, struct racks *racks, uint32_t beat, struct book *book, struct when now,
                 struct id courier)
{
    struct rack *r = &racks->racks[beat];
    struct entry_writer *w = &book->writer;
    size_t count = r->sealed_count < RACK_BOX ? r->sealed_count : RACK_BOX;
    char code[32];
    *packed = count > 0;
    if (count == 0) return DW_OK;
    *box = id_make(now.ms, &racks->rng);
    snprintf(code, sizeof code, "X%05lld", (long long)++racks->counts.boxes);
    entry_begin(w, KINDS_BOX_PACK, *box, now, NULL);
    entry_put_text(w, KINDS_BOX_PACK_CODE, code);
    entry_list_begin(w, KINDS_BOX_PACK_TUBES);
    for (size_t i = r->sealed_count - count; i < r->sealed_count; i++) {
        entry_item_begin(w);
        entry_item_id(w, "tube", r->sealed[i]);
        entry_item_end(w);
    }
    entry_list_end(w);
    ERR_TRY(book_end(book));
    r->sealed_count -= count;
    entry_begin(w, KINDS_BOX_HAND, *box, now, NULL);
    entry_put_int(w, KINDS_BOX_HAND_SIDE, KINDS_BOX_SIDE_GIVE);
    entry_put_id(w, KINDS_BOX_HAND_OTHER, courier);
    return book_end(book);
}

dw_err rack_taken(struct book *courier, struct when now, struct id box, struct id giver)
{
    struct entry_writer *w = &courier->writer;
    entry_begin(w, KINDS_BOX_HAND, box, now, NULL);
    entry_put_int(w, KINDS_BOX_HAND_SIDE, KINDS_BOX_SIDE_TAKE);
    entry_put_id(w, KINDS_BOX_HAND_OTHER, giver);
    return book_end(courier);
}
