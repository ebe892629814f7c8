#include "match/match_near.h"

#include <stdbool.h>
#include <string.h>

#include "domain/name.h"

int match_near_slips(const char *a, const char *b, int limit)
{
    int n = (int)strlen(a), m = (int)strlen(b), row[3][MATCH_NEAR_DOC];
    if (n >= MATCH_NEAR_DOC || m >= MATCH_NEAR_DOC || n - m > limit || m - n > limit) return limit + 1;
    for (int j = 0; j <= m; j++) row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    int slips = row[n % 3][m];
    return slips > limit ? limit + 1 : slips;
}

/* One of them has lost its last three digits to a spreadsheet. */
static bool match_rounded(const char *a, const char *b)
{
    return strlen(a) == 18 && strlen(b) == 18 && strncmp(a, b, 15) == 0 &&
           (strcmp(a + 15, "000") == 0 || strcmp(b + 15, "000") == 0);
}

struct match_alike {
    bool docs, both_valid, same_name, like_name, same_birth, other_birth, same_phone, same_building, same_door;
    int slips;
};

static struct match_alike match_look(const struct match_record *a, const struct match_record *b)
{
    struct match_alike s = {.docs = *a->doc != 0 && *b->doc != 0};
    s.both_valid = s.docs && a->doc_valid && b->doc_valid;
    s.same_name = *a->name != 0 && strcmp(a->name, b->name) == 0;
    s.like_name = s.same_name || name_like(a->name, b->name);
    s.same_birth = a->birth != 0 && a->birth == b->birth;
    s.other_birth = a->birth != 0 && b->birth != 0 && a->birth != b->birth;
    s.same_phone = *a->phone != 0 && strcmp(a->phone, b->phone) == 0;
    s.same_building = a->building != UINT32_MAX && a->building == b->building;
    s.same_door = a->door != UINT32_MAX && a->door == b->door;
    s.slips = s.docs ? match_rounded(a->doc, b->doc) ? 1 : match_near_slips(a->doc, b->doc, 2) : 3;
    return s;
}

int match_near_why(const struct match_record *a, const struct match_record *b)
{
    struct match_alike s = match_look(a, b);
    bool nameless = *a->name == 0 || *b->name == 0;
    if (s.both_valid && s.slips == 0) return s.like_name || nameless ? MATCH_BY_DOC : MATCH_DOC_NAME_DIFFER;
    if (s.both_valid) {
        /* Two good documents are two people, unless everything else says one of them is another's. */
        if (s.same_name && s.same_phone && s.same_birth) return MATCH_NAME_BIRTH;
        return s.slips == 1 && s.like_name ? MATCH_DOC_NEAR : -1;
    }
    if (s.same_name && s.same_birth && s.same_phone) return MATCH_BY_TRIPLE;
    if (s.slips <= 1) return MATCH_DOC_NEAR;
    if (s.same_name && s.same_birth) return MATCH_NAME_BIRTH;
    if (s.same_name && s.same_phone) return MATCH_NAME_PHONE;
    if (s.same_name && s.slips == 2) return MATCH_NAME_DOC_NEAR;
    if (s.same_phone && s.like_name && !s.other_birth) return MATCH_PHONE_BIRTH;
    bool place = (s.same_name && s.same_building) || (s.like_name && s.same_door);
    return place && !s.other_birth ? MATCH_NAME_PLACE : -1;
}
