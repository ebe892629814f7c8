#include "cli/cmd.h"
#include "cli/progress.h"
#include "sim/bad.h"
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

static void cmd_simulate_score(struct out_json *out, const struct score *s)
{
    json_key(&out->json, "score");
    json_open(&out->json, '{');
    out_json_int(out, "missing_not_named", s->missing_not_named);
    out_json_int(out, "wrongly_named", s->wrongly_named);
    out_json_int(out, "wrongly_named_explained_by_review", s->wrongly_named_explained_by_review);
    out_json_int(out, "wrongly_named_explained_by_held", s->wrongly_named_explained_by_held);
    out_json_int(out, "rightly_named", s->rightly_named);
    out_json_int(out, "sampled", s->sampled);
    out_json_int(out, "unlisted_missing", s->unlisted_missing);
    out_json_int(out, "samples", s->samples);
    out_json_int(out, "samples_standing", s->samples_standing);
    out_json_int(out, "samples_asked", s->samples_asked);
    out_json_int(out, "samples_held", s->samples_held);
    out_json_int(out, "samples_spare", s->samples_spare);
    out_json_int(out, "samples_lost", s->samples_lost);
    json_key(&out->json, "examples");
    json_open(&out->json, '[');
    for (size_t i = 0; i < s->not_named_examples; i++) json_put(&out->json, s->not_named[i]);
    for (size_t i = 0; i < s->wrong_examples; i++) json_put(&out->json, s->wrong[i]);
    for (size_t i = 0; i < s->lost_examples; i++) json_put(&out->json, s->lost[i]);
    json_close(&out->json, ']');
    json_close(&out->json, '}');
}

static void cmd_simulate_settled(struct out_json *out, const struct settle *s)
{
    out_json_int(out, "entries", s->recorded);
    out_json_int(out, "accepted", s->accepted);
    out_json_int(out, "released", s->released);
    json_key(&out->json, "held");
    json_open(&out->json, '{');
    for (int i = 1; i < KINDS_HELD_REASON_COUNT; i++) out_json_int(out, kinds_held_reason_texts[i], s->held[i]);
    json_close(&out->json, '}');
    out_json_int(out, "quarantined", s->quarantined);
    out_json_int(out, "lost", s->lost);
    json_key(&out->json, "forks");
    json_open(&out->json, '[');
    for (size_t i = 0; i < s->device_count; i++) {
        json_open(&out->json, '{');
        out_json_text(out, "device", s->devices[i].device);
        out_json_int(out, "entries", s->devices[i].entries);
        json_close(&out->json, '}');
    }
    json_close(&out->json, ']');
    out_json_int(out, "receipts", s->receipts);
    out_json_int(out, "receipts_broken", s->broken);
    out_json_int(out, "accepted_after_revoking", s->revoked_taken);
    out_json_int(out, "mistimed", s->mistimed);
    out_json_int(out, "delayed", s->delayed);
    json_key(&out->json, "told");
    json_open(&out->json, '[');
    for (size_t i = 0; i < s->told_count; i++) json_put(&out->json, s->told[i]);
    json_close(&out->json, ']');
}

