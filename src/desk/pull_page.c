/* A page of what is new: entries of the ledger that the caller may see, and the records of what they touched. */
#include <stdlib.h>
#include <string.h>

#include "desk/parts.h"
#include "desk/pull_inside.h"

enum { PULL_SCAN = 5000, PULL_BYTES = 16 << 20 /* of entries looked at for one page */ };

/* An entry as it stands in the ledger; texts in the page's arena. */
struct pull_row {
    int64_t seq, n, at_ms;
    uint32_t device;
    int reason;
    const char *text;
    size_t len;
    struct store_value parts;
    bool again; /* not of this page: touched by one that is */
};

struct pull_work {
    struct pull_desk *pull;
    const struct pull_who *who;
    const struct site *site;
    struct scope scope;
    struct pull_out out;
    uint32_t device; /* who asks; SITE_NONE: an officer */
    struct arena arena;
    struct pull_row *rows;
    size_t count, cap;
    bool full, reload, opened; /* opened: a round was */
    struct entry_reader reader;
    struct json part;
    struct id *touched; /* and of each whether an entry may have taken it away */
    bool *taken;
    size_t touched_count, touched_cap, taken_cap;
    struct map known, told; /* touched by id; the rows that are told again by their seq */
    struct err_detail *detail;
};

static dw_err pull_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct pull_work *w = ctx;
    (void)count;
    (void)detail;
    if (!arena_grow((void **)&w->rows, &w->cap, w->count + 1, sizeof *w->rows)) return DW_E_MEMORY;
    struct pull_row *row = &w->rows[w->count++];
    *row = (struct pull_row){.seq = store_get_int(&v[0]),
                             .device = (uint32_t)store_get_int(&v[1]),
                             .n = store_get_int(&v[2]),
                             .at_ms = store_get_int(&v[3]),
                             .reason = (int)store_get_int(&v[4]),
                             .text = arena_text(&w->arena, v[5].data, v[5].len),
                             .len = v[5].len,
                             .parts = store_null()};
    if (row->text == NULL) return DW_E_MEMORY;
    if (v[6].type == STORE_BYTES) {
        char *bytes = arena_text(&w->arena, v[6].data, v[6].len);
        if (bytes == NULL) return DW_E_MEMORY;
        row->parts = store_bytes(bytes, v[6].len);
    }
    w->full = w->arena.total > PULL_BYTES;
    return w->full ? DW_E_CANCELLED : DW_OK;
}

static dw_err pull_rows(struct pull_work *w, int64_t after, int64_t last)
{
    static const struct store_sql ask = {"SELECT seq, device_no, n, at_ms, reason, text, parts FROM entry WHERE site_id = $1 AND "
                                         "seq > $2 AND seq <= $3 ORDER BY seq",
                                         NULL};
    struct store_value v[] = {store_id(&w->site->id), store_int(after), store_int(last)};
    pthread_mutex_lock(&w->pull->lock);
    dw_err err = store_ask(w->pull->store, &ask, v, 3, pull_row, w, w->detail);
    pthread_mutex_unlock(&w->pull->lock);
    return w->full && err == DW_E_CANCELLED ? DW_OK : err;
}

/* One more entry whose subjects are to be told again: a held one that now stands, one that was declared void. */
static dw_err pull_again(struct pull_work *w, int64_t seq)
{
    size_t before = w->count, cursor = 0;
    bool full = w->full;
    uint32_t at;
    while (map_next(&w->told, site_key((uint64_t)seq, 0), &cursor, &at))
        if (w->rows[at].seq == seq) return DW_OK;
    dw_err err = pull_rows(w, seq - 1, seq);
    for (size_t i = before; i < w->count; i++) {
        w->rows[i].again = true;
        if (!map_put(&w->told, site_key((uint64_t)seq, 0), (uint32_t)i)) err = DW_E_MEMORY;
    }
    w->full = full;
    return err;
}

struct pull_receipt {
    int64_t first, seq;
};

static dw_err pull_receipt_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct pull_receipt *receipt = ctx;
    (void)count;
    (void)detail;
    *receipt = (struct pull_receipt){store_get_int(&v[0]), store_get_int(&v[1])};
    return DW_OK;
}

