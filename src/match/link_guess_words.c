#include "match/link_guess_words.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

struct link_guess_word {
    const char *field;
    enum link_type type;
    enum link_part part;
    const char *words[40];
};

/* clang-format off */
static const struct link_guess_word link_guess_words[] = {
    {"name", LINK_NAME, LINK_WHOLE, {"姓名", "名字", "员工姓名", "租客姓名", "居民姓名", "人员姓名", "被采样人", "采样人姓名", "承租人", "租户姓名", "成员姓名",
        "学生姓名", "患者姓名", "name", "fullname", "personname", "employee", "employeename", "tenant", "patientname"}},
    {"name", LINK_NAME, LINK_SURNAME, {"姓", "姓氏", "surname", "lastname", "familyname", "lname", "sname"}},
    {"name", LINK_NAME, LINK_GIVEN, {"名", "givenname", "firstname", "forename", "fname", "gname", "middlename", "middlenames", "secondname", "forenames", "givennames"}},
    {"doc", LINK_DOC, LINK_WHOLE, {"证件号", "证件号码", "身份证号", "身份证号码", "身份证", "公民身份号码", "身份证件号码", "身份号码", "idno", "idnumber", "idcard",
        "documentno", "documentnumber", "passportno", "passport", "doc"}},
    {"phone", LINK_PHONE, LINK_WHOLE, {"手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "电话号码", "本人电话", "phone", "mobile", "tel",
        "telephone", "phonenumber", "phoneno", "cell", "cellphone", "homephone", "mobilephone", "phone1", "phone2"}},
    {"birth", LINK_DATE, LINK_WHOLE, {"出生日期", "出生年月", "生日", "出生年月日", "birth", "birthday", "birthdate", "dateofbirth", "dob"}},
    {"sex", LINK_CATEGORY, LINK_WHOLE, {"性别", "sex", "gender"}},
    {"address", LINK_ADDRESS, LINK_WHOLE, {"住址", "地址", "现住址", "居住地址", "详细地址", "宿舍地址", "家庭住址", "现居住地", "居住地", "门牌", "门牌号",
        "门牌号码", "address", "homeaddress", "residence", "fulladdress", "door", "doorno"}},
    {"address", LINK_ADDRESS, LINK_BUILDING, {"楼栋编号", "楼栋", "栋号", "楼号", "楼栋号", "房屋编号", "宿舍楼编号", "建筑编号", "buildingno", "buildingcode"}},
    {"address", LINK_ADDRESS, LINK_ROOM, {"楼层房号", "房号", "房间号", "房间", "室号", "宿舍号", "房间编号", "room", "roomno", "flat", "apartment"}},
    {"address", LINK_ADDRESS, LINK_FLOOR, {"楼层", "floor", "storey"}},
    {"address", LINK_ADDRESS, LINK_UNIT, {"单元", "单元号", "梯", "unit"}},
    {"employer", LINK_TEXT, LINK_WHOLE, {"工作单位", "单位", "企业名称", "公司", "单位名称", "就职单位", "employer", "company", "workplace", "factory", "organisation",
        "organization"}},
    {"age", LINK_NUMBER, LINK_WHOLE, {"年龄", "age"}},
    {"hukou", LINK_TEXT, LINK_WHOLE, {"户籍地", "户籍地址", "户籍", "户口所在地", "籍贯", "hukou"}},
    {"ethnic", LINK_CATEGORY, LINK_WHOLE, {"民族", "ethnicity"}},
    /* What is another person's, what counts rows, what changes from list to list. */
    {"", LINK_IGNORE, LINK_WHOLE, {"序号", "编号", "id", "recid", "recordid", "uniqueid", "rowid", "row", "index", "no", "key", "num", "工号", "备注", "说明", "房东",
        "房东姓名", "业主", "二房东", "房东电话", "房东手机", "业主电话", "户主", "户主姓名", "与户主关系", "关系", "note", "notes", "remark", "remarks", "comment", "landlord",
        "landlordphone", "head", "relation"}},
    {"", LINK_IGNORE, LINK_WHOLE, {"证件类型", "证件种类", "网格", "小组", "轮次", "采样点", "采样台", "管号", "采样管号", "混采类型", "管内序号", "采样时间", "采样日期", "采样员", "登记员",
        "装箱号", "送检时间", "结果", "检测结果", "摸排人", "摸排时间", "是否在家", "去向", "健康状况", "用药需求", "旅居史", "疫苗", "房屋性质", "是否流动人口", "特殊类别", "入住时间",
        "搬离时间", "doctype"}},
};
/* clang-format on */

void link_guess_words_plain(char out[LINK_GUESS_HEADER], const char *header)
{
    struct arena_buf folded = {0};
    size_t n = 0;
    out[0] = 0;
    if (text_fold(&folded, header, strlen(header)))
        for (size_t at = 0; at < folded.len;) {
            size_t start = at;
            int32_t point = text_next(folded.data, folded.len, &at);
            bool kept = point >= 0x80
                            ? point != 0xb7 && point != 0x3001 && point != 0x3000
                            : (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
            if (!kept || n + (at - start) >= LINK_GUESS_HEADER) continue;
            memcpy(out + n, folded.data + start, at - start);
            if (point >= 'A' && point <= 'Z') out[n] = (char)(point + 32);
            n += at - start;
        }
    out[n] = 0;
    arena_buf_free(&folded);
}

bool link_guess_words_find(struct link_column *out, const char *plain)
{
    for (size_t i = 0; i < sizeof link_guess_words / sizeof *link_guess_words; i++)
        for (size_t w = 0; w < sizeof link_guess_words[i].words / sizeof(char *) && link_guess_words[i].words[w] != NULL; w++) {
            const struct link_guess_word *word = &link_guess_words[i];
            if (strcmp(plain, word->words[w]) != 0) continue;
            *out = (struct link_column){.type = word->type, .part = word->part};
            snprintf(out->field, sizeof out->field, "%s", word->field);
            return true;
        }
    return false;
}
