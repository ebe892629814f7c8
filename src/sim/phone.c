#include "sim/phone.h"

#include <stdlib.h>
#include <string.h>

enum { PHONE_LIVES = 4 /* at most so many phones a beat */ };

static struct phone *phone_add(struct phone_fleet *fleet, uint32_t beat, int64_t from_ms)
{
    struct phone *p = &fleet->phones[fleet->count++];
    p->beat = beat;
    p->before = PHONE_NONE;
    p->from_ms = from_ms;
    p->until_ms = p->revoked_ms = p->thief_ms = PHONE_NEVER;
    return p;
}

/* A device of its own, with a key that the site does not keep. */
static void phone_start(struct phone_fleet *fleet, struct phone *p)
{
    const struct rates *r = fleet->rates;
    struct keys_signer signer;
    uint8_t seed[KEYS_SEED];
    rng_bytes(fleet->rng, seed, sizeof seed);
    keys_signer_make(&signer, seed);
    book_start(&p->book, fleet->site, id_make(p->from_ms, fleet->rng), &signer, fleet->rng);
    keys_wipe(seed, sizeof seed);
    keys_wipe(&signer, sizeof signer);
    if (!r->bad || !rates_hit(&fleet->luck, r->clock_wrong)) return;
    p->clock_ms = rates_pick(&fleet->luck, rates_hit(&fleet->luck, r->clock_days) ? r->days : r->minutes);
    if (rates_hit(&fleet->luck, 5000)) p->clock_ms = -p->clock_ms;
}

static void phone_fates(struct phone_fleet *fleet, struct phone_fate *fate, int64_t freeze_ms)
{
    const struct rates *r = fleet->rates;
    *fate = (struct phone_fate){PHONE_NEVER, PHONE_NEVER, PHONE_NEVER};
    if (!r->bad) return;
    uint64_t luck = rng_below(&fleet->luck, 10000);
    int64_t at = freeze_ms + rates_pick(&fleet->luck, r->mishap);
    if (luck < r->stolen) fate->stolen_ms = at;
    if (luck >= r->stolen && luck < r->stolen + r->restored) {
        fate->restored_ms = at;
        fate->noticed_ms = at + rates_pick(&fleet->luck, r->noticed);
    }
}

dw_err phone_make(struct phone_fleet *fleet, size_t beats, uint64_t seed, struct when freeze)
{
    fleet->luck = rng_seed(seed);
    fleet->beats = beats;
    fleet->offset = freeze.offset;
    fleet->phones = calloc(beats * PHONE_LIVES + 1, sizeof *fleet->phones);
    fleet->at_work = calloc(beats + 1, sizeof *fleet->at_work);
    fleet->fates = calloc(beats + 1, sizeof *fleet->fates);
    if (fleet->phones == NULL || fleet->at_work == NULL || fleet->fates == NULL) return DW_E_MEMORY;
    for (uint32_t b = 0; b < beats; b++) {
        fleet->at_work[b] = b;
        phone_start(fleet, phone_add(fleet, b, freeze.ms));
        phone_fates(fleet, &fleet->fates[b], freeze.ms);
    }
    return DW_OK;
}

void phone_free(struct phone_fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++) {
        book_free(&fleet->phones[i].book);
        free(fleet->phones[i].made_ms);
    }
    free(fleet->phones);
    free(fleet->at_work);
    free(fleet->fates);
    memset(fleet, 0, sizeof *fleet);
}

dw_err phone_note(struct phone *phone, int64_t now_ms)
{
    if (phone->made > 0 && now_ms < phone->made_ms[phone->made - 1]) now_ms = phone->made_ms[phone->made - 1];
    if (now_ms < phone->from_ms) now_ms = phone->from_ms;
    if (!arena_grow((void **)&phone->made_ms, &phone->made_cap, phone->book.count + 1, sizeof *phone->made_ms))
        return DW_E_MEMORY;
    while (phone->made < phone->book.count) phone->made_ms[phone->made++] = now_ms;
    return DW_OK;
}

