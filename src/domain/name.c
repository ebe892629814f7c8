#include "domain/name.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/text_han.h"

enum { NAME_CHARS = 64 };

/* Characters that are one in names although neither is the other's simplified form: first the one kept. */
static const char *const name_variants[] = {
    "峰峯", "群羣", "杰傑", "哲喆", "岩巖", "岩嵒", "昆崑", "升昇", "升陞", "泛汎", "村邨", "松鬆", "志誌", "秋穐",
    "略畧", "强彊", "和龢", "韵韻", "荣榮", "炉爐", "雁鴈", "鹅鵞", "妙玅", "仙僊", "侄姪", "凉涼", "净淨", "减減",
    "决決", "况況", "霉黴", "丽麗", "于於", "钟鍾", "郁鬱", "岳嶽", "叶葉", "吕呂", "吴吳", "吴呉", "黄黃", "温溫",
    "卢盧", "萧蕭", "游遊", "俞兪", "录錄", "录録", "静靜", "云雲", "里裡", "里裏", "台臺"};

static int32_t name_variant(int32_t point)
{
    for (size_t i = 0; i < sizeof name_variants / sizeof *name_variants; i++) {
        size_t at = 0, len = strlen(name_variants[i]);
        int32_t kept = text_next(name_variants[i], len, &at), other = text_next(name_variants[i], len, &at);
        if (point == other) return kept;
    }
    return text_han_simple(point);
}

static bool name_is_dot(int32_t point)
{
    return point == 0xb7 || point == 0x30fb || point == 0x2022 || point == 0x2027 || point == 0x22c5 || point == 0xff65 ||
           point == 0x2219 || point == 0xff0e || point == 0x30fb || point == '.';
}

static bool name_is_han(int32_t point)
{
    return point >= 0x2e80;
}

static bool name_says_nothing(const char *folded)
{
    static const char *const words[] = {"无", "无名", "不详", "未知", "暂无", "空", "空户", "-", "/", "N/A", "NONE", "NULL"};
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
        if (name_is_han(point)) point = name_variant(point);
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

static const char *const name_compound[] = {"欧阳", "上官", "司马", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯",
                                            "皇甫", "尉迟", "公孙", "轩辕", "令狐", "宇文", "长孙", "慕容", "司空",
                                            "闻人", "端木", "百里", "呼延", "澹台", "公冶", "太史", "申屠", "濮阳",
                                            "淳于", "单于", "仲孙", "钟离", "鲜于", "闾丘", "赫连", "西门", "东郭"};

size_t name_surname(const char *folded)
{
    size_t len = strlen(folded), at = 0;
    const char *dot = NULL;
    for (const char *next = strstr(folded, "\xc2\xb7"); next != NULL; next = strstr(next + 2, "\xc2\xb7")) dot = next;
    if (dot != NULL) return (size_t)(dot - folded);
    for (size_t i = 0; i < sizeof name_compound / sizeof *name_compound; i++)
        if (strncmp(folded, name_compound[i], 6) == 0 && len > 6) return 6;
    if (len == 0) return 0;
    int32_t first = text_next(folded, len, &at);
    if (name_is_han(first)) return at;
    const char *word = strrchr(folded, ' ');
    return word == NULL ? len : len - (size_t)(word + 1 - folded);
}

/* Readings that surnames have and dictionaries do not give first. */
static const char *name_surname_reading(const char *folded, size_t len)
{
    static const struct {
        const char *text, *reading;
    } readings[] = {{"单", "shan"}, {"曾", "zeng"}, {"解", "xie"},   {"仇", "qiu"},  {"区", "ou"},  {"查", "zha"},
                    {"盖", "ge"},   {"朴", "piao"}, {"任", "ren"},   {"华", "hua"},  {"燕", "yan"}, {"尉", "wei"},
                    {"缪", "miao"}, {"乐", "yue"},  {"翟", "zhai"},  {"覃", "qin"},  {"秘", "bi"},  {"冼", "xian"},
                    {"员", "yun"},  {"召", "shao"}, {"种", "chong"}, {"黑", "he"},   {"繁", "po"},  {"折", "she"},
                    {"洗", "xian"}, {"郇", "xun"},  {"逄", "pang"},  {"晁", "chao"}, {"尹", "yin"}, {"宓", "mi"},
                    {"重", "chong"}};
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        if (strlen(readings[i].text) == len && strncmp(folded, readings[i].text, len) == 0) return readings[i].reading;
    if (len == 6 && strncmp(folded, "尉迟", 6) == 0) return "yuchi";
    if (len == 6 && strncmp(folded, "万俟", 6) == 0) return "moqi";
    if (len == 6 && strncmp(folded, "长孙", 6) == 0) return "zhangsun";
    return NULL;
}

bool name_pinyin(struct arena_buf *full, struct arena_buf *initials, const char *folded)
{
    size_t len = strlen(folded), at = 0, surname = name_surname(folded);
    const char *special = surname > 0 ? name_surname_reading(folded, surname) : NULL;
    if (special != NULL) {
        arena_buf_text(full, special);
        arena_buf_put(initials, special, 1);
        if (surname == 6)
            arena_buf_put(initials, strcmp(special, "yuchi") == 0 ? "c" : strcmp(special, "moqi") == 0 ? "q" : "s", 1);
        at = surname;
    }
    bool word = true;
    while (at < len) {
        int32_t point = text_next(folded, len, &at);
        if (point < 0) return false;
        const char *reading = text_han_pinyin(point);
        char letter = point >= 'A' && point <= 'Z' ? (char)(point + 32) : 0;
        if (*reading != 0) {
            arena_buf_text(full, reading);
            arena_buf_put(initials, reading, 1);
        } else if (letter != 0) {
            arena_buf_put(full, &letter, 1);
            if (word) arena_buf_put(initials, &letter, 1);
        }
        word = point == ' ' || point == 0xb7;
    }
    return !full->failed && !initials->failed;
}

static int name_points(int32_t out[NAME_CHARS], const char *text)
{
    size_t len = strlen(text), at = 0;
    int n = 0;
    while (at < len && n < NAME_CHARS) out[n++] = text_next(text, len, &at);
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
