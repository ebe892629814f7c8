/* doorward: finds the command, runs it, tells errors. Exit status 0 done, 1 failed, 2 wrong usage. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/keys.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/conf.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "commands_gen.h"

static int main_tell(struct cli *cli, dw_err err)
{
    char line[2048];
    err_format(line, sizeof line, err, &cli->detail, cli->lang);
    if (!cli->json) {
        fprintf(stderr, "doorward: %s\n", line);
        return err_exit(err);
    }
    struct arena_buf buf = {0};
    struct json_out json = {.buf = &buf};
    json_open(&json, '{');
    json_key(&json, "error");
    json_put(&json, err_name(err));
    json_key(&json, "title");
    json_put(&json, err_title(err, cli->lang));
    json_key(&json, "detail");
    json_put(&json, cli->detail.text);
    json_key(&json, "file");
    json_put(&json, cli->detail.file);
    json_key(&json, "sheet");
    json_put(&json, cli->detail.sheet);
    json_key(&json, "row");
    json_put_int(&json, cli->detail.row);
    json_key(&json, "column");
    json_put(&json, cli->detail.column);
    json_key(&json, "fix");
    json_put(&json, err_fix(err, cli->lang));
    json_close(&json, '}');
    fprintf(stderr, "%s\n", buf.data == NULL ? "{}" : buf.data);
    arena_buf_free(&buf);
    return err_exit(err);
}

static dw_err main_run(struct cli *cli)
{
    const char *at = cli_text(cli, "at");
    dw_err conf = conf_load(cli);
    if (conf != DW_OK && cli->command->run != cmd_doctor) return conf; /* who looks for what is wrong tells this with the rest */
    if (cli->conf.values[SETTINGS_NAME_LANG] != NULL)                  /* the file goes before the system's language only */
        cli->lang = strcmp(conf_text(cli, SETTINGS_NAME_LANG), "zh") == 0 ? ERR_ZH : ERR_EN;
    cli->json = cli_flag(cli, "json");
    cli->at = when_now();
    if (at != NULL && !cli_time(cli, "at", &cli->at)) return err_set(&cli->detail, DW_E_USAGE, "--at %s", at);
    progress_start(cli, cli->json || cli_flag(cli, "quiet"));
    dw_err err = cli->command->run(cli);
    progress_end(cli);
    if (err == DW_OK && fflush(stdout) != 0) err = err_set(&cli->detail, DW_E_IO, "standard output");
    return err;
}

int main(int argc, char **argv)
{
    static struct cli cli;
    enum args_wish wish;
    setlocale(LC_CTYPE, "");
    cli.lang = args_lang(argc, argv);
    for (int i = 1; i < argc; i++) cli.json = cli.json || strcmp(argv[i], "--json") == 0;
    if (!keys_start()) return main_tell(&cli, DW_E_KEYS);
    dw_err err = args_read(&cli, &wish, argc, argv);
    if (err == DW_OK && wish == ARGS_HELP) {
        args_help(&cli, cli.command);
    } else if (err == DW_OK && wish == ARGS_VERSION) {
        cli.command = NULL;
        printf("doorward %s\n", DOORWARD_VERSION);
    } else if (err == DW_OK) {
        err = main_run(&cli);
    }
    int status = err == DW_OK ? 0 : main_tell(&cli, err);
    arena_free(&cli.arena);
    return status;
}
