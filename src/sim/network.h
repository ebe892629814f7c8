/* A bad network between phones and a site, in simulated time: an upload that is sent arrives, or the connection is cut before it
 * is whole; what arrives may take long, so that a newer one overtakes it, and may arrive a second time much later; the answer to
 * each may be lost. It knows nothing of what it carries. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "ledger/upload.h"
#include "sim/rates.h"

struct network_parcel {
    uint32_t from, mark;  /* the sender's numbers */
    struct upload upload; /* its entries stay the sender's and must outlive the network */
};

struct network_answer {
    dw_err err; /* what the site said: DW_OK or why it refused */
    struct upload_receipt receipt;
    size_t held, known;
};

/* Each upload sent arrives once or is lost; twice counts what arrived over again. */
struct network_counts {
    int64_t sent, lost, arrived, twice, slow, answers, answers_lost;
};

struct network_event {
    int64_t ms;
    uint64_t serial; /* of equal times the one made earlier goes first */
    bool answer;     /* else an arrival */
    struct network_parcel parcel;
    struct network_answer said;
};

struct network {
    const struct rates *rates;
    struct rng rng;
    bool calm; /* nothing goes wrong any more with what is sent from now on */
    /* The site takes a parcel at now_ms: fills out; an error is one of the simulation, which then ends. */
    dw_err (*arrive)(void *ctx, struct network_answer *out, struct network_parcel *parcel, int64_t now_ms);
    /* The phone hears an answer. */
    dw_err (*answer)(void *ctx, const struct network_parcel *parcel, const struct network_answer *said, int64_t now_ms);
    void *ctx;
    struct network_event *heap; /* by time */
    size_t count, cap;
    uint64_t serial;
    struct network_counts counts;
};

/* Zero-initialise, fill in the first block; free at the end. DW_E_MEMORY. O(log under way). */
dw_err network_send(struct network *network, const struct network_parcel *parcel, int64_t now_ms);
/* Hands a parcel over at once and gives the answer: a cable in the office. */
dw_err network_hand(struct network *network, const struct network_parcel *parcel, int64_t now_ms);
/* When the next thing happens; INT64_MAX: nothing is under way. */
int64_t network_next(const struct network *network);
/* Lets it happen. Something must be under way. */
dw_err network_step(struct network *network);
void network_free(struct network *network);

#endif
