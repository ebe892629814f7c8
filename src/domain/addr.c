#include "domain/addr.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "domain/addr_text.h"

/* What is being read: everything before from is in a part already. */
struct addr_reader {
    struct addr *out;
    struct addr_text text;
    int from;
};

/* Start of the digits, letters and dashes that end before at. */
static int addr_label(const struct addr_reader *r, int at)
{
    int i = at;
    while (i > r->from && addr_text_label(r->text.p[i - 1])) i--;
    return i;
}

/* Words that go before a part (from to label) name the compound, or are kept as not understood. */
static void addr_before(struct addr_reader *r, int label)
{
    if (label <= r->from) return;
    addr_text_put(r->out->compound[0] == 0 ? r->out->compound : r->out->rest, &r->text, r->from, label);
}

static void addr_fill(struct addr_reader *r, char part[ADDR_PART], int label, int at, int next)
{
    addr_before(r, label);
    part[0] = 0;
    addr_text_put(part, &r->text, label, at);
    r->from = next;
}

static int addr_first_label(const struct addr_text *t)
{
    int i = 0;
    while (i < t->n && !addr_text_label(t->p[i])) i++;
    return i;
}

/* 丰泽区 right after 泉州市: a district, as 东区 and 工业区 are not. */
static int addr_district(const struct addr_text *t, int end, int limit)
{
    if (end == 0 || addr_text_at(t, end - 1) != U'市') return end;
    for (int i = end + 2; i < limit && i <= end + 4; i++)
        if (t->p[i] == U'区' && !addr_text_in(t->p[i - 1], U"小片园业发厂校东西南北中")) return i + 1;
    return end;
}

/* Where the last of 省 市 县 镇 乡 街道 村 社区 ends that stands before the first label; 村 of 村口 and 市 of 市场 are other
 * words. */
static int addr_region(const struct addr_text *t)
{
    int end = 0, limit = addr_first_label(t);
    for (int i = 1; i < limit; i++) {
        int32_t c = t->p[i];
        bool word = addr_text_in(c, U"省市县镇乡村") && !addr_text_in(addr_text_at(t, i + 1), U"场政委路街巷道口部");
        bool two = (c == U'道' && t->p[i - 1] == U'街') || (c == U'区' && t->p[i - 1] == U'社');
        if (word || two) end = i + 1;
    }
    return addr_district(t, end, limit);
}

/* Whether at is the word of a part with a label before it: 12号, A栋, 3楼. */
static bool addr_is_part(const struct addr_reader *r, int at)
{
    return addr_text_in(r->text.p[at], U"号栋幢座单梯楼层室房") && at > r->from && addr_text_label(r->text.p[at - 1]);
}

/* The lane ends with the last of 巷 路 街 弄 道 片 区 里 排 组 队 that stands before the first part. */
static void addr_lane(struct addr_reader *r)
{
    const struct addr_text *t = &r->text;
    int end = r->from;
    for (int i = r->from + 1; i < t->n && !addr_is_part(r, i); i++) {
        bool word = addr_text_in(t->p[i], U"巷路街弄道片区排组队");
        if (t->p[i] == U'里') word = i + 1 == t->n || addr_text_label(t->p[i + 1]);
        if (t->p[i] == U'区' && t->p[i - 1] == U'小') word = false;
        if (word) end = i + 1;
    }
    addr_text_put(r->out->lane, t, r->from, end);
    r->from = end;
}

/* 3, 03, 3F and F3 are one floor; -1 and 地下1 are B1. */
static void addr_plain_floor(char floor[ADDR_PART], bool below)
{
    char plain[ADDR_PART];
    const char *at = floor;
    size_t len = strlen(at);
    if (len > 1 && at[len - 1] == 'F' && at[0] != 'B') len--;
    if (len > 1 && (at[0] == 'F' || at[0] == 'L')) at++, len--;
    if (len > 1 && at[0] == '-') below = true, at++, len--;
    while (len > 1 && at[0] == '0') at++, len--;
    snprintf(plain, sizeof plain, "%s%.*s", below ? "B" : "", (int)text_cut(at, len, ADDR_PART - 2), at);
    memcpy(floor, plain, sizeof plain);
}

