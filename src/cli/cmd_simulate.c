#include "cli/cmd.h"
#include "sim/village.h"
#include "sim/worker.h"

/* Village folders are told apart by the numbers they were made with; a size out of range is the caller's mistake. */
static dw_err cmd_simulate_people(struct cli *cli, uint32_t *out)
{
    int64_t people = cli_int(cli, "people");
    *out = (uint32_t)people;
    if (people >= WORLD_PEOPLE_MIN && people <= WORLD_PEOPLE_MAX) return DW_OK;
    return err_set(&cli->detail, DW_E_USAGE, "--people %d..%d", WORLD_PEOPLE_MIN, WORLD_PEOPLE_MAX);
}

dw_err cmd_simulate_village(struct cli *cli)
{
    struct village_summary s;
    uint32_t people;
    ERR_TRY(cmd_simulate_people(cli, &people));
    ERR_TRY(village_write(&s, cli_text(cli, "dir"), (uint64_t)cli_int(cli, "seed"), people, &cli->progress, &cli->detail));
    if (cli->json) {
        printf("{\"people\":%u,\"buildings\":%u,\"factories\":%u,\"doors\":%u,\"grids\":%u,\"cells\":%u,\"unlisted\":%u,"
               "\"departed\":%u,\"arrived\":%u}\n",
               s.people, s.buildings, s.factories, s.doors, s.grids, s.cells, s.unlisted, s.departed, s.arrived);
        return DW_OK;
    }
    printf(cli_say(cli, "%s：%u 人，楼栋 %u，工厂 %u，户门 %u，网格 %u，小组 %u\n",
                   "%s: %u people, %u buildings, %u factories, %u doors, %u grids, %u cells\n"),
           cli_text(cli, "dir"), s.people, s.buildings, s.factories, s.doors, s.grids, s.cells);
    return DW_OK;
}

dw_err cmd_simulate_round(struct cli *cli)
{
    struct desk *desk = NULL;
    struct worker_result r;
    uint32_t people;
    int64_t number = cli_int(cli, "round");
    ERR_TRY(cmd_simulate_people(cli, &people));
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK && number == 0) {
        const struct site *site = desk_read(desk);
        uint32_t round = site_round_by_number(site, 0);
        if (round != SITE_NONE) number = site_round(site, round)->number;
        desk_read_end(desk);
    }
    if (err == DW_OK)
        err = worker_round(&r, desk, cli_text(cli, "dir"), cli_text(cli, "to"), (uint64_t)cli_int(cli, "seed"), people, number,
                           &cli->progress, &cli->detail);
    desk_close(desk);
    if (err != DW_OK) return err;
    printf(cli->json ? "{\"phones\":%lld,\"visits\":%lld,\"entries\":%lld,\"uploads\":%lld,\"held\":%lld,\"people_made\":%lld}\n"
                     : cli_say(cli, "手机 %lld 部，上门 %lld 次，条目 %lld，上传 %lld 次，待定 %lld，新登记 %lld 人\n",
                               "%lld phones, %lld visits, %lld entries in %lld uploads, %lld held, %lld people registered\n"),
           (long long)r.phones, (long long)r.visits, (long long)r.entries, (long long)r.uploads, (long long)r.held,
           (long long)r.people_made);
    return DW_OK;
}
