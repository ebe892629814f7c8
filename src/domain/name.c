#include "domain/name.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/text_han.h"
#include "domain/name_words.h"

enum { NAME_CHARS = NAME_SIZE };

/* The one form of a character: variants first, since some of them are traditional too. */
static int32_t name_one(int32_t point)
{
    int32_t kept = name_words_variant(point);
    return kept >= 0 ? kept : text_han_simple(point);
}

static bool name_is_dot(int32_t point)
{
    static const int32_t dots[] = {'.',    0xb7,   0x2022, 0x2027, 0x2219, 0x22c5, 0x2e31,
                                   0x2e33, 0x30fb, 0xff65, 0x16eb, 0x387,  0x2024};
    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++)
        if (point == dots[i]) return true;
    return false;
}

static bool name_is_han(int32_t point)
{
    return point >= 0x2e80;
}

static bool name_says_nothing(const char *folded)
{
    static const char *const words[] = {"无",   "无名", "无人", "没有", "不详", "不知", "不清楚", "未知", "暂无", "空",  "空户",
                                        "空置", "-",    "--",   "—",    "——",   "/",    "\\",     "N/A",  "NONE", "NULL"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(folded, words[i]) == 0) return true;
    return false;
}

static bool name_fold_into(struct arena_buf *out, const char *text, size_t len)
{
    int32_t last = 0;
    bool space = false;
    for (size_t at = 0; at < len;) {
        int32_t point = text_next(text, len, &at);
        if (point < 0) return false;
        if (point == ' ') {
            space = last != 0;
            continue;
        }
        if (name_is_dot(point)) point = 0xb7;
        if (point >= 'a' && point <= 'z') point -= 32;
        if (name_is_han(point)) point = name_one(point);
        /* A space means something between Latin words only. */
        if (space && !name_is_han(point) && !name_is_han(last) && point != 0xb7 && last != 0xb7) text_put(out, ' ');
        if (!(point == 0xb7 && (last == 0xb7 || last == 0))) text_put(out, point);
        last = point;
        space = false;
    }
    while (out->len >= 2 && memcmp(out->data + out->len - 2, "\xc2\xb7", 2) == 0) out->data[out->len -= 2] = 0;
    return !out->failed;
}

bool name_fold(char out[NAME_SIZE], const char *text)
{
    struct arena_buf wide = {0}, folded = {0};
    out[0] = 0;
    bool good = text == NULL || *text == 0 ||
                (text_fold(&wide, text, strlen(text)) && (wide.len == 0 || name_fold_into(&folded, wide.data, wide.len)));
    if (good && folded.len >= NAME_SIZE) good = false;
    if (good && folded.len > 0 && !name_says_nothing(folded.data)) memcpy(out, folded.data, folded.len + 1);
    arena_buf_free(&wide);
    arena_buf_free(&folded);
    return good;
}

size_t name_surname(const char *folded)
{
    size_t len = strlen(folded), at = 0;
    const char *dot = NULL;
    for (const char *next = strstr(folded, "·"); next != NULL; next = strstr(next + 2, "·")) dot = next;
    if (dot != NULL) return (size_t)(dot - folded);
    if (len == 0) return 0;
    if (len > 6 && name_words_compound(folded)) return 6;
    int32_t first = text_next(folded, len, &at);
    if (name_is_han(first)) return at;
    const char *word = strrchr(folded, ' ');
    return word == NULL ? len : len - (size_t)(word + 1 - folded);
}

bool name_pinyin(struct arena_buf *full, struct arena_buf *initials, const char *folded)
{
    size_t len = strlen(folded), at = 0, surname = name_surname(folded);
    const char *reading, *letters;
    if (name_words_reading(&reading, &letters, folded, surname)) {
        arena_buf_text(full, reading);
        arena_buf_text(initials, letters);
        at = surname;
    }
    bool word = true;
    while (at < len) {
        int32_t point = text_next(folded, len, &at);
        if (point < 0) return false;
        const char *han = text_han_pinyin(point);
        char letter = point >= 'A' && point <= 'Z' ? (char)(point + 32) : 0;
        if (*han != 0) {
            arena_buf_text(full, han);
            arena_buf_put(initials, han, 1);
        } else if (letter != 0) {
            arena_buf_put(full, &letter, 1);
            if (word) arena_buf_put(initials, &letter, 1);
        }
        word = letter == 0;
    }
    return !full->failed && !initials->failed;
}

