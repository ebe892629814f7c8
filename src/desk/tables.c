#include "desk/tables.h"

#include <stdlib.h>
#include <string.h>

#include "tables_gen.inc"

const struct tables_sql *tables_get(enum tables_name table)
{
    return &tables_sql[table];
}

void tables_stamp(uint8_t out[TABLES_STAMP], struct site_stamp stamp)
{
    uint64_t ms = (uint64_t)stamp.ms;
    for (int i = 0; i < 8; i++) out[i] = (uint8_t)(ms >> (56 - 8 * i));
    for (int i = 0; i < 4; i++) out[8 + i] = (uint8_t)(stamp.device >> (24 - 8 * i));
    for (int i = 0; i < 4; i++) out[12 + i] = (uint8_t)(stamp.n >> (24 - 8 * i));
}

/* Rows of one table on their way to the store: values point into the arena, the site, or the caller's texts. */
struct tables_rows {
    struct site *site;
    struct keyring *keys;
    struct arena arena;
    struct arena_buf pack;
    struct store_value *values;
    size_t columns, count;
    enum tables_name table;
};

static struct store_value tables_stamp_value(struct tables_rows *rows, struct site_stamp stamp)
{
    uint8_t *bytes = arena_alloc(&rows->arena, TABLES_STAMP);
    if (bytes == NULL) return store_null();
    tables_stamp(bytes, stamp);
    return store_bytes(bytes, TABLES_STAMP);
}

static struct store_value tables_ref(uint32_t index)
{
    return index == SITE_NONE ? store_null() : store_int(index);
}

static struct store_value tables_time(int64_t ms)
{
    return ms == SITE_NEVER ? store_null() : store_int(ms);
}

/* A person whose key was destroyed has no sealed part: what stands in memory is already gone. */
static dw_err tables_seal(struct tables_rows *rows, struct store_value *out, struct id who, bool forgotten,
                          const char *const *fields, const struct site_stamp *stamps, int count)
{
    const uint8_t *key;
    *out = store_null();
    if (forgotten || keyring_person(rows->keys, who, &key) == KEYRING_ERASED) return DW_OK;
    ERR_TRY(keyring_person_make(rows->keys, who, &key));
    arena_buf_clear(&rows->pack);
    if (!tables_pack(&rows->pack, fields, stamps, count)) return DW_E_MEMORY;
    uint8_t *sealed = arena_alloc(&rows->arena, rows->pack.len + KEYS_OVERHEAD);
    if (sealed == NULL) return DW_E_MEMORY;
    keys_seal(sealed, key, who.b, sizeof who.b, rows->pack.data, rows->pack.len);
    *out = store_bytes(sealed, rows->pack.len + KEYS_OVERHEAD);
    return DW_OK;
}

/* Fields that were never said are left out at the end: one that is added to person.set later changes no row. */
bool tables_pack(struct arena_buf *out, const char *const *fields, const struct site_stamp *stamps, int count)
{
    while (count > 0 && fields[count - 1] == NULL && stamps[count - 1].n == 0) count--;
    for (int i = 0; i < count; i++) {
        uint8_t head[1 + TABLES_STAMP + 4] = {0};
        size_t len = fields[i] == NULL ? 0 : strlen(fields[i]);
        head[0] = fields[i] != NULL ? 2 : stamps[i].n != 0 ? 1 : 0;
        if (head[0] == 0) {
            arena_buf_put(out, head, 1);
            continue;
        }
        tables_stamp(head + 1, stamps[i]);
        for (int k = 0; k < 4; k++) head[1 + TABLES_STAMP + k] = (uint8_t)(len >> (24 - 8 * k));
        arena_buf_put(out, head, sizeof head);
        arena_buf_put(out, fields[i], len);
    }
    return !out->failed;
}

static dw_err tables_put_device(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_device *d = site_device(rows->site, index);
    *v++ = store_id(&d->id);
    *v++ = store_int(d->kind);
    *v++ = store_text(d->name);
    *v++ = store_bytes(d->public_key, KEYS_PUBLIC);
    *v++ = store_int(d->revoked);
    *v++ = store_int(d->head_n);
    *v++ = store_bytes(d->head, HASH_SIZE);
    *v++ = store_int(d->last_ms);
    return DW_OK;
}