static dw_err cmd_simulate_bad_json(const struct bad_result *r)
{
    struct out_json out;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_int(&out, "phones", r->worker.phones);
    out_json_int(&out, "visits", r->worker.visits);
    out_json_int(&out, "people_made", r->worker.people_made);
    out_json_int(&out, "uploads_sent", r->network.sent);
    out_json_int(&out, "uploads_lost", r->network.lost);
    out_json_int(&out, "uploads_arrived", r->network.arrived);
    out_json_int(&out, "uploads_twice", r->network.twice);
    out_json_int(&out, "uploads_slow", r->network.slow);
    out_json_int(&out, "answers_lost", r->network.answers_lost);
    out_json_int(&out, "uploads_too_early", r->sync.back);
    out_json_int(&out, "phones_stolen", r->sync.stolen);
    out_json_int(&out, "phones_restored", r->sync.restored);
    out_json_int(&out, "phones_replaced", r->sync.replaced);
    out_json_int(&out, "tricks", r->sync.tricks);
    out_json_int(&out, "tricks_refused", r->sync.refused);
    cmd_simulate_settled(&out, &r->settle);
    out_json_int(&out, "owed", r->counts.owed);
    out_json_int(&out, "covered", r->counts.covered);
    out_json_int(&out, "missing", r->counts.missing);
    cmd_simulate_score(&out, &r->score);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

static void cmd_simulate_bad_tell(const struct cli *cli, const struct bad_result *r)
{
    const struct settle *s = &r->settle;
    printf(cli_say(cli, "手机   %lld 部：失窃 %lld，恢复备份 %lld，换发 %lld；上门 %lld 次\n",
                   "Phones    %lld: %lld stolen, %lld restored from a backup, %lld replaced; %lld visits\n"),
           (long long)r->worker.phones, (long long)r->sync.stolen, (long long)r->sync.restored, (long long)r->sync.replaced,
           (long long)r->worker.visits);
    printf(
        cli_say(
            cli, "上传   发出 %lld，到达 %lld（其中重复 %lld），途中丢失 %lld，回执丢失 %lld，次序在前而退回 %lld\n",
            "Uploads   %lld sent, %lld arrived (%lld of them again), %lld lost on the way, %lld answers lost, %lld came before "
            "what they follow\n"),
        (long long)r->network.sent, (long long)r->network.arrived, (long long)r->network.twice, (long long)r->network.lost,
        (long long)r->network.answers_lost, (long long)r->sync.back);
    printf(cli_say(cli, "条目   记录 %lld：采纳 %lld，待定后采纳 %lld，分叉隔离 %lld，遗失 %lld；待定",
                   "Entries   %lld recorded: %lld accepted, %lld after waiting, %lld set apart as forks, %lld lost; held"),
           (long long)s->recorded, (long long)s->accepted, (long long)s->released, (long long)s->quarantined, (long long)s->lost);
    for (int i = 1; i < KINDS_HELD_REASON_COUNT; i++)
        if (s->held[i] > 0) printf(" %s %lld", kinds_held_reason_texts[i], (long long)s->held[i]);
    printf("\n");
    for (size_t i = 0; i < s->device_count; i++)
        printf(cli_say(cli, "分叉   %s：%lld 条\n", "Fork      %s: %lld entries\n"), s->devices[i].device,
               (long long)s->devices[i].entries);
    printf(
        cli_say(cli, "回执   %lld 份，未兑现 %lld；冒用上传 %lld 份，拒收 %lld；停用后误收 %lld 条\n",
                "Receipts  %lld, %lld not honoured; %lld uploads of thieves, %lld refused; %lld entries taken after revoking\n"),
        (long long)s->receipts, (long long)s->broken, (long long)r->sync.tricks, (long long)r->sync.refused,
        (long long)s->revoked_taken);
    printf(cli_say(cli, "本轮   应检 %u = 已检 %u + 未检 %u\n", "Round     owed %u = covered %u + missing %u\n"), r->counts.owed,
           r->counts.covered, r->counts.missing);
    printf(cli_say(cli, "真值   应检未检而未列名 %u；错列 %u，其中由待核对解释 %u、由待定条目解释 %u\n",
                   "Truth     missing but not named: %u; wrongly named: %u, explained by review: %u, by held entries: %u\n"),
           r->score.missing_not_named, r->score.wrongly_named, r->score.wrongly_named_explained_by_review,
           r->score.wrongly_named_explained_by_held);
    printf(cli_say(cli, "样本   采 %u：有效 %u，有疑问待处理 %u，条目待定 %u，漏记而另有一份 %u，遗失 %u\n",
                   "Samples   %u taken: %u stand, %u are asked about, %u wait in held entries, %u second ones nobody wrote down, "
                   "%u lost\n"),
           r->score.samples, r->score.samples_standing, r->score.samples_asked, r->score.samples_held, r->score.samples_spare,
           r->score.samples_lost);
    for (size_t i = 0; i < s->told_count; i++) printf("  %s\n", s->told[i]);
    for (size_t i = 0; i < r->score.not_named_examples; i++) printf("  %s\n", r->score.not_named[i]);
    for (size_t i = 0; i < r->score.wrong_examples; i++) printf("  %s\n", r->score.wrong[i]);
    for (size_t i = 0; i < r->score.lost_examples; i++) printf("  %s\n", r->score.lost[i]);
}

static dw_err cmd_simulate_bad(struct cli *cli, struct desk *desk, uint32_t people, int64_t number)
{
    static struct bad_result result;
    uint64_t seed = (uint64_t)cli_int(cli, "seed");
    struct bad_round round = {.dir = cli_text(cli, "dir"), .seed = seed, .network = seed, .people = people, .number = number};
    if (cli_text(cli, "network") != NULL) round.network = (uint64_t)cli_int(cli, "network");
    dw_err err = bad_play(&result, desk, &round, &cli->progress, &cli->detail);
    progress_end(cli);
    if (err == DW_OK && cli->json) err = cmd_simulate_bad_json(&result);
    if (err == DW_OK && !cli->json) cmd_simulate_bad_tell(cli, &result);
    if (err == DW_OK && !result.good) err = err_set(&cli->detail, DW_E_LOST, "seed %llu", (unsigned long long)seed);
    bad_free(&result);
    return err;
}

static dw_err cmd_simulate_clean(struct cli *cli, struct desk *desk, uint32_t people, int64_t number)
{
    struct worker_result r;
    ERR_TRY(worker_round(&r, desk, cli_text(cli, "dir"), cli_text(cli, "to"), (uint64_t)cli_int(cli, "seed"), people, number,
                         &cli->progress, &cli->detail));
    printf(cli->json ? "{\"phones\":%lld,\"visits\":%lld,\"entries\":%lld,\"uploads\":%lld,\"held\":%lld,\"people_made\":%lld,"
                       "\"tubes\":%lld,"
                       "\"samples\":%lld,\"boxes\":%lld}\n"
                     : cli_say(cli,
                               "手机 %lld 部，上门 %lld 次，条目 %lld，上传 %lld 次，待定 %lld，新登记 %lld 人；采样管 %lld "
                               "支，样本 %lld，送检 %lld 箱\n",
                               "%lld phones, %lld visits, %lld entries in %lld uploads, %lld held, %lld people registered; %lld "
                               "tubes with %lld samples in %lld boxes\n"),
           (long long)r.phones, (long long)r.visits, (long long)r.entries, (long long)r.uploads, (long long)r.held,
           (long long)r.people_made, (long long)r.racks.tubes, (long long)r.racks.samples, (long long)r.racks.boxes);
    return DW_OK;
}

dw_err cmd_simulate_round(struct cli *cli)
{
    struct desk *desk = NULL;
    uint32_t people;
    int64_t number = cli_int(cli, "round");
    bool bad = cli_choice(cli, "world") == 1;
    ERR_TRY(cmd_simulate_people(cli, &people));
    if (bad && cli_text(cli, "to") != NULL) return err_set(&cli->detail, DW_E_USAGE, "--to, --world bad");
    dw_err err = cmd_desk(&desk, cli);
    if (err == DW_OK && number == 0) {
        const struct site *site = desk_read(desk);
        uint32_t round = site_round_by_number(site, 0);
        if (round != SITE_NONE) number = site_round(site, round)->number;
        desk_read_end(desk);
    }
    if (err == DW_OK) err = bad ? cmd_simulate_bad(cli, desk, people, number) : cmd_simulate_clean(cli, desk, people, number);
    desk_close(desk);
    return err;
}
