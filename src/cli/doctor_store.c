/* The store, its keys, its chains. */
#include <string.h>

#include "cli/doctor.h"
#include "desk/ledger_rows.h"
#include "desk/verify.h"

static bool doctor_store_keys(struct doctor *d, const char *store)
{
    static const char *const endings[] = {".sitekey", ".keys"};
    bool good = true;
    for (int i = 0; i < 2; i++) {
        char path[4200];
        snprintf(path, sizeof path, "%s%s", store, endings[i]);
        good = doctor_private(d, "keys", path, DW_E_KEYS) && good;
    }
    return good;
}

/* Every device's chain ends with the entry that its table says, and the site's own signature stands under its last receipt. */
static dw_err doctor_store_heads(int64_t *wrong, struct doctor *d)
{
    const struct site *site = desk_read(d->desk);
    dw_err err = DW_OK;
    *wrong = 0;
    for (uint32_t i = 0; err == DW_OK && i < site_count(site, SITE_DEVICE); i++) {
        const struct site_device *device = site_device(site, i);
        struct upload_receipt receipt;
        uint8_t hash[HASH_SIZE];
        if (device->head_n == 0) continue;
        err = ledger_rows_hash(hash, d->desk, i, device->head_n, &d->cli->detail);
        if (err == DW_OK) err = ledger_rows_receipt(&receipt, d->desk, i, device->head_n, &d->cli->detail);
        if (err != DW_OK) break;
        bool good = memcmp(hash, device->head, HASH_SIZE) == 0 && memcmp(receipt.head, hash, HASH_SIZE) == 0 &&
                    upload_receipt_signed(&receipt, d->desk->signer.public_key);
        *wrong += !good;
    }
    desk_read_end(d->desk);
    return err;
}

static void doctor_store_chains(struct doctor *d)
{
    struct cli *cli = d->cli;
    int64_t wrong;
    dw_err err = doctor_store_heads(&wrong, d);
    if (err != DW_OK)
        doctor_error(d, "chains", NULL, err);
    else if (wrong > 0)
        doctor_say(d, "chains", DOCTOR_WRONG,
                   cli_say(cli, "运行 doorward verify，保留现有文件", "run doorward verify, and keep the present files"),
                   cli_say(cli, "%lld 部设备的链尾与台账不符", "the chains of %lld devices do not end as the ledger says"),
                   (long long)wrong);
    else
        doctor_say(
            d, "chains", DOCTOR_GOOD, NULL, "%s",
            cli_say(cli, "每部设备的链尾和最后一张回执都相符", "the end of every device's chain and its last receipt fit"));
}

static void doctor_store_verify(struct doctor *d)
{
    static struct verify_report report;
    struct cli *cli = d->cli;
    dw_err err = verify_run(&report, d->desk, &cli->progress, &cli->detail);
    if (err != DW_OK)
        doctor_error(d, "verify", NULL, err);
    else if (report.faults > 0)
        doctor_say(
            d, "verify", DOCTOR_WRONG,
            cli_say(cli, "运行 doorward verify 看全部，保留现有文件", "see all with doorward verify, and keep the present files"),
            cli_say(cli, "%lld 处：%s", "%lld faults: %s"), (long long)report.faults, report.told[0]);
    else
        doctor_say(d, "verify", DOCTOR_GOOD, NULL,
                   cli_say(cli, "%lld 条台账重放后全部相符", "%lld entries, replayed, everything verifies"),
                   (long long)report.entries);
}

void doctor_store(struct doctor *d, bool deep)
{
    struct cli *cli = d->cli;
    const char *store = cli_text(cli, "store");
    bool keys = doctor_store_keys(d, store);
    dw_err err = desk_open(&d->desk, store, &cli->detail);
    if (err != DW_OK) {
        doctor_error(d, "store", store, err);
        return;
    }
    if (keys) doctor_say(d, "keys", DOCTOR_GOOD, NULL, "%s.sitekey, %s.keys", store, store);
    if (desk_disposed(d->desk)) {
        doctor_say(d, "store", DOCTOR_NOTE, NULL, "%s: %s", store, err_title(DW_E_DISPOSED, cli->lang));
        return;
    }
    const struct site *site = desk_read(d->desk);
    doctor_say(d, "store", DOCTOR_GOOD, NULL, cli_say(cli, "%s：%s，台账 %lld 条", "%s: %s, %lld entries"), store, site->name,
               (long long)site->seq);
    desk_read_end(d->desk);
    doctor_store_chains(d);
    if (deep) doctor_store_verify(d);
}
