/* How each thing of a site is made of its row. */
#include "desk/tables_get.h"

#include <string.h>

struct site_stamp tables_stamp_read(const struct store_value *value)
{
    const uint8_t *b = value->data;
    uint64_t ms = 0;
    struct site_stamp stamp = {0};
    if (value->type != STORE_BYTES || value->len != TABLES_STAMP) return stamp;
    for (int i = 0; i < 8; i++) ms = ms << 8 | b[i];
    for (int i = 0; i < 4; i++) stamp.device = stamp.device << 8 | b[8 + i];
    for (int i = 0; i < 4; i++) stamp.n = stamp.n << 8 | b[12 + i];
    stamp.ms = (int64_t)ms;
    return stamp;
}

bool tables_unpack(struct site *site, const char **fields, struct site_stamp *stamps, int count, const uint8_t *data, size_t len)
{
    size_t at = 0;
    for (int i = 0; i < count; i++) {
        fields[i] = NULL;
        if (at == len) continue;
        uint8_t state = data[at++];
        if (state == 0) continue;
        if (len - at < TABLES_STAMP + 4) return false;
        struct store_value stamp = store_bytes(data + at, TABLES_STAMP);
        stamps[i] = tables_stamp_read(&stamp);
        at += TABLES_STAMP;
        size_t size = 0;
        for (int k = 0; k < 4; k++) size = size << 8 | data[at++];
        if (size > len - at) return false;
        if (state == 2) {
            fields[i] = arena_text(&site->arena, (const char *)data + at, size);
            if (fields[i] == NULL) return false;
        }
        at += size;
    }
    return at == len;
}

const char *tables_get_text(struct tables_reader *r, const struct store_value *value)
{
    if (value->type != STORE_TEXT || value->len == 0) return "";
    const char *text = arena_text(&r->site->arena, value->data, value->len);
    return text == NULL ? "" : text;
}

uint32_t tables_get_index(const struct store_value *value)
{
    return value->type == STORE_INT && value->n >= 0 && value->n < SITE_NONE ? (uint32_t)value->n : SITE_NONE;
}

static int64_t tables_get_ms(const struct store_value *value)
{
    return value->type == STORE_NULL ? SITE_NEVER : store_get_int(value);
}

static bool tables_get_bytes(void *out, size_t len, const struct store_value *value)
{
    if (value->type != STORE_BYTES || value->len != len) return false;
    memcpy(out, value->data, len);
    return true;
}

/* Opens sealed fields; a forgotten person's stay NULL. False when the bytes cannot be theirs. */
bool tables_get_open(struct tables_reader *r, struct id who, const struct store_value *sealed, bool *forgotten,
                     const char **fields, struct site_stamp *stamps, int count)
{
    const uint8_t *key;
    enum keyring_state state = keyring_person(r->keys, who, &key);
    *forgotten = sealed->type == STORE_NULL || state == KEYRING_ERASED;
    if (*forgotten) return true;
    r->keyless = state == KEYRING_ABSENT; /* to go on would seal him anew under another key, without what is under this one */
    if (r->keyless || sealed->type != STORE_BYTES || sealed->len < KEYS_OVERHEAD) return false;
    size_t len = sealed->len - KEYS_OVERHEAD;
    arena_buf_clear(&r->pack);
    arena_buf_put(&r->pack, sealed->data, len); /* room for the clear text */
    if (r->pack.failed || !keys_open(r->pack.data, key, sealed->data, sealed->len)) return false;
    return tables_unpack(r->site, fields, stamps, count, (const uint8_t *)r->pack.data, len);
}

static bool tables_get_device(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_device *d = site_device(r->site, index);
    d->kind = (enum kinds_device_kind)store_get_int(&v[2]);
    d->name = tables_get_text(r, &v[3]);
    d->revoked = store_get_int(&v[5]) != 0;
    d->head_n = store_get_int(&v[6]);
    d->last_ms = store_get_int(&v[8]);
    d->member = tables_get_index(&v[9]);
    d->until_ms = tables_get_ms(&v[10]);
    return v[4].type == STORE_BYTES && keys_public_from(&d->key, v[4].data, v[4].len) &&
           tables_get_bytes(d->head, HASH_SIZE, &v[7]);
}

