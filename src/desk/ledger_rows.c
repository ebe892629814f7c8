#include "desk/ledger_rows.h"

#include <stdlib.h>
#include <string.h>

#include "desk/parts.h"
#include "desk/tables.h"

enum { LEDGER_ROWS_COLUMNS = 8 };

bool ledger_rows_begin(struct ledger_rows *rows, struct desk *desk, const struct upload *upload, size_t from, int64_t received_ms)
{
    rows->desk = desk;
    rows->upload = upload;
    rows->from = from;
    rows->received_ms = received_ms;
    rows->count = 0;
    arena_reset(&rows->arena);
    hash_start(&rows->verdicts);
    return arena_grow((void **)&rows->entries, &rows->cap, upload->count - from, sizeof *rows->entries) &&
           arena_grow((void **)&rows->values, &rows->value_cap, (upload->count - from) * LEDGER_ROWS_COLUMNS,
                      sizeof *rows->values);
}

dw_err ledger_rows_add(struct ledger_rows *rows, const struct feed_entry *entry, int64_t n)
{
    struct store_value *v = rows->values + rows->count * LEDGER_ROWS_COLUMNS;
    rows->entries[rows->count++] = *entry;
    v[0] = store_id(&rows->desk->site->id);
    v[1] = store_int(entry->seq);
    v[2] = store_int(entry->device);
    v[3] = store_int(n);
    v[4] = store_int(entry->at_ms);
    v[6] = (struct store_value){.type = STORE_TEXT, .data = entry->text, .len = entry->len};
    return DW_OK;
}

dw_err ledger_rows_judged(struct ledger_rows *rows, int reason, struct id on)
{
    const struct feed_entry *entry = &rows->entries[rows->count - 1];
    struct store_value *v = rows->values + (rows->count - 1) * LEDGER_ROWS_COLUMNS;
    v[0] = store_id(&rows->desk->site->id); /* the first entry of all has just made it */
    v[5] = store_int(reason);
    upload_verdict(&rows->verdicts, entry->seq, reason, entry->at_ms);
    return parts_seal(&v[7], rows->desk->keys, on, entry->hash, entry->part, entry->part_len, &rows->arena);
}

bool ledger_rows_find(const struct ledger_rows *rows, int64_t seq, struct feed_entry *out)
{
    if (rows->count == 0 || seq < rows->entries[0].seq || seq > rows->entries[rows->count - 1].seq) return false;
    *out = rows->entries[seq - rows->entries[0].seq];
    return true;
}

static dw_err ledger_rows_put_receipt(struct ledger_rows *rows, const struct upload_receipt *r, struct err_detail *detail)
{
    struct store_value v[] = {store_id(&rows->desk->site->id),
                              store_int(rows->entries[0].device),
                              store_int(r->last),
                              store_int(r->first),
                              store_int(r->first_seq),
                              store_int(r->sent_ms),
                              store_int(r->received_ms),
                              store_bytes(r->head, HASH_SIZE),
                              store_bytes(r->device_sign, KEYS_SIGN),
                              store_bytes(r->verdicts, HASH_SIZE),
                              store_bytes(r->sign, KEYS_SIGN)};
    return store_run(rows->desk->store, &tables_get(TABLES_RECEIPT)->put, v, 11, 1, detail);
}

dw_err ledger_rows_end(struct ledger_rows *rows, struct upload_receipt *receipt, struct err_detail *detail)
{
    const struct upload *upload = rows->upload;
    ERR_TRY(store_run(rows->desk->store, &tables_get(TABLES_ENTRY)->put, rows->values, LEDGER_ROWS_COLUMNS, rows->count, detail));
    *receipt = (struct upload_receipt){.site = upload->site,
                                       .device = upload->device,
                                       .first = upload->first + (int64_t)rows->from,
                                       .last = upload->last,
                                       .first_seq = rows->entries[0].seq,
                                       .sent_ms = upload->sent.ms,
                                       .received_ms = rows->received_ms};
    memcpy(receipt->head, upload->head, HASH_SIZE);
    memcpy(receipt->device_sign, upload->sign, KEYS_SIGN);
    hash_end(&rows->verdicts, receipt->verdicts);
    upload_receipt_sign(receipt, &rows->desk->signer);
    dw_err err = ledger_rows_put_receipt(rows, receipt, detail);
    rows->count = 0;
    return err;
}