/* The entry that another one names by device and number. */
static dw_err pull_again_named(struct pull_work *w, struct id device, int64_t n)
{
    static const struct store_sql ask = {"SELECT first_n, first_seq FROM receipt WHERE site_id = $1 AND device_no = $2 AND "
                                         "last_n >= $3 ORDER BY last_n LIMIT 1",
                                         NULL};
    uint32_t index = site_find(w->site, SITE_DEVICE, device);
    struct pull_receipt receipt = {.seq = 0};
    struct store_value v[] = {store_id(&w->site->id), store_int(index), store_int(n)};
    if (index == SITE_NONE) return DW_OK;
    pthread_mutex_lock(&w->pull->lock);
    dw_err err = store_ask(w->pull->store, &ask, v, 3, pull_receipt_row, &receipt, w->detail);
    pthread_mutex_unlock(&w->pull->lock);
    return err == DW_OK && receipt.seq > 0 && n >= receipt.first ? pull_again(w, receipt.seq + n - receipt.first) : err;
}

static dw_err pull_touch(struct pull_work *w, struct id id, bool taken)
{
    size_t cursor = 0;
    uint32_t at;
    if (id_null(id)) return DW_OK;
    while (map_next(&w->known, id_hash(id), &cursor, &at))
        if (id_equal(w->touched[at], id)) {
            w->taken[at] |= taken;
            return DW_OK;
        }
    if (!arena_grow((void **)&w->touched, &w->touched_cap, w->touched_count + 1, sizeof *w->touched) ||
        !arena_grow((void **)&w->taken, &w->taken_cap, w->touched_count + 1, sizeof *w->taken) ||
        !map_put(&w->known, id_hash(id), (uint32_t)w->touched_count))
        return DW_E_MEMORY;
    w->touched[w->touched_count] = id;
    w->taken[w->touched_count++] = taken;
    return DW_OK;
}

/* Everything that an entry names. */
static dw_err pull_touch_all(struct pull_work *w, const struct entry *entry, bool taken)
{
    const struct kinds_spec *spec = kinds_get(entry->kind);
    struct entry_value item[KINDS_FIELDS_MAX];
    ERR_TRY(pull_touch(w, entry->on, taken));
    for (int f = 0; f < spec->field_count; f++) {
        uint32_t cursor = 0;
        bool more = spec->fields[f].type == KINDS_TYPE_LIST && entry->values[f].present;
        if (spec->fields[f].type == KINDS_TYPE_ID && entry->values[f].present) ERR_TRY(pull_touch(w, entry->values[f].id, taken));
        while (more) {
            if (entry_item(item, &cursor, &more, entry, f, &w->reader, w->detail) != DW_OK || !more) break;
            ERR_TRY(pull_touch(w, item[0].id, taken));
        }
    }
    return DW_OK;
}

/* Held entries that waited for this one's subject and now stand; and where it was taken back, those that wait for it now: they
 * may have stood before. */
static dw_err pull_touch_waiting(struct pull_work *w, struct id subject, bool taken)
{
    for (uint32_t i = 0; i < site_count(w->site, SITE_HELD); i++) {
        const struct site_held *h = site_held(w->site, i);
        bool told = h->state == SITE_HELD_RELEASED || (taken && h->state == SITE_HELD_WAITING);
        if (told && id_equal(h->needs, subject)) ERR_TRY(pull_again(w, h->seq));
    }
    return DW_OK;
}

static const struct site_held *pull_held_of(const struct pull_work *w, int64_t seq)
{
    for (uint32_t i = 0; i < site_count(w->site, SITE_HELD); i++)
        if (site_held(w->site, i)->seq == seq) return site_held(w->site, i);
    return NULL;
}

/* Whether the caller is told of an entry: what everybody needs, what lies where he may read, and what is his own. */
static bool pull_visible(const struct pull_work *w, const struct pull_row *row, const struct entry *entry, bool held,
                         uint32_t where)
{
    int may = roles_to_read(entry->kind);
    if (row->device == w->device) return true;
    if (w->device == SITE_NONE) return scope_may(&w->scope, ROLES_ENTRY_READ, where);
    if (held) return false;
    if (entry->kind == KINDS_AREA_SET) {
        uint32_t area = site_find(w->site, SITE_AREA, entry->on);
        return area != SITE_NONE && w->scope.above[area];
    }
    if (may == -1) return w->scope.anywhere != 0; /* everybody who works here; nobody whose grants are over */
    if (entry->kind == KINDS_MEMBER_SET || entry->kind == KINDS_MEMBER_FORGET) {
        uint32_t member = site_find(w->site, SITE_MEMBER, entry->on);
        return member != SITE_NONE && (member == w->out.member || pull_record_knows(&w->scope, member));
    }
    if (entry->kind == KINDS_GRANT_SET || entry->kind == KINDS_GRANT_END) {
        uint32_t grant = site_find(w->site, SITE_GRANT, entry->on);
        if (grant != SITE_NONE && site_grant(w->site, grant)->member == w->out.member) return true;
    }
    if (w->device != SITE_NONE && id_equal(entry->on, w->who->device)) return true;
    return scope_may(&w->scope, (enum roles_may)may, where);
}

