/* Who has not synced since when, and which entries are outstanding. */
#include <stdio.h>

#include "cli/cmd.h"
#include "desk/pull.h"

/* clang-format off */
static const struct out_column cmd_device_columns[] = {
    {"id", {"编号", "id"}, false}, {"kind", {NULL, NULL}, false}, {"name", {"名称", "name"}, false}, {"member", {"队员", "member"}, false}, {"received", {"已收", "received"}, true},
    {"recorded", {"已记录", "recorded"}, true}, {"outstanding", {"未交", "outstanding"}, true}, {"held", {"待定", "held"}, true}, {"heard", {"最近联系", "last heard of"}, false},
    {"pulled", {"下行到", "pulled to"}, true}, {"clock_s", {"时钟快（秒）", "clock ahead (s)"}, true}, {"until", {"用到", "until"}, false}, {"revoked", {"已停用", "revoked"}, false}};
/* clang-format on */

/* What nobody has said yet is empty, not 0. */
static void cmd_device_known(struct out_rows *rows, bool known, int64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)n);
    out_rows_text(rows, known ? text : "");
}

static void cmd_device_row(struct out_rows *rows, const struct site *site, uint32_t index, const struct pull_heard *h, bool heard)
{
    const struct site_device *d = site_device(site, index);
    char id[ID_TEXT];
    int64_t held = 0;
    bool told = heard && h->recorded >= 0;
    const char *member = d->member == SITE_NONE ? "" : site_member(site, d->member)->name;
    for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++)
        held += site_held(site, i)->device == index && site_held(site, i)->state == SITE_HELD_WAITING;
    id_text(id, d->id);
    out_rows_text(rows, id);
    out_rows_text(rows, kinds_device_kind_texts[d->kind]);
    out_rows_text(rows, d->name);
    out_rows_text(rows, member == NULL ? "" : member);
    out_rows_int(rows, d->head_n);
    cmd_device_known(rows, told, h->recorded);
    cmd_device_known(rows, told, h->recorded > d->head_n ? h->recorded - d->head_n : 0);
    out_rows_int(rows, held);
    out_rows_time(rows, heard ? h->at_ms : SITE_NEVER);
    cmd_device_known(rows, heard && h->pulled_seq >= 0, h->pulled_seq);
    cmd_device_known(rows, heard && h->clock_ms != PULL_NO_CLOCK, h->clock_ms / 1000);
    out_rows_time(rows, d->until_ms);
    out_rows_word(rows, d->revoked ? "true" : "", d->revoked ? "*" : "");
}

dw_err cmd_device_list(struct cli *cli)
{
    struct desk *desk = NULL;
    struct pull_desk *pull = NULL;
    struct out_rows rows;
    int64_t silent = cli_int(cli, "silent") * 60000;
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = pull_open(&pull, desk, cli_text(cli, "store"), &cli->detail);
    if (err != DW_OK) {
        desk_close(desk);
        return err;
    }
    const struct site *site = desk_read(desk);
    out_rows_begin(&rows, cli, cmd_device_columns, sizeof cmd_device_columns / sizeof *cmd_device_columns);
    for (uint32_t i = 0; i < site_count(site, SITE_DEVICE); i++) {
        struct pull_heard heard = {.recorded = -1, .pulled_seq = -1, .clock_ms = PULL_NO_CLOCK};
        bool known = pull_heard(&heard, pull, site_device(site, i)->id);
        bool phone = site_device(site, i)->kind == KINDS_DEVICE_KIND_PHONE && site_device(site, i)->member != SITE_NONE &&
                     !site_device(site, i)->revoked;
        if (silent > 0 && (!phone || (known && heard.at_ms > cli->at.ms - silent))) continue;
        cmd_device_row(&rows, site, i, &heard, known);
    }
    desk_read_end(desk);
    pull_close(pull);
    desk_close(desk);
    return out_rows_end(&rows);
}
