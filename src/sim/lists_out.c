#include "sim/lists_out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "files/table_out.h"

enum { LISTS_OUT_COLUMNS = 24, LISTS_OUT_CELL = 240 };

struct lists_out_cells {
    char text[LISTS_OUT_COLUMNS][LISTS_OUT_CELL];
    const char *cells[LISTS_OUT_COLUMNS];
    size_t count;
};

static const char *const lists_out_households[] = {
    "序号",     "网格",   "小组", "楼栋编号", "门牌",     "楼层房号",     "房屋性质", "户主",     "姓名",     "与户主关系",
    "证件类型", "证件号", "性别", "年龄",     "出生日期", "是否流动人口", "手机",     "工作单位", "特殊类别", "备注"};
static const char *const lists_out_factory_a[] = {"工号", "姓名",       "性别",     "身份证号", "联系电话",
                                                  "单位", "宿舍楼编号", "宿舍地址", "房号",     "备注"};
static const char *const lists_out_factory_b[] = {"企业名称", "楼栋编号", "住址",     "房间号", "员工姓名",
                                                  "出生日期", "证件号码", "手机号码", "性别"};
static const char *const lists_out_landlords[] = {"房东",     "房东电话", "门牌号",   "楼栋编号", "楼层", "房号",
                                                  "租客姓名", "身份证号", "联系电话", "性别",     "备注"};
static const char *const lists_out_samples[] = {"序号", "轮次",   "采样点", "管号", "混采类型", "管内序号",
                                                "姓名", "证件号", "电话",   "住址", "采样时间", "结果"};

