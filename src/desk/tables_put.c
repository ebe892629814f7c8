/* How a row is made of each thing of a site. */
#include "desk/tables_put.h"

#include <string.h>

void tables_stamp(uint8_t out[TABLES_STAMP], struct site_stamp stamp)
{
    uint64_t ms = (uint64_t)stamp.ms;
    for (int i = 0; i < 8; i++) out[i] = (uint8_t)(ms >> (56 - 8 * i));
    for (int i = 0; i < 4; i++) out[8 + i] = (uint8_t)(stamp.device >> (24 - 8 * i));
    for (int i = 0; i < 4; i++) out[12 + i] = (uint8_t)(stamp.n >> (24 - 8 * i));
}

struct store_value tables_put_stamp(struct tables_rows *rows, struct site_stamp stamp)
{
    uint8_t *bytes = arena_alloc(&rows->arena, TABLES_STAMP);
    if (bytes == NULL) return store_null();
    tables_stamp(bytes, stamp);
    return store_bytes(bytes, TABLES_STAMP);
}

struct store_value tables_put_ref(uint32_t index)
{
    return index == SITE_NONE ? store_null() : store_int(index);
}

static struct store_value tables_put_time(int64_t ms)
{
    return ms == SITE_NEVER ? store_null() : store_int(ms);
}

/* A person whose key was destroyed has no sealed part: what stands in memory is already gone. */
static dw_err tables_put_sealed(struct tables_rows *rows, struct store_value *out, struct id who, bool forgotten,
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
    *v++ = store_bytes(d->key.bytes, keys_public_size(&d->key));
    *v++ = store_int(d->revoked);
    *v++ = store_int(d->head_n);
    *v++ = store_bytes(d->head, HASH_SIZE);
    *v++ = store_int(d->last_ms);
    *v++ = tables_put_ref(d->member);
    *v++ = tables_put_time(d->until_ms);
    return DW_OK;
}

static dw_err tables_put_area(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_area *a = site_area(rows->site, index);
    *v++ = store_id(&a->id);
    *v++ = store_int(a->kind);
    *v++ = tables_put_ref(a->parent);
    *v++ = store_text(a->code);
    *v++ = store_text(a->name);
    *v++ = store_text(a->address);
    *v++ = store_text(a->use);
    *v++ = store_int(a->floors);
    *v++ = tables_put_time(a->from_ms);
    *v++ = tables_put_time(a->to_ms);
    *v++ = store_int(a->lon);
    *v++ = store_int(a->lat);
    *v++ = tables_put_ref(a->keeper);
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
    *v++ = tables_put_time(f->from_ms);
    *v++ = tables_put_time(f->to_ms);
    *v++ = store_text(f->geometry);
    return DW_OK;
}

static const struct site_stamp tables_put_once[2] = {{0, 0, 1}, {0, 0, 1}}; /* of texts that are said once */

static dw_err tables_put_member(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_member *m = site_member(rows->site, index);
    const char *fields[] = {m->name, m->phone};
    v[0] = store_id(&m->id);
    return tables_put_sealed(rows, &v[1], m->id, m->forgotten, fields, tables_put_once, 2);
}

static dw_err tables_put_grant(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_grant *g = site_grant(rows->site, index);
    *v++ = store_id(&g->id);
    *v++ = store_int(g->member);
    *v++ = store_int(g->role);
    *v++ = tables_put_ref(g->area);
    *v++ = tables_put_time(g->from_ms);
    *v++ = tables_put_time(g->to_ms);
    *v++ = store_int(g->ended);
    *v++ = store_int(g->emergency);
    *v++ = store_text(g->reason);
    return DW_OK;
}

static dw_err tables_put_door(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_door *d = site_door(rows->site, index);
    *v++ = store_id(&d->id);
    *v++ = tables_put_ref(d->area);
    *v++ = store_int(d->kind);
    *v++ = store_text(d->unit);
    *v++ = store_text(d->floor);
    *v++ = store_text(d->room);
    *v++ = store_text(d->name);
    *v++ = tables_put_stamp(rows, d->stamp);
    return DW_OK;
}

static dw_err tables_put_household(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_household *h = site_household(rows->site, index);
    *v++ = store_id(&h->id);
    *v++ = store_int(h->door);
    *v++ = store_int(h->kind);
    *v++ = tables_put_stamp(rows, h->stamp);
    return DW_OK;
}

static dw_err tables_put_person(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_person *p = site_person(rows->site, index);
    v[0] = store_id(&p->id);
    v[1] = tables_put_ref(p->merged_into);
    return tables_put_sealed(rows, &v[2], p->id, p->forgotten, p->field, p->stamp, SITE_FIELDS);
}

static dw_err tables_put_stay(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_stay *s = site_stay(rows->site, index);
    *v++ = store_int(s->person);
    *v++ = tables_put_ref(s->door);
    *v++ = tables_put_ref(s->household);
    *v++ = store_int(s->at_ms);
    *v++ = store_int(s->why);
    *v++ = tables_put_stamp(rows, s->stamp);
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
    *v++ = tables_put_ref(t->box);
    *v++ = store_int(t->result);
    *v++ = t->result == 0 ? store_null() : store_int(t->result_ms);
    *v++ = store_text(t->method);
    *v++ = tables_put_stamp(rows, t->opened);
    *v++ = tables_put_stamp(rows, t->sealed);
    *v++ = tables_put_stamp(rows, t->packed);
    return DW_OK;
}