static void pull_put_id(struct json_out *out, const char *key, struct id id)
{
    char text[ID_TEXT];
    id_text(text, id);
    json_key(out, key);
    json_put(out, text);
}

static dw_err pull_put_entry(struct pull_work *w, const struct pull_row *row, const struct entry *entry,
                             const struct site_held *held, uint32_t where)
{
    struct json_out *out = w->out.json;
    char at[WHEN_TEXT];
    int may = roles_to_read(entry->kind);
    bool none = site_is_void(w->site, row->device, row->n) || (held != NULL && held->state == SITE_HELD_VOID);
    bool waits = held != NULL && held->state == SITE_HELD_WAITING;
    const char *part = NULL;
    size_t len = 0;
    when_text(at, (struct when){row->at_ms, entry->at.offset});
    bool sees = may == -1 || entry->kind == KINDS_MEMBER_SET || scope_may(&w->scope, (enum roles_may)may, where);
    if (w->device != SITE_NONE && sees) { /* an officer has pages where every look is recorded */
        ERR_TRY(parts_open(&part, &len, w->pull->desk->keys, &row->parts, row->seq, &w->arena, w->detail));
        part = pull_part(&w->scope, entry, where, part, len, &w->part, &w->arena);
    }
    json_open(out, '{');
    json_key(out, "seq");
    json_put_int(out, row->seq);
    pull_put_id(out, "device", site_device(w->site, row->device)->id);
    json_key(out, "n");
    json_put_int(out, row->n);
    json_key(out, "kind");
    json_put(out, entry->kind < KINDS_COUNT ? kinds_get(entry->kind)->name : "");
    json_key(out, "at");
    json_put(out, at);
    json_key(out, "state");
    json_put(out, none ? "void" : waits ? "held" : "accepted");
    json_key(out, "reason");
    json_put(out, kinds_held_reason_texts[held != NULL ? (int)held->reason : row->reason]);
    json_key(out, "text");
    json_put_text(out, row->text, row->len);
    json_key(out, "part");
    if (part == NULL)
        json_put(out, NULL);
    else
        json_put_raw(out, part, strlen(part));
    json_close(out, '}');
    return DW_OK;
}

/* One entry: told if the caller may see it, and what it touched is noted for the records. */
static dw_err pull_take(struct pull_work *w, struct pull_row row, bool *put)
{
    struct entry entry;
    const struct site_held *held = pull_held_of(w, row.seq);
    arena_reset(&w->reader.arena);
    *put = false;
    if (row.device >= site_count(w->site, SITE_DEVICE)) return DW_OK; /* of a state that another program wrote just now */
    ERR_TRY(entry_open(&entry, &w->reader, row.text, row.len, NULL, w->detail));
    bool known =
        entry.kind < KINDS_COUNT && entry_body(&entry, &w->reader, NULL, 0, NULL) == DW_OK; /* else malformed, and held */
    uint32_t where = known ? scope_entry(w->site, &entry, &w->reader) : scope_subject(w->site, entry.on);
    bool waits = held != NULL && held->state != SITE_HELD_RELEASED;
    /* Of its own entries a phone hears again when they come to stand. */
    *put = (!row.again || row.device == w->device) && pull_visible(w, &row, &entry, waits || !known, where);
    if (*put) ERR_TRY(pull_put_entry(w, &row, &entry, held, where));
    if (!known || (waits && !row.again)) return DW_OK;
    ERR_TRY(pull_touch_all(w, &entry, row.again));
    if (entry.kind == KINDS_NEED_RAISE) ERR_TRY(pull_touch(w, entry.id, row.again));
    if (entry.kind == KINDS_IMPORT_UNDO) w->reload = true; /* too much went for telling it one by one */
    if (entry.kind == KINDS_ROUND_OPEN) w->opened = true;
    if (entry.kind == KINDS_ENTRY_VOID || entry.kind == KINDS_HELD_DECIDE) {
        int device = entry.kind == KINDS_ENTRY_VOID ? KINDS_ENTRY_VOID_DEVICE : KINDS_HELD_DECIDE_DEVICE;
        int n = entry.kind == KINDS_ENTRY_VOID ? KINDS_ENTRY_VOID_N : KINDS_HELD_DECIDE_N;
        ERR_TRY(pull_again_named(w, entry.values[device].id, entry.values[n].n));
    }
    return pull_touch_waiting(w, entry.on, row.again);
}