static bool tables_get_area(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_area *a = site_area(r->site, index);
    a->kind = (enum kinds_area_kind)store_get_int(&v[2]);
    a->parent = tables_get_index(&v[3]);
    a->code = tables_get_text(r, &v[4]);
    a->name = tables_get_text(r, &v[5]);
    a->address = tables_get_text(r, &v[6]);
    a->use = tables_get_text(r, &v[7]);
    a->floors = store_get_int(&v[8]);
    a->from_ms = tables_get_ms(&v[9]);
    a->to_ms = tables_get_ms(&v[10]);
    a->lon = store_get_int(&v[11]);
    a->lat = store_get_int(&v[12]);
    a->keeper = tables_get_index(&v[13]);
    a->outline = hash_quick(v[14].type == STORE_TEXT ? v[14].data : "", v[14].type == STORE_TEXT ? v[14].len : 0);
    r->site->areas_moved = true;
    return map_put(&r->site->by_code, hash_quick(a->code, strlen(a->code)), index);
}

static bool tables_get_feature(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_feature *f = site_feature(r->site, index);
    f->kind = (enum kinds_feature_kind)store_get_int(&v[2]);
    f->code = tables_get_text(r, &v[3]);
    f->name = tables_get_text(r, &v[4]);
    f->from_ms = tables_get_ms(&v[5]);
    f->to_ms = tables_get_ms(&v[6]);
    f->outline = hash_quick(v[7].type == STORE_TEXT ? v[7].data : "", v[7].type == STORE_TEXT ? v[7].len : 0);
    return true;
}

static bool tables_get_member(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_member *m = site_member(r->site, index);
    const char *fields[2] = {NULL, NULL};
    struct site_stamp stamps[2];
    bool good = tables_get_open(r, m->id, &v[2], &m->forgotten, fields, stamps, 2);
    m->name = fields[0];
    m->phone = fields[1];
    return good;
}

static bool tables_get_grant(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_grant *g = site_grant(r->site, index);
    g->member = tables_get_index(&v[2]);
    g->role = (enum kinds_role)store_get_int(&v[3]);
    g->area = tables_get_index(&v[4]);
    g->from_ms = tables_get_ms(&v[5]);
    g->to_ms = tables_get_ms(&v[6]);
    g->ended = store_get_int(&v[7]) != 0;
    g->emergency = store_get_int(&v[8]) != 0;
    g->reason = tables_get_text(r, &v[9]);
    return g->member < site_count(r->site, SITE_MEMBER) && (unsigned)g->role < KINDS_ROLE_COUNT &&
           (g->area == SITE_NONE || g->area < site_count(r->site, SITE_AREA));
}

static bool tables_get_door(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_door *d = site_door(r->site, index);
    d->area = tables_get_index(&v[2]);
    d->kind = (enum kinds_door_kind)store_get_int(&v[3]);
    d->unit = tables_get_text(r, &v[4]);
    d->floor = tables_get_text(r, &v[5]);
    d->room = tables_get_text(r, &v[6]);
    d->name = tables_get_text(r, &v[7]);
    d->stamp = tables_stamp_read(&v[8]);
    return d->area == SITE_NONE || d->area < site_count(r->site, SITE_AREA);
}

static bool tables_get_household(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_household *h = site_household(r->site, index);
    h->door = tables_get_index(&v[2]);
    h->kind = (enum kinds_household_kind)store_get_int(&v[3]);
    h->stamp = tables_stamp_read(&v[4]);
    return h->door < site_count(r->site, SITE_DOOR);
}

static bool tables_get_person(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_person *p = site_person(r->site, index);
    p->merged_into = tables_get_index(&v[2]);
    p->merged = p->next_merged = p->first_stay = SITE_NONE;
    return tables_get_open(r, p->id, &v[3], &p->forgotten, p->field, p->stamp, SITE_FIELDS);
}

