/* Lists of made-up people for tests of matching: Han and Latin names, documents, phones that families share, births, addresses,
 * and rows about the same people with the slips that lists are known for. */
#ifndef TESTS_LINK_WORLD_H
#define TESTS_LINK_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "domain/idno.h"
#include "match/link.h"

enum { LW_COLUMNS = 7, LW_CELL = 64 };

struct lw_row {
    char cell[LW_COLUMNS][LW_CELL];
    uint32_t who;
};

struct lw_list {
    struct lw_row *rows;
    size_t count;
};

static const struct link_column lw_columns[LW_COLUMNS] = {
    {"name", LINK_NAME, LINK_WHOLE, false},     {"doc", LINK_DOC, LINK_WHOLE, false},
    {"phone", LINK_PHONE, LINK_WHOLE, false},   {"birth", LINK_DATE, LINK_WHOLE, false},
    {"sex", LINK_CATEGORY, LINK_WHOLE, false},  {"address", LINK_ADDRESS, LINK_WHOLE, false},
    {"employer", LINK_TEXT, LINK_WHOLE, false},
};

static inline const char *lw_cell(const void *ctx, size_t row, size_t column)
{
    return ((const struct lw_list *)ctx)->rows[row].cell[column];
}

static inline struct link_table lw_table(const struct lw_list *list, const char *name)
{
    return (struct link_table){
        .name = name, .rows = list->count, .columns = LW_COLUMNS, .cell = lw_cell, .ctx = list, .column = lw_columns};
}

/* clang-format off */
static const char *const lw_surnames[] = {"林", "陈", "张", "王", "黄", "吴", "欧阳", "许"};
static const char *const lw_given[] = {"伟", "玮", "芳", "方", "国", "建", "剑", "丽", "军", "敏", "静", "强", "洁", "婷", "文", "志", "明", "鸣", "英", "华", "玉", "兰", "龙", "凤"};
/* Characters with another form, and that form. */
static const char *const lw_forms[][2] = {{"陈", "陳"}, {"张", "張"}, {"黄", "黃"}, {"吴", "吳"}, {"欧", "歐"}, {"许", "許"}, {"伟", "偉"}, {"玮", "瑋"}, {"国", "國"}, {"剑", "劍"},
    {"丽", "麗"}, {"军", "軍"}, {"静", "靜"}, {"强", "強"}, {"洁", "潔"}, {"鸣", "鳴"}, {"华", "華"}, {"兰", "蘭"}, {"龙", "龍"}, {"凤", "鳳"}, {"东", "東"}, {"号", "號"}, {"楼", "樓"}};
static const char *const lw_latin[][2] = {{"ANNA", "SCHMIDT"}, {"PETER", "OKAFOR"}, {"MARIA", "DELGADO"}, {"JOHN", "WILLIAMSON"}, {"FATIMA", "RAHMAN"}, {"IVAN", "PETROV"}};
static const char *const lw_lanes[] = {"东片", "西片", "东明巷", "阳光路", "第二区", "屿头路"};
static const char *const lw_employers[] = {"", "", "鸿兴鞋业有限公司", "恒达织造厂", "安顺箱包有限公司", "HARBOUR LIGHT COMPANY"};
/* clang-format on */
#define LW_PICK(rng, list) list[rng_below(rng, sizeof list / sizeof *list)]

static inline void lw_person(struct lw_row *p, struct rng *rng, uint32_t who, const struct lw_row *family)
{
    int32_t birth = (int32_t)((1940 + rng_below(rng, 80)) * 10000 + (1 + rng_below(rng, 12)) * 100 + 1 + rng_below(rng, 28));
    bool male = rng_below(rng, 2) == 0;
    memset(p, 0, sizeof *p);
    p->who = who;
    if (rng_below(rng, 10) == 0)
        snprintf(p->cell[0], LW_CELL, "%s %s", LW_PICK(rng, lw_latin)[0], LW_PICK(rng, lw_latin)[1]);
    else
        snprintf(p->cell[0], LW_CELL, "%s%s%s", LW_PICK(rng, lw_surnames), LW_PICK(rng, lw_given),
                 rng_below(rng, 4) == 0 ? "" : LW_PICK(rng, lw_given));
    if (rng_below(rng, 20) != 0) idno_make18(p->cell[1], "350599", birth, (int)rng_below(rng, 500) * 2 + male);
    snprintf(p->cell[2], LW_CELL, "138%08u", (unsigned)rng_below(rng, 100000000));
    snprintf(p->cell[3], LW_CELL, "%04d-%02d-%02d", birth / 10000, birth / 100 % 100, birth % 100);
    snprintf(p->cell[4], LW_CELL, "%s", male ? "男" : "女");
    unsigned floor = 1 + (unsigned)rng_below(rng, 5);
    snprintf(p->cell[5], LW_CELL, "%s%u号%u楼%u0%u", LW_PICK(rng, lw_lanes), 1 + (unsigned)rng_below(rng, 30), floor, floor,
             1 + (unsigned)rng_below(rng, 4));
    snprintf(p->cell[6], LW_CELL, "%s", LW_PICK(rng, lw_employers));
    if (family == NULL) return;
    memcpy(p->cell[2], family->cell[2], LW_CELL);
    memcpy(p->cell[5], family->cell[5], LW_CELL);
}

