#include "sim/bad.h"

#include <string.h>

#include "sim/grade.h"

dw_err bad_gather(struct worker_result *out, struct phone_fleet *fleet, struct desk *desk, const struct bad_round *round,
                  const struct clock_progress *progress, struct err_detail *detail)
{
    /* A round that is played again at the same site is other phones' doing. */
    uint64_t key[3] = {round->seed, (uint64_t)round->number, (uint64_t)desk_read(desk)->seq};
    desk_read_end(desk);
    *fleet->rng = rng_seed(hash_quick(key, sizeof key));
    return worker_gather(out, fleet, desk, round->dir, round->seed, round->people, round->number, progress, detail);
}

dw_err bad_hand_in(struct sync *sync, struct desk *desk, struct phone_fleet *fleet, const struct bad_round *round,
                   const struct clock_progress *progress, struct err_detail *detail)
{
    struct world *world = NULL;
    ERR_TRY(world_make(&world, round->seed, round->people, detail));
    *sync = (struct sync){.desk = desk, .fleet = fleet, .world = world, .freeze = world->freeze, .detail = detail};
    dw_err err = sync_run(sync, round->network, progress);
    sync->world = NULL;
    world_free(world);
    return err;
}

static dw_err bad_score(struct bad_result *out, struct desk *desk, const struct bad_round *round, struct err_detail *detail)
{
    const struct site *site = desk_read(desk);
    struct round_status status = {0};
    dw_err err = grade_round(&out->score, site, round->dir, round->number, &out->settle, detail);
    if (err == DW_OK) err = round_status(&status, site, round->number, false, detail);
    out->counts = status.all;
    desk_read_end(desk);
    round_status_free(&status);
    const struct settle *s = &out->settle;
    out->good =
        s->lost == 0 && s->broken == 0 && s->revoked_taken == 0 && s->mistimed == 0 && out->sync.tricks == out->sync.refused &&
        out->score.missing_not_named == 0 && out->score.samples_lost == 0 &&
        out->score.wrongly_named == out->score.wrongly_named_explained_by_review + out->score.wrongly_named_explained_by_held;
    return err;
}

dw_err bad_play(struct bad_result *out, struct desk *desk, const struct bad_round *round, const struct clock_progress *progress,
                struct err_detail *detail)
{
    struct rates rates = rates_bad();
    struct rng rng;
    struct phone_fleet fleet = {.rates = &rates, .rng = &rng};
    struct sync sync = {0};
    memset(out, 0, sizeof *out);
    dw_err err = bad_gather(&out->worker, &fleet, desk, round, progress, detail);
    if (err == DW_OK) err = bad_hand_in(&sync, desk, &fleet, round, progress, detail);
    if (err == DW_OK) err = settle_run(&out->settle, &sync, detail);
    out->network = sync.network.counts;
    out->sync = sync.counts;
    if (err == DW_OK) err = bad_score(out, desk, round, detail);
    sync_free(&sync);
    phone_free(&fleet);
    return err;
}

void bad_free(struct bad_result *result)
{
    settle_free(&result->settle);
}
