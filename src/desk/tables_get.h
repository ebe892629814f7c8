/* How rows are read; for tables_load.c. */
#ifndef DESK_TABLES_GET_H
#define DESK_TABLES_GET_H

#include "desk/tables.h"

struct tables_reader {
    struct site *site;
    struct keyring *keys;
    struct arena_buf pack;
    enum site_type type;
    enum tables_name table;
    bool keyless; /* a row whose key is not in the key file */
};

struct tables_step {
    enum site_type type;
    enum tables_name table;
    bool (*get)(struct tables_reader *r, const struct store_value *v, uint32_t index);
};
/* In the order that references need. */
extern const struct tables_step tables_get_steps[];
extern const size_t tables_get_count;

/* Opens sealed fields; a forgotten person's stay NULL. False when the bytes cannot be theirs. */
bool tables_get_open(struct tables_reader *r, struct id who, const struct store_value *sealed, bool *forgotten,
                     const char **fields, struct site_stamp *stamps, int count);
const char *tables_get_text(struct tables_reader *r, const struct store_value *value);
uint32_t tables_get_index(const struct store_value *value);

#endif
