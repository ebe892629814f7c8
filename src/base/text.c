#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

enum { TEXT_STACK = 512, TEXT_MARK = 0xfeff };

int32_t text_next(const char *text, size_t len, size_t *at)
{
    UChar32 point;
    if (*at >= len) return -1;
    size_t window = len - *at < 4 ? len - *at : 4, start = *at;
    int32_t i = 0;
    U8_NEXT(text + start, i, (int32_t)window, point);
    *at = start + (point < 0 ? 1 : (size_t)i);
    return point;
}

bool text_valid(const char *text, size_t len, size_t *bad)
{
    for (size_t at = 0; at < len;) {
        if ((unsigned char)text[at] < 0x80 && text[at] != 0) {
            at++;
            continue;
        }
        size_t start = at;
        if (text_next(text, len, &at) <= 0) {
            if (bad != NULL) *bad = start;
            return false;
        }
    }
    return true;
}

size_t text_encode(char out[TEXT_POINT], int32_t point)
{
    int32_t n = 0;
    UBool error = false;
    U8_APPEND(out, n, TEXT_POINT, point, error);
    return error ? 0 : (size_t)n;
}

void text_put(struct arena_buf *out, int32_t point)
{
    char bytes[TEXT_POINT];
    size_t n = text_encode(bytes, point);
    if (n > 0) arena_buf_put(out, bytes, n);
}

static bool text_is_space(int32_t point)
{
    return point == ' ' || (point >= 0x09 && point <= 0x0d) || (point > 0x7f && u_isUWhiteSpace(point));
}

/* What has no width and no meaning in a form: controls, joiners, direction marks, variation selectors, fillers. */
static bool text_is_nothing(int32_t point)
{
    if (point < 0x80) return point < 0x20 || point == 0x7f;
    int8_t type = u_charType(point);
    return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static bool text_tidy(struct arena_buf *out, const char *text, size_t len)
{
    bool space = false, any = false;
    for (size_t at = 0; at < len;) {
        size_t start = at;
        int32_t point = text_next(text, len, &at);
        if (point < 0) return false;
        if (text_is_space(point)) {
            space = any;
        } else if (!text_is_nothing(point)) {
            if (space) arena_buf_put(out, " ", 1);
            arena_buf_put(out, text + start, at - start);
            space = false;
            any = true;
        }
    }
    return !out->failed;
}

static bool text_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80 || text[i] == 0) return false;
    return true;
}

/* UTF-16 for ICU's functions that want it: on the stack when short. */
struct text_wide {
    UChar small[TEXT_STACK];
    UChar *units;
    int32_t len, cap;
};

static void text_wide_free(struct text_wide *wide)
{
    if (wide->units != wide->small) free(wide->units);
}

static bool text_wide_room(struct text_wide *wide, size_t cap)
{
    wide->units = wide->small;
    wide->cap = TEXT_STACK;
    wide->len = 0;
    if (cap <= TEXT_STACK) return true;
    wide->units = cap > INT32_MAX ? NULL : malloc(cap * sizeof *wide->units);
    wide->cap = (int32_t)cap;
    return wide->units != NULL;
}

static bool text_widen(struct text_wide *wide, const char *text, size_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    if (!text_wide_room(wide, len)) return false;
    u_strFromUTF8(wide->units, wide->cap, &wide->len, text, (int32_t)len, &status);
    if (U_FAILURE(status)) text_wide_free(wide);
    return U_SUCCESS(status);
}

static bool text_narrow(struct arena_buf *out, const UChar *units, int32_t len)
{
    for (int32_t i = 0; i < len;) {
        UChar32 point;
        U16_NEXT(units, i, len, point);
        if (U_IS_SURROGATE(point)) return false;
        text_put(out, point);
    }
    return !out->failed;
}

/* What NFKC and tidying do to a character that no neighbour of the same kind can change: the forms of half and full width, Han
 * and its punctuation. -1: ICU has to look. Nearly every cell of a list ends here, ten times faster than through UTF-16. */
static int32_t text_alone(int32_t point)
{
    if (point < 0x80) return point;
    if (point >= 0xff01 && point <= 0xff5e) return point - 0xfee0;
    if ((point >= 0x3400 && point <= 0x4dbf) || (point >= 0x4e00 && point <= 0x9fff)) return point;
    if (point >= 0x3000 && point <= 0x3011) return point == 0x3000 ? ' ' : point;
    return point == 0xb7 || point == 0x2022 || point == 0x30fb ? point : -1;
}

