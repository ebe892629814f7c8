#include "desk/forget.h"

#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/parts.h"

static dw_err forget_all_of(struct forget_people *out, const struct site *site, uint32_t person, struct err_detail *detail)
{
    uint32_t root = site_root(site, person);
    size_t cap = 0, gone = 0;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        if (site_root(site, p) != root) continue;
        if (!arena_grow((void **)&out->ids, &cap, out->count + 1, sizeof *out->ids)) return DW_E_MEMORY;
        out->ids[out->count++] = site_person(site, p)->id;
        gone += site_person(site, p)->forgotten;
    }
    return gone < out->count ? DW_OK : err_set(detail, DW_E_STATE, "this person is forgotten already");
}

static dw_err forget_member(struct forget_people *out, const struct site *site, uint32_t member, struct err_detail *detail)
{
    if (site_member(site, member)->forgotten) return err_set(detail, DW_E_STATE, "this member is forgotten already");
    out->ids = malloc(sizeof *out->ids);
    if (out->ids == NULL) return DW_E_MEMORY;
    out->ids[out->count++] = site_member(site, member)->id;
    out->member = true;
    return DW_OK;
}

/* The register does not know him, yet a key was made for him: entries that are held or set apart name him. */
static dw_err forget_unknown(struct forget_people *out, const struct desk *desk, struct id who, struct err_detail *detail)
{
    const uint8_t *key;
    bool other = false;
    for (int type = 0; type < SITE_SUBJECTS; type++)
        other = other || site_find(desk->site, (enum site_type)type, who) != SITE_NONE;
    if (other || keyring_person(desk->keys, who, &key) != KEYRING_PRESENT)
        return err_set(detail, DW_E_NOT_FOUND, "no such person or member");
    out->ids = malloc(sizeof *out->ids);
    if (out->ids == NULL) return DW_E_MEMORY;
    out->ids[out->count++] = who;
    out->unknown = true;
    return DW_OK;
}

dw_err forget_collect(struct forget_people *out, struct desk *desk, struct id who, struct err_detail *detail)
{
    *out = (struct forget_people){0};
    const struct site *site = desk_read(desk);
    uint32_t person = site_find(site, SITE_PERSON, who), member = site_find(site, SITE_MEMBER, who);
    dw_err err = person != SITE_NONE   ? forget_all_of(out, site, person, detail)
                 : member != SITE_NONE ? forget_member(out, site, member, detail)
                                       : forget_unknown(out, desk, who, detail);
    desk_read_end(desk);
    return err;
}

/* Of somebody unknown it waits until the register learns of him, and takes effect then. */
static dw_err forget_record(struct desk *desk, const struct forget_people *people, const char *reason, struct when at,
                            struct err_detail *detail)
{
    struct book book = {0};
    size_t held = 0, most = (size_t)kinds_get(KINDS_PERSON_FORGET)->fields[KINDS_PERSON_FORGET_REASON].max;
    if (strlen(reason) > most) return err_set(detail, DW_E_INVALID, "the reason has over %zu bytes", most);
    dw_err err = book_open(&book, desk, DESK_CLI_DEVICE, detail);
    for (size_t i = 0; err == DW_OK && i < people->count; i++) {
        entry_begin(&book.writer, people->member ? KINDS_MEMBER_FORGET : KINDS_PERSON_FORGET, people->ids[i], at, NULL);
        entry_put_text(&book.writer, people->member ? (int)KINDS_MEMBER_FORGET_REASON : (int)KINDS_PERSON_FORGET_REASON, reason);
        err = book_end(&book);
    }
    if (err == DW_OK) err = book_commit(desk, &book, 1, at, &held, detail);
    book_free(&book);
    return err == DW_OK && held > 0 && !people->unknown
               ? err_set(detail, DW_E_STATE, "the ledger holds it back: see entries held")
               : err;
}

/* Rows of a table whose sealed values are to be written anew; asked for first and written then: a store is not written while a
 * question to it is open. */
struct forget_parts {
    const struct keyring *keys;
    struct store_value *rows, site;
    size_t count, cap, columns; /* columns: of a row, what is left and its key */
    struct arena arena;
};

static struct store_value forget_copy(struct forget_parts *parts, const struct store_value *value)
{
    if (value->type != STORE_BYTES) return *value;
    void *kept = arena_alloc(&parts->arena, value->len + 1);
    if (kept != NULL) memcpy(kept, value->data, value->len);
    return kept == NULL ? store_null() : store_bytes(kept, value->len);
}

static dw_err forget_part(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct forget_parts *parts = ctx;
    struct store_value left;
    bool failed;
    (void)detail;
    if (!parts_forget(&left, &failed, parts->keys, &v[count - 1], &parts->arena)) return DW_OK;
    if (failed || !arena_grow((void **)&parts->rows, &parts->cap, parts->count + count + 1, sizeof *parts->rows))
        return DW_E_MEMORY;
    parts->rows[parts->count++] = left;
    parts->rows[parts->count++] = parts->site;
    for (size_t i = 0; i + 1 < count; i++) parts->rows[parts->count++] = forget_copy(parts, &v[i]);
    parts->columns = count + 1;
    return DW_OK;
}

