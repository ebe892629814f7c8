#include "sim/names.h"

#include <stdio.h>
#include <string.h>

struct names_weight {
    const char *text;
    int weight;
};

/* Per ten thousand, roughly; the coast of southern Fujian. */
static const struct names_weight names_coast[] = {
    {"陈", 1050}, {"林", 980}, {"黄", 640}, {"吴", 560}, {"王", 540}, {"蔡", 520}, {"许", 510}, {"李", 480}, {"张", 440},
    {"郑", 310},  {"庄", 300}, {"洪", 290}, {"苏", 260}, {"谢", 230}, {"施", 220}, {"曾", 210}, {"杨", 200}, {"刘", 180},
    {"柯", 150},  {"郭", 150}, {"周", 140}, {"何", 130}, {"叶", 130}, {"丁", 120}, {"颜", 110}, {"赖", 90},  {"潘", 80},
    {"傅", 80},   {"江", 70},  {"余", 70},  {"卢", 60},  {"尤", 60},  {"翁", 60},  {"邱", 60},  {"姚", 50},  {"侯", 40},
    {"欧阳", 12}, {"上官", 8}, {"连", 30},  {"粘", 10},  {"佘", 12},  {"詹", 40},  {"沈", 40},  {"董", 30},  {"戴", 30},
};

/* The inland provinces, and the country as a whole. */
static const struct names_weight names_inland[] = {
    {"王", 700}, {"李", 690}, {"张", 660}, {"刘", 500}, {"陈", 400}, {"杨", 320}, {"赵", 200}, {"黄", 220}, {"周", 200},
    {"吴", 190}, {"徐", 150}, {"孙", 140}, {"胡", 130}, {"朱", 120}, {"高", 110}, {"林", 90},  {"何", 110}, {"郭", 110},
    {"马", 110}, {"罗", 110}, {"梁", 80},  {"宋", 80},  {"郑", 80},  {"谢", 80},  {"韩", 70},  {"唐", 80},  {"冯", 70},
    {"于", 60},  {"董", 60},  {"萧", 10},  {"程", 60},  {"曹", 60},  {"袁", 60},  {"邓", 70},  {"许", 60},  {"傅", 50},
    {"沈", 50},  {"曾", 60},  {"彭", 60},  {"吕", 50},  {"苏", 50},  {"卢", 50},  {"蒋", 50},  {"蔡", 50},  {"贾", 40},
    {"丁", 45},  {"魏", 45},  {"薛", 35},  {"叶", 45},  {"阎", 20},  {"余", 45},  {"潘", 40},  {"杜", 40},  {"戴", 35},
    {"夏", 35},  {"钟", 35},  {"汪", 40},  {"田", 40},  {"任", 40},  {"姜", 35},  {"范", 35},  {"方", 35},  {"石", 40},
    {"姚", 35},  {"谭", 35},  {"廖", 35},  {"邹", 35},  {"熊", 30},  {"金", 30},  {"陆", 30},  {"郝", 20},  {"孔", 20},
    {"白", 20},  {"崔", 25},  {"康", 20},  {"毛", 20},  {"邱", 20},  {"秦", 25},  {"江", 25},  {"史", 20},  {"顾", 15},
    {"侯", 20},  {"邵", 15},  {"孟", 20},  {"龙", 25},  {"万", 20},  {"段", 20},  {"雷", 20},  {"钱", 15},  {"汤", 15},
    {"尹", 15},  {"黎", 20},  {"易", 15},  {"常", 15},  {"武", 15},  {"乔", 12},  {"贺", 15},  {"赖", 15},  {"龚", 15},
    {"文", 15},  {"单", 8},   {"解", 6},   {"仇", 4},   {"查", 4},   {"区", 3},   {"盖", 2},   {"欧阳", 8}, {"司马", 2},
    {"诸葛", 2}, {"上官", 2}, {"皇甫", 2}, {"司徒", 2}, {"令狐", 2}, {"尉迟", 1}, {"蓝", 12},  {"韦", 25},  {"覃", 15},
    {"莫", 12},  {"冉", 10},  {"向", 15},  {"舒", 8},   {"涂", 8},   {"祝", 8},   {"游", 10},  {"阮", 8},   {"桂", 4},
};

/* Most common first; an index is drawn with a bias towards the front. */
static const char names_male[] =
    "伟明华军强建国文志勇斌杰平波辉刚海林峰健龙鹏飞涛超磊洋东新荣金生福成祥庆光永昌少俊宏云亮凯"
    "浩宇鑫旭晨阳泽轩子博豪瑞翔毅坤安武良维洪顺德忠义兴贵长春江山河松柏树根泉源清水火土木石玉宝财发达"
    "进步远程启航正学思贤儒礼孝仁智信诚恒彦哲睿皓然天佑嘉铭家乐世界立业景行培焕炳灿烨烁炜焱烽锋锐钧"
    "铁钢钦铨锦镇跃腾骏骁骥逸群英雄才能";