static void addr_floor(struct addr_reader *r, int label, int at)
{
    const struct addr_text *t = &r->text;
    int dash = label;
    while (dash < at && t->p[dash] != '-') dash++;
    /* 东片12 3楼: a house without its 号. */
    if (dash > label && dash < at - 1 && r->out->lane[0] != 0 && r->out->number[0] == 0) {
        addr_text_put(r->out->number, t, label, dash);
        r->from = label = dash + 1;
    }
    int word = label;
    if (addr_text_is(t, label - 2, U"地下"))
        word = label - 2;
    else if (addr_text_is(t, label - 1, U"负"))
        word = label - 1;
    addr_before(r, word);
    r->from = label;
    addr_fill(r, r->out->floor, label, at, at + 1);
    addr_plain_floor(r->out->floor, word < label);
}

/* What a part's word says of the label before it; false if it is none of these. */
static bool addr_part(struct addr_reader *r, int at)
{
    const struct addr_text *t = &r->text;
    int label = addr_label(r, at);
    int32_t word = t->p[at];
    if (label == at) return false;
    if (word == U'号' && addr_text_is(t, at + 1, U"楼"))
        addr_fill(r, r->out->block, label, at, at + 2);
    else if (addr_text_in(word, U"栋幢座"))
        addr_fill(r, r->out->block, label, at, at + 1);
    else if (word == U'梯' || (word == U'单' && addr_text_is(t, at + 1, U"元")))
        addr_fill(r, r->out->unit, label, at, at + (word == U'单' ? 2 : 1));
    else if (addr_text_in(word, U"楼层"))
        addr_floor(r, label, at);
    else if (addr_text_in(word, U"室房"))
        addr_fill(r, r->out->room, label, at, at + 1);
    else
        return false;
    return true;
}

/* Shops are rooms: 1号店面, 店面1 and 店1. */
static void addr_shop(struct addr_reader *r, int label, int at, int next)
{
    addr_before(r, label);
    snprintf(r->out->room, ADDR_PART, "店面");
    addr_text_put(r->out->room, &r->text, label, at);
    while (addr_text_in(addr_text_at(&r->text, next), U"店面铺号")) next++;
    r->from = next;
}

/* 12号之1, 12号附1号. */
static void addr_number_tail(struct addr_reader *r)
{
    const struct addr_text *t = &r->text;
    int i = r->from + 1;
    if (!addr_text_in(addr_text_at(t, r->from), U"之附") || !addr_text_digit(addr_text_at(t, i))) return;
    while (addr_text_digit(addr_text_at(t, i))) i++;
    size_t len = strlen(r->out->number);
    if (len + 2 < ADDR_PART) memcpy(r->out->number + len, "-", 2);
    addr_text_put(r->out->number, t, r->from + 1, i);
    r->from = addr_text_at(t, i) == U'号' ? i + 1 : i;
}

/* 1号店面 is a shop; 12号店面1 is one in a house, unless the house stands before it. */
static bool addr_is_shop(const struct addr_reader *r, int next)
{
    if (addr_text_at(&r->text, next) != U'店') return false;
    while (addr_text_in(addr_text_at(&r->text, next), U"店面铺号")) next++;
    return r->out->number[0] != 0 || (r->out->lane[0] == 0 && !addr_text_label(addr_text_at(&r->text, next)));
}

