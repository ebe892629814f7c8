#include "desk/verify.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "desk/aside.h"
#include "desk/replay.h"
#include "desk/tables.h"
#include "ledger/upload.h"

enum { VERIFY_TICK = 4096 };

struct verify_chain {
    int64_t n;
    uint8_t head[HASH_SIZE];
};

struct verify {
    struct desk *desk;
    struct verify_report *report;
    const struct clock_progress *progress;
    struct upload_receipt *receipts;
    uint32_t *receipt_devices;
    size_t receipt_count, receipt_cap, device_cap, at;
    struct hash_stream verdicts;
    struct verify_chain *chains; /* one a device */
    struct entry_reader reader;
    int64_t seq;
    uint64_t *hashes; /* of one table's rows */
    size_t hash_count, hash_cap, compared;
    enum tables_name table;
};

static void verify_fault(struct verify *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void verify_fault(struct verify *v, const char *format, ...)
{
    va_list args;
    struct verify_report *r = v->report;
    if (r->faults < VERIFY_TOLD) {
        va_start(args, format);
        vsnprintf(r->told[r->faults], sizeof r->told[0], format, args);
        va_end(args);
    }
    r->faults++;
}

static dw_err verify_receipt_row(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    struct verify *v = ctx;
    (void)count;
    (void)detail;
    if (!arena_grow((void **)&v->receipts, &v->receipt_cap, v->receipt_count + 1, sizeof *v->receipts) ||
        !arena_grow((void **)&v->receipt_devices, &v->device_cap, v->receipt_count + 1, sizeof *v->receipt_devices))
        return DW_E_MEMORY;
    struct upload_receipt *r = &v->receipts[v->receipt_count];
    int64_t device = store_get_int(&c[0]);
    if (device < 0 || device >= site_count(v->desk->site, SITE_DEVICE) || c[6].len != HASH_SIZE || c[7].len != KEYS_SIGN ||
        c[8].len != HASH_SIZE || c[9].len != KEYS_SIGN) {
        verify_fault(v, "receipt %lld of device %lld is damaged", (long long)store_get_int(&c[1]), (long long)device);
        return DW_OK;
    }
    *r = (struct upload_receipt){.site = v->desk->site->id,
                                 .device = site_device(v->desk->site, (uint32_t)device)->id,
                                 .last = store_get_int(&c[1]),
                                 .first = store_get_int(&c[2]),
                                 .first_seq = store_get_int(&c[3]),
                                 .sent_ms = store_get_int(&c[4]),
                                 .received_ms = store_get_int(&c[5])};
    memcpy(r->head, c[6].data, HASH_SIZE);
    memcpy(r->device_sign, c[7].data, KEYS_SIGN);
    memcpy(r->verdicts, c[8].data, HASH_SIZE);
    memcpy(r->sign, c[9].data, KEYS_SIGN);
    v->receipt_devices[v->receipt_count++] = (uint32_t)device;
    return DW_OK;
}

static int verify_by_seq(const void *a, const void *b)
{
    const struct upload_receipt *x = a, *y = b;
    return x->first_seq < y->first_seq ? -1 : x->first_seq > y->first_seq;
}

static void verify_signatures(struct verify *v)
{
    const struct site *site = v->desk->site;
    const uint8_t *site_key = site_device(site, DESK_SITE_DEVICE)->public_key;
    for (size_t i = 0; i < v->receipt_count; i++) {
        const struct upload_receipt *r = &v->receipts[i];
        const struct site_device *d = site_device(site, v->receipt_devices[i]);
        if (!upload_receipt_device(r, d->public_key))
            verify_fault(v, "device %u (%s): the signature over its entries to %lld is not its own", v->receipt_devices[i],
                         d->name, (long long)r->last);
        if (!upload_receipt_signed(r, site_key))
            verify_fault(v, "device %u (%s): the receipt for its entries to %lld is not signed by the site",
                         v->receipt_devices[i], d->name, (long long)r->last);
    }
    v->report->receipts = (int64_t)v->receipt_count;
}

/* The receipt that an entry belongs to is the next by sequence number; its verdicts and head must be those recorded. */
static void verify_covered(struct verify *v, int64_t seq, int reason, int64_t at_ms, const struct entry *entry)
{
    const struct upload_receipt *r = v->at < v->receipt_count ? &v->receipts[v->at] : NULL;
    if (r == NULL || seq < r->first_seq || !id_equal(r->device, entry->device) || entry->n != r->first + (seq - r->first_seq)) {
        verify_fault(v, "entry %lld: no receipt covers it", (long long)seq);
        return;
    }
    if (seq == r->first_seq) hash_start(&v->verdicts);
    upload_verdict(&v->verdicts, seq, reason, at_ms);
    if (entry->n < r->last) return;
    uint8_t verdicts[HASH_SIZE];
    hash_end(&v->verdicts, verdicts);
    if (memcmp(verdicts, r->verdicts, HASH_SIZE) != 0)
        verify_fault(v, "entries %lld to %lld: verdicts or times are not those of the receipt", (long long)r->first_seq,
                     (long long)seq);
    if (memcmp(entry->hash, r->head, HASH_SIZE) != 0)
        verify_fault(v, "entry %lld: not the head that the receipt names", (long long)seq);
    v->at++;
}

static dw_err verify_entry_row(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    struct verify *v = ctx;
    const struct site *site = v->desk->site;
    int64_t seq = store_get_int(&c[0]), device = store_get_int(&c[1]);
    struct entry entry;
    struct err_detail why = {0};
    (void)count;
    (void)detail;
    if (seq != v->seq + 1) verify_fault(v, "entries %lld to %lld are missing", (long long)v->seq + 1, (long long)seq - 1);
    v->seq = seq;
    if (seq % VERIFY_TICK == 0 && !clock_tick(v->progress, "verify.chains", (uint64_t)seq, (uint64_t)site->seq))
        return DW_E_CANCELLED;
    v->report->entries++;
    arena_reset(&v->reader.arena);
    dw_err err = entry_open(&entry, &v->reader, c[5].data, c[5].len, NULL, &why);
    if (err == DW_E_MEMORY) return err;
    if (err != DW_OK || device < 0 || device >= site_count(site, SITE_DEVICE)) {
        verify_fault(v, "entry %lld cannot be read: %s", (long long)seq, why.text);
        return DW_OK;
    }
    struct verify_chain *chain = &v->chains[device];
    if (!id_equal(entry.device, site_device(site, (uint32_t)device)->id) || entry.n != chain->n + 1 ||
        memcmp(entry.prev, chain->head, HASH_SIZE) != 0)
        verify_fault(v, "entry %lld: it does not follow entry %lld of its device", (long long)seq, (long long)chain->n);
    chain->n = entry.n;
    memcpy(chain->head, entry.hash, HASH_SIZE);
    verify_covered(v, seq, (int)store_get_int(&c[4]), store_get_int(&c[3]), &entry);
    return DW_OK;
}

static dw_err verify_chains(struct verify *v, struct err_detail *detail)
{
    const struct site *site = v->desk->site;
    struct store_value id = store_id(&site->id);
    uint32_t devices = site_count(site, SITE_DEVICE);
    v->chains = calloc(devices, sizeof *v->chains);
    if (v->chains == NULL) return DW_E_MEMORY;
    ERR_TRY(store_ask(v->desk->store, &tables_get(TABLES_RECEIPT)->all, &id, 1, verify_receipt_row, v, detail));
    verify_signatures(v);
    qsort(v->receipts, v->receipt_count, sizeof *v->receipts, verify_by_seq);
    ERR_TRY(store_ask(v->desk->store, &tables_get(TABLES_ENTRY)->all, &id, 1, verify_entry_row, v, detail));
    if (v->at < v->receipt_count)
        verify_fault(v, "the receipt from entry %lld on has no entries", (long long)v->receipts[v->at].first_seq);
    if (v->seq != site->seq) verify_fault(v, "the ledger ends at %lld, not at %lld", (long long)v->seq, (long long)site->seq);
    for (uint32_t i = 0; i < devices; i++)
        if (v->chains[i].n != site_device(site, i)->head_n ||
            memcmp(v->chains[i].head, site_device(site, i)->head, HASH_SIZE) != 0)
            verify_fault(v, "device %u: its chain does not end where the table says", i);
    v->report->devices = devices;
    return DW_OK;
}

static dw_err verify_aside(void *ctx, const struct aside_one *one)
{
    struct verify *v = ctx;
    v->report->aside++;
    if (!one->sound || one->device >= site_count(v->desk->site, SITE_DEVICE))
        verify_fault(v, "device %u: its entry %lld that was set apart was altered", one->device, (long long)one->n);
    return DW_OK;
}

static uint64_t verify_hash(const struct store_value *c, size_t count)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t parts[4] = {hash, (uint64_t)c[i].type, c[i].type == STORE_INT ? (uint64_t)c[i].n : 0, 0};
        if (c[i].type == STORE_TEXT || c[i].type == STORE_BYTES) parts[3] = hash_quick(c[i].data, c[i].len);
        hash = hash_quick(parts, sizeof parts);
    }
    return hash;
}