static const char names_female[] = "芳丽娟英秀敏静霞玲燕红艳梅兰珍萍桂香月莲凤琴云洁雪琳慧娜莉婷颖倩雯佳怡欣悦梦瑶思雨晓彩美惠"
                                   "淑贞翠花菊春秋冬青素巧珠玉环瑜璇琪琼瑾菲蓉蕾薇莎芬芸苗茜荷莹萱诗涵梓紫若曦彤可馨心语嫣然柔婉"
                                   "妍姗妮媛嫦娇婵娥凌云飞虹霓晴岚露霜冰清水波清澜溪汐沁沅沛润滢滟芝蓓蕙黛眉双喜如意吉祥平安";

static const char *const names_minority_male[] = {"阿不都", "买买提", "艾合买提", "吐尔逊", "木拉提", "依明",
                                                  "扎西",   "达瓦",   "次仁",     "阿古达", "吉克",   "沙马"};
static const char *const names_minority_female[] = {"阿依古丽", "古丽娜尔", "帕提古丽", "热依拉", "迪丽娜",   "阿依夏木",
                                                    "卓玛",     "央金",     "白玛",     "阿呷",   "木呷阿依", "茹仙"};
static const char *const names_minority_last[] = {"艾山",   "热合曼",   "玉素甫", "库尔班", "卡德尔", "尼亚孜",
                                                  "赛买提", "阿布都拉", "曲珍",   "多吉",   "尔古",   "阿木"};

/* Simplified and a form met in Hokkien families' papers. */
static const char *const names_variants[][2] = {
    {"陈", "陳"}, {"黄", "黃"}, {"吴", "吳"}, {"许", "許"}, {"张", "張"}, {"郑", "鄭"}, {"庄", "莊"}, {"苏", "蘇"}, {"谢", "謝"},
    {"刘", "劉"}, {"叶", "葉"}, {"颜", "顏"}, {"赖", "賴"}, {"卢", "盧"}, {"杨", "楊"}, {"峰", "峯"}, {"国", "國"}, {"华", "華"},
    {"军", "軍"}, {"强", "強"}, {"伟", "偉"}, {"丽", "麗"}, {"兰", "蘭"}, {"凤", "鳳"}, {"云", "雲"}, {"龙", "龍"}, {"荣", "榮"},
    {"庆", "慶"}, {"铭", "銘"}, {"锋", "鋒"}, {"玛", "瑪"}, {"宝", "寶"}, {"义", "義"}, {"业", "業"}, {"东", "東"},
};

/* Same sound in Mandarin (tones aside in a few). */
static const char *const names_sounds[][2] = {
    {"伟", "玮"}, {"华", "桦"}, {"明", "铭"}, {"军", "君"}, {"芳", "方"}, {"燕", "艳"}, {"丽", "莉"}, {"玲", "铃"}, {"英", "瑛"},
    {"娟", "涓"}, {"静", "靖"}, {"霞", "遐"}, {"敏", "闽"}, {"强", "墙"}, {"建", "健"}, {"国", "帼"}, {"文", "雯"}, {"志", "智"},
    {"勇", "永"}, {"斌", "彬"}, {"杰", "洁"}, {"平", "萍"}, {"波", "播"}, {"辉", "晖"}, {"海", "每"}, {"林", "琳"}, {"峰", "锋"},
    {"龙", "隆"}, {"飞", "菲"}, {"涛", "滔"}, {"磊", "垒"}, {"洋", "阳"}, {"东", "冬"}, {"新", "欣"}, {"荣", "蓉"}, {"金", "今"},
    {"生", "升"}, {"福", "富"}, {"成", "诚"}, {"祥", "翔"}, {"红", "虹"}, {"梅", "玫"}, {"兰", "岚"}, {"珍", "贞"}, {"香", "湘"},
    {"月", "悦"}, {"莲", "怜"}, {"凤", "奉"}, {"琴", "芹"}, {"云", "芸"}, {"雪", "血"}, {"慧", "惠"}, {"娜", "那"}, {"婷", "亭"},
    {"张", "章"}, {"黄", "王"}, {"徐", "许"}, {"余", "于"}, {"程", "陈"}, {"肖", "萧"}, {"傅", "付"}, {"阎", "闫"}, {"邱", "丘"},
};

#define NAMES_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *names_draw(struct rng *rng, const struct names_weight *table, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += (uint64_t)table[i].weight;
    uint64_t at = rng_below(rng, sum);
    for (size_t i = 0; i < count; i++) {
        if (at < (uint64_t)table[i].weight) return table[i].text;
        at -= (uint64_t)table[i].weight;
    }
    return table[0].text;
}

const char *names_surname(struct rng *rng, bool local)
{
    if (local) return names_draw(rng, names_coast, NAMES_COUNT(names_coast));
    return names_draw(rng, names_inland, NAMES_COUNT(names_inland));
}

/* The i-th character of a UTF-8 text: its bytes and their number; 0 past the end. */
static size_t names_char(const char **at, const char *name, size_t i)
{
    const char *p = name;
    for (; *p != 0; i--) {
        size_t n = 1;
        while (((unsigned char)p[n] & 0xC0) == 0x80) n++;
        *at = p;
        if (i == 0) return n;
        p += n;
    }
    return 0;
}

