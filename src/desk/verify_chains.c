#include "desk/verify_chains.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "desk/tables.h"

static dw_err verify_receipt_row(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    struct verify_chains *v = ctx;
    (void)count;
    (void)detail;
    if (!arena_grow((void **)&v->receipts, &v->receipt_cap, v->receipt_count + 1, sizeof *v->receipts)) return DW_E_MEMORY;
    struct verify_receipt *receipt = &v->receipts[v->receipt_count];
    struct upload_receipt *r = &receipt->said;
    int64_t device = store_get_int(&c[0]);
    if (device < 0 || device >= site_count(v->site, SITE_DEVICE) || c[6].len != HASH_SIZE || c[7].len != KEYS_SIGN ||
        c[8].len != HASH_SIZE || c[9].len != KEYS_SIGN) {
        verify_fault(v->report, "receipt %lld of device %lld is damaged", (long long)store_get_int(&c[1]), (long long)device);
        return DW_OK;
    }
    *r = (struct upload_receipt){.site = v->site->id,
                                 .device = site_device(v->site, (uint32_t)device)->id,
                                 .last = store_get_int(&c[1]),
                                 .first = store_get_int(&c[2]),
                                 .first_seq = store_get_int(&c[3]),
                                 .sent_ms = store_get_int(&c[4]),
                                 .received_ms = store_get_int(&c[5])};
    memcpy(r->head, c[6].data, HASH_SIZE);
    memcpy(r->device_sign, c[7].data, KEYS_SIGN);
    memcpy(r->verdicts, c[8].data, HASH_SIZE);
    memcpy(r->sign, c[9].data, KEYS_SIGN);
    receipt->device = (uint32_t)device;
    receipt->foreign = receipt->unwarranted = false;
    v->receipt_count++;
    return DW_OK;
}

static int verify_by_seq(const void *a, const void *b)
{
    const struct verify_receipt *x = a, *y = b;
    return x->said.first_seq < y->said.first_seq ? -1 : x->said.first_seq > y->said.first_seq;
}

/* In a thread of its own, beside the walk: two signatures a receipt are much work where phones send often. */
static void *verify_signed(void *ctx)
{
    struct verify_chains *v = ctx;
    const uint8_t *site_key = site_device(v->site, DESK_SITE_DEVICE)->key.bytes;
    for (size_t i = 0; i < v->receipt_count && !atomic_load(&v->stop); i++) {
        struct verify_receipt *r = &v->receipts[i];
        r->foreign = !upload_receipt_device(&r->said, &site_device(v->site, r->device)->key);
        r->unwarranted = !upload_receipt_signed(&r->said, site_key);
    }
    return NULL;
}

dw_err verify_chains_begin(struct verify_chains *v, struct store *store, struct err_detail *detail)
{
    struct store_value id = store_id(&v->site->id);
    v->chains = calloc(site_count(v->site, SITE_DEVICE), sizeof *v->chains);
    if (v->chains == NULL) return DW_E_MEMORY;
    ERR_TRY(store_ask(store, &tables_get(TABLES_RECEIPT)->all, &id, 1, verify_receipt_row, v, detail));
    if (v->receipt_count > 0) qsort(v->receipts, v->receipt_count, sizeof *v->receipts, verify_by_seq);
    v->started = thread_start(&v->thread, verify_signed, v);
    return v->started ? DW_OK : err_set(detail, DW_E_MEMORY, "no thread could be started");
}

static void verify_signatures(struct verify_chains *v)
{
    for (size_t i = 0; i < v->receipt_count; i++) {
        const struct verify_receipt *r = &v->receipts[i];
        const char *name = site_device(v->site, r->device)->name;
        if (r->foreign)
            verify_fault(v->report, "device %u (%s): the signature over its entries to %lld is not its own", r->device, name,
                         (long long)r->said.last);
        if (r->unwarranted)
            verify_fault(v->report, "device %u (%s): the receipt for its entries to %lld is not signed by the site", r->device,
                         name, (long long)r->said.last);
    }
    v->report->receipts = (int64_t)v->receipt_count;
}

/* Entries that no receipt covers are told together. */
static void verify_bare(struct verify_chains *v)
{
    if (v->bare_first > 0)
        verify_fault(v->report, "entries %lld to %lld: no receipt covers them", (long long)v->bare_first,
                     (long long)v->bare_last);
    v->bare_first = 0;
}

