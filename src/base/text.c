#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <unicode/utrans.h>

enum { TEXT_STACK = 512 };

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

void text_put(struct arena_buf *out, int32_t point)
{
    char bytes[U8_MAX_LENGTH];
    int32_t n = 0;
    UBool error = false;
    U8_APPEND(bytes, n, U8_MAX_LENGTH, point, error);
    if (!error) arena_buf_put(out, bytes, (size_t)n);
}

static bool text_is_space(int32_t point)
{
    return point == ' ' || (point >= 0x09 && point <= 0x0d) || (point > 0x7f && u_isUWhiteSpace(point)) || point == 0xfeff;
}

/* What has no width and no meaning in a form: controls, joiners, direction marks. */
static bool text_is_nothing(int32_t point)
{
    if (point < 0x80) return point < 0x20 || point == 0x7f;
    int8_t type = u_charType(point);
    return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR;
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

static bool text_widen(struct text_wide *wide, const char *text, size_t len, int32_t room)
{
    UErrorCode status = U_ZERO_ERROR;
    wide->units = wide->small;
    if (len > INT32_MAX / 32) return false;
    wide->cap = (int32_t)len * room + 16;
    wide->units = wide->cap <= TEXT_STACK ? wide->small : malloc((size_t)wide->cap * sizeof(UChar));
    if (wide->units == NULL) return false;
    u_strFromUTF8(wide->units, wide->cap, &wide->len, text, (int32_t)len, &status);
    return U_SUCCESS(status);
}

static void text_wide_free(struct text_wide *wide)
{
    if (wide->units != wide->small) free(wide->units);
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

bool text_fold(struct arena_buf *out, const char *text, size_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    struct text_wide from, to;
    if (text_ascii(text, len)) return text_tidy(out, text, len);
    if (!text_valid(text, len, NULL)) return false;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    if (U_FAILURE(status)) return false;
    if (!text_widen(&from, text, len, 1)) {
        text_wide_free(&from);
        return false;
    }
    /* NFKC makes at most 18 units of one (U+FDFA). */
    to.cap = from.len * 18 + 16;
    to.units = to.cap <= TEXT_STACK ? to.small : malloc((size_t)to.cap * sizeof(UChar));
    struct arena_buf folded = {0};
    bool good = to.units != NULL;
    if (good) to.len = unorm2_normalize(nfkc, from.units, from.len, to.units, to.cap, &status);
    good = good && U_SUCCESS(status) && text_narrow(&folded, to.units, to.len);
    good = good && text_tidy(out, folded.data == NULL ? "" : folded.data, folded.len);
    arena_buf_free(&folded);
    text_wide_free(&from);
    text_wide_free(&to);
    return good;
}

const char *text_trim(const char *text, size_t *len)
{
    size_t start = 0, end = 0;
    for (size_t at = 0; at < *len;) {
        size_t before = at;
        int32_t point = text_next(text, *len, &at);
        if (point >= 0 && text_is_space(point)) {
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

static bool text_convert(struct arena_buf *out, const char *charset, const void *data, size_t len, size_t *bad)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset, &status);
    if (U_FAILURE(status)) return false;
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    const char *at = data, *end = (const char *)data + len;
    UChar units[TEXT_STACK], *to = units;
    bool good = true, more = true;
    while (good && more) {
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, units + TEXT_STACK, &at, end, NULL, true, &status);
        more = status == U_BUFFER_OVERFLOW_ERROR;
        good = U_SUCCESS(status) || more;
        /* A pair cut by the buffer's end: its first half waits for the second. */
        UChar half = more && to > units && U16_IS_LEAD(to[-1]) ? *--to : 0;
        if (good && out != NULL) good = text_narrow(out, units, (int32_t)(to - units));
        to = units;
        if (half != 0) *to++ = half;
    }
    if (!good && bad != NULL) *bad = (size_t)(at - (const char *)data);
    ucnv_close(converter);
    return good;
}

enum text_charset text_detect(const void *data, size_t len)
{
    const unsigned char *b = data;
    if (len >= 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf) return TEXT_UTF8_MARK;
    if (len >= 2 && b[0] == 0xff && b[1] == 0xfe) return TEXT_UTF16LE;
    if (len >= 2 && b[0] == 0xfe && b[1] == 0xff) return TEXT_UTF16BE;
    if (text_valid(data, len, NULL)) return TEXT_UTF8;
    return text_convert(NULL, "gb18030", data, len, NULL) ? TEXT_GB18030 : TEXT_UNKNOWN;
}

bool text_decode(struct arena_buf *out, enum text_charset charset, const void *data, size_t len, size_t *bad)
{
    size_t mark = charset == TEXT_UTF8_MARK ? 3 : charset == TEXT_UTF16LE || charset == TEXT_UTF16BE ? 2 : 0;
    const char *text = (const char *)data + mark;
    bool good = false;
    size_t wrong = 0;
    if (charset == TEXT_UTF8 || charset == TEXT_UTF8_MARK) {
        good = text_valid(text, len - mark, &wrong);
        if (good) arena_buf_put(out, text, len - mark);
    } else if (charset != TEXT_UNKNOWN) {
        const char *name = charset == TEXT_GB18030 ? "gb18030" : charset == TEXT_UTF16LE ? "UTF-16LE" : "UTF-16BE";
        good = text_convert(out, name, text, len - mark, &wrong);
    }
    if (!good && bad != NULL) *bad = wrong + mark;
    return good && !out->failed;
}

bool text_to_gb18030(struct arena_buf *out, const char *text, size_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    struct text_wide wide;
    if (text_ascii(text, len)) {
        arena_buf_put(out, text, len);
        return !out->failed;
    }
    bool good = text_valid(text, len, NULL) && text_widen(&wide, text, len, 1);
    UConverter *converter = good ? ucnv_open("gb18030", &status) : NULL;
    if (converter != NULL) {
        int32_t cap = wide.len * 4 + 16;
        char *bytes = malloc((size_t)cap);
        int32_t n = bytes == NULL ? 0 : ucnv_fromUChars(converter, bytes, cap, wide.units, wide.len, &status);
        good = bytes != NULL && U_SUCCESS(status);
        if (good) arena_buf_put(out, bytes, (size_t)n);
        free(bytes);
        ucnv_close(converter);
        text_wide_free(&wide);
    }
    return good && converter != NULL && !out->failed;
}

/* Opened once a thread and kept: opening one costs a thousand times its use. */
static UTransliterator *text_latin(void)
{
    static _Thread_local UTransliterator *latin;
    static const UChar id[] = u"Han-Latin; Latin-ASCII; Lower";
    UErrorCode status = U_ZERO_ERROR;
    if (latin == NULL) latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    return U_SUCCESS(status) ? latin : NULL;
}

bool text_pinyin(struct arena_buf *out, const char *text, size_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    struct text_wide wide;
    UTransliterator *latin = text_latin();
    if (latin == NULL || !text_valid(text, len, NULL)) return false;
    bool good = text_widen(&wide, text, len, 8);
    if (good) {
        int32_t limit = wide.len;
        utrans_transUChars(latin, wide.units, &wide.len, wide.cap, 0, &limit, &status);
        good = U_SUCCESS(status) && text_narrow(out, wide.units, wide.len);
    }
    text_wide_free(&wide);
    return good;
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
