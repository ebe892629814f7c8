#include "desk/aside.h"

#include <string.h>

#include "desk/parts.h"
#include "desk/tables.h"

struct aside_known {
    bool there, parts;
};

static dw_err aside_known_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(struct aside_known *)ctx = (struct aside_known){true, v[0].type != STORE_NULL};
    return DW_OK;
}

static dw_err aside_look(struct aside_known *out, struct desk *desk, uint32_t device, int64_t n, const uint8_t hash[HASH_SIZE],
                         struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT parts FROM fork WHERE site_id = $1 AND device_no = $2 AND n = $3 AND hash = $4"};
    struct store_value v[] = {store_id(&desk->site->id), store_int(device), store_int(n), store_bytes(hash, HASH_SIZE)};
    *out = (struct aside_known){false, false};
    return store_ask(desk->store, &ask, v, 4, aside_known_row, out, detail);
}

dw_err aside_has(bool *out, struct desk *desk, uint32_t device, int64_t n, const uint8_t hash[HASH_SIZE],
                 struct err_detail *detail)
{
    struct aside_known known;
    dw_err err = aside_look(&known, desk, device, n, hash, detail);
    *out = known.there;
    return err;
}

/* What nobody can read stands under its device's key. */
static struct id aside_on(struct entry_reader *reader, const struct upload *upload, const struct upload_entry *e)
{
    struct entry entry;
    struct err_detail ignored;
    arena_reset(&reader->arena);
    return entry_open(&entry, reader, e->text, e->len, e->hash, &ignored) == DW_OK ? entry.on : upload->device;
}

/* An entry that came without its clear values before is put again with them; any other that is there stays. */
static dw_err aside_put_one(struct desk *desk, uint32_t device, const struct upload *upload, size_t i, int64_t received_ms,
                            struct entry_reader *reader, struct arena *arena, struct err_detail *detail)
{
    const struct upload_entry *e = &upload->entries[i];
    struct aside_known known;
    struct store_value v[] = {store_id(&desk->site->id),
                              store_int(device),
                              store_int(upload->first + (int64_t)i),
                              store_bytes(e->hash, HASH_SIZE),
                              store_int(received_ms),
                              {.type = STORE_TEXT, .data = e->text, .len = e->len},
                              store_null()};
    ERR_TRY(aside_look(&known, desk, device, upload->first + (int64_t)i, e->hash, detail));
    if (known.there && (known.parts || e->part == NULL)) return DW_OK;
    arena_reset(arena);
    ERR_TRY(parts_seal(&v[6], desk->keys, aside_on(reader, upload, e), e->hash, e->part, e->part_len, arena));
    if (known.there && v[6].type == STORE_NULL) return DW_OK;
    return store_run(desk->store, &tables_get(TABLES_FORK)->put, v, 7, 1, detail);
}

dw_err aside_put(struct desk *desk, uint32_t device, const struct upload *upload, size_t from, int64_t received_ms,
                 struct err_detail *detail)
{
    struct entry_reader reader = {0};
    struct arena arena = {0};
    dw_err err = DW_OK;
    for (size_t i = from; err == DW_OK && i < upload->count; i++)
        err = aside_put_one(desk, device, upload, i, received_ms, &reader, &arena, detail);
    entry_reader_free(&reader);
    arena_free(&arena);
    return err;
}

struct aside_walk {
    dw_err (*visit)(void *ctx, const struct aside_one *one);
    void *ctx;
    struct arena arena;
};

static dw_err aside_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct aside_walk *walk = ctx;
    uint8_t hash[HASH_SIZE];
    (void)count;
    (void)detail;
    arena_reset(&walk->arena);
    struct aside_one one = {.device = (uint32_t)store_get_int(&v[0]),
                            .n = store_get_int(&v[1]),
                            .received_ms = store_get_int(&v[3]),
                            .text = arena_text(&walk->arena, v[4].data, v[4].len),
                            .len = v[4].len};
    if (one.text == NULL) return DW_E_MEMORY;
    hash_one(hash, v[4].data, v[4].len);
    one.sound = v[2].len == HASH_SIZE && memcmp(hash, v[2].data, HASH_SIZE) == 0;
    return walk->visit(walk->ctx, &one);
}

dw_err aside_each(struct desk *desk, dw_err (*visit)(void *ctx, const struct aside_one *one), void *ctx,
                  struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT device_no, n, hash, received_ms, text FROM fork WHERE site_id = $1 ORDER BY device_no, n, received_ms, hash"};
    struct aside_walk walk = {.visit = visit, .ctx = ctx};
    struct store_value id = store_id(&desk->site->id);
    dw_err err = store_ask(desk->store, &ask, &id, 1, aside_row, &walk, detail);
    arena_free(&walk.arena);
    return err;
}