/* 号: of a shop, of a room, inside a compound's name (宏亭2号公寓), else of the house. */
static bool addr_house(struct addr_reader *r, int at)
{
    const struct addr_text *t = &r->text;
    struct addr *out = r->out;
    int label = addr_label(r, at), next = at + 1;
    if (label == at) return false;
    bool inside = out->block[0] != 0 || out->unit[0] != 0 || out->floor[0] != 0;
    if (addr_is_shop(r, next)) {
        addr_shop(r, label, at, next);
    } else if (addr_text_is(t, next, U"公寓") && out->compound[0] == 0) {
        addr_text_put(out->compound, t, r->from, next + 2);
        r->from = next + 2;
    } else if (addr_text_in(addr_text_at(t, next), U"房室") || (inside && out->room[0] == 0)) {
        addr_fill(r, out->room, label, at, addr_text_in(addr_text_at(t, next), U"房室") ? next + 1 : next);
    } else if (out->number[0] == 0) {
        addr_fill(r, out->number, label, at, next);
        addr_number_tail(r);
    } else {
        return false;
    }
    return true;
}

/* Bare labels at the end: 301; 3-2-501 and 3-501 of a compound are block, unit and room; 12 and 12-301 of a lane house and room.
 */
static void addr_bare(struct addr_reader *r)
{
    const struct addr_text *t = &r->text;
    struct addr *out = r->out;
    int end = t->n, dash[2] = {0}, dashes = 0;
    for (int i = r->from + 1; i < end - 1; i++)
        if (t->p[i] == '-' && dashes < 3) {
            if (dashes < 2) dash[dashes] = i;
            dashes++;
        }
    if (end - r->from > 1 && t->p[end - 1] == 'F' && dashes == 0 && addr_text_digit(t->p[r->from]) && out->floor[0] == 0) {
        addr_text_put(out->floor, t, r->from, end - 1);
        return;
    }
    bool place = out->number[0] == 0 && out->block[0] == 0 && (out->lane[0] != 0 || out->compound[0] != 0);
    bool long_room = dashes > 0 && end - dash[dashes == 2] > 3;
    char *house = out->compound[0] != 0 ? out->block : out->number;
    if (place && dashes == 2 && out->unit[0] == 0) {
        addr_text_put(house, t, r->from, dash[0]);
        addr_text_put(out->unit, t, dash[0] + 1, dash[1]);
        addr_text_put(out->room, t, dash[1] + 1, end);
    } else if (place && dashes == 1 && long_room) {
        addr_text_put(house, t, r->from, dash[0]);
        addr_text_put(out->room, t, dash[0] + 1, end);
    } else if (place && out->compound[0] == 0 && out->floor[0] == 0) {
        addr_text_put(out->number, t, r->from, end);
    } else {
        addr_text_put(out->room[0] == 0 ? out->room : out->rest, t, r->from, end);
    }
}

/* What stands at the end without a word. */
static void addr_tail(struct addr_reader *r)
{
    const struct addr_text *t = &r->text;
    struct addr *out = r->out;
    int label = addr_label(r, t->n);
    if (r->from >= t->n || addr_text_is(t, r->from, U"号") || (t->n - r->from == 1 && addr_text_in(t->p[r->from], U"院内-")))
        return;
    if (t->p[r->from] == U'店') {
        int at = r->from;
        while (addr_text_in(addr_text_at(t, at), U"店面铺")) at++;
        r->from = at;
        addr_shop(r, at, t->n, t->n);
    } else if (label == r->from) {
        addr_bare(r);
    } else if (out->compound[0] == 0 && out->floor[0] == 0 && out->room[0] == 0) {
        bool room = t->n - label >= 3 && addr_text_digit(t->p[t->n - 1]);
        addr_text_put(out->compound, t, r->from, room ? label : t->n);
        r->from = label;
        if (room) addr_bare(r);
    } else {
        addr_text_put(out->rest, t, r->from, t->n);
    }
}

