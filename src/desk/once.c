#include "desk/once.h"

#include <string.h>

struct once_row {
    const uint8_t *request, *key;
    uint8_t secret[KEYS_SECRET];
    struct arena *arena;
    struct once_answer *out;
    enum once_found *found;
    const char *mark; /* stands in the place of the type while it is ours */
};

static dw_err once_read(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct once_row *row = ctx;
    (void)count;
    row->out->status = store_get_int(&v[1]);
    if (v[2].type == STORE_TEXT) snprintf(row->out->type, ONCE_TYPE, "%.*s", (int)v[2].len, (const char *)v[2].data);
    if (row->out->status == 0) {
        *row->found = strcmp(row->out->type, row->mark) == 0 ? ONCE_NEW : ONCE_BEGUN;
        return DW_OK;
    }
    bool same = v[0].type == STORE_BYTES && v[0].len == HASH_SIZE && memcmp(v[0].data, row->request, HASH_SIZE) == 0;
    *row->found = same ? ONCE_KNOWN : ONCE_OTHER;
    if (!same || v[3].type != STORE_BYTES || v[3].len < KEYS_OVERHEAD) return DW_OK;
    char *body = arena_alloc(row->arena, v[3].len - KEYS_OVERHEAD + 1);
    if (body == NULL) return DW_E_MEMORY;
    if (!keys_open(body, row->secret, v[3].data, v[3].len)) return err_set(detail, DW_E_KEYS, "a kept answer does not open");
    row->out->body = body;
    row->out->len = v[3].len - KEYS_OVERHEAD;
    return DW_OK;
}

static void once_secret(uint8_t out[KEYS_SECRET], struct window *window)
{
    keys_derive(out, keyring_blind(window_desk(window)->keys), "answers");
}

dw_err once_begin(enum once_found *found, struct once_answer *out, struct window *window, const uint8_t key[HASH_SIZE],
                  const uint8_t request[HASH_SIZE], int64_t now_ms, struct arena *arena, struct err_detail *detail)
{
    static const struct store_sql old = {"DELETE FROM answered WHERE at_ms < $1", NULL},
                                  put = {"INSERT INTO answered (site_id, key, request, at_ms, status, type, body) VALUES "
                                         "($1, $2, $3, $4, 0, $5, NULL) ON CONFLICT (site_id, key) DO NOTHING",
                                         NULL},
                                  ask = {"SELECT request, status, type, body FROM answered WHERE site_id = $1 AND key = $2",
                                         NULL};
    uint8_t bytes[16];
    char mark[2 * sizeof bytes + 1];
    struct once_row row = {.request = request, .key = key, .arena = arena, .out = out, .found = found, .mark = mark};
    struct store_value before = store_int(now_ms - ONCE_MS);
    rng_bytes(NULL, bytes, sizeof bytes);
    hash_hex(mark, bytes, sizeof bytes);
    memset(out, 0, sizeof *out);
    *found = ONCE_BEGUN;
    struct store_value v[] = {store_id(&window_desk(window)->site->id), store_bytes(key, HASH_SIZE),
                              store_bytes(request, HASH_SIZE), store_int(now_ms), store_text(mark)};
    ERR_TRY(window_run(window, &old, &before, 1, detail));
    ERR_TRY(window_run(window, &put, v, 5, detail));
    once_secret(row.secret, window);
    dw_err err = window_ask(window, &ask, v, 2, once_read, &row, detail);
    keys_wipe(row.secret, sizeof row.secret);
    return err;
}

dw_err once_end(struct window *window, const uint8_t key[HASH_SIZE], const struct once_answer *answer, struct err_detail *detail)
{
    static const struct store_sql put = {"UPDATE answered SET status = $1, type = $2, body = $3 WHERE site_id = $4 AND key = $5",
                                         NULL},
                                  drop = {"DELETE FROM answered WHERE site_id = $1 AND key = $2", NULL};
    struct store_value site = store_id(&window_desk(window)->site->id), name = store_bytes(key, HASH_SIZE);
    uint8_t secret[KEYS_SECRET];
    struct arena arena = {0};
    if (answer == NULL) return window_run(window, &drop, (struct store_value[]){site, name}, 2, detail);
    uint8_t *sealed = answer->body == NULL ? NULL : arena_alloc(&arena, answer->len + KEYS_OVERHEAD);
    if (sealed != NULL) {
        once_secret(secret, window);
        keys_seal(sealed, secret, key, HASH_SIZE, answer->body, answer->len);
        keys_wipe(secret, sizeof secret);
    }
    struct store_value v[] = {store_int(answer->status), store_text(answer->type),
                              sealed == NULL ? store_null() : store_bytes(sealed, answer->len + KEYS_OVERHEAD), site, name};
    dw_err err = window_run(window, &put, v, 5, detail);
    arena_free(&arena);
    return err;
}