static dw_err forget_table(struct desk *desk, const struct store_sql *ask, const struct store_sql *put, struct err_detail *detail)
{
    struct forget_parts parts = {.keys = desk->keys, .site = store_id(&desk->site->id)};
    dw_err err = store_ask(desk->store, ask, &parts.site, 1, forget_part, &parts, detail);
    if (err == DW_OK && parts.count > 0)
        err = store_run(desk->store, put, parts.rows, parts.columns, parts.count / parts.columns, detail);
    free(parts.rows);
    arena_free(&parts.arena);
    return err;
}

/* What stands sealed beside the signed texts goes too, so that a key somewhere else opens nothing here; also of what was set
 * apart. O(entries). */
static dw_err forget_parts(struct desk *desk, struct err_detail *detail)
{
    static const struct store_sql
        ask = {"SELECT seq, parts FROM entry WHERE site_id = $1 AND parts IS NOT NULL ORDER BY seq"},
        put = {"UPDATE entry SET parts = $1 WHERE site_id = $2 AND seq = $3"},
        ask_aside = {"SELECT device_no, n, hash, parts FROM fork WHERE site_id = $1 AND parts IS NOT NULL"},
        put_aside = {"UPDATE fork SET parts = $1 WHERE site_id = $2 AND device_no = $3 AND n = $4 AND hash = $5"};
    ERR_TRY(forget_table(desk, &ask, &put, detail));
    return forget_table(desk, &ask_aside, &put_aside, detail);
}

dw_err forget_do(struct desk *desk, const struct forget_people *people, const char *reason, struct when at,
                 struct err_detail *detail)
{
    ERR_TRY(forget_record(desk, people, reason, at, detail));
    dw_err err = DW_OK;
    pthread_rwlock_wrlock(&desk->lock); /* the key ring is the writer's */
    for (size_t i = 0; err == DW_OK && i < people->count; i++) err = keyring_erase(desk->keys, people->ids[i], detail);
    if (err == DW_OK) err = forget_parts(desk, detail);
    pthread_rwlock_unlock(&desk->lock);
    return err;
}

static dw_err forget_finish_one(size_t *count, struct desk *desk, struct id who, bool forgotten, struct err_detail *detail)
{
    const uint8_t *key;
    if (!forgotten || keyring_person(desk->keys, who, &key) != KEYRING_PRESENT) return DW_OK;
    (*count)++;
    return keyring_erase(desk->keys, who, detail);
}

dw_err forget_finish(struct desk *desk, struct err_detail *detail)
{
    const struct site *site = desk->site;
    size_t count = 0;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++)
        ERR_TRY(forget_finish_one(&count, desk, site_person(site, p)->id, site_person(site, p)->forgotten, detail));
    for (uint32_t m = 0; m < site_count(site, SITE_MEMBER); m++)
        ERR_TRY(forget_finish_one(&count, desk, site_member(site, m)->id, site_member(site, m)->forgotten, detail));
    return count == 0 ? DW_OK : forget_parts(desk, detail);
}

struct forget_search {
    struct forget_people found;
    size_t cap;
    const struct keyring *keys;
};

static dw_err forget_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct forget_search *search = ctx;
    struct id person = store_get_id(&v[0]);
    const uint8_t *key;
    (void)count;
    (void)detail;
    if (keyring_person(search->keys, person, &key) != KEYRING_ERASED) return DW_OK;
    if (!arena_grow((void **)&search->found.ids, &search->cap, search->found.count + 1, sizeof *search->found.ids))
        return DW_E_MEMORY;
    search->found.ids[search->found.count++] = person;
    return DW_OK;
}

/* Of one table: whom it holds sealed and the key ring has destroyed, recorded. */
static dw_err forget_follow_in(size_t *count, struct desk *desk, const struct store_sql *ask, bool member, struct when at,
                               struct err_detail *detail)
{
    struct forget_search search = {.keys = desk->keys, .found = {.member = member}};
    struct store_value id = store_id(&desk->site->id);
    dw_err err = store_ask(desk->store, ask, &id, 1, forget_row, &search, detail);
    if (err == DW_OK && search.found.count > 0)
        err = forget_record(desk, &search.found, "forgotten after the backup was made", at, detail);
    *count += search.found.count;
    free(search.found.ids);
    return err;
}

dw_err forget_follow(size_t *count, struct desk *desk, struct when at, struct err_detail *detail)
{
    static const struct store_sql people = {"SELECT id FROM person WHERE site_id = $1 AND sealed IS NOT NULL"},
                                  members = {"SELECT id FROM member WHERE site_id = $1 AND sealed IS NOT NULL"};
    *count = 0;
    ERR_TRY(forget_follow_in(count, desk, &people, false, at, detail));
    ERR_TRY(forget_follow_in(count, desk, &members, true, at, detail));
    return *count > 0 ? forget_parts(desk, detail) : DW_OK;
}
