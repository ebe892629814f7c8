#include "cli/match_truth.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "files/sheet_in.h"

static uint32_t match_truth_root(struct match_truth *truth, uint32_t r)
{
    while (truth->who[r] != r) r = truth->who[r] = truth->who[truth->who[r]];
    return r;
}

/* Records by a text of each: the identifier, or what the truth column says. */
static dw_err match_truth_index(struct map *map, const struct match_in *in, size_t table, struct cli *cli)
{
    char text[32];
    for (uint32_t r = in->first[table]; r < in->first[table + 1]; r++) {
        const char *id = match_in_id(text, in, r);
        if (!map_put(map, hash_quick(id, strlen(id)), r)) return err_set(&cli->detail, DW_E_MEMORY, "%s", id);
    }
    return DW_OK;
}

static uint32_t match_truth_find(const struct map *map, const struct match_in *in, const char *id)
{
    char text[32];
    uint32_t r;
    size_t cursor = 0;
    while (map_next(map, hash_quick(id, strlen(id)), &cursor, &r))
        if (strcmp(match_in_id(text, in, r), id) == 0) return r;
    return LINK_NONE;
}

static dw_err match_truth_nobody(struct cli *cli, const struct sheet *sheet, size_t row, const char *text)
{
    return err_at(&cli->detail, DW_E_NOT_FOUND, cli_text(cli, "truth"), NULL, sheet->source_row[row], NULL, "%s", text);
}

static void match_truth_join(struct match_truth *truth, uint32_t a, uint32_t b)
{
    uint32_t x = match_truth_root(truth, a), y = match_truth_root(truth, b);
    truth->who[x > y ? x : y] = x > y ? y : x;
}

/* Rows of two identifiers; the first row may be headers. */
static dw_err match_truth_pairs(struct match_truth *truth, struct cli *cli, const struct match_in *in, const struct sheet *sheet)
{
    struct map maps[2] = {{0}};
    dw_err err = DW_OK;
    for (size_t t = 0; t < in->count && err == DW_OK; t++)
        for (size_t side = 0; side < 2 && err == DW_OK; side++)
            if (in->count != 2 || t == side) err = match_truth_index(&maps[side], in, t, cli);
    for (size_t row = 0; row < sheet->rows && err == DW_OK; row++) {
        const struct sheet_cell *cells = &sheet->cells[row * sheet->columns];
        uint32_t a = match_truth_find(&maps[0], in, cells[0].text), b = match_truth_find(&maps[1], in, cells[1].text);
        if (a != LINK_NONE && b != LINK_NONE)
            match_truth_join(truth, a, b);
        else if (row > 0)
            err = match_truth_nobody(cli, sheet, row, cells[a == LINK_NONE ? 0 : 1].text);
    }
    map_free(&maps[0]);
    map_free(&maps[1]);
    return err;
}

/* Rows of a file's name, an identifier in it, and who that is. */
static dw_err match_truth_people(struct match_truth *truth, struct cli *cli, const struct match_in *in, const struct sheet *sheet)
{
    struct map people = {0}, *maps = calloc(in->count, sizeof *maps);
    dw_err err = maps == NULL ? DW_E_MEMORY : DW_OK;
    for (size_t t = 0; t < in->count && err == DW_OK; t++) err = match_truth_index(&maps[t], in, t, cli);
    for (size_t row = 0; row < sheet->rows && err == DW_OK; row++) {
        const struct sheet_cell *cells = &sheet->cells[row * sheet->columns];
        size_t t = 0, cursor = 0;
        uint32_t other = LINK_NONE, found;
        while (t < in->count && strcmp(in->link[t].name, cells[0].text) != 0) t++;
        if (t == in->count) continue; /* headers, or a file that is not compared here */
        uint32_t r = match_truth_find(&maps[t], in, cells[1].text);
        if (r == LINK_NONE) err = match_truth_nobody(cli, sheet, row, cells[1].text);
        uint64_t hash = hash_quick(cells[2].text, strlen(cells[2].text));
        while (other == LINK_NONE && map_next(&people, hash, &cursor, &found))
            if (strcmp(sheet->cells[found * sheet->columns + 2].text, cells[2].text) == 0) other = found;
        if (err != DW_OK) break;
        if (other == LINK_NONE) {
            truth->of_row[row] = r;
            if (!map_put(&people, hash, (uint32_t)row)) err = DW_E_MEMORY;
        } else {
            match_truth_join(truth, truth->of_row[other], r);
        }
    }
    for (size_t t = 0; maps != NULL && t < in->count; t++) map_free(&maps[t]);
    free(maps);
    map_free(&people);
    return err;
}

static dw_err match_truth_file(struct match_truth *truth, struct cli *cli, const struct match_in *in)
{
    struct sheet_book book = {0};
    const char *path = cli_text(cli, "truth");
    dw_err err = sheet_read(&book, path, NULL, &cli->progress, &cli->detail);
    const struct sheet *sheet = err == DW_OK && book.count > 0 ? &book.sheets[0] : NULL;
    if (err == DW_OK && (sheet == NULL || sheet->columns < 2 || sheet->columns > 3))
        err = err_at(&cli->detail, DW_E_FORMAT, path, NULL, 0, NULL, "two columns (pairs) or three (file, identifier, person)");
    if (err == DW_OK) {
        truth->of_row = malloc((sheet->rows + 1) * sizeof *truth->of_row);
        if (truth->of_row == NULL) err = DW_E_MEMORY;
    }
    if (err == DW_OK)
        err = sheet->columns == 3 ? match_truth_people(truth, cli, in, sheet) : match_truth_pairs(truth, cli, in, sheet);
    sheet_free(&book);
    return err;
}