static dw_err tables_put_area(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_area *a = site_area(rows->site, index);
    *v++ = store_id(&a->id);
    *v++ = store_int(a->kind);
    *v++ = tables_ref(a->parent);
    *v++ = store_text(a->code);
    *v++ = store_text(a->name);
    *v++ = store_text(a->address);
    *v++ = store_text(a->use);
    *v++ = store_int(a->floors);
    *v++ = tables_time(a->from_ms);
    *v++ = tables_time(a->to_ms);
    *v++ = store_int(a->lon);
    *v++ = store_int(a->lat);
    *v++ = tables_ref(a->keeper);
    *v++ = store_text(a->geometry);
    return DW_OK;
}

static dw_err tables_put_feature(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_feature *f = site_feature(rows->site, index);
    *v++ = store_id(&f->id);
    *v++ = store_int(f->kind);
    *v++ = store_text(f->code);
    *v++ = store_text(f->name);
    *v++ = tables_time(f->from_ms);
    *v++ = tables_time(f->to_ms);
    *v++ = store_text(f->geometry);
    return DW_OK;
}

static dw_err tables_put_member(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_member *m = site_member(rows->site, index);
    const char *fields[] = {m->name, m->phone};
    static const struct site_stamp stamps[2] = {{0, 0, 1}, {0, 0, 1}};
    v[0] = store_id(&m->id);
    return tables_seal(rows, &v[1], m->id, m->forgotten, fields, stamps, 2);
}

static dw_err tables_put_door(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_door *d = site_door(rows->site, index);
    *v++ = store_id(&d->id);
    *v++ = tables_ref(d->area);
    *v++ = store_int(d->kind);
    *v++ = store_text(d->unit);
    *v++ = store_text(d->floor);
    *v++ = store_text(d->room);
    *v++ = store_text(d->name);
    *v++ = tables_stamp_value(rows, d->stamp);
    return DW_OK;
}

static dw_err tables_put_household(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_household *h = site_household(rows->site, index);
    *v++ = store_id(&h->id);
    *v++ = store_int(h->door);
    *v++ = store_int(h->kind);
    *v++ = tables_stamp_value(rows, h->stamp);
    return DW_OK;
}

static dw_err tables_put_person(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_person *p = site_person(rows->site, index);
    v[0] = store_id(&p->id);
    v[1] = tables_ref(p->merged_into);
    return tables_seal(rows, &v[2], p->id, p->forgotten, p->field, p->stamp, SITE_FIELDS);
}

static dw_err tables_put_stay(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_stay *s = site_stay(rows->site, index);
    *v++ = store_int(s->person);
    *v++ = tables_ref(s->door);
    *v++ = tables_ref(s->household);
    *v++ = store_int(s->at_ms);
    *v++ = store_int(s->why);
    *v++ = tables_stamp_value(rows, s->stamp);
    return DW_OK;
}

static dw_err tables_put_source(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_source *s = site_source(rows->site, index);
    *v++ = store_int(s->device);
    *v++ = store_int(s->row);
    *v++ = store_int(s->person);
    *v++ = store_bytes(s->seen, sizeof s->seen);
    return DW_OK;
}

static dw_err tables_put_batch(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_batch *b = site_batch(rows->site, index);
    v[-1] = store_int(b->device); /* its key is the device's number */
    *v++ = store_text(b->file);
    *v++ = store_int(b->kind);
    *v++ = store_bytes(b->content, HASH_SIZE);
    *v++ = store_int(b->rows);
    *v++ = store_int(b->fresh);
    *v++ = store_int(b->matched);
    *v++ = store_int(b->pairs);
    return DW_OK;
}

static dw_err tables_put_pair(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_pair *p = site_pair(rows->site, index);
    *v++ = store_int(p->a);
    *v++ = store_int(p->b);
    *v++ = store_text(p->why);
    *v++ = store_int(p->decision);
    return DW_OK;
}

static dw_err tables_put_held(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_held *h = site_held(rows->site, index);
    v[-1] = store_int(h->seq);
    *v++ = store_int(h->device);
    *v++ = store_int(h->n);
    *v++ = store_int(h->reason);
    *v++ = store_id(&h->needs);
    *v++ = store_int(h->state);
    return DW_OK;
}

