#include <errno.h>

#include "cli/cmd.h"
#include "cli/progress.h"
#include "cli/serve.h"
#include "sim/demo.h"
#include "sim/welcome.h"

static void cmd_demo_lab_json(struct out_json *out, const struct demo_result *r)
{
    json_key(&out->json, "lab");
    json_open(&out->json, '{');
    out_json_int(out, "tubes", r->worker.racks.tubes);
    out_json_int(out, "single", r->worker.racks.single);
    out_json_int(out, "boxes", r->worker.racks.boxes);
    out_json_int(out, "result_rows", r->results.rows);
    out_json_int(out, "results", r->results.fresh);
    out_json_int(out, "unknown_tubes", r->results.placeless);
    out_json_int(out, "negative", r->lab.tubes[LAB_NEGATIVE]);
    out_json_int(out, "positive", r->lab.tubes[LAB_POSITIVE]);
    out_json_int(out, "invalid", r->lab.tubes[LAB_INVALID]);
    out_json_int(out, "doubtful", r->lab.doubtful);
    out_json_int(out, "done_without_tube", r->lab.no_tube);
    out_json_int(out, "result_overdue", r->lab.late[1]);
    out_json_int(out, "held_members", r->held_members);
    out_json_int(out, "held_households", r->held_homes);
    out_json_int(out, "retests", r->retests);
    out_json_int(out, "retest_results", r->retested.fresh);
    out_json_int(out, "released", r->released);
    out_json_int(out, "transferred", r->transferred);
    json_close(&out->json, '}');
}

