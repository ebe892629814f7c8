#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/keys.h"
#include "domain/addr.h"
#include "seed.h"

/* Written, then region|lane|number|compound|block|unit|floor|room|rest. */
static void known(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"洋埭村东明巷二号宏亭2号公寓A栋", "洋埭村|东明巷|2|宏亭2号公寓|A||||"},
        {"东山村东区57号", "东山村|东区|57||||||"},
        {"屿头社区第二区32号", "屿头社区|第2区|32||||||"},
        {"桂华苑1栋2单元", "|||桂华苑|1|2|||"},
        {"2栋1梯", "||||2|1|||"},
        {"阳光路1168-10号", "|阳光路|1168-10||||||"},
        {"东片12号3楼", "|东片|12||||3||"},
        {"東片１２號三樓３０１室", "|东片|12||||3|301|"},
        {"泉州市丰泽区东海街道宝山社区安吉路88号桂华苑3号楼2单元501", "泉州市丰泽区东海街道宝山社区|安吉路|88|桂华苑|3|2||501|"},
        {"泉州市鲤城区新门街12号", "泉州市鲤城区|新门街|12||||||"},
        {"新村路12号", "|新村路|12||||||"},
        {"三里河路12号", "|三里河路|12||||||"},
        {"幸福里12号", "|幸福里|12||||||"},
        {"洋埭村3组12号", "洋埭村|3组|12||||||"},
        {"杏花路东二巷五号", "|杏花路东2巷|5||||||"},
        {"天山路12弄5号301室", "|天山路12弄|5|||||301|"},
        {"东片12", "|东片|12||||||"},
        {"东片12 3楼301", "|东片|12||||3|301|"},
        {"东片12-301", "|东片|12|||||301|"},
        {"桂华苑3-2-501", "|||桂华苑|3|2||501|"},
        {"桂华苑3-501", "|||桂华苑|3|||501|"},
        {"东片12号之一", "|东片|12-1||||||"},
        {"东片12号附3号", "|东片|12-3||||||"},
        {"东片12号（宏亭公寓）3楼301", "|东片|12||||3|301|宏亭公寓"},
        {"工业路3号安踏鞋厂宿舍楼401", "|工业路|3|安踏鞋厂宿舍楼||||401|"},
        {"鞋厂宿舍3楼", "|||鞋厂宿舍|||3||"},
        {"东片12号店面1", "|东片|12|||||店面1|"},
        {"东片12号1号店面", "|东片|12|||||店面1|"},
        {"东片12号地下一层", "|东片|12||||B1||"},
        {"东片12号负一楼", "|东片|12||||B1||"},
        {"东片12#301", "|东片|12|||||301|"},
        {"2栋1单元301号", "||||2|1||301|"},
        {"洋埭村", "洋埭村||||||||"},
        {"", "||||||||"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct addr a;
        char got[1024];
        assert_true(addr_read(&a, cases[i][0]));
        snprintf(got, sizeof got, "%s|%s|%s|%s|%s|%s|%s|%s|%s", a.region, a.lane, a.number, a.compound, a.block, a.unit, a.floor,
                 a.room, a.rest);
        if (strcmp(got, cases[i][1]) != 0) print_error("%s\n", cases[i][0]);
        assert_string_equal(got, cases[i][1]);
    }
}

/* A number as people write it: digits, full width, Chinese. */
static void put_number(struct arena_buf *out, struct rng *rng, int n)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    char text[16];
    int len = snprintf(text, sizeof text, "%d", n);
    uint64_t how = rng_below(rng, 4);
    if (how == 0 && n < 1000) {
        if (n >= 100) arena_buf_format(out, "%s百", digits[n / 100]);
        if (n >= 100 && n % 100 > 0 && n % 100 < 10) arena_buf_text(out, "零");
        if (n % 100 >= 10) arena_buf_format(out, "%s十", n < 20 ? "" : digits[n / 10 % 10]);
        if (n % 10 > 0) arena_buf_text(out, digits[n % 10]);
    } else {
        for (int i = 0; i < len; i++) {
            if (how == 1)
                arena_buf_text(out, digits[text[i] - '0']);
            else
                text_put(out, how == 2 ? 0xff10 + text[i] - '0' : text[i]);
        }
    }
}

struct place {
    int lane, number, block, unit, floor, room;
};

static const char *pick(struct rng *rng, const char *a, const char *b)
{
    return rng_below(rng, 2) == 0 ? a : b;
}

/* One of the many ways to write a place down. */
static void write_place(struct arena_buf *out, struct rng *rng, const struct place *p)
{
    static const char *const lanes[][2] = {
        {"东片", "東片"}, {"阳光路", "陽光路"}, {"西区", "西區"}, {"第三区", "3区"}, {"东明巷", "東明巷"}};
    static const char *const regions[] = {"", "洋埭村", "晋江市陈埭镇洋埭村", "福建省泉州市晋江市陳埭鎮洋埭社區 "};
    arena_buf_text(out, regions[rng_below(rng, sizeof regions / sizeof *regions)]);
    arena_buf_text(out, pick(rng, lanes[p->lane][0], lanes[p->lane][1]));
    put_number(out, rng, p->number);
    arena_buf_text(out, pick(rng, "号", "號"));
    arena_buf_text(out, pick(rng, "", " "));
    if (p->block > 0) put_number(out, rng, p->block), arena_buf_text(out, pick(rng, "栋", "棟"));
    if (p->unit > 0) put_number(out, rng, p->unit), arena_buf_text(out, pick(rng, "单元", "梯"));
    bool floor = rng_below(rng, 2) == 0;
    if (floor) put_number(out, rng, p->floor), arena_buf_text(out, pick(rng, "楼", "层"));
    if (rng_below(rng, 2) == 0)
        arena_buf_format(out, "%d%02d", p->floor, p->room);
    else if (floor && rng_below(rng, 2) == 0)
        put_number(out, rng, p->room), arena_buf_text(out, "室");
    else
        arena_buf_format(out, "%d%02d%s", p->floor, p->room, pick(rng, "室", "号房"));
}

