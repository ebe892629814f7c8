/* Tables to fields: values into tokens, tokens numbered, records put into an order that follows from what they hold. */
#include "match/link_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "match/link_token.h"

enum { LINK_READ_COLUMNS = 16 };

/* While reading: everything by the records as they were given. */
struct link_read {
    struct link *link;
    const struct link_table *tables;
    size_t count;
    uint32_t start[LINK_TABLES + 1]; /* given numbers */
    uint64_t *hash[LINK_FIELDS];     /* by token: of its bytes */
};

void link_read_free(struct link_field *f)
{
    free(f->text);
    free(f->at);
    free(f->df);
    free(f->first);
    free(f->token);
    free(f->post_first);
    free(f->post);
    free(f->near_first);
    free(f->near);
    free(f->near_level);
    free(f->group);
    for (int i = 0; i < LINK_NEAR; i++) free(f->info[i]);
    memset(f, 0, sizeof *f);
}

static dw_err link_read_fields(struct link *link, const struct link_table *tables, size_t count, struct err_detail *detail)
{
    for (size_t t = 0; t < count; t++)
        for (size_t c = 0; c < tables[t].columns; c++) {
            const struct link_column *column = &tables[t].column[c];
            size_t f = 0;
            if (column->type == LINK_IGNORE) continue;
            while (f < link->field_count && strcmp(link->field[f].name, column->field) != 0) f++;
            if (f == LINK_FIELDS) return err_set(detail, DW_E_INVALID, "more than %d fields", LINK_FIELDS);
            struct link_field *field = &link->field[f];
            if (f == link->field_count) {
                link->field_count++;
                memcpy(field->name, column->field, LINK_WORD);
                field->type = column->type;
                field->many = column->type == LINK_NAME || column->type == LINK_TEXT || column->type == LINK_ADDRESS;
                field->like = field->many ? LINK_LEVELS - 1 : LINK_NEAR;
            } else if (field->type != column->type) {
                return err_set(detail, DW_E_INVALID, "%s: %s, %s", field->name, link_type_name(field->type),
                               link_type_name(column->type));
            }
        }
    return link->field_count > 0 ? DW_OK : err_set(detail, DW_E_INVALID, "no column to compare");
}

/* Columns of a table that make up a field, in the order of their parts. */
static size_t link_read_columns(uint32_t out[LINK_READ_COLUMNS], const struct link_table *table, const char *field)
{
    size_t n = 0;
    for (int part = 0; part < LINK_PARTS; part++)
        for (size_t c = 0; c < table->columns; c++) {
            const struct link_column *column = &table->column[c];
            bool right = column->type != LINK_IGNORE && (int)column->part == part && strcmp(column->field, field) == 0;
            if (right && n < LINK_READ_COLUMNS) out[n++] = (uint32_t)c;
        }
    return n;
}

/* A field as it grows. */
struct link_read_field {
    struct link_field *field;
    struct map map;
    struct arena_buf text;
    uint64_t *hash;
    size_t at_cap, df_cap, hash_cap, token_cap;
    size_t used;
};

static dw_err link_read_token(struct link_read_field *r, const char *token)
{
    struct link_field *f = r->field;
    size_t len = strlen(token), cursor = 0;
    uint64_t hash = hash_quick(token, len);
    uint32_t id;
    bool found = false;
    while (!found && map_next(&r->map, hash, &cursor, &id)) found = strcmp(r->text.data + f->at[id], token) == 0;
    if (!found) {
        id = f->count;
        if (r->text.len + len >= UINT32_MAX || id >= UINT32_MAX / 4) return DW_E_TOO_LARGE;
        if (!arena_grow((void **)&f->at, &r->at_cap, (size_t)id + 2, sizeof *f->at) ||
            !arena_grow((void **)&f->df, &r->df_cap, (size_t)id + 1, sizeof *f->df) ||
            !arena_grow((void **)&r->hash, &r->hash_cap, (size_t)id + 1, sizeof *r->hash) || !map_put(&r->map, hash, id))
            return DW_E_MEMORY;
        f->at[id] = (uint32_t)r->text.len;
        f->df[id] = 0;
        r->hash[id] = hash;
        arena_buf_put(&r->text, token, len + 1);
        f->count++;
    }
    if (r->used >= UINT32_MAX - 1) return DW_E_TOO_LARGE;
    if (r->text.failed || !arena_grow((void **)&f->token, &r->token_cap, r->used + 1, sizeof *f->token)) return DW_E_MEMORY;
    f->token[r->used++] = id;
    f->df[id]++;
    return DW_OK;
}