static void lists_out_cell(struct lists_out_cells *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void lists_out_cell(struct lists_out_cells *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(c->text[c->count], LISTS_OUT_CELL, format, args);
    va_end(args);
    c->cells[c->count] = c->text[c->count];
    c->count++;
}

static const char *lists_out_sex(const struct world_person *p)
{
    return p->sex == 'M' ? "男" : "女";
}

static void lists_out_birth(struct lists_out_cells *c, const struct world_person *p, bool shown)
{
    if (shown)
        lists_out_cell(c, "%04d-%02d-%02d", p->birth / 10000, p->birth / 100 % 100, p->birth % 100);
    else
        lists_out_cell(c, "%s", "");
}

static void lists_out_flags(struct lists_out_cells *c, uint16_t flags)
{
    static const struct {
        uint16_t flag;
        const char *text;
    } names[] = {{WORLD_ALONE, "独居"},          {WORLD_DISABLED, "残疾"},  {WORLD_MENTAL, "精神障碍"}, {WORLD_DIALYSIS, "血透"},
                 {WORLD_CHEMO, "放化疗"},        {WORLD_PREGNANT, "孕妇"},  {WORLD_INFANT, "婴幼儿"},   {WORLD_VERY_OLD, "高龄"},
                 {WORLD_HYPERTENSION, "高血压"}, {WORLD_DIABETES, "糖尿病"}};
    char text[LISTS_OUT_CELL] = "";
    size_t len = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (flags & names[i].flag)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", len > 0 ? "、" : "", names[i].text);
    lists_out_cell(c, "%s", text);
}

static void lists_out_room(struct lists_out_cells *c, const struct lists_row *row)
{
    bool digits = row->room[0] >= '0' && row->room[0] <= '9';
    if (row->room[0] == 0)
        lists_out_cell(c, "%s", "");
    else if (!digits || row->building % 10 < 4)
        lists_out_cell(c, "%s", row->room);
    else if (row->building % 10 < 9)
        lists_out_cell(c, "%u楼%s", row->floor, row->room);
    else
        lists_out_cell(c, "%s室", row->room);
}

static void lists_out_household(struct lists_out_cells *c, const struct world *w, const struct lists_row *row, size_t n)
{
    static const char *const relations[] = {"户主", "配偶", "子", "女", "父亲", "母亲", "合租", "其他"};
    static const char *const docs[] = {"居民身份证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "护照", "无"};
    const struct world_person *p = &w->persons[row->person];
    const struct world_household *h = &w->households[p->household];
    const struct world_building *b = &w->buildings[row->building];
    const struct world_cell *cell = &w->cells[b->cell];
    lists_out_cell(c, "%zu", n + 1);
    lists_out_cell(c, "%s", w->grids[cell->grid].code);
    lists_out_cell(c, "%s", cell->code);
    lists_out_cell(c, "%s", row->code ? b->code : "");
    lists_out_cell(c, "%s", b->address);
    lists_out_room(c, row);
    lists_out_cell(c, "%s", h->local ? "自有" : h->collective ? "宿舍" : "出租");
    lists_out_cell(c, "%s", w->persons[h->first_person].name);
    lists_out_cell(c, "%s", row->name);
    lists_out_cell(c, "%s", relations[p->relation]);
    lists_out_cell(c, "%s", docs[p->doc_kind]);
    lists_out_cell(c, "%s", row->doc);
    lists_out_cell(c, "%s", lists_out_sex(p));
    lists_out_cell(c, "%d", when_age(p->birth, WORLD_TODAY));
    lists_out_birth(c, p, p->doc_kind != WORLD_DOC_ID || row->person % 3 == 0);
    lists_out_cell(c, "%s", p->local ? "否" : "是");
    lists_out_cell(c, "%s", row->phone);
    lists_out_cell(c, "%s", "");
    lists_out_flags(c, p->flags);
    lists_out_cell(c, "%s", p->doc_kind == WORLD_DOC_NONE && p->birth > WORLD_TODAY - 10000 ? "新生儿，未上户口" : "");
}

static const char *lists_out_firm(const struct world *w, const struct lists_row *row)
{
    uint32_t building = world_person_building(w, row->person), firm = w->buildings[building].factory;
    return firm == WORLD_NONE ? "" : w->buildings[firm].name;
}

static void lists_out_factory(struct lists_out_cells *c, const struct world *w, const struct lists_row *row, size_t n, bool a)
{
    const struct world_person *p = &w->persons[row->person];
    const struct world_building *b = &w->buildings[row->building];
    if (a) {
        lists_out_cell(c, "A%05zu", n + 1);
        lists_out_cell(c, "%s", row->name);
        lists_out_cell(c, "%s", lists_out_sex(p));
        lists_out_cell(c, "%s", row->doc);
        lists_out_cell(c, "%s", row->phone);
    }
    lists_out_cell(c, "%s", lists_out_firm(w, row));
    lists_out_cell(c, "%s", row->code ? b->code : "");
    lists_out_cell(c, "%s", b->address);
    lists_out_cell(c, "%s", row->room);
    if (a) {
        lists_out_cell(c, "%s", "");
        return;
    }
    lists_out_cell(c, "%s", row->name);
    lists_out_birth(c, p, true);
    lists_out_cell(c, "%s", row->doc);
    lists_out_cell(c, "%s", row->phone);
    lists_out_cell(c, "%s", lists_out_sex(p));
}

static void lists_out_tenant(struct lists_out_cells *c, const struct world *w, const struct lists_row *row)
{
    const struct world_building *b = &w->buildings[row->building];
    lists_out_cell(c, "%s", b->landlord);
    lists_out_cell(c, "%s", b->landlord_phone);
    lists_out_cell(c, "%s", b->address);
    lists_out_cell(c, "%s", row->code ? b->code : "");
    if (row->room[0] == 0)
        lists_out_cell(c, "%s", "");
    else
        lists_out_cell(c, "%u", row->floor);
    lists_out_cell(c, "%s", row->room);
    lists_out_cell(c, "%s", row->name);
    lists_out_cell(c, "%s", row->doc);
    lists_out_cell(c, "%s", row->phone);
    lists_out_cell(c, "%s", lists_out_sex(&w->persons[row->person]));
    lists_out_cell(c, "%s", "");
}

static void lists_out_sample(struct lists_out_cells *c, const struct world *w, const struct lists_row *row, size_t n)
{
    const struct world_building *b = &w->buildings[row->building];
    unsigned minute = (unsigned)(n * 7 % 420);
    lists_out_cell(c, "%zu", n + 1);
    lists_out_cell(c, "%s", "0");
    lists_out_cell(c, "第%s网格采样点", w->grids[w->cells[b->cell].grid].code);
    lists_out_cell(c, "T0%06zu", n / 10 + 1);
    lists_out_cell(c, "%s", "10混1");
    lists_out_cell(c, "%zu", n % 10 + 1);
    lists_out_cell(c, "%s", row->name);
    lists_out_cell(c, "%s", row->doc);
    lists_out_cell(c, "%s", row->phone);
    if (row->room[0] == 0 || row->person % 4 == 0)
        lists_out_cell(c, "%s", b->address);
    else if (row->room[0] > '9')
        lists_out_cell(c, "%s%s", b->address, row->room);
    else
        lists_out_cell(c, "%s%u楼%s", b->address, row->floor, row->room);
    lists_out_cell(c, "2022-04-02 %02u:%02u", 5 + minute / 60, minute % 60);
    lists_out_cell(c, "%s", "阴性");
}

static const char *const *lists_out_headers(enum lists_file file, size_t *count)
{
    switch (file) {
    case LISTS_HOUSEHOLDS:
        *count = sizeof lists_out_households / sizeof(char *);
        return lists_out_households;
    case LISTS_FACTORY_A:
        *count = sizeof lists_out_factory_a / sizeof(char *);
        return lists_out_factory_a;
    case LISTS_FACTORY_B:
        *count = sizeof lists_out_factory_b / sizeof(char *);
        return lists_out_factory_b;
    case LISTS_LANDLORDS:
        *count = sizeof lists_out_landlords / sizeof(char *);
        return lists_out_landlords;
    default:
        *count = sizeof lists_out_samples / sizeof(char *);
        return lists_out_samples;
    }
}

static void lists_out_row(struct lists_out_cells *c, const struct lists *lists, enum lists_file file, size_t n)
{
    const struct lists_row *row = &lists->tables[file].rows[n];
    c->count = 0;
    switch (file) {
    case LISTS_HOUSEHOLDS:
        lists_out_household(c, lists->world, row, n);
        break;
    case LISTS_FACTORY_A:
        lists_out_factory(c, lists->world, row, n, true);
        break;
    case LISTS_FACTORY_B:
        lists_out_factory(c, lists->world, row, n, false);
        break;
    case LISTS_LANDLORDS:
        lists_out_tenant(c, lists->world, row);
        break;
    default:
        lists_out_sample(c, lists->world, row, n);
    }
}

static dw_err lists_out_file(const struct lists *lists, enum lists_file file, const char *dir,
                             const struct clock_progress *progress, struct err_detail *detail)
{
    static const char *const titles[] = {"网格台账（入户摸排登记表）", "企业员工住宿花名册", NULL, NULL, "采样登记表（第0轮）"};
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, lists_file_name(file)) >= sizeof path)
        return err_set(detail, DW_E_IO, "%s", dir);
    size_t columns;
    const char *const *headers = lists_out_headers(file, &columns);
    struct table_out *table;
    enum table_out_format format = file == LISTS_LANDLORDS ? TABLE_OUT_CSV_GB18030 : TABLE_OUT_XLSX;
    ERR_TRY(table_out_open(&table, path, format, "Sheet1", titles[file], headers, columns, detail));
    struct lists_out_cells cells;
    size_t count = lists->tables[file].count;
    for (size_t n = 0; n < count; n++) {
        lists_out_row(&cells, lists, file, n);
        dw_err err = table_out_row(table, cells.cells, detail);
        if (err == DW_OK && n % 1024 == 0 && !clock_tick(progress, "simulate.lists", n, count)) err = DW_E_CANCELLED;
        if (err != DW_OK) {
            table_out_abort(table);
            return err;
        }
    }
    return table_out_close(table, detail);
}

dw_err lists_out_write(const struct lists *lists, const char *dir, const struct clock_progress *progress,
                       struct err_detail *detail)
{
    for (int file = 0; file < LISTS_FILES; file++) ERR_TRY(lists_out_file(lists, (enum lists_file)file, dir, progress, detail));
    return DW_OK;
}