static dw_err tables_put_round(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_round *r = site_round(rows->site, index);
    *v++ = store_id(&r->id);
    *v++ = store_int(r->number);
    *v++ = store_int(r->kind);
    *v++ = store_int(r->freeze_ms);
    *v++ = store_int(r->past);
    *v++ = store_int(r->closed_seq);
    *v++ = store_int(r->late);
    return DW_OK;
}

static dw_err tables_put_tube(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_tube *t = site_tube(rows->site, index);
    *v++ = store_id(&t->id);
    *v++ = store_int(t->round);
    *v++ = store_text(t->code);
    *v++ = store_int(t->capacity);
    *v++ = store_int(t->use);
    *v++ = tables_ref(t->box);
    *v++ = store_int(t->result);
    *v++ = t->result == 0 ? store_null() : store_int(t->result_ms);
    *v++ = store_text(t->method);
    *v++ = tables_stamp_value(rows, t->opened);
    *v++ = tables_stamp_value(rows, t->sealed);
    *v++ = tables_stamp_value(rows, t->packed);
    return DW_OK;
}

static dw_err tables_put_box(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_box *b = site_box(rows->site, index);
    *v++ = store_id(&b->id);
    *v++ = store_text(b->code);
    *v++ = tables_stamp_value(rows, b->packed);
    return DW_OK;
}

static dw_err tables_put_sample(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_sample *s = site_sample(rows->site, index);
    *v++ = store_int(s->tube);
    *v++ = store_int(s->person);
    *v++ = store_int(s->position);
    *v++ = store_int(s->decision);
    *v++ = store_int(s->state);
    *v++ = tables_stamp_value(rows, s->filled);
    *v++ = tables_stamp_value(rows, s->listed);
    return DW_OK;
}

static dw_err tables_put_hand(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_hand *h = site_hand(rows->site, index);
    *v++ = store_int(h->box);
    *v++ = store_int(h->side);
    *v++ = store_int(h->by);
    *v++ = store_int(h->other);
    *v++ = tables_stamp_value(rows, h->stamp);
    return DW_OK;
}

static dw_err tables_put_release(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_release *r = site_release(rows->site, index);
    *v++ = store_int(r->person);
    *v++ = store_int(r->how);
    *v++ = store_text(r->reason);
    *v++ = tables_stamp_value(rows, r->stamp);
    return DW_OK;
}

static dw_err tables_put_card(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_card *c = site_card(rows->site, index);
    *v++ = store_int(c->door);
    *v++ = store_int(c->version);
    *v++ = store_int(c->heads);
    *v++ = store_int(c->revoked);
    *v++ = store_text(c->reason);
    *v++ = tables_stamp_value(rows, c->stamp);
    return DW_OK;
}

static dw_err tables_put_form(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_form *f = site_form(rows->site, index);
    bool door = f->of == KINDS_FORM_OF_DOOR;
    struct id subject = door ? site_door(rows->site, f->subject)->id : site_person(rows->site, f->subject)->id;
    *v++ = store_int(f->round);
    *v++ = store_int(f->of);
    *v++ = store_int(f->subject);
    bool forgotten = !door && site_person(rows->site, f->subject)->forgotten;
    return tables_seal(rows, v, subject, forgotten, &f->answers, &f->stamp, 1);
}