static size_t names_length(const char *name)
{
    size_t n = 0;
    for (; *name != 0; name++) n += ((unsigned char)*name & 0xC0) != 0x80;
    return n;
}

static void names_append(char out[NAMES_SIZE], const char *text, size_t bytes)
{
    size_t len = strlen(out);
    if (len + bytes >= NAMES_SIZE) return;
    memcpy(out + len, text, bytes);
    out[len + bytes] = 0;
}

/* Every character of the pools is three bytes long. */
static void names_pick(char out[NAMES_SIZE], struct rng *rng, const char *pool, size_t bytes)
{
    double u = rng_unit(rng);
    size_t i = (size_t)((0.6 * u + 0.4 * u * u) * (double)(bytes / 3));
    names_append(out, pool + 3 * i, 3);
}

void names_given(char out[NAMES_SIZE], struct rng *rng, char sex, int birth_year)
{
    const char *pool = sex == 'M' ? names_male : names_female;
    size_t bytes = (sex == 'M' ? sizeof names_male : sizeof names_female) - 1;
    double single = birth_year < 1970 ? 0.10 : birth_year < 2000 ? 0.15 : 0.06;
    out[0] = 0;
    names_pick(out, rng, pool, bytes);
    if (rng_unit(rng) >= single) names_pick(out, rng, pool, bytes);
}

void names_minority(char out[NAMES_SIZE], struct rng *rng, char sex)
{
    const char *const *first = sex == 'M' ? names_minority_male : names_minority_female;
    size_t count = sex == 'M' ? NAMES_COUNT(names_minority_male) : NAMES_COUNT(names_minority_female);
    snprintf(out, NAMES_SIZE, "%s·%s", first[rng_below(rng, count)],
             names_minority_last[rng_below(rng, NAMES_COUNT(names_minority_last))]);
}

/* Replaces the character of n bytes at `at` (inside name) by text. */
static void names_replace(char out[NAMES_SIZE], const char *name, const char *at, size_t n, const char *text)
{
    out[0] = 0;
    names_append(out, name, (size_t)(at - name));
    names_append(out, text, strlen(text));
    names_append(out, at + n, strlen(at + n));
}

static const char *names_other(const char *const (*table)[2], size_t count, const char *at, size_t n, bool both)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(table[i][0]) == n && memcmp(table[i][0], at, n) == 0) return table[i][1];
        if (both && strlen(table[i][1]) == n && memcmp(table[i][1], at, n) == 0) return table[i][0];
    }
    return NULL;
}

bool names_variant(char out[NAMES_SIZE], const char *name)
{
    const char *at;
    size_t n;
    for (size_t i = 0; (n = names_char(&at, name, i)) > 0; i++) {
        const char *other = names_other(names_variants, NAMES_COUNT(names_variants), at, n, false);
        if (other != NULL) {
            names_replace(out, name, at, n, other);
            return true;
        }
    }
    snprintf(out, NAMES_SIZE, "%s", name);
    return false;
}

bool names_homophone(char out[NAMES_SIZE], const char *name, struct rng *rng)
{
    size_t length = names_length(name), start = rng_below(rng, length > 0 ? length : 1);
    for (size_t i = 0; i < length; i++) {
        const char *at = name;
        size_t n = names_char(&at, name, (start + i) % length);
        const char *other = names_other(names_sounds, NAMES_COUNT(names_sounds), at, n, true);
        if (other != NULL) {
            names_replace(out, name, at, n, other);
            return true;
        }
    }
    snprintf(out, NAMES_SIZE, "%s", name);
    return false;
}

void names_nickname(char out[NAMES_SIZE], const char *name, char sex)
{
    const char *at = name;
    size_t length = names_length(name), n = names_char(&at, name, length > 0 ? length - 1 : 0);
    snprintf(out, NAMES_SIZE, "%s", sex == 'M' ? "阿" : "小");
    names_append(out, at, n);
}

bool names_alike(const char *a, const char *b)
{
    if (strcmp(a, b) == 0) return true;
    size_t la = names_length(a), lb = names_length(b);
    const char *pa = a, *pb = b;
    if (la == 0 || lb == 0) return false;
    size_t na = names_char(&pa, a, la - 1), nb = names_char(&pb, b, lb - 1);
    bool last = na == nb && memcmp(pa, pb, na) == 0;
    bool nick = strncmp(a, "阿", 3) == 0 || strncmp(a, "小", 3) == 0 || strncmp(b, "阿", 3) == 0 || strncmp(b, "小", 3) == 0;
    if (nick && last) return true;
    if (la != lb || la < 2) return false;
    size_t differ = 0;
    for (size_t i = 0; i < la; i++) {
        na = names_char(&pa, a, i);
        nb = names_char(&pb, b, i);
        differ += na != nb || memcmp(pa, pb, na) != 0;
    }
    return differ == 1 && la >= 3;
}
