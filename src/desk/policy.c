#include "desk/policy.h"

#include <string.h>

#include "base/text.h"
#include "policy_gen.inc"

enum { POLICY_MOST = 1000000 };

const struct policy_round *policy_round(enum kinds_round_kind kind)
{
    return policy_rounds[kind].pack == NULL ? NULL : &policy_rounds[kind];
}

const struct policy_field *policy_field(const struct policy_round *round, const char *name, size_t len)
{
    for (const struct policy_field *f = round->fields; f->name != NULL; f++)
        if (strlen(f->name) == len && memcmp(f->name, name, len) == 0) return f;
    return NULL;
}

bool policy_takes(const struct policy_field *field, const char *value)
{
    int64_t n;
    if (field->type == POLICY_INT) return text_int(&n, value, strlen(value)) && n >= 0 && n <= POLICY_MOST;
    if (field->type == POLICY_TEXT) return *value != 0 && strlen(value) <= 200;
    for (const char *const *c = field->choices; *c != NULL; c++)
        if (strcmp(*c, value) == 0) return true;
    return false;
}

bool policy_capacity(const struct policy_round *round, int64_t capacity)
{
    for (int i = 0; i < 8 && round->capacities[i] != 0; i++)
        if (round->capacities[i] == capacity) return true;
    return false;
}
