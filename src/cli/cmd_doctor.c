#include "cli/doctor.h"

/* clang-format off */
static const struct out_column cmd_doctor_columns[] = {
    {"check", {"检查", "check"}, false}, {"state", {"状态", "state"}, false}, {"found", {"情况", "found"}, false}, {"fix", {"怎么办", "what to do"}, false}};
/* clang-format on */

dw_err cmd_doctor(struct cli *cli)
{
    static struct doctor d;
    d.cli = cli;
    out_rows_begin(&d.rows, cli, cmd_doctor_columns, sizeof cmd_doctor_columns / sizeof *cmd_doctor_columns);
    doctor_settings(&d);
    doctor_store(&d, cli_flag(cli, "deep"));
    doctor_machine(&d);
    doctor_server(&d);
    doctor_backups(&d);
    desk_close(d.desk);
    ERR_TRY(out_rows_end(&d.rows));
    err_clear(&cli->detail);
    if (d.states[DOCTOR_WRONG] == 0) return DW_OK;
    return err_set(&cli->detail, DW_E_UNWELL, cli_say(cli, "%lld 处", "%lld found"), (long long)d.states[DOCTOR_WRONG]);
}