static void name_syllable(struct arena_buf *out, size_t from, const char *text, size_t len)
{
    if (out->len > from) arena_buf_put(out, " ", 1);
    arena_buf_put(out, text, len);
}

bool name_syllables(struct arena_buf *out, const char *folded)
{
    size_t len = strlen(folded), at = 0, from = out->len, surname = name_surname(folded), cut;
    const char *reading, *letters;
    bool any = false, word = false;
    if (name_words_reading(&reading, &letters, folded, surname)) {
        /* Of two characters at most: the second begins with its initial. */
        const char *second = letters[1] == 0 ? NULL : strchr(reading + 1, letters[1]);
        cut = second == NULL ? strlen(reading) : (size_t)(second - reading);
        name_syllable(out, from, reading, cut);
        if (second != NULL) name_syllable(out, from, second, strlen(second));
        at = surname;
        any = true;
    }
    while (at < len) {
        int32_t point = text_next(folded, len, &at);
        if (point < 0) return false;
        const char *han = text_han_pinyin(point);
        char letter = point >= 'A' && point <= 'Z' ? (char)(point + 32) : 0;
        any |= *han != 0;
        if (*han != 0)
            name_syllable(out, from, han, strlen(han));
        else if (letter != 0 && word)
            arena_buf_put(out, &letter, 1);
        else if (letter != 0)
            name_syllable(out, from, &letter, 1);
        word = letter != 0;
    }
    if (!any && out->len > from) out->data[out->len = from] = 0;
    return !out->failed;
}

/* Code points without separators, which many lists leave out. */
static int name_points(int32_t out[NAME_CHARS], const char *text)
{
    size_t len = strlen(text), at = 0;
    int n = 0;
    while (at < len && n < NAME_CHARS) {
        int32_t point = text_next(text, len, &at);
        if (point != 0xb7 && point != ' ') out[n++] = point;
    }
    return n;
}

/* 阿明, 小明, 老陈: a short name and a character of the whole one. */
static bool name_nickname(const int32_t *nick, int n, const int32_t *whole, int m)
{
    if (n != 2 || m < 2 || (nick[0] != 0x963f && nick[0] != 0x5c0f && nick[0] != 0x8001)) return false;
    for (int i = 0; i < m; i++)
        if (whole[i] == nick[1]) return true;
    return false;
}

bool name_like(const char *a, const char *b)
{
    int32_t x[NAME_CHARS], y[NAME_CHARS];
    int n = name_points(x, a), m = name_points(y, b), differ = 0, at = 0;
    if (n == 0 || m == 0) return false;
    if (strcmp(a, b) == 0) return true;
    if (name_nickname(x, n, y, m) || name_nickname(y, m, x, n)) return true;
    if (n != m || n < 2) return false;
    for (int i = 0; i < n; i++)
        if (x[i] != y[i]) {
            differ++;
            at = i;
        }
    if (differ == 0) return true;
    const char *p = differ == 1 ? text_han_pinyin(x[at]) : "", *q = differ == 1 ? text_han_pinyin(y[at]) : "";
    return *p != 0 && strcmp(p, q) == 0;
}

void name_mask(char out[NAME_SIZE], const char *name)
{
    size_t len = strlen(name), at = 0, n = 0, count = text_count(name, len);
    for (size_t i = 0; at < len && n + 5 < NAME_SIZE; i++) {
        size_t start = at;
        text_next(name, len, &at);
        bool keep = i == 0 || (count > 2 && i + 1 == count);
        n += (size_t)snprintf(out + n, NAME_SIZE - n, "%.*s", keep ? (int)(at - start) : 1, keep ? name + start : "*");
    }
    out[n] = 0;
}

void name_mask_given(char out[NAME_SIZE], const char *name)
{
    char folded[NAME_SIZE];
    size_t from = 0, to = 0, len = name_fold(folded, name) ? strlen(folded) : 0;
    int32_t first = text_next(folded, len, &to); /* of a name whose parts we cannot tell, one character */
    const char *word = strrchr(folded, ' ');
    if (len > 0 && strstr(folded, "·") == NULL) {
        if (name_is_han(first))
            to = name_surname(folded) < len ? name_surname(folded) : to;
        else if (word != NULL) {
            from = (size_t)(word + 1 - folded);
            to = len;
        }
    }
    to = from + text_cut(folded + from, to - from, NAME_SIZE - sizeof "＊");
    snprintf(out, NAME_SIZE, "%.*s%s", len == 0 ? 0 : (int)(to - from), folded + from, len == 0 ? "" : "＊");
}
