#include "desk/verify.h"

#include <stdarg.h>
#include <string.h>

#include "desk/aside.h"
#include "desk/replay.h"
#include "desk/tables.h"
#include "desk/verify_chains.h"
#include "desk/verify_tables.h"

void verify_fault(struct verify_report *r, const char *format, ...)
{
    va_list args;
    if (r->faults < VERIFY_TOLD) {
        va_start(args, format);
        vsnprintf(r->told[r->faults], sizeof r->told[0], format, args);
        va_end(args);
    }
    r->faults++;
}

static void verify_see(void *ctx, const struct ledger_walk_row *row, const struct entry *entry, const struct err_detail *why)
{
    verify_chains_see(ctx, row, entry, why);
}

static void verify_broken(void *ctx, const struct err_detail *why)
{
    struct verify_chains *chains = ctx;
    verify_fault(chains->report, "the ledger cannot be replayed: %s", why->text);
}

/* Chains, receipts and replay in one walk over the ledger; then what the replay makes against the tables. */
static dw_err verify_ledger(struct verify_report *report, struct desk *desk, const struct clock_progress *progress,
                            struct err_detail *detail)
{
    struct verify_chains chains = {.site = desk->site, .report = report};
    struct verify_tables tables = {desk, report, progress};
    struct replay_watch watch = {&chains, verify_see, verify_broken};
    struct site *site = NULL;
    dw_err err = verify_chains_begin(&chains, desk->store, detail);
    if (err == DW_OK) err = replay_site(&site, desk->store, desk->keys, desk->site->id, &watch, progress, detail);
    if (err == DW_OK) verify_chains_end(&chains);
    if (site != NULL) err = verify_tables_compare(&tables, site, detail);
    keyring_drop_new(desk->keys);
    site_free(site);
    verify_chains_free(&chains);
    return err;
}

struct verify_set_apart {
    const struct desk *desk;
    struct verify_report *report;
};

/* What was set apart stands under the hash of its text. */
static dw_err verify_aside(void *ctx, const struct aside_one *one)
{
    struct verify_set_apart *apart = ctx;
    apart->report->aside++;
    if (!one->sound || one->device >= site_count(apart->desk->site, SITE_DEVICE))
        verify_fault(apart->report, "device %u: entry %lld that was set apart is not the one that was sent", one->device,
                     (long long)one->n);
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
static dw_err verify_strays(struct desk *desk, struct verify_report *report, struct err_detail *detail)
{
    for (int table = 0; table < TABLES_COUNT; table++) {
        const struct tables_sql *sql = tables_get((enum tables_name)table);
        int64_t strays = 0;
        ERR_TRY(store_ask(desk->store, &sql->stray, NULL, 0, verify_count, &strays, detail));
        if (strays > 0) verify_fault(report, "table %s has %lld rows of no site", sql->name, (long long)strays);
    }
    return DW_OK;
}

static dw_err verify_unsound(void *ctx, const struct store_value *c, size_t count, struct err_detail *detail)
{
    (void)count;
    (void)detail;
    verify_fault(ctx, "the store's file: %.*s", (int)c[0].len, (const char *)c[0].data);
    return DW_OK;
}

/* The ledger says nothing of accounts, sessions and jobs, nor of a table that is empty: their pages are looked at as pages. */
static dw_err verify_file(struct desk *desk, struct verify_report *report, const struct clock_progress *progress,
                          struct err_detail *detail)
{
    if (!clock_tick(progress, "verify.file", 0, 0)) return DW_E_CANCELLED;
    return store_check(desk->store, verify_unsound, report, detail);
}

dw_err verify_run(struct verify_report *report, struct desk *desk, const struct clock_progress *progress,
                  struct err_detail *detail)
{
    uint64_t since = clock_ns();
    memset(report, 0, sizeof *report);
    struct verify_set_apart apart = {desk, report};
    desk_read(desk);
    dw_err err = desk_moment(desk, detail);
    if (err == DW_OK) err = verify_ledger(report, desk, progress, detail);
    if (err == DW_OK) err = aside_each(desk, verify_aside, &apart, detail);
    if (err == DW_OK) err = verify_strays(desk, report, detail);
    if (err == DW_OK) err = verify_file(desk, report, progress, detail);
    for (uint32_t i = 0; err == DW_OK && i < site_count(desk->site, SITE_ROUND); i++) {
        struct err_detail why = {0};
        if (cover_check(site_round(desk->site, i)->cover, &why) != DW_OK)
            verify_fault(report, "round %lld: %s", (long long)site_round(desk->site, i)->number, why.text);
    }
    store_rollback(desk->store);
    desk_read_end(desk);
    report->seconds = (double)(clock_ns() - since) / 1e9;
    report->peak_bytes = clock_peak();
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
    if (err == DW_OK) err = replay_tables(store, keys, progress, detail);
    if (store != NULL) store_rollback(store);
    store_close(store);
    keyring_close(keys);
    return err;
}