/* False when a character needs ICU. What stays as it is is copied run by run. */
static bool text_fold_alone(struct arena_buf *out, const char *text, size_t len)
{
    bool space = false, any = false;
    size_t run = 0, end = 0; /* a run that waits to be copied */
    for (size_t at = 0; at < len;) {
        size_t start = at;
        int32_t point = text_next(text, len, &at), folded = text_alone(point);
        if (folded <= 0) return false;
        bool gap = text_is_space(folded), drop = !gap && (folded < ' ' || folded == 0x7f);
        if (!gap && !drop && !space && folded == point && end == start) {
            end = at;
            any = true;
            continue;
        }
        arena_buf_put(out, text + run, end - run);
        run = end = at;
        if (gap) space = any;
        if (gap || drop) continue;
        if (space) arena_buf_put(out, " ", 1);
        text_put(out, folded);
        space = false;
        any = true;
    }
    arena_buf_put(out, text + run, end - run);
    return true;
}

/* NFKC of well-formed text. */
static bool text_normal(struct arena_buf *out, const char *text, size_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    struct text_wide from, to;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    if (U_FAILURE(status) || !text_widen(&from, text, len)) return false;
    /* NFKC makes at most 18 units of one (U+FDFA). */
    bool good = text_wide_room(&to, (size_t)from.len * 18 + 1);
    if (good) {
        to.len = unorm2_normalize(nfkc, from.units, from.len, to.units, to.cap, &status);
        good = U_SUCCESS(status) && text_narrow(out, to.units, to.len);
        text_wide_free(&to);
    }
    text_wide_free(&from);
    return good;
}

/* A buffer as it was when something failed half way. */
static bool text_undo(struct arena_buf *out, size_t len)
{
    if (out->data != NULL) out->data[out->len = len] = 0;
    return false;
}

bool text_fold(struct arena_buf *out, const char *text, size_t len)
{
    size_t start = out->len;
    if (text_fold_alone(out, text, len)) return !out->failed;
    text_undo(out, start);
    if (!text_valid(text, len, NULL)) return false;
    /* Tidied before as well as after: what stood between two characters that compose must be gone before they can. */
    struct arena_buf tidy = {0}, normal = {0};
    bool good = text_tidy(&tidy, text, len) && (tidy.len == 0 || text_normal(&normal, tidy.data, tidy.len)) &&
                (normal.len == 0 || text_tidy(out, normal.data, normal.len));
    arena_buf_free(&tidy);
    arena_buf_free(&normal);
    return good || text_undo(out, start);
}

const char *text_trim(const char *text, size_t *len)
{
    size_t start = 0, end = 0;
    for (size_t at = 0; at < *len;) {
        size_t before = at;
        int32_t point = text_next(text, *len, &at);
        if (point >= 0 && (text_is_space(point) || point == TEXT_MARK)) {
            if (end == 0) start = at;
        } else {
            if (end == 0) start = before;
            end = at;
        }
    }
    *len = end > start ? end - start : 0;
    return text + start;
}

size_t text_cut(const char *text, size_t len, size_t max)
{
    if (len <= max) return len;
    while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80) max--;
    return max;
}

size_t text_count(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t at = 0; at < len; count++) text_next(text, len, &at);
    return count;
}

size_t text_width(const char *text)
{
    size_t len = strlen(text), width = 0;
    for (size_t at = 0; at < len;) {
        int32_t point = text_next(text, len, &at);
        if (point < 0x80) {
            width += point >= 0x20 || point < 0;
            continue;
        }
        int8_t type = u_charType(point);
        if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) continue;
        int32_t east = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
        width += east == U_EA_WIDE || east == U_EA_FULLWIDTH ? 2 : 1;
    }
    return width;
}

/* Bytes before the wrong ones that stopped the converter at at. */
static size_t text_wrong(UConverter *converter, const char *data, const char *at)
{
    UErrorCode status = U_ZERO_ERROR;
    char wrong[16];
    int8_t count = sizeof wrong;
    ucnv_getInvalidChars(converter, wrong, &count, &status);
    size_t done = (size_t)(at - data);
    return U_SUCCESS(status) && (size_t)count <= done ? done - (size_t)count : done;
}

