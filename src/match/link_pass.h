/* Pairs drawn to learn from, compared field by field. */
#ifndef MATCH_LINK_PASS_H
#define MATCH_LINK_PASS_H

#include "match/link_inside.h"

struct link_pass {
    struct link *link;
    uint32_t (*pair)[2];
    int8_t *level; /* of pair i and field f at i * field_count + f */
    size_t count;
};

/* Pairs that agree on field d, each as likely to be drawn as any other; end it in every case. */
dw_err link_pass_agree(struct link_pass *pass, struct link *link, size_t d);
void link_pass_end(struct link_pass *pass);

#endif
