/* A copy and its store are held against each other by what each says of itself. */
#include "desk/backup.h"

#include <string.h>

static dw_err backup_count(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(int64_t *)ctx = store_get_int(&v[0]);
    return DW_OK;
}

static dw_err backup_row(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)detail;
    for (size_t i = 0; i < count; i++) {
        bool bytes = v[i].type == STORE_TEXT || v[i].type == STORE_BYTES;
        int64_t head[3] = {v[i].type, v[i].type == STORE_INT ? v[i].n : 0, bytes ? (int64_t)v[i].len : 0};
        hash_add(ctx, head, sizeof head);
        if (bytes) hash_add(ctx, v[i].data, v[i].len);
    }
    return DW_OK;
}

dw_err backup_moment(struct backup_moment *out, struct store *store, struct err_detail *detail)
{
    struct id site;
    struct hash_stream heads;
    memset(out, 0, sizeof *out);
    ERR_TRY(tables_site_id(&site, store, detail));
    struct store_value id = store_id(&site);
    for (int table = 0; table < TABLES_COUNT; table++)
        ERR_TRY(store_ask(store, &tables_get((enum tables_name)table)->count, &id, 1, backup_count, &out->rows[table], detail));
    hash_start(&heads);
    ERR_TRY(store_ask(store, &tables_get(TABLES_SITE)->all, &id, 1, backup_row, &heads, detail));
    ERR_TRY(store_ask(store, &tables_get(TABLES_DEVICE)->all, &id, 1, backup_row, &heads, detail));
    hash_end(&heads, out->heads);
    return DW_OK;
}