/* One receipt that is wrong is told once, and the next entries belong to the next. */
static const struct upload_receipt *verify_receipt_of(struct verify_chains *v, int64_t seq, const struct entry *entry)
{
    while (v->at + 1 < v->receipt_count && v->receipts[v->at + 1].said.first_seq <= seq) {
        const struct verify_receipt *past = &v->receipts[v->at++];
        verify_fault(v->report, "device %u: the receipt for its entries %lld to %lld does not fit those from %lld on",
                     past->device, (long long)past->said.first, (long long)past->said.last, (long long)past->said.first_seq);
    }
    const struct upload_receipt *r = v->at < v->receipt_count ? &v->receipts[v->at].said : NULL;
    if (r != NULL && seq >= r->first_seq && id_equal(r->device, entry->device) && entry->n == r->first + (seq - r->first_seq)) {
        verify_bare(v);
        return r;
    }
    if (v->bare_first == 0) v->bare_first = seq;
    v->bare_last = seq;
    return NULL;
}

/* The receipt that an entry belongs to is the next by sequence number; its verdicts and head must be those recorded. */
static void verify_covered(struct verify_chains *v, int64_t seq, int reason, int64_t at_ms, const struct entry *entry)
{
    const struct upload_receipt *r = verify_receipt_of(v, seq, entry);
    if (r == NULL) return;
    if (seq == r->first_seq) hash_start(&v->verdicts);
    upload_verdict(&v->verdicts, seq, reason, at_ms);
    if (entry->n < r->last) return;
    uint8_t verdicts[HASH_SIZE];
    hash_end(&v->verdicts, verdicts);
    if (memcmp(verdicts, r->verdicts, HASH_SIZE) != 0)
        verify_fault(v->report, "entries %lld to %lld: verdicts or times are not those of the receipt", (long long)r->first_seq,
                     (long long)seq);
    if (memcmp(entry->hash, r->head, HASH_SIZE) != 0)
        verify_fault(v->report, "entry %lld: not the head that the receipt names", (long long)seq);
    v->at++;
}

void verify_chains_see(struct verify_chains *v, const struct ledger_walk_row *row, const struct entry *entry,
                       const struct err_detail *why)
{
    int64_t seq = row->in.seq;
    if (seq != v->seq + 1) verify_fault(v->report, "entries %lld to %lld are missing", (long long)v->seq + 1, (long long)seq - 1);
    v->seq = seq;
    v->report->entries++;
    if (entry == NULL || row->in.device >= site_count(v->site, SITE_DEVICE)) {
        verify_fault(v->report, "entry %lld cannot be read: %s", (long long)seq,
                     entry == NULL ? why->text : "it is of no device of this site");
        return;
    }
    if (row->unread != DW_OK) verify_fault(v->report, "%s", row->why);
    struct verify_chain *chain = &v->chains[row->in.device];
    if (!id_equal(entry->device, site_device(v->site, row->in.device)->id) || entry->n != chain->n + 1 ||
        memcmp(entry->prev, chain->head, HASH_SIZE) != 0)
        verify_fault(v->report, "entry %lld: it does not follow entry %lld of its device", (long long)seq, (long long)chain->n);
    if (row->n != entry->n)
        verify_fault(v->report, "entry %lld: the table calls it entry %lld of its device", (long long)seq, (long long)row->n);
    chain->n = entry->n;
    memcpy(chain->head, entry->hash, HASH_SIZE);
    verify_covered(v, seq, (int)row->reason, row->in.at_ms, entry);
}

void verify_chains_end(struct verify_chains *v)
{
    uint32_t devices = site_count(v->site, SITE_DEVICE);
    pthread_join(v->thread, NULL);
    v->started = false;
    verify_signatures(v);
    verify_bare(v);
    if (v->at < v->receipt_count)
        verify_fault(v->report, "the receipt from entry %lld on has no entries", (long long)v->receipts[v->at].said.first_seq);
    if (v->seq != v->site->seq)
        verify_fault(v->report, "the ledger ends at %lld, not at %lld", (long long)v->seq, (long long)v->site->seq);
    for (uint32_t i = 0; i < devices; i++)
        if (v->chains[i].n != site_device(v->site, i)->head_n ||
            memcmp(v->chains[i].head, site_device(v->site, i)->head, HASH_SIZE) != 0)
            verify_fault(v->report, "device %u: its chain does not end where the table says", i);
    v->report->devices = devices;
}

void verify_chains_free(struct verify_chains *v)
{
    atomic_store(&v->stop, true);
    if (v->started) pthread_join(v->thread, NULL);
    free(v->receipts);
    free(v->chains);
}
