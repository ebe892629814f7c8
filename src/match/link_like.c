#include "match/link_like.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/text_han.h"
#include "match/link_token.h"

void link_like_read(struct link_like *out, const char *token)
{
    size_t len = strlen(token), at = 1, n = 0;
    out->kind = token[0];
    while (at < len && n < LINK_LIKE_POINTS) out->p[n++] = text_next(token, len, &at);
    out->n = at < len ? 0 : (uint8_t)n;
}

/* One insertion, deletion, replacement or swap of neighbours. */
static bool link_like_slip(const struct link_like *a, const struct link_like *b)
{
    if (a->n > b->n) return link_like_slip(b, a);
    int i = 0, x = a->n, y = b->n;
    if (y - x > 1) return false;
    while (i < x && a->p[i] == b->p[i]) i++;
    while (x > i && a->p[x - 1] == b->p[y - 1]) x--, y--;
    if (x == i) return y <= i + 1;
    if (x == i + 1 && y == i + 1) return true;
    return x == i + 2 && y == i + 2 && a->p[i] == b->p[i + 1] && a->p[i + 1] == b->p[i];
}

/* Jaro's share of common characters in about the same order, with Winkler's reward for a common beginning. */
static double link_like_winkler(const struct link_like *a, const struct link_like *b)
{
    bool used_a[LINK_LIKE_POINTS] = {false}, used_b[LINK_LIKE_POINTS] = {false};
    int n = a->n, m = b->n, window = (n > m ? n : m) / 2 - 1, common = 0, moved = 0, prefix = 0;
    if (window < 0) window = 0;
    for (int i = 0; i < n; i++)
        for (int j = i > window ? i - window : 0; j < m && j <= i + window; j++)
            if (!used_b[j] && a->p[i] == b->p[j]) {
                used_a[i] = used_b[j] = true;
                common++;
                break;
            }
    if (common == 0) return 0;
    for (int i = 0, j = 0; i < n; i++) {
        if (!used_a[i]) continue;
        while (!used_b[j]) j++;
        moved += a->p[i] != b->p[j++];
    }
    double c = common, jaro = (c / n + c / m + (c - moved / 2.0) / c) / 3;
    while (prefix < 4 && prefix < n && prefix < m && a->p[prefix] == b->p[prefix]) prefix++;
    return jaro + prefix * 0.1 * (1 - jaro);
}

static bool link_like_digits(const struct link_like *a)
{
    for (int i = 0; i < a->n; i++)
        if (a->p[i] < '0' || a->p[i] > '9') return false;
    return true;
}

static bool link_like_any_digit(const struct link_like *a)
{
    for (int i = 0; i < a->n; i++)
        if (a->p[i] >= '0' && a->p[i] <= '9') return true;
    return false;
}

/* Numbers among words differ because they are others: only long ones are taken for slips. */
static int link_like_word(const struct link_like *a, const struct link_like *b)
{
    int most = a->n > b->n ? a->n : b->n, least = a->n < b->n ? a->n : b->n;
    if (link_like_digits(a) || link_like_digits(b)) return most >= 6 && link_like_slip(a, b) ? 1 : 0;
    if (most >= 4 && link_like_slip(a, b)) return 1;
    if (link_like_any_digit(a) || link_like_any_digit(b)) return 0;
    /* Whatever they hold, lengths that differ more do not come to 0.88. */
    if (least < 3 || 5 * least < 2 * most) return 0;
    return (link_like_winkler(a, b) >= 0.88 || link_like_winkler(b, a) >= 0.88) ? 2 : 0;
}

static bool link_like_sound(const struct link_like *a, const struct link_like *b)
{
    if (a->n != b->n) return false;
    for (int i = 0; i < a->n; i++) {
        if (a->p[i] == b->p[i]) continue;
        const char *x = text_han_pinyin(a->p[i]);
        if (*x == 0 || strcmp(x, text_han_pinyin(b->p[i])) != 0) return false;
    }
    return true;
}

int32_t link_like_nick(const struct link_like *token)
{
    bool nick = token->kind == LINK_KIND_HAN && token->n == 2 &&
                (token->p[0] == 0x963f || token->p[0] == 0x5c0f || token->p[0] == 0x8001);
    return nick ? token->p[1] : 0;
}

size_t link_like_given(int32_t out[2], const struct link_like *token)
{
    size_t n = 0;
    if (token->kind != LINK_KIND_HAN) return 0;
    for (int i = token->n > 2 ? token->n - 2 : 0; i < token->n; i++) out[n++] = token->p[i];
    return n;
}

static bool link_like_nicked(const struct link_like *nick, const struct link_like *whole)
{
    int32_t given[2], wanted = link_like_nick(nick);
    size_t n = link_like_given(given, whole);
    for (size_t i = 0; i < n && wanted != 0; i++)
        if (given[i] == wanted) return true;
    return false;
}

