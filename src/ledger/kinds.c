#include "ledger/kinds.h"

#include <string.h>

#include "kinds_gen.inc"

const struct kinds_spec *kinds_get(enum kinds_kind kind)
{
    return &kinds_specs[kind];
}

enum kinds_kind kinds_find(const char *name, size_t len)
{
    int kind = 0;
    while (kind < KINDS_COUNT && (strlen(kinds_specs[kind].name) != len || memcmp(kinds_specs[kind].name, name, len) != 0))
        kind++;
    return (enum kinds_kind)kind;
}