/* One slip now and then, as lists have them. */
static inline void lw_slip(struct lw_row *r, struct rng *rng)
{
    size_t len = strlen(r->cell[1]);
    switch (rng_below(rng, 12)) {
    case 0:
        if (len == 18) r->cell[1][6 + rng_below(rng, 8)] = (char)('0' + rng_below(rng, 10));
        break;
    case 1:
        r->cell[1][0] = 0;
        break;
    case 2:
        r->cell[2][3 + rng_below(rng, 8)] = (char)('0' + rng_below(rng, 10));
        break;
    case 3:
        r->cell[2][0] = 0;
        break;
    case 4:
        r->cell[3][4] = 0; /* the year alone */
        break;
    case 5:
        if (len == 18) memcpy(r->cell[1] + 15, "000", 3);
        break;
    default:
        break;
    }
}

/* The same text in another form: full width digits and letters, traditional characters. */
static inline void lw_other_form(char cell[LW_CELL], struct rng *rng)
{
    char out[LW_CELL * 4] = "";
    size_t n = 0;
    for (const char *at = cell; *at != 0;) {
        size_t took = 0;
        for (size_t i = 0; i < sizeof lw_forms / sizeof *lw_forms && took == 0; i++) {
            if (strncmp(at, lw_forms[i][0], strlen(lw_forms[i][0])) != 0 || rng_below(rng, 2) == 0) continue;
            n += (size_t)snprintf(out + n, sizeof out - n, "%s", lw_forms[i][1]);
            took = strlen(lw_forms[i][0]);
        }
        bool plain = (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z');
        if (took == 0 && plain && rng_below(rng, 2) == 0) {
            unsigned c = (unsigned)*at + 0xfee0;
            n += (size_t)snprintf(out + n, sizeof out - n, "%c%c%c", 0xe0 | c >> 12, 0x80 | (c >> 6 & 0x3f), 0x80 | (c & 0x3f));
            took = 1;
        }
        if (took == 0) out[n++] = *at, took = 1;
        at += took;
    }
    out[n] = 0;
    if (n < LW_CELL) memcpy(cell, out, n + 1);
}

/* Two lists of so many people each, half of them on both; rows in chance order. */
static inline void lw_lists(struct lw_list lists[2], struct rng *rng, size_t each)
{
    size_t people = each + each / 2;
    struct lw_row *all = calloc(people, sizeof *all);
    for (int l = 0; l < 2; l++) lists[l] = (struct lw_list){calloc(each, sizeof(struct lw_row)), each};
    for (size_t i = 0; i < people; i++) lw_person(&all[i], rng, (uint32_t)i, i % 3 != 0 ? &all[i - 1] : NULL);
    /* The first half of them on the first list alone, and so on; families are not torn apart by that. */
    for (size_t i = 0; i < each; i++) {
        lists[0].rows[i] = all[i];
        lists[1].rows[i] = all[people - each + i];
        lw_slip(&lists[1].rows[i], rng);
    }
    for (int l = 0; l < 2; l++)
        for (size_t i = each; i > 1; i--) {
            size_t j = rng_below(rng, i);
            struct lw_row other = lists[l].rows[j];
            lists[l].rows[j] = lists[l].rows[i - 1];
            lists[l].rows[i - 1] = other;
        }
    free(all);
}

static inline void lw_free(struct lw_list lists[2])
{
    free(lists[0].rows);
    free(lists[1].rows);
}

#endif