static dw_err link_read_table(struct link_read_field *r, const struct link_read *read, size_t t, struct link_tokens *tokens)
{
    const struct link_table *table = &read->tables[t];
    struct link_field *f = r->field;
    uint32_t columns[LINK_READ_COLUMNS];
    struct link_cell cells[LINK_READ_COLUMNS];
    size_t n = link_read_columns(columns, table, f->name);
    for (size_t row = 0; row < table->rows; row++) {
        f->first[read->start[t] + row] = (uint32_t)r->used;
        if (n == 0) continue;
        bool any = false;
        for (size_t i = 0; i < n; i++) {
            const struct link_column *column = &table->column[columns[i]];
            const char *text = table->cell(table->ctx, row, columns[i]);
            cells[i] = (struct link_cell){text, column->part, column->month_first};
            any = any || *text != 0;
        }
        if (!any) continue;
        link_token_clear(tokens);
        if (!link_token_read(tokens, f->type, cells, n, read->link->set.today)) return DW_E_MEMORY;
        for (size_t i = 0; i < tokens->count; i++) ERR_TRY(link_read_token(r, tokens->text.data + tokens->at[i]));
        f->filled += tokens->count > 0;
    }
    return DW_OK;
}

static dw_err link_read_field(void *ctx, size_t part, struct link_scratch *scratch)
{
    struct link_read *read = ctx;
    struct link_read_field r = {.field = &read->link->field[part]};
    struct link_tokens tokens = {0};
    dw_err err = DW_OK;
    (void)scratch;
    r.field->first = malloc((read->link->records + 1) * sizeof *r.field->first);
    if (r.field->first == NULL) err = DW_E_MEMORY;
    for (size_t t = 0; t < read->count && err == DW_OK; t++) err = link_read_table(&r, read, t, &tokens);
    if (err == DW_OK) {
        r.field->first[read->link->records] = (uint32_t)r.used;
        if (r.field->count > 0) r.field->at[r.field->count] = (uint32_t)r.text.len;
    }
    r.field->text = r.text.data;
    read->hash[part] = r.hash;
    map_free(&r.map);
    link_token_free(&tokens);
    return err;
}

static uint64_t link_read_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

struct link_read_key {
    uint64_t hash;
    uint32_t table, record;
};

