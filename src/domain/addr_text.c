#include "domain/addr_text.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/text_han.h"

bool addr_text_in(int32_t point, const char32_t *set)
{
    for (; *set != 0; set++)
        if ((int32_t)*set == point) return true;
    return false;
}

bool addr_text_digit(int32_t point)
{
    return point >= '0' && point <= '9';
}

bool addr_text_label(int32_t point)
{
    return addr_text_digit(point) || point == '-' || (point >= 'A' && point <= 'Z');
}

int32_t addr_text_at(const struct addr_text *text, int at)
{
    return at >= 0 && at < text->n ? text->p[at] : 0;
}

bool addr_text_is(const struct addr_text *text, int at, const char32_t *word)
{
    for (; *word != 0; word++, at++)
        if (addr_text_at(text, at) != (int32_t)*word) return false;
    return true;
}

static void addr_text_add(struct addr_text *out, int32_t point)
{
    if (out->n < ADDR_KEY) out->p[out->n++] = point;
}

/* Code points in capitals and simplified characters. A space or comma between two digits keeps them apart as a dash does. */
static bool addr_text_points(struct addr_text *out, struct addr_text *remarks, const char *text)
{
    struct arena_buf folded = {0};
    int depth = 0;
    bool apart = false, good = text_fold(&folded, text, strlen(text)) && folded.len < ADDR_KEY;
    for (size_t at = 0; good && at < folded.len;) {
        int32_t point = text_han_simple(text_next(folded.data, folded.len, &at));
        if (point >= 'a' && point <= 'z') point -= 32;
        if (addr_text_in(point, U"([{【「〔")) {
            depth++;
        } else if (addr_text_in(point, U")]}】」〕")) {
            depth -= depth > 0;
        } else if (depth > 0) {
            addr_text_add(remarks, point);
        } else if (addr_text_in(point, U" ,、。;:·'\"")) {
            apart = true;
        } else {
            bool before = out->n > 0 && addr_text_label(out->p[out->n - 1]);
            if (apart && before && addr_text_digit(point)) addr_text_add(out, '-');
            if (addr_text_in(point, U"~—–−‐") && before) point = '-';
            if (point == '#') point = before ? U'号' : 0;
            if (point != 0) addr_text_add(out, point);
            apart = false;
        }
    }
    arena_buf_free(&folded);
    return good;
}

static int addr_text_numeral(int32_t point)
{
    static const char32_t digits[] = U"〇一二三四五六七八九";
    for (int i = 0; digits[i] != 0; i++)
        if (point == (int32_t)digits[i]) return i;
    return point == U'零' ? 0 : point == U'两' ? 2 : -1;
}

/* Length of a numeral (一 to 九百九十九, or digits read out one by one), 0 if there is none; its value in *value. */
static int addr_text_number(const struct addr_text *text, int at, int *value)
{
    int i = at, total = 0, digit = -1;
    bool units = false;
    for (; i < text->n; i++) {
        int d = addr_text_numeral(text->p[i]), unit = text->p[i] == U'十' ? 10 : text->p[i] == U'百' ? 100 : 0;
        if (d >= 0) {
            digit = digit >= 0 && !units ? digit * 10 + d : d;
        } else if (unit > 0) {
            total += (digit < 0 ? 1 : digit) * unit;
            digit = -1;
            units = true;
        } else {
            break;
        }
        if (total > 100000 || digit > 100000) return 0;
    }
    *value = total + (digit > 0 ? digit : 0);
    return i - at;
}

/* 二号 becomes 2号, 第三区 第3区, 之一 -1; 三里河路 stays. */
static void addr_text_numbers(struct addr_text *out, const struct addr_text *raw)
{
    for (int i = 0; i < raw->n;) {
        int value, n = addr_text_number(raw, i, &value);
        int32_t before = addr_text_at(raw, i - 1), after = addr_text_at(raw, i + n);
        bool joined =
            addr_text_in(before, U"之附") && addr_text_in(addr_text_at(raw, i - 2), U"号0123456789一二三四五六七八九十");
        if (n > 0 && (before == U'第' || joined || addr_text_in(after, U"号楼层栋幢座单梯室房区片组队弄巷排期门"))) {
            char digits[16];
            snprintf(digits, sizeof digits, "%d", value);
            for (const char *d = digits; *d != 0; d++) addr_text_add(out, *d);
            i += n;
        } else {
            addr_text_add(out, raw->p[i++]);
        }
    }
}

bool addr_text_read(struct addr_text *out, struct addr_text *remarks, const char *text)
{
    struct addr_text raw;
    raw.n = out->n = remarks->n = 0;
    if (!addr_text_points(&raw, remarks, text)) return false;
    addr_text_numbers(out, &raw);
    return true;
}

void addr_text_put(char out[ADDR_PART], const struct addr_text *text, int from, int to)
{
    size_t had = strlen(out);
    for (int i = from; i < to; i++) {
        char bytes[TEXT_POINT];
        size_t n = text_encode(bytes, text->p[i]);
        if (had + n >= ADDR_PART) break;
        memcpy(out + had, bytes, n);
        had += n;
    }
    out[had] = 0;
}