/* Everything that the page's entries touched, as it is now. */
static void pull_records(struct pull_work *w)
{
    for (size_t i = 0; i < w->touched_count; i++) {
        uint32_t round = w->opened ? site_find(w->site, SITE_ROUND, w->touched[i]) : SITE_NONE;
        w->out.empty = w->taken[i];
        pull_record_touched(&w->out, w->touched[i], w->taken[i]);
        w->out.empty = false;
        if (round != SITE_NONE && site_round(w->site, round)->closed_seq == 0) pull_record_roster(&w->out, round);
    }
}

/* The rows behind the cursor, and what is told again beside them; next: behind the last entry that the page has seen. */
static dw_err pull_items(struct pull_work *w, struct pull_cursor *next, int64_t limit)
{
    size_t own = w->count;
    int64_t items = 0;
    for (size_t i = 0; i < w->count && !w->reload; i++) {
        bool put;
        if (i < own && items >= limit) continue;
        ERR_TRY(pull_take(w, w->rows[i], &put));
        items += put;
        if (i >= own) continue;
        next->seq = w->rows[i].seq;
        next->tail = hash_quick(w->rows[i].text, w->rows[i].len) >> 1;
    }
    return DW_OK;
}

static void pull_page_end(struct pull_work *w, const struct pull_cursor *next, int64_t head)
{
    struct json_out *out = w->out.json;
    char text[PULL_CURSOR];
    pull_cursor_text(text, next);
    json_key(out, "next");
    json_put(out, w->reload ? NULL : text);
    json_key(out, "more");
    json_put_bool(out, !w->reload && next->seq < head);
    json_key(out, "reload");
    json_put_bool(out, w->reload);
    json_key(out, "seq");
    json_put_int(out, head);
    json_close(out, '}');
}

/* Reads the rows first and without the site's lock: nobody who writes waits for that. */
static dw_err pull_begin_page(struct pull_work *w, struct pull_cursor *cursor, struct pull_cursor *next)
{
    uint64_t tail = 0;
    const struct site *site = w->site = desk_read(w->pull->desk);
    dw_err err = pull_allowed(&w->out.member, site, w->who, w->detail);
    if (err == DW_OK) err = scope_make(&w->scope, site, w->out.member, w->who->at_ms);
    if (err == DW_OK) err = pull_tail(&tail, w->pull, cursor->seq, w->detail);
    if (err == DW_OK) {
        struct scope_mark *had = &cursor->mark, now = scope_mark(&w->scope, had->areas, had->doors, had->households);
        w->reload = cursor->seq > site->seq || (cursor->marked && (now.sum >> 1 != had->sum || tail != cursor->tail));
        *next = pull_cursor_now(&w->scope, site->seq);
        next->tail = tail;
    }
    scope_free(&w->scope);
    desk_read_end(w->pull->desk);
    return err;
}

static void pull_work_free(struct pull_work *w)
{
    scope_free(&w->scope);
    arena_buf_free(&w->out.pinyin);
    arena_free(&w->arena);
    entry_reader_free(&w->reader);
    json_free(&w->part);
    map_free(&w->known);
    map_free(&w->told);
    free(w->rows);
    free(w->touched);
    free(w->taken);
}

dw_err pull_page(struct json_out *out, struct pull_desk *pull, const struct pull_who *who, const char *cursor_text, int64_t limit,
                 struct err_detail *detail)
{
    struct pull_work w = {.pull = pull, .who = who, .out = {.json = out, .scope = &w.scope}, .detail = detail};
    struct pull_cursor cursor, next;
    if (!pull_cursor_read(&cursor, cursor_text))
        return err_at(detail, DW_E_INVALID, NULL, NULL, 0, "cursor", "not what a bundle or a page gave as next");
    dw_err err = pull_begin_page(&w, &cursor, &next);
    int64_t head = next.seq, last = head < cursor.seq + PULL_SCAN ? head : cursor.seq + PULL_SCAN;
    next.seq = cursor.seq;
    if (err == DW_OK && !w.reload) err = pull_rows(&w, cursor.seq, last);
    if (err != DW_OK) {
        pull_work_free(&w);
        return err;
    }
    w.site = desk_read(pull->desk);
    w.device = id_null(who->device) ? SITE_NONE : site_find(w.site, SITE_DEVICE, who->device);
    err = scope_make(&w.scope, w.site, w.out.member, who->at_ms);
    json_open(out, '{');
    json_key(out, "items");
    json_open(out, '[');
    if (err == DW_OK) err = pull_items(&w, &next, limit);
    json_close(out, ']');
    json_key(out, "records");
    json_open(out, '[');
    if (err == DW_OK && !w.reload) pull_records(&w);
    json_close(out, ']');
    pull_page_end(&w, &next, head);
    desk_read_end(pull->desk);
    pull_work_free(&w);
    return err;
}
