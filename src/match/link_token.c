#include "match/link_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/text_han.h"
#include "domain/addr.h"
#include "domain/idno.h"
#include "domain/name.h"
#include "domain/phone.h"

enum { LINK_TOKEN_LONGEST = 400 };

void link_token_clear(struct link_tokens *tokens)
{
    arena_buf_clear(&tokens->text);
    tokens->count = 0;
}

void link_token_free(struct link_tokens *tokens)
{
    arena_buf_free(&tokens->text);
    arena_buf_free(&tokens->work);
    tokens->count = 0;
}

static void link_token_add(struct link_tokens *out, char kind, const char *text, size_t len)
{
    if (len == 0 || out->count == sizeof out->at / sizeof *out->at) return;
    if (len > LINK_TOKEN_LONGEST) len = text_cut(text, len, LINK_TOKEN_LONGEST);
    for (size_t i = 0; i < out->count; i++) {
        const char *known = out->text.data + out->at[i];
        if (known[0] == kind && strlen(known + 1) == len && memcmp(known + 1, text, len) == 0) return;
    }
    out->at[out->count++] = (uint32_t)out->text.len;
    arena_buf_put(&out->text, &kind, 1);
    arena_buf_put(&out->text, text, len);
    arena_buf_put(&out->text, "", 1);
}

static bool link_token_is_han(int32_t point)
{
    return (point >= 0x2e80 && point < 0x3000) || (point >= 0x3400 && point < 0xa000) || (point >= 0xf900 && point < 0xfb00) ||
           (point >= 0x20000 && point < 0x33480);
}