static bool tables_get_stay(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_stay *s = site_stay(r->site, index);
    s->person = tables_get_index(&v[1]);
    s->door = tables_get_index(&v[2]);
    s->household = tables_get_index(&v[3]);
    s->at_ms = store_get_int(&v[4]);
    s->why = (uint8_t)store_get_int(&v[5]);
    s->stamp = tables_stamp_read(&v[6]);
    if (s->person >= site_count(r->site, SITE_PERSON)) return false;
    if (s->door != SITE_NONE && s->door >= site_count(r->site, SITE_DOOR)) return false;
    site_link_stay(r->site, index);
    return true;
}

static bool tables_get_source(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_source *s = site_source(r->site, index);
    uint64_t hash;
    s->device = tables_get_index(&v[1]);
    s->row = store_get_int(&v[2]);
    s->person = tables_get_index(&v[3]);
    if (!tables_get_bytes(s->seen, sizeof s->seen, &v[4]) || s->person >= site_count(r->site, SITE_PERSON)) return false;
    memcpy(&hash, s->seen, sizeof hash);
    return map_put(&r->site->by_seen, hash, index);
}

static bool tables_get_batch(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_batch *b = site_batch(r->site, index);
    b->device = tables_get_index(&v[0]);
    b->file = tables_get_text(r, &v[1]);
    b->kind = (enum kinds_list_kind)store_get_int(&v[2]);
    b->rows = store_get_int(&v[4]);
    b->fresh = store_get_int(&v[5]);
    b->matched = store_get_int(&v[6]);
    b->pairs = store_get_int(&v[7]);
    return tables_get_bytes(b->content, HASH_SIZE, &v[3]) && b->device < site_count(r->site, SITE_DEVICE);
}

static bool tables_get_pair(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_pair *p = site_pair(r->site, index);
    uint32_t people = site_count(r->site, SITE_PERSON);
    p->a = tables_get_index(&v[1]);
    p->b = tables_get_index(&v[2]);
    p->why = tables_get_text(r, &v[3]);
    p->decision = (uint8_t)store_get_int(&v[4]);
    return p->a < people && p->b < people && map_put(&r->site->by_pair, site_key(p->a, p->b), index);
}

static bool tables_get_held(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_held *h = site_held(r->site, index);
    h->seq = store_get_int(&v[0]);
    h->device = tables_get_index(&v[1]);
    h->n = store_get_int(&v[2]);
    h->reason = (enum kinds_held_reason)store_get_int(&v[3]);
    h->needs = store_get_id(&v[4]);
    h->state = (enum site_held_state)store_get_int(&v[5]);
    return id_null(h->needs) || h->state != SITE_HELD_WAITING || map_put(&r->site->waiting, id_hash(h->needs), index);
}

static bool tables_get_round(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_round *round = site_round(r->site, index);
    round->number = store_get_int(&v[2]);
    round->kind = (enum kinds_round_kind)store_get_int(&v[3]);
    round->freeze_ms = store_get_int(&v[4]);
    round->past = store_get_int(&v[5]) != 0;
    round->closed_seq = store_get_int(&v[6]);
    round->late = store_get_int(&v[7]);
    return cover_make(&round->cover, r->site->area_parent, r->site->area_orders, NULL) == DW_OK;
}

static bool tables_get_box(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_box *b = site_box(r->site, index);
    b->code = tables_get_text(r, &v[2]);
    b->packed = tables_stamp_read(&v[3]);
    return true;
}

static bool tables_get_tube(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_tube *t = site_tube(r->site, index);
    t->round = tables_get_index(&v[2]);
    t->code = tables_get_text(r, &v[3]);
    t->capacity = store_get_int(&v[4]);
    t->use = (uint8_t)store_get_int(&v[5]);
    t->box = tables_get_index(&v[6]);
    t->result = (uint8_t)store_get_int(&v[7]);
    t->result_ms = store_get_int(&v[8]);
    t->method = tables_get_text(r, &v[9]);
    t->opened = tables_stamp_read(&v[10]);
    t->sealed = tables_stamp_read(&v[11]);
    t->packed = tables_stamp_read(&v[12]);
    t->first_sample = SITE_NONE;
    if (t->round >= site_count(r->site, SITE_ROUND)) return false;
    if (t->box != SITE_NONE && t->box >= site_count(r->site, SITE_BOX)) return false;
    return site_link_tube(r->site, index);
}

