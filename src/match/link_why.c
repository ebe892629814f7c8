#include "match/link_inside.h"

void link_explain(struct link_why *out, struct link *link, uint32_t a, uint32_t b)
{
    int8_t level[LINK_FIELDS];
    uint16_t info[LINK_FIELDS];
    uint32_t x = link->inside[a], y = link->inside[b];
    *out = (struct link_why){.count = link->field_count};
    if (x > y) {
        uint32_t other = x;
        x = y;
        y = other;
    }
    double share = link->share[link_table_of(link, x) * link->table_count + link_table_of(link, y)];
    out->prior = share > 0 ? log2(share / (1 - share)) : -60;
    for (size_t f = 0; f < link->field_count; f++) {
        float bits;
        level[f] = (int8_t)link_level(link, f, &link->scratch[0], x, y, &bits);
        info[f] = (uint16_t)(bits * LINK_INFO_UNIT + 0.5f);
        out->fields[f] = (struct link_why_field){.level = level[f]};
        out->fields[f].bits = link_em_field(&link->field[f], level[f], (double)info[f] / LINK_INFO_UNIT);
    }
    out->because = link_because_bits(&out->because_of, link, level, info);
    out->bits = out->prior + link_em_weight(link, level, info) - out->because;
}