static int link_read_compare(const void *a, const void *b)
{
    const struct link_read_key *x = a, *y = b;
    if (x->table != y->table) return x->table < y->table ? -1 : 1;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

struct link_read_rank {
    uint64_t hash;
    uint32_t table;
};

static int link_read_compare_tables(const void *a, const void *b)
{
    const struct link_read_rank *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return x->table < y->table ? -1 : x->table > y->table;
}

/* Two records of one hash hold the same, so that it does not matter which of them comes first. */
static dw_err link_read_order(struct link_read *read, struct link_read_key *keys)
{
    struct link *link = read->link;
    struct link_read_rank rank[LINK_TABLES];
    uint32_t place[LINK_TABLES];
    for (size_t t = 0; t < read->count; t++) {
        rank[t] = (struct link_read_rank){link_read_mix((uint64_t)read->tables[t].repeat + 1), (uint32_t)t};
        for (uint32_t r = read->start[t]; r < read->start[t + 1]; r++) {
            uint64_t hash = 0;
            for (size_t f = 0; f < link->field_count; f++) {
                const struct link_field *field = &link->field[f];
                for (uint32_t i = field->first[r]; i < field->first[r + 1]; i++)
                    hash = link_read_mix(hash * 31 + read->hash[f][field->token[i]] + f);
            }
            keys[r] = (struct link_read_key){hash, (uint32_t)t, r};
            rank[t].hash += link_read_mix(hash);
        }
    }
    qsort(rank, read->count, sizeof *rank, link_read_compare_tables);
    uint32_t first = 0;
    for (size_t i = 0; i < read->count; i++) {
        size_t t = rank[i].table;
        place[t] = (uint32_t)i;
        link->table_at[i] = (uint32_t)t;
        link->table_first[i] = first;
        link->repeats[i] = read->count == 1 || read->tables[t].repeat == LINK_REPEAT_YES;
        link->guess[i] = read->count > 1 && read->tables[t].repeat == LINK_REPEAT_GUESS;
        first += (uint32_t)read->tables[t].rows;
    }
    link->table_first[read->count] = first;
    for (size_t r = 0; r < link->records; r++) keys[r].table = place[keys[r].table];
    qsort(keys, link->records, sizeof *keys, link_read_compare);
    for (uint32_t i = 0; i < link->records; i++) {
        link->given[i] = keys[i].record;
        link->inside[keys[i].record] = i;
    }
    return DW_OK;
}

/* Records and tokens renumbered: tokens as they are met first. */
static dw_err link_read_renumber(struct link *link, struct link_field *f)
{
    size_t used = f->first[link->records], bytes = f->count > 0 ? f->at[f->count] : 0;
    uint32_t *first = malloc((link->records + 1) * sizeof *first), *token = malloc((used + 1) * sizeof *token);
    uint32_t *new = malloc(((size_t)f->count + 1) * sizeof *new), *at = malloc(((size_t)f->count + 1) * sizeof *at);
    uint32_t *df = malloc(((size_t)f->count + 1) * sizeof *df);
    char *text = malloc(bytes + 1);
    bool good = first != NULL && token != NULL && new != NULL &&at != NULL &&df != NULL &&text != NULL;
    uint32_t count = 0, n = 0, end = 0;
    if (good) memset(new, 0xff, ((size_t)f->count + 1) * sizeof *new);
    for (uint32_t r = 0; good && r < link->records; r++) {
        uint32_t old = link->given[r];
        first[r] = n;
        for (uint32_t i = f->first[old]; i < f->first[old + 1]; i++) {
            uint32_t t = f->token[i];
            if (new[t] == UINT32_MAX) {
                uint32_t len = f->at[t + 1] - f->at[t];
                memcpy(text + end, f->text + f->at[t], len);
                df[count] = f->df[t];
                at[count] = end;
                end += len;
                new[t] = count++;
            }
            token[n++] = new[t];
        }
        if (n > first[r]) link->mask[r] |= UINT32_C(1) << (f - link->field);
    }
    if (good) {
        first[link->records] = n;
        at[count] = end;
        uint32_t *old[] = {f->first, f->token, f->at, f->df};
        for (size_t i = 0; i < sizeof old / sizeof *old; i++) free(old[i]);
        free(f->text);
        f->first = first, f->token = token, f->at = at, f->df = df, f->text = text;
    } else {
        free(first), free(token), free(at), free(df), free(text);
    }
    free(new);
    return good ? DW_OK : DW_E_MEMORY;
}

static dw_err link_read_post(struct link *link, struct link_field *f)
{
    size_t used = f->first[link->records];
    f->post_first = calloc((size_t)f->count + 2, sizeof *f->post_first);
    f->post = malloc((used + 1) * sizeof *f->post);
    if (f->post_first == NULL || f->post == NULL) return DW_E_MEMORY;
    /* post_first[t + 1] runs from a token's first place to its end, which is the next one's first. */
    for (uint32_t t = 0; t < f->count; t++) f->post_first[t + 1] = t == 0 ? 0 : f->post_first[t] + f->df[t - 1];
    for (uint32_t r = 0; r < link->records; r++)
        for (uint32_t i = f->first[r]; i < f->first[r + 1]; i++) f->post[f->post_first[f->token[i] + 1]++] = r;
    return DW_OK;
}

/* A field of one value or of none tells nobody from anybody. */
static void link_read_drop(struct link *link, struct link_read *read)
{
    size_t kept = 0;
    for (size_t f = 0; f < link->field_count; f++) {
        if (link->field[f].count < 2) {
            link_read_free(&link->field[f]);
            free(read->hash[f]);
            continue;
        }
        if (kept != f) {
            link->field[kept] = link->field[f];
            memset(&link->field[f], 0, sizeof link->field[f]);
        }
        read->hash[kept++] = read->hash[f];
    }
    for (size_t f = kept; f < link->field_count; f++) read->hash[f] = NULL;
    link->field_count = kept;
}

dw_err link_read(struct link *link, const struct link_table *tables, size_t count, struct err_detail *detail)
{
    struct link_read read = {.link = link, .tables = tables, .count = count};
    ERR_TRY(link_read_fields(link, tables, count, detail));
    for (size_t t = 0; t < count; t++) {
        if (tables[t].rows > INT32_MAX - read.start[t]) return err_set(detail, DW_E_TOO_LARGE, "%s", tables[t].name);
        read.start[t + 1] = read.start[t] + (uint32_t)tables[t].rows;
    }
    link->records = read.start[count];
    link->table_count = count;
    link->given = malloc((link->records + 1) * sizeof *link->given);
    link->inside = malloc((link->records + 1) * sizeof *link->inside);
    link->mask = calloc(link->records + 1, sizeof *link->mask);
    struct link_read_key *keys = malloc((link->records + 1) * sizeof *keys);
    struct link_job job = {link_read_field, &read, "match.read"};
    dw_err err = link->given == NULL || link->inside == NULL || link->mask == NULL || keys == NULL ? DW_E_MEMORY : DW_OK;
    if (err == DW_OK) err = link_work(link, &job, link->field_count);
    if (err == DW_OK) {
        link_read_drop(link, &read);
        if (link->field_count == 0) err = err_set(detail, DW_E_INVALID, "no column that tells records apart");
    }
    if (err == DW_OK) err = link_read_order(&read, keys);
    free(keys);
    for (size_t f = 0; f < link->field_count; f++) {
        if (err == DW_OK) err = link_read_renumber(link, &link->field[f]);
        if (err == DW_OK) err = link_read_post(link, &link->field[f]);
        free(read.hash[f]);
    }
    return err;
}