static dw_err tables_put_box(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_box *b = site_box(rows->site, index);
    *v++ = store_id(&b->id);
    *v++ = store_text(b->code);
    *v++ = tables_put_stamp(rows, b->packed);
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
    *v++ = tables_put_stamp(rows, s->filled);
    *v++ = tables_put_stamp(rows, s->listed);
    return DW_OK;
}

static dw_err tables_put_hand(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_hand *h = site_hand(rows->site, index);
    *v++ = store_int(h->box);
    *v++ = store_int(h->side);
    *v++ = store_int(h->by);
    *v++ = store_int(h->other);
    *v++ = tables_put_stamp(rows, h->stamp);
    return DW_OK;
}

static dw_err tables_put_release(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_release *r = site_release(rows->site, index);
    *v++ = store_int(r->person);
    *v++ = store_int(r->how);
    *v++ = store_text(r->reason);
    *v++ = tables_put_stamp(rows, r->stamp);
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
    *v++ = tables_put_stamp(rows, c->stamp);
    return DW_OK;
}

/* A text of a door or a person, sealed by the subject's key. */
static dw_err tables_put_of(struct tables_rows *rows, struct store_value *v, enum kinds_form_of of, uint32_t subject,
                            const char *const *text, const struct site_stamp *stamp)
{
    bool door = of == KINDS_FORM_OF_DOOR, forgotten = *text == NULL || (!door && site_person(rows->site, subject)->forgotten);
    struct id id = door ? site_door(rows->site, subject)->id : site_person(rows->site, subject)->id;
    return tables_put_sealed(rows, v, id, forgotten, text, stamp, 1);
}

static dw_err tables_put_form(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_form *f = site_form(rows->site, index);
    *v++ = store_int(f->round);
    *v++ = store_int(f->of);
    *v++ = store_int(f->subject);
    return tables_put_of(rows, v, f->of, f->subject, &f->answers, &f->stamp);
}

static dw_err tables_put_meeting(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_meeting *m = site_meeting(rows->site, index);
    const struct site_person *person = site_person(rows->site, m->person);
    const char *fields[] = {m->place, m->note};
    *v++ = store_int(m->person);
    *v++ = store_int(m->outcome);
    *v++ = tables_put_ref(m->area);
    *v++ = tables_put_ref(m->door);
    *v++ = store_int(m->lon);
    *v++ = store_int(m->lat);
    *v++ = tables_put_stamp(rows, m->stamp);
    bool nothing = person->forgotten || (m->place == NULL && m->note == NULL);
    return tables_put_sealed(rows, v, person->id, nothing, fields, tables_put_once, 2);
}

static dw_err tables_put_follow(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_follow *f = site_follow(rows->site, index);
    *v++ = store_int(f->of);
    *v++ = store_int(f->subject);
    *v++ = store_int(f->step);
    *v++ = tables_put_time(f->next_ms);
    *v++ = tables_put_stamp(rows, f->stamp);
    return tables_put_of(rows, v, f->of, f->subject, &f->note, tables_put_once);
}

static dw_err tables_put_need(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_need *n = site_need(rows->site, index);
    *v++ = store_id(&n->id);
    *v++ = store_int(n->of);
    *v++ = store_int(n->subject);
    *v++ = store_int(n->what);
    *v++ = store_int(n->urgent);
    *v++ = tables_put_stamp(rows, n->stamp);
    *v++ = tables_put_stamp(rows, n->closed);
    *v++ = store_text(n->reason);
    return tables_put_of(rows, v, n->of, n->subject, &n->note, tables_put_once);
}

dw_err tables_put_evidence(struct tables_rows *rows, struct store_value *out, uint32_t person, const char *evidence,
                           struct site_stamp stamp)
{
    const struct site_person *p = site_person(rows->site, person);
    bool none = evidence == NULL || *evidence == 0;
    return tables_put_sealed(rows, out, p->id, p->forgotten || none, &evidence, &stamp, 1);
}

static dw_err tables_put_void(struct tables_rows *rows, struct store_value *v, uint32_t index)
{
    const struct site_void *said = site_void(rows->site, index);
    v[-1] = store_int(said->device);
    v[0] = store_int(said->n);
    return DW_OK;
}

/* By enum site_type: the table, and how a row is made of an item (after site_id and the item's number). */
static const struct tables_put_map {
    enum tables_name table;
    dw_err (*put)(struct tables_rows *rows, struct store_value *v, uint32_t index);
} tables_put_maps[SITE_TYPES] = {
    [SITE_DEVICE] = {TABLES_DEVICE, tables_put_device},
    [SITE_AREA] = {TABLES_AREA, tables_put_area},
    [SITE_FEATURE] = {TABLES_FEATURE, tables_put_feature},
    [SITE_MEMBER] = {TABLES_MEMBER, tables_put_member},
    [SITE_GRANT] = {TABLES_MANDATE, tables_put_grant},
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
    [SITE_MEETING] = {TABLES_MEETING, tables_put_meeting},
    [SITE_FOLLOW] = {TABLES_FOLLOW, tables_put_follow},
    [SITE_NEED] = {TABLES_NEED, tables_put_need},
    [SITE_VOID] = {TABLES_VOIDED, tables_put_void},
};

enum tables_name tables_put_table(enum site_type type)
{
    return tables_put_maps[type].table;
}

dw_err tables_put_item(struct tables_rows *rows, enum site_type type, struct store_value *v, uint32_t index)
{
    return tables_put_maps[type].put(rows, v, index);
}
