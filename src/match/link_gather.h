/* What records share with one of them, added up along the lists of who has a token. */
#ifndef MATCH_LINK_GATHER_H
#define MATCH_LINK_GATHER_H

#include "match/link_block.h"
#include "match/link_inside.h"

enum { LINK_GATHER_HALF = LINK_FIELDS / 2 };

struct link_gather {
    const struct link *link;
    float unlike[LINK_FIELDS];            /* what being unlike costs, bounded */
    float base[2][1 << LINK_GATHER_HALF]; /* by lower and upper half of the fields that both have */
    float level[LINK_FIELDS][LINK_NEAR];  /* what a token adds besides its own bits */
    struct link_block block;
};

/* Weights of what is believed of matches now; the lists to be walked. O(tokens + pairs of common tokens of a record). */
dw_err link_gather_make(struct link_gather *gather, struct link *link);
void link_gather_free(struct link_gather *gather);
/* Records from first to before limit whose sum with record i comes above cut, ascending, in scratch->touched with their sums in
 * scratch->sum; how many. O(agreements). */
size_t link_gather_record(const struct link_gather *gather, struct link_scratch *scratch, uint32_t i, uint32_t first,
                          uint32_t limit, double cut);

#endif