static dw_err cmd_demo_json(const struct demo_result *r)
{
    struct out_json out;
    const struct cover_counts *n = &r->status.all;
    out_json_begin(&out);
    json_open(&out.json, '{');
    out_json_int(&out, "people", r->people);
    out_json_int(&out, "doors", r->doors);
    out_json_int(&out, "roster", n->roster);
    out_json_int(&out, "excused", n->excused);
    out_json_int(&out, "owed", n->owed);
    out_json_int(&out, "covered", n->covered);
    out_json_int(&out, "missing", n->missing);
    out_json_int(&out, "found", n->found);
    out_json_int(&out, "arrived", n->arrived);
    out_json_int(&out, "recovered", r->status.recovered);
    out_json_int(&out, "review_pairs", r->pairs);
    json_key(&out.json, "missing_by_reason");
    json_open(&out.json, '{');
    for (int i = 0; i < KINDS_STATE_COUNT; i++)
        if (r->status.by_state[i] > 0) out_json_int(&out, kinds_state_texts[i], r->status.by_state[i]);
    json_close(&out.json, '}');
    json_key(&out.json, "score");
    json_open(&out.json, '{');
    out_json_int(&out, "missing_not_named", r->score.missing_not_named);
    out_json_int(&out, "wrongly_named", r->score.wrongly_named);
    out_json_int(&out, "wrongly_named_explained_by_review", r->score.wrongly_named_explained_by_review);
    out_json_int(&out, "rightly_named", r->score.rightly_named);
    out_json_int(&out, "unlisted_missing", r->score.unlisted_missing);
    out_json_int(&out, "samples", r->score.samples);
    out_json_int(&out, "samples_standing", r->score.samples_standing);
    out_json_int(&out, "samples_asked", r->score.samples_asked);
    out_json_int(&out, "samples_spare", r->score.samples_spare);
    out_json_int(&out, "samples_lost", r->score.samples_lost);
    json_close(&out.json, '}');
    cmd_demo_lab_json(&out, r);
    json_key(&out.json, "closed");
    json_put_bool(&out.json, true);
    out_json_int(&out, "cards", r->cards);
    out_json_int(&out, "left", (int64_t)r->left);
    out_json_text(&out, "papers", r->papers);
    out_json_text(&out, "store", r->store);
    out_json_text(&out, "village", r->village);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

/* The night after the round, from the courier to whoever is let go. */
static void cmd_demo_tell_lab(const struct cli *cli, const struct demo_result *r)
{
    printf(
        cli_say(cli, "采样管    %lld 支（单采 %lld），%lld 箱双方交接送检；样本 %u：有效 %u，有疑问待处理 %u，遗失 %u\n",
                "Tubes     %lld (%lld for one person), %lld boxes handed over by both sides; %u samples: %u stand, %u are asked "
                "about, %u lost\n"),
        (long long)r->worker.racks.tubes, (long long)r->worker.racks.single, (long long)r->worker.racks.boxes, r->score.samples,
        r->score.samples_standing, r->score.samples_asked + r->score.samples_spare, r->score.samples_lost);
    printf(cli_say(
               cli, "检测结果  %lld 行：阴性 %u 管，阳性 %u 管，无效 %u 管；管号对不上 %lld 行，结果超时 %u 管\n",
               "Results   %lld rows: %u tubes negative, %u positive, %u invalid; %lld rows of numbers that nobody wrote down, %u "
               "tubes still without one\n"),
           (long long)r->results.rows, r->lab.tubes[LAB_NEGATIVE], r->lab.tubes[LAB_POSITIVE], r->lab.tubes[LAB_INVALID],
           (long long)r->results.placeless, r->lab.late[1]);
    printf(cli_say(cli, "阳性处置  留观 %u 人（管内 %u，同住 %u）；单人复核 %u 管；解除 %u，转运 %u\n",
                   "Positive  %u people held (%u in the tube, %u who live with them); %u retests; %u released, %u transferred\n"),
           r->held_members + r->held_homes, r->held_members, r->held_homes, r->retests, r->released, r->transferred);
}

static void cmd_demo_tell(const struct cli *cli, const struct demo_result *r)
{
    const struct cover_counts *n = &r->status.all;
    int64_t rows = 0;
    for (int i = 0; i < DEMO_LISTS; i++) rows += r->lists[i].rows;
    printf(cli_say(cli, "\ndoorward 门门到：从名单到未检名单的一天\n\n",
                   "\ndoorward: a day from lists to the names that are missing\n\n"));
    printf(cli_say(cli, "地图      楼栋 %u，工厂 %u，网格 %u，小组 %u；责任人已指定 %zu 栋\n",
                   "Map       %u buildings, %u factories, %u grids, %u cells; %zu buildings have their keeper\n"),
           r->summary.buildings, r->summary.factories, r->summary.grids, r->summary.cells, r->keepers);
    printf(cli_say(cli, "名单      5 份共 %lld 行，登记 %u 人、户门 %u 扇\n",
                   "Lists     5 with %lld rows in all: %u people behind %u doors\n"),
           (long long)rows, r->people, r->doors);
    printf(cli_say(cli, "上门      手机 %lld 部，上门 %lld 次，台账 %lld 条\n",
                   "Visits    %lld phones, %lld visits, %lld entries\n"),
           (long long)r->worker.phones, (long long)r->worker.visits, (long long)r->worker.entries);
    printf(cli_say(cli, "第 %lld 轮   应检 %u = 已检 %u + 未检 %u\n", "Round %lld   owed %u = covered %u + missing %u\n"),
           (long long)r->opened.number, n->owed, n->covered, n->missing);
    printf(cli_say(cli, "          底册 %u，免检 %u，补录 %u，新到 %u，补缺 %u\n",
                   "          roster %u, excused %u, found %u, arrived %u, recovered %u\n"),
           n->roster, n->excused, n->found, n->arrived, r->status.recovered);
    printf("%s", cli_say(cli, "未检原因 ", "Missing  "));
    for (int i = 0; i < KINDS_STATE_COUNT; i++)
        if (r->status.by_state[i] > 0) printf(" %s %u", cmd_state(cli, i), r->status.by_state[i]);
    printf(cli_say(cli, "\n待核对    疑似同人 %u 对\n", "\nReview    %u pairs that may be one person\n"), r->pairs);
    printf(cli_say(cli, "对照真值  应检未检而未列名 %u；错列 %u，其中 %u 由待核对解释\n",
                   "Truth     missing but not named: %u; wrongly named: %u, of them explained by review: %u\n"),
           r->score.missing_not_named, r->score.wrongly_named, r->score.wrongly_named_explained_by_review);
    printf(cli_say(cli, "打印      小组 %s 的门牌卡 %lld 张，补网清单 %zu 处；楼道未检名单、采样登记表、收尾名单：%s\n",
                   "Papers    cell %s: %lld door cards, %zu places for a second pass; staircase lists, sampling register, "
                   "closing list: %s\n"),
           r->cell, (long long)r->cards, r->left, r->papers);
    cmd_demo_tell_lab(cli, r);
    printf(cli_say(cli, "收尾      本轮已关闭：未检 %u 人逐人有处理，转入下一轮\n",
                   "Closed    every one of the %u missing has a decision: carried over to the next round\n"),
           n->missing);
    printf(cli_say(cli, "\n数据库 %s\n下一步：doorward round missing --store %s --limit 20\n",
                   "\nStore %s\nNext: doorward round missing --store %s --limit 20\n"),
           r->store, r->store);
}

static void cmd_demo_next(struct cli *cli, void *ctx, const char *url)
{
    const struct welcome *w = ctx;
    const char *self = program_invocation_name, *dir = cli_text(cli, "dir");
    printf(cli_say(cli, "\n登录名    %s\n口令      %s（只显示这一次）\n第 %lld 轮  刚刚开始：人人都还没有检\n\n接下来：\n",
                   "\nLogin     %s\nPassword  %s (shown this once)\nRound %lld   has just begun: everybody is still "
                   "missing\n\nWhat next:\n"),
           w->login, w->password, (long long)w->round);
    printf(
        cli_say(cli,
                "  1. 打开 %s/ "
                "登录，看进度总览；在“手机”里邀请一部，用另一个浏览器（或手机）打开它的链接，断网勾选一户，再联网看未检减少\n"
                "     接口说明 %s/api/v1/docs ；不用浏览器的话：\n",
                "  1. Open %s/ and sign in: the board. Under Phones invite one, open its link in another browser (or on a "
                "phone), tick a\n"
                "     household with no network, and see the missing list shrink. The API: %s/api/v1/docs. Without a browser:\n"),
        url, url);
    printf(cli_say(cli, "  2. 登录：curl -d '%s' -H 'Content-Type: application/json' %s/api/v1/auth/session\n",
                   "  2. Sign in: curl -d '%s' -H 'Content-Type: application/json' %s/api/v1/auth/session\n"),
           w->sign_in, url);
    printf(cli_say(cli, "  3. 另开一个终端，扮一部手机：登记（邀请 %lld 分钟内有效，只能用一次）、下载、走一遍本轮、上传：\n",
                   "  3. In another terminal, be a phone: enrol (good for %lld minutes, once), pull, play the round, push:\n"),
           (long long)w->minutes);
    printf("     %s phone enrol --url %s --dir %s/phone --invite %s\n", self, url, dir, w->invite);
    for (int i = 0; i < 3; i++) {
        static const char *const steps[] = {"pull", "round", "push"};
        printf("     %s phone %s --dir %s/phone\n", self, steps[i], dir);
    }
    printf(cli_say(cli, "  4. 再看未检名单：curl -H 'Authorization: Bearer TOKEN' %s/api/v1/rounds/0/missing\n\n",
                   "  4. See the missing list again: curl -H 'Authorization: Bearer TOKEN' %s/api/v1/rounds/0/missing\n\n"),
           url);
}

static dw_err cmd_demo_serve(struct cli *cli, const struct demo_result *r)
{
    static struct welcome welcome;
    ERR_TRY(welcome_make(&welcome, r->store, r->cell, when_now(), &cli->detail));
    dw_err err = serve_run(cli, r->store, true, cmd_demo_next, &welcome);
    keys_wipe(&welcome, sizeof welcome);
    return err;
}

dw_err cmd_demo(struct cli *cli)
{
    static struct demo_result result;
    int64_t people = cli_int(cli, "people");
    if (people < WORLD_PEOPLE_MIN || people > WORLD_PEOPLE_MAX)
        return err_set(&cli->detail, DW_E_USAGE, "--people %d..%d", WORLD_PEOPLE_MIN, WORLD_PEOPLE_MAX);
    if (cli->json && cli_flag(cli, "serve"))
        return err_set(&cli->detail, DW_E_USAGE, "%s",
                       cli_say(cli, "--serve 不能与 --json 一起用", "--serve goes without --json"));
    ERR_TRY(demo_run(&result, cli_text(cli, "dir"), (uint64_t)cli_int(cli, "seed"), (uint32_t)people, cli->lang, &cli->progress,
                     &cli->detail));
    progress_end(cli);
    dw_err err = DW_OK;
    if (cli->json)
        err = cmd_demo_json(&result);
    else
        cmd_demo_tell(cli, &result);
    demo_free(&result);
    return err == DW_OK && cli_flag(cli, "serve") ? cmd_demo_serve(cli, &result) : err;
}
