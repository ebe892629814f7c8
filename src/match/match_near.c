#include "match/match_near.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "domain/name.h"
#include "match/match_block.h"

/* Row by row, three rows kept; two rows in a row beyond the limit cannot come back below it. */
static int match_near_table(const char *a, int n, const char *b, int m, int limit)
{
    int row[3][MATCH_NEAR_LONGEST + 1], least_before = 0;
    for (int j = 0; j <= m; j++) row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3], least = i;
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
            if (best < least) least = best;
        }
        if (least > limit && least_before > limit) return limit + 1;
        least_before = least;
    }
    int slips = row[n % 3][m];
    return slips > limit ? limit + 1 : slips;
}

int match_near_slips(const char *a, const char *b, int limit)
{
    while (*a != 0 && *a == *b) a++, b++;
    size_t n = strlen(a), m = strlen(b);
    while (n > 0 && m > 0 && a[n - 1] == b[m - 1]) n--, m--;
    if (n > MATCH_NEAR_LONGEST || m > MATCH_NEAR_LONGEST || n > m + (size_t)limit || m > n + (size_t)limit) return limit + 1;
    if (n == 0 || m == 0) return (int)(n + m);
    return match_near_table(a, (int)n, b, (int)m, limit);
}

static bool match_near_cut(const char *doc)
{
    return strlen(doc) == 18 && strcmp(doc + 15, "000") == 0;
}

/* As a number comes out of such a loss: 1,000 times a number, or what a double can hold. */
static bool match_near_lost(const char *doc)
{
    if (match_near_cut(doc)) return true;
    uint64_t n = strtoull(doc, NULL, 10);
    return strspn(doc, "0123456789") == 18 && (uint64_t)(double)n == n;
}

/* One is the other as it comes back from a spreadsheet or a program that took it for a number: cut or rounded to fifteen
 * digits, or gone through a double. */
static bool match_near_rounded(const char *a, const char *b)
{
    char *end;
    if (strlen(a) != 18 || strlen(b) != 18 || strspn(a, "0123456789") < 15 || strspn(b, "0123456789") < 15) return false;
    bool cut = match_near_cut(a) || match_near_cut(b);
    if (cut && strncmp(a, b, 15) == 0) return true;
    uint64_t x = strtoull(a, &end, 10);
    if (*end != 0) return false;
    uint64_t y = strtoull(b, &end, 10), apart = x > y ? x - y : y - x;
    return *end == 0 && ((cut && apart <= 500) || (apart < 128 && (double)x == (double)y));
}

/* Names of the same number of characters, two or more, of which one Han character is another. */
static bool match_near_one_off(const char *a, const char *b)
{
    const unsigned char *x = (const unsigned char *)a, *y = (const unsigned char *)b;
    size_t n = strlen(a), m = strlen(b), start = 0;
    while (x[start] != 0 && x[start] == y[start]) start++;
    while (start > 0 && ((x[start] & 0xC0) == 0x80 || (y[start] & 0xC0) == 0x80)) start--;
    while (n > start && m > start && x[n - 1] == y[m - 1]) n--, m--;
    while ((x[n] & 0xC0) == 0x80) n++;
    while ((y[m] & 0xC0) == 0x80) m++;
    if (n == start || m == start || (start == 0 && x[n] == 0) || x[start] < 0xE0 || y[start] < 0xE0) return false;
    for (size_t i = start + 1; i < n; i++)
        if ((x[i] & 0xC0) != 0x80) return false;
    for (size_t i = start + 1; i < m; i++)
        if ((y[i] & 0xC0) != 0x80) return false;
    return true;
}

/* What is equal in two records, and what speaks against them. */
struct match_near {
    const struct match_record *a, *b;
    bool both_valid, same_name, like_name, nameless;
    bool same_birth, other_birth, other_sex, same_phone, same_place;
};

/* A birth is given twice, in its column and in the document, and lists err in the column: either will do. */
static void match_near_births(struct match_near *s)
{
    int32_t x[2] = {s->a->birth, match_block_birth(s->a)}, y[2] = {s->b->birth, match_block_birth(s->b)};
    bool known = (x[0] != 0 || x[1] != 0) && (y[0] != 0 || y[1] != 0);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) s->same_birth = s->same_birth || (x[i] != 0 && x[i] == y[j]);
    s->other_birth = known && !s->same_birth;
}

