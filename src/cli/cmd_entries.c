#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/cmd.h"
#include "desk/aside.h"
#include "desk/register.h"
#include "desk/writer.h"

struct cmd_entries_sum {
    int64_t uploads, entries, held, known;
    int64_t forks; /* uploads of a device whose chain has forked: set apart */
};

/* Each upload of a file is taken or refused by itself; the first refusal ends the file. What is set apart does not: what follows
 * on it is set apart with it. */
static dw_err cmd_entries_file(struct cli *cli, struct desk *desk, const char *path, struct cmd_entries_sum *sum)
{
    char *text = NULL;
    size_t len = 0, at = 0;
    int64_t line = 0;
    bool more = true;
    struct arena arena = {0};
    dw_err err = cmd_slurp(&text, &len, cli, path);
    while (err == DW_OK && more) {
        struct upload upload;
        struct writer_take take = {.uploads = &upload, .count = 1, .received = cli->at};
        err = upload_parse(&upload, &more, text == NULL ? "" : text, len, &at, &line, &arena, &cli->detail);
        if (err != DW_OK || !more) break;
        err = writer_submit(desk, &take, &cli->detail);
        sum->forks += err == DW_E_FORK;
        if (err == DW_E_FORK) err = DW_OK;
        sum->uploads++;
        sum->entries += (int64_t)upload.count;
        sum->held += (int64_t)take.held;
        sum->known += (int64_t)take.known;
    }
    arena_free(&arena);
    free(text);
    if (err != DW_OK) snprintf(cli->detail.file, sizeof cli->detail.file, "%s", path);
    return err;
}

dw_err cmd_entries_push(struct cli *cli)
{
    struct desk *desk = NULL;
    struct cmd_entries_sum sum = {0};
    dw_err err = cmd_desk(&desk, cli);
    for (int i = 0; err == DW_OK && i < cli->operand_count; i++) err = cmd_entries_file(cli, desk, cli_operand(cli, i), &sum);
    desk_close(desk);
    if (err == DW_OK && sum.forks > 0)
        err = err_set(&cli->detail, DW_E_FORK,
                      cli_say(cli, "%lld 份上传已隔离：见 entries apart", "%lld uploads are set apart: see entries apart"),
                      (long long)sum.forks);
    if (err != DW_OK) return err;
    if (!cli->json) {
        printf(cli_say(cli, "收到 %lld 份、%lld 条：已有 %lld 条，待定 %lld 条\n",
                       "Took %lld uploads of %lld entries: %lld were here already, %lld are held\n"),
               (long long)sum.uploads, (long long)sum.entries, (long long)sum.known, (long long)sum.held);
        return DW_OK;
    }
    printf("{\"uploads\":%lld,\"entries\":%lld,\"known\":%lld,\"held\":%lld}\n", (long long)sum.uploads, (long long)sum.entries,
           (long long)sum.known, (long long)sum.held);
    return DW_OK;
}

dw_err cmd_entries_show(struct cli *cli)
{
    struct desk *desk = NULL;
    int64_t from = cli_int(cli, "from"), limit = cli_int(cli, "limit");
    struct arena arena = {0};
    dw_err err = cmd_desk_bare(&desk, cli);
    if (cli->json) printf("[");
    for (int64_t seq = from < 1 ? 1 : from; err == DW_OK && seq <= desk->site->seq && seq < from + limit; seq++) {
        struct feed_entry entry;
        int reason;
        arena_reset(&arena);
        err = desk_entry(desk, seq, &entry, &reason, &arena, &cli->detail);
        if (err != DW_OK) break;
        const char *verdict = reason == 0 ? "accepted" : kinds_held_reason_texts[reason];
        if (cli->json)
            printf("%s\n{\"seq\":%lld,\"verdict\":\"%s\",\"entry\":%s}", seq == from ? "" : ",", (long long)seq, verdict,
                   entry.text);
        else
            printf("%lld %s %s\n", (long long)seq, verdict, entry.text);
    }
    if (cli->json) printf("]\n");
    arena_free(&arena);
    desk_close(desk);
    return err;
}

