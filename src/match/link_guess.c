#include "match/link_guess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "domain/idno.h"
#include "domain/phone.h"
#include "match/link_guess_words.h"
#include "match/link_token.h"

enum { LINK_GUESS_ROWS = 1000, LINK_GUESS_SEEN = 4096 };

/* What stands in a column: how many of the rows looked at have what. */
struct link_guess_look {
    size_t filled, distinct, docs, phones, dates, month_first, day_first, digits, whole, decimal, at, shortish, words, han;
};

static size_t link_guess_step(const struct link_table *t)
{
    return t->rows / LINK_GUESS_ROWS + 1;
}

/* Numbers of a date written as two of them and a year: a first above 12 is a day, a second above 12 says that the first is a
 * month. */
static void link_guess_date(struct link_guess_look *look, const char *text)
{
    char date[12];
    int first = 0, second = 0, year = 0;
    link_token_date(date, text, false);
    if (strlen(date) != 8) return;
    int month = (date[4] - '0') * 10 + date[5] - '0', day = (date[6] - '0') * 10 + date[7] - '0';
    if (month < 1 || month > 12 || day < 1 || day > 31) return;
    look->dates++;
    if (sscanf(text, "%2d%*1[-/. ]%2d%*1[-/. ]%4d", &first, &second, &year) != 3 || year < 1000) return;
    look->day_first += first > 12;
    look->month_first += second > 12;
}

static void link_guess_value(struct link_guess_look *look, const char *text)
{
    struct idno doc;
    char phone[PHONE_SIZE], *end;
    size_t len = strlen(text), digits = 0, words = 1, han = 0;
    for (size_t i = 0; i < len; i++) {
        digits += text[i] >= '0' && text[i] <= '9';
        words += text[i] == ' ';
        han += (unsigned char)text[i] >= 0xe3;
    }
    look->filled++;
    look->words += words;
    look->han += han > 0;
    look->digits += digits > 0;
    look->whole += digits == len;
    look->shortish += digits > 0 && len <= 12;
    look->at += strchr(text, '@') != NULL;
    double value = strtod(text, &end);
    look->decimal += *end == 0 && end > text && digits < len && value == value;
    if (digits >= 8) {
        idno_read(&doc, text, false, true, 99991231);
        look->docs += (doc.type == IDNO_RESIDENT || doc.type == IDNO_RESIDENCE) && doc.problem == IDNO_OK;
        look->phones += phone_read(phone, text);
        link_guess_date(look, text);
    } else if (digits >= 6) {
        link_guess_date(look, text);
    }
}

static void link_guess_look(struct link_guess_look *look, const struct link_table *t, size_t column)
{
    uint64_t seen[LINK_GUESS_SEEN] = {0};
    memset(look, 0, sizeof *look);
    for (size_t row = 0; row < t->rows; row += link_guess_step(t)) {
        const char *text = t->cell(t->ctx, row, column);
        if (*text == 0) continue;
        link_guess_value(look, text);
        uint64_t hash = hash_quick(text, strlen(text)) | 1;
        size_t slot = hash >> 20 & (LINK_GUESS_SEEN - 1);
        while (seen[slot] != 0 && seen[slot] != hash) slot = (slot + 1) & (LINK_GUESS_SEEN - 1);
        look->distinct += seen[slot] == 0;
        seen[slot] = hash;
    }
}

static enum link_type link_guess_type(const struct link_guess_look *l)
{
    size_t n = l->filled;
    if (2 * l->docs > n) return LINK_DOC;
    if (10 * l->phones > 7 * n) return LINK_PHONE;
    if (10 * l->dates > 8 * n) return LINK_DATE;
    if (2 * l->at > n) return LINK_TEXT;
    if (10 * l->decimal > 3 * n && 10 * (l->decimal + l->whole) > 9 * n) return LINK_NUMBER;
    if (10 * l->whole > 9 * n) return LINK_CODE;
    if (50 * l->distinct <= n && l->distinct <= 60 && 2 * l->words <= 3 * n) return LINK_CATEGORY;
    if (10 * l->shortish > 8 * n) return LINK_CODE;
    return LINK_TEXT;
}

/* One column: what its header says, if what stands there does not speak against it; else by what stands there. */
static void link_guess_column(struct link_column *out, const struct link_guess_look *look, const char *header, size_t column)
{
    char plain[LINK_GUESS_HEADER];
    bool known;
    link_guess_words_plain(plain, header);
    known = link_guess_words_find(out, plain);
    if (!known) {
        *out = (struct link_column){.type = link_guess_type(look)};
        if (plain[0] != 0)
            snprintf(out->field, sizeof out->field, "%s", plain);
        else
            snprintf(out->field, sizeof out->field, "column %zu", column + 1);
    }
    if (out->type == LINK_DOC && 3 * look->docs < look->filled) out->type = LINK_CODE;
    if (out->type == LINK_PHONE && 3 * look->phones < look->filled && 3 * look->whole < look->filled && look->han > 0)
        out->type = LINK_TEXT;
    if (look->distinct < 2) out->type = LINK_IGNORE;
    out->month_first = look->month_first > look->day_first;
}