static void match_near_look(struct match_near *s)
{
    const struct match_record *a = s->a, *b = s->b;
    s->other_sex = a->sex != 0 && b->sex != 0 && a->sex != b->sex;
    s->same_phone = *a->phone != 0 && strcmp(a->phone, b->phone) == 0;
    if (a->building != UINT32_MAX)
        s->same_place = a->building == b->building;
    else
        s->same_place = a->door != UINT32_MAX && a->door == b->door && b->building == UINT32_MAX;
    match_near_births(s);
}

/* A thousand people share a rounded number: it is near only to those of whose names at most a character is another. One in eleven
 * such numbers has the right check character and passes for valid: then the names must be equal. */
static int match_near_doc_slips(const struct match_near *s)
{
    size_t n = strlen(s->a->doc), m = strlen(s->b->doc);
    if (n == 0 || m == 0) return 3;
    if (n < MATCH_NEAR_LEAST || m < MATCH_NEAR_LEAST) return strcmp(s->a->doc, s->b->doc) == 0 ? 0 : 3;
    int slips = match_near_slips(s->a->doc, s->b->doc, 2);
    if (slips <= 1 || !match_near_rounded(s->a->doc, s->b->doc)) return slips;
    if (s->both_valid) return s->same_name && (match_near_lost(s->a->doc) || match_near_lost(s->b->doc)) ? 1 : slips;
    return s->like_name || s->nameless || match_near_one_off(s->a->name, s->b->name) ? 1 : slips;
}

/* Two good numbers with check characters are two people, unless nearly everything else says that one carries another's. */
static int match_near_apart(struct match_near *s)
{
    if (!s->same_name) return -1;
    match_near_look(s);
    if (s->same_birth && (s->same_phone || s->same_place)) return MATCH_NAME_BIRTH;
    if (s->same_phone && s->same_place) return MATCH_NAME_PHONE;
    int slips = match_near_doc_slips(s);
    return slips <= 1 ? MATCH_DOC_NEAR : slips == 2 ? MATCH_NAME_DOC_NEAR : -1;
}

int match_near_why(const struct match_record *a, const struct match_record *b)
{
    struct match_near s = {.a = a, .b = b, .both_valid = a->doc_valid && b->doc_valid && *a->doc != 0 && *b->doc != 0};
    s.nameless = *a->name == 0 || *b->name == 0;
    s.same_name = !s.nameless && strcmp(a->name, b->name) == 0;
    bool same_doc = *a->doc != 0 && strcmp(a->doc, b->doc) == 0;
    if (s.both_valid && !same_doc && strlen(a->doc) == 18 && strlen(b->doc) == 18) return match_near_apart(&s);
    s.like_name = s.same_name || (!s.nameless && name_like(a->name, b->name));
    if (s.both_valid && same_doc) return s.like_name || s.nameless ? MATCH_BY_DOC : MATCH_DOC_NAME_DIFFER;
    match_near_look(&s);
    if (s.same_name && s.same_birth && s.same_phone) return s.both_valid ? MATCH_NAME_BIRTH : MATCH_BY_TRIPLE;
    int slips = match_near_doc_slips(&s);
    bool telling = strlen(a->doc) >= MATCH_NEAR_SHORT && strlen(b->doc) >= MATCH_NEAR_SHORT && !s.both_valid;
    if (slips <= 1 && (s.like_name || telling)) return MATCH_DOC_NEAR;
    if (s.both_valid && s.other_birth) return -1;
    if (s.same_birth && (s.same_name || (s.like_name && !s.other_sex))) return MATCH_NAME_BIRTH;
    if (s.same_name && s.same_phone) return MATCH_NAME_PHONE;
    if (s.same_name && slips <= 2) return MATCH_NAME_DOC_NEAR;
    if (s.same_phone && s.like_name && !s.other_birth) return MATCH_PHONE_BIRTH;
    if (s.same_phone && s.same_birth && match_near_one_off(a->name, b->name)) return MATCH_PHONE_BIRTH;
    bool place = s.same_place && (s.same_name || (s.like_name && !s.other_birth && !s.other_sex));
    return place ? MATCH_NAME_PLACE : -1;
}