static bool link_token_letter(int32_t point)
{
    return (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9') || point == '\'' ||
           (point >= 0xc0 && !link_token_is_han(point) && !(point >= 0x2000 && point < 0x2e80) &&
            !(point >= 0x3000 && point < 0x3040));
}

/* Latin capitals; accents and other scripts stay as they are. */
static int32_t link_token_upper(int32_t point)
{
    bool lower = (point >= 'a' && point <= 'z') || (point >= 0xe0 && point <= 0xfe && point != 0xf7);
    return lower ? point - 32 : point;
}

/* Folded text in capitals and simplified characters, in work. */
static const char *link_token_fold(struct link_tokens *out, const char *text)
{
    struct arena_buf folded = {0};
    arena_buf_clear(&out->work);
    arena_buf_put(&out->work, "", 0);
    if (text_fold(&folded, text, strlen(text)))
        for (size_t at = 0; at < folded.len;) {
            int32_t point = text_next(folded.data, folded.len, &at);
            text_put(&out->work, link_token_is_han(point) ? text_han_simple(point) : link_token_upper(point));
        }
    arena_buf_free(&folded);
    return out->work.failed || out->work.data == NULL ? "" : out->work.data;
}

static bool link_token_nothing(const char *folded)
{
    static const char *const words[] = {"无", "没有", "不详", "未知", "暂无", "空",   "-",   "--",
                                        "—",  "/",    "N/A",  "NA",   "NONE", "NULL", "NAN", "UNKNOWN"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(folded, words[i]) == 0) return true;
    return *folded == 0;
}

/* Words of Latin letters each by itself; of Han characters every two that stand side by side, or (names) all of them as one. */
static void link_token_words(struct link_tokens *out, const char *folded, bool name)
{
    char han[LINK_TOKEN_LONGEST + TEXT_POINT];
    size_t len = strlen(folded), word = 0, han_len = 0, last = SIZE_MAX, pairs = 0;
    for (size_t at = 0; at <= len;) {
        size_t start = at;
        int32_t point = at < len ? text_next(folded, len, &at) : 0;
        bool letter = point > 0 && link_token_letter(point), character = point > 0 && link_token_is_han(point);
        if (!letter) {
            link_token_add(out, LINK_KIND_WORD, folded + word, start - word);
            word = at;
        }
        if (character && name && han_len + TEXT_POINT <= LINK_TOKEN_LONGEST) {
            memcpy(han + han_len, folded + start, at - start);
            han_len += at - start;
        } else if (character && !name && last != SIZE_MAX) {
            link_token_add(out, LINK_KIND_PAIR, folded + last, at - last);
            pairs++;
        } else if (!character && !name && last != SIZE_MAX && pairs == 0) {
            link_token_add(out, LINK_KIND_PAIR, folded + last, start - last);
        }
        last = character ? start : SIZE_MAX;
        if (!character) pairs = 0;
        if (start == len) break;
    }
    link_token_add(out, LINK_KIND_HAN, han, han_len);
}

static void link_token_name(struct link_tokens *out, const struct link_cell *cells, size_t count)
{
    char folded[NAME_SIZE];
    struct arena_buf whole = {0};
    for (size_t i = 0; i < count; i++) {
        /* The fold of names brings variants to one that the fold of texts leaves apart. */
        bool good = name_fold(folded, cells[i].text);
        if (whole.len > 0) arena_buf_put(&whole, " ", 1);
        arena_buf_text(&whole, good ? folded : link_token_fold(out, cells[i].text));
    }
    if (whole.data != NULL && !whole.failed && !link_token_nothing(whole.data)) link_token_words(out, whole.data, true);
    if (whole.failed) out->text.failed = true;
    arena_buf_free(&whole);
}

static void link_token_doc(struct link_tokens *out, const char *text, int32_t today)
{
    struct idno doc;
    idno_read(&doc, text, false, true, today > 0 ? today : 99991231);
    bool checked = doc.type == IDNO_RESIDENT || doc.type == IDNO_RESIDENCE;
    bool sure = doc.problem == IDNO_OK && checked && strlen(doc.text) == 18;
    if (doc.type != IDNO_NONE) link_token_add(out, sure ? LINK_KIND_SURE : LINK_KIND_DOC, doc.text, strlen(doc.text));
}

/* Several numbers in one cell stand for each other. */
static void link_token_phone(struct link_tokens *out, const char *text)
{
    const char *folded = link_token_fold(out, text);
    size_t len = strlen(folded), from = 0;
    char *copy = malloc(len + 1);
    if (copy == NULL) {
        out->text.failed = true;
        return;
    }
    memcpy(copy, folded, len + 1);
    for (size_t at = 0; at <= len; at++) {
        bool cut = at == len || strchr(";,/|", copy[at]) != NULL;
        if (!cut && len - at >= 3 && memcmp(copy + at, "、", 3) == 0) cut = true;
        if (!cut) continue;
        char phone[PHONE_SIZE], digits[PHONE_SIZE];
        size_t n = 0;
        copy[at] = 0;
        bool mobile = phone_read(phone, copy + from);
        for (const char *p = phone; *p != 0; p++)
            if (*p >= '0' && *p <= '9') digits[n++] = *p;
        if (mobile || n >= 5) link_token_add(out, LINK_KIND_PHONE, digits, n);
        from = at + 1;
    }
    free(copy);
}

/* Runs of digits of a date: year, month and day in one of the orders that people write. */
static size_t link_token_runs(int runs[4], int lengths[4], const char *text)
{
    size_t n = 0;
    for (const char *p = text; *p != 0 && n < 4;) {
        if (*p < '0' || *p > '9') {
            p++;
            continue;
        }
        int value = 0, len = 0;
        for (; *p >= '0' && *p <= '9'; p++, len++)
            if (len < 8) value = value * 10 + (*p - '0');
        runs[n] = value;
        lengths[n++] = len;
    }
    return n;
}

void link_token_date(char out[12], const char *text, bool month_first)
{
    int run[4] = {0}, length[4] = {0}, year = 0, month = 0, day = 0;
    size_t n = link_token_runs(run, length, text);
    out[0] = 0;
    if (n == 0) return;
    if (length[0] == 8) {
        year = run[0] / 10000, month = run[0] / 100 % 100, day = run[0] % 100;
    } else if (length[0] == 6) {
        year = run[0] / 100, month = run[0] % 100;
    } else if (length[0] == 4) {
        year = run[0], month = n > 1 ? run[1] : 0, day = n > 2 ? run[2] : 0;
    } else if (n >= 3 && length[2] == 4) {
        bool swap = month_first || run[1] > 12;
        year = run[2], month = run[swap ? 0 : 1], day = run[swap ? 1 : 0];
    } else if (n >= 2 && length[1] == 4) {
        year = run[1], month = run[0];
    }
    if (year < 1000 || year > 2999) return;
    if (month > 99 || day > 99) month = day = 0;
    unsigned y = (unsigned)year % 10000, m = (unsigned)month % 100, d = (unsigned)day % 100;
    if (m > 0 && d > 0)
        snprintf(out, 12, "%04u%02u%02u", y, m, d);
    else if (m > 0)
        snprintf(out, 12, "%04u%02u", y, m);
    else
        snprintf(out, 12, "%04u", y);
}

static void link_token_category(struct link_tokens *out, const char *text)
{
    static const char *const words[][2] = {{"男", "M"}, {"男性", "M"}, {"MALE", "M"},
                                           {"女", "F"}, {"女性", "F"}, {"FEMALE", "F"}};
    const char *folded = link_token_fold(out, text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(folded, words[i][0]) == 0) folded = words[i][1];
    if (!link_token_nothing(folded)) link_token_add(out, LINK_KIND_CODE, folded, strlen(folded));
}

static void link_token_number(struct link_tokens *out, const char *text)
{
    const char *folded = link_token_fold(out, text);
    char *end, plain[40];
    double value = strtod(folded, &end);
    if (end == folded || !(value > -1e15 && value < 1e15)) return;
    snprintf(plain, sizeof plain, "%.10g", value == 0 ? 0 : value);
    link_token_add(out, LINK_KIND_NUMBER, plain, strlen(plain));
}

static bool link_token_any_han(const char *text)
{
    size_t len = strlen(text);
    for (size_t at = 0; at < len;)
        if (link_token_is_han(text_next(text, len, &at))) return true;
    return false;
}

/* Of a Chinese address the lane, the building and the door in it; of another its words. A building's code and the parts of a door
 * may have columns of their own. */
static void link_token_address(struct link_tokens *out, const struct link_cell *cells, size_t count)
{
    const char *unit = "", *floor = "", *room = "";
    char key[ADDR_KEY] = "";
    struct addr addr = {0};
    bool read = false;
    for (size_t i = 0; i < count; i++) {
        const char *text = cells[i].text;
        if (cells[i].part == LINK_BUILDING) {
            const char *folded = link_token_fold(out, text);
            link_token_add(out, LINK_KIND_MARK, folded, strlen(folded));
        } else if (cells[i].part == LINK_UNIT) {
            unit = text;
        } else if (cells[i].part == LINK_FLOOR) {
            floor = text;
        } else if (cells[i].part == LINK_ROOM) {
            room = text;
        } else if (!link_token_any_han(text)) {
            link_token_words(out, link_token_fold(out, text), false);
        } else if (!read) {
            read = addr_read(&addr, text);
            if (!read) link_token_words(out, link_token_fold(out, text), false);
        }
    }
    if (addr.lane[0] != 0) link_token_add(out, LINK_KIND_LANE, addr.lane, strlen(addr.lane));
    addr_building_key(key, &addr);
    link_token_add(out, LINK_KIND_BUILDING, key, strlen(key));
    if (*room != 0)
        addr_room(key, *unit != 0 ? unit : addr.unit, *floor != 0 ? floor : addr.floor, room);
    else
        addr_room_key(key, &addr);
    link_token_add(out, LINK_KIND_DOOR, key, strlen(key));
}

bool link_token_read(struct link_tokens *out, enum link_type type, const struct link_cell *cells, size_t count, int32_t today)
{
    char date[12];
    if (type == LINK_NAME) link_token_name(out, cells, count);
    if (type == LINK_ADDRESS) link_token_address(out, cells, count);
    for (size_t i = 0; i < count; i++) {
        const char *text = cells[i].text;
        if (type == LINK_DOC) link_token_doc(out, text, today);
        if (type == LINK_PHONE) link_token_phone(out, text);
        if (type == LINK_CATEGORY) link_token_category(out, text);
        if (type == LINK_NUMBER) link_token_number(out, text);
        if (type == LINK_DATE) {
            link_token_date(date, link_token_fold(out, text), cells[i].month_first);
            link_token_add(out, LINK_KIND_DATE, date, strlen(date));
        }
        if (type == LINK_CODE || type == LINK_TEXT) {
            const char *folded = link_token_fold(out, text);
            if (link_token_nothing(folded)) continue;
            if (type == LINK_CODE)
                link_token_add(out, LINK_KIND_CODE, folded, strlen(folded));
            else
                link_token_words(out, folded, false);
        }
    }
    return !out->text.failed && !out->work.failed;
}
