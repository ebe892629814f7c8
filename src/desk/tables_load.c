/* Reading a whole site from its tables. */
#include <string.h>

#include "desk/fold.h"
#include "desk/tables.h"

struct tables_reader {
    struct site *site;
    struct keyring *keys;
    struct arena_buf pack;
    enum site_type type;
    enum tables_name table;
    bool keyless; /* a row whose key is not in the key file */
};

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

static const char *tables_text(struct tables_reader *r, const struct store_value *value)
{
    if (value->type != STORE_TEXT || value->len == 0) return "";
    const char *text = arena_text(&r->site->arena, value->data, value->len);
    return text == NULL ? "" : text;
}

static uint32_t tables_index(const struct store_value *value)
{
    return value->type == STORE_INT && value->n >= 0 && value->n < SITE_NONE ? (uint32_t)value->n : SITE_NONE;
}

static int64_t tables_ms(const struct store_value *value)
{
    return value->type == STORE_NULL ? SITE_NEVER : store_get_int(value);
}

static bool tables_bytes(void *out, size_t len, const struct store_value *value)
{
    if (value->type != STORE_BYTES || value->len != len) return false;
    memcpy(out, value->data, len);
    return true;
}

/* Opens sealed fields; a forgotten person's stay NULL. False when the bytes cannot be theirs. */
static bool tables_open(struct tables_reader *r, struct id who, const struct store_value *sealed, bool *forgotten,
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
    d->name = tables_text(r, &v[3]);
    d->revoked = store_get_int(&v[5]) != 0;
    d->head_n = store_get_int(&v[6]);
    d->last_ms = store_get_int(&v[8]);
    return tables_bytes(d->public_key, KEYS_PUBLIC, &v[4]) && tables_bytes(d->head, HASH_SIZE, &v[7]);
}

static bool tables_get_area(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_area *a = site_area(r->site, index);
    a->kind = (enum kinds_area_kind)store_get_int(&v[2]);
    a->parent = tables_index(&v[3]);
    a->code = tables_text(r, &v[4]);
    a->name = tables_text(r, &v[5]);
    a->address = tables_text(r, &v[6]);
    a->use = tables_text(r, &v[7]);
    a->floors = store_get_int(&v[8]);
    a->from_ms = tables_ms(&v[9]);
    a->to_ms = tables_ms(&v[10]);
    a->lon = store_get_int(&v[11]);
    a->lat = store_get_int(&v[12]);
    a->keeper = tables_index(&v[13]);
    r->site->areas_moved = true;
    return map_put(&r->site->by_code, hash_quick(a->code, strlen(a->code)), index);
}

static bool tables_get_feature(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_feature *f = site_feature(r->site, index);
    f->kind = (enum kinds_feature_kind)store_get_int(&v[2]);
    f->code = tables_text(r, &v[3]);
    f->name = tables_text(r, &v[4]);
    f->from_ms = tables_ms(&v[5]);
    f->to_ms = tables_ms(&v[6]);
    return true;
}

static bool tables_get_member(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_member *m = site_member(r->site, index);
    const char *fields[2] = {NULL, NULL};
    struct site_stamp stamps[2];
    bool good = tables_open(r, m->id, &v[2], &m->forgotten, fields, stamps, 2);
    m->name = fields[0];
    m->phone = fields[1];
    return good;
}

static bool tables_get_door(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_door *d = site_door(r->site, index);
    d->area = tables_index(&v[2]);
    d->kind = (enum kinds_door_kind)store_get_int(&v[3]);
    d->unit = tables_text(r, &v[4]);
    d->floor = tables_text(r, &v[5]);
    d->room = tables_text(r, &v[6]);
    d->name = tables_text(r, &v[7]);
    d->stamp = tables_stamp_read(&v[8]);
    return d->area == SITE_NONE || d->area < site_count(r->site, SITE_AREA);
}

static bool tables_get_household(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_household *h = site_household(r->site, index);
    h->door = tables_index(&v[2]);
    h->kind = (enum kinds_household_kind)store_get_int(&v[3]);
    h->stamp = tables_stamp_read(&v[4]);
    return h->door < site_count(r->site, SITE_DOOR);
}

static bool tables_get_person(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_person *p = site_person(r->site, index);
    p->merged_into = tables_index(&v[2]);
    p->merged = p->next_merged = p->first_stay = SITE_NONE;
    return tables_open(r, p->id, &v[3], &p->forgotten, p->field, p->stamp, SITE_FIELDS);
}

static bool tables_get_stay(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_stay *s = site_stay(r->site, index);
    s->person = tables_index(&v[1]);
    s->door = tables_index(&v[2]);
    s->household = tables_index(&v[3]);
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
    s->device = tables_index(&v[1]);
    s->row = store_get_int(&v[2]);
    s->person = tables_index(&v[3]);
    if (!tables_bytes(s->seen, sizeof s->seen, &v[4]) || s->person >= site_count(r->site, SITE_PERSON)) return false;
    memcpy(&hash, s->seen, sizeof hash);
    return map_put(&r->site->by_seen, hash, index);
}

