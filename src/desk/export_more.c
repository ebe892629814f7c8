/* Tables of what rounds leave behind: tubes and their way, cards, forms, the sweep. */
#include "desk/card.h"
#include "desk/export_cell.h"
#include "desk/lab.h"

/* clang-format off */
static const char *const export_tubes[][2] = {{"编号", "id"}, {"轮次", "round"}, {"管号", "tube"}, {"容量", "capacity"}, {"用途", "use"}, {"进度", "stage"},
    {"启用", "opened"}, {"封管", "sealed"}, {"箱号", "box"}, {"结果", "result"}, {"结果时间", "result_at"}, {"方法", "method"}};
static const char *const export_samples[][2] = {{"管编号", "tube"}, {"人员编号", "person"}, {"管内序号", "position"}, {"是否有效", "state"}, {"采样时间", "at"}};
static const char *const export_hands[][2] = {{"箱号", "box"}, {"交或接", "side"}, {"设备", "by"}, {"对方设备", "other"}, {"时间", "at"}};
static const char *const export_releases[][2] = {{"人员编号", "person"}, {"方式", "how"}, {"原因", "reason"}, {"时间", "at"}};
static const char *const export_cards[][2] = {{"户门编号", "door"}, {"代码", "code"}, {"版本", "version"}, {"登记人数", "heads"}, {"已作废", "revoked"}, {"时间", "at"}};
static const char *const export_forms[][2] = {{"轮次", "round"}, {"对象", "of"}, {"对象编号", "subject"}, {"时间", "at"}, {"内容", "answers"}};
static const char *const export_meetings[][2] = {{"人员编号", "person"}, {"时间", "at"}, {"区域", "area"}, {"所属户门", "door"}, {"处理", "outcome"}, {"地点", "place"}, {"备注", "note"}};
static const char *const export_needs[][2] = {{"编号", "id"}, {"对象", "of"}, {"对象编号", "subject"}, {"诉求", "what"}, {"紧急", "urgent"}, {"时间", "at"}, {"说明", "note"}, {"办结时间", "closed"}, {"办结说明", "reason"}};
static const char *const export_follow_ups[][2] = {{"对象", "of"}, {"对象编号", "subject"}, {"时间", "at"}, {"进展", "step"}, {"下次", "next"}, {"说明", "note"}};
static const char *const export_review[][2] = {{"人员编号", "person"}, {"另一人", "other"}, {"依据", "why"}, {"决定", "decision"}};
static const char *const export_imports[][2] = {{"设备编号", "device"}, {"文件", "file"}, {"种类", "kind"}, {"行", "rows"}, {"新登记", "fresh"}, {"已登记", "matched"}};
/* clang-format on */

static const char *export_person_id(struct export_rows *rows, uint32_t person)
{
    return export_id(rows, site_person(rows->site, person)->id);
}

static const char *export_said(const struct export_rows *rows, const char *text)
{
    return rows->reveal && text != NULL ? text : "";
}

static const char *export_subject(struct export_rows *rows, enum kinds_form_of of, uint32_t subject)
{
    return of == KINDS_FORM_OF_DOOR ? export_door_id(rows, subject) : export_person_id(rows, subject);
}

static bool export_sees_subject(const struct export_rows *rows, enum kinds_form_of of, uint32_t subject)
{
    return of == KINDS_FORM_OF_DOOR ? export_sees_door(rows, subject) : export_sees_person(rows, subject);
}

static dw_err export_rows_tubes(struct export_rows *rows, struct err_detail *detail)
{
    struct lab_boxes boxes = {0};
    dw_err err = lab_boxes(&boxes, rows->site);
    for (uint32_t i = 0; err == DW_OK && i < site_count(rows->site, SITE_TUBE); i++) {
        const struct site_tube *t = site_tube(rows->site, i);
        if (!export_sees(rows, SITE_NONE)) continue;
        const char *cells[] = {export_id(rows, t->id),
                               export_int(rows, site_round(rows->site, t->round)->number),
                               t->code,
                               export_int(rows, t->capacity),
                               kinds_tube_use_texts[t->use],
                               lab_stage_text(lab_stage(rows->site, &boxes, i), ERR_EN),
                               export_stamp(rows, t->opened),
                               export_stamp(rows, t->sealed),
                               t->box == SITE_NONE ? "" : site_box(rows->site, t->box)->code,
                               t->result == 0 ? "" : kinds_tube_result_texts[t->result - 1],
                               t->result == 0 ? "" : export_time(rows, t->result_ms),
                               t->method};
        err = export_put(rows, cells, detail);
    }
    lab_boxes_free(&boxes);
    return err;
}

