#include "desk/export_cell.h"

#include <string.h>

#include "desk/register.h"

/* clang-format off */
static const char *const export_areas[][2] = {{"编号", "id"}, {"种类", "kind"}, {"代码", "code"}, {"上级代码", "parent"}, {"名称", "name"},
    {"地址", "address"}, {"用途", "use"}, {"层数", "floors"}, {"起", "from"}, {"止", "to"}, {"经度", "lon"}, {"纬度", "lat"}, {"责任人", "keeper"}};
static const char *const export_keepers[][2] = {{"编号", "id"}, {"姓名", "name"}, {"手机", "phone"}, {"责任楼栋", "areas"}};
static const char *const export_doors[][2] = {{"编号", "id"}, {"楼栋代码", "area"}, {"种类", "kind"}, {"单元", "unit"}, {"楼层", "floor"},
    {"房号", "room"}, {"名称", "name"}};
static const char *const export_households[][2] = {{"编号", "id"}, {"户门编号", "door"}, {"种类", "kind"}};
static const char *const export_people[][2] = {{"编号", "id"}, {"并入", "merged_into"}, {"已遗忘", "forgotten"}, {"住处", "place"}, {"已离开", "gone"},
    {"姓名", "name"}, {"证件号", "document"}, {"证件种类", "document_type"}, {"出生", "birth"}, {"性别", "sex"}, {"手机", "phone"},
    {"户籍", "hukou"}, {"单位", "employer"}, {"标记", "flags"}, {"与户主关系", "relation"}, {"备注", "note"}, {"用药", "medicine"},
    {"健康", "health"}, {"外出", "away"}};
static const char *const export_stays[][2] = {{"人员编号", "person"}, {"户门编号", "door"}, {"住户编号", "household"}, {"时间", "at"}, {"离开原因", "left"}};
static const char *const export_rounds[][2] = {{"轮次", "round"}, {"种类", "kind"}, {"冻结", "freeze"}, {"已结束", "closed"}, {"底册", "roster"},
    {"免检", "excused"}, {"补录", "found"}, {"新到", "arrived"}, {"应检", "owed"}, {"已检", "covered"}, {"未检", "missing"}};
static const char *const export_marks[][2] = {{"轮次", "round"}, {"人员编号", "person"}, {"在底册", "in_roster"}, {"补录或新到", "how"}, {"状态", "state"},
    {"免检原因", "excuse"}, {"决定", "decision"}, {"户门编号", "door"}, {"楼栋代码", "area"}, {"时间", "at"}, {"依据", "evidence"}};
static const char *const export_visits[][2] = {{"轮次", "round"}, {"户门编号", "door"}, {"结果", "outcome"}, {"人数", "heads"}, {"上门次数", "visits"}, {"时间", "at"}};
static const char *const export_held[][2] = {{"序号", "seq"}, {"设备编号", "device"}, {"号", "n"}, {"原因", "reason"}, {"状态", "state"}};
static const char *const export_devices[][2] = {{"编号", "id"}, {"种类", "kind"}, {"名称", "name"}, {"已停用", "revoked"}, {"条目", "entries"}, {"末条时间", "last"}};
/* clang-format on */
_Static_assert(sizeof export_people / sizeof *export_people == 5 + SITE_FIELDS, "a column for every personal field");

void export_tables_area(struct export_rows *rows, uint32_t area, const char **cells)
{
    const struct site_area *a = site_area(rows->site, area);
    *cells++ = export_id(rows, a->id);
    *cells++ = kinds_area_kind_texts[a->kind];
    *cells++ = a->code;
    *cells++ = export_code(rows->site, a->parent);
    *cells++ = a->name;
    *cells++ = a->address;
    *cells++ = a->use;
    *cells++ = a->floors == 0 ? "" : export_int(rows, a->floors);
    *cells++ = export_time(rows, a->from_ms);
    *cells++ = export_time(rows, a->to_ms);
    *cells++ = export_degrees(rows, a, a->lon);
    *cells++ = export_degrees(rows, a, a->lat);
    *cells++ = export_member_name(rows, a->keeper);
}

void export_tables_door(struct export_rows *rows, uint32_t door, const char **cells)
{
    const struct site_door *d = site_door(rows->site, door);
    *cells++ = export_id(rows, d->id);
    *cells++ = export_code(rows->site, d->area);
    *cells++ = kinds_door_kind_texts[d->kind];
    *cells++ = d->unit;
    *cells++ = d->floor;
    *cells++ = d->room;
    *cells++ = d->name;
}

