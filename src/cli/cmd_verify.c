#include "cli/cmd.h"
#include "desk/verify.h"

dw_err cmd_verify(struct cli *cli)
{
    static struct verify_report report;
    struct desk *desk = NULL;
    dw_err err = DW_OK;
    if (cli_flag(cli, "rebuild")) err = verify_rebuild(cli_text(cli, "store"), &cli->progress, &cli->detail);
    if (err == DW_OK) err = cmd_desk_bare(&desk, cli);
    if (err == DW_OK) err = verify_run(&report, desk, &cli->progress, &cli->detail);
    desk_close(desk);
    if (err != DW_OK) return err;
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_int(&out, "entries", report.entries);
    out_json_int(&out, "receipts", report.receipts);
    out_json_int(&out, "devices", report.devices);
    out_json_int(&out, "tables", report.tables);
    out_json_int(&out, "rows", report.rows);
    json_key(&out.json, "seconds");
    json_put_double(&out.json, report.seconds, 3);
    json_key(&out.json, "entries_per_s");
    json_put_double(&out.json, (double)report.entries / report.seconds, 0);
    out_json_int(&out, "peak_bytes", (int64_t)report.peak_bytes);
    out_json_int(&out, "apart", report.aside);
    out_json_int(&out, "faults", report.faults);
    json_key(&out.json, "told");
    json_open(&out.json, '[');
    for (int64_t i = 0; i < report.faults && i < VERIFY_TOLD; i++) json_put(&out.json, report.told[i]);
    json_close(&out.json, ']');
    json_close(&out.json, '}');
    if (cli->json) {
        err = out_json_end(&out);
    } else {
        arena_buf_free(&out.buf);
        printf(cli_say(cli, "条目 %lld，回执 %lld，设备 %lld，数据表 %lld 张 %lld 行\n",
                       "%lld entries, %lld receipts, %lld devices, %lld tables of %lld rows\n"),
               (long long)report.entries, (long long)report.receipts, (long long)report.devices, (long long)report.tables,
               (long long)report.rows);
        printf(cli_say(cli, "用时 %.1f 秒，每秒 %.0f 条，内存峰值 %.0f MiB\n",
                       "%.1f seconds, %.0f entries a second, %.0f MiB of memory at most\n"),
               report.seconds, (double)report.entries / report.seconds, (double)report.peak_bytes / (1 << 20));
        for (int64_t i = 0; i < report.faults && i < VERIFY_TOLD; i++) printf("  %s\n", report.told[i]);
        if (report.aside > 0)
            printf(cli_say(cli, "注意：%lld 条因设备分叉而隔离，见 entries apart\n",
                           "Note: %lld entries of devices whose chains forked are set apart, see entries apart\n"),
                   (long long)report.aside);
        if (report.faults == 0)
            printf("%s\n", cli_say(cli, "全部相符，没有改动或丢失。", "Everything fits: nothing was changed or lost."));
    }
    if (err == DW_OK && report.faults > 0)
        err = err_set(&cli->detail, DW_E_DIFFERS, cli_say(cli, "%lld 处不符", "%lld faults"), (long long)report.faults);
    return err;
}