/* By enum site_type: the table, and how a row is made of an item (after site_id and the item's number). */
static const struct tables_map {
    enum tables_name table;
    dw_err (*put)(struct tables_rows *rows, struct store_value *v, uint32_t index);
} tables_maps[SITE_TYPES] = {
    [SITE_DEVICE] = {TABLES_DEVICE, tables_put_device},
    [SITE_AREA] = {TABLES_AREA, tables_put_area},
    [SITE_FEATURE] = {TABLES_FEATURE, tables_put_feature},
    [SITE_MEMBER] = {TABLES_MEMBER, tables_put_member},
    [SITE_DOOR] = {TABLES_DOOR, tables_put_door},
    [SITE_HOUSEHOLD] = {TABLES_HOUSEHOLD, tables_put_household},
    [SITE_PERSON] = {TABLES_PERSON, tables_put_person},
    [SITE_ROUND] = {TABLES_ROUND, tables_put_round},
    [SITE_STAY] = {TABLES_STAY, tables_put_stay},
    [SITE_SOURCE] = {TABLES_SOURCE, tables_put_source},
    [SITE_BATCH] = {TABLES_BATCH, tables_put_batch},
    [SITE_PAIR] = {TABLES_PAIR, tables_put_pair},
    [SITE_HELD] = {TABLES_HELD, tables_put_held},
    [SITE_TUBE] = {TABLES_TUBE, tables_put_tube},
    [SITE_BOX] = {TABLES_BOX, tables_put_box},
    [SITE_SAMPLE] = {TABLES_SAMPLE, tables_put_sample},
    [SITE_HAND] = {TABLES_HAND, tables_put_hand},
    [SITE_RELEASE] = {TABLES_RELEASE, tables_put_release},
    [SITE_CARD] = {TABLES_CARD, tables_put_card},
    [SITE_FORM] = {TABLES_FORM, tables_put_form},
};

static bool tables_rows_begin(struct tables_rows *rows, enum tables_name table, size_t count)
{
    rows->table = table;
    rows->columns = (size_t)tables_sql[table].columns;
    rows->count = 0;
    arena_reset(&rows->arena);
    free(rows->values);
    rows->values = calloc(count * rows->columns + 1, sizeof *rows->values);
    return rows->values != NULL;
}

static struct store_value *tables_rows_next(struct tables_rows *rows)
{
    struct store_value *v = rows->values + rows->count++ * rows->columns;
    v[0] = store_id(&rows->site->id);
    return v + 1;
}

static dw_err tables_rows_end(struct tables_rows *rows, struct store *store, struct err_detail *detail)
{
    return store_run(store, &tables_sql[rows->table].put, rows->values, rows->columns, rows->count, detail);
}

enum { TABLES_BATCH_ROWS = 256 }; /* the values of one call stay in the processor's cache */

static dw_err tables_flush_list(struct tables_rows *rows, enum site_type type, struct store *store, struct err_detail *detail)
{
    struct site_list *list = &rows->site->lists[type];
    for (size_t from = 0; from < list->dirty_count; from += TABLES_BATCH_ROWS) {
        size_t count = list->dirty_count - from < TABLES_BATCH_ROWS ? list->dirty_count - from : TABLES_BATCH_ROWS;
        if (!tables_rows_begin(rows, tables_maps[type].table, count)) return DW_E_MEMORY;
        for (size_t i = 0; i < count; i++) {
            struct store_value *v = tables_rows_next(rows);
            v[0] = store_int(list->dirty[from + i]);
            ERR_TRY(tables_maps[type].put(rows, v + 1, list->dirty[from + i]));
        }
        ERR_TRY(tables_rows_end(rows, store, detail));
    }
    for (size_t i = 0; i < list->dirty_count; i++) {
        list->flags[list->dirty[i]] = 0;
        if (type == SITE_AREA) site_area(rows->site, list->dirty[i])->geometry = NULL;
        if (type == SITE_FEATURE) site_feature(rows->site, list->dirty[i])->geometry = NULL;
    }
    list->dirty_count = 0;
    return DW_OK;
}

static dw_err tables_seal_evidence(struct tables_rows *rows, struct store_value *out, uint32_t person,
                                   const struct site_mark *mark)
{
    const struct site_person *p = site_person(rows->site, person);
    bool none = mark->evidence == NULL || *mark->evidence == 0;
    return tables_seal(rows, out, p->id, p->forgotten || none, &mark->evidence, &mark->stamp, 1);
}

