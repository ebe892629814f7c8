/* Tables of any kind from files, for matching: which row is the header, which column the identifier, what the others are. */
#ifndef CLI_MATCH_IN_H
#define CLI_MATCH_IN_H

#include "cli/cli.h"
#include "files/sheet_in.h"
#include "match/link.h"

struct match_in_table {
    struct sheet_book book;
    const struct sheet *sheet;
    size_t header; /* index of the header row; data follows */
    size_t rows, columns;
    int id, truth; /* columns, −1 none */
    const char **headers;
    bool *leave;
    struct link_column *column;
};

struct match_in {
    struct match_in_table *table;
    struct link_table *link; /* the same tables, as the engine takes them */
    size_t count;
    uint32_t first[LINK_TABLES + 1]; /* where the records of a table begin */
};

/* Reads the files of the command's operands and settles their columns by its options (id, columns, truth-column, repeats, once).
 * Zero-initialise; free in every case. What it allocates beside the books is the command's. */
dw_err match_in_read(struct match_in *in, struct cli *cli);
void match_in_free(struct match_in *in);
size_t match_in_table_of(const struct match_in *in, uint32_t record);
/* A record's cell, "" for a column of −1; and its identifier: that of the id column, or its row in the file. out: 32 bytes. */
const char *match_in_cell(const struct match_in *in, uint32_t record, int column);
const char *match_in_id(char out[32], const struct match_in *in, uint32_t record);

#endif