static bool link_like_moved(const struct link_like *a, const struct link_like *b)
{
    bool used[LINK_LIKE_POINTS] = {false};
    if (a->n != b->n) return false;
    for (int i = 0; i < a->n; i++) {
        int j = 0;
        while (j < b->n && (used[j] || a->p[i] != b->p[j])) j++;
        if (j == b->n) return false;
        used[j] = true;
    }
    return true;
}

/* Names of two characters with one different are two names; of three and more they may be one, misread. */
static int link_like_han(const struct link_like *a, const struct link_like *b)
{
    int most = a->n > b->n ? a->n : b->n, least = a->n < b->n ? a->n : b->n;
    if (least < 2) return 0;
    if (link_like_sound(a, b)) return 1;
    if (most >= 3 && link_like_slip(a, b)) return 2;
    if (link_like_moved(a, b)) return 2;
    return link_like_nicked(a, b) || link_like_nicked(b, a) ? 3 : 0;
}

static bool link_like_same(const struct link_like *a, const struct link_like *b, int n)
{
    return a->n >= n && b->n >= n && memcmp(a->p, b->p, (size_t)n * sizeof *a->p) == 0;
}

static int link_like_date(const struct link_like *a, const struct link_like *b)
{
    if (a->n != 8 || b->n != 8) return a->n >= 6 && b->n >= 6 && link_like_same(a, b, 6) ? 2 : 0;
    if (link_like_slip(a, b)) return 1;
    bool swapped = link_like_same(a, b, 4) && memcmp(a->p + 4, b->p + 6, 2 * sizeof *a->p) == 0 &&
                   memcmp(a->p + 6, b->p + 4, 2 * sizeof *a->p) == 0;
    if (swapped) return 1;
    int differ = 0;
    for (int i = 0; i < 8; i++) differ += a->p[i] != b->p[i];
    return differ == 2 ? 2 : 0;
}

/* 350599199001010017 kept as a number comes back as 350599199001010000. */
static bool link_like_rounded(const struct link_like *cut, const struct link_like *whole)
{
    return cut->n == 18 && whole->n == 18 && cut->p[15] == '0' && cut->p[16] == '0' && cut->p[17] == '0' &&
           link_like_same(cut, whole, 15);
}

static int link_like_doc(const struct link_like *a, const struct link_like *b)
{
    /* Check characters catch every single slip: two numbers that are right are two numbers. */
    if (a->kind == LINK_KIND_SURE && b->kind == LINK_KIND_SURE) return 0;
    if (a->n >= 5 && b->n >= 5 && link_like_slip(a, b)) return 1;
    return link_like_rounded(a, b) || link_like_rounded(b, a) ? 2 : 0;
}

static int link_like_phone(const struct link_like *a, const struct link_like *b)
{
    if (a->n >= 7 && b->n >= 7 && link_like_slip(a, b)) return 1;
    return a->n >= 8 && b->n >= 8 && memcmp(a->p + a->n - 8, b->p + b->n - 8, 8 * sizeof *a->p) == 0 ? 2 : 0;
}

static double link_like_value(const struct link_like *a)
{
    char text[LINK_LIKE_POINTS + 1];
    for (int i = 0; i < a->n; i++) text[i] = (char)a->p[i];
    text[a->n] = 0;
    return strtod(text, NULL);
}

static int link_like_number(const struct link_like *a, const struct link_like *b)
{
    double x = link_like_value(a), y = link_like_value(b), d = x > y ? x - y : y - x;
    double size = (x < 0 ? -x : x) > (y < 0 ? -y : y) ? (x < 0 ? -x : x) : (y < 0 ? -y : y);
    if (d <= 0.01 * size || (d <= 1 && size >= 5)) return 1;
    return d <= 0.05 * size ? 2 : 0;
}

/* The lanes of a village have short names that differ by one character because they are different lanes. */
static int link_like_lane(const struct link_like *a, const struct link_like *b)
{
    if (a->n >= 2 && link_like_sound(a, b)) return 1;
    return a->n >= 5 && b->n >= 5 && link_like_slip(a, b) ? 2 : 0;
}

int link_like_level(const struct link_like *a, const struct link_like *b, enum link_type type)
{
    bool docs = type == LINK_DOC;
    if (a->n == 0 || b->n == 0 || (a->kind != b->kind && !docs)) return 0;
    if (a->n == b->n && memcmp(a->p, b->p, a->n * sizeof *a->p) == 0) return 0;
    if (docs) return link_like_doc(a, b);
    switch (a->kind) {
    case LINK_KIND_WORD:
        return link_like_word(a, b);
    case LINK_KIND_HAN:
        return link_like_han(a, b);
    case LINK_KIND_DATE:
        return link_like_date(a, b);
    case LINK_KIND_PHONE:
        return link_like_phone(a, b);
    case LINK_KIND_NUMBER:
        return link_like_number(a, b);
    case LINK_KIND_LANE:
        return link_like_lane(a, b);
    case LINK_KIND_CODE:
        return type == LINK_CODE && (a->n > 1 || b->n > 1) && link_like_slip(a, b) ? 1 : 0;
    default:
        return 0;
    }
}
