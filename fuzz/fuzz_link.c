#include <string.h>

#include "fuzz.h"
#include "match/link.h"
#include "match/link_guess.h"

enum { WIDE = 6, LONG = 80, MOST_TABLES = 3 };

struct cells {
    const char *cell[LONG * WIDE];
    size_t rows;
};

static const char *cell_of(const void *ctx, size_t row, size_t column)
{
    return ((const struct cells *)ctx)->cell[row * WIDE + column];
}

/* Whatever the tables hold, nobody of a list that has everybody once gets two links or shares a group with another of his list,
 * and the reasons of a pair are finite and the same from both sides. */
static void check(struct link *link, const struct link_table *tables, size_t count)
{
    struct link_choice choice;
    uint32_t cluster[LONG * MOST_TABLES], first[MOST_TABLES + 1] = {0};
    size_t pairs_count;
    const struct link_pair *pairs = link_pairs(&pairs_count, link);
    for (size_t t = 0; t < count; t++) first[t + 1] = first[t] + (uint32_t)tables[t].rows;
    FUZZ_MUST(link_choose(&choice, link) == DW_OK && link_cluster(cluster, link, &choice) == DW_OK);
    for (size_t i = 0; i < pairs_count; i++) {
        struct link_why x, y;
        FUZZ_MUST(pairs[i].a < pairs[i].b && pairs[i].b < first[count] && pairs[i].p >= 0 && pairs[i].p <= 1);
        link_explain(&x, link, pairs[i].a, pairs[i].b);
        link_explain(&y, link, pairs[i].b, pairs[i].a);
        FUZZ_MUST(x.bits == y.bits && x.bits - x.bits == 0);
    }
    for (size_t t = 0; t < count; t++)
        for (uint32_t a = first[t]; a < first[t + 1]; a++) {
            FUZZ_MUST(cluster[a] <= a);
            for (uint32_t b = first[t]; b < a && link_once(link, t); b++) FUZZ_MUST(cluster[a] != cluster[b]);
        }
    link_choice_free(&choice);
}

/* The first bytes choose the tables and what is said of their columns; the rest is cells, parted by 0x1f. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cells cells[MOST_TABLES];
    static struct link_column columns[MOST_TABLES][WIDE];
    struct link_table tables[MOST_TABLES];
    struct link_column *out[MOST_TABLES];
    static const char *headers[WIDE] = {"name", "证件号", "phone", "dob", "address", "what"};
    const char *const *all_headers[MOST_TABLES] = {headers, headers, headers};
    static char text[4200];
    struct link *link;
    if (size < 8 || size > 4096) return 0;
    size_t count = 1 + data[0] % MOST_TABLES, at = 0;
    memcpy(text, data + 8, size - 8);
    text[size - 8] = 0;
    for (size_t t = 0; t < count; t++) cells[t].rows = 0;
    for (size_t n = 0; at < size - 8 && n < count * LONG * WIDE; n++) {
        size_t t = n / WIDE % count, row = n / WIDE / count, len = strcspn(text + at, "\x1f");
        text[at + len] = 0;
        cells[t].cell[row * WIDE + n % WIDE] = text + at;
        for (size_t c = n % WIDE + 1; c < WIDE; c++) cells[t].cell[row * WIDE + c] = "";
        cells[t].rows = row + 1;
        at += len + 1;
    }
    for (size_t t = 0; t < count; t++) {
        out[t] = columns[t];
        tables[t] = (struct link_table){.name = "t",
                                        .rows = cells[t].rows,
                                        .columns = WIDE,
                                        .cell = cell_of,
                                        .ctx = &cells[t],
                                        .column = columns[t],
                                        .repeat = (enum link_repeat)(data[2] >> 2 * t & 3) % 3};
    }
    struct link_guess guess = {.tables = tables, .headers = all_headers, .count = count};
    FUZZ_MUST(link_guess(out, &guess) == DW_OK);
    for (size_t c = 0; c < WIDE && data[1] & 1; c++)
        for (size_t t = 0; t < count; t++)
            columns[t][c] = (struct link_column){.type = (enum link_type)(data[2 + c] % LINK_TYPES),
                                                 .part = (enum link_part)(data[7 - c] % LINK_PARTS)},
            columns[t][c].field[0] = (char)('a' + c);
    struct link_settings set = {.seed = data[3], .threads = 1 + data[4] % 2};
    dw_err err = link_make(&link, tables, count, &set, NULL);
    FUZZ_MUST(err == DW_OK || (err == DW_E_INVALID && link == NULL));
    if (err == DW_OK) check(link, tables, count);
    link_free(link);
    return 0;
}