static bool tables_get_batch(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_batch *b = site_batch(r->site, index);
    b->device = tables_index(&v[0]);
    b->file = tables_text(r, &v[1]);
    b->kind = (enum kinds_list_kind)store_get_int(&v[2]);
    b->rows = store_get_int(&v[4]);
    b->fresh = store_get_int(&v[5]);
    b->matched = store_get_int(&v[6]);
    b->pairs = store_get_int(&v[7]);
    return tables_bytes(b->content, HASH_SIZE, &v[3]) && b->device < site_count(r->site, SITE_DEVICE);
}

static bool tables_get_pair(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_pair *p = site_pair(r->site, index);
    uint32_t people = site_count(r->site, SITE_PERSON);
    p->a = tables_index(&v[1]);
    p->b = tables_index(&v[2]);
    p->why = tables_text(r, &v[3]);
    p->decision = (uint8_t)store_get_int(&v[4]);
    return p->a < people && p->b < people && map_put(&r->site->by_pair, site_key(p->a, p->b), index);
}

static bool tables_get_held(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_held *h = site_held(r->site, index);
    h->seq = store_get_int(&v[0]);
    h->device = tables_index(&v[1]);
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
    b->code = tables_text(r, &v[2]);
    b->packed = tables_stamp_read(&v[3]);
    return true;
}

static bool tables_get_tube(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_tube *t = site_tube(r->site, index);
    t->round = tables_index(&v[2]);
    t->code = tables_text(r, &v[3]);
    t->capacity = store_get_int(&v[4]);
    t->use = (uint8_t)store_get_int(&v[5]);
    t->box = tables_index(&v[6]);
    t->result = (uint8_t)store_get_int(&v[7]);
    t->result_ms = store_get_int(&v[8]);
    t->method = tables_text(r, &v[9]);
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
    s->tube = tables_index(&v[1]);
    s->person = tables_index(&v[2]);
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
    h->box = tables_index(&v[1]);
    h->side = (enum kinds_box_side)store_get_int(&v[2]);
    h->by = tables_index(&v[3]);
    h->other = tables_index(&v[4]);
    h->stamp = tables_stamp_read(&v[5]);
    uint32_t devices = site_count(r->site, SITE_DEVICE);
    return h->box < site_count(r->site, SITE_BOX) && h->by < devices && h->other < devices;
}

static bool tables_get_release(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_release *release = site_release(r->site, index);
    release->person = tables_index(&v[1]);
    release->how = (enum kinds_release)store_get_int(&v[2]);
    release->reason = tables_text(r, &v[3]);
    release->stamp = tables_stamp_read(&v[4]);
    return release->person < site_count(r->site, SITE_PERSON);
}

static bool tables_get_card(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_card *card = site_card(r->site, index);
    card->door = tables_index(&v[1]);
    card->version = store_get_int(&v[2]);
    card->heads = store_get_int(&v[3]);
    card->revoked = store_get_int(&v[4]) != 0;
    card->reason = tables_text(r, &v[5]);
    card->stamp = tables_stamp_read(&v[6]);
    if (card->door >= site_count(r->site, SITE_DOOR)) return false;
    site_door(r->site, card->door)->card = index + 1; /* versions rise */
    return true;
}

static bool tables_get_form(struct tables_reader *r, const struct store_value *v, uint32_t index)
{
    struct site_form *f = site_form(r->site, index);
    f->round = tables_index(&v[1]);
    f->of = (enum kinds_form_of)store_get_int(&v[2]);
    f->subject = tables_index(&v[3]);
    bool door = f->of == KINDS_FORM_OF_DOOR;
    if (f->round >= site_count(r->site, SITE_ROUND) || f->subject >= site_count(r->site, door ? SITE_DOOR : SITE_PERSON))
        return false;
    struct id subject = door ? site_door(r->site, f->subject)->id : site_person(r->site, f->subject)->id;
    bool forgotten;
    return site_link_form(r->site, index) && tables_open(r, subject, &v[4], &forgotten, &f->answers, &f->stamp, 1);
}

