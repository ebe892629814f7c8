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
        out->fields[f] = (struct link_why_field){.level = level[f], .because_of = -1};
        out->fields[f].bits = link_em_field(&link->field[f], level[f], (double)info[f] / LINK_INFO_UNIT);
    }
    for (size_t i = 0; i < link->edge_count; i++) {
        double twice = link_em_twice(link, &link->edge[i], level, info);
        if (twice <= 0) continue;
        /* Told at the field that is worth less. */
        bool second = info[link->edge[i].b] <= info[link->edge[i].a];
        int at = second ? link->edge[i].b : link->edge[i].a;
        out->fields[at].twice += twice;
        out->fields[at].bits -= twice;
        out->fields[at].because_of = second ? link->edge[i].a : link->edge[i].b;
    }
    out->bits = out->prior + link_em_weight(link, level, info);
}
