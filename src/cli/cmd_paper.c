#include <string.h>

#include "cli/cmd.h"
#include "desk/paper.h"
#include "desk/register.h"

static dw_err cmd_paper_write(const struct cli *cli, const struct site *site, const struct paper_ask *ask,
                              const struct paper_people *people, struct err_detail *detail)
{
    switch (people->kind) {
    case PAPER_STAIRS:
        return paper_stairs(site, ask, people, (enum paper_per)cli_choice(cli, "per"), detail);
    case PAPER_ROUND:
        return paper_round(site, ask, people, detail);
    case PAPER_LEDGER:
        return paper_ledger(site, ask, people, detail);
    default:
        return paper_closing(site, ask, people, detail);
    }
}

static dw_err cmd_paper_tell(const struct cli *cli, const struct paper_ask *ask, size_t count, bool people)
{
    struct out_json out;
    if (strcmp(ask->path, "-") == 0) return DW_OK; /* the paper itself went there */
    if (!cli->json) {
        if (people)
            printf(cli_say(cli, "%s：%zu 人\n", "%s: %zu people\n"), ask->path, count);
        else
            printf(cli_say(cli, "%s：%zu 处\n", "%s: %zu places\n"), ask->path, count);
        return DW_OK;
    }
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_text(&out, "file", ask->path);
    out_json_int(&out, people ? "people" : "places", (int64_t)count);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

static dw_err cmd_paper(struct cli *cli, enum paper_kind kind)
{
    struct paper_ask ask = {.path = cli_text(cli, "out"),
                            .round = kind == PAPER_LEDGER ? 0 : cli_int(cli, "round"),
                            .area = cli_text(cli, "area"),
                            .lang = cli->lang,
                            .at = cli->at};
    struct paper_people people = {0};
    struct desk *desk = NULL;
    ERR_TRY(cmd_reveal(&ask.reveal, cli, "reason"));
    ERR_TRY(cmd_desk(&desk, cli));
    const struct site *site = desk_read(desk);
    dw_err err = paper_people(&people, site, kind, &ask, &cli->detail);
    desk_read_end(desk);
    /* Nothing is shown in full that was not recorded first. */
    if (err == DW_OK && ask.reveal)
        err = register_look(desk, cli->command->words, cli_text(cli, "reason"), people.count, cli->at, &cli->detail);
    site = desk_read(desk);
    if (err == DW_OK) err = cmd_paper_write(cli, site, &ask, &people, &cli->detail);
    desk_read_end(desk);
    desk_close(desk);
    if (err == DW_OK) err = cmd_paper_tell(cli, &ask, people.count, true);
    paper_people_free(&people);
    return err;
}

dw_err cmd_paper_missing(struct cli *cli)
{
    return cmd_paper(cli, PAPER_STAIRS);
}

dw_err cmd_paper_round(struct cli *cli)
{
    return cmd_paper(cli, PAPER_ROUND);
}

dw_err cmd_paper_ledger(struct cli *cli)
{
    return cmd_paper(cli, PAPER_LEDGER);
}

dw_err cmd_paper_closing(struct cli *cli)
{
    return cmd_paper(cli, PAPER_CLOSING);
}

dw_err cmd_paper_left(struct cli *cli)
{
    struct paper_ask ask = {.path = cli_text(cli, "out"),
                            .round = cli_int(cli, "round"),
                            .area = cli_text(cli, "area"),
                            .lang = cli->lang,
                            .at = cli->at};
    struct desk *desk = NULL;
    size_t places = 0;
    ERR_TRY(cmd_desk(&desk, cli));
    dw_err err = paper_left(&places, desk_read(desk), &ask, (enum paper_per)cli_choice(cli, "per"), &cli->detail);
    desk_read_end(desk);
    desk_close(desk);
    return err == DW_OK ? cmd_paper_tell(cli, &ask, places, false) : err;
}
