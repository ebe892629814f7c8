#include <string.h>

#include "desk/account_store.h"

struct account_listing {
    struct arena_buf rows;
};

static dw_err account_list_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct account_listing *listing = ctx;
    struct account_told told = {.member = store_get_id(&v[1]),
                                .disabled = store_get_int(&v[2]) != 0,
                                .password = store_get_int(&v[3]) != 0,
                                .second = store_get_int(&v[4]) != 0,
                                .identities = store_get_int(&v[5]),
                                .sessions = store_get_int(&v[6]),
                                .seen_ms = v[7].type == STORE_NULL ? 0 : store_get_int(&v[7]),
                                .locked_ms = store_get_int(&v[8])};
    (void)count;
    (void)detail;
    snprintf(told.login, sizeof told.login, "%.*s", (int)v[0].len, (const char *)v[0].data);
    arena_buf_put(&listing->rows, &told, sizeof told);
    return listing->rows.failed ? DW_E_MEMORY : DW_OK;
}

dw_err account_list(struct account_told **out, size_t *count, struct arena *arena, struct account_desk *accounts, struct when at,
                    struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT a.login, s.member_id, a.disabled, CASE WHEN a.password = '' THEN 0 ELSE 1 END, "
        "CASE WHEN a.totp IS NOT NULL AND a.totp_step >= 0 THEN 1 ELSE 0 END, "
        "(SELECT count(*) FROM identity i WHERE i.account_id = a.account_id), "
        "(SELECT count(*) FROM session e WHERE e.account_id = a.account_id AND e.until_ms > $1), "
        "(SELECT max(seen_ms) FROM session e WHERE e.account_id = a.account_id), a.locked_ms "
        "FROM account a JOIN account_site s ON s.account_id = a.account_id AND s.site_id = $2 ORDER BY a.login",
        NULL};
    struct account_listing listing = {{0}};
    struct store_value v[] = {store_int(at.ms), store_id(&accounts->site)};
    dw_err err = account_ask(accounts, &ask, v, 2, account_list_row, &listing, detail);
    *count = listing.rows.len / sizeof **out;
    *out = err == DW_OK ? arena_alloc(arena, listing.rows.len + 1) : NULL;
    if (err == DW_OK && *out == NULL) err = DW_E_MEMORY;
    if (err == DW_OK && listing.rows.len > 0) memcpy(*out, listing.rows.data, listing.rows.len);
    arena_buf_free(&listing.rows);
    return err;
}