static dw_err verify_left(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    struct verify *v = ctx;
    (void)detail;
    if (!arena_grow((void **)&v->hashes, &v->hash_cap, v->hash_count + 1, sizeof *v->hashes)) return DW_E_MEMORY;
    v->hashes[v->hash_count++] = verify_hash(c, count);
    return DW_OK;
}

static dw_err verify_right(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    struct verify *v = ctx;
    size_t row = v->compared++;
    (void)detail;
    if (row < v->hash_count && v->hashes[row] != verify_hash(c, count))
        verify_fault(v, "table %s, row %zu: not what the ledger says", tables_get(v->table)->name, row + 1);
    return DW_OK;
}

static dw_err verify_tables(struct verify *v, struct store *scratch, struct err_detail *detail)
{
    struct store_value id = store_id(&v->desk->site->id);
    for (int table = 0; table < TABLES_COUNT; table++) {
        if (table == TABLES_ENTRY || table == TABLES_RECEIPT || table == TABLES_FORK) continue;
        if (!clock_tick(v->progress, "verify.tables", (uint64_t)table, TABLES_COUNT)) return DW_E_CANCELLED;
        v->table = (enum tables_name)table;
        v->hash_count = v->compared = 0;
        ERR_TRY(store_ask(scratch, &tables_get(v->table)->all, &id, 1, verify_left, v, detail));
        ERR_TRY(store_ask(v->desk->store, &tables_get(v->table)->all, &id, 1, verify_right, v, detail));
        if (v->hash_count != v->compared)
            verify_fault(v, "table %s has %zu rows, the ledger makes %zu", tables_get(v->table)->name, v->compared,
                         v->hash_count);
        v->report->tables++;
        v->report->rows += (int64_t)v->compared;
    }
    return DW_OK;
}