static dw_err export_rows_areas(struct export_rows *rows, struct err_detail *detail)
{
    const char *cells[EXPORT_COLUMNS];
    for (uint32_t order = 0; order < rows->site->area_orders; order++) {
        if (!export_sees(rows, rows->site->area_at[order])) continue;
        export_tables_area(rows, rows->site->area_at[order], cells);
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_keepers(struct export_rows *rows, struct err_detail *detail)
{
    const struct site *site = rows->site;
    struct arena_buf areas = {0};
    dw_err err = DW_OK;
    for (uint32_t i = 0; i < site_count(site, SITE_MEMBER) && err == DW_OK; i++) {
        const struct site_member *m = site_member(site, i);
        arena_buf_clear(&areas);
        for (uint32_t order = 0; order < site->area_orders; order++) {
            const struct site_area *a = site_area(site, site->area_at[order]);
            if (a->keeper == i && export_sees(rows, site->area_at[order]))
                arena_buf_format(&areas, "%s%s", areas.len > 0 ? " " : "", a->code);
        }
        if (areas.len == 0 && rows->seen != NULL) continue; /* keeps nothing here */
        const char *cells[] = {export_id(rows, m->id), export_member_name(rows, i),
                               m->phone == NULL ? "" : export_phone(rows, m->phone), areas.len == 0 ? "" : areas.data};
        err = areas.failed ? DW_E_MEMORY : export_put(rows, cells, detail);
    }
    arena_buf_free(&areas);
    return err;
}

static dw_err export_rows_doors(struct export_rows *rows, struct err_detail *detail)
{
    const char *cells[EXPORT_COLUMNS];
    for (uint32_t i = 0; i < site_count(rows->site, SITE_DOOR); i++) {
        if (!export_sees_door(rows, i)) continue;
        export_tables_door(rows, i, cells);
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_households(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_HOUSEHOLD); i++) {
        const struct site_household *h = site_household(rows->site, i);
        if (!export_sees_door(rows, h->door)) continue;
        const char *cells[] = {export_id(rows, h->id), export_door_id(rows, h->door), kinds_household_kind_texts[h->kind]};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_people(struct export_rows *rows, struct err_detail *detail)
{
    const struct site *site = rows->site;
    for (uint32_t p = 0; p < site_count(site, SITE_PERSON); p++) {
        const struct site_person *person = site_person(site, p);
        const char *cells[EXPORT_COLUMNS];
        char place[512];
        bool gone = false;
        if (!export_sees_person(rows, p)) continue;
        site_place(site, p, &gone);
        register_place_text(place, sizeof place, site, NULL, p);
        cells[0] = export_id(rows, person->id);
        cells[1] = person->merged_into == SITE_NONE ? "" : export_id(rows, site_person(site, person->merged_into)->id);
        cells[2] = export_yes(person->forgotten);
        cells[3] = place;
        cells[4] = export_yes(gone);
        for (int f = 0; f < SITE_FIELDS; f++) cells[5 + f] = export_field(rows, p, f);
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_stays(struct export_rows *rows, struct err_detail *detail)
{
    const struct site *site = rows->site;
    for (uint32_t i = 0; i < site_count(site, SITE_STAY); i++) {
        const struct site_stay *s = site_stay(site, i);
        if (!export_sees_person(rows, s->person)) continue;
        const char *cells[] = {export_id(rows, site_person(site, s->person)->id), export_door_id(rows, s->door),
                               s->household == SITE_NONE ? "" : export_id(rows, site_household(site, s->household)->id),
                               export_time(rows, s->at_ms), s->why == 0 ? "" : kinds_leave_texts[s->why - 1]};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_rounds(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_ROUND); i++) {
        const struct site_round *r = site_round(rows->site, i);
        if (!export_sees(rows, SITE_NONE)) continue;
        struct cover_counts c = cover_count(r->cover, COVER_NONE);
        const uint32_t counts[] = {c.roster, c.excused, c.found, c.arrived, c.owed, c.covered, c.missing};
        const char *cells[EXPORT_COLUMNS] = {export_int(rows, r->number), kinds_round_kind_texts[r->kind],
                                             export_time(rows, r->freeze_ms), export_yes(r->closed_seq != 0)};
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) cells[4 + k] = export_int(rows, counts[k]);
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

/* A statement that was never made has no time. */
static dw_err export_rows_marks(struct export_rows *rows, struct err_detail *detail)
{
    const struct site *site = rows->site;
    for (uint32_t i = 0; i < site_count(site, SITE_ROUND); i++) {
        const struct site_round *r = site_round(site, i);
        for (uint32_t p = 0; p < r->mark_count; p++) {
            const struct site_mark *m = site_mark(r, p);
            if (m == NULL || !export_sees(rows, m->area)) continue;
            const char *cells[] = {export_int(rows, r->number),
                                   export_id(rows, site_person(site, p)->id),
                                   export_yes(m->in_roster),
                                   m->how == 0 ? "" : kinds_how_texts[m->how],
                                   kinds_state_texts[m->state],
                                   m->excuse == 0 ? "" : kinds_excuse_texts[m->excuse],
                                   m->decision == 0 ? "" : kinds_decision_texts[m->decision - 1],
                                   export_door_id(rows, m->door),
                                   export_code(site, m->area),
                                   export_stamp(rows, m->stamp),
                                   rows->reveal && m->evidence != NULL ? m->evidence : ""};
            ERR_TRY(export_put(rows, cells, detail));
        }
    }
    return DW_OK;
}

static dw_err export_rows_visits(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_ROUND); i++) {
        const struct site_round *r = site_round(rows->site, i);
        for (size_t k = 0; k < r->visit_count; k++) {
            const struct site_visit *v = &r->visits[k];
            if (!export_sees_door(rows, v->door)) continue;
            const char *cells[] = {export_int(rows, r->number),     export_door_id(rows, v->door),
                                   kinds_outcome_texts[v->outcome], v->heads < 0 ? "" : export_int(rows, v->heads),
                                   export_int(rows, v->visits),     export_stamp(rows, v->stamp)};
            ERR_TRY(export_put(rows, cells, detail));
        }
    }
    return DW_OK;
}

static dw_err export_rows_held(struct export_rows *rows, struct err_detail *detail)
{
    static const char *const states[] = {"waiting", "released", "void"};
    for (uint32_t i = 0; i < site_count(rows->site, SITE_HELD); i++) {
        const struct site_held *h = site_held(rows->site, i);
        if (!export_sees(rows, SITE_NONE)) continue;
        const char *cells[] = {export_int(rows, h->seq), export_id(rows, site_device(rows->site, h->device)->id),
                               export_int(rows, h->n), kinds_held_reason_texts[h->reason], states[h->state]};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_devices(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_DEVICE); i++) {
        const struct site_device *d = site_device(rows->site, i);
        if (!export_sees(rows, SITE_NONE)) continue;
        const char *cells[] = {
            export_id(rows, d->id), kinds_device_kind_texts[d->kind], d->name,
            export_yes(d->revoked), export_int(rows, d->head_n),      d->head_n == 0 ? "" : export_time(rows, d->last_ms)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static const struct export_table export_tables_first[] = {
    EXPORT_TABLE(areas, "区域"),      EXPORT_TABLE(keepers, "责任人"), EXPORT_TABLE(doors, "户门"),
    EXPORT_TABLE(households, "住户"), EXPORT_TABLE(people, "人员"),    EXPORT_TABLE(stays, "居住"),
    EXPORT_TABLE(rounds, "轮次"),     EXPORT_TABLE(marks, "应检"),     EXPORT_TABLE(visits, "上门"),
    EXPORT_TABLE(held, "待定"),       EXPORT_TABLE(devices, "设备"),
};
enum { EXPORT_FIRST = sizeof export_tables_first / sizeof *export_tables_first };

const struct export_table *export_tables_at(size_t index)
{
    if (index < EXPORT_FIRST) return &export_tables_first[index];
    return index - EXPORT_FIRST < export_more_count ? &export_more_all[index - EXPORT_FIRST] : NULL;
}

const struct export_table *export_tables_find(const char *name)
{
    size_t i = 0;
    while (strcmp(export_tables_at(i)->name, name) != 0) i++;
    return export_tables_at(i);
}

void export_tables_columns(const char *out[EXPORT_COLUMNS], const struct export_table *table, enum err_lang lang)
{
    for (size_t i = 0; i < table->count; i++) out[i] = table->columns[i][lang];
}