static void keys_of(const struct place *p, struct rng *rng, char building[ADDR_KEY], char room[ADDR_KEY])
{
    struct arena_buf text = {0};
    struct addr a;
    write_place(&text, rng, p);
    assert_true(addr_read(&a, text.data));
    if (a.rest[0] != 0) print_error("%s leaves %s\n", text.data, a.rest);
    assert_string_equal(a.rest, "");
    addr_building_key(building, &a);
    addr_room_key(room, &a);
    arena_buf_free(&text);
}

static struct place a_place(struct rng *rng)
{
    struct place p = {(int)rng_below(rng, 5),      1 + (int)rng_below(rng, 300), (int)rng_below(rng, 4), 0,
                      1 + (int)rng_below(rng, 20), 1 + (int)rng_below(rng, 12)};
    if (p.block > 0) p.unit = (int)rng_below(rng, 3);
    return p;
}

/* However one place is written its keys are the same, and those of another place are not. */
static void written_otherwise(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    char building[2][ADDR_KEY], room[2][ADDR_KEY];
    for (int i = 0; i < 20000; i++) {
        struct place p = a_place(&rng), q = p;
        keys_of(&p, &rng, building[0], room[0]);
        keys_of(&p, &rng, building[1], room[1]);
        assert_string_equal(building[0], building[1]);
        assert_string_equal(room[0], room[1]);
        int *parts[] = {&q.lane, &q.number, &q.block, &q.floor, &q.room};
        size_t at = (size_t)rng_below(&rng, 5);
        *parts[at] = at == 0 ? (q.lane + 1) % 5 : *parts[at] + 1;
        if (at == 2 && p.block == 0) q.unit = 0;
        keys_of(&q, &rng, building[1], room[1]);
        assert_int_equal(strcmp(building[0], building[1]) != 0, at < 3);
        assert_int_equal(strcmp(room[0], room[1]) != 0, at >= 3);
    }
}

/* Lists with columns of their own for floor and room mean the doors that whole addresses mean. */
static void columns(void **state)
{
    (void)state;
    static const char *const cases[][4] = {{"", "3", "301", "301"},
                                           {"", "3楼", "301", "301"},
                                           {"", "", "3楼301室", "301"},
                                           {"", "三层", "1", "301"},
                                           {"", "3F", "3-301", "301"},
                                           {"", "F3", "01室", "301"},
                                           {"", "", "301", "301"},
                                           {"2", "3", "301", "2-301"},
                                           {"2单元", "", "301", "2-301"},
                                           {"", "", "2单元301", "2-301"},
                                           {"", "", "", ""},
                                           {"", "3", "", "3F"},
                                           {"", "", "店面1", "店面1"},
                                           {"", "", "1号店面", "店面1"},
                                           {"", "-1", "A", "B1FA"},
                                           {"", "地下一层", "A", "B1FA"},
                                           {"", "4", "301", "4F301"},
                                           {"", "", "东间", "东间"},
                                           {"", "3", "３０１号房", "301"}};
    char key[ADDR_KEY];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        addr_room(key, cases[i][0], cases[i][1], cases[i][2]);
        if (strcmp(key, cases[i][3]) != 0) print_error("%s %s %s\n", cases[i][0], cases[i][1], cases[i][2]);
        assert_string_equal(key, cases[i][3]);
    }
    addr_room(key, NULL, NULL, NULL);
    assert_string_equal(key, "");
}

/* A lane alone is no building. */
static void no_building(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "洋埭村", "东片", "301", "3楼", "东片3F"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct addr a;
        char key[ADDR_KEY] = "x";
        assert_true(addr_read(&a, texts[i]));
        addr_building_key(key, &a);
        assert_string_equal(key, "");
    }
}

static void anything(void **state)
{
    (void)state;
    struct rng rng = seed_rng();
    struct addr a;
    char text[ADDR_KEY + 2];
    memset(text, '1', sizeof text);
    text[ADDR_KEY + 1] = 0;
    assert_false(addr_read(&a, text));
    text[ADDR_KEY - 1] = 0;
    assert_true(addr_read(&a, text));
    assert_false(addr_read(&a, "东片\xff"));
    assert_false(addr_read(&a, NULL));
    for (int i = 0; i < 20000; i++) {
        static const char words[][8] = {"号", "楼", "栋", "单元", "室", "区", "村",   "一", "十", "百", "1",
                                        "-",  "A",  "(",  "）",   "之", "店", "公寓", "#",  " ",  "里", "片"};
        struct arena_buf buf = {0};
        for (size_t n = rng_below(&rng, 20); n > 0; n--)
            if (rng_below(&rng, 8) == 0)
                text_put(&buf, seed_point(&rng));
            else
                arena_buf_text(&buf, words[rng_below(&rng, sizeof words / sizeof *words)]);
        arena_buf_text(&buf, "");
        if (addr_read(&a, buf.data)) {
            const char *parts[] = {a.region, a.lane, a.number, a.compound, a.block, a.unit, a.floor, a.room, a.rest};
            for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
                assert_true(strlen(parts[k]) < ADDR_PART && text_valid(parts[k], strlen(parts[k]), NULL));
        }
        arena_buf_free(&buf);
    }
}

int main(void)
{
    if (!keys_start()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(known), cmocka_unit_test(written_otherwise), cmocka_unit_test(columns),
                                       cmocka_unit_test(no_building), cmocka_unit_test(anything)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