void ledger_rows_free(struct ledger_rows *rows)
{
    arena_free(&rows->arena);
    free(rows->entries);
    free(rows->values);
    memset(rows, 0, sizeof *rows);
}

static dw_err ledger_rows_int(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(int64_t *)ctx = store_get_int(&v[0]);
    return DW_OK;
}

dw_err ledger_rows_head(int64_t *out, struct desk *desk, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT head_seq FROM site WHERE site_id = $1"};
    struct store_value id = store_id(&desk->site->id);
    return store_ask(desk->store, &ask, &id, 1, ledger_rows_int, out, detail);
}

static dw_err ledger_rows_read(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct upload_receipt *r = ctx;
    (void)count;
    if (v[5].len != HASH_SIZE || v[6].len != KEYS_SIGN || v[7].len != HASH_SIZE || v[8].len != KEYS_SIGN)
        return err_set(detail, DW_E_DAMAGED, "a receipt");
    r->last = store_get_int(&v[0]);
    r->first = store_get_int(&v[1]);
    r->first_seq = store_get_int(&v[2]);
    r->sent_ms = store_get_int(&v[3]);
    r->received_ms = store_get_int(&v[4]);
    memcpy(r->head, v[5].data, HASH_SIZE);
    memcpy(r->device_sign, v[6].data, KEYS_SIGN);
    memcpy(r->verdicts, v[7].data, HASH_SIZE);
    memcpy(r->sign, v[8].data, KEYS_SIGN);
    return DW_OK;
}

dw_err ledger_rows_receipt(struct upload_receipt *out, struct desk *desk, uint32_t device, int64_t n, struct err_detail *detail)
{
    static const struct store_sql ask = {
        "SELECT last_n, first_n, first_seq, sent_ms, received_ms, head, device_sign, verdicts, site_sign FROM receipt "
        "WHERE site_id = $1 AND device_no = $2 AND last_n >= $3 ORDER BY last_n LIMIT 1"};
    struct store_value v[] = {store_id(&desk->site->id), store_int(device), store_int(n)};
    *out = (struct upload_receipt){.site = desk->site->id, .device = site_device(desk->site, device)->id};
    ERR_TRY(store_ask(desk->store, &ask, v, 3, ledger_rows_read, out, detail));
    return out->first >= 1 && out->first <= n ? DW_OK
                                              : err_set(detail, DW_E_DAMAGED, "no receipt covers entry %lld", (long long)n);
}

struct ledger_rows_hashes {
    uint8_t *out;
    bool found;
};

static dw_err ledger_rows_text(void *ctx, const struct store_value *v, size_t count, struct err_detail *detail)
{
    struct ledger_rows_hashes *h = ctx;
    (void)count;
    (void)detail;
    hash_one(h->out, v[0].data, v[0].len);
    h->found = true;
    return DW_OK;
}

dw_err ledger_rows_hash(uint8_t out[HASH_SIZE], struct desk *desk, uint32_t device, int64_t n, struct err_detail *detail)
{
    static const struct store_sql ask = {"SELECT text FROM entry WHERE site_id = $1 AND seq = $2"};
    struct upload_receipt receipt;
    struct ledger_rows_hashes hash = {out, false};
    memset(out, 0, HASH_SIZE);
    if (n == 0) return DW_OK;
    ERR_TRY(ledger_rows_receipt(&receipt, desk, device, n, detail));
    struct store_value v[] = {store_id(&desk->site->id), store_int(receipt.first_seq + n - receipt.first)};
    ERR_TRY(store_ask(desk->store, &ask, v, 2, ledger_rows_text, &hash, detail));
    return hash.found ? DW_OK : err_set(detail, DW_E_DAMAGED, "entry %lld of a device is not there", (long long)n);
}

dw_err ledger_rows_same(size_t *same, struct desk *desk, uint32_t device, const struct upload *upload, size_t count,
                        struct err_detail *detail)
{
    for (*same = 0; *same < count; (*same)++) {
        uint8_t hash[HASH_SIZE];
        ERR_TRY(ledger_rows_hash(hash, desk, device, upload->first + (int64_t)*same, detail));
        if (memcmp(hash, upload->entries[*same].hash, HASH_SIZE) != 0) break;
    }
    return DW_OK;
}
