#include "domain/areacode.h"

#include <stdlib.h>
#include <string.h>

/* Provinces, by the first two digits. */
static const struct areacode_place {
    int code;
    const char *name;
} areacode_provinces[] = {{11, "北京"}, {12, "天津"}, {13, "河北"}, {14, "山西"}, {15, "内蒙古"}, {21, "辽宁"}, {22, "吉林"},
                          {23, "黑龙江"}, {31, "上海"}, {32, "江苏"}, {33, "浙江"}, {34, "安徽"}, {35, "福建"}, {36, "江西"},
                          {37, "山东"}, {41, "河南"}, {42, "湖北"}, {43, "湖南"}, {44, "广东"}, {45, "广西"}, {46, "海南"},
                          {50, "重庆"}, {51, "四川"}, {52, "贵州"}, {53, "云南"}, {54, "西藏"}, {61, "陕西"}, {62, "甘肃"},
                          {63, "青海"}, {64, "宁夏"}, {65, "新疆"}, {71, "台湾"}, {81, "香港"}, {82, "澳门"}, {83, "台湾"}};

static const struct areacode_place *areacode_province(const char *digits6)
{
    if (digits6[0] < '0' || digits6[0] > '9' || digits6[1] < '0' || digits6[1] > '9') return NULL;
    int code = (digits6[0] - '0') * 10 + digits6[1] - '0';
    for (size_t i = 0; i < sizeof areacode_provinces / sizeof *areacode_provinces; i++)
        if (areacode_provinces[i].code == code) return &areacode_provinces[i];
    return NULL;
}

bool areacode_valid(const char *digits6, int birth_year)
{
    (void)birth_year;
    return areacode_province(digits6) != NULL && strncmp(digits6, "350599", 6) != 0;
}

const char *areacode_name(const char *digits6)
{
    const struct areacode_place *place = areacode_province(digits6);
    return place == NULL ? NULL : place->name;
}
