#include "domain/addr.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { ADDR_POINTS = 160 };

/* The folded address as code points, numerals already digits. */
struct addr_text {
    int32_t p[ADDR_POINTS];
    int n;
};

static int addr_numeral(int32_t point)
{
    static const int32_t digits[] = {0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db,
                                     0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d}; /* 〇一…九 */
    for (int i = 0; i < 10; i++)
        if (point == digits[i]) return i;
    if (point == 0x96f6) return 0; /* 零 */
    if (point == 0x4e24) return 2; /* 两 */
    return -1;
}

static bool addr_is_digit(int32_t point)
{
    return point >= '0' && point <= '9';
}

/* Words after which, or before which, a numeral counts something: 号 楼 层 栋 幢 座 单元 梯 室 房 区 片 组 队 弄. */
static bool addr_counts(int32_t point)
{
    static const int32_t words[] = {0x53f7, 0x697c, 0x5c42, 0x680b, 0x5e62, 0x5ea7, 0x5355, 0x68af,
                                    0x5ba4, 0x623f, 0x533a, 0x7247, 0x7ec4, 0x961f, 0x5f04};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (point == words[i]) return true;
    return false;
}

/* Length of a numeral at at (一 to 九百九十九, or digits read out), 0 if none; its value in *value. */
static int addr_number(const struct addr_text *text, int at, int *value)
{
    int i = at, total = 0, digit = -1;
    bool units = false;
    for (; i < text->n; i++) {
        int d = addr_numeral(text->p[i]);
        int unit = text->p[i] == 0x5341 ? 10 : text->p[i] == 0x767e ? 100 : 0; /* 十 百 */
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

static void addr_push(struct addr_text *out, int32_t point)
{
    if (out->n < ADDR_POINTS) out->p[out->n++] = point;
}

static bool addr_points(struct addr_text *out, const char *text)
{
    struct arena_buf folded = {0};
    struct addr_text raw = {.n = 0};
    bool good = text_fold(&folded, text, strlen(text)) && folded.len < ADDR_KEY;
    for (size_t at = 0; good && at < folded.len;) {
        int32_t point = text_next(folded.data, folded.len, &at);
        if (point == ' ' || point == ',' || point == 0x3001 || point == 0x3002) continue;
        if (point >= 'a' && point <= 'z') point -= 32;
        if (point == '#') point = 0x53f7;
        addr_push(&raw, point);
    }
    arena_buf_free(&folded);
    for (int i = 0; good && i < raw.n;) {
        int value, n = addr_number(&raw, i, &value);
        bool ordinal = i > 0 && raw.p[i - 1] == 0x7b2c; /* 第 */
        if (n > 0 && (ordinal || (i + n < raw.n && addr_counts(raw.p[i + n])))) {
            char digits[16];
            snprintf(digits, sizeof digits, "%d", value);
            for (const char *d = digits; *d != 0; d++) addr_push(out, *d);
            i += n;
        } else {
            addr_push(out, raw.p[i++]);
        }
    }
    return good;
}

static void addr_slice(char out[ADDR_PART], const struct addr_text *text, int from, int to)
{
    struct arena_buf buf = {0};
    for (int i = from; i < to; i++) text_put(&buf, text->p[i]);
    snprintf(out, ADDR_PART, "%.*s", buf.data == NULL ? 0 : (int)text_cut(buf.data, buf.len, ADDR_PART - 1),
             buf.data == NULL ? "" : buf.data);
    arena_buf_free(&buf);
}

/* Start of the digits, letters and dashes that end before at. */
static int addr_label(const struct addr_text *text, int from, int at)
{
    int i = at;
    while (i > from &&
           (addr_is_digit(text->p[i - 1]) || text->p[i - 1] == '-' || (text->p[i - 1] >= 'A' && text->p[i - 1] <= 'Z')))
        i--;
    return i;
}

static bool addr_is(const struct addr_text *text, int at, int32_t point)
{
    return at < text->n && text->p[at] == point;
}

/* The last of the words that end a region: 省 市 县 镇 乡 街道 村 社区. */
static int addr_region(const struct addr_text *text)
{
    int end = 0;
    for (int i = 1; i < text->n; i++) {
        int32_t c = text->p[i];
        bool word = c == 0x7701 || c == 0x5e02 || c == 0x53bf || c == 0x9547 || c == 0x4e61 || c == 0x6751;
        bool street = c == 0x9053 && text->p[i - 1] == 0x8857, community = c == 0x533a && text->p[i - 1] == 0x793e;
        if (word || street || community) end = i + 1;
    }
    return end;
}

/* Ends a lane: 巷 路 街 弄 道 片 区 (but not 小区), 里 段. */
static bool addr_ends_lane(const struct addr_text *text, int at)
{
    static const int32_t ends[] = {0x5df7, 0x8def, 0x8857, 0x5f04, 0x9053, 0x7247, 0x533a, 0x91cc};
    if (at > 0 && text->p[at] == 0x533a && text->p[at - 1] == 0x5c0f) return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (text->p[at] == ends[i]) return true;
    return false;
}

/* Everything from a position on that a label and a word make a part of; returns where reading goes on. */
static int addr_take(struct addr *out, const struct addr_text *t, int from, int at)
{
    int label = addr_label(t, from, at);
    int32_t word = t->p[at];
    bool has = label < at;
    if (has && word == 0x53f7 && addr_is(t, at + 1, 0x697c)) { /* 号楼 */
        if (label > from && out->compound[0] == 0) addr_slice(out->compound, t, from, label);
        addr_slice(out->block, t, label, at);
        return at + 2;
    }
    if (has && (word == 0x680b || word == 0x5e62 || word == 0x5ea7)) { /* 栋 幢 座 */
        if (label > from && out->compound[0] == 0) addr_slice(out->compound, t, from, label);
        addr_slice(out->block, t, label, at);
        return at + 1;
    }
    if (has && ((word == 0x5355 && addr_is(t, at + 1, 0x5143)) || word == 0x68af)) { /* 单元 梯 */
        addr_slice(out->unit, t, label, at);
        return at + (word == 0x5355 ? 2 : 1);
    }
    if (has && (word == 0x697c || word == 0x5c42)) {                                              /* 楼 层 */
        bool below = label >= from + 2 && t->p[label - 1] == 0x4e0b && t->p[label - 2] == 0x5730; /* 地下 */
        addr_slice(out->floor, t, label, at);
        if (below) {
            char floor[ADDR_PART];
            snprintf(floor, sizeof floor, "B%.90s", out->floor);
            memcpy(out->floor, floor, sizeof floor);
        }
        return at + 1;
    }
    if (has && (word == 0x5ba4 || word == 0x623f)) { /* 室 房 */
        addr_slice(out->room, t, label, at);
        return at + 1;
    }
    return -1;
}

/* 12号 after a lane is the house; 2号公寓 and 2号 before more words belong to a compound's name; 301号房 is a room. */
static int addr_house(struct addr *out, const struct addr_text *t, int from, int at)
{
    int label = addr_label(t, from, at);
    if (label == at) return -1;
    if (addr_is(t, at + 1, 0x623f)) {
        addr_slice(out->room, t, label, at);
        return at + 2;
    }
    if (addr_is(t, at + 1, 0x516c) && addr_is(t, at + 2, 0x5bd3)) { /* 号公寓 */
        addr_slice(out->compound, t, from, at + 3);
        return at + 3;
    }
    if (out->number[0] == 0 && label == from) {
        addr_slice(out->number, t, label, at);
        return at + 1;
    }
    if (out->number[0] == 0 && out->compound[0] == 0) {
        addr_slice(out->compound, t, from, label);
        addr_slice(out->number, t, label, at);
        return at + 1;
    }
    return -1;
}

/* What stands at the end without a word: 301, 店面1, A301. */
static void addr_tail(struct addr *out, const struct addr_text *t, int from)
{
    bool digits = from < t->n, shop = false;
    for (int i = from; i < t->n; i++) {
        bool label = addr_is_digit(t->p[i]) || t->p[i] == '-' || (t->p[i] >= 'A' && t->p[i] <= 'Z');
        shop |= t->p[i] == 0x5e97;
        digits = digits && label;
    }
    if (from >= t->n) return;
    if ((digits || shop) && out->room[0] == 0)
        addr_slice(out->room, t, from, t->n);
    else if (out->compound[0] == 0 && out->floor[0] == 0 && out->room[0] == 0)
        addr_slice(out->compound, t, from, t->n);
    else
        addr_slice(out->rest, t, from, t->n);
}

bool addr_read(struct addr *out, const char *text)
{
    struct addr_text t = {.n = 0};
    memset(out, 0, sizeof *out);
    if (text == NULL || !addr_points(&t, text)) return false;
    int from = addr_region(&t);
    addr_slice(out->region, &t, 0, from);
    for (int at = from; at < t.n; at++) {
        int next = -1;
        if (at > from && out->lane[0] == 0 && out->number[0] == 0 && out->block[0] == 0 && out->floor[0] == 0 &&
            addr_ends_lane(&t, at)) {
            addr_slice(out->lane, &t, from, at + 1);
            next = at + 1;
        } else if (at > from || t.p[at] != 0x53f7) {
            next = addr_take(out, &t, from, at);
            if (next < 0 && t.p[at] == 0x53f7) next = addr_house(out, &t, from, at);
        }
        if (next < 0) continue;
        from = next;
        at = next - 1;
    }
    addr_tail(out, &t, from);
    return true;
}

/* 第2区 and 2区 are one lane; so are 东片 and 东片区. */
static const char *addr_lane_key(char out[ADDR_PART], const char *lane)
{
    const char *text = strncmp(lane, "第", 3) == 0 ? lane + 3 : lane;
    snprintf(out, ADDR_PART, "%s", text);
    return out;
}

void addr_building_key(char out[ADDR_KEY], const struct addr *addr)
{
    char lane[ADDR_PART];
    out[0] = 0;
    if (addr->lane[0] == 0 && addr->number[0] == 0 && addr->compound[0] == 0 && addr->block[0] == 0) return;
    snprintf(out, ADDR_KEY, "%s|%s|%s|%s", addr_lane_key(lane, addr->lane), addr->number, addr->compound, addr->block);
}

/* A room whose digits begin with its floor says it. */
static bool addr_says(const char *room, const char *floor)
{
    size_t n = strlen(floor), m = strlen(room);
    return n > 0 && m >= n + 2 && strncmp(room, floor, n) == 0;
}

void addr_room_key(char out[ADDR_KEY], const struct addr *addr)
{
    bool told = addr_says(addr->room, addr->floor);
    snprintf(out, ADDR_KEY, "%s%s%s%s%s", addr->unit, addr->unit[0] != 0 ? "-" : "", told ? "" : addr->floor,
             addr->floor[0] != 0 && !told ? "F" : "", addr->room);
}

void addr_room(char out[ADDR_KEY], const char *unit, const char *floor, const char *room)
{
    struct addr read, stair;
    if (!addr_read(&read, room)) memset(&read, 0, sizeof read);
    if (read.room[0] == 0 && read.compound[0] != 0) snprintf(read.room, sizeof read.room, "%s", read.compound);
    if (read.floor[0] == 0 && floor != NULL && *floor != 0 && addr_read(&stair, floor)) {
        const char *is = stair.floor[0] != 0 ? stair.floor : stair.room[0] != 0 ? stair.room : stair.compound;
        snprintf(read.floor, sizeof read.floor, "%s", is);
    }
    if (unit != NULL && *unit != 0) snprintf(read.unit, sizeof read.unit, "%.90s", unit);
    addr_room_key(out, &read);
}