/* In the order that references need; subjects begin with their number and id. */
static const struct tables_step {
    enum site_type type;
    enum tables_name table;
    bool (*get)(struct tables_reader *r, const struct store_value *v, uint32_t index);
} tables_steps[] = {
    {SITE_DEVICE, TABLES_DEVICE, tables_get_device},    {SITE_AREA, TABLES_AREA, tables_get_area},
    {SITE_FEATURE, TABLES_FEATURE, tables_get_feature}, {SITE_MEMBER, TABLES_MEMBER, tables_get_member},
    {SITE_DOOR, TABLES_DOOR, tables_get_door},          {SITE_HOUSEHOLD, TABLES_HOUSEHOLD, tables_get_household},
    {SITE_PERSON, TABLES_PERSON, tables_get_person},    {SITE_STAY, TABLES_STAY, tables_get_stay},
    {SITE_SOURCE, TABLES_SOURCE, tables_get_source},    {SITE_BATCH, TABLES_BATCH, tables_get_batch},
    {SITE_PAIR, TABLES_PAIR, tables_get_pair},          {SITE_HELD, TABLES_HELD, tables_get_held},
    {SITE_ROUND, TABLES_ROUND, tables_get_round},       {SITE_BOX, TABLES_BOX, tables_get_box},
    {SITE_TUBE, TABLES_TUBE, tables_get_tube},          {SITE_SAMPLE, TABLES_SAMPLE, tables_get_sample},
    {SITE_HAND, TABLES_HAND, tables_get_hand},          {SITE_RELEASE, TABLES_RELEASE, tables_get_release},
    {SITE_CARD, TABLES_CARD, tables_get_card},          {SITE_FORM, TABLES_FORM, tables_get_form},
};

static dw_err tables_damaged(enum tables_name table, int64_t row, struct err_detail *detail)
{
    return err_set(detail, DW_E_DAMAGED, "table %s, row %lld", tables_get(table)->name, (long long)row);
}

static dw_err tables_read_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct tables_reader *r = ctx;
    const struct tables_step *step = tables_steps;
    while (step->type != r->type) step++;
    uint32_t index = site_count(r->site, r->type);
    bool numbered = r->type != SITE_BATCH && r->type != SITE_HELD;
    if ((int)count != tables_get(r->table)->columns - 1 || (numbered && store_get_int(&v[0]) != (int64_t)index))
        return tables_damaged(r->table, index, detail);
    bool subject = r->type < SITE_SUBJECTS;
    uint32_t at = subject ? site_add_subject(r->site, r->type, store_get_id(&v[1])) : site_add(r->site, r->type);
    if (at == SITE_NONE) return DW_E_MEMORY;
    r->keyless = false;
    if (step->get(r, v, at)) return DW_OK;
    if (!r->keyless) return tables_damaged(r->table, index, detail);
    return err_set(detail, DW_E_KEYS, "table %s, row %lld: its key is not there", tables_get(r->table)->name, (long long)index);
}

static dw_err tables_read_mark(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct tables_reader *r = ctx;
    int64_t number = store_get_int(&v[0]), person = store_get_int(&v[1]);
    (void)count;
    if (number < 0 || number >= site_count(r->site, SITE_ROUND) || person < 0 || person >= site_count(r->site, SITE_PERSON))
        return tables_damaged(TABLES_MARK, person, detail);
    struct site_round *round = site_round(r->site, (uint32_t)number);
    struct site_mark *mark = fold_round_mark(r->site, round, (uint32_t)person);
    if (mark == NULL) return DW_E_MEMORY;
    mark->in_roster = store_get_int(&v[2]) != 0;
    mark->how = (uint8_t)store_get_int(&v[3]);
    mark->state = (uint8_t)store_get_int(&v[4]);
    mark->excuse = (uint8_t)store_get_int(&v[5]);
    mark->decision = (uint8_t)store_get_int(&v[6]);
    mark->door = tables_index(&v[7]);
    mark->area = tables_index(&v[8]);
    bool none;
    struct site_stamp ignored;
    mark->evidence = NULL;
    if (!tables_open(r, site_person(r->site, (uint32_t)person)->id, &v[9], &none, &mark->evidence, &ignored, 1))
        return tables_damaged(TABLES_MARK, person, detail);
    if (mark->evidence == NULL) mark->evidence = "";
    mark->stamp = tables_stamp_read(&v[10]);
    mark->how_stamp = tables_stamp_read(&v[11]);
    return mark->area == SITE_NONE || mark->area < site_count(r->site, SITE_AREA) ? DW_OK
                                                                                  : tables_damaged(TABLES_MARK, person, detail);
}

static dw_err tables_read_visit(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct tables_reader *r = ctx;
    int64_t number = store_get_int(&v[0]);
    uint32_t door = tables_index(&v[1]);
    (void)count;
    if (number < 0 || number >= site_count(r->site, SITE_ROUND) || door >= site_count(r->site, SITE_DOOR))
        return tables_damaged(TABLES_VISIT, door, detail);
    struct site_round *round = site_round(r->site, (uint32_t)number);
    if (!arena_grow((void **)&round->visits, &round->visit_cap, round->visit_count + 1, sizeof *round->visits))
        return DW_E_MEMORY;
    round->visits[round->visit_count] = (struct site_visit){.door = door,
                                                            .outcome = (enum kinds_outcome)store_get_int(&v[2]),
                                                            .heads = store_get_int(&v[3]),
                                                            .visits = store_get_int(&v[4]),
                                                            .stamp = tables_stamp_read(&v[5])};
    return map_put(&round->by_door, site_key(door, 0), (uint32_t)round->visit_count++) ? DW_OK : DW_E_MEMORY;
}