bool addr_read(struct addr *out, const char *text)
{
    struct addr_reader r = {.out = out};
    struct addr_text remarks;
    memset(out, 0, sizeof *out);
    if (text == NULL || !addr_text_read(&r.text, &remarks, text)) return false;
    r.from = addr_region(&r.text);
    addr_text_put(out->region, &r.text, 0, r.from);
    addr_lane(&r);
    for (int at = r.from; at < r.text.n; at++)
        if (addr_part(&r, at) || (r.text.p[at] == U'号' && addr_house(&r, at))) at = r.from - 1;
    addr_tail(&r);
    addr_text_put(out->rest, &remarks, 0, remarks.n);
    return true;
}

/* 第2区 and 2区 are one lane; so are 东片 and 东片区. */
static const char *addr_lane_key(char out[ADDR_PART], const char *lane)
{
    static const char zone[] = "片区";
    snprintf(out, ADDR_PART, "%s", strncmp(lane, "第", 3) == 0 ? lane + 3 : lane);
    size_t len = strlen(out), end = sizeof zone - 1;
    if (len > end && strcmp(out + len - end, zone) == 0) out[len - 3] = 0;
    return out;
}

void addr_building_key(char out[ADDR_KEY], const struct addr *addr)
{
    char lane[ADDR_PART];
    out[0] = 0;
    if (addr->number[0] == 0 && addr->compound[0] == 0 && addr->block[0] == 0) return;
    snprintf(out, ADDR_KEY, "%s|%s|%s|%s", addr_lane_key(lane, addr->lane), addr->number, addr->compound, addr->block);
}

/* A room whose digits begin with its floor says it. */
static bool addr_says(const char *room, const char *floor)
{
    size_t n = strlen(floor), m = strlen(room);
    return n > 0 && m >= n + 2 && strncmp(room, floor, n) == 0;
}

/* 3-301 is 301; 3楼1 is 301 too. */
static void addr_room_text(char out[ADDR_PART + ADDR_PART], const struct addr *addr)
{
    const char *room = addr->room, *dash = strchr(room, '-');
    char first[ADDR_PART] = "";
    if (dash != NULL) memcpy(first, room, (size_t)(dash - room));
    if (dash != NULL && addr_says(dash + 1, first)) room = dash + 1;
    size_t len = strlen(room), floor = strlen(addr->floor);
    bool digits = len > 0 && strspn(room, "0123456789") == len && floor > 0 && strspn(addr->floor, "0123456789") == floor;
    if (addr->floor[0] == 0 || addr_says(room, addr->floor))
        snprintf(out, 2 * ADDR_PART, "%s", room);
    else if (digits && len <= 2)
        snprintf(out, 2 * ADDR_PART, "%s%s%s", addr->floor, len == 1 ? "0" : "", room);
    else
        snprintf(out, 2 * ADDR_PART, "%sF%s", addr->floor, room);
}

void addr_room_key(char out[ADDR_KEY], const struct addr *addr)
{
    char room[2 * ADDR_PART];
    addr_room_text(room, addr);
    snprintf(out, ADDR_KEY, "%s%s%s", addr->unit, addr->unit[0] != 0 ? "-" : "", room);
}

/* The label of a column that holds nothing but one part, in whichever part it was read as. */
static const char *addr_only(const struct addr *read, const char *part)
{
    return *part != 0 ? part : read->room[0] != 0 ? read->room : read->number[0] != 0 ? read->number : read->compound;
}

void addr_room(char out[ADDR_KEY], const char *unit, const char *floor, const char *room)
{
    struct addr read, other;
    if (!addr_read(&read, room)) memset(&read, 0, sizeof read);
    if (read.room[0] == 0) memmove(read.room, addr_only(&read, read.room), ADDR_PART);
    if (read.floor[0] == 0 && addr_read(&other, floor)) {
        snprintf(read.floor, ADDR_PART, "%s", addr_only(&other, other.floor));
        addr_plain_floor(read.floor, false);
    }
    if (unit != NULL && *unit != 0 && addr_read(&other, unit))
        snprintf(read.unit, ADDR_PART, "%s", addr_only(&other, other.unit));
    addr_room_key(out, &read);
}