size_t phone_recorded(const struct phone *phone, int64_t now_ms)
{
    size_t low = 0, high = phone->made;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (phone->made_ms[middle] <= now_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct when phone_clock(const struct phone *phone, struct when now)
{
    return (struct when){now.ms + phone->clock_ms, now.offset};
}

/* The same device goes on behind an older entry. */
static struct phone *phone_branch(struct phone_fleet *fleet, struct phone *p, int64_t now_ms)
{
    struct phone *b = phone_add(fleet, p->beat, now_ms);
    size_t kept = 1 + rng_below(&fleet->luck, p->book.count - 1);
    const struct upload_entry *last = &p->book.entries[kept - 1];
    book_start(&b->book, fleet->site, p->book.writer.device, &p->book.signer, fleet->rng);
    b->book.writer.n = p->book.first + (int64_t)kept - 1;
    b->book.first = b->book.writer.n + 1;
    hash_one(b->book.writer.head, last->text, last->len);
    b->branch = true;
    b->clock_ms = p->clock_ms;
    return b;
}

/* Records one entry of another chain again: its time, subject and body word for word. */
static dw_err phone_again_entry(struct phone *p, const struct upload_entry *e, struct entry_reader *reader)
{
    static const char key[] = "\"body\":{";
    struct entry entry;
    struct entry_writer *w = &p->book.writer;
    arena_reset(&reader->arena);
    ERR_TRY(entry_open(&entry, reader, e->text, e->len, NULL, NULL));
    const char *body = memmem(e->text, e->len, key, sizeof key - 1);
    if (body == NULL) return DW_E_ENTRY;
    body += sizeof key - 1;
    entry_begin(w, entry.kind, entry.on, entry.at, NULL);
    arena_buf_put(&w->text, body, (size_t)(e->text + e->len - 2 - body));
    if (e->part_len > 0) {
        json_open(&w->part_out, '{');
        arena_buf_put(&w->part, e->part + 1, e->part_len - 2);
    }
    return book_end(&p->book);
}

static dw_err phone_again(struct phone *p, const struct phone *branch)
{
    struct entry_reader reader = {0};
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < branch->book.count; i++) err = phone_again_entry(p, &branch->book.entries[i], &reader);
    entry_reader_free(&reader);
    return err;
}

/* A thief plays with what he found: visits at doors that nobody knows. */
static dw_err phone_junk(struct phone_fleet *fleet, struct phone *p)
{
    for (uint32_t i = 0; i < fleet->rates->junk; i++) {
        int64_t at = (i < fleet->rates->junk / 2 ? p->until_ms : p->revoked_ms) + 60000 * (int64_t)(1 + i);
        struct entry_writer *w = &p->book.writer;
        struct when now = phone_clock(p, (struct when){at, fleet->offset});
        if (p->made > 0 && at < p->made_ms[p->made - 1]) continue;
        entry_begin(w, KINDS_VISIT, id_make(at, fleet->rng), now, NULL);
        entry_put_id(w, KINDS_VISIT_ROUND, fleet->round);
        entry_put_int(w, KINDS_VISIT_OUTCOME, KINDS_OUTCOME_DONE);
        ERR_TRY(book_end(&p->book));
        ERR_TRY(phone_note(p, at));
    }
    return DW_OK;
}

static dw_err phone_replace(struct phone_fleet *fleet, struct phone *old, int64_t now_ms)
{
    struct phone *p = phone_add(fleet, old->beat, now_ms);
    p->before = (uint32_t)(old - fleet->phones);
    fleet->at_work[old->beat] = (uint32_t)(p - fleet->phones);
    old->until_ms = now_ms;
    phone_start(fleet, p);
    if (!old->branch) return DW_OK;
    p->clock_ms = old->clock_ms;
    ERR_TRY(phone_again(p, old));
    p->again = p->book.count;
    return phone_note(p, now_ms);
}

static dw_err phone_steal(struct phone_fleet *fleet, struct phone *p, int64_t now_ms)
{
    p->stolen = true;
    p->revoked_ms = now_ms + rates_pick(&fleet->luck, fleet->rates->revoked);
    p->thief_ms = now_ms + rates_pick(&fleet->luck, fleet->rates->thief);
    ERR_TRY(phone_replace(fleet, p, now_ms));
    return phone_junk(fleet, p);
}

static void phone_restore(struct phone_fleet *fleet, struct phone *p, int64_t now_ms)
{
    p->restored = true;
    p->until_ms = now_ms;
    struct phone *b = phone_branch(fleet, p, now_ms);
    b->before = (uint32_t)(p - fleet->phones);
    fleet->at_work[p->beat] = (uint32_t)(b - fleet->phones);
}

dw_err phone_at(struct phone **out, struct phone_fleet *fleet, uint32_t beat, int64_t now_ms)
{
    struct phone_fate *fate = &fleet->fates[beat];
    struct phone *p = &fleet->phones[fleet->at_work[beat]];
    if (now_ms >= fate->stolen_ms) {
        ERR_TRY(phone_steal(fleet, p, fate->stolen_ms));
        fate->stolen_ms = PHONE_NEVER;
    }
    if (now_ms >= fate->restored_ms) {
        /* Without anything to go back behind, nothing is lost by it. */
        if (p->book.count > 1)
            phone_restore(fleet, p, fate->restored_ms);
        else
            fate->noticed_ms = PHONE_NEVER;
        fate->restored_ms = PHONE_NEVER;
    }
    p = &fleet->phones[fleet->at_work[beat]];
    if (fate->restored_ms == PHONE_NEVER && now_ms >= fate->noticed_ms) {
        ERR_TRY(phone_replace(fleet, p, fate->noticed_ms));
        fate->noticed_ms = PHONE_NEVER;
    }
    *out = &fleet->phones[fleet->at_work[beat]];
    return DW_OK;
}

dw_err phone_end(struct phone_fleet *fleet, int64_t now_ms)
{
    for (uint32_t b = 0; b < fleet->beats; b++) {
        struct phone *p;
        ERR_TRY(phone_at(&p, fleet, b, now_ms));
    }
    return DW_OK;
}

uint32_t phone_courier(const struct phone_fleet *fleet, const struct world *world, uint32_t cell)
{
    return (uint32_t)world->cell_count * fleet->rates->phones_a_cell + world->cells[cell].grid;
}

const char *phone_name(char out[64], const struct phone_fleet *fleet, const struct phone *phone, const struct world *world)
{
    size_t number = (size_t)(phone - fleet->phones), cell = phone->beat / fleet->rates->phones_a_cell,
           samplers = world->cell_count * fleet->rates->phones_a_cell;
    bool courier = phone->beat >= samplers;
    const char *what = courier ? "转运" : "手机",
               *where = courier ? world->grids[phone->beat - samplers].code : world->cells[cell].code;
    if (number < fleet->beats && (courier || fleet->rates->phones_a_cell == 1))
        snprintf(out, 64, "%s %.40s", what, where);
    else
        snprintf(out, 64, "%s %.40s %zu", what, where, number + 1);
    return out;
}
