/* A round in a bad world from the first knock to the score: played, handed in, settled, and held against the truth. */
#ifndef SIM_BAD_H
#define SIM_BAD_H

#include "desk/round.h"
#include "sim/score.h"
#include "sim/settle.h"
#include "sim/worker.h"

struct bad_round {
    const char *dir;  /* the village's folder, made with seed and people */
    uint64_t seed;    /* also of what happens to phones and people */
    uint64_t network; /* seed of the network alone */
    uint32_t people;
    int64_t number; /* of the round */
};

struct bad_result {
    struct worker_result worker;
    struct network_counts network;
    struct sync_counts sync;
    struct settle settle;
    struct score score;
    struct cover_counts counts;
    bool good; /* nothing and nobody was lost, no receipt broken, nobody wrongly named without a reason */
};

/* Errors as worker_round and sync_run. That something was lost is a result, not an error. Free with bad_free in every case. */
dw_err bad_play(struct bad_result *out, struct desk *desk, const struct bad_round *round, const struct clock_progress *progress,
                struct err_detail *detail);
void bad_free(struct bad_result *result);

/* The steps, for tests that hand one round in by several networks. rates and rng in fleet; the rng is seeded here. */
dw_err bad_gather(struct worker_result *out, struct phone_fleet *fleet, struct desk *desk, const struct bad_round *round,
                  const struct clock_progress *progress, struct err_detail *detail);
/* sync: zero; free it in every case. */
dw_err bad_hand_in(struct sync *sync, struct desk *desk, struct phone_fleet *fleet, const struct bad_round *round,
                   const struct clock_progress *progress, struct err_detail *detail);

#endif