/* Share of rows in which all tokens of one column stand in another, which has more. */
static bool link_guess_contains(const struct link_table *t, size_t small, size_t large)
{
    struct link_tokens x = {0}, y = {0};
    size_t rows = 0, inside = 0, more = 0;
    bool good = true;
    for (size_t row = 0; row < t->rows && good; row += link_guess_step(t)) {
        struct link_cell a = {.text = t->cell(t->ctx, row, small)}, b = {.text = t->cell(t->ctx, row, large)};
        link_token_clear(&x);
        link_token_clear(&y);
        good = link_token_read(&x, LINK_TEXT, &a, 1, 0) && link_token_read(&y, LINK_TEXT, &b, 1, 0);
        if (!good || x.count == 0) continue;
        size_t found = 0;
        for (size_t i = 0; i < x.count; i++)
            for (size_t j = 0; j < y.count; j++) found += strcmp(x.text.data + x.at[i], y.text.data + y.at[j]) == 0;
        rows++;
        inside += found == x.count;
        more += y.count > x.count;
    }
    link_token_free(&x);
    link_token_free(&y);
    return good && rows > 0 && 10 * inside >= 9 * rows && 10 * more >= rows;
}

static bool link_guess_wordy(const struct link_column *c)
{
    return c->type == LINK_NAME || c->type == LINK_TEXT;
}

/* Columns that say again what another says. */
static void link_guess_drop(struct link_column *columns, const struct link_table *t)
{
    for (size_t c = 0; c < t->columns; c++)
        for (size_t d = 0; d < t->columns && link_guess_wordy(&columns[c]); d++)
            if (d != c && link_guess_wordy(&columns[d]) && link_guess_contains(t, c, d)) columns[c].type = LINK_IGNORE;
    /* A "name" beside a surname that it does not contain is a given name. */
    bool surname = false;
    for (size_t c = 0; c < t->columns; c++)
        surname = surname || (columns[c].type == LINK_NAME && columns[c].part == LINK_SURNAME);
    for (size_t c = 0; c < t->columns; c++)
        if (surname && columns[c].type == LINK_NAME && columns[c].part == LINK_WHOLE) columns[c].part = LINK_GIVEN;
}

static bool link_guess_has(struct link_column *const *out, const struct link_guess *g, size_t t, const char *field)
{
    for (size_t c = 0; c < g->tables[t].columns; c++)
        if (out[t][c].type != LINK_IGNORE && strcmp(out[t][c].field, field) == 0) return true;
    return false;
}

/* One type for a field in all tables, the one that most columns have; and a field of one table alone is not compared. */
static void link_guess_agree(struct link_column *const *out, const struct link_guess *g)
{
    for (size_t t = 0; t < g->count; t++)
        for (size_t c = 0; c < g->tables[t].columns; c++) {
            struct link_column *column = &out[t][c];
            size_t votes[LINK_TYPES] = {0}, best = column->type, tables = 0;
            if (column->type == LINK_IGNORE) continue;
            for (size_t s = 0; s < g->count; s++) {
                tables += link_guess_has(out, g, s, column->field);
                for (size_t d = 0; d < g->tables[s].columns; d++)
                    if (strcmp(out[s][d].field, column->field) == 0) votes[out[s][d].type]++;
            }
            for (size_t type = LINK_IGNORE + 1; type < LINK_TYPES; type++)
                if (votes[type] > votes[best]) best = type;
            for (size_t s = 0; s < g->count; s++)
                for (size_t d = 0; d < g->tables[s].columns; d++)
                    if (out[s][d].type != LINK_IGNORE && strcmp(out[s][d].field, column->field) == 0)
                        out[s][d].type = g->count > 1 && tables < 2 ? LINK_IGNORE : (enum link_type)best;
        }
}

dw_err link_guess(struct link_column *const *out, const struct link_guess *guess)
{
    bool birth = false;
    struct link_guess_look look;
    for (size_t t = 0; t < guess->count; t++) {
        const struct link_table *table = &guess->tables[t];
        for (size_t c = 0; c < table->columns; c++) {
            out[t][c] = (struct link_column){.type = LINK_IGNORE};
            if (guess->leave != NULL && guess->leave[t][c]) continue;
            link_guess_look(&look, table, c);
            link_guess_column(&out[t][c], &look, guess->headers[t][c], c);
            birth = birth || (out[t][c].type == LINK_DATE && strcmp(out[t][c].field, "birth") == 0);
        }
        link_guess_drop(out[t], table);
    }
    /* An age says what the birth says, and less. */
    for (size_t t = 0; t < guess->count && birth; t++)
        for (size_t c = 0; c < guess->tables[t].columns; c++)
            if (strcmp(out[t][c].field, "age") == 0) out[t][c].type = LINK_IGNORE;
    link_guess_agree(out, guess);
    return DW_OK;
}

bool link_guess_set(struct link_column *column, const char *said)
{
    static const char *const parts[] = {"whole", "surname", "given", "building", "unit", "floor", "room"};
    char type[32];
    *column = (struct link_column){.type = LINK_IGNORE};
    if (strcmp(said, "-") == 0) return true;
    const char *colon = strchr(said, ':'), *second = colon == NULL ? NULL : strchr(colon + 1, ':');
    if (colon == NULL || colon == said || (size_t)(colon - said) >= sizeof column->field) return false;
    size_t len = second == NULL ? strlen(colon + 1) : (size_t)(second - colon - 1);
    if (len >= sizeof type) return false;
    memcpy(column->field, said, (size_t)(colon - said));
    memcpy(type, colon + 1, len);
    type[len] = 0;
    bool good = link_type_read(&column->type, type);
    if (second == NULL) return good;
    for (int i = 0; i < LINK_PARTS; i++)
        if (strcmp(second + 1, parts[i]) == 0) {
            column->part = (enum link_part)i;
            return good;
        }
    return false;
}
