/* The kinds of entries and the fields of their bodies, from spec/kinds.json. */
#ifndef LEDGER_KINDS_H
#define LEDGER_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "kinds_gen.h"

enum kinds_type {
    KINDS_TYPE_ID,
    KINDS_TYPE_TEXT,
    KINDS_TYPE_INT,
    KINDS_TYPE_BOOL,
    KINDS_TYPE_TIME,
    KINDS_TYPE_ENUM,
    KINDS_TYPE_LIST
};

struct kinds_field {
    const char *name;
    enum kinds_type type;
    bool required;
    bool personal;             /* in the signed text only its salted hash stands */
    bool place;                /* it tells where the entry takes place, before its subject does */
    int max;                   /* bytes of text, items of a list */
    const char *const *values; /* of an enum */
    int value_count;
    const struct kinds_field *items; /* of a list */
    int item_count;
};

struct kinds_spec {
    const char *name;
    bool office;          /* takes effect by site sequence; only from the site's own devices */
    const char *title[2]; /* by enum err_lang */
    const struct kinds_field *fields;
    int field_count;
};

const struct kinds_spec *kinds_get(enum kinds_kind kind);
/* KINDS_COUNT when there is no such kind. */
enum kinds_kind kinds_find(const char *name, size_t len);

#endif