static bool tables_get_sample(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_sample *s = site_sample(r->site, index);
    s->tube = tables_get_index(&v[1]);
    s->person = tables_get_index(&v[2]);
    s->position = store_get_int(&v[3]);
    s->decision = (uint8_t)store_get_int(&v[4]);
    s->state = (uint8_t)store_get_int(&v[5]);
    s->filled = tables_stamp_read(&v[6]);
    s->listed = tables_stamp_read(&v[7]);
    return s->tube < site_count(r->site, SITE_TUBE) && s->person < site_count(r->site, SITE_PERSON) &&
           s->state < SITE_SAMPLE_STATES && site_link_sample(r->site, index);
}

static bool tables_get_hand(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_hand *h = site_hand(r->site, index);
    h->box = tables_get_index(&v[1]);
    h->side = (enum kinds_box_side)store_get_int(&v[2]);
    h->by = tables_get_index(&v[3]);
    h->other = tables_get_index(&v[4]);
    h->stamp = tables_stamp_read(&v[5]);
    uint32_t devices = site_count(r->site, SITE_DEVICE);
    return h->box < site_count(r->site, SITE_BOX) && h->by < devices && h->other < devices;
}

static bool tables_get_release(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_release *release = site_release(r->site, index);
    release->person = tables_get_index(&v[1]);
    release->how = (enum kinds_release)store_get_int(&v[2]);
    release->reason = tables_get_text(r, &v[3]);
    release->stamp = tables_stamp_read(&v[4]);
    return release->person < site_count(r->site, SITE_PERSON);
}

static bool tables_get_card(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_card *card = site_card(r->site, index);
    card->door = tables_get_index(&v[1]);
    card->version = store_get_int(&v[2]);
    card->heads = store_get_int(&v[3]);
    card->revoked = store_get_int(&v[4]) != 0;
    card->reason = tables_get_text(r, &v[5]);
    card->stamp = tables_stamp_read(&v[6]);
    if (card->door >= site_count(r->site, SITE_DOOR)) return false;
    site_door(r->site, card->door)->card = index + 1; /* versions rise */
    return true;
}

/* The subject of a form or follow-up, and its sealed text. */
static bool tables_get_of(struct tables_reader *r, enum kinds_form_of of, uint32_t subject, const struct store_value *sealed,
                          const char **text, struct site_stamp *stamp)
{
    bool door = of == KINDS_FORM_OF_DOOR, forgotten;
    if (subject >= site_count(r->site, door ? SITE_DOOR : SITE_PERSON)) return false;
    struct id id = door ? site_door(r->site, subject)->id : site_person(r->site, subject)->id;
    return tables_get_open(r, id, sealed, &forgotten, text, stamp, 1);
}

static bool tables_get_form(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_form *f = site_form(r->site, index);
    f->round = tables_get_index(&v[1]);
    f->of = (enum kinds_form_of)store_get_int(&v[2]);
    f->subject = tables_get_index(&v[3]);
    return f->round < site_count(r->site, SITE_ROUND) && tables_get_of(r, f->of, f->subject, &v[4], &f->answers, &f->stamp) &&
           site_link_form(r->site, index);
}

static bool tables_get_meeting(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_meeting *m = site_meeting(r->site, index);
    const char *fields[2] = {NULL, NULL};
    struct site_stamp stamps[2];
    bool forgotten;
    m->person = tables_get_index(&v[1]);
    m->outcome = (enum kinds_met_outcome)store_get_int(&v[2]);
    m->area = tables_get_index(&v[3]);
    m->door = tables_get_index(&v[4]);
    m->lon = store_get_int(&v[5]);
    m->lat = store_get_int(&v[6]);
    m->stamp = tables_stamp_read(&v[7]);
    if (m->person >= site_count(r->site, SITE_PERSON)) return false;
    if (m->area != SITE_NONE && m->area >= site_count(r->site, SITE_AREA)) return false;
    if (m->door != SITE_NONE && m->door >= site_count(r->site, SITE_DOOR)) return false;
    bool good = tables_get_open(r, site_person(r->site, m->person)->id, &v[8], &forgotten, fields, stamps, 2);
    m->place = fields[0];
    m->note = fields[1];
    return good;
}