static dw_err tables_read_site(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct tables_reader *r = ctx;
    (void)count;
    (void)detail;
    r->site->name = tables_text(r, &v[0]);
    r->site->code = tables_text(r, &v[1]);
    r->site->synthetic = store_get_int(&v[2]) != 0;
    r->site->seq = store_get_int(&v[3]);
    r->site->created = true;
    return DW_OK;
}

/* Who was merged into whom: the last one merged stands first, as merging leaves it. */
static bool tables_link_merged(struct site *site)
{
    uint32_t people = site_count(site, SITE_PERSON);
    for (uint32_t p = 0; p < people; p++) {
        struct site_person *person = site_person(site, p);
        if (person->merged_into == SITE_NONE) continue;
        if (person->merged_into >= people) return false;
        person->next_merged = site_person(site, person->merged_into)->merged;
        site_person(site, person->merged_into)->merged = p;
    }
    return true;
}

static dw_err tables_ask(struct tables_reader *r, struct store *store, enum tables_name table, store_row *row,
                         struct err_detail *detail)
{
    struct store_value id = store_id(&r->site->id);
    return store_ask(store, &tables_get(table)->all, &id, 1, row, r, detail);
}

/* A disposal is the last entry of a site: nothing is taken after it. */
static dw_err tables_read_last(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    static const char kind[] = "\"kind\":\"site.dispose\""; /* in no text of an entry: there the quotes are escaped */
    (void)count;
    (void)detail;
    bool accepted = store_get_int(&v[0]) == KINDS_HELD_REASON_NONE && v[1].type == STORE_TEXT;
    *(bool *)ctx = accepted && memmem(v[1].data, v[1].len, kind, sizeof kind - 1) != NULL;
    return DW_OK;
}

static dw_err tables_load_last(struct tables_reader *r, struct store *store, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT reason, text FROM entry WHERE site_id = $1 AND seq = $2"};
    struct store_value v[] = {store_id(&r->site->id), store_int(r->site->seq)};
    return store_ask(store, &ask, v, 2, tables_read_last, &r->site->disposed, detail);
}

static dw_err tables_load_all(struct tables_reader *r, struct store *store, struct err_detail *detail)
{
    ERR_TRY(tables_ask(r, store, TABLES_SITE, tables_read_site, detail));
    if (!r->site->created) return err_set(detail, DW_E_NOT_FOUND, "the store holds no site");
    for (size_t i = 0; i < sizeof tables_steps / sizeof *tables_steps; i++) {
        r->type = tables_steps[i].type;
        r->table = tables_steps[i].table;
        if (r->site->areas_moved && r->type != SITE_AREA) ERR_TRY(site_order(r->site, detail));
        ERR_TRY(tables_ask(r, store, r->table, tables_read_row, detail));
    }
    ERR_TRY(tables_load_last(r, store, detail));
    if (!tables_link_merged(r->site)) return tables_damaged(TABLES_PERSON, 0, detail);
    ERR_TRY(tables_ask(r, store, TABLES_MARK, tables_read_mark, detail));
    ERR_TRY(tables_ask(r, store, TABLES_VISIT, tables_read_visit, detail));
    for (uint32_t i = 0; i < site_count(r->site, SITE_ROUND); i++) ERR_TRY(fold_round_fill(r->site, site_round(r->site, i)));
    return DW_OK;
}

dw_err tables_load(struct site *site, struct store *store, struct keyring *keys, struct err_detail *detail)
{
    struct tables_reader r = {.site = site, .keys = keys};
    ERR_TRY(tables_site_id(&site->id, store, detail));
    dw_err err = tables_load_all(&r, store, detail);
    if (r.pack.data != NULL) keys_wipe(r.pack.data, r.pack.cap);
    arena_buf_free(&r.pack);
    if (err == DW_OK) tables_clean(site);
    return err;
}

static dw_err tables_first_id(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(struct id *)ctx = store_get_id(&v[0]);
    return DW_OK;
}

dw_err tables_site_id(struct id *out, struct store *store, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT site_id FROM site ORDER BY site_id LIMIT 1"};
    memset(out, 0, sizeof *out);
    ERR_TRY(store_ask(store, &ask, NULL, 0, tables_first_id, out, detail));
    return id_null(*out) ? err_set(detail, DW_E_NOT_FOUND, "the store holds no site") : DW_OK;
}
