#include "sim/network.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool network_before(const struct network_event *a, const struct network_event *b)
{
    return a->ms != b->ms ? a->ms < b->ms : a->serial < b->serial;
}

static dw_err network_put(struct network *network, struct network_event event)
{
    if (!arena_grow((void **)&network->heap, &network->cap, network->count + 1, sizeof *network->heap)) return DW_E_MEMORY;
    event.serial = network->serial++;
    size_t at = network->count++;
    while (at > 0 && network_before(&event, &network->heap[(at - 1) / 2])) {
        network->heap[at] = network->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    network->heap[at] = event;
    return DW_OK;
}

static struct network_event network_take(struct network *network)
{
    struct network_event first = network->heap[0], last = network->heap[--network->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= network->count) break;
        if (child + 1 < network->count && network_before(&network->heap[child + 1], &network->heap[child])) child++;
        if (!network_before(&network->heap[child], &last)) break;
        network->heap[at] = network->heap[child];
        at = child;
    }
    network->heap[at] = last;
    return first;
}

dw_err network_send(struct network *network, const struct network_parcel *parcel, int64_t now_ms)
{
    const struct rates *r = network->rates;
    struct network_event event = {.ms = now_ms + rates_pick(&network->rng, r->transit), .parcel = *parcel};
    network->counts.sent++;
    if (network->calm) return network_put(network, event);
    if (rates_hit(&network->rng, r->lost)) {
        network->counts.lost++;
        return DW_OK;
    }
    if (rates_hit(&network->rng, r->slow)) {
        network->counts.slow++;
        event.ms = now_ms + rates_pick(&network->rng, r->lag);
    }
    ERR_TRY(network_put(network, event));
    if (!rates_hit(&network->rng, r->twice)) return DW_OK;
    network->counts.twice++;
    event.ms += rates_pick(&network->rng, r->again);
    return network_put(network, event);
}

dw_err network_hand(struct network *network, const struct network_parcel *parcel, int64_t now_ms)
{
    struct network_answer said = {.err = DW_OK};
    struct network_parcel own = *parcel;
    network->counts.sent++;
    network->counts.arrived++;
    network->counts.answers++;
    ERR_TRY(network->arrive(network->ctx, &said, &own, now_ms));
    return network->answer(network->ctx, &own, &said, now_ms);
}

int64_t network_next(const struct network *network)
{
    return network->count == 0 ? INT64_MAX : network->heap[0].ms;
}

dw_err network_step(struct network *network)
{
    assert(network->count > 0);
    struct network_event event = network_take(network);
    if (event.answer) {
        network->counts.answers++;
        return network->answer(network->ctx, &event.parcel, &event.said, event.ms);
    }
    network->counts.arrived++;
    ERR_TRY(network->arrive(network->ctx, &event.said, &event.parcel, event.ms));
    if (!network->calm && rates_hit(&network->rng, network->rates->unanswered)) {
        network->counts.answers_lost++;
        return DW_OK;
    }
    event.answer = true;
    event.ms += rates_pick(&network->rng, network->rates->transit);
    return network_put(network, event);
}

void network_free(struct network *network)
{
    free(network->heap);
    memset(network, 0, sizeof *network);
}
