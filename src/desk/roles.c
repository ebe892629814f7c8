#include "desk/roles.h"

struct roles_ability {
    const char *name, *text[2];
};
struct roles_role {
    const char *text[2];
    uint64_t may;
};

#include "roles_gen.inc"

bool roles_may(enum kinds_role role, enum roles_may may)
{
    return (roles_roles[role].may >> may & 1) != 0;
}

int roles_of_kind(enum kinds_kind kind)
{
    return kind < KINDS_COUNT ? roles_kinds[kind] : -1;
}

int roles_to_read(enum kinds_kind kind)
{
    return kind < KINDS_COUNT ? roles_reads[kind] : ROLES_MAY_COUNT;
}

const char *roles_text(enum kinds_role role, enum err_lang lang)
{
    return roles_roles[role].text[lang];
}

const char *roles_may_name(enum roles_may may)
{
    return roles_abilities[may].name;
}