static dw_err tables_flush_marks(struct tables_rows *rows, uint32_t number, struct store *store, struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    for (size_t from = 0; from < round->dirty_mark_count; from += TABLES_BATCH_ROWS) {
        size_t left = round->dirty_mark_count - from, count = left < TABLES_BATCH_ROWS ? left : TABLES_BATCH_ROWS;
        if (!tables_rows_begin(rows, TABLES_MARK, count)) return DW_E_MEMORY;
        for (size_t i = 0; i < count; i++) {
            uint32_t person = round->dirty_marks[from + i];
            struct site_mark *m = &round->marks[person];
            struct store_value *v = tables_rows_next(rows);
            *v++ = store_int(number);
            *v++ = store_int(person);
            *v++ = store_int(m->in_roster);
            *v++ = store_int(m->how);
            *v++ = store_int(m->state);
            *v++ = store_int(m->excuse);
            *v++ = store_int(m->decision);
            *v++ = tables_ref(m->door);
            *v++ = tables_ref(m->area);
            ERR_TRY(tables_seal_evidence(rows, v++, person, m));
            *v++ = tables_stamp_value(rows, m->stamp);
            *v++ = tables_stamp_value(rows, m->how_stamp);
            m->dirty = false;
        }
        ERR_TRY(tables_rows_end(rows, store, detail));
    }
    round->dirty_mark_count = 0;
    return DW_OK;
}

static dw_err tables_flush_visits(struct tables_rows *rows, uint32_t number, struct store *store, struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    if (round->dirty_visit_count == 0) return DW_OK;
    if (!tables_rows_begin(rows, TABLES_VISIT, round->dirty_visit_count)) return DW_E_MEMORY;
    for (size_t i = 0; i < round->dirty_visit_count; i++) {
        struct site_visit *visit = &round->visits[round->dirty_visits[i]];
        struct store_value *v = tables_rows_next(rows);
        *v++ = store_int(number);
        *v++ = store_int(visit->door);
        *v++ = store_int(visit->outcome);
        *v++ = store_int(visit->heads);
        *v++ = store_int(visit->visits);
        *v++ = tables_stamp_value(rows, visit->stamp);
        visit->dirty = false;
    }
    round->dirty_visit_count = 0;
    return tables_rows_end(rows, store, detail);
}

static const struct store_sql tables_cover_drop = {
    "DELETE FROM cover WHERE site_id = $1 AND round_no = $2 AND cell_no = $3 AND kind = $4 AND chunk = $5"};
static const struct store_sql tables_cover_clear = {"DELETE FROM cover WHERE site_id = $1 AND round_no = $2"};

/* One row of bits: the people of one cell in one set, 32768 numbers a chunk, zero bytes at the end left out. */
static dw_err tables_flush_chunk(struct tables_rows *rows, uint32_t number, struct site_chunk chunk, struct store *store,
                                 struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    uint64_t here[SITE_CHUNK / 64] = {0};
    uint8_t bits[COVER_SETS][SITE_CHUNK / 8];
    size_t len[COVER_SETS] = {0};
    uint32_t first = chunk.chunk * SITE_CHUNK, people = (uint32_t)round->mark_count;
    for (uint32_t p = first; p < people && p < first + SITE_CHUNK; p++)
        here[(p - first) / 64] |= (uint64_t)(site_cell(rows->site, round->marks[p].area) == chunk.cell) << (p - first) % 64;
    for (int set = 0; set < COVER_SETS; set++) {
        size_t words;
        const uint64_t *all = cover_words(round->cover, (enum cover_set)set, &words);
        for (size_t w = 0; w < SITE_CHUNK / 64 && first / 64 + w < words; w++) {
            uint64_t both = all[first / 64 + w] & here[w];
            for (int i = 0; i < 8; i++) {
                bits[set][w * 8 + i] = (uint8_t)(both >> (8 * i));
                if (bits[set][w * 8 + i] != 0) len[set] = w * 8 + i + 1;
            }
        }
    }
    int64_t cell = chunk.cell == SITE_NONE ? -1 : (int64_t)chunk.cell;
    for (int set = 0; set < COVER_SETS; set++) {
        struct store_value v[] = {store_id(&rows->site->id), store_int(number),
                                  store_int(cell),           store_int(set),
                                  store_int(chunk.chunk),    store_bytes(bits[set], len[set])};
        if (len[set] > 0)
            ERR_TRY(store_run(store, &tables_sql[TABLES_COVER].put, v, 6, 1, detail));
        else
            ERR_TRY(store_run(store, &tables_cover_drop, v, 5, 1, detail));
    }
    return DW_OK;
}

