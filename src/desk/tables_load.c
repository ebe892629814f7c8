/* Reading a whole site from its tables. */
#include <string.h>

#include "desk/fold.h"
#include "desk/tables_get.h"

static dw_err tables_damaged(enum tables_name table, int64_t row, struct err_detail *detail)
{
    return err_set(detail, DW_E_DAMAGED, "table %s, row %lld", tables_get(table)->name, (long long)row);
}

static dw_err tables_read_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct tables_reader *r = ctx;
    const struct tables_step *step = tables_get_steps;
    while (step->type != r->type) step++;
    uint32_t index = site_count(r->site, r->type);
    bool numbered = r->type != SITE_BATCH && r->type != SITE_HELD && r->type != SITE_VOID;
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
    mark->door = tables_get_index(&v[7]);
    mark->area = tables_get_index(&v[8]);
    bool none;
    struct site_stamp ignored;
    mark->evidence = NULL;
    if (!tables_get_open(r, site_person(r->site, (uint32_t)person)->id, &v[9], &none, &mark->evidence, &ignored, 1))
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
    uint32_t door = tables_get_index(&v[1]);
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
    r->site->name = tables_get_text(r, &v[0]);
    r->site->code = tables_get_text(r, &v[1]);
    r->site->synthetic = store_get_int(&v[2]) != 0;
    r->site->seq = store_get_int(&v[3]);
    r->site->outdated = store_get_int(&v[4]) < TABLES_MADE;
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
        uint32_t steps = 0, root = p;
        while (root != SITE_NONE && root < people && steps++ <= people) root = site_person(site, root)->merged_into;
        if (root != SITE_NONE) return false; /* into nobody, or into himself by way of others */
        person->next_merged = site_person(site, person->merged_into)->merged;
        site_person(site, person->merged_into)->merged = p;
    }
    return true;
}

static bool tables_keepers_there(const struct site *site)
{
    for (uint32_t i = 0; i < site_count(site, SITE_AREA); i++) {
        uint32_t keeper = site_area(site, i)->keeper;
        if (keeper != SITE_NONE && keeper >= site_count(site, SITE_MEMBER)) return false;
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
    for (size_t i = 0; i < tables_get_count; i++) {
        r->type = tables_get_steps[i].type;
        r->table = tables_get_steps[i].table;
        if (r->site->areas_moved && r->type != SITE_AREA) ERR_TRY(site_order(r->site, detail));
        ERR_TRY(tables_ask(r, store, r->table, tables_read_row, detail));
    }
    ERR_TRY(tables_load_last(r, store, detail));
    if (!tables_keepers_there(r->site)) return err_set(detail, DW_E_DAMAGED, "table area: a keeper that is not there");
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