/* out may be NULL, to try only. */
static bool text_convert(struct arena_buf *out, const char *charset, const char *data, size_t len, size_t *bad)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset, &status);
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_FAILURE(status)) return false;
    const char *at = data;
    UChar units[TEXT_STACK], *to = units;
    bool good = true, more = true;
    while (good && more) {
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, units + TEXT_STACK, &at, data + len, NULL, true, &status);
        more = status == U_BUFFER_OVERFLOW_ERROR;
        good = U_SUCCESS(status) || more;
        /* A pair cut by the buffer's end: its first half waits for the second. */
        UChar half = more && to > units && U16_IS_LEAD(to[-1]) ? *--to : 0;
        if (good && out != NULL) good = text_narrow(out, units, (int32_t)(to - units));
        to = units;
        if (half != 0) *to++ = half;
    }
    if (!good && bad != NULL) *bad = text_wrong(converter, data, at);
    ucnv_close(converter);
    return good;
}

/* Text has no U+0000; unit is the bytes of a zero: 2 in UTF-16, else 1. */
static bool text_has_zero(const char *data, size_t len, size_t unit, size_t *bad)
{
    for (size_t i = 0; i + unit <= len; i += unit) {
        if (data[i] != 0 || data[i + unit - 1] != 0) continue;
        if (bad != NULL) *bad = i;
        return true;
    }
    return false;
}

enum text_charset text_detect(const void *data, size_t len)
{
    const unsigned char *b = data;
    if (len >= 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf) return TEXT_UTF8_MARK;
    if (len >= 2 && b[0] == 0xff && b[1] == 0xfe) return TEXT_UTF16LE;
    if (len >= 2 && b[0] == 0xfe && b[1] == 0xff) return TEXT_UTF16BE;
    if (text_has_zero(data, len, 1, NULL)) return TEXT_UNKNOWN;
    if (text_valid(data, len, NULL)) return TEXT_UTF8;
    return text_convert(NULL, "gb18030", data, len, NULL) ? TEXT_GB18030 : TEXT_UNKNOWN;
}

bool text_decode(struct arena_buf *out, enum text_charset charset, const void *data, size_t len, size_t *bad)
{
    size_t mark = charset == TEXT_UTF8_MARK ? 3 : charset == TEXT_UTF16LE || charset == TEXT_UTF16BE ? 2 : 0;
    size_t wrong = 0, start = out->len;
    if (mark > len) mark = len;
    const char *text = len == 0 ? "" : (const char *)data + mark;
    len -= mark;
    bool good = false;
    if (charset == TEXT_UTF8 || charset == TEXT_UTF8_MARK) {
        good = text_valid(text, len, &wrong);
        if (good) arena_buf_put(out, text, len);
    } else if (charset != TEXT_UNKNOWN) {
        const char *name = charset == TEXT_GB18030 ? "gb18030" : charset == TEXT_UTF16LE ? "UTF-16LE" : "UTF-16BE";
        good = !text_has_zero(text, len, charset == TEXT_GB18030 ? 1 : 2, &wrong) && text_convert(out, name, text, len, &wrong);
    }
    if (good && out->failed) good = false;
    if (!good && bad != NULL) *bad = wrong + mark;
    return good || text_undo(out, start);
}

bool text_to_gb18030(struct arena_buf *out, const char *text, size_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    struct text_wide wide;
    if (text_ascii(text, len)) {
        arena_buf_put(out, text, len);
        return !out->failed;
    }
    if (!text_valid(text, len, NULL) || !text_widen(&wide, text, len)) return false;
    UConverter *converter = ucnv_open("gb18030", &status);
    const UChar *from = wide.units;
    bool more = U_SUCCESS(status);
    while (more) {
        char bytes[TEXT_STACK], *to = bytes;
        status = U_ZERO_ERROR;
        ucnv_fromUnicode(converter, &to, bytes + TEXT_STACK, &from, wide.units + wide.len, NULL, true, &status);
        arena_buf_put(out, bytes, (size_t)(to - bytes));
        more = status == U_BUFFER_OVERFLOW_ERROR;
    }
    ucnv_close(converter);
    text_wide_free(&wide);
    return U_SUCCESS(status) && !out->failed;
}

bool text_int(int64_t *out, const char *text, size_t len)
{
    bool minus = len > 0 && text[0] == '-';
    uint64_t value = 0, most = minus ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    if (len == (size_t)minus) return false;
    for (size_t i = minus; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (value > (most - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *out = minus ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}