dw_err cmd_entries_held(struct cli *cli)
{
    const char *zh[] = {">序号", "设备", ">号", "原因"}, *en[] = {">seq", "device", ">n", "reason"};
    struct desk *desk = NULL;
    struct out_table table;
    struct out_json out;
    ERR_TRY(cmd_desk_bare(&desk, cli));
    out_table_begin(&table, cli->lang == ERR_ZH ? zh : en, 4);
    out_json_begin(&out);
    json_open(&out.json, '[');
    const struct site *site = desk_read(desk);
    for (uint32_t i = 0; i < site_count(site, SITE_HELD); i++) {
        const struct site_held *h = site_held(site, i);
        if (h->state != SITE_HELD_WAITING) continue;
        const char *device = site_device(site, h->device)->name, *reason = kinds_held_reason_texts[h->reason];
        out_table_row(&table, (const char *[]){out_number(&table, h->seq), device, out_number(&table, h->n), reason});
        json_open(&out.json, '{');
        out_json_int(&out, "seq", h->seq);
        out_json_text(&out, "device", device);
        out_json_int(&out, "n", h->n);
        out_json_text(&out, "reason", reason);
        json_close(&out.json, '}');
    }
    desk_read_end(desk);
    json_close(&out.json, ']');
    desk_close(desk);
    return out_either(cli, &table, &out);
}

struct cmd_entries_apart {
    struct out_table table;
    struct out_json out;
    struct site *site;
};

static dw_err cmd_entries_apart_one(void *ctx, const struct aside_one *one)
{
    struct cmd_entries_apart *list = ctx;
    char when[WHEN_TEXT];
    bool known = one->device < site_count(list->site, SITE_DEVICE);
    const char *device = known ? site_device(list->site, one->device)->name : "?";
    when_text(when, (struct when){one->received_ms, when_now().offset});
    out_table_row(&list->table, (const char *[]){device, out_number(&list->table, one->n), when, one->text});
    json_open(&list->out.json, '{');
    out_json_text(&list->out, "device", device);
    out_json_int(&list->out, "n", one->n);
    out_json_text(&list->out, "received", when);
    out_json_text(&list->out, "entry", one->text);
    json_close(&list->out.json, '}');
    return DW_OK;
}

dw_err cmd_entries_apart(struct cli *cli)
{
    const char *zh[] = {"设备", ">号", "收到", "条目"}, *en[] = {"device", ">n", "received", "entry"};
    struct cmd_entries_apart list = {.site = NULL};
    struct desk *desk = NULL;
    ERR_TRY(cmd_desk_bare(&desk, cli));
    list.site = desk->site;
    out_table_begin(&list.table, cli->lang == ERR_ZH ? zh : en, 4);
    out_json_begin(&list.out);
    json_open(&list.out.json, '[');
    desk_read(desk);
    dw_err err = aside_each(desk, cmd_entries_apart_one, &list, &cli->detail);
    desk_read_end(desk);
    json_close(&list.out.json, ']');
    desk_close(desk);
    if (err == DW_OK) return out_either(cli, &list.table, &list.out);
    out_drop(&list.table, &list.out);
    return err;
}

dw_err cmd_entries_decide(struct cli *cli)
{
    struct desk *desk = NULL;
    int64_t seq;
    const char *text = cli_operand(cli, 0);
    if (!text_int(&seq, text, strlen(text))) return err_set(&cli->detail, DW_E_USAGE, "%s", text);
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK) err = register_decide_held(desk, seq, cli_choice(cli, "as") == 0, cli->at, &cli->detail);
    desk_close(desk);
    if (err == DW_OK) printf("%s\n", cli->json ? "{}" : cli_say(cli, "已决定", "Decided"));
    return err;
}