static dw_err tables_cover_all(struct tables_rows *rows, uint32_t number, struct store *store, struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    struct site *site = rows->site;
    struct store_value v[] = {store_id(&site->id), store_int(number)};
    ERR_TRY(store_run(store, &tables_cover_clear, v, 2, 1, detail));
    uint32_t chunks = (uint32_t)((round->mark_count + SITE_CHUNK - 1) / SITE_CHUNK);
    for (uint32_t c = 0; c < chunks; c++) {
        ERR_TRY(tables_flush_chunk(rows, number, (struct site_chunk){SITE_NONE, c}, store, detail));
        for (uint32_t order = 0; order < site->area_orders; order++)
            if (site->area_cell[order] == order)
                ERR_TRY(tables_flush_chunk(rows, number, (struct site_chunk){site->area_at[order], c}, store, detail));
    }
    return DW_OK;
}

static dw_err tables_flush_round(struct tables_rows *rows, uint32_t number, bool whole, struct store *store,
                                 struct err_detail *detail)
{
    struct site_round *round = site_round(rows->site, number);
    ERR_TRY(tables_flush_marks(rows, number, store, detail));
    ERR_TRY(tables_flush_visits(rows, number, store, detail));
    if (round->rewrite || whole)
        ERR_TRY(tables_cover_all(rows, number, store, detail));
    else
        for (size_t i = 0; i < round->dirty_chunk_count; i++)
            ERR_TRY(tables_flush_chunk(rows, number, round->dirty_chunks[i], store, detail));
    round->rewrite = false;
    round->dirty_chunk_count = 0;
    map_clear(&round->dirty_cover);
    return DW_OK;
}

static dw_err tables_clear(struct site *site, struct store *store, struct err_detail *detail)
{
    struct store_value id = store_id(&site->id);
    for (int i = 0; i < SITE_TYPES; i++) ERR_TRY(store_run(store, &tables_sql[tables_maps[i].table].clear, &id, 1, 1, detail));
    static const enum tables_name rest[] = {TABLES_MARK, TABLES_VISIT, TABLES_COVER};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        ERR_TRY(store_run(store, &tables_sql[rest[i]].clear, &id, 1, 1, detail));
    return DW_OK;
}

dw_err tables_flush(struct site *site, struct store *store, struct keyring *keys, bool whole, struct err_detail *detail)
{
    struct tables_rows rows = {.site = site, .keys = keys};
    struct store_value head[] = {store_id(&site->id), store_text(site->name), store_text(site->code), store_int(site->synthetic),
                                 store_int(site->seq)};
    dw_err err = site->areas_moved ? site_order(site, detail) : DW_OK;
    if (err == DW_OK && whole) err = tables_clear(site, store, detail);
    if (err == DW_OK) err = store_run(store, &tables_sql[TABLES_SITE].put, head, 5, 1, detail);
    for (int i = 0; err == DW_OK && i < SITE_TYPES; i++) err = tables_flush_list(&rows, (enum site_type)i, store, detail);
    for (uint32_t i = 0; err == DW_OK && i < site_count(site, SITE_ROUND); i++)
        err = tables_flush_round(&rows, i, whole, store, detail);
    free(rows.values);
    arena_free(&rows.arena);
    if (rows.pack.data != NULL) keys_wipe(rows.pack.data, rows.pack.cap);
    arena_buf_free(&rows.pack);
    return err;
}

void tables_clean(struct site *site)
{
    for (int i = 0; i < SITE_TYPES; i++) {
        struct site_list *list = &site->lists[i];
        if (list->flags != NULL) memset(list->flags, 0, list->flag_cap);
        list->dirty_count = 0;
    }
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        struct site_round *round = site_round(site, i);
        for (size_t k = 0; k < round->dirty_mark_count; k++) round->marks[round->dirty_marks[k]].dirty = false;
        for (size_t k = 0; k < round->dirty_visit_count; k++) round->visits[round->dirty_visits[k]].dirty = false;
        round->dirty_mark_count = round->dirty_visit_count = round->dirty_chunk_count = 0;
        round->rewrite = false;
        map_clear(&round->dirty_cover);
    }
}