static dw_err export_rows_samples(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_SAMPLE); i++) {
        const struct site_sample *s = site_sample(rows->site, i);
        if (!export_sees_person(rows, s->person)) continue;
        const char *cells[] = {export_id(rows, site_tube(rows->site, s->tube)->id), export_person_id(rows, s->person),
                               s->position == 0 ? "" : export_int(rows, s->position),
                               lab_sample_text((enum site_sample_state)s->state, ERR_EN),
                               export_stamp(rows, s->filled.n != 0 ? s->filled : s->listed)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_hands(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_HAND); i++) {
        const struct site_hand *h = site_hand(rows->site, i);
        if (!export_sees(rows, SITE_NONE)) continue;
        const char *cells[] = {site_box(rows->site, h->box)->code, kinds_box_side_texts[h->side],
                               export_id(rows, site_device(rows->site, h->by)->id),
                               export_id(rows, site_device(rows->site, h->other)->id), export_stamp(rows, h->stamp)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_releases(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_RELEASE); i++) {
        const struct site_release *r = site_release(rows->site, i);
        if (!export_sees_person(rows, r->person)) continue;
        const char *cells[] = {export_person_id(rows, r->person), kinds_release_texts[r->how], export_said(rows, r->reason),
                               export_stamp(rows, r->stamp)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_cards(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_CARD); i++) {
        const struct site_card *c = site_card(rows->site, i);
        char code[256];
        if (!export_sees_door(rows, c->door)) continue;
        card_code(code, sizeof code, rows->site, c->door);
        const char *cells[] = {export_door_id(rows, c->door), code,
                               export_int(rows, c->version),  export_int(rows, c->heads),
                               export_yes(c->revoked),        export_stamp(rows, c->stamp)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_forms(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_FORM); i++) {
        const struct site_form *f = site_form(rows->site, i);
        if (!export_sees_subject(rows, f->of, f->subject)) continue;
        const char *cells[] = {export_int(rows, site_round(rows->site, f->round)->number), kinds_form_of_texts[f->of],
                               export_subject(rows, f->of, f->subject), export_stamp(rows, f->stamp),
                               export_said(rows, f->answers)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_meetings(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_MEETING); i++) {
        const struct site_meeting *m = site_meeting(rows->site, i);
        if (!export_sees(rows, m->area)) continue;
        const char *cells[] = {export_person_id(rows, m->person),   export_stamp(rows, m->stamp),
                               export_code(rows->site, m->area),    export_door_id(rows, m->door),
                               kinds_met_outcome_texts[m->outcome], export_said(rows, m->place),
                               export_said(rows, m->note)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_follow_ups(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_FOLLOW); i++) {
        const struct site_follow *f = site_follow(rows->site, i);
        if (!export_sees_subject(rows, f->of, f->subject)) continue;
        const char *cells[] = {kinds_form_of_texts[f->of],    export_subject(rows, f->of, f->subject),
                               export_stamp(rows, f->stamp),  kinds_follow_step_texts[f->step],
                               export_time(rows, f->next_ms), export_said(rows, f->note)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_needs(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_NEED); i++) {
        const struct site_need *n = site_need(rows->site, i);
        if (!export_sees_subject(rows, n->of, n->subject)) continue;
        const char *cells[] = {export_id(rows, n->id),
                               kinds_form_of_texts[n->of],
                               export_subject(rows, n->of, n->subject),
                               kinds_need_kind_texts[n->what],
                               export_yes(n->urgent),
                               export_stamp(rows, n->stamp),
                               export_said(rows, n->note),
                               n->closed.n == 0 ? "" : export_stamp(rows, n->closed),
                               n->reason};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_review(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_PAIR); i++) {
        const struct site_pair *p = site_pair(rows->site, i);
        if (!export_sees_person(rows, p->a) || !export_sees_person(rows, p->b)) continue;
        const char *cells[] = {export_person_id(rows, p->a), export_person_id(rows, p->b), p->why,
                               p->decision == 0 ? "" : kinds_pair_decision_texts[p->decision - 1]};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

static dw_err export_rows_imports(struct export_rows *rows, struct err_detail *detail)
{
    for (uint32_t i = 0; i < site_count(rows->site, SITE_BATCH); i++) {
        const struct site_batch *b = site_batch(rows->site, i);
        if (!export_sees(rows, SITE_NONE)) continue;
        const char *cells[] = {export_id(rows, site_device(rows->site, b->device)->id),
                               b->file,
                               kinds_list_kind_texts[b->kind],
                               export_int(rows, b->rows),
                               export_int(rows, b->fresh),
                               export_int(rows, b->matched)};
        ERR_TRY(export_put(rows, cells, detail));
    }
    return DW_OK;
}

const struct export_table export_more_all[] = {
    EXPORT_TABLE(tubes, "采样管"),      EXPORT_TABLE(samples, "样本"),        EXPORT_TABLE(hands, "交接"),
    EXPORT_TABLE(releases, "解除转运"), EXPORT_TABLE(cards, "门牌卡"),        EXPORT_TABLE(forms, "表格"),
    EXPORT_TABLE(meetings, "清街"),     EXPORT_TABLE(follow_ups, "拒绝跟进"), EXPORT_TABLE(needs, "诉求"),
    EXPORT_TABLE(review, "待核对"),     EXPORT_TABLE(imports, "导入"),
};
const size_t export_more_count = sizeof export_more_all / sizeof *export_more_all;
