#include "base/text_han.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>
#include <unicode/utrans.h>

#include "base/arena.h"
#include "base/map.h"

enum { TEXT_HAN_ROOM = 32, TEXT_HAN_READING = 8, TEXT_HAN_BLOCK = 1024 };

struct text_han_char {
    int32_t point, simple;
    char reading[TEXT_HAN_READING];
};

/* One a thread, kept until it ends: opening a transliterator costs thousands of its uses. */
struct text_han {
    UTransliterator *simple, *latin;
    struct text_han_char *chars;
    size_t count, cap;
    struct map map;
};

static UTransliterator *text_han_open(const UChar *id)
{
    UErrorCode status = U_ZERO_ERROR;
    UTransliterator *opened = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    return U_SUCCESS(status) ? opened : NULL;
}

static int32_t text_han_run(UTransliterator *with, int32_t point, UChar out[TEXT_HAN_ROOM])
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    U16_APPEND_UNSAFE(out, len, point);
    int32_t limit = len;
    if (with != NULL) utrans_transUChars(with, out, &len, TEXT_HAN_ROOM, 0, &limit, &status);
    return U_SUCCESS(status) ? len : 0;
}

static void text_han_make(struct text_han *han, struct text_han_char *out, int32_t point)
{
    UChar units[TEXT_HAN_ROOM];
    UErrorCode status = U_ZERO_ERROR;
    *out = (struct text_han_char){.point = point, .simple = point};
    if (uscript_getScript(point, &status) != USCRIPT_HAN) return;
    int32_t len = text_han_run(han->simple, point, units), at = 0;
    if (len > 0) {
        UChar32 first;
        U16_NEXT(units, at, len, first);
        if (at == len) out->simple = first;
    }
    len = text_han_run(han->latin, point, units);
    for (int32_t i = 0, n = 0; i < len && n < TEXT_HAN_READING - 1; i++)
        if (units[i] >= 'a' && units[i] <= 'z') out->reading[n++] = (char)units[i];
}

static const struct text_han_char *text_han_get(int32_t point)
{
    static _Thread_local struct text_han han;
    static const struct text_han_char none = {0};
    size_t cursor = 0;
    uint32_t at;
    uint64_t hash = (uint64_t)point * UINT64_C(0x9e3779b97f4a7c15);
    while (map_next(&han.map, hash, &cursor, &at))
        if (han.chars[at].point == point) return &han.chars[at];
    if (han.chars == NULL) {
        han.simple = text_han_open(u"Traditional-Simplified");
        han.latin = text_han_open(u"Han-Latin; Latin-ASCII; Lower");
    }
    if (!arena_grow((void **)&han.chars, &han.cap, han.count + 1, sizeof *han.chars)) return &none;
    text_han_make(&han, &han.chars[han.count], point);
    if (!map_put(&han.map, hash, (uint32_t)han.count)) return &none;
    return &han.chars[han.count++];
}

int32_t text_han_simple(int32_t point)
{
    if (point < 0x2e80) return point;
    const struct text_han_char *c = text_han_get(point);
    return c->point == point ? c->simple : point;
}

const char *text_han_pinyin(int32_t point)
{
    return point < 0x2e80 ? "" : text_han_get(point)->reading;
}