static dw_err match_truth_column(struct match_truth *truth, const struct match_in *in)
{
    struct map map = {0};
    dw_err err = DW_OK;
    for (uint32_t r = 0; r < in->first[in->count] && err == DW_OK; r++) {
        const char *text = match_in_cell(in, r, in->table[match_in_table_of(in, r)].truth);
        uint64_t hash = hash_quick(text, strlen(text));
        size_t cursor = 0;
        uint32_t other = LINK_NONE, found;
        while (*text != 0 && other == LINK_NONE && map_next(&map, hash, &cursor, &found))
            if (strcmp(match_in_cell(in, found, in->table[match_in_table_of(in, found)].truth), text) == 0) other = found;
        if (other != LINK_NONE)
            truth->who[r] = other;
        else if (*text != 0 && !map_put(&map, hash, r))
            err = DW_E_MEMORY;
    }
    map_free(&map);
    return err;
}

dw_err match_truth_read(struct match_truth *truth, struct cli *cli, const struct match_in *in)
{
    bool file = cli_text(cli, "truth") != NULL, column = cli_text(cli, "truth-column") != NULL;
    if (!file && !column) return DW_OK;
    if (file && column) return err_set(&cli->detail, DW_E_USAGE, "--truth, --truth-column");
    truth->who = malloc((in->first[in->count] + (size_t)1) * sizeof *truth->who);
    if (truth->who == NULL) return DW_E_MEMORY;
    for (uint32_t r = 0; r < in->first[in->count]; r++) truth->who[r] = r;
    ERR_TRY(file ? match_truth_file(truth, cli, in) : match_truth_column(truth, in));
    for (uint32_t r = 0; r < in->first[in->count]; r++) truth->who[r] = match_truth_root(truth, r);
    truth->known = true;
    return DW_OK;
}

void match_truth_free(struct match_truth *truth)
{
    free(truth->who);
    free(truth->of_row);
    *truth = (struct match_truth){0};
}

static void match_truth_rates(struct match_truth_score *s)
{
    s->precision = s->found == 0 ? 0 : (double)s->right / (double)s->found;
    s->recall = s->pairs == 0 ? 0 : (double)s->right / (double)s->pairs;
    s->f1 = s->precision + s->recall <= 0 ? 0 : 2 * s->precision * s->recall / (s->precision + s->recall);
}

struct match_truth_item {
    uint32_t first, second, table;
};

static int match_truth_compare(const void *a, const void *b)
{
    const struct match_truth_item *x = a, *y = b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    if (x->second != y->second) return x->second < y->second ? -1 : 1;
    return x->table < y->table ? -1 : x->table > y->table;
}

/* Pairs of records that have both numbers in common, without those of one table that holds nobody twice. Sorts items. */
static uint64_t match_truth_count(struct match_truth_item *items, size_t count, const struct link *link)
{
    uint64_t pairs = 0;
    qsort(items, count, sizeof *items, match_truth_compare);
    for (size_t i = 0, j; i < count; i = j) {
        for (j = i; j < count && items[j].first == items[i].first && items[j].second == items[i].second;) j++;
        pairs += (uint64_t)(j - i) * (j - i - 1) / 2;
        for (size_t k = i, l; k < j; k = l) {
            for (l = k; l < j && items[l].table == items[k].table;) l++;
            if (link_once(link, items[k].table)) pairs -= (uint64_t)(l - k) * (l - k - 1) / 2;
        }
    }
    return pairs;
}

static dw_err match_truth_of(uint64_t *pairs, const struct match_in *in, const struct link *link, const uint32_t *first,
                             const uint32_t *second)
{
    size_t count = in->first[in->count];
    struct match_truth_item *items = malloc((count + 1) * sizeof *items);
    if (items == NULL) return DW_E_MEMORY;
    for (uint32_t r = 0; r < count; r++)
        items[r] = (struct match_truth_item){first[r], second == NULL ? 0 : second[r], (uint32_t)match_in_table_of(in, r)};
    *pairs = match_truth_count(items, count, link);
    free(items);
    return DW_OK;
}

dw_err match_truth_groups(struct match_truth_score *out, const struct match_truth *truth, const struct match_in *in,
                          const struct link *link, const uint32_t *group)
{
    ERR_TRY(match_truth_of(&out->pairs, in, link, truth->who, NULL));
    ERR_TRY(match_truth_of(&out->found, in, link, group, NULL));
    ERR_TRY(match_truth_of(&out->right, in, link, truth->who, group));
    match_truth_rates(out);
    return DW_OK;
}

dw_err match_truth_links(struct match_truth_score *out, const struct match_truth *truth, const struct match_in *in,
                         const struct link *link, const struct link_choice *choice)
{
    size_t count;
    const struct link_pair *pairs = link_pairs(&count, link);
    *out = (struct match_truth_score){.found = choice->links};
    ERR_TRY(match_truth_of(&out->pairs, in, link, truth->who, NULL));
    for (size_t i = 0; i < count; i++)
        out->right += choice->verdict[i] == LINK_YES && truth->who[pairs[i].a] == truth->who[pairs[i].b];
    match_truth_rates(out);
    return DW_OK;
}