static bool tables_get_follow(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_follow *f = site_follow(r->site, index);
    struct site_stamp stamp;
    f->of = (enum kinds_form_of)store_get_int(&v[1]);
    f->subject = tables_get_index(&v[2]);
    f->step = (enum kinds_follow_step)store_get_int(&v[3]);
    f->next_ms = tables_get_ms(&v[4]);
    f->stamp = tables_stamp_read(&v[5]);
    return tables_get_of(r, f->of, f->subject, &v[6], &f->note, &stamp);
}

static bool tables_get_need(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_need *n = site_need(r->site, index);
    struct site_stamp stamp;
    n->of = (enum kinds_form_of)store_get_int(&v[2]);
    n->subject = tables_get_index(&v[3]);
    n->what = (enum kinds_need_kind)store_get_int(&v[4]);
    n->urgent = store_get_int(&v[5]) != 0;
    n->stamp = tables_stamp_read(&v[6]);
    n->closed = tables_stamp_read(&v[7]);
    n->reason = tables_get_text(r, &v[8]);
    return (unsigned)n->what < KINDS_NEED_KIND_COUNT && tables_get_of(r, n->of, n->subject, &v[9], &n->note, &stamp);
}

static bool tables_get_void(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_void *said = site_void(r->site, index);
    said->device = tables_get_index(&v[0]);
    said->n = store_get_int(&v[1]);
    return said->device < site_count(r->site, SITE_DEVICE) && said->n >= 0 && site_link_void(r->site, index);
}

/* In the order that references need; subjects begin with their number and id. */
const struct tables_step tables_get_steps[] = {
    {SITE_DEVICE, TABLES_DEVICE, tables_get_device},
    {SITE_AREA, TABLES_AREA, tables_get_area},
    {SITE_FEATURE, TABLES_FEATURE, tables_get_feature},
    {SITE_MEMBER, TABLES_MEMBER, tables_get_member},
    {SITE_GRANT, TABLES_MANDATE, tables_get_grant},
    {SITE_DOOR, TABLES_DOOR, tables_get_door},
    {SITE_HOUSEHOLD, TABLES_HOUSEHOLD, tables_get_household},
    {SITE_PERSON, TABLES_PERSON, tables_get_person},
    {SITE_STAY, TABLES_STAY, tables_get_stay},
    {SITE_SOURCE, TABLES_SOURCE, tables_get_source},
    {SITE_BATCH, TABLES_BATCH, tables_get_batch},
    {SITE_PAIR, TABLES_PAIR, tables_get_pair},
    {SITE_HELD, TABLES_HELD, tables_get_held},
    {SITE_ROUND, TABLES_ROUND, tables_get_round},
    {SITE_BOX, TABLES_BOX, tables_get_box},
    {SITE_TUBE, TABLES_TUBE, tables_get_tube},
    {SITE_SAMPLE, TABLES_SAMPLE, tables_get_sample},
    {SITE_HAND, TABLES_HAND, tables_get_hand},
    {SITE_RELEASE, TABLES_RELEASE, tables_get_release},
    {SITE_CARD, TABLES_CARD, tables_get_card},
    {SITE_FORM, TABLES_FORM, tables_get_form},
    {SITE_MEETING, TABLES_MEETING, tables_get_meeting},
    {SITE_FOLLOW, TABLES_FOLLOW, tables_get_follow},
    {SITE_NEED, TABLES_NEED, tables_get_need},
    {SITE_VOID, TABLES_VOIDED, tables_get_void},
};
const size_t tables_get_count = sizeof tables_get_steps / sizeof *tables_get_steps;
