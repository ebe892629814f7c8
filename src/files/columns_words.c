#include "files/columns_words.h"

#include <string.h>

/* By field: known headers, the whole header first. A word after '~' counts only as the whole header. */
static const char *const columns_words[COLUMNS_COUNT][20] = {
    [COLUMNS_GRID] = {"网格", "所属网格", "网格号", "网格编号", "网格名称", "grid", "gridno"},
    [COLUMNS_GROUP] = {"小组", "组别", "所属小组", "微网格", "~组", "group", "team", "cell"},
    [COLUMNS_BUILDING] = {"楼栋编号", "楼栋", "栋号", "楼号", "楼栋号", "房屋编号", "宿舍楼编号", "建筑编号", "building",
                          "buildingno", "buildingcode", "block"},
    [COLUMNS_DOOR] = {"门牌", "门牌号", "门牌号码", "door", "doorno", "houseno", "housenumber"},
    [COLUMNS_ROOM] = {"楼层房号", "房号", "房间号", "房间", "室号", "宿舍号", "房间编号", "room", "roomno", "flat", "apartment"},
    [COLUMNS_FLOOR] = {"楼层", "层数", "~层", "floor", "storey"},
    [COLUMNS_ADDRESS] = {"住址", "地址", "现住址", "居住地址", "详细地址", "宿舍地址", "家庭住址", "现居住地", "居住地",
                         "address", "homeaddress", "residence"},
    [COLUMNS_DOOR_KIND] = {"房屋性质", "房屋类型", "房屋用途", "住所类型", "doorkind", "housingtype"},
    [COLUMNS_LANDLORD] = {"房东", "房东姓名", "业主", "二房东", "房主", "landlord", "owner"},
    [COLUMNS_LANDLORD_PHONE] = {"房东电话", "房东手机", "业主电话", "房东联系电话", "landlordphone", "ownerphone"},
    [COLUMNS_HEAD] = {"户主", "户主姓名", "head", "householdhead", "headofhousehold"},
    [COLUMNS_NAME] = {"姓名", "员工姓名", "租客姓名", "居民姓名", "人员姓名", "被采样人", "采样人姓名", "承租人", "租户姓名",
                      "成员姓名", "名字", "name", "fullname", "personname", "employee", "tenant"},
    [COLUMNS_RELATION] = {"与户主关系", "关系", "家庭关系", "relation", "relationship", "relationtohead"},
    [COLUMNS_DOC_TYPE] = {"证件类型", "证件种类", "证件类别", "doctype", "idtype", "documenttype"},
    [COLUMNS_DOC] = {"证件号", "证件号码", "身份证号", "身份证号码", "身份证", "公民身份号码", "身份证件号码", "身份号码", "idno",
                     "idnumber", "idcard", "documentno", "documentnumber", "passportno", "~id", "~doc"},
    [COLUMNS_SEX] = {"性别", "sex", "gender"},
    [COLUMNS_AGE] = {"年龄", "age"},
    [COLUMNS_BIRTH] = {"出生日期", "出生年月", "生日", "出生年月日", "birth", "birthday", "birthdate", "dateofbirth", "dob"},
    [COLUMNS_PHONE] = {"手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "电话号码", "本人电话", "phone", "mobile",
                       "tel", "telephone", "phonenumber", "phoneno"},
    [COLUMNS_HUKOU] = {"户籍地", "户籍地址", "户籍", "户口所在地", "籍贯", "hukou", "registeredresidence"},
    [COLUMNS_MIGRANT] = {"是否流动人口", "流动人口", "人员类别", "migrant"},
    [COLUMNS_EMPLOYER] = {"工作单位", "单位", "企业名称", "公司", "单位名称", "就职单位", "工作单位及职务", "employer", "company",
                          "workplace", "factory"},
    [COLUMNS_FLAGS] = {"特殊类别", "特殊人群", "特殊人员", "人群类别", "重点人群", "flags", "specialgroup", "specialgroups"},
    [COLUMNS_MEDICINE] = {"用药需求", "用药", "药品需求", "medicine", "medication"},
    [COLUMNS_HEALTH] = {"健康状况", "身体状况", "健康情况", "health"},
    [COLUMNS_AT_HOME] = {"是否在家", "在家", "是否在村", "athome"},
    [COLUMNS_WHERE] = {"去向", "外出地点", "现在何处", "whereabouts"},
    [COLUMNS_MOVED_IN] = {"入住时间", "入住日期", "来村时间", "起租日期", "movedin", "movein", "checkin"},
    [COLUMNS_MOVED_OUT] = {"搬离时间", "搬出日期", "离开时间", "退租日期", "movedout", "moveout", "checkout"},
    [COLUMNS_TUBE] = {"管号", "采样管号", "试管编号", "管编号", "tube", "tubeno"},
    [COLUMNS_SAMPLED_AT] = {"采样时间", "采样日期", "采集时间", "检测时间", "sampledat", "samplingtime", "sampledate"},
    [COLUMNS_RESULT] = {"结果", "检测结果", "result"},
    [COLUMNS_NOTE] = {"备注", "说明", "note", "notes", "remark", "remarks", "comment"},
};

int columns_words_fit(const char *header, enum columns_field field)
{
    int fit = 0;
    for (size_t i = 0; i < sizeof columns_words[0] / sizeof *columns_words[0] && columns_words[field][i] != NULL; i++) {
        const char *word = columns_words[field][i];
        bool whole = *word == '~';
        word += whole;
        if (strcmp(header, word) == 0) return 2;
        /* A Latin word inside another means nothing; a Chinese one mostly does, at the end. */
        size_t n = strlen(header), m = strlen(word);
        bool ends = n > m && strcmp(header + n - m, word) == 0;
        if (!whole && (unsigned char)*word >= 0x80 && m >= 6 && ends) fit = 1;
    }
    return fit;
}