static dw_err verify_count(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    *(int64_t *)ctx = store_get_int(&c[0]);
    return DW_OK;
}

/* Rows that no site reads: what was written under an id that is none. */
static dw_err verify_strays(struct verify *v, struct err_detail *detail)
{
    for (int table = 0; table < TABLES_COUNT; table++) {
        const struct tables_sql *sql = tables_get((enum tables_name)table);
        int64_t strays = 0;
        ERR_TRY(store_ask(v->desk->store, &sql->stray, NULL, 0, verify_count, &strays, detail));
        if (strays > 0) verify_fault(v, "table %s has %lld rows of no site", sql->name, (long long)strays);
    }
    return DW_OK;
}

static dw_err verify_replay(struct verify *v, struct err_detail *detail)
{
    struct site *site = NULL;
    struct store *scratch = NULL;
    struct err_detail why = {0};
    dw_err err = replay_site(&site, v->desk->store, v->desk->keys, v->desk->site->id, v->progress, &why);
    if (err == DW_E_CHAIN || err == DW_E_ENTRY || err == DW_E_JSON || err == DW_E_UTF8 || err == DW_E_DAMAGED ||
        err == DW_E_KEYS) {
        verify_fault(v, "the ledger cannot be replayed: %s", why.text);
        return DW_OK;
    }
    if (err != DW_OK && detail != NULL) *detail = why;
    if (err == DW_OK) err = store_open(&scratch, "", STORE_SCRATCH, detail);
    if (err == DW_OK) err = store_begin(scratch, detail);
    if (err == DW_OK) err = tables_flush(site, scratch, v->desk->keys, true, detail);
    if (err == DW_OK) err = store_commit(scratch, detail);
    if (err == DW_OK) err = verify_tables(v, scratch, detail);
    store_close(scratch);
    site_free(site);
    keyring_drop_new(v->desk->keys);
    return err;
}

dw_err verify_run(struct verify_report *report, struct desk *desk, const struct clock_progress *progress,
                  struct err_detail *detail)
{
    struct verify v = {.desk = desk, .report = report, .progress = progress};
    memset(report, 0, sizeof *report);
    desk_read(desk);
    dw_err err = desk_moment(desk, detail);
    if (err == DW_OK) err = verify_chains(&v, detail);
    if (err == DW_OK) err = aside_each(desk, verify_aside, &v, detail);
    if (err == DW_OK) err = verify_replay(&v, detail);
    if (err == DW_OK) err = verify_strays(&v, detail);
    for (uint32_t i = 0; err == DW_OK && i < site_count(desk->site, SITE_ROUND); i++) {
        struct err_detail why = {0};
        if (cover_check(site_round(desk->site, i)->cover, &why) != DW_OK)
            verify_fault(&v, "round %lld: %s", (long long)site_round(desk->site, i)->number, why.text);
    }
    store_rollback(desk->store);
    desk_read_end(desk);
    free(v.receipts);
    free(v.receipt_devices);
    free(v.chains);
    free(v.hashes);
    entry_reader_free(&v.reader);
    return err;
}

static dw_err verify_rebuild_in(struct store *store, struct keyring *keys, const struct clock_progress *progress,
                                struct err_detail *detail)
{
    struct site *site = NULL;
    struct id id;
    dw_err err = tables_site_id(&id, store, detail);
    if (err == DW_OK) err = keyring_catch_up(keys, detail);
    if (err == DW_OK) err = replay_site(&site, store, keys, id, progress, detail);
    if (err == DW_OK) err = tables_flush(site, store, keys, true, detail);
    if (err == DW_OK) err = keyring_save(keys, detail);
    if (err == DW_OK) err = store_commit(store, detail);
    site_free(site);
    return err;
}

dw_err verify_rebuild(const char *url, const struct clock_progress *progress, struct err_detail *detail)
{
    struct store *store = NULL;
    struct keyring *keys = NULL;
    if (!keys_start()) return err_set(detail, DW_E_KEYS, "the cryptographic library does not start");
    dw_err err = store_open(&store, url, STORE_USE, detail);
    if (err == DW_OK) err = keyring_open(&keys, url, detail);
    if (err == DW_OK) err = store_begin(store, detail);
    if (err == DW_OK) err = verify_rebuild_in(store, keys, progress, detail);
    if (store != NULL) store_rollback(store);
    store_close(store);
    keyring_close(keys);
    return err;
}
